"""How much of a report is answered: the same in the list, in the form, and when submitting."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.choices import TotalRule
from reports.how_far import HowFar, how_far
from reports.missing import missing_in
from reports.models import Line, Observation, Rating, Report
from reports.queries import actions_for_form, lines_for_form
from reports.sections import pages_so_far
from tests import factory
from tests.conftest import World
from tests.reports.stored import taken_back
from tests.reports.typed_forms import text_of

CELLS, RATINGS, ACTIONS, WORDS = 2, 2, 1, 2
OWED = CELLS + RATINGS + ACTIONS + WORDS
"""Of the report of Defence: two indicators, each with a rating, an action, two texts."""


def far(report: Report) -> tuple[int, int]:
    found = how_far([report.pk])[report.pk]
    return found.answered, found.owed


def in_the_form(report: Report) -> tuple[int, int]:
    pages = pages_so_far(report, lines_for_form(report), actions_for_form(report))
    return sum(page.given for page in pages), sum(page.owed for page in pages)


def line(world: World) -> Line:
    return Line.objects.get(report=world.report, indicator=world.indicator)


@pytest.mark.parametrize(
    ("answered", "owed", "text", "is_complete"),
    [(0, 3, "0 / 3", False), (3, 3, "3 / 3", True), (0, 0, "0 / 0", True)],
)
def test_it_is_complete_when_nothing_is_owed_any_more(
    answered: int, owed: int, text: str, is_complete: bool
) -> None:
    found = HowFar(answered, owed)
    assert (found.text, found.is_complete) == (text, is_complete)


def test_more_answers_than_are_owed_make_up_for_no_other() -> None:
    found = HowFar()
    found.add(5, 2)
    found.add(0, 2)
    assert (found.answered, found.owed, found.is_complete) == (2, 4, False)


def test_an_empty_report_owes_figures_ratings_actions_and_words(world: World) -> None:
    assert far(world.report) == in_the_form(world.report) == (0, OWED)


def test_a_report_that_is_filled_in_is_complete_and_lacks_nothing(world: World) -> None:
    report = factory.fill_in(world.now(), world.contributor)
    assert far(report) == in_the_form(report) == (OWED, OWED)
    assert missing_in(report, lines_for_form(report)) == []


TAKEN_OUT: list[tuple[str, Any, int]] = [
    ("a figure", lambda w: Observation.objects.filter(line=line(w)).delete(), 1),
    ("a rating", lambda w: Rating.objects.filter(line=line(w)).delete(), 1),
    ("a rating of ours", lambda w: Rating.objects.filter(line=line(w)).update(side="coalition"), 1),
    ("a status", lambda w: w.report.actions.update(status=""), 1),
    ("money", lambda w: w.report.actions.update(spent=None), 1),
    ("status and money of one action", lambda w: w.report.actions.update(status="", spent=None), 1),
    ("what was done", lambda w: type(w.report.narrative).objects.update(done=""), 1),
    ("what is next", lambda w: type(w.report.narrative).objects.update(next_step=""), 1),
    ("the narrative", lambda w: type(w.report.narrative).objects.update(done="", next_step=""), 2),
    (
        "a lesson, which is not needed",
        lambda w: type(w.report.narrative).objects.update(lesson=""),
        0,
    ),
    ("a comment, which is not needed", lambda w: w.report.lines.update(note=""), 0),
    ("money that was allocated", lambda w: w.report.actions.update(allocated=None), 0),
]


def test_what_is_taken_out_counts_in_the_list_as_in_the_form(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    for what, take_out, less in TAKEN_OUT:
        with taken_back():
            take_out(world)
            report = world.now()
            assert far(report) == in_the_form(report) == (OWED - less, OWED), what
            assert bool(missing_in(report, lines_for_form(report))) is bool(less), what


def test_zero_money_and_a_reason_for_no_value_are_answers(world: World) -> None:
    report = factory.fill_in(world.now(), world.contributor)
    report.actions.update(spent=Decimal(0))
    Observation.objects.filter(line=line(world)).update(
        state="withheld", reason="Secret.", value=None
    )
    assert far(report) == in_the_form(report) == (OWED, OWED)
    assert missing_in(report, lines_for_form(report)) == []


@pytest.mark.parametrize(
    ("rule", "cells"), [(TotalRule.ENTERED, 3), (TotalRule.OPEN, 3), (TotalRule.SUMMED, 2)]
)
def test_each_cell_is_one_answer_and_a_summed_total_is_none(
    world: World, rule: str, cells: int
) -> None:
    sex = factory.make_dimension(world.plan, "sex", "f", "m", total_rule=rule)
    factory.split(world.indicator, sex)
    owed = OWED - 1 + cells
    assert far(world.report) == in_the_form(world.report) == (0, owed)
    rows = [Observation(line=line(world), cell=c, value=1) for c in ("sex=f", "sex=m")]
    Observation.objects.bulk_create(rows)
    assert far(world.report) == in_the_form(world.report) == (2, owed)
    Observation.objects.create(line=line(world), cell="", value=2)
    assert far(world.report) == in_the_form(world.report) == (cells, owed)


def test_files_are_welcome_and_stand_for_no_answer(world: World) -> None:
    world.report.actions.update(status="done", spent=1)
    for name in ("a.pdf", "b.pdf"):
        world.report.evidence.create(name=name, size=1, uploaded_by=world.contributor)
    assert far(world.report) == in_the_form(world.report) == (1, OWED)
    page = world.client(world.contributor).get(f"/reports/{world.report.pk}/")
    assert (page.context["answered"], page.context["owed"]) == (1, OWED)
    assert "1 of 7 answered" in text_of(page)


def test_every_report_counts_on_its_own_in_as_many_queries_as_one(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    later = factory.open_quarter(world.plan, 2026, 4).reports.get(institution=world.defence)
    costs = []
    for reports in ([world.report], [world.report, world.other_report, later]):
        with CaptureQueriesContext(connection) as captured:
            found = how_far(report.pk for report in reports)
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 9
    told = {
        report.institution.code + report.period.code: found[report.pk].text for report in reports
    }
    assert told == {"MM2026-Q3": "7 / 7", "MB2026-Q3": "0 / 5", "MM2026-Q4": "0 / 7"}


def test_no_report_at_all_is_no_question(db: None) -> None:
    assert how_far([]) == {}
