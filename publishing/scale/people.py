"""The people of an invented plan, marked as demonstration users: they log in only under DEMO."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.models import User
from indicators.choices import Role
from indicators.models import Membership
from publishing.demo.people import PASSWORD
from publishing.scale.structure import Adopted

DOMAIN = "scale.example"
NATIONAL = (Role.ADMINISTRATOR, Role.LEAD, Role.REVIEWER, Role.OBSERVER)


@dataclass(frozen=True)
class Cast:
    """Who acts: one person of each national role, and two for each institution."""

    national: dict[Role, User]
    contributors: dict[int, User]
    approvers: dict[int, User]


def address(role: Role, plan_code: str, place: int = 0) -> str:
    """The e-mail address of a person: lead.s001@scale.example, contributor1.s001@…"""
    return f"{role.value}{place or ''}.{plan_code.lower()}@{DOMAIN}"


def known_password() -> str:
    """The hash of the public password where the demonstration is on, else one nobody has."""
    return make_password(PASSWORD if settings.DEMO else None)


def engage(adopted: Adopted, password: str) -> Cast:
    """Make everybody and their roles; `password` is hashed already."""
    code, places = adopted.plan.code, range(1, len(adopted.institutions) + 1)
    wanted: list[tuple[Role, int]] = [(role, 0) for role in NATIONAL]
    wanted += [(role, n) for role in (Role.CONTRIBUTOR, Role.APPROVER) for n in places]
    users = User.objects.bulk_create(
        User(
            email=address(role, code, n),
            name=f"{role.label} {n or ''} of {code}",
            password=password,
            is_demo=True,
        )
        for role, n in wanted
    )
    by = dict(zip(wanted, users, strict=True))
    Membership.objects.bulk_create(
        Membership(
            user=user,
            plan=adopted.plan,
            role=role,
            institution=adopted.institutions[n - 1] if n else None,
        )
        for (role, n), user in by.items()
    )
    sides = [
        {row.pk: by[role, n] for n, row in enumerate(adopted.institutions, start=1)}
        for role in (Role.CONTRIBUTOR, Role.APPROVER)
    ]
    return Cast({role: by[role, 0] for role in NATIONAL}, *sides)
