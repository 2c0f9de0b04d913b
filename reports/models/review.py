"""What the coalition says of a report. It never touches a number."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import clock
from reports.choices import Outcome, Verdict
from reports.models.content import ActionProgress, Line, Section
from reports.models.cycle import Report, Revision


class Review(models.Model):
    """One round: a reviewer reads one revision and returns or validates it."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="reviews")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="reviews")
    round = models.PositiveIntegerField(_("round"))
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews", verbose_name=_("reviewer")
    )
    taken_at = models.DateTimeField(_("taken"), default=clock.now)
    decided_at = models.DateTimeField(_("decided"), null=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    due_on = models.DateField(_("new due date"), null=True)

    class Meta:
        ordering = ["report", "round"]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.UniqueConstraint(fields=["report", "round"], name="reports_review_round"),
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(outcome=""),
                name="reports_one_open_review",
                violation_error_message=_("This report is already under review."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} / {self.round}"


class Remark(Section):
    """A verdict and what the reviewer says of one line, one action or the narrative."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="remarks")
    line = models.ForeignKey(Line, models.PROTECT, null=True, blank=True, related_name="remarks")
    action = models.ForeignKey(
        ActionProgress, models.PROTECT, null=True, blank=True, related_name="remarks"
    )
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    text = models.TextField(_("remark"), blank=True)
    reply = models.TextField(_("the ministry’s reply"), blank=True)
    replied_at = models.DateTimeField(_("replied"), null=True, editable=False)

    class Meta:
        ordering = ["review", "pk"]
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        constraints = [
            models.UniqueConstraint(fields=["review", "line"], name="reports_remark_line_once"),
            models.UniqueConstraint(fields=["review", "action"], name="reports_remark_action_once"),
            models.UniqueConstraint(
                fields=["review"],
                condition=Q(line__isnull=True, action__isnull=True),
                name="reports_remark_narrative_once",
            ),
            models.CheckConstraint(
                condition=Q(line__isnull=True) | Q(action__isnull=True),
                name="reports_remark_on_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.FLAGGED) | ~Q(text=""),
                name="reports_flag_says_why",
                violation_error_message=_("Say what is to be corrected."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: {self.text[:60]}"


class LightReply(Section):
    """What the ministry answers where the coalition sees an indicator otherwise: one text a line.

    It belongs to no revision: it comes after the decision, and what was reviewed stays as it was.
    """

    MAX_LENGTH = 2_000

    line = models.OneToOneField(Line, models.CASCADE, related_name="light_reply")
    text = models.TextField(_("reply"), max_length=MAX_LENGTH)

    class Meta:
        ordering = ["line"]
        verbose_name = _("reply to a difference")
        verbose_name_plural = _("replies to differences")
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="reports_light_reply_has_text",
                violation_error_message=_("Write what the ministry answers."),
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]
