"""A line over periods against what was expected and its target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from common.charts.marks import Mark, Point, thinned
from common.charts.scale import ZERO, Scale, coordinate, ticks
from common.numbers import show_decimal

LOW, HIGH = Decimal(204), Decimal(24)
"""Where the upright axis begins and ends."""


@dataclass(frozen=True)
class TargetPath:
    """The way a plan meant to go: from the baseline through its dated targets.

    `places` is the drawn line, `marks` its points; `is_in_force` tells the path that holds from the
    earlier ones, which are drawn in another dash; `number` counts the earlier ones from 0.
    """

    label: str
    is_in_force: bool
    number: int
    places: str
    marks: list[Mark]


@dataclass(frozen=True)
class LineChart:
    """A line over periods against its target; gaps stay gaps."""

    uid: str
    points: Sequence[Point]
    actual: list[str]
    expected: list[str]
    marks: list[Mark]
    x_ticks: list[Mark]
    y_ticks: list[Mark]
    target: Mark | None = None
    paths: Sequence[TargetPath] = ()
    baseline: Mark | None = None
    width: int = 640
    height: int = 240
    left: int = 56
    right: int = 620

    @property
    def last(self) -> Mark | None:
        """The newest value: the only one written into the drawing."""
        return self.marks[-1] if self.marks else None

    @property
    def tick_end(self) -> int:
        """Where the numbers of the upright axis end."""
        return self.left - 8

    @property
    def is_short(self) -> bool:
        """Whether all values can be shown at once without running into each other."""
        return len(self.marks) <= 8

    @property
    def last_shift(self) -> str:
        """Above its point, or below it where a line passes closely above and there is room."""
        if self.last is None:
            return "0"
        newest = next(p for p in reversed(self.points) if p.value is not None)
        is_under = newest.expected is not None and newest.expected >= (newest.value or ZERO)
        return "21" if is_under and Decimal(self.last.y) < LOW - 24 else "-11"

    @property
    def last_anchor(self) -> str:
        """How the newest value is set at its point, so that it stays inside the drawing."""
        alone = len(self.marks) == 1 or bool(self.paths)
        near = self.last is not None and Decimal(self.last.x) > self.right - 40
        return "end" if near or not alone else "middle"


def runs(xs: Sequence[Decimal], values: Sequence[Decimal | None], scale: Scale) -> list[str]:
    """Polylines for the unbroken stretches of a series."""
    pairs = list(zip(xs, values, strict=True))
    return [
        " ".join(f"{coordinate(x)},{scale.at(v)}" for x, v in stretch if v is not None)
        for is_known, stretch in groupby(pairs, key=lambda pair: pair[1] is not None)
        if is_known
    ]


def room_for(levels: Sequence[Decimal]) -> int:
    """The left edge of the drawing, so that the longest number of the axis has its place."""
    return max(56, 8 + 8 * max(len(show_decimal(level)) for level in levels))


def line_chart(
    points: Sequence[Point],
    *,
    target: Decimal | None = None,
    uid: str = "line",
) -> LineChart:
    """The chart of a series: `points` in order of time, evenly spaced."""
    values = [point.value for point in points]
    expected = [point.expected for point in points]
    known = [v for v in (*values, *expected, target) if v is not None]
    levels = ticks(known)
    left = room_for(levels)
    across = Scale(ZERO, Decimal(max(len(points) - 1, 1)), Decimal(left + 20), Decimal(600))
    up = Scale(levels[0], levels[-1], LOW, HIGH)
    xs = [across.position(Decimal(i)) for i in range(len(points))]

    return LineChart(
        uid=uid,
        points=points,
        actual=runs(xs, values, up),
        expected=runs(xs, expected, up),
        marks=marks_of(xs, points, up),
        x_ticks=thinned(
            [Mark(coordinate(x), "", p.label) for x, p in zip(xs, points, strict=True)]
        ),
        y_ticks=[Mark(str(left), up.at(value), "", value) for value in levels],
        left=left,
        target=None if target is None else Mark(str(left), up.at(target), "", target),
    )


def marks_of(xs: Sequence[Decimal], points: Sequence[Point], up: Scale) -> list[Mark]:
    """The values there are, each at its place."""
    return [
        Mark(coordinate(x), up.at(p.value), p.label, p.value)
        for x, p in zip(xs, points, strict=True)
        if p.value is not None
    ]
