"""What must hold inside one table of figures. Faults come back as data and name their cells.

A cell is a key: "" is the total, "sex=f" a part, "sex=f;age=u25" a crossed part. Checks are exact,
on what was entered; only a stated percentage is allowed the rounding of its last digit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from enum import StrEnum

from indicators.combine import Amount, Ratio

ZERO = Decimal(0)


class FaultCode(StrEnum):
    """Kinds of fault in a table."""

    PART_EXCEEDS_TOTAL = "part_exceeds_total"
    PARTS_DO_NOT_ADD_UP = "parts_do_not_add_up"
    NUMERATOR_EXCEEDS_DENOMINATOR = "numerator_exceeds_denominator"
    DENOMINATOR_MISSING = "denominator_missing"
    DENOMINATOR_ZERO = "denominator_zero"
    NOT_ITS_FRACTION = "not_its_fraction"
    RUNNING_TOTAL_FELL = "running_total_fell"


class Half(StrEnum):
    """Which figure of a cell is meant."""

    VALUE = "value"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"


@dataclass(frozen=True)
class Fault:
    """A fault in `cell`, seen against `others`: `stated` stands there, `computed` was found.

    part_exceeds_total: the cell is the part, `computed` its total. parts_do_not_add_up: the cell
    is the total, `computed` the sum of its parts. running_total_fell: `computed` is the previous
    total. `half` says which figure of a percentage it is about.
    """

    code: FaultCode
    cell: str
    others: tuple[str, ...] = ()
    stated: Decimal | None = None
    computed: Decimal | None = None
    half: Half = Half.VALUE


def check_cells(
    total: Amount | None,
    parts: Mapping[str, Amount | None],
    *,
    whole: str = "",
    exhaustive: bool = True,
) -> list[Fault]:
    """Hold the parts of one dimension against their total.

    A part above its total is a fault. So are parts that do not add up: a sum other than the total
    where every part is given, a sum above it where some are still blank (None). A dimension whose
    categories overlap or leave somebody out (`exhaustive=False`) need not add up. A ratio is
    checked in both halves. Only for figures that add up (`Kind.adds_up`); no total, no check.
    Unit: that of the indicator. `whole` is the key of the total.
    """
    faults: list[Fault] = []
    for half in Half:
        figures = {cell: _half(part, half) for cell, part in parts.items()}
        faults += _check_half(_half(total, half), figures, whole, exhaustive, half)
    return faults


def check_table(
    cells: Mapping[str, Amount | None], *, open_dimensions: Collection[str] = ()
) -> list[Fault]:
    """Check every total and sub-total of a table against the cells it is made of.

    `cells` maps each key the form asks for to its figure, None where it is blank. Dimensions on
    their own are each held against the total; crossed ones also against each margin entered.
    `open_dimensions` need not add up.
    """
    faults: list[Fault] = []
    for whole, parts, dimensions in _families(cells):
        exhaustive = dimensions.isdisjoint(open_dimensions)
        faults += check_cells(cells[whole], parts, whole=whole, exhaustive=exhaustive)
    return faults


def check_fraction(
    ratio: Ratio, *, cell: str = "", stated: Decimal | None = None, may_exceed: bool = False
) -> list[Fault]:
    """Check a percentage: halves there, denominator not 0, numerator not above it, figure right.

    0 of 0 is no fault: there was nobody. `stated` is a percentage somebody wrote beside the
    fraction, to be that of the fraction rounded to its last digit; a figure that was cut instead of
    rounded is found. `may_exceed` is for ratios, whose numerator may be the larger.
    """
    top, bottom = ratio
    if bottom is None:
        return [] if top is None else [Fault(FaultCode.DENOMINATOR_MISSING, cell, stated=top)]
    faults = []
    if top and not bottom:
        faults.append(Fault(FaultCode.DENOMINATOR_ZERO, cell, stated=bottom, half=Half.DENOMINATOR))
    elif top is not None and top > bottom and not may_exceed:
        code = FaultCode.NUMERATOR_EXCEEDS_DENOMINATOR
        faults.append(Fault(code, cell, stated=top, computed=bottom, half=Half.NUMERATOR))
    if stated is not None and ratio.value is not None and not rounds_to(ratio.value, stated):
        faults.append(Fault(FaultCode.NOT_ITS_FRACTION, cell, stated=stated, computed=ratio.value))
    return faults


def check_running_total(
    previous: Decimal | None, current: Decimal | None, *, cell: str = ""
) -> list[Fault]:
    """Find a running total that fell: it needs to be called a correction and given a reason."""
    if previous is None or current is None or current >= previous:
        return []
    return [Fault(FaultCode.RUNNING_TOTAL_FELL, cell, stated=current, computed=previous)]


def sum_of_parts(parts: Mapping[str, Amount | None]) -> Amount | None:
    """Compute a total that is summed from its parts; None while one of them is blank."""
    given = [part for part in parts.values() if part is not None]
    if not given or len(given) < len(parts):
        return None
    if all(isinstance(part, Decimal) for part in given):
        return _sum(given, Half.VALUE)
    return Ratio(_sum(given, Half.NUMERATOR), _sum(given, Half.DENOMINATOR))


def _check_half(
    total: Decimal | None,
    figures: Mapping[str, Decimal | None],
    whole: str,
    exhaustive: bool,
    half: Half,
) -> Iterator[Fault]:
    given = {cell: figure for cell, figure in figures.items() if figure is not None}
    if total is None or not given:
        return
    for cell, figure in given.items():
        if figure > total:
            code = FaultCode.PART_EXCEEDS_TOTAL
            yield Fault(code, cell, (whole,), stated=figure, computed=total, half=half)
    added = sum(given.values(), start=ZERO)
    if exhaustive and (added > total or (added != total and len(given) == len(figures))):
        code = FaultCode.PARTS_DO_NOT_ADD_UP
        yield Fault(code, whole, tuple(given), stated=total, computed=added, half=half)


def _families(
    cells: Mapping[str, Amount | None],
) -> Iterator[tuple[str, dict[str, Amount | None], frozenset[str]]]:
    """Yield each key with the cells that split it, once per set of further dimensions."""
    pairs = {cell: frozenset(cell.split(";")) if cell else frozenset() for cell in cells}
    layouts = {cell: frozenset(pair.partition("=")[0] for pair in pairs[cell]) for cell in cells}
    for whole in cells:
        for layout in dict.fromkeys(layouts.values()):
            if layouts[whole] < layout:
                inside = [c for c in cells if layouts[c] == layout and pairs[whole] <= pairs[c]]
                yield whole, {cell: cells[cell] for cell in inside}, layout - layouts[whole]


def _half(amount: Amount | None, half: Half) -> Decimal | None:
    if isinstance(amount, Ratio):
        return {Half.NUMERATOR: amount.numerator, Half.DENOMINATOR: amount.denominator}.get(half)
    return amount if half == Half.VALUE else None


def _sum(given: Collection[Amount], half: Half) -> Decimal | None:
    """Sum one half of each part; None where a part lacks it."""
    figures = [_half(part, half) for part in given]
    known = [figure for figure in figures if figure is not None]
    return sum(known, start=ZERO) if len(known) == len(figures) else None


def rounds_to(value: Decimal, stated: Decimal) -> bool:
    """Whether a value rounds to a stated figure of fewer digits, half away from 0 or to even."""
    exponent = stated.as_tuple().exponent
    unit = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    return stated in {
        value.quantize(unit, rounding) for rounding in (ROUND_HALF_UP, ROUND_HALF_EVEN)
    }
