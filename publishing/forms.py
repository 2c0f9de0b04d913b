"""The one form of publishing."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PublishForm(forms.Form):
    """A note for the readers, and the fingerprint of what the lead saw."""

    seen = forms.CharField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Note for the readers"),
        required=False,
        max_length=2_000,
        help_text=_("Shown with the edition: for example what changed since the last one."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
