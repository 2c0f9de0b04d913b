"""Which quarters of which plan are wanted as one table."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from indicators.models import Plan
from reports.consolidated.rows import Span
from reports.forms.fields import choice_field
from reports.models import Period


class SpanForm(forms.Form):
    """A plan, its first and last quarter, and the kind of file."""

    def __init__(self, plans: QuerySet[Plan], data: Any = None) -> None:
        super().__init__(data, auto_id="span-%s")
        self.plans = {plan.code: plan for plan in plans}
        periods = Period.objects.filter(plan__in=plans).order_by("-year", "-quarter")
        known = dict.fromkeys((p.year, p.quarter) for p in periods)
        quarters = [(f"{year}-Q{quarter}", f"{year} Q{quarter}") for year, quarter in known]
        plan_names = [(code, str(plan)) for code, plan in self.plans.items()]
        kinds = [
            ("xlsx", _("Excel workbook")),
            ("plain", _("Excel workbook without styles, for programs")),
            ("csv", _("CSV, for programs")),
        ]
        self.fields["plan"] = choice_field(_("Plan"), plan_names)
        self.fields["first"] = choice_field(_("From quarter"), list(reversed(quarters)))
        self.fields["last"] = choice_field(_("To quarter"), quarters)
        self.fields["format"] = choice_field(_("File"), kinds)
        for field in self.fields.values():
            field.required = True

    def clean(self) -> dict[str, Any]:
        """The first quarter is not after the last."""
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and first > last:
            self.add_error("last", _("This quarter is before the first one. Choose a later one."))
        return self.cleaned_data

    @property
    def span(self) -> Span:
        """What was asked for."""
        ends = [self.cleaned_data[name].split("-Q") for name in ("first", "last")]
        first, last = ((int(year), int(quarter)) for year, quarter in ends)
        return Span(self.plans[self.cleaned_data["plan"]], first, last)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Every error with the address of its field."""
        return [
            (f"{self.fields[name].label}: {error}", f"#span-{name}")
            for name, errors in self.errors.items()
            for error in errors
        ]
