"""The rows of a table with every cell read, and what becomes of each on its way to the database."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from indicators.loading.problems import Problems
from indicators.loading.shape import Sheet
from indicators.loading.tables import Table
from indicators.loading.values import CellError, read_cell

Key = tuple[Any, ...]


@dataclass
class Row:
    """One row. `values` holds what could be read, references still as codes.

    `instance` is the stored or new record it stands for, `changed` the columns that differ,
    `links` the records that a column with several codes names.
    """

    sheet: Sheet
    file: str
    number: int
    values: dict[str, Any] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    instance: Any = None
    is_new: bool = False
    changed: list[str] = field(default_factory=list)
    links: dict[str, list[Model]] = field(default_factory=dict)

    @property
    def key(self) -> Key | None:
        """What identifies the row; None where that cannot be read."""
        if self.failed & set(self.sheet.key):
            return None
        return tuple(self.values.get(name) for name in self.sheet.key)

    @property
    def label(self) -> str:
        """The row's key as people read it."""
        return "/".join(str(part) for part in self.key or () if part not in ("", None))

    def change(self, column: str) -> None:
        if column not in self.changed:
            self.changed.append(column)

    def refuse(self, problems: Problems, column: str, text: object) -> None:
        """Note a fault of this row."""
        problems.add(self.file, text, row=self.number, column=column)


def parse(table: Table, problems: Problems, country: str | None = "") -> list[Row]:
    """Read every cell; a row that repeats an earlier one is left out.

    Those whose key cannot be read stand at the end, to be told what else is wrong with them.
    An institution without a country is one of the plan's `country`, None when that is unknown.
    """
    rows: dict[Key, Row] = {}
    nameless: list[Row] = []
    for number, cells in table.rows:
        row = Row(table.sheet, table.file, number)
        _read(row, cells, problems)
        _fill_key(row, country)
        key = row.key
        if key is None:
            nameless.append(row)
        elif key in rows:
            text = _("“%(code)s” stands in row %(row)d already.")
            column = row.sheet.key[-1]
            row.refuse(problems, column, text % {"code": row.label, "row": rows[key].number})
        else:
            rows[key] = row
    return [*rows.values(), *nameless]


def _read(row: Row, cells: dict[str, Any], problems: Problems) -> None:
    row.failed.update(c.name for c in row.sheet.columns if c.required and c.name not in cells)
    for column in row.sheet.columns:
        if column.name not in cells:
            continue
        try:
            row.values[column.name] = read_cell(row.sheet, column, cells[column.name])
        except CellError as error:
            row.failed.add(column.name)
            row.refuse(problems, column.name, error)


def _fill_key(row: Row, country: str | None) -> None:
    """Give the parts of a key that were not written their defaults."""
    for name in row.sheet.key:
        if name == "country" and not row.values.get(name):
            row.values[name] = country
            row.failed.update([name] if country is None else [])
        elif name not in row.values and name not in row.failed:
            field = row.sheet.model._meta.get_field(name)
            row.values[name] = field.get_default()  # type: ignore[union-attr]
