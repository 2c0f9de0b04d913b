"""The method page: the rules in words, an example in the address, the thresholds of each plan."""

import pytest

from tests.publishing.pages import Page, page_of, seen
from tests.publishing.released import Released

pytestmark = pytest.mark.django_db

FALLING = "/method/?baseline=12&target=0&actual=9&expected=6&direction=decrease&written=en"


def status(page: Page) -> str:
    return page.one("p", "example-status").text


def value(page: Page, name: str) -> str:
    return page.one("input", name=name).attrs.get("value", "")


def test_it_opens_with_the_well_known_case(released: Released) -> None:
    page = seen("/method/")
    figures = {name: value(page, name) for name in ("baseline", "target", "expected", "actual")}
    assert figures == {"baseline": "100", "target": "20", "expected": "60", "actual": "50"}
    assert status(page) == "On track"
    steps = page.one("ol", "steps-told").all("li")
    assert [step.one("strong").text for step in steps] == [
        *("The figure", "Progress", "Pace", "Status")
    ]
    assert "62.5~% of the way" in steps[1].text
    assert steps[3].text.endswith("The pace 1.25 is at least 0.95.")


def test_the_address_holds_the_example(released: Released) -> None:
    page = seen(FALLING)
    assert (value(page, "baseline"), value(page, "actual")) == ("12", "9")
    assert status(page) == "Off track"
    form = page.one("form", "example-form")
    assert (form.attrs["method"], form.attrs["action"]) == ("get", "/method/#example")
    assert page.all("script", "") == [n for n in page.all("script") if n.attrs.get("src")]


def test_an_example_sent_to_a_reader_of_another_language_reads_the_same(released: Released) -> None:
    page = seen(f"{FALLING}&tolerance=0.5", "sq")
    assert value(page, "tolerance") == "0,5"
    assert status(page) == "Jashtë rrugës"


def test_wrong_input_gets_its_sentence_and_no_result(released: Released) -> None:
    page = page_of("/method/?baseline=100&target=abc&actual=5&direction=decrease")
    assert page.all("p", "example-status") == []
    assert "“abc” has letters in it." in page.one("form", "example-form").text
    assert value(page, "target") == "abc"


@pytest.mark.parametrize("query", ["baseline=%00", "direction=&plan=%27", "coverage=1e9", "x=1"])
def test_odd_addresses_are_answered(released: Released, query: str) -> None:
    assert page_of(f"/method/?{query}").title == "How progress is computed"


def test_ready_examples_lead_to_their_result(released: Released) -> None:
    links = seen("/method/").one("ul", "cases").all("a")
    assert len(links) == 8
    told = {link.text: status(page_of("/method/" + link.attrs["href"])) for link in links[1:4]}
    assert told == {
        "Half as fast as due: from 12 to 0": "Off track",
        "A target of zero that is reached": "Achieved",
        "A reported zero": "Off track",
    }


def test_the_example_is_drawn_with_its_figures_as_a_table(released: Released) -> None:
    rows = seen("/method/").one("figure", "chart--line").one("table").rows()
    assert rows == [
        ["Period", "Reported", "Expected"],
        ["Baseline", "100", "100"],
        ["Reported", "50", "60"],
        ["Target", "–", "20"],
    ]


def test_each_published_plan_tells_its_thresholds(released: Released) -> None:
    [heading, *rows] = seen("/method/").table("Thresholds of the plans")
    assert heading[:4] == ["Plan", "On track from", "At risk from", "Coverage of"]
    assert rows == [["Plan AL", "0.95", "0.7", "80~%", "10", "5"]]
    choices = seen("/method/").one("select", name="plan").all("option")
    assert [choice.attrs["value"] for choice in choices] == ["", "AL"]


def test_how_figures_become_one_is_shown_with_its_result(released: Released) -> None:
    told = [card.text for card in seen("/method/").one("div", "grid").all("div", "card-plain")]
    assert [card.split()[0] for card in told] == ["Percentages", "Running", "Levels"]
    assert told[0].endswith("82.7 coverage 100~%")
    assert told[1].endswith("16 coverage 50~%")
