"""What a secretariat keeps: the plans it administers and what belongs to them."""

from django.db.models import Q, QuerySet

from accounts.models import Institution, User
from indicators.choices import Role
from indicators.models import Membership, Plan
from indicators.rules import holds_anywhere


def is_keeper(user: object) -> bool:
    """Whether a person keeps plans: a superuser all of them, an administrator her own."""
    active = bool(getattr(user, "is_active", False))
    return active and (bool(getattr(user, "is_superuser", False)) or _administers(user))


def _administers(user: object) -> bool:
    return holds_anywhere(user, Role.ADMINISTRATOR)


def plans_kept(user: object) -> QuerySet[Plan]:
    """The plans a person may change."""
    if getattr(user, "is_superuser", False):
        return Plan.objects.all()
    if not getattr(user, "is_authenticated", False):
        return Plan.objects.none()
    return Plan.objects.with_role(user, Role.ADMINISTRATOR)


def institutions_kept(user: object) -> QuerySet[Institution]:
    """The institutions of the countries of those plans."""
    if getattr(user, "is_superuser", False):
        return Institution.objects.all()
    return Institution.objects.filter(country__in=plans_kept(user).order_by().values("country"))


def people_kept(user: object) -> QuerySet[User]:
    """The people with a role, past or present, in those plans."""
    if getattr(user, "is_superuser", False):
        return User.objects.all()
    held = Membership.objects.filter(plan__in=plans_kept(user).order_by())
    return User.objects.filter(Q(pk__in=held.values("user")))
