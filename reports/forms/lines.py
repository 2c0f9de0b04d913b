"""One indicator of a report as a form: a row for each cell, a rating, a comment."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from accounts.models import User
from indicators.cells import TOTAL, Cell, part_cells
from indicators.choices import Kind, ObservationState
from reports.checks import LineFault
from reports.choices import RatingValue, Side
from reports.forms.fields import choice_field, text_field, tidy
from reports.forms.figures import (
    CellRow,
    figure_field,
    figure_labels,
    figure_text,
    figures_of,
    half_missing,
)
from reports.forms.sections import SectionForm
from reports.missing import line_anchor, owed_cells
from reports.models import Evidence, Line, Observation, Rating
from reports.plausible import Doubt, by_cell
from reports.queries import expected_at, target_at
from reports.review_figures import course_note, figure_of, shown_number
from reports.services import save_line

Previous = Mapping[tuple[int, str], Observation]


class LineForm(SectionForm):
    """The fields of one indicator line. Every cell that is owed has its own."""

    section: Line

    def __init__(
        self,
        section: Line,
        posted: Mapping[str, Any] | None = None,
        previous: Previous | None = None,
        doubts: Callable[[], Sequence[Doubt]] = tuple,
    ) -> None:
        """`doubts` is asked when the form is shown: for what is stored, not what is typed."""
        self.indicator, self.previous = section.indicator, previous or {}
        self._find_doubts = doubts
        self.owed = owed_cells(section)
        self.figures = figures_of(self.indicator)
        part = f"line-{section.pk}"
        self._start = len(part) + 1
        self.answers_now = {o.cell: o for o in section.observations.all()}
        cells: dict[str, forms.Field] = {}
        initial: dict[str, str] = {}
        for cell in self.owed:
            cells |= self._cell_fields(section, cell)
            initial |= self._cell_initial(section, cell)
        super().__init__(
            section, part, cells | self._own_fields(), initial | _own_initial(section), posted
        )

    def name(self, line: Line, cell: str, figure: str) -> str:
        """The name of a cell's field within this form; with the prefix it is its anchor."""
        return line_anchor(line, cell, figure)[self._start :]

    def _cell_fields(self, line: Line, cell: Cell) -> dict[str, forms.Field]:
        """A cell's figures, the choice of a value or none, and the reason for none."""
        place, names = line_anchor(line, cell.key, "errors"), figure_labels(self.indicator)
        labels = {name: names[name] for name in self.figures}
        labels |= {"state": _("Value or why not"), "reason": _("Reason")}
        fields: dict[str, forms.Field] = {}
        for name, label in labels.items():
            attrs = {"aria-label": f"{cell.label}: {label}", "aria-describedby": place}
            made = figure_field(self.indicator, name, f"{cell.label} · {label}", attrs)
            fields[self.name(line, cell.key, name)] = made
        return fields

    def _cell_initial(self, line: Line, cell: Cell) -> dict[str, str]:
        now = self.answers_now.get(cell.key)
        figures = {figure: figure_text(self.indicator, figure, now) for figure in self.figures}
        state = now.state if now else ObservationState.VALUE.value
        values = {**figures, "state": str(state), "reason": now.reason if now else ""}
        return {self.name(line, cell.key, name): text for name, text in values.items()}

    @property
    def own_names(self) -> list[str]:
        return list(self._own_fields())

    @staticmethod
    def _own_fields() -> dict[str, forms.Field]:
        return {
            "rating": choice_field(_("Your own rating"), RatingValue.choices, _("Choose")),
            "rating_reason": text_field(_("Why do you rate it so?")),
            "note": text_field(_("Comment on the figures")),
        }

    @cached_property
    def groups(self) -> list[tuple[str, list[CellRow]]]:
        """The rows of the table by dimension, the total first."""
        parts = part_cells(self.indicator)
        titled = [(group.title if len(parts) > 1 else "", cells) for group, cells in parts]
        first = Cell(TOTAL, _("Total") if parts else _("Value"))
        return [(title, [self._row(c) for c in cells]) for title, cells in [("", [first]), *titled]]

    def _row(self, cell: Cell) -> CellRow:
        line, indicator, period = self.section, self.indicator, self.section.report.period
        before = self.previous.get((indicator.pk, cell.key))
        then = figure_of(indicator, before)
        target = target_at(indicator, period, cell.key)
        return CellRow(
            label=cell.label,
            place=line_anchor(line, cell.key, "errors"),
            previous=then.text if then else "",
            previous_note=then.note if then else "",
            previous_period=str(before.line.report.period) if before else "",
            target=shown_number(indicator, target.value) if target else "",
            expected=self._expected(cell),
            notes=[doubt.note for doubt in self.doubts.get(cell.key, ())],
            **self._fields_of(cell),
        )

    def _expected(self, cell: Cell) -> str:
        value = expected_at(self.indicator, self.section.report.period, cell.key)
        return "" if value is None else shown_number(self.indicator, value, places=1)

    def _fields_of(self, cell: Cell) -> dict[str, Any]:
        """A row's own fields; a total that is summed has none, only what it comes to."""
        if cell.key not in {owed.key for owed in self.owed}:
            figure = figure_of(self.indicator, self.answers_now.get(cell.key))
            return {"computed": figure.text if figure else "–"}
        names = [self.name(self.section, cell.key, name) for name in self.figures]
        return {
            "inputs": [self[name] for name in names],
            "state": self[self.name(self.section, cell.key, "state")],
            "reason": self[self.name(self.section, cell.key, "reason")],
        }

    @cached_property
    def doubts(self) -> dict[str, list[Doubt]]:
        """What is worth a question about the stored figures, by cell."""
        return by_cell(self._find_doubts())

    @property
    def course_note(self) -> str:
        """Why target and expected value may be of another size than the value asked for."""
        return course_note(self.indicator, len(self.indicator.responsible.all()))

    @property
    def answered(self) -> int:
        return sum(1 for cell in self.owed if cell.key in self.answers_now)

    @property
    def evidence(self) -> Sequence[Evidence]:
        return list(self.section.evidence.all())

    def clean(self) -> dict[str, Any]:
        self.answers = [a for cell in self.owed if (a := self._answer(cell)) is not None]
        rating, reason = self.cleaned_data.get("rating"), self.cleaned_data.get("rating_reason")
        if rating and not reason:
            self.add_error("rating_reason", _("Give the reason of your rating in a sentence."))
        if reason and not rating:
            self.add_error("rating", _("Choose the rating that this reason belongs to."))
        return self.cleaned_data

    def _answer(self, cell: Cell) -> Observation | None:
        """What a cell's fields say; None where nothing has been answered yet."""
        given = {
            n: self.cleaned_data.get(self.name(self.section, cell.key, n)) for n in self.figures
        }
        state = self.cleaned_data.get(self.name(self.section, cell.key, "state")) or "value"
        reason = self.cleaned_data.get(self.name(self.section, cell.key, "reason")) or ""
        if state != ObservationState.VALUE:
            if not reason:
                self._say(cell, "reason", _("Say in a few words why there is no value."))
            self._drop_figures(cell)
            return Observation(cell=cell.key, state=state, reason=reason)
        if all(value in (None, "") for value in given.values()):
            if reason and not self._has_errors(cell):
                self._say(cell, "state", _("You gave a reason: choose what it is a reason for."))
            return None
        return self._value(cell, given)

    def _given(self, cell: Cell, name: str) -> Any:
        return self.cleaned_data.get(self.name(self.section, cell.key, name))

    def _value(self, cell: Cell, given: Mapping[str, Any]) -> Observation:
        for figure, sentence in half_missing(self.indicator, given):
            if not self._has_errors(cell):
                self._say(cell, figure, sentence)
        if self.indicator.is_text:
            return Observation(cell=cell.key, text=tidy(given["value"]))
        if self.indicator.kind == Kind.YES_NO:
            return Observation(cell=cell.key, value=Decimal(given["value"] or 0))
        return Observation(cell=cell.key, **{**given, "text": tidy(given.get("text"))})

    def _drop_figures(self, cell: Cell) -> None:
        """Where there is no value, what still stands in its hidden fields is not looked at."""
        for figure in self.figures:
            self.errors.pop(self.name(self.section, cell.key, figure), None)

    def _say(self, cell: Cell, figure: str, sentence: str) -> None:
        self.add_error(self.name(self.section, cell.key, figure), sentence)

    def _has_errors(self, cell: Cell) -> bool:
        names = [self.name(self.section, cell.key, n) for n in (*self.figures, "state", "reason")]
        return any(name in self.errors for name in names)

    def add_faults(self, faults: Sequence[LineFault]) -> None:
        """Show what the figures contradict at the fields they stand in."""
        for fault in faults:
            name = self.name(self.section, fault.cell, fault.field)
            self.add_error(name if name in self.fields else None, fault.text)

    def save(self, by: User) -> None:
        values = self.cleaned_data
        rating = (values["rating"], tidy(values["rating_reason"])) if values["rating"] else None
        save_line(
            self.section,
            by=by,
            version=self.version_typed_over,
            answers=self.answers,
            rating=rating,
            note=tidy(values["note"]),
        )


def _rating_of(line: Line) -> Rating | None:
    return next((r for r in line.ratings.all() if r.side == Side.MINISTRY), None)


def _own_initial(line: Line) -> dict[str, str]:
    rating = _rating_of(line)
    return {
        "rating": rating.value if rating else "",
        "rating_reason": rating.reason if rating else "",
        "note": line.note,
    }
