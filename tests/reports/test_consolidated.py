"""Many quarters as one plain table: every value once, and only what the person may read."""

import csv
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from audit.models import Entry
from common.reader import read_sheets
from indicators.choices import Sensitivity
from reports.consolidated.rows import Span, columns, reports_in, value_rows
from reports.models import Report
from reports.periods import open_period
from reports.services import save_line
from tests import factory
from tests.conftest import World
from tests.reports.exporting import body

URL = reverse("quarters_data")


def headings() -> list[str]:
    return [str(column.heading) for column in columns()]


def span(world: World, first: tuple[int, int] = (2026, 1), last: Any = (2026, 4)) -> Span:
    return Span(world.plan, first, last)


def rows(world: World, user: User, asked: Span | None = None) -> list[dict[str, Any]]:
    user, asked = world.fresh(user), asked or span(world)
    found = value_rows(reports_in(asked, user), world.plan, user)
    return [dict(zip(headings(), row, strict=True)) for row in found]


def ask(world: World, user: User | None, **more: str) -> Any:
    wanted = {"plan": "AL", "first": "2026-Q3", "last": "2026-Q3", "format": "xlsx"}
    return world.client(user).get(URL, {**wanted, **more})


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
            list(value_rows(reports_in(span(world), user), world.plan, user))
        return len(asked)

    before = statements()
    for quarter in (1, 2):
        early = open_period(world.plan, 2026, quarter)
        report = Report.objects.with_names().get(period=early, institution=world.defence)
        factory.fill_in(report, world.contributor)
        factory.decide("submit", report, world.approver)
    assert statements() == before <= 6


def test_the_workbook_and_the_csv_hold_the_same(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    answer = ask(world, world.contributor)
    assert answer.status_code == 200
    assert 'filename="AL-2026Q3-2026Q3.xlsx"' in answer.headers["Content-Disposition"]
    sheet = read_sheets(body(answer), "a.xlsx")[0].rows
    assert [row[8] for row in sheet] == ["Indicator", "I1", "I2"]
    assert [row[14] for row in sheet] == ["Value", 5, None]
    text = body(ask(world, world.contributor, format="csv")).decode("utf-8-sig")
    lines = list(csv.reader(StringIO(text)))
    assert [line[8] for line in lines] == ["Indicator", "I1", "I2"]
    assert [line[14] for line in lines] == ["Value", "5", ""]


def test_true_figures_of_protected_indicators_leave_with_an_entry_in_the_log(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    before = Entry.objects.count()
    ask(world, world.contributor)
    assert Entry.objects.count() == before
    world.indicator.sensitivity = Sensitivity.RESTRICTED
    world.indicator.save()
    ask(world, world.contributor)
    entry = Entry.objects.get(action="values.exported")
    assert (entry.actor, '"indicators":["I1"]' in entry.data) == (world.contributor.email, True)


def test_the_page_asks_for_plan_and_quarters(world: World) -> None:
    page = world.client(world.reviewer).get(URL)
    assert page.status_code == 200
    assert [name for name, _label in page.context["form"].fields["plan"].choices] == ["AL"]
    assert page.content.decode().count("2026 Q3") == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"plan": "XX"}, "plan"),
        ({"first": "2030-Q1"}, "first"),
        ({"last": ""}, "last"),
        ({"format": "exe"}, "format"),
    ],
)
def test_what_is_not_there_is_told_at_its_field(world: World, wrong: Any, field: str) -> None:
    answer = ask(world, world.reviewer, **wrong)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_the_first_quarter_is_not_after_the_last(world: World) -> None:
    open_period(world.plan, 2026, 2)
    answer = ask(world, world.reviewer, first="2026-Q3", last="2026-Q2")
    assert answer.status_code == 422
    assert dict(answer.context["form"].errors) == {
        "last": ["This quarter is before the first one. Choose a later one."]
    }


def test_another_plan_is_not_on_the_list(world: World) -> None:
    foreign = factory.make_plan("XK")
    assert ask(world, world.reviewer, plan=foreign.code).status_code == 422
    assert "There is nothing" not in world.client(world.stranger).get(URL).content.decode()
    assert world.client(world.stranger).get(URL).context["form"].plans == {}
