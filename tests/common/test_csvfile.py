"""CSV out: numbers plain, text harmless, every text recoverable."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from common.cells import Column
from common.csvfile import csv_cell, csv_lines, escape, unescape

COLUMNS = [Column("=Title", "title"), Column("Value", "value", "number")]


def rows_of(*values: object) -> list[list[str]]:
    data = b"".join(csv_lines(COLUMNS, [{"title": value, "value": value} for value in values]))
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_a_sheet_would_run_gets_an_apostrophe(first: str) -> None:
    assert rows_of(f"{first}1+1")[1:] == [[f"'{first}1+1", f"'{first}1+1"]]


def test_headings_are_made_harmless_too() -> None:
    assert rows_of()[0] == ["'=Title", "Value"]


def test_numbers_and_dates_stay_what_they_are() -> None:
    assert csv_cell(Decimal("-12.7000")) == "-12.7"
    assert csv_cell(-3) == "-3"
    assert csv_cell(0) == "0"
    assert csv_cell(date(2026, 9, 30)) == "2026-09-30"
    assert csv_cell(datetime(2026, 9, 30, 14, 5)) == "2026-09-30 14:05:00"
    assert csv_cell(None) == ""


def test_a_moment_is_written_in_local_time() -> None:
    moment = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
    assert rows_of(moment)[1][0] == "2026-02-01 00:30:00"


def test_excel_is_told_the_encoding_and_albanian_letters_survive() -> None:
    data = b"".join(csv_lines(COLUMNS, [{"title": "Çështje të grave", "value": None}]))
    assert data.startswith(b"\xef\xbb\xbf")
    assert "Çështje të grave" in data.decode()


def test_rows_are_written_as_they_come() -> None:
    taken = []

    def source() -> object:
        for number in range(3):
            taken.append(number)
            yield {"title": "a", "value": number}

    lines = csv_lines(COLUMNS, source())  # type: ignore[arg-type]
    next(lines)
    next(lines)
    assert taken == [0]


@given(st.text(alphabet=st.sampled_from("'=+-@\t\ra"), max_size=6))
@example("'=1+1")
@example("''=1+1")
def test_every_text_comes_back_and_none_is_live(text: str) -> None:
    written = escape(text)
    assert unescape(written) == text
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))
