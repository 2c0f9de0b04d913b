"""Which date comes next, and for whom; days are counted in the time zone of each plan."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import clock
from indicators.choices import COALITION_ROLES
from indicators.models import Plan
from indicators.rules import watches
from reports.choices import EDITABLE, WITH_COALITION, ReportStatus
from reports.models import Period, Report
from reports.review_tables import days_in_words, days_waiting

SHOWN = 3
"""So many deadlines stand above a list; the list itself has them all."""


@dataclass(frozen=True)
class Deadline:
    """A day, what it is about, and how many days are left; fewer than none when it has passed."""

    day: date
    text: str
    left: int
    url: str = ""

    @property
    def is_past(self) -> bool:
        return self.left < 0

    @property
    def words(self) -> str:
        """How long it still is, or how long ago it was."""
        if self.left == 0:
            return _("today")
        days = abs(self.left)
        if self.is_past:
            return ngettext("%(days)d day ago", "%(days)d days ago", days) % {"days": days}
        return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}


def _deadline(period: Period, day: date, text: str, url: str = "") -> Deadline:
    return Deadline(day, text, (day - period.today()).days, url)


@dataclass(frozen=True)
class QuarterNow:
    """How far a quarter is, of the reports a person may know of."""

    period: Period
    reports: Sequence[Report]
    days: list[Deadline] = field(default_factory=list)

    @property
    def missing(self) -> list[tuple[Report, str]]:
        """What lies with the ministries and how it stands with the date; longest overdue first."""
        owed = [report for report in self.reports if report.state in EDITABLE]
        owed.sort(key=lambda report: (report.due_on, report.institution.code))
        return [(report, days_in_words(report)) for report in owed]

    @property
    def waiting(self) -> list[tuple[Report, str]]:
        """What lies with the coalition, longest first."""
        sent = [report for report in self.reports if report.state in WITH_COALITION]
        sent.sort(key=lambda report: (-(days_waiting(report) or 0), report.institution.code))
        return [(report, days_in_words(report)) for report in sent]

    @property
    def next(self) -> Deadline | None:
        """The date that comes next; None when all have passed."""
        return next((deadline for deadline in self.days if not deadline.is_past), None)


def _own_dates(period: Period, reports: Iterable[Report]) -> list[Deadline]:
    """Dates of reports that have one of their own: returned, or given more time."""
    found = []
    for report in reports:
        if report.state in EDITABLE and report.due_on != period.due_on:
            is_returned = report.state is ReportStatus.RETURNED
            text = _("Correction of %(code)s is due") if is_returned else _("%(code)s is due")
            told = text % {"code": report.institution.code}
            found.append(_deadline(period, report.due_on, told))
    return found


def quarter_now(period: Period, user: object) -> QuarterNow:
    """The quarter with its dates in their order: due, dates of single reports, the last day.

    Of whose report a person may know is as in the matrix of who owes what: one query.
    """
    rows = Report.objects.filter(period=period).with_names()
    known = list(rows if watches(user, period.plan_id) else rows.owed_by(user))
    days = [_deadline(period, period.due_on, _("Reports are due")), *_own_dates(period, known)]
    if period.closes_on:
        days.append(_deadline(period, period.closes_on, _("Last day to submit anything")))
    return QuarterNow(period, known, sorted(days, key=lambda deadline: deadline.day))


def next_for_ministry(user: object) -> list[Deadline]:
    """What the person's institutions owe next, what is overdue first: one query."""
    owed = Report.objects.owed_by(user).filter(status__in=EDITABLE).with_names()
    return [
        _deadline(
            r.period, r.due_on, f"{r.period} · {r.institution}", reverse("report", args=[r.pk])
        )
        for r in owed.order_by("due_on", "institution__code", "pk")[:SHOWN]
    ]


def next_for_coalition(user: object) -> list[Deadline]:
    """When the next reports are to come in the plans a person reviews: two queries at most."""
    plans = Plan.objects.with_role(user, *COALITION_ROLES)
    # Days differ by plan; nothing that is still to come anywhere is older than this.
    since = clock.now().date() - timedelta(days=1)
    owed = Report.objects.filter(period__plan__in=plans, status__in=EDITABLE, due_on__gte=since)
    rows = list(
        owed.order_by("due_on", "period")
        .values_list("due_on", "period")
        .annotate(number=Count("pk"))[: 2 * SHOWN]
    )
    periods = Period.objects.select_related("plan").in_bulk({pk for _day, pk, _number in rows})
    found = (_coming(periods[pk], day, number) for day, pk, number in rows)
    return [deadline for deadline in found if not deadline.is_past][:SHOWN]


def _coming(period: Period, day: date, number: int) -> Deadline:
    text = ngettext(
        "%(plan)s %(period)s: %(number)d report is due",
        "%(plan)s %(period)s: %(number)d reports are due",
        number,
    )
    told = {"plan": period.plan.code, "period": period, "number": number}
    return _deadline(period, day, text % told, reverse("quarter", args=[period.pk]))
