"""The form where no script runs: the same answers and sentences, and nothing typed is lost."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.journeys.filling import answer, part, rate, share
from tests.journeys.people import Person
from tests.journeys.site import Site

Enter = Callable[..., Person]

STORED = """
from reports.models import Line, Report
report = Report.objects.get(institution__code="{institution}", period__year=2026, period__quarter=3)
answer = {{"report": report.pk, "lines": {{
    line.indicator.code: [
        {{o.cell: [o.value, o.numerator, o.denominator] for o in line.observations.all()}},
        line.note,
    ]
    for line in report.lines.all()
}}}}
"""


def stored(site: Site, institution: str) -> dict[str, Any]:
    return site.ask(STORED.format(institution=institution))


def problems(person: Person) -> list[str]:
    """What the list of errors says, sentence by sentence."""
    links = person.page.get_by_role("alert").first.get_by_role("link")
    return [re.sub(r"\s+", " ", text).strip() for text in links.all_inner_texts()]


def test_what_is_wrong_is_said_in_sentences_and_what_is_right_is_saved(
    enter: Enter, site: Site
) -> None:
    before = stored(site, "MB")
    person = enter("contributor2", java_script_enabled=False)
    person.open(reverse("report_fill", args=[before["report"], "indicators-1"]))
    letters = {"Total: Value": "fifty", "Women: Value": "14", "Men: Value": "33"}
    too_many = {"Total: Value": "40", "Women: Value": "52", "Men: Value": "20"}
    answer(part(person, "ALB-D02"), letters)
    part(person, "ALB-D02").get_by_label("Comment on the figures").fill("Counted\ntwice.")
    answer(part(person, "ALB-D03"), too_many)
    answer(part(person, "ALB-D10"), {"Total: Value": "55.5"})
    rate(part(person, "ALB-D10"), "At risk", "Two chapters are not written.")
    person.press("Save", status=422)
    person.sees("1 part was saved.", "Not everything was saved. What you typed is still here:")
    title = "ALB-D03 Staff of security institutions trained on Resolution 1325"
    assert problems(person) == [
        "ALB-D02 Police officers trained to handle gender-based violence:"
        " “fifty” has letters in it. Write digits only, for example 12.7.",
        f"{title}: Women: the value 52 is larger than that of the total, 40.",
        f"{title}: Total: the value is 40, but its parts (Women, Men) add up to 72.",
    ]
    for code, typed in {"ALB-D02": letters, "ALB-D03": too_many}.items():
        for label, text in typed.items():
            field = part(person, code).get_by_label(label, exact=True)
            expect(field).to_have_value(text)
    comment = part(person, "ALB-D02").get_by_label("Comment on the figures")
    expect(comment).to_have_value("Counted\ntwice.")
    after = stored(site, "MB")["lines"]
    assert after.pop("ALB-D10") == [{"": ["55.5000", None, None]}, ""]
    assert after == {k: v for k, v in before["lines"].items() if k != "ALB-D10"}


def test_what_was_refused_is_corrected_and_saved(enter: Enter, site: Site) -> None:
    report = stored(site, "MB")["report"]
    person = enter("contributor2", java_script_enabled=False)
    person.open(reverse("report_fill", args=[report, "indicators-1"]))
    answer(part(person, "ALB-D02"), {"Total: Value": "x"})
    person.press("Save", status=422)
    person.follow("ALB-D02", person.page.get_by_role("alert").first)
    expect(person.page.locator(":target")).to_be_in_viewport()
    right = {"Total: Value": "50", "Women: Value": "15", "Men: Value": "35"}
    answer(part(person, "ALB-D02"), right)
    person.press("Save and continue")
    person.sees("1 part was saved.", "Actions and money")
    assert stored(site, "MB")["lines"]["ALB-D02"][0] == {
        "": ["50.0000", None, None],
        "sex=f": ["15.0000", None, None],
        "sex=m": ["35.0000", None, None],
    }


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ((31, 30), "Value: the numerator 31 is larger than the denominator 30."),
        ((3, 0), "Value: the denominator is 0 although the numerator is not."),
        ((3, ""), "The denominator is missing."),
        (("", 30), "The numerator is missing."),
    ],
)
def test_a_share_that_cannot_be_is_refused(
    enter: Enter, site: Site, prosecutor: str, typed: tuple[Any, Any], sentence: str
) -> None:
    before = stored(site, "PP")
    person = enter(prosecutor, java_script_enabled=False)
    person.open(reverse("report_fill", args=[before["report"], "indicators-1"]))
    figures = share(*typed)
    answer(part(person, "ALB-C13"), figures)
    person.press("Save", status=422)
    assert problems(person) == [f"ALB-C13 Women in leading prosecutor posts: {sentence}"]
    for label, figure in figures.items():
        field = part(person, "ALB-C13").get_by_label(label, exact=True)
        expect(field).to_have_value(str(figure))
    assert stored(site, "PP") == before


def test_a_submission_with_gaps_lists_each_with_the_way_to_its_field(
    enter: Enter, site: Site
) -> None:
    report = stored(site, "MB")["report"]
    person = enter("approver2", java_script_enabled=False)
    person.open(reverse("report_decide", args=[report, "submit"]))
    told = problems(person)
    assert told.count("Narrative: Not written yet: next steps.") <= 1
    points = "ALB-D06 Border crossing points with a trained contact for women at risk"
    assert [text for text in told if text.startswith("ALB-D06")] == [
        f"{points}: Value: no value and no reason for its absence.",
        f"{points}: Your own rating is missing.",
    ]
    links = person.page.get_by_role("alert").first.get_by_role("link")
    for address in [link.get_attribute("href") for link in links.all()]:
        person.page.goto(str(address))
        expect(person.page.locator(":target")).to_be_in_viewport()
