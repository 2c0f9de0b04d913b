"""No text that anybody writes runs in a sheet, and none is changed by that: workbook and CSV."""

import csv
import re
import zipfile
from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook  # type: ignore[import-untyped]
from xlsxwriter.workbook import Workbook

from common import csvfile
from common.csvfile import unescape
from common.reader import read_sheets
from reports.choices import ReportStatus
from reports.models import Report
from tests.conftest import World
from tests.reports.exporting import body, fetched
from tests.reports.hostile_quarter import NASTY, fill, name_cells

LIVE = re.compile(r"<(\w+:)?f[\s/>]|<hyperlink|externalLink|ddeLink|<(\w+:)?v>#")
RUNS = re.compile(r"'*[=+\-@\t\r]")

# Sheet, column of the workbook: every place in which a text of somebody's stands.
PLACES = [
    *(("Reports", name) for name in ("Institution", "Reviewer")),
    *(("Indicators", name) for name in ("Title", "Unit")),
    *(("Values by cell", name) for name in ("Institution", "Title", "Unit", "Text", "Comment")),
    *(("Actions and money", n) for n in ("Institution", "Title", "Sources of funds", "Comment")),
    *(("Narrative", n) for n in ("Institution", "What was done", "Reasons for gaps")),
    *(("Narrative", n) for n in ("Challenges", "Lessons", "Next steps")),
    *(("Ratings", name) for name in ("Institution", "Title", "Its reason")),
    *(("Reviews", name) for name in ("Institution", "Title", "Remark", "Reviewer")),
]


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def live_in(data: bytes) -> list[str]:
    """The parts of a workbook in which something would run or lead elsewhere."""
    return [name for name, text in parts(data).items() if LIVE.search(text)]


def columns(data: bytes) -> dict[tuple[str, str], list[Any]]:
    """Every column by sheet and heading; two of one heading one after the other."""
    found: dict[tuple[str, str], list[Any]] = {}
    for sheet in read_sheets(data, "quarter.xlsx"):
        top = 2 if sheet.title == "Indicators" else 0
        for at, heading in enumerate(sheet.rows[top]):
            rows = [row[at] if at < len(row) else None for row in sheet.rows[top + 1 :]]
            found.setdefault((sheet.title, str(heading)), []).extend(rows)
    return found


def test_the_list_is_long_and_holds_every_way_a_formula_begins() -> None:
    assert len(NASTY) > 200
    assert len(set(NASTY)) == len(NASTY)
    assert {text[0] for text in NASTY} >= set("=+-@\t\n '\"<&#_{%|")
    assert max(len(text) for text in NASTY) <= 60


def test_what_looks_for_formulas_finds_them() -> None:
    """The control: a workbook whose texts were written as a careless program writes them."""
    for value in ("=1+1", "http://x.example/"):
        buffer = BytesIO()
        with Workbook(buffer) as book:
            book.add_worksheet().write(0, 0, value)
        assert live_in(buffer.getvalue()) != []


@pytest.fixture
def hostile(world: World) -> World:
    fill(world, NASTY)
    type(world.plan).objects.filter(pk=world.plan.pk).update(title_en=NASTY[0])
    return world


def test_every_text_stands_in_the_workbook_of_the_quarter_as_it_was_written(hostile: World) -> None:
    data = fetched(hostile, hostile.administrator, hostile.period)
    assert live_in(data) == []
    found = columns(data)
    for place in PLACES:
        told = [value for value in found[place] if value in set(NASTY)]
        assert set(told) == set(NASTY), place
    reasons = [value for value in found["Values by cell", "Reason"] if value is not None]
    assert sorted(reasons) == sorted(NASTY)
    whole = [
        remark
        for part, remark in zip(found["Reviews", "Part"], found["Reviews", "Remark"])
        if part == "Whole report"
    ]
    assert sorted(whole) == sorted(NASTY)
    assert NASTY[0] in found["Summary", "Value"]
    made = load_workbook(BytesIO(data))
    texts = [c for sheet in made for row in sheet.iter_rows() for c in row if c.value in set(NASTY)]
    assert {cell.quotePrefix for cell in texts} == {True}
    assert {cell.hyperlink for cell in texts} == {None}


def test_every_text_stands_in_the_workbook_of_one_report_too(world: World) -> None:
    """The cells are called so, and what is missing is told with their names."""
    name_cells(world, NASTY)
    data = fetched(world, world.contributor, world.report)
    assert live_in(data) == []
    found = columns(data)
    labels = [value for value in found["Values by cell", "Cell"] if value != "Total"]
    assert sorted(labels) == sorted(NASTY)
    missing = set(found["Missing", "What is missing"])
    told = {f"{text}: no value and no reason for its absence." for text in NASTY}
    assert told <= missing


# ------------------------------------------------------------------ lists as CSV and as workbook


def lists(world: World) -> list[tuple[Client, str, Sequence[str]]]:
    """Each list with the columns in which somebody's text stands."""
    reviewer = world.client(world.reviewer)
    return [
        (reviewer, "/review/", ("Institution", "Reviewer")),
        (reviewer, f"/quarters/{world.period.pk}/", ("Institution", "Reviewer")),
    ]


def exported(client: Client, address: str, kind: str) -> bytes:
    response = client.get(address, {"export": kind})
    assert response.status_code == 200
    return body(response)


def csv_rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))


def runs(rows: list[list[str]]) -> list[str]:
    """The cells that a sheet would take for a formula."""
    return [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r") and cell]


def reviewed(world: World) -> None:
    fill(world, NASTY)
    reports = Report.objects.filter(institution__code__startswith="Z")
    reports.update(status=ReportStatus.UNDER_REVIEW)


def test_every_name_stands_in_the_files_of_the_lists_as_it_was_written(world: World) -> None:
    reviewed(world)
    for client, address, headings in lists(world):
        rows = csv_rows(exported(client, address, "csv"))
        assert runs(rows) == []
        data = exported(client, address, "xlsx")
        assert live_in(data) == []
        [sheet] = read_sheets(data, "list.xlsx")
        for heading in headings:
            at = rows[0].index(heading)
            plain = {unescape(row[at]) for row in rows[1:]}
            assert plain >= set(NASTY), (address, heading)
            assert {row[at] for row in sheet.rows[1:]} >= set(NASTY), (address, heading)


def test_an_apostrophe_is_put_where_it_is_needed_and_nowhere_else(
    world: World, monkeypatch: Any
) -> None:
    """The control comes last: without it, the names that the test above looks for would run."""
    reviewed(world)
    client, address, _headings = lists(world)[0]
    names = [row[0] for row in csv_rows(exported(client, address, "csv"))[1:]]
    wanted = [f"'{text}" if RUNS.match(text) else text for text in NASTY]
    assert sorted(names) == sorted(wanted)
    monkeypatch.setattr(csvfile, "escape", lambda text: text)
    found = runs(csv_rows(exported(client, address, "csv")))
    assert set(found) == {text for text in NASTY if text[0] in "=+-@\t"}


def test_the_ministrys_own_list_is_as_safe_as_the_others(world: World) -> None:
    """Its institution can be called anything too."""
    client = world.client(world.contributor)
    for text in NASTY[::40]:
        type(world.defence).objects.filter(pk=world.defence.pk).update(name_en=text)
        rows = csv_rows(exported(client, "/reports/", "csv"))
        at = rows[0].index("Institution")
        assert (runs(rows), unescape(rows[1][at])) == ([], text)
    assert live_in(exported(client, "/reports/", "xlsx")) == []
