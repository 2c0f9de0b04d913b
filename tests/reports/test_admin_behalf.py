"""The secretariat submits for an institution: with a reason, in its own name, for all to see."""

import json
from typing import Any

import pytest

from accounts.models import User
from audit.models import Entry
from indicators.choices import Role
from reports.choices import ReportStatus
from reports.models import Report
from tests import factory
from tests.conftest import World
from tests.reports.test_admin_reports import decision, hidden_fields, page, told

REASON = "Their office burnt down."


@pytest.fixture
def world(world: World) -> World:
    """Everybody was given access to the admin; the ministry's report is complete."""
    User.objects.update(is_staff=True)
    factory.fill_in(world.now(), world.contributor)
    return world


def send(world: World, by: User, reason: str | None = REASON, **more: Any) -> Any:
    """The page that asks, sent back with a reason or without that field."""
    client, url = world.client(by), decision(world.report, "submit_on_behalf")
    data: dict[str, Any] = {"version": world.now().version, "key": "one-key", **more}
    return client.post(url, data if reason is None else {**data, "reason": reason})


def test_it_is_kept_who_did_it_why_and_for_whom(world: World) -> None:
    response = send(world, world.administrator, f"  {REASON}\r\n")
    assert (response.status_code, told(response)) == (
        302,
        ["The report was submitted on behalf of the institution."],
    )
    revision = world.report.revisions.get()
    assert (revision.submitted_by, revision.on_behalf_reason) == (world.administrator, REASON)
    entry = Entry.objects.latest("sequence")
    assert (entry.action, entry.actor) == ("report.submit_on_behalf", world.administrator.email)
    said = json.loads(entry.data)
    assert (said["reason"], said["revision"], said["sha256"]) == (REASON, 1, revision.sha256)


def test_without_a_reason_it_is_not_done(world: World) -> None:
    entries = Entry.objects.count()
    for reason in (None, "", " ", "\n\t "):
        response = send(world, world.administrator, reason)
        assert response.status_code == 422
        assert "A reason is needed: others will read it." in response.content.decode()
    assert (world.now().state, Entry.objects.count()) == (ReportStatus.DRAFT, entries)
    assert not world.report.revisions.exists()


def test_an_incomplete_report_is_not_submitted_for_anybody(world: World) -> None:
    world.report.actions.update(status="", spent=None)
    client, url = world.client(world.administrator), decision(world.report, "submit_on_behalf")
    listed = [text for text, _url in client.get(url).context["gaps"]]

    assert listed == [
        "A1 Action A1: How far the action is, is missing.",
        "A1 Action A1: The money spent is missing; write 0 when none was spent.",
    ]
    assert send(world, world.administrator).status_code == 409
    assert world.now().state is ReportStatus.DRAFT


def test_twice_is_harmless_and_another_key_comes_too_late(world: World) -> None:
    version = world.now().version
    answers = [send(world, world.administrator, version=version) for _ in range(2)]
    late = send(world, world.administrator, version=version, key="another-key")

    assert [response.status_code for response in [*answers, late]] == [302, 302, 409]
    assert world.report.revisions.count() == 1


def test_the_secretariat_of_another_plan_is_not_asked(world: World) -> None:
    there = factory.make_plan("XK", country="XK")
    foreign = factory.make_member(Role.ADMINISTRATOR, there, is_staff=True)
    assert send(world, foreign).status_code == 404

    foreign.memberships.create(plan=world.plan, role=Role.OBSERVER)
    assert send(world, world.fresh(foreign)).status_code == 404
    assert world.now().state is ReportStatus.DRAFT


def test_who_runs_the_site_is_no_secretariat(world: World) -> None:
    root = User.objects.create_superuser("root@example.org", "a long password", name="Root")
    assert send(world, root).status_code in (403, 404)
    assert not world.report.revisions.exists()


def test_an_expired_administrator_submits_nothing(world: World) -> None:
    world.administrator.memberships.update(expires_on="2020-01-01")
    assert send(world, world.fresh(world.administrator)).status_code == 404
    assert not world.report.revisions.exists()


def test_the_ministry_goes_on_as_if_it_had_submitted_itself(world: World) -> None:
    send(world, world.administrator)
    client, url = world.client(world.approver), decision(world.report, "withdraw")
    data = hidden_fields(client.get(url).content.decode())
    assert client.post(url, data).status_code == 302
    assert world.now().state is ReportStatus.DRAFT

    factory.decide("submit", world.report, world.approver)
    revisions = world.report.revisions.order_by("number")
    assert [r.on_behalf_reason for r in revisions] == [REASON, ""]
    assert [r.submitted_by for r in revisions] == [world.administrator, world.approver]


def test_after_a_return_it_is_done_again_with_a_reason_of_its_own(world: World) -> None:
    factory.decide("submit", world.report, world.approver)
    factory.decide("take", world.report, world.reviewer)
    factory.decide("return", world.report, world.reviewer, reason="Look.")
    assert send(world, world.administrator, "Second").status_code == 302

    found = Report.objects.get(pk=world.report.pk)
    assert (found.state, found.revision) == (ReportStatus.SUBMITTED, 2)
    assert found.revisions.get(number=2).on_behalf_reason == "Second"


def test_the_secretariat_submits_and_writes_nothing_else(world: World) -> None:
    client = world.client(world.administrator)
    html = client.get(page(world.report)).content.decode()
    assert decision(world.report, "submit_on_behalf") in html
    assert f'href="{decision(world.report, "submit")}"' not in html
    assert '<input type="submit"' not in html.split('id="content"')[1]
    assert client.post(page(world.report), {"narrative-done": "CANARY"}).status_code == 403
    assert world.now().narrative.done == "Trained the police."
