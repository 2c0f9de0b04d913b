"""The ministry's reply to a difference, as a form."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.numbers import show_decimal
from reports.forms.fields import text_area, tidy
from reports.models import LightReply

MOST = LightReply.MAX_LENGTH


class LightReplyForm(forms.Form):
    """One text, and the version over which it was typed."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("Reply of the ministry"), required=False, widget=text_area(6)
    )

    def __init__(
        self, reply: LightReply | None, data: Any = None, typed: str | None = None
    ) -> None:
        """`typed` stands in the field, unsaved, over the version that is there now."""
        stands = {"version": reply.version, "text": reply.text} if reply else {"version": 0}
        initial = stands if typed is None else {**stands, "text": typed}
        super().__init__(data, initial=initial, prefix="light")
        self.fields["text"].help_text = _("Up to %(most)s characters.") % {
            "most": show_decimal(MOST)
        }

    def clean_text(self) -> str:
        """Not blank, and not too long for a list that people read."""
        text = tidy(self.cleaned_data["text"])
        if not text:
            raise ValidationError(_("Write what the ministry answers."))
        if (more := len(text) - MOST) > 0:
            told = ngettext("%(more)d character too many.", "%(more)d characters too many.", more)
            raise ValidationError(told % {"more": more})
        return text
