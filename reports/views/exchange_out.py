"""The report as a workbook for filling in, for the people who write in it."""

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.people import signed_in
from audit.services import record
from common.downloads import Download, file_response
from indicators.choices import Sensitivity
from indicators.models import Indicator
from reports.exchange.outgoing import write_report
from reports.models import Report
from reports.views.filling import editable_report
from reports.views.refusals import guarded


def sensitive_codes(report: Report) -> list[str]:
    """The protected indicators whose true figures stand in the workbook."""
    rows = Indicator.objects.filter(lines__report=report).exclude(sensitivity=Sensitivity.PUBLIC)
    return list(rows.order_by("code").values_list("code", flat=True))


@transaction.atomic
def log_leaving(report: Report, by: User) -> None:
    """Stored before the file is made, so that no protected figure leaves without an entry."""
    if codes := sensitive_codes(report):
        record(
            "workbook.exported",
            by=by.email,
            about=report,
            period=report.period.code,
            indicators=codes,
            institutions=[report.institution.code],
        )


def sheet_name(report: Report) -> str:
    """What the file is called, so that two of them cannot be mixed up."""
    period = report.period
    return f"{period.plan.code}-{period.code}-{report.institution.code}-{report.revision}.xlsx"


@require_GET
@guarded
def report_sheet(request: HttpRequest, pk: int) -> Download:
    """The workbook in the language of the page, with the report as it is now."""
    report = editable_report(request, pk)
    log_leaving(report, signed_in(request))
    file = write_report(report, language=get_language() or "en")
    return file_response(file, sheet_name(report))
