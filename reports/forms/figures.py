"""What one cell of an indicator asks for, and how a row of the form's table is shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from indicators.choices import Kind, ObservationState
from indicators.models import Indicator
from reports.forms.fields import NumberField, as_typed, choice_field, text_area
from reports.models import Observation

NEVER_NEGATIVE = {Kind.COUNT, Kind.REGISTER, Kind.MILESTONE, Kind.PERCENTAGE, Kind.RATIO}


@dataclass(frozen=True)
class CellRow:
    """One row of an indicator's table: what was, what should be, and the fields."""

    label: str
    place: str
    inputs: list[BoundField] = field(default_factory=list)
    state: BoundField | None = None
    reason: BoundField | None = None
    previous: str = ""
    previous_note: str = ""
    previous_period: str = ""
    target: str = ""
    expected: str = ""
    computed: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def errors(self) -> list[str]:
        fields = [*self.inputs, *(f for f in (self.state, self.reason) if f is not None)]
        return [str(error) for bound in fields for error in bound.errors]


def figures_of(indicator: Indicator) -> list[str]:
    """The fields in which one cell of this indicator is answered."""
    if indicator.is_share:
        return ["numerator", "denominator"]
    return ["value", "text"] if indicator.kind == Kind.REGISTER else ["value"]


def figure_labels(indicator: Indicator) -> dict[str, str]:
    list_label = _("Which ones") if indicator.kind == Kind.REGISTER else _("Text")
    return {
        "value": _("Text") if indicator.is_text else _("Value"),
        "numerator": _("Numerator"),
        "denominator": _("Denominator"),
        "text": list_label,
    }


def figure_field(
    indicator: Indicator, figure: str, label: str, attrs: Mapping[str, str]
) -> forms.Field:
    if figure == "state":
        return choice_field(label, ObservationState.choices, **attrs)
    if figure == "reason":
        shown = {"class": "form-control", "placeholder": _("Reason")}
        widget = forms.TextInput(attrs={**shown, **attrs})
        return forms.CharField(label=label, required=False, widget=widget)
    if figure == "text" or indicator.is_text:
        rows = 4 if indicator.is_text else 2
        return forms.CharField(label=label, required=False, widget=text_area(rows, **attrs))
    if indicator.kind == Kind.YES_NO:
        answers = [("1", _("Yes")), ("0", _("No"))]
        return choice_field(label, answers, _("Choose"), **attrs)
    least = Decimal(0) if indicator.kind in NEVER_NEGATIVE else None
    hint = {"placeholder": figure_labels(indicator)[figure]} if indicator.is_share else {}
    return NumberField(label=label, at_least=least, attrs={**attrs, **hint})


def figure_text(indicator: Indicator, figure: str, now: Observation | None) -> str:
    """What stands in a field for a stored answer."""
    if now is None or not now.is_value:
        return ""
    if figure == "text" or indicator.is_text:
        return now.text
    if indicator.kind == Kind.YES_NO:
        return "1" if now.value else "0"
    return as_typed(getattr(now, figure))


def half_missing(indicator: Indicator, given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Fields of one answer that cannot stand alone."""
    sentences = {
        "numerator": _("The numerator is missing."),
        "denominator": _("The denominator is missing."),
        "value": _("Write how many there are; 0 is an answer too."),
    }
    for figure, value in given.items():
        if figure != "text" and value is None and not indicator.is_text:
            yield figure, sentences[figure]
