"""Filling in a report: its form page by page, and the save of one section."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.people import signed_in
from accounts.views import only_shows
from reports import rules
from reports.errors import NotAllowed
from reports.forms.evidence import EvidenceForm
from reports.forms.pages import (
    Filling,
    Outcomes,
    load,
    page_title,
    save_form,
    save_page,
    section_form,
)
from reports.models import Report
from reports.queries import actions_for_form, lines_for_form
from reports.sections import Page, page_slug_of, pages_so_far
from reports.views.kept import MARKS, kept
from reports.views.refusals import CONFLICT, INVALID, find_report, guarded


def editable_report(request: HttpRequest, pk: int) -> Report:
    """The report, if this person writes in it now.

    Raises:
        Http404: it is not hers to see.
        NotAllowed: it is, but not to write in, or not now.
    """
    report = find_report(request, pk)
    if not rules.can_edit(request.user, report):
        raise NotAllowed("edit", report)
    return report


def _load(request: HttpRequest, report: Report, slug: str) -> Filling:
    posted = request.POST if request.method == "POST" else None
    filling = load(report, slug, posted)
    if filling is None:
        raise Http404
    return filling


def steps_of(report: Report, pages: list[Page], current: str = "") -> list[dict[str, object]]:
    """The pages of the form as a person goes through them."""
    return [
        {
            "title": page_title(page, pages),
            "url": reverse("report_fill", args=[report.pk, page.slug]),
            "page": page,
            "is_current": page.slug == current,
        }
        for page in pages
    ]


def evidence_form(request: HttpRequest, filling: Filling) -> EvidenceForm:
    """The upload form with every line and action of the report to choose from."""
    lines = [line for page in filling.pages for line in page.lines]
    actions = [row for page in filling.pages for row in page.actions]
    if request.method == "POST":
        return EvidenceForm(lines, actions, request.POST, request.FILES)
    return EvidenceForm(lines, actions, backs=request.GET.get("for", ""))


def show_page(
    request: HttpRequest, filling: Filling, status: int = 200, **more: object
) -> HttpResponse:
    """The page of the form."""
    report, page = filling.report, filling.page
    context: dict[str, object] = {
        "filling": filling,
        "report": report,
        "title": page_title(page, filling.pages),
        "steps": steps_of(report, filling.pages, page.slug),
        "here": request.path,
    }
    if page.kind == "evidence":
        context["upload"] = evidence_form(request, filling)
        context["files"] = report.evidence.select_related(
            "line__indicator", "action__action", "uploaded_by"
        )
    return render(request, "reports/fill.html", {**context, **more}, status=status)


def _page_as_it_is(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """The page as it stands, to be kept."""
    filling = _load(request, editable_report(request, pk), slug)
    return show_page(request, filling, csrf_token=MARKS["csrf_token"])


def _with_refused(request: HttpRequest, filling: Filling, outcomes: Outcomes) -> Filling:
    """The page as it is now, with what was refused as it was typed."""
    fresh = load(filling.report, filling.page.slug)
    if fresh is None:
        raise Http404
    kept = {form.part: form for form in outcomes.refused}
    fresh.forms = [kept.get(form.part, form) for form in fresh.forms]
    return fresh


def _tell(request: HttpRequest, outcomes: Outcomes) -> None:
    number = len(outcomes.saved)
    if number:
        text = ngettext("%(number)d part was saved.", "%(number)d parts were saved.", number)
        messages.success(request, text % {"number": number})
    elif not outcomes.refused:
        messages.info(request, _("Nothing was changed, so there was nothing to save."))


@require_http_methods(["GET", "POST"])
@guarded
def report_fill(request: HttpRequest, pk: int, page: str) -> HttpResponse:
    """One page of the form; a save without a script saves every section that was changed."""
    if request.method == "GET":
        return kept(request, pk, partial(_page_as_it_is, request, pk, page))
    filling = _load(request, editable_report(request, pk), page)
    if only_shows(request):
        return show_page(request, filling, comes_back=True)
    outcomes = save_page(filling, by=signed_in(request))
    _tell(request, outcomes)
    if outcomes.refused:
        shown = _with_refused(request, filling, outcomes)
        return show_page(request, shown, outcomes.status, saved=outcomes.saved)
    following = filling.next_page if "continue" in request.POST else filling.page
    if following is None:
        return redirect("report", pk)
    return redirect("report_fill", pk, following.slug)


@require_POST
@guarded
def report_save(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Save one section; the answer tells what became of it and leaves the fields alone."""
    report = editable_report(request, pk)
    form = section_form(report, part, request.POST)
    if form is None:
        raise Http404
    ok = save_form(report, form, signed_in(request))
    fresh = section_form(report, part, None) if ok else None
    status = 200 if ok else (CONFLICT if form.current is not None else INVALID)
    context = {
        "form": form,
        "ok": ok,
        "was_saved": ok and form.is_touched,
        "fresh": fresh,
        "shown": fresh or form,
    }
    return render(request, "reports/saved.html", context, status=status)


@require_GET
@guarded
def report_start(request: HttpRequest, pk: int) -> HttpResponse:
    """To the first page that still lacks an answer, or to the page of a part that is named."""
    report = editable_report(request, pk)
    pages = pages_so_far(report, lines_for_form(report), actions_for_form(report))
    part = request.GET.get("part", "")
    unfinished = [page.slug for page in pages if not page.is_done]
    slug = page_slug_of(part, pages) if part else (unfinished or [pages[0].slug])[0]
    address = reverse("report_fill", args=[pk, slug])
    return redirect(f"{address}#{part}" if part else address)
