"""The quarters: how far each is, who owes what in it, and what the lead can do about it."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.people import signed_in
from common.charts import stacked_bar
from common.downloads import table_response
from indicators.choices import Role
from indicators.rules import holds, is_coalition, is_secretariat
from reports.choices import ReportStatus
from reports.deadlines import quarter_now
from reports.matrix import page_url
from reports.review_filters import QuarterFilter
from reports.review_lists import counts_of, owed_in, quarters_for
from reports.review_tables import CoalitionOwedTable, OwedTable, QuartersTable
from reports.views.refusals import guarded


@require_GET
@guarded
def quarters(request: HttpRequest) -> HttpResponseBase:
    """Every quarter of the plans in which the person holds a role."""
    table = QuartersTable(quarters_for(signed_in(request)), request.GET)
    file = table_response(request, table, _("quarters"))
    return file or render(request, "quarters/list.html", {"table": table})


@require_GET
@guarded
def quarter(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Who owes what in one quarter."""
    period = get_object_or_404(quarters_for(signed_in(request)), pk=pk)
    user, plan_id = signed_in(request), period.plan_id
    knows_reviewers = is_coalition(user, plan_id) or is_secretariat(user, plan_id)
    found = QuarterFilter(request.GET, owed_in(period, user), request=request)
    table = (CoalitionOwedTable if knows_reviewers else OwedTable)(found.qs, request.GET)
    filename = f"{period.plan.code}-{period.code}-" + _("who owes what")
    if file := table_response(request, table, filename):
        return file
    for report in table.page.object_list:
        report.page_url = page_url(user, report, report.is_visible)
    counts = counts_of(period)
    context = {
        "period": period,
        "filter": found,
        "filter_count": found.count,
        "table": table,
        "now": quarter_now(period, user),
        "bar": stacked_bar([c for c in counts if c[1]], uid="states"),
        "ready": dict(counts)[ReportStatus.VALIDATED],
        "is_lead": holds(user, plan_id, Role.LEAD),
        "knows_drafts": knows_reviewers,
    }
    return render(request, "quarters/quarter.html", context)
