"""The states of a report and the answers of both sides, each with its look."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from indicators.choices import BadgeChoices
from indicators.lights import differ


class ReportStatus(BadgeChoices):
    """Where a report stands. Only workflow.perform changes it."""

    DRAFT = "draft", "neutral", "pencil", _("Draft")
    SUBMITTED = "submitted", "info", "arrow-up", _("Submitted")
    UNDER_REVIEW = "under_review", "progress", "eye", _("Under review")
    RETURNED = "returned", "attention", "return", _("Returned")
    VALIDATED = "validated", "good", "check", _("Validated")
    PUBLISHED = "published", "good", "globe", _("Published")

    @property
    def is_editable(self) -> bool:
        """Whether the ministry may write in it."""
        return self in EDITABLE

    @property
    def is_final(self) -> bool:
        """Whether its figures are official."""
        return self in FINAL


EDITABLE = frozenset({ReportStatus.DRAFT, ReportStatus.RETURNED})
FINAL = frozenset({ReportStatus.VALIDATED, ReportStatus.PUBLISHED})
WITH_COALITION = frozenset({ReportStatus.SUBMITTED, ReportStatus.UNDER_REVIEW})


class ExportState(BadgeChoices):
    """How far a file is that somebody asked for."""

    WAITING = "waiting", "neutral", "clock", _("Waiting")
    RUNNING = "running", "progress", "refresh", _("Being made")
    DONE = "done", "good", "check", _("Ready")
    FAILED = "failed", "bad", "cross", _("Not made")

    @property
    def is_unfinished(self) -> bool:
        """Whether it is still to come."""
        return self in UNFINISHED


UNFINISHED = frozenset({ExportState.WAITING, ExportState.RUNNING})


class ExportKind(TextChoices):
    """The kinds of file in which many quarters leave."""

    BOOK = "book", _("Workbook with charts and all topics")
    XLSX = "xlsx", _("All values as one table, Excel")
    PLAIN = "plain", _("All values, Excel without styles")
    CSV = "csv", _("All values, CSV for programs")

    @property
    def ending(self) -> str:
        """The ending of its file."""
        return "csv" if self is ExportKind.CSV else "xlsx"


class RatingValue(BadgeChoices):
    """How one side sees an indicator."""

    ACHIEVED = "achieved", "good", "star", _("Achieved")
    ON_TRACK = "on_track", "good", "check", _("On track")
    AT_RISK = "at_risk", "attention", "warning", _("At risk")
    OFF_TRACK = "off_track", "bad", "cross", _("Off track")


class Side(BadgeChoices):
    """Whose rating it is."""

    MINISTRY = "ministry", "info", "file", _("Ministry")
    COALITION = "coalition", "progress", "eye", _("Coalition")


class Difference(BadgeChoices):
    """Which two of the three lights come to different views of an indicator."""

    SIDES = "sides", "attention", "flag", _("Ministry and coalition")
    MINISTRY = "ministry", "info", "flag", _("Ministry and computed")
    COALITION = "coalition", "progress", "flag", _("Coalition and computed")


def differences_of(
    computed: str | None, ministry: str | None, coalition: str | None
) -> list[Difference]:
    """Which of the three lights, all on the scale of the ratings, come to different views."""
    found = {
        Difference.SIDES: differ(ministry, coalition),
        Difference.MINISTRY: differ(ministry, computed),
        Difference.COALITION: differ(coalition, computed),
    }
    return [kind for kind, is_there in found.items() if is_there]


class Standing(BadgeChoices):
    """Where what an institution owes in a quarter stands, as the matrix shows it.

    Computed from state and dates: a report past its date is overdue, whether it is a draft or was
    returned.
    """

    DUE = "due", "neutral", "pencil", _("To be submitted")
    OVERDUE = "overdue", "bad", "warning", _("Overdue")
    SUBMITTED = "submitted", "info", "arrow-up", _("Submitted")
    UNDER_REVIEW = "under_review", "progress", "eye", _("Under review")
    RETURNED = "returned", "attention", "return", _("Returned")
    VALIDATED = "validated", "good", "check", _("Validated")
    PUBLISHED = "published", "good", "globe", _("Published")
    NOT_OWED = "not_owed", "neutral", "dash", _("Not owed")


class ActionStatus(BadgeChoices):
    """How far an action is."""

    NOT_STARTED = "not_started", "neutral", "dash", _("Not started")
    IN_PROGRESS = "in_progress", "progress", "clock", _("In progress")
    DONE = "done", "good", "check", _("Done")
    DELAYED = "delayed", "attention", "warning", _("Delayed")
    CANCELLED = "cancelled", "bad", "cross", _("Cancelled")


class Verdict(BadgeChoices):
    """What the reviewer says of one line."""

    ACCEPTED = "accepted", "good", "check", _("Accepted")
    FLAGGED = "flagged", "attention", "flag", _("To correct")


class Outcome(BadgeChoices):
    """How a round of review ended."""

    RETURNED = "returned", "attention", "return", _("Returned")
    VALIDATED = "validated", "good", "check", _("Validated")


class ImportState(BadgeChoices):
    """Where a table of earlier figures stands."""

    DRAFT = "draft", "attention", "pencil", _("Not stored yet")
    STORED = "stored", "good", "check", _("Stored")
    UNDONE = "undone", "neutral", "return", _("Undone")
