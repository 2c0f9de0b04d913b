"""CSV in: UTF-8 only, one of three separators, nothing guessed that could be wrong."""

import csv
from io import StringIO

from django.utils.translation import gettext as _

from common import file_rules as rules
from common.csvfile import unescape
from common.file_rules import FileError, Limits, address
from common.xml_scan import Extent, Tally

_SEPARATORS = ",;\t"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read_csv(data: bytes, title: str, limits: Limits) -> list[list[str | None]]:
    """The rows of a CSV file; a blank cell is None, everything else stays text.

    Raises:
        FileError: another encoding, an unclear separator, a broken quote, or too much of it.
    """
    text = _decoded(data)
    separator = _separator(text)
    if text.count(separator) > 2 * limits.cells:
        raise rules.too_many_cells(limits, title)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    extent, tally = Extent(title, limits), Tally(limits)
    rows: list[list[str | None]] = []
    try:
        for number, cells in enumerate(reader):
            rows.append([unescape(cell) if cell else None for cell in cells])
            _count(number, cells, extent, tally)
    except csv.Error as error:
        raise FileError(
            _("Line %(line)d of the file cannot be read: a quotation mark is missing or too many.")
            % {"line": reader.line_num},
            code="csv_quotes",
        ) from error
    del rows[extent.rows :]
    return rows


def _count(row: int, cells: list[str], extent: Extent, tally: Tally) -> None:
    extent.pass_row(row)
    filled = [column for column, cell in enumerate(cells) if cell]
    if filled:
        extent.fill(row, filled[-1])
    if len(cells) > tally.limits.columns:
        raise rules.too_many_columns(tally.limits, extent.title, address(row, len(cells) - 1))
    tally.add_cells(len(cells), 0, extent.title)
    tally.add_cells(1, sum(map(len, cells)), extent.title)


def _decoded(data: bytes) -> str:
    """The text, if it is UTF-8: an older encoding would turn ë and ç into other letters."""
    if data.startswith(_UTF_16) or b"\x00" in data:
        raise _encoding(_("The file is not UTF-8 text."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _encoding(
            _("Line %(line)d of the file is not UTF-8 text.") % {"line": line}
        ) from error


def _encoding(what: str) -> FileError:
    how = _("In Excel save it as “CSV UTF-8”, or send the workbook itself.")
    return FileError(f"{what} {how}", code="encoding")


def _separator(text: str) -> str:
    """The separator of the first line that is not empty, outside quotation marks."""
    line = next((line for line in StringIO(text) if line.strip()), "")
    bare = "".join(line.split('"')[::2])
    counts = sorted(((bare.count(mark), mark) for mark in _SEPARATORS), reverse=True)
    (most, mark), (second, _other) = counts[:2]
    if most and most == second:
        raise FileError(
            _(
                "The first line does not show what separates the columns."
                " Use commas, semicolons or tabs, one of them only."
            ),
            code="separator",
        )
    return mark if most else ","
