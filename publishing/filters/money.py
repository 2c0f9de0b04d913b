"""The filter of the money page; what was chosen stands in the address."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.money import Entry
from publishing.filters.plan import PlanFilter
from publishing.reading import Action, Objective, Parts
from publishing.reading.money import entries


class MoneyFilter(PlanFilter):
    """Money by objective (with all below it), lead institution, framework, source and year."""

    quarter = None  # type: ignore[assignment]
    source = forms.ChoiceField(label=_("Source of funds"), required=False)
    year = forms.ChoiceField(label=_("Year"), required=False)

    field_order = ("objective", "institution", "source", "year")

    def __init__(self, data: Mapping[str, Any], parts: Parts) -> None:
        super().__init__(data, parts)
        self.everything = entries(parts.actions.values())
        leads = {entry.institution for entry in self.everything if entry.institution}
        self.offer("institution", [(code, str(parts.institutions[code])) for code in sorted(leads)])
        names = {entry.source for entry in self.everything if entry.source}
        self.offer("source", [(name, name) for name in sorted(names)])
        years = {entry.year for entry in self.everything if entry.year}
        self.offer("year", [(str(year), year) for year in sorted(years)])

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
        """The actions of the objective, framework and lead institution chosen."""
        lead = self.chosen.get("institution")
        return [
            row
            for row in self.parts.actions.values()
            if self.stands_under(row)
            and self.answers(row)
            and (not lead or (row.lead and row.lead.code == lead))
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
