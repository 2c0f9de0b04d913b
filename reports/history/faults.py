"""What arithmetic finds in a table: it goes in as its source has it, with its faults named."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise, product
from typing import Any

from django.utils.translation import gettext as _

from common.numbers import show_decimal
from indicators.cells import cell_key
from indicators.choices import Kind, ValueMeaning
from indicators.combine import Amount, Ratio
from indicators.faults import (
    Fault,
    FaultCode,
    Half,
    check_fraction,
    check_running_total,
    check_table,
    rounds_to,
    sum_of_parts,
)
from reports.history.reading import Figure
from reports.history.words import Parts

HUNDRED = Decimal(100)
Cells = dict[str, Figure]


class Doubt(StrEnum):
    """What this module finds beside the faults inside one table."""

    SOURCES_DIFFER = "sources_differ"
    OUT_OF_RANGE = "out_of_range"


@dataclass(frozen=True)
class Found:
    """One fault: the row it stands at, those it was seen against, and the two figures.

    `half` says which number of the row is meant; `computed` is what it should be.
    """

    row: int
    code: str
    rows: tuple[int, ...] = ()
    stated: Decimal | None = None
    computed: Decimal | None = None
    half: str = Half.VALUE

    def as_data(self) -> dict[str, Any]:
        """For canonical JSON."""
        return asdict(self)

    def __str__(self) -> str:
        """A sentence in the active language."""
        return _sentence(self.code) % {
            "stated": "" if self.stated is None else show_decimal(self.stated),
            "computed": "" if self.computed is None else show_decimal(round(self.computed, 2)),
            "rows": ", ".join(map(str, self.rows)),
        }


def read_found(told: dict[str, Any]) -> Found:
    """A fault as it was stored."""
    figures = {
        name: None if told[name] is None else Decimal(told[name]) for name in ("stated", "computed")
    }
    return Found(**{**told, **figures, "rows": tuple(told["rows"])})


def _sentence(code: str) -> str:
    return {
        FaultCode.PART_EXCEEDS_TOTAL: _(
            "The part %(stated)s is larger than its whole, %(computed)s (row %(rows)s)."
        ),
        FaultCode.PARTS_DO_NOT_ADD_UP: _(
            "The total is %(stated)s, but its parts (rows %(rows)s) add up to %(computed)s."
        ),
        FaultCode.NUMERATOR_EXCEEDS_DENOMINATOR: _(
            "The numerator %(stated)s is larger than the denominator %(computed)s."
        ),
        FaultCode.DENOMINATOR_ZERO: _("The denominator is 0 although the numerator is not."),
        FaultCode.NOT_ITS_FRACTION: _(
            "The percentage is %(stated)s, but its fraction (rows %(rows)s) gives %(computed)s."
        ),
        FaultCode.RUNNING_TOTAL_FELL: _(
            "The running total fell to %(stated)s; before it was %(computed)s (row %(rows)s)."
        ),
        Doubt.SOURCES_DIFFER: _(
            "Here the source says %(stated)s, another one %(computed)s (row %(rows)s)."
        ),
        Doubt.OUT_OF_RANGE: _("%(stated)s is outside of what is plausible."),
    }[code]  # type: ignore[index]  # two enums of texts


def find_faults(
    figures: Sequence[Figure], parts: dict[int, Parts], share_of: str = ""
) -> list[Found]:
    """Every fault, in the order of the rows. `parts` are those of each indicator by its key."""
    tables: dict[Any, list[Figure]] = defaultdict(list)
    for figure in figures:
        tables[figure.indicator.pk, figure.said_by, figure.span].append(figure)
    found = [fault for table in tables.values() for fault in _in_table(table, parts, share_of)]
    found += _differing(figures)
    found += _falling(figures)
    found += [fault for figure in figures for fault in _implausible(figure)]
    return _shortest(found)


def _shortest(found: list[Found]) -> list[Found]:
    """In the order of the rows; the same sum found in two ways is told by the fewest rows."""
    once: dict[Any, Found] = {}
    for fault in sorted(found, key=lambda fault: len(fault.rows)):
        once.setdefault((fault.row, fault.code, fault.half, fault.stated, fault.computed), fault)
    return sorted(once.values(), key=lambda fault: (fault.row, fault.code, fault.rows))


def amount_of(figure: Figure) -> Amount | None:
    """The figure as it is calculated with; nothing where only a percentage is stated."""
    value, top, bottom = figure.numbers
    if bottom is not None:
        return Ratio(top, bottom)
    return None if figure.indicator.is_share else value


def _in_table(table: list[Figure], parts: dict[int, Parts], share_of: str) -> Iterator[Found]:
    """One indicator, source and period: totals against parts, percentages against fractions."""
    indicator = table[0].indicator
    split = parts[indicator.pk]
    plain = {figure.cell: figure for figure in table if not figure.is_share}
    amounts = {cell: amount_of(figure) for cell, figure in plain.items()}
    if Kind(indicator.kind).adds_up and len(plain) > 1:
        for fault in check_table(_completed(amounts, split), open_dimensions=split.open_ones):
            if fault.cell in plain:
                yield _told(fault, plain[fault.cell], plain)
    for figure in plain.values():
        yield from _own_fraction(figure)
    for figure in table:
        if figure.is_share:
            yield from _share(figure, plain, amounts, split, share_of)


def _completed(amounts: dict[str, Amount | None], split: Parts) -> dict[str, Amount | None]:
    """The cells of every layout that occurs, those that are not in the table as blank ones."""
    layouts = dict.fromkeys(tuple(_pairs(cell)) for cell in amounts)
    found: dict[str, Amount | None] = {}
    for layout in layouts:
        for chosen in product(*(split.categories[name] for name in layout)):
            key = cell_key(zip(layout, chosen, strict=True))
            found[key] = amounts.get(key)
    return found


def _pairs(cell: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in cell.split(";")) if cell else {}


def _told(fault: Fault, figure: Figure, cells: Cells) -> Found:
    rows = tuple(cells[cell].row for cell in fault.others if cell in cells)
    return Found(figure.row, fault.code, rows, fault.stated, fault.computed, fault.half)


def _own_fraction(figure: Figure) -> Iterator[Found]:
    value, top, bottom = figure.numbers
    if bottom is None:
        return
    is_ratio = figure.indicator.kind == Kind.RATIO
    stated = None if is_ratio else value
    for fault in check_fraction(Ratio(top, bottom), stated=stated, may_exceed=is_ratio):
        yield Found(figure.row, fault.code, (figure.row,), fault.stated, fault.computed, fault.half)


def _share(
    figure: Figure, cells: Cells, amounts: dict[str, Amount | None], split: Parts, share_of: str
) -> Iterator[Found]:
    """A stated percentage against the figure of its cell and the whole that cell is a part of."""
    pairs = _pairs(figure.cell)
    name = share_of if share_of in pairs else next(reversed(pairs), "")
    top = amounts.get(figure.cell)
    if not name or not isinstance(top, Decimal):
        return
    siblings = {
        cell_key({**pairs, name: category}.items()): category for category in split.categories[name]
    }
    whole = cell_key((key, part) for key, part in pairs.items() if key != name)
    bottom, beside = amounts.get(whole), [whole]
    if bottom is None and name not in split.open_ones:
        bottom, beside = sum_of_parts({cell: amounts.get(cell) for cell in siblings}), [*siblings]
    if not isinstance(bottom, Decimal):
        return
    rows = tuple(dict.fromkeys(cells[cell].row for cell in (figure.cell, *beside)))
    stated = figure.numbers[0]
    for fault in check_fraction(Ratio(top, bottom), stated=stated, may_exceed=True):
        yield Found(figure.row, fault.code, rows, fault.stated, fault.computed)


def _differing(figures: Sequence[Figure]) -> Iterator[Found]:
    """Two sources for the same thing that say different figures, beyond rounding."""
    same: dict[Any, list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.institution is None:
            same[figure.indicator.pk, figure.span, figure.cell, figure.is_share].append(figure)
    for first, *others in same.values():
        for other in others:
            one, two = _shown(first), _shown(other)
            if one is None or two is None or rounds_to(one, two) or rounds_to(two, one):
                continue
            yield Found(other.row, Doubt.SOURCES_DIFFER, (first.row,), two, one)


def _shown(figure: Figure) -> Decimal | None:
    value, top, bottom = figure.numbers
    return value if value is not None else Ratio(top, bottom).value


def _falling(figures: Sequence[Figure]) -> Iterator[Found]:
    running: dict[Any, list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.indicator.value_meaning == ValueMeaning.RUNNING_TOTAL and not figure.is_share:
            running[figure.indicator.pk, figure.said_by, figure.cell].append(figure)
    for row in running.values():
        for before, after in pairwise(sorted(row, key=lambda figure: figure.span.ends_on)):
            for fault in check_running_total(before.numbers[0], after.numbers[0]):
                yield Found(after.row, fault.code, (before.row,), fault.stated, fault.computed)


def _implausible(figure: Figure) -> Iterator[Found]:
    """A percentage outside 0 to 100, or a value outside the range of its indicator."""
    value = _shown(figure)
    lowest, highest = figure.indicator.floor, figure.indicator.ceiling
    if figure.is_share or (figure.indicator.kind == Kind.PERCENTAGE and highest is None):
        lowest, highest = Decimal(0), HUNDRED
    if value is None:
        return
    if (lowest is not None and value < lowest) or (highest is not None and value > highest):
        yield Found(figure.row, Doubt.OUT_OF_RANGE, (), value)
