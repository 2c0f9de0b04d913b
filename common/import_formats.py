"""The formats of django-import-export, on our own safe reader and writer."""

from collections.abc import Sequence
from itertools import pairwise
from operator import itemgetter
from typing import Any

import tablib
from django.utils.timezone import now
from django.utils.translation import gettext as _
from import_export import resources
from import_export.formats.base_formats import Format

from common.cells import Column
from common.csvfile import CSV_TYPE, csv_lines
from common.reader import Cell, FileError, SheetRows, address, read_sheets
from common.workbook import XLSX_TYPE, Properties, Sheet, write_workbook

__all__ = ["SAFE_FORMATS", "SafeCSV", "SafeODS", "SafeXLSX", "TypedResource"]


class _SafeFormat(Format):  # type: ignore[misc]  # import-export has no types
    """Bytes in, through the safe reader; typed cells out."""

    extension = ""
    content_type = ""
    exports = True

    def __init__(self, encoding: str | None = None) -> None:
        self.encoding = encoding
        """import-export hands one over; the reader accepts UTF-8 only."""

    def get_title(self) -> str:
        """The name in the list of formats."""
        return self.extension

    def get_extension(self) -> str:
        """The ending of the file's name."""
        return self.extension

    def get_content_type(self) -> str:
        """What the answer says the file is."""
        return self.content_type

    def is_binary(self) -> bool:
        """All formats are read as bytes: an encoding is checked, not assumed."""
        return True

    def can_import(self) -> bool:
        """Every format can be read."""
        return True

    def can_export(self) -> bool:
        """Not every format can be written."""
        return self.exports

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        """The first sheet that is not hidden; a blank cell is "".

        Raises:
            FileError: the file is refused; import-export shows its sentence.
        """
        sheets = read_sheets(in_stream, f"import.{self.extension}")
        visible = [sheet for sheet in sheets if not sheet.hidden] or sheets
        return to_dataset(visible[0] if visible else SheetRows("", []))


class SafeXLSX(_SafeFormat):
    """Excel workbooks."""

    extension = "xlsx"
    content_type = XLSX_TYPE

    def export_data(self, dataset: tablib.Dataset, **_kwargs: Any) -> bytes:
        """A styled workbook; what is a number or date in the dataset stays one."""
        title = dataset.title or _("Data")
        sheet = Sheet(title, columns_of(dataset), dataset)
        with write_workbook([sheet], properties=Properties(title, created=now())) as file:
            return file.read()


class SafeCSV(_SafeFormat):
    """CSV in UTF-8."""

    extension = "csv"
    content_type = CSV_TYPE

    def export_data(self, dataset: tablib.Dataset, **_kwargs: Any) -> bytes:
        """Text made harmless, numbers plain."""
        return b"".join(csv_lines(columns_of(dataset), dataset))


class SafeODS(_SafeFormat):
    """LibreOffice workbooks, for import only."""

    extension = "ods"
    content_type = "application/vnd.oasis.opendocument.spreadsheet"
    exports = False


SAFE_FORMATS = [SafeXLSX, SafeCSV, SafeODS]


class TypedResource(resources.ModelResource):  # type: ignore[misc]  # no types
    """A resource whose numbers and dates leave as numbers and dates, not as texts."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in self.fields:
            widget = self.fields[name].widget
            if hasattr(widget, "coerce_to_string"):
                widget.coerce_to_string = False


def columns_of(dataset: tablib.Dataset) -> list[Column]:
    """The columns of a dataset, each written by the type of its values."""
    headers: Sequence[Any] = dataset.headers or [""] * dataset.width
    return [Column(str(head or ""), itemgetter(index)) for index, head in enumerate(headers)]


def to_dataset(sheet: SheetRows) -> tablib.Dataset:
    """The first row that is not empty as headings, the rows below it as they are.

    Raises:
        FileError: a heading is missing above values, or stands there twice.
    """
    top = next((index for index, row in enumerate(sheet.rows) if not _is_empty(row)), 0)
    heads, *rows = [_texts(row) for row in sheet.rows[top:]] or [[]]
    width = max((len(row) for row in (heads, *rows)), default=0)
    headings = [str(text).strip() for text in heads] + [""] * (width - len(heads))
    _check(headings, sheet.title, top)
    dataset = tablib.Dataset(headers=headings, title=sheet.title)
    dataset.row_numbers = [number for number, row in enumerate(rows, start=top + 2) if row]
    for row in rows:
        if row:
            dataset.append(row + [""] * (width - len(row)))
    return dataset


def _check(headings: list[str], title: str, row: int) -> None:
    if "" in headings:
        raise FileError(
            _("The cell %(cell)s of the sheet “%(title)s” needs a heading.")
            % {"cell": address(row, headings.index("")), "title": title},
            code="heading_missing",
        )
    for one, other in pairwise(sorted(headings)):
        if one == other:
            raise FileError(
                _("The heading “%(heading)s” stands twice in the sheet “%(title)s”.")
                % {"heading": one[:100], "title": title},
                code="heading_twice",
            )


def _is_empty(row: list[Cell]) -> bool:
    return all(cell is None for cell in row)


def _texts(row: list[Cell]) -> list[Any]:
    """The row up to its last value, blanks as ""."""
    filled = [index for index, cell in enumerate(row) if cell is not None]
    return ["" if cell is None else cell for cell in row[: filled[-1] + 1 if filled else 0]]
