"""The working workbooks: a quarter or one report, as Excel, for the person who asks."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.people import signed_in
from audit.services import head_hash, record
from common import clock
from common.downloads import Download, workbook_response
from common.workbook import Properties
from indicators.choices import Role
from indicators.models import Plan
from reports.exports import Source, load, sheets_of
from reports.exports.summary import Stamp, sensitive_codes
from reports.models import Period, Report


@transaction.atomic
def _logged(source: Source, about: Period | Report) -> None:
    """True figures of protected indicators leave the system: the log says whose hands they are in.

    The entry is stored before the file is made, so that no file leaves without it.
    """
    if codes := sensitive_codes(source):
        record(
            "workbook.exported",
            by=source.user.email,
            about=about,
            period=source.period.code,
            indicators=codes,
            institutions=[report.institution.code for report in source.reports],
        )


def _workbook(source: Source, about: Period | Report, filename: str) -> Download:
    _logged(source, about)
    stamp = Stamp(clock.now(), head_hash())
    properties = Properties(
        title=_("%(plan)s · %(period)s") % {"plan": source.period.plan, "period": source.period},
        created=stamp.made_at,
        author=str(source.user),
        comments=stamp.audit_head,
    )
    return workbook_response(sheets_of(source, stamp), filename, properties)


@login_required
@require_GET
def quarter_workbook(request: HttpRequest, pk: int) -> Download:
    """A quarter as far as the person may read it; no such page without a role in its plan."""
    plans = Plan.objects.with_role(request.user, *Role)
    period = get_object_or_404(Period.objects.select_related("plan"), pk=pk, plan__in=plans)
    filename = f"{period.plan.code}-{period.code}"
    return _workbook(load(signed_in(request), period), period, filename)


@login_required
@require_GET
def report_workbook(request: HttpRequest, pk: int) -> Download:
    """One report as the person may read it."""
    visible = Report.objects.visible_to(request.user).with_names()
    report = get_object_or_404(visible, pk=pk)
    source = load(signed_in(request), report.period, report)
    filename = f"{report.period.plan.code}-{report.period.code}-{report.institution.code}"
    return _workbook(source, report, filename)
