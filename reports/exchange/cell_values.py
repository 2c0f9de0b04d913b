"""One cell of a returned workbook as the report would store it, or what is wrong with it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from common.cells import Value, clean_text
from common.numbers import NumberError, parse_decimal, plain, show_decimal, to_decimal
from common.workbook import cut
from reports.exchange.reading import Typed
from reports.exchange.rows import Input
from reports.forms.fields import as_typed, tidy


@dataclass(frozen=True)
class CellProblem:
    """Why a cell cannot be read."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Read:
    """A cell as the form's field takes it, in the reader's language; or the problem with it."""

    at: Typed
    value: str
    problem: CellProblem | None = None

    def stored(self, asked: Input) -> str:
        """What would be stored, the same in every language; what was typed where it is refused."""
        if self.problem is not None:
            return as_shown(self.at.value)
        if asked.kind in ("number", "money") and self.value:
            return plain(parse_decimal(self.value) or Decimal(0))
        return self.value

    def same_as(self, now: Value, asked: Input) -> bool:
        """Whether it says what stands in the report already, in other letters."""
        if asked.kind in ("number", "money"):
            return self.value == (as_typed(now) if isinstance(now, Decimal) else "")
        if asked.kind == "choice":
            return asked.word(self.value) == (now or "")
        return False


def differs(now: Value, came: Any, *, loses_space: bool = False) -> bool:
    """Whether a cell holds anything else than was written into it.

    `loses_space`: the file came in a format whose reader drops tabs and repeated blanks, so that
    white space alone is no difference.
    """
    if now is None or now == "":
        return came is not None
    if not isinstance(now, str):
        return bool(came != now)
    wrote = cut(clean_text(now))
    if loses_space:
        return "".join(str(came or "").split()) != "".join(wrote.split())
    return not isinstance(came, str) or _lines(came) != _lines(wrote)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_cell(at: Typed, asked: Input, language: str) -> Read:
    """Read one cell; numbers by the language of the file, never guessed."""
    if asked.kind in ("number", "money"):
        return _number(at, language)
    if asked.kind == "choice":
        return _choice(at, asked)
    return Read(at, _text(at.value))


def _number(at: Typed, language: str) -> Read:
    if isinstance(at.value, date):
        text = _("This is a date. Write a number, and give the cell the number format “General”.")
        return Read(at, "", CellProblem(text))
    try:
        number = to_decimal(at.value, language)
    except NumberError as error:
        return Read(at, "", CellProblem(str(error)))
    return Read(at, as_typed(number))


def _choice(at: Typed, asked: Input) -> Read:
    """One of the words of the list, in the language of the file; or its code."""
    if at.value is None:
        return Read(at, "")
    said = _text(at.value)
    for code, word in asked.choices.items():
        if said.casefold() in (word.casefold(), code.casefold()):
            return Read(at, code)
    if isinstance(at.value, bool) and set(asked.choices) == {"0", "1"}:
        return Read(at, "1" if at.value else "0")
    words = ", ".join(f"“{word}”" for word in asked.choices.values())
    text = _("“%(said)s” is not in the list. Choose one of %(words)s.")
    return Read(at, "", CellProblem(text % {"said": said[:40], "words": words}))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else tidy(value)


def as_stored(now: Value, asked: Input) -> str:
    """What stands in a cell, the same in every language: a plain number, the code of a choice."""
    if isinstance(now, Decimal):
        return plain(now)
    codes = {word: code for code, word in asked.choices.items()}
    return codes.get(str(now or ""), str(now or ""))


def as_shown(value: Any) -> str:
    """A cell as the preview shows it."""
    if isinstance(value, Decimal):
        return show_decimal(value)
    return _text(value)
