"""The chained log, to read: all of it for superusers, its own plans for a secretariat."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse

from audit.models import Entry
from indicators.scope import is_keeper, plans_kept

PLAN_PATHS = {
    "indicators.plan": "pk",
    "indicators.planlevel": "plan",
    "indicators.objective": "plan",
    "indicators.action": "plan",
    "indicators.funding": "action__plan",
    "indicators.dimension": "plan",
    "indicators.category": "dimension__plan",
    "indicators.indicator": "plan",
    "indicators.target": "indicator__plan",
    "reports.period": "plan",
    "reports.report": "period__plan",
    "reports.line": "report__period__plan",
    "reports.actionprogress": "report__period__plan",
    "reports.narrative": "report__period__plan",
    "reports.evidence": "report__period__plan",
    "reports.remark": "review__report__period__plan",
    "reports.importmapping": "plan",
    "reports.importbatch": "plan",
    "reports.historicvalue": "batch__plan",
    "publishing.edition": "plan",
}
"""The way from what an entry is about to its plan; an entry about anything else is not shown."""

OPEN_ROUND: dict[str, dict[str, Any]] = {"reports.remark": {"review__outcome": ""}}
"""What the coalition has not handed over yet stays its own."""


def entries_of(user: object) -> QuerySet[Entry]:
    """The entries a keeper of plans may read."""
    if getattr(user, "is_superuser", False):
        return Entry.objects.all()
    plans = plans_kept(user).order_by().values("pk")
    wanted = Q(pk__in=[])
    for label, path in PLAN_PATHS.items():
        model: Any = apps.get_model(label)
        hidden = OPEN_ROUND.get(label, {"pk__in": []})
        rows = model.objects.filter(**{f"{path}__in": plans}).exclude(**hidden)
        keys = rows.order_by().annotate(key=Cast("pk", TextField())).values("key")
        wanted |= Q(about_type=label, about_id__in=keys)
    return Entry.objects.filter(wanted)


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin):
    """Nothing is written here: the log is written with the change it tells of."""

    list_display = ("sequence", "at", "actor", "action", "about_type", "about_id")
    list_filter = ("about_type",)
    list_per_page = 100
    show_full_result_count = False
    search_fields = ("actor", "action", "about_id")
    ordering = ("-sequence",)
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        return entries_of(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_keeper(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_keeper(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _get_obj_does_not_exist_redirect(self, *args: Any) -> HttpResponse:
        raise Http404
