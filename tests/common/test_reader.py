"""Honest files, as Excel, LibreOffice and people write them."""

from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from common.csvfile import csv_lines
from common.reader import Cell, FileError, address, read_sheets
from common.workbook import Column
from tests.common.hostile import SHEET, cell, ods, ods_cell, ods_row, ods_table, sheet_xml, xlsx


def rows(data: bytes, filename: str = "a.xlsx") -> list[list[Cell]]:
    return read_sheets(data, filename)[0].rows


def saved(book: Workbook) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def test_each_type_of_a_cell_arrives_as_itself() -> None:
    book = Workbook()
    values = ["ë", 12.7, 3, True, date(2026, 9, 30), datetime(2026, 9, 30, 14, 5), time(8, 30)]
    book.active.append(values)
    book.active.append([0, "0", "=", "12,7", -2.5, 0.1 + 0.2, 1 / 3])
    book.active["C2"].data_type = "s"
    assert rows(saved(book)) == [
        ["ë", Decimal("12.7"), 3, True, *values[4:]],
        [0, "0", "=", "12,7", Decimal("-2.5"), Decimal("0.3"), Decimal("0.333333333333333")],
    ]
    assert [type(value) for value in rows(saved(book))[0][:4]] == [str, Decimal, Decimal, bool]


def test_every_number_of_the_database_survives_a_workbook() -> None:
    numbers = [Decimal(n) / 10_000 for n in (1, 99_999, 123_456_789_012_345, -1, 10**15 - 1)]
    book = Workbook()
    book.active.append([float(number) for number in numbers])
    assert rows(saved(book)) == [numbers]


def test_cells_keep_their_addresses_and_empty_ends_are_dropped() -> None:
    data = xlsx(cell("C2", 5) + '<row r="3"><c r="A3" s="0"/></row><row r="9"/>')
    assert rows(data) == [[None, None, None], [None, None, 5]]
    assert address(1, 2) == "C2"


@pytest.mark.parametrize(
    ("row", "column", "name"), [(0, 0, "A1"), (9, 25, "Z10"), (0, 26, "AA1"), (0, 16383, "XFD1")]
)
def test_an_address_is_named_as_in_the_sheet(row: int, column: int, name: str) -> None:
    assert address(row, column) == name


def test_sheets_come_in_order_with_their_titles_and_hidden_ones_are_marked() -> None:
    book = Workbook()
    book.active.title = "Read me"
    book.create_sheet("Të dhëna").append(["x"])
    book.create_sheet("Tags").sheet_state = "hidden"
    sheets = read_sheets(BytesIO(saved(book)), "Raporti 2026.XLSX")
    assert [(sheet.title, sheet.rows, sheet.hidden) for sheet in sheets] == [
        ("Read me", [], False),
        ("Të dhëna", [["x"]], False),
        ("Tags", [], True),
    ]


def test_a_link_somebody_can_click_and_a_check_on_a_cell_are_harmless() -> None:
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    book.active["A1"] = "mail"
    book.active["A1"].hyperlink = "mailto:a@x.example"
    book.active.add_data_validation(DataValidation("list", formula1='"a,b"', sqref="B1:B9"))
    book.active.conditional_formatting.add("A1:A9", FormulaRule(formula=['A1=""']))
    assert rows(saved(book)) == [["mail"]]


def test_formatting_below_and_beside_the_table_does_not_matter() -> None:
    styled = "".join(f'<row r="{i}" s="1"><c r="XFD{i}" s="1"/></row>' for i in range(3, 4_000))
    assert rows(xlsx(cell("A1") + cell("B2") + styled)) == [[1, None], [None, 1]]


def test_rich_and_shared_texts_are_read_whole() -> None:
    halves = '<r><t xml:space="preserve">two </t></r><r><t>halves</t></r>'
    strings = f"<sst><si><t>one</t></si><si>{halves}</si></sst>"
    line = '<row><c t="s"><v>1</v></c><c t="s"><v>0</v></c></row>'
    assert rows(xlsx(line, {"xl/sharedStrings.xml": strings})) == [["two halves", "one"]]


def test_prefixed_xml_is_the_same_sheet() -> None:
    plain = sheet_xml(cell("B1"))
    prefixed = plain.replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x=")
    assert rows(xlsx(parts={SHEET: prefixed})) == rows(xlsx(parts={SHEET: plain})) == [[None, 1]]


def test_an_ods_with_libreoffice_s_long_empty_tails_is_read() -> None:
    tail = '<table:table-cell table:number-columns-repeated="16383"/>'
    values = (
        '<table:table-cell office:value-type="float" office:value="12.7"/>'
        '<table:table-cell office:value-type="date" office:date-value="2026-09-30"/>'
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>'
    )
    body = ods_row(ods_cell("=1+1") + tail) + ods_row(values) + ods_row(tail, 1_000_000)
    assert rows(ods(ods_table(body)), "a.ods") == [
        ["=1+1", None, None],
        [Decimal("12.7"), date(2026, 9, 30), True],
    ]


def test_repeated_ods_rows_and_cells_are_spelled_out() -> None:
    body = ods_row(ods_cell("a", 'table:number-columns-repeated="2"'), 3)
    assert rows(ods(ods_table(body)), "a.ods") == [["a", "a"]] * 3


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_csv_is_text_by_any_of_three_separators(separator: str, mark: str) -> None:
    lines = [["emri", "vlera", '"a,b;c\td"'], ["Çështje", '"12,7"', ""], ["", "", ""]]
    text = mark + "\r\n".join(separator.join(line) for line in lines)
    assert rows(text.encode(), "a.csv") == [
        ["emri", "vlera", "a,b;c\td"],
        ["Çështje", "12,7", None],
    ]


def test_a_csv_of_one_column_and_of_quoted_lines() -> None:
    assert rows(b"name\none\n", "a.csv") == [["name"], ["one"]]
    assert rows(b'"a\nb","say ""yes"""\n', "a.csv") == [["a\nb", 'say "yes"']]


TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("=+-@\t\r\n'\",;"),
    min_size=1,
    max_size=20,
)


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), min_size=1, max_size=5))
def test_our_own_csv_comes_back_unchanged(lines: list[list[str]]) -> None:
    columns = [Column("One", lambda row: row[0]), Column("Two", lambda row: row[1])]
    assert rows(b"".join(csv_lines(columns, lines)), "a.csv") == [["One", "Two"], *lines]


@given(st.binary(max_size=300), st.sampled_from(["a.xlsx", "a.ods", "a.csv"]))
def test_noise_is_read_or_refused_and_never_breaks(data: bytes, filename: str) -> None:
    try:
        sheets = read_sheets(data, filename)
    except FileError as refused:
        assert str(refused)
    else:
        assert filename == "a.csv"
        assert len(sheets) == 1


@given(st.integers(0, 2_000), st.binary(min_size=1, max_size=4))
def test_a_workbook_with_a_few_wrong_bytes_is_read_or_refused(place: int, noise: bytes) -> None:
    good = xlsx(cell("A1", 5))
    place %= len(good)
    data = good[:place] + noise + good[place + len(noise) :]
    try:
        assert read_sheets(data, "a.xlsx")[0].rows == [[5]]
    except FileError as refused:
        assert str(refused)
