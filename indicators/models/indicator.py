"""Indicators, how they are split, and what they aim at."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution
from common.codes import validate_code
from common.labels import Label
from indicators.choices import (
    BaselineState,
    CellLayout,
    Direction,
    Frequency,
    Kind,
    OverTime,
    OverUnits,
    Sensitivity,
    TotalRule,
    ValueMeaning,
)
from indicators.models.frameworks import FrameworkItem
from indicators.models.plan import Action, Objective, Plan, Sourced


def figure(label: Label, **options: Any) -> models.DecimalField:
    """A figure as everywhere: 15 digits, of which 4 are decimals; what SQLite keeps exactly."""
    return models.DecimalField(
        label, max_digits=15, decimal_places=4, null=True, blank=True, **options
    )


class Dimension(models.Model):
    """A way to split figures, such as sex or age group; `total_rule` says whence its total."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="dimensions")
    code = models.SlugField(_("code"), max_length=30)
    title = models.CharField(_("title"), max_length=150)
    total_rule = models.CharField(
        _("total"), max_length=10, choices=TotalRule, default=TotalRule.ENTERED
    )

    class Meta:
        ordering = ["plan", "code"]
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="indicators_dimension_code",
                violation_error_message=_("This plan already has a dimension of this code."),
            )
        ]

    def __str__(self) -> str:
        return self.title or self.code


class Category(models.Model):
    """One part of a dimension, such as women."""

    dimension = models.ForeignKey(Dimension, models.CASCADE, related_name="categories")
    code = models.SlugField(_("code"), max_length=30)
    title = models.CharField(_("title"), max_length=150)
    order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["dimension", "order", "code"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            models.UniqueConstraint(
                fields=["dimension", "code"],
                name="indicators_category_code",
                violation_error_message=_("This dimension already has a category of this code."),
            )
        ]

    def __str__(self) -> str:
        return self.title or self.code


class Indicator(Sourced):
    """What is measured, in which unit, which way is good, and how values add up."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="indicators")
    objective = models.ForeignKey(Objective, models.PROTECT, related_name="indicators")
    action = models.ForeignKey(
        Action, models.SET_NULL, null=True, blank=True, related_name="indicators"
    )
    code = models.CharField(_("code"), max_length=30, validators=[validate_code])
    title = models.CharField(_("title"), max_length=500)
    definition = models.TextField(_("definition and method"), blank=True)
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction)
    value_meaning = models.CharField(_("one value says"), max_length=15, choices=ValueMeaning)
    over_time = models.CharField(_("over time"), max_length=15, choices=OverTime)
    over_units = models.CharField(_("over institutions"), max_length=15, choices=OverUnits)
    frequency = models.CharField(
        _("frequency"), max_length=15, choices=Frequency, default=Frequency.QUARTERLY
    )
    baseline_state = models.CharField(
        _("baseline"), max_length=10, choices=BaselineState, default=BaselineState.UNKNOWN
    )
    baseline_value = figure(_("baseline value"))
    baseline_numerator = figure(_("baseline numerator"))
    baseline_denominator = figure(_("baseline denominator"))
    baseline_date = models.DateField(_("baseline date"), null=True, blank=True)
    baseline_source = models.CharField(_("baseline source"), max_length=300, blank=True)
    tolerance = models.DecimalField(_("tolerance"), max_digits=15, decimal_places=4, default=0)
    floor = figure(_("lowest plausible value"))
    ceiling = figure(_("highest plausible value"))
    sensitivity = models.CharField(
        _("sensitivity"), max_length=15, choices=Sensitivity, default=Sensitivity.PUBLIC
    )
    on_track_at = figure(
        _("on track from pace"), validators=[MinValueValidator(0), MaxValueValidator(1)]
    )
    at_risk_at = figure(
        _("at risk from pace"), validators=[MinValueValidator(0), MaxValueValidator(1)]
    )
    threshold_reason = models.CharField(_("reason for own thresholds"), max_length=300, blank=True)
    cell_layout = models.CharField(
        _("cells"), max_length=10, choices=CellLayout, default=CellLayout.SEPARATE
    )
    responsible = models.ManyToManyField(
        Institution,
        blank=True,
        related_name="indicators",
        verbose_name=_("responsible institutions"),
    )
    dimensions = models.ManyToManyField(
        Dimension, through="IndicatorDimension", blank=True, related_name="indicators"
    )
    frameworks = models.ManyToManyField(FrameworkItem, blank=True, related_name="indicators")
    order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["plan", "order", "code"]
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="indicators_indicator_code",
                violation_error_message=_("This plan already has an indicator of this code."),
            ),
            models.CheckConstraint(
                condition=models.Q(tolerance__gte=0),
                name="indicators_tolerance_not_negative",
                violation_error_message=_("A tolerance is zero or more."),
            ),
            models.CheckConstraint(
                condition=models.Q(floor__isnull=True)
                | models.Q(ceiling__isnull=True)
                | models.Q(ceiling__gte=models.F("floor")),
                name="indicators_ceiling_above_floor",
                violation_error_message=_("The highest plausible value is above the lowest."),
            ),
            models.CheckConstraint(
                condition=~models.Q(baseline_state=BaselineState.KNOWN)
                | models.Q(baseline_value__isnull=False)
                | models.Q(
                    baseline_numerator__isnull=False,
                    baseline_denominator__isnull=False,  # else the comparison says nothing
                    baseline_denominator__gt=0,
                ),
                name="indicators_known_baseline_has_value",
                violation_error_message=_("A known baseline needs its value."),
            ),
            models.CheckConstraint(
                condition=models.Q(on_track_at__isnull=True, at_risk_at__isnull=True)
                | ~models.Q(threshold_reason=""),
                name="indicators_own_thresholds_have_reason",
                violation_error_message=_("Own thresholds need a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def is_share(self) -> bool:
        """Whether a value is a numerator and a denominator, never one number."""
        return self.kind in (Kind.PERCENTAGE, Kind.RATIO)

    @property
    def is_text(self) -> bool:
        """Whether what is reported is words, not a figure."""
        return self.kind == Kind.NARRATIVE


class IndicatorDimension(models.Model):
    """The dimensions of an indicator, in the order in which its cells name them."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="splits")
    dimension = models.ForeignKey(Dimension, models.PROTECT, related_name="splits")
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["indicator", "order"]
        verbose_name = _("split")
        verbose_name_plural = _("splits")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "dimension"],
                name="indicators_split_once",
                violation_error_message=_("This indicator is already split by this dimension."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} / {self.dimension_id}"


class Target(models.Model):
    """What one cell aims at by a date. A revision is a new version; the earlier one stays."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="targets")
    cell = models.CharField(_("cell"), max_length=200, blank=True)
    as_of = models.DateField(_("by"))
    value = models.DecimalField(_("value"), max_digits=15, decimal_places=4)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decision = models.CharField(_("decision document"), max_length=300, blank=True)

    class Meta:
        ordering = ["indicator", "cell", "version", "as_of"]
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "cell", "as_of", "version"],
                name="indicators_target_once",
                violation_error_message=_("This target stands already."),
            ),
            models.CheckConstraint(
                condition=models.Q(version=1) | ~models.Q(reason=""),
                name="indicators_revised_target_has_reason",
                violation_error_message=_("A revised target needs a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.as_of:%Y-%m-%d}: {self.value}"
