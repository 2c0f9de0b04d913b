"""A plan at a glance, and the plans beside each other."""

import pytest
from django.test import Client, override_settings

from indicators.models import Indicator, Objective, Plan
from publishing.models import Edition
from tests.publishing.pages import Page, page_of, seen
from tests.publishing.released import Released

pytestmark = pytest.mark.django_db

OLD = "?edition=AL-2026-Q2-1"


def overview(suffix: str = "", language: str = "en") -> Page:
    return seen(f"/plans/AL/{suffix}", language)


TILES = {
    ("", "en"): {
        "Achieved": "1",
        "At risk": "1",
        "Off track": "2",
        "Target not met": "1",
        "Reported, not rated": "3",
        "No data": "1",
        "Not available": "1",
        "Institutions in this edition": "1/3",
    },
    (OLD, "en"): {
        "On track": "1",
        "Off track": "4",
        "Target not met": "1",
        "Reported, not rated": "4",
        "Institutions in this edition": "2/3",
    },
    (OLD, "sq"): {
        "Në rrugë të mbarë": "1",
        "Jashtë rrugës": "4",
        "Synimi nuk u përmbush": "1",
        "Raportuar, pa vlerësim": "4",
        "Institucionet në këtë botim": "2/3",
    },
}


@pytest.mark.parametrize(("suffix", "language"), TILES)
def test_the_headline_counts_indicators_and_institutions(
    released: Released, suffix: str, language: str
) -> None:
    assert overview(suffix, language).tiles() == TILES[suffix, language]


@pytest.mark.parametrize("suffix", ["", OLD])
def test_each_number_leads_to_as_many_rows(released: Released, suffix: str) -> None:
    tiles = overview(suffix).all("a", "figure-tile")
    for tile in tiles[:-1]:
        number = int(tile.one("span", "figure-big").text)
        assert len(page_of(tile.attrs["href"]).table("Indicators")[1:]) == number
    assert tiles[-1].attrs["href"] == f"/plans/AL/institutions/{suffix}"


BARS = [
    ("1 Objective 1", "Achieved 1Off track 1Target not met 1Reported, not rated 3Not available 1"),
    ("2 Objective 2", "At risk 1Off track 1No data 1"),
    ("3 Objective 3", "No indicator stands under it."),
]


def test_progress_is_counted_for_each_top_objective(released: Released) -> None:
    rows = overview().all("ul", "bar-list")[0].all("li")
    shown = [(row.all("a")[0].text, row.all("p")[0].text) for row in rows]
    assert shown == BARS


PRIORITIES = [
    "Z1 =OfficesOff track Nothing of the way that was due by now has been gone. "
    "The figure is 0~persons. Expected by then: 6.87~persons. The target is 10~persons.",
    "C1 Indicator C1Off track It has gone 36~% of the way that was due by now. "
    "1 of 2 institutions reported. "
    "Ministry of Defence sees it as “On track”, the coalition as “Off track”. "
    "The figure is 1~238.75~persons. Expected by then: 3~434.93~persons. "
    "The target is 5~000~persons.",
    "D1 Indicator D1At risk It has gone 91~% of the way that was due by now. "
    "The figure is 50~persons. Expected by then: 45.04~persons. The target is 20~persons.",
    "P1 Indicator P1Target not met Its target is not reached, and where it started is unknown. "
    "1 of 2 institutions reported. The figure is 89~%. The target is 90~%.",
]


def test_what_is_furthest_behind_comes_first_with_its_reason(released: Released) -> None:
    told = overview().under("What needs priority next").all("li")
    assert [row.text for row in told] == PRIORITIES


def test_no_more_than_six_are_named_and_the_others_counted(released: Released) -> None:
    six = _copies(released, "Z1", 4)
    told = page_of("/plans/AL/").under("What needs priority next")
    assert len(told.all("li")) == 6
    assert told.all("p")[-1].text == "2 more are behind. All indicators"
    assert six == 8


def _copies(released: Released, code: str, number: int) -> int:
    """Add copies of an indicator to the newest edition; how many are behind then."""
    import json

    from common.canonical import canonical, sha256

    data = json.loads(released.newest.snapshot)
    for name, key in (("indicators", "code"), ("assessments", "indicator")):
        rows = [row for row in data[name] if row[key] == code]
        data[name] += [{**row, key: f"{code}-{n}"} for row in rows for n in range(number)]
    text = canonical(data)
    Edition.objects.filter(pk=released.newest.pk).update(snapshot=text, sha256=sha256(text))
    return len(PRIORITIES) + number


def test_nothing_behind_is_said_in_words(released: Released) -> None:
    Edition.objects.filter(pk=released.older.pk).delete()
    text = released.newest.snapshot
    for status in ("off_track", "at_risk", "not_met"):
        text = text.replace(f'"status":"{status}"', '"status":"on_track"')
    from common.canonical import sha256

    Edition.objects.filter(pk=released.newest.pk).update(snapshot=text, sha256=sha256(text))
    told = page_of("/plans/AL/").under("What needs priority next")
    assert told.text == "No indicator is behind."


def test_the_trend_has_a_bar_for_each_quarter_the_edition_knows(released: Released) -> None:
    def quarters(page: Page) -> list[str]:
        return [row.text for row in page.one("ul", "bar-list--narrow").all("li")]

    assert quarters(overview()) == ["2026 Q2", "2026 Q3"]
    assert quarters(overview(OLD)) == ["2026 Q2"]


def test_the_trend_of_a_past_quarter_equals_its_own_edition(released: Released) -> None:
    def label(page: Page, number: int) -> str:
        bars = page.one("ul", "bar-list--narrow").all("svg", "mini-bar")
        return bars[number].attrs["aria-label"]

    assert label(overview(), 0) == label(overview(OLD), 0)
    assert label(overview(), 1) != label(overview(), 0)


def test_actions_and_money_are_added_up(released: Released) -> None:
    told = overview().under("Actions and money")
    assert told.all("p", "counts-line")[0].text == "Done 1"
    assert told.terms() == {
        "Planned": "2~500~001~ALL",
        "Allocated to date": "2~000~ALL",
        "Spent to date": "2~501~ALL 0~% of planned",
    }
    earlier = overview(OLD).under("Actions and money")
    assert earlier.all("p", "counts-line")[0].text == "Not started 1In progress 1"
    assert earlier.terms()["Spent to date"] == "1~001~ALL 0~% of planned"


def test_where_the_sides_differ_both_are_shown_with_their_reasons(released: Released) -> None:
    [told] = overview().all("li", "difference")
    assert [(node.all("h4")[0].text, node.text) for node in told.all("div", "light")] == [
        ("The ministry", "The ministry On track As planned."),
        ("The coalition", "The coalition Off track Half of the offices were not counted."),
    ]
    assert overview(OLD).under("Where the two sides differ").text == (
        "In this quarter both sides rate every indicator alike, or one of them has not rated it."
    )


GAPS = [
    ["C1 Indicator C1", "Ministry of Interior", "–", "The report is not in this edition."],
    ["N1 Indicator N1", "Ministry of Defence", "Not available", "No survey was held."],
    ["P1 Indicator P1", "Ministry of Interior", "–", "The report is not in this edition."],
    ["W1 Indicator W1", "Ministry of Interior", "–", "The report is not in this edition."],
]


def test_missing_figures_are_listed_with_their_reason(released: Released) -> None:
    assert overview().table("Missing figures")[1:] == GAPS
    told = overview(OLD).under("Missing figures").text
    assert told == "Every figure that was due is there. All gaps, of every quarter"


def test_institutions_are_listed_with_whether_they_are_in(released: Released) -> None:
    rows = overview().under("Institutions").all("li")
    assert [row.text for row in rows] == [
        "Ministry of Interior not in this edition",
        "Ministry of Culture not in this edition",
        "Ministry of Defence in this edition",
    ]


def test_the_page_leads_to_the_workbook_of_its_own_edition(released: Released) -> None:
    assert overview().links()["Excel"] == "/editions/AL-2026-Q3-1/workbook.xlsx"
    assert overview(OLD).links()["Excel"] == "/editions/AL-2026-Q2-1/workbook.xlsx"


def test_an_older_edition_is_marked_and_every_link_stays_in_it(released: Released) -> None:
    page = overview(OLD)
    assert page.notes() == [
        "You are reading the older edition AL-2026-Q2-1 (2026 Q2). Go to the newest edition"
    ]
    links = [url for url in page.one("main").links().values() if url.startswith("/plans/")]
    assert [url for url in links if "edition=AL-2026-Q2-1" not in url] == ["/plans/AL/"]
    assert page.links()["Go to the newest edition"] == "/plans/AL/"


@pytest.mark.parametrize(
    "address", ["AL-2026-Q1-1", "XK-2026-Q3-1", "al-2026-q3-1", "<script>", "%00", " "]
)
def test_an_edition_the_plan_does_not_have_is_not_found(released: Released, address: str) -> None:
    assert Client().get(f"/plans/AL/?edition={address}").status_code == 404


def test_an_edition_of_another_plan_is_not_shown_under_this_one(released: Released) -> None:
    assert Client().get("/plans/XK/?edition=AL-2026-Q3-1").status_code == 404


@pytest.mark.parametrize("code", ["al", "ZZ", "AL-2018"])
def test_a_plan_that_is_not_there_is_not_found(released: Released, code: str) -> None:
    assert Client().get(f"/plans/{code}/").status_code == 404


def test_without_an_edition_the_structure_can_be_read(released: Released) -> None:
    Edition.objects.all().delete()
    page = page_of("/plans/AL/")
    assert page.headings == ["Plan AL", "The plan as it was found", "In numbers"]
    assert page.terms() == {
        "Years": "2024–2027",
        "Adopted on": "15 March 2024",
        "Objectives": "4",
        "Indicators": "10",
        "Actions": "3",
        "Institutions": "4",
    }
    assert [row.text for row in page.one("ol", "plain-list").all("a")] == [
        *("1 Objective 1", "1.1 Objective 1.1", "2 Objective 2", "3 Objective 3")
    ]


def test_a_plan_without_objectives_says_so(released: Released) -> None:
    Objective.objects.filter(plan=released.structure).delete()
    page = page_of("/plans/XK/")
    assert page.under("The plan as it was found").text.endswith("No objective is known.")
    assert page.terms()["Objectives"] == "0"


def test_the_structure_is_read_live_until_the_first_edition(released: Released) -> None:
    assert page_of("/plans/XK/").title == "Plan XK"
    Plan.objects.filter(code="XK").update(title_en="Plan of Kosovo")
    Plan.objects.filter(code="AL").update(title_en="Changed later")
    Indicator.objects.filter(plan=released.plan).update(title_en="Changed later")
    assert page_of("/plans/XK/").title == "Plan of Kosovo"
    assert "Changed later" not in page_of("/plans/AL/").one("main").text


def test_the_start_page_shows_a_card_for_each_plan(released: Released) -> None:
    first, second = page_of("/").all("section", "plan-card")
    assert first.one("ul", "legend").text == (
        "Achieved 1 At risk 1 Off track 2 Target not met 1 Reported, not rated 3 No data 1 "
        "Not available 1"
    )
    assert first.links()["Edition AL-2026-Q3-1"] == "/editions/AL-2026-Q3-1/"
    assert second.text == (
        "XK · 2024–2027 Plan XK Found in a published source No edition has been published yet. "
        "The structure of the plan can be read. Read the plan"
    )


BANNER = (
    "Demonstration: figures are invented for showing the system, except the published baselines."
)


def test_a_demonstration_is_labelled_on_its_pages_and_on_no_other(released: Released) -> None:
    Plan.objects.filter(code="XK").update(is_demonstration=True)
    assert page_of("/plans/XK/").notes()[0] == BANNER
    assert page_of("/plans/XK/indicators/").notes()[0] == BANNER
    assert BANNER not in page_of("/plans/AL/").notes()
    assert page_of("/").all("section", "plan-card")[1].one("span", "badge-status").text == (
        "Invented for the demonstration"
    )


@pytest.mark.parametrize("address", ["/", "/method/", "/editions/", "/plans/AL/"])
def test_where_demo_is_on_every_page_is_labelled(released: Released, address: str) -> None:
    assert BANNER not in page_of(address).notes()
    with override_settings(DEMO=True):
        assert page_of(address).notes()[0] == BANNER


def test_the_share_of_missing_figures_is_told(released: Released) -> None:
    told = overview().under("Missing figures").all("p")[0].text
    assert told == "4 of 10 figures that were due are missing. (40~%)"


def test_the_trend_is_told_in_a_sentence_and_as_a_table(released: Released) -> None:
    told = overview().under("Quarter by quarter")
    assert told.all("p", "muted")[0].text == (
        "Achieved, met or on track: 1 of 10 indicators; one quarter before: 1."
    )
    rows = overview().table("The quarters as a table")
    assert rows[0] == ["Status", "2026 Q2", "2026 Q3"]
    assert ["Off track", "4", "2"] in rows


def test_the_next_deadlines_are_those_after_the_edition(released: Released) -> None:
    def ahead(page: Page) -> list[str]:
        return [row.text for row in page.under("Next deadlines").one("dl").all("dd")]

    told = ahead(overview())
    assert told[0] == "Reports for 2026 Q4, if there are 30 days for them as there were for 2026 Q3"
    assert told[1] == "Target 5~000~persons: C1 Indicator C1"
    assert told[-1] == "The plan ends"
    assert ahead(overview(OLD))[0].startswith("Reports for 2026 Q3,")
    dates = [row.text for row in overview().under("Next deadlines").one("dl").all("dt")]
    assert (dates[0], dates[-1]) == ("30 Jan 2027", "31 Dec 2027")
