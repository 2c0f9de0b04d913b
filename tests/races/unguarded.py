"""The same server with the guard of decisions taken out: the race must be lost here."""

from django.core.wsgi import get_wsgi_application
from django.db.models import F

application = get_wsgi_application()

from reports import workflow  # noqa: E402
from reports.choices import ReportStatus  # noqa: E402
from reports.models import Report  # noqa: E402


def _guard(
    name: str, report: Report, decision: workflow.Decision, version: int
) -> workflow.Transition:
    """As the workflow's own, but without asking who, from which state and on which version."""
    return workflow.TRANSITIONS[name]


def _move(row: workflow.Transition, report: Report, version: int) -> ReportStatus:
    """As the workflow's own, but without looking whether anybody was faster."""
    target = row.target(report) if callable(row.target) else row.target
    Report.objects.filter(pk=report.pk).update(status=target, version=F("version") + 1)
    return target


workflow._guard = _guard
workflow._move = _move
