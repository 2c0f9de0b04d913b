"""Choosing the workbook that comes back."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from reports.forms.uploads import TableFileField


class WorkbookForm(forms.Form):
    """One workbook."""

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
    ) -> None:
        super().__init__(data, files, auto_id="workbook-%s")
        self.fields["file"] = TableFileField(
            label=_("The workbook you filled in"),
            help_text=_("Excel (xlsx) or OpenDocument (ods), at most %(size)d MB."),
            endings=".xlsx,.ods",
        )

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Each refusal with the address of the field."""
        return [(str(error), "#workbook-file") for error in self.errors.get("file", [])]
