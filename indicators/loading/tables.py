"""A plan's folder or workbook as tables of raw cells, with their headings checked."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import zip_longest
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from common.reader import Cell, FileError, SheetRows, read_sheets
from indicators.loading.problems import Problems
from indicators.loading.shape import BY_NAME, SHEETS, Sheet

WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".ods"}


@dataclass(frozen=True)
class Table:
    """One sheet as it was found: rows of cells by column, each with its number in the file."""

    sheet: Sheet
    file: str
    header: tuple[str, ...]
    rows: list[tuple[int, dict[str, Cell]]]

    @property
    def is_broken(self) -> bool:
        """Whether its rows cannot be told apart, for want of a column."""
        required = {column.name for column in self.sheet.columns if column.required}
        return not set(self.sheet.key) & required <= set(self.header)


@dataclass(frozen=True)
class Found:
    """A worksheet or CSV file, with the name by which problems speak of it."""

    file: str
    sheet: SheetRows


def read(path: Path, problems: Problems) -> list[Found]:
    """Every sheet of a folder of CSV files, of a workbook, or of one CSV file."""
    if path.is_dir():
        files = _csv_files(path, problems)
        return [found for file in files for found in _read_file(file, problems)]
    if not path.is_file():
        problems.add(str(path), _("There is no such folder or file."))
        return []
    return _read_file(path, problems)


def _csv_files(folder: Path, problems: Problems) -> list[Path]:
    """The CSV files of a folder. A workbook beside them is refused, for it would go unread."""
    visible = sorted(file for file in folder.iterdir() if not file.name.startswith((".", "~$")))
    files = [file for file in visible if file.suffix.lower() == ".csv"]
    for file in visible:
        if file.suffix.lower() in WORKBOOKS:
            text = _("Of a folder only the CSV files are read. Load this workbook on its own.")
            problems.add(file.name, text)
    if not files and not problems.found:
        inner = [file.name for file in visible if file.is_dir() and any(file.glob("*.csv"))]
        text = _("There is no CSV file in this folder.")
        if inner:
            text = _("There is no CSV file in this folder. Name one inside it: %s.")
            text %= ", ".join(inner)
        problems.add(str(folder), text)
    return files


def _read_file(path: Path, problems: Problems) -> list[Found]:
    try:
        sheets = read_sheets(path.read_bytes(), path.name)
    except FileError as error:
        problems.add(path.name, error)
        return []
    if path.suffix.lower() == ".csv":
        return [Found(path.name, sheet) for sheet in sheets]
    return name_sheets(sheets)


def name_sheets(sheets: Iterable[SheetRows]) -> list[Found]:
    """The worksheets of a workbook, each called by its title."""
    return [Found(sheet.title, sheet) for sheet in sheets]


def tables(found: Iterable[Found], problems: Problems) -> list[Table]:
    """The sheets that can be read on, in the order in which they build on each other."""
    made: dict[str, Table] = {}
    for item in found:
        sheet = BY_NAME.get(item.sheet.title.strip().lower())
        if sheet is None:
            names = ", ".join(sheet.name for sheet in SHEETS)
            problems.add(item.file, _("This is no sheet of a plan. The sheets are: %s.") % names)
        elif sheet.name in made:
            problems.add(item.file, _("This sheet is there twice."))
        else:
            made[sheet.name] = _table(sheet, item, problems)
    problems.files = [made[sheet.name].file for sheet in SHEETS if sheet.name in made]
    return [made[sheet.name] for sheet in SHEETS if sheet.name in made]


def _table(sheet: Sheet, found: Found, problems: Problems) -> Table:
    rows = found.sheet.rows
    header = _headings(rows[0]) if rows else ()
    _check_header(sheet, found.file, header, problems)
    body = []
    for number, cells in enumerate(rows[1:], start=2):
        if any(not _is_blank(cell) for cell in cells):
            body.append((number, dict(zip_longest(header, cells[: len(header)]))))
            if any(not _is_blank(cell) for cell in cells[len(header) :]):
                problems.add(
                    found.file,
                    _("There is something to the right of the last column."),
                    row=number,
                )
    return Table(sheet, found.file, header, body)


def _headings(cells: list[Cell]) -> tuple[str, ...]:
    """The names of the columns; a sheet program may have given them a capital letter."""
    names = ["" if cell is None else str(cell).strip().lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _check_header(sheet: Sheet, file: str, header: tuple[str, ...], problems: Problems) -> None:
    for name in dict.fromkeys(header):
        if header.count(name) > 1 and name:
            problems.add(file, _("This column is there twice."), row=1, column=name)
        if sheet.column(name) is None:
            problems.add(file, _unknown(sheet, name), row=1, column=name or _("(no heading)"))
    for column in sheet.columns:
        if column.required and column.name not in header:
            problems.add(file, _("This required column is missing."), row=1, column=column.name)
    for field in sheet.texts:
        wanted = [f"{field}_{code}" for code in settings.MODELTRANSLATION_LANGUAGES]
        if not set(wanted) & set(header):
            text = _("One of these required columns is missing: %s.") % ", ".join(wanted)
            problems.add(file, text, row=1, column=wanted[0])


def _unknown(sheet: Sheet, name: str) -> str:
    """What to write instead of a heading that this sheet does not have."""
    names = [column.name for column in sheet.columns]
    near = get_close_matches(name, names, 1)
    if near:
        return _("This sheet has no such column. Perhaps it is “%s”.") % near[0]
    return _("This sheet has no such column. Its columns are: %s.") % ", ".join(names)
