"""What the coalition's lists can be narrowed to; every choice stays in the address."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.forms import CheckboxInput
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution
from reports.choices import WITH_COALITION, ReportStatus
from reports.models import Period, Report
from reports.review_lists import owed_rows, queue_for


def _queue_periods(request: HttpRequest) -> QuerySet[Period]:
    reports = queue_for(request.user).values("period")
    return Period.objects.filter(pk__in=reports).order_by("-year", "-quarter")


def _queue_institutions(request: HttpRequest) -> QuerySet[Institution]:
    reports = queue_for(request.user).values("institution")
    return Institution.objects.filter(pk__in=reports).order_by("code")


def _owing_institutions(request: HttpRequest) -> QuerySet[Institution]:
    reports = owed_rows(request.user).values("institution")
    return Institution.objects.filter(pk__in=reports).order_by("code")


class _Counted(filters.FilterSet):
    @property
    def count(self) -> int:
        """How many filters are set."""
        return sum(1 for value in self.form.cleaned_data.values() if value)


class QueueFilter(_Counted):
    """The queue by state, quarter, institution, and what a person took herself."""

    status = filters.ChoiceFilter(
        label=_("Status"),
        choices=[(s.value, s.label) for s in ReportStatus if s in WITH_COALITION],
        empty_label=_("All"),
    )
    quarter = filters.ModelChoiceFilter(
        field_name="period", label=_("Quarter"), queryset=_queue_periods, empty_label=_("All")
    )
    institution = filters.ModelChoiceFilter(
        label=_("Institution"), queryset=_queue_institutions, empty_label=_("All")
    )
    mine = filters.BooleanFilter(
        label=_("Only what I took"), method="only_mine", widget=CheckboxInput
    )

    class Meta:
        model = Report
        fields: tuple[str, ...] = ()

    def only_mine(self, rows: QuerySet[Report], _name: str, value: Any) -> QuerySet[Report]:
        return rows.filter(reviewer=self.request.user) if value else rows


class QuarterFilter(_Counted):
    """Who owes what, by state and institution."""

    status = filters.ChoiceFilter(
        label=_("Status"), choices=ReportStatus.choices, empty_label=_("All")
    )
    institution = filters.ModelChoiceFilter(
        label=_("Institution"), queryset=_owing_institutions, empty_label=_("All")
    )

    class Meta:
        model = Report
        fields: tuple[str, ...] = ()
