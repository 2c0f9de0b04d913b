"""Every change in the admin is told in the chained log, with what stood there before."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Manager, Model, QuerySet
from django.forms.models import ModelChoiceField

from audit.services import record


def code_of(row: Any) -> str:
    """How the log names a row: its code, e-mail address or what it is called."""
    for name in ("code", "email"):
        if getattr(row, name, ""):
            return str(getattr(row, name))
    return str(row)


def plain(value: Any) -> Any:
    """A form's value as data."""
    if value is None or isinstance(value, bool | int | str | Decimal | date):
        return value
    if isinstance(value, Model):
        return code_of(value)
    if isinstance(value, QuerySet | Manager | list | tuple | set):
        rows = value.all() if isinstance(value, Manager) else value
        return [plain(row) for row in rows]
    return str(value)


def _before(form: Any, name: str) -> Any:
    value, field = form.initial.get(name), form.fields[name]
    if (
        isinstance(field, ModelChoiceField)
        and field.queryset is not None
        and isinstance(value, int)
    ):
        value = field.queryset.model._default_manager.filter(pk=value).first()
    return plain(value)


SECRET = ("password1", "password2", "password", "usable_password")


def changes(form: Any) -> dict[str, list[Any]]:
    """Field by field what was and what is."""
    return {
        name: [_before(form, name), plain(form.cleaned_data.get(name))]
        for name in form.changed_data
        if name not in SECRET
    }


def _rows(formset: Any) -> list[dict[str, Any]]:
    """What was written, row by row. A saved form does not say itself any more that it was new."""
    gone = [{"row": code_of(row), "deleted": True} for row in formset.deleted_objects]
    written = [*formset.new_objects, *(row for row, _names in formset.changed_objects)]
    return gone + [
        {"row": code_of(form.instance), "changed": changes(form)}
        for form in formset.forms
        if any(form.instance is row for row in written)
    ]


def told(form: Any, formsets: Iterable[Any], *, but: type[Model]) -> dict[str, Any]:
    """What a form and its inlines changed; empty when nothing. `but` is told on its own."""
    found: dict[str, Any] = {}
    if changed := changes(form):
        found["changed"] = changed
    for formset in formsets:
        if formset.model is not but and (rows := _rows(formset)):
            found[formset.model._meta.model_name] = rows
    return found


def tell(action: str, request: Any, row: Model, about: Model, **data: Any) -> None:
    name = row._meta.model_name
    record(f"{name}.{action}", by=request.user.email, about=about, row=code_of(row), **data)
