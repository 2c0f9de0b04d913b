"""The cells of an indicator: its total and the parts its dimensions split it into."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from indicators.choices import CellLayout, TotalRule
from indicators.models import Category, Dimension, Indicator

TOTAL = ""


@dataclass(frozen=True)
class Cell:
    """One place for a value. `key` is canonical: "" for the total, "sex=f;age=u25" for a part."""

    key: str
    label: str
    parts: tuple[Category, ...] = ()

    @property
    def is_total(self) -> bool:
        return self.key == TOTAL


@dataclass(frozen=True)
class PartGroup:
    """Cells that together make up the total."""

    title: str
    total_rule: str
    keys: tuple[str, ...]

    @property
    def cell_set(self) -> str:
        """The dimensions that make the parts: "sex", "sex;age"."""
        pairs = self.keys[0].split(";") if self.keys else []
        return ";".join(pair.partition("=")[0] for pair in pairs)


def cell_key(parts: Iterable[tuple[str, str]]) -> str:
    """The key of (dimension code, category code) pairs in the indicator's own order."""
    return ";".join(f"{dimension}={category}" for dimension, category in parts)


def dimensions_of(indicator: Indicator) -> list[Dimension]:
    """An indicator's dimensions in order; no query when splits and categories are prefetched."""
    return [split.dimension for split in indicator.splits.all()]


def _cell(dimensions: Sequence[Dimension], parts: tuple[Category, ...]) -> Cell:
    pairs = zip(dimensions, parts, strict=True)
    key = cell_key((d.code, c.code) for d, c in pairs)
    return Cell(key, " · ".join(str(part) for part in parts), parts)


def _groups(indicator: Indicator) -> list[list[Dimension]]:
    dimensions = dimensions_of(indicator)
    if indicator.cell_layout == CellLayout.CROSSED and dimensions:
        return [dimensions]
    return [[dimension] for dimension in dimensions]


def part_cells(indicator: Indicator) -> list[tuple[PartGroup, list[Cell]]]:
    """The parts, each group with what it adds up to."""
    found = []
    for dimensions in _groups(indicator):
        categories = [list(d.categories.all()) for d in dimensions]
        cells = [_cell(dimensions, parts) for parts in product(*categories)]
        rule = (
            TotalRule.SUMMED
            if all(d.total_rule == TotalRule.SUMMED for d in dimensions)
            else TotalRule.ENTERED
        )
        title = " × ".join(str(d) for d in dimensions)
        found.append((PartGroup(title, rule, tuple(c.key for c in cells)), cells))
    return found


def cells_of(indicator: Indicator, total_label: str = "") -> list[Cell]:
    """Every cell of an indicator, its total first."""
    parts = [cell for _, cells in part_cells(indicator) for cell in cells]
    return [Cell(TOTAL, total_label), *parts]
