"""The days a figure is about, read from what people write for a period."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from common.numbers import plain
from common.reader import Cell

FIRST_YEAR, LAST_YEAR = 1900, 2100
_YEAR = re.compile(r"(\d{4})", re.ASCII)
_YEARS = re.compile(r"(\d{4})\s*[-–/]\s*(\d{4})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{1,2})", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_QUARTER = re.compile(r"(\d{4})[\s\-/]*[QTqt]\s*([1-4])|[QTqt]\s*([1-4])[\s\-/]*(\d{4})", re.ASCII)


@dataclass(frozen=True, order=True)
class Span:
    """From the first to the last day; one day for the state of things on it."""

    starts_on: date
    ends_on: date

    def __str__(self) -> str:
        """As short as it can be said and read again: 2020, 2018-2020, 2020-Q3, 2019-12, a day."""
        first, last = self.starts_on, self.ends_on
        if first == last:
            return first.isoformat()
        if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
            return str(first.year) if first.year == last.year else f"{first.year}-{last.year}"
        if first.year == last.year and first.month == last.month:
            return f"{first.year}-{first.month:02}"
        return f"{first.year}-Q{(first.month + 2) // 3}"


class SpanError(ValueError):
    """What stands there is no period; str() is a sentence for the person."""


def read_span(cell: Cell) -> Span:
    """A year, two years, a quarter, a month or a day; a day of a sheet program too.

    Raises:
        SpanError: it is blank, none of these, or no day of the calendar.
    """
    if isinstance(cell, date):
        return Span(date(cell.year, cell.month, cell.day), date(cell.year, cell.month, cell.day))
    text = plain(cell) if isinstance(cell, Decimal) else str(cell or "").strip()
    if not text:
        raise SpanError(_("The period is blank. Write a year, a quarter, a month or a day."))
    try:
        span = _read(text)
    except ValueError as error:
        raise SpanError(_not_a_period(text)) from error
    if span is None or not FIRST_YEAR <= span.starts_on.year <= span.ends_on.year <= LAST_YEAR:
        raise SpanError(_not_a_period(text))
    return span


def year_and_quarter(year: str, quarter: str) -> str:
    """The text of a period whose year and quarter stand in two columns; a blank quarter is none."""
    number = quarter.strip().upper().lstrip("QT")
    return f"{year}-Q{number}" if number else year


def _not_a_period(text: str) -> str:
    return _(
        "“%(text)s” is no period. Write for example 2020, 2018-2020, 2020-Q3, 2020-09 or "
        "2020-09-30."
    ) % {"text": text[:40]}


def _read(text: str) -> Span | None:
    if found := _YEAR.fullmatch(text):
        return _years(int(found[1]), int(found[1]))
    if found := _YEARS.fullmatch(text):
        return _years(int(found[1]), int(found[2]))
    if found := _QUARTER.fullmatch(text):
        year, quarter = int(found[1] or found[4]), int(found[2] or found[3])
        return _months(year, quarter * 3 - 2, quarter * 3)
    if found := _DAY.fullmatch(text):
        day = date(int(found[1]), int(found[2]), int(found[3]))
        return Span(day, day)
    if found := _MONTH.fullmatch(text):
        return _months(int(found[1]), int(found[2]), int(found[2]))
    return None


def _years(first: int, last: int) -> Span:
    return Span(date(first, 1, 1), date(last, 12, 31))


def _months(year: int, first: int, last: int) -> Span:
    if not 1 <= first <= 12:
        raise ValueError("no such month")
    return Span(date(year, first, 1), date(year, last, monthrange(year, last)[1]))
