"""How reported values become one figure: over time, over institutions, and how much of it is there.

Pure functions on Decimal. A percentage or a ratio travels as a `Ratio`, numerator and denominator,
until it is shown; it is never averaged. None in a series or a list means: owed, not reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from statistics import median
from typing import NamedTuple, cast

from indicators.choices import Kind, OverTime, OverUnits, Status, ValueMeaning

HUNDRED = Decimal(100)
ZERO = Decimal(0)


class Ratio(NamedTuple):
    """A numerator and its denominator, each a count or an amount; either may be missing."""

    numerator: Decimal | None
    denominator: Decimal | None

    @property
    def is_complete(self) -> bool:
        """Whether both halves are there."""
        return self.numerator is not None and self.denominator is not None

    @property
    def value(self) -> Decimal | None:
        """100 · numerator / denominator; None where a half is missing or the denominator is 0."""
        if self.numerator is None or not self.denominator:
            return None
        return HUNDRED * self.numerator / self.denominator


Amount = Decimal | Ratio


class Combined(NamedTuple):
    """One figure made of several.

    `reported` of `expected` units stand behind it, `age` is the number of periods since its
    newest value (None: there is none), `incomplete` says that a denominator or a period is
    missing.
    """

    amount: Amount | None
    reported: int
    expected: int
    incomplete: bool = False
    age: int | None = 0

    @property
    def value(self) -> Decimal | None:
        """The figure itself; percentages as 0 to 100."""
        return self.amount.value if isinstance(self.amount, Ratio) else self.amount

    @property
    def coverage(self) -> Decimal:
        """Share of the units that reported."""
        return coverage(self.reported, self.expected)


def coverage(reported: int, expected: int) -> Decimal:
    """Units that reported as a share of those that owed something, 0 to 1.

    A report that nobody asked for cannot lift it above 1. Where nothing was owed nothing is
    missing: 1.
    """
    if expected <= 0:
        return Decimal(1)
    return min(Decimal(1), Decimal(max(reported, 0)) / expected)


def combine(values: Iterable[Amount | None], rule: OverTime | OverUnits) -> Combined:
    """Make one figure of several, by the rule the indicator declares.

    Plain figures: sum, mean, median, max, min, or the latest of a series in order of time.
    Ratios: 100 · Σ numerator / Σ denominator under every rule but latest, max, min and
    national_only, for percentages are never averaged; one without its denominator (also a plain
    figure where a fraction is due) is left out and makes the result incomplete. national_only
    takes the one value there is: two cannot be combined and give none. A sum of nothing is no
    figure, not zero.
    """
    owed = list(values)
    given = [value for value in owed if value is not None]
    amount, incomplete = _made(given, rule)
    return Combined(amount, len(given), len(owed), incomplete, age=0 if given else None)


def to_date(
    series: Sequence[Amount | None], meaning: ValueMeaning, rule: OverTime = OverTime.SUM
) -> Combined:
    """Read one unit's periods, in order of time and up to now, as one figure.

    in_period: combined by the rule, normally the sum. running_total: the latest, carried forward;
    adding totals up would count twice. snapshot: the latest with its age, unless mean, median,
    max, min or ratio_of_sums is declared; a level is never summed. Scores: latest or median.
    Under every rule but the latest, a period missing before the newest value makes it incomplete.
    """
    if rule != OverTime.LATEST and _is_carried(meaning, rule):
        rule = OverTime.LATEST
    given = [value for value in series if value is not None]
    amount, incomplete = _made(given, rule)
    if not given:
        return Combined(amount, reported=0, expected=1, incomplete=incomplete, age=None)
    age = next(age for age, value in enumerate(reversed(series)) if value is not None)
    gap = len(given) < len(series) - age and rule != OverTime.LATEST
    return Combined(amount, int(age == 0), expected=1, incomplete=incomplete or gap, age=age)


def national(
    units: Mapping[str, Sequence[Amount | None]],
    meaning: ValueMeaning,
    over_time: OverTime,
    over_units: OverUnits,
) -> Combined:
    """First each unit over time, then the units; `units` maps a unit's code to its series.

    A unit that is silent in the current period keeps its figure to date, but does not count as
    reported: the coverage tells. The age is that of the newest value. The order of the units
    does not matter.
    """
    readings = [to_date(series, meaning, over_time) for series in units.values()]
    given = [reading.amount for reading in readings if reading.amount is not None]
    amount, incomplete = _made(given, over_units)
    ages = [reading.age for reading in readings if reading.age is not None]
    return Combined(
        amount,
        reported=sum(reading.reported for reading in readings),
        expected=len(readings),
        incomplete=incomplete or any(reading.incomplete for reading in readings),
        age=min(ages, default=None),
    )


def milestones_done(steps: Iterable[tuple[Decimal, bool]]) -> Decimal:
    """Sum the weights of the steps that are done; the unit is that of the weights."""
    return sum((weight for weight, done in steps if done), start=ZERO)


def tally(statuses: Iterable[Status]) -> dict[Status, int]:
    """Count an objective's indicators per status, best first, for a stacked bar.

    The status of an objective is this count. It is never an average of percentages. Statuses that
    do not occur are left out.
    """
    given = list(statuses)
    return {status: given.count(status) for status in Status if status in given}


def unfunded_share(planned: Decimal, allocated: Decimal) -> Decimal | None:
    """Share of the planned money that nobody allocated, 0 to 1; None where nothing was planned."""
    if planned <= 0:
        return None
    return max(ZERO, (planned - allocated) / planned)


def is_overspent(allocated: Decimal | None, spent: Decimal | None) -> bool:
    """Whether more was spent than allocated: a warning, not an error."""
    return allocated is not None and spent is not None and spent > allocated


def rules_over_time(kind: Kind, meaning: ValueMeaning) -> frozenset[OverTime]:
    """Which rules make sense over time, for an indicator's form and loader.

    A running total is only carried forward, a level is never summed, a score is latest or median.
    """
    if meaning == ValueMeaning.RUNNING_TOTAL or kind == Kind.NARRATIVE:
        return frozenset({OverTime.LATEST})
    if kind.has_fraction:
        return frozenset({OverTime.RATIO_OF_SUMS, OverTime.LATEST, OverTime.MAX, OverTime.MIN})
    if kind == Kind.SCORE:
        return frozenset({OverTime.LATEST, OverTime.MEDIAN})
    if kind == Kind.YES_NO:
        return frozenset({OverTime.LATEST, OverTime.MAX, OverTime.MIN})
    unfit = {OverTime.RATIO_OF_SUMS}
    if meaning == ValueMeaning.SNAPSHOT:
        unfit.add(OverTime.SUM)
    return frozenset(OverTime) - unfit


def rules_over_units(kind: Kind) -> frozenset[OverUnits]:
    """Which rules make sense over institutions: no mean of percentages, no sum of scores."""
    extremes = {OverUnits.MAX, OverUnits.MIN, OverUnits.NATIONAL_ONLY}
    if kind.has_fraction:
        return frozenset(extremes | {OverUnits.RATIO_OF_SUMS})
    if kind == Kind.SCORE:
        return frozenset(extremes | {OverUnits.MEDIAN})
    if kind == Kind.NARRATIVE:
        return frozenset({OverUnits.NATIONAL_ONLY})
    if kind == Kind.YES_NO:
        return frozenset(extremes | {OverUnits.SUM})
    return frozenset(OverUnits) - {OverUnits.RATIO_OF_SUMS}


def _is_carried(meaning: ValueMeaning, rule: OverTime) -> bool:
    """Whether only the latest counts, whatever the rule: totals and levels are never added up."""
    return meaning == ValueMeaning.RUNNING_TOTAL or (
        meaning == ValueMeaning.SNAPSHOT and rule == OverTime.SUM
    )


def _made(given: Sequence[Amount], rule: OverTime | OverUnits) -> tuple[Amount | None, bool]:
    """What `combine` makes of the figures that are there, and whether it is incomplete."""
    if rule == OverTime.LATEST or len(given) == 1:
        amount = given[-1] if given else None
        return amount, _lacks_half(amount, rule)
    if rule == OverUnits.NATIONAL_ONLY:
        return None, bool(given)
    ratios = [value for value in given if isinstance(value, Ratio)]
    if ratios or rule == OverTime.RATIO_OF_SUMS:
        complete = [ratio for ratio in ratios if ratio.is_complete]
        return _combine_ratios(complete, rule), len(complete) < len(given)
    return _combine_plain(cast("Sequence[Decimal]", given), rule), False


def _combine_plain(figures: Sequence[Decimal], rule: OverTime | OverUnits) -> Decimal | None:
    if not figures:
        return None
    if rule == OverTime.MEDIAN:
        return median(figures)
    if rule == OverTime.MAX:
        return max(figures)
    if rule == OverTime.MIN:
        return min(figures)
    total = _sum(figures)
    return total / len(figures) if rule == OverTime.MEAN else total


def _combine_ratios(complete: Sequence[Ratio], rule: OverTime | OverUnits) -> Ratio | None:
    """Σ numerator over Σ denominator; max and min pick one, leaving out zero denominators."""
    if not complete:
        return None
    if rule in {OverTime.MAX, OverTime.MIN}:
        ranked = sorted((ratio.value, ratio) for ratio in complete if ratio.value is not None)
        return (ranked[-1] if rule == OverTime.MAX else ranked[0])[1] if ranked else None
    return Ratio(
        _sum(ratio.numerator or ZERO for ratio in complete),
        _sum(ratio.denominator or ZERO for ratio in complete),
    )


def _sum(figures: Iterable[Decimal]) -> Decimal:
    """Add from the smallest up, so that not even the 28th digit depends on the order given."""
    return sum(sorted(figures), start=ZERO)


def _lacks_half(amount: Amount | None, rule: OverTime | OverUnits) -> bool:
    if isinstance(amount, Ratio):
        return not amount.is_complete
    return amount is not None and rule == OverTime.RATIO_OF_SUMS
