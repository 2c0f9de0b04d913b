"""A sparkline: a series as small as a word, with a sentence that says what it shows.

sparkline([ChartPoint("2026 Q1", Decimal(3)), ChartPoint("2026 Q2", Decimal(5))],
          name="Women trained", unit="women", uid="c1")
{% include "ui/sparkline.html" with spark=spark %}            in a sentence or a table's cell
{% include "ui/sparkline.html" with spark=spark table=True %} with the table one click away
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from common.charts.lines import runs
from common.charts.marks import Mark, Point
from common.charts.scale import ZERO, Scale, coordinate
from common.numbers import NBSP, show_decimal


@dataclass(frozen=True)
class Sparkline:
    """A small line with its first, last, lowest and highest point; gaps stay gaps."""

    uid: str
    name: str
    unit: str
    points: Sequence[Point]
    lines: list[str]
    marks: list[Mark]
    width: int = 120
    height: int = 28

    @property
    def last(self) -> Mark | None:
        """The newest value, which is drawn as a point."""
        return self.marks[-1] if self.marks else None

    @property
    def lowest(self) -> Mark | None:
        return min(self.marks, key=_value) if self.marks else None

    @property
    def highest(self) -> Mark | None:
        return max(self.marks, key=_value) if self.marks else None

    @property
    def lonely(self) -> list[Mark]:
        """Values between two gaps: no line shows them, so each gets a point."""
        drawn = {point for line in self.lines if " " in line for point in line.split()}
        return [mark for mark in self.marks if f"{mark.x},{mark.y}" not in drawn]

    @property
    def summary(self) -> str:
        """The series in a sentence: first, last, lowest and highest, each with its period."""
        if not self.marks:
            return _named(self.name, _("no value has been reported yet."))
        told = [_told(mark, self.unit) for mark in self.marks]
        if len(told) == 1:
            return _named(self.name, _("only %(value)s.") % {"value": told[0]})
        low, high = (_told(m, self.unit) for m in (self.lowest, self.highest) if m)
        text = _("from %(first)s to %(last)s; lowest %(low)s, highest %(high)s.")
        return _named(
            self.name, text % {"first": told[0], "last": told[-1], "low": low, "high": high}
        )


def _value(mark: Mark) -> Decimal:
    return ZERO if mark.value is None else mark.value


def _named(name: str, text: str) -> str:
    return f"{name}: {text}" if name else text[:1].upper() + text[1:]


def _told(mark: Mark, unit: str) -> str:
    value = show_decimal(_value(mark))
    shown = f"{value}{NBSP}{unit}" if unit else value
    # Translators: a figure and its quarter, such as "12 persons (2026 Q3)".
    return _("%(value)s (%(period)s)") % {"value": shown, "period": mark.label}


def sparkline(
    points: Sequence[Point], *, name: str = "", unit: str = "", uid: str = "spark"
) -> Sparkline:
    """The small line of `points` in order of time. It has no axis: its summary has the figures."""
    values = [point.value for point in points]
    known = [value for value in values if value is not None] or [ZERO]
    across = Scale(ZERO, Decimal(max(len(points) - 1, 1)), Decimal(5), Decimal(115))
    up = Scale(min(known), max(known), Decimal(23), Decimal(5))
    xs = [across.position(Decimal(i)) for i in range(len(points))]
    marks = [
        Mark(coordinate(x), up.at(p.value), p.label, p.value)
        for x, p in zip(xs, points, strict=True)
        if p.value is not None
    ]
    return Sparkline(uid, name, unit, points, runs(xs, values, up), marks)
