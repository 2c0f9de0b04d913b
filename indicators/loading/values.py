"""One cell read as its column asks: nothing is guessed, and a refusal says what to write."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import InstitutionAlias
from common.codes import validate_code
from common.numbers import NumberError, plain, to_decimal
from common.reader import Cell
from indicators.loading.shape import ALIASES, LANGUAGES, TIME_ZONE, Column, Sheet

_COUNTRY = re.compile("[A-Z]{2}", re.ASCII)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SENTENCES = {
    "max_length": gettext_lazy(
        "The text has %(show_value)d characters. At most %(limit_value)d fit."
    ),
    "min_value": gettext_lazy("The smallest value here is %(limit_value)s."),
    "max_value": gettext_lazy("The largest value here is %(limit_value)s."),
    "max_decimal_places": gettext_lazy("Here a number has at most %(max)d decimals. Round it."),
    "invalid": gettext_lazy("Write letters without accents, digits, hyphens and underscores only."),
}
YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


class CellError(ValueError):
    """A cell that cannot be read; str() is the sentence for the person."""


def read_cell(sheet: Sheet, column: Column, cell: Cell) -> Any:
    """The value of a cell; a blank one gives the column's default.

    Raises:
        CellError: it cannot be read, or the model does not allow it.
    """
    words = as_text(cell)
    if column.required and not words:
        raise CellError(_("This cell may not be blank."))
    if column.name == LANGUAGES:
        return _languages(words)
    if column.many:
        return _several(column, words)
    if column.refers:
        return words
    field = sheet.field(column)
    if not words:
        return blank(field)
    _check_name(column.name, words)
    value = _typed(field, cell, words)
    _check(field, value)
    return value


def as_text(cell: Cell) -> str:
    """The cell as a person sees it: a number that a sheet program made of a code is its digits."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, Decimal):
        return plain(cell)
    if isinstance(cell, datetime) and cell.time() == time.min:
        return cell.date().isoformat()
    return cell.isoformat()


def split(words: str) -> list[str]:
    """The parts of a list written with semicolons, each once."""
    parts = (part.strip() for part in words.split(";"))
    return list(dict.fromkeys(part for part in parts if part))


def _several(column: Column, words: str) -> list[str]:
    parts = split(words)
    if column.name == ALIASES:
        for name in parts:
            _check(InstitutionAlias._meta.get_field("name"), name)
    return parts


def blank(field: Any) -> Any:
    """What a blank cell means: no value, or the model's default."""
    if field.null:
        return None
    default = field.get_default()
    return "" if default is None else field.to_python(default)


def _typed(field: Any, cell: Cell, words: str) -> Any:
    if field.choices:
        return _choice(field, words)
    if isinstance(field, models.BooleanField):
        return _yes_no(words)
    if isinstance(field, models.DateField):
        return _date(words)
    if isinstance(field, models.DecimalField):
        return _number(cell, words)
    if isinstance(field, models.IntegerField):
        return _whole(cell, words)
    return words


def _choice(field: Any, words: str) -> str:
    allowed = [str(value) for value, _label in field.flatchoices]
    if words not in allowed:
        raise CellError(
            _("“%(value)s” is not one of: %(allowed)s.")
            % {"value": words[:60], "allowed": ", ".join(allowed)}
        )
    return words


def _yes_no(words: str) -> bool:
    if words.lower() not in YES:
        raise CellError(_("“%s” is neither yes nor no.") % words[:60])
    return YES[words.lower()]


def _date(words: str) -> date:
    sentence = _("“%s” is not a date. Write year, month and day, such as 2026-03-31.")
    if not _ISO_DAY.fullmatch(words):
        raise CellError(sentence % words[:60])
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise CellError(sentence % words[:60]) from error


def _number(cell: Cell, words: str) -> Decimal:
    try:
        number = to_decimal(cell if isinstance(cell, Decimal) else words, "en")
    except NumberError as error:
        if error.code == "decimal_sign":
            text = _("In these files the decimal sign is a point: write %s.")
            raise CellError(text % words.replace(",", ".")) from error
        raise CellError(str(error)) from error
    return Decimal(0) if number is None else number


def _whole(cell: Cell, words: str) -> int:
    sentence = _("“%s” is not a whole number.") % words[:60]
    try:
        number = _number(cell, words)
    except CellError as error:
        raise CellError(sentence) from error
    if number != number.to_integral_value():
        raise CellError(sentence)
    return int(number)


def _languages(words: str) -> list[str]:
    codes = split(words)
    for code in codes:
        if code not in settings.MODELTRANSLATION_LANGUAGES:
            raise CellError(
                _("“%(value)s” is not one of: %(allowed)s.")
                % {"value": code[:60], "allowed": ", ".join(settings.MODELTRANSLATION_LANGUAGES)}
            )
    return codes


def _check(field: Any, value: Any) -> None:
    """Lengths, ranges and digits, as the model declares them."""
    try:
        field.run_validators(value)
    except ValidationError as error:
        first = error.error_list[0]
        sentence = str(_SENTENCES.get(first.code or "", first.message))
        raise CellError(sentence % (first.params or {})) from error


def _check_code(words: str) -> None:
    try:
        validate_code(words)
    except ValidationError as error:
        raise CellError(error.messages[0]) from error


def _check_name(column: str, words: str) -> None:
    """What else a code, a country and a time zone must be; codes stand in web addresses."""
    if column == "code":
        _check_code(words)
    if column == "country" and not _COUNTRY.fullmatch(words):
        text = _("“%s” is not a country. Write two capital letters, such as AL.")
        raise CellError(text % words[:60])
    if column == TIME_ZONE and words not in available_timezones():
        raise CellError(_("“%s” is not a time zone. Write one such as Europe/Tirane.") % words)
