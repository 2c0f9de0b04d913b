"""People. What they may do stands in their roles; who runs the site is said by superusers only."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from indicators.admin.exchange import KeptAdmin
from indicators.admin.members import MembersByPerson, save_members
from indicators.resources.people import PersonResource, PersonWithPowersResource
from indicators.scope import people_kept


class PersonForm(forms.ModelForm):
    """A person; an address is kept in small letters."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class NewPersonForm(AdminUserCreationForm):
    """A new person, with a first password or none until she is invited."""

    class Meta:
        model = User
        fields = ("email", "name", "language", "is_staff")

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class PersonInline(MembersByPerson):
    """Roles on the page of a person; those of who runs the site are shown only."""

    def _may_change(self, request: HttpRequest, obj: Any) -> bool:
        by = request.user
        return self.may_keep(request) and (by.is_superuser or not getattr(obj, "is_superuser", 0))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_change(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_change(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_change(request, obj)


@admin.register(User)
class PersonAdmin(KeptAdmin, UserAdmin):  # type: ignore[misc]  # both name the form their way
    """An administrator adds people with a role and sees those of her plans.

    Address, password and power of a person who exists are a superuser's: with them one could
    become that person.
    """

    form = PersonForm
    add_form = NewPersonForm
    resource_classes = [PersonResource]
    plan_path = ""
    inlines = [PersonInline]
    ordering = ("name",)
    list_display = ("name", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("name", "email")
    filter_horizontal = ()
    fieldsets = None
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    "email",
                    "name",
                    "language",
                    "is_staff",
                    "usable_password",
                    "password1",
                    "password2",
                )
            },
        ),
    )

    def scope(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        return rows.filter(pk__in=people_kept(request.user).order_by().values("pk"))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if not obj:
            return self.add_fieldsets
        powers = ("is_active", "is_staff", "is_superuser")
        return ((None, {"fields": ("email", "name", "language", *powers, "last_login")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if not obj:
            return []
        closed = () if request.user.is_superuser else ("email", "is_active", "is_superuser")
        return ["last_login", *closed]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        by = request.user
        own = by.is_superuser or not getattr(obj, "is_superuser", False)
        return super().has_change_permission(request, obj) and own

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody is deleted: what she signed keeps her name. Take the roles away instead."""
        return False

    def user_change_password(
        self,
        request: HttpRequest,
        id: str,  # noqa: A002  # the name Django gives it
        form_url: str = "",
    ) -> HttpResponse:
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def get_resource_classes(self, request: HttpRequest) -> list[type[PersonResource]]:
        powers = request.user.is_superuser
        return [PersonWithPowersResource] if powers else [PersonResource]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        save_members(request, formset)
