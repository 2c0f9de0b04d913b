"""Filters of the public lists; what was chosen stands in the address."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.choices import Status
from indicators.money import Entry
from publishing.reading import Action, Indicator, Objective, Parts
from publishing.reading.money import entries
from reports.choices import ActionStatus

Choices = Sequence[tuple[str, object]]


def _any(choices: Iterable[tuple[str, object]]) -> list[tuple[str, object]]:
    return [("", _("All")), *choices]


class PlanFilter(forms.Form):
    """What lists of indicators and of actions have in common. `edition` keeps the edition."""

    objective = forms.ChoiceField(label=_("Objective"), required=False)
    institution = forms.ChoiceField(label=_("Institution"), required=False)
    status = forms.ChoiceField(label=_("Status"), required=False)
    framework = forms.ChoiceField(label=_("Answers to"), required=False)
    edition = forms.CharField(required=False, widget=forms.HiddenInput)

    statuses: Choices = ()

    def __init__(self, data: Any, parts: Parts) -> None:
        super().__init__(data)
        self.parts = parts
        self._offer(
            "objective", [(o.code, f"{o.code} {o.title}") for o in parts.objectives.values()]
        )
        self._offer("institution", [(i.code, str(i)) for i in parts.institutions.values()])
        self._offer("status", self.statuses if parts.quarters else ())
        self._offer("framework", self._frameworks())

    def _offer(self, name: str, choices: Choices) -> None:
        """A choice that has nothing to choose from is left out."""
        if choices:
            self.fields[name].choices = _any(choices)  # type: ignore[attr-defined]
        else:
            self.fields.pop(name, None)

    def _frameworks(self) -> Choices:
        items = self.parts.frameworks.values()
        pillars = sorted({item.pillar for item in items if item.pillar})
        found: list[tuple[str, object]] = []
        if pillars:
            found.append((str(_("Pillar")), [(f"pillar:{name}", name) for name in pillars]))
        if items:
            codes = [(item.code, f"{item.code.partition(':')[2]} {item.title}") for item in items]
            found.append((str(_("Framework")), codes))
        return found

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen; a choice that does not exist chooses nothing."""
        self.is_valid()
        return {
            name: value for name, value in self.cleaned_data.items() if value and name != "edition"
        }

    def _objectives(self) -> set[str] | None:
        code = self.chosen.get("objective")
        return {o.code for o in self.parts.objectives[code].everything()} if code else None

    def _answers(self, row: Indicator | Action) -> bool:
        wanted = self.chosen.get("framework")
        if not wanted:
            return True
        above: list[Objective] = [*row.objective.path(), row.objective]
        items = [*row.frameworks, *(item for part in above for item in part.frameworks)]
        return any(wanted in (item.code, f"pillar:{item.pillar}") for item in items)

    def _stands_under(self, row: Indicator | Action) -> bool:
        wanted = self._objectives()
        return wanted is None or row.objective.code in wanted


class IndicatorFilter(PlanFilter):
    """Indicators by objective (with all below it), institution, computed status and framework."""

    statuses = Status.choices

    def apply(self, rows: Iterable[Indicator]) -> list[Indicator]:
        return [row for row in rows if self._stands_under(row) and self._fits(row)]

    def _fits(self, row: Indicator) -> bool:
        status, institution = self.chosen.get("status"), self.chosen.get("institution")
        return (
            (not status or (row.status or Status.NOT_DUE) == status)
            and (not institution or institution in {i.code for i in row.responsible})
            and self._answers(row)
        )


class ActionFilter(PlanFilter):
    """Actions by objective, lead or supporting institution, status and framework."""

    statuses = ActionStatus.choices

    def apply(self, rows: Iterable[Action]) -> list[Action]:
        return [row for row in rows if self._stands_under(row) and self._fits(row)]

    def _fits(self, row: Action) -> bool:
        status, institution = self.chosen.get("status"), self.chosen.get("institution")
        involved = {i.code for i in (*row.supporting, *([row.lead] if row.lead else []))}
        return (
            (not status or (row.now is not None and row.now.status == status))
            and (not institution or institution in involved)
            and self._answers(row)
        )


class MoneyFilter(PlanFilter):
    """Money by objective (with all below it), lead institution, source of funds and year."""

    source = forms.ChoiceField(label=_("Source of funds"), required=False)
    year = forms.ChoiceField(label=_("Year"), required=False)

    field_order = ("objective", "institution", "source", "year")

    def __init__(self, data: Any, parts: Parts) -> None:
        super().__init__(data, parts)
        self.everything = entries(parts.actions.values())
        leads = {entry.institution for entry in self.everything if entry.institution}
        self._offer(
            "institution", [(code, str(parts.institutions[code])) for code in sorted(leads)]
        )
        sources = {entry.source for entry in self.everything if entry.source}
        self._offer("source", [(name, name) for name in sorted(sources)])
        years = {entry.year for entry in self.everything if entry.year}
        self._offer("year", [(str(year), year) for year in sorted(years)])

    def _frameworks(self) -> Choices:
        return ()

    @property
    def narrows(self) -> bool:
        """Whether only a part of an action's money may be shown."""
        return bool({"source", "year"} & set(self.chosen))

    def objectives(self) -> list[Objective]:
        """The objective chosen with all below it; without a choice all of them."""
        code = self.chosen.get("objective")
        rows = self.parts.objectives
        if code:
            return rows[code].everything()
        tops = [row for row in rows.values() if row.parent is None]
        return [part for row in tops for part in row.everything()]

    def actions(self) -> list[Action]:
        """The actions of the objective and the lead institution chosen."""
        lead = self.chosen.get("institution")
        return [
            row
            for row in self.parts.actions.values()
            if self._stands_under(row) and (not lead or (row.lead and row.lead.code == lead))
        ]

    def entries(self) -> list[Entry]:
        """The money chosen; planned money belongs to no year."""
        codes = {row.code for row in self.actions()}
        source, year = self.chosen.get("source"), self.chosen.get("year")
        return [
            entry
            for entry in self.everything
            if entry.action in codes
            and (not source or entry.source == source)
            and (not year or str(entry.year) == year)
        ]
