"""The lists of a plan: every row and figure, page by page, and the same rows as a file."""

import csv
from datetime import datetime
from io import StringIO

import pytest

from indicators.models import Action, Indicator, Objective, Plan
from publishing.models import Edition
from tests.publishing.pages import Page, ask, page_of
from tests.publishing.released import Released
from tests.reports.exporting import body, sheets

pytestmark = pytest.mark.django_db

INDICATORS = [
    ["C1 Indicator C1", "1~238.75~persons", "5~000", "Off track", "Provisional, Revised target"],
    ["D1 Indicator D1", "50~persons", "20", "At risk", "–"],
    ["H1 Indicator H1", "3~persons", "–", "Reported, not rated", "–"],
    ["N1 Indicator N1", "12~persons", "–", "Not available", "–"],
    ["P1 Indicator P1", "89~%", "90", "Target not met", "Provisional"],
    ["R1 Indicator R1", "–", "–", "Reported, not rated", "–"],
    ["S1 Indicator S1", "143~685~persons", "90~000", "Achieved", "–"],
    ["T1 Indicator T1", "–", "–", "Reported, not rated", "–"],
    ["W1 Indicator W1", "9~persons", "40", "No data", "–"],
    ["Z1 =Offices", "0~persons", "10", "Off track", "–"],
]
REPORTED = {
    "C1": "1 of 2, 2026 Q3",
    "D1": "1 of 1, 2026 Q3",
    "H1": "1 of 1, 2026 Q2",
    "N1": "0 of 1, 2026 Q3",
    "P1": "1 of 2, 2026 Q3",
    "W1": "0 of 1, 2026 Q3",
}
ACTIONS = [
    ["A1 Action A1", "Ministry of Defence", "Done", "2~500~000.5", "2~500.75"],
    ["A2 Action A2", "Ministry of Interior", "–", "–", "0"],
    ["A3 Action A3", "Ministry of Culture", "–", "–", "–"],
]


def test_all_indicators_stand_with_figure_target_status_and_coverage(released: Released) -> None:
    heading, *rows = page_of("/plans/AL/indicators/").table("Indicators")
    assert heading == ["Indicator", "Value", "Target", "Status", "Cautions", "Reported"]
    assert [row[:5] for row in rows] == INDICATORS
    told = {row[0].split()[0]: row[5] for row in rows}
    assert {code: told[code] for code in REPORTED} == REPORTED


def test_all_actions_stand_with_lead_status_and_money(released: Released) -> None:
    heading, *rows = page_of("/plans/AL/actions/").table("Actions")
    assert heading == ["Action", "Lead institution", "Status", "Planned", "Spent to date"]
    assert rows == ACTIONS


def test_an_older_edition_has_its_own_rows(released: Released) -> None:
    suffix = "?edition=AL-2026-Q2-1"
    row = page_of(f"/plans/AL/indicators/{suffix}").table("Indicators")[1]
    assert row == [
        *("C1 Indicator C1", "1~234.5~persons", "5~000", "Off track", "Revised target"),
        "2 of 2, 2026 Q2",
    ]
    first = page_of(f"/plans/AL/actions/{suffix}").table("Actions")[1]
    assert first[2:] == ["In progress", "2~500~000.5", "1~000.5"]
    institutions = page_of(f"/plans/AL/institutions/{suffix}").table("Institutions")[1:]
    assert [line[4:] for line in institutions] == [
        ["1 of 1", "0 of 1", "Published"],
        ["0 of 1", "–", "Not in this edition"],
        ["1 of 1", "1 of 1", "Published"],
        ["–", "–", "Owes no report"],
    ]


def test_figures_and_names_are_albanian_for_an_albanian_reader(released: Released) -> None:
    row = page_of("/plans/AL/indicators/", "sq").table("Treguesit")[1]
    assert row == [
        *("C1 Treguesi C1", "1~238,75~persona", "5~000", "Jashtë rrugës"),
        *("E përkohshme, Synim i rishikuar", "1 nga 2, 2026 T3"),
    ]
    assert page_of("/plans/AL/actions/", "sq").table("Masat")[1] == [
        *("A1 Masa A1", "Ministria e Mbrojtjes", "E kryer", "2~500~000,5", "2~500,75")
    ]


def test_before_the_first_edition_the_lists_show_the_plan_alone(released: Released) -> None:
    Edition.objects.all().delete()
    rows = page_of("/plans/AL/indicators/").table("Indicators")
    assert rows[0] == ["Indicator", "Objective", "Responsible", "Unit", "Certainty"]
    assert rows[2] == [
        *("D1 Indicator D1", "2", "Ministry of Defence", "persons", "From knowledge, unverified")
    ]
    assert page_of("/plans/AL/actions/").table("Actions")[1] == [
        *("A1 Action A1", "Ministry of Defence", "–", "2~500~000.5", "–")
    ]
    told = page_of("/plans/AL/institutions/").table("Institutions")[1]
    assert told == ["Ministry of Interior", "MB", "3", "1", "–", "–", "Owes no report"]


# list, columns of the workbook that are compared, the first row
WORKBOOKS = [
    (
        "indicators",
        [
            *("C1", "Indicator C1", "1.1", "Ministry of Interior, Ministry of Defence", "persons"),
            *("Off track", "2026 Q3", 1238.75, 3434.9315, 0, 5000, datetime(2027, 12, 31), 24.78),
            *("Provisional, Revised target", 1, 2, "Public", "In the adopted plan", None),
        ],
    ),
    (
        "actions",
        [
            *("A1", "Action A1", "1.1", "Ministry of Defence", "OSCE Presence"),
            *(datetime(2024, 2, 1), datetime(2026, 12, 31), "Done", 2500000.5, 2000, 2500.75),
            *("_x000D_=3", "In the adopted plan", None),
        ],
    ),
    (
        "institutions",
        ["Ministry of Interior", "MB", 3, 1, "1 of 2", "0 of 1", "Not in this edition"],
    ),
]


@pytest.mark.parametrize(("name", "first"), WORKBOOKS)
def test_the_workbook_of_a_list_holds_whole_numbers_and_real_dates(
    released: Released, name: str, first: list[object]
) -> None:
    answer = ask(f"/plans/AL/{name}/?export=xlsx")
    assert answer["Content-Disposition"].startswith(f'attachment; filename="AL-{name}.xlsx"')
    [(title, page)] = sheets(body(answer)).items()
    assert title == name.capitalize()
    assert [cell.value for cell in page[1]] == first


@pytest.mark.parametrize("name", ["indicators", "actions", "institutions"])
def test_a_file_of_a_list_is_never_kept_for_the_list_changes(released: Released, name: str) -> None:
    for kind in ("xlsx", "csv"):
        answer = ask(f"/plans/AL/{name}/?export={kind}")
        assert answer["Cache-Control"] == "no-store, private"
        assert f'filename="AL-{name}.{kind}"' in answer["Content-Disposition"]


def lines(address: str, language: str = "en") -> list[list[str]]:
    text = ask(address, language).content.decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline="")))


@pytest.mark.parametrize("name", ["indicators", "actions", "institutions"])
def test_the_csv_and_the_workbook_tell_the_same(released: Released, name: str) -> None:
    [page] = sheets(body(ask(f"/plans/AL/{name}/?export=xlsx"))).values()
    for line, row in zip(lines(f"/plans/AL/{name}/?export=csv"), page, strict=True):
        for text, cell in zip(line, row, strict=True):
            value = cell.value
            if isinstance(value, datetime):
                value = value.date().isoformat()
            if isinstance(value, int | float):
                assert float(text) == value
            else:
                told = str(value or "").replace("_x000D_", "\r")
                assert text.removeprefix("'") == told


def test_dangerous_texts_of_a_list_are_made_harmless(released: Released) -> None:
    last = lines("/plans/AL/indicators/?export=csv")[-1]
    assert (last[0], last[1], last[-1]) == ("Z1", "'=Offices", "'=1+1")
    assert lines("/plans/AL/actions/?export=csv")[1][11] == "'\r=3"
    [page] = sheets(body(ask("/plans/AL/indicators/?export=xlsx"))).values()
    title = page[-1][1]
    assert (title.value, title.data_type, title.quotePrefix) == ("=Offices", "s", True)


def test_a_csv_keeps_its_points_in_albanian(released: Released) -> None:
    first = lines("/plans/AL/indicators/?export=csv", "sq")[1]
    assert first[:2] == ["C1", "Treguesi C1"]
    assert first[7:13] == ["1238.75", "3434.9315", "0", "5000", "2027-12-31", "24.78"]


@pytest.fixture
def many(released: Released) -> Plan:
    """A hundred and one indicators and fifty-one actions in a plan without an edition."""
    plan = released.structure
    under = Objective.objects.get(plan=plan)
    fields = {"plan": plan, "objective": under, "kind": "count", "direction": "increase"}
    rules = {"value_meaning": "in_period", "over_time": "sum", "over_units": "sum"}
    Indicator.objects.bulk_create(
        Indicator(code=f"X{n:03}", title_en=f"Number {n}", **fields, **rules) for n in range(101)
    )
    Action.objects.bulk_create(
        Action(plan=plan, objective=under, code=f"Y{n:03}", title_en="Act") for n in range(51)
    )
    return plan


def codes(page: Page, name: str) -> list[str]:
    return [row[0].split()[0] for row in page.table(name.capitalize())[1:]]


PAGES = [
    ("", 0, 50, "1"),
    ("?page=1", 0, 50, "1"),
    ("?page=2", 50, 100, "2"),
    ("?page=3", 100, 101, "3"),
    ("?page=last", 0, 50, "1"),
    ("?page=4", 100, 101, "3"),
    ("?page=0", 100, 101, "3"),
    ("?page=-1", 100, 101, "3"),
    ("?page=x", 0, 50, "1"),
    ("?page=1e9", 0, 50, "1"),
    ("?page=2&page=3", 100, 101, "3"),
]


def test_a_long_list_comes_in_pages_of_fifty(many: Plan) -> None:
    for query, start, end, current in PAGES:
        page = page_of(f"/plans/XK/indicators/{query}")
        assert codes(page, "indicators") == [f"X{n:03}" for n in range(start, end)], query
        assert page.one("div", "table-title").text == "101 rows"
        assert page.one("span", aria_current="page").text == f"Page {current}"
    assert codes(page_of("/plans/XK/actions/?page=2"), "actions") == ["Y050"]


def test_the_pages_keep_the_filter(many: Plan) -> None:
    page = page_of("/plans/XK/indicators/?objective=1&page=2")
    links = page.one("ul", "pages").links()
    assert {name: set(url.lstrip("?").split("&")) for name, url in links.items()} == {
        "Previous page": {"objective=1", "page=1"},
        "Page 1": {"objective=1", "page=1"},
        "Page 3": {"objective=1", "page=3"},
        "Next page": {"objective=1", "page=3"},
    }


def test_the_download_has_all_pages(many: Plan) -> None:
    assert [row[0] for row in lines("/plans/XK/indicators/?page=2&export=csv")[1:]] == [
        f"X{n:03}" for n in range(101)
    ]
    link = page_of("/plans/XK/indicators/?page=2").links()["as CSV"]
    assert link == "?export=csv"


def test_rows_are_counted_in_words(released: Released) -> None:
    page = page_of("/plans/AL/indicators/?status=achieved")
    assert page.one("div", "table-title").text == "1 row"
    assert page.all("ul", "pages") == []
    assert page_of("/plans/AL/indicators/", "sq").one("div", "table-title").text == "10 rreshta"


def test_an_empty_list_can_be_downloaded_with_its_headings(released: Released) -> None:
    [heading] = lines("/plans/XK/indicators/?export=csv")
    assert heading[:3] == ["Code", "Indicator", "Objective"]
    [page] = sheets(body(ask("/plans/XK/actions/?export=xlsx"))).values()
    assert len(page) == 1


@pytest.mark.parametrize("name", ["indicators", "actions", "institutions", "objectives"])
def test_a_list_of_a_plan_that_is_not_there_is_not_found(released: Released, name: str) -> None:
    assert ask(f"/plans/ZZ/{name}/").status_code == 404
    assert ask(f"/plans/ZZ/{name}/?export=csv").status_code == 404
    assert ask(f"/plans/AL/{name}/?edition=AL-2026-Q9-1").status_code == 404
