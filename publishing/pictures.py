"""What an edition knows of an indicator as drawings: its figures, its three lights, its groups.

Only published figures are drawn. One that is hidden is never a place in a drawing: a line has a gap
there, a column stands as its text.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from common.charts import (
    BarChart,
    Category,
    ChartPoint,
    DatedPoint,
    HeatCell,
    HeatMatrix,
    HeatRow,
    LineChart,
    Multiples,
    Sparkline,
    Way,
    bar_chart,
    dated_chart,
    heat_matrix,
    line_chart,
    multiples,
    sparkline,
)
from indicators.choices import BaselineState, Kind, Status
from publishing.disclosure import Figure
from publishing.reading import Assessment, Indicator, Line, Quarter
from publishing.wording import shown, to_show, with_unit
from reports.choices import Side

Dated = tuple[date, Decimal]
Quarters = Mapping[str, Quarter]
TWO = 2


def drawn(value: Figure | None, row: Indicator) -> Decimal | None:
    """A figure as a chart draws and names it; a hidden one is not drawn."""
    return to_show(value, row.kind) if isinstance(value, Decimal) else None


def start_of(row: Indicator, plan_starts_on: date) -> Dated | None:
    """Where the path to the target begins, as the computation has it; None where it is unknown.

    What is summed since the plan began starts at zero on that day, or on the baseline's own day.
    """
    baseline = row.baseline
    is_zero = baseline.state is BaselineState.ZERO
    if row.counts_from_zero:
        return (baseline.on if is_zero and baseline.on else plan_starts_on), Decimal(0)
    value = Decimal(0) if is_zero else drawn(baseline.value, row)
    if value is None or baseline.on is None or baseline.state is BaselineState.UNKNOWN:
        return None
    return baseline.on, value


def ways_of(row: Indicator, start: Dated | None) -> list[Way]:
    """The path to the target of each version: the standing targets of that time, in their order.

    A target dated before the start has no part in the path.
    """
    dated = [
        (target, value)
        for target in row.targets
        if target.cell == "" and (value := drawn(target.value, row)) is not None
        if start is None or target.as_of >= start[0]
    ]
    versions = sorted({target.version for target, _value in dated})
    found = []
    for number in versions:
        known = {t.as_of: v for t, v in dated if t.version <= number}
        points = sorted(known.items())
        begins = [start] if start and start[0] not in known else []
        found.append(Way(_named(number, versions), begins + points, number == versions[-1]))
    return found


def _named(number: int, versions: list[int]) -> str:
    if len(versions) == 1:
        return _("Path to the target")
    if number == versions[-1]:
        return _("Path to the target, version %(number)s, in force") % {"number": number}
    return _("Earlier path, version %(number)s") % {"number": number}


def chart_of(row: Indicator, quarters: Quarters, plan_starts_on: date) -> LineChart:
    """Published figures over time against the paths to the target, earlier ones too."""
    points = [
        DatedPoint(
            quarters[code].ends_on,
            str(quarters[code]),
            drawn(told.amount.value, row),
            drawn(told.expected, row),
        )
        for code, told in row.assessments.items()
    ]
    if not any(point.value is not None for point in points):
        return line_chart([], uid="figures")
    start = start_of(row, plan_starts_on)
    return dated_chart(points, ways=ways_of(row, start), baseline=start, uid="figures")


def trend_of(row: Indicator) -> Sparkline | None:
    """The published figures of the quarters in which it was due, as a line in a list.

    None where no line can be drawn: for fewer than two figures, and for a yes or a no.
    """
    due = [told for told in row.assessments.values() if told.status is not Status.NOT_DUE]
    points = [ChartPoint(str(told.quarter), drawn(told.amount.value, row)) for told in due]
    known = sum(point.value is not None for point in points)
    if known < TWO or row.kind is Kind.YES_NO:
        return None
    return sparkline(points, name=row.code, unit=str(row.unit), uid=f"trend-{row.code}")


def lights_of(row: Indicator, quarters: Quarters) -> HeatMatrix:
    """The three lights by quarter, never merged: a row for each side, and each who reports."""
    codes = [code for code in quarters if code in row.assessments]
    computed = [_computed(row, code, row.assessments[code]) for code in codes]
    lines = {(line.institution.code, line.quarter.code): line for line in row.lines}
    bodies = dict(sorted((line.institution.code, str(line.institution)) for line in row.lines))
    rows = [HeatRow(_("Computed"), computed)]
    for side, heading in ((Side.MINISTRY, _("The ministry")), (Side.COALITION, _("The coalition"))):
        rows += [
            HeatRow(
                heading,
                [_rated(lines.get((body, code)), side) for code in codes],
                note=name if len(bodies) > 1 else "",
            )
            for body, name in bodies.items()
        ]
    return heat_matrix([quarters[code] for code in codes], rows, uid="lights")


def _computed(row: Indicator, code: str, told: Assessment) -> HeatCell:
    note = "" if row.is_restricted or not told.amount.is_there else _value(row, told)
    anchor = "computed" if told is row.now else f"computed-{code}"
    return HeatCell(told.status, note=note, url=f"#{anchor}", marks=told.marks)


def _value(row: Indicator, told: Assessment) -> str:
    return with_unit(told.amount.value, row)


def _rated(line: Line | None, side: Side) -> HeatCell:
    rating = line.ratings.get(side) if line else None
    return HeatCell(rating.value) if rating else HeatCell()


def _groups(row: Indicator, quarters: Quarters) -> Iterable[tuple[str, list[ChartPoint]]]:
    """The figures of each group over time: hidden ones as their text."""
    for key, label in row.cells.items():
        if key == "":
            continue
        told = [(quarters[code], a.cells.get(key)) for code, a in row.assessments.items()]
        yield (
            str(label) or key,
            [
                ChartPoint(
                    str(quarter),
                    drawn(amount.value, row) if amount else None,
                    shown=shown(amount.value, row) if amount and amount.value is not None else "",
                )
                for quarter, amount in told
            ],
        )


def groups_of(row: Indicator, quarters: Quarters) -> Multiples | None:
    """Small multiples of the groups on one scale, where there is more than one quarter."""
    if len(row.assessments) < 2 or len(row.cells) < 2 or row.is_restricted:
        return None
    return multiples(list(_groups(row, quarters)), uid="groups")


def bars_of(row: Indicator, quarters: Quarters) -> BarChart | None:
    """The groups beside each other in the one quarter there is."""
    if len(row.assessments) != 1 or len(row.cells) < 2 or row.is_restricted:
        return None
    rows = [(label, points[-1]) for label, points in _groups(row, quarters)]
    return bar_chart([Category(label, p.value, p.shown) for label, p in rows], uid="groups")
