"""From values to coordinates: pure functions, no drawing, no database.

Coordinates are strings with a decimal point, so that no template localises them. Values stay
Decimal: what a page writes as text is localised there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import groupby
from typing import Protocol

from common.numbers import show_decimal

ZERO = Decimal(0)
STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


def coordinate(value: Decimal) -> str:
    """A number for an SVG attribute: two digits at most, never a decimal comma."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def clamp(share: Decimal) -> Decimal:
    """A share held between 0 and 1, for the length of a bar only."""
    return min(max(share, ZERO), Decimal(1))


@dataclass(frozen=True)
class Scale:
    """A straight line from values (start to end) to coordinates (low to high)."""

    start: Decimal
    end: Decimal
    low: Decimal
    high: Decimal

    def position(self, value: Decimal) -> Decimal:
        """Where a value stands; the middle when start and end are the same."""
        if self.start == self.end:
            return (self.low + self.high) / 2
        share = (value - self.start) / (self.end - self.start)
        return self.low + share * (self.high - self.low)

    def at(self, value: Decimal) -> str:
        """The position as an SVG attribute."""
        return coordinate(self.position(value))


def nice_step(span: Decimal, count: int) -> Decimal:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that cuts a span into ≤ count parts."""
    raw = span / count
    magnitude = Decimal(1).scaleb(raw.adjusted())
    return next(step * magnitude for step in STEPS if step * magnitude >= raw)


def ticks(values: Iterable[Decimal], count: int = 4) -> list[Decimal]:
    """Round marks of an axis that holds all values, and zero where it is near."""
    known = sorted(values) or [ZERO]
    low, high = known[0], known[-1]
    if low > 0 and low < high * Decimal("0.6"):
        low = ZERO
    if low == high:
        low, high = (low - 1 if low < 0 else max(low - 1, ZERO)), high + 1
    step = nice_step(high - low, count)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_CEILING)
    return [step * number for number in range(int(first), int(last) + 1)]


class Badge(Protocol):
    """What charts need of a status: the enums of the plan have it."""

    @property
    def label(self) -> object: ...
    @property
    def tone(self) -> str: ...
    @property
    def icon(self) -> str: ...


@dataclass(frozen=True)
class Segment:
    """One part of a stacked bar. `texture` tells parts of one tone apart, also in greyscale."""

    status: Badge
    count: int
    percent: Decimal
    x: str
    width: str
    texture: str


@dataclass(frozen=True)
class StackedBar:
    """A bar of counts per status; lengths in percent of its width."""

    uid: str
    segments: list[Segment]
    total: int

    @property
    def shown(self) -> list[Segment]:
        """Parts that have a length; the table also lists the empty ones."""
        return [segment for segment in self.segments if segment.count]


TEXTURES = ("solid", "lines", "light", "dots")


def textures(statuses: Iterable[Badge]) -> list[str]:
    """A texture per status: the first of a tone is solid, the next ones differ from it.

    A status keeps its texture in every bar as long as the bars list the same statuses.
    """
    seen: Counter[str] = Counter()
    chosen = []
    for status in statuses:
        chosen.append(TEXTURES[seen[status.tone] % len(TEXTURES)])
        seen[status.tone] += 1
    return chosen


def stacked_bar(counts: Iterable[tuple[Badge, int]], uid: str = "bar") -> StackedBar:
    """The bar for (status, count) pairs, in their order. `uid` must be unique on the page."""
    pairs = list(counts)
    total = sum(count for _, count in pairs)
    segments: list[Segment] = []
    start = ZERO
    for (status, count), texture in zip(pairs, textures(s for s, _ in pairs), strict=True):
        percent = Decimal(count) / total * 100 if total else ZERO
        x, width = f"{coordinate(start)}%", f"{coordinate(percent)}%"
        segments.append(Segment(status, count, percent, x, width, texture))
        start += percent
    return StackedBar(uid=uid, segments=segments, total=total)


class Point(Protocol):
    """What a line chart reads: a heading and values, None where there is none."""

    @property
    def label(self) -> object: ...
    @property
    def value(self) -> Decimal | None: ...
    @property
    def expected(self) -> Decimal | None: ...


@dataclass(frozen=True)
class ChartPoint:
    """One period of a line chart."""

    label: str
    value: Decimal | None = None
    expected: Decimal | None = None


@dataclass(frozen=True)
class Mark:
    """A drawn point or a tick of an axis."""

    x: str
    y: str
    label: object
    value: Decimal | None = None


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


def runs(xs: Sequence[Decimal], values: Sequence[Decimal | None], scale: Scale) -> list[str]:
    """Polylines for the unbroken stretches of a series."""
    pairs = list(zip(xs, values, strict=True))
    return [
        " ".join(f"{coordinate(x)},{scale.at(v)}" for x, v in stretch if v is not None)
        for is_known, stretch in groupby(pairs, key=lambda pair: pair[1] is not None)
        if is_known
    ]


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
    left = max(56, 8 + 8 * max(len(show_decimal(level)) for level in levels))
    across = Scale(ZERO, Decimal(max(len(points) - 1, 1)), Decimal(left + 20), Decimal(600))
    up = Scale(levels[0], levels[-1], Decimal(204), Decimal(24))
    xs = [across.position(Decimal(i)) for i in range(len(points))]

    return LineChart(
        uid=uid,
        points=points,
        actual=runs(xs, values, up),
        expected=runs(xs, expected, up),
        marks=[
            Mark(coordinate(x), up.at(p.value), p.label, p.value)
            for x, p in zip(xs, points, strict=True)
            if p.value is not None
        ],
        x_ticks=thinned(
            [Mark(coordinate(x), "", p.label) for x, p in zip(xs, points, strict=True)]
        ),
        y_ticks=[Mark(str(left), up.at(value), "", value) for value in levels],
        left=left,
        target=None if target is None else Mark(str(left), up.at(target), "", target),
    )


def thinned(marks: list[Mark], room: int = 8) -> list[Mark]:
    """At most `room` headings of an axis, the last one always among them."""
    every = -(-len(marks) // room) if marks else 1
    return [mark for i, mark in enumerate(reversed(marks)) if i % every == 0][::-1]
