"""What the official figures say of an indicator, kept beside the reports they come from."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators.choices import Status
from indicators.models import Indicator
from reports.models.cycle import Period


class Assessment(models.Model):
    """One indicator at the end of one quarter, for one set of its cells.

    `cell_set` is "" for the total, else the dimensions that split it ("sex", "sex;age"). Only the
    total has a status of its own. `results` holds, by cell, the figure to date, its coverage and,
    where the cell has a target, its inputs and what followed from them; `sources` the reports
    behind it, each as [report, revision]. Written by reports.judging alone.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="assessments")
    period = models.ForeignKey(Period, models.CASCADE, related_name="assessments")
    cell_set = models.CharField(_("cells"), max_length=200, blank=True)
    status = models.CharField(_("status"), max_length=15, choices=Status, blank=True)
    results = models.JSONField(_("results"), encoder=DjangoJSONEncoder)
    sources = models.JSONField(_("sources"), default=list)
    rules_version = models.CharField(_("version of the rules"), max_length=10)

    class Meta:
        ordering = ["period", "indicator", "cell_set"]
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "period", "cell_set"], name="reports_assessment_once"
            ),
            models.CheckConstraint(
                condition=Q(cell_set="", status__in=Status.values)
                | (~Q(cell_set="") & Q(status="")),
                name="reports_assessment_status_of_total",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} / {self.period_id} {self.cell_set or 'total'}"
