"""Kept rows in the admin: lists, forms, import with preview, export; everything logged."""

import hashlib
from pathlib import Path
from tempfile import gettempdir
from typing import Any, ClassVar

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from import_export.forms import ConfirmImportForm, ExportForm
from import_export.results import Result

from common.import_admin import SafeImportExportAdmin
from indicators import dependents
from indicators.admin.keeping import Keeping, PlanForm, missing
from indicators.admin.logged import tell, told
from indicators.models import Membership

SALT = "admin.import"
HOUR = 60 * 60


def _digest(name: str) -> str:
    return hashlib.sha256((Path(gettempdir()) / name).read_bytes()).hexdigest()


class ConfirmForm(ConfirmImportForm):
    """The file that was previewed and no other: its name and content come back signed."""

    def __init__(self, *args: Any, by: int, **kwargs: Any) -> None:
        self.by = by
        super().__init__(*args, **kwargs)

    def clean_import_file_name(self) -> str:
        try:
            signed = self.cleaned_data["import_file_name"]
            name, digest, by = signing.loads(signed, salt=SALT, max_age=HOUR)
            same = by == self.by and _digest(name) == digest
        except (signing.BadSignature, FileNotFoundError):
            same = False
        if not same:
            raise ValidationError(
                _("This file was imported already, or its preview is too old. Choose it again.")
            )
        return str(name)


class KeptAdmin(Keeping, SafeImportExportAdmin):
    """The rows of the person's plans. `fixed` fields are the row's name: set once."""

    form: Any = PlanForm
    confirm_form_class = ConfirmForm
    export_form_class = ExportForm
    fixed: ClassVar[tuple[str, ...]] = ("plan", "code")
    list_per_page = 100
    show_full_result_count = False
    save_on_top = False

    # rows

    def _get_obj_does_not_exist_redirect(self, *args: Any) -> HttpResponse:
        raise missing()

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        request.edited_plan = self.plan_of(obj) if obj else None  # type: ignore[attr-defined]
        return super().get_form(request, obj, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fixed = self.fixed if obj else ()
        return [*super().get_readonly_fields(request, obj), *fixed]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Nothing is deleted in bulk: one row at a time, with what hangs on it in view."""
        actions: dict[str, Any] = super().get_actions(request)
        return {name: row for name, row in actions.items() if name != "delete_selected"}

    # the log

    def plan_of(self, obj: Any) -> Any:
        for name in filter(None, self.plan_path.split("__")):
            obj = getattr(obj, name, None)
        return obj if self.plan_path else None

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        request.told = told(form, formsets or (), but=Membership)  # type: ignore[attr-defined]
        return super().construct_change_message(request, form, formsets, add)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        tell("added", request, obj, obj, **getattr(request, "told", {}))
        dependents.tell([obj])
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        if said := getattr(request, "told", None):
            tell("changed", request, obj, obj, **said)
            dependents.tell([obj])
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for row in queryset:
            tell("deleted", request, row, self.plan_of(row) or row)
        return super().log_deletions(request, queryset)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """What was computed from the row follows; afterwards nobody knows what it touched."""
        indicators = dependents.touched([obj])
        super().delete_model(request, obj)
        dependents.follow(indicators)

    # files

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        return {"by": request.user, "rows": self.get_queryset(request)}

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_import_data_kwargs(**kwargs), "rollback_on_validation_errors": True}

    def get_valid_export_item_pks(self, request: HttpRequest) -> Any:
        return self.get_queryset(request).values_list("pk", flat=True)

    def get_confirm_form_kwargs(self, request: HttpRequest, import_form: Any = None) -> Any:
        kwargs = super().get_confirm_form_kwargs(request, import_form)
        return {**kwargs, "by": request.user.pk}

    def get_confirm_form_initial(self, request: HttpRequest, import_form: Any) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_confirm_form_initial(request, import_form)
        if name := initial.get("import_file_name"):
            token = [Path(name).name, _digest(name), request.user.pk]
            initial["import_file_name"] = signing.dumps(token, salt=SALT)
        return initial

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Preview; a file that cannot be confirmed is not kept."""
        response = super().import_action(request, **kwargs)
        context = getattr(response, "context_data", {})
        if "result" in context and "confirm_form" not in context:
            file = context["form"].cleaned_data["import_file"]
            Path(file.tmp_storage_name).unlink(missing_ok=True)
        return response

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Store what was previewed; a second time says so instead of failing."""
        if request.method == "POST" and self.has_import_permission(request):
            form = self.create_confirm_form(request)
            if not form.is_valid():
                for texts in form.errors.values():
                    messages.error(request, " ".join(texts))
                return HttpResponseRedirect(self._address("import"))
        return super().process_import(request, **kwargs)

    def process_result(self, result: Result, request: HttpRequest) -> HttpResponse:
        """Something changed since the preview: nothing was stored, so look again."""
        if result.has_errors() or result.has_validation_errors():
            messages.error(
                request,
                _("Nothing was stored: the data changed since the preview. Choose the file again."),
            )
            return HttpResponseRedirect(self._address("import"))
        return super().process_result(result, request)

    def _address(self, name: str) -> str:
        app, model = self.get_model_info()
        return reverse(f"admin:{app}_{model}_{name}")
