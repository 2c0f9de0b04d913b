"""Many quarters as one plain table: every value once, and only what the person may read."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from indicators.choices import Sensitivity
from reports.choices import ExportKind
from reports.consolidated.asked import Asked, in_words, read
from reports.consolidated.rows import columns, count_rows, reports_in, value_rows
from reports.models import Report
from reports.periods import open_period
from reports.services import save_line
from tests import factory
from tests.conftest import World


def headings() -> list[str]:
    return [str(column.heading) for column in columns()]


def span(
    world: World, first: tuple[int, int] = (2026, 1), last: Any = (2026, 4), **more: Any
) -> Asked:
    return Asked(world.plan, first, last, **more)


def rows(world: World, user: User, asked: Asked | None = None) -> list[dict[str, Any]]:
    user, asked = world.fresh(user), asked or span(world)
    found = value_rows(reports_in(asked, user), asked, user)
    return [dict(zip(headings(), row, strict=True)) for row in found]


def told(found: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    keys = ("Institution code", "Indicator", "Cell", "Answer", "Value", "Numerator", "Percent")
    return [tuple(row[key] for key in keys) for row in found]


def test_there_are_twenty_columns_each_with_a_name_of_its_own() -> None:
    assert len(headings()) == len(set(headings())) == 20


def test_a_ministry_reads_its_own_values_as_they_are_typed(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    assert told(rows(world, world.contributor)) == [
        ("MM", "I1", "", "Value", 5, None, None),
        ("MM", "I2", "", "Value", None, 5, 5),
    ]
    assert rows(world, world.other_contributor) == []


def test_the_coalition_reads_what_was_submitted_and_nothing_before(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    assert rows(world, world.reviewer) == []
    world.returned()
    line = world.now().lines.select_related("report__period__plan").get(indicator__code="I1")
    save_line(
        line,
        by=world.contributor,
        version=line.version,
        answers=[factory.value(9)],
        rating=("at_risk", "Late."),
    )
    assert [row["Value"] for row in rows(world, world.reviewer)] == [5, None]
    assert [row["Value"] for row in rows(world, world.administrator)] == [9, None]


def test_an_observer_reads_validated_reports_only(world: World) -> None:
    world.under_review()
    assert rows(world, world.observer) == []
    factory.decide("validate", world.report, world.reviewer)
    assert [row["Indicator"] for row in rows(world, world.observer)] == ["I1", "I2"]
    assert {row["State"] for row in rows(world, world.observer)} == {"Validated"}


def test_protected_figures_are_named_and_not_told(world: World) -> None:
    world.indicator.sensitivity = Sensitivity.SMALL_COUNTS
    world.indicator.save()
    world.validated()
    found = [row for row in rows(world, world.observer) if row["Indicator"] == "I1"]
    assert [(row["Cell"], row["Answer"], row["Value"]) for row in found] == [
        (None, "protected", None)
    ]
    assert [row["Value"] for row in rows(world, world.reviewer)][:1] == [5]


def test_a_quarter_outside_is_left_out(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    early = open_period(world.plan, 2026, 2)
    other = Report.objects.with_names().get(period=early, institution=world.defence)
    factory.fill_in(other, world.contributor, number=7)
    both = [(row["Quarter"], row["Value"]) for row in rows(world, world.contributor)]
    assert both == [(2, 7), (2, None), (3, 5), (3, None)]
    only = rows(world, world.contributor, span(world, (2026, 2), (2026, 2)))
    assert [row["Quarter"] for row in only] == [2, 2]


def test_reasons_for_no_value_are_told_and_zero_is_zero(world: World) -> None:
    line = world.now().lines.select_related("report__period__plan").get(indicator__code="I1")
    none = factory.Observation(cell="", state="withheld", reason="Under inquiry")
    save_line(line, by=world.contributor, version=line.version, answers=[none], rating=None)
    found = rows(world, world.contributor)[0]
    assert (found["Answer"], found["Value"], found["Reason"]) == (
        "Withheld",
        None,
        "Under inquiry",
    )
    line.refresh_from_db()
    zero = [factory.value(0)]
    save_line(line, by=world.contributor, version=line.version, answers=zero, rating=None)
    assert rows(world, world.contributor)[0]["Value"] == 0


@pytest.mark.parametrize("who", ["contributor", "reviewer", "administrator"])
def test_the_number_of_statements_does_not_grow_with_the_reports(world: World, who: str) -> None:
    world.validated()

    def statements() -> int:
        user = world.fresh(getattr(world, who))
        with CaptureQueriesContext(connection) as asked:
            list(value_rows(reports_in(span(world), user), span(world), user))
        return len(asked)

    before = statements()
    for quarter in (1, 2):
        early = open_period(world.plan, 2026, quarter)
        report = Report.objects.with_names().get(period=early, institution=world.defence)
        factory.fill_in(report, world.contributor)
        factory.decide("submit", report, world.approver)
    assert statements() == before <= 8


def two_quarters(world: World) -> None:
    """Both ministries answer in the third quarter; the first one also in the second."""
    factory.fill_in(world.now(), world.contributor)
    factory.fill_in(world.now(world.other_report), world.other_contributor, number=6)
    early = open_period(world.plan, 2026, 2)
    report = Report.objects.with_names().get(period=early, institution=world.defence)
    factory.fill_in(report, world.contributor, number=7)


DEFENCE_2 = [("MM", "I1", 7), ("MM", "I2", None)]
DEFENCE_3 = [("MM", "I1", 5), ("MM", "I2", None)]
INTERIOR = [("MB", "I1", 6)]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, [*DEFENCE_2, *INTERIOR, *DEFENCE_3]),
        ({"institutions": ("MB",)}, INTERIOR),
        ({"indicators": ("I1",)}, [DEFENCE_2[0], *INTERIOR, DEFENCE_3[0]]),
        ({"objective": "9"}, []),
        ({"states": ("submitted",)}, INTERIOR),
        ({"states": ("validated",)}, []),
        ({"institutions": ("MM",), "indicators": ("I2",)}, [DEFENCE_2[1], DEFENCE_3[1]]),
    ],
    ids=str,
)
def test_a_filter_leaves_only_what_was_asked_for(
    world: World, filters: dict[str, Any], found: list[Any]
) -> None:
    two_quarters(world)
    factory.make_objective(world.plan, "9")
    factory.decide("submit", world.other_report, world.other_approver)
    asked = span(world, **filters)
    told = [
        (row["Institution code"], row["Indicator"], row["Value"])
        for row in rows(world, world.administrator, asked)
    ]
    assert told == found
    reports = reports_in(asked, world.fresh(world.administrator))
    assert count_rows(reports, asked) == len(told)


def test_an_objective_brings_everything_below_it(world: World) -> None:
    area = factory.make_objective(world.plan, "5")
    middle = factory.make_objective(world.plan, "5.1", parent=area)
    deep = factory.make_objective(world.plan, "5.1.1", parent=middle)
    for objective, code in ((middle, "K1"), (deep, "K2")):
        factory.make_indicator(world.plan, code, objective=objective)
    for name, codes in (("5", ["K1", "K2"]), ("5.1.1", ["K2"]), ("1", ["I1", "I2"])):
        wanted = span(world, objective=name).wanted_indicators()
        assert sorted(row.code for row in wanted) == codes


def test_a_filter_works_the_same_on_what_was_submitted(world: World) -> None:
    world.submitted()
    only = rows(world, world.reviewer, span(world, indicators=("I2",)))
    assert [row["Indicator"] for row in only] == ["I2"]
    assert rows(world, world.reviewer, span(world, states=("draft",))) == []


def test_a_question_is_read_as_it_was_written_down(world: World) -> None:
    asked = span(
        world,
        kind=ExportKind.CSV,
        institutions=("MB", "MM"),
        objective="1",
        indicators=("I1", "I2"),
        states=("draft", "submitted"),
    )
    assert read(world.plan, json.loads(asked.text())) == asked
    turned = span(world, kind=ExportKind.CSV, institutions=("MM", "MB"))
    same = span(world, kind=ExportKind.CSV, institutions=("MB", "MM"))
    assert turned.text() == same.text()


def test_an_institution_of_another_country_with_the_same_code_is_not_told(world: World) -> None:
    factory.make_institution("MB", "Another ministry", country="FR")
    told = dict(in_words(span(world, institutions=("MB",))))
    assert told["Institutions"] == "Ministry of Interior"


def test_a_question_is_told_in_words(world: World) -> None:
    assert in_words(span(world, institutions=("MB",), objective="1", states=("draft",))) == [
        ("Plan", str(world.plan)),
        ("From quarter", "2026-Q1"),
        ("To quarter", "2026-Q4"),
        ("Institutions", str(world.interior)),
        ("Objective", f"{world.objective}, with everything below it"),
        ("Indicators", "All"),
        ("Status of the reports", "Draft"),
    ]
