"""Parts of a report that are saved on their own: each form knows what it was typed over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from accounts.models import User
from reports.checks import LineFault
from reports.forms.fields import digest, text_field, tidy
from reports.models import Narrative, Remark
from reports.models.content import Section
from reports.services import save_narrative

HIDDEN = forms.HiddenInput(attrs={"autocomplete": "off"})


@dataclass(frozen=True)
class Difference:
    """One field in which what was typed and what is stored now differ."""

    label: str
    yours: str
    theirs: str


class SectionForm(forms.Form):
    """A section's fields with the marks that make its save safe.

    `version` is what it was typed over; `seen` a mark of what stood in the fields then, so that a
    section nobody touched is not saved; `now` the newer version a person was shown in a conflict.
    A field that was not sent at all counts as untouched; so does a section with none that was.
    """

    version = forms.IntegerField(required=False, widget=HIDDEN)
    seen = forms.CharField(required=False, widget=HIDDEN)
    now = forms.IntegerField(required=False, widget=HIDDEN)

    def __init__(
        self,
        section: Section,
        part: str,
        fields: Mapping[str, forms.Field],
        initial: Mapping[str, str],
        posted: Mapping[str, Any] | None = None,
    ) -> None:
        self.section, self.part, self.stored = section, part, dict(initial)
        self.remark: Remark | None = None
        self.differences: list[Difference] = []
        self.current: Section | None = None
        self.choice = (posted or {}).get(f"{part}-choice", "")
        self.was_sent = False
        data = None if posted is None else self._sent(posted)
        marks = {"version": section.version, "seen": digest(initial)}
        super().__init__(data, prefix=part, initial={**initial, **marks}, auto_id="%s")
        self.fields.update(fields)
        for name in self.own_names:
            helped = f"{part}-{name}_helptext " if self.fields[name].help_text else ""
            told = f"{helped}{part}-{name}_told"
            self.fields[name].widget.attrs.setdefault("aria-describedby", told)

    def _sent(self, posted: Mapping[str, Any]) -> dict[str, Any]:
        stored = {f"{self.part}-{name}": text for name, text in self.stored.items()}
        own = {k: v for k, v in posted.items() if k.startswith(f"{self.part}-")}
        self.was_sent = bool(own)
        return {**stored, **own}

    @property
    def own_names(self) -> list[str]:
        """The fields that have a place of their own for what is told about them."""
        return list(self.stored)

    @property
    def own_fields(self) -> list[BoundField]:
        return [self[name] for name in self.own_names]

    @property
    def subject(self) -> str:
        """What the section is about, in a list of errors."""
        return str(self.section)

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the fields."""
        if not self.is_bound:
            return self.stored
        return {name: tidy(self.data.get(self.add_prefix(name))) for name in self.stored}

    @property
    def typed_mark(self) -> str:
        return digest(self.typed)

    @property
    def is_touched(self) -> bool:
        """Whether somebody changed it since it was rendered, and did not drop the change."""
        if not self.was_sent or self.choice == "theirs":
            return False
        return self.choice == "mine" or self.data.get(self.add_prefix("seen")) != self.typed_mark

    @property
    def version_typed_over(self) -> int:
        """The version a save replaces; −1, which nothing has, where the page did not say."""
        name = "now" if self.choice == "mine" else "version"
        number = self.cleaned_data.get(name)
        return -1 if number is None else int(number)

    @property
    def next_version(self) -> int:
        """The version after this save."""
        return self.version_typed_over + 1

    @property
    def own_problems(self) -> list[tuple[str, str]]:
        """Every error with the address of its field, as it is told within the section."""
        return [
            (str(error), f"#{self.place_of(name)}")
            for name, errors in self.errors.items()
            for error in errors
        ]

    @property
    def problems(self) -> list[tuple[str, str]]:
        """The same for a list of all that is wrong on a page."""
        return [(f"{self.subject}: {text}", place) for text, place in self.own_problems]

    def place_of(self, name: str) -> str:
        """The id of a field, or of the section for what is about all of it."""
        return self.add_prefix(name) if name in self.fields else self.part

    def label_of(self, name: str) -> str:
        return str(self.fields[name].label)

    def _words(self, name: str, raw: str) -> str:
        """A typed text as a person reads it: the label of a choice."""
        choices = dict(getattr(self.fields[name], "choices", []))
        return str(choices.get(raw, raw)) if raw else ""

    def compare(self, fresh: "SectionForm") -> None:
        """Put side by side what was typed here and what stands there now."""
        self.current = fresh.section
        self.differences = [
            Difference(self.label_of(n), self._words(n, self.typed[n]), self._words(n, text))
            for n, text in fresh.stored.items()
            if self.typed.get(n) != tidy(text)
        ]

    def save(self, by: User) -> None:
        """Save through the service. Raises as the service does."""
        raise NotImplementedError

    def add_faults(self, faults: Sequence[LineFault]) -> None:
        """Show what the service found contradictory at the fields it stands in."""
        for fault in faults:
            self.add_error(None, fault.text)


class NarrativeForm(SectionForm):
    """The report in words."""

    section: Narrative

    def __init__(self, section: Narrative, posted: Mapping[str, Any] | None = None) -> None:
        helps = {
            "done": _("The most important things of this quarter, in a few sentences."),
            "gap": _("Where a value is behind the plan or missing: why?"),
            "challenge": _("What made the work hard, and what would help."),
            "lesson": _("What you would do in the same way again, or differently."),
            "next_step": _("What is planned for the coming quarter."),
        }
        fields: dict[str, forms.Field] = {}
        for name in Narrative.FIELDS:
            label = str(Narrative._meta.get_field(name).verbose_name).capitalize()  # type: ignore[union-attr]
            fields[name] = text_field(label, rows=5)
            fields[name].help_text = helps[name]
        initial = {name: getattr(section, name) for name in Narrative.FIELDS}
        super().__init__(section, "narrative", fields, initial, posted)

    @property
    def own_names(self) -> list[str]:
        """The fields that have a place of their own for what is told about them."""
        return list(self.stored)

    @property
    def own_fields(self) -> list[BoundField]:
        return [self[name] for name in self.own_names]

    @property
    def subject(self) -> str:
        return _("Narrative")

    def save(self, by: User) -> None:
        values = {name: tidy(self.cleaned_data[name]) for name in Narrative.FIELDS}
        save_narrative(self.section, by=by, version=self.version_typed_over, values=values)
