"""What was filtered is what is shown, counted and downloaded."""

import csv
from io import StringIO
from urllib.parse import urlencode

import pytest

from publishing.models import Edition
from tests.publishing.pages import Page, ask, page_of
from tests.publishing.released import Released
from tests.reports.exporting import body, sheets

pytestmark = pytest.mark.django_db

ALL = "C1 D1 H1 N1 P1 R1 S1 T1 W1 Z1"
OLD = "edition=AL-2026-Q2-1"

# the query, the codes that stay, and how many choices count as a filter
INDICATORS = [
    ("", ALL, 0),
    ("objective=", ALL, 0),
    ("objective=1", "C1 H1 N1 P1 R1 S1 T1", 1),
    ("objective=1.1", "C1 H1 N1 P1 R1 S1 T1", 1),
    ("objective=2", "D1 W1 Z1", 1),
    ("objective=3", "", 1),
    ("institution=MM", "C1 D1 H1 N1 P1 R1 S1 T1 Z1", 1),
    ("institution=MB", "C1 P1 W1", 1),
    ("institution=MK", "", 1),
    ("institution=OS", "", 1),
    ("status=achieved", "S1", 1),
    ("status=met", "", 1),
    ("status=on_track", "", 1),
    ("status=at_risk", "D1", 1),
    ("status=off_track", "C1 Z1", 1),
    ("status=not_met", "P1", 1),
    ("status=regressing", "", 1),
    ("status=reported", "H1 R1 T1", 1),
    ("status=no_data", "W1", 1),
    ("status=not_available", "N1", 1),
    ("status=not_applicable", "", 1),
    ("status=not_due", "", 1),
    ("framework=un-2010:5a", "C1 H1 N1 P1 R1 S1 T1", 1),
    ("framework=un-2010:11", "D1", 1),
    ("framework=pillar:Participation", "C1 H1 N1 P1 R1 S1 T1", 1),
    ("framework=pillar:Protection", "D1", 1),
    ("pillar=Participation", "C1 H1 N1 P1 R1 S1 T1", 1),
    ("pillar=Participation&framework=un-2010:5a", "C1 H1 N1 P1 R1 S1 T1", 2),
    ("pillar=Participation&framework=un-2010:11", "", 2),
    ("pillar=Protection&framework=pillar:Participation", "D1", 1),
    ("quarter=2026-Q2", ALL, 1),
    ("quarter=2026-Q2&status=on_track", "S1", 2),
    ("quarter=2026-Q2&status=off_track", "C1 D1 W1 Z1", 2),
    ("quarter=2026-Q3&status=off_track", "C1 Z1", 2),
    ("objective=2&institution=MM", "D1 Z1", 2),
    ("objective=1&status=reported", "H1 R1 T1", 2),
    ("objective=2&status=reported", "", 2),
    ("institution=MB&status=off_track", "C1", 2),
    ("institution=MM&framework=un-2010:11", "D1", 2),
    ("objective=2&institution=MM&status=off_track", "Z1", 3),
    ("objective=2&institution=MM&status=at_risk&framework=un-2010:11", "D1", 4),
    ("objective=1&institution=MM&status=at_risk&framework=un-2010:11", "", 4),
    (f"{OLD}", ALL, 0),
    (f"{OLD}&status=on_track", "S1", 1),
    (f"{OLD}&status=off_track", "C1 D1 W1 Z1", 1),
    (f"{OLD}&status=off_track&institution=MB", "C1 W1", 2),
    ("page=1&sort=-code&color=red", ALL, 0),
    ("status=off_track&status=at_risk", "D1", 1),
]
ACTIONS = [
    ("", "A1 A2 A3", 0),
    ("objective=1", "A1 A3", 1),
    ("objective=1.1", "A1", 1),
    ("objective=2", "A2", 1),
    ("objective=3", "", 1),
    ("institution=MM", "A1", 1),
    ("institution=OS", "A1", 1),
    ("institution=MK", "A3", 1),
    ("status=done", "A1", 1),
    ("status=in_progress", "", 1),
    ("status=not_started", "", 1),
    ("status=delayed", "", 1),
    ("status=cancelled", "", 1),
    (f"{OLD}&status=in_progress", "A1", 1),
    (f"{OLD}&status=not_started", "A2", 1),
    ("framework=un-2010:5a", "A1 A3", 1),
    ("framework=un-2010:11", "A2", 1),
    ("framework=pillar:Protection", "A2", 1),
    ("pillar=Protection", "A2", 1),
    ("quarter=2026-Q2&status=in_progress", "A1", 2),
    ("quarter=2026-Q2&status=done", "", 2),
    ("objective=1&institution=OS&status=done&framework=un-2010:5a", "A1", 4),
    ("objective=2&institution=OS", "", 2),
]
CASES = [("indicators", *case) for case in INDICATORS] + [("actions", *case) for case in ACTIONS]


def shown(page: Page, name: str) -> str:
    label = name.capitalize()
    tables = [n for n in page.all("div", "table-region") if n.attrs["aria-label"] == label]
    return " ".join(row[0].split()[0] for row in tables[0].rows()[1:]) if tables else ""


def downloaded(name: str, query: str) -> str:
    data = ask(f"/plans/AL/{name}/?{query}&export=csv").content.decode("utf-8-sig")
    rows = list(csv.reader(StringIO(data, newline="")))
    return " ".join(row[0] for row in rows[1:])


def count(page: Page) -> int:
    marks = page.all("span", "count-mark")
    return int(marks[0].text) if marks else 0


@pytest.mark.parametrize(("name", "query", "codes", "chosen"), CASES)
def test_a_filter_leaves_exactly_the_rows_that_fit_on_the_page_and_in_the_file(
    released: Released, name: str, query: str, codes: str, chosen: int
) -> None:
    page = page_of(f"/plans/AL/{name}/?{query}")
    assert (shown(page, name), count(page)) == (codes, chosen)
    number = len(codes.split())
    told = [node.text for node in page.all("div", "table-title")]
    assert told == ([] if not number else ["1 row"] if number == 1 else [f"{number} rows"])
    assert downloaded(name, query) == codes


@pytest.mark.parametrize(
    ("name", "query"),
    [("indicators", "objective=2&institution=MM"), ("actions", "objective=1"), ("indicators", OLD)],
)
def test_the_workbook_has_the_rows_of_the_csv(released: Released, name: str, query: str) -> None:
    address = f"/plans/AL/{name}/?{query}&export="
    text = ask(address + "csv").content.decode("utf-8-sig")
    lines = list(csv.reader(StringIO(text, newline="")))
    [page] = sheets(body(ask(address + "xlsx"))).values()
    assert [row[0].value for row in page] == [line[0] for line in lines]
    assert [cell.value for cell in page[0]] == lines[0]
    assert len(page) == len(lines) > 2


NONSENSE = [
    ("objective=9", "9"),
    ("objective=%20", " "),
    ("institution=XX", "XX"),
    ("institution=mm", "mm"),
    ("status=late", "late"),
    ("status=ACHIEVED", "ACHIEVED"),
    ("framework=pillar:", "pillar:"),
    ("framework=un-2010", "un-2010"),
    ("framework=%3Cb%3E", "<b>"),
    ("status=%00", "\x00"),
    ("pillar=Peace", "Peace"),
    ("quarter=2026-Q4", "2026-Q4"),
]


@pytest.mark.parametrize(("query", "value"), NONSENSE)
def test_a_choice_that_is_none_is_named_and_filters_nothing(
    released: Released, query: str, value: str
) -> None:
    page = page_of(f"/plans/AL/indicators/?{query}")
    assert (shown(page, "indicators"), count(page)) == (ALL, 0)
    errors = [node.text for node in page if "invalid-feedback" in node.attrs.get("class", "")]
    sentence = f"Select a valid choice. {value} is not one of the available choices."
    assert errors == [" ".join(sentence.split())]


def test_beside_a_choice_that_is_none_the_others_still_filter(released: Released) -> None:
    page = page_of("/plans/AL/indicators/?status=late&objective=2")
    assert (shown(page, "indicators"), count(page)) == ("D1 W1 Z1", 1)


def test_the_refusal_is_in_albanian_too(released: Released) -> None:
    page = page_of("/plans/AL/indicators/?status=late", "sq")
    [error] = [node.text for node in page if "invalid-feedback" in node.attrs.get("class", "")]
    assert "late" in error
    assert "Select a valid choice" not in error


def test_where_nothing_fits_the_page_says_what_to_do(released: Released) -> None:
    page = page_of("/plans/AL/indicators/?objective=3")
    assert page.one("div", "empty").text == (
        "No indicator fits Clear the filter to see all indicators of the plan."
    )
    assert page.links()["Clear the filter"].startswith("/plans/AL/indicators/")
    actions = page_of("/plans/AL/actions/?objective=3")
    assert actions.one("div", "empty").text.startswith("No action fits Clear the filter")


def test_the_form_shows_what_was_chosen_and_stands_open(released: Released) -> None:
    query = {"objective": "2", "status": "off_track", "framework": "pillar:Protection"}
    page = page_of(f"/plans/AL/indicators/?{urlencode(query)}")
    chosen = {
        node.attrs["name"]: [o.attrs["value"] for o in node.all("option") if "selected" in o.attrs]
        for node in page.all("select")
    }
    assert chosen == {
        "objective": ["2"],
        "pillar": ["Protection"],
        "institution": [""],
        "framework": [""],
        "status": ["off_track"],
        "quarter": [""],
    }
    assert "open" in page.one("details", "filter-form").attrs
    closed = page_of("/plans/AL/indicators/").one("details", "filter-form")
    assert "open" not in closed.attrs


OFFERED = {
    "objective": ["All", "1 Objective 1", "1.1 Objective 1.1", "2 Objective 2", "3 Objective 3"],
    "institution": [
        *("All", "Ministry of Interior", "Ministry of Culture", "Ministry of Defence"),
        "OSCE Presence",
    ],
    "pillar": ["All", "Participation", "Protection"],
    "framework": ["All", "11 Safety", "5a Women in talks"],
}


@pytest.mark.parametrize("field", OFFERED)
def test_only_what_the_plan_has_is_offered(released: Released, field: str) -> None:
    for name in ("indicators", "actions"):
        select = page_of(f"/plans/AL/{name}/").one("select", name=field)
        assert [option.text for option in select.all("option")] == OFFERED[field]


def test_what_has_nothing_to_choose_from_is_left_out(released: Released) -> None:
    page = page_of("/plans/XK/indicators/")
    assert [node.attrs["name"] for node in page.all("select")] == ["objective"]
    Edition.objects.all().delete()
    names = [node.attrs["name"] for node in page_of("/plans/AL/indicators/").all("select")]
    assert names == ["objective", "pillar", "institution", "framework"]


def test_filtering_stays_in_the_edition(released: Released) -> None:
    page = page_of(f"/plans/AL/indicators/?{OLD}&status=off_track")
    assert page.one("input", name="edition").attrs["value"] == "AL-2026-Q2-1"
    assert page.links()["C1 Indicator C1"] == f"/plans/AL/indicators/C1/?{OLD}"
    links = {name: url for name, url in page.links().items() if "export=" in url}
    assert sorted(links) == ["These rows as Excel", "as CSV"]
    for url in links.values():
        assert {"status=off_track", OLD} <= set(url.lstrip("?").split("&"))


def test_the_download_link_gives_what_stands_on_the_page(released: Released) -> None:
    base = "/plans/AL/indicators/"
    page = page_of(f"{base}?objective=2&status=off_track&page=1")
    link = page.links()["as CSV"]
    rows = ask(base + link).content.decode("utf-8-sig").splitlines()
    assert [row.split(",")[0] for row in rows[1:]] == ["Z1"]


@pytest.mark.parametrize("kind", ["pdf", "XLSX", "", "json", "xlsx "])
def test_another_kind_of_file_is_just_the_page(released: Released, kind: str) -> None:
    answer = ask(f"/plans/AL/indicators/?export={kind}")
    assert answer["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("sort", ["code", "-code", "status", "pk", "password", "-", "code;drop"])
def test_the_plans_own_order_stands_whatever_the_address_says(
    released: Released, sort: str
) -> None:
    page = page_of(f"/plans/AL/indicators/?sort={sort}")
    assert shown(page, "indicators") == ALL
    assert [node for node in page.all("th") if node.all("a")] == []


@pytest.mark.parametrize(
    ("query", "leads_to"), [("status=on_track", ""), (f"{OLD}&status=on_track", f"?{OLD}")]
)
def test_the_filter_is_cleared_and_the_reader_stays_in_her_edition(
    released: Released, query: str, leads_to: str
) -> None:
    address = "/plans/AL/indicators/"
    assert page_of(f"{address}?{query}").links()["Clear the filter"] == f"{address}{leads_to}"
