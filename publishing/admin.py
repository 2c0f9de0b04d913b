"""Editions in the admin: to read. A published edition never changes."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from indicators.rules import holdings
from indicators.scope import is_keeper
from publishing.models import Edition


@admin.register(Edition)
class EditionAdmin(admin.ModelAdmin):
    """What was published, with its hash. It is public, so whoever works here may see it."""

    list_display = ("address", "plan", "period", "number", "published_at", "published_by")
    list_select_related = ("plan", "period__plan", "published_by")
    list_per_page = 100
    show_full_result_count = False
    search_fields = ("address",)
    fields = (
        "address",
        "plan",
        "period",
        "number",
        "sha256",
        "audit_head",
        "note",
        "published_by",
        "published_at",
    )
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        return super().get_queryset(request).defer("snapshot")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_keeper(request.user) or bool(holdings(request.user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _get_obj_does_not_exist_redirect(self, *args: Any) -> HttpResponse:
        raise Http404

    def view_on_site(self, obj: Edition) -> str:
        return reverse("edition", args=[obj.address])
