"""What the indicators of an invented plan look like: fifteen shapes, each used four times."""

from dataclasses import dataclass
from itertools import product

from indicators.choices import (
    Direction,
    Frequency,
    Kind,
    OverTime,
    OverUnits,
    Sensitivity,
    ValueMeaning,
)

DIMENSIONS: dict[str, tuple[str, ...]] = {
    "sex": ("f", "m"),
    "age": ("u18", "18to29", "30to59", "60up"),
    "region": tuple(f"r{number:02}" for number in range(1, 13)),
}


@dataclass(frozen=True)
class Shape:
    """One sort of indicator: what it counts, how that adds up, and how it is split."""

    kind: Kind
    direction: Direction
    meaning: ValueMeaning
    over_time: OverTime
    over_units: OverUnits
    splits: tuple[str, ...] = ()
    crossed: bool = False
    sensitivity: Sensitivity = Sensitivity.PUBLIC
    frequency: Frequency = Frequency.QUARTERLY

    @property
    def groups(self) -> list[list[str]]:
        """The keys of the parts, each group of which makes up the total."""
        names = [[f"{name}={code}" for code in DIMENSIONS[name]] for name in self.splits]
        return [[";".join(pair) for pair in product(*names)]] if self.crossed else names

    @property
    def keys(self) -> list[str]:
        """Every cell, the total first."""
        return ["", *(key for group in self.groups for key in group)]


_UP, _DOWN, _LEVEL = Direction.INCREASE, Direction.DECREASE, Direction.MAINTAIN
_IN_PERIOD = (ValueMeaning.IN_PERIOD, OverTime.SUM, OverUnits.SUM)
_RUNNING = (ValueMeaning.RUNNING_TOTAL, OverTime.LATEST, OverUnits.SUM)
_SHARE = (ValueMeaning.SNAPSHOT, OverTime.LATEST, OverUnits.RATIO_OF_SUMS)
_MEAN = (ValueMeaning.SNAPSHOT, OverTime.LATEST, OverUnits.MEAN)
_STOCK = (ValueMeaning.SNAPSHOT, OverTime.LATEST, OverUnits.SUM)
_SMALL = Sensitivity.SMALL_COUNTS
_BY_SEX_AND_AGE = (("sex", "age"), True)

SHAPES = (
    Shape(Kind.COUNT, _UP, *_IN_PERIOD, *_BY_SEX_AND_AGE),
    Shape(Kind.PERCENTAGE, _UP, *_SHARE, *_BY_SEX_AND_AGE),
    Shape(Kind.COUNT, _UP, *_RUNNING, *_BY_SEX_AND_AGE),
    Shape(Kind.SCORE, _UP, *_MEAN, ("region",)),
    Shape(Kind.AMOUNT, _UP, *_IN_PERIOD, ("region",)),
    Shape(Kind.COUNT, _DOWN, *_STOCK, *_BY_SEX_AND_AGE, sensitivity=_SMALL),
    Shape(Kind.YES_NO, _UP, ValueMeaning.SNAPSHOT, OverTime.LATEST, OverUnits.MAX),
    Shape(Kind.PERCENTAGE, _UP, *_SHARE, ("region",)),
    Shape(Kind.COUNT, _UP, *_IN_PERIOD, ("region", "sex")),
    Shape(Kind.PERCENTAGE, _UP, *_SHARE, *_BY_SEX_AND_AGE, sensitivity=_SMALL),
    Shape(Kind.COUNT, _LEVEL, *_STOCK, ("region",)),
    Shape(Kind.RATIO, _DOWN, *_SHARE, ("sex", "age")),
    Shape(Kind.COUNT, _UP, *_IN_PERIOD, ("region",), frequency=Frequency.HALF_YEARLY),
    Shape(Kind.MILESTONE, _UP, *_MEAN, frequency=Frequency.ANNUAL),
)
LAST = (
    Shape(Kind.COUNT, _UP, *_IN_PERIOD, sensitivity=Sensitivity.RESTRICTED),
    Shape(Kind.REGISTER, _UP, *_RUNNING, frequency=Frequency.ANNUAL),
    Shape(Kind.NARRATIVE, Direction.NONE, ValueMeaning.SNAPSHOT, OverTime.LATEST, OverUnits.MAX),
    Shape(Kind.COUNT, _UP, *_RUNNING, ("region",)),
)
"""The fifteenth place is held by one of these in turn: one restricted indicator in a plan."""


def shape_of(number: int) -> Shape:
    """The shape of the indicator with this number, from 0."""
    rounds, place = divmod(number, len(SHAPES) + 1)
    return SHAPES[place] if place < len(SHAPES) else LAST[rounds % len(LAST)]
