"""Where the computed status, the ministry and the coalition differ."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from publishing.filters import LightsFilter
from publishing.kept import kept
from publishing.reading.lights import differing
from publishing.tables import LightsTable
from publishing.views.frame import asked_for, list_page, suffix_of
from reports.choices import Difference


@require_safe
@kept()
def differences(request: HttpRequest, plan: str) -> HttpResponseBase:
    """Every indicator, report and quarter in which two of the three lights differ."""
    publication = asked_for(request, plan)
    form = LightsFilter(request.GET, publication.parts)
    rows = form.apply(differing(publication.parts))
    suffix = suffix_of(request, publication)
    table = LightsTable(rows, request.GET, plan=plan, suffix=suffix)
    pairs = [(pair, sum(1 for row in rows if pair in row.pairs)) for pair in Difference]
    template = "publishing/differences.html"
    return list_page(request, publication, table, form, "differences", template, pairs=pairs)
