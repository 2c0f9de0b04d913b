"""Bars by category, small multiples, and lines on dates against the paths to a target."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from common.charts import (
    BarChart,
    Category,
    ChartPoint,
    DatedPoint,
    LineChart,
    Multiples,
    Segment,
    Way,
    bar_chart,
    dated_chart,
    multiples,
    stacked_bar,
    ticks_from_zero,
)
from common.templatetags.ui import part_icon
from indicators.choices import Status

D = Decimal
STARTS = (date(2024, 1, 1), D(100))
ENDS = date(2027, 12, 31)


def points(*values: str | None) -> list[DatedPoint]:
    quarters = [(n // 4 + 2024, n % 4 * 3 + 3) for n in range(len(values))]
    return [
        DatedPoint(date(year, month, 28), f"{year} Q{month // 3}", D(v) if v else None)
        for (year, month), v in zip(quarters, values, strict=True)
    ]


def revised() -> LineChart:
    ways = [
        Way("Path in force", [STARTS, (ENDS, D(300))]),
        Way("Earlier path", [STARTS, (ENDS, D(400))], is_in_force=False),
    ]
    return dated_chart(points("120", None, "150"), ways=ways, baseline=STARTS, uid="l")


def drawn(chart: LineChart) -> str:
    context = {"chart": chart, "title": "Women", "unit": "persons", "source": "Edition 1"}
    return render_to_string("ui/line_chart.html", context)


def test_time_goes_evenly_from_the_baseline_to_the_last_target() -> None:
    chart = revised()
    [earlier, standing] = chart.paths
    assert standing.places.split()[0] == f"{chart.baseline.x},{chart.baseline.y}"  # type: ignore[union-attr]
    assert [mark.x for mark in standing.marks] == ["68", "604"]
    assert [mark.x for mark in earlier.marks] == ["68", "604"]
    years = [D(tick.x) for tick in chart.x_ticks]
    assert [tick.label for tick in chart.x_ticks] == ["2024", "2025", "2026", "2027"]
    steps = {round(after - before) for before, after in pairwise(years)}
    assert steps <= {133, 134, 135}


def test_the_path_in_force_lies_on_top_and_its_end_is_the_target() -> None:
    chart = revised()
    assert [(path.label, path.is_in_force) for path in chart.paths] == [
        ("Earlier path", False),
        ("Path in force", True),
    ]
    assert chart.target is not None
    assert (chart.target.value, chart.target.label) == (300, ENDS)
    assert chart.expected == []


def test_the_axis_holds_figures_baseline_and_every_target() -> None:
    levels = [tick.value for tick in revised().y_ticks]
    assert (levels[0], levels[-1]) == (0, 400)
    assert len(revised().actual) == 2


def test_without_paths_a_short_series_names_its_periods() -> None:
    chart = dated_chart(points("3", "4"))
    assert [tick.label for tick in chart.x_ticks] == ["2024 Q1", "2024 Q2"]
    assert (chart.paths, chart.baseline, chart.target) == ([], None, None)


def test_a_single_figure_without_anything_else_is_drawn_in_the_middle() -> None:
    chart = dated_chart(points("5"))
    assert chart.marks[0].x == "336"


def test_more_than_two_earlier_paths_alternate_their_dashes() -> None:
    ways = [Way(f"v{n}", [STARTS, (ENDS, D(n))], is_in_force=n == 3) for n in range(4)]
    chart = dated_chart(points("1"), ways=ways)
    assert [path.number for path in chart.paths] == [0, 1, 0, 1]


def test_a_drawing_says_in_words_which_path_is_which() -> None:
    html = drawn(revised())
    assert re.findall(r'class="(line-\w+(?:-\d)?)" points', html) == [
        *("line-earlier-0", "line-path", "line-actual", "line-actual")
    ]
    assert "Earlier path: 1 Jan 2024 100, 31 Dec 2027 400" in html
    assert "<title>Path in force, 31 Dec 2027: 300</title>" in html
    assert "<title>Baseline, 1 Jan 2024: 100</title>" in html
    assert 'class="text-unit" x="56" y="11">persons</text>' in html
    assert "Source: Edition 1" in html


def test_each_point_tells_its_figure_on_hover_and_the_last_one_always() -> None:
    html = drawn(revised())
    assert html.count('class="hover__text"') == len(revised().marks) - 1
    assert len(re.findall('class="text-actual"', html)) == 1
    assert 'class="chart__drawing" tabindex="0" role="group" aria-label="Women"' in html
    many = drawn(dated_chart(points(*"123456789")))
    assert 'class="chart__drawing">' in many  # no stop of the tab key where texts would collide


@pytest.mark.parametrize(
    ("value", "expected", "shift"),
    [("150", "160", "21"), ("150", "140", "-11"), ("150", None, "-11"), ("0", "160", "-11")],
)
def test_the_last_figure_stands_below_a_line_that_passes_above_it(
    value: str, expected: str | None, shift: str
) -> None:
    one = DatedPoint(date(2024, 3, 31), "Q1", D(value), D(expected) if expected else None)
    chart = dated_chart([one], ways=[Way("Path", [STARTS, (ENDS, D(300))])], baseline=STARTS)
    assert chart.last_shift == shift


def bars(*values: str | None, **more: Sequence[Decimal]) -> BarChart:
    rows = [Category(f"Group {n}", D(v) if v else None) for n, v in enumerate(values)]
    return bar_chart(rows, **more)


def test_bars_begin_at_zero_and_are_as_long_as_their_figures() -> None:
    chart = bars("50", "100", None)
    assert [(bar.x, bar.width) for bar in chart.bars] == [
        ("200", "185"),
        ("200", "370"),
        ("200", "0"),
    ]
    assert [tick.value for tick in chart.ticks] == [0, 25, 50, 75, 100]


def test_a_figure_below_zero_goes_the_other_way() -> None:
    low, high = bars("-50", "50").bars
    assert D(low.x) + D(low.width) == D(high.x) == D(bars("-50", "50").zero)


def test_charts_beside_each_other_share_a_scale_when_they_are_given_one() -> None:
    levels = ticks_from_zero([D(100), D(10)])
    assert bars("10", levels=levels).bars[0].width == "37"
    assert bars("100", levels=levels).bars[0].width == "370"


@pytest.mark.parametrize(("values", "marks"), [([], [0, 1]), ([0], [0, 1]), ([7, 9], [0, 10])])
def test_the_axis_of_bars_always_holds_zero(values: list[int], marks: list[int]) -> None:
    levels = ticks_from_zero([D(v) for v in values])
    assert [levels[0], levels[-1]] == marks


def test_a_long_heading_stands_in_two_lines_and_ends_in_dots() -> None:
    [bar] = bar_chart([Category("Women who came back from missions " * 3, D(1))]).bars
    assert [line for _y, line in bar.lines] == [
        "Women who came back from",
        "missions Women who came …",
    ]


def test_bars_have_a_name_their_figures_in_words_and_a_table() -> None:
    chart = bar_chart([Category("Women", D("60.5")), Category("Men", None, "<10")], uid="g")
    with translation.override("sq"):
        html = render_to_string("ui/bar_chart.html", {"chart": chart, "title": "T", "unit": "%"})
    assert '<desc id="g-desc">Women: 60,5; Men: &lt;10</desc>' in html
    assert re.findall(r'<td class="cell-number">([^<]*)', html) == ["60,5", "&lt;10"]
    assert html.count('<rect class="column"') == 1


def test_bars_of_nothing_say_so() -> None:
    html = render_to_string("ui/bar_chart.html", {"chart": bars(None)})
    assert "<svg" not in html
    assert "No value has been reported yet." in html


def panels(number: int = 3) -> Multiples:
    women = [ChartPoint(f"Q{n}", D(n * 100)) for n in range(1, number + 1)]
    men = [
        ChartPoint(f"Q{n}", None if n == 1 else D(50), None, "<10" if n == 1 else "")
        for n in range(1, number + 1)
    ]
    return multiples([("Women", women), ("Men", men)], uid="m")


def test_equal_figures_are_equally_high_in_every_panel() -> None:
    women, men = panels().panels
    heights = [D(column.height) for column in women.columns]
    assert heights[1] == pytest.approx(2 * heights[0], abs=D("0.02"))
    assert D(men.columns[1].height) * 2 == pytest.approx(heights[0], abs=D("0.02"))
    assert women.zero == men.zero


def test_a_hidden_figure_is_its_text_and_no_column() -> None:
    html = render_to_string("ui/multiples.html", {"multiples": panels(), "title": "T"})
    assert html.count('<rect class="column"') == 5
    assert re.findall(r'class="text-hidden"[^>]*>([^<]*)<', html) == ["&lt;10"]
    assert "<title>Men, Q1: &lt;10</title>" in html
    assert "All drawings have the same scale." in html


def test_multiples_have_one_table_with_a_row_for_each_group() -> None:
    html = render_to_string("ui/multiples.html", {"multiples": panels(), "heading": "Group"})
    assert re.findall(r'<th scope="(?:col|row)"[^>]*>([^<]*)', html) == [
        *("Group", "Q1", "Q2", "Q3", "Women", "Men")
    ]
    assert re.findall(r'<td class="cell-number">([^<]*)', html) == [
        *("100", "200", "300", "&lt;10", "50", "50")
    ]


def test_only_the_newest_eight_periods_are_drawn_and_first_and_last_named() -> None:
    long = panels(10)
    assert long.periods == [f"Q{n}" for n in range(3, 11)]
    told = [(anchor, label) for _x, anchor, label in long.panels[0].headings]
    assert told == [("start", "Q3"), ("end", "Q10")]
    assert [anchor for _x, anchor, _label in panels(1).panels[0].headings] == ["middle"]


def test_columns_stay_inside_their_panel() -> None:
    for panel in panels(8).panels:
        for column in panel.columns:
            assert panels(8).left <= D(column.x)
            assert D(column.x) + D(column.width) <= panels(8).right
            assert 20 <= D(column.y) <= 106


def test_no_groups_are_no_drawing() -> None:
    html = render_to_string("ui/multiples.html", {"multiples": multiples([])})
    assert "<svg" not in html


def parts() -> list[Segment]:
    found = [(Status.MET, 40), (Status.ON_TRACK, 40), (Status.AT_RISK, 15), (Status.NO_DATA, 5)]
    return stacked_bar(found, "b").segments


def test_a_part_with_room_has_the_icon_of_its_status_in_a_readable_ink() -> None:
    assert [part.is_roomy for part in parts()] == [True, True, True, False]
    assert [part.ink for part in parts()] == ["light", "light", "dark", "dark"]
    assert [part.middle for part in parts()] == ["20%", "60%", "87.5%", "97.5%"]
    drawings = [str(part_icon(part)) for part in parts()]
    assert drawings[3] == ""
    assert 'class="bar-icon bar-icon--light" x="20%"' in drawings[0]


def test_a_pattern_does_not_run_through_an_icon() -> None:
    plain, patterned, *_others = parts()
    assert (plain.plate, patterned.plate) == ("", "fill-good")
    assert "<rect" not in str(part_icon(plain))
    assert '<rect class="fill-good"' in str(part_icon(patterned))
