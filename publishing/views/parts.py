"""One objective, one indicator, one institution."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from common.charts import ChartPoint, LineChart, line_chart, stacked_bar
from indicators.choices import BaselineState, OverTime, OverUnits
from publishing.disclosure import Figure
from publishing.exports import narrative_headings
from publishing.kept import kept
from publishing.reading import Assessment, Indicator, Institution, Line, Quarter, Report
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
from publishing.wording import to_show

RECENT = 2


@require_safe
@kept()
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


@dataclass(frozen=True)
class QuarterView:
    """An indicator in one quarter: what was computed, and each report's two ratings."""

    quarter: Quarter
    assessment: Assessment | None
    lines: list[Line]


def quarters_of(row: Indicator, quarters: dict[str, Quarter]) -> list[QuarterView]:
    """Quarters in which something was owed, newest first."""
    views = [
        QuarterView(quarter, row.assessments.get(code), row.lines_in(code))
        for code, quarter in quarters.items()
        if code in row.assessments
    ]
    return views[::-1]


def drawn(value: Figure | None, row: Indicator) -> Decimal | None:
    """A figure as a chart draws and names it; a hidden one is not drawn."""
    return to_show(value, row.kind) if isinstance(value, Decimal) else None


def chart_of(row: Indicator, quarters: dict[str, Quarter]) -> LineChart:
    """Published figures over time against what was expected; hidden figures leave a gap."""
    told = [(quarters[code], a) for code, a in row.assessments.items()]
    points = [
        ChartPoint(str(quarter), drawn(a.amount.value, row), drawn(a.expected, row))
        for quarter, a in told
    ]
    target = drawn(row.target.value, row) if row.target else None
    return line_chart(points, target=target, uid="figures")


@dataclass(frozen=True)
class Computed:
    """What a status came from, where it may be told."""

    start: Decimal | None
    on_track_at: Decimal | None
    at_risk_at: Decimal | None
    over_time: str
    over_units: str


def computed_from(row: Indicator) -> Computed:
    """Start and thresholds as the computation took them; nothing of protected indicators."""
    inputs = (row.now.inputs if row.now else None) or {}
    from_zero = inputs.get("baseline_state") == BaselineState.ZERO
    known = {n: inputs.get(n) for n in ("baseline", "on_track_at", "at_risk_at")}
    start, good, fair = (None if v is None else Decimal(v) for v in known.values())
    return Computed(
        Decimal(0) if from_zero else start,
        good,
        fair,
        str(OverTime(row.declared["over_time"]).label),
        str(OverUnits(row.declared["over_units"]).label),
    )


@require_safe
@kept()
def indicator(request: HttpRequest, plan: str, code: str) -> HttpResponse:
    """One indicator, with everything that was published of it."""
    publication = asked_for(request, plan)
    parts, row = publication.parts, found(publication.parts.indicators, code)
    history = quarters_of(row, parts.quarters)
    return plan_page(
        request,
        "publishing/indicator.html",
        publication,
        indicator=row,
        computed=computed_from(row),
        chart=chart_of(row, parts.quarters),
        recent=history[:RECENT],
        earlier=history[RECENT:],
        latest=next((view for view in history if view.assessment is row.now), None),
        has_parts=len(row.cells) > 1,
        parts_shown=cell_rows(row),
    )


def cell_rows(row: Indicator) -> list[tuple[str, Any, list[Any]]]:
    """The disaggregation: per cell the national figure and that of each institution."""
    shown = []
    for key, label in row.cells.items():
        amount = row.now.cells.get(key) if row.now and key else (row.now and row.now.amount)
        each = [line.observations.get(key) for line in row.lines_now]
        shown.append((str(label), amount, each))
    return shown


def _narrative(report: Report) -> list[tuple[str, str, str]]:
    """The parts of a narrative that were written: name, heading, text."""
    told = report.narrative
    return [(name, label, told[name]) for name, label in narrative_headings() if told[name]]


@require_safe
@kept()
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
