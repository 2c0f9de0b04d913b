"""How a workbook is made up: types, widths, titles, printing, and what no cell can hold."""

import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from common.cells import Column, Kind
from common.reader import read_sheets
from common.workbook import (
    MAX_TEXT,
    MAX_TITLE,
    Properties,
    Sheet,
    cut,
    is_exact,
    legal_title,
    write_workbook,
)

D = Decimal
PROPERTIES = Properties("Test", datetime(2026, 10, 1, 9, 0, tzinfo=UTC))


def made(rows: Sequence[Any], *columns: Column, title: str = "S", note: str = "") -> bytes:
    sheet = Sheet(title, columns or [Column("Value", lambda row: row)], rows, note)
    with write_workbook([sheet], properties=PROPERTIES) as file:
        return file.read()


def back(value: Any, kind: Kind = "text") -> Any:
    """What our own reader finds where a value was written."""
    rows = read_sheets(made([value], Column("Value", lambda row: row, kind)), "a.xlsx")[0].rows
    return rows[1][0] if len(rows) > 1 else None


def xml(data: bytes, part: str = "xl/worksheets/sheet1.xml") -> str:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return archive.read(part).decode()


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (0, 0),
        (-1, -1),
        (D("12.70"), D("12.7")),
        (D("14.8649"), D("14.8649")),
        (D("0.0001"), D("0.0001")),
        (D("99999999999.9999"), D("99999999999.9999")),
        (D("-99999999999.9999"), D("-99999999999.9999")),
        (D("-0.0"), 0),
        (0.1, D("0.1")),
        (0.1 + 0.2, D("0.3")),
        (-0.0, 0),
        (10**15 - 1, 10**15 - 1),
        (10**15, 10**15),
        # beyond 15 digits a cell would hold another number: the digits go as text
        (2**53 + 1, "9007199254740993"),
        (10**15 + 1, "1000000000000001"),
        (D("1234567890.123456"), "1234567890.123456"),
        (D("NaN"), "NaN"),
        (D("-Infinity"), "-Infinity"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (True, "Yes"),
        (False, "No"),
        (None, None),
        ("", None),
        (" ", " "),
        ("\n", "\n"),
        ("  two  ", "  two  "),
        ("12.7", "12.7"),
        ("0012", "0012"),
        ("TRUE", "TRUE"),
        ("2026-09-30", "2026-09-30"),
        ("_x0041_", "_x0041_"),
        ("a\x00b", "a�b"),
        ("\x1b[31m", "�[31m"),
        ("\ud83d", "�"),
        ("e\u0301", "e\u0301"),
        (date(2026, 9, 30), date(2026, 9, 30)),
        (date(1900, 1, 1), date(1900, 1, 1)),
        (date(1900, 2, 28), date(1900, 2, 28)),
        (date(1900, 3, 1), date(1900, 3, 1)),
        (date(1999, 12, 31), date(1999, 12, 31)),
        (date(9999, 12, 31), date(9999, 12, 31)),
        # Excel has no day before 1900
        (date(1899, 12, 31), "1899-12-31"),
        (date(1, 1, 1), "0001-01-01"),
        (datetime(1878, 6, 10, 12), "1878-06-10T12:00:00"),
        (datetime(2026, 9, 30, 14, 5), datetime(2026, 9, 30, 14, 5)),
        (datetime(2026, 9, 30, 23, 59, 59), datetime(2026, 9, 30, 23, 59, 59)),
        (datetime(2026, 6, 30, 22, 5, tzinfo=UTC), datetime(2026, 7, 1, 0, 5)),
        # midnight and the day are one number in a sheet
        (datetime(2026, 6, 30, 22, 0, tzinfo=UTC), date(2026, 7, 1)),
        (time(8, 30), "08:30:00"),
        (["a", 1], "['a', 1]"),
    ],
    ids=repr,
)
def test_each_value_is_found_again_as_it_was_meant(value: Any, found: Any) -> None:
    assert back(value) == found
    assert type(back(value)) is (Decimal if type(found) is int else type(found))


@settings(max_examples=25)
@given(
    st.datetimes(datetime(1900, 3, 1), datetime(2200, 1, 1)).map(lambda m: m.replace(microsecond=0))
)
def test_every_moment_of_our_time_is_found_to_the_second(moment: datetime) -> None:
    found = back(moment, "datetime")
    assert datetime(found.year, found.month, found.day, *_clock(found)) == moment


def _clock(found: Any) -> tuple[int, int, int]:
    is_moment = isinstance(found, datetime)
    return (found.hour, found.minute, found.second) if is_moment else (0, 0, 0)


@pytest.mark.parametrize(
    ("number", "exact"),
    [
        ("0", True),
        ("123456789012345", True),
        ("1234567890123456", False),
        ("1234567890123450000", True),
        ("0.000000000012345", True),
        ("12345678.9012345", True),
        ("12345678.90123456", False),
        ("-123456789012345", True),
        ("NaN", False),
        ("Infinity", False),
    ],
)
def test_fifteen_digits_are_what_a_cell_holds(number: str, exact: bool) -> None:
    assert is_exact(D(number)) is exact


@pytest.mark.parametrize(
    ("kind", "value", "shape"),
    [
        ("number", D("1.5"), "#,##0.####"),
        ("number", D("12.0"), "#,##0"),
        ("integer", 3, "#,##0"),
        ("integer", D("3.5"), "#,##0.####"),
        ("percent", D("82.7"), '#,##0.####" %"'),
        ("percent", 0, '#,##0" %"'),
        ("money", D("1234.5"), "#,##0.00"),
        ("money", 1234, "#,##0"),
    ],
)
def test_a_number_looks_as_its_column_says(kind: Kind, value: Any, shape: str) -> None:
    styles = xml(made([value], Column("V", lambda row: row, kind)), "xl/styles.xml")
    quoted = shape.replace('"', "&quot;")
    code = re.search(rf'numFmtId="(\d+)" formatCode="{re.escape(quoted)}"', styles)
    built_in = {"#,##0": "3", "#,##0.00": "4"}.get(shape)
    number = code[1] if code else built_in
    sheet = xml(made([value], Column("V", lambda row: row, kind)))
    style = int(re.findall(r'<c r="A2" s="(\d+)"', sheet)[0])
    used = re.findall(r'<xf numFmtId="(\d+)"', styles.partition("<cellXfs")[2])[style]
    assert used == number


@pytest.mark.parametrize(
    ("column", "width"),
    [
        (Column("V", str), 28),
        (Column("V", str, "number"), 14),
        (Column("V", str, "integer"), 14),
        (Column("V", str, "percent"), 14),
        (Column("V", str, "money"), 16),
        (Column("V", str, "date"), 13),
        (Column("V", str, "datetime"), 18),
        (Column("V", str, "text", 60), 60),
        (Column("V", str, "money", 9), 9),
    ],
)
def test_a_column_is_as_wide_as_its_kind_needs_unless_it_says_so(
    column: Column, width: int
) -> None:
    [found] = re.findall(r'<col min="1" max="1" width="([\d.]+)"', xml(made(["x"], column)))
    assert width <= float(found) < width + 1


@pytest.mark.parametrize(("note", "top"), [("", 1), ("Source: the ministry", 3)])
def test_headings_stay_in_view_can_be_filtered_and_repeat_on_paper(note: str, top: int) -> None:
    data = made(["a", "b"], Column("A", str), Column("B", str), note=note)
    sheet, book = xml(data), xml(data, "xl/workbook.xml")
    assert f'<pane ySplit="{top}" topLeftCell="A{top + 1}"' in sheet
    assert 'state="frozen"' in sheet
    assert f'<autoFilter ref="A{top}:B{top + 2}"/>' in sheet
    assert f"S!${top}:${top}" in book
    assert '<pageSetup paperSize="9"' in sheet
    assert 'orientation="landscape"' in sheet
    assert 'fitToHeight="0"' in sheet
    assert '<pageSetUpPr fitToPage="1"/>' in sheet


@pytest.mark.parametrize(
    ("language", "page"), [("en", "Page &amp;P of &amp;N"), ("sq", "Faqja &amp;P nga &amp;N")]
)
def test_the_foot_of_a_page_names_the_sheet_and_counts_in_the_reader_s_language(
    language: str, page: str
) -> None:
    with translation.override(language):
        sheet = xml(made(["a"], title="Police & army"))
    assert f"&amp;LPolice &amp;&amp; army&amp;R{page}" in sheet


def test_a_sheet_without_columns_is_a_sheet() -> None:
    with write_workbook([Sheet("Empty", [], [])], properties=PROPERTIES) as file:
        [sheet] = read_sheets(file, "a.xlsx")
    assert (sheet.title, sheet.rows) == ("Empty", [])


@pytest.mark.parametrize(
    ("title", "legal"),
    [
        ("Figures", "Figures"),
        ("Të dhënat", "Të dhënat"),
        ("a" * 31, "a" * 31),
        ("a" * 32, "a" * 31),
        ("ë" * 40, "ë" * 31),
        ("😀" * 16, "😀" * 15),
        ("a" + "😀" * 16, "a" + "😀" * 15),
        ("[all]", "-all-"),
        ("a:b*c?d/e\\f", "a-b-c-d-e-f"),
        ("'quoted'", "quoted"),
        ("it's", "it's"),
        ("", "Sheet"),
        ("   ", "Sheet"),
        ("'", "Sheet"),
        ("a\nb\tc", "a b c"),
        ("a\x00b", "a�b"),
        ("HISTORY", "HISTORY_"),
        ("Histories", "Histories"),
        ("=1+1", "=1+1"),
        ("a" * 30 + " b", "a" * 30),
    ],
    ids=ascii,
)
def test_a_title_is_made_one_that_excel_takes(title: str, legal: str) -> None:
    assert legal_title(title, set()) == legal


TITLES = st.lists(st.text(st.sampled_from("aAëÇ'[]:*?/\\ 😀\n"), max_size=40), max_size=12)


@given(TITLES)
def test_titles_are_always_legal_and_never_two_alike(wishes: list[str]) -> None:
    taken: set[str] = set()
    titles = [legal_title(wish, taken) for wish in wishes]
    assert len({title.lower() for title in titles}) == len(wishes)
    for title in titles:
        assert 1 <= len(title.encode("utf-16-le")) // 2 <= MAX_TITLE
        assert not set("[]:*?/\\\n") & set(title)
        assert title.strip(" '") == title


def test_twelve_sheets_of_one_title_are_told_apart() -> None:
    sheets = [Sheet("x" * 40, [Column("A", str)], [str(n)]) for n in range(12)]
    with write_workbook(sheets, properties=PROPERTIES) as file:
        book = CalamineWorkbook.from_filelike(file)
    assert book.sheet_names[:2] == ["x" * 31, "x" * 27 + " (2)"]
    assert book.sheet_names[9:] == ["x" * 26 + f" ({n})" for n in (10, 11, 12)]
    assert [book.get_sheet_by_index(n).to_python()[1] for n in range(12)] == [
        [str(n)] for n in range(12)
    ]


@pytest.mark.parametrize(
    ("text", "is_cut"),
    [
        ("", False),
        ("a" * MAX_TEXT, False),
        ("a" * (MAX_TEXT + 1), True),
        ("ë" * MAX_TEXT, False),
        ("😀" * (MAX_TEXT // 2), False),
        ("😀" * (MAX_TEXT // 2 + 1), True),
        ("a" + "😀" * (MAX_TEXT // 2), False),
        ("\n" * (MAX_TEXT + 1), True),
    ],
    ids=lambda value: str(len(value)) if isinstance(value, str) else str(value),
)
@pytest.mark.parametrize("language", ["en", "sq"])
def test_a_cell_holds_what_it_can_and_says_when_it_is_not_all(
    text: str, is_cut: bool, language: str
) -> None:
    with translation.override(language):
        shown = cut(text)
    assert len(shown.encode("utf-16-le")) // 2 <= MAX_TEXT
    assert (shown != text) is is_cut
    if is_cut:
        assert str(len(text)) in shown[-80:]
        assert text.startswith(shown.partition(" … [")[0])
        assert back(text) == cut(text)


def test_a_heading_and_a_note_too_long_are_cut_too() -> None:
    rows = read_sheets(made(["x"], Column("h" * 40_000, str), note="n" * 40_000), "a.xlsx")[0].rows
    assert all(len(str(rows[row][0])) == MAX_TEXT for row in (0, 2))


def test_titles_headings_and_notes_wait_for_the_reader_s_language() -> None:
    sheet = Sheet(
        gettext_lazy("Yes"), [Column(gettext_lazy("No"), str)], ["x"], gettext_lazy("Count")
    )
    found = {}
    for language in ("en", "sq"):
        with translation.override(language), write_workbook([sheet], properties=PROPERTIES) as file:
            [one] = read_sheets(file, "a.xlsx")
        found[language] = (one.title, one.rows[0][0], one.rows[2][0])
    assert found == {"en": ("Yes", "Count", "No"), "sq": ("Po", "Numërim", "Jo")}


def test_what_the_file_says_of_itself_is_what_it_was_told() -> None:
    told = Properties("T\x00", datetime(2026, 6, 30, 22, 0, tzinfo=UTC), "Arta", "From <here>")
    with write_workbook([Sheet("S", [], [])], properties=told) as file:
        core = xml(file.read(), "docProps/core.xml")
    for name, text in {
        "title": "T�",
        "creator": "Arta",
        "description": "From &lt;here&gt;",
    }.items():
        assert f"<dc:{name}>{text}</dc:{name}>" in core
    assert ">2026-07-01T00:00:00Z</dcterms:created>" in core
