"""Who owes what: every institution of a plan in every quarter, as far as a person may know of it.

Of a report a person learns its state and its dates; how much of it is answered only where she sees
what is being typed. Days are counted in the plan's time zone. Two clocks run: the ministry's, which
counts what came or is late, and the coalition's, from a submission to its decision.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from accounts.models import Institution, User
from indicators.models import Plan
from indicators.rules import watches
from reports import rules
from reports.choices import ReportStatus, Standing
from reports.how_far import HowFar, how_far
from reports.models import Period, Report
from reports.review_tables import Timing, days_overdue, days_waiting, submitted_on, timing


@dataclass(frozen=True)
class Asked:
    """What of the matrix is wanted: a span of quarters (year, quarter), an institution, a state."""

    first: tuple[int, int] = (0, 0)
    last: tuple[int, int] = (9999, 4)
    institution: str = ""
    standing: str = ""

    def holds(self, period: Period) -> bool:
        return self.first <= (period.year, period.quarter) <= self.last


def page_url(user: User, report: Report, is_visible: bool) -> str:
    """Where a report opens for this person; nowhere while it is not hers to read."""
    if not is_visible:
        return ""
    name = "review" if rules.is_other_side(user, report) else "report"
    return reverse(name, args=[report.pk])


def standing_of(report: Report | None) -> Standing:
    """Where it stands; what is past its date is overdue, as a draft or returned."""
    if report is None:
        return Standing.NOT_OWED
    if report.is_overdue:
        return Standing.OVERDUE
    return Standing.DUE if report.state is ReportStatus.DRAFT else Standing(report.status)


def _day(moment: datetime | None, report: Report) -> date | None:
    zone = ZoneInfo(report.period.plan.time_zone)
    return timezone.localdate(moment, zone) if moment else None


@dataclass(frozen=True)
class Cell:
    """One institution in one quarter. `far` is there for who sees what is being typed."""

    institution: Institution
    period: Period
    report: Report | None = None
    url: str = ""
    far: HowFar | None = None
    is_shown: bool = True

    @cached_property
    def standing(self) -> Standing:
        return standing_of(self.report)

    @property
    def is_overdue(self) -> bool:
        return self.standing is Standing.OVERDUE

    @property
    def was_returned(self) -> bool:
        return self.report is not None and self.report.state is ReportStatus.RETURNED

    @property
    def day(self) -> date | None:
        """The date that goes with the state: due, submitted, or decided."""
        report = self.report
        if report is None:
            return None
        if report.state.is_editable:
            return report.due_on
        return _day(report.decided_at, report) or submitted_on(report)

    @property
    def timing(self) -> Timing | None:
        """Late, overdue or in time; None before it came and before it is due."""
        if self.report is None:
            return None
        in_time = Timing.IN_TIME if self.report.first_submitted_at else None
        return timing(self.report) or in_time

    @property
    def days_late(self) -> int | None:
        """The ministry's clock: days past the date, running, or as it first came."""
        report = self.report
        if report is None:
            return None
        first = _day(report.first_submitted_at, report)
        came_late = (first - report.period.due_on).days if first and report.was_late else None
        running = days_overdue(report)
        return came_late if running is None else running

    @property
    def days_with_coalition(self) -> int | None:
        """The coalition's clock: days since the submission, running, or until its decision."""
        report = self.report
        if report is None or not report.state.is_final:
            return days_waiting(report) if report else None
        sent, decided = submitted_on(report), _day(report.decided_at, report)
        return (decided - sent).days if sent and decided else None


@dataclass(frozen=True)
class Row:
    """An institution with its quarters, newest first."""

    institution: Institution
    cells: list[Cell]

    @property
    def due(self) -> int:
        """Of what is shown, the reports that came or are overdue."""
        return sum(1 for cell in self.cells if cell.is_shown and cell.timing)

    @property
    def in_time(self) -> int:
        return sum(1 for cell in self.cells if cell.is_shown and cell.timing is Timing.IN_TIME)


@dataclass(frozen=True)
class Matrix:
    """What is shown, and what it adds up to."""

    periods: list[Period]
    rows: list[Row]

    @cached_property
    def cells(self) -> list[Cell]:
        """Everything that fits what was asked, row by row: what leaves as a file."""
        return [cell for row in self.rows for cell in row.cells if cell.is_shown]

    def _in(self, *states: Standing) -> list[Cell]:
        return [cell for cell in self.cells if cell.standing in states]

    @property
    def overdue(self) -> list[Cell]:
        """Longest first."""
        return sorted(self._in(Standing.OVERDUE), key=lambda cell: -(cell.days_late or 0))

    @property
    def with_ministries(self) -> list[Cell]:
        return self._in(Standing.DUE, Standing.OVERDUE, Standing.RETURNED)

    @property
    def with_coalition(self) -> list[Cell]:
        """Longest first."""
        waiting = self._in(Standing.SUBMITTED, Standing.UNDER_REVIEW)
        return sorted(waiting, key=lambda cell: -(cell.days_with_coalition or 0))

    @property
    def due(self) -> int:
        return sum(row.due for row in self.rows)

    @property
    def in_time(self) -> int:
        return sum(row.in_time for row in self.rows)


@dataclass
class Known:
    """A plan's quarters, newest first, and the reports of which a person may know."""

    plan: Plan
    user: User
    periods: Sequence[Period] = ()
    reports: Sequence[Report] = ()

    @cached_property
    def institutions(self) -> list[Institution]:
        found = {report.institution_id: report.institution for report in self.reports}
        return sorted(found.values(), key=lambda place: place.code)

    def _far(self, reports: Iterable[Report]) -> dict[int, HowFar]:
        """How far those are that are being filled in and whose filling in she sees."""
        return how_far(
            r.pk for r in reports if r.state.is_editable and rules.sees_live(self.user, r)
        )

    def _cell(
        self, place: Institution, period: Period, report: Report | None, far: dict[int, HowFar]
    ) -> Cell:
        if report is None:
            return Cell(place, period)
        is_visible: bool = report.is_visible  # type: ignore[attr-defined]
        return Cell(
            place, period, report, page_url(self.user, report, is_visible), far.get(report.pk)
        )

    def matrix(self, asked: Asked) -> Matrix:
        """What was asked for; institutions of which nothing fits are left out."""
        periods = [period for period in self.periods if asked.holds(period)]
        keys = {period.pk for period in periods}
        shown = [report for report in self.reports if report.period_id in keys]
        at = {(report.institution_id, report.period_id): report for report in shown}
        far = self._far(shown)
        rows = [
            self._row(place, periods, at, far, asked)
            for place in self.institutions
            if asked.institution in ("", place.code)
        ]
        return Matrix(periods, [row for row in rows if any(cell.is_shown for cell in row.cells)])

    def _row(
        self,
        place: Institution,
        periods: Sequence[Period],
        at: dict[tuple[int, int], Report],
        far: dict[int, HowFar],
        asked: Asked,
    ) -> Row:
        cells = [self._cell(place, p, at.get((place.pk, p.pk)), far) for p in periods]
        fits = [asked.standing in ("", cell.standing) for cell in cells]
        return Row(
            place,
            [
                cell if fit else Cell(place, cell.period, is_shown=False)
                for cell, fit in zip(cells, fits, strict=True)
            ],
        )


def known_to(user: User, plan: Plan) -> Known:
    """The reports of a plan of which a person may know: two queries."""
    rows = Report.objects.filter(period__plan=plan)
    if not watches(user, plan.pk):
        rows = rows.owed_by(user)
    own = Report.objects.visible_to(user).filter(pk=OuterRef("pk"))
    reports = list(rows.annotate(is_visible=Exists(own)).with_names())
    periods = list(plan.periods.order_by("-year", "-quarter"))
    for period in periods:
        period.plan = plan
    return Known(plan, user, periods, reports)
