"""What is worth a question in a workbook that comes back, told at its cells."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reports.exchange.headings import title_of
from reports.exchange.loading import Sections
from reports.exchange.touched import CellError, Touched
from reports.forms.actions import ActionForm
from reports.forms.lines import LineForm
from reports.plausible import Doubt, Said
from reports.services import with_summed_total

_FIGURES = ("value", "numerator", "denominator")


def overspending(touched: Touched) -> Iterator[str]:
    """Where an action would have spent more to date than was allocated; its comment may say why."""
    form = touched.form
    if isinstance(form, ActionForm) and form.is_valid():
        for note in form.notes:
            yield f"{form.subject}: {note}"


@dataclass(frozen=True)
class Placed:
    """A doubt with the cell of the file it is about, empty where the file has none for it."""

    code: str
    sheet: str
    address: str
    text: str

    def __str__(self) -> str:
        return f"{self.code}, {self.sheet} {self.address}".strip() + f" – {self.text}"


def unanswered(
    sections: Sections, touched: Sequence[Touched], errors: Collection[CellError]
) -> Iterator[Placed]:
    """What new figures leave in doubt: no comment explains it, or no comment can.

    The report is looked at as it would be with the workbook taken over; what stood there before is
    not asked about again. A cell with a mistake is told as that.
    """
    forms = {t.form.indicator.pk: t for t in touched if isinstance(t.form, LineForm)}
    said = {pk: _said(one.form) for pk, one in forms.items() if isinstance(one.form, LineForm)}
    doubts = sections.doubts(said)
    wrong = {(error.key.section, error.key.cell) for error in errors}
    for pk, one in forms.items():
        changed = _figures_changed(one)
        for doubt in doubts.get(pk, ()) if changed else ():
            is_told = doubt.is_told_again and doubt.other in forms
            is_right = (one.key, doubt.cell) not in wrong
            if doubt.blocks and is_right and not is_told and _is_new(doubt, one, changed):
                yield _placed(doubt, one, changed, said[pk].indicator.code)


def _figures_changed(touched: Touched) -> dict[str, str]:
    """The cells with a new figure, each with the first of its columns that changed."""
    changed = reversed(touched.changed)
    return {row.key.cell: name for row, name in changed if name in _FIGURES}


def _said(form: LineForm) -> Said:
    """What a line would say; a form that is not in order says what could be read."""
    answers = with_summed_total(form.section, getattr(form, "answers", []))
    note = form.cleaned_data.get("note", "")
    return Said(form.indicator, {answer.cell: answer for answer in answers}, note)


def _is_new(doubt: Doubt, touched: Touched, changed: Mapping[str, str]) -> bool:
    """Whether the workbook brought it: its cell changed, or one that its figure hangs on."""
    own = {row.key.cell for row in touched.rows if row.inputs}
    return doubt.cell in changed or doubt.cell not in own or bool(doubt.other)


def _placed(doubt: Doubt, touched: Touched, changed: Mapping[str, str], code: str) -> Placed:
    """At the figure that changed, else at the first of its cell."""
    at = touched.typed.get((doubt.cell, changed.get(doubt.cell, doubt.field)))
    sheet, address = (at.sheet, at.address) if at else (title_of(touched.part), "")
    return Placed(code, sheet, address, doubt.asking)
