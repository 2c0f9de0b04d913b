"""Workbooks that came back: what they say, kept until somebody confirms it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import clock
from reports.models.cycle import Report


class Upload(models.Model):
    """What a report's workbook says, cell by cell, between its upload and its confirmation.

    `content` is canonical JSON of the cells as they were read, written by reports/exchange. One
    open upload for each person and report: a new one takes the place of the last.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="uploads")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="uploads")
    at = models.DateTimeField(_("uploaded"), default=clock.now)
    name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    content = models.TextField(_("content"))
    applied_at = models.DateTimeField(_("taken over"), null=True)

    class Meta:
        ordering = ["-at"]
        verbose_name = _("uploaded workbook")
        verbose_name_plural = _("uploaded workbooks")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "by"],
                condition=Q(applied_at__isnull=True),
                name="reports_one_open_upload",
            )
        ]

    def __str__(self) -> str:
        return self.name
