"""The crosswalk: per item what the plan does about it, and what nothing answers to."""

import pytest

from common.canonical import sha256
from publishing.models import Edition
from tests.publishing.pages import Page, page_of, seen
from tests.publishing.reading_rows import rows_of, table_of
from tests.publishing.released import Released

pytestmark = pytest.mark.django_db


def crosswalk(query: str = "", language: str = "en") -> Page:
    return seen(f"/plans/AL/crosswalk/{query}", language)


def test_every_item_stands_with_how_far_the_plan_reaches_it(released: Released) -> None:
    rows = [
        (node.one("h3").text, node.all("span", "badge-status")[0].text)
        for node in crosswalk().all("li", "crossing")
    ]
    assert rows == [
        ("11 Safety", "Measured by the plan"),
        ("26 Reparation", "Nothing in the plan answers to it"),
        ("5a Women in talks", "Measured by the plan"),
    ]


def test_an_item_tells_what_answers_to_it_and_how_far_that_is(released: Released) -> None:
    talks = crosswalk().all("li", "crossing")[2]
    assert talks.all("p", "counts-line")[0].text == (
        "Achieved 1Off track 1Target not met 1Reported, not rated 3Not available 1"
    )
    assert talks.all("p", "counts-line")[1].text == "Actions: Done 1"
    assert [node.text for node in talks.one("ul", "plain-list").all("li")] == [
        "Policy area 1 Objective 1",
        "Indicator C1 Indicator C1 Off track",
        "Indicator H1 Indicator H1 Reported, not rated",
        "Indicator N1 Indicator N1 Not available",
        "Indicator P1 Indicator P1 Target not met",
        "Indicator R1 Indicator R1 Reported, not rated",
        "Indicator S1 Indicator S1 Achieved",
        "Indicator T1 Indicator T1 Reported, not rated",
        "Action A1 Action A1 Done",
        "Action A3 Action A3",
    ]
    assert talks.links()["A1 Action A1"] == "/plans/AL/actions/A1/"


def test_a_framework_is_counted_and_leads_to_its_items(released: Released) -> None:
    page = crosswalk("?edition=AL-2026-Q2-1")
    [row] = page.one("ul", "bar-list").all("li")
    assert row.text == (
        "UN indicators of 2010 Measured by the plan 2Nothing in the plan answers to it 1"
    )
    assert row.links() == {"UN indicators of 2010": "?edition=AL-2026-Q2-1&framework=un-2010"}


FILTERS = [
    ("", "11 26 5a"),
    ("framework=un-2010", "11 26 5a"),
    ("framework=un-2010:26", "26"),
    ("pillar=Recovery", "26"),
    ("pillar=Protection", "11"),
    ("reach=nothing", "26"),
    ("reach=measured", "11 5a"),
    ("reach=unmeasured", ""),
    ("objective=2&reach=nothing", "26 5a"),
    ("objective=1&reach=measured", "5a"),
    ("institution=MK&reach=unmeasured", "5a"),
    ("institution=MB&reach=measured", "5a"),
    ("institution=MB&reach=unmeasured", "11"),
    ("status=at_risk&reach=measured", "11"),
    ("quarter=2026-Q2&status=at_risk&reach=measured", ""),
]


@pytest.mark.parametrize(("query", "codes"), FILTERS)
def test_what_is_filtered_is_what_is_downloaded(released: Released, query: str, codes: str) -> None:
    rows = rows_of(f"/plans/AL/crosswalk/?{query}&export=csv")
    assert " ".join(row[1] for row in rows) == codes


def test_the_page_shows_the_rows_of_the_file(released: Released) -> None:
    page = crosswalk("?reach=nothing")
    assert [node.text for node in page.all("h3")] == ["26 Reparation"]
    assert (page.one("div", "table-title").text, page.one("span", "count-mark").text) == (
        "1 item",
        "1",
    )


def test_the_file_has_the_codes_and_the_counts(released: Released) -> None:
    headings, safety, gap, _talks = table_of("/plans/AL/crosswalk/?export=csv")
    told = dict(zip(headings, safety, strict=True))
    assert (told["Indicators"], told["Actions"], told["At risk"]) == ("D1", "A2", "1")
    assert (told["In the plan"], told["Objectives"]) == ("Measured by the plan", "")
    assert [*map(int, gap[8:])] == [0] * len(gap[8:])


def test_the_quarter_chosen_gives_the_statuses_of_then(released: Released) -> None:
    safety = crosswalk("?quarter=2026-Q2").all("li", "crossing")[0]
    assert [node.text for node in safety.all("p", "counts-line")] == [
        "Off track 1",
        "Actions: Not started 1",
    ]


def test_an_edition_of_earlier_times_says_that_it_holds_linked_items_only(
    released: Released,
) -> None:
    text = released.newest.snapshot.replace(',"order":0', "")
    assert text != released.newest.snapshot
    Edition.objects.filter(pk=released.newest.pk).update(snapshot=text, sha256=sha256(text))
    note = "those that nothing answers to are not listed."
    assert note in page_of("/plans/AL/crosswalk/").one("main").text
    assert note not in crosswalk("?edition=AL-2026-Q2-1").one("main").text


def test_before_the_first_edition_the_links_are_shown_without_statuses(
    released: Released,
) -> None:
    Edition.objects.all().delete()
    page = page_of("/plans/AL/crosswalk/")
    assert [node.text for node in page.all("h3")] == [
        *("11 Safety", "26 Reparation", "5a Women in talks")
    ]
    assert page.all("li", "crossing")[0].all("p", "counts-line") == []
    assert [node.attrs["name"] for node in page.all("select")] == [
        *("framework", "pillar", "reach", "objective", "institution")
    ]


def test_a_plan_that_answers_to_nothing_says_so(released: Released) -> None:
    page = page_of("/plans/XK/crosswalk/")
    assert page.one("div", "empty").text.startswith("No item fits")
    assert [node.attrs["name"] for node in page.all("select")] == ["objective"]
