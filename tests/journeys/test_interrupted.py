"""What happens in the middle of the work: an ended session, a second pair of hands, a closed
quarter, somebody else's report. Nothing typed is lost, and nothing is stored that should not be."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.journeys.filling import part, version, wait_for_save
from tests.journeys.people import Person
from tests.journeys.site import Site

Enter = Callable[..., Person]

FIND = """
from reports.models import Report
now = Report.objects.filter(period__year=2026, period__quarter=3)
closed = [r for r in Report.objects.filter(institution__code="MM") if r.period.is_closed]
answer = {
    "interior": now.get(institution__code="MB").pk,
    "defence": now.get(institution__code="MM").pk,
    "prosecutor": now.get(institution__code="PP").pk,
    "closed": next(r.pk for r in closed if r.state.is_editable),
}
"""
NARRATIVE = """
from reports.models import Narrative
answer = Narrative.objects.get(report_id={report}).lesson
"""
NOTE = """
from reports.models import Line
answer = Line.objects.get(report_id={report}, indicator__code="{code}").note
"""
CLOSE = """
from datetime import timedelta
from reports.models import Period
period = Period.objects.get(plan__code="AL", year=2026, quarter=3)
period.closes_on = {day}
period.save()
answer = str(period.closes_on)
"""
LESSON = "A named contact in each unit.\nUne pa të dhëna – “ç’është” 1 234,5."


@pytest.fixture(scope="module")
def places(site: Site) -> dict[str, int]:
    return site.ask(FIND)


@pytest.fixture
def closes(site: Site) -> Iterator[Callable[[], None]]:
    """Close the quarter now; it is opened again afterwards."""
    yield lambda: site.ask(CLOSE.format(day="period.today() - timedelta(days=1)"))
    site.ask(CLOSE.format(day="None"))


def type_lesson(person: Person, report: int, text: str) -> None:
    person.open(reverse("report_fill", args=[report, "narrative"]))
    person.page.get_by_label("Lessons").fill(text)


def test_a_session_that_ends_in_mid_typing_costs_no_word(
    enter: Enter, site: Site, places: dict[str, int]
) -> None:
    person, report = enter("contributor2"), places["interior"]
    type_lesson(person, report, LESSON)
    person.page.context.clear_cookies(name="sessionid")
    person.page.get_by_label("Lessons").blur()
    person.sees("Not saved: you have been logged out.")
    expect(person.page.get_by_label("Lessons")).to_have_value(LESSON)
    person.press("Save", status=401)
    person.sees("Your session had ended, so nothing was saved.")
    person.fill_in_log_in("contributor2")
    person.sees("Here is what you typed. It is not saved yet")
    person.look()
    expect(person.page.get_by_label("Lessons")).to_have_value(LESSON)
    assert site.ask(NARRATIVE.format(report=report)) != LESSON
    person.press("Save")
    person.sees("1 part was saved.")
    assert site.ask(NARRATIVE.format(report=report)) == LESSON


def test_without_scripts_too_the_text_comes_back_after_the_log_in(
    enter: Enter, site: Site, places: dict[str, int]
) -> None:
    person, report = enter("contributor2", java_script_enabled=False), places["interior"]
    text = f"{LESSON}\nWithout scripts."
    type_lesson(person, report, text)
    person.page.context.clear_cookies(name="sessionid")
    person.press("Save", status=401)
    person.fill_in_log_in("contributor2")
    person.sees("Your text is still here")
    person.look()
    person.press("Go on with my text")
    expect(person.page.get_by_label("Lessons")).to_have_value(text)
    person.press("Save")
    assert site.ask(NARRATIVE.format(report=report)) == text


def two_hands(enter: Enter, report: int, code: str) -> tuple[Person, Person]:
    """The same page in two windows; the first has saved a comment over which the second types."""
    first, second = enter("approver2"), enter("contributor2")
    for person in (first, second):
        person.open(reverse("report_fill", args=[report, "indicators-1"]))
    section = part(first, code)
    before = version(section)
    section.get_by_label("Comment on the figures").fill("The head of unit says: 45.")
    wait_for_save(first, section, before)
    section = part(second, code)
    section.get_by_label("Comment on the figures").fill("The officer says: 44.")
    section.locator("h2").click()
    conflict = section.get_by_role("alert")
    expect(conflict).to_contain_text("Somebody saved this part while you were writing")
    expect(conflict).to_contain_text("The head of unit says: 45.")
    expect(conflict).to_contain_text("The officer says: 44.")
    comment = section.get_by_label("Comment on the figures")
    expect(comment).to_have_value("The officer says: 44.")
    second.look()
    return first, second


@pytest.mark.parametrize(
    ("code", "button", "kept"),
    [
        ("ALB-D03", "Keep what I typed", "The officer says: 44."),
        ("ALB-D06", "Take what is stored", "The head of unit says: 45."),
    ],
)
def test_two_who_write_at_once_see_both_texts_and_choose(
    enter: Enter, site: Site, places: dict[str, int], code: str, button: str, kept: str
) -> None:
    report = places["interior"]
    _first, second = two_hands(enter, report, code)
    asked = NOTE.format(report=report, code=code)
    assert site.ask(asked) == "The head of unit says: 45."
    second.press(button, part(second, code))
    assert site.ask(asked) == kept
    comment = part(second, code).get_by_label("Comment on the figures")
    expect(comment).to_have_value(kept)


def test_a_stale_page_that_is_sent_as_a_whole_shows_both_texts(
    enter: Enter, site: Site, places: dict[str, int]
) -> None:
    report, pages = places["interior"], []
    for name in ("approver2", "contributor2"):
        person = enter(name, java_script_enabled=False)
        person.open(reverse("report_fill", args=[report, "indicators-1"]))
        comment = part(person, "ALB-D02").get_by_label("Comment on the figures")
        comment.fill(f"Typed by {name}.")
        pages.append(person)
    first, second = pages
    first.press("Save")
    second.press("Save", status=409)
    section = part(second, "ALB-D02")
    for name in ("approver2", "contributor2"):
        expect(section).to_contain_text(f"Typed by {name}.")
    comment = section.get_by_label("Comment on the figures")
    expect(comment).to_have_value("Typed by contributor2.")
    assert site.ask(NOTE.format(report=report, code="ALB-D02")) == "Typed by approver2."


def test_another_ministrys_report_is_no_page_at_all(enter: Enter, places: dict[str, int]) -> None:
    person, report = enter("contributor2"), places["defence"]
    for path in (
        reverse("report", args=[report]),
        reverse("report_fill", args=[report, "narrative"]),
        reverse("report_content", args=[report]),
        reverse("report_workbook", args=[report]),
        reverse("report_decide", args=[report, "submit"]),
        reverse("review", args=[report]),
    ):
        answer = person.open(path, 404)
        assert "Ministry of Defence" not in answer.text()


def test_a_quarter_that_has_closed_is_read_and_not_written(
    enter: Enter, places: dict[str, int]
) -> None:
    person, report = enter("contributor"), places["closed"]
    person.open("/reports/")
    person.sees("Closed: ask the secretariat")
    person.open(reverse("report", args=[report]))
    person.sees("The quarter is closed. Ask the secretariat of the plan")
    links = person.page.get_by_role("main").get_by_role("link")
    expect(links.filter(has_text=re.compile("Fill in|Submit"))).to_have_count(0)
    person.open(reverse("report_fill", args=[report, "narrative"]), 403)
    person.sees(re.compile(r"The quarter \d{4} Q\d closed on \d+ \w+ \d{4}\."))


def test_a_quarter_that_closes_in_mid_typing_gives_the_text_back(
    enter: Enter, site: Site, places: dict[str, int], closes: Callable[[], None], prosecutor: str
) -> None:
    person, report = enter(prosecutor, java_script_enabled=False), places["prosecutor"]
    type_lesson(person, report, "Typed a minute too late.")
    before = site.ask(NARRATIVE.format(report=report))
    closes()
    person.press("Save", status=403)
    person.sees("The quarter 2026 Q3 closed on", "Typed a minute too late.")
    assert site.ask(NARRATIVE.format(report=report)) == before
