"""Choosing a file and what it backs."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from common.file_rules import MIB
from reports.file_types import ACCEPT
from reports.models import ActionProgress, Line


def place_of(section: Line | ActionProgress) -> str:
    """The name of a part, as the whole form uses it."""
    return f"{'line' if isinstance(section, Line) else 'action'}-{section.pk}"


def _choices(sections: Iterable[Line | ActionProgress]) -> list[tuple[str, str]]:
    return [(place_of(section), str(section)[:110]) for section in sections]


class EvidenceForm(forms.Form):
    """One file for the whole report, an indicator or an action."""

    file = forms.FileField(max_length=255, allow_empty_file=True)
    backs = forms.ChoiceField(required=False)

    def __init__(
        self,
        lines: list[Line],
        actions: list[ActionProgress],
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
        backs: str = "",
    ) -> None:
        super().__init__(data, files, auto_id="evidence-%s", initial={"backs": backs})
        sections: list[Line | ActionProgress] = [*lines, *actions]
        self.sections = {place_of(section): section for section in sections}
        file, backed = self.fields["file"], self.fields["backs"]
        file.label, backed.label = _("File"), _("What does it back?")
        file.error_messages["required"] = _("Choose a file first.")
        file.widget.attrs["accept"] = ACCEPT
        file.help_text = _(
            "PDF, PNG, JPG, Word (docx), Excel (xlsx), OpenDocument (odt, ods), CSV or text,"
            " at most %(size)d MB. The place where a photo was taken is removed from it."
        ) % {"size": settings.EVIDENCE_MAX_BYTES // MIB}
        backed.choices = [  # type: ignore[attr-defined]
            ("", _("The whole report")),
            (_("Indicators"), _choices(lines)),
            (_("Actions"), _choices(actions)),
        ]

    @property
    def target(self) -> dict[str, Any]:
        """The line or action it backs, as add_evidence takes it."""
        section = self.sections.get(self.cleaned_data.get("backs", ""))
        if section is None:
            return {}
        return {"line" if isinstance(section, Line) else "action": section}
