"""Reading a snapshot back: what was reported in the quarters, hung up at the plan."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from indicators.choices import Mark, ObservationState, Status
from publishing.reading import Amount, parse_issue, parse_snapshot
from publishing.reading.insight import differences
from reports.choices import ActionStatus, RatingValue, Side
from tests.publishing import plain

Q1, Q2 = "2026-Q1", "2026-Q2"


def test_an_issue_says_where_it_stands_and_what_proves_it() -> None:
    data = plain.snapshot()
    issue = parse_issue(data, parse_snapshot(data), "c" * 64)
    assert (issue.address, issue.number, issue.note) == ("AL-2026-Q2-1", 1, "A note.")
    assert issue.published_at == datetime(2026, 8, 9, 8, tzinfo=UTC)
    assert (issue.audit_head, issue.sha256, issue.rules_version) == ("b" * 64, "c" * 64, "1")
    assert issue.quarter.code == Q2


def test_quarters_keep_the_order_of_the_snapshot() -> None:
    assert list(plain.read().quarters) == [Q1, Q2]


def test_a_report_comes_back_with_its_proof_and_its_words() -> None:
    told = plain.report("MM", Q1, revision=3, was_late=True, submitted_on="2026-05-02")
    found = plain.read(reports=[told]).reports[0]
    assert (found.institution.code, found.quarter.code) == ("MM", Q1)
    assert (found.revision, found.sha256, found.was_late) == (3, "a" * 64, True)
    assert (found.submitted_on, found.narrative) == (date(2026, 5, 2), {"done": "All."})


def test_a_report_of_unknown_date_has_none() -> None:
    told = plain.report("MM", Q1, submitted_on=None)
    assert plain.read(reports=[told]).reports[0].submitted_on is None


def test_a_missing_report_comes_back_with_the_side_it_lies_with() -> None:
    parts = plain.read(missing=[plain.missing("MB", Q2, "coalition")])
    found = parts.missing[0]
    assert (found.institution, found.lies_with) == (parts.institutions["MB"], Side.COALITION)
    assert found.quarter is parts.quarters[Q2]


# An answer as it stands in the snapshot: its state, its amount, its words.
ANSWERS: list[tuple[dict[str, Any], ObservationState, Amount, str]] = [
    (plain.said("0"), ObservationState.VALUE, Amount(Decimal(0)), ""),
    (plain.said("<10"), ObservationState.VALUE, Amount("<10"), ""),
    (
        plain.said("10", numerator="1", denominator="10"),
        ObservationState.VALUE,
        Amount(Decimal(10), Decimal(1), Decimal(10)),
        "",
    ),
    (
        plain.said(None, numerator="<10", denominator="85"),
        ObservationState.VALUE,
        Amount(None, "<10", Decimal(85)),
        "",
    ),
    (plain.said(None, text="Two hearings."), ObservationState.VALUE, Amount(), "Two hearings."),
    (plain.silent(), ObservationState.NOT_AVAILABLE, Amount(), ""),
    (plain.silent("not_applicable"), ObservationState.NOT_APPLICABLE, Amount(), ""),
    (plain.silent("withheld"), ObservationState.WITHHELD, Amount(), ""),
]


@pytest.mark.parametrize(("answer", "state", "amount", "text"), ANSWERS)
def test_an_answer_comes_back_as_it_was_published(
    answer: dict[str, Any], state: ObservationState, amount: Amount, text: str
) -> None:
    told = [plain.report("MM", Q1, plain.line("I1", answer))]
    total = plain.one(plain.indicator(), reports=told).lines[0].total
    assert total is not None
    assert (total.state, total.amount, total.text) == (state, amount, text)
    assert total.reason == answer["reason"]


def test_a_line_knows_its_cells_and_may_lack_a_total() -> None:
    answers = (plain.said("4", cell="sex=f"), plain.said("<10", cell="sex=m"))
    told = [plain.report("MM", Q1, plain.line("I1", *answers))]
    line = plain.one(plain.indicator(), reports=told).lines[0]
    assert {cell: o.amount.value for cell, o in line.observations.items()} == {
        "sex=f": Decimal(4),
        "sex=m": "<10",
    }
    assert line.total is None


def test_lines_come_by_report_each_with_its_place_and_quarter() -> None:
    told = [
        plain.report("MB", Q1, plain.line("I1", plain.said("1"))),
        plain.report("MM", Q1, plain.line("I1", plain.said("2"))),
        plain.report("MM", Q2, plain.line("I1", plain.said("3"))),
    ]
    row = plain.one(plain.indicator(), plain.judged("I1", Q2, "on_track"), reports=told)
    places = [(line.institution.code, line.quarter.code) for line in row.lines]
    assert places == [("MB", Q1), ("MM", Q1), ("MM", Q2)]
    assert [line.institution.code for line in row.lines_in(Q1)] == ["MB", "MM"]
    assert row.lines_now == [row.lines[2]]


# Ministry, coalition: whether they see it differently.
SIDES = [
    ("on_track", "on_track", False),
    ("on_track", "at_risk", True),
    ("off_track", "achieved", True),
    ("on_track", "", False),
    ("", "off_track", False),
    ("", "", False),
]


@pytest.mark.parametrize(("ministry", "coalition", "differ"), SIDES)
def test_the_sides_differ_where_both_spoke_and_not_alike(
    ministry: str, coalition: str, differ: bool
) -> None:
    told = [plain.report("MM", Q2, plain.line("I1", ministry=ministry, coalition=coalition))]
    row = plain.one(plain.indicator(), plain.judged("I1", Q2, "on_track"), reports=told)
    line = row.lines[0]
    sides = [rating.value if rating else "" for rating in (line.ministry, line.coalition)]
    assert sides == [ministry, coalition]
    assert line.differs is differ
    assert [d.line for d in differences([row])] == ([line] if differ else [])


def test_a_rating_keeps_its_reason_and_a_different_reason_is_no_difference() -> None:
    told = [plain.report("MM", Q2, plain.line("I1", ministry="at_risk", coalition="at_risk"))]
    told[0]["lines"][0]["ratings"]["coalition"]["reason"] = "We saw it ourselves."
    line = plain.one(plain.indicator(), reports=told).lines[0]
    assert line.ministry is not None
    assert line.coalition is not None
    assert line.ministry.value is line.coalition.value is RatingValue.AT_RISK
    assert (line.ministry.reason, line.coalition.reason) == (
        "It is at_risk.",
        "We saw it ourselves.",
    )
    assert not line.differs


def test_the_three_lights_stand_side_by_side_and_are_never_merged() -> None:
    told = [plain.report("MM", Q2, plain.line("I1", ministry="achieved", coalition="off_track"))]
    row = plain.one(plain.indicator(), plain.judged("I1", Q2, "at_risk"), reports=told)
    line = row.lines_now[0]
    assert line.ministry is not None
    assert line.coalition is not None
    lights = (row.status, line.ministry.value, line.coalition.value)
    assert lights == (Status.AT_RISK, RatingValue.ACHIEVED, RatingValue.OFF_TRACK)


def test_an_assessment_comes_back_whole() -> None:
    data = plain.judged(
        "I1",
        Q2,
        "at_risk",
        "12.5",
        target="40",
        expected="20",
        progress="0.3125",
        pace="0.625",
        marks=["provisional", "revised_target"],
        coverage={"reported": 1, "expected": 2},
        inputs={"baseline": "0"},
        cells={"sex=f": {"value": "<10"}, "sex=m": {"value": "5", "numerator": "1"}},
    )
    now = plain.one(plain.indicator(), data).now
    assert now is not None
    assert (now.status, now.marks) == (Status.AT_RISK, [Mark.PROVISIONAL, Mark.REVISED_TARGET])
    assert [now.amount.value, now.target, now.expected] == [Decimal("12.5"), 40, 20]
    assert (now.progress, now.pace) == (Decimal("0.3125"), Decimal("0.625"))
    assert (now.reported, now.expected_units, now.coverage) == (1, 2, Decimal("0.5"))
    assert (now.inputs, now.rules_version) == ({"baseline": "0"}, "1")
    assert now.cells == {
        "sex=f": Amount("<10"),
        "sex=m": Amount(Decimal(5), Decimal(1)),
    }


def test_of_a_protected_assessment_nothing_more_is_known() -> None:
    now = plain.one(plain.indicator(), plain.judged("I1", Q2, "on_track", "<10")).now
    assert now is not None
    assert (now.progress, now.pace, now.inputs) == (None, None, None)
    assert now.amount == Amount("<10")


def test_where_nobody_owed_anything_nothing_is_missing() -> None:
    nobody = {"reported": 0, "expected": 0}
    now = plain.one(plain.indicator(), plain.judged("I1", Q2, "not_due", coverage=nobody)).now
    assert now is not None
    assert now.coverage == 1


# The statuses of the two quarters: which quarter stands, and with which status.
LATEST = [
    ("on_track", "at_risk", Q2, Status.AT_RISK),
    ("on_track", "not_due", Q1, Status.ON_TRACK),
    ("not_due", "not_due", Q2, Status.NOT_DUE),
    ("not_due", "on_track", Q2, Status.ON_TRACK),
    ("on_track", "no_data", Q2, Status.NO_DATA),
    ("on_track", "", Q1, Status.ON_TRACK),
    ("", "", Q2, None),
]


@pytest.mark.parametrize(("first", "second", "quarter", "status"), LATEST)
def test_an_indicator_stands_as_it_did_when_it_was_last_due(
    first: str, second: str, quarter: str, status: Status | None
) -> None:
    pairs = zip((Q1, Q2), (first, second), strict=True)
    told = [plain.judged("I1", code, found) for code, found in pairs if found]
    row = plain.one(plain.indicator(), *told)
    assert (row.status, row.quarter) == (status, quarter)
    assert list(row.assessments) == [a["period"] for a in told]


@pytest.mark.parametrize("status", ActionStatus.values)
def test_an_action_report_comes_back(status: str) -> None:
    told = plain.progress("A1", status, allocated="10.50", spent="0") | {"note": "Two trainings."}
    parts = plain.read(
        actions=[plain.action("A1")], reports=[plain.report("MM", Q2, actions=[told])]
    )
    found = parts.actions["A1"].reports[0]
    assert (found.status, found.note) == (ActionStatus(status), "Two trainings.")
    assert (found.allocated, found.spent) == (Decimal("10.5"), Decimal(0))
    assert (found.institution.code, found.quarter.code) == ("MM", Q2)


def test_an_action_without_a_status_or_that_is_no_more_does_no_harm() -> None:
    told = plain.report("MM", Q2, actions=[plain.progress("A1", ""), plain.progress("GONE")])
    parts = plain.read(actions=[plain.action("A1")], reports=[told])
    assert [r.status for r in parts.actions["A1"].reports] == [None]
    assert list(parts.actions) == ["A1"]
