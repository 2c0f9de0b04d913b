"""Who owes what, over all quarters of a plan."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.people import signed_in
from common.downloads import table_response
from indicators.choices import Role
from indicators.models import Plan
from indicators.rules import watches
from reports.forms.matrix import MatrixFilter
from reports.matrix import known_to
from reports.matrix_tables import MatrixTable
from reports.views.refusals import guarded


def _chosen(plans: Sequence[Plan], code: str) -> Plan:
    """The plan the address names, or the first one; no such page for another's plan."""
    for plan in plans:
        if code in ("", plan.code):
            return plan
    raise Http404


@require_GET
@guarded
def matrix(request: HttpRequest) -> HttpResponseBase:
    """Every institution in every quarter: what it owes, what came, and on whose table it lies."""
    user = signed_in(request)
    plans = list(Plan.objects.with_role(user, *Role).order_by("code"))
    if not plans:
        raise PermissionDenied
    plan = _chosen(plans, request.GET.get("plan", ""))
    known = known_to(user, plan)
    found = MatrixFilter(request.GET, plans, known)
    shown = known.matrix(found.asked)
    table = MatrixTable(shown.cells, request.GET)
    if file := table_response(request, table, f"{plan.code}-" + _("who owes what")):
        return file
    context = {
        "plan": plan,
        "form": found,
        "filter_count": found.count,
        "matrix": shown,
        "table": table,
        "knows_all": watches(user, plan.pk),
    }
    return render(request, "quarters/matrix.html", context)
