"""What the matrix can be narrowed to; every choice stays in the address."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.models import Plan
from reports.choices import Standing
from reports.matrix import Asked, Known


class MatrixFilter(forms.Form):
    """A plan where there are several; a year or a span of quarters; an institution; a state."""

    plan = forms.ChoiceField(label=_("Plan"), required=False)
    year = forms.ChoiceField(label=_("Whole year"), required=False)
    first = forms.ChoiceField(label=_("From quarter"), required=False)
    last = forms.ChoiceField(label=_("To quarter"), required=False)
    institution = forms.ChoiceField(label=_("Institution"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, data: Any, plans: Sequence[Plan], known: Known) -> None:
        super().__init__(data)
        quarters = [(period.code, str(period)) for period in known.periods]
        years = dict.fromkeys(str(period.year) for period in known.periods)
        self._offer("plan", [(plan.code, str(plan)) for plan in plans], len(plans) > 1)
        self._offer("year", [(year, year) for year in years], len(years) > 1)
        self._offer("first", list(reversed(quarters)), len(quarters) > 1)
        self._offer("last", quarters, len(quarters) > 1)
        places = [(place.code, str(place)) for place in known.institutions]
        self._offer("institution", places, len(places) > 1)
        self._offer("state", list(Standing.choices), bool(places))

    def _offer(self, name: str, choices: Sequence[tuple[str, Any]], is_there: bool) -> None:
        """A choice that has nothing to choose from is left out; a plan is always one of them."""
        if not is_there:
            del self.fields[name]
            return
        first = [] if name == "plan" else [("", _("All"))]
        self.fields[name].choices = [*first, *choices]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen; a choice that does not exist chooses nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def count(self) -> int:
        """How many filters are set; the plan is a place, not a filter."""
        return len(set(self.chosen) - {"plan"})

    @property
    def asked(self) -> Asked:
        """The part that is wanted; a whole year goes before a span of quarters."""
        chosen = self.chosen
        year = chosen.get("year")
        first = (int(year), 1) if year else _quarter(chosen.get("first"), Asked.first)
        last = (int(year), 4) if year else _quarter(chosen.get("last"), Asked.last)
        return Asked(first, last, chosen.get("institution", ""), chosen.get("state", ""))


def _quarter(code: str | None, otherwise: tuple[int, int]) -> tuple[int, int]:
    year, _q, quarter = (code or "").partition("-Q")
    return (int(year), int(quarter)) if quarter else otherwise
