"""Refusals of the workflow in a sentence."""

from django.http import QueryDict
from django.utils.translation import gettext as _

from reports.errors import Conflict, Incomplete, NotAllowed, ReasonMissing, WorkflowError
from reports.models import Report

OURS = ("-version", "-seen", "-now")
"""Ends of the names of fields that a person does not type in."""


def typed_in(data: QueryDict) -> list[tuple[str, str]]:
    """Every text of a refused form with the name of its field, to be copied."""
    pairs = [(name, text) for name, texts in data.lists() for text in texts if text]
    return [
        (name, text)
        for name, text in pairs
        if name != "csrfmiddlewaretoken" and not name.endswith(OURS)
    ]


def sentence_for(refusal: WorkflowError, report: Report) -> str:
    """What happened, in words for the person it happened to."""
    if isinstance(refusal, Conflict):
        return _(
            "The report moved on while your page was open. It stands as: %(status)s."
            " What you sent was not carried out."
        ) % {"status": report.state.label.lower()}
    if isinstance(refusal, NotAllowed):
        return _("Your role does not allow this for this report.")
    if isinstance(refusal, ReasonMissing):
        return _("A reason is needed: others will read it.")
    if isinstance(refusal, Incomplete):
        gaps = "; ".join(f"{gap.subject}: {gap.text}" for gap in refusal.gaps[:5])
        return _("Something stands in the way: %(gaps)s") % {"gaps": gaps}
    return _("This was not carried out. Open the page again and look at what is there now.")
