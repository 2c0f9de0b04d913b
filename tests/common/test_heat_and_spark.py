"""The heat matrix and the sparkline: nothing is told by colour alone, and gaps stay gaps."""

import re
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from common.charts import (
    ChartPoint,
    HeatCell,
    HeatMatrix,
    HeatRow,
    Sparkline,
    heat_matrix,
    sparkline,
)
from common.icons import PATHS
from common.numbers import NBSP
from indicators.choices import Mark, Status

D = Decimal
QUARTERS = ["2026 Q1", "2026 Q2"]


def matrix(columns: list[str] = QUARTERS) -> HeatMatrix:
    late = HeatCell(Status.OFF_TRACK, note="9 days", url="/there/?a=1&b=2", reason="Too slow.")
    rest = [HeatCell() for _ in columns[1:]]
    return heat_matrix(
        columns,
        [
            HeatRow("Interior", [late, *rest], url="/interior/"),
            HeatRow("Defence", [HeatCell(Status.MET, marks=[Mark.STALE]) for _ in columns]),
        ],
        uid="m",
    )


def shown(one: HeatMatrix, **more: object) -> str:
    context = {"matrix": one, "title": "Who reported", "corner": "Institution", **more}
    return render_to_string("ui/heat_matrix.html", context)


def test_a_row_needs_a_cell_for_each_column() -> None:
    with pytest.raises(ValueError, match="Interior: 1 cells for 2 columns"):
        heat_matrix(QUARTERS, [HeatRow("Interior", [HeatCell()])])


def test_states_are_counted_in_the_order_in_which_they_appear() -> None:
    assert matrix().legend == [(Status.OFF_TRACK, 1), (Status.MET, 2)]


def test_a_heat_matrix_is_a_table_with_a_heading_for_each_row_and_column() -> None:
    html = shown(matrix())
    assert re.findall(r'<th scope="col">([^<]*)</th>', html) == ["Institution", *QUARTERS]
    assert re.findall(r'<th scope="row">(?:<a[^>]*>)?([^<]*)', html) == ["Interior", "Defence"]
    assert html.count("<td") == 4


def test_every_state_has_its_icon_and_its_word() -> None:
    html = shown(matrix(), hide_legend=True)
    words = re.findall(r"</svg><span>([^<]+)</span>", html)
    assert words == ["Off track", "Target met", "Older value", "Target met", "Older value"]
    for state in (Status.OFF_TRACK, Status.MET, Mark.STALE):
        assert PATHS[state.icon] in html


def test_a_cell_tells_its_note_and_reason_and_leads_on() -> None:
    html = shown(matrix())
    assert 'href="/there/?a=1&amp;b=2"' in html
    assert ">9 days<" in html
    assert ">Too slow.<" in html


def test_an_empty_cell_is_a_dash_and_never_a_state() -> None:
    html = shown(matrix())
    [empty] = re.findall(r'<td class="heat-cell heat-cell--empty">(.*?)</td>', html)
    assert empty == '<span class="muted">–</span>'


def test_the_legend_counts_each_state_in_words_unless_it_is_left_out() -> None:
    assert "Off track · 1" in shown(matrix())
    assert "Target met · 2" in shown(matrix())
    assert 'class="legend"' not in shown(matrix(), hide_legend=True)


def test_many_columns_keep_their_words_for_listeners() -> None:
    wide = matrix([f"Q{number}" for number in range(9)])
    assert (matrix().is_wide, wide.is_wide) == (False, True)
    html = shown(wide)
    assert html.count('<span class="visually-hidden">Target met</span>') == 9
    assert 'title="Off track · 9 days"' in html


def test_what_people_wrote_is_escaped() -> None:
    cell = HeatCell(Status.MET, note="<b>", reason="<i>")
    html = shown(heat_matrix(["<u>"], [HeatRow("<s>", [cell])]))
    assert not re.search("<[busi]>", html)
    assert html.count("&lt;") == 4


def test_a_matrix_of_nothing_says_so() -> None:
    assert "Nothing to show yet." in shown(heat_matrix(QUARTERS, []))


def test_the_source_stands_below() -> None:
    assert "Source: Edition 1" in shown(matrix(), source="Edition 1")


def series(*values: str | None, **more: str) -> Sparkline:
    points = [ChartPoint(f"Q{n}", D(v) if v else None) for n, v in enumerate(values, 1)]
    return sparkline(points, uid="s", **more)


SUMMARIES = [
    (("3", "9", "1", "5"), "From 3 (Q1) to 5 (Q4); lowest 1 (Q3), highest 9 (Q2)."),
    ((None, "3", None, "5"), "From 3 (Q2) to 5 (Q4); lowest 3 (Q2), highest 5 (Q4)."),
    (("0", "0"), "From 0 (Q1) to 0 (Q2); lowest 0 (Q1), highest 0 (Q1)."),
    (("1250.5",), f"Only 1{NBSP}250.5 (Q1)."),
    ((None, None), "No value has been reported yet."),
    ((), "No value has been reported yet."),
]


@pytest.mark.parametrize(("values", "told"), SUMMARIES)
def test_a_sparkline_tells_first_last_lowest_and_highest(
    values: tuple[str | None, ...], told: str
) -> None:
    assert series(*values).summary == told


def test_the_summary_has_name_and_unit_and_the_readers_comma() -> None:
    one = series("1.5", "2", name="Gra", unit="persona")
    with translation.override("sq"):
        assert one.summary.startswith("Gra: ")
        assert f"1,5{NBSP}persona (Q1)" in one.summary


def test_a_sparkline_breaks_at_a_gap_and_shows_a_lonely_value_as_a_point() -> None:
    one = series("1", "2", None, "4")
    assert [len(line.split()) for line in one.lines] == [2, 1]
    assert [mark.value for mark in one.lonely] == [4]
    assert series("1", "2").lonely == []


@pytest.mark.parametrize("values", [("5",), ("5", "5"), ("-3", "8", "2"), ("0", "99999999999")])
def test_a_sparkline_stays_inside_its_box(values: tuple[str, ...]) -> None:
    one = series(*values)
    assert all(5 <= D(m.x) <= 115 and 5 <= D(m.y) <= 23 for m in one.marks)
    assert one.last == one.marks[-1]


def test_a_sparkline_is_a_named_drawing_and_its_table_is_asked_for() -> None:
    one = series("1", None, "3", name="Women")
    html = render_to_string("ui/sparkline.html", {"spark": one})
    assert 'role="img" aria-labelledby="s-title"' in html
    assert f'<title id="s-title">{one.summary}</title>' in html
    assert "<details" not in html
    with_table = render_to_string("ui/sparkline.html", {"spark": one, "table": True})
    assert re.findall(r'<td class="cell-number">([^<]*)</td>', with_table) == ["1", "–", "3"]


def test_a_sparkline_of_nothing_is_a_sentence() -> None:
    html = render_to_string("ui/sparkline.html", {"spark": series(None, name="Women")})
    assert "Women: no value has been reported yet." in html
    assert "<svg" not in html
