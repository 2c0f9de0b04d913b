"""Pages of one report, made once for each reader and kept while nothing on them can have changed.

A page of the form or of a review has some hundred controls, and is read many times between two
changes. It is kept under everything it is made of: who reads it with the roles she holds now, the
address, the language, the day, and what page_facts.py tells of the report. All of that is asked at
each request. The page stays in the memory of the process that made it, and ten minutes at most.
"""

import re
import secrets
from collections.abc import Callable
from hashlib import sha256
from uuid import uuid4

from django.contrib.messages import get_messages
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.translation import get_language

from accounts.models import User
from accounts.people import signed_in
from common import clock
from indicators.rules import hold_in_mind
from reports.page_facts import PageFacts, page_facts

MARKS = {"csrf_token": secrets.token_hex(32), "key": secrets.token_hex(16)}
"""What stands in a kept page in the place of the token and of a form's key, which no two
answers share. Nobody can type it: it is new with each process."""

OK = 200


def _key(request: HttpRequest, reader: User, facts: PageFacts) -> str:
    person = (reader.pk, reader.email, reader.name, reader.is_staff)
    address = (request.get_host(), request.get_full_path(), get_language())
    day = clock.today(facts.time_zone)
    return sha256(repr((person, address, day.isoformat(), facts)).encode()).hexdigest()


def _is_plain(request: HttpRequest) -> bool:
    """Whether a page is asked for as a whole, with no message waiting to be told on it."""
    return "HX-Request" not in request.headers and not len(get_messages(request))


def _filled(request: HttpRequest, body: bytes) -> HttpResponse:
    """The page with a token and keys of its own."""
    body = body.replace(MARKS["csrf_token"].encode(), get_token(request).encode())
    return HttpResponse(re.sub(MARKS["key"].encode(), lambda _mark: str(uuid4()).encode(), body))


def kept(request: HttpRequest, pk: int, make: Callable[[], HttpResponse]) -> HttpResponse:
    """A page of a report: as it was kept, or as `make` makes it, with MARKS in its context.

    `make` asks whether she may read it. Only pages are kept, no refusals; and a kept page is found
    by the very facts that decided, so it is found by nobody who would be refused now.
    """
    reader, pages = signed_in(request), caches["inside"]
    facts = page_facts(pk, reader.pk) if _is_plain(request) else None
    key = _key(request, reader, facts) if facts else ""
    body = pages.get(key) if key else None
    if body is None:
        if facts:
            hold_in_mind(reader, facts.roles)
        page = make()
        if page.status_code != OK:
            return page
        body = page.content
        if key:
            pages.set(key, body)
    return _filled(request, body)
