"""Figures and statuses in words, the same on the page and in the workbook."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.numbers import NBSP, show_decimal
from indicators.choices import Kind, Status
from publishing.disclosure import Figure
from publishing.reading import Assessment, Indicator

NOTHING = "–"
TENTH, HUNDREDTH = Decimal("0.1"), Decimal("0.01")


def to_show(value: Decimal, kind: Kind) -> Decimal:
    """Rounded for a reader: percentages to a tenth, what is reported to a hundredth at most."""
    return value.quantize(TENTH if kind.has_fraction else HUNDREDTH, ROUND_HALF_UP)


def shown(value: Figure | None, indicator: Indicator) -> str:
    """A figure as the reader writes it; a dash only for no figure, never for zero."""
    if value is None:
        return NOTHING
    if not isinstance(value, Decimal):
        return value
    if indicator.kind is Kind.YES_NO and value in (0, 1) and len(indicator.responsible) < 2:
        return _("Yes") if value else _("No")
    return show_decimal(to_show(value, indicator.kind))


def with_unit(value: Figure | None, indicator: Indicator) -> str:
    """A figure with its unit behind it: 82.7 %, 12 persons."""
    text, unit = shown(value, indicator), str(indicator.unit)
    is_word = indicator.kind is Kind.YES_NO or text == NOTHING
    return text if is_word or not unit else f"{text}{NBSP}{unit}"


def _held_against(row: Indicator, now: Assessment) -> list[str]:
    told = [_("The figure is %(value)s.") % {"value": with_unit(now.amount.value, row)}]
    if now.expected is not None and now.status not in (Status.ACHIEVED, Status.MET):
        told.append(_("Expected by then: %(value)s.") % {"value": with_unit(now.expected, row)})
    if now.target is not None:
        told.append(_("The target is %(value)s.") % {"value": with_unit(now.target, row)})
    return told


def why(row: Indicator) -> str:
    """Why an indicator has its status, in a sentence or two."""
    now = row.now
    if now is None or now.status is Status.NOT_DUE:
        return _("Nothing was due yet.")
    if row.is_restricted:
        return _("Its figures are restricted; only the status is published.")
    if now.status is Status.NO_DATA:
        return coverage_text(now)
    if now.amount.value is None:
        return _("No figure is published.")
    return " ".join(_held_against(row, now))


def coverage_text(now: Assessment) -> str:
    """How many of the institutions that owed a figure gave one."""
    return ngettext(
        "%(reported)s of %(expected)s institution reported.",
        "%(reported)s of %(expected)s institutions reported.",
        now.expected_units,
    ) % {"reported": now.reported, "expected": now.expected_units}
