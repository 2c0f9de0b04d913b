"""Large workbooks: contents with links, sheets row by row, native charts."""

import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]

from common.book import Book, Chart, Series
from common.cells import Column
from common.workbook import Properties, Sheet
from tests.common.charted import charts, formulas, links, parts, sheet_names

MADE = datetime(2026, 11, 27, 12, 30)
LIVE = ["=1+1", "+1", "-1+2", "@SUM(A1)", '=HYPERLINK("http://x")', "Women!A1", "='a'!A1", "\t=1"]


def sheet(title: str = "Trend", note: str = "", rows: Any = None) -> Sheet:
    columns = [
        Column("Quarter", lambda row: row[0], width=10),
        Column("Value", lambda row: row[1], "number", 12),
        Column("Target", lambda row: row[2], "number", 12),
    ]
    table = [("2026-Q1", 3, 10), ("2026-Q2", None, 10), ("2026-Q3", Decimal("7.5"), 10)]
    return Sheet(title, columns, table if rows is None else rows, note)


def line(title: str = "One", first: int = 0) -> Chart:
    values = [Series(1, [3, None, Decimal("7.5")], "#0B5160"), Series(2, [10] * 3, "#B8741A")]
    return Chart(title, first, ["2026-Q1", "2026-Q2", "2026-Q3"], 0, values)


def written(path: Path, fill: Callable[[Book], None], title: str = "A book") -> bytes:
    with Book(path / "a.xlsx", title, Properties(title, MADE, author="Ana")) as book:
        fill(book)
    return (path / "a.xlsx").read_bytes()


def test_the_contents_stand_first_and_name_each_sheet(tmp_path: Path) -> None:
    def fill(book: Book) -> None:
        book.about([("Plan", "Plan AL"), ("Made on", MADE), ("Nothing", None)])
        book.add(sheet(), "What happened.")
        book.add(sheet("Empty", rows=[]), "Nothing yet.")

    data = written(tmp_path, fill)
    assert sheet_names(data) == ["Contents", "Trend", "Empty"]
    first = load_workbook(tmp_path / "a.xlsx")["Contents"]
    rows = [[cell.value for cell in row] for row in first.iter_rows()]
    assert rows == [
        ["A book", None, None],
        [None, None, None],
        ["Plan", "Plan AL", None],
        ["Made on", MADE, None],
        ["Nothing", None, None],
        [None, None, None],
        ["Sheet", "What it holds", "Rows"],
        ["Trend", "What happened.", 3],
        ["Empty", "Nothing yet.", 0],
    ]


def test_each_link_leads_to_a_sheet_that_is_there(tmp_path: Path) -> None:
    def fill(book: Book) -> None:
        for title in ("Trend", "Actions and money", "It's [so]: all/1", "Trend"):
            book.add(sheet(title), "x")

    data = written(tmp_path, fill)
    places = [place.rpartition("!") for place in links(data).values()]
    assert [cell for _name, _sign, cell in places] == ["A1"] * 4
    named = [name.removeprefix("'").removesuffix("'").replace("''", "'") for name, _s, _c in places]
    assert named == sheet_names(data)[1:]
    assert named == ["Trend", "Actions and money", "It's -so-- all-1", "Trend (2)"]


def test_a_chart_names_the_cells_it_shows_and_holds_their_figures(tmp_path: Path) -> None:
    def fill(book: Book) -> None:
        placed = book.add(sheet(note="With a note."), "x")
        book.add_charts("Charts", "Lines.", "One of one.", placed, [line()])

    data = written(tmp_path, fill)
    assert charts(data) == [
        [
            ("Trend!$B$3", "Trend!$A$4:$A$6", "Trend!$B$4:$B$6", ["3", "7.5"]),
            ("Trend!$C$3", "Trend!$A$4:$A$6", "Trend!$C$4:$C$6", ["10", "10", "10"]),
        ]
    ]
    chart = parts(data)["xl/charts/chart1.xml"]
    assert '<c:plotVisOnly val="1"/>' not in chart, "a filter hides no point"
    assert "dispBlanksAs" not in chart, "a gap, which is what nothing said means"
    assert "<c:lineChart>" in chart


def test_the_rows_of_a_chart_are_counted_from_the_first_of_the_sheet(tmp_path: Path) -> None:
    table = [("2026-Q1", n, n) for n in range(6)]

    def fill(book: Book) -> None:
        placed = book.add(sheet("Two words", rows=table), "x")
        book.add_charts("Charts", "x", "y", placed, [line(), line("Two", 3)])

    ranges = [chart[0].values for chart in charts(written(tmp_path, fill))]
    assert ranges == ["'Two words'!$B$2:$B$4", "'Two words'!$B$5:$B$7"]
    page = load_workbook(tmp_path / "a.xlsx")["Charts"]
    assert (page["A3"].value, page["K3"].value) == ("One", "Two")


def test_charts_stand_two_side_by_side_and_in_no_others_place(tmp_path: Path) -> None:
    def fill(book: Book) -> None:
        placed = book.add(sheet(), "x")
        book.add_charts("Charts", "x", "y", placed, [line(str(n)) for n in range(5)])

    data = written(tmp_path, fill)
    drawing = parts(data)["xl/drawings/drawing1.xml"]
    corners = [
        (int(piece.split("</xdr:col>")[0]), int(piece.split("<xdr:row>")[1].split("<")[0]))
        for piece in drawing.split("<xdr:from><xdr:col>")[1:]
    ]
    assert corners == [(0, 3), (10, 3), (0, 19), (10, 19), (0, 35)]
    ends = [
        (int(piece.split("</xdr:col>")[0]), int(piece.split("<xdr:row>")[1].split("<")[0]))
        for piece in drawing.split("<xdr:to><xdr:col>")[1:]
    ]
    for (left, top), (right, low) in zip(corners, ends, strict=True):
        assert (right < left + 10, low < top + 15) == (True, True)


@pytest.mark.parametrize(
    ("number", "breaks"), [(1, []), (6, []), (7, ["50"]), (12, ["50"]), (13, ["50", "98"])]
)
def test_no_chart_is_cut_by_the_end_of_a_printed_page(
    tmp_path: Path, number: int, breaks: list[str]
) -> None:
    def fill(book: Book) -> None:
        placed = book.add(sheet(), "x")
        book.add_charts("Charts", "x", "y", placed, [line(str(n)) for n in range(number)])

    page = parts(written(tmp_path, fill))["xl/worksheets/sheet3.xml"]
    assert re.findall(r'<brk id="(\d+)"', page) == breaks


def test_a_stacked_chart_stands_below_its_rows_and_counts_in_whole_steps(tmp_path: Path) -> None:
    def fill(book: Book) -> None:
        placed = book.add(sheet("Status", rows=[("1", 4, 1), ("2", 0, 2)]), "x")
        series = [Series(1, [4, 0], "#1B5833"), Series(2, [1, 2], "#B23A30")]
        book.draw_below(placed, Chart("By status", 0, ["1", "2"], 0, series, is_stacked=True))

    data = written(tmp_path, fill)
    assert [s.values for s in charts(data)[0]] == ["Status!$B$2:$B$3", "Status!$C$2:$C$3"]
    chart = parts(data)["xl/charts/chart1.xml"]
    assert '<c:grouping val="stacked"/>' in chart
    assert '<c:majorUnit val="1"/>' in chart
    page = load_workbook(tmp_path / "a.xlsx")["Status"]
    assert page["A5"].value == "By status"


@pytest.mark.parametrize("text", LIVE)
def test_no_text_becomes_a_formula_or_the_name_of_a_cell(tmp_path: Path, text: str) -> None:
    def fill(book: Book) -> None:
        book.about([(text, text)])
        placed = book.add(sheet(text, note=text, rows=[(text, 1, 2)] * 3), text)
        book.add_charts(text, text, text, placed, [line(text)])

    data = written(tmp_path, fill, title=text)
    assert formulas(data) == []
    names = [name for chart in charts(data) for series in chart for name in series[:3]]
    assert len(names) == 6
    sheets = sheet_names(data)
    book = load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == sheets
    assert book["Contents"]["A1"].value == text
    assert book[sheets[2]]["A3"].value == text
    assert all(cell.data_type != "f" for page in book for row in page.iter_rows() for cell in row)


def test_rows_are_taken_one_by_one_as_they_are_written(tmp_path: Path) -> None:
    taken: list[int] = []

    def rows() -> Iterator[tuple[str, int, int]]:
        for number in range(500):
            taken.append(number)
            yield ("q", number, number)

    def fill(book: Book) -> None:
        placed = book.add(sheet(rows=rows()), "x")
        assert placed.rows == 500
        assert not placed.page.table or len(placed.page.table) <= 1, "rows are not kept in memory"

    written(tmp_path, fill)
    assert len(taken) == 500


def test_what_breaks_off_has_no_contents_and_the_error_goes_on(tmp_path: Path) -> None:
    def fill(book: Book) -> None:
        book.about([("Plan", "Plan AL")])
        book.add(sheet(), "x")
        raise ArithmeticError("broken off")

    with pytest.raises(ArithmeticError, match="broken off"):
        written(tmp_path, fill)
    assert "Plan AL" not in "".join(parts((tmp_path / "a.xlsx").read_bytes()).values())


def test_the_file_says_who_made_it_and_when(tmp_path: Path) -> None:
    data = written(tmp_path, lambda book: None)
    core = parts(data)["docProps/core.xml"]
    assert "<dc:creator>Ana</dc:creator>" in core
    assert "2026-11-27T12:30:00Z" in core
    assert zipfile.ZipFile(tmp_path / "a.xlsx").testzip() is None
