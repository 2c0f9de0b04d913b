"""Charts of odd series: everything drawn stands in the box and every number is the true one."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from common.charts import (
    ChartPoint,
    LineChart,
    Mark,
    Scale,
    clamp,
    coordinate,
    line_chart,
    nice_step,
    runs,
    stacked_bar,
    textures,
    thinned,
    ticks,
)
from common.numbers import NBSP
from indicators.choices import Status

D = Decimal
TOP, BOTTOM = 24, 204
VALUES = st.decimals(-99_999_999_999, 99_999_999_999, places=4, allow_nan=False)
SERIES: dict[str, list[str | None]] = {
    "one": ["5"],
    "one zero": ["0"],
    "one below one": ["0.5"],
    "one negative": ["-3"],
    "all equal": ["7", "7", "7"],
    "all zero": ["0", "0"],
    "close together": ["14.8649", "14.01"],
    "far apart": ["0.0001", "99999999999.9999"],
    "negative": ["-5", "-10"],
    "both sides of zero": ["-4", "6"],
    "huge": ["100000000000000000000", "200000000000000000000"],
    "tiny": ["0.0001", "0.0002"],
    "with gaps": [None, "3", None, None, "4", None],
    "long": [str(n * n) for n in range(60)],
}


def chart(values: Sequence[str | None], target: str | None = None) -> LineChart:
    points = [ChartPoint(f"Q{i}", D(v) if v else None) for i, v in enumerate(values, 1)]
    return line_chart(points, target=D(target) if target else None)


def drawn(one: LineChart, language: str = "en") -> str:
    with translation.override(language):
        return render_to_string("ui/line_chart.html", {"chart": one, "title": "Women"})


def places(one: LineChart) -> list[tuple[Decimal, Decimal]]:
    """Every point of every line and every mark."""
    lines = " ".join([*one.actual, *one.expected]).split()
    marks = [f"{mark.x},{mark.y}" for mark in (*one.marks, *one.y_ticks)]
    pairs = [point.split(",") for point in lines + marks]
    return [(D(x), D(y)) for x, y in pairs]


@pytest.mark.parametrize("name", SERIES)
def test_everything_drawn_stands_inside_the_box(name: str) -> None:
    for target in (None, "0", "50", "-50"):
        one = chart(SERIES[name], target)
        assert all(one.left <= x <= one.right and TOP <= y <= BOTTOM for x, y in places(one))
        assert (one.target is None) is (target is None)
        assert one.target is None or TOP <= D(one.target.y) <= BOTTOM


@pytest.mark.parametrize("name", SERIES)
def test_the_axis_rises_in_equal_steps_and_holds_every_value(name: str) -> None:
    one = chart(SERIES[name])
    levels = [mark.value for mark in one.y_ticks if mark.value is not None]
    steps = {after - before for before, after in pairwise(levels)}
    known = [D(v) for v in SERIES[name] if v]
    assert len(steps) == 1
    assert min(steps) > 0
    assert levels[0] <= min(known) <= max(known) <= levels[-1]
    assert 3 <= len(levels) <= 7


@pytest.mark.parametrize(
    ("values", "lowest"),
    [(["0"], "0"), (["0.5"], "0"), (["1"], "0"), (["30"], "29"), (["-3"], "-4"), (["0.0001"], "0")],
)
def test_a_single_value_gets_an_axis_around_it_that_never_begins_below_zero_for_counts(
    values: list[str], lowest: str
) -> None:
    assert chart(values).y_ticks[0].value == D(lowest)


@given(st.lists(VALUES, max_size=8), st.integers(1, 6))
def test_marks_of_an_axis_are_round_and_hold_every_value(values: list[Decimal], count: int) -> None:
    levels = ticks(values, count)
    held = values or [D(0)]
    assert levels[0] <= min(held) <= max(held) <= levels[-1]
    step = levels[1] - levels[0]
    assert step.normalize().as_tuple().digits in {(1,), (2,), (5,), (2, 5)}
    assert all(level % step == 0 for level in levels)


@given(st.decimals("0.0001", 10**12, places=4), st.integers(1, 10))
def test_a_step_cuts_a_span_into_no_more_parts_than_wanted(span: Decimal, count: int) -> None:
    step = nice_step(span, count)
    assert span / step <= count
    assert step <= D("2.5") * span / count


@pytest.mark.parametrize(
    ("values", "marks"),
    [
        (["0", "100"], ["0", "25", "50", "75", "100"]),
        (["0", "101"], ["0", "50", "100", "150"]),
        (["59", "100"], ["0", "25", "50", "75", "100"]),
        (["60", "100"], ["60", "70", "80", "90", "100"]),
        (["-10", "-5"], ["-10", "-8", "-6", "-4"]),
        (["-1", "1"], ["-1", "-0.5", "0", "0.5", "1"]),
        (["14.01", "14.8649"], ["14", "14.25", "14.5", "14.75", "15"]),
    ],
)
def test_the_axis_begins_at_zero_where_zero_is_near(values: list[str], marks: list[str]) -> None:
    assert ticks(D(v) for v in values) == [D(mark) for mark in marks]


def test_values_are_placed_unrounded() -> None:
    one = chart(["14.8649", "14.8650"])
    assert (one.marks[0].value, one.marks[1].value) == (D("14.8649"), D("14.8650"))
    assert one.marks[0].y != one.marks[1].y
    scale = Scale(D(14), D(15), D(BOTTOM), D(TOP))
    assert scale.position(D("14.8649")) == D("48.3180")


@pytest.mark.parametrize(
    ("value", "english", "albanian"),
    [
        ("14.8649", "14.8649", "14,8649"),
        ("14.01", "14.01", "14,01"),
        ("14.00", "14", "14"),
        ("0", "0", "0"),
        ("-2.50", "-2.5", "-2,5"),
        ("1250000", f"1{NBSP}250{NBSP}000", f"1{NBSP}250{NBSP}000"),
    ],
)
def test_the_last_value_is_written_whole_beside_its_point(
    value: str, english: str, albanian: str
) -> None:
    for language, shown in (("en", english), ("sq", albanian)):
        html = drawn(chart(["1", value]), language)
        assert re.findall(r'<text class="text-actual"[^>]*>([^<]*)</text>', html) == [shown]
        assert f"Q2: {shown}" in html


def test_one_value_is_written_above_its_point_and_the_last_of_several_before_the_edge() -> None:
    assert 'class="text-actual" x="76" y="114" dy="-11" text-anchor="middle"' in drawn(chart(["5"]))
    assert 'x="600" y="24" dy="-11" text-anchor="end"' in drawn(chart(["5", "8"]))


@pytest.mark.parametrize(
    ("highest", "left"), [("5", 56), ("1250", 56), ("125000", 64), ("99999999999", 128)]
)
def test_long_numbers_of_the_upright_axis_get_the_room_they_need(highest: str, left: int) -> None:
    one = chart(["0", highest])
    assert (one.left, one.marks[0].x) == (left, str(left + 20))
    assert {mark.x for mark in one.y_ticks} == {str(left)}
    assert drawn(one).count(f'<text x="{left - 8}"') == len(one.y_ticks)


def test_a_chart_of_nothing_says_so_and_draws_nothing() -> None:
    for values in ([], [None], [None, None]):
        html = drawn(chart(values, "50"))
        assert "No value has been reported yet." in html
        assert "<svg" not in html


def test_an_expected_line_alone_is_no_reported_value() -> None:
    one = line_chart([ChartPoint("Q1", None, D(5)), ChartPoint("Q2", None, D(9))])
    assert (one.last, one.marks, len(one.expected)) == (None, [], 1)


@pytest.mark.parametrize(
    ("values", "stretches"),
    [
        (["1", "2", "3"], [3]),
        (["1", None, "3"], [1, 1]),
        ([None, "2", "3"], [2]),
        (["1", "2", None], [2]),
        (["1", None, None, "4", "5"], [1, 2]),
        (["0", "0"], [2]),
        ([None], []),
        ([], []),
    ],
)
def test_a_line_is_broken_where_a_value_is_missing(
    values: list[str | None], stretches: list[int]
) -> None:
    assert [len(run.split()) for run in chart(values).actual] == stretches


def test_points_stand_evenly_from_the_first_to_the_last() -> None:
    xs = [D(mark.x) for mark in chart(["1"] * 5).marks]
    assert xs == [D(76), D(207), D(338), D(469), D(600)]
    scale = Scale(D(0), D(1), D(0), D(1))
    assert runs([D(0), D(1)], [D(0), D(1)], scale) == ["0,0 1,1"]


@pytest.mark.parametrize(
    ("count", "named"),
    [(0, []), (1, [1]), (8, [1, 2, 3, 4, 5, 6, 7, 8]), (9, [1, 3, 5, 7, 9]), (16, [2, 4, 6, 8])],
)
def test_headings_are_thinned_from_the_end(count: int, named: list[int]) -> None:
    found = [mark.label for mark in thinned([Mark("", "", n) for n in range(1, count + 1)])]
    assert found[: len(named)] == named
    assert len(found) <= 8
    assert found[-1:] == ([count] if count else [])


@given(st.lists(st.tuples(st.sampled_from(Status), st.integers(0, 500)), max_size=12))
def test_the_parts_of_a_bar_follow_each_other_and_fill_it(
    counts: list[tuple[Status, int]],
) -> None:
    bar = stacked_bar(counts)
    assert bar.total == sum(count for _status, count in counts)
    assert [(part.status, part.count) for part in bar.segments] == counts
    whole = sum((part.percent for part in bar.segments), D(0))
    assert abs(whole - (100 if bar.total else 0)) < D("1e-20")
    assert all(part.width == "0%" for part in bar.segments if not part.count)
    assert all(part.count for part in bar.shown)


def test_one_of_three_is_a_third_of_the_bar() -> None:
    bar = stacked_bar([(Status.MET, 1), (Status.AT_RISK, 1), (Status.NO_DATA, 1)])
    assert [(s.x, s.width) for s in bar.segments] == [
        *(("0%", "33.33%"), ("33.33%", "33.33%"), ("66.67%", "33.33%"))
    ]


def test_textures_begin_again_when_a_tone_has_more_than_four_statuses() -> None:
    assert textures([Status.MET] * 5) == ["solid", "lines", "light", "dots", "solid"]


@given(VALUES)
def test_a_coordinate_is_a_plain_number_within_half_a_hundredth(value: Decimal) -> None:
    text = coordinate(value)
    assert re.fullmatch(r"-?\d+(\.\d{1,2})?", text)
    assert abs(D(text) - value) <= D("0.005")
    assert text != "-0"


@given(VALUES)
def test_a_bar_is_never_shorter_than_nothing_nor_longer_than_the_whole(share: Decimal) -> None:
    assert 0 <= clamp(share) <= 1
    assert clamp(share) == share or not 0 <= share <= 1
