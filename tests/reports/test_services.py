"""Saves of both sides: exactly what each changes, who may in which state, and what is told."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from audit.models import Entry
from audit.services import faults
from indicators.choices import TotalRule
from reports import services
from reports.choices import ReportStatus
from reports.errors import Conflict, NotAllowed, Stale, WorkflowError
from reports.models import (
    ActionProgress,
    Line,
    Narrative,
    Observation,
    Rating,
    Remark,
    Report,
    Review,
)
from reports.services import claim, hold, save_action, save_line, save_narrative, save_remark
from tests import factory
from tests.conftest import World
from tests.reports.stored import bring, changes, rows_now

NAMES = "contributor approver other_contributor other_approver reviewer other_reviewer lead"
PEOPLE = [*NAMES.split(), "administrator", "observer", "stranger"]
STATES = ReportStatus.values
RATED = ("at_risk", "Too slow.")
LOGGED = {"+Entry": 1, "Head.sequence": 1, "Head.hash": 1, "Report.version": 1}


def line_of(world: World, report: Report | None = None) -> Line:
    rows = Line.objects.select_related("report__period__plan", "indicator")
    return rows.get(report=report or world.report, indicator=world.indicator)


def the_line(world: World, by: User, **more: Any) -> None:
    line = line_of(world)
    values = {
        "version": line.version,
        "answers": [factory.value(8)],
        "rating": RATED,
        "note": "New.",
    }
    save_line(line, by=by, **{**values, **more})


def the_action(world: World, by: User, **more: Any) -> None:
    row = ActionProgress.objects.select_related("report__period__plan").get(report=world.report)
    values: dict[str, Any] = {
        "status": "done",
        "allocated": Decimal(1),
        "spent": Decimal(2),
        "note": "New.",
    }
    more = {"version": row.version, "values": values, **more}
    save_action(row, by=by, **more)


def the_narrative(world: World, by: User, **more: Any) -> None:
    row = Narrative.objects.select_related("report__period__plan").get(report=world.report)
    values = dict.fromkeys(Narrative.FIELDS, "New.")
    more = {"version": row.version, "values": values, **more}
    save_narrative(row, by=by, **more)


def a_remark(world: World, by: User, **more: Any) -> None:
    review = (
        Review.objects.select_related("report__period__plan").filter(report=world.report).last()
    )
    assert review is not None
    values: dict[str, Any] = {
        "version": 0,
        "verdict": "flagged",
        "text": "Why?",
        "line": line_of(world),
    }
    save_remark(review, by=by, **{**values, "rating": RATED, **more})


OWN = {"contributor", "approver"}
OPEN = {"draft", "returned"}


def fields(model: str, *names: str) -> dict[str, int]:
    """These columns of one row, with the marks of a save."""
    return {f"{model}.{name}": 1 for name in ("version", "saved_at", "saved_by_id", *names)}


OF_LINE = {"+Observation": 1, "-Observation": 1, "Rating.value": 1, "Rating.reason": 1}
OF_ACTION = fields("ActionProgress", "status", "allocated", "spent", "note")
OF_WORDS = fields("Narrative", *Narrative.FIELDS)
SAVES: list[tuple[Callable[..., None], set[str], set[str], str, dict[str, int]]] = [
    # what is saved, by whom, in which states, how the log calls it, what changes beside the log
    (the_line, OWN, OPEN, "line.saved", {**fields("Line", "note"), **OF_LINE}),
    (the_action, OWN, OPEN, "action.saved", OF_ACTION),
    (the_narrative, OWN, OPEN, "narrative.saved", OF_WORDS),
    (
        a_remark,
        {"reviewer", "lead"},
        {"under_review"},
        "remark.saved",
        {"+Remark": 1, "+Rating": 1},
    ),
]
IDS = [row[0].__name__ for row in SAVES]


def refusal(save: Callable[..., None], world: World, by: User, **more: Any) -> Any:
    try:
        save(world, by, **more)
    except WorkflowError as error:
        return type(error)
    return None


@pytest.mark.parametrize(("save", "may", "states", "name", "touched"), SAVES, ids=IDS)
def test_a_save_changes_its_own_part_and_nothing_else(
    world: World, save: Any, may: set[str], states: set[str], name: str, touched: dict[str, int]
) -> None:
    bring(world, min(states))
    by, before = getattr(world, min(may)), rows_now()
    save(world, world.fresh(by))
    assert changes(before, rows_now()) == {**LOGGED, **touched}
    entry = Entry.objects.latest("sequence")
    assert (entry.action, entry.actor) == (name, by.email)
    assert list(faults()) == []


@pytest.mark.parametrize("state", STATES[1:])
def test_in_every_state_nobody_else_saves_anything(world: World, state: str) -> None:
    bring(world, state)
    if state == "submitted":  # a round of the past, so that there is something to remark on
        factory.decide("take", world.report, world.reviewer)
        factory.decide("return", world.report, world.reviewer, reason="Again.")
        factory.decide("submit", world.report, world.approver)
    before, refused = rows_now(), {}
    for save, may, states, _name, _touched in SAVES:
        for who in PEOPLE:
            if state not in states or who not in may:
                by = world.fresh(getattr(world, who))
                refused[save.__name__, who] = refusal(save, world, by)
    assert set(refused.values()) == {NotAllowed}
    assert len(refused) >= 4 * len(PEOPLE) - 6
    assert changes(before, rows_now()) == {}


@pytest.mark.parametrize(("save", "may", "states", "name", "touched"), SAVES, ids=IDS)
def test_a_save_over_another_version_is_refused_with_what_stands_there(
    world: World, save: Any, may: set[str], states: set[str], name: str, touched: dict[str, int]
) -> None:
    bring(world, min(states))
    by = getattr(world, min(may))
    save(world, by)
    before = rows_now()
    for version in (-1, 0, 99):
        with pytest.raises(Stale) as refused:
            save(world, by, version=version)
        assert refused.value.current.version > 0
    assert changes(before, rows_now()) == {}


@pytest.mark.parametrize(("save", "may", "states", "name", "touched"), SAVES[:3], ids=IDS[:3])
def test_saving_what_stands_already_makes_a_version_and_logs_no_change(
    world: World, save: Any, may: set[str], states: set[str], name: str, touched: dict[str, int]
) -> None:
    bring(world, "draft")
    save(world, world.contributor)
    kept = list(Observation.objects.order_by("pk").values())
    save(world, world.contributor)
    entry = Entry.objects.latest("sequence")
    told = {key: value for key, value in json.loads(entry.data).items() if value}
    assert told in ({}, {"indicator": "I1"})
    assert list(Observation.objects.order_by("pk").values()) == kept


class TestTheReportIsHeld:
    def test_only_in_one_of_the_states_and_then_it_is_newer(self, world: World) -> None:
        report = world.submitted()
        hold(report, frozenset({ReportStatus.SUBMITTED}))
        assert world.now().version == report.version + 1
        with pytest.raises(Conflict) as refused:
            hold(report, services.EDITABLE)
        assert refused.value.report == report
        assert world.now().version == report.version + 1

    def test_a_section_is_claimed_once_for_each_version(self, world: World) -> None:
        line = line_of(world)
        claim(line, 0, world.contributor)
        with pytest.raises(Stale):
            claim(line, 0, world.approver)
        line.refresh_from_db()
        assert (line.version, line.saved_by) == (1, world.contributor)

    @pytest.mark.parametrize("save", [the_line, the_action, the_narrative])
    def test_control_a_save_that_holds_nothing_would_change_what_was_submitted(
        self, world: World, monkeypatch: pytest.MonkeyPatch, save: Any
    ) -> None:
        bring(world, "submitted")
        assert refusal(save, world, world.contributor) is NotAllowed
        monkeypatch.setattr(services, "hold_for_ministry", lambda *_asked: None)
        assert refusal(save, world, world.contributor) is None


class TestALine:
    def test_a_rating_is_set_changed_and_cleared_and_each_is_told(self, world: World) -> None:
        told = []
        for rating in (("on_track", "Fine."), ("off_track", "Not fine."), None, None):
            the_line(world, world.contributor, rating=rating)
            told.append(json.loads(Entry.objects.latest("sequence").data)["rating"])
        first, second = ["on_track", "Fine."], ["off_track", "Not fine."]
        assert told == [[None, first], [first, second], [second, None], []]
        assert not Rating.objects.exists()

    def test_the_ministrys_rating_leaves_the_coalitions_alone(self, world: World) -> None:
        line = line_of(world)
        Rating.objects.create(line=line, side="coalition", value="off_track", reason="We saw less.")
        the_line(world, world.contributor)
        the_line(world, world.contributor, rating=None)
        assert Rating.objects.values_list("side", "value").get() == ("coalition", "off_track")

    def test_a_cell_that_is_left_out_is_not_answered_any_more(self, world: World) -> None:
        sex = factory.make_dimension(world.plan, "sex", "f", "m")
        factory.split(world.indicator, sex)
        whole = [factory.value(9), factory.value(4, "sex=f"), factory.value(5, "sex=m")]
        the_line(world, world.contributor, answers=whole)
        the_line(world, world.contributor, answers=[factory.value(4, "sex=f")])
        assert list(Observation.objects.values_list("cell", flat=True)) == ["sex=f"]
        told = json.loads(Entry.objects.latest("sequence").data)["cells"]
        assert {cell: pair[1] for cell, pair in told.items()} == {"": None, "sex=m": None}

    @pytest.mark.parametrize("state", ["not_available", "not_applicable", "withheld"])
    def test_a_figure_beside_a_reason_for_none_is_dropped(self, world: World, state: str) -> None:
        numbers = {"value": Decimal(1), "numerator": Decimal(2), "denominator": Decimal(3)}
        answer = Observation(cell="", state=state, reason="No count.", **numbers)
        the_line(world, world.contributor, answers=[answer])
        row = Observation.objects.get()
        assert (row.state, row.reason, row.figure) == (state, "No count.", None)
        assert (row.value, row.numerator, row.denominator) == (None, None, None)

    def test_a_typed_total_gives_way_to_the_sum_where_the_dimension_sums(
        self, world: World
    ) -> None:
        sex = factory.make_dimension(world.plan, "sex", "f", "m", total_rule=TotalRule.SUMMED)
        factory.split(world.indicator, sex)
        answers = [factory.value(99), factory.value(4, "sex=f"), factory.value(5, "sex=m")]
        the_line(world, world.contributor, answers=answers)
        assert Observation.objects.get(cell="").value == 9

    def test_a_summed_share_sums_both_halves(self, world: World) -> None:
        sex = factory.make_dimension(world.plan, "sex", "f", "m", total_rule=TotalRule.SUMMED)
        factory.split(world.share, sex)
        line = Line.objects.select_related("report__period__plan", "indicator").get(
            report=world.report, indicator=world.share
        )
        answers = [factory.fraction(1, 10, "sex=f"), factory.fraction(90, 100, "sex=m")]
        save_line(line, by=world.contributor, version=0, answers=answers, rating=None)
        row = Observation.objects.get(cell="")
        assert (row.numerator, row.denominator) == (91, 110)

    def test_a_line_of_another_report_keeps_its_figures(self, world: World) -> None:
        factory.fill_in(world.now(world.other_report), world.other_contributor, number=7)
        the_line(world, world.contributor)
        other = line_of(world, world.other_report)
        assert other.observations.get().value == 7


class TestARemark:
    def review(self, world: World) -> Review:
        world.under_review()
        return Review.objects.select_related("report__period__plan").get()

    def test_the_parts_of_a_report_have_one_each(self, world: World) -> None:
        review, progress = self.review(world), ActionProgress.objects.get(report=world.report)
        places: list[dict[str, Any]] = [{"line": line_of(world)}, {"action": progress}, {}]
        for place in places:
            save_remark(review, by=world.reviewer, version=0, verdict="accepted", **place)
        found = set(review.remarks.values_list("line", "action"))
        assert found == {(line_of(world).pk, None), (None, progress.pk), (None, None)}

    def test_a_later_one_replaces_it_and_tells_what_stood_before(self, world: World) -> None:
        review = self.review(world)
        save_remark(review, by=world.reviewer, version=0, verdict="flagged", text="Why?")
        again = save_remark(review, by=world.lead, version=1, verdict="accepted", text="I see.")
        assert (again.version, again.verdict, again.text) == (2, "accepted", "I see.")
        assert again.saved_by == world.lead
        told = json.loads(Entry.objects.latest("sequence").data)
        assert told == {"verdict": ["flagged", "accepted"], "text": ["Why?", "I see."]}

    def test_one_that_was_typed_over_nothing_that_is_there_leaves_none(self, world: World) -> None:
        review = self.review(world)
        with pytest.raises(Stale):
            save_remark(review, by=world.reviewer, version=5, verdict="accepted")
        assert not Remark.objects.exists()

    def test_a_rating_belongs_to_a_line_only(self, world: World) -> None:
        review = self.review(world)
        rated: dict[str, Any] = {
            "by": world.reviewer,
            "version": 0,
            "verdict": "accepted",
            "rating": RATED,
        }
        save_remark(review, **rated)
        assert not Rating.objects.filter(side="coalition").exists()
        save_remark(review, line=line_of(world), **rated)
        assert Rating.objects.get(side="coalition").line == line_of(world)
