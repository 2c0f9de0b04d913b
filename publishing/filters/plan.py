"""Filters of the lists of indicators and of actions; what was chosen stands in the address."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.choices import Status
from publishing.reading import Action, Indicator, Institution, Parts
from publishing.reading.crosswalk import answered_by, linked_items
from publishing.reading.moments import action_at, indicator_at
from publishing.reading.plan import FrameworkItem
from reports.choices import ActionStatus

Choices = Sequence[tuple[str, object]]
PILLAR = "pillar:"


def pillars_of(items: Iterable[FrameworkItem]) -> list[str]:
    """The pillars that occur, by name."""
    return sorted({item.pillar for item in items if item.pillar})


def involved(row: Indicator | Action) -> list[Institution]:
    """Who is responsible for it, leads or supports it."""
    if isinstance(row, Indicator):
        return row.responsible
    return [*row.supporting, *([row.lead] if row.lead else [])]


class PlanFilter(forms.Form):
    """What the lists of a plan have in common. `edition` keeps the edition.

    An objective stands for all below it; links of an objective to a framework count for all that
    stands under it.
    """

    objective = forms.ChoiceField(label=_("Objective"), required=False)
    pillar = forms.ChoiceField(label=_("Pillar"), required=False)
    institution = forms.ChoiceField(label=_("Institution"), required=False)
    framework = forms.ChoiceField(label=_("Answers to"), required=False)
    status = forms.ChoiceField(label=_("Status"), required=False)
    quarter = forms.ChoiceField(label=_("Quarter"), required=False)
    edition = forms.CharField(required=False, widget=forms.HiddenInput)

    statuses: Choices = ()
    any_label: Any = _("All")
    any_quarter: Any = _("Last due")

    def __init__(self, data: Mapping[str, Any], parts: Parts) -> None:
        self.parts = parts
        self.items = self.offered()
        super().__init__(self._renamed(data))
        objectives = [(o.code, f"{o.code} {o.title}") for o in parts.objectives.values()]
        self.offer("objective", objectives)
        self.offer("pillar", [(name, name) for name in pillars_of(self.items)])
        self.offer("institution", [(i.code, str(i)) for i in parts.institutions.values()])
        self.offer("framework", self.frameworks())
        self.offer("status", self.statuses if parts.quarters else ())
        self.offer("quarter", self._quarters(), self.any_quarter)

    def offered(self) -> list[FrameworkItem]:
        """The items of frameworks to choose from: those that anything is linked to."""
        return linked_items(self.parts)

    def frameworks(self) -> Choices:
        return [(item.code, f"{item.own_code} {item.title}") for item in self.items]

    def _quarters(self) -> Choices:
        newest_first = reversed(self.parts.quarters.values())
        return [(quarter.code, quarter) for quarter in newest_first]

    def offer(self, name: str, choices: Choices, nothing: Any = None) -> None:
        """A choice that has nothing to choose from is left out."""
        if name in self.fields and not choices:
            del self.fields[name]
        elif name in self.fields:
            first = ("", nothing or self.any_label)
            self.fields[name].choices = [first, *choices]  # type: ignore[attr-defined]

    def _renamed(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Addresses of the time when a pillar was one of the frameworks still work."""
        told = {name: data.get(name) for name in data}
        asked = str(told.get("framework") or "")
        if asked.startswith(PILLAR) and asked.removeprefix(PILLAR) in pillars_of(self.items):
            told |= {"framework": "", "pillar": told.get("pillar") or asked.removeprefix(PILLAR)}
        return told

    @cached_property
    def chosen(self) -> dict[str, str]:
        """What was chosen; a choice that does not exist chooses nothing."""
        self.is_valid()
        return {
            name: value for name, value in self.cleaned_data.items() if value and name != "edition"
        }

    @cached_property
    def _objectives(self) -> set[str] | None:
        code = self.chosen.get("objective")
        return {o.code for o in self.parts.objectives[code].everything()} if code else None

    def stands_under(self, row: Indicator | Action) -> bool:
        """Whether it belongs to the objective chosen."""
        return self._objectives is None or row.objective.code in self._objectives

    def answers(self, row: Indicator | Action) -> bool:
        """Whether it answers to the pillar and to the item chosen."""
        pillar, item = self.chosen.get("pillar"), self.chosen.get("framework")
        if not pillar and not item:
            return True
        found = answered_by(row)
        return (not pillar or any(one.pillar == pillar for one in found)) and (
            not item or any(one.code == item for one in found)
        )

    def involves(self, row: Indicator | Action) -> bool:
        """Whether the institution chosen has a part in it."""
        wanted = self.chosen.get("institution")
        return not wanted or any(body.code == wanted for body in involved(row))

    def fits(self, row: Indicator | Action) -> bool:
        """Everything but the status."""
        return self.stands_under(row) and self.involves(row) and self.answers(row)

    def indicators(self) -> list[Indicator]:
        """The plan's indicators as of the quarter chosen."""
        rows, quarter = self.parts.indicators.values(), self.chosen.get("quarter")
        return [indicator_at(row, self.parts, quarter) if quarter else row for row in rows]

    def actions(self) -> list[Action]:
        """The plan's actions as of the quarter chosen."""
        rows, quarter = self.parts.actions.values(), self.chosen.get("quarter")
        return [action_at(row, self.parts, quarter) if quarter else row for row in rows]

    def has_status(self, row: Indicator) -> bool:
        wanted = self.chosen.get("status")
        return not wanted or (row.status or Status.NOT_DUE) == wanted


class IndicatorFilter(PlanFilter):
    """Indicators, with their figures of the quarter chosen."""

    statuses = Status.choices

    def apply(self) -> list[Indicator]:
        return [row for row in self.indicators() if self.fits(row) and self.has_status(row)]


class ActionFilter(PlanFilter):
    """Actions, with their status of the quarter chosen and their money until then."""

    statuses = ActionStatus.choices
    any_quarter = _("That of the edition")

    def apply(self) -> list[Action]:
        status = self.chosen.get("status")
        return [
            row
            for row in self.actions()
            if self.fits(row) and (not status or (row.now is not None and row.now.status == status))
        ]
