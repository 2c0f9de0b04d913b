"""Who is asking, as a person with an account."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """The person who is logged in. Pages for everybody look at `request.user` instead.

    Raises:
        PermissionDenied: nobody is; such a view has forgotten to ask for a log-in.
    """
    if isinstance(request.user, User):
        return request.user
    raise PermissionDenied
