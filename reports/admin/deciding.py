"""Decisions in the admin: a page that asks, and the post that decides; one report or several."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from reports.admin.filling import sheet_of, sheets_for
from reports.admin.words import sentence_for
from reports.errors import Conflict, NotAllowed, WorkflowError
from reports.forms.decisions import WORDINGS, DecisionForm
from reports.missing import Missing, missing_in, undecided
from reports.models import Report
from reports.queries import lines_for_form
from reports.rules import is_other_side, is_own
from reports.workflow import TRANSITIONS, allowed_actions, perform

SUBMISSIONS = ("submit", "submit_on_behalf")
REVIEWS = ("return", "validate")
Links = list[tuple[str, str]]


def page_of(report: Report) -> str:
    return reverse("admin:reports_report_change", args=[report.pk])


def buttons_for(user: Any, report: Report) -> list[dict[str, Any]]:
    """The decisions open to a person, each with the page that asks; publishing has its own."""
    found: list[dict[str, Any]] = []
    for action in allowed_actions(user, report):
        if action in WORDINGS:
            url = reverse("admin:reports_report_decide", args=[report.pk, action])
            found.append({"label": WORDINGS[action].title, "url": url})
    return found


def _link(report: Report, gap: Missing, sheet: int = 1) -> tuple[str, str]:
    return f"{gap.subject}: {gap.text}", f"{page_of(report)}?sheet={sheet}#{gap.anchor}"


def _gaps(report: Report) -> Links:
    sheets = sheets_for(report)
    gaps = missing_in(report, lines_for_form(report))
    return [_link(report, gap, sheet_of(gap.part, sheets)) for gap in gaps]


def hindrances(report: Report, action: str) -> dict[str, Any]:
    """What stands in the way of a decision, with links, and what it should only warn of."""
    if action in SUBMISSIONS:
        return {"gaps": _gaps(report)}
    if action not in REVIEWS:
        return {}
    found = undecided(report)
    flagged = [_link(report, gap) for gap in found.flagged]
    unread = [_link(report, gap) for gap in found.unread]
    if action == "return":
        return {"unread": unread, "flagged": flagged}
    return {"gaps": flagged, "unread": unread}


def refuse_early(user: Any, report: Report, action: str) -> None:
    """A page that asks is only for who may decide it now.

    Raises:
        Conflict: it is not open any more.
        NotAllowed: it is, but not to this person.
    """
    row = TRANSITIONS[action]
    if not row.allowed(user, report):
        raise NotAllowed(action, report) if report.state in row.sources else Conflict(report)


def refuse_save(user: Any, report: Report) -> None:
    """Something was typed on a page that only reads: say why it is not saved.

    Raises:
        Conflict: the report moved on.
        NotAllowed: it is not this person's to write in.
    """
    takes_part = is_own(user, report) or is_other_side(user, report)
    raise Conflict(report) if takes_part else NotAllowed("edit", report)


def decide(form: DecisionForm, report: Report, by: Any) -> Report:
    """Carry out what a valid form says. Raises as `perform`."""
    return perform(form.action, report=report, by=by, **form.decision)


@dataclass(frozen=True)
class Choice:
    """One report of a bulk decision: the version seen, and a key against a second click."""

    report: Report
    version: int
    key: str


def choices(reports: Iterable[Report]) -> list[Choice]:
    return [Choice(report, report.version, uuid4().hex) for report in reports]


def decide_all(
    action: str, reports: Iterable[Report], data: QueryDict, by: Any
) -> list[tuple[bool, str]]:
    """Each report on its own, so that one refusal hides no other: whether it went well, and how."""
    return [_decide_one(action, report, data, by) for report in reports]


def _decide_one(action: str, report: Report, data: QueryDict, by: Any) -> tuple[bool, str]:
    version = data.get(f"version-{report.pk}", "")
    seen = int(version) if version.isdecimal() and len(version) < 10 else -1
    key = data.get(f"key-{report.pk}", "")[:64]
    try:
        perform(action, report=report, by=by, version=seen, key=key)
    except WorkflowError as refusal:
        fresh = Report.objects.with_names().get(pk=report.pk)
        return False, f"{report}: {sentence_for(refusal, fresh)}"
    return True, f"{report}: {WORDINGS[action].told}"


def bulk_title(action: str) -> str:
    titles = {"take": _("Take for review"), "validate": _("Validate")}
    return titles[action]
