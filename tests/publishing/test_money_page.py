"""The page of a plan's money: totals, execution beside results, and what is filtered goes out."""

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import transaction
from openpyxl import load_workbook  # type: ignore[import-untyped]
from pytest_django.plugin import DjangoDbBlocker

from common import clock
from indicators.models import Funding, Plan
from publishing.models import Edition
from publishing.queries import read
from publishing.services import checklist, publish
from reports.models import Report
from reports.services import save_action
from tests import factory
from tests.publishing.pages import Page, ask, page_of, seen
from tests.publishing.released import at

pytestmark = pytest.mark.django_db

SHARES = ["Not funded", "Spent of planned", "Spent of allocated"]
AMOUNTS = ["Planned, whole plan, ALL", "Allocated to date, ALL", "Spent to date, ALL"]


@pytest.fixture(scope="module")
def funded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Plan]:
    """Two actions of two ministries over two quarters, told by source and as a total."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _funded()
        transaction.set_rollback(True)


def _funded() -> Plan:
    plan = factory.make_plan("AL")
    top = factory.make_objective(plan, "1")
    below, other = factory.make_objective(plan, "1.1", top), factory.make_objective(plan, "2")
    mm, mb = (factory.make_institution(code) for code in ("MM", "MB"))
    for code, place, under in (("I1", mm, below), ("I2", mb, other)):
        made = factory.make_indicator(plan, code, place, objective=under)
        factory.make_target(made, 20)
    first = factory.make_action(plan, "A1", mm, below)
    factory.make_action(plan, "A2", mb, other)
    for source, planned in (("State", 1000), ("Donor", 500)):
        Funding.objects.create(action=first, source=source, planned=planned)
    for quarter, money in ((1, "10 4 5 5"), (2, "20 6 5 0")):
        _live(plan, quarter, money)
    return plan


PEOPLE: dict[str, Any] = {}


def _live(plan: Plan, quarter: int, money: str) -> None:
    """A1 tells its sources; A2 has no planned money and spends more than it was given."""
    period = factory.open_quarter(plan, 2026, quarter)
    if quarter == 1:
        PEOPLE["reviewer"] = factory.make_member("reviewer", plan, password=None)
        PEOPLE["lead"] = factory.make_member("lead", plan, password=None)
    a, b, c, d = money.split()
    with clock.at(at(2026, 4 + 3 * (quarter - 1), 20)):
        for report in Report.objects.with_names().filter(period=period):
            code = report.institution.code
            if quarter == 1:
                PEOPLE[code] = factory.make_member("approver", plan, report.institution)
            by = PEOPLE[code]
            factory.fill_in(report, by)
            row = report.actions.select_related("report__period__plan", "action").get()
            told: dict[str, Any] = {"allocated": 100, "spent": 150, "note": "Prices rose."}
            if code == "MM":
                split = {"State": (int(a), int(b)), "Donor": (int(c), int(d))}
                told = {"allocated": None, "spent": None, "note": "", "money": split}
            save_action(row, by=by, version=row.version, values=told)
            factory.decide("submit", report, by)
            factory.decide("take", report, PEOPLE["reviewer"])
            factory.decide("validate", report, PEOPLE["reviewer"])
        publish(period=period, by=PEOPLE["lead"], seen=checklist(period).seen)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    read.cache_clear()


def money(query: str = "", language: str = "en") -> Page:
    return page_of(f"/plans/AL/money/{query}", language)


def tiles(page: Page) -> dict[str, str]:
    """Each figure at the top by its words."""
    found = {}
    for node in page.all("div", "figure-tile"):
        big = node.one("span", "figure-big").text
        found[node.one("span", "figure-tile__label").text] = big
    return found


def table(page: Page, label: str) -> list[list[str]]:
    return page.table(label)


def test_the_totals_of_the_plan_stand_with_their_currency(funded: Plan) -> None:
    assert tiles(money()) == {
        "Planned, whole plan, ALL": "1~500",
        "Allocated to date, ALL": "240",
        "Spent to date, ALL": "315",
        "Not funded: planned and not allocated to date": "84~%",
        "Spent of planned": "21~%",
        "Spent of allocated": "131~%",
    }


def test_execution_stands_beside_results_for_each_objective(funded: Plan) -> None:
    found = table(money(), "Money beside results, by objective")
    assert found[0] == ["Objective", "Status of its indicators", *AMOUNTS, *SHARES]
    assert found[1:] == [
        ["1 Objective 1", STATUS, "1~500", "40", "15", "97.3~%", "1~%", "37.5~%"],
        ["1.1 Objective 1.1", STATUS, "1~500", "40", "15", "97.3~%", "1~%", "37.5~%"],
        ["2 Objective 2", STATUS, "–", "200", "300", "–", "–", "150~%"],
    ]


STATUS = "At risk 1"


def test_money_stands_by_institution_time_and_source(funded: Plan) -> None:
    page = money()
    assert table(page, "By institution") == [
        ["Lead institution", *AMOUNTS, *SHARES],
        ["Ministry MB", "–", "200", "300", "–", "–", "150~%"],
        ["Ministry MM", "1~500", "40", "15", "97.3~%", "1~%", "37.5~%"],
    ]
    assert table(page, "By year and quarter") == [
        ["Year", "Quarter", *AMOUNTS[1:], "Spent of allocated"],
        ["2026", "Whole year", "240", "315", "131.3~%"],
        ["2026", "2026 Q1", "115", "159", "138.3~%"],
        ["2026", "2026 Q2", "125", "156", "124.8~%"],
    ]
    assert table(page, "By source of funds")[1:] == [
        ["Donor", "500", "10", "5", "98~%", "1~%", "50~%"],
        ["State", "1~000", "30", "10", "97~%", "1~%", "33.3~%"],
        ["Source not told", "–", "200", "300", "–", "–", "150~%"],
    ]


def test_an_action_says_that_it_has_no_planned_money_or_is_overspent(funded: Plan) -> None:
    page = money()
    assert table(page, "By action")[1:] == [
        ["A1 Action A1", "1~500", "40", "15", "97.3~%", "1~%", "37.5~%", "–"],
        [
            "A2 Action A2",
            "–",
            "200",
            "300",
            "–",
            "–",
            "150~%",
            "No planned money; More spent than allocated",
        ],
    ]
    warned = page.one("div", "message")
    assert "A2 Action A2: 300~ALL spent, 200~ALL allocated Prices rose." in warned.text


FILTERED = {
    "?source=Donor": ("500", "10", "5"),
    "?objective=2": ("–", "200", "300"),
    "?institution=MM": ("1~500", "40", "15"),
    "?institution=MM&source=State": ("1~000", "30", "10"),
}


@pytest.mark.parametrize("query", FILTERED)
def test_the_filter_narrows_every_figure(funded: Plan, query: str) -> None:
    assert tuple(tiles(money(query)).values())[:3] == FILTERED[query]


def test_one_year_has_no_planned_money_and_says_why(funded: Plan) -> None:
    page = money("?year=2026")
    assert tiles(page) == {
        "Allocated to date, ALL": "240",
        "Spent to date, ALL": "315",
        "Spent of allocated": "131~%",
    }
    assert "Planned money belongs to the whole plan" in page.text
    assert table(page, "By source of funds")[0] == [
        "Source of funds",
        *AMOUNTS[1:],
        "Spent of allocated",
    ]


def test_an_older_edition_shows_its_own_money(funded: Plan) -> None:
    assert tiles(money("?edition=AL-2026-Q1-1"))["Spent to date, ALL"] == "159"


EXPORTED = {
    "actions": ("A2", 200, 300),
    "institutions": ("Ministry MB", 200, 300),
    "objectives": ("2", 200, 300),
    "sources": ("Source not told", 200, 300),
    "years": ("2026", 100, 150),
}


@pytest.mark.parametrize("name", EXPORTED)
def test_each_table_goes_out_as_it_is_filtered(funded: Plan, name: str) -> None:
    query = f"?institution=MB&table={name}"
    answer = ask(f"/plans/AL/money/{query}&export=xlsx")
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    heads = rows[0]
    last = dict(zip(heads, rows[-1], strict=True))
    shown = (str(rows[-1][0]), last["Allocated to date, ALL"], last["Spent to date, ALL"])
    assert shown == EXPORTED[name]
    text = ask(f"/plans/AL/money/{query}&export=csv").content.decode("utf-8-sig")
    assert len(list(csv.reader(StringIO(text)))) == len(rows)
    assert (
        ask(f"/plans/AL/money/{query}&export=csv").headers["Cache-Control"] == "no-store, private"
    )


def test_the_links_of_each_table_lead_to_its_own_file_and_keep_the_filter(funded: Plan) -> None:
    page = money("?institution=MB&edition=AL-2026-Q1-1")
    links = [n.attrs["href"] for n in page.all("a") if "export=xlsx" in n.attrs.get("href", "")]
    base = "?institution=MB&edition=AL-2026-Q1-1&export=xlsx&table="
    order = ("objectives", "institutions", "years", "sources", "actions")
    assert links == [base + name for name in order]


def test_it_is_a_tab_of_the_plan_in_both_languages(funded: Plan) -> None:
    tabs = seen("/plans/AL/").one("nav", "tabs").links()
    assert list(tabs)[3:5] == ["Actions", "Money"]
    assert tabs["Money"] == "/plans/AL/money/"


def test_before_the_first_edition_only_the_plan_is_told(db: None) -> None:
    plan = factory.make_plan("XK")
    action = factory.make_action(
        plan, "A1", factory.make_institution("ZZ"), factory.make_objective(plan)
    )
    Funding.objects.create(action=action, source="State", planned=70)
    page = page_of("/plans/XK/money/")
    assert list(tiles(page).values()) == ["70", "–", "–", "–", "–", "–"]
    assert "Nothing is published yet" in page.text
    assert page_of("/plans/XK/money/?objective=9").one("details", "filter-form")


def test_a_plan_without_anything_has_a_page(db: None) -> None:
    factory.make_plan("XK")
    page = page_of("/plans/XK/money/")
    assert "No money fits" in page.text


IN_QUARTER = ["Allocated in the quarter", "Spent in the quarter"]


def test_the_edition_as_a_workbook_has_a_sheet_of_it_where_it_is_told(funded: Plan) -> None:
    answer = ask("/editions/AL-2026-Q2-1/workbook.xlsx")
    book = load_workbook(BytesIO(b"".join(answer)))
    rows = [[cell.value for cell in row] for row in book["Money by source"].iter_rows()]
    assert [row[:1] + row[3:] for row in rows] == [
        [
            "Action",
            "Quarter",
            "Source of funds",
            "Allocated in the quarter",
            "Spent in the quarter",
        ],
        ["A1", "2026 Q1", "Donor", 5, 5],
        ["A1", "2026 Q1", "State", 10, 4],
        ["A1", "2026 Q2", "Donor", 5, 0],
        ["A1", "2026 Q2", "State", 20, 6],
        ["A2", "2026 Q1", None, 100, 150],
        ["A2", "2026 Q2", None, 100, 150],
    ]


def test_an_edition_never_changes_when_the_plan_or_a_report_does(funded: Plan) -> None:
    before = tiles(money())
    Funding.objects.filter(source="Donor").update(planned=9_999_999)
    assert tiles(money()) == before
    assert Edition.objects.filter(plan=funded).count() == 2
