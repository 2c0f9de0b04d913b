"""An action as a form: how far it is, and its money, source by source where it has several."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from accounts.models import User
from indicators.money import add
from reports.choices import ActionStatus
from reports.forms.fields import NumberField, as_typed, choice_field, text_field, tidy
from reports.forms.sections import SectionForm
from reports.models import ActionProgress, Evidence
from reports.money import (
    COLUMNS,
    Told,
    overspent,
    planned_sources,
    settle,
    source_field,
    source_key,
    sources_of,
    split_of,
    told_by_source,
    whole_of,
)
from reports.services import save_action


@dataclass(frozen=True)
class SourceFields:
    """One source of funds: what the plan gives it, and the fields for its money."""

    key: str
    source: str
    planned: Decimal | None
    fields: list[BoundField]


def _labels() -> dict[str, str]:
    return {"allocated": _("Allocated"), "spent": _("Spent in the quarter")}


class ActionForm(SectionForm):
    """How far an action is, and its money in the quarter.

    With several sources each has fields of its own, and `allocated` and `spent` are the total for
    who cannot split it; they stay empty where the sources add up to it. `earlier` is the money of
    the quarters before, for the warning about what was spent to date.
    """

    section: ActionProgress

    def __init__(
        self,
        section: ActionProgress,
        posted: Mapping[str, Any] | None = None,
        earlier: Sequence[Told] = (),
    ) -> None:
        self.earlier = earlier
        self.sources, self.split = sources_of(section), split_of(section)
        self.planned_sources = planned_sources(section.action)
        self.split_typed: dict[str, tuple[Decimal | None, Decimal | None]] = {}
        fields: dict[str, forms.Field] = {
            "status": choice_field(_("How far is it?"), ActionStatus.choices, _("Choose")),
            **self._source_fields(),
            **self._total_fields(),
            "note": text_field(_("Comment")),
        }
        super().__init__(section, f"action-{section.pk}", fields, self._initial(section), posted)

    @staticmethod
    def _money(label: str) -> NumberField:
        return NumberField(label=label, decimals=2, at_least=Decimal(0))

    def _source_fields(self) -> dict[str, forms.Field]:
        return {
            source_field(source, column): self._money(label)
            for source in self.sources
            for column, label in _labels().items()
        }

    def _total_fields(self) -> dict[str, forms.Field]:
        if not self.sources:
            return {column: self._money(label) for column, label in _labels().items()}
        return {
            "allocated": self._money(_("Allocated in all")),
            "spent": self._money(_("Spent in all")),
        }

    def _initial(self, section: ActionProgress) -> dict[str, str]:
        found = {"status": section.status}
        for source in self.sources:
            pair = self.split.get(source, (None, None))
            for column, amount in zip(COLUMNS, pair, strict=True):
                found[source_field(source, column)] = as_typed(amount)
        for index, column in enumerate(COLUMNS):
            is_summed = whole_of(self.planned_sources, self.split, index) is not None
            found[column] = "" if is_summed else as_typed(getattr(section, column))
        return {**found, "note": section.note}

    @property
    def planned(self) -> Decimal | None:
        """Planned money of the whole action, all sources together."""
        return add(funding.planned for funding in self.section.action.fundings.all())

    @property
    def by_source(self) -> list[SourceFields]:
        """The sources with their fields, in the order of the plan's table."""
        planned = {f.source: f.planned for f in self.section.action.fundings.all()}
        return [
            SourceFields(
                source_key(source),
                source,
                planned.get(source),
                [self[source_field(source, column)] for column in COLUMNS],
            )
            for source in self.sources
        ]

    @property
    def totals(self) -> list[tuple[str, str, Decimal | None]]:
        """Column, label and total as it would be stored, where it is added up from sources."""
        told = self._told()
        return [(name, label, getattr(told, name)) for name, label in _labels().items()]

    @property
    def plain_fields(self) -> list[BoundField]:
        """Every field that belongs to no source, for pages that show one after the other."""
        return [self[name] for name in ("status", *COLUMNS, "note")]

    @property
    def evidence(self) -> Sequence[Evidence]:
        return list(self.section.evidence.all())

    def label_of(self, name: str) -> str:
        """The label of a field, with its source in front where it has one."""
        for source in self.sources:
            if name.startswith(f"source-{source_key(source)}-"):
                return f"{source}: {super().label_of(name)}"
        return super().label_of(name)

    def clean(self) -> dict[str, Any]:
        """Add the sources up; say where they contradict the total."""
        given = self.cleaned_data
        if all(name in given for name in self.stored):
            self.split_typed = self._split_typed()
            totals = {column: given[column] for column in COLUMNS}
            settled = settle(self.planned_sources, self.split_typed, totals)
            given |= settled.totals
            for fault in settled.faults:
                self.add_error(fault.field, fault.text)
        return given

    def _split_typed(self) -> dict[str, tuple[Decimal | None, Decimal | None]]:
        found = {
            source: (
                self.cleaned_data[source_field(source, "allocated")],
                self.cleaned_data[source_field(source, "spent")],
            )
            for source in self.sources
        }
        return told_by_source(self.sources, found)

    def _told(self) -> Told:
        """The money as typed where it can be read, else as stored."""
        if self.is_bound and self.is_valid():
            values = self.cleaned_data
            return Told(values["allocated"], values["spent"], self.split_typed)
        return Told(self.section.allocated, self.section.spent, self.split)

    @property
    def notes(self) -> Iterator[str]:
        """What is unusual about the money, without forbidding it."""
        told = self._told()
        for source in overspent(self.earlier, told):
            yield overspent_text(source)
        if self.sources and told.spent is not None and not self.typed["note"]:
            yield from self._unsplit(told)

    def _unsplit(self, told: Told) -> Iterator[str]:
        if whole_of(self.planned_sources, told.by_source, COLUMNS.index("spent")) is None:
            yield _("The sources are not all told. Give each, or say why in the comment.")

    def save(self, by: User) -> None:
        names = ("status", *COLUMNS, "note")
        values = {name: self.cleaned_data[name] for name in names}
        values["note"] = tidy(values["note"])
        values["money"] = self.split_typed
        save_action(self.section, by=by, version=self.version_typed_over, values=values)


def overspent_text(source: str) -> str:
    """The warning about one source, or ("") about the whole action."""
    if not source:
        return _("More was spent than allocated. If that is right, say why in the comment.")
    text = _("%(source)s: more was spent to date than allocated from this source.")
    return text % {"source": source}
