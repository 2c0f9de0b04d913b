"""Files that take a while to make, for the person who asked for them."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common import clock
from indicators.models import Plan
from reports.choices import ExportState


class ExportJob(models.Model):
    """One consolidated export: what was asked for, how far it is, and where its file lies."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports")
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="exports")
    asked = models.TextField(_("asked for"))
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(
        _("state"), max_length=10, choices=ExportState, default=ExportState.WAITING
    )
    done = models.PositiveIntegerField(_("rows written"), default=0)
    total = models.PositiveIntegerField(_("rows in all"), default=0)
    filename = models.CharField(_("file"), max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    asked_at = models.DateTimeField(_("asked for"), default=clock.now)
    finished_at = models.DateTimeField(_("finished"), null=True)
    expires_at = models.DateTimeField(_("expires"), null=True)

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=ExportState.values), name="reports_export_known_state"
            )
        ]

    def __str__(self) -> str:
        return self.filename or str(self.key)
