"""A workbook of many sheets on the disk: contents first, links to each sheet, native charts.

Rows go to the disk as they come. Charts name the cells they show, so they follow a change in
them; the figures are also written into the chart, for programs that only look at the file. No
text of a person is in a chart: one like "Women!A1" would be taken for the name of a cell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from xlsxwriter.utility import quote_sheetname
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from common.cells import Column, Value, clean_text
from common.workbook import (
    A4,
    OPTIONS,
    Formats,
    Properties,
    Sheet,
    cut,
    file_properties,
    legal_title,
    row_height,
    width_of,
    write_cell,
    write_sheet,
)

WIDE, HIGH = 620, 280
"""Of a chart, in pixels."""
BLOCK, ASIDE = 16, 10
"""Rows and columns from one chart to the next, with the line above it."""
PER_ROW = 2
ON_A_PAGE = 3
"""Rows of charts on a printed page, so that none is cut."""


@dataclass(frozen=True)
class Series:
    """One line of a chart, or one colour of its columns: a column of the sheet."""

    column: int
    values: Sequence[Decimal | int | None]
    colour: str
    dash: str = "solid"


@dataclass(frozen=True)
class Chart:
    """A chart of rows of a sheet that stand one below the other, `first` being the first of them.

    The title stands in a cell beside it; rows are counted from the first below the headings.
    """

    title: str
    first: int
    labels: Sequence[str]
    label_column: int
    series: Sequence[Series]
    is_stacked: bool = False


@dataclass(frozen=True)
class Placed:
    """A sheet that was written: its name in this workbook and the place of its rows."""

    name: str
    sheet: Sheet
    rows: int
    page: Worksheet


@dataclass(frozen=True)
class _Entry:
    name: str
    sentence: str
    rows: int | None


class Book:
    """Writes a workbook sheet by sheet; the contents are written at the end, and stand first."""

    def __init__(self, path: Path, title: str | Promise, properties: Properties) -> None:
        self._scratch = TemporaryDirectory()
        self._book = Workbook(str(path), {**OPTIONS, "tmpdir": self._scratch.name})
        self._book.set_properties(file_properties(properties))
        self._formats, self._taken = Formats(self._book), set[str]()
        self._title = str(title)
        self._contents = self._book.add_worksheet(legal_title(_("Contents"), self._taken))
        self._entries: list[_Entry] = []
        self._about: Sequence[tuple[str, Value]] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        """Finish the file; one that broke off has no contents."""
        with self._scratch:
            if kind is None:
                self._write_contents()
            self._book.close()

    def about(self, pairs: Sequence[tuple[str, Value]]) -> None:
        """What the first sheet says of the workbook, term by term."""
        self._about = pairs

    def add(self, sheet: Sheet, sentence: str) -> Placed:
        """Write a sheet; the sentence says in the contents what it holds."""
        name = legal_title(str(sheet.title), self._taken)
        page = self._book.add_worksheet(name)
        rows = write_sheet(page, sheet, self._formats) - sheet.header_row
        self._entries.append(_Entry(name, sentence, rows))
        return Placed(name, sheet, rows, page)

    def draw_below(self, placed: Placed, chart: Chart) -> None:
        """A chart below the rows of its own sheet."""
        row = placed.sheet.header_row + placed.rows + 2
        placed.page.write_string(row, 0, cut(clean_text(chart.title)), self._formats.strong)
        self._insert(placed.page, row + 1, 0, placed, chart)

    def add_charts(
        self, title: str, sentence: str, note: str, placed: Placed, charts: Sequence[Chart]
    ) -> None:
        """A sheet of charts of another sheet's rows, two side by side."""
        name = legal_title(title, self._taken)
        page = self._book.add_worksheet(name)
        _set_up(page)
        page.write_string(0, 0, cut(clean_text(note)), self._formats.note)
        for number, chart in enumerate(charts):
            row, column = 2 + number // PER_ROW * BLOCK, number % PER_ROW * ASIDE
            page.write_string(row, column, cut(clean_text(chart.title)), self._formats.strong)
            self._insert(page, row + 1, column, placed, chart)
        rows_drawn = -(-len(charts) // PER_ROW)
        page.set_h_pagebreaks([2 + BLOCK * n for n in range(ON_A_PAGE, rows_drawn, ON_A_PAGE)])
        self._entries.append(_Entry(name, sentence, None))

    def _insert(self, page: Worksheet, row: int, column: int, placed: Placed, chart: Chart) -> None:
        kind = {"type": "column", "subtype": "stacked"} if chart.is_stacked else {"type": "line"}
        drawn = self._book.add_chart(kind)
        for series in chart.series:
            drawn.add_series(_series(placed, chart, series))
        drawn.set_title({"none": True})
        drawn.set_legend({"position": "bottom"})
        drawn.set_size({"width": WIDE, "height": HIGH})
        drawn.set_y_axis(_axis(chart))
        drawn.show_blanks_as("gap")
        drawn.show_hidden_data()  # a filter in the table leaves the charts as they are
        page.insert_chart(row, column, drawn, {"description": clean_text(chart.title)[:250]})

    def _write_contents(self) -> None:
        page, formats = self._contents, self._formats
        columns = [
            Column(_("Sheet"), "name", width=30),
            Column(_("What it holds"), "sentence", width=80),
            Column(_("Rows"), "rows", "integer", 12),
        ]
        _set_up(page)
        for index, column in enumerate(columns):
            page.set_column(index, index, width_of(column))
        page.write_string(0, 0, cut(clean_text(self._title)), formats.title)
        row = 1
        for row, (term, value) in enumerate(self._about, start=2):
            page.set_row(row, row_height(columns[:2], [term, value]))
            write_cell(page, row, 0, term, "text", formats)
            if isinstance(value, datetime):
                page.write_datetime(row, 1, value, formats.stamp)
            else:
                write_cell(page, row, 1, value, "text", formats)
        self._write_entries(columns, row + 2)

    def _write_entries(self, columns: Sequence[Column], top: int) -> None:
        page, formats = self._contents, self._formats
        for index, column in enumerate(columns):
            page.write_string(top, index, str(column.heading), formats.heading)
        for row, entry in enumerate(self._entries, start=top + 1):
            page.set_row(row, row_height(columns[:2], [entry.name, entry.sentence]))
            target = f"internal:{quote_sheetname(entry.name)}!A1"
            page.write_url(row, 0, target, formats.link, entry.name)
            write_cell(page, row, 1, entry.sentence, "text", formats)
            write_cell(page, row, 2, entry.rows, "integer", formats)


def _set_up(page: Worksheet) -> None:
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.hide_gridlines(2)


def _axis(chart: Chart) -> dict[str, Any]:
    """Whole steps where things are counted."""
    axis: dict[str, Any] = {"major_gridlines": {"visible": True, "line": {"color": "#D5DDE0"}}}
    if chart.is_stacked:
        heights = [sum(v or 0 for v in column) for column in zip(*(s.values for s in chart.series))]
        axis |= {"num_format": "#,##0", "major_unit": max(1, -(-int(max(heights, default=0)) // 8))}
    return axis


def _series(placed: Placed, chart: Chart, series: Series) -> dict[str, Any]:
    """A series by its cells, with the figures in them."""
    top = placed.sheet.header_row
    first, last = top + 1 + chart.first, top + chart.first + len(chart.labels)
    heading = clean_text(str(placed.sheet.columns[series.column].heading))
    look: dict[str, Any] = {"fill": {"color": series.colour}, "gap": 60}
    if not chart.is_stacked:
        line = {"color": series.colour, "width": 2, "dash_type": series.dash}
        marker = {"type": "circle", "size": 5, "fill": {"color": series.colour}}
        look = {"line": line, "marker": {**marker, "border": {"color": series.colour}}}
    return {
        "name": [placed.name, top, series.column],
        "name_data": [heading],
        "categories": [placed.name, first, chart.label_column, last, chart.label_column],
        "categories_data": list(chart.labels),
        "values": [placed.name, first, series.column, last, series.column],
        "values_data": list(series.values),
        **look,
    }
