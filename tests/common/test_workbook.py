"""Workbooks out, looked at from outside: by their XML, by openpyxl and by our own reader."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from common.cells import Column, Value
from common.reader import read_sheets
from common.workbook import (
    MAX_TEXT,
    Properties,
    Sheet,
    legal_title,
    row_height,
    write_workbook,
)

CREATED = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
FORMULA_LIKE = [
    *["=1+1", "==1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1", " =1+1", "'=1+1"],
    *['=cmd|" /C calc"!A0', '=HYPERLINK("http://x.example","y")', "{=1+1}", "=1+1\n=2"],
    *["http://x.example/", "mailto:a@x.example", "internal:Sheet1!A1", "external:c:\\x.xlsx"],
    *["12.7", "0012", "1e5", "TRUE", "#N/A", "#DIV/0!", "_x003D_1", "_x0041_", "<f>1+1</f>", "'"],
    *[
        "=" + "(" * 60,
        "=-2+3+cmd|' /C calc'!D2",
        "１＝１",
        "＝1+1",
        "&lt;f&gt;",
        "]]><f>1</f>",
        " ",
    ],
]


def written(rows: Sequence[object], *columns: Column, note: str = "", title: str = "S") -> bytes:
    sheet = Sheet(title, columns or (Column("Text", str),), rows, note)
    with write_workbook([sheet], properties=Properties("Test", CREATED)) as file:
        return file.read()


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def no_formula(data: bytes) -> bool:
    return not any(re.search(r"<(\w+:)?f[\s/>]", text) for text in parts(data).values())


def cells(data: bytes) -> list[list[object]]:
    return [list(row) for row in read_sheets(data, "a.xlsx")[0].rows]


@pytest.mark.parametrize("text", FORMULA_LIKE)
def test_no_text_becomes_a_formula_or_link_and_it_comes_back_unchanged(text: str) -> None:
    data = written([text], Column(text, str), title=text, note=text)
    assert no_formula(data)
    assert not any("hyperlink" in part for part in parts(data).values())
    note, _empty, heading, value = cells(data)
    assert (note, heading, value) == ([text], [text], [text])


TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("=+-@\t\r\n'\"_x<>&;,"),
    min_size=1,
)


@settings(max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(["", "=", "+", "-", "@"]), TEXTS), min_size=1))
def test_any_text_goes_out_and_back_unchanged(pairs: list[tuple[str, str]]) -> None:
    texts = [start + text for start, text in pairs]
    data = written(texts)
    assert no_formula(data)
    assert cells(data) == [["Text"], *[[text] for text in texts]]


def test_text_cells_carry_the_quote_prefix_so_that_editing_keeps_them_text() -> None:
    cell = load_workbook(BytesIO(written(["=1+1"]))).worksheets[0]["A2"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", "=1+1", True)


@settings(max_examples=100)
@given(st.decimals(min_value=-(10**11), max_value=10**11, places=4, allow_nan=False))
def test_a_number_is_a_number_and_equals_the_database(number: Decimal) -> None:
    data = written([number], Column("N", lambda row: row, "number"))
    assert cells(data)[1] == [number]
    assert "inlineStr" not in parts(data)["xl/worksheets/sheet1.xml"].partition('r="A2"')[2]


def test_each_kind_looks_right_and_holds_the_real_value() -> None:
    row = {"n": Decimal("12.7000"), "i": 5, "p": Decimal("82.7"), "m": Decimal("1234.50")}
    kinds = {"n": "number", "i": "integer", "p": "percent", "m": "money"}
    data = written([row], *[Column(key, key, kind) for key, kind in kinds.items()])  # type: ignore[arg-type]
    line = load_workbook(BytesIO(data)).worksheets[0][2]
    assert [cell.value for cell in line] == [12.7, 5, 82.7, 1234.5]
    assert [cell.number_format for cell in line] == [
        *("#,##0.####", "#,##0", '#,##0.####" %"', "#,##0.00")
    ]


def test_zero_is_written_and_none_is_blank() -> None:
    assert cells(written([[Decimal(0), None, 0]], *columns_of_list(3)))[1] == [0, None, 0]


def columns_of_list(number: int) -> list[Column]:
    return [Column(f"C{i}", lambda row, i=i: row[i], "number") for i in range(number)]


def test_a_number_excel_would_round_goes_out_as_text() -> None:
    row = [Decimal("12345678901234.567"), 10**16 + 1, Decimal("NaN")]
    assert cells(written([row], *columns_of_list(3)))[1] == [
        *("12345678901234.567", "10000000000000001", "NaN")
    ]


def test_a_hidden_figure_stays_a_text_in_a_number_column() -> None:
    assert cells(written([["<10", Decimal(15)]], *columns_of_list(2)))[1] == ["<10", 15]


@pytest.mark.parametrize(
    ("language", "shape"), [("en", "d mmm yyyy"), ("sq", "dd.mm.yyyy"), ("fr", "dd/mm/yyyy")]
)
def test_dates_are_dates_written_as_the_reader_does(language: str, shape: str) -> None:
    with translation.override(language):
        data = written([date(2026, 9, 30)], Column("D", lambda row: row, "date"))
    cell = load_workbook(BytesIO(data)).worksheets[0]["A2"]
    assert (cell.value, cell.number_format) == (datetime(2026, 9, 30), shape)
    assert cells(data)[1] == [date(2026, 9, 30)]


def test_a_moment_is_in_local_time_and_a_day_before_1900_is_text() -> None:
    moments = [datetime(2026, 1, 31, 23, 30, tzinfo=UTC), date(1878, 6, 10)]
    data = written(moments, Column("D", lambda row: row, "datetime"))
    assert cells(data)[1:] == [[datetime(2026, 2, 1, 0, 30)], ["1878-06-10"]]


class Colour(Enum):
    RED = "r"

    @property
    def label(self) -> str:
        return "Red"


def test_yes_no_and_enums_are_written_in_words() -> None:
    assert cells(written([[True, False, Colour.RED]], *columns_of_list(3)))[1] == [
        *("Yes", "No", "Red")
    ]


def test_a_getter_follows_a_path_and_stops_at_nothing() -> None:
    rows = [{"unit": {"name": "MoD"}}, {"unit": None}, {"unit": {"name": "MoI"}}]
    assert cells(written(rows, Column("Unit", "unit.name")))[1:] == [["MoD"], [None], ["MoI"]]


def test_characters_no_workbook_can_hold_are_shown_and_not_dropped() -> None:
    data = written(["a\x00b\x0bc\ud800d\uffffe"])
    assert cells(data)[1] == ["a�b�c�d�e"]


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    for text in ("ë" * 40_000, "😀" * 20_000, "a" * MAX_TEXT):
        [value] = cells(written([text]))[1]
        assert len(str(value).encode("utf-16-le")) // 2 <= MAX_TEXT
        assert (value == text) == (len(text.encode("utf-16-le")) // 2 <= MAX_TEXT)
        if value != text:
            assert str(value).endswith(f"… [cut here: the text has {len(text)} characters]")


def test_the_header_is_frozen_filtered_and_repeated_and_the_page_is_set_up() -> None:
    rows = [{"a": 1, "b": 2}] * 3
    data = written(rows, Column("A", "a", width=40), Column("B", "b", "number"))
    page = load_workbook(BytesIO(data)).worksheets[0]
    assert (page.freeze_panes, page.auto_filter.ref, page.print_title_rows) == (
        *("A2", "A1:B4", "$1:$1"),
    )
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (1, 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage is True
    assert page.oddFooter.right.text == "Page &P of &N"
    assert round(page.column_dimensions["A"].width) in (40, 41)


def test_a_note_stands_above_and_the_header_moves_down() -> None:
    page = load_workbook(BytesIO(written(["x"], note="Source: the ministry"))).worksheets[0]
    assert [page["A1"].value, page["A3"].value, page["A4"].value] == [
        *("Source: the ministry", "Text", "x")
    ]
    assert (page.freeze_panes, page.auto_filter.ref) == ("A4", "A3:A4")


def test_no_rows_still_make_a_whole_sheet() -> None:
    data = written([])
    assert cells(data) == [["Text"]]
    assert load_workbook(BytesIO(data)).worksheets[0].freeze_panes == "A2"


def test_sheet_titles_are_made_legal_and_unique() -> None:
    taken: set[str] = set()
    wishes = ["A/B: [all]?*", "a-b- -all---", "", "History", "'q'", "x" * 40, "X" * 40, "😀" * 20]
    titles = [legal_title(wish, taken) for wish in wishes]
    assert titles[:5] == ["A-B- -all---", "a-b- -all--- (2)", "Sheet", "History_", "q"]
    assert titles[5:] == ["x" * 31, "X" * 27 + " (2)", "😀" * 15]


def test_equal_sheets_make_equal_bytes() -> None:
    assert written(["a", "=b"]) == written(["a", "=b"])
    assert written(["a"]) != written(["b"])


def test_more_rows_than_excel_holds_are_an_error_not_a_cut(monkeypatch: object) -> None:
    monkeypatch.setattr("common.workbook.MAX_ROWS", 3)  # type: ignore[attr-defined]
    assert len(cells(written(["a"] * 2))) == 3
    with pytest.raises(OverflowError):
        written(["a"] * 3)


def test_rows_that_fail_half_way_leave_no_file_behind(tmp_path: Path, monkeypatch: object) -> None:
    def rows() -> Iterator[str]:
        yield "a"
        raise LookupError

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))  # type: ignore[attr-defined]
    with pytest.raises(LookupError):
        written(rows())  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("short", 15),
        ("x" * 9, 15),
        ("x" * 10, 30),
        ("two\nlines", 30),
        ("an empty line\n\nbetween", 60),
        ("x" * 10_000, 405),
        (None, 15),
        (10**30, 15),
    ],
)
def test_a_row_is_as_high_as_its_longest_text_needs(text: Value, points: int) -> None:
    columns = [Column("A", "a", width=10), Column("B", "b", width=10)]
    assert row_height(columns, [text, "b"]) == row_height(columns, ["b", text]) == points


@pytest.mark.parametrize(("columns", "paper"), [(4, 9), (10, 9), (11, 8)])
def test_wide_sheets_are_printed_on_larger_paper(columns: int, paper: int) -> None:
    data = written([], *(Column(f"C{n}", str(n), width=20) for n in range(columns)))
    assert load_workbook(BytesIO(data)).active.page_setup.paperSize == paper
