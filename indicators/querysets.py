"""Who holds what, as rows."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


def in_force(prefix: str = "") -> Q:
    """Memberships that hold today, seen through a relation's name where one is given."""
    return Q(**{f"{prefix}expires_on__isnull": True}) | Q(
        **{f"{prefix}expires_on__gte": timezone.localdate()}
    )


class MembershipQuerySet(models.QuerySet):
    """Memberships, by whether they hold today."""

    def in_force(self) -> "MembershipQuerySet":
        return self.filter(in_force())


class PlanQuerySet(models.QuerySet):
    """Plans, by who may do something in them."""

    def with_role(self, user: object, *roles: str) -> "PlanQuerySet":
        held = self.filter(
            in_force("memberships__"), memberships__user=user, memberships__role__in=roles
        )
        return self.filter(pk__in=held.values("pk"))
