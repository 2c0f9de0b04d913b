"""The log in the admin: to read, by those who keep the plan it tells of."""

import pytest
from django.urls import reverse

from accounts.models import User
from audit.models import Entry
from indicators.choices import Role
from reports.models import Review
from reports.services import save_remark
from tests import factory
from tests.conftest import World

LIST = "admin:audit_entry_changelist"


@pytest.fixture
def world(world: World) -> World:
    """Everybody may use the admin; another plan has a log of its own."""
    there = factory.make_plan("XK", country="XK")
    objective = factory.make_objective(there)
    house = factory.make_institution("H", "House", country="XK")
    factory.make_indicator(there, "I1", house, objective=objective)
    period = factory.open_quarter(there)
    report = period.reports.get()
    member = factory.make_member(Role.CONTRIBUTOR, there, house, email="canary@example.org")
    factory.fill_in(report, member)
    User.objects.update(is_staff=True)
    return world


def seen_by(world: World, user: User) -> set[str]:
    response = world.client(user).get(reverse(LIST))
    assert response.status_code == 200
    return {entry.actor for entry in response.context["cl"].result_list}


def test_an_administrator_reads_what_is_of_her_plan(world: World) -> None:
    world.submitted()
    assert seen_by(world, world.administrator) == {
        "system",
        world.contributor.email,
        world.approver.email,
    }


def test_a_superuser_reads_everything(world: World) -> None:
    root = factory.make_user("root@example.org", is_staff=True, is_superuser=True)
    assert "canary@example.org" in seen_by(world, root)


def test_nobody_else_reads_it(world: World) -> None:
    for person in (world.contributor, world.reviewer, world.lead, world.observer, world.stranger):
        assert world.client(person).get(reverse(LIST)).status_code == 403


@pytest.mark.parametrize("page", ["change", "history"])
def test_an_entry_of_another_plan_is_not_there(world: World, page: str) -> None:
    entry = Entry.objects.filter(actor="canary@example.org").first()
    assert entry is not None
    url = reverse(f"admin:audit_entry_{page}", args=[entry.pk])
    assert world.client(world.administrator).get(url).status_code == 404


def test_what_the_coalition_writes_is_not_told_before_it_is_handed_over(world: World) -> None:
    world.under_review()
    review = Review.objects.get()
    line = world.report.lines.first()
    save_remark(review, by=world.reviewer, version=0, verdict="flagged", text="CANARY", line=line)
    remarks = Entry.objects.filter(about_type="reports.remark")
    assert remarks.count() == 1
    client = world.client(world.administrator)
    url = reverse("admin:audit_entry_change", args=[remarks.get().pk])
    assert client.get(url).status_code == 404
    factory.decide("return", world.report, world.reviewer, reason="Look.")
    assert client.get(url).status_code == 200


def test_the_log_is_not_written_here(world: World) -> None:
    root = factory.make_user("root@example.org", is_staff=True, is_superuser=True)
    client, entry = world.client(root), Entry.objects.earliest("sequence")
    assert client.get(reverse("admin:audit_entry_add")).status_code == 403
    url = reverse("admin:audit_entry_change", args=[entry.pk])
    assert client.post(url, {"actor": "somebody"}).status_code == 403
    url = reverse("admin:audit_entry_delete", args=[entry.pk])
    assert client.post(url, {"post": "yes"}).status_code == 403
    assert Entry.objects.earliest("sequence").actor == entry.actor
