"""Two quarters side by side: what became better, worse, new and lost."""

from itertools import product

import pytest

from indicators.choices import Status
from publishing.choices import Change
from publishing.reading import Parts
from publishing.reading.comparing import (
    RANK,
    Moment,
    change_of,
    change_of_action,
    changes,
    compared,
    compared_actions,
    has_figure,
)
from reports.choices import ActionStatus
from tests.publishing import plain

S, A, C = Status, ActionStatus, Change
Q1, Q2 = "2026-Q1", "2026-Q2"

CHANGES = [
    (S.AT_RISK, S.ON_TRACK, C.BETTER),
    (S.ON_TRACK, S.ACHIEVED, C.BETTER),
    (S.REGRESSING, S.OFF_TRACK, C.BETTER),
    (S.ON_TRACK, S.AT_RISK, C.WORSE),
    (S.ACHIEVED, S.REGRESSING, C.WORSE),
    (S.MET, S.NOT_MET, C.WORSE),
    (S.ON_TRACK, S.ON_TRACK, C.SAME),
    (S.ACHIEVED, S.MET, C.SAME),
    (S.OFF_TRACK, S.NOT_MET, C.SAME),
    (S.REPORTED, S.REPORTED, C.SAME),
    (S.NO_DATA, S.NOT_AVAILABLE, C.SAME),
    (S.NOT_DUE, S.NO_DATA, C.SAME),
    (None, None, C.SAME),
    (None, S.NO_DATA, C.SAME),
    (S.NO_DATA, S.ON_TRACK, C.NEW),
    (S.NOT_DUE, S.REPORTED, C.NEW),
    (None, S.OFF_TRACK, C.NEW),
    (S.ON_TRACK, S.NO_DATA, C.LOST),
    (S.REPORTED, S.NOT_APPLICABLE, C.LOST),
    (S.AT_RISK, None, C.LOST),
    (S.REPORTED, S.ON_TRACK, C.OTHER),
    (S.OFF_TRACK, S.REPORTED, C.OTHER),
]


@pytest.mark.parametrize(("before", "after", "change"), CHANGES)
def test_a_change_goes_by_the_two_statuses(
    before: Status | None, after: Status | None, change: Change
) -> None:
    assert change_of(before, after) is change


OPPOSITE = {C.BETTER: C.WORSE, C.WORSE: C.BETTER, C.NEW: C.LOST, C.LOST: C.NEW}


def test_looked_at_the_other_way_round_every_change_is_its_opposite() -> None:
    pairs = product([*Status, None], repeat=2)
    wrong = [
        (one, other)
        for one, other in pairs
        if change_of(one, other) is not OPPOSITE.get(back := change_of(other, one), back)
    ]
    assert wrong == []


def test_only_judged_and_reported_figures_are_figures() -> None:
    assert {status for status in Status if has_figure(status)} == {*RANK, Status.REPORTED}
    assert not has_figure(None)


ACTIONS = [
    (A.NOT_STARTED, A.IN_PROGRESS, C.BETTER),
    (A.IN_PROGRESS, A.DONE, C.BETTER),
    (A.DELAYED, A.IN_PROGRESS, C.BETTER),
    (A.IN_PROGRESS, A.DELAYED, C.WORSE),
    (A.NOT_STARTED, A.DELAYED, C.WORSE),
    (A.DELAYED, A.CANCELLED, C.WORSE),
    (A.DONE, A.DONE, C.SAME),
    (None, None, C.SAME),
    (None, A.NOT_STARTED, C.NEW),
    (A.DONE, None, C.LOST),
]


@pytest.mark.parametrize(("before", "after", "change"), ACTIONS)
def test_an_action_moves_on_falls_back_or_is_not_told_of(
    before: ActionStatus | None, after: ActionStatus | None, change: Change
) -> None:
    assert change_of_action(before, after) is change


def parts(*codes: str, second: str = "off_track") -> Parts:
    """Indicators that are on track in the first quarter; actions in progress, then done."""
    told = [(Q1, "in_progress"), (Q2, "done")]
    return plain.read(
        indicators=[plain.indicator(code) for code in codes],
        actions=[plain.action("A1")],
        assessments=[
            *(plain.judged(code, Q1, "on_track", "5") for code in codes),
            *(plain.judged(code, Q2, second, "6") for code in codes),
        ],
        reports=[
            plain.report("MM", quarter, actions=[plain.progress("A1", status)])
            for quarter, status in told
        ],
    )


def test_within_one_edition_each_indicator_stands_with_both_quarters() -> None:
    edition = parts("I1", "I2")
    rows = compared(Moment(edition, Q1), Moment(edition, Q2))
    assert [(row.row.code, row.change) for row in rows] == [("I1", C.WORSE), ("I2", C.WORSE)]
    [first, _second] = rows
    assert first.before is not None
    assert first.after is not None
    assert (first.before.status, first.after.status) == (S.ON_TRACK, S.OFF_TRACK)
    assert first.row is first.after


def test_a_quarter_beside_itself_is_the_same() -> None:
    edition = parts("I1", "I2")
    assert {row.change for row in compared(Moment(edition, Q2), Moment(edition, Q2))} == {C.SAME}


def test_between_two_editions_of_a_quarter_what_was_restated_shows() -> None:
    rows = compared(
        Moment(parts("I1", "I2", second="off_track"), Q2),
        Moment(parts("I1", "I2", second="at_risk"), Q2),
    )
    assert [row.change for row in rows] == [C.BETTER, C.BETTER]


def test_an_indicator_that_only_one_edition_has_is_new_or_lost() -> None:
    rows = compared(Moment(parts("I1", "OLD"), Q2), Moment(parts("I1", "NEW"), Q2))
    told = [(row.row.code, row.before is None, row.after is None, row.change) for row in rows]
    assert told == [
        ("I1", False, False, C.SAME),
        ("NEW", True, False, C.NEW),
        ("OLD", False, True, C.LOST),
    ]


def test_actions_stand_with_both_quarters() -> None:
    edition = parts("I1")
    [row] = compared_actions(Moment(edition, Q1), Moment(edition, Q2))
    assert (row.row.code, row.change) == ("A1", C.BETTER)


def test_changes_are_counted_in_their_order_and_only_those_that_occur() -> None:
    rows = compared(Moment(parts("I1", "OLD"), Q2), Moment(parts("I1", "NEW", "I2"), Q2))
    assert changes(rows) == [(C.SAME, 1), (C.NEW, 2), (C.LOST, 1)]
    assert changes([]) == []
