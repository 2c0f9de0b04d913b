"""The rules of computation in plain words, with an example that everybody can change."""

from collections.abc import Mapping
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from indicators.progress import RULES_VERSION
from indicators.wording import explained as statuses
from publishing.combining import samples
from publishing.example import CASE, explained, inputs_of, ready
from publishing.example_forms import ExampleForm
from publishing.queries import Latest, publications
from publishing.views.frame import public_page

LIMITS = ("on_track_at", "at_risk_at", "coverage_at")


def _plans() -> dict[str, Latest]:
    """The plans that have an edition, by code: each with its own thresholds."""
    return {plan.code: latest for plan, latest in publications() if latest}


def _limits(latest: Latest | None) -> Mapping[str, Decimal]:
    """The thresholds of a plan; none where the rules' own hold."""
    known = latest.thresholds if latest else {}
    return {name: Decimal(known[name]) for name in LIMITS if name in known}


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """What is typed stands in the address, so that an example can be sent to somebody."""
    plans = _plans()
    asked = request.GET.dict()
    form = ExampleForm(asked or CASE, [(code, str(p.title)) for code, p in plans.items()])
    case = None
    if form.is_valid():
        limits = _limits(plans.get(form.cleaned_data["plan"]))
        case = explained(inputs_of(form.cleaned_data, limits))
    context = {
        **statuses(),
        "form": form,
        "case": case,
        "ready": ready(),
        "samples": samples(),
        "plans": plans,
        "rules_version": RULES_VERSION,
    }
    return public_page(request, "publishing/method.html", context)
