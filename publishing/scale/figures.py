"""Invented figures that hold together: parts add up, totals only run up, shares are fractions.

Pure functions of the indicator, the institution and the quarter, so the same everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from indicators.choices import Direction, Kind, ObservationState, ValueMeaning
from publishing.scale.shapes import Shape

CENT = Decimal(100)
Row = dict[str, Any]
"""An observation as reports.content.FIGURES names its fields."""


@dataclass(frozen=True)
class Aim:
    """Where an indicator starts and what it should reach, in its own unit."""

    baseline: Decimal
    target: Decimal

    def at(self, share: Decimal) -> Decimal:
        """The value when this share of the way is gone."""
        return self.baseline + (self.target - self.baseline) * share


def aim_of(shape: Shape, number: int) -> Aim:
    """Start and target of an indicator; what is counted from the plan's beginning starts at 0."""
    size = Decimal(400 + number * 37 % 900)
    if shape.kind in (Kind.PERCENTAGE, Kind.MILESTONE):
        return Aim(Decimal(0 if shape.kind == Kind.MILESTONE else 15), Decimal(60 + number % 40))
    if shape.kind == Kind.SCORE:
        return Aim(Decimal(2), Decimal(4))
    if shape.kind == Kind.YES_NO:
        return Aim(Decimal(0), Decimal(1))
    if shape.kind == Kind.RATIO:
        return Aim(Decimal(180), Decimal(120))
    if shape.meaning == ValueMeaning.SNAPSHOT:
        return Aim(size, size if shape.direction == Direction.MAINTAIN else size / 4)
    return Aim(Decimal(0), size * (1_000 if shape.kind == Kind.AMOUNT else 5))


def split(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers that add up to the total, about as the weights have it."""
    scale = sum(weights)
    parts = [int(total * weight / scale) for weight in weights]
    parts[-1] += total - sum(parts)
    return parts


def split_below(total: int, limits: Sequence[int]) -> list[int]:
    """Whole numbers that add up to the total, none above its limit; the limits' sum suffices."""
    parts = split(total, [limit or 0.001 for limit in limits])
    over = 0
    for place, limit in enumerate(limits):
        over += parts[place] - min(parts[place], limit)
        parts[place] = min(parts[place], limit)
    for place, limit in enumerate(limits):
        more = min(limit - parts[place], over)
        parts[place] += more
        over -= more
    return parts


@dataclass(frozen=True)
class Moment:
    """One institution's quarter: which, of how many, and among how many institutions."""

    quarter: int
    quarters: int
    units: int

    @property
    def share(self) -> Decimal:
        """How much of the plan's time is over."""
        return Decimal(self.quarter + 1) / self.quarters


def _row(cell: str, **told: Any) -> Row:
    figures = dict.fromkeys(("value", "numerator", "denominator"))
    return {"cell": cell, "state": "value", **figures, "text": "", "reason": "", **told}


def _whole(shape: Shape, aim: Aim, moment: Moment, drive: Decimal, luck: Random) -> int:
    """The total as a whole number: of cents for money, of tenths for scores."""
    if shape.meaning == ValueMeaning.IN_PERIOD:
        found = aim.target / moment.quarters * drive * luck.randint(85, 115) / CENT
    else:
        found = aim.at(moment.share * drive)
    if shape.kind in (Kind.COUNT, Kind.AMOUNT, Kind.REGISTER):
        found /= moment.units
    factor = {Kind.AMOUNT: 100, Kind.SCORE: 10}.get(shape.kind, 1)
    return max(int(found * factor), 0)


def _fractions(shape: Shape, total: int, luck: Random) -> list[Row]:
    base = luck.randint(300, 900)
    top = base * total // 100
    rows = [_row("", numerator=Decimal(top), denominator=Decimal(base))]
    for group in shape.groups:
        bases = split(base, [luck.uniform(1, 3) for _ in group])
        limits = bases if shape.kind == Kind.PERCENTAGE else [top] * len(group)
        halves = zip(group, split_below(top, limits), bases, strict=True)
        rows += [_row(k, numerator=Decimal(a), denominator=Decimal(b)) for k, a, b in halves]
    return rows


def _values(shape: Shape, total: int, luck: Random) -> list[Row]:
    unit = Decimal(1).scaleb(-{Kind.AMOUNT: 2, Kind.SCORE: 1}.get(shape.kind, 0))
    rows = [_row("", value=total * unit)]
    for number, group in enumerate(shape.groups):
        if shape.kind == Kind.SCORE:
            parts = [max(total + luck.randint(-5, 5), 0) for _ in group]
        else:  # a running total must not fall in any of its parts: they keep their weights
            parts = split(total, [1 + (place * 7 + number) % 5 for place in range(len(group))])
        rows += [_row(key, value=part * unit) for key, part in zip(group, parts, strict=True)]
    return rows


def answers(shape: Shape, aim: Aim, moment: Moment, luck: Random) -> list[Row]:
    """The observations of one line, sorted by cell; now and then there is only a reason."""
    if luck.random() < 0.02:
        silent = ObservationState.NOT_AVAILABLE.value
        reason = "The register was being moved to the new system."
        return [_row(key, state=silent, reason=reason) for key in sorted(shape.keys)]
    if shape.kind == Kind.NARRATIVE:
        return [_row("", text="The working group met and agreed the draft of the regulation.")]
    drive = Decimal(luck.choice((45, 75, 90, 98, 104, 112))) / CENT
    if shape.meaning == ValueMeaning.RUNNING_TOTAL:
        drive = Decimal("0.9")
    total = _whole(shape, aim, moment, drive, luck)
    found = _fractions if shape.kind.has_fraction else _values
    return sorted(found(shape, total, luck), key=lambda row: str(row["cell"]))
