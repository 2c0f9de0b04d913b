"""The three lights of a quarter before publication, and where they come to different views."""

from typing import TypeVar

from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.people import signed_in
from audit.services import record
from common.charts import stacked_bar
from common.downloads import FORMATS, table_response
from common.tables import Table
from indicators.choices import Sensitivity, Status
from reports.choices import Difference
from reports.light_filters import DifferencesFilter, LightsFilter
from reports.light_tables import DifferencesTable, LightsTable
from reports.lights import Light, Lights, lights_of
from reports.models import Period
from reports.review_lists import quarters_for
from reports.views.refusals import guarded

Filter = TypeVar("Filter", bound=LightsFilter)


def _filtered(request: HttpRequest, pk: int, kind: type[Filter]) -> tuple[Period, Filter]:
    """A quarter of a plan in which the person holds a role, with its lights as she reads them."""
    period = get_object_or_404(quarters_for(signed_in(request)), pk=pk)
    every = lights_of(period, signed_in(request))
    objectives = period.plan.objectives.prefetch_related("frameworks__framework")
    return period, kind(request.GET, every, objectives.order_by("order", "code"))


def _sensitive(rows: list[Light]) -> list[str]:
    """The protected indicators of which true words are among these rows."""
    told = {
        row.indicator.code
        for row in rows
        if row.indicator.sensitivity != Sensitivity.PUBLIC
        and (row.rated.ministry_reason or row.rated.coalition_reason or row.reply)
    }
    return sorted(told)


@transaction.atomic
def _log_leaving(request: HttpRequest, period: Period, rows: list[Light]) -> None:
    """Words on protected figures leave in a file: the log says into whose hands."""
    if request.GET.get("export") in FORMATS and (codes := _sensitive(rows)):
        by = signed_in(request).email
        record("lights.exported", by=by, about=period, period=period.code, indicators=codes)


def _file(
    request: HttpRequest, period: Period, table: Table, rows: list[Light], name: str
) -> HttpResponseBase | None:
    _log_leaving(request, period, rows)
    return table_response(request, table, f"{period.plan.code}-{period.code}-{name}")


def _status_bar(shown: list[Lights]) -> object:
    """The indicators by computed status, of those that are the reader's."""
    known = [one.computed.status for one in shown if one.computed.status]
    counts = [(status, known.count(status)) for status in Status]
    return stacked_bar([pair for pair in counts if pair[1]], uid="computed")


@require_GET
@guarded
def quarter_lights(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Per indicator what is computed, and what ministry and coalition say, with their reasons."""
    period, found = _filtered(request, pk, LightsFilter)
    shown = found.apply()
    rows = [row for one in shown for row in one.rows]
    table = LightsTable(rows, request.GET)
    if file := _file(request, period, table, rows, _("three lights")):
        return file
    context = {
        "period": period,
        "form": found,
        "filter_count": found.count,
        "every": shown,
        "table": table,
        "bar": _status_bar(shown),
        "is_provisional": any(one.computed.is_provisional for one in shown),
    }
    return render(request, "quarters/lights.html", context)


@require_GET
@guarded
def quarter_differences(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Where two of the three lights come to different views, with the ministry's reply."""
    period, found = _filtered(request, pk, DifferencesFilter)
    rows = found.differences()
    table = DifferencesTable(rows, request.GET)
    if file := _file(request, period, table, rows, _("differences")):
        return file
    counts = [(kind, sum(kind in row.differences for row in rows)) for kind in Difference]
    context = {
        "period": period,
        "form": found,
        "filter_count": found.count,
        "table": table,
        "counts": counts,
        "rows": table.page.object_list,
    }
    return render(request, "quarters/differences.html", context)
