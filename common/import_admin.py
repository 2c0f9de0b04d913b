"""What an admin class needs to import and export safely with preview."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from import_export.admin import ImportExportModelAdmin
from import_export.forms import ImportForm

from common.file_rules import DEFAULT_LIMITS, FileError, too_large
from common.import_formats import SAFE_FORMATS


class SafeImportForm(ImportForm):  # type: ignore[misc]  # import-export has no types
    """Refuses a file that is too large before it is copied anywhere."""

    def clean_import_file(self) -> UploadedFile[Any]:
        """The uploaded file, if we may read it."""
        file: UploadedFile[Any] = self.cleaned_data["import_file"]
        if (file.size or 0) > DEFAULT_LIMITS.max_bytes:
            raise ValidationError(str(too_large(DEFAULT_LIMITS)), code="too_large")
        return file


class SafeImportExportAdmin(ImportExportModelAdmin):  # type: ignore[misc]  # no types
    """Import and export through the safe formats only; use it with a TypedResource."""

    formats = SAFE_FORMATS
    import_form_class = SafeImportForm

    def add_data_read_fail_error_to_form(self, form: Any, e: Exception) -> None:
        """Say what our reader said, and leave no copy of the refused file behind."""
        file = form.cleaned_data.get("import_file")
        if name := getattr(file, "tmp_storage_name", None):
            self.get_tmp_storage_class()(name=name, **self.get_tmp_storage_class_kwargs()).remove()
        if isinstance(e, FileError):
            form.add_error("import_file", ValidationError(str(e), code=e.code))
        else:
            super().add_data_read_fail_error_to_form(form, e)
