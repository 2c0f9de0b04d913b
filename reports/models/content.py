"""What a ministry writes in a report: values, ratings, actions, narrative, evidence."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import clock
from indicators.choices import ObservationState
from indicators.combine import Ratio
from indicators.models import Action, Indicator
from indicators.models.indicator import figure
from reports.choices import ActionStatus, RatingValue, Side
from reports.models.cycle import Report


class Section(models.Model):
    """A part of a report that is saved on its own; a save names the version it was typed over."""

    version = models.PositiveIntegerField(default=0, editable=False)
    saved_at = models.DateTimeField(_("saved"), null=True, editable=False)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        abstract = True


class Line(Section):
    """An indicator as owed in a report."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="lines")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="lines")
    note = models.TextField(_("comment"), blank=True)

    class Meta:
        ordering = ["report", "indicator__order", "indicator__code"]
        verbose_name = _("indicator line")
        verbose_name_plural = _("indicator lines")
        constraints = [
            models.UniqueConstraint(fields=["report", "indicator"], name="reports_line_once")
        ]

    def __str__(self) -> str:
        return str(self.indicator)


class Observation(models.Model):
    """One value of one indicator for one cell. No row means "not answered yet"; zero is a value."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="observations")
    cell = models.CharField(_("cell"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=15, choices=ObservationState, default=ObservationState.VALUE
    )
    value = figure(_("value"))
    numerator = figure(_("numerator"))
    denominator = figure(_("denominator"))
    text = models.TextField(_("text"), blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        ordering = ["line", "cell"]
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        constraints = [
            models.UniqueConstraint(fields=["line", "cell"], name="reports_observation_once"),
            models.CheckConstraint(
                condition=~Q(state=ObservationState.VALUE)
                | Q(value__isnull=False)
                | Q(numerator__isnull=False, denominator__isnull=False, denominator__gte=0)
                | ~Q(text=""),
                name="reports_value_is_there",
                violation_error_message=_("A value, or a numerator and its denominator."),
            ),
            models.CheckConstraint(
                condition=Q(state=ObservationState.VALUE)
                | (
                    ~Q(reason="")
                    & Q(value__isnull=True, numerator__isnull=True, denominator__isnull=True)
                ),
                name="reports_no_value_has_reason",
                violation_error_message=_('"No value" needs a reason and no figure.'),
            ),
        ]

    FIGURES = ("value", "numerator", "denominator")

    def __str__(self) -> str:
        return f"{self.line_id} {self.cell or 'total'}"

    @property
    def is_value(self) -> bool:
        return self.state == ObservationState.VALUE

    @property
    def amount(self) -> Decimal | Ratio | None:
        """The figure as indicators.combine takes it: a number, or a numerator with its base."""
        if not self.is_value:
            return None
        if self.numerator is not None or self.denominator is not None:
            return Ratio(self.numerator, self.denominator)
        return self.value

    @property
    def figure(self) -> Decimal | None:
        """The figure as one number: for a share 100 · numerator / denominator."""
        amount = self.amount
        return amount.value if isinstance(amount, Ratio) else amount


class Rating(models.Model):
    """How the ministry or the coalition sees an indicator, with the reason."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="ratings")
    side = models.CharField(_("side"), max_length=10, choices=Side)
    value = models.CharField(_("rating"), max_length=10, choices=RatingValue)
    reason = models.TextField(_("reason"))

    class Meta:
        ordering = ["line", "side"]
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.UniqueConstraint(fields=["line", "side"], name="reports_rating_once_a_side"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="reports_rating_has_reason",
                violation_error_message=_("A rating needs a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()}: {self.get_value_display()}"


class ActionProgress(Section):
    """An action as owed in a report: how far it is and its money in the period."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="actions")
    action = models.ForeignKey(Action, models.PROTECT, related_name="progress")
    status = models.CharField(_("status"), max_length=15, choices=ActionStatus, blank=True)
    allocated = models.DecimalField(
        _("allocated"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    spent = models.DecimalField(_("spent"), max_digits=15, decimal_places=2, null=True, blank=True)
    note = models.TextField(_("comment"), blank=True)

    class Meta:
        ordering = ["report", "action__order", "action__code"]
        verbose_name = _("action line")
        verbose_name_plural = _("action lines")
        constraints = [
            models.UniqueConstraint(fields=["report", "action"], name="reports_action_once"),
            models.CheckConstraint(
                condition=(Q(allocated__isnull=True) | Q(allocated__gte=0))
                & (Q(spent__isnull=True) | Q(spent__gte=0)),
                name="reports_money_not_negative",
                violation_error_message=_("Money is zero or more."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.action)


class SourceMoney(models.Model):
    """Money of an action in the period from one source of funds, in the plan's currency.

    Rows stand only where an action has several sources, and only for sources of which something is
    known: no row means "not told". `ActionProgress` keeps the totals.
    """

    progress = models.ForeignKey(ActionProgress, models.CASCADE, related_name="money")
    source = models.CharField(_("source of funds"), max_length=200)
    allocated = models.DecimalField(
        _("allocated"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    spent = models.DecimalField(_("spent"), max_digits=15, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["progress", "source"]
        verbose_name = _("money by source")
        verbose_name_plural = _("money by source")
        constraints = [
            models.UniqueConstraint(
                fields=["progress", "source"], name="reports_source_money_once"
            ),
            models.CheckConstraint(
                condition=(Q(allocated__isnull=True) | Q(allocated__gte=0))
                & (Q(spent__isnull=True) | Q(spent__gte=0)),
                name="reports_source_money_not_negative",
                violation_error_message=_("Money is zero or more."),
            ),
            models.CheckConstraint(
                condition=Q(allocated__isnull=False) | Q(spent__isnull=False),
                name="reports_source_money_says_something",
                violation_error_message=_("Give an amount, or leave the source out."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.progress_id} {self.source}"


class Narrative(Section):
    """The report in words."""

    report = models.OneToOneField(Report, models.CASCADE, related_name="narrative")
    done = models.TextField(_("what was done"), blank=True)
    gap = models.TextField(_("reasons for gaps"), blank=True)
    challenge = models.TextField(_("challenges"), blank=True)
    lesson = models.TextField(_("lessons"), blank=True)
    next_step = models.TextField(_("next steps"), blank=True)

    FIELDS = ("done", "gap", "challenge", "lesson", "next_step")

    class Meta:
        verbose_name = _("narrative")
        verbose_name_plural = _("narratives")

    def __str__(self) -> str:
        return str(self.report_id)


class Evidence(models.Model):
    """A file that backs a line, an action or the whole report; stored under its SHA-256."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="evidence")
    line = models.ForeignKey(Line, models.PROTECT, null=True, blank=True, related_name="evidence")
    action = models.ForeignKey(
        ActionProgress, models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField(_("bytes"))
    content_type = models.CharField(_("type"), max_length=100)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="uploaded_evidence"
    )
    uploaded_at = models.DateTimeField(_("uploaded"), default=clock.now)

    class Meta:
        ordering = ["report", "uploaded_at"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.CheckConstraint(
                condition=Q(line__isnull=True) | Q(action__isnull=True),
                name="reports_evidence_backs_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.name
