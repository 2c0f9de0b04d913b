"""The tables of an ODS file, seen once before a workbook library may load them."""

from common import file_rules as rules
from common.file_rules import address
from common.xml_scan import MAX_COLUMNS, Attributes, Extent, Scan, Tally, local, number

_FETCHED = (
    *("table-source", "dde-link", "cell-range-source", "dde-source"),
    *("database-source-sql", "database-source-table", "database-source-query", "source-service"),
)


class OdsContent(Scan):
    """All tables of an ODS file.  One element can stand for a million cells."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.titles: list[str] = []
        self.extent = Extent("", tally.limits)
        self.in_table = self.in_cell = False
        self.row = self.column = self.row_repeat = self.repeat = self.length = 0
        self.filled = False

    def start(self, name: str, attributes: Attributes) -> None:
        """Follow tables, rows and cells; stop at formulas and outside sources."""
        if name in ("table-cell", "covered-table-cell"):
            self._open_cell(attributes)
        elif name == "table-row":
            self._open_row(attributes)
        elif name == "s":
            self.length += number(local(attributes, "c") or 1, self.extent.title)
        elif name == "table":
            self._open_table(attributes)
        elif name in _FETCHED or (name != "a" and ":" in local(attributes, "href")):
            raise rules.external_link(local(attributes, "href") or self.extent.title)
        elif name in ("event-listener", "script"):
            raise rules.macros()

    def text(self, text: str) -> None:
        """Count the text of a cell."""
        if self.in_cell:
            self.length += len(text)

    def end(self, name: str) -> None:
        """Count a finished cell, row or table."""
        if name in ("table-cell", "covered-table-cell"):
            self._close_cell()
        elif name == "table-row":
            self.row += self.row_repeat
        elif name == "table" and self.in_table:
            self.in_table = False
            self.tally.add_area(self.extent.rows, self.extent.columns, self.extent.title)

    def _open_table(self, attributes: Attributes) -> None:
        title = local(attributes, "name")
        if self.in_table:
            raise rules.damaged(title[:100])
        self.titles.append(title)
        if len(self.titles) > self.tally.limits.sheets:
            raise rules.too_many_sheets(self.tally.limits)
        self.extent = Extent(title, self.tally.limits)
        self.in_table, self.row = True, 0

    def _open_row(self, attributes: Attributes) -> None:
        self.row_repeat = number(local(attributes, "number-rows-repeated") or 1, self.extent.title)
        self.column = 0
        self.extent.pass_row(self.row)

    def _open_cell(self, attributes: Attributes) -> None:
        cell = address(self.row, self.column)
        if local(attributes, "formula"):
            raise rules.formula(self.extent.title, cell)
        self.repeat = number(
            local(attributes, "number-columns-repeated") or 1, self.extent.title, MAX_COLUMNS
        )
        self.in_cell = True
        self.filled = bool(local(attributes, "value-type"))
        self.length = len(local(attributes, "string-value"))

    def _close_cell(self) -> None:
        self.in_cell = False
        last = self.column + self.repeat - 1
        if self.filled:
            self.extent.fill(self.row, last)
            self.extent.fill(self.row + self.row_repeat - 1, last)
            self.tally.add_cells(self.repeat * self.row_repeat, self.length, self.extent.title)
        else:
            self.tally.add_cells(1, self.length, self.extent.title)
        self.column = last + 1
