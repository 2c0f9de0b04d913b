"""Drawings on public pages: named, with their figures beside, and the same in every language."""

import json
import re
from decimal import Decimal

import pytest

from tests.publishing.pages import Node, Page, page_of, seen
from tests.publishing.released import Released

pytestmark = pytest.mark.django_db

PLACED = ("x", "y", "width", "height", "x1", "x2", "y1", "y2", "cx", "cy", "r", "points", "viewbox")
NUMBER = re.compile(r"-?\d+(\.\d{1,2})?%?")

BARS = [
    ("/", "Indicators by computed status"),
    ("/plans/AL/", "All indicators"),
    ("/plans/AL/objectives/1/", "Indicators by computed status"),
    ("/editions/AL-2026-Q3-1/", "Indicators by computed status"),
]


def drawings(page: Page) -> list[Node]:
    return [node for node in page.one("main").all("svg") if node.attrs.get("role") == "img"]


def words(node: Node) -> str:
    return " ".join(
        "".join(c for c in child.inside if isinstance(c, str)).replace("\u00a0", "~")
        for child in node
    ).strip()


@pytest.mark.parametrize(("address", "title"), BARS)
def test_a_bar_has_a_title_its_counts_in_words_and_a_table(
    released: Released, address: str, title: str
) -> None:
    figure = seen(address).one("figure", "chart--bar")
    [bar] = figure.all("svg", "bar")
    names = bar.attrs["aria-labelledby"].split()
    assert next(words(node) for node in bar if node.attrs.get("id") in names) == title
    told = words(bar.all("desc")[0])
    rows = figure.one("table").rows()
    assert rows[0] == ["Status", "Number", "Share"]
    assert told == "; ".join(f"{row[0]}: {row[1]}" for row in rows[1:] if row[1] != "0")
    assert figure.one("summary").text == "The same as a table"


@pytest.mark.parametrize("address", ["/", "/plans/AL/", "/editions/AL-2026-Q3-1/"])
def test_a_bar_is_drawn_as_long_as_its_counts(released: Released, address: str) -> None:
    figure = seen(address).one("figure", "chart--bar")
    counts = {row[0]: int(row[1]) for row in figure.one("table").rows()[1:] if row[1] != "0"}
    [bar] = figure.all("svg", "bar")
    at = Decimal(0)
    for part, (status, number) in zip(bar.all("g"), counts.items(), strict=True):
        rect = part.all("rect", "bar-part")[0]
        assert words(part.all("title")[0]) == f"{status}: {number}"
        assert rect.attrs["x"] == f"{at.normalize():f}%"
        assert rect.attrs["width"] == f"{number * 10}%"
        at += number * 10
    assert at == 100


def test_small_bars_have_a_name_that_tells_their_counts(released: Released) -> None:
    page = seen("/plans/AL/")
    bars = page.all("svg", "mini-bar")
    assert [bar.attrs["aria-label"] for bar in bars] == [
        "Achieved: 1; Off track: 1; Target not met: 1; Reported, not rated: 3; Not available: 1",
        "At risk: 1; Off track: 1; No data: 1",
        "On track: 1; Off track: 4; Target not met: 1; Reported, not rated: 4",
        "Achieved: 1; At risk: 1; Off track: 2; Target not met: 1; Reported, not rated: 3; "
        "No data: 1; Not available: 1",
    ]


def test_a_status_looks_the_same_in_every_bar_of_a_page(released: Released) -> None:
    looks: dict[str, set[str]] = {}
    for bar in seen("/plans/AL/").all("svg", "bar"):
        for part in bar.all("g"):
            status = words(part.all("title")[0]).split(":")[0]
            looks.setdefault(status, set()).add(part.all("rect", "bar-part")[0].attrs["class"])
    assert {status: len(found) for status, found in looks.items()} == dict.fromkeys(looks, 1)
    assert len({next(iter(found)) for found in looks.values()}) == len(looks) == 8


LINES = {
    "C1": [
        ["Period", "Reported", "Expected"],
        ["2026 Q2", "1~234.5", "3~119.9"],
        ["2026 Q3", "1~238.75", "3~434.9"],
    ],
    "P1": [["Period", "Reported", "Expected"], ["2026 Q2", "82.7", "–"], ["2026 Q3", "89", "–"]],
    "Z1": [["Period", "Reported", "Expected"], ["2026 Q2", "0", "6.2"], ["2026 Q3", "0", "6.9"]],
    "S1": [
        ["Period", "Reported", "Expected"],
        ["2026 Q2", "71~845", "56~160"],
        ["2026 Q3", "143~685", "61~830"],
    ],
}
TARGETS = {"C1": "5~000", "P1": "90", "Z1": "10", "S1": "90~000"}
PATHS = {
    "C1": "Earlier path, version 1: 1 Jan 2024 0, 31 Dec 2027 4~000; "
    "Path to the target, version 2, in force: 1 Jan 2024 0, 31 Dec 2027 5~000",
    "P1": "Path to the target: 31 Dec 2027 90",
    "Z1": "Path to the target: 1 Jan 2024 0, 31 Dec 2027 10",
    "S1": "Path to the target: 1 Jan 2024 0, 31 Dec 2027 90~000",
}


def line(code: str, language: str = "en") -> Node:
    return seen(f"/plans/AL/indicators/{code}/", language).one("figure", "chart--line")


@pytest.mark.parametrize("code", LINES)
def test_a_line_has_its_figures_in_words_and_as_a_table(released: Released, code: str) -> None:
    figure = line(code)
    assert figure.one("table").rows() == LINES[code]
    drawing = drawings_in(figure)
    said = "; ".join(f"{row[0]}: {row[1]}" for row in LINES[code][1:])
    assert words(drawing.all("desc")[0]) == (f"{said}; target: {TARGETS[code]}; {PATHS[code]}")
    assert words(drawing.all("title")[0]) == "Reported against expected"
    ids = {node.attrs.get("id") for node in drawing}
    assert set(drawing.attrs["aria-labelledby"].split()) <= ids


def drawings_in(figure: Node) -> Node:
    [found] = [node for node in figure.all("svg") if node.attrs.get("role") == "img"]
    return found


@pytest.mark.parametrize("code", LINES)
def test_every_reported_figure_is_a_point_with_its_name(released: Released, code: str) -> None:
    points = [c for c in drawings_in(line(code)).all("circle") if c.all("title")]
    assert [words(point.all("title")[0]) for point in points] == [
        f"{row[0]}: {row[1]}" for row in LINES[code][1:]
    ]


def test_a_higher_figure_stands_higher(released: Released) -> None:
    drawing = drawings_in(line("D1"))
    first, second = (Decimal(c.attrs["cy"]) for c in drawing.all("circle") if c.all("title"))
    [path] = drawing.all("polyline", "line-path")
    target = Decimal(path.attrs["points"].rpartition(",")[2])
    assert first < second < target


def test_the_line_goes_through_the_points(released: Released) -> None:
    drawing = drawings_in(line("C1"))
    points = [f"{c.attrs['cx']},{c.attrs['cy']}" for c in drawing.all("circle") if c.all("title")]
    assert [run.attrs["points"] for run in drawing.all("polyline", "line-actual")] == [
        " ".join(points)
    ]


def test_a_hidden_figure_is_a_gap_in_the_line_and_a_dash_in_the_table(released: Released) -> None:
    from common.canonical import canonical, sha256
    from publishing.models import Edition

    data = json.loads(released.newest.snapshot)
    for row in data["assessments"]:
        if (row["indicator"], row["period"]) == ("S1", "2026-Q2"):
            row["value"] = "<10"
    text = canonical(data)
    Edition.objects.filter(pk=released.newest.pk).update(snapshot=text, sha256=sha256(text))
    figure = page_of("/plans/AL/indicators/S1/").one("figure", "chart--line")
    assert figure.one("table").rows()[1] == ["2026 Q2", "–", "56~160"]
    assert len([c for c in drawings_in(figure).all("circle") if c.all("title")]) == 1


@pytest.mark.parametrize("code", ["R1", "T1"])
def test_an_indicator_without_figures_has_no_drawing(released: Released, code: str) -> None:
    page = page_of(f"/plans/AL/indicators/{code}/")
    assert page.all("figure") == []
    assert drawings(page) == []


DRAWN = [*(address for address, _title in BARS), "/plans/AL/indicators/C1/"]
DRAWN += ["/plans/AL/objectives/", "/plans/AL/indicators/S1/", "/plans/AL/indicators/P1/"]


@pytest.mark.parametrize("address", DRAWN)
def test_coordinates_are_the_same_in_albanian_while_words_have_commas(
    released: Released, address: str
) -> None:
    def placed(language: str) -> list[dict[str, str]]:
        return [
            {name: node.attrs[name] for name in PLACED if name in node.attrs}
            for drawing in drawings(seen(address, language))
            for node in drawing
        ]

    english = placed("en")
    assert english == placed("sq")
    values = [v for found in english for v in found.values()]
    parts = [part for value in values for part in re.split("[ ,]", value)]
    assert len(parts) > 20
    assert [part for part in parts if not NUMBER.fullmatch(part)] == []


def test_the_path_in_force_and_the_earlier_one_are_drawn_apart(released: Released) -> None:
    drawing = drawings_in(line("C1"))
    [earlier] = drawing.all("polyline", "line-earlier-0")
    [standing] = drawing.all("polyline", "line-path")
    places = [path.attrs["points"].split() for path in (earlier, standing)]
    assert places[0][0] == places[1][0]
    assert places[0][1] != places[1][1]
    told = line("C1").one("ul", "legend").all("li")
    assert [item.text for item in told] == [
        *("Reported", "Baseline 0", "Earlier path, version 1"),
        *("Path to the target, version 2, in force", "Target 5~000"),
    ]


def test_a_point_of_a_line_has_one_comma_between_two_numbers(released: Released) -> None:
    for language in ("en", "sq"):
        runs = drawings_in(line("C1", language)).all("polyline")
        assert len(runs) == 3  # the figures, and two paths to the target
        for run in runs:
            for point in run.attrs["points"].split():
                x, y = point.split(",")
                assert NUMBER.fullmatch(x)
                assert NUMBER.fullmatch(y)


def test_the_words_of_a_drawing_are_albanian_with_a_decimal_comma(released: Released) -> None:
    drawing = drawings_in(line("C1", "sq"))
    assert words(drawing.all("desc")[0]).startswith(
        "2026 T2: 1~234,5; 2026 T3: 1~238,75; synim: 5~000; "
    )
    bar = seen("/plans/AL/", "sq").one("figure", "chart--bar").all("svg", "bar")[0]
    assert words(bar.all("desc")[0]).startswith("Arritur: 1; Në rrezik: 1; Jashtë rrugës: 2;")


@pytest.mark.parametrize("address", DRAWN)
def test_no_drawing_is_without_a_name(released: Released, address: str) -> None:
    page = seen(address)
    ids = {node.attrs.get("id"): words(node) for node in page}
    assert drawings(page)
    for drawing in drawings(page):
        named = [ids[name] for name in drawing.attrs.get("aria-labelledby", "").split()]
        assert all(named or [drawing.attrs.get("aria-label")])
    silent = [n for n in page.one("main").all("svg") if n.attrs.get("role") != "img"]
    assert {node.attrs.get("aria-hidden") for node in silent} <= {"true"}
