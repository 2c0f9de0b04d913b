"""Which reports a person may see, as rows."""

from typing import Self

from django.db import models
from django.db.models import Q

from indicators.choices import COALITION_ROLES, MINISTRY_ROLES, Role
from indicators.rules import holdings
from reports.choices import FINAL, ReportStatus


def _in_plans(user: object, *roles: str) -> Q:
    """In a plan in which the person holds one of these roles."""
    return Q(period__plan__in={h.plan_id for h in holdings(user) if h.role in roles})


def _own(user: object) -> Q:
    """Of an institution for which the person acts in the report's plan."""
    found = Q(pk__in=())
    for held in holdings(user):
        if held.role in MINISTRY_ROLES:
            found |= Q(period__plan=held.plan_id, institution=held.institution_id)
    return found


class ReportQuerySet(models.QuerySet):
    """Reports. Every view starts from `visible_to`."""

    def visible_to(self, user: object) -> Self:
        """Own institution's always; the coalition's once submitted; an observer's once final."""
        return self.filter(
            _own(user)
            | _in_plans(user, Role.ADMINISTRATOR)
            | (~Q(status=ReportStatus.DRAFT) & _in_plans(user, *COALITION_ROLES))
            | (Q(status__in=FINAL) & _in_plans(user, Role.OBSERVER))
        )

    def owed_by(self, user: object) -> Self:
        """Reports of the institutions a person acts for."""
        return self.filter(_own(user))

    def with_names(self) -> Self:
        """With everything a list shows, in one query."""
        return self.select_related("period__plan", "institution", "reviewer")
