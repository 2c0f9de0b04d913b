"""A report as one workbook for filling in: what is asked for is open, everything else is locked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile, TemporaryDirectory
from typing import IO, Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import override
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from common import clock
from common.cells import Value, clean_text
from common.reader import address
from common.workbook import IN_MEMORY, OPTIONS, cut, legal_title, row_height
from reports.exchange.cells import CellTold, InputFormats, write_input, write_shown
from reports.exchange.headings import columns_of, note_of, title_of
from reports.exchange.layout import (
    FIRST_ROW,
    HEADING_ROW,
    INPUTS,
    KEY,
    NOTE_ROW,
    SHOWN,
    TAG_ROW,
    Part,
    RowKey,
    Tag,
)
from reports.exchange.loading import load_sections
from reports.exchange.readme import ReadmeLine, Told, readme_lines
from reports.exchange.rows import Row
from reports.models import Report

Place = tuple[str, str, str]
"""Section, cell and column: the same in every version of the workbook."""

Given = Mapping[tuple[Part, str, str, str], Value]
"""What a person had typed, by sheet, section, cell and column."""

AT_ONCE = 300
"""So many cells are coloured by one rule."""
ROOMY = 20
"""Points: an empty row is high enough to be written in."""

_PROTECTION = {
    "select_locked_cells": True,
    "select_unlocked_cells": True,
    "format_columns": True,
    "format_rows": True,
    "sort": True,
    "autofilter": True,
}


@dataclass(frozen=True)
class Mark:
    """Something wrong with one cell, to be shown in it."""

    part: Part
    key: RowKey
    column: str
    text: str

    @property
    def place(self) -> Place:
        return self.key.section, self.key.cell, self.column


@dataclass
class _Page:
    """One sheet while it is written."""

    page: Worksheet
    part: Part
    formats: InputFormats
    given: Given
    marks: Mapping[Place, list[str]]
    doubts: Mapping[Place, list[str]]
    versions: Mapping[str, int]
    places: dict[Place, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        return (KEY, *SHOWN[self.part], *INPUTS[self.part])


def tag_of(report: Report, language: str) -> Tag:
    """What the workbook says of itself."""
    period = report.period
    return Tag(
        period.plan.code,
        period.code,
        report.institution.code,
        report.pk,
        report.revision,
        language,
    )


def write_report(
    report: Report,
    *,
    language: str,
    given: Given | None = None,
    marks: Sequence[Mark] = (),
    versions: Mapping[str, int] | None = None,
) -> IO[bytes]:
    """The workbook of a report in a temporary file, at its start.

    Without `given` it holds the report as it is now; with it, those cells hold what a person had
    typed, and `versions` what each section was when her workbook was made. Each mark colours its
    cell and stands in a comment on it, and all of them are listed on the first sheet; so are, where
    it holds the report as it is, the figures that are in doubt.
    """
    sections = load_sections(report)
    content = _Content(sections.rows(language), given or {}, versions or {})
    with override(language), ExitStack() as on_failure:
        file = cast(IO[bytes], on_failure.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY)))
        with TemporaryDirectory() as scratch:
            options = {**OPTIONS, "constant_memory": False, "tmpdir": scratch}
            with Workbook(file, options) as book:
                doubts = sections.doubts_by_place() if given is None else {}
                _write_book(book, report, language, content, marks, doubts)
        file.seek(0)
        on_failure.pop_all()
    return file


@dataclass(frozen=True)
class _Content:
    """What the cells hold: as stored, or as a person had typed it over some version."""

    rows: Mapping[Part, list[Row]]
    given: Given
    versions: Mapping[str, int]


def _write_book(
    book: Workbook,
    report: Report,
    language: str,
    content: _Content,
    marks: Sequence[Mark],
    doubts: Mapping[Place, list[str]],
) -> None:
    book.set_properties({"title": str(report), "created": clock.now().replace(tzinfo=None)})
    formats, taken = InputFormats(book), set[str]()
    first = book.add_worksheet(legal_title(_("Read me"), taken))
    wrong: list[Told] = []
    unsure: list[Told] = []
    for part in Part:
        page = book.add_worksheet(legal_title(title_of(part), taken))
        here: dict[Place, list[str]] = {}
        for mark in marks:
            if mark.part == part:
                here.setdefault(mark.place, []).append(mark.text)
        asked = doubts if part == Part.REPORT else {}
        sheet = _Page(page, part, formats, content.given, here, asked, content.versions)
        _write_sheet(sheet, content.rows[part], tag_of(report, language))
        wrong += _told(sheet, here)
        unsure += _told(sheet, asked)
    lines = readme_lines(report, content.rows, wrong, unsure)
    _write_readme(first, lines, formats)


def _told(sheet: _Page, texts: Mapping[Place, list[str]]) -> Iterator[Told]:
    """Each sentence with the sheet and the address of its cell."""
    for place, sentences in texts.items():
        for text in sentences:
            yield Told(sheet.page.get_name(), sheet.places.get(place, ""), text)


def _write_sheet(sheet: _Page, rows: Sequence[Row], tag: Tag) -> None:
    page, columns = sheet.page, columns_of(sheet.part)
    for index, name in enumerate(sheet.columns):
        page.write_string(TAG_ROW, index, tag.written() if name == KEY else name)
    page.set_row(TAG_ROW, None, None, {"hidden": True})
    page.set_column(0, 0, None, None, {"hidden": True})
    page.write_string(NOTE_ROW, 1, note_of(sheet.part), sheet.formats.note)
    headings = [""] + [str(column.heading) for column in columns]
    page.set_row(HEADING_ROW, row_height([columns[0], *columns], headings))
    for index, column in enumerate(columns, start=1):
        page.set_column(index, index, column.width)
        page.write_string(HEADING_ROW, index, clean_text(headings[index]), sheet.formats.heading)
    for number, row in enumerate(rows, start=FIRST_ROW):
        _write_row(sheet, row, number, columns)
    _finish(sheet, rows)


def _write_row(sheet: _Page, row: Row, number: int, columns: Sequence[Any]) -> None:
    section, cell = row.key.section, row.key.cell
    version = sheet.versions.get(section, row.key.version)
    key = RowKey(section, version, cell)
    values: list[Value] = []
    for name in sheet.columns[1:]:
        stands = row.now.get(name, "") if name in INPUTS[sheet.part] else row.shown.get(name)
        values.append(sheet.given.get((sheet.part, section, cell, name), stands))
    height = max(ROOMY, row_height(columns, [_as_cell(value) for value in values]))
    sheet.page.set_row(number, height)
    sheet.page.write_string(number, 0, key.written(), sheet.formats.text)
    for index, (name, value) in enumerate(zip(sheet.columns[1:], values), start=1):
        place = (section, cell, name)
        if name not in INPUTS[sheet.part]:
            write_shown(sheet.page, number, index, value, sheet.formats)
            continue
        asked = row.inputs.get(name) if row.is_writable(name) else None
        told = CellTold(sheet.marks.get(place, ()), sheet.doubts.get(place, ()))
        write_input(sheet.page, (number, index), value, asked, sheet.formats, told)
        sheet.places[place] = address(number, index)


def _as_cell(value: Value) -> Value:
    return cut(clean_text(value)) if isinstance(value, str) else value


def _finish(sheet: _Page, rows: Sequence[Row]) -> None:
    """Freeze, protect, filter, print; colour what still needs an answer."""
    page, last = sheet.page, FIRST_ROW + len(rows) - 1
    shown = len(SHOWN[sheet.part])
    page.freeze_panes(FIRST_ROW, min(shown, 3))
    page.protect("", _PROTECTION)
    if rows:
        page.autofilter(HEADING_ROW, 1, last, len(sheet.columns) - 1)
    _colour_missing(sheet, rows)
    page.set_landscape()
    page.set_paper(8)
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEADING_ROW)
    page.set_footer("&L&A&R" + _("Page %(page)s of %(pages)s") % {"page": "&P", "pages": "&N"})


def _colour_missing(sheet: _Page, rows: Sequence[Row]) -> None:
    """Cells that a submission waits for are yellow while nothing stands in any that would do.

    One rule stands for many rows; what is marked as wrong stays red.
    """
    red = {sheet.places[place] for place in sheet.marks if place in sheet.places}
    found: dict[tuple[int, tuple[int, ...]], list[int]] = {}
    for number, row in enumerate(rows, start=FIRST_ROW):
        for group in _waiting(sheet, row):
            for index in group:
                if address(number, index) not in red:
                    found.setdefault((index, group), []).append(number)
    for (index, group), numbers in found.items():
        for start in range(0, len(numbers), AT_ONCE):
            _colour(sheet, numbers[start : start + AT_ONCE], index, group)


def _waiting(sheet: _Page, row: Row) -> list[tuple[int, ...]]:
    """The columns of a row that are owed, by what answers them together."""
    needed = tuple(sheet.columns.index(name) for name in row.needed if row.is_writable(name))
    rating = [(sheet.columns.index("rating"),)] if "rating" in row.inputs else []
    return [*rating, *([needed] if sheet.part == Part.REPORT else [(index,) for index in needed])]


def _colour(sheet: _Page, rows: Sequence[int], index: int, group: Sequence[int]) -> None:
    """Colour the column in these rows; the rule is written as for the first of them."""
    first, last = rows[0], rows[-1]
    blank = ",".join(f'${address(first, other)}=""' for other in group)
    rule = {"type": "formula", "criteria": f"=AND({blank})", "format": sheet.formats.missing}
    cells = " ".join(address(number, index) for number in rows)
    sheet.page.conditional_format(first, index, last, index, {**rule, "multi_range": cells})


def _write_readme(page: Worksheet, told: Iterable[ReadmeLine], formats: InputFormats) -> None:
    page.set_column(0, 0, 26)
    page.set_column(1, 1, 90)
    for number, line in enumerate(told):
        kind = {"title": formats.title, "wrong": formats.wrong}.get(line.kind, formats.text)
        head = formats.title if line.kind == "title" else formats.bold
        page.write_string(number, 0, clean_text(line.term), head)
        page.write_string(number, 1, cut(clean_text(line.text)), kind)
        lines = max(1, -(-len(line.text) // 85) + line.text.count("\n"))
        page.set_row(number, 24 if line.kind == "title" else 15 * lines + 3)
    page.protect("", _PROTECTION)
    page.set_portrait()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
