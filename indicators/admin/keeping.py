"""Who keeps what in the admin: rows and choices are those of the person's own plans."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms.models import ModelChoiceField, ModelChoiceIterator, ModelMultipleChoiceField
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from accounts.models import Institution, User
from indicators.languages import texts_of
from indicators.models import Action, Dimension, Indicator, Objective, Plan
from indicators.scope import institutions_kept, is_keeper, people_kept, plans_kept

Request = HttpRequest


def _in_plans(model: Any) -> Callable[[Any], QuerySet[Any]]:
    return lambda user: model.objects.filter(plan__in=plans_kept(user).order_by())


SCOPES: dict[type[Model], Callable[[Any], QuerySet[Any]]] = {
    Plan: plans_kept,
    Institution: institutions_kept,
    User: people_kept,
    Objective: _in_plans(Objective),
    Action: _in_plans(Action),
    Dimension: _in_plans(Dimension),
    Indicator: _in_plans(Indicator),
}


def choices_for(model: Any, request: Request) -> QuerySet[Any]:
    """The rows a form may offer: of the plan of what is edited, where something is."""
    scope = SCOPES.get(model)
    rows = scope(request.user) if scope else model.objects.all()
    plan = getattr(request, "edited_plan", None)
    if plan is not None and any(field.name == "plan" for field in model._meta.fields):
        rows = rows.filter(plan=plan)
    return rows


class _SharedIterator(ModelChoiceIterator):
    """Reads its rows once for all rows of an inline."""

    field: "SharedChoiceField"

    def __iter__(self) -> Any:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        if "choices" not in self.field.shared:
            self.field.shared["choices"] = [self.choice(row) for row in self.queryset]
        yield from self.field.shared["choices"]


class SharedChoiceField(ModelChoiceField):
    """A choice among rows that costs one query for each page, not one for each form on it."""

    iterator = _SharedIterator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.shared: dict[str, Any] = {}
        super().__init__(*args, **kwargs)


class PlanForm(forms.ModelForm):
    """What belongs to one plan names nothing of another, and says its title in one language."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for column in self._wordless():
            self.add_error(column, _("Write it in one language at least."))
        plan_id = self._plan_id(data)
        for name, value in list(data.items()):
            if plan_id and any(_plan_of(row) not in (None, plan_id) for row in _rows(value)):
                self.add_error(name, _("This belongs to another plan."))
        return data

    def _wordless(self) -> list[str]:
        found = []
        for name in texts_of(type(self.instance)):
            columns = [column for column in self.fields if column.startswith(f"{name}_")]
            needed = columns and not self.instance._meta.get_field(name).blank
            if needed and not any(self.cleaned_data.get(column) for column in columns):
                found.append(columns[0])
        return found

    def _plan_id(self, data: dict[str, Any]) -> int | None:
        plan = data.get("plan")
        return plan.pk if plan else getattr(self.instance, "plan_id", None)


def _rows(value: Any) -> list[Any]:
    if isinstance(value, QuerySet):
        return list(value)
    return [value] if isinstance(value, Model) else []


def _plan_of(row: Any) -> int | None:
    return getattr(row, "plan_id", None)


class Keeping:
    """For admin classes and inlines: superusers everywhere, administrators in their own plans."""

    plan_path: ClassVar[str] = "plan"

    def may_keep(self, request: Request) -> bool:
        return is_keeper(request.user)

    def has_module_permission(self, request: Request) -> bool:
        return self.may_keep(request)

    def has_view_permission(self, request: Request, obj: Any = None) -> bool:
        return self.may_keep(request)

    def has_change_permission(self, request: Request, obj: Any = None) -> bool:
        return self.may_keep(request)

    def has_add_permission(self, request: Request, obj: Any = None) -> bool:
        return self.may_keep(request)

    def has_delete_permission(self, request: Request, obj: Any = None) -> bool:
        return self.may_keep(request)

    def scope(self, rows: QuerySet[Any], request: Request) -> QuerySet[Any]:
        """The rows of the person's plans."""
        return rows.filter(**{f"{self.plan_path}__in": plans_kept(request.user).order_by()})

    def get_queryset(self, request: Request) -> QuerySet[Any]:
        rows = super().get_queryset(request)  # type: ignore[misc]
        return rows if request.user.is_superuser else self.scope(rows, request)

    def formfield_for_foreignkey(self, db_field: Any, request: Request, **kwargs: Any) -> Any:
        kwargs["queryset"] = choices_for(db_field.remote_field.model, request)
        kwargs.setdefault("form_class", SharedChoiceField)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: Request, **kwargs: Any) -> Any:
        kwargs["queryset"] = choices_for(db_field.remote_field.model, request)
        kwargs.setdefault("form_class", ModelMultipleChoiceField)
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]


class KeptInline(Keeping, admin.TabularInline):
    """An inline of a kept row; its rows are those of a row that is in scope already."""

    extra = 0

    def get_queryset(self, request: Request) -> QuerySet[Any]:
        return admin.TabularInline.get_queryset(self, request)


class PlanFilter(admin.SimpleListFilter):
    """By plan, among the person's own."""

    title = Plan._meta.verbose_name
    parameter_name = "of_plan"

    def lookups(self, request: Request, model_admin: Any) -> list[tuple[str, str]]:
        return [(plan.code, str(plan)) for plan in plans_kept(request.user)]

    def queryset(self, request: Request, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        path = "__".join(filter(None, [self.plan_path, "code"]))
        return queryset.filter(**{path: self.value()})

    plan_path = "plan"


def plan_filter(path: str) -> type[PlanFilter]:
    """A filter by plan for rows whose plan is reached by this path."""
    return type("PathFilter", (PlanFilter,), {"plan_path": path})


def missing() -> Http404:
    """The answer for what is not there or not hers: the same."""
    return Http404(_("There is no such row."))
