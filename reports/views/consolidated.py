"""Many quarters as one plain table, for the person who asks."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.people import signed_in
from audit.services import record
from common.cells import Value
from common.csvfile import csv_lines
from common.downloads import Download, file_response, spooled
from common.dump import write_dump
from indicators.choices import Role
from indicators.models import Plan
from reports.consolidated.rows import Span, columns, reports_in, sensitive_codes, value_rows
from reports.forms.consolidated import SpanForm
from reports.models import Report
from reports.views.refusals import INVALID, guarded

BLOCK = 1024 * 1024


@transaction.atomic
def _logged(user: User, span: Span, reports: list[Report]) -> None:
    """Protected figures leave: the log says so, before the file is made."""
    if codes := sensitive_codes(reports, span.plan, user):
        first, last = (f"{year}-Q{quarter}" for year, quarter in (span.first, span.last))
        told = {"first": first, "last": last, "indicators": codes}
        record("values.exported", by=user.email, about=span.plan, **told)


def _file(user: User, span: Span, kind: str) -> Download:
    reports = reports_in(span, user)
    _logged(user, span, reports)
    name = "-".join([span.plan.code, *(f"{y}Q{q}" for y, q in (span.first, span.last))])
    rows = value_rows(reports, span.plan, user)
    if kind == "csv":
        return file_response(spooled(csv_lines(columns(), rows)), f"{name}.csv")
    return _workbook(rows, name, is_styled=kind == "xlsx")


def _workbook(rows: Iterator[list[Value]], name: str, *, is_styled: bool) -> Download:
    file = TemporaryFile()  # noqa: SIM115 -- the answer closes it
    with TemporaryDirectory() as folder:
        path = Path(folder) / "values.xlsx"
        write_dump(path, _("Values"), columns(), rows, is_styled=is_styled)
        with path.open("rb") as written:
            while block := written.read(BLOCK):
                file.write(block)
    return file_response(file, f"{name}.xlsx")


@require_GET
@guarded
def quarters_data(request: HttpRequest) -> HttpResponseBase:
    """The form; with its answers in the address, the file."""
    user = signed_in(request)
    plans = Plan.objects.with_role(user, *Role)
    form = SpanForm(plans, request.GET if "format" in request.GET else None)
    if form.is_bound and form.is_valid():
        return _file(user, form.span, form.cleaned_data["format"])
    status = INVALID if form.is_bound else 200
    return render(request, "quarters/data.html", {"form": form}, status=status)
