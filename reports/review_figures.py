"""How a frozen figure reads on the review page, and whether it is behind where it should be."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from common.numbers import NBSP, show_decimal
from common.templatetags.ui import round_to
from indicators.choices import Direction, Kind, OverUnits, ValueMeaning
from indicators.models import Indicator
from reports.models import Observation


@dataclass(frozen=True)
class Figure:
    """A figure in words: what it says, and what stands in small letters below."""

    text: str
    note: str = ""
    is_value: bool = True


def shown_number(indicator: Indicator, value: Decimal | None, places: int = 4) -> str:
    """A number with the sign of a percentage; yes or no where that is asked."""
    if value is None:
        return "–"
    if indicator.kind == Kind.YES_NO:
        return _("Yes") if value else _("No")
    if indicator.kind == Kind.PERCENTAGE:
        return f"{show_decimal(round_to(value, 1))}{NBSP}%"
    return show_decimal(round_to(value, places))


def figure_of(indicator: Indicator, observation: Observation | None) -> Figure | None:
    """What was reported in a cell; None where nothing was."""
    if observation is None:
        return None
    if not observation.is_value:
        return Figure(observation.get_state_display(), observation.reason, is_value=False)
    if indicator.is_text:
        return Figure(observation.text)
    text, note = shown_number(indicator, observation.figure), observation.text
    if observation.denominator is not None:
        halves = {
            "numerator": show_decimal(observation.numerator or 0),
            "denominator": show_decimal(observation.denominator),
        }
        note = _("%(numerator)s of %(denominator)s") % halves
    return Figure(text, note)


def off_course(indicator: Indicator, value: Decimal | None, expected: Decimal | None) -> list[str]:
    """Whether a value is behind where it should be by now; nothing is judged for the reviewer."""
    if value is None or expected is None or indicator.kind == Kind.YES_NO:
        return []
    gap, sign = value - expected, Direction(indicator.direction).sign
    shown = {"expected": shown_number(indicator, expected, 1)}
    if indicator.direction == Direction.MAINTAIN and abs(gap) > indicator.tolerance:
        return [_("Away from the level to keep, %(expected)s") % shown]
    if sign and sign * gap < -indicator.tolerance:
        return [_("Behind the expected %(expected)s") % shown]
    return []


def is_whole(indicator: Indicator, institutions: int) -> bool:
    """Whether one institution's value of one quarter can be held against the plan's course."""
    adds_units = institutions > 1 and indicator.over_units != OverUnits.NATIONAL_ONLY
    return indicator.value_meaning != ValueMeaning.IN_PERIOD and not adds_units


def course_note(indicator: Indicator, institutions: int) -> str:
    """Why target and expected value may be of another size than the value beside them."""
    whole_plan = indicator.value_meaning == ValueMeaning.IN_PERIOD
    if whole_plan and institutions > 1:
        return _(
            "Target and expected value count everything since the plan began, in all institutions."
        )
    if whole_plan:
        return _("Target and expected value count everything since the plan began.")
    if institutions > 1 and indicator.over_units == OverUnits.SUM:
        return _("Target and expected value are for all institutions together.")
    return ""
