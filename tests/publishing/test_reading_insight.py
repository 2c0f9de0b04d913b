"""What stands out in an edition: what is behind, where the sides differ, what is missing."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.choices import Status
from publishing.reading import Parts
from publishing.reading.insight import (
    Money,
    action_counts,
    counts,
    differences,
    gaps,
    money_of,
    priorities,
    scale_of,
    scorecards,
    statuses,
    trend,
)
from reports.choices import ActionStatus
from tests.publishing import plain

Q1, Q2 = "2026-Q1", "2026-Q2"
D = Decimal
S = Status


def judged(**told: str) -> Parts:
    """Indicators with their statuses of the quarters, in order: `I1="on_track at_risk"`.

    A dash is a quarter without an assessment.
    """
    assessments = [
        plain.judged(code, quarter, status)
        for code, found in told.items()
        for quarter, status in zip((Q1, Q2), found.split(), strict=False)
        if status != "-"
    ]
    rows = [plain.indicator(code) for code in told]
    return plain.read(indicators=rows, assessments=assessments)


def test_what_was_never_published_is_not_due() -> None:
    parts = judged(I1="on_track", I2="-")
    assert statuses(parts.indicators.values()) == [S.ON_TRACK, S.NOT_DUE]


def test_a_count_has_every_status_of_its_scale_in_its_order() -> None:
    found = [S.AT_RISK, S.ON_TRACK, S.AT_RISK]
    assert counts(found, [S.ON_TRACK, S.OFF_TRACK, S.AT_RISK]) == [
        (S.ON_TRACK, 1),
        (S.OFF_TRACK, 0),
        (S.AT_RISK, 2),
    ]
    assert [status for status, _number in counts(found)] == list(Status)


@given(st.lists(st.sampled_from(Status)))
def test_a_count_loses_nobody(found: list[Status]) -> None:
    assert sum(number for _status, number in counts(found)) == len(found)


def test_a_scale_has_what_occurred_in_any_quarter_best_first() -> None:
    parts = judged(I1="regressing on_track", I2="achieved not_due", I3="- -")
    scale = scale_of(parts.indicators.values())
    assert scale == [S.ACHIEVED, S.ON_TRACK, S.REGRESSING, S.NOT_DUE]
    assert scale_of([]) == []


def test_the_trend_counts_each_quarter_with_what_was_last_due_then() -> None:
    parts = judged(I1="at_risk on_track", I2="off_track not_due", I3="- on_track")
    scale = [S.ON_TRACK, S.AT_RISK, S.OFF_TRACK, S.NOT_DUE]
    told = {q.code: [number for _s, number in found] for q, found in trend(parts, scale)}
    assert told == {Q1: [0, 1, 1, 1], Q2: [2, 0, 1, 0]}


def test_the_last_quarter_of_a_trend_is_how_things_stand() -> None:
    parts = judged(I1="at_risk not_due", I2="off_track no_data", I3="not_due -")
    rows = list(parts.indicators.values())
    scale = scale_of(rows)
    assert trend(parts, scale)[-1][1] == counts(statuses(rows), scale)


def test_the_worst_comes_first_and_what_is_in_order_not_at_all() -> None:
    parts = judged(
        A="at_risk", B="on_track", C="not_met", D="off_track", E="no_data", F="regressing", G="met"
    )
    assert [row.code for row in priorities(parts.indicators.values())] == ["F", "D", "A", "C"]


def test_of_one_status_the_slowest_comes_first_and_an_unknown_pace_last() -> None:
    paces = {"A": "0.9", "B": None, "C": "-0.5", "D": "0.71", "E": "0.9"}
    told = [plain.judged(code, Q2, "at_risk", pace=pace) for code, pace in paces.items()]
    parts = plain.read(indicators=[plain.indicator(c) for c in paces], assessments=told)
    assert [row.code for row in priorities(parts.indicators.values())] == ["C", "D", "A", "E", "B"]


def two_sides(*quarters: str, status: str = "on_track") -> list[dict[str, Any]]:
    return [plain.judged("I1", quarter, status) for quarter in quarters]


def test_differences_are_those_of_the_quarter_last_due() -> None:
    """The last word counts: what they differed on in spring and agree on now is settled."""
    told = [
        plain.report("MM", Q1, plain.line("I1", coalition="off_track")),
        plain.report("MM", Q2, plain.line("I1", coalition="on_track")),
    ]
    row = plain.one(plain.indicator(), *two_sides(Q1, Q2), reports=told)
    assert differences([row]) == []
    older = plain.one(plain.indicator(), *two_sides(Q1), reports=told)
    assert [d.line.quarter.code for d in differences([older])] == [Q1]


def test_each_ministry_has_a_difference_of_its_own() -> None:
    told = [
        plain.report(who, Q2, plain.line("I1", coalition=theirs))
        for who, theirs in (("MB", "at_risk"), ("MM", "off_track"))
    ]
    row = plain.one(plain.indicator(), *two_sides(Q2), reports=told)
    found = differences([row])
    assert [(d.indicator.code, d.line.institution.code) for d in found] == [
        ("I1", "MB"),
        ("I1", "MM"),
    ]


def gap_list(quarter: str = Q2, **parts: Any) -> list[tuple[str, str, str, str]]:
    found = gaps(plain.read(**parts), quarter)
    return [(g.indicator.code, g.institution.code, str(g.state or ""), g.reason) for g in found]


def test_a_gap_is_an_answer_without_a_figure_or_a_report_that_is_not_there() -> None:
    found = gap_list(
        indicators=[plain.indicator("I1", who="MB MM"), plain.indicator("I2")],
        assessments=[plain.judged(code, Q2, "no_data") for code in ("I1", "I2")],
        reports=[
            plain.report(
                "MM", Q2, plain.line("I1", plain.silent()), plain.line("I2", plain.said("0"))
            )
        ],
        missing=[plain.missing("MB", Q2)],
    )
    assert found == [("I1", "MM", "not_available", "No books."), ("I1", "MB", "", "")]


# What the indicator's own row says, its assessment, and whether its silence is a gap.
GAPS = [
    ({}, [plain.judged("I1", Q2, "not_available")], True),
    ({}, [plain.judged("I1", Q2, "not_due")], False),
    ({}, [plain.judged("I1", Q1, "not_available")], False),
    ({}, [], False),
    ({"sensitivity": "restricted"}, [plain.judged("I1", Q2, "not_available")], False),
    ({"sensitivity": "small_counts"}, [plain.judged("I1", Q2, "not_available")], True),
]


@pytest.mark.parametrize(("declared", "assessments", "is_gap"), GAPS)
def test_only_what_was_due_and_may_be_told_is_a_gap(
    declared: dict[str, Any], assessments: list[dict[str, Any]], is_gap: bool
) -> None:
    found = gap_list(
        indicators=[plain.indicator(**declared)],
        assessments=assessments,
        reports=[plain.report("MM", Q2, plain.line("I1", plain.silent("withheld")))],
    )
    assert found == ([("I1", "MM", "withheld", "No books.")] if is_gap else [])


def test_gaps_of_another_quarter_are_not_told() -> None:
    parts: dict[str, Any] = {
        "indicators": [plain.indicator()],
        "assessments": [plain.judged("I1", Q1, "no_data"), plain.judged("I1", Q2, "on_track")],
        "missing": [plain.missing("MM", Q1)],
    }
    assert gap_list(Q2, **parts) == []
    assert gap_list(Q1, **parts) == [("I1", "MM", "", "")]


def test_a_missing_part_of_a_reported_total_is_no_gap() -> None:
    line = plain.line("I1", plain.said("5"), plain.silent() | {"cell": "sex=f"})
    assert (
        gap_list(
            indicators=[plain.indicator()],
            assessments=[plain.judged("I1", Q2, "on_track")],
            reports=[plain.report("MM", Q2, line)],
        )
        == []
    )


def cards() -> dict[str, Any]:
    parts = plain.read(
        institutions=[plain.institution(code) for code in ("MB", "MM", "SUP")],
        reports=[
            plain.report("MB", Q1, was_late=True),
            plain.report("MM", Q1),
            plain.report("MM", Q2),
        ],
        missing=[plain.missing("MB", Q2, "coalition")],
    )
    return {card.institution.code: card for card in scorecards(parts)}


@pytest.mark.parametrize(
    ("code", "owed", "official", "on_time", "coverage"),
    [("MM", 2, 2, 2, 1), ("MB", 2, 1, 0, D("0.5")), ("SUP", 0, 0, 0, None)],
)
def test_a_scorecard_counts_what_was_owed_what_is_in_and_what_was_in_time(
    code: str, owed: int, official: int, on_time: int, coverage: Any
) -> None:
    card = cards()[code]
    assert (card.owed, card.official, card.on_time) == (owed, official, on_time)
    assert card.coverage == coverage


def test_a_scorecard_shows_the_last_quarter_in_which_something_was_owed() -> None:
    found = cards()
    assert list(found) == ["MB", "MM", "SUP"]
    assert (found["MB"].now.report, found["MB"].now.missing.lies_with) == (None, "coalition")
    assert (found["MM"].now.quarter.code, found["MM"].now.missing) == (Q2, None)
    assert found["MM"].now.report.revision == 1
    assert found["SUP"].now is None
    assert [s.quarter.code for s in found["MB"].standings] == [Q1, Q2]


def actions() -> Parts:
    told = [
        plain.report("MM", Q1, actions=[plain.progress("A1", "done", spent="100")]),
        plain.report(
            "MM",
            Q2,
            actions=[
                plain.progress("A1", "delayed", allocated="50", spent="25"),
                plain.progress("A2", "delayed", spent="0"),
            ],
        ),
    ]
    rows = [
        plain.action("A1", funding=("300", "200")),
        plain.action("A2"),
        plain.action("A3", funding=("500",)),
    ]
    return plain.read(actions=rows, reports=told)


def test_money_adds_what_is_known() -> None:
    rows = list(actions().actions.values())
    assert money_of(rows) == Money(D(1000), D(50), D(125))
    assert money_of(rows).spent_share == D("0.125")
    assert money_of([rows[1]]) == Money(None, None, D(0))
    assert money_of([]) == Money(None, None, None)


@pytest.mark.parametrize(
    ("planned", "spent", "share"),
    [
        (None, D(5), None),
        (D(0), D(5), None),
        (D(10), None, None),
        (D(10), D(0), 0),
        (D(10), D(15), D("1.5")),
    ],
)
def test_the_share_spent_needs_both_and_may_pass_the_whole(
    planned: Decimal | None, spent: Decimal | None, share: Any
) -> None:
    assert Money(planned, None, spent).spent_share == share


def test_actions_are_counted_by_what_was_said_in_the_editions_quarter() -> None:
    found = action_counts(actions().actions.values())
    assert [status for status, _number in found] == list(ActionStatus)
    assert {status: number for status, number in found if number} == {ActionStatus.DELAYED: 2}
