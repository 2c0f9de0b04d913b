"""Choosing the workbook that comes back."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from common.file_rules import DEFAULT_LIMITS, MIB, too_large


class WorkbookForm(forms.Form):
    """One workbook; its size is looked at before anything of it is read."""

    file = forms.FileField(max_length=255, allow_empty_file=True)

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
    ) -> None:
        super().__init__(data, files, auto_id="workbook-%s")
        file = self.fields["file"]
        file.label = _("The workbook you filled in")
        file.error_messages["required"] = _("Choose a file first.")
        file.widget.attrs["accept"] = ".xlsx,.ods"
        file.help_text = _("Excel (xlsx) or OpenDocument (ods), at most %(size)d MB.") % {
            "size": DEFAULT_LIMITS.max_bytes // MIB
        }

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > DEFAULT_LIMITS.max_bytes:
            raise forms.ValidationError(str(too_large(DEFAULT_LIMITS)))
        return file

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Each refusal with the address of the field."""
        return [(str(error), "#workbook-file") for error in self.errors.get("file", [])]
