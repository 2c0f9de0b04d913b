"""A block of cells from a spreadsheet: seen before it goes in, with and without scripts."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, expect

from tests.journeys.filling import part, version, wait_for_save
from tests.journeys.people import Person
from tests.journeys.site import Site

Enter = Callable[..., Person]

FIND = """
from reports.models import Report
now = Report.objects.filter(period__year=2026, period__quarter=3)
answer = now.get(institution__code="MB").pk
"""
STORED = """
from reports.models import Observation
found = Observation.objects.filter(line__report_id={report}, line__indicator__code="{code}")
answer = {{o.cell: str(o.value or o.numerator or "").split(".")[0] for o in found}}
"""
PASTE = """(field, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    field.focus();
    const told = { clipboardData, bubbles: true, cancelable: true };
    return field.dispatchEvent(new ClipboardEvent("paste", told));
}"""
CODE = "ALB-D03"


@pytest.fixture(scope="module")
def report(site: Site) -> int:
    return int(site.ask(FIND))


def figure(section: Locator, cell: str) -> Locator:
    return section.get_by_label(f"{cell}: Value", exact=True)


def figures(section: Locator) -> list[str]:
    return [figure(section, cell).input_value() for cell in ("Total", "Women", "Men")]


def open_form(enter: Enter, report: int, **options: object) -> tuple[Person, Locator]:
    person = enter("contributor2", **options)
    person.open(reverse("report_fill", args=[report, "indicators-1"]))
    return person, part(person, CODE)


def paste(person: Person, section: Locator, text: str) -> Locator:
    """Paste into the first figure; gives the preview."""
    assert figure(section, "Total").evaluate(PASTE, text) is False
    preview = person.page.get_by_role("dialog", name=f"Paste from Excel: {CODE}")
    expect(preview).to_be_visible()
    return preview


def test_a_pasted_block_is_shown_first_and_then_saved_as_if_typed(
    enter: Enter, site: Site, report: int
) -> None:
    person, section = open_form(enter, report)
    before, were = version(section), figures(section)
    preview = paste(person, section, "91\r\n54\r\n1,6\r\n99\r\n")
    expect(preview).to_contain_text("In this language the decimal sign is a point: write 1.6.")
    expect(preview).to_contain_text("1 row of the block lies below the table and is left out.")
    assert figures(section) == were
    person.look()
    person.page.keyboard.press("Escape")
    expect(preview).to_be_hidden()
    assert figures(section) == were
    expect(figure(section, "Total")).to_be_focused()
    preview = paste(person, section, "91\r\n54\r\n37\r\n")
    preview.get_by_role("button", name="Put in").click()
    expect(section.get_by_text("3 cells were put in.")).to_be_visible()
    assert figures(section) == ["91", "54", "37"]
    wait_for_save(person, section, before)
    stored = site.ask(STORED.format(report=report, code=CODE))
    assert sorted(stored.values()) == ["37", "54", "91"]


def test_one_cell_is_pasted_as_any_text(enter: Enter, report: int) -> None:
    person, section = open_form(enter, report)
    assert figure(section, "Total").evaluate(PASTE, "12\r\n") is True
    note = section.get_by_label("Comment on the figures")
    assert note.evaluate(PASTE, "1\t2\n3\t4\n") is True
    expect(person.page.get_by_role("dialog")).to_have_count(0)


def test_a_session_that_ended_is_told_and_nothing_goes_in(enter: Enter, report: int) -> None:
    person, section = open_form(enter, report)
    were = figures(section)
    person.page.context.clear_cookies(name="sessionid")
    figure(section, "Total").evaluate(PASTE, "1\n2\n")
    preview = person.page.get_by_role("dialog", name="Paste from Excel")
    expect(preview).to_contain_text("you have been logged out")
    preview.get_by_role("button", name="Close").click()
    assert figures(section) == were


def test_without_scripts_a_page_does_the_same(enter: Enter, site: Site, report: int) -> None:
    person, section = open_form(enter, report, java_script_enabled=False)
    person.follow("Paste from Excel", section)
    person.page.get_by_label("The copied cells").fill("52\n30\n22\n7\n")
    person.press("Show what would change")
    person.sees("3 cells change.", "1 row of the block lies below the table and is left out.")
    person.press("Put in and save")
    person.sees("1 part was saved.")
    assert figures(part(person, CODE)) == ["52", "30", "22"]
    stored = site.ask(STORED.format(report=report, code=CODE))
    assert sorted(stored.values()) == ["22", "30", "52"]
