"""Figures from before: sending a table, saying what it means, storing it, undoing it."""

import json
from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any, Concatenate

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.people import signed_in
from accounts.views import only_shows
from audit.services import record
from common.downloads import FORMATS, file_response, table_response
from common.file_rules import FileError
from indicators.choices import Role, Sensitivity
from indicators.models import Indicator, Plan
from reports.choices import ImportState
from reports.forms.history import MappingForm, TableForm
from reports.history.faults import read_found
from reports.history.mapping import ColumnRole, read_mapping
from reports.history.preview import Preview, preview, shown
from reports.history.storing import (
    NotStored,
    StillNeeded,
    forget_mapping,
    needed_by,
    save_mapping,
    set_mapping,
    store,
    undo,
)
from reports.history.tables import discard, take_in
from reports.history_tables import BatchTable, figures_of
from reports.models import ImportBatch, ImportMapping
from reports.views.refusals import CONFLICT, INVALID, P, guarded

MANY = 200
"""Rows of each list that a page shows; how many there are in all it says beside."""

BatchView = Callable[Concatenate[HttpRequest, ImportBatch, P], HttpResponseBase]


def _plans(request: HttpRequest) -> Any:
    """The plans whose secretariat the person is."""
    plans = Plan.objects.with_role(signed_in(request), Role.ADMINISTRATOR)
    if not plans.exists():
        raise PermissionDenied
    return plans


def _of_secretariat(view: BatchView[P]) -> Callable[..., HttpResponseBase]:
    """A page of one import; for everybody but its secretariat there is none."""

    @wraps(view)
    def inner(request: HttpRequest, pk: int, *args: P.args, **kwargs: P.kwargs) -> Any:
        plans = Plan.objects.with_role(signed_in(request), Role.ADMINISTRATOR)
        known = ImportBatch.objects.filter(plan__in=plans).select_related("plan")
        return view(request, get_object_or_404(known, pk=pk), *args, **kwargs)

    return guarded(inner)


def _taken(request: HttpRequest, form: TableForm) -> ImportBatch | None:
    """The table, read; nothing where it is refused, and the form says why."""
    if not form.is_valid():
        return None
    file, saved = form.cleaned_data["file"], form.mapping
    mapping = read_mapping(saved.content) if saved else None
    try:
        by = signed_in(request).email
        return take_in(form.plan, file.read(), file.name or "", by=by, mapping=mapping)
    except FileError as refusal:
        form.add_error("file", str(refusal))
        return None


@require_http_methods(["GET", "POST"])
@guarded
def history(request: HttpRequest) -> HttpResponseBase:
    """Every import of the person's plans, and where a table is sent."""
    plans = _plans(request)
    form, status = TableForm(plans), 200
    if request.method == "POST" and not only_shows(request):
        form = TableForm(plans, request.POST, request.FILES)
        if batch := _taken(request, form):
            return redirect("history_batch", batch.pk)
        status = INVALID
    batches = ImportBatch.objects.filter(plan__in=plans).select_related("plan")
    table = BatchTable(batches.defer("content", "faults", "mapping"), request.GET)
    file = table_response(request, table, _("imports of earlier figures"))
    context = {"form": form, "table": table, "saved": list(form.saved.values())}
    return file or render(request, "history/list.html", context, status=status)


@require_http_methods(["GET", "POST"])
@_of_secretariat
def history_batch(request: HttpRequest, batch: ImportBatch) -> HttpResponseBase:
    """A draft with what it would do; a post says anew what its columns and words mean."""
    if batch.state != ImportState.DRAFT:
        return _show_stored(request, batch)
    found = preview(batch)
    if request.method == "POST" and not only_shows(request):
        form = MappingForm(found, batch.plan, request.POST)
        if not form.is_valid():
            return _show_draft(request, batch, found, form, INVALID)
        set_mapping(batch, form.mapping())
        return redirect("history_batch", batch.pk)
    return _show_draft(request, batch, found, MappingForm(found, batch.plan))


def _show_draft(
    request: HttpRequest,
    batch: ImportBatch,
    found: Preview,
    form: MappingForm,
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    context = {
        "batch": batch,
        "found": found,
        "form": form,
        "refusal": refusal,
        "problems": found.problems[:MANY],
        "faults": found.faults[:MANY],
        "changed": shown(found.changed[:MANY]),
        "new": shown([(None, figure) for figure in found.new[:MANY]]),
        "not_read": found.mapping.fitted(found.table.headings).headings(ColumnRole.NOTHING),
    }
    return render(request, "history/draft.html", context, status=status)


@transaction.atomic
def _log_leaving(request: HttpRequest, batch: ImportBatch) -> None:
    """Protected figures leave: the log says so, before the file is made."""
    closed = Indicator.objects.exclude(sensitivity=Sensitivity.PUBLIC)
    codes = closed.filter(history__batch=batch).order_by("code").distinct()
    if found := list(codes.values_list("code", flat=True)):
        record("history.exported", by=signed_in(request).email, about=batch, indicators=found)


def _show_stored(
    request: HttpRequest, batch: ImportBatch, status: int = 200, refusal: str = ""
) -> HttpResponseBase:
    table = figures_of([batch])
    table.params = request.GET
    if request.GET.get("export") in FORMATS:
        _log_leaving(request, batch)
    if file := table_response(request, table, batch.name.rpartition(".")[0] or batch.name):
        return file
    faults = [read_found(told) for told in json.loads(batch.faults)]
    context = {
        "batch": batch,
        "table": table,
        "faults": faults[:MANY],
        "fault_count": len(faults),
        "refusal": refusal,
        "newer": needed_by(batch) if batch.state == ImportState.STORED else [],
    }
    return render(request, "history/stored.html", context, status=status)


@require_POST
@_of_secretariat
def history_store(request: HttpRequest, batch: ImportBatch) -> HttpResponseBase:
    """Store a draft as it was seen, its faults too."""
    by, name = signed_in(request).email, request.POST.get("name", "").strip()[:100]
    mark, has_read = request.POST.get("mark", ""), "faults_read" in request.POST
    try:
        found = store(batch, by=by, mark=mark, accepts_faults=has_read)
    except NotStored as refusal:
        if refusal.found is None:
            return _too_late(request, batch, str(refusal))
        form = MappingForm(refusal.found, batch.plan)
        return _show_draft(request, batch, refusal.found, form, INVALID, str(refusal))
    if name:
        save_mapping(batch, name, by=by)
    number = len(found.to_store)
    text = ngettext("%(number)d figure was stored.", "%(number)d figures were stored.", number)
    messages.success(request, text % {"number": number})
    return redirect("history_batch", batch.pk)


def _too_late(request: HttpRequest, batch: ImportBatch, sentence: str) -> HttpResponseBase:
    """Somebody decided about it meanwhile: the page as it stands now, and what was not done."""
    now = get_object_or_404(ImportBatch.objects.select_related("plan"), pk=batch.pk)
    if now.state != ImportState.DRAFT:
        return _show_stored(request, now, CONFLICT, sentence)
    found = preview(now)
    return _show_draft(request, now, found, MappingForm(found, now.plan), CONFLICT, sentence)


@require_POST
@_of_secretariat
def history_discard(request: HttpRequest, batch: ImportBatch) -> HttpResponseBase:
    """Forget a draft."""
    if not discard(batch, by=signed_in(request).email):
        return _too_late(request, batch, _("This table was stored or discarded already."))
    messages.success(request, _("The table was discarded. Nothing of it was stored."))
    return redirect("history")


@require_POST
@_of_secretariat
def history_undo(request: HttpRequest, batch: ImportBatch) -> HttpResponseBase:
    """Take a stored table out again, as a whole."""
    try:
        number = undo(batch, by=signed_in(request).email)
    except (NotStored, StillNeeded) as refusal:
        return _too_late(request, batch, str(refusal))
    text = ngettext(
        "%(number)d figure was taken out.", "%(number)d figures were taken out.", number
    )
    messages.success(request, text % {"number": number})
    return redirect("history_batch", batch.pk)


@require_POST
@guarded
def history_forget(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Delete a kept mapping of one of the person's plans."""
    plans = Plan.objects.with_role(signed_in(request), Role.ADMINISTRATOR)
    saved = get_object_or_404(ImportMapping, pk=pk, plan__in=plans)
    forget_mapping(saved, by=signed_in(request).email)
    messages.success(request, _("“%(name)s” was deleted.") % {"name": saved.name})
    return redirect("history")


@require_GET
@_of_secretariat
def history_mapping(_request: HttpRequest, batch: ImportBatch) -> HttpResponseBase:
    """The mapping of a table as a file, for the command line and for other places."""
    return file_response(BytesIO(batch.mapping.encode()), "mapping.json", "application/json")
