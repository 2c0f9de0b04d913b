"""Many quarters in one file: the question, and the files of the person who asked."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from accounts.people import signed_in
from common.downloads import file_response
from indicators.choices import Role
from indicators.models import Plan
from reports.consolidated.asking import TooMany, ask
from reports.consolidated.keeping import path_of
from reports.consolidated.rights import find_job, jobs_of
from reports.export_pages import ExportPage
from reports.export_tables import ExportsTable
from reports.forms.consolidated import SEVERAL, AskForm
from reports.models import ExportJob
from reports.views.refusals import CONFLICT, INVALID, guarded

GONE = 410


def _chosen(query: QueryDict) -> dict[str, Any]:
    """What an address says of the fields, so that a question can be asked again."""
    return {name: query.getlist(name) if name in SEVERAL else query[name] for name in query}


def _asked(form: AskForm, user: User) -> ExportJob | None:
    """The job of a form that is in order; None with the sentence in the form."""
    try:
        return ask(form.asked, by=user)
    except TooMany:
        sentence = ngettext(
            "%(number)d export of yours is not finished. Wait until it is.",
            "%(number)d exports of yours are not finished. Wait until one of them is.",
            settings.EXPORTS_AT_ONCE,
        )
        form.add_error(None, sentence % {"number": settings.EXPORTS_AT_ONCE})
        return None


@require_http_methods(["GET", "POST"])
@guarded
def quarters_data(request: HttpRequest) -> HttpResponseBase:
    """The question; once asked, the page of its file."""
    user = signed_in(request)
    plans = Plan.objects.with_role(user, *Role)
    posted = request.POST if request.method == "POST" else None
    form = AskForm(plans, posted, _chosen(request.GET))
    if form.is_valid() and (job := _asked(form, user)):
        return redirect("export", job.key)
    status = INVALID if form.is_bound else 200
    return render(request, "quarters/data.html", {"form": form}, status=status)


@require_GET
@guarded
def exports(request: HttpRequest) -> HttpResponseBase:
    """The person's own exports."""
    table = ExportsTable(jobs_of(signed_in(request)), request.GET)
    return render(request, "quarters/exports.html", {"table": table})


def _find(request: HttpRequest, key: UUID) -> ExportJob:
    """Her own export; for everybody else there is no such page."""
    job = find_job(signed_in(request), key)
    if job is None:
        raise Http404
    return job


def _page(request: HttpRequest, job: ExportJob, status: int = 200) -> HttpResponseBase:
    """The whole page; for a script what moves, with the state only where it is another one."""
    is_part = bool(request.headers.get("HX-Request"))
    name = "export_part" if is_part else "export"
    page = ExportPage(job, signed_in(request))
    has_moved = is_part and request.GET.get("was") != job.state
    context = {"page": page, "job": job, "has_moved": has_moved}
    return render(request, f"quarters/{name}.html", context, status=status)


@require_GET
@guarded
def export(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """How far one export is; the part of the page that moves, where a script asks."""
    return _page(request, _find(request, key))


@require_GET
@guarded
def export_file(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Its file, while it is hers and there."""
    job = _find(request, key)
    if job.is_expired:
        return _page(request, job, GONE)
    page = ExportPage(job, signed_in(request))
    if not page.is_done or page.is_other:
        return _page(request, job, CONFLICT)
    try:
        file = path_of(job).open("rb")
    except FileNotFoundError:  # removed a moment ago
        return _page(request, job, GONE)
    return file_response(file, job.filename)
