"""The secretariat brings a table of earlier figures in, with and without scripts, and undoes it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.journeys.people import Person
from tests.journeys.site import Site

Enter = Callable[..., Person]

STORED = """
from reports.models import HistoricValue
found = HistoricValue.objects.filter(in_force=True).order_by("row")
answer = [[v.indicator.code, str(v.starts_on), v.cell, str(v.value).split(".")[0]] for v in found]
"""
ROWS = """Periudha,indicator,sex,value,source,remarks
2022,ALB-D03,girls and women,40,Annual report,
2022,ALB-D03,men,50,Annual report,
2022,ALB-D03,total,100,Annual report,looks odd
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "trained.csv"
    path.write_text(ROWS)
    return path


def send(person: Person, table: Path) -> None:
    person.open(reverse("history"))
    person.page.get_by_label("The table").set_input_files(table)
    person.page.get_by_label("Plan", exact=False).first.select_option("AL")
    person.press("Read the table")


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_table_is_understood_confirmed_and_undone(
    enter: Enter, site: Site, table: Path, *, has_scripts: bool
) -> None:
    person = enter("administrator", java_script_enabled=has_scripts)
    send(person, table)
    person.sees("1 mistakes", "“girls and women” is no part of ALB-D03.")
    person.page.get_by_label("girls and women").select_option("sex=f")
    person.page.get_by_label("remarks", exact=True).select_option("note")
    person.press("Read the table again")
    person.sees("0 mistakes", "3 new figures")
    person.sees("The total is 100, but its parts (rows 2, 3) add up to 90.")
    person.press("Store all of it", status=422)
    person.sees("Say that you have read the faults, then confirm again.")
    assert site.ask(STORED) == []
    person.page.get_by_label("I have read the faults").check()
    person.press("Store all of it")
    person.sees("3 figures were stored.", "add up to 90.")
    assert site.ask(STORED) == [
        ["ALB-D03", "2022-01-01", "sex=f", "40"],
        ["ALB-D03", "2022-01-01", "sex=m", "50"],
        ["ALB-D03", "2022-01-01", "", "100"],
    ]
    person.press("Undo the whole import")
    person.sees("3 figures were taken out.", "Undone")
    assert site.ask(STORED) == []


@pytest.mark.parametrize("language", ["en", "sq"])
def test_its_pages_are_in_order(enter: Enter, table: Path, language: str) -> None:
    """Each page is looked at on a phone and on a desk: its width, its names, its contrast."""
    person = enter("administrator")
    send(person, table)
    draft = person.path
    person.reads(language)
    for path in (reverse("history"), draft):
        person.open(path)
        assert person.language == language
    expect(person.page.get_by_role("main").get_by_role("table").first).to_be_visible()
