"""The form of the live example on the method page; what is typed stands in the address."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.numbers import NumberError, parse_decimal, show_decimal
from indicators.choices import Direction
from reports.forms.fields import NumberField

NUMBERS = ("baseline", "target", "actual", "expected", "tolerance", "coverage")
HUNDRED = Decimal(100)


def _date_field(label: object) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label,  # type: ignore[arg-type]
        required=False,
        widget=widget,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Choose a day that exists.")},
    )


class ExampleForm(forms.Form):
    """Figures of an invented indicator. Blank is not zero: the rules say what a blank means.

    `written` is the language the numbers were typed in, so that an address can be sent to a
    reader of another one: her page shows the same numbers in her own way of writing.
    """

    baseline = NumberField(label=_("Baseline"), help_text=_("Blank: unknown."))
    target = NumberField(label=_("Final target"), help_text=_("Blank: none is set."))
    actual = NumberField(label=_("Reported figure"), help_text=_("Blank: not reported."))
    expected = NumberField(label=_("Expected by then"), help_text=_("Blank: read from the days."))
    direction = forms.ChoiceField(label=_("Direction"), choices=Direction.choices, required=False)
    tolerance = NumberField(
        label=_("Tolerance"), at_least=Decimal(0), help_text=_("In the unit of the figure.")
    )
    coverage = NumberField(
        label=_("Coverage, %"),
        at_least=Decimal(0),
        help_text=_("Share of the institutions that reported."),
    )
    since = _date_field(_("Day of the baseline"))
    until = _date_field(_("Day of the target"))
    at = _date_field(_("Day of the figure"))
    is_final = forms.BooleanField(label=_("The final day has come"), required=False)
    plan = forms.ChoiceField(label=_("Thresholds of"), required=False)
    written = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, str], plans: Sequence[tuple[str, object]]) -> None:
        language = get_language() or "en"
        super().__init__({**in_language(data, language), "written": language})
        choices = [("", _("The rules' own")), *plans]
        self.fields["plan"].choices = choices  # type: ignore[attr-defined]

    def clean_coverage(self) -> Decimal | None:
        """A share of the whole: more than all cannot report."""
        value: Decimal | None = self.cleaned_data["coverage"]
        if value is not None and value > HUNDRED:
            raise ValidationError(_("Write a number from 0 to 100."), code="too_large")
        return value

    def clean_direction(self) -> Direction:
        return Direction(self.cleaned_data["direction"] or Direction.INCREASE)


def in_language(data: Mapping[str, str], language: str) -> dict[str, str]:
    """The numbers of an address as this reader writes them; what cannot be read stays as it is."""
    told = {name: data[name] for name in data}
    written = told.get("written", "")[:2]
    if written in ("", language[:2]):
        return told
    for name in NUMBERS:
        try:
            number = parse_decimal(told.get(name, ""), written)
        except NumberError:
            continue
        told[name] = "" if number is None else show_decimal(number, language)
    return told
