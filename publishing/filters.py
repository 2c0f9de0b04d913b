"""Filters of the public lists; what was chosen stands in the address."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.choices import Status
from publishing.reading import Action, Indicator, Objective, Parts
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
            del self.fields[name]

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
