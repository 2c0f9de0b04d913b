"""CSV out, row by row: UTF-8 with a mark so that Excel reads it, text that no sheet will run.

Comma and decimal point in every language: a CSV is for programs, the workbook is for people.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from common.cells import Column, Value, clean_text
from common.numbers import plain

CSV_TYPE = "text/csv; charset=utf-8"
BOM = "\ufeff"

_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")


class _Echo:
    """A file for csv.writer that hands each line straight back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[bytes]:
    """The file in pieces: the headings, then each row as it comes."""
    writer = csv.writer(_Echo())
    yield (BOM + writer.writerow([csv_cell(str(column.heading)) for column in columns])).encode()
    for row in rows:
        yield writer.writerow([csv_cell(column.value(row)) for column in columns]).encode()


def csv_cell(value: Value) -> str:
    """A real number stays a number, a date is written 2026-09-30, a text is made harmless."""
    if value is None:
        return ""
    if isinstance(value, (int, Decimal)) and Decimal(value).is_finite():
        return plain(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return escape(clean_text(str(value)))


def escape(text: str) -> str:
    """Put ' before a text a sheet would run.  unescape() gives back every text exactly."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def unescape(text: str) -> str:
    """Take away the ' that escape() put."""
    return text[1:] if _ESCAPED.match(text) else text
