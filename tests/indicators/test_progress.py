"""Status, progress and pace: the cases that break other systems, then properties."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.choices import BaselineState, Direction, Mark, ObservationState, Status
from indicators.progress import (
    RULES_VERSION,
    Assessment,
    Inputs,
    assess,
    expected_value,
    is_overspent,
    tally,
    unfunded_share,
)

D = Decimal
UP, DOWN, LEVEL = Direction.INCREASE, Direction.DECREASE, Direction.MAINTAIN

# From worst to best: a better value may only move a status to the right.
WORST_TO_BEST = [
    Status.REGRESSING,
    Status.OFF_TRACK,
    Status.AT_RISK,
    Status.ON_TRACK,
    Status.ACHIEVED,
]

figures = st.decimals(-(10**6), 10**6, places=2)
tolerances = st.decimals(0, 1000, places=2)
shares = st.decimals(0, 1, places=2)
trending = st.sampled_from([UP, DOWN])


def inputs(direction, baseline, target, expected, actual, **more):
    """Read as one writes it: (B, T, E, A), each a figure or None."""
    known = {"baseline": baseline, "target": target, "expected": expected, "actual": actual}
    exact = {name: None if value is None else D(value) for name, value in known.items()}
    return Inputs(direction=direction, **exact, **more)


def judge(direction, baseline, target, expected, actual, **more):
    return assess(inputs(direction, baseline, target, expected, actual, **more))


@st.composite
def judged_inputs(draw, directions=(UP, DOWN, LEVEL)):
    """Any inputs with a baseline, a target and a value, however odd."""
    return Inputs(
        direction=draw(st.sampled_from(directions)),
        baseline=draw(figures),
        target=draw(figures),
        expected=draw(figures),
        actual=draw(figures),
        tolerance=draw(tolerances),
        coverage=draw(shares),
        is_final=draw(st.booleans()),
    )


# --- the cases that break other systems ------------------------------------------------------


def test_a_decrease_ahead_of_its_line_is_on_track():
    result = judge(DOWN, 100, 20, 60, 50)
    assert (result.progress, result.pace, result.status) == (D("0.625"), D("1.25"), "on_track")


def test_a_decrease_to_zero_behind_its_line_is_off_track():
    result = judge(DOWN, 12, 0, 6, 9)
    assert (result.progress, result.pace, result.status) == (D("0.25"), D("0.5"), "off_track")


def test_a_target_of_zero_can_be_achieved():
    result = judge(DOWN, 12, 0, 6, 0)
    assert (result.progress, result.pace, result.status) == (1, 2, "achieved")


def test_a_true_zero_is_off_track_and_not_blank():
    result = judge(UP, 0, 30, 10, 0)
    assert result == Assessment(D(0), D(0), Status.OFF_TRACK, (), D(10))
    assert result.as_data()["progress"] == "0"


def test_a_level_within_its_tolerance_is_on_track():
    result = judge(LEVEL, 30, 30, 30, 29, tolerance=D(2))
    assert (result.progress, result.pace, result.status) == (1, None, "on_track")


def test_a_value_below_the_baseline_is_regressing():
    result = judge(UP, 20, 40, 30, 18)
    assert (result.progress, result.pace, result.status) == (D("-0.1"), D("-0.2"), "regressing")


# --- the order of the rules ------------------------------------------------------------------


def test_what_is_not_due_is_not_judged_even_if_a_value_is_there():
    result = judge(UP, 0, 30, 10, 30, is_due=False)
    assert result == Assessment(None, None, Status.NOT_DUE, (), D(10))


def test_what_is_not_due_comes_before_a_reason_for_no_value():
    state = ObservationState.NOT_AVAILABLE
    assert judge(UP, 0, 30, 10, None, is_due=False, observation_state=state).status == "not_due"


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (None, Status.NO_DATA),
        (ObservationState.VALUE, Status.NO_DATA),
        (ObservationState.NOT_AVAILABLE, Status.NOT_AVAILABLE),
        (ObservationState.WITHHELD, Status.NOT_AVAILABLE),
        (ObservationState.NOT_APPLICABLE, Status.NOT_APPLICABLE),
    ],
)
def test_no_value_says_why(state, status):
    result = judge(UP, 0, 30, 10, None, observation_state=state)
    assert result == Assessment(None, None, status, (), D(10))


def test_a_typed_no_value_wins_over_a_figure_left_in_the_row():
    state = ObservationState.NOT_APPLICABLE
    assert judge(UP, 0, 30, 10, 30, observation_state=state).status == "not_applicable"


@pytest.mark.parametrize(
    "unjudgeable",
    [
        inputs(Direction.NONE, 0, 30, 10, 5),
        inputs(UP, 0, None, None, 5),
        inputs(UP, 0, 30, None, 5),
    ],
    ids=["no direction", "no target", "no expected value"],
)
def test_a_value_nothing_can_be_held_against_is_reported_and_not_rated(unjudgeable):
    result = assess(unjudgeable)
    assert (result.pace, result.status) == (None, Status.REPORTED)


@pytest.mark.parametrize(
    ("coverage", "status", "marks"),
    [
        ("0.80", Status.ACHIEVED, ()),
        ("0.7999", Status.ON_TRACK, (Mark.PROVISIONAL,)),
    ],
)
def test_achieved_needs_four_fifths_of_the_units(coverage, status, marks):
    result = judge(UP, 0, 30, 10, 30, coverage=D(coverage))
    assert (result.status, result.marks) == (status, marks)


@pytest.mark.parametrize(
    ("actual", "status"),
    [
        ("100", Status.ACHIEVED),
        ("99.99", Status.ON_TRACK),
        ("47.5", Status.ON_TRACK),
        ("47.4999", Status.AT_RISK),
        ("35", Status.AT_RISK),
        ("34.9999", Status.OFF_TRACK),
        ("0", Status.OFF_TRACK),
        ("-5", Status.OFF_TRACK),
        ("-5.0001", Status.REGRESSING),
    ],
)
def test_thresholds_are_compared_unrounded_and_belong_to_the_better_status(actual, status):
    assert judge(UP, 0, 100, 50, actual, tolerance=D(5)).status == status


def test_thresholds_can_be_the_plan_s_own():
    mild = {"on_track_at": D("0.5"), "at_risk_at": D("0.2"), "coverage_at": D("0.4")}
    assert judge(UP, 0, 100, 50, 25, **mild).status == Status.ON_TRACK
    assert judge(UP, 0, 100, 50, 10, **mild).status == Status.AT_RISK
    assert judge(UP, 0, 100, 50, 100, coverage=D("0.4"), **mild).status == Status.ACHIEVED


# --- nothing to move yet ---------------------------------------------------------------------


@pytest.mark.parametrize("expected", [20, 25], ids=["E = B", "E worse than B"])
@pytest.mark.parametrize(
    ("actual", "pace", "status"),
    [
        ("20", 1, Status.ON_TRACK),
        ("15", 1, Status.ON_TRACK),
        ("21", 1, Status.ON_TRACK),
        ("21.01", 0, Status.REGRESSING),
    ],
)
def test_where_nothing_is_due_yet_only_a_worse_value_is_behind(expected, actual, pace, status):
    result = judge(DOWN, 20, 10, expected, actual, tolerance=D(1))
    assert (result.pace, result.status) == (pace, status)


def test_a_target_that_equals_the_baseline_divides_by_nothing():
    assert judge(DOWN, 0, 0, 0, 0).progress == 1
    assert judge(DOWN, 0, 0, 0, 3).progress == 0
    assert judge(DOWN, 0, 0, 0, 3).status == Status.REGRESSING
    assert judge(UP, 5, 5, 5, 9).progress == 1


# --- maintain --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actual", "progress", "status"),
    [
        ("32", "1", Status.ON_TRACK),
        ("28", "1", Status.ON_TRACK),
        ("27", "0.5", Status.AT_RISK),
        ("34", "0", Status.AT_RISK),
        ("34.01", "0", Status.OFF_TRACK),
        ("0", "0", Status.OFF_TRACK),
    ],
)
def test_a_level_is_judged_by_its_distance_on_both_sides(actual, progress, status):
    result = judge(LEVEL, 30, 30, 30, actual, tolerance=D(2))
    assert (result.progress, result.pace, result.status) == (D(progress), None, status)


def test_a_level_without_tolerance_is_held_exactly_or_lost():
    assert judge(LEVEL, 30, 30, 30, 30).progress == 1
    assert judge(LEVEL, 30, 30, 30, "30.01").progress == 0
    assert judge(LEVEL, 30, 30, 30, "30.01").status == Status.OFF_TRACK


def test_a_level_is_achieved_only_at_the_final_date_and_with_coverage():
    final = {"tolerance": D(2), "is_final": True}
    assert judge(LEVEL, 30, 30, 30, 31, **final).status == Status.ACHIEVED
    assert judge(LEVEL, 30, 30, 30, 31, coverage=D("0.5"), **final).status == Status.ON_TRACK
    assert judge(LEVEL, 30, 30, 30, 33, **final).status == Status.AT_RISK


# --- the baseline ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("direction", "actual", "status"),
    [
        (UP, 30, Status.MET),
        (UP, 29, Status.NOT_MET),
        (DOWN, 30, Status.MET),
        (DOWN, 31, Status.NOT_MET),
        (LEVEL, 32, Status.MET),
        (LEVEL, 27, Status.NOT_MET),
    ],
)
def test_without_a_baseline_a_target_is_met_or_not(direction, actual, status):
    unknown = {"baseline_state": BaselineState.UNKNOWN, "tolerance": D(2)}
    result = judge(direction, 7, 30, 20, actual, **unknown)
    assert (result.progress, result.pace, result.status) == (None, None, status)


def test_a_known_baseline_without_a_figure_counts_as_unknown():
    assert judge(UP, None, 30, 20, 30).status == Status.MET


def test_a_baseline_zero_by_nature_ignores_the_figure_beside_it():
    result = judge(UP, 250, 1000, 500, 500, baseline_state=BaselineState.ZERO)
    assert (result.progress, result.pace) == (D("0.5"), 1)


def test_at_the_final_date_the_target_is_what_was_expected():
    assert judge(UP, 0, 100, None, 80, is_final=True).pace == D("0.8")


# --- marks -----------------------------------------------------------------------------------


def test_marks_stand_beside_the_status_in_a_fixed_order():
    result = judge(
        UP,
        0,
        100,
        50,
        50,
        coverage=D("0.5"),
        age_in_periods=2,
        revised_target=True,
        incomplete=True,
    )
    assert (result.status, result.marks) == (Status.ON_TRACK, tuple(Mark))


def test_a_value_of_the_last_period_is_not_stale():
    assert judge(UP, 0, 100, 50, 50, age_in_periods=1).marks == ()
    assert judge(UP, 0, 100, 50, 50, age_in_periods=2).marks == (Mark.STALE,)


def test_marks_about_a_value_need_a_value():
    result = judge(UP, 0, 100, 50, None, coverage=D(0), age_in_periods=9, revised_target=True)
    assert (result.status, result.marks) == (Status.NO_DATA, (Mark.REVISED_TARGET,))


# --- stored with its inputs ------------------------------------------------------------------


def test_a_status_is_stored_with_its_inputs_and_the_version_of_the_rules():
    given_inputs = inputs(DOWN, "100.50", 20, 60, 50, coverage=D("0.75"))
    stored = json.loads(json.dumps([given_inputs.as_data(), assess(given_inputs).as_data()]))
    assert stored[0]["baseline"] == "100.50"
    assert stored[0]["direction"] == "decrease"
    assert stored[0]["is_due"] is True
    assert stored[1]["status"] == "on_track"
    assert stored[1]["marks"] == ["provisional"]
    assert stored[1]["rules_version"] == RULES_VERSION == "1"


# --- the expected value ----------------------------------------------------------------------

START = date(2023, 12, 31)
TARGETS = [(date(2025, 12, 31), D(40)), (date(2024, 12, 30), D(10))]


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (date(2023, 1, 1), 0),
        (START, 0),
        (date(2024, 6, 30), D("4.986301369863013698630136986")),
        (date(2024, 12, 30), 10),
        (date(2025, 6, 30), D("24.91803278688524590163934426")),
        (date(2025, 12, 31), 40),
        (date(2030, 1, 1), 40),
    ],
)
def test_the_expected_value_lies_on_the_line_through_the_dated_targets(at, value):
    assert expected_value(START, D(0), TARGETS, at) == value


def test_half_way_in_time_is_half_way_in_value():
    line = [(date(2024, 1, 31), D(0))]
    assert expected_value(date(2024, 1, 1), D(12), line, date(2024, 1, 16)) == 6


def test_without_a_target_nothing_is_expected():
    assert expected_value(START, D(0), [], date(2025, 1, 1)) is None


def test_a_target_dated_before_the_baseline_is_left_out():
    old = (date(2020, 1, 1), D(99))
    assert expected_value(START, D(0), [old], date(2025, 1, 1)) is None
    assert expected_value(START, D(0), [old, *TARGETS], date(2024, 12, 30)) == 10


def test_a_target_dated_on_the_day_of_the_baseline_holds_from_that_day():
    assert expected_value(START, D(90), [(START, D(5))], START) == 5
    assert expected_value(START, D(90), [(START, D(5))], date(2025, 1, 1)) == 5


def test_with_an_unknown_baseline_the_line_begins_at_the_first_target():
    assert expected_value(None, None, TARGETS, date(2024, 12, 29)) is None
    assert expected_value(None, None, TARGETS, date(2024, 12, 30)) == 10
    assert expected_value(START, None, TARGETS, date(2026, 1, 1)) == 40


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.permutations(TARGETS))
def test_the_expected_value_stays_between_the_ends_in_any_order_of_targets(at, targets):
    value = expected_value(START, D(0), targets, at)
    assert value is not None
    assert 0 <= value <= 40
    assert value == expected_value(START, D(0), TARGETS, at)


# --- objectives and money --------------------------------------------------------------------


def test_an_objective_is_a_count_per_status_best_first():
    counted = tally([Status.NO_DATA, Status.OFF_TRACK, Status.ACHIEVED, Status.OFF_TRACK])
    assert list(counted.items()) == [
        (Status.ACHIEVED, 1),
        (Status.OFF_TRACK, 2),
        (Status.NO_DATA, 1),
    ]
    assert tally([]) == {}


@pytest.mark.parametrize(
    ("planned", "allocated", "share"),
    [(200, 50, "0.75"), (200, 0, 1), (200, 200, 0), (200, 300, 0), (0, 0, None)],
)
def test_the_unfunded_share_is_what_nobody_allocated(planned, allocated, share):
    result = unfunded_share(D(planned), D(allocated))
    assert result == (None if share is None else D(share))


def test_spending_over_the_allocation_is_seen():
    assert is_overspent(D(10), D("10.01")) is True
    assert is_overspent(D(10), D(10)) is False
    assert is_overspent(None, D(10)) is False
    assert is_overspent(D(10), None) is False


# --- properties ------------------------------------------------------------------------------


@given(judged_inputs(), st.decimals("0.001", 1000, places=3), figures)
def test_progress_does_not_depend_on_the_unit(one, factor, shift):
    def convert(value):
        return value * factor + shift

    other = replace(
        one,
        baseline=convert(one.baseline),
        target=convert(one.target),
        expected=convert(one.expected),
        actual=convert(one.actual),
        tolerance=one.tolerance * factor,
    )
    first, second = assess(one), assess(other)
    assert (first.progress, first.pace) == (second.progress, second.pace)
    assert (first.status, first.marks) == (second.status, second.marks)


@given(judged_inputs(directions=(UP, DOWN)), st.decimals(0, 10**6, places=2))
def test_a_better_value_never_worsens_the_status(one, gain):
    better = replace(one, actual=one.actual + one.direction.sign * gain)
    before, after = assess(one).status, assess(better).status
    assert WORST_TO_BEST.index(before) <= WORST_TO_BEST.index(after)


@given(judged_inputs(), shares)
def test_a_level_never_gets_worse_by_coming_nearer(one, share):
    level = replace(one, direction=LEVEL)
    nearer = replace(level, actual=level.target + (level.actual - level.target) * share)
    before, after = assess(level), assess(nearer)
    assert WORST_TO_BEST.index(before.status) <= WORST_TO_BEST.index(after.status)
    assert before.progress <= after.progress


@given(judged_inputs())
def test_decrease_mirrors_increase(one):
    mirrors = {UP: DOWN, DOWN: UP, LEVEL: LEVEL}
    other = replace(
        one,
        direction=mirrors[one.direction],
        baseline=-one.baseline,
        target=-one.target,
        expected=-one.expected,
        actual=-one.actual,
    )
    first, second = assess(one), assess(other)
    assert replace(first, expected=None) == replace(second, expected=None)


@given(judged_inputs(directions=(UP, DOWN)), figures)
def test_better_reads_the_same_with_an_unknown_baseline(one, baseline):
    unknown = replace(one, baseline_state=BaselineState.UNKNOWN)
    reached = one.direction.sign * (one.actual - one.target) >= 0
    assert assess(unknown).status == (Status.MET if reached else Status.NOT_MET)
    assert assess(replace(unknown, baseline=baseline)) == assess(unknown)
