"""The ministry's pages: what it owes, and one report with all that happened to it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.people import signed_in
from common.downloads import table_response
from indicators.choices import COALITION_ROLES, MINISTRY_ROLES, Role
from indicators.rules import holds_anywhere
from reports import rules
from reports.choices import Verdict
from reports.deadlines import next_for_ministry
from reports.differing import differing_in
from reports.filters import MyReportsFilter
from reports.forms.pages import last_return, part_of
from reports.missing import missing_in
from reports.models import Remark, Report
from reports.queries import actions_for_form, lines_for_form
from reports.reading import read_actions, read_lines, read_narrative
from reports.sections import pages_so_far
from reports.tables import MyReportsTable
from reports.timeline import timeline_of
from reports.views.decisions import buttons_for, gap_links
from reports.views.filling import steps_of
from reports.views.refusals import find_report, guarded


@require_GET
@guarded
def work(request: HttpRequest) -> HttpResponse:
    """Where a person's own work begins."""
    starts = [
        (MINISTRY_ROLES, "my_reports"),
        (COALITION_ROLES, "review_queue"),
        ((Role.ADMINISTRATOR, Role.OBSERVER), "quarters"),
    ]
    names = [name for roles, name in starts if holds_anywhere(request.user, *roles)]
    return redirect((names or ["home"])[0])


@require_GET
@guarded
def my_reports(request: HttpRequest) -> HttpResponseBase:
    """What the person's institutions owe, filtered as the address says."""
    owed = Report.objects.owed_by(request.user)
    found = MyReportsFilter(request.GET, owed.with_names())
    table = MyReportsTable(found.qs, request.GET, person=request.user)
    if file := table_response(request, table, _("my reports")):
        return file
    context = {
        "table": table,
        "filter": found,
        "filter_count": found.count,
        "is_ministry": holds_anywhere(request.user, *MINISTRY_ROLES),
        "has_any": found.has_any,
        "deadlines": next_for_ministry(request.user),
    }
    return render(request, "reports/my_reports.html", context)


def _remark_links(report: Report) -> dict[str, object]:
    """The last return with its remarks, each with the address of what it is about."""
    review = last_return(report)
    if review is None:
        return {}
    start = reverse("report_start", args=[report.pk])
    remarks = Remark.objects.filter(review=review).select_related(
        "line__indicator", "action__action"
    )
    told = [(r, f"{start}?part={part_of(r)}", Verdict(r.verdict)) for r in remarks if r.text]
    return {"review": review, "remarks": told}


def _own_context(request: HttpRequest, report: Report) -> dict[str, object]:
    """What only the ministry and the secretariat see: how far it is, what is missing, remarks."""
    lines, actions = lines_for_form(report), actions_for_form(report)
    pages = pages_so_far(report, lines, actions)
    wants_gaps = "missing" in request.GET and report.state.is_editable
    gaps = missing_in(report, lines) if wants_gaps else []
    return {
        "steps": steps_of(report, pages),
        "answered": sum(page.given for page in pages),
        "owed": sum(page.owed for page in pages),
        "wants_gaps": wants_gaps,
        "gaps": gap_links(report, gaps, pages, signed_in(request)),
        "files": report.evidence.select_related("line__indicator", "action__action"),
        **(_remark_links(report) if report.state.is_editable else {}),
    }


@require_GET
@guarded
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: where it stands, what to do next, what happened so far."""
    found, user = find_report(request, pk), signed_in(request)
    is_live = rules.sees_live(user, found)
    if not is_live and rules.is_other_side(user, found):
        return redirect("review", pk)
    context = {
        "report": found,
        "is_live": is_live,
        "can_edit": rules.can_edit(user, found),
        "buttons": buttons_for(user, found),
        "events": timeline_of(found, tells_files=is_live, tells_reasons=is_live),
        **(_own_context(request, found) if is_live else {}),
        "differing": differing_in(found) if is_live and found.state.is_final else [],
        "can_reply": rules.can_reply_to_difference(user, found),
    }
    return render(request, "reports/report.html", context)


@require_GET
@guarded
def report_content(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything the report says, to read. What is being typed is for its own people only."""
    found = find_report(request, pk)
    is_live = rules.sees_live(request.user, found)
    if not is_live and found.state.is_editable:
        raise Http404
    context = {
        "report": found,
        "lines": read_lines(found, request.user),
        "actions": read_actions(found),
        "narrative": read_narrative(found),
    }
    return render(request, "reports/content.html", context)
