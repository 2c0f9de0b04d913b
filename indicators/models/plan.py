"""Plan, its tree of objectives, and its actions with their money."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution
from common.codes import validate_code
from common.labels import Label
from indicators.choices import Certainty, Frequency
from indicators.models.frameworks import FrameworkItem
from indicators.querysets import PlanQuerySet


class Sourced(models.Model):
    """Where a row comes from and how sure that is; shown wherever the row is shown."""

    source = models.CharField(_("source"), max_length=500, blank=True)
    certainty = models.CharField(
        _("certainty"), max_length=20, choices=Certainty, default=Certainty.ADOPTED
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        abstract = True


def share(label: Label, default: str) -> models.DecimalField:
    """A threshold between 0 and 1."""
    return models.DecimalField(
        label,
        max_digits=5,
        decimal_places=4,
        default=default,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )


class Plan(Sourced):
    """A country's plan: its years, languages, cadence, and the thresholds of its statuses."""

    country = models.CharField(_("country"), max_length=2, help_text=_("Two letters, ISO 3166."))
    code = models.SlugField(_("code"), max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=300)
    languages = models.JSONField(
        _("languages"), default=list, help_text=_('Language codes, such as ["sq", "en"].')
    )
    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Tirane")
    cadence = models.CharField(
        _("cadence"), max_length=15, choices=Frequency, default=Frequency.QUARTERLY
    )
    currency = models.CharField(_("currency"), max_length=3, default="ALL")
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    report_due_days = models.PositiveIntegerField(
        _("days to report"), default=30, help_text=_("From the end of a period to its due date.")
    )
    resubmit_days = models.PositiveIntegerField(_("days to answer a return"), default=14)
    on_track_at = share(_("on track from pace"), "0.95")
    at_risk_at = share(_("at risk from pace"), "0.70")
    coverage_at = share(_("full coverage from"), "0.80")
    small_count_below = models.PositiveIntegerField(
        _("hide counts below"), default=10, help_text=_("For indicators of small counts.")
    )
    small_count_rounding = models.PositiveIntegerField(
        _("round small counts to"), default=5, validators=[MinValueValidator(1)]
    )
    is_demonstration = models.BooleanField(_("demonstration"), default=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["country", "-starts_on"]
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")),
                name="indicators_plan_ends_after_start",
                violation_error_message=_("A plan ends after it starts."),
            ),
            models.CheckConstraint(
                condition=models.Q(at_risk_at__lte=models.F("on_track_at")),
                name="indicators_plan_thresholds_in_order",
                violation_error_message=_("At risk begins at or below on track."),
            ),
            models.CheckConstraint(
                condition=models.Q(small_count_rounding__gte=1),
                name="indicators_plan_rounding_positive",
                violation_error_message=_("Round to 1 or more."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.code


class PlanLevel(models.Model):
    """What the plan calls one level of its tree: policy area, objective, axis, result."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="levels")
    depth = models.PositiveSmallIntegerField(_("depth"), help_text=_("0 is the top."))
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        ordering = ["plan", "depth"]
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        constraints = [
            models.UniqueConstraint(fields=["plan", "depth"], name="indicators_level_depth")
        ]

    def __str__(self) -> str:
        return self.name


class Objective(Sourced):
    """A node of the plan's tree, at any level."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="objectives")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    code = models.CharField(_("code"), max_length=30, validators=[validate_code])
    title = models.CharField(_("title"), max_length=500)
    depth = models.PositiveSmallIntegerField(_("depth"), default=0)
    order = models.PositiveIntegerField(_("order"), default=0)
    frameworks = models.ManyToManyField(FrameworkItem, blank=True, related_name="objectives")

    class Meta:
        ordering = ["plan", "order", "code"]
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="indicators_objective_code",
                violation_error_message=_("This plan already has an objective of this code."),
            ),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | models.Q(depth__gt=0),
                name="indicators_objective_depth_below_parent",
                violation_error_message=_("An objective with a parent is below the top."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Action(Sourced):
    """A measure of the plan (Albanian: masa), with who leads it and who supports."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="actions")
    objective = models.ForeignKey(Objective, models.PROTECT, related_name="actions")
    code = models.CharField(_("code"), max_length=30, validators=[validate_code])
    title = models.CharField(_("title"), max_length=500)
    lead = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="actions_led",
        verbose_name=_("lead institution"),
    )
    supporting = models.ManyToManyField(
        Institution,
        blank=True,
        related_name="actions_supported",
        verbose_name=_("supporting institutions"),
    )
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    order = models.PositiveIntegerField(_("order"), default=0)
    frameworks = models.ManyToManyField(FrameworkItem, blank=True, related_name="actions")

    class Meta:
        ordering = ["plan", "order", "code"]
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="indicators_action_code",
                violation_error_message=_("This plan already has an action of this code."),
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on__isnull=True)
                | models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="indicators_action_ends_after_start",
                violation_error_message=_("An action ends after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Funding(models.Model):
    """Planned money of an action from one source of funds, in the plan's currency."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="fundings")
    source = models.CharField(_("source of funds"), max_length=200)
    planned = models.DecimalField(_("planned"), max_digits=15, decimal_places=2)

    class Meta:
        ordering = ["action", "source"]
        verbose_name = _("planned money")
        verbose_name_plural = _("planned money")
        constraints = [
            models.UniqueConstraint(
                fields=["action", "source"],
                name="indicators_funding_source_once",
                violation_error_message=_("This action already has this source of funds."),
            ),
            models.CheckConstraint(
                condition=models.Q(planned__gte=0),
                name="indicators_funding_not_negative",
                violation_error_message=_("Planned money is zero or more."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.planned}"
