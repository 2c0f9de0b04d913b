"""Who may do what in which plan."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution
from indicators.choices import MINISTRY_ROLES, Role
from indicators.models.plan import Plan
from indicators.querysets import MembershipQuerySet


class Membership(models.Model):
    """A role a person holds in a plan; for the ministry's two roles also in an institution."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=15, choices=Role)
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    expires_on = models.DateField(_("expires on"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "role", "user"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "plan", "role", "institution"],
                name="indicators_membership_once",
                violation_error_message=_("This person already holds this role."),
            ),
            models.UniqueConstraint(
                fields=["user", "plan", "role"],
                condition=Q(institution__isnull=True),
                name="indicators_membership_once_in_plan",
                violation_error_message=_("This person already holds this role."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=MINISTRY_ROLES, institution__isnull=False)
                | (~Q(role__in=MINISTRY_ROLES) & Q(institution__isnull=True)),
                name="indicators_membership_institution",
                violation_error_message=_(
                    "Contributors and approvers belong to an institution; the other roles do not."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
