"""Log-in and refusals that keep what was typed: it is carried in the page, never stored here."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.contrib.auth.views import redirect_to_login as to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

KEPT = "kept"
"""Name of the hidden field of the log-in page that carries a refused form along."""

NOT_YET = "only_show"
"""Name of the field that asks a page to show what was typed without saving it."""

HIDDEN = {"csrfmiddlewaretoken", "password", "username", "next", KEPT, NOT_YET}

Pairs = list[tuple[str, str]]


def typed(request: HttpRequest) -> Pairs:
    """Every field of the refused form as it came, without secrets."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in HIDDEN and "password" not in name
    ]


def only_shows(request: HttpRequest) -> bool:
    """Whether a form comes back after a log-in: to be shown as typed, not to be saved."""
    return NOT_YET in request.POST


def own_path(path: str) -> str:
    """The path, if it is one of this site; else nothing."""
    own = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if own else ""


def kept_in(request: HttpRequest) -> Pairs:
    """What a log-in page carried along; nothing when it is not what we put there."""
    try:
        rows = json.loads(request.POST.get(KEPT) or "[]")
        return [(str(name), str(value)) for name, value in rows]
    except (ValueError, TypeError):
        return []


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store, private"
    return response


def carry_on(request: HttpRequest, target: str, kept: Pairs, status: int = 200) -> HttpResponse:
    """The typed form again, with a new token, on its way back to the page it belongs to."""
    context = {"target": target, "pairs": kept, "not_yet": NOT_YET, "typed": shown(kept)}
    return _private(render(request, "errors/carry_on.html", context, status=status))


def shown(pairs: Pairs) -> Pairs:
    """What a person typed herself, of all that was sent: no versions and other marks of ours."""
    marks = ("-version", "-seen", "-now")
    return [(name, value) for name, value in pairs if not name.endswith(marks) and value]


class Login(LoginView):
    """The log-in page. A form that was refused for want of a session goes along and comes back."""

    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Somebody who logged in in another tab meanwhile gets the form back at once."""
        if request.user.is_authenticated and (kept := kept_in(request)):
            return carry_on(request, self.target, kept)
        return super().dispatch(request, *args, **kwargs)

    def get_redirect_url(self) -> str:  # type: ignore[override]  # Django hands over no request
        """As Django reads it; leading back to this page it would lead around in a circle."""
        url: str = super().get_redirect_url()
        return "" if urlsplit(url).path == self.request.path else url

    @property
    def target(self) -> str:
        """The page asked for, if it is one of ours; else where this person starts."""
        return own_path(self.get_redirect_url()) or self.get_default_redirect_url()

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        answer = super().form_valid(form)
        kept = kept_in(self.request)
        return carry_on(self.request, self.target, kept) if kept else answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = self.request.POST.get(KEPT, "") if kept_in(self.request) else ""
        return {**super().get_context_data(**kwargs), "kept": kept}


def _log_in_page(request: HttpRequest, target: str, kept: Pairs) -> HttpResponse:
    context = {
        "form": AuthenticationForm(request),
        "next": target,
        "kept": json.dumps(kept, ensure_ascii=False),
    }
    return _private(render(request, "registration/login.html", context, status=401))


def ask_to_log_in(request: HttpRequest) -> HttpResponse:
    """For nobody: the log-in page; a typed form goes along, a save of a part hears 401."""
    if request.headers.get("HX-Request"):
        return _private(render(request, "errors/session_ended.html", status=401))
    if request.method == "POST":
        return _log_in_page(request, request.get_full_path(), typed(request))
    return to_login(request.get_full_path())


def _came_from_us(request: HttpRequest) -> bool:
    """Whether the browser says that the form stood on a page of this site."""
    own = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin", "").lower() == own.lower()


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from a page that is no longer valid: nothing is done, the text comes back.

    Log-in gives a new token, so every page opened before it ends here. Where the browser says
    that the form was ours it can be sent on; else its text is only there to be copied.
    """
    if request.headers.get("HX-Request"):
        return _private(render(request, "errors/stale_page.html", status=403))
    is_login = request.path == reverse("login")
    kept = kept_in(request) if is_login else typed(request)
    target = own_path(request.POST.get("next", "") if is_login else request.get_full_path())
    if _came_from_us(request) and target and kept:
        if request.user.is_authenticated:
            return carry_on(request, target, kept, status=403)
        return _log_in_page(request, target, kept)
    return _private(render(request, "errors/csrf.html", {"typed": shown(kept)}, status=403))
