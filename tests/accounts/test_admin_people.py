"""People and their roles in the admin: who may be given what, and what a file never carries."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import Entry
from audit.services import faults
from indicators.choices import Role
from indicators.models import Membership
from tests import factory
from tests.conftest import World
from tests.indicators.admin_files import CSV, confirm, export, file_of, preview, rows_of

ADD = "admin:accounts_user_add"
MODEL = "accounts_user"


@pytest.fixture
def world(world: World) -> World:
    """Everybody may use the admin."""
    User.objects.update(is_staff=True)
    return world


@pytest.fixture
def root(world: World) -> User:
    return factory.make_user("root@example.org", is_staff=True, is_superuser=True)


def change(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def person(**roles: Any) -> dict[str, Any]:
    """A new person's form; `roles` are the fields of her one role."""
    own = {"email": "New@Example.org", "name": "New", "language": "en"}
    own |= {"usable_password": "false", "memberships-INITIAL_FORMS": "0"}
    own |= {"memberships-TOTAL_FORMS": "1" if roles else "0"}
    return own | {f"memberships-0-{name}": value for name, value in roles.items()}


def roles_of(world: World, row: Any, *new: dict[str, Any]) -> dict[str, Any]:
    """The form of a page with its roles as they are, and new ones below."""
    formsets = world_forms(world, row)
    data: dict[str, Any] = {}
    for form in formsets:
        shown = {bound.html_name: bound.value() for bound in form}
        data |= {n: v for n, v in shown.items() if v is not None and v is not False}
    data = {name: "on" if value is True else value for name, value in data.items()}
    start = int(data["memberships-INITIAL_FORMS"])
    data["memberships-TOTAL_FORMS"] = start + len(new)
    for number, fields in enumerate(new, start=start):
        data |= {f"memberships-{number}-{name}": value for name, value in fields.items()}
    return data


def world_forms(world: World, row: Any) -> list[Any]:
    context = world.client(world.administrator).get(change(row)).context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.initial_forms]
    return forms


def entries(action: str) -> list[dict[str, Any]]:
    return [json.loads(e.data) for e in Entry.objects.filter(action=action)]


# roles


def test_a_new_person_comes_with_a_role(world: World) -> None:
    client = world.client(world.administrator)
    refused = client.post(reverse(ADD), person())
    assert "Give this person a role in one of your plans." in refused.content.decode()
    fields = {"plan": world.plan.pk, "role": "approver", "institution": world.defence.pk}
    assert client.post(reverse(ADD), person(**fields)).status_code == 302
    made = User.objects.get(email="new@example.org")
    assert not made.has_usable_password()
    assert [m.role for m in made.memberships.all()] == [Role.APPROVER]
    told = entries("membership.granted")
    assert [(t["person"], t["role"], t["institution"]) for t in told] == [
        ("new@example.org", "approver", "MM")
    ]
    assert not list(faults())


def test_a_role_is_given_changed_and_taken_away_and_each_is_logged(world: World) -> None:
    client, url = world.client(world.administrator), change(world.stranger)
    assert client.get(url).status_code == 404
    plan = change(world.plan)
    lead = Membership.objects.get(user=world.lead)
    data = roles_of(world, world.plan)
    number = next(n for n in range(20) if data.get(f"memberships-{n}-id") == lead.pk)
    client.post(plan, data | {f"memberships-{number}-expires_on": "2027-01-31"})
    said = entries("membership.changed")
    assert said[0]["changed"] == {"expires_on": [None, "2027-01-31"]}
    data = roles_of(world, world.plan)
    client.post(plan, data | {f"memberships-{number}-DELETE": "on"})
    assert [t["person"] for t in entries("membership.revoked")] == [world.lead.email]
    assert not Membership.objects.filter(user=world.lead).exists()


@pytest.mark.parametrize("role", ["reviewer", "lead"])
@pytest.mark.parametrize("place", ["plan", "person"])
def test_nobody_makes_herself_a_judge_of_her_own_plan(world: World, role: str, place: str) -> None:
    me = world.administrator
    row = world.plan if place == "plan" else me
    other = {"user": me.pk} if place == "plan" else {"plan": world.plan.pk}
    response = world.client(me).post(change(row), roles_of(world, row, {"role": role, **other}))
    assert "You cannot give yourself a role of the coalition" in response.content.decode()
    assert [m.role for m in me.memberships.all()] == [Role.ADMINISTRATOR]


def test_an_own_role_is_not_turned_into_a_judges(world: World) -> None:
    me = world.administrator
    data = roles_of(world, me)
    response = world.client(me).post(change(me), data | {"memberships-0-role": "lead"})
    assert response.status_code == 200
    assert [m.role for m in me.memberships.all()] == [Role.ADMINISTRATOR]


def test_no_role_is_given_in_another_plan(world: World) -> None:
    there = factory.make_plan("XK", country="XK")
    row = {"plan": there.pk, "role": "observer"}
    data = roles_of(world, world.contributor, row)
    assert (
        world.client(world.administrator).post(change(world.contributor), data).status_code == 200
    )
    assert not there.memberships.exists()


def test_roles_in_another_plan_are_neither_seen_nor_lost(world: World) -> None:
    there = factory.make_plan("XK", country="XK", title_en="CANARY")
    world.contributor.memberships.create(plan=there, role=Role.OBSERVER)
    client, url = world.client(world.administrator), change(world.contributor)
    assert "CANARY" not in client.get(url).content.decode()
    client.post(url, roles_of(world, world.contributor) | {"name": "Renamed"})
    assert there.memberships.count() == 1
    assert world.fresh(world.contributor).name == "Renamed"


def test_a_role_is_held_once(world: World) -> None:
    row = {"plan": world.plan.pk, "role": "contributor", "institution": world.defence.pk}
    data = roles_of(world, world.contributor, row)
    response = world.client(world.administrator).post(change(world.contributor), data)
    assert response.status_code == 200
    assert world.contributor.memberships.count() == 1


# what an administrator may not


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "taken@example.org"), ("is_superuser", "on"), ("password", "x")],
)
def test_address_password_and_power_of_others_are_not_an_administrators(
    world: World, field: str, value: str
) -> None:
    row = world.contributor
    data = roles_of(world, row) | {field: value}
    world.client(world.administrator).post(change(row), data)
    now = world.fresh(row)
    assert (now.email, now.is_superuser) == (row.email, False)
    assert now.password == row.password


def test_an_administrator_sets_nobodys_password(world: World, root: User) -> None:
    url = reverse("admin:auth_user_password_change", args=[world.contributor.pk])
    new = {"usable_password": "true", "password1": "hers to know 1", "password2": "hers to know 1"}
    assert world.client(world.administrator).post(url, new).status_code == 403
    assert world.fresh(world.contributor).password == world.contributor.password
    assert world.client(root).post(url, new).status_code == 302
    assert world.fresh(world.contributor).check_password("hers to know 1")


def test_who_runs_the_site_is_not_changed_by_an_administrator(world: World, root: User) -> None:
    root.memberships.create(plan=world.plan, role=Role.OBSERVER)
    client = world.client(world.administrator)
    assert client.get(change(root)).status_code == 200
    assert client.post(change(root), {"name": "Taken"}).status_code == 403


def test_nobody_is_deleted(world: World, root: User) -> None:
    url = reverse("admin:accounts_user_delete", args=[world.stranger.pk])
    assert world.client(root).post(url, {"post": "yes"}).status_code == 403


def test_passwords_are_not_asked_of_the_list(world: World, root: User) -> None:
    url = reverse("admin:accounts_user_changelist")
    response = world.client(root).get(url, {"password__startswith": "md5"})
    assert response.status_code in (302, 400)


# files


@pytest.mark.parametrize("form", ["0", CSV])
def test_no_password_leaves(world: World, root: User, form: str) -> None:
    for who in (root, world.administrator):
        data = export(world.client(who), MODEL, form)
        rows = rows_of(data, form)
        assert "password" not in rows[0]
        assert "md5" not in repr(rows)


def test_an_administrators_file_has_names_and_languages_only(world: World) -> None:
    rows = rows_of(export(world.client(world.administrator), MODEL))
    assert set(rows[0]) == {"email", "name", "language"}
    assert world.stranger.email not in {row["email"] for row in rows}


@pytest.mark.parametrize("column", ["is_staff", "is_superuser", "is_active", "password"])
def test_an_administrators_file_gives_no_power(world: World, column: str) -> None:
    client = world.client(world.administrator)
    data = file_of(("email", "name", column), (world.contributor.email, "C", "yes"))
    response = preview(client, MODEL, data)
    assert f"The column “{column}” is not known." in response.content.decode()


def test_a_superusers_file_gives_power_and_never_a_password(world: World, root: User) -> None:
    client = world.client(root)
    headers = ("email", "name", "is_staff", "is_superuser")
    data = file_of(headers, ("Fresh@Example.org", "Fresh", "yes", "no"))
    confirm(client, MODEL, preview(client, MODEL, data))
    made = User.objects.get(email="fresh@example.org")
    assert (made.is_staff, made.is_superuser, made.has_usable_password()) == (True, False, False)
    secret = file_of(("email", "password"), ("fresh@example.org", "x"))
    assert "is not known" in preview(client, MODEL, secret).content.decode()


def test_an_administrators_file_renames_her_people_and_adds_nobody(world: World) -> None:
    client = world.client(world.administrator)
    data = file_of(("email", "name"), (world.contributor.email.upper(), "Renamed"))
    confirm(client, MODEL, preview(client, MODEL, data))
    assert world.fresh(world.contributor).name == "Renamed"
    for email in ("fresh@example.org", world.stranger.email):
        refused = preview(client, MODEL, file_of(("email", "name"), (email, "X")))
        assert "Nobody among your people" in refused.content.decode()


def test_an_import_keeps_the_password(world: World, root: User) -> None:
    client: Client = world.client(root)
    before = world.contributor.password
    data = file_of(("email", "name"), (world.contributor.email, "Renamed"))
    confirm(client, MODEL, preview(client, MODEL, data))
    now = world.fresh(world.contributor)
    assert (now.name, now.password) == ("Renamed", before)
