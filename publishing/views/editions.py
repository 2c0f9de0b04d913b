"""Editions, and the files that come with each. An address never changes what it gives."""

from collections.abc import Callable
from typing import IO

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.http.response import HttpResponseNotModified
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from common.charts import stacked_bar
from common.downloads import file_response, spooled
from common.workbook import write_workbook
from indicators.choices import Status
from publishing.exports import edition_sheets, properties, tidy_csv
from publishing.models import Edition
from publishing.queries import Publication, read, snapshot_text
from publishing.reading.insight import counts, scale_of, statuses
from publishing.summary import counts_in
from publishing.views.frame import plan_page, public_page

FOR_EVER = "public, max-age=31536000, immutable"


def _known() -> QuerySet[Edition]:
    """Editions without their text, newest quarter first."""
    return (
        Edition.objects.select_related("plan", "period")
        .defer("snapshot")
        .order_by("plan__code", "-period__ends_on", "-number")
    )


def _get(address: str) -> Edition:
    try:
        return _known().get(address=address)
    except Edition.DoesNotExist as missing:
        raise Http404 from missing


@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """Every edition ever published."""
    return public_page(request, "publishing/editions.html", {"editions": list(_known())})


def _siblings(edition: Edition) -> list[Edition]:
    """The plan's editions in the order in which they were published."""
    return sorted(_known().filter(plan=edition.plan_id), key=lambda e: (e.published_at, e.pk))


def _changes(before: Edition | None, now: Publication) -> list[tuple[Status, int, str]]:
    """Counts per status and how they changed, where there are or were any."""
    if before is None:
        return []
    earlier = dict(counts_in(before.summary))
    present = counts(statuses(now.parts.indicators.values()))
    told = [(status, number, earlier.get(status, 0)) for status, number in present]
    return [(s, n, _signed(n - was)) for s, n, was in told if n or was]


def _signed(number: int) -> str:
    return f"+{number}" if number > 0 else f"−{-number}" if number else "0"


@require_safe
def edition(request: HttpRequest, address: str) -> HttpResponse:
    """One edition: what is in it, what is missing, its proof and its files."""
    row = _get(address)
    siblings = _siblings(row)
    place = next(n for n, other in enumerate(siblings) if other.pk == row.pk)
    before = siblings[place - 1] if place else None
    newest = max(siblings, key=lambda e: (e.period.ends_on, e.number))
    publication = Publication(*read(row.sha256), newest.address)
    parts = publication.parts
    rows = parts.indicators.values()
    return plan_page(
        request,
        "publishing/edition.html",
        publication,
        edition=row,
        bar=stacked_bar(counts(statuses(rows), scale_of(rows)), "edition"),
        before=before,
        changes=_changes(before, publication),
        newest=newest,
        suffix=f"?edition={address}",
        missing=parts.missing,
        in_quarter=[r for r in parts.reports if r.quarter.code == row.period.code],
    )


def _file(
    request: HttpRequest, tag: str, name: str, make: Callable[[], IO[bytes]]
) -> HttpResponseBase:
    """A file that may be kept for ever; asked for again with its tag, it is not sent."""
    unchanged = get_conditional_response(request, etag=f'"{tag}"')
    response: FileResponse | HttpResponse
    if isinstance(unchanged, HttpResponseNotModified):
        response = unchanged
    else:
        response = file_response(make(), name)
    response["ETag"] = f'"{tag}"'
    response["Cache-Control"] = FOR_EVER
    return response


@require_safe
def workbook(request: HttpRequest, address: str) -> HttpResponseBase:
    """The edition as a workbook, in the reader's language."""
    row, language = _get(address), get_language() or "en"
    parts, issue = read(row.sha256)
    response = _file(
        request,
        f"{row.sha256}-{language}",
        f"{address}-{language}.xlsx",
        lambda: write_workbook(edition_sheets(parts, issue), properties=properties(parts, issue)),
    )
    patch_vary_headers(response, ("Cookie", "Accept-Language"))
    return response


@require_safe
def data(request: HttpRequest, address: str) -> HttpResponseBase:
    """One row for each observation, the same for every reader."""
    row = _get(address)
    parts, issue = read(row.sha256)
    tag = f"{row.sha256}-csv"
    return _file(request, tag, f"{address}.csv", lambda: spooled(tidy_csv(parts, issue)))


@require_safe
def snapshot(request: HttpRequest, address: str) -> HttpResponseBase:
    """The bytes whose SHA-256 the edition shows."""
    row = _get(address)
    response = _file(
        request,
        row.sha256,
        f"{address}.json",
        lambda: spooled([snapshot_text(row.sha256).encode()]),
    )
    response["Content-Type"] = "application/json"
    return response
