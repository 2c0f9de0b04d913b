"""The periods people write."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from common.reader import Cell
from reports.history.spans import Span, SpanError, read_span, year_and_quarter


def days(cell: Cell) -> tuple[str, str]:
    span = read_span(cell)
    return span.starts_on.isoformat(), span.ends_on.isoformat()


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("2020", "2020-01-01", "2020-12-31"),
        (Decimal(2020), "2020-01-01", "2020-12-31"),
        (" 2020 ", "2020-01-01", "2020-12-31"),
        ("2018-2020", "2018-01-01", "2020-12-31"),
        ("2018 – 2020", "2018-01-01", "2020-12-31"),
        ("2018/2020", "2018-01-01", "2020-12-31"),
        ("2020-Q3", "2020-07-01", "2020-09-30"),
        ("2020 Q3", "2020-07-01", "2020-09-30"),
        ("Q1 2020", "2020-01-01", "2020-03-31"),
        ("T4 2020", "2020-10-01", "2020-12-31"),
        ("2020q2", "2020-04-01", "2020-06-30"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2019-2", "2019-02-01", "2019-02-28"),
        ("2020-10-31", "2020-10-31", "2020-10-31"),
        (date(2020, 10, 31), "2020-10-31", "2020-10-31"),
        (datetime(2020, 10, 31, 12, 0), "2020-10-31", "2020-10-31"),
    ],
)
def test_a_period_is_read(cell: Cell, first: str, last: str) -> None:
    assert days(cell) == (first, last)


@pytest.mark.parametrize(
    "cell",
    [
        "last year",
        "20",
        "20201",
        "2020-13",
        "2020-00",
        "2021-02-29",
        "2020-Q5",
        "Q0 2020",
        "2020-2018",
        "1899",
        "2101",
        Decimal("2020.5"),
        True,
        "31.12.2020",
        "٢٠٢٠",
    ],
)
def test_what_is_no_period_is_refused_by_name(cell: Cell) -> None:
    with pytest.raises(
        SpanError, match=r"is no period\. Write for example 2020, 2018-2020, 2020-Q3"
    ):
        read_span(cell)


@pytest.mark.parametrize("cell", ["", "  ", None])
def test_a_blank_period_is_refused(cell: Cell) -> None:
    with pytest.raises(SpanError, match="The period is blank"):
        read_span(cell)


@pytest.mark.parametrize(
    "text", ["2020", "2018-2020", "2020-Q3", "2020-02", "2020-10-31", "2020-Q1", "2019-12"]
)
def test_a_period_is_written_as_it_is_read(text: str) -> None:
    assert str(read_span(text)) == text


def test_days_that_are_no_known_period_are_still_told() -> None:
    assert str(Span(date(2020, 1, 1), date(2020, 3, 31))) == "2020-Q1"


@pytest.mark.parametrize(
    ("year", "quarter", "text"),
    [
        ("2020", "3", "2020-Q3"),
        ("2020", "Q3", "2020-Q3"),
        ("2020", "t3", "2020-Q3"),
        ("2020", "", "2020"),
        ("2020", " ", "2020"),
    ],
)
def test_a_year_and_its_quarter_make_one_period(year: str, quarter: str, text: str) -> None:
    assert year_and_quarter(year, quarter) == text
