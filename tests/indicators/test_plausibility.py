"""What about a figure is worth a question: every kind of doubt, its limits, what is never one."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.choices import Kind, Relation, ValueMeaning
from indicators.combine import Ratio
from indicators.plausibility import (
    CHANCE,
    DOUBLE,
    ENOUGH,
    GROUPS,
    Doubt,
    DoubtCode,
    Measure,
    are_comparable,
    check_growth,
    check_jump,
    check_range,
    check_relation,
    doubts_about,
    least_change,
)

D = Decimal
IN_PERIOD, RUNNING = ValueMeaning.IN_PERIOD, ValueMeaning.RUNNING_TOTAL
COUNT, TOTAL = Measure(Kind.COUNT, IN_PERIOD), Measure(Kind.COUNT, RUNNING)
MONEY, SHARE = Measure(Kind.AMOUNT, IN_PERIOD), Measure(Kind.PERCENTAGE, IN_PERIOD)
C = DoubtCode


def figures(text: str) -> list[Decimal]:
    return [D(word) for word in text.split()]


def codes(found: list[Doubt]) -> list[str]:
    return [doubt.code.value for doubt in found]


# ------------------------------------------------------------------ floor and ceiling


@pytest.mark.parametrize(
    ("value", "floor", "ceiling", "said"),
    [
        ("4.9999", "5", "20", ["below_floor"]),
        ("5", "5", "20", []),
        ("20", "5", "20", []),
        ("20.0001", "5", "20", ["above_ceiling"]),
        ("-1", "0", None, ["below_floor"]),
        ("1000000", "0", None, []),
        ("-1000000", None, "0", []),
        ("0", None, None, []),
        ("0", "0", "0", []),
    ],
)
def test_a_value_outside_its_range_is_doubted_and_the_limits_are_not(
    value: str, floor: str | None, ceiling: str | None, said: list[str]
) -> None:
    limits = [None if text is None else D(text) for text in (floor, ceiling)]
    assert codes(check_range(D(value), floor=limits[0], ceiling=limits[1])) == said


def test_a_doubt_of_the_range_names_cell_value_and_limit() -> None:
    assert check_range(D(3), floor=D(5), cell="sex=f") == [
        Doubt(C.BELOW_FLOOR, "sex=f", D(3), D(5))
    ]
    assert check_range(D(9), ceiling=D(5)) == [Doubt(C.ABOVE_CEILING, "", D(9), D(5))]


# ------------------------------------------------------------------ a jump: few earlier values


@pytest.mark.parametrize(
    ("before", "value", "said"),
    [
        ("", "1000", []),
        ("20", "40", []),
        ("20", "40.0001", ["doubled"]),
        ("30", "15", []),
        ("30", "14.9999", ["halved"]),
        ("30", "0", ["halved"]),
        ("0", "1000", []),
        ("-5", "1000", []),
        # The last one decides, and what was reported before is never unusual.
        ("100 20", "90", []),
        ("100 20", "100.0001", ["doubled"]),
        ("10 100 20", "9.9", ["halved"]),
        ("10 100 20", "10", []),
    ],
)
def test_with_a_short_history_twice_or_half_the_last_value_is_a_jump(
    before: str, value: str, said: list[str]
) -> None:
    assert codes(check_jump(D(value), figures(before))) == said


def test_such_a_jump_names_the_value_before() -> None:
    found = check_jump(D(50), figures("100 20 10"), cell="sex=f")
    assert found == []
    assert check_jump(D(5), figures("90 20"), cell="sex=f") == [
        Doubt(C.HALVED, "sex=f", D(5), D(20))
    ]


# ------------------------------------------------------------------ a jump: enough earlier values

STEADY = "100 104 96 102 98"


@pytest.mark.parametrize(
    ("before", "value", "said"),
    [
        # Median 100, scatter 2: half of the median is the least distance.
        (STEADY, "150", []),
        (STEADY, "150.0001", ["jump"]),
        (STEADY, "50", []),
        (STEADY, "49.9999", ["jump"]),
        # One odd quarter moves neither the median nor the scatter; the range reported is kept.
        ("100 104 96 102 900", "160", []),
        ("100 104 96 102 900", "901", ["jump"]),
        # A wide scatter takes a wide distance: median 25, scatter 10, five times that.
        ("10 20 30 40", "75", []),
        ("10 20 30 40", "75.0001", ["jump"]),
        ("10 20 30 40", "0", []),
        # Nothing ever happened before: whatever is more than chance is worth a look.
        ("0 0 0 0", "1", ["jump"]),
        ("0 0 0 0", "0", []),
        # Below zero it holds in the same way.
        ("-100 -104 -96 -102", "-152", ["jump"]),
        ("-100 -104 -96 -102", "-140", []),
    ],
)
def test_with_a_history_median_and_scatter_say_what_a_jump_is(
    before: str, value: str, said: list[str]
) -> None:
    assert codes(check_jump(D(value), figures(before))) == said


def test_a_jump_names_what_was_usual_and_how_far_it_went() -> None:
    assert check_jump(D(151), figures(STEADY)) == [
        Doubt(C.JUMP, "", D(151), D(100), D(96), D(104), 5)
    ]


@pytest.mark.parametrize("before", [1, 2, 3])
def test_fewer_than_four_values_say_nothing_of_what_is_usual(before: int) -> None:
    assert before < ENOUGH
    assert codes(check_jump(D(190), [D(100)] * before)) == []
    assert codes(check_jump(D(190), [D(100)] * ENOUGH)) == ["jump"]


# ------------------------------------------------------------------ counts that chance moves


@pytest.mark.parametrize(
    ("before", "value", "said"),
    [
        ("1", "3", []),
        ("1", "11", []),
        ("1", "11.0001", ["doubled"]),
        ("10", "0", []),
        ("10.0001", "0", ["halved"]),
        ("1 1 1 1", "11", []),
        ("1 1 1 1", "12", ["jump"]),
        ("0 0 0 0", "10", []),
        ("0 0 0 0", "11", ["jump"]),
    ],
)
def test_a_count_that_moves_by_ten_or_less_is_never_a_jump(
    before: str, value: str, said: list[str]
) -> None:
    assert codes(doubts_about(COUNT, {"": D(value)}, {"": figures(before)})) == said


def test_money_points_and_weights_are_no_counts() -> None:
    for kind in (Kind.AMOUNT, Kind.SCORE, Kind.MILESTONE):
        assert least_change(kind, D(1)) == 0
        found = doubts_about(Measure(kind, IN_PERIOD), {"": D(3)}, {"": [D(1)]})
        assert codes(found) == ["doubled"]
    assert least_change(Kind.REGISTER, D(1)) == least_change(Kind.COUNT, D(1)) == CHANCE


# ------------------------------------------------------------------ percentages and ratios


@pytest.mark.parametrize(
    ("top", "bottom", "before", "said"),
    [
        # 10 % and then 25 %: 15 of 100, more than chance.
        (25, 100, "10", ["doubled"]),
        (20, 100, "10", []),
        # 10 % and then 30 % of 40: 8 things more.
        (12, 40, "10", []),
        (21, 40, "25", ["doubled"]),
        (1, 3, "1", []),
        # Ten times as many of ten times as many are the same share: the halves say nothing.
        (100, 1000, "10", []),
        (0, 0, "10", []),
    ],
)
def test_a_share_is_judged_as_the_value_of_its_fraction(
    top: int, bottom: int, before: str, said: list[str]
) -> None:
    cells = {"": Ratio(D(top), D(bottom))}
    assert codes(doubts_about(SHARE, cells, {"": figures(before)})) == said


def test_the_guard_of_a_share_is_ten_of_what_its_denominator_counts() -> None:
    assert least_change(Kind.PERCENTAGE, Ratio(D(3), D(40))) == 25
    assert least_change(Kind.RATIO, Ratio(D(3), D(4000))) == D("0.25")
    assert least_change(Kind.PERCENTAGE, Ratio(D(0), D(0))) == 0
    assert least_change(Kind.PERCENTAGE, Ratio(D(3), None)) == 0


def test_range_and_jump_of_a_share_are_told_once_each() -> None:
    bounded = Measure(Kind.PERCENTAGE, IN_PERIOD, D(0), D(60))
    cells = {"": Ratio(D(70), D(100))}
    assert codes(doubts_about(bounded, cells, {"": [D(20)]})) == ["above_ceiling", "doubled"]


# ------------------------------------------------------------------ running totals


@pytest.mark.parametrize(
    ("before", "value", "said"),
    [
        ("", "5", []),
        ("10", "9.9999", ["running_total_fell"]),
        ("10", "10", []),
        ("10", "0", ["running_total_fell"]),
        ("12 10", "11", []),
        ("10", "21", ["doubled"]),
        ("10 20 30 40", "85", ["doubled"]),
        # Five values are four growths: what it grew by is held against them.
        ("10 20 30 40 50", "65", []),
        ("10 20 30 40 50", "66", ["growth"]),
        ("10 20 30 40 50", "50", []),
        ("100 200 300 400 500 600", "700", []),
        ("100 200 300 400 500 600", "900", ["growth"]),
    ],
)
def test_a_running_total_may_grow_as_it_did_and_never_fall(
    before: str, value: str, said: list[str]
) -> None:
    assert codes(check_growth(D(value), figures(before))) == said


def test_a_fall_is_told_in_every_cell_and_not_as_a_jump_too() -> None:
    cells = {"": D(3), "sex=f": D(2), "sex=m": D(1)}
    history = {"": [D(90)], "sex=f": [D(2)], "sex=m": [D(88)]}
    assert doubts_about(TOTAL, cells, history) == [
        Doubt(C.RUNNING_TOTAL_FELL, "", D(3), D(90)),
        Doubt(C.RUNNING_TOTAL_FELL, "sex=m", D(1), D(88)),
    ]


def test_an_odd_growth_names_what_it_grew_by_before() -> None:
    assert check_growth(D(90), figures("10 20 30 45 50")) == [
        Doubt(C.GROWTH, "", D(40), D(10), D(5), D(15), 4)
    ]


# ------------------------------------------------------------------ what is not judged


def test_words_and_a_yes_or_no_are_never_unusual() -> None:
    for kind in (Kind.NARRATIVE, Kind.YES_NO):
        bounded = Measure(kind, RUNNING, D(5), D(6))
        assert doubts_about(bounded, {"": D(0)}, {"": [D(1)]}) == []


def test_a_blank_cell_is_not_judged() -> None:
    bounded = Measure(Kind.COUNT, IN_PERIOD, D(5))
    cells = {"": None, "sex=f": D(1)}
    assert [doubt.cell for doubt in doubts_about(bounded, cells, {"": [D(90)]})] == ["sex=f"]


def test_the_history_of_another_cell_says_nothing() -> None:
    assert doubts_about(MONEY, {"sex=f": D(99)}, {"": [D(1)], "sex=m": [D(1)]}) == []


# ------------------------------------------------------------------ two indicators


@pytest.mark.parametrize(
    ("relation", "left", "right", "holds"),
    [
        (Relation.AT_MOST, "5", "5", True),
        (Relation.AT_MOST, "5.0001", "5", False),
        (Relation.AT_LEAST, "5", "5", True),
        (Relation.AT_LEAST, "4.9999", "5", False),
        (Relation.EQUAL, "5.00", "5", True),
        (Relation.EQUAL, "5", "4", False),
    ],
)
def test_a_rule_is_asked_exactly(relation: Relation, left: str, right: str, holds: bool) -> None:
    broken = Doubt(C.CONTRADICTION, "sex=f", D(left), D(right))
    found = check_relation(relation, D(left), D(right), cell="sex=f")
    assert found == ([] if holds else [broken])


@pytest.mark.parametrize(("left", "right"), [(None, D(1)), (D(1), None), (None, None)])
def test_a_missing_figure_contradicts_nothing(left: Any, right: Any) -> None:
    assert [check_relation(relation, left, right) for relation in Relation] == [[], [], []]


@pytest.mark.parametrize(
    ("left", "right", "comparable"),
    [
        (COUNT, Measure(Kind.REGISTER, IN_PERIOD), True),
        (SHARE, SHARE, True),
        (MONEY, MONEY, True),
        (COUNT, SHARE, False),
        (COUNT, MONEY, False),
        (COUNT, TOTAL, False),
        (SHARE, Measure(Kind.RATIO, IN_PERIOD), False),
        (Measure(Kind.YES_NO, IN_PERIOD), Measure(Kind.YES_NO, IN_PERIOD), False),
        (Measure(Kind.NARRATIVE, IN_PERIOD), Measure(Kind.YES_NO, IN_PERIOD), False),
    ],
)
def test_only_figures_of_one_kind_and_one_time_are_compared(
    left: Measure, right: Measure, comparable: bool
) -> None:
    assert are_comparable(left, right) is are_comparable(right, left) is comparable


def test_every_kind_is_in_a_group_or_never_judged() -> None:
    assert set(Kind) - set(GROUPS) == {Kind.YES_NO, Kind.NARRATIVE}


# ------------------------------------------------------------------ what always holds

AMOUNTS = st.decimals(min_value=-(10**6), max_value=10**6, places=2)
HISTORY = st.lists(AMOUNTS, max_size=9)
SCALES = st.sampled_from([D("0.001"), D("0.5"), D(7), D(1000)])
MEANINGS = st.sampled_from([IN_PERIOD, RUNNING])


@given(AMOUNTS, HISTORY, SCALES)
def test_a_jump_does_not_depend_on_the_unit(
    value: Decimal, before: list[Decimal], scale: Decimal
) -> None:
    scaled = [scale * one for one in before]
    for check in (check_jump, check_growth):
        assert codes(check(scale * value, scaled)) == codes(check(value, before))
        guarded = check(value, before, least=CHANCE)
        assert codes(check(scale * value, scaled, least=scale * CHANCE)) == codes(guarded)


@given(st.lists(AMOUNTS, min_size=1, max_size=9), st.data())
def test_within_the_range_it_had_before_nothing_is_a_jump(
    before: list[Decimal], data: st.DataObject
) -> None:
    value = data.draw(st.decimals(min(before), max(before), places=2))
    assert check_jump(value, before) == []
    assert codes(check_growth(value, before)) in ([], ["running_total_fell"])


@given(AMOUNTS, HISTORY)
def test_the_guard_only_takes_doubts_away(value: Decimal, before: list[Decimal]) -> None:
    free, guarded = check_jump(value, before), check_jump(value, before, least=CHANCE)
    assert guarded in (free, [])
    assert not guarded or abs(value - guarded[0].against) > CHANCE


@given(st.lists(AMOUNTS, min_size=ENOUGH, max_size=9), st.permutations(range(9)))
def test_with_enough_values_their_order_does_not_matter(
    before: list[Decimal], order: list[int]
) -> None:
    mixed = [before[n] for n in order if n < len(before)]
    for value in (D(10**7), D(0)):
        assert check_jump(value, mixed) == check_jump(value, before)


@given(st.dictionaries(st.sampled_from("abcde"), AMOUNTS), HISTORY, MEANINGS, st.randoms())
def test_the_order_of_the_cells_does_not_matter(
    cells: dict[str, Decimal], before: list[Decimal], meaning: ValueMeaning, luck: Any
) -> None:
    keys = list(cells)
    luck.shuffle(keys)
    measure = Measure(Kind.AMOUNT, meaning, D(-9), D(9))
    history = dict.fromkeys("abd", before)
    found = doubts_about(measure, cells, history)
    mixed = doubts_about(measure, {key: cells[key] for key in keys}, history)
    assert sorted(mixed, key=repr) == sorted(found, key=repr)
    assert [doubt.cell for doubt in found] == sorted(
        (doubt.cell for doubt in found), key=list(cells).index
    )


@given(st.decimals(min_value=1, max_value=10**6, places=2), st.integers(1, 3))
def test_what_stays_between_half_and_double_is_no_jump_of_a_short_history(
    last: Decimal, number: int
) -> None:
    for value in (last / DOUBLE, last, DOUBLE * last):
        assert check_jump(value, [last] * number) == []
