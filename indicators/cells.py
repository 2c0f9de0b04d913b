"""The cells of an indicator: its total and the parts its dimensions split it into."""

from collections.abc import Iterable, Iterator, Sequence
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
        return set_of(self.keys[0]) if self.keys else TOTAL


def set_of(key: str) -> str:
    """The dimensions that make a cell: "sex;age" of "sex=f;age=u25"."""
    return ";".join(pair.partition("=")[0] for pair in key.split(";"))


def cell_key(parts: Iterable[tuple[str, str]]) -> str:
    """The key of (dimension code, category code) pairs in the indicator's own order."""
    return ";".join(f"{dimension}={category}" for dimension, category in parts)


def dimensions_of(indicator: Indicator) -> list[Dimension]:
    """An indicator's dimensions in order; no query when splits and categories are prefetched."""
    return [split.dimension for split in indicator.splits.all()]


def _key(dimensions: Sequence[Dimension], parts: tuple[Category, ...]) -> str:
    return cell_key((d.code, c.code) for d, c in zip(dimensions, parts, strict=True))


def _cell(dimensions: Sequence[Dimension], parts: tuple[Category, ...]) -> Cell:
    return Cell(_key(dimensions, parts), " · ".join(str(part) for part in parts), parts)


def _parts(dimensions: Sequence[Dimension]) -> Iterator[tuple[Category, ...]]:
    return product(*(list(dimension.categories.all()) for dimension in dimensions))


def _groups(indicator: Indicator) -> list[list[Dimension]]:
    dimensions = dimensions_of(indicator)
    if indicator.cell_layout == CellLayout.CROSSED and dimensions:
        return [dimensions]
    return [[dimension] for dimension in dimensions]


def part_cells(indicator: Indicator) -> list[tuple[PartGroup, list[Cell]]]:
    """The parts, each group with what it adds up to."""
    found = []
    for dimensions in _groups(indicator):
        cells = [_cell(dimensions, parts) for parts in _parts(dimensions)]
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


def keys_by_set(indicator: Indicator) -> dict[str, list[str]]:
    """The keys of its parts by the dimensions that make them, in their order and without a name.

    A set without cells is none.
    """
    keys = [[_key(group, parts) for parts in _parts(group)] for group in _groups(indicator)]
    return {set_of(group[0]): group for group in keys if group}


def keys_of(indicator: Indicator) -> list[str]:
    """The key of every cell, that of the total first."""
    return [TOTAL, *(key for keys in keys_by_set(indicator).values() for key in keys)]
