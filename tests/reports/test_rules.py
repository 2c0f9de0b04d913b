"""Every permission against a table written by hand: who, in which state. Nothing else is allowed.

The people and reports here are in no database, so a rule that read one would fail.
"""

import inspect
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from common import clock
from indicators.choices import Role, Sensitivity
from indicators.models import Indicator, Membership
from indicators.rules import holds
from reports import rules
from reports.choices import ReportStatus
from reports.models import Remark, Report, Review
from reports.workflow import allowed_actions
from tests import factory
from tests.conftest import World
from tests.reports.cast import DEFENCE, EVERYBODY, HERE, ROLES, person, report
from tests.reports.stored import bring
from tests.reports.test_transitions import cast

OWN = "contributor approver reviewer_inside lead_inside keeper_inside"
APPROVERS = "approver lead_inside keeper_inside"
KEEPERS = "administrator keeper_inside"
OUTSIDE = "reviewer other_reviewer lead reviewer_of_both observing_lead keeper_reviewing"
LEADS = "lead lead_inside observing_lead"
ALL = "draft submitted under_review returned validated published"
OPEN = "draft returned"

TABLE = [
    # rule, in which states, for whom
    ("is_own", ALL, OWN),
    ("is_other_side", ALL, OUTSIDE),
    ("sees_live", ALL, f"{OWN} administrator keeper_reviewing"),
    ("can_edit", OPEN, OWN),
    ("can_submit", OPEN, APPROVERS),
    ("can_submit_on_behalf", OPEN, KEEPERS),
    ("can_withdraw", "submitted", APPROVERS),
    ("can_take", "submitted", OUTSIDE),
    ("can_review", "under_review", "reviewer lead observing_lead"),
    ("can_publish", "validated", LEADS),
    ("can_reopen", "validated published", "lead observing_lead"),
    ("can_reply_to_difference", "validated published", OWN),
]
LOOKS = {"sees_true_figures", "sees_computed", "sees_coalition", "sees_remark"}
"""The rules that look at more than a person and a report; they have tables of their own."""


def allowed(rule: str, **more: Any) -> set[tuple[str, str]]:
    """Every state and person to whom a rule says yes."""
    ask: Callable[..., bool] = getattr(rules, rule)
    return {
        (s, who) for s in ALL.split() for who in EVERYBODY if ask(person(who), report(s, **more))
    }


def expected(states: str, people: str) -> set[tuple[str, str]]:
    return {(state, who) for state in states.split() for who in people.split()}


@pytest.mark.parametrize(("rule", "states", "people"), TABLE, ids=[row[0] for row in TABLE])
def test_a_rule_allows_exactly_what_the_table_says(rule: str, states: str, people: str) -> None:
    assert allowed(rule) == expected(states, people)


def test_every_rule_has_its_table() -> None:
    public = {
        name
        for name, found in inspect.getmembers(rules, inspect.isfunction)
        if found.__module__ == rules.__name__ and not name.startswith("_")
    }
    assert public == {row[0] for row in TABLE} | LOOKS


def test_the_tables_name_states_and_people_that_exist() -> None:
    assert ALL.split() == ReportStatus.values
    assert {who for row in TABLE for who in row[2].split()} <= set(EVERYBODY)


@pytest.mark.parametrize(
    ("block", "rule"),
    [
        ("is_own", "can_edit"),
        ("_acts_for", "can_submit"),
        ("_acts_for", "can_withdraw"),
        ("is_secretariat", "can_submit_on_behalf"),
        ("is_coalition", "can_take"),
        ("is_other_side", "can_review"),
        ("holds", "can_publish"),
        ("holds", "can_reopen"),
        ("is_other_side", "can_reopen"),
        ("holds", "can_review"),
        ("is_secretariat", "sees_live"),
        ("is_own", "can_reply_to_difference"),
    ],
)
def test_control_a_question_that_is_not_asked_is_seen(
    monkeypatch: pytest.MonkeyPatch, block: str, rule: str
) -> None:
    monkeypatch.setattr(rules, block, lambda *_asked: True)
    [(states, people)] = [row[1:] for row in TABLE if row[0] == rule]
    assert allowed(rule) > expected(states, people)


class TestAClosedQuarter:
    LAST = date(2026, 11, 30)

    @pytest.mark.parametrize("rule", [row[0] for row in TABLE])
    def test_takes_no_text_and_no_submission_and_stops_nothing_else(self, rule: str) -> None:
        writes = rule in ("can_edit", "can_submit", "can_submit_on_behalf")
        found = allowed(rule, closes_on=self.LAST - timedelta(days=10_000))
        assert found == (set() if writes else allowed(rule))

    @pytest.mark.parametrize(
        ("moment", "is_open"),
        [
            (datetime(2026, 11, 30, 22, 59, tzinfo=UTC), True),
            (datetime(2026, 11, 30, 23, 0, tzinfo=UTC), False),
        ],
        ids=["last minute of the day in Tirana", "the next day has begun there"],
    )
    def test_closes_at_midnight_where_the_plan_is(self, moment: datetime, is_open: bool) -> None:
        with clock.at(moment):
            found = report("draft", closes_on=self.LAST)
            asked = [rules.can_edit, rules.can_submit]
            assert [ask(person("approver"), found) for ask in asked] == [is_open, is_open]


class TestTheReviewer:
    def test_another_reviewer_who_took_it_reviews_and_the_first_one_does_not(self) -> None:
        other = list(ROLES).index("other_reviewer") + 1
        people = "other_reviewer lead observing_lead"
        assert allowed("can_review", reviewer=other) == expected("under_review", people)

    def test_without_a_name_on_it_only_the_lead_reviews(self) -> None:
        found = allowed("can_review", reviewer=None)
        assert found == expected("under_review", "lead observing_lead")

    @pytest.mark.parametrize("who", ["reviewer_inside", "foreign_reviewer", "inactive_lead"])
    def test_who_may_not_review_it_now_does_not_even_with_her_name_on_it(self, who: str) -> None:
        own = list(ROLES).index(who) + 1
        assert ("under_review", who) not in allowed("can_review", reviewer=own)


@pytest.mark.parametrize("status", ALL.split())
@pytest.mark.parametrize(
    ("sensitivity", "people"),
    [
        (Sensitivity.PUBLIC, " ".join(EVERYBODY)),
        (Sensitivity.SMALL_COUNTS, f"{OWN} {OUTSIDE} administrator"),
        (Sensitivity.RESTRICTED, f"{OWN} {OUTSIDE} administrator"),
    ],
)
def test_true_figures_are_for_both_sides_and_the_secretariat(
    status: str, sensitivity: Sensitivity, people: str
) -> None:
    indicator, asked = Indicator(sensitivity=sensitivity), report(status)
    seen = {who for who in EVERYBODY if rules.sees_true_figures(person(who), asked, indicator)}
    assert seen == set(people.split())


@pytest.mark.parametrize("sensitivity", Sensitivity)
@pytest.mark.parametrize(
    ("units", "own"), [({DEFENCE}, OWN), ({DEFENCE, 99}, ""), ({99}, ""), (set(), "")]
)
def test_what_was_computed_is_for_those_who_read_every_figure_behind_it(
    sensitivity: Sensitivity, units: set[int], own: str
) -> None:
    seen = {who for who in EVERYBODY if rules.sees_computed(person(who), HERE, sensitivity, units)}
    watchers = {"observer", "observing_lead"} if sensitivity == Sensitivity.PUBLIC else set()
    both_sides = {*OUTSIDE.split(), *KEEPERS.split(), *LEADS.split(), "reviewer_inside"}
    assert seen == both_sides | watchers | {*own.split()}


def test_the_coalitions_ratings_are_its_own_until_it_has_decided() -> None:
    decided = "draft submitted returned validated published"
    everybody = expected(decided, " ".join(EVERYBODY))
    assert allowed("sees_coalition") == everybody | expected("under_review", OUTSIDE)


@pytest.mark.parametrize("outcome", ["", "returned", "validated"])
def test_remarks_of_an_open_round_are_the_coalitions_and_then_of_both_sides(outcome: str) -> None:
    remark = Remark(review=Review(outcome=outcome))
    seen = {
        (state, who)
        for state in ALL.split()
        for who in EVERYBODY
        if rules.sees_remark(person(who), report(state), remark)
    }
    ministry = f"{OWN} administrator" if outcome else ""
    assert seen == expected(ALL, f"{OUTSIDE} {ministry}")


class TestRolesAsStored:
    """What the rules are asked with comes from memberships; these are in the database."""

    @pytest.mark.parametrize(
        ("days", "holds_it"), [(None, True), (1, True), (0, True), (-1, False), (-400, False)]
    )
    def test_a_role_holds_to_the_end_of_its_last_day(
        self, world: World, days: int | None, holds_it: bool
    ) -> None:
        last = None if days is None else world.period.today() + timedelta(days=days)
        world.approver.memberships.update(expires_on=last)
        approver = world.fresh(world.approver)
        assert rules.can_submit(approver, world.report) is holds_it
        assert rules.can_edit(approver, world.report) is holds_it

    def test_a_role_that_is_given_or_taken_counts_from_the_next_request(self, world: World) -> None:
        assert not rules.can_edit(world.stranger, world.report)
        Membership.objects.create(
            user=world.stranger, plan=world.plan, role=Role.CONTRIBUTOR, institution=world.defence
        )
        assert not rules.can_edit(world.stranger, world.report)
        assert rules.can_edit(world.fresh(world.stranger), world.report)
        world.stranger.memberships.all().delete()
        assert not rules.can_edit(world.fresh(world.stranger), world.report)

    def test_a_disabled_account_and_a_superuser_without_a_role_hold_nothing(
        self, world: World
    ) -> None:
        type(world.lead).objects.filter(pk=world.lead.pk).update(is_active=False)
        root = factory.make_user("root@example.org", is_superuser=True, is_staff=True)
        for user in (world.fresh(world.lead), root):
            assert not any(holds(user, world.plan.pk, role) for role in Role)

    def test_the_same_institution_in_another_plan_is_another_thing(self, world: World) -> None:
        elsewhere = factory.make_plan("XK", country="XK")
        email = "approver.elsewhere@example.org"
        user = factory.make_member(Role.APPROVER, elsewhere, world.defence, email)
        assert holds(user, elsewhere.pk, Role.APPROVER)
        assert not rules.can_submit(user, world.report)
        assert not rules.sees_live(user, world.report)


class TestRowsAndRulesAgree:
    """What a query shows is what the rules speak of, for people who look alike and are not."""

    SEEN = {
        "draft": "contributor approver administrator two_hats",
        "submitted": "contributor approver administrator two_hats reviewer other_reviewer lead",
        "validated": "contributor approver administrator two_hats reviewer other_reviewer lead"
        " observer",
    }

    @pytest.mark.parametrize("state", list(SEEN))
    def test_each_report_is_seen_by_its_people_and_nobody_acts_on_what_she_can_not_see(
        self, world: World, state: str
    ) -> None:
        asked, people = bring(world, state), cast(world)
        seen = {
            who
            for who, user in people.items()
            if Report.objects.visible_to(user).filter(pk=asked.pk).exists()
        }
        assert seen == set(self.SEEN[state].split())
        acting = {
            who
            for row in TABLE
            for who, user in people.items()
            if row[0] != "is_other_side" and getattr(rules, row[0])(world.fresh(user), asked)
        }
        assert acting <= seen
        assert {who for who, user in people.items() if allowed_actions(user, asked)} <= seen

    def test_what_a_person_owes_is_of_her_institutions_in_that_plan_only(
        self, world: World
    ) -> None:
        people = cast(world)
        owed = {
            who: sorted(r.institution.code for r in Report.objects.owed_by(user))
            for who, user in people.items()
        }
        assert {who: codes for who, codes in owed.items() if codes} == {
            "contributor": ["MM"],
            "approver": ["MM"],
            "two_hats": ["MM"],
            "other_contributor": ["MB"],
            "other_approver": ["MB"],
        }

    @pytest.mark.parametrize("who", ["anonymous", "nobody"])
    def test_without_a_log_in_there_are_no_rows(self, world: World, who: str) -> None:
        world.published()
        assert not Report.objects.visible_to(person(who)).exists()
        assert not Report.objects.owed_by(person(who)).exists()

    def test_a_role_that_ends_takes_its_rows_along(self, world: World) -> None:
        for days, count in ((0, 1), (-1, 0)):
            last = world.period.today() + timedelta(days=days)
            world.contributor.memberships.update(expires_on=last)
            somebody = world.fresh(world.contributor)
            assert Report.objects.visible_to(somebody).count() == count
            assert Report.objects.owed_by(somebody).count() == count
