"""What plans share: frameworks are kept by who runs the site, institutions by each country."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import Institution, InstitutionAlias
from indicators.admin.exchange import KeptAdmin
from indicators.admin.keeping import KeptInline, PlanForm
from indicators.admin.plan import TITLES
from indicators.models import Framework, FrameworkItem
from indicators.resources.plan import texts
from indicators.resources.shared import (
    FrameworkItemResource,
    FrameworkResource,
    InstitutionResource,
)
from indicators.scope import institutions_kept, plans_kept


class SharedAdmin(KeptAdmin):
    """Rows of no plan: administrators read them, superusers change them."""

    plan_path = ""

    def scope(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        return rows

    def _runs_site(self, request: HttpRequest) -> bool:
        return self.may_keep(request) and bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._runs_site(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._runs_site(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._runs_site(request)


@admin.register(Framework)
class FrameworkAdmin(SharedAdmin):
    resource_classes = [FrameworkResource]
    fixed = ("code",)
    list_display = ("code", "title")
    search_fields = ("code", *TITLES)
    fields = ("code", *texts("title"), "source")


@admin.register(FrameworkItem)
class FrameworkItemAdmin(SharedAdmin):
    resource_classes = [FrameworkItemResource]
    fixed = ("framework", "code")
    list_display = ("code", "title", "framework", "certainty")
    list_filter = ("framework", "certainty")
    list_select_related = ("framework",)
    search_fields = ("code", *TITLES)
    fields = (
        "framework",
        "code",
        "parent",
        *texts("title"),
        "pillar",
        "unit",
        "adopted_on",
        "certainty",
        "source",
        "order",
    )


class AliasInline(KeptInline):
    model = InstitutionAlias


class InstitutionForm(PlanForm):
    """An institution of a country whose plan the person keeps."""

    countries: set[str] | None = None

    def clean_country(self) -> str:
        country: str = self.cleaned_data["country"]
        if self.countries is not None and country not in self.countries:
            self.add_error("country", _("You keep no plan of this country."))
        return country


@admin.register(Institution)
class InstitutionAdmin(KeptAdmin):
    form = InstitutionForm
    resource_classes = [InstitutionResource]
    plan_path = ""
    fixed = ("country", "code")
    list_display = ("code", "name", "kind", "country")
    list_filter = ("kind",)
    search_fields = ("code", *texts("name"), "aliases__name")
    inlines = [AliasInline]
    fields = ("country", "code", *texts("name"), "kind", "source", "note")

    def scope(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        return rows.filter(pk__in=institutions_kept(request.user).order_by().values("pk"))

    def _countries(self, request: HttpRequest) -> set[str] | None:
        if request.user.is_superuser:
            return None
        return set(plans_kept(request.user).values_list("country", flat=True))

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        form.countries = self._countries(request)
        return form

    def get_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        own = super().get_resource_kwargs(request, **kwargs)
        return {**own, "countries": self._countries(request)}
