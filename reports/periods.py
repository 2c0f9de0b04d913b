"""Opening a quarter: one draft report for each institution that owes something in it."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction

from audit.services import record
from indicators.choices import Frequency
from indicators.models import Action, Indicator, Plan
from reports import judging
from reports.models import ActionProgress, Line, Narrative, Period, Report


def quarter_dates(year: int, quarter: int) -> tuple[date, date]:
    """First and last day of a quarter."""
    month = 3 * quarter
    return date(year, month - 2, 1), date(year, month, monthrange(year, month)[1])


def is_owed(frequency: str, quarter: int) -> bool:
    """Whether an indicator of this frequency is owed at the end of a quarter of the year."""
    return quarter % Frequency(frequency).quarters == 0


def quarters_until(plan: Plan, today: date) -> Iterator[tuple[int, int]]:
    """The quarters of a plan that have ended by today and in which its cadence asks for reports."""
    for year in range(plan.starts_on.year, plan.ends_on.year + 1):
        for quarter in range(1, 5):
            starts_on, ends_on = quarter_dates(year, quarter)
            inside = starts_on >= plan.starts_on and ends_on <= plan.ends_on
            if inside and ends_on < today and is_owed(plan.cadence, quarter):
                yield year, quarter


def _owed_indicators(period: Period) -> dict[int, list[Indicator]]:
    owed: dict[int, list[Indicator]] = defaultdict(list)
    for indicator in period.plan.indicators.prefetch_related("responsible"):
        if is_owed(indicator.frequency, period.quarter):
            for institution in indicator.responsible.all():
                owed[institution.pk].append(indicator)
    return owed


def _owed_actions(period: Period) -> dict[int, list[Action]]:
    owed: dict[int, list[Action]] = defaultdict(list)
    for action in period.plan.actions.filter(lead__isnull=False):
        begun = action.starts_on is None or action.starts_on <= period.ends_on
        running = action.ends_on is None or action.ends_on >= period.starts_on
        if begun and running and action.lead_id is not None:
            owed[action.lead_id].append(action)
    return owed


def _create_reports(period: Period) -> list[Report]:
    indicators, actions = _owed_indicators(period), _owed_actions(period)
    owing = sorted({*indicators, *actions})
    reports = Report.objects.bulk_create(
        Report(period=period, institution_id=pk, due_on=period.due_on) for pk in owing
    )
    Line.objects.bulk_create(
        Line(report=r, indicator=i) for r in reports for i in indicators[r.institution_id]
    )
    ActionProgress.objects.bulk_create(
        ActionProgress(report=r, action=a) for r in reports for a in actions[r.institution_id]
    )
    Narrative.objects.bulk_create(Narrative(report=r) for r in reports)
    return reports


@transaction.atomic
def open_period(plan: Plan, year: int, quarter: int) -> Period:
    """The plan's quarter, opened if it was not: safe to repeat, touches no open report."""
    starts_on, ends_on = quarter_dates(year, quarter)
    due_on = ends_on + timedelta(days=plan.report_due_days)
    period, is_new = Period.objects.get_or_create(
        plan=plan,
        year=year,
        quarter=quarter,
        defaults={"starts_on": starts_on, "ends_on": ends_on, "due_on": due_on},
    )
    if is_new:
        reports = _create_reports(period)
        judging.refresh(plan, since=ends_on)
        record("period.opened", by=None, about=period, period=period.code, reports=len(reports))
    return period
