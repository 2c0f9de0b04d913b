"""The append-only log: every entry carries the hash of the one before it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Head(models.Model):
    """The chain's last link. One row; taking it serialises writers on every database.

    `last_change` is the number of the last entry that told of more than what stands in one report:
    see UNSEEN_ELSEWHERE in services.py.
    """

    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)
    last_change = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="audit_one_head")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash}"


class Entry(models.Model):
    """One change of substance: who did what to which object, when, with what.

    `data` is canonical JSON as text, since it is what the hash was taken of. The actor is kept as
    plain text: the log knows no other table and outlives the person's account.
    """

    sequence = models.PositiveBigIntegerField(_("number"), unique=True)
    at = models.DateTimeField(_("at"))
    actor = models.CharField(_("who"), max_length=254)
    action = models.CharField(_("action"), max_length=60)
    about_type = models.CharField(_("kind of object"), max_length=60)
    about_id = models.CharField(_("object"), max_length=64)
    data = models.TextField(_("data"))
    previous_hash = models.CharField(_("hash before"), max_length=64, unique=True)
    hash = models.CharField(_("hash"), max_length=64, unique=True)

    class Meta:
        ordering = ["sequence"]
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        indexes = [models.Index(fields=["about_type", "about_id"], name="audit_about")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.about_type} {self.about_id}"
