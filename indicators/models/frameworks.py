"""What a plan answers to: resolutions, their asks, and the global and European indicators."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.codes import validate_code
from indicators.choices import Certainty


class Framework(models.Model):
    """A set of items outside the plan, such as the UN's indicators of 2010."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    title = models.CharField(_("title"), max_length=250)
    source = models.CharField(_("source"), max_length=500, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("framework")
        verbose_name_plural = _("frameworks")

    def __str__(self) -> str:
        return self.title or self.code


class FrameworkItem(models.Model):
    """One resolution, ask or indicator. `certainty` says whether its text was checked."""

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="items")
    code = models.CharField(_("code"), max_length=30, validators=[validate_code])
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    title = models.CharField(_("title"), max_length=300)
    pillar = models.CharField(_("pillar"), max_length=100, blank=True)
    unit = models.CharField(_("unit"), max_length=100, blank=True)
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    certainty = models.CharField(
        _("certainty"), max_length=20, choices=Certainty, default=Certainty.UNVERIFIED
    )
    source = models.CharField(_("source"), max_length=500, blank=True)
    order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["framework", "order", "code"]
        verbose_name = _("framework item")
        verbose_name_plural = _("framework items")
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "code"],
                name="indicators_framework_item_code",
                violation_error_message=_("This framework already has an item of this code."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"
