"""The invented figures: repeatable, and such as a ministry could have reported."""

import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.cells import TOTAL, part_cells
from indicators.choices import Direction, Kind, ObservationState, OverUnits
from indicators.combine import Ratio
from indicators.models import Indicator
from publishing.demo.cycle import LAST
from publishing.demo.figures import QUARTERS, answers, chance, drive_of
from reports.checks import line_faults
from reports.models import Observation
from tests.publishing.telling import LEVEL, SHARE, Fields, a_split, an_indicator

D = Decimal
few = settings(max_examples=25)

codes = st.text("ABC0123456789-", min_size=1, max_size=8)
quarters = st.integers(0, QUARTERS - 1)
places = st.sampled_from(["MM", "MB", "SHPFA"])

UP: Fields = {**LEVEL, "baseline_value": 20, "targets": "80"}
SCORE: Fields = {**UP, "kind": Kind.SCORE, "over_units": OverUnits.MEDIAN}
STEPS: Fields = {**UP, "kind": Kind.MILESTONE}
FALL: Fields = {**LEVEL, "direction": Direction.DECREASE, "baseline_value": 90, "targets": "0"}
KEEP: Fields = {**LEVEL, "direction": Direction.MAINTAIN, "baseline_value": 300, "targets": "300"}
COUNT: Fields = {"targets": "400"}
RISING: Fields = {**SHARE, "baseline_value": 14, "targets": "30"}
FALLING: Fields = {**RISING, "direction": Direction.DECREASE, "baseline_value": 40, "targets": "0"}
FULL: Fields = {**RISING, "baseline_value": 50, "targets": "100"}
BARE: Fields = {**LEVEL, "baseline_state": "unknown"}
KINDS = (UP, SCORE, STEPS, FALL, KEEP, COUNT, RISING, FALLING, BARE)
kinds = st.sampled_from(KINDS)


def splits() -> list[Any]:
    return [a_split("f", "m"), a_split("u25", "o25", "none", code="age", order=1)]


def told(rows: Sequence[Observation]) -> list[tuple[Any, ...]]:
    names = ("cell", "state", "value", "numerator", "denominator", "text", "reason")
    return [tuple(getattr(row, name) for name in names) for row in rows]


def total_of(indicator: Indicator, quarter: int, unit: str = "MM", units: int = 1) -> Observation:
    return answers(indicator, quarter, unit, units)[0]


@few
@given(codes, quarters, places, kinds)
def test_the_same_question_always_gets_the_same_answer(
    code: str, quarter: int, place: str, kind: Fields
) -> None:
    row = an_indicator(code, splits=splits(), **kind)
    state = random.getstate()
    first = told(answers(row, quarter, place, 3))
    random.seed(quarter)
    assert told(answers(row, quarter, place, 3)) == first
    random.setstate(state)


def test_chance_is_each_names_own_and_leaves_that_of_others_alone() -> None:
    random.seed(1)
    expected = random.random()
    random.seed(1)
    drawn = [chance("a", 1).random(), chance("a", 1).random(), chance("a", 2).random()]
    assert random.random() == expected
    assert drawn[0] == drawn[1] != drawn[2]


def test_names_are_kept_apart() -> None:
    assert chance("ab").random() != chance("a", "b").random()


@few
@given(codes, quarters, places, kinds, st.integers(1, 6))
def test_parts_add_up_to_their_total_in_every_dimension(
    code: str, quarter: int, place: str, kind: Fields, units: int
) -> None:
    row = an_indicator(code, splits=splits(), **kind)
    rows = {o.cell: o for o in answers(row, quarter, place, units)}
    if kind in (SCORE, STEPS):
        assert list(rows) == [TOTAL]
        return
    for name in ("value", "numerator", "denominator"):
        whole = getattr(rows[TOTAL], name)
        for group, _cells in part_cells(row):
            parts = [getattr(rows[key], name) for key in group.keys]
            assert (None if whole is None else sum(parts)) == whole


@few
@given(codes, quarters, places, kinds, st.integers(1, 6))
def test_what_is_invented_would_pass_the_checks_of_the_form(
    code: str, quarter: int, place: str, kind: Fields, units: int
) -> None:
    row = an_indicator(code, splits=[] if kind in (SCORE, STEPS) else splits(), **kind)
    found = {o.cell: o for o in answers(row, quarter, place, units)}
    assert line_faults(row, found) == []
    for answer in found.values():
        figures = [f for f in (answer.value, answer.numerator, answer.denominator) if f is not None]
        assert [f for f in figures if f < 0] == []


@few
@given(codes, quarters, places, kinds)
def test_people_are_counted_whole_and_scores_in_tenths(
    code: str, quarter: int, place: str, kind: Fields
) -> None:
    answer = total_of(an_indicator(code, splits=splits(), **kind), quarter, place)
    step = D("0.1") if kind in (SCORE, STEPS) else 1
    figures = [f for f in (answer.value, answer.numerator, answer.denominator) if f is not None]
    assert figures
    assert [f % step for f in figures] == [0] * len(figures)


@few
@given(codes, quarters)
def test_a_share_is_a_fraction_of_a_known_whole(code: str, quarter: int) -> None:
    base = {"baseline_numerator": 28, "baseline_denominator": 200}
    kept = an_indicator(code, splits=splits(), **{**SHARE, **base}, targets="30")
    amount = total_of(kept, quarter).amount
    assert isinstance(amount, Ratio)
    assert amount.denominator == 200
    invented = total_of(an_indicator(code, splits=splits(), **RISING), quarter).amount
    assert isinstance(invented, Ratio)
    assert invented.denominator is not None
    assert 80 <= invented.denominator <= 900


@pytest.mark.parametrize("kind", [FULL, FALLING])
def test_no_share_passes_the_whole_or_falls_below_nothing(kind: Fields) -> None:
    asked = [(f"I{n}", quarter) for n in range(12) for quarter in range(QUARTERS)]
    rows = [total_of(an_indicator(code, splits=splits(), **kind), q) for code, q in asked]
    assert [o for o in rows if not 0 <= (o.numerator or 0) <= (o.denominator or 0)] == []
    reached = {(o.numerator or 0) in (0, o.denominator) for o in rows}
    assert reached == {True, False}


@few
@given(codes, st.integers(0, LAST))
def test_the_size_of_a_ministry_does_not_jump_from_quarter_to_quarter(
    code: str, quarter: int
) -> None:
    row = an_indicator(code, splits=splits(), **RISING)
    assert total_of(row, quarter).denominator == total_of(row, 0).denominator


@few
@given(codes, quarters)
def test_a_level_to_be_kept_stays_within_its_tolerance(code: str, quarter: int) -> None:
    row = an_indicator(code, splits=splits(), tolerance=5, **KEEP)
    value = total_of(row, quarter).value
    assert value is not None
    assert abs(value - 300) <= 5


@few
@given(codes)
def test_a_level_moves_the_way_it_should_and_never_back(code: str) -> None:
    rising = an_indicator(code, splits=splits(), **UP)
    falling = an_indicator(code, splits=splits(), **FALL)
    ups, downs = (
        [answers(row, quarter, "MM", 1)[0].value or D(0) for quarter in range(QUARTERS)]
        for row in (rising, falling)
    )
    assert ups == sorted(ups)
    assert downs == sorted(downs, reverse=True)
    assert ups[-1] > 20
    assert downs[-1] < 90


@few
@given(codes)
def test_several_ministries_share_what_one_would_report(code: str) -> None:
    row = an_indicator(code, splits=splits(), **UP)
    one, four = (total_of(row, 5, "MM", units).value for units in (1, 4))
    assert one is not None
    assert four is not None
    assert abs(four * 4 - one) <= 4


@few
@given(codes)
def test_an_indicator_goes_at_one_speed_between_two_fifths_and_a_little_over(code: str) -> None:
    row = an_indicator(code)
    assert drive_of(row) == drive_of(an_indicator(code, **SHARE))
    assert D("0.4") <= drive_of(row) <= D("1.15")


def test_speeds_differ_so_that_every_status_occurs() -> None:
    found = {drive_of(an_indicator(f"ALB-C{n:02}")) for n in range(40)}
    assert min(found) < D("0.7")
    assert any(D("0.7") <= drive < D("0.95") for drive in found)
    assert max(found) > 1


def test_words_are_answered_with_words() -> None:
    row = an_indicator(kind=Kind.NARRATIVE, **LEVEL)
    found = answers(row, 3, "MM", 1)
    assert [(o.cell, o.state, o.value, bool(o.text)) for o in found] == [("", "value", None, True)]


@few
@given(codes, places)
def test_a_yes_is_never_taken_back(code: str, place: str) -> None:
    row = an_indicator(code, kind=Kind.YES_NO, splits=splits(), **LEVEL)
    found = [[o.value for o in answers(row, q, place, 2)] for q in range(8)]
    assert {len(values) for values in found} == {1}
    assert found == sorted(found)
    assert (found[0], found[-1]) == ([0], [1])


def test_now_and_then_there_is_a_reason_instead_of_a_figure_but_never_in_a_split() -> None:
    asked = [(f"I{n}", quarter) for n in range(40) for quarter in range(6)]
    plain = [total_of(an_indicator(code, **COUNT), q) for code, q in asked]
    silent = [o for o in plain if o.state == ObservationState.NOT_AVAILABLE]
    assert 3 <= len(silent) <= 24
    assert {(o.value, o.reason) for o in silent} == {
        (None, "The registry closes its books after the reporting date.")
    }
    split = [total_of(an_indicator(code, splits=splits(), **COUNT), q) for code, q in asked]
    assert {o.state for o in split} == {ObservationState.VALUE}


@pytest.mark.parametrize("quarter", range(8))
def test_an_indicator_without_target_and_baseline_gets_figures_all_the_same(quarter: int) -> None:
    value = total_of(an_indicator("B1", splits=splits(), **BARE), quarter).value
    assert value is not None
    assert value > 0
