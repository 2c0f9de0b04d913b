"""A public page costs the same number of queries with one row and with three hundred."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Institution
from common.canonical import canonical, sha256
from indicators.models import Action, Framework, Funding, Indicator, Objective, Plan
from publishing.models import Edition
from publishing.queries import read
from publishing.structure import structure_of
from reports.models import Period
from tests import factory
from tests.publishing.pages import page_of

pytestmark = pytest.mark.django_db

SIZES = (1, 3, 300)
MOST = 15


def make_rows(plan: Plan, number: int, country: str = "AL") -> None:
    """So many objectives, institutions, indicators and actions, each linked to the others."""
    under = Objective.objects.bulk_create(
        Objective(plan=plan, code=f"{n}", title_en=f"Objective {n}") for n in range(number)
    )
    who = Institution.objects.bulk_create(
        Institution(country=country, code=f"M{n}", name_en=f"Body {n}", kind="ministry")
        for n in range(number)
    )
    rules = {"value_meaning": "in_period", "over_time": "sum", "over_units": "sum"}
    fixed = {"plan": plan, "kind": "count", "direction": "increase", **rules}
    indicators = Indicator.objects.bulk_create(
        Indicator(code=f"I{n}", objective=under[n], title_en=f"Title {n}", **fixed)
        for n in range(number)
    )
    through: Any = Indicator.responsible.through
    through.objects.bulk_create(
        through(indicator=row, institution=place)
        for row, place in zip(indicators, who, strict=True)
    )
    actions = Action.objects.bulk_create(
        Action(plan=plan, code=f"A{n}", objective=under[n], lead=who[n]) for n in range(number)
    )
    Funding.objects.bulk_create(Funding(action=row, source="B", planned=1) for row in actions)


def make_edition(plan: Plan, lead: Any, quarter: int = 1) -> Edition:
    """The plan as it stands, as an edition: its structure without a single report."""
    from publishing.loading import load_plan

    period = factory.open_quarter(plan, 2026, quarter)
    names = ("code", "year", "quarter", "starts_on", "ends_on", "due_on")
    data = {
        **structure_of(load_plan(plan)),
        "periods": [{name: getattr(period, name) for name in names}],
        "reports": [],
        "missing": [],
        "assessments": [],
        "rules_version": "1",
        "edition": {
            "address": f"{plan.code}-{quarter}",
            "number": 1,
            "period": period.code,
            "published_at": "2026-05-01T10:00:00+00:00",
            "audit_head": "",
            "note": "",
        },
    }
    text = canonical(data)
    return Edition.objects.create(
        plan=plan,
        period=period,
        number=1,
        address=f"{plan.code}-{quarter}",
        snapshot=text,
        sha256=sha256(text),
        audit_head="",
        published_by=lead,
        published_at="2026-05-01T10:00:00+00:00",
    )


def cost(address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = Client().get(address)
    assert answer.status_code == 200
    return len(captured)


WITHOUT_EDITION = {
    "/plans/P{n}/indicators/": 12,
    "/plans/P{n}/actions/?export=csv": 12,
    "/plans/P{n}/institutions/": 12,
    "/plans/P{n}/actions/A0/": 12,
    "/plans/P{n}/crosswalk/": 12,
    "/plans/P{n}/gaps/": 12,
    "/plans/P{n}/money/": 12,
}
FIRST = 2
"""The first reader's page reads the snapshot too; from then on it is remembered."""
IN_AN_EDITION = {
    "/plans/P{n}/": 1,
    "/plans/P{n}/objectives/": 1,
    "/plans/P{n}/indicators/": 1,
    "/plans/P{n}/indicators/?objective=0&institution=M0": 1,
    "/plans/P{n}/indicators/?export=csv": 1,
    "/plans/P{n}/indicators/I0/": 1,
    "/plans/P{n}/actions/": 1,
    "/plans/P{n}/institutions/": 1,
    "/plans/P{n}/money/": 1,
    "/plans/P{n}/money/?objective=0&institution=M0&source=B&export=csv&table=sources": 1,
    "/plans/P{n}/institutions/M0/": 1,
    "/plans/P{n}/actions/A0/": 1,
    "/plans/P{n}/indicators/?quarter=2026-Q1": 1,
    "/plans/P{n}/crosswalk/": 1,
    "/plans/P{n}/gaps/": 1,
    "/plans/P{n}/gaps/?export=csv": 1,
    "/plans/P{n}/differences/": 1,
    "/plans/P{n}/compare/": 2,
}


def test_a_page_of_a_plan_costs_the_same_for_any_number_of_rows(db: None) -> None:
    lead = factory.make_user("lead@example.org", password=None)
    for number, country in zip(SIZES, ("AL", "XK", "CD"), strict=True):
        plan = factory.make_plan(f"P{number}")
        make_rows(plan, number, country)
        bare = {address: cost(address.format(n=number)) for address in WITHOUT_EDITION}
        assert bare == WITHOUT_EDITION, number
        make_edition(plan, lead)
        assert cost(f"/plans/P{number}/indicators/") == FIRST
        whole = {address: cost(address.format(n=number)) for address in IN_AN_EDITION}
        assert whole == IN_AN_EDITION, number
    assert max(*WITHOUT_EDITION.values(), *IN_AN_EDITION.values()) <= MOST
    assert page_of("/plans/P300/actions/").one("div", "table-title").text == "300 rows"


def test_links_to_frameworks_cost_one_query_more_in_all(db: None) -> None:
    plan = factory.make_plan("P3")
    make_rows(plan, 3)
    item = Framework.objects.create(code="un").items.create(code="1", title_en="One")
    for number, row in enumerate(plan.indicators.order_by("code"), start=1):
        row.frameworks.add(item)
        assert (number, cost("/plans/P3/indicators/")) == (number, 13)


def test_the_count_sees_a_query_for_each_row(db: None) -> None:
    """The control: what one query a row would look like."""
    plan = factory.make_plan("P3")
    make_rows(plan, 3)

    def one_by_one() -> list[str]:
        return [str(row.lead) for row in Action.objects.filter(plan=plan)]

    with CaptureQueriesContext(connection) as captured:
        one_by_one()
    assert len(captured) == 4


def make_editions(number: int) -> None:
    plan, lead = factory.make_plan(f"E{number}"), factory.make_user(f"l{number}@example.org")
    period = Period.objects.create(
        plan=plan,
        year=2026,
        quarter=1,
        starts_on="2026-01-01",
        ends_on="2026-03-31",
        due_on="2026-04-30",
    )
    Edition.objects.bulk_create(
        Edition(
            plan=plan,
            period=period,
            number=n,
            address=f"E{number}-{n}",
            snapshot="x" * 1000,
            sha256="",
            audit_head="",
            published_by=lead,
            published_at="2026-05-01T10:00:00+00:00",
        )
        for n in range(number)
    )


@pytest.mark.parametrize("number", SIZES)
def test_the_list_of_editions_costs_one_query_and_reads_no_snapshot(db: None, number: int) -> None:
    make_editions(number)
    with CaptureQueriesContext(connection) as captured:
        answer = Client().get("/editions/")
    assert answer.content.decode().count("/workbook.xlsx") == number
    [query] = [row["sql"] for row in captured]
    assert "snapshot" not in query


@pytest.mark.parametrize("number", SIZES)
def test_the_start_page_costs_one_query_for_any_number_of_plans(db: None, number: int) -> None:
    Plan.objects.bulk_create(
        Plan(
            code=f"H{n}",
            country="AL",
            title_en=f"Plan {n}",
            starts_on="2024-01-01",
            ends_on="2027-12-31",
        )
        for n in range(number)
    )
    assert cost("/") == 1
    assert len(page_of("/").all("section", "plan-card")) == number


def test_a_snapshot_is_read_once_and_then_remembered(db: None) -> None:
    plan = factory.make_plan("P1")
    make_rows(plan, 3)
    lead = factory.make_user("lead@example.org", password=None)
    make_edition(plan, lead)
    assert cost("/plans/P1/indicators/") == 2
    with CaptureQueriesContext(connection) as again:
        Client().get("/plans/P1/indicators/")
    assert len(again) == 1


def test_an_editions_page_costs_the_same_after_many_editions(db: None) -> None:
    plan = factory.make_plan("P1")
    make_rows(plan, 3)
    lead = factory.make_user("lead@example.org", password=None)
    costs = []
    for quarter in (1, 2, 3, 4):
        make_edition(plan, lead, quarter)
        read.cache_clear()
        costs.append(cost(f"/editions/P1-{quarter}/"))
    assert costs == [3, 3, 3, 3]


@pytest.mark.parametrize("file", ["workbook.xlsx", "data.csv", "snapshot.json"])
def test_a_file_costs_two_queries(db: None, file: str) -> None:
    plan = factory.make_plan("P1")
    make_rows(plan, 30)
    make_edition(plan, factory.make_user("lead@example.org", password=None))
    assert cost(f"/editions/P1-1/{file}") == 2


def test_without_any_plan_the_start_page_says_what_comes_first(db: None) -> None:
    assert page_of("/").one("div", "empty").text == (
        "No plan is loaded yet The secretariat loads a plan first."
    )
