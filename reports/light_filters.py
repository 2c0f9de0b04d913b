"""What the lights of a quarter can be narrowed to; every choice stays in the address."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from indicators.choices import Status
from indicators.models import FrameworkItem, Indicator, Objective
from reports.choices import Difference
from reports.lights import Light, Lights

Choices = Sequence[tuple[str, Any]]
SHORT = 90


class LightsFilter(forms.Form):
    """By objective (with all below it), institution, computed status and framework or pillar."""

    objective = forms.ChoiceField(label=_("Objective"), required=False)
    institution = forms.ChoiceField(label=_("Institution"), required=False)
    status = forms.ChoiceField(label=_("Computed status"), required=False)
    framework = forms.ChoiceField(label=_("Answers to"), required=False)

    def __init__(self, data: Any, every: Sequence[Lights], objectives: Iterable[Objective]) -> None:
        super().__init__(data)
        self.every = every
        self.tree = {objective.pk: objective for objective in objectives}
        indicators = [one.indicator for one in every]
        prefetch_related_objects(indicators, "frameworks__framework")
        self.items = {row.pk: self._items(row) for row in indicators}
        self._offer("objective", [(o.code, f"{o}"[:SHORT]) for o in self.tree.values()])
        self._offer("institution", self._institutions())
        self._offer("status", self._statuses())
        self._offer("framework", self._frameworks())

    def _offer(self, name: str, choices: Choices) -> None:
        """A choice that has nothing to choose from is left out."""
        if choices:
            self.fields[name].choices = [("", _("All")), *choices]  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    def _institutions(self) -> Choices:
        rows = (row.report.institution for one in self.every for row in one.rows)
        return sorted({(place.code, str(place)) for place in rows})

    def _statuses(self) -> Choices:
        known = {one.computed.status for one in self.every}
        return [(status.value, status.label) for status in Status if status in known]

    def _path(self, indicator: Indicator) -> list[Objective]:
        """The indicator's objective and everything above it."""
        found: list[Objective] = []
        key: int | None = indicator.objective_id
        while key is not None and key in self.tree:
            found.append(self.tree[key])
            key = self.tree[key].parent_id
        return found

    def _items(self, indicator: Indicator) -> list[FrameworkItem]:
        """What an indicator answers to, itself or through its objectives."""
        above = (item for part in self._path(indicator) for item in part.frameworks.all())
        return [*indicator.frameworks.all(), *above]

    def _frameworks(self) -> Choices:
        items = {item.pk: item for items in self.items.values() for item in items}
        pillars = sorted({item.pillar for item in items.values() if item.pillar})
        named = sorted((_key(item), str(item)[:SHORT]) for item in items.values())
        found: list[tuple[str, Any]] = []
        if pillars:
            found.append((gettext("Pillar"), [(f"pillar:{name}", name) for name in pillars]))
        if named:
            found.append((gettext("Framework"), named))
        return found

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen; a choice that does not exist chooses nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def count(self) -> int:
        """How many filters are set."""
        return len(self.chosen)

    def _fits(self, one: Lights) -> bool:
        chosen, path = self.chosen, self._path(one.indicator)
        wanted = chosen.get("framework", "")
        names = {name for i in self.items[one.indicator.pk] for name in (_key(i), _pillar(i))}
        return (
            chosen.get("objective", "") in ("", *(part.code for part in path))
            and chosen.get("status", "") in ("", one.computed.status)
            and (not wanted or wanted in names)
        )

    def _keeps(self, row: Light) -> bool:
        return self.chosen.get("institution", "") in ("", row.report.institution.code)

    def apply(self) -> list[Lights]:
        """The indicators that fit, each with the rows that do; without a row only where none is
        asked for."""
        cut = [
            replace(one, rows=[row for row in one.rows if self._keeps(row)])
            for one in self.every
            if self._fits(one)
        ]
        return [one for one in cut if one.rows] if "institution" in self.chosen else cut


class DifferencesFilter(LightsFilter):
    """The same, and by which of the lights differ."""

    kind = forms.ChoiceField(label=_("What differs"), required=False)

    def __init__(self, data: Any, every: Sequence[Lights], objectives: Iterable[Objective]) -> None:
        super().__init__(data, every, objectives)
        self._offer("kind", [(kind.value, kind.label) for kind in Difference])

    def differences(self) -> list[Light]:
        """The rows that fit and in which lights differ as asked, or at all."""
        kind = self.chosen.get("kind")
        rows = (row for one in self.apply() for row in one.rows)
        return [row for row in rows if (kind in row.differences if kind else row.differences)]


def _key(item: FrameworkItem) -> str:
    return f"{item.framework.code}:{item.code}"


def _pillar(item: FrameworkItem) -> str:
    return f"pillar:{item.pillar}"
