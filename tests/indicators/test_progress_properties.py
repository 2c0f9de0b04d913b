"""The status of an indicator over every combination of what it depends on, and its symmetries."""

import ast
from collections import Counter
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from indicators import combine, faults, progress
from indicators.choices import BaselineState, Direction, Mark, ObservationState, Status
from indicators.progress import Inputs, assess, expected_value

D = Decimal
SOME = settings(max_examples=40)
UP, DOWN, LEVEL, NONE = Direction.INCREASE, Direction.DECREASE, Direction.MAINTAIN, Direction.NONE
FIGURES = st.decimals(-(10**6), 10**6, places=2)
SHARES = st.decimals(0, 1, places=2)

# The written rules in their order, each with the inputs for which it holds.
STATES: list[ObservationState | None] = [None, *ObservationState]
ACTUALS = [None, "-9", "-2", "0", "3", "7.5", "9.5", "10", "12", "20", "25"]
GRID: dict[str, list[Any]] = {
    "direction": list(Direction),
    "observation_state": STATES,
    "actual": [None if actual is None else D(actual) for actual in ACTUALS],
    "target": [None, D(0), D(20)],
    "baseline_state": list(BaselineState),
    "expected": [None, D(0), D(10)],
    "tolerance": [D(0), D(2)],
    "coverage": [D("0.79"), D("0.80")],
    "is_final": [True, False],
}


@cache
def every_input() -> list[Inputs]:
    """All combinations with a baseline of 0, and those of one direction that are not due."""
    combinations: Iterable[tuple[Any, ...]] = product(*GRID.values())
    due = [Inputs(**dict(zip(GRID, one, strict=True)), baseline=D(0)) for one in combinations]
    return due + [replace(one, is_due=False) for one in due if one.direction is UP]


def written(one: Inputs) -> Status:
    """The status as arithmetic.md reads from top to bottom, without a word of our code."""
    state, sign = one.observation_state, {UP: 1, DOWN: -1}.get(one.direction, 0)
    if not one.is_due:
        return Status.NOT_DUE
    if state is ObservationState.NOT_APPLICABLE:
        return Status.NOT_APPLICABLE
    if state in (ObservationState.NOT_AVAILABLE, ObservationState.WITHHELD):
        return Status.NOT_AVAILABLE
    if state is None or one.actual is None:
        return Status.NO_DATA
    if one.target is None or one.direction is NONE:
        return Status.REPORTED
    covered = one.coverage >= D("0.8")
    distance = abs(one.actual - one.target)
    reached = sign * (one.actual - one.target) >= 0 if sign else distance <= one.tolerance
    if one.baseline_state is BaselineState.UNKNOWN:
        return Status.MET if reached else Status.NOT_MET
    if not sign:
        if reached:
            return Status.ACHIEVED if one.is_final and covered else Status.ON_TRACK
        return Status.AT_RISK if distance <= 2 * one.tolerance else Status.OFF_TRACK
    if reached and covered:
        return Status.ACHIEVED
    if sign * one.actual < -one.tolerance:
        return Status.REGRESSING
    due = one.target if one.expected is None and one.is_final else one.expected
    if due is None:
        return Status.REPORTED
    if sign * due <= 0:
        return Status.ON_TRACK
    pace = one.actual / due
    thresholds = [(D("0.95"), Status.ON_TRACK), (D("0.7"), Status.AT_RISK)]
    return next((status for least, status in thresholds if pace >= least), Status.OFF_TRACK)


def test_every_combination_has_the_status_that_is_written() -> None:
    seen: Counter[Status] = Counter()
    for one in every_input():
        found = assess(one).status
        assert found is written(one), one
        seen[found] += 1
    assert sum(seen.values()) > 40_000
    assert set(seen) == set(Status)


def test_progress_and_pace_are_there_only_where_something_was_judged() -> None:
    for one in every_input()[::7]:
        result = assess(one)
        is_judged = result.status not in {
            *(Status.NOT_DUE, Status.NO_DATA, Status.NOT_AVAILABLE, Status.NOT_APPLICABLE)
        }
        if not is_judged or one.target is None or one.direction is NONE:
            assert (result.progress, result.pace) == (None, None)
        if one.baseline_state is BaselineState.UNKNOWN or one.direction is LEVEL:
            assert result.pace is None


@st.composite
def known(draw: st.DrawFn, directions: tuple[Direction, ...] = (UP, DOWN, LEVEL)) -> Inputs:
    """Any inputs with a figure for everything."""
    return Inputs(
        direction=draw(st.sampled_from(directions)),
        baseline=draw(FIGURES),
        target=draw(FIGURES),
        expected=draw(FIGURES),
        actual=draw(FIGURES),
        tolerance=draw(st.decimals(0, 1000, places=2)),
        coverage=draw(SHARES),
        is_final=draw(st.booleans()),
        age_in_periods=draw(st.integers(0, 5)),
        revised_target=draw(st.booleans()),
        incomplete=draw(st.booleans()),
    )


def moved(one: Inputs, factor: Decimal) -> Inputs:
    """The same in another unit: every figure times a factor."""
    names = ("baseline", "target", "expected", "actual")
    figures = {name: getattr(one, name) * factor for name in names}
    return replace(one, **figures, tolerance=one.tolerance * abs(factor))


@SOME
@given(known(), st.sampled_from(["0.001", "0.01", "1000", "12.7", "0.333"]))
def test_progress_is_the_same_in_persons_and_in_thousands(one: Inputs, factor: str) -> None:
    assert replace(assess(moved(one, D(factor))), expected=None) == replace(
        assess(one), expected=None
    )


@SOME
@given(known())
def test_turned_upside_down_less_is_what_more_was(one: Inputs) -> None:
    other = moved(one, D(-1))
    other = replace(other, direction={UP: DOWN, DOWN: UP}.get(one.direction, one.direction))
    assert replace(assess(other), expected=None) == replace(assess(one), expected=None)


@SOME
@given(known(), SHARES)
def test_coverage_changes_no_figure_and_can_only_take_achieved_away(
    one: Inputs, share: Decimal
) -> None:
    before, after = assess(replace(one, coverage=D(1))), assess(replace(one, coverage=share))
    assert (before.progress, before.pace) == (after.progress, after.pace)
    assert after.status is before.status or before.status is Status.ACHIEVED
    assert (Mark.PROVISIONAL in after.marks) is (share < D("0.8"))


@SOME
@given(known(directions=(UP, DOWN)), SHARES, SHARES)
def test_a_milder_plan_never_rates_lower(one: Inputs, high: Decimal, low: Decimal) -> None:
    order = [Status.REGRESSING, Status.OFF_TRACK, Status.AT_RISK, Status.ON_TRACK, Status.ACHIEVED]
    assume(low <= high)
    strict = replace(one, on_track_at=high, at_risk_at=low)
    for mild in (replace(strict, on_track_at=low), replace(strict, at_risk_at=D(0))):
        assert order.index(assess(mild).status) >= order.index(assess(strict).status)


@SOME
@given(known(directions=(UP, DOWN)))
def test_at_the_target_progress_is_one_and_at_the_baseline_nought(one: Inputs) -> None:
    assume(one.baseline != one.target)
    assert assess(replace(one, actual=one.target)).progress == 1
    assert assess(replace(one, actual=one.baseline)).progress == 0
    assert assess(replace(one, actual=one.target, coverage=D(1))).status is Status.ACHIEVED


@SOME
@given(known(directions=(UP, DOWN)))
def test_on_the_line_the_pace_is_one(one: Inputs) -> None:
    assert one.baseline is not None
    assert one.expected is not None
    assume(one.direction.sign * (one.expected - one.baseline) > 0)
    result = assess(replace(one, actual=one.expected))
    assert result.pace == 1
    assert result.status in {Status.ON_TRACK, Status.ACHIEVED}


@SOME
@given(known())
def test_a_true_progress_is_never_clamped_and_a_level_never_leaves_nought_to_one(
    one: Inputs,
) -> None:
    result = assess(one)
    assert result.progress is not None
    if one.direction is LEVEL or one.target == one.baseline:
        assert 0 <= result.progress <= 1
    else:
        assert one.target is not None
        assert one.baseline is not None
        far = replace(one, actual=2 * one.target - one.baseline)
        assert assess(far).progress == 2


@SOME
@given(known())
def test_only_decimals_come_out(one: Inputs) -> None:
    result = assess(one)
    assert {type(v) for v in (result.progress, result.pace) if v is not None} <= {Decimal}
    plain = result.as_data() | one.as_data()
    assert not [value for value in plain.values() if isinstance(value, float)]
    assert set(plain) == {f.name for f in (*fields(result), *fields(one))}


@pytest.mark.parametrize("module", [progress, combine, faults], ids=lambda module: module.__name__)
def test_no_float_is_written_in_the_arithmetic(module: Any) -> None:
    with open(module.__file__) as file:  # noqa: PTH123 -- a module's own text
        tree = ast.parse(file.read())
    written_floats = [
        n for n in ast.walk(tree) if isinstance(n, ast.Constant) and type(n.value) is float
    ]
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    imported = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert written_floats == []
    assert names & {"float", "round"} == set()
    assert not [name for name in imported if name and name.startswith(("django.db", "math"))]


# --- the line that tells what was expected ---------------------------------------------------

START = date(2024, 1, 1)
DAYS = st.integers(0, 2_000).map(lambda n: START + timedelta(days=n))
TARGETS = st.dictionaries(DAYS, FIGURES, min_size=1, max_size=5)


@SOME
@given(TARGETS, FIGURES, DAYS)
def test_the_expected_value_lies_between_its_neighbours(
    targets: dict[date, Decimal], baseline: Decimal, at: date
) -> None:
    value = expected_value(START, baseline, targets.items(), at)
    assert value is not None
    assert min(baseline, *targets.values()) <= value <= max(baseline, *targets.values())


@SOME
@given(TARGETS, FIGURES)
def test_on_the_day_of_a_target_that_target_is_expected(
    targets: dict[date, Decimal], baseline: Decimal
) -> None:
    for day, value in targets.items():
        assert expected_value(START, baseline, targets.items(), day) == value
    last = max(targets)
    assert (
        expected_value(START, baseline, targets.items(), last + timedelta(days=999))
        == targets[last]
    )


@SOME
@given(TARGETS, FIGURES, DAYS, st.randoms(use_true_random=False))
def test_the_order_in_which_targets_were_set_does_not_matter(
    targets: dict[date, Decimal], baseline: Decimal, at: date, random: Any
) -> None:
    shuffled = list(targets.items())
    random.shuffle(shuffled)
    expected = expected_value(START, baseline, targets.items(), at)
    assert expected_value(START, baseline, shuffled, at) == expected


@SOME
@given(FIGURES, FIGURES, st.integers(1, 1_000), st.integers(0, 1_000))
def test_between_two_points_the_line_is_straight(
    low: Decimal, high: Decimal, span: int, day: int
) -> None:
    assume(day <= span)
    target = [(START + timedelta(days=span), high)]
    value = expected_value(START, low, target, START + timedelta(days=day))
    assert value is not None
    assert abs((value - low) * span - (high - low) * day) < D("1e-12")
