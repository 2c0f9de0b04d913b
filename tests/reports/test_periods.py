"""Opening quarters: who owes what."""

from datetime import date

import pytest
import time_machine
from django.core.management import call_command

from indicators.choices import Frequency
from indicators.models import Action
from reports.models import Line, Period, Report
from reports.periods import is_owed, open_period, quarter_dates, quarters_until
from reports.sections import MAX_CELLS, pages_of
from tests import factory
from tests.conftest import World


def test_a_quarter_begins_and_ends_on_its_days() -> None:
    assert quarter_dates(2024, 1) == (date(2024, 1, 1), date(2024, 3, 31))
    assert quarter_dates(2024, 4) == (date(2024, 10, 1), date(2024, 12, 31))


@pytest.mark.parametrize(
    ("frequency", "owed"),
    [("quarterly", [1, 2, 3, 4]), ("half_yearly", [2, 4]), ("annual", [4])],
)
def test_an_indicator_is_owed_by_its_frequency(frequency: str, owed: list[int]) -> None:
    assert [q for q in range(1, 5) if is_owed(frequency, q)] == owed


def test_each_institution_gets_one_draft_with_the_lines_it_owes(world: World) -> None:
    lines = Line.objects.order_by("indicator__code")
    assert list(lines.filter(report=world.report).values_list("indicator__code", flat=True)) == [
        "I1",
        "I2",
    ]
    assert lines.get(report=world.other_report).indicator == world.indicator
    assert world.report.due_on == date(2026, 10, 30)


def test_opening_again_changes_nothing(world: World) -> None:
    world.submitted()
    open_period(world.plan, 2026, 3)
    assert (Period.objects.count(), Report.objects.count()) == (1, 2)
    assert world.now().status == "submitted"


def test_an_action_is_owed_only_while_it_runs(world: World) -> None:
    Action.objects.filter(code="A1").update(ends_on=date(2025, 12, 31))
    period = open_period(world.plan, 2026, 2)
    report = period.reports.get(institution=world.defence)
    assert not report.actions.exists()


def test_a_yearly_indicator_is_not_owed_in_the_first_quarter(world: World) -> None:
    world.indicator.frequency = Frequency.ANNUAL
    world.indicator.save()
    period = open_period(world.plan, 2026, 1)
    assert not Line.objects.filter(report__period=period, indicator=world.indicator).exists()


def test_quarters_that_have_ended_within_the_plan_are_opened(world: World) -> None:
    ended = list(quarters_until(world.plan, date(2024, 10, 1)))
    assert ended == [(2024, 1), (2024, 2), (2024, 3)]


def test_the_schedule_opens_what_is_due_once(world: World) -> None:
    with time_machine.travel("2024-07-02 10:00:00+00:00"):
        for _time in range(2):
            call_command("open_periods", verbosity=0)
    assert sorted(p.code for p in Period.objects.all()) == ["2024-Q1", "2024-Q2", "2026-Q3"]


def test_a_closed_quarter_knows_it_in_the_plans_time_zone(world: World) -> None:
    world.period.closes_on = date(2026, 11, 30)
    with time_machine.travel("2026-11-30 22:59:00+00:00"):
        assert not world.period.is_closed
    with time_machine.travel("2026-11-30 23:01:00+00:00"):
        assert world.period.is_closed


def test_the_form_is_cut_into_pages_a_browser_can_carry(world: World) -> None:
    sex = factory.make_dimension(world.plan, "sex", *(f"c{n}" for n in range(29)))
    for number in range(10):
        indicator = factory.make_indicator(
            world.plan, f"X{number}", world.interior, objective=world.objective
        )
        factory.split(indicator, sex)
    period = open_period(world.plan, 2026, 4)
    lines = list(period.reports.get(institution=world.interior).lines.all())
    pages = [page for page in pages_of(lines, []) if page.kind == "indicators"]
    assert [page.slug for page in pages] == ["indicators-1", "indicators-2", "indicators-3"]
    assert sum(page.cells for page in pages) == 301
    assert max(page.cells for page in pages) <= MAX_CELLS


def test_one_indicator_larger_than_a_page_stands_alone(world: World) -> None:
    big = factory.make_dimension(world.plan, "place", *(f"p{n}" for n in range(299)))
    factory.split(world.indicator, big)
    lines = list(world.report.lines.all())
    pages = [page for page in pages_of(lines, []) if page.kind == "indicators"]
    assert [page.cells for page in pages] == [300, 1]
