"""The coalition's fields: a verdict, a remark and, for an indicator, an independent rating.

Each part of the page is a form of its own with its own version, so that one can be refused
without losing another.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.canonical import canonical, sha256
from reports.choices import RatingValue, Verdict
from reports.models import Remark
from reports.review_parts import LinePart, Part

ROUND = "review-now"
"""Name of the field that says which round a page was opened in."""

FIELDS = ("verdict", "text", "rating", "rating_reason")
Values = dict[str, str]


def stored_values(part: Part) -> Values:
    """What stands in the database for a part, as its fields show it."""
    remark = part.remark
    values = {"verdict": remark.verdict if remark else "", "text": remark.text if remark else ""}
    rating = part.rating if isinstance(part, LinePart) else None
    values["rating"] = rating.value if rating else ""
    values["rating_reason"] = rating.reason if rating else ""
    return values


def digest(values: Values) -> str:
    """A short mark of what was shown, by which an untouched part is told from a changed one."""
    return sha256(canonical([values.get(name, "") for name in FIELDS]))[:16]


def _tidy(text: str) -> str:
    """As typed, with the line ends of every browser made one."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


class RemarkForm(forms.Form):
    """One part's verdict. `version` is what was typed over, `seen` a mark of what it said then."""

    verdict = forms.ChoiceField(
        label=_("Verdict"), choices=Verdict, required=False, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("Remark"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )
    rating = forms.ChoiceField(
        label=_("The coalition’s rating"),
        choices=[("", _("Not rated yet")), *RatingValue.choices],
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    rating_reason = forms.CharField(
        label=_("Reason for the rating"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control", "placeholder": " "}),
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    over = forms.IntegerField(min_value=1, required=False)

    def __init__(self, part: Part, data: Any = None) -> None:
        self.part = part
        values = stored_values(part)
        version = part.remark.version if part.remark else 0
        super().__init__(
            data,
            prefix=part.key,
            auto_id="%s",
            initial={**values, "version": version, "seen": digest(values)},
        )
        if part.kind != "line":
            del self.fields["rating"], self.fields["rating_reason"]
        for field in self.fields.values():
            field.widget.attrs["aria-describedby"] = f"{part.key}-state"
        self.conflict: Values | None = None
        self.current_version = version

    def clean_text(self) -> str:
        return _tidy(self.cleaned_data["text"])

    def clean_rating_reason(self) -> str:
        return _tidy(self.cleaned_data["rating_reason"])

    def clean(self) -> dict[str, Any]:
        """What belongs together must be there together; an untouched part is left alone."""
        data = super().clean() or self.cleaned_data
        if not self.is_touched:
            return data
        if not data.get("verdict"):
            self.add_error("verdict", gettext("Choose: accepted, or to correct."))
        if data.get("verdict") == Verdict.FLAGGED and not data.get("text"):
            self.add_error("text", gettext("Say what is to be corrected."))
        if data.get("rating") and not data.get("rating_reason"):
            self.add_error("rating_reason", gettext("Say why: a rating needs a reason."))
        if data.get("rating_reason") and not data.get("rating"):
            self.add_error("rating", gettext("Choose the rating that this reason is for."))
        return data

    @property
    def values(self) -> Values:
        """What was typed."""
        return {name: str(self.cleaned_data.get(name) or "") for name in FIELDS}

    @property
    def is_touched(self) -> bool:
        """Whether it differs from what was shown, and from what stands there now."""
        typed = {
            name: str(self.data.get(self.add_prefix(name)) or "")
            for name in FIELDS
            if name in self.fields
        }
        mark = digest({name: _tidy(value) for name, value in typed.items()})
        return mark not in (
            self.data.get(self.add_prefix("seen")),
            digest(stored_values(self.part)),
        )

    @property
    def names(self) -> str:
        """The names of its fields, for a save of this part alone."""
        return ",".join([ROUND, *(self.add_prefix(name) for name in self.fields)])

    @property
    def typed_over(self) -> int:
        """The version to save over: the one shown, or the one the reviewer chose to replace."""
        return int(self.cleaned_data.get("over") or self.cleaned_data["version"])

    @property
    def shown_version(self) -> str:
        """The version the page goes on with: a refused form stays what it was."""
        return self["version"].value()

    @property
    def shown_mark(self) -> str:
        return self["seen"].value()

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Every fault as a sentence with the part's name, and the field it belongs to."""
        name = self.part.code or self.part.title
        return [
            (f"{name}: {text}", f"#{self._place_of(field)}")
            for field, texts in self.errors.items()
            for text in texts
        ]

    def _place_of(self, field: str) -> str:
        """The id of a field; of radio buttons, which have none together, that of the first."""
        bound = self[field]
        return bound.id_for_label or f"{bound.auto_id}_0"

    def rating_given(self) -> tuple[str, str] | None:
        """The rating and its reason, as the save takes them."""
        values = self.values
        return (values["rating"], values["rating_reason"]) if values["rating"] else None

    def meet(self, current: Remark, theirs: Values) -> None:
        """Keep what was typed, and show what somebody else saved meanwhile."""
        self.conflict, self.current_version = theirs, current.version
