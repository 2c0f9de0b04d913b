"""Editions: what was published, frozen."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.models import Plan
from reports.models import Period


class Edition(models.Model):
    """A published quarter. `snapshot` is canonical JSON and never changes; the pages show it.

    `summary` is what publishing.summary takes from it for pages of many plans.

    `address` is permanent, such as AL-2026-Q3-1: plan, quarter, number of the edition.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="editions")
    period = models.ForeignKey(Period, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField(_("number"))
    address = models.CharField(_("address"), max_length=60, unique=True)
    snapshot = models.TextField(_("snapshot"))
    sha256 = models.CharField("SHA-256", max_length=64)
    summary = models.JSONField(_("summary"), default=dict, editable=False)
    audit_head = models.CharField(_("head of the log"), max_length=64)
    note = models.TextField(_("note"), blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="editions"
    )
    published_at = models.DateTimeField(_("published"))

    class Meta:
        ordering = ["-published_at", "-pk"]
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [
            models.UniqueConstraint(
                fields=["period", "number"], name="publishing_edition_number_in_period"
            )
        ]

    def __str__(self) -> str:
        return self.address
