"""Files that take a while to make, for the person who asked for them."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common import clock
from indicators.models import Plan
from reports.choices import UNFINISHED, ExportState

FINISHED = Q(finished_at__isnull=False)
HAS_FILE = FINISHED & Q(expires_at__isnull=False) & ~Q(filename="") & ~Q(sha256="")


class ExportJob(models.Model):
    """One export of many quarters: what was asked for, how far it is, and what its file is.

    `asked` is canonical JSON of the question and `question` its SHA-256: nobody has the same
    question open twice. `rights` is what she might read when the file was made (rights.py). The
    file lies in EXPORTS_ROOT under `key`; nothing a person typed is in its name there.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports")
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="exports")
    asked = models.TextField(_("asked for"))
    question = models.CharField(_("SHA-256 of what was asked for"), max_length=64)
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(
        _("state"), max_length=10, choices=ExportState, default=ExportState.WAITING
    )
    done = models.PositiveIntegerField(_("rows written"), default=0)
    total = models.PositiveIntegerField(_("rows in all"), default=0)
    filename = models.CharField(_("file"), max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    rights = models.CharField(_("SHA-256 of the rights"), max_length=64, blank=True)
    problem = models.CharField(_("problem"), max_length=300, blank=True)
    asked_at = models.DateTimeField(_("asked on"), default=clock.now)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    expires_at = models.DateTimeField(_("expires"), null=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ExportState.values), name="reports_export_known_state"
            ),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")), name="reports_export_rows_within_total"
            ),
            models.CheckConstraint(
                condition=~Q(state=ExportState.DONE) | HAS_FILE, name="reports_export_done_has_file"
            ),
            models.CheckConstraint(
                condition=(Q(state=ExportState.FAILED) & FINISHED & ~Q(problem=""))
                | (~Q(state=ExportState.FAILED) & Q(problem="")),
                name="reports_export_failed_says_why",
            ),
            models.UniqueConstraint(
                fields=["by", "question"],
                condition=Q(state__in=sorted(UNFINISHED)),
                name="reports_export_asked_once",
            ),
        ]

    def __str__(self) -> str:
        return self.filename or str(self.key)

    @property
    def stands(self) -> ExportState:
        """Its state as an enum."""
        return ExportState(self.state)

    @property
    def is_expired(self) -> bool:
        """Whether its time is over, whether or not the file was removed by now."""
        return self.expires_at is not None and self.expires_at <= clock.now()
