"""Evidence: adding, reading and removing files."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.people import signed_in
from common.downloads import file_response
from common.file_rules import FileError
from reports import rules
from reports.errors import NotAllowed
from reports.evidence import (
    add_evidence,
    is_frozen,
    log_reading,
    may_read,
    path_of,
    remove_evidence,
)
from reports.forms.pages import load
from reports.models import Evidence, Report
from reports.views.filling import editable_report, evidence_form, show_page
from reports.views.refusals import CONFLICT, INVALID, guarded

SANDBOX = "sandbox; default-src 'none'"


def find_evidence(request: HttpRequest, pk: int) -> Evidence:
    """The file, if this person may read it; for everybody else there is none."""
    related = Evidence.objects.select_related("report__period__plan", "line__indicator")
    visible = Report.objects.visible_to(request.user)
    evidence = get_object_or_404(related.filter(report__in=visible), pk=pk)
    if not may_read(evidence, signed_in(request)):
        raise Http404
    return evidence


@require_GET
@guarded
def evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as an attachment that no browser opens as a page."""
    found = find_evidence(request, pk)
    try:
        file = path_of(found.sha256).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    log_reading(found, signed_in(request))
    response = file_response(file, found.name, found.content_type)
    response["Content-Security-Policy"] = SANDBOX
    return response


@require_POST
@guarded
def evidence_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a file to the report, or to one line or action of it."""
    filling = load(editable_report(request, pk), "evidence")
    if filling is None:
        raise Http404
    form = evidence_form(request, filling)
    upload: UploadedFile | None = form.cleaned_data["file"] if form.is_valid() else None
    if upload is not None:
        try:
            added = add_evidence(
                filling.report, by=signed_in(request), upload=upload, **form.target
            )
        except FileError as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("%(name)s was added.") % {"name": added.name})
            return redirect("report_fill", pk, "evidence")
    return show_page(request, filling, INVALID, upload=form)


@require_http_methods(["GET", "POST"])
@guarded
def evidence_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take a file off the report; gone already is as good as removed."""
    found = find_evidence(request, pk)
    if not rules.can_edit(request.user, found.report):
        raise NotAllowed("evidence", found.report)
    context = {"evidence": found, "report": found.report, "is_frozen": is_frozen(found)}
    if request.method == "GET":
        return render(request, "reports/evidence_remove.html", context)
    try:
        remove_evidence(found, by=signed_in(request))
    except FileError:
        return render(request, "reports/evidence_remove.html", context, status=CONFLICT)
    messages.success(request, _("%(name)s was removed.") % {"name": found.name})
    return redirect("report_fill", found.report_id, "evidence")
