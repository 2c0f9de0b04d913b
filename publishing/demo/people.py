"""The people of the demonstration. They can log in only while DEMO is on."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from accounts.models import Institution, User
from indicators.choices import Role
from indicators.models import Membership, Plan

PASSWORD = "demo-1325"  # noqa: S105 - public, and refused wherever DEMO is off
DEFENCE, INTERIOR = "MM", "MB"


@dataclass(frozen=True)
class Person:
    """Someone with one role, in an institution where the role needs one."""

    email: str
    name: str
    role: Role
    institution: str = ""


PEOPLE = (
    Person("administrator@demo.example", "Arta Secretariat", Role.ADMINISTRATOR),
    Person("lead@demo.example", "Lindita Lead", Role.LEAD),
    Person("reviewer@demo.example", "Rezarta Reviewer", Role.REVIEWER),
    Person("observer@demo.example", "Olsi Observer", Role.OBSERVER),
    Person("contributor@demo.example", "Besa Defence", Role.CONTRIBUTOR, DEFENCE),
    Person("approver@demo.example", "Agron Defence", Role.APPROVER, DEFENCE),
    Person("contributor2@demo.example", "Mira Interior", Role.CONTRIBUTOR, INTERIOR),
    Person("approver2@demo.example", "Ilir Interior", Role.APPROVER, INTERIOR),
)


def make_user(email: str, name: str, password: str) -> User:
    """A demonstration user; `password` is already hashed. Staff: may also use the admin."""
    return User.objects.create(
        email=email, name=name, password=password, is_demo=True, is_staff=True
    )


def make_people(plan: Plan) -> dict[str, User]:
    """Everybody with the public log-in, by e-mail address."""
    password = make_password(PASSWORD)
    users = {}
    for person in PEOPLE:
        user = make_user(person.email, person.name, password)
        institution = (
            Institution.objects.get(country=plan.country, code=person.institution)
            if person.institution
            else None
        )
        Membership.objects.create(user=user, plan=plan, role=person.role, institution=institution)
        users[person.email] = user
    return users


def approver_of(plan: Plan, institution: Institution) -> User:
    """Who reported for an institution in the past; invented where nobody has a log-in."""
    held = Membership.objects.filter(plan=plan, institution=institution, role=Role.APPROVER)
    found = held.select_related("user").first()
    if found:
        return found.user
    email = f"{institution.code.lower()}@demo.example"
    user = make_user(email, f"Officer of {institution.code}", make_password(None))
    Membership.objects.create(user=user, plan=plan, role=Role.APPROVER, institution=institution)
    return user
