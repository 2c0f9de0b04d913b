"""How the status of an indicator was computed, for those who read its figures."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.people import signed_in
from indicators.models import Indicator
from reports import rules
from reports.explaining import explain, units_of
from reports.review_lists import quarters_for
from reports.views.refusals import guarded


@require_GET
@guarded
def computed(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One indicator at the end of one quarter: inputs, sources, coverage, version of the rules."""
    user = signed_in(request)
    period = get_object_or_404(quarters_for(user), pk=pk)
    rows = Indicator.objects.select_related("objective", "plan").filter(plan=period.plan_id)
    splits = rows.prefetch_related("splits__dimension__categories")
    indicator: Indicator = get_object_or_404(splits, code=code)
    units = units_of(indicator, period)
    if not rules.sees_computed(user, period.plan_id, indicator.sensitivity, units):
        raise Http404(_("There is no such page, or it is not open to you."))
    found = explain(indicator, period, user)
    if found is None:
        raise Http404(_("Nothing was owed of this indicator by then."))
    return render(request, "quarters/how_computed.html", {"told": found, "period": period})
