"""The cells of an XLSX worksheet, each seen once before a workbook library may load it."""

import re

from common import file_rules as rules
from common.file_rules import Limits, address
from common.xml_scan import Attributes, Extent, Scan, Tally, number

_REFERENCE = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")
_KEPT = 20


class SharedStrings(Scan):
    """The lengths of the texts that cells of an XLSX file share."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.lengths: list[int] = []

    def start(self, name: str, attributes: Attributes) -> None:
        """Each si is one text; the library makes room for as many as the part says it has."""
        if name == "si":
            self.lengths.append(0)
        elif name == "sst":
            for said in (attributes.get("count", "0"), attributes.get("uniqueCount", "0")):
                if said.strip("0") and number(said, name) > self.limits.cells:
                    raise rules.too_many_cells(self.limits)

    def text(self, text: str) -> None:
        """All text counts, phonetic notes too."""
        if self.lengths:
            self.lengths[-1] += len(text)


class XlsxSheet(Scan):
    """One worksheet of an XLSX file."""

    def __init__(self, title: str, tally: Tally, lengths: list[int]) -> None:
        self.title, self.tally, self.lengths = title, tally, lengths
        self.extent = Extent(title, tally.limits)
        self.row, self.column = -1, -1
        self.type = ""
        self.in_cell = self.in_value = False
        self.value, self.length = "", 0

    def start(self, name: str, attributes: Attributes) -> None:
        """Follow rows and cells; stop at a formula."""
        if name == "c":
            self._open_cell(attributes)
        elif name in ("v", "t") and self.in_cell:
            self.in_value = True
        elif name == "f" and self.in_cell:
            raise rules.formula(self.title, address(self.row, self.column))
        elif name == "row":
            self.row = number(attributes.get("r") or self.row + 2, self.title) - 1
            self.column = -1
            self.extent.pass_row(self.row)

    def text(self, text: str) -> None:
        """Count the text of a value, and keep its beginning (it may be an index)."""
        if self.in_value:
            self.length += len(text)
            if len(self.value) < _KEPT:
                self.value += text[:_KEPT]

    def end(self, name: str) -> None:
        """Count a finished cell."""
        if name in ("v", "t"):
            self.in_value = False
        elif name == "c":
            self._close_cell()

    def finish(self) -> None:
        """Count the rectangle the sheet will take."""
        self.tally.add_area(self.extent.rows, self.extent.columns, self.title)

    def _open_cell(self, attributes: Attributes) -> None:
        self.in_cell, self.value, self.length = True, "", 0
        self.type = attributes.get("t", "")
        reference = attributes.get("r")
        if reference is None:
            self.column += 1
            return
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            raise rules.damaged(f"{self.title}, {reference[:20]}")
        self.row, self.column = int(match[2]) - 1, _column(match[1])

    def _close_cell(self) -> None:
        self.in_cell = False
        length = self._shared_length() if self.type == "s" else self.length
        self.tally.add_cells(1, length, self.title)
        if self.type == "e":
            raise rules.error_value(self.title, address(self.row, self.column))
        if self.value:
            self.extent.fill(self.row, self.column)

    def _shared_length(self) -> int:
        if not self.value:
            return 0
        if not self.value.isdigit() or int(self.value) >= len(self.lengths):
            raise rules.damaged(f"{self.title}, {address(self.row, self.column)}")
        return self.lengths[int(self.value)]


def _column(letters: str) -> int:
    """The place of a column, counted from zero: B is 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1
