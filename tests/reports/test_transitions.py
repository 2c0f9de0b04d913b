"""Every decision in every state by everybody: what it changes, and how it is refused."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from audit.models import Entry
from audit.services import faults
from common import clock
from indicators.choices import Role
from indicators.models import Membership
from reports.choices import ReportStatus
from reports.errors import Conflict, Incomplete, NotAllowed, ReasonMissing, WorkflowError
from reports.models import Performed, Report, Revision
from reports.workflow import TRANSITIONS, perform
from tests import factory
from tests.conftest import World
from tests.reports.stored import bring, changes, rows_now, taken_back

STATES = ReportStatus.values
REASON = "For a good reason."

ALLOWED = [
    # state, decision, who may, state after
    ("draft", "submit", "approver two_hats", "submitted"),
    ("draft", "submit_on_behalf", "administrator", "submitted"),
    ("submitted", "withdraw", "approver two_hats", "draft"),
    ("submitted", "take", "reviewer other_reviewer lead", "under_review"),
    ("under_review", "return", "reviewer lead", "returned"),
    ("under_review", "validate", "reviewer lead", "validated"),
    ("returned", "submit", "approver two_hats", "submitted"),
    ("returned", "submit_on_behalf", "administrator", "submitted"),
    ("validated", "publish", "lead two_hats", "published"),
    ("validated", "reopen", "lead", "returned"),
    ("published", "reopen", "lead", "returned"),
]
NAMES = "contributor approver other_contributor other_approver reviewer other_reviewer lead"
PEOPLE = (*NAMES.split(), "administrator", "observer", "stranger")
MORE = ("two_hats", "superuser", "inactive", "expired", "foreign_lead", "foreign_approver")
SOURCES = {
    name: {state for state, action, _who, _after in ALLOWED if action == name}
    for name in TRANSITIONS
}
LOGGED = {"+Entry": 1, "Head.sequence": 1, "Head.hash": 1, "Head.last_change": 1}
MOVED = {"Report.status": 1, "Report.version": 1, **LOGGED}
FROZEN = {**MOVED, "+Revision": 1, "Report.revision": 1, "Report.submitted_at": 1}
CLOSED = {"Review.outcome": 1, "Review.decided_at": 1, "Report.decided_at": 1}
DUE = {"Report.due_on": 1}
JUDGED = {"Assessment.status": 2, "Assessment.results": 2, "Assessment.sources": 2}
CHANGES: dict[tuple[str, str], dict[str, int]] = {
    ("draft", "submit"): {**FROZEN, "Report.first_submitted_at": 1},
    ("draft", "submit_on_behalf"): {**FROZEN, "Report.first_submitted_at": 1},
    ("submitted", "withdraw"): MOVED,
    ("submitted", "take"): {**MOVED, "+Review": 1, "Report.reviewer_id": 1},
    ("under_review", "return"): {**MOVED, **CLOSED, **DUE, "Review.due_on": 1, "Review.reason": 1},
    ("under_review", "validate"): {**MOVED, **CLOSED, **JUDGED, "Review.reason": 1},
    ("returned", "submit"): {**FROZEN, "Report.decided_at": 1},
    ("returned", "submit_on_behalf"): {**FROZEN, "Report.decided_at": 1},
    ("validated", "publish"): MOVED,
    ("validated", "reopen"): {**MOVED, **DUE, **JUDGED, "Report.reviewer_id": 1},
    ("published", "reopen"): {**MOVED, **DUE, **JUDGED, "Report.reviewer_id": 1},
}
"""Every column and row that a decision touches, with how many of them. There are no others."""


def cast(world: World) -> dict[str, User]:
    """The people of the plan, and some that look like them and are not."""
    plan, defence = world.plan, world.defence
    elsewhere = factory.make_plan("XK", country="XK")
    member = factory.make_member
    found = {name: getattr(world, name) for name in PEOPLE}
    found["two_hats"] = member(Role.APPROVER, plan, defence, "two.hats@example.org")
    Membership.objects.create(user=found["two_hats"], plan=plan, role=Role.LEAD)
    found["superuser"] = factory.make_user("root@example.org", is_superuser=True, is_staff=True)
    found["inactive"] = member(Role.APPROVER, plan, defence, "gone@example.org", is_active=False)
    found["expired"] = member(Role.LEAD, plan, None, "expired@example.org")
    found["expired"].memberships.update(expires_on=date(2020, 1, 1))
    found["foreign_lead"] = member(Role.LEAD, elsewhere, None, "lead.xk@example.org")
    found["foreign_approver"] = member(Role.APPROVER, elsewhere, defence, "approver.xk@example.org")
    return found


def decide(action: str, report: Report, by: User, **more: Any) -> Report:
    more = {"version": report.version, "reason": REASON, **more}
    return perform(action, report=report, by=by, **more)


def decisions_in(state: str) -> list[tuple[str, list[str], str]]:
    """What may be decided in a state, by whom, and the state after it."""
    return [(action, who.split(), after) for s, action, who, after in ALLOWED if s == state]


def refusal(action: str, report: Report, by: User, **more: Any) -> type[WorkflowError] | None:
    """How a decision is refused; None if it was carried out."""
    try:
        decide(action, report, by, **more)
    except WorkflowError as error:
        return type(error)
    return None


def test_the_table_has_every_decision() -> None:
    assert set(CHANGES) == {(state, action) for state, action, _who, _after in ALLOWED}
    assert {action for _state, action in CHANGES} == set(TRANSITIONS)


@pytest.mark.parametrize("state", STATES)
def test_everybody_else_is_refused_in_the_right_way_and_changes_nothing(
    world: World, state: str
) -> None:
    """Not in this state is a conflict for everybody; in this state it is not for this person."""
    report, people = bring(world, state), cast(world)
    may = {(action, who) for action, names, _after in decisions_in(state) for who in names}
    refused, before = {}, rows_now()
    for action in TRANSITIONS:
        for who, by in people.items():
            if (action, who) not in may:
                refused[action, who] = refusal(action, report, by)
    assert refused == {key: NotAllowed if state in SOURCES[key[0]] else Conflict for key in refused}
    assert changes(before, rows_now()) == {}
    assert len(refused) == len(TRANSITIONS) * len(PEOPLE + MORE) - len(may)


@pytest.mark.parametrize("state", STATES)
def test_whoever_may_changes_what_the_decision_says_and_nothing_else(
    world: World, state: str
) -> None:
    bring(world, state)
    people, before = cast(world), rows_now()
    for action, names, after in decisions_in(state):
        for who in names:
            by = world.fresh(people[who])
            with taken_back():
                report = decide(action, world.now(), by)
                assert changes(before, rows_now()) == CHANGES[state, action], (action, who)
                version = before["Report"][report.pk]["version"] + 1
                assert (report.status, report.version) == (after, version)
                [entry] = Entry.objects.exclude(pk__in=before["Entry"])
                told = json.loads(entry.data)
                about = (entry.action, entry.actor, entry.about_id)
                assert about == (f"report.{action}", by.email, str(report.pk))
                assert (told["from"], told["to"], told["reason"]) == (state, after, REASON)
                assert list(faults()) == []


class TestWhatTheDecisionWasMadeOn:
    @pytest.mark.parametrize("state", STATES)
    def test_another_version_than_the_one_that_was_seen_is_refused(
        self, world: World, state: str
    ) -> None:
        report, before = bring(world, state), rows_now()
        for action, names, _after in decisions_in(state):
            for version in (0, report.version - 1, report.version + 1):
                by = getattr(world, names[0])
                assert refusal(action, report, by, version=version, reason="") is Conflict
        assert changes(before, rows_now()) == {}

    def test_the_refusal_carries_the_report_as_it_stands(self, world: World) -> None:
        seen = world.submitted()
        factory.decide("take", seen, world.reviewer)
        with pytest.raises(Conflict) as refused:
            decide("withdraw", seen, world.approver)
        assert refused.value.report.state is ReportStatus.UNDER_REVIEW

    def test_a_refused_person_is_named_with_what_she_asked(self, world: World) -> None:
        report = world.submitted()
        with pytest.raises(NotAllowed) as refused:
            decide("take", report, world.observer)
        assert (refused.value.action, refused.value.report) == ("take", report)

    def test_a_move_that_another_made_in_between_loses(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The row count decides, not what was read a moment before."""
        from reports import workflow

        report = world.submitted()
        guard = workflow._guard

        def and_then_somebody_is_faster(*asked: Any) -> Any:
            row = guard(*asked)
            Report.objects.filter(pk=report.pk).update(version=report.version + 1)
            return row

        monkeypatch.setattr(workflow, "_guard", and_then_somebody_is_faster)
        assert refusal("take", report, world.reviewer) is Conflict
        assert not report.reviews.exists()


class TestReasons:
    NEEDS = ("return", "reopen", "submit_on_behalf")

    @pytest.mark.parametrize("state", STATES)
    def test_a_blank_reason_stops_only_what_needs_one(self, world: World, state: str) -> None:
        report, before = bring(world, state), rows_now()
        for action, names, after in decisions_in(state):
            for reason in ("", " \n\t"):
                with taken_back():
                    found = refusal(action, report, getattr(world, names[0]), reason=reason)
                    if action in self.NEEDS:
                        assert (found, changes(before, rows_now())) == (ReasonMissing, {})
                    else:
                        assert (found, world.now().status) == (None, after)

    def test_who_may_not_is_told_so_before_a_reason_is_asked_for(self, world: World) -> None:
        assert refusal("return", world.under_review(), world.observer, reason="") is NotAllowed

    def test_a_reason_is_kept_without_the_blanks_around_it(self, world: World) -> None:
        world.under_review()
        report = decide("return", world.now(), world.reviewer, reason="  Check.\n")
        entry = Entry.objects.get(action="report.return")
        assert report.reviews.get().reason == json.loads(entry.data)["reason"] == "Check."


class TestDueDates:
    NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("action", "state"), [("return", "under_review"), ("reopen", "validated")]
    )
    def test_the_chosen_day_or_the_plans_number_of_days(
        self, world: World, action: str, state: str
    ) -> None:
        bring(world, state)
        usual = date(2026, 10, 5) + timedelta(days=world.plan.resubmit_days)
        for asked in (None, date(2026, 10, 6), date(2027, 1, 31)):
            with taken_back(), clock.at(self.NOON):
                report = decide(action, world.now(), world.lead, due_on=asked)
                assert report.due_on == (asked or usual)
                told = json.loads(Entry.objects.get(action=f"report.{action}").data)
                assert told["due_on"] == str(report.due_on)

    def test_a_validation_sets_no_date(self, world: World) -> None:
        before = world.under_review().due_on
        report = decide("validate", world.now(), world.reviewer, due_on=date(2030, 1, 1))
        assert (report.due_on, report.reviews.get().due_on) == (before, None)

    def test_the_period_keeps_its_own_date_so_that_lateness_stays(self, world: World) -> None:
        due = world.period.due_on
        with clock.at(datetime(due.year, due.month, due.day, 23, 30, tzinfo=UTC)):
            assert world.submitted().was_late  # half past midnight in Tirana
        world.now()
        factory.decide("take", world.report, world.reviewer)
        report = decide("return", world.now(), world.reviewer, due_on=due + timedelta(days=90))
        assert report.was_late
        assert report.period.due_on == due


class TestOnce:
    @pytest.mark.parametrize("state", STATES)
    def test_the_same_key_twice_does_it_once(self, world: World, state: str) -> None:
        seen = bring(world, state)
        for action, names, after in decisions_in(state):
            with taken_back():
                by = getattr(world, names[0])
                decide(action, seen, by, key="k")
                before = rows_now()
                again = decide(action, seen, by, key="k")
                assert (again.status, changes(before, rows_now())) == (after, {})

    def test_a_key_is_written_down_with_its_decision_and_only_with_one(self, world: World) -> None:
        report = world.submitted()
        assert refusal("take", report, world.observer, key="k") is NotAllowed
        assert not Performed.objects.exists()
        decide("take", report, world.reviewer, key="k")
        row = Performed.objects.get()
        assert (row.key, row.action, row.user) == ("k", "take", world.reviewer)

    @pytest.mark.parametrize("key", ["", "another"])
    def test_without_its_key_a_repetition_is_a_conflict(self, world: World, key: str) -> None:
        report = world.submitted()
        decide("take", report, world.reviewer, key="k")
        assert refusal("take", report, world.reviewer, key=key) is Conflict

    def test_a_key_of_one_decision_or_report_does_not_pass_for_another(self, world: World) -> None:
        report = world.submitted()
        decide("take", report, world.reviewer, key="k")
        assert refusal("withdraw", report, world.approver, key="k") is Conflict
        factory.fill_in(world.now(world.other_report), world.other_contributor)
        other = factory.decide("submit", world.other_report, world.other_approver)
        Report.objects.filter(pk=other.pk).update(version=other.version + 1)
        assert refusal("take", other, world.reviewer, key="k") is Conflict


class TestNothingHalfDone:
    def test_a_submission_with_a_gap_leaves_no_trace(self, world: World) -> None:
        bring(world, "draft")
        world.report.actions.update(spent=None)
        before = rows_now()
        assert refusal("submit", world.now(), world.approver, key="k") is Incomplete
        assert changes(before, rows_now()) == {}

    def test_a_validation_with_a_flag_leaves_no_trace(self, world: World) -> None:
        review = world.under_review().reviews.get()
        review.remarks.create(verdict="flagged", text="Which source?")
        before = rows_now()
        with pytest.raises(Incomplete) as refused:
            decide("validate", world.now(), world.reviewer)
        assert [(gap.part, gap.text) for gap in refused.value.gaps] == [
            ("narrative", "Which source?")
        ]
        assert changes(before, rows_now()) == {}

    def test_a_failing_log_takes_the_decision_back(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from reports import workflow

        class FullDisk(Exception):
            pass

        def fails(*_told: Any, **_more: Any) -> None:
            raise FullDisk

        bring(world, "draft")
        before = rows_now()
        monkeypatch.setattr(workflow, "record", fails)
        with pytest.raises(FullDisk):
            decide("submit", world.now(), world.approver)
        assert changes(before, rows_now()) == {}


def test_a_submission_on_behalf_names_who_sent_it_and_why(world: World) -> None:
    bring(world, "draft")
    decide("submit_on_behalf", world.now(), world.administrator, reason="No power there.")
    decide("withdraw", world.now(), world.approver)
    decide("submit", world.now(), world.approver, reason="")
    rows = Revision.objects.order_by("number").values_list(
        "number", "submitted_by", "on_behalf_reason"
    )
    assert list(rows) == [
        (1, world.administrator.pk, "No power there."),
        (2, world.approver.pk, ""),
    ]


def test_the_first_submission_stays_the_first(world: World) -> None:
    first = world.submitted()
    decide("withdraw", world.now(), world.approver)
    again = decide("submit", world.now(), world.approver)
    assert again.first_submitted_at == first.submitted_at
    assert again.submitted_at != first.submitted_at


def test_a_reopened_report_is_taken_anew_by_anybody(world: World) -> None:
    world.published()
    decide("reopen", world.now(), world.lead)
    decide("submit", world.now(), world.approver)
    report = decide("take", world.now(), world.other_reviewer)
    assert report.reviewer == world.other_reviewer
    assert [(r.round, r.revision.number, r.outcome) for r in report.reviews.order_by("round")] == [
        (1, 1, "validated"),
        (2, 2, ""),
    ]
