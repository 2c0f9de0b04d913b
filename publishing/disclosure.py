"""Protecting people in small counts: the 10-5 rule. Pure functions, no database.

A count below a threshold is shown as "<10"; zero is below it too, for "none" also tells something
of a small group. Every other count is rounded to a multiple of 5. Each cell and each margin is
protected on its own, so that nothing follows from a difference. Both numbers belong to the plan.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple, TypeAlias

from indicators.choices import Sensitivity
from indicators.combine import HUNDRED, Ratio

Figure: TypeAlias = Decimal | str
"""A figure as published: a number, or a text such as "<10" where it is hidden."""

_NUMBER = re.compile(r"\d(?:[\d.,\u00a0\u202f]*\d)?")
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
MASK = "…"


@dataclass(frozen=True)
class Protection:
    """The plan's thresholds: hide counts `below`, round the others to `rounding`."""

    below: int
    rounding: int

    @property
    def hidden(self) -> str:
        """What stands in the place of a hidden count."""
        return f"<{self.below}"


class PublishedAmount(NamedTuple):
    """One amount as everybody may see it: a value, or for a share its two halves as well."""

    value: Figure | None = None
    numerator: Figure | None = None
    denominator: Figure | None = None


NOTHING = PublishedAmount()


def protect(count: Decimal, rule: Protection) -> Figure:
    """A count by the 10-5 rule: "<10", or rounded half up to the nearest multiple.

    A multiple that would itself fall below the threshold is raised to the first one above it.
    """
    if count < rule.below:
        return rule.hidden
    step = Decimal(rule.rounding)
    rounded = (count / step).to_integral_value(ROUND_HALF_UP) * step
    return rounded if rounded >= rule.below else rounded + step


def protect_share(share: Ratio, rule: Protection) -> PublishedAmount:
    """A share by its halves. The percentage is that of the rounded halves, never of the true ones.

    Where a half is hidden there is no percentage: it would give the hidden half away.
    """
    top, base = (None if half is None else protect(half, rule) for half in share)
    percentage: Decimal | None = None
    if isinstance(top, Decimal) and isinstance(base, Decimal) and base:
        percentage = HUNDRED * top / base
    return PublishedAmount(percentage, top, base)


def figure(value: Decimal | None, sensitivity: str, rule: Protection) -> Figure | None:
    """One plain figure of an indicator as everybody may see it; a restricted one never."""
    if value is None or sensitivity == Sensitivity.RESTRICTED:
        return None
    return value if sensitivity == Sensitivity.PUBLIC else protect(value, rule)


def amount(value: Decimal | Ratio | None, sensitivity: str, rule: Protection) -> PublishedAmount:
    """A reported amount, plain or a share, as everybody may see it."""
    if value is None or sensitivity == Sensitivity.RESTRICTED:
        return NOTHING
    if not isinstance(value, Ratio):
        return PublishedAmount(figure(value, sensitivity, rule))
    if sensitivity == Sensitivity.PUBLIC:
        return PublishedAmount(value.value, value.numerator, value.denominator)
    return protect_share(value, rule)


def words(text: str, sensitivity: str) -> str:
    """A text that goes with an indicator: numbers in it are masked unless the figures are public.

    What may not be counted in a table may not be told in a sentence either. Years stay.
    """
    if sensitivity == Sensitivity.PUBLIC:
        return text
    return _NUMBER.sub(lambda m: m[0] if _YEAR.fullmatch(m[0]) else MASK, text)
