"""Which reports each person sees, in each state."""

from datetime import date

import pytest

from reports.choices import ReportStatus
from reports.models import Report
from tests import factory
from tests.conftest import World
from tests.reports.test_workflow import PEOPLE, bring_to

S = ReportStatus
OWN = {"contributor", "approver", "administrator"}
COALITION = {"reviewer", "other_reviewer", "lead"}

SEEN_BY = {
    S.DRAFT: OWN,
    S.SUBMITTED: OWN | COALITION,
    S.UNDER_REVIEW: OWN | COALITION,
    S.RETURNED: OWN | COALITION,
    S.VALIDATED: OWN | COALITION | {"observer"},
    S.PUBLISHED: OWN | COALITION | {"observer"},
}


@pytest.mark.parametrize("status", list(S))
def test_each_state_is_seen_by_exactly_its_people(world: World, status: S) -> None:
    report = bring_to(world, status)
    seen = {
        name
        for name in PEOPLE
        if Report.objects.visible_to(getattr(world, name)).filter(pk=report.pk).exists()
    }
    assert seen == SEEN_BY[status]


def test_nobody_logged_in_sees_nothing(world: World) -> None:
    from django.contrib.auth.models import AnonymousUser

    world.published()
    assert not Report.objects.visible_to(AnonymousUser()).exists()


def test_a_role_in_another_plan_opens_nothing_here(world: World) -> None:
    other = factory.make_plan("CD", country="CD")
    lead = factory.make_member("lead", other, email="lead.cd@example.org")  # type: ignore[arg-type]
    world.published()
    assert not Report.objects.visible_to(lead).exists()


def test_an_expired_role_opens_nothing(world: World) -> None:
    world.contributor.memberships.update(expires_on=date(2020, 1, 1))
    assert not Report.objects.visible_to(world.contributor).exists()


def test_a_person_of_two_institutions_sees_each_report_once(world: World) -> None:
    world.contributor.memberships.model.objects.create(
        user=world.contributor, plan=world.plan, role="approver", institution=world.interior
    )
    assert Report.objects.visible_to(world.contributor).count() == 2
