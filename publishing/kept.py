"""Public pages, made once and kept.

An edition is frozen, so a page of it depends on nothing but its address, the edition, the language
and the release of the code. Which edition an address speaks of is looked up at each request, so a
new edition shows at once; of a page that is kept, that is all the work.

Kept are pages of editions only: the structure of a plan without one may change with every save in
the administration pages, and is read live. A view that is kept may show nothing that the database
holds besides what its version names.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from hashlib import sha256
from typing import Any, TypeAlias, TypeVar

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language

from common import clock
from common.release import release
from indicators.models import Plan
from publishing.models import Edition
from publishing.queries import Standing, publications, standing_of

T = TypeVar("T")
View: TypeAlias = Callable[..., HttpResponseBase]
Version: TypeAlias = Callable[[HttpRequest, Mapping[str, str]], str]

DAY = 24 * 60 * 60
ASKED = "edition"


def once(request: HttpRequest, name: str, find: Callable[[], T]) -> T:
    """What was found for this request, looked up when first asked for."""
    found: dict[str, Any] = vars(request).setdefault("_found", {})
    if name not in found:
        found[name] = find()
    return found[name]


def standing(request: HttpRequest, code: str) -> Standing:
    """The edition this request speaks of; 404 where the address names none of the plan."""
    address = request.GET.get(ASKED, "")
    if "\0" in address:  # PostgreSQL would not even look for it
        raise Http404
    try:
        return once(request, f"standing {code}", lambda: standing_of(code, address))
    except (Plan.DoesNotExist, Edition.DoesNotExist) as missing:
        raise Http404 from missing


def edition_shown(request: HttpRequest, place: Mapping[str, str]) -> str:
    """The version of a page of a plan: its edition, and which is the newest. "": not kept."""
    found = standing(request, place["plan"])
    return f"{found.digest} {found.newest}" if found.digest else ""


def plans_shown(request: HttpRequest, place: Mapping[str, str]) -> str:
    """The version of the page of all plans: what its one query found."""
    rows = once(request, "publications", publications)
    told = [(sorted(_columns(plan)), latest) for plan, latest in rows]
    return sha256(repr(told).encode()).hexdigest()


def _columns(plan: Plan) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in vars(plan).items() if name != "_state"]


def is_anybodys(request: HttpRequest) -> bool:
    """Whether the answer is the same for everybody who asks so, and was not filtered."""
    personal = (settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name)
    return (
        request.method in ("GET", "HEAD")
        and not any(name in request.COOKIES for name in personal)
        and "HX-Request" not in request.headers
        and set(request.GET) <= {ASKED}
        and len(request.GET.getlist(ASKED)) < 2
    )


def _key(request: HttpRequest, version: str) -> str:
    """The day is part of it, for what a page says of today."""
    asked = request.GET.get(ASKED)
    day = clock.today(settings.TIME_ZONE)
    parts = (release(), version, request.path, asked, get_language(), day.isoformat())
    return "page-" + sha256(repr(parts).encode()).hexdigest()


def _answer(request: HttpRequest, page: Mapping[str, Any]) -> HttpResponseBase:
    """The page from its kept form; 304 to a reader who has it."""
    response = HttpResponse(page["body"], headers=page["headers"])
    etag = response.headers["ETag"]
    return get_conditional_response(request, etag=etag, response=response) or response


def _kept_form(response: HttpResponseBase) -> dict[str, Any] | None:
    """What of an answer may be kept: a whole page that sets nothing at its reader."""
    if not isinstance(response, HttpResponse) or response.status_code != 200 or response.cookies:
        return None
    body = response.content.decode()
    headers = {**response.headers, "ETag": f'"{sha256(response.content).hexdigest()}"'}
    return {"body": body, "headers": headers}


def _found(key: str) -> dict[str, Any] | None:
    """A kept page; one of another form is none."""
    page = cache.get(key)
    is_one = isinstance(page, dict) and page.keys() == {"body", "headers"}
    return page if is_one and "ETag" in page["headers"] else None


def kept(version: Version = edition_shown) -> Callable[[View], View]:
    """Keep the pages of a public view by what `version` says of a request; "" keeps none."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, **place: str) -> HttpResponseBase:
            stamp = version(request, place) if is_anybodys(request) else ""
            if not stamp:
                return view(request, **place)
            key = _key(request, stamp)
            page = _found(key)
            if page is None:
                response = view(request, **place)
                page = _kept_form(response)
                if page is None:
                    return response
                cache.set(key, page, DAY)
            return _answer(request, page)

        return answer

    return decorate
