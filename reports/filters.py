"""What a ministry's list can be narrowed to; the choice stays in the address."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from reports.choices import ReportStatus
from reports.models import Report


def quarters_in(reports: QuerySet[Report]) -> list[tuple[str, str]]:
    """The quarters of these reports, newest first: 2026-Q3 in the address, 2026 Q3 to read."""
    rows = reports.order_by("-period__year", "-period__quarter").values_list(
        "period__year", "period__quarter"
    )
    return [(f"{year}-Q{quarter}", f"{year} Q{quarter}") for year, quarter in rows.distinct()]


class MyReportsFilter(filters.FilterSet):
    """By status and quarter."""

    status = filters.ChoiceFilter(
        label=_("Status"), choices=ReportStatus.choices, empty_label=_("All")
    )
    quarter = filters.ChoiceFilter(label=_("Quarter"), method="of_quarter", choices=[])

    class Meta:
        model = Report
        fields: list[str] = []

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.filters["quarter"]
        field.extra["choices"] = quarters_in(self.queryset)
        field.extra["empty_label"] = _("All")

    def of_quarter(self, reports: QuerySet[Report], _name: str, value: str) -> QuerySet[Report]:
        year, _q, quarter = value.partition("-Q")
        return reports.filter(period__year=year, period__quarter=quarter)

    @property
    def has_any(self) -> bool:
        """Whether there is anything to filter at all."""
        return bool(self.filters["quarter"].extra["choices"])

    @property
    def count(self) -> int:
        """How many filters are set."""
        return sum(1 for value in self.form.cleaned_data.values() if value) if self.is_bound else 0
