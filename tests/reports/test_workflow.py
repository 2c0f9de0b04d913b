"""The life of a report, decision by decision."""

import json

import pytest

from audit.models import Entry
from audit.services import faults
from common.canonical import sha256
from reports.choices import ReportStatus
from reports.errors import Conflict, Incomplete, NotAllowed, ReasonMissing
from reports.models import Report, Review, Revision
from reports.workflow import TRANSITIONS, allowed_actions, perform
from tests import factory
from tests.conftest import World

S = ReportStatus

PEOPLE = (
    "contributor",
    "approver",
    "other_contributor",
    "other_approver",
    "reviewer",
    "other_reviewer",
    "lead",
    "administrator",
    "observer",
    "stranger",
)

MAY = {
    S.DRAFT: {"submit": {"approver"}, "submit_on_behalf": {"administrator"}},
    S.SUBMITTED: {"withdraw": {"approver"}, "take": {"reviewer", "other_reviewer", "lead"}},
    S.UNDER_REVIEW: {"return": {"reviewer", "lead"}, "validate": {"reviewer", "lead"}},
    S.RETURNED: {"submit": {"approver"}, "submit_on_behalf": {"administrator"}},
    S.VALIDATED: {"publish": {"lead"}, "reopen": {"lead"}},
    S.PUBLISHED: {"reopen": {"lead"}},
}


def bring_to(world: World, status: ReportStatus) -> Report:
    steps = {
        S.DRAFT: world.now,
        S.SUBMITTED: world.submitted,
        S.UNDER_REVIEW: world.under_review,
        S.RETURNED: world.returned,
        S.VALIDATED: world.validated,
        S.PUBLISHED: world.published,
    }
    return steps[status]()


@pytest.mark.parametrize("status", list(S))
def test_exactly_the_right_people_may_decide_in_each_state(world: World, status: S) -> None:
    report = bring_to(world, status)
    may = {
        (action, name)
        for name in PEOPLE
        for action in allowed_actions(world.fresh(getattr(world, name)), report)
    }
    assert may == {(action, name) for action, who in MAY[status].items() for name in who}


@pytest.mark.parametrize("status", list(S))
def test_whoever_may_not_changes_nothing(world: World, status: S) -> None:
    report = bring_to(world, status)
    logged = Entry.objects.count()
    for name in PEOPLE:
        for action in TRANSITIONS:
            if name in MAY[status].get(action, set()):
                continue
            with pytest.raises((NotAllowed, Conflict)):
                perform(
                    action,
                    report=report,
                    by=world.fresh(getattr(world, name)),
                    version=report.version,
                    reason="Because.",
                )
    assert world.now().status == status
    assert Entry.objects.count() == logged


def test_submitting_freezes_the_content_as_a_revision(world: World) -> None:
    report = world.submitted()
    revision = Revision.objects.get(report=report)
    assert (report.status, report.revision) == (S.SUBMITTED, 1)
    assert revision.sha256 == sha256(revision.content)
    lines = json.loads(revision.content)["lines"]
    assert [line["indicator"] for line in lines] == ["I1", "I2"]
    assert lines[0]["observations"][0]["value"] == "5"


def test_submitting_with_gaps_lists_them_all_and_changes_nothing(world: World) -> None:
    with pytest.raises(Incomplete) as refusal:
        factory.decide("submit", world.report, world.approver)
    gaps = [(gap.subject, gap.part.partition("-")[0]) for gap in refusal.value.gaps]
    assert gaps == [
        ("I1 Indicator I1", "line"),
        ("I1 Indicator I1", "line"),
        ("I2 Indicator I2", "line"),
        ("I2 Indicator I2", "line"),
        ("A1 Action A1", "action"),
        ("A1 Action A1", "action"),
        ("Narrative", "narrative"),
        ("Narrative", "narrative"),
    ]
    assert (world.now().status, Revision.objects.count()) == (S.DRAFT, 0)


def test_a_decision_on_an_older_version_is_refused(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    seen = world.now()
    factory.fill_in(world.now(), world.contributor, number=6)
    with pytest.raises(Conflict):
        perform("submit", report=seen, by=world.approver, version=seen.version)
    assert world.now().status == S.DRAFT


def test_the_second_of_two_decisions_is_refused(world: World) -> None:
    report = world.submitted()
    perform("take", report=report, by=world.reviewer, version=report.version)
    with pytest.raises(Conflict):
        perform("take", report=report, by=world.other_reviewer, version=report.version)
    assert Review.objects.get().reviewer == world.reviewer


def test_the_same_key_twice_is_one_decision(world: World) -> None:
    report = world.submitted()
    for _time in range(2):
        after = perform("take", report=report, by=world.reviewer, version=report.version, key="k")
    assert (after.status, Review.objects.count()) == (S.UNDER_REVIEW, 1)


def test_another_persons_key_does_not_pass_for_ones_own(world: World) -> None:
    report = world.submitted()
    perform("take", report=report, by=world.reviewer, version=report.version, key="k")
    with pytest.raises(Conflict):
        perform("take", report=report, by=world.lead, version=report.version, key="k")


@pytest.mark.parametrize("action", ["return", "reopen", "submit_on_behalf"])
def test_decisions_that_need_a_reason_are_refused_without_one(world: World, action: str) -> None:
    prepare = {
        "return": (world.under_review, world.reviewer),
        "reopen": (world.validated, world.lead),
        "submit_on_behalf": (world.now, world.administrator),
    }
    bring, by = prepare[action]
    before = bring().status
    with pytest.raises(ReasonMissing):
        factory.decide(action, world.report, by, reason="   ")
    assert world.now().status == before


def test_a_return_closes_the_round_and_sets_a_new_due_date(world: World) -> None:
    report = world.returned()
    review = report.reviews.get()
    assert (review.outcome, review.reason, review.round) == ("returned", "Check the total.", 1)
    assert review.due_on == report.due_on
    assert report.due_on > world.period.today()


def test_a_second_submission_is_the_next_revision_and_round(world: World) -> None:
    world.returned()
    factory.decide("submit", world.report, world.approver)
    report = factory.decide("take", world.report, world.reviewer)
    assert report.revision == 2
    assert [r.round for r in report.reviews.all()] == [1, 2]
    assert [r.revision.number for r in report.reviews.all()] == [1, 2]


def test_withdrawing_a_first_submission_makes_it_a_draft_again(world: World) -> None:
    world.submitted()
    assert factory.decide("withdraw", world.report, world.approver).status == S.DRAFT


def test_withdrawing_after_a_return_leaves_it_returned(world: World) -> None:
    world.returned()
    factory.decide("submit", world.report, world.approver)
    assert factory.decide("withdraw", world.report, world.approver).status == S.RETURNED


def test_the_secretariat_submits_on_behalf_with_its_reason_kept(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    factory.decide(
        "submit_on_behalf", world.report, world.administrator, reason="The ministry has no power."
    )
    revision = Revision.objects.get()
    assert revision.submitted_by == world.administrator
    assert revision.on_behalf_reason == "The ministry has no power."


def test_nobody_reviews_a_report_of_the_own_institution(world: World) -> None:
    from indicators.models import Membership

    Membership.objects.create(
        user=world.reviewer, plan=world.plan, role="contributor", institution=world.defence
    )
    report = world.submitted()
    with pytest.raises(NotAllowed):
        perform("take", report=report, by=world.fresh(world.reviewer), version=report.version)


def test_a_role_that_has_expired_decides_nothing(world: World) -> None:
    from datetime import date

    report = world.submitted()
    world.reviewer.memberships.update(expires_on=date(2020, 1, 1))
    with pytest.raises(NotAllowed):
        perform("take", report=report, by=world.fresh(world.reviewer), version=report.version)


def test_a_closed_period_takes_no_submission(world: World) -> None:
    from datetime import timedelta

    factory.fill_in(world.now(), world.contributor)
    world.period.closes_on = world.period.due_on + timedelta(days=1)
    world.period.save()
    report = world.now()
    with pytest.raises(NotAllowed):
        perform("submit", report=report, by=world.approver, version=report.version)


def test_every_decision_is_in_the_unbroken_log(world: World) -> None:
    world.published()
    decisions = Entry.objects.filter(action__startswith="report.")
    assert [e.action for e in decisions] == [
        "report.submit",
        "report.take",
        "report.validate",
        "report.publish",
    ]
    assert list(faults()) == []


def test_an_edited_log_entry_is_found(world: World) -> None:
    world.submitted()
    Entry.objects.filter(action="report.submit").update(actor="somebody@else.example")
    number = Entry.objects.get(action="report.submit").sequence
    assert list(faults()) == [f"entry {number} was changed"]


def test_a_cut_tail_of_the_log_is_found(world: World) -> None:
    world.submitted()
    Entry.objects.order_by("-sequence").first().delete()  # type: ignore[union-attr]
    assert list(faults()) == [f"entries after {Entry.objects.count()} were cut off"]
