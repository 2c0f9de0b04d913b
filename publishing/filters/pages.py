"""Filters of the pages that set the plan's parts against something else."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.choices import Status
from publishing.choices import Change, GapKind, Reach
from publishing.filters.plan import Choices, PlanFilter, involved
from publishing.reading import Action, Indicator, Parts
from publishing.reading.comparing import Compared
from publishing.reading.crosswalk import Crossing, crosswalk
from publishing.reading.insight import Scorecard
from publishing.reading.lights import Lights
from publishing.reading.moments import until
from publishing.reading.plan import FrameworkItem
from publishing.reading.register import Hole
from reports.choices import Difference


class InstitutionFilter(PlanFilter):
    """Institutions that carry anything that fits; with a quarter, how they reported until then."""

    institution = None  # type: ignore[assignment]
    statuses = Status.choices
    any_quarter = _("That of the edition")

    def apply(self, cards: Iterable[Scorecard]) -> list[Scorecard]:
        codes = until(self.parts, quarter) if (quarter := self.chosen.get("quarter")) else None
        carrying = self._carrying()
        return [
            card.until(codes) if codes else card
            for card in cards
            if carrying is None or card.institution.code in carrying
        ]

    def _carrying(self) -> set[str] | None:
        """Who has a part in an indicator or action that fits; None where nothing was asked."""
        if not {*self.chosen} - {"quarter"}:
            return None
        indicators = [r for r in self.indicators() if self.fits(r) and self.has_status(r)]
        actions = [] if self.chosen.get("status") else [r for r in self.actions() if self.fits(r)]
        rows: Sequence[Indicator | Action] = [*indicators, *actions]
        return {body.code for row in rows for body in involved(row)}


class GapFilter(PlanFilter):
    """Entries of the data-gap register."""

    kind = forms.ChoiceField(label=_("What is missing"), required=False)
    field_order = ("kind",)
    statuses = Status.choices
    any_quarter = _("All")

    def __init__(self, data: Mapping[str, Any], parts: Parts) -> None:
        super().__init__(data, parts)
        self.offer("kind", GapKind.choices)

    def apply(self, rows: Iterable[Hole]) -> list[Hole]:
        return [row for row in rows if self._is_wanted(row)]

    def _is_wanted(self, hole: Hole) -> bool:
        row, chosen = hole.indicator, self.chosen
        body, quarter = chosen.get("institution"), chosen.get("quarter")
        return (
            (not body or hole.concerns(body))
            and chosen.get("kind", hole.kind) == hole.kind
            and (not quarter or (hole.quarter is not None and hole.quarter.code == quarter))
            and (self.stands_under(row) and self.answers(row) and self.has_status(row))
        )


class LightsFilter(PlanFilter):
    """Differences, by the computed status of their own quarter."""

    pair = forms.ChoiceField(label=_("Which two differ"), required=False)
    field_order = ("pair",)
    statuses = Status.choices
    any_quarter = _("All")

    def __init__(self, data: Mapping[str, Any], parts: Parts) -> None:
        super().__init__(data, parts)
        self.offer("pair", Difference.choices if parts.quarters else ())

    def apply(self, rows: Iterable[Lights]) -> list[Lights]:
        return [row for row in rows if self._is_wanted(row)]

    def _is_wanted(self, lights: Lights) -> bool:
        line, chosen = lights.line, self.chosen
        told = {
            "institution": line.institution.code,
            "quarter": line.quarter.code,
            "status": lights.computed,
        }
        return (
            all(chosen.get(name, value) == value for name, value in told.items())
            and ("pair" not in chosen or chosen["pair"] in lights.pairs)
            and self.stands_under(lights.indicator)
            and self.answers(lights.indicator)
        )


class CrosswalkFilter(PlanFilter):
    """Items of the frameworks; objective, institution and status narrow what answers to them."""

    framework = forms.ChoiceField(label=_("Framework"), required=False)
    reach = forms.ChoiceField(label=_("In the plan"), required=False)
    field_order = ("framework", "pillar", "reach")
    statuses = Status.choices

    def __init__(self, data: Mapping[str, Any], parts: Parts) -> None:
        super().__init__(data, parts)
        self.offer("reach", Reach.choices if self.items else ())

    def offered(self) -> list[FrameworkItem]:
        """All there are: an item that nothing answers to is a gap."""
        return list(self.parts.frameworks.values())

    def frameworks(self) -> Choices:
        whole = {item.family: str(item.framework) for item in self.items}
        found: list[tuple[Any, object]] = [*whole.items()]
        return [*found, (str(_("One item")), super().frameworks())] if whole else []

    def apply(self) -> list[Crossing]:
        rows = crosswalk(self._items(), *self._answering())
        reach = self.chosen.get("reach")
        return [row for row in rows if not reach or row.reach == reach]

    def _items(self) -> list[FrameworkItem]:
        item, pillar = self.chosen.get("framework"), self.chosen.get("pillar")
        return [
            row
            for row in self.items
            if (not item or item in (row.code, row.family)) and (not pillar or row.pillar == pillar)
        ]

    def _answering(self) -> tuple[list[Any], list[Indicator], list[Action]]:
        """What may answer: objectives, indicators and actions that the filter leaves."""
        indicators = [
            r
            for r in self.indicators()
            if self.stands_under(r) and self.involves(r) and self.has_status(r)
        ]
        asked = self.chosen.get("status")
        actions = [
            r for r in self.actions() if not asked and self.stands_under(r) and self.involves(r)
        ]
        if not {"objective", "institution", "status"} & {*self.chosen}:
            return list(self.parts.objectives.values()), indicators, actions
        rows: list[Any] = [*indicators, *actions]
        above = {o.code: o for row in rows for o in (*row.objective.path(), row.objective)}
        return list(above.values()), indicators, actions


class CompareFilter(PlanFilter):
    """Which two quarters, of which editions; and what of the plan."""

    quarter = None  # type: ignore[assignment]
    change = forms.ChoiceField(label=_("Change"), required=False)
    field_order = ("from", "to", "against", "change")
    statuses = Status.choices
    moments = ("from", "to", "against")

    def __init__(
        self, data: Mapping[str, Any], parts: Parts, editions: Sequence[tuple[str, str]] = ()
    ) -> None:
        super().__init__(data, parts)
        self.fields["from"] = forms.ChoiceField(label=_("From quarter"), required=False)
        self.fields["to"] = forms.ChoiceField(label=_("To quarter"), required=False)
        label = _("Figures of the first quarter as told in edition")
        self.fields["against"] = forms.ChoiceField(label=label, required=False)
        self.order_fields(self.field_order)
        self.offer("change", Change.choices if parts.quarters else ())
        self.offer("against", editions, _("The same edition"))
        self._offer_quarters()

    def _offer_quarters(self) -> None:
        """Without a choice: the last quarter and the one before it."""
        codes = list(self.parts.quarters)
        for name, place in (("from", -2), ("to", -1)):
            self.offer(name, self._quarters())
            if name in self.fields:
                self.fields[name].choices = self.fields[name].choices[1:]  # type: ignore[attr-defined]
                if self.data.get(name) not in codes:
                    self.data = {**self.data, name: codes[max(place, -len(codes))]}

    @property
    def narrowed(self) -> dict[str, str]:
        """What was chosen besides the two moments."""
        return {k: v for k, v in self.chosen.items() if k not in self.moments}

    def apply(self, rows: Iterable[Compared[Indicator]]) -> list[Compared[Indicator]]:
        return [r for r in rows if self._is_wanted(r) and self._in_status(r.after)]

    def _in_status(self, row: Indicator | None) -> bool:
        """The status at the second moment; what was not there then has none."""
        return "status" not in self.chosen or (row is not None and self.has_status(row))

    def apply_to_actions(self, rows: Iterable[Compared[Action]]) -> list[Compared[Action]]:
        """Actions have no computed status: with one chosen none is left."""
        return [r for r in rows if self._is_wanted(r) and "status" not in self.chosen]

    def _is_wanted(self, row: Compared[Any]) -> bool:
        return self.fits(row.row) and self.chosen.get("change", row.change) == row.change
