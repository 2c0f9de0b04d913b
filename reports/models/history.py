"""Figures from before the plan was monitored here, brought in as long tables."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution
from common import clock
from indicators.models import Indicator, Plan
from indicators.models.indicator import figure


class ImportMapping(models.Model):
    """Which column of a table says what, and which of its words stands for which code; saved."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="import_mappings")
    name = models.CharField(_("name"), max_length=100)
    content = models.TextField(_("columns"))

    class Meta:
        ordering = ["plan", "name"]
        verbose_name = _("column mapping")
        verbose_name_plural = _("column mappings")
        constraints = [
            models.UniqueConstraint(fields=["plan", "name"], name="reports_mapping_once")
        ]

    def __str__(self) -> str:
        return self.name


class ImportBatch(models.Model):
    """One table that went in as a whole, and goes out as a whole while nothing depends on it."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="import_batches")
    name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    mapping = models.TextField(_("columns"))
    faults = models.TextField(_("faults"), blank=True)
    rows = models.PositiveIntegerField(_("rows"))
    by = models.CharField(_("who"), max_length=254)
    at = models.DateTimeField(_("at"), default=clock.now)
    undone_by = models.CharField(_("undone by"), max_length=254, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("import of history")
        verbose_name_plural = _("imports of history")

    def __str__(self) -> str:
        return self.name


class HistoricValue(models.Model):
    """One figure from before, with its source. A later import replaces it and never deletes it."""

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="values")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="history")
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="history"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"), null=True, blank=True)
    cell = models.CharField(_("cell"), max_length=200, blank=True)
    value = figure(_("value"))
    numerator = figure(_("numerator"))
    denominator = figure(_("denominator"))
    source = models.CharField(_("source"), max_length=500, blank=True)
    note = models.TextField(_("note"), blank=True)
    row = models.PositiveIntegerField(_("row in the file"))
    place = models.CharField(_("place"), max_length=64, editable=False)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="replaces"
    )

    class Meta:
        ordering = ["indicator", "year", "quarter", "cell", "pk"]
        verbose_name = _("earlier value")
        verbose_name_plural = _("earlier values")
        constraints = [
            models.UniqueConstraint(
                fields=["place"],
                condition=Q(replaced_by__isnull=True),
                name="reports_history_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False)
                | Q(numerator__isnull=False, denominator__isnull=False),
                name="reports_history_has_value",
                violation_error_message=_("A value, or a numerator and its denominator."),
            ),
            models.CheckConstraint(
                condition=Q(quarter__isnull=True) | Q(quarter__range=(1, 4)),
                name="reports_history_quarter",
                violation_error_message=_("A quarter is 1, 2, 3 or 4."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.year} {self.cell or 'total'}"
