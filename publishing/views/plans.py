"""The plans, and one plan at a glance."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from common.charts import StackedBar, stacked_bar
from indicators.choices import Certainty, Status
from indicators.models import Plan
from publishing.kept import kept, once, plans_shown
from publishing.priorities import missing_of, reasons, well_sentence
from publishing.queries import Publication, publications
from publishing.reading import Objective, Parts, Quarter
from publishing.reading.ahead import ahead_of
from publishing.reading.insight import (
    action_counts,
    counts,
    differences,
    money_of,
    priorities,
    scale_of,
    scorecards,
    statuses,
    trend,
)
from publishing.tables import GapTable
from publishing.views.frame import asked_for, plan_page, public_page, suffix_of

SHOWN = 6


def _bar(publication: Publication, uid: str) -> StackedBar:
    rows = publication.parts.indicators.values()
    return stacked_bar(counts(statuses(rows), scale_of(rows)), uid)


def _badge(plan: Plan) -> Certainty | None:
    """What must be said of a plan whose text is not the adopted one."""
    if plan.is_demonstration:
        return Certainty.DEMONSTRATION
    certainty = Certainty(plan.certainty)
    return None if certainty is Certainty.ADOPTED else certainty


@require_safe
@kept(plans_shown)
def home(request: HttpRequest) -> HttpResponse:
    """Every plan as a card: with an edition its statuses, without one its structure."""
    cards = [
        {
            "plan": plan,
            "latest": latest,
            "badge": _badge(plan),
            "bar": stacked_bar(latest.counts, f"plan-{plan.pk}") if latest else None,
        }
        for plan, latest in once(request, "publications", publications)
    ]
    return public_page(request, "publishing/home.html", {"cards": cards})


def objective_bars(parts: Parts, top: list[Objective]) -> list[tuple[Objective, StackedBar]]:
    """A bar of counts for each objective; textures agree across all bars."""
    scale = scale_of(parts.indicators.values())
    return [
        (row, stacked_bar(counts(statuses(row.all_indicators()), scale), f"objective-{number}"))
        for number, row in enumerate(top)
    ]


def trend_bars(parts: Parts, scale: Sequence[Status]) -> list[tuple[Quarter, StackedBar]]:
    """A bar of counts for each quarter the edition knows."""
    return [
        (quarter, stacked_bar(found, f"quarter-{quarter.code}"))
        for quarter, found in trend(parts, scale)
    ]


def _headline(parts: Parts) -> list[tuple[Status, int]]:
    found = counts(statuses(parts.indicators.values()))
    return [(status, number) for status, number in found if number]


@require_safe
@kept()
def plan(request: HttpRequest, plan: str) -> HttpResponse:
    """The overview: how it stands, what needs attention, where the sides differ, what lacks."""
    publication = asked_for(request, plan)
    parts, issue = publication.parts, publication.issue
    top = [row for row in parts.objectives.values() if row.parent is None]
    if issue is None:
        return plan_page(request, "publishing/plan_structure.html", publication, top=top)
    rows = parts.indicators.values()
    scale, behind = scale_of(rows), priorities(rows)
    missing = missing_of(parts, issue.quarter.code)
    cards = [card for card in scorecards(parts) if card.owed]
    table = GapTable(missing.gaps, plan=plan, suffix=suffix_of(request, publication))
    return plan_page(
        request,
        "publishing/plan.html",
        publication,
        headline=_headline(parts),
        bar=_bar(publication, "all"),
        objectives=objective_bars(parts, top),
        trend=trend_bars(parts, scale),
        well=well_sentence(parts),
        behind=[(row, reasons(row)) for row in behind[:SHOWN]],
        more_behind=len(behind) - SHOWN,
        differences=differences(rows)[:SHOWN],
        more_differences=differences(rows)[SHOWN:],
        gaps=table,
        missing=missing,
        ahead=ahead_of(parts, issue.quarter),
        scorecards=cards,
        reported=sum(1 for c in cards if c.now and c.now.report and c.now.quarter == issue.quarter),
        owing=sum(1 for c in cards if c.now and c.now.quarter == issue.quarter),
        money=money_of(parts.actions.values()),
        action_counts=action_counts(parts.actions.values()),
    )


@require_safe
@kept()
def objectives(request: HttpRequest, plan: str) -> HttpResponse:
    """The whole tree."""
    publication = asked_for(request, plan)
    rows = list(publication.parts.objectives.values())
    bars = dict(enumerate(objective_bars(publication.parts, rows)))
    tree = [row for row in rows if row.parent is None]
    return plan_page(
        request,
        "publishing/objectives.html",
        publication,
        tree=[(part, _bar_of(part, bars)) for row in tree for part in row.everything()],
    )


def _bar_of(part: Objective, bars: dict[int, tuple[Objective, StackedBar]]) -> StackedBar:
    return next(bar for row, bar in bars.values() if row is part)
