"""The closed lists of the plan: each member is stored by its value and shown by its label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class BadgeChoices(TextChoices):
    """Choices shown as a badge: `NAME = value, tone, icon, label`.

    Tone is one of neutral, info, progress, attention, good, bad; icon names an inline SVG icon.
    """

    tone: str
    icon: str

    def __new__(
        cls, value: str, tone: str = "", icon: str = "", label: str | _StrPromise = ""
    ) -> Self:
        """Keep the first item as the stored value; Django has taken the label off already.

        The defaults are for type checkers, to whom `Status("met")` looks like a creation.
        """
        member = str.__new__(cls, value)
        member._value_ = value
        member.tone = tone
        member.icon = icon
        return member


class Status(BadgeChoices):
    """What the figures say about an indicator in a period, in the order of a stacked bar."""

    ACHIEVED = "achieved", "good", "star", _("Achieved")
    MET = "met", "good", "check", _("Target met")
    ON_TRACK = "on_track", "good", "check", _("On track")
    AT_RISK = "at_risk", "attention", "warning", _("At risk")
    OFF_TRACK = "off_track", "bad", "cross", _("Off track")
    NOT_MET = "not_met", "attention", "cross", _("Target not met")
    REGRESSING = "regressing", "bad", "arrow-down", _("Regressing")
    REPORTED = "reported", "info", "file", _("Reported, not rated")
    NO_DATA = "no_data", "attention", "question", _("No data")
    NOT_AVAILABLE = "not_available", "neutral", "dash", _("Not available")
    NOT_APPLICABLE = "not_applicable", "neutral", "ban", _("Not applicable")
    NOT_DUE = "not_due", "neutral", "clock", _("Not due yet")


class Mark(BadgeChoices):
    """A caution that stands beside a status and never replaces it."""

    PROVISIONAL = "provisional", "info", "pencil", _("Provisional")
    STALE = "stale", "attention", "clock", _("Older value")
    REVISED_TARGET = "revised_target", "info", "flag", _("Revised target")
    INCOMPLETE = "incomplete", "attention", "warning", _("Incomplete")


class Kind(TextChoices):
    """What is measured. A percentage is always a numerator and a denominator."""

    COUNT = "count", _("Count")
    AMOUNT = "amount", _("Amount of money")
    PERCENTAGE = "percentage", _("Percentage")
    RATIO = "ratio", _("Ratio")
    SCORE = "score", _("Score")
    MILESTONE = "milestone", _("Milestone")
    YES_NO = "yes_no", _("Yes or no")
    REGISTER = "register", _("Register")
    NARRATIVE = "narrative", _("Narrative")

    @property
    def has_fraction(self) -> bool:
        """Whether a value is a numerator and a denominator."""
        return self in {Kind.PERCENTAGE, Kind.RATIO}

    @property
    def adds_up(self) -> bool:
        """Whether the parts of a disaggregation sum to their total."""
        return self.has_fraction or self in {Kind.COUNT, Kind.AMOUNT, Kind.REGISTER}


class Direction(TextChoices):
    """Which way is better."""

    INCREASE = "increase", _("More is better")
    DECREASE = "decrease", _("Less is better")
    MAINTAIN = "maintain", _("Stay at the level")
    NONE = "none", _("No direction")

    @property
    def sign(self) -> int:
        """1 where more is better, −1 where less is better, 0 where neither holds."""
        return {Direction.INCREASE: 1, Direction.DECREASE: -1}.get(self, 0)


class ValueMeaning(TextChoices):
    """What one reported value says."""

    IN_PERIOD = "in_period", _("What happened in the period")
    RUNNING_TOTAL = "running_total", _("Total since the plan began")
    SNAPSHOT = "snapshot", _("Level at the end of the period")


class OverTime(TextChoices):
    """How quarters become a year."""

    SUM = "sum", _("Sum")
    LATEST = "latest", _("Latest value")
    MEAN = "mean", _("Mean")
    MEDIAN = "median", _("Median")
    MAX = "max", _("Highest value")
    MIN = "min", _("Lowest value")
    RATIO_OF_SUMS = "ratio_of_sums", _("Ratio of the sums")


class OverUnits(TextChoices):
    """How institutions become the country."""

    SUM = "sum", _("Sum")
    MEAN = "mean", _("Mean")
    MEDIAN = "median", _("Median")
    MAX = "max", _("Highest value")
    MIN = "min", _("Lowest value")
    RATIO_OF_SUMS = "ratio_of_sums", _("Ratio of the sums")
    NATIONAL_ONLY = "national_only", _("National value only")


class BaselineState(TextChoices):
    """Whether the starting point is known."""

    KNOWN = "known", _("Known")
    UNKNOWN = "unknown", _("Unknown")
    ZERO = "zero", _("Zero by nature")


class Sensitivity(BadgeChoices):
    """How far the figures may go."""

    PUBLIC = "public", "neutral", "globe", _("Public")
    SMALL_COUNTS = "small_counts", "info", "eye", _("Small counts protected")
    RESTRICTED = "restricted", "attention", "lock", _("Restricted")


class ObservationState(BadgeChoices):
    """A value, or the typed reason why there is none. Zero is a value."""

    VALUE = "value", "neutral", "check", _("Value")
    NOT_AVAILABLE = "not_available", "neutral", "dash", _("Not available")
    NOT_APPLICABLE = "not_applicable", "neutral", "ban", _("Not applicable")
    WITHHELD = "withheld", "attention", "lock", _("Withheld")

    @property
    def needs_reason(self) -> bool:
        """Whether the reporter must say why there is no value."""
        return self is not ObservationState.VALUE


class Role(TextChoices):
    """What a person may do in one plan; the first two also name one institution."""

    CONTRIBUTOR = "contributor", _("Contributor")
    APPROVER = "approver", _("Approver")
    REVIEWER = "reviewer", _("Reviewer")
    LEAD = "lead", _("Lead")
    ADMINISTRATOR = "administrator", _("Administrator")
    OBSERVER = "observer", _("Observer")


class Frequency(TextChoices):
    """How often an indicator is owed."""

    QUARTERLY = "quarterly", _("Every quarter")
    HALF_YEARLY = "half_yearly", _("Every half-year")
    ANNUAL = "annual", _("Every year")

    @property
    def quarters(self) -> int:
        """Length of one interval, in quarters."""
        return {Frequency.QUARTERLY: 1, Frequency.HALF_YEARLY: 2}.get(self, 4)


class Certainty(BadgeChoices):
    """How sure a row of the plan is; what is not adopted is never shown as an official text."""

    ADOPTED = "adopted", "good", "check", _("In the adopted plan")
    PUBLISHED = "published", "info", "globe", _("Published figure, not from the plan")
    FOUND = "found", "info", "check", _("Found in a published source")
    UNVERIFIED = "unverified", "attention", "question", _("From knowledge, unverified")
    DEMONSTRATION = "demonstration", "attention", "flag", _("Invented for the demonstration")


class TotalRule(TextChoices):
    """Where the total of a disaggregation comes from."""

    ENTERED = "entered", _("Entered by the reporter")
    SUMMED = "summed", _("Summed from the parts")
    OPEN = "open", _("Entered; parts may overlap or leave somebody out")


class CellLayout(TextChoices):
    """How several dimensions stand in one indicator."""

    SEPARATE = "separate", _("Each dimension on its own")
    CROSSED = "crossed", _("Dimensions crossed")


class Relation(TextChoices):
    """How the figure of one indicator must stand to that of another."""

    AT_MOST = "at_most", _("≤ (at most)")
    AT_LEAST = "at_least", _("≥ (at least)")
    EQUAL = "equal", _("= (equal to)")


class RuleScope(TextChoices):
    """Which cells of two indicators a rule compares."""

    TOTAL = "total", _("The total only")
    CELLS = "cells", _("Every cell that both have")


class Severity(TextChoices):
    """What a broken rule does: forbid the submission, or ask for a comment."""

    ERROR = "error", _("Error: blocks the submission")
    WARNING = "warning", _("Warning: asks for a comment")


MINISTRY_ROLES = (Role.CONTRIBUTOR, Role.APPROVER)
COALITION_ROLES = (Role.REVIEWER, Role.LEAD)
