"""From values to places: scales, round marks of an axis, coordinates as text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

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


def ticks_from_zero(values: Iterable[Decimal], count: int = 4) -> list[Decimal]:
    """Round marks of an axis for bars, which always begin at zero: their length is the figure."""
    known = [ZERO, *values]
    return ticks(known if any(known) else [ZERO, Decimal(1)], count)
