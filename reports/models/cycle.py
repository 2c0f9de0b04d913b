"""Periods, reports and their frozen revisions."""

from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution
from common import clock
from indicators.models import Plan
from reports.choices import ReportStatus
from reports.querysets import ReportQuerySet


class Period(models.Model):
    """One quarter of a plan. It is closed after `closes_on`; without one it stays open."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="periods")
    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    due_on = models.DateField(_("due on"))
    closes_on = models.DateField(_("closes on"), null=True, blank=True)

    class Meta:
        ordering = ["plan", "-year", "-quarter"]
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "year", "quarter"],
                name="reports_period_once",
                violation_error_message=_("This plan already has this quarter."),
            ),
            models.CheckConstraint(
                condition=models.Q(quarter__range=(1, 4)),
                name="reports_period_quarter",
                violation_error_message=_("A quarter is 1, 2, 3 or 4."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on"))
                & models.Q(due_on__gt=models.F("ends_on"))
                & (models.Q(closes_on__isnull=True) | models.Q(closes_on__gte=models.F("due_on"))),
                name="reports_period_dates_in_order",
                violation_error_message=_(
                    "A period starts, ends, is due and closes in this order."
                ),
            ),
        ]

    def __str__(self) -> str:
        # Translators: a quarter of a year, such as "2026 Q3".
        return gettext("%(year)s Q%(quarter)s") % {"year": self.year, "quarter": self.quarter}

    @property
    def code(self) -> str:
        """Stable in every language: 2026-Q3."""
        return f"{self.year}-Q{self.quarter}"

    def today(self) -> date:
        """Today in the plan's time zone, which decides deadlines."""
        return clock.today(self.plan.time_zone)

    @property
    def is_closed(self) -> bool:
        return self.closes_on is not None and self.today() > self.closes_on


class Report(models.Model):
    """What one institution owes in one period.

    `version` grows with every save and every transition: a decision on an older version is
    refused. `revision` is the number of the last submitted content.
    """

    period = models.ForeignKey(Period, models.PROTECT, related_name="reports")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="reports")
    status = models.CharField(
        _("status"),
        max_length=15,
        choices=ReportStatus,
        default=ReportStatus.DRAFT,
        editable=False,
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)
    due_on = models.DateField(_("due on"))
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="reviewed_reports",
        verbose_name=_("reviewer"),
    )
    first_submitted_at = models.DateTimeField(_("first submitted"), null=True, editable=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-period__year", "-period__quarter", "institution__code"]
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(
                fields=["period", "institution"],
                name="reports_one_per_institution_and_period",
                violation_error_message=_("This institution already has a report for the period."),
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=ReportStatus.values), name="reports_known_status"
            ),
        ]
        indexes = [models.Index(fields=["status", "due_on"], name="reports_status_due")]

    def __str__(self) -> str:
        return f"{self.institution} · {self.period}"

    @property
    def state(self) -> ReportStatus:
        """The status as the enum that knows its groups, tone and icon."""
        return ReportStatus(self.status)

    @property
    def is_overdue(self) -> bool:
        """Whether the ministry owes it and the date has passed."""
        return self.state.is_editable and self.period.today() > self.due_on

    @property
    def was_late(self) -> bool:
        """Whether it first came after the period's due date."""
        first = self.first_submitted_at
        zone = ZoneInfo(self.period.plan.time_zone)
        return bool(first and timezone.localdate(first, zone) > self.period.due_on)


class Revision(models.Model):
    """A report's content as it was submitted: canonical JSON and its SHA-256. Never changed."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    content = models.TextField(_("content"))
    sha256 = models.CharField("SHA-256", max_length=64)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="submitted_revisions"
    )
    submitted_at = models.DateTimeField(_("submitted"), default=clock.now)
    on_behalf_reason = models.TextField(_("reason for submitting on behalf"), blank=True)

    class Meta:
        ordering = ["report", "number"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="reports_revision_number")
        ]

    def __str__(self) -> str:
        return f"{self.report_id} / {self.number}"


class Performed(models.Model):
    """A decision's key, so that a repeated request finds it done instead of doing it again."""

    key = models.CharField(max_length=64, unique=True)
    report = models.ForeignKey(Report, models.CASCADE, related_name="performed")
    action = models.CharField(max_length=20)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="performed")
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.action} {self.report_id}"
