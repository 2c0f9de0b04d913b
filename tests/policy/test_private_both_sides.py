"""One person may hold several roles, but never decides on both sides of the same report."""

from typing import NamedTuple

import pytest

from accounts.models import Institution, User
from indicators.choices import COALITION_ROLES, MINISTRY_ROLES, Role
from indicators.models import Membership
from reports.models import Rating, Remark
from reports.workflow import allowed_actions
from tests import factory
from tests.conftest import World
from tests.policy.table import PRIVATE
from tests.policy.walking import Browser, Scene, ask, stage, sung

ROWS = {row.key: row for row in PRIVATE}
PAIRS = [(ours, theirs) for ours in MINISTRY_ROLES for theirs in COALITION_ROLES]


def holder(world: World, *roles: Role, at: Institution | None = None) -> User:
    """A person with these roles in the plan; those of a ministry at defence, if not elsewhere."""
    place = at or world.defence
    user = factory.make_user(f"{'-'.join(roles)}.{place.code}@example.org")
    for role in roles:
        its = place if role in MINISTRY_ROLES else None
        Membership.objects.create(user=user, plan=world.plan, role=role, institution=its)
    return user


class Asked(NamedTuple):
    """A request of the coalition's side: what it answers to who holds both, and to others."""

    state: str
    key: str
    method: str
    both: int
    other: int


ASKED = [
    Asked("submitted", "review report", "GET", 302, 200),
    Asked("submitted", "report_decide report take", "GET", 403, 200),
    Asked("submitted", "report_decide report take", "POST", 403, 302),
    Asked("under_review", "review report", "GET", 302, 200),
    Asked("under_review", "review report", "POST", 403, 302),
    Asked("under_review", "review_save report narrative", "POST", 403, 200),
    Asked("under_review", "review_accept report", "GET", 302, 200),
    Asked("under_review", "review_accept report", "POST", 403, 302),
    Asked("under_review", "report_decide report return", "GET", 403, 200),
    Asked("under_review", "report_decide report return", "POST", 403, 302),
    Asked("under_review", "report_decide report validate", "GET", 403, 200),
    Asked("under_review", "report_decide report validate", "POST", 403, 302),
]
STATES = sorted({asked.state for asked in ASKED})


def _answers(scene: Scene, user: User, asked: list[Asked]) -> dict[tuple[str, str], int]:
    """What a person is told, by address and method."""
    scene.browsers["guest"] = Browser()
    scene.browsers["guest"].force_login(user)
    return {
        (one.key, one.method): ask(scene, ROWS[one.key], one.method, "guest").status
        for one in asked
    }


@pytest.mark.parametrize("state", STATES)
def test_who_acts_for_the_ministry_decides_nothing_for_the_coalition(
    world: World, state: str
) -> None:
    scene, asked = stage(world, state), [one for one in ASKED if one.state == state]
    expected = {(one.key, one.method): one.both for one in asked}
    found = {roles: _answers(scene, holder(world, *roles), asked) for roles in PAIRS}
    assert found == dict.fromkeys(PAIRS, expected)


@pytest.mark.parametrize("state", STATES)
def test_who_acts_for_another_ministry_is_of_the_coalition_here(world: World, state: str) -> None:
    """The control of the test above: only the institution differs."""
    scene, asked = stage(world, state), [one for one in ASKED if one.state == state]
    user = holder(world, Role.APPROVER, Role.LEAD, at=world.interior)
    assert _answers(scene, user, asked) == {(one.key, one.method): one.other for one in asked}


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_who_holds_both_works_for_the_ministry_alone(
    world: World, ours: Role, theirs: Role
) -> None:
    user = holder(world, ours, theirs)
    as_ministry = ["submit"] if ours == Role.APPROVER else []
    assert allowed_actions(user, world.now()) == as_ministry
    world.submitted()
    withdraws = ["withdraw"] if ours == Role.APPROVER else []
    assert allowed_actions(world.fresh(user), world.now()) == withdraws


def test_who_took_a_report_and_joins_its_ministry_hands_it_on(world: World) -> None:
    """The round stays open; the lead steps in, and the one who took it decides nothing more."""
    world.under_review()
    Membership.objects.create(
        user=world.reviewer, plan=world.plan, role=Role.CONTRIBUTOR, institution=world.defence
    )
    reviewer = world.fresh(world.reviewer)
    assert allowed_actions(reviewer, world.now()) == []
    assert allowed_actions(world.fresh(world.lead), world.now()) == ["return", "validate"]


def test_who_left_the_ministry_reviews_its_next_report_only_with_a_role(world: World) -> None:
    world.submitted()
    world.approver.memberships.all().delete()
    assert allowed_actions(world.fresh(world.approver), world.now()) == []
    Membership.objects.create(user=world.approver, plan=world.plan, role=Role.REVIEWER)
    assert allowed_actions(world.fresh(world.approver), world.now()) == ["take"]


def test_an_expired_role_of_the_ministry_is_no_second_side(world: World) -> None:
    user = holder(world, Role.CONTRIBUTOR, Role.REVIEWER)
    world.submitted()
    assert allowed_actions(world.fresh(user), world.now()) == []
    user.memberships.filter(role=Role.CONTRIBUTOR).update(expires_on=world.plan.starts_on)
    assert allowed_actions(world.fresh(user), world.now()) == ["take"]


def test_the_same_institution_in_another_plan_is_no_second_side(world: World) -> None:
    elsewhere = factory.make_plan("CD", country="CD")
    user = holder(world, Role.REVIEWER)
    Membership.objects.create(
        user=user, plan=elsewhere, role=Role.APPROVER, institution=world.defence
    )
    world.submitted()
    assert allowed_actions(world.fresh(user), world.now()) == ["take"]


def test_the_open_round_is_hidden_from_who_holds_both(world: World) -> None:
    """Remarks and ratings of an open round are the coalition's until it has decided."""
    scene = stage(world, "under_review")
    scene.browsers["guest"] = Browser()
    scene.browsers["guest"].force_login(holder(world, Role.CONTRIBUTOR, Role.LEAD))
    keys = ("report report", "report_content report", "report_workbook report", "quarter period")
    told = [ask(scene, ROWS[key], "GET", "guest") for key in keys]
    assert [answer.status for answer in told] == [200] * len(keys)
    heard = set().union(*(sung(answer.text) for answer in told))
    assert heard & {"remark", "coalition_rating"} == set()
    assert {"narrative", "figure", "money"} <= heard


def test_a_review_by_who_holds_both_leaves_nothing_behind(world: World) -> None:
    world.under_review()
    client = world.client(holder(world, Role.APPROVER, Role.LEAD))
    taken, line = world.now().reviews.get(), world.report.lines.order_by("pk")[0]
    part = f"line-{line.pk}"
    typed = {
        "review-now": taken.pk,
        f"{part}-version": 0,
        f"{part}-verdict": "accepted",
        f"{part}-rating": "achieved",
        f"{part}-rating_reason": "We are the best.",
    }
    assert client.post(f"/review/{world.report.pk}/", typed).status_code == 403
    assert client.post(f"/review/{world.report.pk}/save/{part}/", typed).status_code == 403
    assert (Remark.objects.count(), Rating.objects.filter(side="coalition").count()) == (0, 0)


def test_the_queue_offers_no_report_of_ones_own_ministry(world: World) -> None:
    world.submitted()
    page = f'action="/reports/{world.report.pk}/decide/take/"'
    path = f"/reports/{world.report.pk}/decide/take/"
    own = world.client(holder(world, Role.APPROVER, Role.REVIEWER)).get("/review/")
    other = world.client(holder(world, Role.APPROVER, Role.REVIEWER, at=world.interior))
    assert path not in own.content.decode()
    assert page in other.get("/review/").content.decode()
