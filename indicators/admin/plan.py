"""The plan, its tree, its actions and their money."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple, MultipleChoiceField
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from indicators.admin.exchange import KeptAdmin
from indicators.admin.keeping import KeptInline, PlanForm, plan_filter
from indicators.admin.members import MembersByPlan, save_members
from indicators.models import Action, Funding, Objective, Plan, PlanLevel
from indicators.resources.plan import (
    ActionResource,
    FundingResource,
    ObjectiveResource,
    PlanLevelResource,
    PlanResource,
    texts,
)
from indicators.resources.tree import settle
from indicators.scope import plans_kept

TITLES = ("title_en", "title_sq", "title_fr")
SOURCED = ("source", "certainty", *texts("note"))


class PlanDataForm(PlanForm):
    """A plan; its languages are chosen, not typed."""

    languages = MultipleChoiceField(
        label=_("languages"),
        choices=[("en", _("English")), ("sq", _("Albanian")), ("fr", _("French"))],
        widget=CheckboxSelectMultiple,
    )


class LevelInline(KeptInline):
    model = PlanLevel
    fields = ("depth", *texts("name"))


@admin.register(Plan)
class PlanAdmin(KeptAdmin):
    form = PlanDataForm
    resource_classes = [PlanResource]
    fixed = ("code", "country")
    list_display = ("code", "title", "country", "starts_on", "ends_on", "is_demonstration")
    search_fields = ("code", *TITLES)
    inlines = [LevelInline, MembersByPlan]
    fields = (
        "code",
        "country",
        *texts("title"),
        "languages",
        "time_zone",
        "cadence",
        "currency",
        ("starts_on", "ends_on", "adopted_on"),
        ("report_due_days", "resubmit_days"),
        ("on_track_at", "at_risk_at", "coverage_at"),
        ("small_count_below", "small_count_rounding"),
        "is_demonstration",
        *SOURCED,
    )

    def scope(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        return rows.filter(pk__in=plans_kept(request.user).order_by().values("pk"))

    def plan_of(self, obj: Any) -> Any:
        return obj

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        save_members(request, formset)

    def view_on_site(self, obj: Plan) -> str | None:
        try:
            return reverse("plan", args=[obj.code])
        except NoReverseMatch:
            return None


@admin.register(PlanLevel)
class PlanLevelAdmin(KeptAdmin):
    resource_classes = [PlanLevelResource]
    fixed = ("plan", "depth")
    list_display = ("depth", "name", "plan")
    list_filter = (plan_filter("plan"),)
    list_select_related = ("plan",)
    search_fields = texts("name")
    fields = ("plan", "depth", *texts("name"))


class ObjectiveForm(PlanForm):
    """An objective stands one level below its parent, and never below itself."""

    def clean_parent(self) -> Objective | None:
        parent: Objective | None = self.cleaned_data["parent"]
        above = dict(Objective.objects.values_list("pk", "parent")) if parent else {}
        found = parent and parent.pk
        while found in above:
            if found == self.instance.pk:
                text = _("“%(code)s” would stand below itself.") % {"code": self.instance.code}
                raise ValidationError(text)
            found = above.pop(found)
        self.instance.depth = parent.depth + 1 if parent else 0
        return parent


@admin.register(Objective)
class ObjectiveAdmin(KeptAdmin):
    form = ObjectiveForm
    resource_classes = [ObjectiveResource]
    list_display = ("code", "title", "depth", "plan")
    list_filter = (plan_filter("plan"), "depth")
    list_select_related = ("plan",)
    search_fields = ("code", *TITLES)
    filter_horizontal = ("frameworks",)
    fields = ("plan", "code", "parent", *texts("title"), "order", "frameworks", *SOURCED)

    def save_model(self, request: HttpRequest, obj: Objective, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        settle(obj.plan)


class FundingInline(KeptInline):
    model = Funding


@admin.register(Action)
class ActionAdmin(KeptAdmin):
    resource_classes = [ActionResource]
    list_display = ("code", "title", "objective", "lead", "starts_on", "ends_on")
    list_filter = (plan_filter("plan"),)
    list_select_related = ("plan", "objective", "lead")
    search_fields = ("code", *TITLES)
    filter_horizontal = ("supporting", "frameworks")
    inlines = [FundingInline]
    fields = (
        "plan",
        "code",
        "objective",
        *texts("title"),
        "lead",
        "supporting",
        ("starts_on", "ends_on"),
        "order",
        "frameworks",
        *SOURCED,
    )


@admin.register(Funding)
class FundingAdmin(KeptAdmin):
    resource_classes = [FundingResource]
    plan_path = "action__plan"
    fixed = ("action", "source")
    list_display = ("action", "source", "planned")
    list_filter = (plan_filter("action__plan"),)
    list_select_related = ("action__plan",)
    search_fields = ("action__code", "source")
    fields = ("action", "source", "planned")
