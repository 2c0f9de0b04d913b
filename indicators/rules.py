"""Who holds which role: the small pure questions every permission is built from."""

from collections.abc import Iterable
from typing import NamedTuple

from indicators.choices import COALITION_ROLES, MINISTRY_ROLES, Role


class Holding(NamedTuple):
    """One role a person holds today."""

    plan_id: int
    role: str
    institution_id: int | None


def holdings(user: object) -> frozenset[Holding]:
    """Every role a person holds today; read once for each request's user object."""
    if not getattr(user, "is_authenticated", False) or not getattr(user, "is_active", False):
        return frozenset()
    if "held_roles" not in user.__dict__:
        held = user.memberships.in_force()  # type: ignore[attr-defined]
        rows = held.order_by().values_list("plan_id", "role", "institution_id")
        hold_in_mind(user, (Holding(*row) for row in rows))
    return user.__dict__["held_roles"]  # type: ignore[no-any-return]


def hold_in_mind(user: object, held: Iterable[Holding]) -> None:
    """Every role a person holds today, for whoever has read them together with something else."""
    user.__dict__["held_roles"] = frozenset(held)


def holds(user: object, plan_id: int, *roles: str) -> bool:
    """Whether a person holds one of these roles in a plan."""
    return any(h.plan_id == plan_id and h.role in roles for h in holdings(user))


def holds_anywhere(user: object, *roles: str) -> bool:
    """Whether a person holds one of these roles in any plan."""
    return any(h.role in roles for h in holdings(user))


def acts_for(user: object, plan_id: int, institution_id: int, *roles: str) -> bool:
    """Whether a person holds one of these roles (any of the ministry's) for an institution."""
    wanted = roles or MINISTRY_ROLES
    return any(Holding(plan_id, role, institution_id) in holdings(user) for role in wanted)


def is_coalition(user: object, plan_id: int) -> bool:
    """Whether a person reviews or leads the review of a plan."""
    return holds(user, plan_id, *COALITION_ROLES)


def is_secretariat(user: object, plan_id: int) -> bool:
    """Whether a person keeps the plan."""
    return holds(user, plan_id, Role.ADMINISTRATOR)


def watches(user: object, plan_id: int) -> bool:
    """Whether a person may know how every institution of a plan stands; others know their own's."""
    return holds(user, plan_id, Role.OBSERVER, Role.ADMINISTRATOR, *COALITION_ROLES)
