"""What stands in the XML of a sheet, looked at before a workbook library may load it.

The scans see every cell once: they refuse formulas, errors and links by name, and count what
the library would allocate (it keeps the whole rectangle from the first to the last cell).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.parsers import expat

from common import file_rules as rules
from common.file_rules import Limits, address

Attributes = dict[str, str]

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
"""The most either format can hold."""


class Scan:
    """A handler of XML events; subclasses look at what they know and ignore the rest."""

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Text between elements."""

    def finish(self) -> None:
        """The part has been read to its end."""


def scan(chunks: Iterable[bytes], handler: Scan, part: str) -> None:
    """Read XML once and tell the handler the local names; no DTD, no entity, UTF-8 only.

    Raises:
        FileError: the part is not well-formed, or the handler refuses something.
    """
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: handler.start(
        name.rpartition(":")[2], attributes
    )
    parser.EndElementHandler = lambda name: handler.end(name.rpartition(":")[2])
    parser.CharacterDataHandler = handler.text

    def refuse_doctype(*_: object) -> None:
        raise rules.damaged(part)

    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        for chunk in chunks:
            if b"\x00" in chunk:
                raise rules.damaged(part)
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise rules.damaged(part) from error
    handler.finish()


def local(attributes: Attributes, name: str) -> str:
    """An attribute by its local name, "" if it is not there."""
    for key, value in attributes.items():
        if key.rpartition(":")[2] == name:
            return value
    return ""


@dataclass
class Tally:
    """What all sheets of one file hold together."""

    limits: Limits
    cells: int = 0
    area: int = 0
    characters: int = 0

    def add_cells(self, number: int, characters: int, title: str) -> None:
        """Count cells and their text."""
        self.cells += number
        self.characters += number * characters
        if self.cells > self.limits.cells:
            raise rules.too_many_cells(self.limits, title)
        if self.characters > self.limits.characters:
            raise rules.too_much_text(self.limits)

    def add_area(self, rows: int, columns: int, title: str) -> None:
        """Count the rectangle a sheet takes in memory."""
        self.area += rows * columns
        if self.area > self.limits.cells:
            raise rules.too_many_cells(self.limits, title)


class Extent:
    """How far one sheet reaches, and how long its runs of empty rows are."""

    def __init__(self, title: str, limits: Limits) -> None:
        self.title, self.limits = title, limits
        self.rows = self.columns = self.empty = 0

    def fill(self, row: int, column: int) -> None:
        """Something stands in this cell (counted from zero)."""
        if row >= self.limits.rows:
            raise rules.too_many_rows(self.limits, self.title)
        if column >= self.limits.columns:
            raise rules.too_many_columns(self.limits, self.title, address(row, column))
        if row - self.rows > self.limits.empty_run:
            raise rules.empty_rows(self.title, self.rows, row - 1)
        self.rows = max(self.rows, row + 1)
        self.columns = max(self.columns, column + 1)
        self.empty = 0

    def pass_row(self, row: int) -> None:
        """A row is written in the file, perhaps with nothing in it."""
        self.empty += 1
        if self.empty > self.limits.empty_run:
            raise rules.empty_rows(self.title, self.rows, row)


def number(text: str | int, title: str, limit: int = MAX_ROWS) -> int:
    """A count written in the file, refused unless it is a plain one within the format's limit."""
    if isinstance(text, str):
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise rules.damaged(f"{title}, {text[:20]}")
        text = int(text)
    if not 1 <= text <= limit:
        raise rules.damaged(f"{title}, {text}")
    return text
