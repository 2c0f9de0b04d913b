"""Import and export through the administration's formats: which table is found in a file."""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import tablib
from django.utils import translation
from xlsxwriter.workbook import Workbook

from common.file_rules import FileError
from common.import_formats import (
    SAFE_FORMATS,
    SafeCSV,
    SafeODS,
    SafeXLSX,
    columns_of,
    to_dataset,
)
from common.reader import Cell, SheetRows, read_sheets
from tests.common.hostile import ods, ods_cell, ods_row, ods_table

D = Decimal
Rows = list[list[Cell]]


def found(*rows: list[Cell]) -> tuple[list[str], list[tuple[Any, ...]], list[int]]:
    """Headings, rows and the numbers of the rows in their sheet."""
    dataset = to_dataset(SheetRows("Plan", [list(row) for row in rows]))
    return dataset.headers or [], list(dataset), dataset.row_numbers


@pytest.mark.parametrize(
    ("rows", "headings", "lines", "numbers"),
    [
        ([], [], [], []),
        ([["a"]], ["a"], [], []),
        ([["a", "b"], ["1", "2"]], ["a", "b"], [("1", "2")], [2]),
        ([["a", "b"], ["1"]], ["a", "b"], [("1", "")], [2]),
        ([["a", "b"], [None, "2"]], ["a", "b"], [("", "2")], [2]),
        ([["a", "b", None], ["1", "2", None]], ["a", "b"], [("1", "2")], [2]),
        ([[" a ", "b\n"], ["1", "2"]], ["a", "b"], [("1", "2")], [2]),
        ([[None, None], [], ["a"], ["1"]], ["a"], [("1",)], [4]),
        ([["a"], [None], ["1"], [], ["2"]], ["a"], [("1",), ("2",)], [3, 5]),
        ([["a"], [" "]], ["a"], [(" ",)], [2]),
        ([["a"], [D(0)], [False]], ["a"], [(D(0),), (False,)], [2, 3]),
        (
            [["a", "b"], [D("12.7"), date(2026, 9, 30)]],
            ["a", "b"],
            [(D("12.7"), date(2026, 9, 30))],
            [2],
        ),
        ([[D(2026), True], ["1", "2"]], ["2026", "True"], [("1", "2")], [2]),
        ([["A", "a"], ["1", "2"]], ["A", "a"], [("1", "2")], [2]),
        ([["=1+1"], ["=2+2"]], ["=1+1"], [("=2+2",)], [2]),
    ],
)
def test_the_first_row_with_something_in_it_has_the_headings(
    rows: Rows, headings: list[str], lines: list[Any], numbers: list[int]
) -> None:
    assert found(*rows) == (headings, lines, numbers)


@pytest.mark.parametrize(
    ("rows", "code", "told"),
    [
        ([["a", None, "c"], ["1", "2", "3"]], "heading_missing", "The cell B1 of the sheet “Plan”"),
        ([["a", " ", "c"]], "heading_missing", "The cell B1"),
        ([["a"], ["1", "2"]], "heading_missing", "The cell B1"),
        ([[], [None], ["a"], ["1", None, "3"]], "heading_missing", "The cell B3"),
        ([["a", "b", "a"]], "heading_twice", "The heading “a” stands twice in the sheet “Plan”."),
        ([["a ", " a"]], "heading_twice", "“a”"),
        ([["x" * 300, "x" * 300]], "heading_twice", f"“{'x' * 100}”"),
        ([[D(1), "1"]], "heading_twice", "“1”"),
    ],
)
def test_headings_that_leave_a_doubt_are_refused_with_their_place(
    rows: Rows, code: str, told: str
) -> None:
    with pytest.raises(FileError) as refused:
        found(*rows)
    assert refused.value.code == code
    assert told in str(refused.value)
    with translation.override("sq"), pytest.raises(FileError) as refused:
        found(*rows)
    assert told not in str(refused.value) or code == "heading_twice"


def book(**sheets: list[list[Any]]) -> bytes:
    """A workbook as a sheet program saves it; a sheet whose name ends in _hidden is hidden."""
    file = BytesIO()
    with Workbook(file, {"default_date_format": "yyyy-mm-dd"}) as made:
        for name, rows in sheets.items():
            page = made.add_worksheet(name)
            if name.endswith("_hidden"):
                page.hide()
            else:
                page.activate()
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    return file.getvalue()


@pytest.mark.parametrize(
    ("sheets", "headings"),
    [
        ({"one": [["a"]], "two": [["b"]]}, ["a"]),
        ({"one_hidden": [["a"]], "two": [["b"]]}, ["b"]),
        ({"one_hidden": [["a"]], "two_hidden": [["b"]], "three": [["c"]]}, ["c"]),
        ({"one": [], "two": [["b"]]}, []),
    ],
)
def test_the_first_sheet_that_is_seen_is_the_one(
    sheets: dict[str, Any], headings: list[str]
) -> None:
    assert (SafeXLSX().create_dataset(book(**sheets)).headers or []) == headings


def test_what_a_sheet_program_saves_arrives_typed() -> None:
    row = ["0012", 12.7, 3, True, date(2026, 9, 30), datetime(2026, 9, 30, 14, 5), None, "x"]
    heads = list("abcdefgh")
    [line] = SafeXLSX().create_dataset(book(S=[heads, row]))
    assert line == ("0012", D("12.7"), D(3), True, *row[4:6], "", "x")
    assert [type(value) for value in line[1:3]] == [Decimal, Decimal]


@pytest.mark.parametrize("kind", [SafeXLSX, SafeCSV])
@pytest.mark.parametrize(
    "rows",
    [
        [],
        [["A1", D("12.70"), date(2026, 9, 30), ""]],
        [["=1+1", D(-3), None, "line\nbreak"], ["'x", D(0), date(1999, 1, 1), "ë;,\t\"'"]],
        [["", "", "", "only the last"]],
    ],
)
def test_what_leaves_can_come_back(kind: Any, rows: list[list[Any]]) -> None:
    data = kind().export_data(tablib.Dataset(*rows, headers=["code", "n", "on", "text"], title="P"))
    back = kind().create_dataset(data)
    assert back.headers == ["code", "n", "on", "text"]
    for line, row in zip(back, rows, strict=True):
        assert (line[0], line[3]) == (row[0], row[3])
        assert str(line[1] or "0") == (f"{row[1].normalize():f}" if row[1] else "0")


def test_a_workbook_without_headings_gets_empty_ones_and_one_without_a_title_is_called_data() -> (
    None
):
    data = SafeXLSX().export_data(tablib.Dataset(["a", 1]))
    [sheet] = read_sheets(data, "a.xlsx")
    assert (sheet.title, sheet.rows) == ("Data", [[None, None], ["a", 1]])
    with translation.override("sq"):
        [there] = read_sheets(SafeXLSX().export_data(tablib.Dataset(["a"])), "a.xlsx")
    assert there.title != "Data"


@pytest.mark.parametrize(
    ("headers", "names"), [(["a", None, 3], ["a", "", "3"]), ([], []), (["a"], ["a"])]
)
def test_columns_follow_the_headings(headers: list[Any], names: list[str]) -> None:
    dataset = tablib.Dataset(headers=headers) if headers else tablib.Dataset()
    assert [column.heading for column in columns_of(dataset)] == names


@pytest.mark.parametrize(
    ("kind", "extension", "content_type", "exports"),
    [
        (
            SafeXLSX,
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            True,
        ),
        (SafeCSV, "csv", "text/csv; charset=utf-8", True),
        (SafeODS, "ods", "application/vnd.oasis.opendocument.spreadsheet", False),
    ],
)
def test_each_format_says_what_it_is(
    kind: Any, extension: str, content_type: str, exports: bool
) -> None:
    one = kind("latin-1")  # an encoding is handed over and never used
    assert (one.get_extension(), one.get_content_type()) == (extension, content_type)
    assert (one.can_import(), one.can_export(), one.is_binary()) == (True, exports, True)
    assert kind in SAFE_FORMATS


@pytest.mark.parametrize("kind", SAFE_FORMATS)
@pytest.mark.parametrize(
    "data", [b"", b"   ", b"PK\x03\x04", b"%PDF-1.7", b"<html>", b"\xff\xfea\x00"]
)
def test_what_is_no_table_is_refused_by_every_format(kind: Any, data: bytes) -> None:
    with pytest.raises(FileError):
        kind().create_dataset(data)


def test_a_link_somebody_can_click_in_an_ods_is_only_a_text() -> None:
    link = '<text:a xlink:href="https://x.example/">the law</text:a>'
    data = ods(ods_table(ods_row(ods_cell("title")) + ods_row(ods_cell(link))))
    assert list(SafeODS().create_dataset(data)) == [("the law",)]
