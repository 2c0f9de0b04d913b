"""One indicator, with everything that was published of it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from indicators.choices import BaselineState, Frequency, OverTime, OverUnits, ValueMeaning
from publishing.example import trial_of
from publishing.kept import kept
from publishing.pictures import bars_of, chart_of, groups_of, lights_of
from publishing.reading import Assessment, Indicator, Line, Parts, Quarter, Report
from publishing.views.frame import asked_for, found, plan_page

RECENT = 2
SOURCES = 8


@dataclass(frozen=True)
class QuarterView:
    """An indicator in one quarter: what was computed, and each report's two ratings."""

    quarter: Quarter
    assessment: Assessment
    lines: list[Line]
    computed: "Computed"


@dataclass(frozen=True)
class Computed:
    """What a status came from, where it may be told."""

    start: Decimal | None
    on_track_at: Decimal | None
    at_risk_at: Decimal | None
    coverage_at: Decimal | None
    tolerance: Decimal | None


def quarters_of(row: Indicator, quarters: dict[str, Quarter]) -> list[QuarterView]:
    """Quarters in which something was owed, newest first."""
    views = [
        QuarterView(quarter, told, row.lines_in(code), computed_from(told))
        for code, quarter in quarters.items()
        if (told := row.assessments.get(code))
    ]
    return views[::-1]


def computed_from(told: Assessment | None) -> Computed:
    """Start and thresholds as the computation took them; nothing of protected indicators."""
    inputs = (told.inputs if told else None) or {}
    from_zero = inputs.get("baseline_state") == BaselineState.ZERO
    names = ("baseline", "on_track_at", "at_risk_at", "coverage_at", "tolerance")
    start, *others = (None if inputs.get(n) is None else Decimal(inputs[n]) for n in names)
    return Computed(Decimal(0) if from_zero else start, *others)


@dataclass(frozen=True)
class Declared:
    """How the indicator is measured and combined, in words."""

    meaning: str
    over_time: str
    over_units: str
    frequency: str


def declared_of(row: Indicator) -> Declared:
    told = row.declared
    return Declared(
        str(ValueMeaning(told["value_meaning"]).label),
        str(OverTime(told["over_time"]).label),
        str(OverUnits(told["over_units"]).label),
        str(Frequency(told["frequency"]).label),
    )


def sources_of(row: Indicator, parts: Parts) -> list[Report]:
    """The official reports its figures come from, newest first."""
    told = {(line.institution.code, line.quarter.code) for line in row.lines}
    found = [r for r in parts.reports if (r.institution.code, r.quarter.code) in told]
    return sorted(found, key=lambda report: report.quarter.code, reverse=True)


@dataclass(frozen=True)
class Source:
    """An official report behind the figures, and how many files back what it says of them."""

    report: Report
    files: int | None


def backed(row: Indicator, sources: list[Report]) -> list[Source]:
    """The reports with their files of evidence; None where an edition does not tell."""
    files = {(line.institution.code, line.quarter.code): line.files for line in row.lines}
    return [Source(r, files.get((r.institution.code, r.quarter.code))) for r in sources]


def files_of(sources: list[Source]) -> int | None:
    """Of all reports together; None where none of them tells."""
    told = [source.files for source in sources if source.files is not None]
    return sum(told) if told else None


@require_safe
@kept()
def indicator(request: HttpRequest, plan: str, code: str) -> HttpResponse:
    """One indicator, with everything that was published of it."""
    publication = asked_for(request, plan)
    parts, row = publication.parts, found(publication.parts.indicators, code)
    history, sources = quarters_of(row, parts.quarters), backed(row, sources_of(row, parts))
    return plan_page(
        request,
        "publishing/indicator.html",
        publication,
        indicator=row,
        declared=declared_of(row),
        chart=chart_of(row, parts.quarters, parts.plan.starts_on),
        lights=lights_of(row, parts.quarters),
        groups=groups_of(row, parts.quarters),
        group_bars=bars_of(row, parts.quarters),
        recent=history[:RECENT],
        earlier=history[RECENT:],
        latest=next((view for view in history if view.assessment is row.now), None),
        trial=trial_of(row.now.inputs if row.now else None, plan),
        before=[view for view in history if view.assessment is not row.now],
        has_parts=len(row.cells) > 1,
        parts_shown=cell_rows(row),
        sources=sources[:SOURCES],
        more_sources=sources[SOURCES:],
        files=files_of(sources),
    )


def cell_rows(row: Indicator) -> list[tuple[str, Any, list[Any]]]:
    """The disaggregation: per cell the national figure and that of each institution."""
    shown = []
    for key, label in row.cells.items():
        amount = row.now.cells.get(key) if row.now and key else (row.now and row.now.amount)
        each = [(line, line.observations.get(key)) for line in row.lines_now]
        shown.append((str(label), amount, each))
    return shown
