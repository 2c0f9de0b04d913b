"""Small multiples: the same small chart for each group, all on one scale.

    multiples([("Women", points), ("Men", points)], uid="groups")
    {% include "ui/multiples.html" with multiples=multiples title=… unit=… heading=… source=… %}

Columns over periods. A figure that is published and not drawn ("<10") stands as its text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from common.charts.marks import ChartPoint, Mark
from common.charts.scale import ZERO, Scale, coordinate, ticks_from_zero
from common.numbers import show_decimal

WIDTH, HEIGHT, BOTTOM, TOP = 240, 132, Decimal(106), Decimal(20)
SHOWN = 8


@dataclass(frozen=True)
class Column:
    """One period of one group."""

    point: ChartPoint
    x: str
    y: str
    width: str
    height: str
    middle: str


@dataclass(frozen=True)
class Panel:
    """The chart of one group."""

    uid: str
    label: str
    columns: list[Column]
    zero: str
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def headings(self) -> list[tuple[str, str, str]]:
        """The first and the last period below their ends: place, anchor and name."""
        if not self.columns:
            return []
        first, last = self.columns[0], self.columns[-1]
        if first is last:
            return [(first.middle, "middle", first.point.label)]
        return [
            (first.x, "start", first.point.label),
            (str(WIDTH - 2), "end", last.point.label),
        ]


@dataclass(frozen=True)
class Multiples:
    """All panels and the one axis they share."""

    uid: str
    panels: list[Panel]
    levels: list[Mark]
    left: int
    periods: list[str]

    @property
    def tick_end(self) -> int:
        """Where the numbers of the axis end."""
        return self.left - 6

    @property
    def right(self) -> int:
        """Where the drawn part of a panel ends."""
        return WIDTH - 4

    @property
    def has_values(self) -> bool:
        return any(c.point.value is not None for panel in self.panels for c in panel.columns)


def multiples(
    groups: Sequence[tuple[str, Sequence[ChartPoint]]], *, uid: str = "groups"
) -> Multiples:
    """A panel for each (label, points) pair; the groups have the same periods, in order of time.

    Only the newest eight periods are drawn: more would be too thin to compare.
    """
    recent = [(label, list(points)[-SHOWN:]) for label, points in groups]
    known = [p.value for _label, points in recent for p in points if p.value is not None]
    levels = ticks_from_zero(known, 3)
    left = 10 + 7 * max(len(show_decimal(level)) for level in levels)
    up = Scale(levels[0], levels[-1], BOTTOM, TOP)
    return Multiples(
        uid=uid,
        panels=[
            Panel(f"{uid}-{n}", label, _columns(points, left, up), up.at(ZERO))
            for n, (label, points) in enumerate(recent)
        ],
        levels=[Mark(str(left), up.at(value), "", value) for value in levels],
        left=left,
        periods=[point.label for point in recent[0][1]] if recent else [],
    )


def _columns(points: Sequence[ChartPoint], left: int, up: Scale) -> list[Column]:
    step = Decimal(WIDTH - 4 - left) / max(len(points), 1)
    wide = min(step * Decimal("0.7"), Decimal(36))
    found = []
    for number, point in enumerate(points):
        middle = left + step * (number + Decimal("0.5"))
        ends = sorted((up.position(ZERO), up.position(point.value or ZERO)))
        places = (middle - wide / 2, ends[0], wide, ends[1] - ends[0], middle)
        found.append(Column(point, *(coordinate(place) for place in places)))
    return found
