"""From values to coordinates."""

from decimal import Decimal

import pytest
from django.utils import translation

from common import charts
from common.charts import ChartPoint, Scale
from indicators.choices import Status

D = Decimal


@pytest.mark.parametrize(
    ("value", "text"),
    [("0", "0"), ("-0.001", "0"), ("12.50", "12.5"), ("100", "100"), ("33.3333", "33.33")],
)
def test_a_coordinate_has_two_digits_at_most_and_no_needless_zero(value: str, text: str) -> None:
    assert charts.coordinate(D(value)) == text


def test_coordinates_keep_their_decimal_point_in_albanian() -> None:
    with translation.override("sq"):
        assert charts.coordinate(D("12.5")) == "12.5"


@pytest.mark.parametrize(("share", "held"), [("-0.2", "0"), ("0.625", "0.625"), ("1.3", "1")])
def test_only_the_length_of_a_bar_is_clamped(share: str, held: str) -> None:
    assert charts.clamp(D(share)) == D(held)


def test_a_scale_maps_its_ends_and_everything_between() -> None:
    scale = Scale(D(0), D(50), D(204), D(24))
    assert [scale.at(D(v)) for v in (0, 25, 50)] == ["204", "114", "24"]


def test_a_scale_of_one_value_puts_it_in_the_middle() -> None:
    assert Scale(D(7), D(7), D(0), D(10)).at(D(7)) == "5"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["14.01", "17.5"], ["14", "15", "16", "17", "18"]),
        (["3", "97"], ["0", "25", "50", "75", "100"]),
        (["-4", "6"], ["-5", "-2.5", "0", "2.5", "5", "7.5"]),
        (["0"], ["0", "0.25", "0.5", "0.75", "1"]),
        ([], ["0", "0.25", "0.5", "0.75", "1"]),
        (["30"], ["29", "29.5", "30", "30.5", "31"]),
    ],
)
def test_ticks_are_round_and_hold_every_value(values: list[str], expected: list[str]) -> None:
    assert charts.ticks(D(v) for v in values) == [D(v) for v in expected]


def test_a_stacked_bar_is_as_long_as_its_counts() -> None:
    bar = charts.stacked_bar([(Status.ACHIEVED, 1), (Status.AT_RISK, 2), (Status.NO_DATA, 1)])
    assert bar.total == 4
    assert [(s.x, s.width) for s in bar.segments] == [("0%", "25%"), ("25%", "50%"), ("75%", "25%")]


def test_a_stacked_bar_of_nothing_has_no_length_and_does_not_fail() -> None:
    bar = charts.stacked_bar([(status, 0) for status in Status])
    assert (bar.total, bar.shown, len(bar.segments)) == (0, [], len(Status))


def test_statuses_of_one_tone_never_look_alike() -> None:
    looks = list(zip((s.tone for s in Status), charts.textures(Status), strict=True))
    assert len(set(looks)) == len(Status)


def test_a_status_keeps_its_texture_when_others_are_empty() -> None:
    full = charts.stacked_bar([(status, 1) for status in Status])
    thin = charts.stacked_bar([(s, int(s is Status.ON_TRACK)) for s in Status])
    at = list(Status).index(Status.ON_TRACK)
    assert thin.segments[at].texture == full.segments[at].texture
    assert [s.status for s in thin.shown] == [Status.ON_TRACK]


def series(*values: str | None) -> list[ChartPoint]:
    return [ChartPoint(f"Q{i}", D(v) if v else None) for i, v in enumerate(values, 1)]


def test_a_gap_in_the_series_stays_a_gap_in_the_line() -> None:
    chart = charts.line_chart(series("10", "20", None, "30"))
    assert len(chart.actual) == 2
    assert [mark.label for mark in chart.marks] == ["Q1", "Q2", "Q4"]


def test_a_zero_is_a_point_and_not_a_gap() -> None:
    chart = charts.line_chart(series("5", "0"))
    assert chart.marks[-1].value == 0
    assert len(chart.actual) == 1


def test_the_target_stands_inside_the_drawing_even_above_all_values() -> None:
    chart = charts.line_chart(series("10", "12"), target=D(95))
    assert chart.target is not None
    assert 24 <= D(chart.target.y) <= 204
    assert chart.y_ticks[-1].value == 100


def test_a_chart_without_values_has_no_last_mark() -> None:
    assert charts.line_chart(series(None, None)).last is None


def test_a_long_series_names_eight_periods_at_most_and_always_the_last() -> None:
    chart = charts.line_chart(series(*["1"] * 17))
    assert len(chart.x_ticks) <= 8
    assert chart.x_ticks[-1].label == "Q17"
