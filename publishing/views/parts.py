"""One objective, with all that stands below it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from common.charts import stacked_bar
from publishing.kept import kept
from publishing.reading.insight import (
    counts,
    differences,
    money_of,
    scale_of,
    statuses,
)
from publishing.tables import ActionTable, StructureTable, TrendTable
from publishing.views.frame import asked_for, found, plan_page, suffix_of, whole


@require_safe
@kept()
def objective(request: HttpRequest, plan: str, code: str) -> HttpResponse:
    """An objective with its indicators and actions, and those of all below it."""
    publication = asked_for(request, plan)
    parts, row = publication.parts, found(publication.parts.objectives, code)
    rows, actions = row.all_indicators(), row.all_actions()
    place: dict[str, Any] = {"plan": plan, "suffix": suffix_of(request, publication)}
    kind = TrendTable if publication.issue else StructureTable
    scale = scale_of(parts.indicators.values())
    return plan_page(
        request,
        "publishing/objective.html",
        publication,
        objective=row,
        bar=stacked_bar(counts(statuses(rows), scale), "objective"),
        indicators=whole(kind(rows, **place)),
        actions=whole(ActionTable(actions, **place)),
        money=money_of(actions),
        differences=differences(rows) if publication.issue else [],
    )
