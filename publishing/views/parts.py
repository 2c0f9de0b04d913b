"""One objective, one institution."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from common.charts import stacked_bar
from publishing.exports import narrative_headings
from publishing.reading import Institution, Report
from publishing.reading.insight import (
    counts,
    differences,
    money_of,
    scale_of,
    scorecards,
    statuses,
)
from publishing.tables import ActionTable, IndicatorTable, StructureTable
from publishing.views.frame import asked_for, found, plan_page, suffix_of


@require_safe
def objective(request: HttpRequest, plan: str, code: str) -> HttpResponse:
    """An objective with its indicators and actions, and those of all below it."""
    publication = asked_for(request, plan)
    parts, row = publication.parts, found(publication.parts.objectives, code)
    rows, actions = row.all_indicators(), row.all_actions()
    place: dict[str, Any] = {"plan": plan, "suffix": suffix_of(request, publication)}
    kind = IndicatorTable if publication.issue else StructureTable
    scale = scale_of(parts.indicators.values())
    return plan_page(
        request,
        "publishing/objective.html",
        publication,
        objective=row,
        bar=stacked_bar(counts(statuses(rows), scale), "objective"),
        indicators=_whole(kind(rows, **place)),
        actions=_whole(ActionTable(actions, **place)),
        money=money_of(actions),
        differences=differences(rows) if publication.issue else [],
    )


def _whole(table: Any) -> Any:
    """A list inside a page: all rows, no download of its own."""
    table.page_size, table.can_export = 1_000, False
    return table


def _narrative(report: Report) -> list[tuple[str, str, str]]:
    """The parts of a narrative that were written: name, heading, text."""
    told = report.narrative
    return [(name, label, told[name]) for name, label in narrative_headings() if told[name]]


@require_safe
def institution(request: HttpRequest, plan: str, code: str) -> HttpResponse:
    """One institution: what it carries, how it reports, what it says."""
    publication = asked_for(request, plan)
    parts = publication.parts
    row: Institution = found(parts.institutions, code)
    place: dict[str, Any] = {"plan": plan, "suffix": suffix_of(request, publication)}
    kind = IndicatorTable if publication.issue else StructureTable
    card = next(card for card in scorecards(parts) if card.institution is row)
    reports = [report for report in parts.reports if report.institution is row]
    return plan_page(
        request,
        "publishing/institution.html",
        publication,
        institution=row,
        card=card,
        standings=card.standings[::-1],
        report=reports[-1] if reports else None,
        narrative=_narrative(reports[-1]) if reports else [],
        indicators=_whole(kind(row.indicators, **place)),
        actions=_whole(ActionTable([*row.leads, *row.supports], **place)),
    )
