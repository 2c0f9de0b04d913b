"""A line against the paths to its target, on an axis of dates.

    dated_chart([DatedPoint(date(2026, 6, 30), "2026 Q2", value, expected)],
                ways=[Way("Path to the target", points, True), Way("Earlier path", older, False)],
                baseline=(date(2024, 1, 1), Decimal(100)), uid="figures")
    {% include "ui/line_chart.html" with chart=chart title=… unit=… source=… %}

The path in force and the earlier ones are told apart by their dash and by words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from common.charts.lines import HIGH, LOW, LineChart, TargetPath, marks_of, room_for, runs
from common.charts.marks import Mark, thinned
from common.charts.scale import Scale, coordinate, ticks

Dated = tuple[date, Decimal]


@dataclass(frozen=True)
class DatedPoint:
    """One period of a series, drawn at its end."""

    on: date
    label: str
    value: Decimal | None = None
    expected: Decimal | None = None
    shown: str = ""


@dataclass(frozen=True)
class Way:
    """A path to the target as decided at one time: dated values, the baseline among them."""

    label: str
    points: Sequence[Dated]
    is_in_force: bool = True


@dataclass(frozen=True)
class _Frame:
    """Where days and values stand."""

    across: Scale
    up: Scale

    def x(self, day: date) -> Decimal:
        return self.across.position(Decimal(day.toordinal()))

    def mark(self, day: date, value: Decimal) -> Mark:
        return Mark(coordinate(self.x(day)), self.up.at(value), day, value)


def _frame(days: Sequence[date], levels: Sequence[Decimal], left: int) -> _Frame:
    ends = [Decimal(day.toordinal()) for day in (min(days), max(days))]
    return _Frame(
        Scale(ends[0], ends[1], Decimal(left + 12), Decimal(604)),
        Scale(levels[0], levels[-1], LOW, HIGH),
    )


def _paths(ways: Sequence[Way], frame: _Frame) -> list[TargetPath]:
    """Earlier paths first, so that the one in force lies on top."""
    earlier = [way for way in ways if not way.is_in_force]
    standing = [way for way in ways if way.is_in_force]
    found = []
    for number, way in enumerate([*earlier, *standing]):
        marks = [frame.mark(day, value) for day, value in way.points]
        places = " ".join(f"{mark.x},{mark.y}" for mark in marks)
        found.append(TargetPath(way.label, way.is_in_force, number % 2, places, marks))
    return found


def _headings(days: Sequence[date], points: Sequence[DatedPoint], frame: _Frame) -> list[Mark]:
    """The years that begin inside the drawing; with fewer than two of them, the periods."""
    first, last = min(days), max(days)
    years = [date(year, 1, 1) for year in range(first.year, last.year + 2)]
    inside = [day for day in years if first <= day <= last]
    if len(inside) > 1:
        return thinned([Mark(coordinate(frame.x(day)), "", str(day.year)) for day in inside])
    return thinned([Mark(coordinate(frame.x(p.on)), "", p.label) for p in points], 5)


def dated_chart(
    points: Sequence[DatedPoint],
    *,
    ways: Sequence[Way] = (),
    baseline: Dated | None = None,
    uid: str = "line",
) -> LineChart:
    """The chart of a series against its paths; `points` in order of time, one at least.

    Values share one unit. Without ways or a baseline it is the plain series on dates. The target
    is the last point of the path in force.
    """
    dated = [pair for way in ways for pair in way.points] + ([baseline] if baseline else [])
    days = [point.on for point in points] + [day for day, _value in dated]
    known = [p.value for p in points if p.value is not None] + [value for _day, value in dated]
    levels = ticks(known)
    left = room_for(levels)
    frame = _frame(days, levels, left)
    xs = [frame.x(point.on) for point in points]
    final = [way.points[-1] for way in ways if way.is_in_force and way.points]
    return LineChart(
        uid=uid,
        points=points,
        actual=runs(xs, [point.value for point in points], frame.up),
        expected=[],
        marks=marks_of(xs, points, frame.up),
        x_ticks=_headings(days, points, frame),
        y_ticks=[Mark(str(left), frame.up.at(value), "", value) for value in levels],
        left=left,
        target=frame.mark(*final[-1]) if final else None,
        paths=_paths(ways, frame),
        baseline=frame.mark(*baseline) if baseline else None,
    )
