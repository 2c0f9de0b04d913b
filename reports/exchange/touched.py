"""A section of a report in which a returned workbook differs, and what is wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reports.checks import LineFault, line_faults
from reports.exchange.cell_values import Read
from reports.exchange.headings import heading_of, title_of
from reports.exchange.layout import Part, RowKey
from reports.exchange.reading import Typed
from reports.exchange.rows import Row, action_field, column_of
from reports.forms.figures import figures_of
from reports.forms.lines import LineForm
from reports.forms.sections import SectionForm
from reports.missing import owed_cells
from reports.models import Line, Observation


@dataclass(frozen=True)
class Change:
    """One cell that would change: what stands in the report and what came back.

    `old` and `new` are for readers, in their language; `before` and `after` for the log, as stored.
    """

    part: Part
    key: RowKey
    column: str
    subject: str
    label: str
    sheet: str
    address: str
    old: str
    new: str
    before: str
    after: str
    is_conflict: bool


@dataclass(frozen=True)
class CellError:
    """One thing that is wrong, with the cell of the file it stands in."""

    part: Part
    key: RowKey
    column: str
    subject: str
    label: str
    sheet: str
    address: str
    text: str


@dataclass
class Touched:
    """A section in which something differs: its form as the workbook fills it in, and what changed.

    `form` is None for the reply to a remark, which is a text and nothing else.
    """

    key: str
    part: Part
    rows: list[Row]
    form: SectionForm | None
    read: dict[tuple[str, str], Read]
    changed: list[tuple[Row, str]]
    typed: Mapping[tuple[str, str], Typed]


def field_names(line: Line) -> dict[tuple[str, str], str]:
    """The name of the form's field for each cell and column of an indicator."""
    form = LineForm(line)
    owed = owed_cells(line)
    found = {
        (cell.key, column_of(line.indicator, figure)): form.name(line, cell.key, figure)
        for cell in owed
        for figure in figures_of(line.indicator)
    }
    for cell in owed:
        found |= {(cell.key, n): form.name(line, cell.key, n) for n in ("state", "reason")}
    first = owed[0].key if owed else ""
    return found | {(first, name): name for name in ("rating", "rating_reason", "note")}


def _error(touched: Touched, row: Row, name: str, text: str) -> CellError:
    label = f"{row.label} · {heading_of(name)}" if row.label else heading_of(name)
    at = touched.typed.get((row.key.cell, name))
    sheet, place = (at.sheet, at.address) if at else (title_of(touched.part), "")
    return CellError(touched.part, row.key, name, row.subject, label, sheet, place, text)


def errors_of(touched: Touched) -> Iterator[CellError]:
    """What could not be read, what the form says, and what contradicts itself."""
    rows = {row.key.cell: row for row in touched.rows}
    unread = {place for place, read in touched.read.items() if read.problem}
    for cell, name in unread:
        read = touched.read[cell, name]
        yield _error(touched, rows[cell], name, str(read.problem))
    told = list(_form_errors(touched, rows, unread))
    yield from told
    places = {(error.key.cell, error.column) for error in told}
    for fault in _faults(touched.form) if isinstance(touched.form, LineForm) else []:
        error = _fault_error(touched, rows, fault)
        if (error.key.cell, error.column) not in places:
            yield error


def _form_errors(
    touched: Touched, rows: Mapping[str, Row], unread: set[tuple[str, str]]
) -> Iterator[CellError]:
    form = touched.form
    if form is None:
        return
    places = _places(touched)
    silent = {cell for cell, name in unread if name not in ("rating", "rating_reason", "note")}
    for name, errors in form.errors.items():
        cell, column = places.get(name, (touched.rows[0].key.cell, ""))
        of_line = column in ("rating", "rating_reason", "note")
        if (cell, column) in unread or (cell in silent and not of_line):
            continue
        row = rows[cell]
        column = column or next(iter(row.inputs))
        for text in errors:
            yield _error(touched, row, column, str(text))


def _places(touched: Touched) -> dict[str, tuple[str, str]]:
    """The cell and column of each field of the section's form."""
    if isinstance(touched.form, LineForm):
        return {name: place for place, name in field_names(touched.form.section).items()}
    if touched.part == Part.NARRATIVE:
        return {row.key.cell: (row.key.cell, "words") for row in touched.rows}
    return {
        action_field(row.key.cell, name): (row.key.cell, name)
        for row in touched.rows
        for name in row.inputs
    }


def _faults(form: LineForm) -> list[LineFault]:
    answers: dict[str, Observation] = {a.cell: a for a in getattr(form, "answers", [])}
    return line_faults(form.indicator, answers)


def _fault_error(touched: Touched, rows: Mapping[str, Row], fault: LineFault) -> CellError:
    """A contradiction, at the cell it stands in; a total that is summed has none of its own."""
    row = rows[fault.cell] if rows[fault.cell].inputs else next(r for r in touched.rows if r.inputs)
    column = fault.field if fault.field in row.inputs else next(iter(row.inputs))
    return _error(touched, row, column, fault.text)
