"""Somebody asks for many quarters in one file, watches it being made, and is alone with it."""

import re
from collections.abc import Callable
from pathlib import Path

from openpyxl import load_workbook  # type: ignore[import-untyped]
from playwright.sync_api import expect

from tests.journeys.people import Person
from tests.journeys.site import Site

Enter = Callable[..., Person]

# A job that no worker has taken yet, of the lead.
WAITING = """
from django.urls import reverse
from accounts.models import User
from indicators.models import Plan
from reports.consolidated.asked import Asked
from reports.models import ExportJob
plan, lead = Plan.objects.get(code="AL"), User.objects.get(email="lead@demo.example")
asked = Asked(plan, (2026, 2), (2026, 2))
told = {"asked": asked.text(), "question": "QUESTION", "language": "en"}
job = ExportJob.objects.create(by=lead, plan=plan, **told)
answer = [str(job.key), reverse("export", args=[job.key])]
"""

MAKE = """
from uuid import UUID
from reports.consolidated.making import make
make(UUID("KEY"))
answer = 1
"""


def test_a_file_is_asked_for_made_and_downloaded_and_nobody_else_finds_it(
    enter: Enter, tmp_path: Path
) -> None:
    lead = enter("lead")
    lead.open("/quarters/")
    lead.follow("Many quarters in one file")
    lead.page.get_by_label("Whole year").select_option("2025")
    lead.page.get_by_text("Only some institutions").click()
    lead.page.get_by_label("Institutions").select_option(["MM"])
    lead.look()
    lead.press("Make the file")
    lead.sees("Ready", "2025-Q1", "2025-Q4", "Ministry of Defence", "SHA-256")
    address = lead.path
    path = lead.download("Download the file", tmp_path)
    assert path.name == "AL-2025Q1-2025Q4-consolidated.xlsx"
    book = load_workbook(path)
    assert book.sheetnames[:6] == ["Contents", "Method", "Sources", "Status", "Trend", "Charts"]
    values = [[cell.value for cell in row] for row in book["Values"].iter_rows(min_row=2)]
    assert {(row[1], row[3]) for row in values} == {(2025, "MM")}
    assert len(book["Charts"]._charts) > 10
    lead.open("/quarters/exports/")
    expect(lead.row("AL-2025Q1-2025Q4-consolidated.xlsx", "Ready")).to_have_count(1)
    other = enter("administrator")
    for place in (address, f"{address}file"):
        other.open(place, status=404)


def test_the_page_tells_by_itself_when_the_file_is_there(enter: Enter, site: Site) -> None:
    key, address = site.ask(WAITING.replace("QUESTION", "1" * 64))
    lead = enter("lead")
    lead.open(address)
    state = lead.page.get_by_role("status").filter(has_text=re.compile("Waiting|Ready"))
    expect(state).to_have_text("Waiting")
    expect(lead.page.get_by_role("progressbar", name="How far it is")).to_be_visible()
    site.ask(MAKE.replace("KEY", key))
    expect(state).to_have_text("Ready")
    expect(lead.page.get_by_role("link", name="Download the file")).to_be_visible()
    expect(lead.page.get_by_role("progressbar")).to_have_count(0)
    lead.look()
    asked: list[str] = []
    lead.page.on("request", lambda request: asked.append(request.url))
    lead.page.wait_for_timeout(4_500)
    assert asked == [], "a page that is finished asks no more"


def test_without_scripts_one_looks_again(enter: Enter, site: Site) -> None:
    key, address = site.ask(WAITING.replace("QUESTION", "2" * 64))
    lead = enter("lead", java_script_enabled=False)
    lead.open(address)
    lead.sees("Waiting")
    site.ask(MAKE.replace("KEY", key))
    lead.follow("Look again")
    lead.sees("Ready", "Download the file")
    lead.open("/quarters/data/")
    lead.page.get_by_label("From quarter").select_option("2026-Q2")
    lead.page.get_by_label("To quarter").select_option("2026-Q1")
    lead.press("Make the file", status=422)
    lead.sees("This quarter is before the first one. Choose a later one.")
