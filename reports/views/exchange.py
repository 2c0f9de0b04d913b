"""A report's workbook comes back: choosing the file, looking at what it would do, confirming it."""

from itertools import groupby

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.people import signed_in
from accounts.views import only_shows
from common.downloads import file_response
from common.file_rules import FileError
from reports.errors import TakenOver, Unclean
from reports.exchange.applying import apply
from reports.exchange.marking import marked_copy
from reports.exchange.preview import Change, Preview, preview
from reports.exchange.reading import take_in
from reports.forms.exchange import WorkbookForm
from reports.models import Report, Upload
from reports.views.exchange_out import log_leaving
from reports.views.filling import editable_report
from reports.views.refusals import INVALID, guarded


def find_upload(request: HttpRequest, pk: int, upload: int) -> Upload:
    """What this person sent for this report; of others there is none, of colleagues neither."""
    report = editable_report(request, pk)
    found = get_object_or_404(Upload, pk=upload, report=report, by=signed_in(request))
    found.report = report
    return found


def _open_upload(request: HttpRequest, pk: int, upload: int) -> Upload:
    """The same, as long as it was not taken over."""
    found = find_upload(request, pk, upload)
    if found.applied_at is not None:
        raise TakenOver(found.report)
    return found


def _taken(request: HttpRequest, report: Report, form: WorkbookForm) -> Upload | None:
    """The workbook, read; nothing where it is refused, and the form says why."""
    if not form.is_valid():
        return None
    file: UploadedFile = form.cleaned_data["file"]
    try:
        return take_in(report, file.read(), file.name or "", by=signed_in(request))
    except FileError as refusal:
        form.add_error("file", str(refusal))
        return None


@require_http_methods(["GET", "POST"])
@guarded
def report_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """How to fill the report in with Excel, and where its workbook is sent back."""
    report = editable_report(request, pk)
    form, status = WorkbookForm(), 200
    if request.method == "POST" and not only_shows(request):
        form = WorkbookForm(request.POST, request.FILES)
        if upload := _taken(request, report, form):
            return redirect("report_upload_preview", pk, upload.pk)
        status = INVALID
    context = {
        "report": report,
        "form": form,
        "waiting": report.uploads.filter(by=signed_in(request), applied_at=None).first(),
    }
    return render(request, "reports/exchange/upload.html", context, status=status)


def _sections(changes: list[Change]) -> list[tuple[str, list[Change]]]:
    """The changes by what they are about, in the order of the workbook."""
    groups = groupby(changes, key=lambda change: (change.key.section, change.subject))
    return [(subject, list(group)) for (_section, subject), group in groups]


def _show(request: HttpRequest, upload: Upload, found: Preview, status: int = 200) -> HttpResponse:
    context = {
        "report": upload.report,
        "upload": upload,
        "found": found,
        "sections": _sections(found.changes),
        "must_choose": status == INVALID and found.can_confirm and found.has_conflicts,
        "was_refused": status == INVALID,
    }
    return render(request, "reports/exchange/preview.html", context, status=status)


@require_http_methods(["GET", "POST"])
@guarded
def report_upload_preview(request: HttpRequest, pk: int, upload: int) -> HttpResponse:
    """Every change and every mistake of a workbook; a post takes it over, all of it or nothing."""
    found = _open_upload(request, pk, upload)
    if request.method == "GET" or only_shows(request):
        return _show(request, found, preview(found))
    replace, mark = "replace" in request.POST, request.POST.get("mark", "")
    try:
        number = apply(found, by=signed_in(request), replace=replace, mark=mark)
    except Unclean as refusal:
        return _show(request, found, refusal.preview, INVALID)
    text = ngettext("%(number)d cell was taken over.", "%(number)d cells were taken over.", number)
    messages.success(request, text % {"number": number})
    return redirect("report", pk)


@require_GET
@guarded
def report_upload_marked(request: HttpRequest, pk: int, upload: int) -> HttpResponseBase:
    """The workbook with its mistakes marked in the cells."""
    found = _open_upload(request, pk, upload)
    stem = found.name.rpartition(".")[0] or found.name
    log_leaving(found.report, signed_in(request))
    name = _("%(name)s - marked") % {"name": stem}
    return file_response(marked_copy(found), f"{name}.xlsx")


@require_POST
@guarded
def report_upload_discard(request: HttpRequest, pk: int, upload: int) -> HttpResponse:
    """Forget a workbook that was not taken over."""
    _open_upload(request, pk, upload).delete()
    messages.success(request, _("The workbook was discarded. Nothing of it was stored."))
    return redirect("report_upload", pk)
