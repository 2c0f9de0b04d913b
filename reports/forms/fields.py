"""Fields that read and show figures in the reader's language."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.canonical import sha256
from common.numbers import NumberError, parse_decimal, show_decimal


def as_typed(number: Decimal | None) -> str:
    """A stored figure as the reader would type it; nothing for none, "0" for zero."""
    return "" if number is None else show_decimal(number)


def tidy(text: object) -> str:
    """A typed text as it is stored: one kind of line break, no blanks around it."""
    return str(text or "").replace("\r\n", "\n").replace("\r", "\n").strip()


def digest(values: Mapping[str, object]) -> str:
    """A short mark of what stands in the fields of a section, to see whether it was touched."""
    return sha256("\x1e".join(f"{name}\x1f{tidy(values[name])}" for name in sorted(values)))[:20]


class NumberField(forms.CharField):
    """A number typed by the rules of the reader's language; it is never guessed."""

    def __init__(
        self, *, decimals: int = 4, at_least: Decimal | None = None, **options: Any
    ) -> None:
        self.decimals, self.at_least = decimals, at_least
        attrs = {
            "inputmode": "decimal",
            "autocomplete": "off",
            "class": "form-control form-control--number",
            **options.pop("attrs", {}),
        }
        super().__init__(required=False, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> Decimal | None:
        try:
            number = parse_decimal(str(value or ""))
        except NumberError as error:
            raise ValidationError(str(error), code=error.code) from error
        if number is not None:
            self._check(number)
        return number

    def _check(self, number: Decimal) -> None:
        if self.at_least is not None and number < self.at_least:
            sentence = _("Write a number of %(least)s or more.")
            raise ValidationError(sentence % {"least": as_typed(self.at_least)}, code="too_small")
        if number != round(number, self.decimals):
            sentence = ngettext(
                "Write at most %(number)d decimal.",
                "Write at most %(number)d decimals.",
                self.decimals,
            )
            raise ValidationError(sentence % {"number": self.decimals}, code="decimals")


def text_area(rows: int = 2, **attrs: str) -> forms.Textarea:
    """A text area as everywhere."""
    return forms.Textarea(attrs={"class": "form-control", "rows": rows, **attrs})


def text_field(label: str, rows: int = 2, **attrs: str) -> forms.CharField:
    """Some sentences; never required by the form: what is missing is said at submission."""
    return forms.CharField(label=label, required=False, widget=text_area(rows, **attrs))


def choice_field(
    label: str, choices: list[tuple[str, Any]], empty: str = "", **attrs: str
) -> forms.ChoiceField:
    """One of a closed list; blank first where `empty` gives it a name."""
    first = [("", empty)] if empty else []
    widget = forms.Select(attrs={"class": "form-select", "autocomplete": "off", **attrs})
    return forms.ChoiceField(label=label, required=False, choices=[*first, *choices], widget=widget)
