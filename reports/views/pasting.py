"""A block of cells from a spreadsheet: what it would change in an indicator's table.

These pages write nothing. What a person confirms is typed into the form's fields by the script, or
sent to the page of the form; either way it is saved as everything that is typed there.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from reports.forms.lines import LineForm
from reports.forms.pages import section_form
from reports.forms.paste_form import PasteForm
from reports.models import Report
from reports.queries import actions_for_form, lines_for_form
from reports.sections import page_slug_of, pages_so_far
from reports.views.filling import editable_report
from reports.views.refusals import INVALID, guarded


def _line_form(request: HttpRequest, report: Report, part: str) -> LineForm:
    """The indicator as it stands in the fields of the page, or as stored where none were sent."""
    form = section_form(report, part, request.POST if request.method == "POST" else None)
    if not isinstance(form, LineForm):
        raise Http404
    return form


def _fill_address(report: Report, part: str) -> str:
    """The page of the form on which a part stands."""
    pages = pages_so_far(report, lines_for_form(report), actions_for_form(report))
    return reverse("report_fill", args=[report.pk, page_slug_of(part, pages)])


@require_http_methods(["GET", "POST"])
@guarded
def report_paste(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Where a block of cells is pasted, and what it would change; a part of a page for scripts."""
    report = editable_report(request, pk)
    line = _line_form(request, report, part)
    paste = PasteForm(line, request.POST if request.method == "POST" else None)
    is_refused = paste.is_bound and not paste.is_valid()
    context = {"report": report, "form": line, "paste": paste, "placed": paste.placed}
    if request.headers.get("HX-Request"):
        name = "paste_preview"
    else:
        name, context["fill_url"] = "paste", _fill_address(report, part)
    status = INVALID if is_refused else 200
    return render(request, f"reports/{name}.html", context, status=status)
