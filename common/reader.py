"""Workbooks in.  A bad file costs its sender a sentence, and nobody else anything.

Nothing of a file is believed: its type, size and content are measured here first, and the
library that reads the cells is given a copy made of the checked parts only.
"""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from io import BytesIO
from math import isfinite
from pathlib import PurePath
from typing import IO

from django.utils.translation import gettext as _
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from common import file_rules as rules
from common.archives import Archive
from common.containers import checked_ods, checked_xlsx, kind_of
from common.csv_reader import read_csv
from common.file_rules import DEFAULT_LIMITS, FileError, Limits, address
from common.numbers import plain

__all__ = ["DEFAULT_LIMITS", "Cell", "FileError", "Limits", "SheetRows", "address", "read_sheets"]

Cell = str | Decimal | bool | date | time | None
"""A cell from outside.  datetime is a date too; blank is None; times longer than a day are text."""

EXTENSIONS = (".xlsx", ".ods", ".csv")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_EXACT = 10**15


@dataclass(frozen=True)
class SheetRows:
    """One sheet; rows[0] is row 1 and row[0] column A, so address(i, j) names a cell."""

    title: str
    rows: list[list[Cell]]
    hidden: bool = False


def read_sheets(
    file: bytes | IO[bytes], filename: str, *, limits: Limits = DEFAULT_LIMITS
) -> list[SheetRows]:
    """Every worksheet of an XLSX, ODS or CSV file, in its order.

    Raises:
        FileError: with a sentence for the sender that says what is wrong, where, and what to do.
    """
    data = file if isinstance(file, bytes) else file.read(limits.max_bytes + 1)
    if len(data) > limits.max_bytes:
        raise rules.too_large(limits)
    if not data.strip():
        raise FileError(_("The file is empty."), code="empty")
    path = PurePath(filename)
    extension = path.suffix.lower()
    real = _real_type(data, extension)
    if real == ".csv":
        rows: list[list[Cell]] = [list(row) for row in read_csv(data, path.stem, limits)]
        return [SheetRows(path.stem, rows)]
    archive = Archive(data, limits)
    kind = kind_of(archive)
    checked = checked_ods(archive) if kind == "ods" else checked_xlsx(archive)
    if extension != f".{kind}":
        raise _misnamed(extension, f".{kind}")
    return _load(checked)


def _real_type(data: bytes, extension: str) -> str:
    """ ".zip" or ".csv" by the first bytes; everything else is refused by its name."""
    _refuse_other_types(data)
    if extension not in EXTENSIONS:
        _refuse_extension(extension)
    if data.startswith(_ZIP):
        return ".zip"
    if extension != ".csv":
        raise rules.damaged()
    return ".csv"


def _refuse_other_types(data: bytes) -> None:
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise rules.encrypted()
        raise rules.wrong_type(_("an old workbook (.xls); save it as .xlsx"))
    if data.startswith(b"%PDF"):
        raise rules.wrong_type(_("a PDF document"))
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise rules.wrong_type(_("a web page or XML"))


def _refuse_extension(extension: str) -> None:
    if extension in (".xlsm", ".xltm"):
        raise rules.macros()
    raise rules.wrong_type(
        _("called “%(extension)s”, which we do not read") % {"extension": extension[:20]}
    )


def _misnamed(extension: str, real: str) -> FileError:
    return rules.wrong_type(
        _("called “%(extension)s” but is really “%(real)s”; give it its right name")
        % {"extension": extension, "real": real}
    )


class _Library:
    """Turns every way in which the library may fail into a refusal, a panic of its Rust included.

    A panic is no Exception: it would end the worker process, not the request.
    """

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _trace: object
    ) -> None:
        if kind is None or isinstance(error, FileError):
            return
        failures = (CalamineError, ValueError, ArithmeticError, OSError)
        if issubclass(kind, failures) or kind.__name__ == "PanicException":
            raise rules.damaged() from error


def _load(container: BytesIO) -> list[SheetRows]:
    """Read the checked copy; what the library refuses is damage the checks do not look for."""
    with _Library(), CalamineWorkbook.from_filelike(container) as book:
        return [
            SheetRows(
                about.name,
                _rows(book.get_sheet_by_index(index)),
                about.visible != SheetVisibleEnum.Visible,
            )
            for index, about in enumerate(book.sheets_metadata)
            if about.typ == SheetTypeEnum.WorkSheet
        ]


def _rows(sheet: CalamineSheet) -> list[list[Cell]]:
    """The cells at their own addresses, without the empty rows at the end."""
    if sheet.start is None:
        return []
    margin: list[Cell] = [None] * sheet.start[1]
    rows: list[list[Cell]] = []
    for number, values in enumerate(sheet.iter_rows()):
        cells = [
            value if type(value) is str and value else _cell(value, sheet.name, number, index)
            for index, value in enumerate(values, start=len(margin))
        ]
        rows.append(margin + cells)
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    return rows


def _cell(value: object, title: str, row: int, column: int) -> Cell:
    """One value; numbers as the 15 digits that every sheet program shows."""
    if value == "":
        return None
    if isinstance(value, float):
        if not isfinite(value):
            raise rules.error_value(title, address(row, column))
        return _decimal(value)
    if isinstance(value, bool | date | time):
        return value
    if isinstance(value, int):
        return Decimal(value)
    return str(value)


def _decimal(value: float) -> Decimal:
    if value.is_integer() and abs(value) < _EXACT:
        return Decimal(int(value))
    return Decimal(plain(Decimal(format(value, ".15g"))))
