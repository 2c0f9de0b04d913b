"""What must hold of a target, asked by forms and imports alike."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.cells import keys_of
from indicators.choices import Kind
from indicators.models import Target


def not_overwritten() -> str:
    return _(
        "A target is never overwritten, so that both can be seen. "
        "Leave this one as it is, and add it again with the next version and a reason."
    )


def target_faults(target: Target, stored: Decimal | None = None) -> Iterator[tuple[str, str]]:
    """Field and sentence of everything wrong with a target; `stored` is its value until now."""
    indicator = target.indicator
    if stored is not None and target.value != stored:
        yield "value", not_overwritten()
    if indicator.kind == Kind.NARRATIVE:
        yield "indicator", _("A narrative has no target.")
    if target.cell not in keys_of(indicator):
        yield "cell", _("“%s” is no cell of this indicator.") % target.cell[:60]


def next_version(target: Target) -> int | None:
    """The version a new target of this cell and date must have; None where it is the first."""
    rows = Target.objects.filter(
        indicator=target.indicator_id, cell=target.cell, as_of=target.as_of
    )
    last = rows.order_by("version").last()
    return last.version + 1 if last else None
