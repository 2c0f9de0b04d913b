"""What about a figure is worth a question: doubts come back as data and name their cells.

Pure functions on `Decimal`. A doubt is no fault: a figure may be unusual and right. What cannot be
right inside one table is found by `faults`. Every figure of a cell is one number in the unit of its
indicator; a percentage or ratio is judged as the value of its fraction and never by its halves.

The history of an indicator is what the same institution reported in the same plan and cell for
earlier quarters. Figures from before the plan's reports have other sources and are no part of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from statistics import median

from indicators.choices import Kind, Relation, ValueMeaning
from indicators.combine import Amount, Ratio
from indicators.faults import check_running_total

ZERO = Decimal(0)

ENOUGH = 4
"""So many earlier values say what is usual; with fewer only the last one is looked at."""

MADS = 5
"""Median distances from the median; of figures that scatter normally about 3.4 deviations."""

DOUBLE = 2
"""With a short history: more than twice, or less than half, the value before."""

CHANCE = Decimal(10)
"""Counts may differ by so many without a question: 1 and then 3 says nothing.

A count scatters by about its square root, so below ten chance alone doubles or halves it.
"""

GROUPS = {
    Kind.COUNT: "things",
    Kind.REGISTER: "things",
    Kind.AMOUNT: "money",
    Kind.PERCENTAGE: "percent",
    Kind.RATIO: "ratio",
    Kind.SCORE: "points",
    Kind.MILESTONE: "weights",
}
"""Kinds whose figures can be held against each other share a group; the others stand alone."""


class DoubtCode(StrEnum):
    """Kinds of doubt."""

    BELOW_FLOOR = "below_floor"
    ABOVE_CEILING = "above_ceiling"
    JUMP = "jump"
    DOUBLED = "doubled"
    HALVED = "halved"
    GROWTH = "growth"
    RUNNING_TOTAL_FELL = "running_total_fell"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True)
class Doubt:
    """A doubt about what was `stated` in a cell, seen `against` another figure.

    below_floor, above_ceiling: against the limit. doubled, halved, running_total_fell: against the
    value before. jump: against the median of `count` earlier values, which lie from `lowest` to
    `highest`. growth: the same of what a running total grew by; `stated` is its last growth.
    contradiction: against the figure of the other indicator.
    """

    code: DoubtCode
    cell: str
    stated: Decimal
    against: Decimal
    lowest: Decimal = ZERO
    highest: Decimal = ZERO
    count: int = 0


@dataclass(frozen=True)
class Measure:
    """What of an indicator matters here: its kind, what a value says, its plausible range."""

    kind: Kind
    meaning: ValueMeaning
    floor: Decimal | None = None
    ceiling: Decimal | None = None

    @property
    def is_judged(self) -> bool:
        """Words and a yes or no are never unusual."""
        return self.kind in GROUPS


def doubts_about(
    measure: Measure,
    cells: Mapping[str, Amount | None],
    history: Mapping[str, Sequence[Decimal]],
) -> list[Doubt]:
    """Every doubt about the figures of one indicator, cell by cell, in the order of `cells`.

    `history` has the earlier values of each cell, oldest first. A blank cell, and a share of
    nothing, is not judged. A running total that fell is told as that and not as a jump too.
    """
    found: list[Doubt] = []
    for cell, amount in cells.items() if measure.is_judged else ():
        value = amount.value if isinstance(amount, Ratio) else amount
        if value is not None:
            before, least = history.get(cell, ()), least_change(measure.kind, amount)
            found += check_range(value, floor=measure.floor, ceiling=measure.ceiling, cell=cell)
            if measure.meaning == ValueMeaning.RUNNING_TOTAL:
                found += check_growth(value, before, cell=cell, least=least)
            else:
                found += check_jump(value, before, cell=cell, least=least)
    return found


def least_change(kind: Kind, amount: Amount | None) -> Decimal:
    """How far a figure may move without a question, in its own unit.

    Of counted things `CHANCE`; of a share as many points as `CHANCE` things are in its denominator
    (5 of 40 and then 12 of 40 says little). Money, points and weights are not counted: 0.
    """
    if isinstance(amount, Ratio):
        return 100 * CHANCE / amount.denominator if amount.denominator else ZERO
    return CHANCE if kind in (Kind.COUNT, Kind.REGISTER) else ZERO


def check_range(
    value: Decimal,
    *,
    floor: Decimal | None = None,
    ceiling: Decimal | None = None,
    cell: str = "",
) -> list[Doubt]:
    """Find a value outside its plausible range; the limits themselves are plausible."""
    if floor is not None and value < floor:
        return [Doubt(DoubtCode.BELOW_FLOOR, cell, value, floor)]
    if ceiling is not None and value > ceiling:
        return [Doubt(DoubtCode.ABOVE_CEILING, cell, value, ceiling)]
    return []


def check_jump(
    value: Decimal, before: Sequence[Decimal], *, cell: str = "", least: Decimal = ZERO
) -> list[Doubt]:
    """Find a value beyond the indicator's own history, oldest first.

    Never a jump: a value within the range reported so far, one no further than `least` from what
    it is held against, and one without any history.

    With `ENOUGH` earlier values the median says what is usual and the median distance from it
    (MAD) how much it scatters; neither is moved by one odd quarter, as mean and deviation would be.
    A jump is further away than `MADS` of these distances, and than half of the usual value, so that
    a history without scatter does not make every change one. With fewer values the last one
    decides: more than twice, or less than half of it; there must be one above 0.
    """
    if not before or min(before) <= value <= max(before):
        return []
    if len(before) < ENOUGH:
        return _against_last(value, before[-1], cell, least)
    found = _beyond(DoubtCode.JUMP, value, before, cell, least)
    return [found] if found else []


def check_growth(
    value: Decimal, before: Sequence[Decimal], *, cell: str = "", least: Decimal = ZERO
) -> list[Doubt]:
    """Find a running total that fell, or grew as it never did before.

    A fall, however small, needs to be stated as a correction. A running total rises by nature, so
    not its level is held against the history but what it grew by, as in `check_jump`; while fewer
    than `ENOUGH` growths are known, its level against the last one. Standing still is no jump.
    """
    if not before:
        return []
    if check_running_total(before[-1], value, cell=cell):
        return [Doubt(DoubtCode.RUNNING_TOTAL_FELL, cell, value, before[-1])]
    if min(before) <= value <= max(before):
        return []
    growths = [later - sooner for sooner, later in pairwise(before)]
    if len(growths) < ENOUGH:
        return _against_last(value, before[-1], cell, least)
    grown = value - before[-1]
    if min(growths) <= grown <= max(growths):
        return []
    found = _beyond(DoubtCode.GROWTH, grown, growths, cell, least)
    return [found] if found else []


def check_relation(
    relation: Relation, left: Decimal | None, right: Decimal | None, *, cell: str = ""
) -> list[Doubt]:
    """Find two figures that contradict a rule such as "care given is at most cases".

    Exact, in the unit both share. A figure that is missing contradicts nothing.
    """
    if left is None or right is None:
        return []
    holds = {
        Relation.AT_MOST: left <= right,
        Relation.AT_LEAST: left >= right,
        Relation.EQUAL: left == right,
    }
    return [] if holds[relation] else [Doubt(DoubtCode.CONTRADICTION, cell, left, right)]


def are_comparable(left: Measure, right: Measure) -> bool:
    """Whether figures of two indicators can be held against each other.

    They must be of one group of kinds (a count never against a percentage) and say the same of time
    (what happened in a quarter never against a level or a running total).
    """
    same_kind = GROUPS.get(left.kind) == GROUPS.get(right.kind)
    return left.is_judged and same_kind and left.meaning == right.meaning


def _against_last(value: Decimal, last: Decimal, cell: str, least: Decimal) -> list[Doubt]:
    if last <= 0 or abs(value - last) <= least:
        return []
    if value > DOUBLE * last:
        return [Doubt(DoubtCode.DOUBLED, cell, value, last)]
    return [Doubt(DoubtCode.HALVED, cell, value, last)] if DOUBLE * value < last else []


def _beyond(
    code: DoubtCode, value: Decimal, before: Sequence[Decimal], cell: str, least: Decimal
) -> Doubt | None:
    usual = median(before)
    scatter = median(abs(one - usual) for one in before)
    if abs(value - usual) <= max(MADS * scatter, abs(usual) / 2, least):
        return None
    lowest, highest = min(before), max(before)
    return Doubt(code, cell, value, usual, lowest, highest, len(before))
