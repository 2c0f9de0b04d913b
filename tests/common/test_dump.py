"""Large plain tables: what stands in a cell is what was given, and no text runs."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]

from common.cells import Column
from common.dump import write_dump
from common.reader import read_sheets
from tests.office.test_formulas import nasty
from tests.reports.test_exports_safety import live_in


def read(path: Path) -> list[list[object]]:
    return [list(row) for row in read_sheets(path.read_bytes(), path.name)[0].rows]


def write(path: Path, names: list[str], rows: Any, **more: bool) -> None:
    """The numbers of a column look like numbers; what is written is decided by each value."""
    write_dump(path, "Values", [Column(name, "", "number") for name in names], rows, **more)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "values.xlsx"


def test_numbers_dates_and_texts_are_what_they_were(path: Path) -> None:
    rows = [
        ["ë ç", Decimal("12.7"), date(2026, 9, 30), 3],
        ["0012", Decimal("12345678901.2345"), None, 0],
        ["a\nb", Decimal(0), date(1999, 1, 1), -5],
    ]
    write(path, ["Text", "Number", "Day", "Whole"], rows)
    assert read(path) == [["Text", "Number", "Day", "Whole"], *rows]


def test_a_blank_is_empty_and_zero_is_zero(path: Path) -> None:
    write(path, ["A", "B"], [[Decimal(0), "end"], [None, "end"], ["", "end"]])
    assert read(path)[1:] == [[0, "end"], [None, "end"], [None, "end"]]


def test_more_digits_than_a_sheet_keeps_stay_as_text(path: Path) -> None:
    long = Decimal("1234567890123456.5")
    write(path, ["A"], [[long], [Decimal("0.0001")]])
    assert read(path)[1:] == [["1234567890123456.5"], [Decimal("0.0001")]]


def test_a_table_without_rows_has_its_headings(path: Path) -> None:
    write(path, ["A", "B"], [])
    assert read(path) == [["A", "B"]]


@pytest.mark.parametrize("is_styled", [False, True])
def test_two_thousand_texts_a_sheet_might_run_stay_texts(path: Path, is_styled: bool) -> None:
    texts = nasty()
    write(path, ["Text"], ([text] for text in texts), is_styled=is_styled)
    assert live_in(path.read_bytes()) == []
    assert [row[0] for row in read(path)[1:]] == texts


def test_what_no_workbook_can_hold_is_shown_as_such(path: Path) -> None:
    write(path, ["Text"], [["a\x00b\x1bc"], ["x" * 40_000]])
    first, second = (str(row[0]) for row in read(path)[1:])
    assert first == "a\ufffdb\ufffdc"
    assert second.endswith("[cut here: the text has 40000 characters]")
    assert len(second) == 32_767


def test_rows_are_taken_one_after_another(path: Path) -> None:
    """A generator is not gathered first: what it yields is written while it goes on."""
    taken: list[int] = []

    def rows() -> object:
        for number in range(3):
            taken.append(number)
            yield [number]

    write(path, ["N"], rows())
    assert taken == [0, 1, 2]
    assert read(path)[1:] == [[0], [1], [2]]


def test_a_styled_table_has_a_filter_fixed_headings_and_its_widths(path: Path) -> None:
    columns = [Column("Name", "", "text", 30), Column("Share", "", "percent", 11)]
    write_dump(path, "Values", columns, [["=a", Decimal("12.5")]], is_styled=True)
    sheet = load_workbook(path).active
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == ("Values", "A2", "A1:B2")
    assert [round(sheet.column_dimensions[c].width) for c in "AB"] == [31, 12]
    assert (sheet["A2"].quotePrefix, sheet["A2"].data_type) == (True, "s")
    assert sheet["B2"].number_format == '0.0###" %"'
    assert (sheet["B2"].value, sheet.page_setup.orientation) == (12.5, "landscape")
