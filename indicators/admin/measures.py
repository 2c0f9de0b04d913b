"""What is measured: dimensions, indicators, targets."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _

from indicators.admin.exchange import KeptAdmin
from indicators.admin.keeping import KeptInline, PlanForm, plan_filter
from indicators.admin.plan import SOURCED, TITLES
from indicators.models import (
    Category,
    ConsistencyRule,
    Dimension,
    Indicator,
    IndicatorDimension,
    Target,
)
from indicators.resources.measures import (
    CategoryResource,
    ConsistencyResource,
    DimensionResource,
    IndicatorResource,
    TargetResource,
    combination_faults,
)
from indicators.resources.plan import texts
from indicators.targets import next_version, not_overwritten, target_faults


class CategoryInline(KeptInline):
    model = Category
    fields = ("code", *texts("title"), "order")


@admin.register(Dimension)
class DimensionAdmin(KeptAdmin):
    resource_classes = [DimensionResource]
    list_display = ("code", "title", "total_rule", "plan")
    list_filter = (plan_filter("plan"),)
    list_select_related = ("plan",)
    search_fields = ("code", *TITLES)
    inlines = [CategoryInline]
    fields = ("plan", "code", *texts("title"), "total_rule")


@admin.register(Category)
class CategoryAdmin(KeptAdmin):
    resource_classes = [CategoryResource]
    plan_path = "dimension__plan"
    fixed = ("dimension", "code")
    list_display = ("code", "title", "dimension", "order")
    list_filter = (plan_filter("dimension__plan"),)
    list_select_related = ("dimension__plan",)
    search_fields = ("code", *TITLES)
    fields = ("dimension", "code", *texts("title"), "order")


class TargetForm(PlanForm):
    """A target. A stored one keeps its value; a change of mind is a new version with a reason."""

    KEPT = ("indicator", "cell", "as_of", "value", "version")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.instance.pk:
            for name in {*self.KEPT} & {*self.changed_data}:
                self.add_error(name, not_overwritten())
        return data

    def _post_clean(self) -> None:
        """With the row filled in, ask of it what an import asks."""
        super()._post_clean()  # type: ignore[misc]
        if not self.errors and self.instance.indicator_id:
            for field, sentence in self._faults():
                self.add_error(field if field in self.fields else None, sentence)

    def _faults(self) -> Iterator[tuple[str, str]]:
        yield from target_faults(self.instance)
        expected = None if self.instance.pk else next_version(self.instance)
        if expected and self.instance.version != expected:
            told = {"version": expected}
            yield "version", _("Write version %(version)d: it is the next one.") % told


class TargetInline(KeptInline):
    """The targets so far, and room for a new one; none is changed or taken away here."""

    model = Target
    form = TargetForm
    fields = ("cell", "as_of", "value", "version", "reason", "decision")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and self.may_keep(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SplitInline(KeptInline):
    model = IndicatorDimension
    fields = ("dimension", "order")


class IndicatorForm(PlanForm):
    """How values are combined must fit what they are."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not {"kind", "value_meaning", "over_time", "over_units"} & {*self.errors}:
            for field, sentence in combination_faults(self.instance):
                self.add_error(field, sentence)


@admin.register(Indicator)
class IndicatorAdmin(KeptAdmin):
    form = IndicatorForm
    resource_classes = [IndicatorResource]
    list_display = ("code", "title", "kind", "frequency", "sensitivity", "objective")
    list_filter = (plan_filter("plan"), "kind", "sensitivity", "frequency")
    list_select_related = ("plan", "objective")
    search_fields = ("code", *TITLES)
    filter_horizontal = ("responsible", "frameworks")
    inlines = [SplitInline, TargetInline]
    fields = (
        ("plan", "code"),
        ("objective", "action"),
        *texts("title", "definition", "unit"),
        ("kind", "direction", "value_meaning"),
        ("over_time", "over_units", "frequency"),
        ("baseline_state", "baseline_value"),
        ("baseline_numerator", "baseline_denominator"),
        ("baseline_date", "baseline_source"),
        ("tolerance", "floor", "ceiling"),
        "sensitivity",
        ("on_track_at", "at_risk_at", "threshold_reason"),
        "cell_layout",
        "responsible",
        "order",
        "frameworks",
        *SOURCED,
    )


@admin.register(Target)
class TargetAdmin(KeptAdmin):
    form = TargetForm
    resource_classes = [TargetResource]
    plan_path = "indicator__plan"
    fixed = ("indicator", "cell", "as_of", "version")
    list_display = ("indicator", "cell", "as_of", "value", "version")
    list_filter = (plan_filter("indicator__plan"), "as_of")
    list_select_related = ("indicator__plan",)
    search_fields = ("indicator__code", "cell")
    fields = ("indicator", "cell", "as_of", "value", "version", "reason", "decision")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name == "cell":
            field.help_text = _("Blank is the total; a part is written as sex=f.")
        return field


@admin.register(ConsistencyRule)
class ConsistencyRuleAdmin(KeptAdmin):
    """How figures of two indicators must stand to each other; the model refuses nonsense."""

    resource_classes = [ConsistencyResource]
    list_display = ("code", "left", "relation", "right", "scope", "severity", "is_active")
    list_filter = (plan_filter("plan"), "severity", "is_active")
    list_select_related = ("plan", "left", "right")
    search_fields = ("code", "left__code", "right__code", *texts("explanation"))
    fields = (
        ("plan", "code"),
        ("left", "relation", "right"),
        ("scope", "severity", "is_active"),
        *texts("explanation"),
    )
