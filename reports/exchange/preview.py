"""A returned workbook held against the report: every change and every mistake, before any is stored.

The cells of a section become what a person would have typed on its page, so that the form of that
page judges them and both say the same. Only cells that differ from the report are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.canonical import canonical, sha256
from indicators.choices import ObservationState
from reports.checks import LineFault, line_faults
from reports.exchange.cell_values import CellProblem, Read, as_shown, differs, read_cell
from reports.exchange.headings import heading_of, title_of
from reports.exchange.layout import Part, RowKey
from reports.exchange.reading import Contents, Place, Typed, contents_of, typed_cells
from reports.exchange.rows import Row, Sections, column_of, load_sections
from reports.forms.figures import figures_of
from reports.forms.lines import LineForm
from reports.forms.sections import ActionForm, NarrativeForm, SectionForm
from reports.missing import owed_cells
from reports.models import Line, Observation, Report, Upload


@dataclass(frozen=True)
class Change:
    """One cell that would change: what stands in the report and what came back."""

    part: Part
    key: RowKey
    column: str
    subject: str
    label: str
    sheet: str
    address: str
    old: str
    new: str
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


@dataclass
class Preview:
    """What taking the workbook over would do."""

    report: Report
    sections: Sections
    changes: list[Change] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    touched: list[Touched] = field(default_factory=list)

    @property
    def conflicts(self) -> list[Change]:
        return [change for change in self.changes if change.is_conflict]

    @property
    def has_conflicts(self) -> bool:
        """Whether somebody saved one of these sections since the workbook was made."""
        return bool(self.conflicts)

    @property
    def can_confirm(self) -> bool:
        """Whether there is something to take over, and nothing against it."""
        return bool(self.changes) and not self.errors

    @property
    def mark(self) -> str:
        """A short mark of the changes, so that nobody confirms others than she was shown."""
        told = [[*c.key.written().split("|"), c.column, c.old, c.new] for c in self.changes]
        return sha256(canonical(told))[:20]


def preview(upload: Upload) -> Preview:
    """Hold what came back against the report as it is now, in the active language."""
    report = Report.objects.with_names().get(pk=upload.report_id)
    contents, sections = contents_of(upload), load_sections(report)
    rows = sections.rows(contents.language)
    found = Preview(report, sections)
    typed = dict(typed_cells(contents))
    for fault in contents.faults:
        found.errors.append(_stray(fault))
    known: set[tuple[str, str, str]] = set()
    for part in Part:
        for key, group in _by_section(rows[part]).items():
            known |= {(part.value, key, row.key.cell) for row in group}
            _look_at(found, contents, (part, key, group), typed)
    found.errors += _unknown(typed, known)
    found.notices += _missing_rows(rows, typed)
    return found


def _stray(fault: Mapping[str, str]) -> CellError:
    part = Part(fault["part"])
    key = RowKey("", 0)
    return CellError(
        part, key, "", title_of(part), "", fault["sheet"], fault["address"], fault["text"]
    )


def _by_section(rows: list[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.key.section, []).append(row)
    return groups


def _unknown(typed: Mapping[Place, Typed], known: set[tuple[str, str, str]]) -> Iterator[CellError]:
    """Rows whose hidden key names nothing of this report."""
    told: set[tuple[str, str, str]] = set()
    for (part, section, cell, _column), at in typed.items():
        place = (part, section, cell)
        if place not in known and place not in told and at.value is not None:
            told.add(place)
            text = _("This row is not one of the report’s: its hidden key was changed.")
            fault = {"part": part, "sheet": at.sheet, "address": at.address, "text": text}
            yield _stray(fault)


def _missing_rows(rows: Mapping[Part, list[Row]], typed: Mapping[Place, Typed]) -> list[str]:
    there = {place[:3] for place in typed}
    gone = [
        row
        for part, group in rows.items()
        for row in group
        if row.inputs and (part.value, row.key.section, row.key.cell) not in there
    ]
    if not gone:
        return []
    sentence = ngettext(
        "%(number)d row of the report is not in the workbook and stays as it is.",
        "%(number)d rows of the report are not in the workbook and stay as they are.",
        len(gone),
    )
    return [sentence % {"number": len(gone)}]


def _look_at(
    found: Preview,
    contents: Contents,
    section: tuple[Part, str, list[Row]],
    typed: Mapping[Place, Typed],
) -> None:
    """Find what differs in one section; if anything does, let its form judge all of it."""
    part, key, rows = section
    read: dict[tuple[str, str], Read] = {}
    changed: list[tuple[Row, str]] = []
    for row in rows:
        for name, asked in row.inputs.items():
            at = typed.get((part.value, key, row.key.cell, name))
            if at is None or not row.is_writable(name) or not differs(row.now.get(name), at.value):
                continue
            result = read_cell(at, asked, contents.language)
            if result.problem is None and result.same_as(row.now.get(name), asked):
                continue
            read[row.key.cell, name] = result
            changed.append((row, name))
        if "state" in row.inputs and changed and changed[-1][0] is row:
            _both(row, typed, read, contents.language)
    if not changed:
        return
    form = _form(found, part, key, rows, read)
    touched = Touched(key, part, rows, form, read, changed)
    found.touched.append(touched)
    found.changes += [_change(touched, row, name) for row, name in changed]
    found.errors += _errors(found, touched)


def _both(
    row: Row, typed: Mapping[Place, Typed], read: dict[tuple[str, str], Read], language: str
) -> None:
    """A reason for no value beside a value: one of them is wrong, and neither is dropped."""
    section, cell = row.key.section, row.key.cell
    names = [name for name in row.needed if name != "state"]
    state, *figures = (typed.get((Part.REPORT.value, section, cell, n)) for n in ("state", *names))
    if state is None or all(at is None or at.value is None for at in figures):
        return
    said = read_cell(state, row.inputs["state"], language)
    if said.problem is None and said.value not in ("", ObservationState.VALUE):
        text = _("There is a value and a reason why there is none. Empty one of them.")
        read[cell, "state"] = Read(state, "", CellProblem(text))


def _form(
    found: Preview, part: Part, key: str, rows: list[Row], read: Mapping[tuple[str, str], Read]
) -> SectionForm | None:
    """The section's form, filled in by the workbook."""
    sections = found.sections
    if part == Part.NARRATIVE:
        given = {f"narrative-{cell}": r.value for (cell, _name), r in read.items()}
        return NarrativeForm(sections.narrative, _posted(given, "narrative", rows))
    number = int(key.partition("-")[2])
    if part == Part.ACTIONS:
        action = next(row for row in sections.actions if row.pk == number)
        given = {f"{key}-{name}": r.value for (_cell, name), r in read.items()}
        return ActionForm(action, _posted(given, key, rows))
    if part == Part.REPORT:
        line = next(row for row in sections.lines if row.pk == number)
        names = field_names(line)
        given = {f"{key}-{names[place]}": r.value for place, r in read.items()}
        return LineForm(line, _posted(given, key, rows), sections.previous)
    return None


def _posted(given: Mapping[str, Any], key: str, rows: list[Row]) -> dict[str, Any]:
    return {**given, f"{key}-version": rows[0].key.version, f"{key}-seen": "from a workbook"}


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


def _change(touched: Touched, row: Row, name: str) -> Change:
    read = touched.read[row.key.cell, name]
    label = heading_of(name)
    if touched.part in (Part.REPORT, Part.NARRATIVE):
        label = row.label if touched.part == Part.NARRATIVE else f"{row.label} · {label}"
    return Change(
        touched.part,
        row.key,
        name,
        row.subject,
        label,
        read.at.sheet,
        read.at.address,
        as_shown(row.now.get(name)),
        as_shown(read.at.value),
        read.at.version < row.key.version,
    )


def _error(touched: Touched, row: Row, name: str, text: str, at: Typed | None) -> CellError:
    label = f"{row.label} · {heading_of(name)}" if row.label else heading_of(name)
    sheet, place = (at.sheet, at.address) if at else (title_of(touched.part), "")
    return CellError(touched.part, row.key, name, row.subject, label, sheet, place, text)


def _errors(found: Preview, touched: Touched) -> Iterator[CellError]:
    """What could not be read, what the form says, and what contradicts itself."""
    rows = {row.key.cell: row for row in touched.rows}
    unread = {place for place, read in touched.read.items() if read.problem}
    for cell, name in unread:
        read = touched.read[cell, name]
        yield _error(touched, rows[cell], name, str(read.problem), read.at)
    yield from _form_errors(touched, rows, unread)
    if isinstance(touched.form, LineForm):
        for fault in _faults(touched.form):
            yield _fault_error(touched, rows, fault)


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
        at = touched.read.get((cell, column))
        for text in errors:
            yield _error(touched, row, column, str(text), at.at if at else None)


def _places(touched: Touched) -> dict[str, tuple[str, str]]:
    """The cell and column of each field of the section's form."""
    if isinstance(touched.form, LineForm):
        return {name: place for place, name in field_names(touched.form.section).items()}
    if touched.part == Part.NARRATIVE:
        return {row.key.cell: (row.key.cell, "words") for row in touched.rows}
    return {name: ("", name) for name in touched.rows[0].inputs}


def _faults(form: LineForm) -> list[LineFault]:
    answers: dict[str, Observation] = {a.cell: a for a in getattr(form, "answers", [])}
    return line_faults(form.indicator, answers)


def _fault_error(touched: Touched, rows: Mapping[str, Row], fault: LineFault) -> CellError:
    """A contradiction, at the cell it stands in; a total that is summed has none of its own."""
    row = rows[fault.cell] if rows[fault.cell].inputs else next(r for r in touched.rows if r.inputs)
    column = fault.field if fault.field in row.inputs else next(iter(row.inputs))
    read = touched.read.get((row.key.cell, column))
    return _error(touched, row, column, fault.text, read.at if read else None)
