"""A role taken away, given or changed counts from the next request, in the same log-in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.db import transaction

from accounts.models import User
from indicators.choices import MINISTRY_ROLES, Role
from indicators.models import Membership
from reports.models import Narrative, Remark
from tests import factory
from tests.conftest import World
from tests.policy.table import PRIVATE, Row
from tests.policy.walking import Browser, address, stage
from tests.reports.typed_forms import fields_on

Change = Callable[[World, User], object]
ROWS: dict[str, Row] = {row.key: row for row in PRIVATE}


def _held(user: User) -> Membership:
    return user.memberships.get()


def removed(world: World, user: User) -> None:
    _held(user).delete()


def expired(world: World, user: User) -> None:
    yesterday = world.period.today() - timedelta(days=1)
    user.memberships.update(expires_on=yesterday)


def last_day(world: World, user: User) -> None:
    user.memberships.update(expires_on=world.period.today())


def deactivated(world: World, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def demonstration(world: World, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_demo=True)


def new_password(world: World, user: User) -> None:
    user.set_password("another long password")
    user.save()


def moved(world: World, user: User) -> None:
    user.memberships.update(institution=world.interior)


def other_plan(world: World, user: User) -> None:
    user.memberships.update(plan=factory.make_plan("XK", country="XK"))


def becomes(role: Role) -> Change:
    def change(world: World, user: User) -> None:
        user.memberships.update(role=role, institution=None)

    return change


def acts_for_defence(role: Role) -> Change:
    def change(world: World, user: User) -> None:
        user.memberships.update(role=role, institution=world.defence)

    return change


def given(role: Role) -> Change:
    def change(world: World, user: User) -> None:
        place = world.defence if role in MINISTRY_ROLES else None
        Membership.objects.create(user=user, plan=world.plan, role=role, institution=place)

    return change


class Case(NamedTuple):
    """Who asks for what in which state, what she is told before and after a change."""

    person: str
    key: str
    state: str
    before: int
    change: Change
    after: int


CASES = [
    Case("contributor", "report report", "draft", 200, removed, 404),
    Case("contributor", "report_fill report narrative", "draft", 200, expired, 404),
    Case("contributor", "report_fill report narrative", "draft", 200, last_day, 200),
    Case("contributor", "report_fill report narrative", "draft", 200, deactivated, 302),
    Case("contributor", "report_fill report narrative", "draft", 200, demonstration, 302),
    Case("contributor", "report_fill report narrative", "draft", 200, new_password, 302),
    Case("contributor", "report_workbook report", "draft", 200, moved, 404),
    Case("contributor", "evidence file", "draft", 200, other_plan, 404),
    Case("contributor", "quarter period", "draft", 200, other_plan, 404),
    Case("contributor", "quarter_workbook period", "draft", 200, removed, 404),
    Case("contributor", "report report", "draft", 200, becomes(Role.OBSERVER), 404),
    Case("contributor", "report report", "submitted", 200, becomes(Role.REVIEWER), 302),
    Case("approver", "report_decide report submit", "draft", 200, removed, 404),
    Case(
        "approver",
        "report_decide report submit",
        "draft",
        200,
        acts_for_defence(Role.CONTRIBUTOR),
        403,
    ),
    Case(
        "contributor",
        "report_decide report submit",
        "draft",
        403,
        acts_for_defence(Role.APPROVER),
        200,
    ),
    Case("approver", "report_decide report withdraw", "submitted", 200, expired, 404),
    Case("reviewer", "review_queue", "submitted", 200, removed, 403),
    Case("reviewer", "review report", "under_review", 200, removed, 404),
    Case("reviewer", "review report", "under_review", 200, deactivated, 302),
    Case("reviewer", "review report", "under_review", 200, becomes(Role.OBSERVER), 404),
    Case("reviewer", "review report", "under_review", 200, becomes(Role.ADMINISTRATOR), 302),
    Case("reviewer", "review report", "under_review", 200, given(Role.CONTRIBUTOR), 302),
    Case("reviewer", "report_decide report return", "under_review", 200, expired, 404),
    Case("reviewer", "report_decide report return", "under_review", 200, other_plan, 404),
    Case(
        "reviewer",
        "report_decide report validate",
        "under_review",
        200,
        given(Role.APPROVER),
        403,
    ),
    Case("second_reviewer", "report_decide report take", "submitted", 200, expired, 404),
    Case(
        "second_reviewer",
        "report_decide report return",
        "under_review",
        403,
        becomes(Role.LEAD),
        200,
    ),
    Case("lead", "publish period", "validated", 200, becomes(Role.REVIEWER), 403),
    Case("lead", "publish period", "validated", 200, removed, 404),
    Case("lead", "report_decide report reopen", "published", 200, becomes(Role.REVIEWER), 403),
    Case("administrator", "report report", "draft", 200, removed, 404),
    Case("administrator", "report_decide report submit_on_behalf", "draft", 200, expired, 404),
    Case("observer", "report_content report", "validated", 200, removed, 404),
    Case("observer", "evidence protected_file", "validated", 404, becomes(Role.REVIEWER), 200),
    Case("stranger", "report report", "draft", 404, given(Role.CONTRIBUTOR), 200),
    Case("stranger", "report_content report", "published", 404, given(Role.OBSERVER), 200),
    Case("stranger", "review_queue", "submitted", 403, given(Role.LEAD), 200),
    Case("other_contributor", "report report", "draft", 404, given(Role.APPROVER), 200),
    Case("former", "review report", "submitted", 404, last_day, 200),
    Case("foreign_lead", "publish period", "validated", 404, given(Role.LEAD), 200),
]


def _told(browser: Browser, path: str) -> int:
    status: int = browser.get(path).status_code
    return status


@pytest.mark.parametrize("state", sorted({case.state for case in CASES}))
def test_a_change_counts_from_the_next_request(world: World, settings: Any, state: str) -> None:
    settings.DEMO = False
    scene = stage(world, state)
    found = []
    cases = [case for case in CASES if case.state == state]
    for case in cases:
        browser, path = scene.browsers[case.person], address(scene, ROWS[case.key])
        user = scene.people[case.person]
        assert user is not None
        with transaction.atomic():
            before = _told(browser, path)
            case.change(world, world.fresh(user))
            found.append((case.person, case.key, before, _told(browser, path)))
            transaction.set_rollback(True)
    assert found == [(case.person, case.key, case.before, case.after) for case in cases]


def test_what_was_typed_before_a_role_was_taken_away_is_not_saved(world: World) -> None:
    client, narrative = world.client(world.contributor), world.report.narrative
    path = f"/reports/{world.report.pk}/save/narrative/"
    typed = {"narrative-version": narrative.version, "narrative-done": "First."}
    assert client.post(path, typed).status_code == 200
    removed(world, world.contributor)
    typed = {"narrative-version": narrative.version + 1, "narrative-done": "Second."}
    assert client.post(path, typed).status_code == 404
    assert Narrative.objects.get(report=world.report).done == "First."


def test_a_page_opened_as_approver_submits_nothing_for_a_contributor(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    path = f"/reports/{world.report.pk}/decide/submit/"
    client = world.client(world.approver)
    asked = fields_on(client.get(path))
    acts_for_defence(Role.CONTRIBUTOR)(world, world.approver)
    assert client.post(path, asked).status_code == 403
    assert world.now().status == "draft"
    acts_for_defence(Role.APPROVER)(world, world.approver)
    assert client.post(path, asked).status_code == 302
    assert world.now().status == "submitted"


def test_a_verdict_typed_before_a_role_was_taken_away_is_not_saved(world: World) -> None:
    world.under_review()
    client, path = world.client(world.reviewer), f"/review/{world.report.pk}/"
    typed = fields_on(client.get(path)) | {
        "narrative-verdict": "flagged",
        "narrative-text": "Say more.",
    }
    removed(world, world.reviewer)
    assert client.post(path, typed).status_code == 404
    assert Remark.objects.count() == 0


def test_a_deactivated_person_keeps_what_was_typed_but_saves_nothing(world: World) -> None:
    client = world.client(world.contributor)
    deactivated(world, world.contributor)
    typed = {"narrative-version": "0", "narrative-done": "Half an hour of work."}
    answer = client.post(f"/reports/{world.report.pk}/save/narrative/", typed)
    assert answer.status_code == 401
    assert "Half an hour of work." in answer.content.decode()
    assert Narrative.objects.get(report=world.report).done == ""


def test_a_deactivated_person_does_not_log_in_again(world: World) -> None:
    deactivated(world, world.contributor)
    client = world.client(None)
    typed = {"username": world.contributor.email, "password": factory.PASSWORD}
    assert client.post("/login/", typed).status_code == 200
    assert client.get("/reports/").status_code == 302


def test_a_new_password_ends_every_other_log_in_and_keeps_this_one(world: World) -> None:
    here, there = world.client(world.contributor), world.client(world.contributor)
    new = "another long password 7"
    typed = {"old_password": factory.PASSWORD, "new_password1": new, "new_password2": new}
    assert here.post("/password/", typed).headers["Location"] == "/password/done/"
    told = [client.get("/reports/").status_code for client in (here, there)]
    assert told == [200, 302]


def test_the_navigation_follows_the_roles_of_the_moment(world: World) -> None:
    client = world.client(world.stranger)
    links = ("/reports/", "/review/", "/quarters/")

    def shown() -> list[str]:
        page = client.get("/method/").content.decode()
        return [path for path in links if f'href="{path}"' in page]

    assert shown() == []
    given(Role.CONTRIBUTOR)(world, world.stranger)
    assert shown() == ["/reports/", "/quarters/"]
    becomes(Role.REVIEWER)(world, world.stranger)
    assert shown() == ["/review/", "/quarters/"]
    expired(world, world.stranger)
    assert shown() == []
