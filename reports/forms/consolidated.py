"""Which quarters of which plan are wanted, of whom, about what, and in which file."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Institution
from indicators.models import Indicator, Objective, Plan
from reports.choices import ExportKind, ReportStatus
from reports.consolidated.asked import Asked, quarter_of
from reports.forms.fields import choice_field
from reports.models import Period

NARROWING = ("institutions", "objective", "indicators", "states")
SEVERAL = ("institutions", "indicators", "states")


def several_field(label: str, choices: list[tuple[str, Any]]) -> forms.MultipleChoiceField:
    """Some of a closed list; none chosen means all."""
    attrs = {"class": "form-select", "autocomplete": "off", "size": min(6, max(2, len(choices)))}
    widget = forms.SelectMultiple(attrs=attrs)
    return forms.MultipleChoiceField(label=label, required=False, choices=choices, widget=widget)


def _own(plan: Plan, code: str) -> str:
    """What stands in the address for an objective or indicator of one of several plans."""
    return f"{plan.code}:{code}"


class AskForm(forms.Form):
    """A plan, its first and last quarter or a whole year, what to leave out, the kind of file."""

    def __init__(self, plans: QuerySet[Plan], data: Any = None, initial: Any = None) -> None:
        super().__init__(data, auto_id="span-%s", initial=initial)
        self.plans = {plan.code: plan for plan in plans}
        periods = Period.objects.filter(plan__in=plans).order_by("-year", "-quarter")
        known = dict.fromkeys((p.year, p.quarter) for p in periods)
        quarters = [(f"{year}-Q{quarter}", f"{year} Q{quarter}") for year, quarter in known]
        years = [(str(year), str(year)) for year in dict.fromkeys(year for year, _q in known)]
        names = [(code, str(plan)) for code, plan in self.plans.items()]
        self.fields["plan"] = choice_field(_("Plan"), names)
        self.fields["year"] = choice_field(_("Whole year"), years, _("No, the quarters below"))
        self.fields["first"] = choice_field(_("From quarter"), list(reversed(quarters)))
        self.fields["last"] = choice_field(_("To quarter"), quarters)
        self.fields["kind"] = choice_field(_("File"), list(ExportKind.choices))
        self.fields["plan"].required = self.fields["kind"].required = True
        self._add_narrowing(plans)

    def _add_narrowing(self, plans: QuerySet[Plan]) -> None:
        owing = Institution.objects.filter(reports__period__plan__in=plans).distinct()
        order = ("plan__code", "order", "code")
        objectives = (
            Objective.objects.filter(plan__in=plans).select_related("plan").order_by(*order)
        )
        indicators = (
            Indicator.objects.filter(plan__in=plans).select_related("plan").order_by(*order)
        )
        states = [(state.value, state.label) for state in ReportStatus]
        fields = self.fields
        fields["institutions"] = several_field(
            _("Institutions"), [(row.code, str(row)) for row in owing.order_by("code")]
        )
        fields["objective"] = choice_field(_("Objective"), self._named(objectives), _("All"))
        fields["indicators"] = several_field(_("Indicators"), self._named(indicators))
        fields["states"] = several_field(_("Status of the reports"), states)

    def _named(self, rows: Iterable[Objective | Indicator]) -> list[tuple[str, str]]:
        has_many = len(self.plans) > 1
        return [
            (_own(row.plan, row.code), f"{row.plan.code} · {row}" if has_many else str(row))
            for row in rows
        ]

    @property
    def asked_fields(self) -> list[forms.BoundField]:
        """What everybody chooses."""
        return [self[name] for name in self.fields if name not in NARROWING]

    @property
    def narrowing_fields(self) -> list[forms.BoundField]:
        """What may be left as it is."""
        return [self[name] for name in NARROWING]

    @property
    def is_narrowed(self) -> bool:
        """Whether something is chosen there already, or is wrong."""
        return any(field.value() or field.errors for field in self.narrowing_fields)

    def clean(self) -> dict[str, Any]:
        """The quarters are in order, and what is chosen belongs to the plan."""
        given = self.cleaned_data
        if year := given.get("year"):
            given["first"], given["last"] = f"{year}-Q1", f"{year}-Q4"
        self._check_quarters(given)
        if "plan" in given:
            self._check_plan(given)
        return given

    def _check_quarters(self, given: Mapping[str, Any]) -> None:
        for name in ("first", "last"):
            if name in given and not given[name]:
                self.add_error(name, _("Choose a quarter, or a whole year."))
        first, last = given.get("first"), given.get("last")
        if first and last and quarter_of(first) > quarter_of(last):
            self.add_error("last", _("This quarter is before the first one. Choose a later one."))

    def _check_plan(self, given: Mapping[str, Any]) -> None:
        own = f"{given['plan']}:"
        for name in ("objective", "indicators"):
            chosen = given.get(name) or []
            codes = [chosen] if isinstance(chosen, str) else chosen
            if not all(code.startswith(own) for code in codes):
                self.add_error(name, _("This belongs to another plan."))

    @property
    def asked(self) -> Asked:
        """The question."""
        given = self.cleaned_data
        return Asked(
            self.plans[given["plan"]],
            quarter_of(given["first"]),
            quarter_of(given["last"]),
            ExportKind(given["kind"]),
            institutions=tuple(given["institutions"]),
            objective=given["objective"].partition(":")[2],
            indicators=tuple(code.partition(":")[2] for code in given["indicators"]),
            states=tuple(given["states"]),
        )

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Every error with the address of its field."""
        return [
            (f"{self.fields[name].label}: {error}", f"#span-{name}")
            if name in self.fields
            else (str(error), "")
            for name, errors in self.errors.items()
            for error in errors
        ]


def initial_from(asked: Asked) -> dict[str, list[str]]:
    """The fields of a question, for asking it again."""
    plan = asked.plan
    chosen = {
        "plan": [plan.code],
        "first": [f"{asked.first[0]}-Q{asked.first[1]}"],
        "last": [f"{asked.last[0]}-Q{asked.last[1]}"],
        "kind": [asked.kind.value],
        "institutions": list(asked.institutions),
        "objective": [_own(plan, asked.objective)] if asked.objective else [],
        "indicators": [_own(plan, code) for code in asked.indicators],
        "states": list(asked.states),
    }
    return {name: values for name, values in chosen.items() if values}
