"""One action: what it is, how far it is, what it costs."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from publishing.kept import kept
from publishing.reading import Action, ActionReport, Quarter
from publishing.reading.crosswalk import answered_by
from publishing.reading.insight import money_of
from publishing.tables import IndicatorTable, StructureTable
from publishing.views.frame import asked_for, found, plan_page, suffix_of, whole


@dataclass(frozen=True)
class ActionQuarter:
    """What was reported of an action in one quarter, by whom."""

    quarter: Quarter
    reports: list[ActionReport]


def quarters_of(row: Action) -> list[ActionQuarter]:
    """The quarters in which anything was reported of it, newest first."""
    told: dict[str, ActionQuarter] = {}
    for report in row.reports:
        place = told.setdefault(report.quarter.code, ActionQuarter(report.quarter, []))
        place.reports.append(report)
    return [*told.values()][::-1]


@require_safe
@kept()
def action(request: HttpRequest, plan: str, code: str) -> HttpResponse:
    """One action, with everything that was published of it."""
    publication = asked_for(request, plan)
    parts = publication.parts
    row: Action = found(parts.actions, code)
    place: dict[str, Any] = {"plan": plan, "suffix": suffix_of(request, publication)}
    kind = IndicatorTable if publication.issue else StructureTable
    rows = [indicator for indicator in parts.indicators.values() if indicator.action is row]
    items = {item.code: item for item in answered_by(row)}
    return plan_page(
        request,
        "publishing/action.html",
        publication,
        action=row,
        status=row.now.status if row.now else None,
        history=quarters_of(row),
        money=money_of([row]),
        indicators=whole(kind(rows, **place)),
        items=list(items.values()),
    )
