"""The scheduled opening of quarters: what is opened when, for whom, and that twice is once."""

import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command

from audit.models import Entry
from audit.services import faults
from indicators.choices import Frequency
from indicators.models import Plan
from reports.models import ActionProgress, Line, Narrative, Period, Report
from reports.periods import is_owed, open_period, quarters_until
from tests import factory
from tests.conftest import World
from tests.reports.stored import changes, rows_now

pytestmark = pytest.mark.django_db


def opened(moment: str) -> list[str]:
    """What the schedule opens at a moment, as it prints it."""
    out = StringIO()
    with time_machine.travel(moment, tick=False):
        call_command("open_periods", stdout=out)
    return out.getvalue().split("\n")[:-1]


def codes(plan: Plan) -> list[str]:
    return sorted(period.code for period in plan.periods.all())


def short_plan(code: str = "AL", **fields: Any) -> Plan:
    dates = {"starts_on": date(2025, 1, 1), "ends_on": date(2025, 12, 31)}
    return factory.make_plan(code, **{**dates, **fields})


MOMENTS = [
    # moment (UTC; the plan is one hour ahead in winter, two in summer), quarters opened by then
    ("2024-12-31 12:00", []),
    ("2025-01-01 12:00", []),
    ("2025-03-31 21:59", []),
    ("2025-03-31 22:01", ["2025-Q1"]),
    ("2025-06-30 21:59", ["2025-Q1"]),
    ("2025-07-01 12:00", ["2025-Q1", "2025-Q2"]),
    ("2025-12-31 22:59", ["2025-Q1", "2025-Q2", "2025-Q3"]),
    ("2025-12-31 23:01", ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]),
    ("2026-01-30 12:00", ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]),
    ("2026-01-31 12:00", []),
    ("2027-06-01 12:00", []),
]


@pytest.mark.parametrize(("moment", "quarters"), MOMENTS)
def test_a_quarter_is_opened_on_the_day_after_its_end_where_the_plan_is(
    moment: str, quarters: list[str]
) -> None:
    """The last one of a plan as well, though the plan is over by then; until it is due."""
    plan = short_plan(report_due_days=30)
    opened(f"{moment}:00+00:00")
    assert codes(plan) == quarters


def test_a_plan_that_was_over_before_it_was_loaded_opens_nothing() -> None:
    short_plan(starts_on=date(2018, 1, 1), ends_on=date(2020, 12, 31))
    assert opened("2026-05-01 12:00+00:00") == []
    assert not Period.objects.exists()


def test_what_is_missing_in_between_is_made_up_for() -> None:
    plan = short_plan()
    open_period(plan, 2025, 2)
    assert opened("2025-10-02 12:00+00:00") == ["2025 Q1", "2025 Q3"]
    assert codes(plan) == ["2025-Q1", "2025-Q2", "2025-Q3"]


def test_a_second_run_says_and_changes_nothing(world: World) -> None:
    first = opened("2026-10-05 12:00+00:00")
    assert len(first) == 10  # 2024 Q1 to 2026 Q2; the third quarter was open already
    before = rows_now()
    assert opened("2026-10-05 12:00+00:00") == []
    assert changes(before, rows_now()) == {}
    assert list(faults()) == []


def test_a_run_touches_no_report_that_is_open(world: World) -> None:
    world.submitted()
    before = rows_now()
    opened("2024-07-05 12:00+00:00")
    found = changes(before, rows_now())
    assert {found.pop(f"Head.{name}") for name in ("sequence", "hash", "last_change")} == {1}
    added = {"Period": 2, "Report": 4, "Line": 6, "ActionProgress": 4, "Narrative": 4, "Entry": 2}
    added["Assessment"] = 4
    assert found == {f"+{table}": number for table, number in added.items()}


class TestSeveralPlans:
    def test_each_is_opened_by_its_own_dates_cadence_and_clock(self) -> None:
        here = short_plan("AL", time_zone="Europe/Tirane")
        yearly = short_plan("XK", cadence=Frequency.ANNUAL, ends_on=date(2026, 12, 31))
        half = short_plan("MK", cadence=Frequency.HALF_YEARLY)
        far = short_plan("CD", country="CD", time_zone="America/Los_Angeles")
        opened("2025-07-01 02:00+00:00")
        found = {plan.code: codes(plan) for plan in (here, yearly, half, far)}
        assert found == {
            "AL": ["2025-Q1", "2025-Q2"],
            "XK": [],
            "MK": ["2025-Q2"],
            "CD": ["2025-Q1"],
        }
        opened("2026-01-01 12:00+00:00")
        assert (codes(yearly), codes(half)) == (["2025-Q4"], ["2025-Q2", "2025-Q4"])

    def test_an_institution_owes_each_plan_its_own_report(self) -> None:
        defence = factory.make_institution("MM")
        for code in ("AL", "XK"):
            plan = short_plan(code)
            factory.make_action(plan, "A", defence, factory.make_objective(plan))
        opened("2025-04-02 12:00+00:00")
        rows = Report.objects.order_by("period__plan__code")
        assert [(r.period.plan.code, r.institution) for r in rows] == [
            ("AL", defence),
            ("XK", defence),
        ]


@pytest.mark.parametrize("frequency", list(Frequency))
@pytest.mark.parametrize("cadence", list(Frequency))
def test_the_cadence_of_a_plan_picks_its_quarters(frequency: str, cadence: str) -> None:
    plan = Plan(starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31), cadence=cadence)
    found = [quarter for _year, quarter in quarters_until(plan, date(2026, 1, 1))]
    assert found == {"quarterly": [1, 2, 3, 4], "half_yearly": [2, 4], "annual": [4]}[cadence]
    owed = [quarter for quarter in found if is_owed(frequency, quarter)]
    assert 4 in owed  # whatever is asked for at all is asked for at the end of the year


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "quarters"),
    [
        (date(2025, 1, 1), date(2025, 3, 31), [1]),
        (date(2025, 1, 2), date(2025, 6, 30), [2]),
        (date(2025, 1, 1), date(2025, 6, 29), [1]),
        (date(2025, 2, 1), date(2025, 5, 1), []),
    ],
)
def test_only_whole_quarters_of_a_plan_are_asked_for(
    starts_on: date, ends_on: date, quarters: list[int]
) -> None:
    plan = Plan(starts_on=starts_on, ends_on=ends_on, cadence=Frequency.QUARTERLY)
    assert [q for _year, q in quarters_until(plan, date(2030, 1, 1))] == quarters


class TestWhatIsOwed:
    """By frequency of the indicator and dates of the action."""

    OWED = [
        # quarter, codes of the indicators owed
        (1, ["I1", "I2"]),
        (2, ["I1", "I2", "IH"]),
        (3, ["I1", "I2"]),
        (4, ["I1", "I2", "IA", "IH"]),
    ]

    @pytest.mark.parametrize(("quarter", "owed"), OWED)
    def test_each_frequency_in_its_quarters(
        self, world: World, quarter: int, owed: list[str]
    ) -> None:
        for code, frequency in (("IH", Frequency.HALF_YEARLY), ("IA", Frequency.ANNUAL)):
            factory.make_indicator(
                world.plan, code, world.defence, objective=world.objective, frequency=frequency
            )
        period = open_period(world.plan, 2025, quarter)
        lines = Line.objects.filter(report__period=period, report__institution=world.defence)
        assert sorted(lines.values_list("indicator__code", flat=True)) == owed

    @pytest.mark.parametrize(
        ("starts_on", "ends_on", "is_there"),
        [
            (None, None, True),
            (date(2025, 6, 30), None, True),
            (date(2025, 7, 1), None, False),
            (None, date(2025, 4, 1), True),
            (None, date(2025, 3, 31), False),
            (date(2025, 5, 1), date(2025, 5, 2), True),
        ],
    )
    def test_an_action_that_runs_on_at_least_one_day_of_it(
        self, world: World, starts_on: date | None, ends_on: date | None, is_there: bool
    ) -> None:
        world.plan.actions.filter(code="A1").update(starts_on=starts_on, ends_on=ends_on)
        period = open_period(world.plan, 2025, 2)
        rows = ActionProgress.objects.filter(report__period=period, action__code="A1")
        assert rows.exists() is is_there

    def test_who_owes_nothing_gets_no_report_and_an_action_without_a_lead_no_line(
        self, world: World
    ) -> None:
        world.plan.actions.filter(lead=world.interior).update(lead=None)
        world.indicator.responsible.remove(world.interior)
        period = open_period(world.plan, 2025, 2)
        assert [r.institution for r in period.reports.all()] == [world.defence]
        assert ActionProgress.objects.filter(report__period=period).count() == 1

    def test_every_report_begins_as_an_empty_draft_with_its_narrative(self, world: World) -> None:
        period = open_period(world.plan, 2025, 2)
        reports = period.reports.order_by("institution__code")
        assert [(r.status, r.version, r.revision, r.due_on) for r in reports] == [
            ("draft", 1, 0, period.due_on)
        ] * 2
        assert Narrative.objects.filter(report__period=period, done="").count() == 2

    def test_the_log_says_which_quarter_and_how_many_reports(self, world: World) -> None:
        period = open_period(world.plan, 2025, 2)
        entry = Entry.objects.get(action="period.opened", about_id=str(period.pk))
        assert (entry.actor, json.loads(entry.data)) == (
            "system",
            {"period": "2025-Q2", "reports": 2},
        )

    def test_reports_are_due_the_plans_number_of_days_after_the_quarter(self, world: World) -> None:
        Plan.objects.filter(pk=world.plan.pk).update(report_due_days=10)
        world.plan.refresh_from_db()
        assert open_period(world.plan, 2025, 2).due_on == date(2025, 7, 10)
