"""Forty mistakes of ten kinds: exactly their cells come back marked; corrected, it all goes in."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.utils import translation
from openpyxl import load_workbook  # type: ignore[import-untyped]

from indicators.choices import TotalRule
from reports.exchange.applying import apply
from reports.exchange.layout import Part
from reports.exchange.marking import marked_copy
from reports.exchange.preview import preview
from reports.exchange.reading import take_in
from reports.models import Line, Observation, Report, Upload
from tests import factory
from tests.conftest import World
from tests.reports.test_incoming import Book

EACH = 4
# By kind: the sort of indicator, what is typed in which column, the column that is wrong, and what
# puts it right.
KINDS: dict[str, tuple[str, dict[str, Any], str, Any]] = {
    "letters": ("count", {"value": "12 women"}, "value", 12),
    "foreign sign": ("count", {"value": "12,7"}, "value", 12.7),
    "two readings": ("count", {"value": "1,234"}, "value", 1234),
    "negative": ("count", {"value": -3}, "value", 3),
    "decimals": ("count", {"value": 1.23456}, "value", 1.2346),
    "above its whole": ("share", {"numerator": 9, "denominator": 5}, "numerator", 4),
    "no denominator": ("share", {"numerator": 9}, "denominator", 10),
    "above its total": ("split", {"value": 10, "part": 12}, "part", 8),
    "no reason": ("count", {"state": "Not available"}, "reason", "The register is closed."),
    "unknown word": ("count", {"value": 5, "state": "Perhaps"}, "state", None),
}


@pytest.fixture
def wide(world: World) -> Report:
    """A report with an indicator for each mistake."""
    sex = factory.make_dimension(world.plan, "sex", "f", "m", total_rule=TotalRule.OPEN)
    for kind, (sort, _typed, _wrong, _right) in KINDS.items():
        for number in range(EACH):
            make = factory.make_share if sort == "share" else factory.make_indicator
            code = f"{kind.replace(' ', '')}{number}"
            made = make(world.plan, code, world.defence, objective=world.objective)
            Line.objects.create(report=world.report, indicator=made)
            if sort == "split":
                factory.split(made, sex)
    return world.now()


def mistakes(report: Report) -> Iterator[tuple[Line, str, dict[str, Any], str, Any]]:
    for line in report.lines.select_related("indicator").order_by("pk"):
        for kind, (_sort, typed, wrong, right) in KINDS.items():
            if line.indicator.code[:-1] == kind.replace(" ", ""):
                yield line, kind, typed, wrong, right


def place(line: Line, column: str) -> tuple[str, str]:
    """The row's key and the column: a part is the value of another row."""
    if column == "part":
        return f"line-{line.pk}|{line.version}|sex=f", "value"
    return f"line-{line.pk}|{line.version}|", column


def find(book: Book, line: Line, column: str) -> Any:
    key, name = place(line, column)
    sheet = book.sheet(Part.REPORT)
    index = [cell.value for cell in sheet[1]].index(name)
    return next(row[index] for row in sheet.iter_rows() if row[0].value == key)


def with_mistakes(report: Report) -> tuple[Book, set[str]]:
    book, wrong_cells = Book(report), set()
    for line, _kind, typed, wrong, _right in mistakes(report):
        for column, value in typed.items():
            find(book, line, column).value = value
        wrong_cells.add(find(book, line, wrong).coordinate)
    return book, wrong_cells


def marked(upload: Upload) -> Book:
    book = Book.__new__(Book)
    with marked_copy(upload) as file:
        book.book = load_workbook(BytesIO(file.read()))
    return book


def test_forty_mistakes_come_back_marked_and_go_in_once_corrected(
    wide: Report, world: World
) -> None:
    by = world.contributor
    with translation.override("en"):
        book, wrong_cells = with_mistakes(wide)
        assert len(wrong_cells) == len(KINDS) * EACH == 40
        upload = take_in(wide, book.bytes(), "report.xlsx", by=by)
        found = preview(upload)
        assert {error.address for error in found.errors} == wrong_cells
        assert len(found.errors) == 40
        assert len({error.text for error in found.errors}) >= len(KINDS)
        copy = marked(upload)
        sheet = copy.sheet(Part.REPORT)
        commented = {c.coordinate for row in sheet.iter_rows() for c in row if c.comment}
        red = {
            c.coordinate
            for row in sheet.iter_rows(min_row=4)
            for c in row
            if c.fill.fgColor.rgb == "FFF8D0CC"
        }
        assert (commented, red) == (wrong_cells, wrong_cells)
        for line, _kind, _typed, wrong, right in mistakes(wide):
            find(copy, line, wrong).value = right
        again = take_in(world.now(), copy.bytes(), "report.xlsx", by=by)
        assert preview(again).errors == []
        assert apply(again, by=by) == sum(
            len({*typed, wrong}) - (wrong == "state") for _l, _k, typed, wrong, _r in mistakes(wide)
        )
    assert Observation.objects.filter(line__report=wide).count() == 40 + EACH
