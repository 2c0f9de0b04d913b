"""Where a block of cells is pasted, and where its first cell belongs."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from reports.forms.blocks import BlockError, Rows, nothing_in_it, parse
from reports.forms.fields import choice_field, text_area
from reports.forms.lines import LineForm
from reports.forms.pasting import Placed, place, starts_of, table_of


class PasteForm(forms.Form):
    """A block, and the field of an indicator's table that its first cell belongs to."""

    start = forms.ChoiceField()
    block = forms.Field()

    def __init__(self, line: LineForm, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="paste-%s")
        self.line = line
        self.placed: Placed | None = None
        start = choice_field(_("Where the first cell belongs"), starts_of(line))
        start.required = True
        start.initial = next(row.names[0] for row in table_of(line) if row.fields)
        self.fields["start"] = start
        block = self.fields["block"]
        block.label = _("The copied cells")
        block.widget = text_area(8, spellcheck="false", autocomplete="off")
        block.error_messages["required"] = nothing_in_it()

    def clean_block(self) -> Rows:
        try:
            return parse(self.cleaned_data["block"])
        except BlockError as refusal:
            raise ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if not self.errors:
            self.placed = place(values["block"], self.line, values["start"])
        return values

    @property
    def marks(self) -> dict[str, Any]:
        """What the indicator was typed over, sent along with what is confirmed."""
        return {f"{self.line.part}-{name}": self.line.initial[name] for name in ("version", "seen")}

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Each refusal with the address of its field."""
        return [(str(e), f"#paste-{name}") for name, found in self.errors.items() for e in found]
