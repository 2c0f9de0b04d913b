"""The page of an action: what it is, how far it is, what it costs, what it answers to."""

import pytest

from indicators.models import Action, Indicator
from publishing.models import Edition
from tests.publishing.pages import Page, ask, page_of, seen
from tests.publishing.released import UNSPLIT, Released

pytestmark = pytest.mark.django_db


def action(code: str, language: str = "en", edition: str = "") -> Page:
    suffix = f"?edition=AL-{edition}-1" if edition else ""
    return seen(f"/plans/AL/actions/{code}/{suffix}", language)


def test_it_says_what_the_action_is_and_who_carries_it_out(released: Released) -> None:
    page = action("A1")
    assert (page.title, page.one("p", "eyebrow").text) == ("Action A1", "Action A1")
    terms = page.terms()
    assert {name: terms[name] for name in ("Objective", "Lead institution", "Supporting")} == {
        "Objective": "1 Objective 1 › 1.1 Objective 1.1",
        "Lead institution": "Ministry of Defence",
        "Supporting": "OSCE Presence",
    }
    assert (terms["Starts on"], terms["Ends on"]) == ("1 February 2024", "31 December 2026")


def test_what_the_plan_does_not_say_is_a_dash(released: Released) -> None:
    terms = action("A2").terms()
    assert (terms["Supporting"], terms["Starts on"], terms["Ends on"]) == ("–", "–", "–")
    assert "The plan names no source of funds for it." in action("A2").one("main").text


def test_its_money_stands_by_source_and_to_date(released: Released) -> None:
    terms = action("A1").terms()
    assert (terms["Planned"], terms["Allocated to date"]) == ("2~500~001~ALL", "2~000~ALL")
    assert terms["Spent to date"] == "2~501~ALL 0~% of planned"
    assert action("A1").table("Planned, by source of funds")[1:] == [
        ["Budget", "2~000~001~ALL"],
        ["Donor", "500~000~ALL"],
    ]


SECOND = ["2026 Q2", "In progress", "Ministry of Defence", "2~000~ALL", "1~001~ALL", UNSPLIT]
QUARTERS = {
    "": [
        ["2026 Q3", "Done", "Ministry of Defence", "–", "1~500~ALL", "=3"],
        SECOND,
    ],
    "2026-Q2": [SECOND],
}


@pytest.mark.parametrize("edition", QUARTERS)
def test_its_quarters_stand_newest_first_as_the_edition_tells_them(
    released: Released, edition: str
) -> None:
    assert action("A1", edition=edition).table("Quarter by quarter")[1:] == QUARTERS[edition]


def test_the_heading_has_its_status_of_the_editions_quarter(released: Released) -> None:
    """The interior's third quarter is not in the edition, so nothing is said of A2 now."""
    badges = {
        (code, edition): action(code, edition=edition)
        .one("div", "page-heading__title")
        .text.removeprefix(f"Action {code}")
        for code in ("A1", "A2")
        for edition in ("", "2026-Q2")
    }
    assert badges == {
        ("A1", ""): " Done",
        ("A1", "2026-Q2"): " In progress",
        ("A2", ""): "",
        ("A2", "2026-Q2"): " Not started",
    }


def test_what_was_never_reported_is_said_to_be(released: Released) -> None:
    assert "Nothing has been published of it yet." in action("A3").one("main").text


def test_without_an_indicator_of_its_own_it_points_to_those_of_its_objective(
    released: Released,
) -> None:
    page = action("A1")
    assert page.links()["Those of its objective"] == "/plans/AL/objectives/1.1/"


def test_indicators_that_measure_it_stand_with_their_status(released: Released) -> None:
    text = released.newest.snapshot
    place = text.index('"action":null', text.index('"indicators":['))
    from common.canonical import sha256

    text = text[:place] + '"action":"A1"' + text[place + len('"action":null') :]
    Edition.objects.filter(pk=released.newest.pk).update(snapshot=text, sha256=sha256(text))
    [row] = page_of("/plans/AL/actions/A1/").table("Indicators")[1:]
    assert row[:4] == ["C1 Indicator C1", "1~238.75~persons", "5~000", "Off track"]
    leads_back = page_of("/plans/AL/indicators/C1/").links()["A1 Action A1"]
    assert leads_back == "/plans/AL/actions/A1/"


def test_it_answers_to_what_its_objectives_answer_to(released: Released) -> None:
    """A1 has no link of its own; the objective above its own has one."""
    assert "Women in talks UN indicators of 2010 · Participation" in action("A1").one("main").text
    assert "Safety UN indicators of 2010 · Protection" in action("A2").one("main").text


def test_how_sure_its_text_is_and_where_it_comes_from_is_said(released: Released) -> None:
    told = action("A3").one("p", "certainty").text
    assert told == "Found in a published source Source: A report of 2024"


def test_its_links_stay_in_the_edition(released: Released) -> None:
    links = action("A1", edition="2026-Q2").links()
    assert links["Ministry of Defence"] == "/plans/AL/institutions/MM/?edition=AL-2026-Q2-1"
    assert links["1 Objective 1"] == "/plans/AL/objectives/1/?edition=AL-2026-Q2-1"


def test_the_list_of_actions_leads_to_it(released: Released) -> None:
    assert page_of("/plans/AL/actions/").links()["A1 Action A1"] == "/plans/AL/actions/A1/"


@pytest.mark.parametrize("code", ["a1", "X", "C1", "<b>"])
def test_what_is_no_action_of_the_plan_is_not_found(released: Released, code: str) -> None:
    assert ask(f"/plans/AL/actions/{code}/").status_code == 404


def test_before_the_first_edition_it_shows_the_plan_alone(released: Released) -> None:
    Edition.objects.all().delete()
    Indicator.objects.filter(code="C1").update(action=Action.objects.get(code="A1"))
    page = page_of("/plans/AL/actions/A1/")
    assert page.headings == ["Action A1", "About this action", "Money", "Its indicators",
                             "Answers to"]  # fmt: skip
    assert [row[0] for row in page.table("Indicators")[1:]] == ["C1 Indicator C1"]
    assert page.terms()["Spent to date"] == "–"


def test_in_albanian_it_has_its_albanian_name(released: Released) -> None:
    assert action("A1", "sq").title == "Masa A1"
