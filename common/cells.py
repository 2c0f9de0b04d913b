"""What may stand in a cell, on every way out: page, workbook and CSV."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext as _

Kind = Literal["text", "number", "integer", "percent", "money", "date", "datetime"]
Value = str | int | float | Decimal | date | None
Getter = str | Callable[[Any], Any]

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Column:
    """One column of a sheet.  The getter is a function of the row, or an attribute path.

    A percentage is the number people read (82.7 for 82.7 %), not a fraction of one.
    """

    heading: str | Promise
    getter: Getter
    kind: Kind = "text"
    width: int | None = None

    def value(self, row: Any) -> Value:
        """The value of this column in a row, ready to be written."""
        return as_value(get(row, self.getter))


def get(row: Any, getter: Getter) -> Any:
    """Follow "institution.title" through attributes, mappings and methods; None ends the path."""
    if not isinstance(getter, str):
        return getter(row)
    value = row
    for name in getter.split("."):
        if value is None:
            return None
        value = value[name] if isinstance(value, Mapping) else getattr(value, name)
        if callable(value) and not isinstance(value, type):
            value = value()
    return value


def as_value(value: Any) -> Value:
    """One of the few types a cell can hold; times in local time, enums by their label."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Enum):
        return str(getattr(value, "label", value.value))
    if isinstance(value, datetime):
        return localtime(value).replace(tzinfo=None) if is_aware(value) else value
    if value is None or isinstance(value, (str, int, float, Decimal, date)):
        return value
    return str(value)


def clean_text(text: str) -> str:
    """Show characters that no workbook can hold (control characters) as �, and drop nothing."""
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)
