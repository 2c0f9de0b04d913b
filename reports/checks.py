"""What must hold inside one line, told in sentences that name the cells."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from common.numbers import show_decimal
from indicators.cells import TOTAL, cells_of
from indicators.choices import Kind, TotalRule
from indicators.combine import Ratio
from indicators.faults import Fault, FaultCode, Half, check_fraction, check_table
from indicators.models import Indicator
from reports.models import Observation


@dataclass(frozen=True)
class LineFault:
    """One fault of a line: the cell and field it stands at, and the sentence."""

    cell: str
    field: str
    text: str


def total_name(indicator: Indicator) -> str:
    """What the form calls the whole: where nothing is split, it is simply the value."""
    return _("Total") if indicator.splits.all() else _("Value")


def _half_name(half: Half) -> str:
    names = {Half.NUMERATOR: _("numerator"), Half.DENOMINATOR: _("denominator")}
    return names.get(half, _("value"))


def _sentence(fault: Fault, labels: Mapping[str, str]) -> str:
    texts = {
        FaultCode.PART_EXCEEDS_TOTAL: _(
            "%(cell)s: the %(half)s %(stated)s is larger than that of the total, %(computed)s."
        ),
        FaultCode.PARTS_DO_NOT_ADD_UP: _(
            "%(cell)s: the %(half)s is %(stated)s, but its parts (%(others)s) add up "
            "to %(computed)s."
        ),
        FaultCode.NUMERATOR_EXCEEDS_DENOMINATOR: _(
            "%(cell)s: the numerator %(stated)s is larger than the denominator %(computed)s."
        ),
        FaultCode.DENOMINATOR_MISSING: _("%(cell)s: the denominator is missing."),
        FaultCode.DENOMINATOR_ZERO: _(
            "%(cell)s: the denominator is 0 although the numerator is not."
        ),
    }
    return texts[fault.code] % {
        "cell": labels.get(fault.cell, fault.cell),
        "half": _half_name(fault.half),
        "stated": "" if fault.stated is None else show_decimal(fault.stated),
        "computed": "" if fault.computed is None else show_decimal(fault.computed),
        "others": ", ".join(labels.get(cell, cell) for cell in fault.others),
    }


def _open_dimensions(indicator: Indicator) -> list[str]:
    """Dimensions whose total is entered need not add up: categories may leave somebody out."""
    return [
        split.dimension.code
        for split in indicator.splits.all()
        if split.dimension.total_rule == TotalRule.OPEN
    ]


def _faults(indicator: Indicator, observations: Mapping[str, Observation]) -> Iterator[Fault]:
    amounts = {cell: o.amount for cell, o in observations.items()}
    for cell, amount in amounts.items():
        if isinstance(amount, Ratio):
            may_exceed = indicator.kind == Kind.RATIO
            yield from check_fraction(amount, cell=cell, may_exceed=may_exceed)
    if Kind(indicator.kind).adds_up:
        known = {cell.key: amounts.get(cell.key) for cell in cells_of(indicator)}
        yield from check_table(known, open_dimensions=_open_dimensions(indicator))


def line_faults(indicator: Indicator, observations: Mapping[str, Observation]) -> list[LineFault]:
    """Every fault of a line's figures; an answer without a figure takes no part."""
    labels = {cell.key: cell.label for cell in cells_of(indicator, total_name(indicator))}
    found = []
    for fault in _faults(indicator, observations):
        field = fault.half.value
        if fault.code in (FaultCode.DENOMINATOR_MISSING, FaultCode.DENOMINATOR_ZERO):
            field = Half.DENOMINATOR.value
        found.append(LineFault(fault.cell or TOTAL, field, _sentence(fault, labels)))
    return found
