"""Workbooks out: numbers stay numbers, dates dates, and no text ever becomes a formula."""

import re
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from tempfile import SpooledTemporaryFile, TemporaryDirectory
from typing import IO, Any, cast

from django.utils.functional import Promise
from django.utils.timezone import is_aware, localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from common.cells import Column, Kind, Value, clean_text
from common.numbers import plain

__all__ = ["XLSX_TYPE", "Column", "Kind", "Properties", "Sheet", "write_workbook"]

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_TEXT = 32_767
MAX_ROWS = 1_048_576
MAX_TITLE = 31
MAX_DIGITS = 15
IN_MEMORY = 2 * 1024 * 1024
A4, A3 = 9, 8
FITS_A4 = 200
"""So many characters side by side can still be read on A4; wider sheets are printed on A3."""
LINE_HEIGHT, MAX_HEIGHT = 15, 405  # points
ROOM = 0.9
"""How much of a column's width wrapped words fill, whatever font the reader's machine has."""

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDTHS: dict[Kind, int] = {"text": 28, "money": 16, "date": 13, "datetime": 18}
_NUMBERS = {"number": "#,##0", "integer": "#,##0", "percent": "#,##0", "money": "#,##0"}
_DECIMALS = {"number": ".####", "integer": ".####", "percent": ".####", "money": ".00"}
_DATES = {"sq": "dd.mm.yyyy", "fr": "dd/mm/yyyy"}


@dataclass(frozen=True)
class Sheet:
    """A declared sheet: what each column is called, where it comes from, and the rows.

    The note stands above the table, for source and method; without one the headings are row 1.
    """

    title: str | Promise
    columns: Sequence[Column]
    rows: Iterable[Any]
    note: str | Promise = ""

    @property
    def header_row(self) -> int:
        """The zero-based row of the headings."""
        return 2 if self.note else 0


@dataclass(frozen=True)
class Properties:
    """What the file says of itself.  Equal sheets and properties make equal bytes."""

    title: str | Promise
    created: datetime
    author: str = ""
    comments: str | Promise = ""


def write_workbook(sheets: Sequence[Sheet], *, properties: Properties) -> IO[bytes]:
    """Write the sheets into a temporary file, at its start, in the active language.

    Raises:
        OverflowError: a sheet has more rows than Excel can hold; nothing is cut silently.
    """
    with ExitStack() as on_failure:
        file = cast(IO[bytes], on_failure.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY)))
        with (
            TemporaryDirectory() as scratch,
            Workbook(file, {**OPTIONS, "tmpdir": scratch}) as book,
        ):
            book.set_properties(file_properties(properties))
            formats, taken = Formats(book), set[str]()
            for sheet in sheets:
                page = book.add_worksheet(legal_title(str(sheet.title), taken))
                write_sheet(page, sheet, formats)
        file.seek(0)
        on_failure.pop_all()
    return file


def legal_title(title: str, taken: set[str]) -> str:
    """A sheet title Excel accepts, different from those taken (which it joins)."""
    clean = re.sub(r"[\[\]:*?/\\]", "-", clean_text(title)).strip().strip("'").strip()
    clean = " ".join(clean.split()) or _("Sheet")
    if clean.lower() == "history":
        clean += "_"
    wish, number = _fit(clean, ""), 1
    while wish.lower() in taken:
        number += 1
        wish = _fit(clean, f" ({number})")
    taken.add(wish.lower())
    return wish


def _fit(title: str, ending: str) -> str:
    """Cut to 31 characters as Excel counts them: letters beyond U+FFFF are two."""
    room = (MAX_TITLE - len(ending)) * 2
    return title.encode("utf-16-le")[:room].decode("utf-16-le", "ignore").strip(" '") + ending


def file_properties(properties: Properties) -> dict[str, Any]:
    created = properties.created
    return {
        "title": clean_text(str(properties.title)),
        "author": clean_text(properties.author),
        "comments": clean_text(str(properties.comments)),
        "created": localtime(created).replace(tzinfo=None) if is_aware(created) else created,
    }


class Formats:
    """The cell formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self.heading = self._make(
            bold=True, bg_color="#E8EEF4", font_color="#1B2A3A", bottom=1, bottom_color="#8CA0B3"
        )
        self.note = self._make(wrap=False, italic=True, font_color="#4A5A6A")
        self.text = self._make()
        self.title = self._make(wrap=False, bold=True, font_size=16, font_color="#1B2A3A")
        self.strong = self._make(wrap=False, bold=True, font_color="#1B2A3A")
        self.link = self._make(wrap=False, underline=1, font_color="#1C4C7A")
        day = date_shape()
        self.date = self._make(quote=False, wrap=False, num_format=day)
        self.datetime = self._make(quote=False, wrap=False, num_format=f"{day} hh:mm")
        self.stamp = self._make(quote=False, wrap=False, num_format=f"{day} hh:mm", align="left")
        self.whole = {kind: self._number(form, kind) for kind, form in _NUMBERS.items()}
        self.broken = {
            kind: self._number(form + _DECIMALS[kind], kind) for kind, form in _NUMBERS.items()
        }
        self.plain = self._number("General", "plain")

    def _make(self, *, wrap: bool = True, quote: bool = True, **more: Any) -> Format:
        return self._book.add_format(
            {"valign": "top", "text_wrap": wrap, "quote_prefix": quote, **more}
        )

    def _number(self, num_format: str, kind: str) -> Format:
        ending = '" %"' if kind == "percent" else ""
        shape = {"align": "right", "indent": 1, "num_format": num_format + ending}
        return self._make(wrap=False, quote=False, **shape)

    def number(self, kind: Kind, *, is_whole: bool) -> Format:
        """Whole numbers get no decimal sign: "12" and not "12."."""
        return (self.whole if is_whole else self.broken).get(kind, self.plain)


def date_shape() -> str:
    """How a day is shown in the active language."""
    language = (get_language() or "en").split("-")[0]
    return _DATES.get(language, "d mmm yyyy")


def write_sheet(page: Worksheet, sheet: Sheet, formats: Formats) -> int:
    """Write a sheet and give back the zero-based number of its last row."""
    columns, top = list(sheet.columns), sheet.header_row
    _set_up_page(page, sheet)
    if sheet.note:
        page.write_string(0, 0, cut(clean_text(str(sheet.note))), formats.note)
    headings = [clean_text(str(column.heading)) for column in columns]
    page.set_row(top, row_height(columns, headings))
    for index, column in enumerate(columns):
        page.set_column(index, index, width_of(column))
        page.write_string(top, index, cut(headings[index]), formats.heading)
    row = top
    for row, item in enumerate(sheet.rows, start=top + 1):
        if row >= MAX_ROWS:
            raise OverflowError(f"more than {MAX_ROWS} rows in sheet {sheet.title}")
        values = [column.value(item) for column in columns]
        page.set_row(row, row_height(columns, values))
        for index, column in enumerate(columns):
            write_cell(page, row, index, values[index], column.kind, formats)
    if columns:
        page.autofilter(top, 0, row, len(columns) - 1)
    return row


def width_of(column: Column) -> int:
    """In characters, as Excel counts widths."""
    return column.width or _WIDTHS.get(column.kind, 14)


def row_height(columns: Sequence[Column], values: Sequence[Value]) -> int:
    """In points, so that wrapped texts are seen whole: LibreOffice does not find it by itself."""
    lines = 1
    for column, value in zip(columns, values, strict=True):
        if isinstance(value, str):
            room = max(1, int(width_of(column) * ROOM))
            lines = max(lines, sum(max(1, -(-len(part) // room)) for part in value.split("\n")))
    return min(lines * LINE_HEIGHT, MAX_HEIGHT)


def _set_up_page(page: Worksheet, sheet: Sheet) -> None:
    top = sheet.header_row
    page.freeze_panes(top + 1, 0)
    page.set_landscape()
    page.set_paper(A4 if sum(map(width_of, sheet.columns)) <= FITS_A4 else A3)
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    title = clean_text(str(sheet.title)).replace("&", "&&")[:100]
    page.set_footer(
        f"&L{title}&R" + _("Page %(page)s of %(pages)s") % {"page": "&P", "pages": "&N"}
    )


def write_cell(
    page: Worksheet, row: int, column: int, value: Value, kind: Kind, formats: Formats
) -> None:
    """Write one value by its own type; the kind of the column only chooses how it looks."""
    if value is None or value == "":
        return
    if isinstance(value, (Decimal, int, float)) and is_exact(value):
        number = Decimal(plain(Decimal(str(value))))
        whole = number == number.to_integral_value()
        page.write_number(row, column, cast(float, number), formats.number(kind, is_whole=whole))
    elif isinstance(value, date) and value.year >= 1900:
        shape = formats.datetime if isinstance(value, datetime) else formats.date
        page.write_datetime(row, column, value, shape)
    else:
        page.write_string(row, column, cut(clean_text(_as_text(value))), formats.text)


def is_exact(number: Decimal | float) -> bool:
    """Whether Excel, which keeps 15 digits, holds the number unchanged."""
    if not isfinite(number):
        return False
    if isinstance(number, float):
        return True
    return len(plain(number).lstrip("-").replace(".", "").strip("0")) <= MAX_DIGITS


def _as_text(value: Value) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, Decimal)) and Decimal(value).is_finite():
        return plain(value)
    return str(value)


def cut(text: str) -> str:
    """Cut what a cell cannot hold (32,767 characters as Excel counts) and say so in the cell."""
    if len(text) * 2 <= MAX_TEXT or len(text.encode("utf-16-le")) // 2 <= MAX_TEXT:
        return text
    mark = _(" … [cut here: the text has %(number)d characters]") % {"number": len(text)}
    room = (MAX_TEXT - len(mark)) * 2
    return text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + mark
