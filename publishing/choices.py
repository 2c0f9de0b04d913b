"""Words of the public pages: kinds of gap, of change and of reach."""

from django.utils.translation import gettext_lazy as _

from indicators.choices import BadgeChoices


class GapKind(BadgeChoices):
    """Why a figure is not there, or cannot be judged."""

    NO_REPORT = "no_report", "attention", "clock", _("No report")
    NOT_AVAILABLE = "not_available", "neutral", "dash", _("Not available")
    NOT_APPLICABLE = "not_applicable", "neutral", "ban", _("Not applicable")
    WITHHELD = "withheld", "attention", "lock", _("Withheld")
    INCOMPLETE = "incomplete", "attention", "warning", _("Incomplete")
    NEVER = "never", "bad", "question", _("Never any figure")
    NO_TARGET = "no_target", "attention", "flag", _("No target")
    NO_BASELINE = "no_baseline", "neutral", "question", _("Baseline unknown")


class Change(BadgeChoices):
    """How an indicator or action of one quarter stands beside the same one of another."""

    BETTER = "better", "good", "arrow-up", _("Better")
    WORSE = "worse", "bad", "arrow-down", _("Worse")
    SAME = "same", "neutral", "dash", _("Same")
    NEW = "new", "info", "file", _("Newly reported")
    LOST = "lost", "attention", "question", _("No longer reported")
    OTHER = "other", "neutral", "ban", _("Cannot be compared")


class Reach(BadgeChoices):
    """What the plan does about an item of a framework."""

    MEASURED = "measured", "good", "check", _("Measured by the plan")
    UNMEASURED = "unmeasured", "attention", "warning", _("In the plan, not measured")
    NOTHING = "nothing", "bad", "cross", _("Nothing in the plan answers to it")
