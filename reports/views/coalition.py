"""The coalition's pages: the queue, and the review of one report side by side."""

from collections.abc import Callable, Mapping
from functools import partial, wraps
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.people import signed_in
from accounts.views import only_shows
from common.downloads import table_response
from indicators.choices import COALITION_ROLES
from indicators.rules import holds_anywhere
from reports import rules
from reports.deadlines import next_for_coalition
from reports.errors import Conflict
from reports.review_filters import QueueFilter
from reports.review_forms import ROUND, RemarkForm
from reports.review_lists import queue_for
from reports.review_parts import Dossier, Part
from reports.review_queries import dossier_of
from reports.review_services import accept_remaining
from reports.review_tables import QueueTable
from reports.views.kept import MARKS, kept
from reports.views.refusals import CONFLICT, find_report, guarded, sentence_for
from reports.views.reviewing import (
    Saving,
    dossier_to_review,
    part_or_404,
    save_parts,
    touched,
    typed_in,
)

View = Callable[..., HttpResponse]
read_or_write = require_http_methods(["GET", "HEAD", "POST"])


def keeping(view: View) -> View:
    """Somebody was faster: 409, with every text by the name of the line it was written for."""

    @wraps(view)
    def inner(request: HttpRequest, pk: int) -> HttpResponse:
        try:
            return view(request, pk)
        except Conflict as refusal:
            dossier = dossier_of(find_report(request, pk), signed_in(request))
            context = {
                "sentence": sentence_for(refusal),
                "typed": typed_in(dossier.parts, request.POST),
                "back_url": reverse("review", args=[pk]),
                "is_late": True,
            }
            return render(request, "reports/refused.html", context, status=CONFLICT)

    return inner


@require_GET
@guarded
def review_queue(request: HttpRequest) -> HttpResponseBase:
    """What waits for the coalition, longest first."""
    user = signed_in(request)
    if not holds_anywhere(user, *COALITION_ROLES):
        raise PermissionDenied
    found = QueueFilter(request.GET, queue_for(user), request=request)
    table = QueueTable(found.qs, request.GET)
    if file := table_response(request, table, _("review queue")):
        return file
    for report in table.page.object_list:
        report.may_take = rules.can_take(user, report)
        report.may_review = rules.can_review(user, report)
        report.is_of_own_institution = rules.is_own(user, report)
    context = {
        "filter": found,
        "filter_count": found.count,
        "table": table,
        "key": uuid4,
        "deadlines": next_for_coalition(user),
    }
    return render(request, "review/queue.html", context)


def _page_number(request: HttpRequest, pages: list[list[Part]]) -> int:
    """The page asked for by its number, or by a part that stands on it."""
    wanted = request.GET.get("part")
    found = [part.page for page in pages for part in page if part.key == wanted]
    asked = str(found[0]) if found else request.GET.get("page", "1")
    return min(max(int(asked), 1), len(pages)) if asked.isdecimal() and len(asked) < 6 else 1


def _page_as_it_is(request: HttpRequest, pk: int) -> HttpResponse:
    """The page as it stands, to be kept; its own people read the report's page instead."""
    report, user = find_report(request, pk), signed_in(request)
    if not rules.is_other_side(user, report):
        return redirect("report", pk=pk)
    return _shown(request, dossier_of(report, user), marks=MARKS)


def _shown(
    request: HttpRequest,
    dossier: Dossier,
    saving: Saving | None = None,
    marks: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The page of a dossier, with the refused fields as they were typed."""
    saving, pages = saving or Saving(), dossier.pages()
    number = _page_number(request, pages)
    can_review = rules.can_review(signed_in(request), dossier.report)
    typed = {form.part.key: form for form in saving.refused}
    for part in pages[number - 1]:
        part.form = (typed.get(part.key) or RemarkForm(part)) if can_review else None
    context = {
        "dossier": dossier,
        "report": dossier.report,
        "review": dossier.review,
        "round_field": ROUND,
        "parts": pages[number - 1],
        "page_number": number,
        "page_numbers": range(1, len(pages) + 1),
        "can_review": can_review,
        "can_take": rules.can_take(signed_in(request), dossier.report),
        "can_reopen": rules.can_reopen(signed_in(request), dossier.report),
        "key": uuid4,
        "problems": saving.problems,
        **(marks or {}),
    }
    return render(request, "review/review.html", context, status=saving.status)


@read_or_write
@guarded
@keeping
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """One report side by side; a POST saves every part of the page that was touched."""
    if request.method == "POST":
        return _save_page(request, pk)
    return kept(request, pk, partial(_page_as_it_is, request, pk))


def _save_page(request: HttpRequest, pk: int) -> HttpResponse:
    dossier, open_round = dossier_to_review(request, pk)
    if only_shows(request):
        messages.info(request, _("This is what you typed. It is not saved yet."))
        return _shown(request, dossier, touched(dossier.parts, request.POST))
    saving = save_parts(open_round, dossier.parts, request.POST, signed_in(request))
    if saving.refused:
        return _shown(request, dossier, saving)
    if saving.saved:
        messages.success(request, _saved_text(len(saving.saved)))
    return redirect(_next_url(request, pk))


def _saved_text(number: int) -> str:
    text = ngettext("%(number)d verdict saved.", "%(number)d verdicts saved.", number)
    return text % {"number": number}


def _next_url(request: HttpRequest, pk: int) -> str:
    """Where the pressed button leads, after the save."""
    then = request.POST.get("then-now", "")
    if then in ("return", "validate"):
        return reverse("report_decide", args=[pk, then])
    if then == "accept":
        return reverse("review_accept", args=[pk])
    here = reverse("review", args=[pk])
    number = then.removeprefix("page-") if then.startswith("page-") else request.GET.get("page")
    return f"{here}?page={number}" if number and number.isdecimal() else here


@require_POST
@guarded
def review_save(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Save one part as one goes; the answer renews its version and the summary, never a field."""
    dossier, open_round = dossier_to_review(request, pk)
    found = part_or_404(dossier, part)
    saving = save_parts(open_round, [found], request.POST, signed_in(request))
    dossier.pages()
    context = {
        "dossier": dossier,
        "report": dossier.report,
        "review": open_round,
        "part": found,
        "form": saving.refused[0] if saving.refused else RemarkForm(found),
        "can_review": True,
        "is_partial": True,
    }
    return render(request, "review/saved.html", context, status=saving.status)


@read_or_write
@guarded
@keeping
def review_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept every part without a verdict: a page that lists them, then the deed."""
    if request.method == "POST":
        dossier, open_round = dossier_to_review(request, pk)
        number = accept_remaining(open_round, dossier.parts, by=signed_in(request))
        messages.success(request, _saved_text(number))
        return redirect("review", pk=pk)
    report = find_report(request, pk)
    if not rules.can_review(signed_in(request), report):
        return redirect("review", pk=pk)
    dossier = dossier_of(report, signed_in(request))
    dossier.pages()
    context = {
        "dossier": dossier,
        "report": report,
        "review": dossier.review,
        "round_field": ROUND,
    }
    return render(request, "review/accept.html", context)
