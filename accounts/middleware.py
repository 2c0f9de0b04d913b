"""What follows from who is asking: the language, and that nothing private is kept by caches."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


class PersonMiddleware:
    """A person's own language unless the language cookie says otherwise; private pages unstored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user if request.user.is_authenticated else None
        if person and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(person.language)
            request.LANGUAGE_CODE = person.language
        response = self.get_response(request)
        if person:
            response.headers["Cache-Control"] = "no-store, private"
        return response
