"""Figures from before the plan was monitored here, brought in as long tables."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution
from common import clock
from indicators.models import Indicator, Plan
from indicators.models.indicator import figure
from reports.choices import ImportState


class ImportMapping(models.Model):
    """Which column of a table says what, and which of its words stands for which code; saved.

    `content` is canonical JSON, written by reports/history/mapping.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="import_mappings")
    name = models.CharField(_("name"), max_length=100)
    content = models.TextField(_("columns"))

    class Meta:
        ordering = ["plan", "name"]
        verbose_name = _("column mapping")
        verbose_name_plural = _("column mappings")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "name"],
                name="reports_mapping_once",
                violation_error_message=_("This plan already has a mapping of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ImportBatch(models.Model):
    """One table on its way in: first a draft, then stored as a whole, perhaps undone as a whole.

    `content` is canonical JSON of its cells while it is a draft, and empty afterwards: the values
    are rows then. `faults` is canonical JSON of what arithmetic found in it when it was stored.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="import_batches")
    name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    mapping = models.TextField(_("columns"))
    content = models.TextField(_("content"), blank=True)
    faults = models.TextField(_("faults"), blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState, default=ImportState.DRAFT
    )
    rows = models.PositiveIntegerField(_("rows"), default=0)
    by = models.CharField(_("who"), max_length=254)
    at = models.DateTimeField(_("uploaded"), default=clock.now)
    stored_by = models.CharField(_("stored by"), max_length=254, blank=True)
    stored_at = models.DateTimeField(_("stored"), null=True)
    undone_by = models.CharField(_("undone by"), max_length=254, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("import of earlier figures")
        verbose_name_plural = _("imports of earlier figures")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="reports_batch_known_state"
            ),
            models.CheckConstraint(
                condition=Q(state=ImportState.DRAFT) | Q(stored_at__isnull=False),
                name="reports_batch_stored_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=ImportState.UNDONE) | Q(undone_at__isnull=False),
                name="reports_batch_undone_when",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def standing(self) -> ImportState:
        return ImportState(self.state)


class HistoricValue(models.Model):
    """One figure from before, with its source. A later import replaces it and never deletes it.

    A share (`is_share`) is a percentage as its source states it, of the whole that the cell is a
    part of; it stands beside the figure of the cell. `place` is the hash of what must differ
    between two figures in force: indicator, who says it, period, cell, figure or share.
    """

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="values")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="history")
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="history"
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    cell = models.CharField(_("cell"), max_length=200, blank=True)
    is_share = models.BooleanField(_("percentage of its whole"), default=False)
    value = figure(_("value"))
    numerator = figure(_("numerator"))
    denominator = figure(_("denominator"))
    source = models.CharField(_("source"), max_length=500, blank=True)
    note = models.TextField(_("note"), blank=True)
    row = models.PositiveIntegerField(_("row in the file"))
    place = models.CharField(_("place"), max_length=64, editable=False)
    in_force = models.BooleanField(_("in force"), default=True)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="replaced_by"
    )

    class Meta:
        ordering = ["indicator", "starts_on", "cell", "pk"]
        verbose_name = _("earlier figure")
        verbose_name_plural = _("earlier figures")
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=Q(in_force=True), name="reports_history_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False)
                | Q(numerator__isnull=False, denominator__isnull=False),
                name="reports_history_has_figure",
                violation_error_message=_("A value, or a numerator and its denominator."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="reports_history_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.starts_on:%Y-%m-%d} {self.cell or 'total'}"
