"""How one cell of a report's workbook is written: open or locked, with its list and its range."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from common.cells import Value, clean_text
from common.numbers import decimal_sign, plain, show_decimal
from common.workbook import Formats, cut, is_exact, write_cell
from reports.exchange.rows import Input

_OPEN, _LOCKED, _WRONG = "#FFFFFF", "#EEF1F4", "#F8D0CC"
_FORMATS = {"number": "General", "money": "#,##0.00", "text": "@", "choice": "General"}
_LONGEST_LIST = 255
_LARGEST = Decimal(10**11)


class InputFormats(Formats):
    """The cell formats of a workbook for filling in."""

    def __init__(self, book: Workbook) -> None:
        super().__init__(book)
        self.missing = book.add_format({"bg_color": "#FFF3B8"})
        self.title = self._make(bold=True, font_size=15)
        self.bold = self._make(bold=True)
        self.wrong = self._make(bg_color=_WRONG)
        self.not_asked = self._make(bg_color=_LOCKED, font_color="#5A6A7A")
        self._inputs: dict[tuple[str, bool, bool], Format] = {}

    def input(self, kind: str, *, is_text: bool, is_wrong: bool) -> Format:
        """An open cell; a text in it keeps the mark that it is one."""
        key = (kind, is_text, is_wrong)
        if key not in self._inputs:
            self._inputs[key] = self._make(
                quote=is_text,
                locked=False,
                border=2 if is_wrong else 1,
                border_color="#B3261E" if is_wrong else "#8CA0B3",
                bg_color=_WRONG if is_wrong else _OPEN,
                num_format="@" if is_text else _FORMATS[kind],
            )
        return self._inputs[key]


def write_shown(
    page: Worksheet, row: int, column: int, value: Value, formats: InputFormats
) -> None:
    """A cell for reading only."""
    if value is None or value == "":
        page.write_blank(row, column, None, formats.text)
    else:
        write_cell(page, row, column, value, "number", formats)


@dataclass(frozen=True)
class CellTold:
    """What a comment on a cell says: what is wrong in it, and what is only in doubt."""

    wrong: Sequence[str] = ()
    doubts: Sequence[str] = ()


def write_input(
    page: Worksheet,
    place: tuple[int, int],
    value: Value,
    asked: Input | None,
    formats: InputFormats,
    told: CellTold,
) -> None:
    """A cell for filling in, or a grey one where nothing is asked for; red if something is wrong.

    What is told of it stands in its comment.
    """
    row, column = place
    is_text = isinstance(value, str) and value != ""
    kind = asked.kind if asked else "text"
    shape = formats.not_asked
    if asked or told.wrong:
        shape = formats.input(kind, is_text=is_text, is_wrong=bool(told.wrong))
    _write(page, row, column, value, shape)
    if asked:
        _limit(page, row, column, asked)
    if texts := [*told.wrong, *told.doubts]:
        size = {"x_scale": 2, "y_scale": 1.2 * len(texts)}
        page.write_comment(row, column, clean_text("\n".join(texts)), size)


def _write(page: Worksheet, row: int, column: int, value: Value, shape: Format) -> None:
    if value is None or value == "":
        page.write_blank(row, column, None, shape)
    elif isinstance(value, bool):
        page.write_boolean(row, column, value, shape)
    elif isinstance(value, (Decimal, int, float)) and is_exact(value):
        page.write_number(row, column, cast(float, value), shape)
    else:
        page.write_string(row, column, cut(clean_text(_words(value))), shape)


def _words(value: Value) -> str:
    """A number that no workbook keeps exactly is told with the decimal sign of its language."""
    if isinstance(value, Decimal) and value.is_finite():
        return plain(value).replace(".", decimal_sign())
    return value.isoformat() if isinstance(value, date) else str(value)


def _limit(page: Worksheet, row: int, column: int, asked: Input) -> None:
    rule: dict[str, Any] = {}
    if asked.kind == "choice":
        rule = _list_rule(list(asked.choices.values()))
    elif asked.kind in ("number", "money"):
        rule = _range_rule(asked) or _number_rule(asked)
    if rule:
        page.data_validation(row, column, row, column, rule)


def _list_rule(words: list[str]) -> dict[str, Any]:
    if len(",".join(words)) > _LONGEST_LIST or any("," in word for word in words):
        return {}
    return {
        "validate": "list",
        "source": words,
        "error_title": _("Choose from the list"),
        "error_message": _("Choose one of the words in the list, or leave the cell empty."),
    }


def _range_rule(asked: Input) -> dict[str, Any]:
    """Ask back outside the plausible range; nothing where it is no narrower than what is possible.

    Excel takes one rule for a cell. Where this one stands, what is no number or below 0 is asked
    back about too, and refused when the workbook returns.
    """
    floor, ceiling = asked.plausible
    least = -_LARGEST if asked.least is None else asked.least
    lowest = least if floor is None else max(least, floor)
    highest = _LARGEST if ceiling is None else ceiling
    if (lowest, highest) == (least, _LARGEST):
        return {}
    return {
        "validate": "decimal",
        "criteria": "between",
        "minimum": plain(lowest),
        "maximum": plain(highest),
        "error_type": "warning",
        "error_title": _("Is this right?"),
        "error_message": _range_sentence(lowest, highest),
    }


def _range_sentence(lowest: Decimal, highest: Decimal) -> str:
    shown = {"lowest": show_decimal(lowest), "highest": show_decimal(highest)}
    sentence = _(
        "%(lowest)s to %(highest)s is plausible here; if the figure is right, say why in the"
        " comment."
    )
    if highest == _LARGEST:
        sentence = _(
            "%(lowest)s or more is plausible here; if the figure is right, say why in the comment."
        )
    elif lowest == -_LARGEST:
        sentence = _(
            "%(highest)s or less is plausible here; if the figure is right, say why in the comment."
        )
    return sentence % shown


def _number_rule(asked: Input) -> dict[str, Any]:
    least = -_LARGEST if asked.least is None else asked.least
    sentence = _("Write a number. Where there is none, leave it empty and choose a state.")
    if asked.least is not None:
        sentence = _("Write a number of 0 or more. Where there is none, leave it empty.")
    return {
        "validate": "decimal",
        "criteria": "between",
        "minimum": plain(least),
        "maximum": plain(_LARGEST),
        "error_title": _("A number, please"),
        "error_message": sentence,
    }
