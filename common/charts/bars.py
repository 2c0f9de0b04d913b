"""Bars by category: one figure each, lying, from a common zero.

    bar_chart([Category("Women", Decimal(60)), Category("Men", None, "<10")], uid="groups")
    {% include "ui/bar_chart.html" with chart=chart title=… unit=… heading=… source=… %}

Several charts beside each other share a scale when all are given the same `levels`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from textwrap import wrap

from common.charts.marks import Mark
from common.charts.scale import ZERO, Scale, coordinate, ticks_from_zero

ROW, TOP = 34, 8
LEFT, RIGHT = 200, 570


@dataclass(frozen=True)
class Category:
    """One bar. Where `value` is None nothing is drawn; `shown` is what stands there instead."""

    label: str
    value: Decimal | None
    shown: str = ""


@dataclass(frozen=True)
class Bar:
    """A category at its place; the heading stands in one line or two."""

    category: Category
    lines: list[tuple[str, str]]
    x: str
    y: str
    width: str
    text_x: str
    text_y: str


@dataclass(frozen=True)
class BarChart:
    """Bars below each other with the marks of their common axis."""

    uid: str
    bars: list[Bar]
    ticks: list[Mark]
    zero: str
    height: int
    width: int = 640

    @property
    def foot(self) -> int:
        """Where the axis ends and its numbers begin."""
        return self.height - 22

    @property
    def has_values(self) -> bool:
        return any(bar.category.value is not None for bar in self.bars)


def bar_chart(
    categories: Sequence[Category], *, levels: Sequence[Decimal] = (), uid: str = "bars"
) -> BarChart:
    """The bars in their order; the axis always holds zero."""
    known = [row.value for row in categories if row.value is not None]
    marks = list(levels) or ticks_from_zero(known)
    scale = Scale(marks[0], marks[-1], Decimal(LEFT), Decimal(RIGHT))
    return BarChart(
        uid=uid,
        bars=[_bar(row, n, scale) for n, row in enumerate(categories)],
        ticks=[Mark(scale.at(value), "", "", value) for value in marks],
        zero=scale.at(ZERO),
        height=TOP + ROW * len(categories) + 26,
    )


def _bar(row: Category, number: int, scale: Scale) -> Bar:
    top = TOP + ROW * number
    ends = sorted((scale.position(ZERO), scale.position(row.value or ZERO)))
    return Bar(
        row,
        _heading(row.label, top),
        coordinate(ends[0]),
        str(top + 6),
        coordinate(ends[1] - ends[0]),
        coordinate(ends[1] + 6),
        str(top + ROW // 2 + 4),
    )


def _heading(label: str, top: int) -> list[tuple[str, str]]:
    """The heading in two lines at most, each with its height; what does not fit ends in dots."""
    lines = wrap(label, 28, max_lines=2, placeholder=" …") or [""]
    first = top + ROW // 2 + 4 - 7 * (len(lines) - 1)
    return [(str(first + 14 * n), line) for n, line in enumerate(lines)]
