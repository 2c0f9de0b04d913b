"""Decisions on a report: what each asks for, and the words in which it asks."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reports.forms.fields import text_area
from reports.models import Report
from reports.workflow import TRANSITIONS

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Words: TypeAlias = "str | _StrPromise"


@dataclass(frozen=True)
class Wording:
    """How a decision is called, asked and told."""

    title: Words
    question: Words
    button: Words
    told: Words
    icon: str
    reason: Words = ""
    asks_date: bool = False


WORDINGS = {
    "submit": Wording(
        _("Submit the report"),
        _(
            "The coalition will read it as it is now. While it is with them nobody can change it;"
            " until somebody takes it you can withdraw it."
        ),
        _("Submit to the coalition"),
        _("The report was submitted. The coalition has been handed it as it is now."),
        "send",
    ),
    "submit_on_behalf": Wording(
        _("Submit on behalf of the institution"),
        _("The report goes to the coalition in the institution’s name. Your reason is kept."),
        _("Submit on behalf"),
        _("The report was submitted on behalf of the institution."),
        "send",
        reason=_("Why does the institution not submit it itself?"),
    ),
    "withdraw": Wording(
        _("Withdraw the report"),
        _("It comes back to you and can be changed. Nobody has begun to review it."),
        _("Withdraw"),
        _("The report was withdrawn. You can change it now."),
        "return",
    ),
    "take": Wording(
        _("Take the report for review"),
        _("It will stand under your name until you return or validate it."),
        _("Take it"),
        _("The report is yours to review."),
        "eye",
    ),
    "return": Wording(
        _("Return the report"),
        _("The ministry sees your reason and the remarks on each flagged line, and corrects it."),
        _("Return to the ministry"),
        _("The report was returned."),
        "return",
        reason=_("What is to be corrected? The ministry reads this first."),
        asks_date=True,
    ),
    "validate": Wording(
        _("Validate the report"),
        _("Its figures become official and go into the next edition of the quarter."),
        _("Validate"),
        _("The report was validated."),
        "check",
        reason=_("A remark for the record, if you want"),
    ),
    "reopen": Wording(
        _("Re-open the report"),
        _(
            "The ministry can correct it. What was published stays as it is; the correction"
            " stands in the next edition with your reason."
        ),
        _("Re-open"),
        _("The report was re-opened."),
        "refresh",
        reason=_("Why must it be corrected?"),
        asks_date=True,
    ),
}


class DecisionForm(forms.Form):
    """The version the person saw, a key against a double click, and what the decision asks."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, action: str, report: Report, data: QueryDict | None = None) -> None:
        self.action, self.report, self.wording = action, report, WORDINGS[action]
        first = report.period.today() + timedelta(days=report.period.plan.resubmit_days)
        initial = {"version": report.version, "key": uuid4().hex, "due_on": first}
        super().__init__(data, initial=initial, auto_id="decision-%s")
        if self.wording.reason:
            self.fields["reason"] = self._reason()
        if self.wording.asks_date:
            widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            self.fields["due_on"] = forms.DateField(
                label=gettext("To be submitted by"), widget=widget
            )

    def _reason(self) -> forms.CharField:
        needed = TRANSITIONS[self.action].needs_reason
        missing = {"required": gettext("A reason is needed: others will read it.")}
        return forms.CharField(
            label=self.wording.reason,
            required=needed,
            widget=text_area(4),
            error_messages=missing,
        )

    def clean_due_on(self) -> date:
        """A date in the future, while the quarter is open."""
        due_on: date = self.cleaned_data["due_on"]
        closes_on = self.report.period.closes_on
        if due_on <= self.report.period.today():
            raise ValidationError(gettext("Choose a day in the future."), code="past")
        if closes_on and due_on > closes_on:
            sentence = gettext("The quarter closes on %(day)s. Choose that day or an earlier one.")
            shown = {"day": date_format(closes_on, "j F Y")}
            raise ValidationError(sentence % shown, code="closed")
        return due_on

    @property
    def decision(self) -> dict[str, Any]:
        """What `perform` takes."""
        return {**self.cleaned_data, "reason": self.cleaned_data.get("reason", "")}
