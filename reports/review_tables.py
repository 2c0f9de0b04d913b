"""The coalition's lists as tables: page, order and download from the same rows."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from common.tables import Table, TableColumn
from indicators.choices import BadgeChoices
from reports.choices import WITH_COALITION, ReportStatus
from reports.models import Period, Report
from reports.review_lists import round_of


class Timing(BadgeChoices):
    """Facts computed from dates; never a state."""

    LATE = "late", "attention", "clock", _("Late")
    OVERDUE = "overdue", "bad", "clock", _("Overdue")
    IN_TIME = "in_time", "good", "check", _("In time")


def timing(report: Report) -> Timing | None:
    """Owed and past its date; or first submitted past the quarter's date."""
    if report.is_overdue:
        return Timing.OVERDUE
    return Timing.LATE if report.was_late else None


def submitted_on(report: Report) -> date | None:
    """The day of the last submission, in the plan's time zone."""
    zone = ZoneInfo(report.period.plan.time_zone)
    return timezone.localdate(report.submitted_at, zone) if report.submitted_at else None


def days_waiting(report: Report) -> int | None:
    """Days with the coalition, while it is there."""
    since = submitted_on(report)
    waits = report.state in WITH_COALITION and since is not None
    return (report.period.today() - since).days if waits and since else None


def days_overdue(report: Report) -> int | None:
    """Days past the date by which the ministry owes it."""
    return (report.period.today() - report.due_on).days if report.is_overdue else None


def _in_days(text: str, days: int) -> str:
    return text % {"days": days}


def days_in_words(report: Report) -> str:
    """Whose clock runs, and for how long; or how long the ministry still has."""
    waiting, overdue = days_waiting(report), days_overdue(report)
    if overdue is not None:
        return _in_days(ngettext("%(days)d day overdue", "%(days)d days overdue", overdue), overdue)
    if waiting == 0:
        return gettext("arrived today")
    if waiting is not None:
        return _in_days(ngettext("waits %(days)d day", "waits %(days)d days", waiting), waiting)
    if report.state.is_editable:
        left = (report.due_on - report.period.today()).days
        return _in_days(ngettext("%(days)d day left", "%(days)d days left", left), left)
    return ""


def shown_round(report: Report) -> int | None:
    """The round, once there is one."""
    return round_of(report) or None


def reviewer_name(report: Report) -> str:
    """Who took it; said plainly where nobody has."""
    if report.state is ReportStatus.SUBMITTED:
        return gettext("free to take")
    return str(report.reviewer) if report.reviewer else ""


def review_url(report: Report) -> str:
    return reverse("review", args=[report.pk])


class QueueTable(Table):
    """What waits for the coalition."""

    title = _("Review queue")
    empty_title = _("Nothing waits for you")
    empty_text = _(
        "Every submitted report is decided. The quarter’s page shows what ministries still owe."
    )
    columns = (
        TableColumn(_("Institution"), "institution", link=review_url, sort="institution__code"),
        TableColumn(_("Plan"), "period.plan.code", on_page=False),
        TableColumn(_("Quarter"), "period", sort=("period__year", "period__quarter")),
        TableColumn(_("Status"), "state", sort="status"),
        TableColumn(_("Submitted"), submitted_on, "date", sort="submitted_at"),
        TableColumn(_("Days waiting"), days_waiting, "integer"),
        TableColumn(_("Round"), shown_round, "integer"),
        TableColumn(_("Timing"), timing),
        TableColumn(_("Reviewer"), reviewer_name, sort="reviewer__name"),
    )


def _report_url(report: Report) -> str | None:
    return report.page_url  # type: ignore[attr-defined]


_OWED = (
    TableColumn(_("Institution"), "institution", link=_report_url, sort="institution__code"),
    TableColumn(_("Status"), "state", sort="status"),
    TableColumn(_("Due"), "due_on", "date", sort="due_on"),
    TableColumn(_("Submitted"), submitted_on, "date", sort="submitted_at"),
    TableColumn(_("Timing"), timing),
    TableColumn(_("Days"), days_in_words, in_export=False),
    TableColumn(_("Days overdue"), days_overdue, "integer", on_page=False),
    TableColumn(_("Days with the coalition"), days_waiting, "integer", on_page=False),
    TableColumn(_("Round"), shown_round, "integer"),
)


class OwedTable(Table):
    """Who owes what in a quarter."""

    title = _("Who owes what")
    caption = _("Who owes what")
    empty_title = _("No report to show")
    empty_text = _("No report fits this filter, or none is open to you in this quarter yet.")
    columns: ClassVar[Sequence[TableColumn]] = _OWED


class CoalitionOwedTable(OwedTable):
    """The same, with who reviews it."""

    columns = (*_OWED, TableColumn(_("Reviewer"), reviewer_name, sort="reviewer__name"))


def quarter_url(period: Period) -> str:
    return reverse("quarter", args=[period.pk])


class QuartersTable(Table):
    """Every quarter with its number of reports in each state."""

    title = _("Quarters")
    empty_title = _("No quarter yet")
    empty_text = _(
        "A quarter opens when it has ended, in every plan in which you hold a role. "
        "If you expected to see one here, ask the secretariat of the plan."
    )
    columns = (
        TableColumn(_("Quarter"), "__str__", link=quarter_url, sort=("year", "quarter")),
        TableColumn(_("Plan"), "plan.code", sort="plan__code"),
        TableColumn(_("Due"), "due_on", "date", sort="due_on"),
        *(TableColumn(status.label, f"{status.value}_count", "integer") for status in ReportStatus),
        TableColumn(_("Edition"), "edition"),
    )
