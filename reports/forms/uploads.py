"""A file of a table, looked at by its size before anything of it is read."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from common.file_rules import DEFAULT_LIMITS, MIB, too_large


class TableFileField(forms.FileField):
    """One file that the safe reader may be given; `endings` are those the browser offers."""

    def __init__(self, *, label: str, help_text: str, endings: str) -> None:
        super().__init__(
            label=label,
            help_text=help_text % {"size": DEFAULT_LIMITS.max_bytes // MIB},
            max_length=255,
            allow_empty_file=True,
            error_messages={"required": _("Choose a file first.")},
        )
        self.widget.attrs["accept"] = endings

    def clean(self, data: Any, initial: Any = None) -> Any:
        file: UploadedFile | None = super().clean(data, initial)
        if file is not None and (file.size or 0) > DEFAULT_LIMITS.max_bytes:
            raise forms.ValidationError(str(too_large(DEFAULT_LIMITS)), code="too_large")
        return file
