"""A block of cells copied from a spreadsheet: where each would land in an indicator's table.

Nothing is written here. What a cell says is read by the very field it would stand in, in the
reader's language; what the field would refuse is told, and never put in.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest
from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.cells import clean_text
from indicators.cells import TOTAL
from indicators.choices import ObservationState
from reports.forms.blocks import Rows
from reports.forms.fields import NumberField, as_typed, tidy
from reports.forms.figures import CellRow, figure_labels
from reports.forms.lines import LineForm
from reports.missing import line_anchor


class Fate(StrEnum):
    """What becomes of one cell of a block."""

    CHANGE = "change"
    SAME = "same"
    WRONG = "wrong"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Landing:
    """One cell of the table that a cell of the block comes to.

    `field` is the name of the form's field and `value` what would be typed into it; `old` and
    `new` are the same in words, and `problem` says why nothing is put in.
    """

    field: str
    row: str
    column: str
    old: str
    new: str
    value: str = ""
    fate: Fate = Fate.CHANGE
    problem: str = ""


@dataclass(frozen=True)
class Placed:
    """Where a whole block lands, and in sentences what of it lies outside the table."""

    landings: list[Landing]
    outside: list[str]

    @property
    def changes(self) -> list[Landing]:
        return [landing for landing in self.landings if landing.fate == Fate.CHANGE]

    @property
    def left_out(self) -> list[Landing]:
        return [landing for landing in self.landings if landing.problem]

    @property
    def same(self) -> list[Landing]:
        return [landing for landing in self.landings if landing.fate == Fate.SAME]


@dataclass(frozen=True)
class TableRow:
    """One row of an indicator's table; a total that is summed has no fields, only their names."""

    label: str
    names: list[str]
    fields: list[BoundField]


# ------------------------------------------------------------------ the table


def table_of(form: LineForm) -> list[TableRow]:
    """The rows of the form's table with their fields, in the order in which they are shown."""
    return [
        _table_row(form, f"{title} · {row.label}" if title else row.label, row)
        for title, rows in form.groups
        for row in rows
    ]


def _table_row(form: LineForm, label: str, row: CellRow) -> TableRow:
    fields = [*row.inputs, *(field for field in (row.state, row.reason) if field is not None)]
    summed = [line_anchor(form.section, TOTAL, figure) for figure in form.figures]
    return TableRow(label, [field.html_name for field in fields] or summed, fields)


def columns_of(form: LineForm) -> list[str]:
    """The names of the columns, as they are told beside the fields."""
    names = figure_labels(form.indicator)
    return [*(names[name] for name in form.figures), _("Value or why not"), _("Reason")]


def starts_of(form: LineForm) -> list[tuple[str, str]]:
    """Every place a block can begin in, with its name in words."""
    columns = columns_of(form)
    return [
        (name, f"{row.label} · {column}")
        for row in table_of(form)
        for name, column in zip(row.names, columns, strict=False)
    ]


# ------------------------------------------------------------------ where it lands


def place(rows: Rows, form: LineForm, start: str) -> Placed:
    """Where each cell of a block lands that begins at `start`, one of `starts_of`."""
    table, columns = table_of(form), columns_of(form)
    top = next(number for number, row in enumerate(table) if start in row.names)
    left = table[top].names.index(start)
    landings = [
        landing
        for row, cells in zip(table[top:], rows, strict=False)
        for landing in _row_landings(form, row, columns[left:], left, cells)
    ]
    below = rows[len(table) - top :]
    wide = [cells[len(columns) - left :] for cells in rows[: len(table) - top]]
    return Placed(landings, list(_outside(below, wide)))


def _row_landings(
    form: LineForm, row: TableRow, columns: list[str], left: int, cells: list[str]
) -> list[Landing]:
    fields = row.fields[left:]
    if not row.fields:
        return [_summed(row, column, text) for column, text in zip(columns, cells, strict=False)]
    made = [
        _landing(form, row, column, field, text)
        for column, field, text in zip(columns, fields, cells, strict=False)
    ]
    return list(_beside_state(form, row, made))


def _summed(row: TableRow, column: str, text: str) -> Landing:
    sentence = _("This total is added up from its parts, so nothing is put in here.")
    return Landing("", row.label, column, "", _seen(text), fate=Fate.SKIPPED, problem=sentence)


def _seen(text: str) -> str:
    """A pasted text as it is shown, with a sign for what cannot be."""
    return clean_text(tidy(text))


def _landing(form: LineForm, row: TableRow, column: str, field: BoundField, text: str) -> Landing:
    typed = form.typed[field.name]
    told = Landing(field.html_name, row.label, column, _words(field, typed), _seen(text))
    try:
        value = _read(field.field, tidy(text), typed)
    except ValidationError as refusal:
        return replace(told, fate=Fate.WRONG, problem=" ".join(refusal.messages))
    fate = Fate.SAME if value == typed else Fate.CHANGE
    return replace(told, new=_words(field, value), value=value, fate=fate)


def _read(field: forms.Field, text: str, typed: str) -> str:
    """What would be typed into a field.

    Raises:
        ValidationError: the field would refuse it.
    """
    if isinstance(field, forms.ChoiceField):
        return _chosen(field, text, typed)
    if isinstance(field, NumberField):
        return as_typed(field.clean(text))
    if clean_text(text) != text:
        raise ValidationError(_("There is an invisible character in this text. Type it by hand."))
    if "\n" in text and not isinstance(field.widget, forms.Textarea):
        text = " ".join(text.split())
    return str(field.clean(text))


def _choices(field: forms.ChoiceField) -> dict[str, str]:
    """The words of a list by their codes."""
    pairs = cast(Iterable[tuple[object, object]], field.choices)
    return {str(value): str(label) for value, label in pairs}


def _chosen(field: forms.ChoiceField, text: str, typed: str) -> str:
    """A choice by its name or its code. A list that cannot be left empty stays as it is."""
    choices = _choices(field)
    if not text:
        return "" if "" in choices else typed
    for value, label in choices.items():
        if value and text.casefold() in (value.casefold(), label.casefold()):
            return value
    known = ", ".join(label for value, label in choices.items() if value)
    raise ValidationError(
        _("“%(text)s” can not be chosen here. Write one of these: %(choices)s.")
        % {"text": _seen(text)[:40], "choices": known}
    )


def _words(field: BoundField, raw: str) -> str:
    """What stands in a field as a person reads it."""
    if not raw or not isinstance(field.field, forms.ChoiceField):
        return raw
    return _choices(field.field).get(raw, raw)


# ------------------------------------------------------------------ a value beside its absence


def _state_after(form: LineForm, row: TableRow, landings: list[Landing]) -> str:
    """The state a row has once the block is in."""
    state = row.fields[-2]
    landed = next((found for found in landings if found.field == state.html_name), None)
    return landed.value if landed and landed.value else form.typed[state.name]


def _beside_state(form: LineForm, row: TableRow, landings: list[Landing]) -> Iterator[Landing]:
    """A figure in a row that says there is none would be dropped by the form: it is told here."""
    state = _state_after(form, row, landings)
    figures = {field.html_name for field in row.fields[:-2]}
    for landing in landings:
        is_lost = landing.field in figures and landing.fate == Fate.CHANGE and landing.value
        if state in ("", ObservationState.VALUE) or not is_lost:
            yield landing
        else:
            yield replace(landing, fate=Fate.WRONG, problem=_contradiction(row, state))


def _contradiction(row: TableRow, state: str) -> str:
    words = {"state": _words(row.fields[-2], state), "value": ObservationState.VALUE.label}
    return (
        _("This row says “%(state)s”. Choose “%(value)s” there before a figure is put in.") % words
    )


def _outside(below: Rows, wide: Rows) -> Iterator[str]:
    """What the table has no place for, if there is anything in it."""
    lines = sum(1 for cells in below if any(cell.strip() for cell in cells))
    if lines:
        yield ngettext(
            "%(number)d row of the block lies below the table and is left out.",
            "%(number)d rows of the block lie below the table and are left out.",
            lines,
        ) % {"number": lines}
    columns = sum(1 for cells in zip_longest(*wide, fillvalue="") if any(c.strip() for c in cells))
    if columns:
        yield ngettext(
            "%(number)d column of the block lies beside the table and is left out.",
            "%(number)d columns of the block lie beside the table and are left out.",
            columns,
        ) % {"number": columns}
