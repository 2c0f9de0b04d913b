"""A returned workbook held against the report: each change and mistake, before any is stored.

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
from reports.exchange.cell_values import CellProblem, Read, as_shown, as_stored, differs, read_cell
from reports.exchange.doubts import Placed, overspending, unanswered
from reports.exchange.headings import heading_of, title_of
from reports.exchange.layout import Part, RowKey
from reports.exchange.loading import Sections, load_sections
from reports.exchange.reading import Contents, Place, Typed, contents_of, typed_cells
from reports.exchange.rows import Row, action_field
from reports.exchange.touched import CellError, Change, Touched, errors_of, field_names
from reports.forms.actions import ActionForm
from reports.forms.lines import LineForm
from reports.forms.sections import NarrativeForm, SectionForm
from reports.models import Report, Upload


@dataclass
class Preview:
    """What taking the workbook over would do."""

    report: Report
    sections: Sections
    loses_space: bool = False
    changes: list[Change] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    doubts: list[Placed] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
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
    found = Preview(report, sections, upload.name.lower().endswith(".ods"))
    typed = dict(typed_cells(contents))
    for fault in contents.faults:
        found.errors.append(_stray(fault))
    known: set[tuple[str, str, str]] = set()
    for part in Part:
        for key, group in _by_section(rows[part]).items():
            known |= {(part.value, key, row.key.cell) for row in group}
            _look_at(found, contents, (part, key, group), typed)
    found.doubts += unanswered(sections, found.touched, found.errors)
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
            if at is None or not row.is_writable(name):
                continue
            if not differs(row.now.get(name), at.value, loses_space=found.loses_space):
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
    here = {(cell, name): at for (p, k, cell, name), at in typed.items() if (p, k) == (part, key)}
    touched = Touched(key, part, rows, form, read, changed, here)
    found.touched.append(touched)
    found.changes += [_change(touched, row, name) for row, name in changed]
    found.errors += errors_of(touched)
    found.warnings += overspending(touched)


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
        given = {f"{key}-{action_field(*place)}": r.value for place, r in read.items()}
        earlier = sections.earlier.get(action.action.code, ())
        return ActionForm(action, _posted(given, key, rows), earlier)
    if part == Part.REPORT:
        line = next(row for row in sections.lines if row.pk == number)
        names = field_names(line)
        given = {f"{key}-{names[place]}": r.value for place, r in read.items()}
        return LineForm(line, _posted(given, key, rows), sections.previous)
    return None


def _posted(given: Mapping[str, Any], key: str, rows: list[Row]) -> dict[str, Any]:
    return {**given, f"{key}-version": rows[0].key.version, f"{key}-seen": "from a workbook"}


def _change(touched: Touched, row: Row, name: str) -> Change:
    read, asked = touched.read[row.key.cell, name], row.inputs[name]
    label = heading_of(name)
    if row.label:
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
        as_stored(row.now.get(name), asked),
        read.stored(asked),
        read.at.version != row.key.version,
    )
