"""Who holds what, from which day to which: the questions every permission is built from."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Institution, User
from indicators import rules
from indicators.choices import COALITION_ROLES, MINISTRY_ROLES, Role
from indicators.models import Membership, Plan
from indicators.scope import institutions_kept, is_keeper, people_kept, plans_kept
from tests import factory

pytestmark = pytest.mark.django_db
every_role = pytest.mark.parametrize("role", list(Role))


@pytest.fixture
def here() -> Plan:
    return factory.make_plan()


@pytest.fixture
def house() -> Institution:
    return factory.make_institution("MM")


def holder(role: Role, plan: Plan, house: Institution, expires_on: date | None = None) -> User:
    """A person with one role, as the next request sees her."""
    user = User.objects.create(email=f"{role}@example.org", name=role.title())
    place = house if role in MINISTRY_ROLES else None
    Membership.objects.create(
        user=user, plan=plan, role=role, institution=place, expires_on=expires_on
    )
    return User.objects.get(pk=user.pk)


# ---------------------------------------------------------------- what a role is


@every_role
def test_a_role_is_held_in_its_plan_and_in_no_other(
    here: Plan, house: Institution, role: Role
) -> None:
    user, there = holder(role, here, house), factory.make_plan("XK", country="XK")

    assert rules.holds(user, here.pk, role)
    assert not rules.holds(user, there.pk, role)
    assert [r for r in Role if rules.holds(user, here.pk, r)] == [role]
    assert [r for r in Role if rules.holds_anywhere(user, r)] == [role]
    assert not rules.holds(user, here.pk)
    assert rules.is_coalition(user, here.pk) is (role in COALITION_ROLES)
    assert rules.is_secretariat(user, here.pk) is (role == Role.ADMINISTRATOR)
    assert rules.watches(user, here.pk) is (role not in MINISTRY_ROLES)
    assert not rules.watches(user, there.pk)
    assert not rules.is_coalition(user, there.pk)
    assert not rules.is_secretariat(user, there.pk)


@every_role
def test_only_a_ministrys_people_act_for_it_and_only_for_theirs(
    here: Plan, house: Institution, role: Role
) -> None:
    user, other = holder(role, here, house), factory.make_institution("MB")
    there = factory.make_plan("XK", country="XK")
    acts = rules.acts_for

    assert acts(user, here.pk, house.pk) is (role in MINISTRY_ROLES)
    assert acts(user, here.pk, house.pk, Role.APPROVER) is (role == Role.APPROVER)
    assert not acts(user, here.pk, other.pk)
    assert not acts(user, there.pk, house.pk)


DAYS: list[tuple[int | None, bool]] = [
    (None, True),
    (1, True),
    (0, True),  # the last day is a day
    (-1, False),
    (-1000, False),
]


@pytest.mark.parametrize(("days", "holds"), DAYS)
def test_a_role_ends_after_its_last_day(
    here: Plan, house: Institution, days: int | None, holds: bool
) -> None:
    last = None if days is None else timezone.localdate() + timedelta(days=days)
    user = holder(Role.ADMINISTRATOR, here, house, last)

    assert rules.holds(user, here.pk, Role.ADMINISTRATOR) is holds
    assert is_keeper(user) is holds
    assert plans_kept(user).exists() is holds
    assert Membership.objects.in_force().exists() is holds
    assert Plan.objects.with_role(user, Role.ADMINISTRATOR).exists() is holds


def disabled(user: User) -> User:
    User.objects.filter(pk=user.pk).update(is_active=False, is_superuser=True)
    return User.objects.get(pk=user.pk)


NOBODY: list[tuple[str, Callable[[User], Any]]] = [
    ("a guest", lambda user: AnonymousUser()),
    ("nobody", lambda user: None),
    ("who was disabled", disabled),
]


@pytest.mark.parametrize("who", [who for _, who in NOBODY], ids=[name for name, _ in NOBODY])
def test_who_is_nobody_holds_nothing(here: Plan, house: Institution, who: Any) -> None:
    person = who(holder(Role.ADMINISTRATOR, here, house))

    assert rules.holdings(person) == frozenset()
    assert not rules.holds_anywhere(person, *Role)
    assert not is_keeper(person)


def test_a_role_taken_away_is_gone_with_the_next_request(here: Plan, house: Institution) -> None:
    user = holder(Role.LEAD, here, house)
    assert rules.is_coalition(user, here.pk)
    Membership.objects.all().delete()

    assert not rules.is_coalition(User.objects.get(pk=user.pk), here.pk)


def test_roles_are_read_once_for_each_request(
    here: Plan, house: Institution, django_assert_num_queries: Any
) -> None:
    user = holder(Role.APPROVER, here, house)
    with django_assert_num_queries(1):
        for _ in range(5):
            rules.holds(user, here.pk, *Role)
            rules.acts_for(user, here.pk, house.pk)


def test_one_person_may_hold_several_roles(here: Plan, house: Institution) -> None:
    user, there = holder(Role.APPROVER, here, house), factory.make_plan("XK", country="XK")
    for plan, role in ((here, Role.OBSERVER), (there, Role.REVIEWER)):
        Membership.objects.create(user=user, plan=plan, role=role)
    found = {(h.plan_id, h.role, h.institution_id) for h in rules.holdings(user)}

    assert found == {
        (here.pk, "approver", house.pk),
        (here.pk, "observer", None),
        (there.pk, "reviewer", None),
    }


# ---------------------------------------------------------------- what a secretariat keeps


def test_a_secretariat_keeps_its_plans_with_their_countries_and_people(
    here: Plan, house: Institution
) -> None:
    keeper = holder(Role.ADMINISTRATOR, here, house)
    there = factory.make_plan("XK", country="XK")
    far = factory.make_institution("CANARY", country="XK")
    old = factory.make_member(Role.OBSERVER, here, email="old@example.org")
    old.memberships.update(expires_on=date(2020, 1, 1))
    foreign = factory.make_member(Role.LEAD, there)
    stranger = factory.make_user("stranger@example.org")

    assert [*plans_kept(keeper)] == [here]
    assert [*institutions_kept(keeper)] == [house]
    assert {*people_kept(keeper)} == {keeper, old}  # also who has left
    root = User.objects.create_superuser("root@example.org", "a long password", name="Root")
    assert {*plans_kept(root)} == {here, there}
    assert {*institutions_kept(root)} == {house, far}
    assert {*people_kept(root)} == {keeper, old, foreign, stranger, root}


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_no_other_role_keeps_anything(here: Plan, house: Institution, role: Role) -> None:
    user = holder(role, here, house)

    kept = [plans_kept(user), institutions_kept(user), people_kept(user)]
    assert [rows.count() for rows in kept] == [0, 0, 0]
    assert not is_keeper(user)
