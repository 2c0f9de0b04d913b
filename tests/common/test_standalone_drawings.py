"""Drawings as files of their own: no style sheet, no pointer, and the colours of the pages."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as Tree

import pytest
from django.utils import translation

from common import charts
from common.charts import Category, ChartPoint, DatedPoint, HeatCell, HeatRow, Way
from common.charts.heat_drawing import heat_svg
from common.charts.looks import LOOKS, TOKENS
from common.charts.standalone import (
    bars_svg,
    line_svg,
    multiples_svg,
    spark_svg,
    stacked_svg,
)
from common.numbers import NBSP
from indicators.choices import Status

D = Decimal
ROOT = Path(__file__).resolve().parents[2]
STARTS = (date(2024, 1, 1), D(100))
POINTS = [
    DatedPoint(date(2024, 3, 31), "2024 Q1", D("120.5"), D(110)),
    DatedPoint(date(2024, 6, 30), "2024 Q2", D(130), D(140)),
]
SERIES = [ChartPoint("2024 Q1", D(3), D(4)), ChartPoint("2024 Q2", D(1200), D(5))]


def line() -> str:
    ways = [
        Way("The path", [STARTS, (date(2027, 12, 31), D(300))]),
        Way("Earlier path", [STARTS, (date(2027, 12, 31), D(400))], is_in_force=False),
    ]
    chart = charts.dated_chart(POINTS, ways=ways, baseline=STARTS, uid="l")
    return line_svg(chart, title="Women & men", unit="persons", source="Edition 1")


def plain_line() -> str:
    return line_svg(charts.line_chart(SERIES, target=D(9)), title="Plain", unit="%")


def stacked() -> str:
    statuses = [(status, 2) for status in Status] + [(Status.MET, 0)]
    return stacked_svg(charts.stacked_bar(statuses, "b"), title="All", source="Edition 1")


def bars() -> str:
    rows = [Category("Women", D(1200)), Category("Men", None, "<10"), Category("Fell", D(-3))]
    return bars_svg(charts.bar_chart(rows), title="By group", unit="persons")


def panels() -> str:
    hidden = [ChartPoint("2024 Q1", None, None, "<10"), ChartPoint("2024 Q2", D(15))]
    return multiples_svg(charts.multiples([("Women", SERIES), ("Men", hidden)]), title="Groups")


def small_heat() -> str:
    states = [Status.ACHIEVED, Status.REGRESSING, Status.NOT_AVAILABLE]
    rows = [HeatRow("Interior", [HeatCell(state, "9 days") for state in states])]
    return heat_svg(charts.heat_matrix(["Q1", "Q2", "Q3"], rows), title="Three views")


def heat() -> str:
    rows = [HeatRow("Interior", [HeatCell(status, "9 days") for status in Status])]
    rows.append(HeatRow("Defence", [HeatCell() for _ in Status]))
    matrix = charts.heat_matrix([f"Q{n}" for n, _ in enumerate(Status)], rows, uid="h")
    return heat_svg(matrix, title="Three views", corner="Whose", source="Edition 1")


def spark() -> str:
    return spark_svg(charts.sparkline(SERIES, name="Women"))


MAKERS = [line, plain_line, stacked, bars, panels, heat, small_heat, spark]
DRAWINGS = [pytest.param(make, id=make.__name__) for make in MAKERS]


def texts(svg: str) -> list[str]:
    found = [node.text or "" for node in Tree.fromstring(svg).iter() if node.tag.endswith("}text")]
    return [text.replace(NBSP, " ") for text in found]


@pytest.mark.parametrize("make", DRAWINGS)
def test_a_file_is_a_whole_drawing_with_name_and_size(make) -> None:
    root = Tree.fromstring(make())
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert int(root.attrib["width"]) > 0
    assert int(root.attrib["height"]) > 0
    names = root.attrib["aria-labelledby"].split()
    ids = {node.get("id"): node.text for node in root.iter()}
    assert root.attrib["role"] == "img"
    assert all(ids[name] for name in names)


@pytest.mark.parametrize("make", DRAWINGS)
def test_nothing_in_it_needs_a_style_sheet_a_script_or_the_network(make) -> None:
    svg = make()
    assert not re.search(r'class=| style=|<style|var\(|currentColor|dy=|script|href|[0-9]%"', svg)
    assert set(re.findall(r"https?://[^\"]*", svg)) == {"http://www.w3.org/2000/svg"}


@pytest.mark.parametrize("make", DRAWINGS)
def test_what_reads_on_hover_is_left_out_and_nothing_drawn_is_invisible(make) -> None:
    svg = make()
    assert "hover" not in svg
    assert 'opacity="0"' not in svg
    shapes = re.findall(r"<(?:polyline|circle|rect|text)\b[^>]*>", svg)
    drawn = [s for s in shapes if "fill=" in s or "stroke=" in s]
    icons = [s for s in shapes if s not in drawn]
    assert drawn
    assert {re.search(r"<(\w+)", s)[1] for s in icons} <= {"circle", "rect"}  # strokes of icons


@pytest.mark.parametrize("make", DRAWINGS)
def test_every_pattern_that_fills_something_is_in_the_file(make) -> None:
    svg = make()
    asked, there = set(re.findall(r"url\(#([^)]+)\)", svg)), set(re.findall(r'id="([^"]+)"', svg))
    assert asked <= there


def test_the_key_says_in_words_what_each_line_means() -> None:
    told = texts(line())
    assert told[0] == "Women & men"
    assert told[-6:] == [
        *("Reported", "Baseline 100", "Earlier path", "The path", "Target 300"),
        "Source: Edition 1",
    ]
    assert texts(plain_line())[-3:] == ["Reported", "Expected by then", "Target 9"]


def test_earlier_and_present_paths_are_dashed_differently() -> None:
    dashes = re.findall(r'<polyline[^>]*stroke-dasharray="([^"]+)"', line())
    assert sorted(dashes) == ["2 4", "8 4"]


def test_the_key_of_a_bar_has_icon_word_and_count_of_each_part_that_is_there() -> None:
    svg = stacked()
    assert texts(svg)[1:-1] == [f"{status.label}: 2" for status in Status]
    assert svg.count("<svg") == 1 + 2 * len(Status)


def test_the_lengths_of_a_bar_are_pixels_and_fill_it() -> None:
    root = Tree.fromstring(stacked())
    parts = [r for r in root.iter() if r.get("height") == "28" and r.get("stroke")]
    assert sum(D(part.attrib["width"]) for part in parts) == pytest.approx(D(640), abs=D("0.5"))


def test_a_hidden_figure_stands_as_its_text_and_has_no_bar() -> None:
    assert "<10" in texts(bars())
    assert "<10" in texts(panels())
    assert bars().count('height="22"') == 2


def test_a_heat_cell_has_the_word_of_its_state_and_an_empty_one_none() -> None:
    told = ["Three views", "", *("Q1", "Q2", "Q3"), "Interior"]
    cells = [["Achieved", "9 days"], ["Regressing", "9 days"], ["Not available", "9 days"]]
    assert texts(small_heat()) == [*told, *(text for cell in cells for text in cell)]


def test_where_columns_are_many_the_words_stand_in_a_key() -> None:
    assert texts(heat())[-13:-1] == [f"{status.label}: 1" for status in Status]
    assert heat().count('fill="none" stroke="#d7dee1"') == len(Status)


def test_figures_are_written_as_the_reader_does_and_places_are_not() -> None:
    with translation.override("sq"):
        albanian = line()
    assert "120,5" in albanian
    assert re.findall(r'points="([^"]+)"', albanian) == re.findall(r'points="([^"]+)"', line())


def test_the_colours_are_those_of_the_pages() -> None:
    sheet = (ROOT / "static/css/tokens.css").read_text()
    named = dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", sheet))
    assert {name: named[name] for name in TOKENS} == TOKENS


def test_every_class_that_a_drawing_uses_has_its_look() -> None:
    used = set()
    parts = ROOT / "templates/ui"
    for path in [*(parts / "drawings").glob("*.html"), parts / "patterns.html"]:
        for value in re.findall(r'class="((?:{%.*?%}|[^"])*)"', path.read_text()):
            words = re.sub(r"{%.*?%}", " ", re.sub(r"{{.*?}}", "{}", value)).split()
            used |= {word for word in words if "{}" not in word}
    assert used - LOOKS.keys() == {"hover__area", "hover__text"}


def test_every_look_is_in_the_style_sheets_too() -> None:
    rules = "".join((ROOT / f"static/css/{name}.css").read_text() for name in ("ui", "charts"))
    alone = {"bar-icon", "bar", "hover", "texture-solid", "texture-lines", "texture-dots"}
    only_here = {name for name in LOOKS if f".{name}" not in rules}
    assert only_here <= alone | {name for name in LOOKS if name.startswith("ink-")}
