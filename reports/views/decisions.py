"""Every decision on a report, publication aside: a page that asks, and the post that decides."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.people import signed_in
from accounts.views import only_shows
from reports.errors import Conflict, Incomplete, NotAllowed
from reports.forms.decisions import WORDINGS, DecisionForm
from reports.missing import Missing, Undecided, missing_in, undecided
from reports.models import Report
from reports.queries import actions_for_form, lines_for_form
from reports.rules import can_edit
from reports.sections import Page, page_slug_of, pages_of
from reports.views.refusals import CONFLICT, INVALID, find_report, guarded
from reports.workflow import TRANSITIONS, allowed_actions, perform

SUBMISSIONS = {"submit", "submit_on_behalf"}
REVIEWS = {"return", "validate"}


def buttons_for(user: User, report: Report) -> list[dict[str, object]]:
    """The decisions open to a person, as buttons."""
    return [
        {
            "label": WORDINGS[action].title,
            "icon": WORDINGS[action].icon,
            "url": reverse("report_decide", args=[report.pk, action]),
            "is_main": action in {*SUBMISSIONS, "take"},
        }
        for action in allowed_actions(user, report)
        if action in WORDINGS
    ]


def gap_links(
    report: Report, gaps: Iterable[Missing], pages: list[Page], user: User
) -> list[tuple[str, str]]:
    """Each gap in a sentence, with the address of its field for who may fill it in."""
    may_fill = can_edit(user, report)

    def field(gap: Missing) -> str:
        page = reverse("report_fill", args=[report.pk, page_slug_of(gap.part, pages)])
        return f"{page}#{gap.anchor}"

    return [(f"{gap.subject}: {gap.text}", field(gap) if may_fill else "") for gap in gaps]


def _submission(report: Report, user: User) -> dict[str, object]:
    """What is missing, or what goes out."""
    lines, actions = lines_for_form(report), actions_for_form(report)
    pages = pages_of(lines, actions)
    spent = [row.spent for row in actions if row.spent is not None]
    return {
        "gaps": gap_links(report, missing_in(report, lines), pages, user),
        "gaps_title": _("This is still missing"),
        "summary": [
            (_("Indicators"), len(lines)),
            (_("Actions"), len(actions)),
            (_("Files of evidence"), report.evidence.count()),
        ],
        "spent": sum(spent) if spent else None,
    }


def _review_link(report: Report, gap: Missing) -> tuple[str, str]:
    address = reverse("review", args=[report.pk])
    return f"{gap.subject}: {gap.text}", f"{address}#{gap.anchor}"


def _verdicts(report: Report, action: str) -> dict[str, object]:
    """What the reviewer has flagged and what she has not looked at yet."""
    found: Undecided = undecided(report)
    flagged = [_review_link(report, gap) for gap in found.flagged]
    told: dict[str, object] = {"unread": [_review_link(report, gap) for gap in found.unread]}
    if action == "return":
        return {**told, "flagged": flagged, "warns_no_flag": not flagged}
    title = _("These parts are flagged for correction, so the report cannot be validated")
    return {**told, "gaps": flagged, "gaps_title": title}


def _ask(
    request: HttpRequest, report: Report, form: DecisionForm, status: int = 200
) -> HttpResponse:
    context: dict[str, object] = {"report": report, "form": form, "wording": form.wording}
    if form.action in SUBMISSIONS:
        context |= _submission(report, signed_in(request))
    elif form.action in REVIEWS:
        context |= _verdicts(report, form.action)
    return render(request, "reports/decide.html", context, status=status)


def _refuse_early(request: HttpRequest, report: Report, action: str) -> None:
    """A page that asks is only for who may decide it now.

    Raises:
        Conflict: it is not open any more.
        NotAllowed: it is, but not to this person.
    """
    row = TRANSITIONS[action]
    if row.allowed(signed_in(request), report):
        return
    if report.state in row.sources:
        raise NotAllowed(action, report)
    raise Conflict(report)


@require_http_methods(["GET", "POST"])
@guarded
def report_decide(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Ask for a decision, and carry it out once."""
    report = find_report(request, pk)
    if action not in WORDINGS:
        raise Http404
    if request.method == "GET" or only_shows(request):
        _refuse_early(request, report, action)
        form = DecisionForm(action, report, request.POST or None)
        return _ask(request, report, form)
    form = DecisionForm(action, report, request.POST)
    if not form.is_valid():
        _refuse_early(request, report, action)
        return _ask(request, report, form, INVALID)
    try:
        perform(action, report=report, by=signed_in(request), **form.decision)
    except Incomplete:
        return _ask(request, report, form, CONFLICT)
    messages.success(request, WORDINGS[action].told)
    return redirect("report", pk)
