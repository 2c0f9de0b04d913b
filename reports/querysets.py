"""Which reports a person may see, as rows."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from indicators.choices import COALITION_ROLES, MINISTRY_ROLES, Role
from indicators.models import Membership
from reports.choices import FINAL, ReportStatus


def _is_known(user: object) -> bool:
    """Whether it is somebody with an account that is not disabled."""
    return bool(getattr(user, "is_authenticated", False) and getattr(user, "is_active", False))


class ReportQuerySet(models.QuerySet):
    """Reports. Every view starts from `visible_to`."""

    def visible_to(self, user: object) -> Self:
        """Own institution's always; the coalition's once submitted; an observer's once final."""
        if not _is_known(user):
            return self.none()

        def held(*roles: str, **more: object) -> Exists:
            rows = Membership.objects.of(user, roles)
            return Exists(rows.filter(plan=OuterRef("period__plan"), **more))

        return self.filter(
            Q(held(*MINISTRY_ROLES, institution=OuterRef("institution")))
            | Q(held(Role.ADMINISTRATOR))
            | (~Q(status=ReportStatus.DRAFT) & Q(held(*COALITION_ROLES)))
            | (Q(status__in=FINAL) & Q(held(Role.OBSERVER)))
        )

    def owed_by(self, user: object) -> Self:
        """Reports of the institutions a person acts for."""
        if not _is_known(user):
            return self.none()
        rows = Membership.objects.of(user, MINISTRY_ROLES)
        return self.filter(
            Exists(rows.filter(plan=OuterRef("period__plan"), institution=OuterRef("institution")))
        )

    def with_names(self) -> Self:
        """With everything a list shows, in one query."""
        return self.select_related("period__plan", "institution", "reviewer")
