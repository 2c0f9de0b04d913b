"""Any sequence of decisions and saves, held against a small model of what a report's life is.

The model knows nothing of the code: a state, some numbers, and the table below.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import MultipleObjectsReturned, ObjectDoesNotExist
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from audit.models import Entry
from audit.services import faults
from common.canonical import sha256
from indicators.choices import Role
from indicators.models import Membership
from reports import workflow
from reports.errors import Conflict, Incomplete, NotAllowed, ReasonMissing, WorkflowError
from reports.models import ActionProgress, Period, Report, Review, Revision
from reports.services import save_action, save_remark
from tests import factory
from tests.conftest import World

OPEN = {"draft", "returned"}
WHO = {
    "submit": {"approver", "two_hats"},
    "submit_on_behalf": {"administrator"},
    "withdraw": {"approver", "two_hats"},
    "take": {"reviewer", "other_reviewer", "lead"},
    "publish": {"lead", "two_hats"},
    "reopen": {"lead"},
}
FROM = {
    "submit": OPEN,
    "submit_on_behalf": OPEN,
    "withdraw": {"submitted"},
    "take": {"submitted"},
    "return": {"under_review"},
    "validate": {"under_review"},
    "publish": {"validated"},
    "reopen": {"validated", "published"},
}
NEEDS_REASON = {"submit_on_behalf", "return", "reopen"}
PEOPLE = sorted({"contributor", "observer", "two_hats", *WHO["take"], "approver", "administrator"})
ACTIONS = st.sampled_from(sorted(FROM))
REASONS = st.sampled_from(["Because.", "Because.", ""])
RARELY_NOT = st.sampled_from([True, True, True, True, False])
KEYS = st.sampled_from(["", "key"])


@dataclass
class Model:
    """What a report is, in so far as decisions depend on it."""

    state: str = "draft"
    version: int = 1
    revisions: int = 0
    rounds: list[str] = field(default_factory=list)
    reviewer: str = ""
    is_closed: bool = False
    has_gap: bool = False
    is_flagged: bool = False
    keys: set[tuple[str, str, str]] = field(default_factory=set)

    def may(self, action: str, who: str) -> bool:
        if action in ("submit", "submit_on_behalf") and self.is_closed:
            return False
        if action in ("return", "validate"):
            return who in (self.reviewer, "lead")
        return who in WHO[action]

    def refusal(self, action: str, who: str, reason: str, stale: bool) -> type | None:
        if stale or self.state not in FROM[action]:
            return Conflict
        if not self.may(action, who):
            return NotAllowed
        if action in NEEDS_REASON and not reason:
            return ReasonMissing
        held_up = self.has_gap if action.startswith("submit") else self.is_flagged
        stops = action in ("submit", "submit_on_behalf", "validate")
        return Incomplete if stops and held_up else None

    def carry_out(self, action: str, who: str) -> None:
        """Move on, as the drawing of the life of a quarter says."""
        after = {"take": "under_review", "validate": "validated", "publish": "published"}
        self.version += 1
        if action in ("submit", "submit_on_behalf"):
            self.state, self.revisions = "submitted", self.revisions + 1
        elif action == "withdraw":
            self.state = "returned" if any(self.rounds) else "draft"
        else:
            self.state = after.get(action, "returned")
        if action == "take":
            self.reviewer, self.is_flagged = who, False
            self.rounds.append("")
        elif action in ("return", "validate"):
            self.rounds[-1] = self.state
        elif action == "reopen":
            self.reviewer = ""


class Life(RuleBasedStateMachine):
    """Everybody does anything in any order; afterwards report and model say the same."""

    world: World
    people: dict[str, Any]

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        report = self.world.now()
        self.model, self.pk = Model(version=report.version), report.pk
        self.logged = Entry.objects.count()

    def teardown(self) -> None:
        try:
            assert list(faults()) == []
            for revision in Revision.objects.filter(report=self.pk):
                assert revision.sha256 == sha256(revision.content)
        finally:
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

    def by(self, who: str) -> Any:
        return self.world.fresh(self.people[who])

    def report(self) -> Report:
        return Report.objects.with_names().get(pk=self.pk)

    @rule(action=ACTIONS, who=st.sampled_from(PEOPLE), late=st.sampled_from([0, 1]), key=KEYS)
    def anything(self, action: str, who: str, late: int, key: str) -> None:
        self.decide(action, who, "Because.", late, key)

    @rule(number=st.integers(0, 1), who=st.sampled_from(PEOPLE), reason=REASONS)
    def what_the_state_allows(self, number: int, who: str, reason: str) -> None:
        possible = [action for action in sorted(FROM) if self.model.state in FROM[action]]
        self.decide(possible[number % len(possible)], who, reason, 0, "")

    @rule(number=st.integers(0, 20), reason=REASONS, key=KEYS)
    def what_is_open(self, number: int, reason: str, key: str) -> None:
        """Something that is open to somebody now, so that long lives are lived as well."""
        model = self.model
        pairs = [(a, w) for a in sorted(FROM) if model.state in FROM[a] for w in PEOPLE]
        open_now = [pair for pair in pairs if model.may(*pair)]
        if open_now:
            self.decide(*open_now[number % len(open_now)], reason, 0, key)

    def decide(self, action: str, who: str, reason: str, late: int, key: str) -> None:
        model = self.model
        key = f"{key}-{action}-{who}-{model.version}" if key else ""
        expected = model.refusal(action, who, reason, bool(late))
        seen: dict[str, Any] = {
            "report": self.report(),
            "version": model.version - late,
            "reason": reason,
        }
        try:
            workflow.perform(action, by=self.by(who), key=key, **seen)
        except WorkflowError as error:
            assert type(error) is expected
            return
        assert expected is None
        model.carry_out(action, who)
        self.logged += 1
        if key:  # the same click again finds it done
            workflow.perform(action, by=self.by(who), key=key, **seen)

    @rule(who=st.sampled_from(["contributor", "approver", "reviewer"]), spent=RARELY_NOT)
    def somebody_saves(self, who: str, spent: bool) -> None:
        progress = ActionProgress.objects.select_related("report__period__plan").get(report=self.pk)
        values = {"spent": 10 if spent else None}
        allowed = who != "reviewer" and self.model.state in OPEN and not self.model.is_closed
        try:
            save_action(progress, by=self.by(who), version=progress.version, values=values)
        except NotAllowed:
            assert not allowed
            return
        assert allowed
        self.model.has_gap = not spent
        self.model.version += 1
        self.logged += 1

    @rule(who=st.sampled_from(["reviewer", "lead", "observer"]), accepts=RARELY_NOT)
    def somebody_remarks(self, who: str, accepts: bool) -> None:
        review = Review.objects.select_related("report__period__plan").filter(report=self.pk).last()
        if review is None:
            return
        remark = review.remarks.first()
        verdict: dict[str, Any] = {"verdict": "accepted" if accepts else "flagged", "text": "Why?"}
        version = remark.version if remark else 0
        allowed = self.model.state == "under_review" and who in (self.model.reviewer, "lead")
        try:
            save_remark(review, by=self.by(who), version=version, **verdict)
        except NotAllowed:
            assert not allowed
            return
        assert allowed
        self.model.is_flagged = not accepts
        self.model.version += 1
        self.logged += 1

    @rule(stays=RARELY_NOT)
    def the_quarter_closes_or_opens_again(self, stays: bool) -> None:
        closes = not stays and not self.model.is_closed
        rows = Period.objects.filter(reports=self.pk)
        rows.update(closes_on=date(2000, 1, 2) if closes else None)
        self.model.is_closed = closes

    @invariant()
    def both_say_the_same(self) -> None:
        report, model = self.report(), self.model
        assert report.status == model.state
        assert (report.version, report.revision) == (model.version, model.revisions)
        assert report.revisions.count() == model.revisions
        assert [r.outcome for r in report.reviews.order_by("round")] == model.rounds
        assert Entry.objects.count() == self.logged
        assert bool(report.submitted_at) == bool(model.revisions)
        if model.state == "under_review" or not model.reviewer:
            taken_by = self.people.get(model.reviewer)
            assert report.reviewer == taken_by


def live(world: World, lives: int, **more: Any) -> None:
    """So many lives of a report that is filled in and whose quarter ended long ago."""
    two_hats = factory.make_member(Role.APPROVER, world.plan, world.defence, "two.hats@example.org")
    Membership.objects.create(user=two_hats, plan=world.plan, role=Role.LEAD)
    factory.fill_in(world.now(), world.contributor)
    day = date(2000, 1, 1)
    Period.objects.update(starts_on=day - timedelta(9), ends_on=day - timedelta(1), due_on=day)
    people = {name: getattr(world, name, two_hats) for name in PEOPLE}
    machine = type("Life", (Life,), {"world": world, "people": people})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=lives,
            stateful_step_count=24,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            **more,
        ),
    )


def test_no_life_of_a_report_differs_from_the_model(world: World) -> None:
    live(world, 10)


def always(name: str, **change: Any) -> dict[str, workflow.Transition]:
    row = workflow.TRANSITIONS[name]
    changed = workflow.Transition(**{**vars(row), **change})
    return {**workflow.TRANSITIONS, name: changed}


@pytest.mark.parametrize(
    "broken",
    [
        always("return", needs_reason=False),
        always("submit", effect=None),
    ],
    ids=["no reason", "no revision"],
)
def test_control_a_broken_workflow_is_seen(
    world: World, monkeypatch: pytest.MonkeyPatch, broken: Any
) -> None:
    monkeypatch.setattr(workflow, "TRANSITIONS", broken)
    with pytest.raises(
        (AssertionError, WorkflowError, ObjectDoesNotExist, MultipleObjectsReturned)
    ):
        live(world, 40, phases=[Phase.generate], report_multiple_bugs=False)
