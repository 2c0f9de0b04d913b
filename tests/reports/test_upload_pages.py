"""A workbook comes back on its pages: choosing it, looking at it, confirming or discarding it."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from accounts.models import User
from audit.models import Entry
from common.file_rules import FileError
from common.reader import read_sheets
from reports.exchange.outgoing import write_report
from reports.exchange.reading import take_in
from reports.models import Observation, Upload
from reports.services import save_narrative
from tests.common.hostile import OLE, cell, ods, packed, sheet_xml, xlsx
from tests.conftest import World
from tests.reports.page_structure import faults, structure
from tests.reports.typed_forms import text_of

KEYS, FIRST = 1, 4
"""Counted from one, as openpyxl does: the row of hidden keys and the first row of content."""


def blank(world: World) -> bytes:
    with write_report(world.now(), language="en") as file:
        return file.read()


def workbook(world: World, **words: str) -> bytes:
    """The report's workbook with texts typed into its narrative."""
    return typed(blank(world), **words)


def typed(data: bytes, **words: str) -> bytes:
    book = load_workbook(BytesIO(data))
    for sheet in book.worksheets:
        keys = {str(c.value): c.column for c in sheet[KEYS] if c.value}
        if "words" in keys:
            for row in sheet.iter_rows(min_row=FIRST):
                marks = [str(c.value) for c in row if str(c.value).startswith("narrative|")]
                if marks and (text := words.get(marks[0].rpartition("|")[2])) is not None:
                    sheet.cell(row[0].row, keys["words"]).value = text
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def figure(world: World, value: object) -> bytes:
    """The workbook with something in the value of the first indicator."""
    book = load_workbook(BytesIO(blank(world)))
    for sheet in book.worksheets:
        keys = {str(c.value): c.column for c in sheet[KEYS] if c.value}
        if "numerator" in keys:
            line = world.report.lines.get(indicator=world.indicator)
            for row in sheet.iter_rows(min_row=FIRST):
                if any(str(c.value).startswith(f"line-{line.pk}|") for c in row):
                    sheet.cell(row[0].row, keys["value"]).value = value
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def page(world: World, upload: Upload | None = None, more: str = "") -> str:
    return f"/reports/{world.report.pk}/upload/" + (f"{upload.pk}/{more}" if upload else "")


def send(world: World, data: bytes, user: User | None = None, name: str = "report.xlsx") -> Any:
    file = SimpleUploadedFile(name, data)
    return world.client(user or world.contributor).post(page(world), {"file": file})


def uploaded(world: World, **words: str) -> Upload:
    data = workbook(world, **(words or {"done": "New words."}))
    return take_in(world.now(), data, "report.xlsx", by=world.contributor)


def test_the_page_offers_the_workbook_and_a_named_field(world: World) -> None:
    response = world.client(world.contributor).get(page(world))
    [field] = [c for c in structure(response).controls if c["name"] == "file"]
    assert (response.status_code, faults(response)) == (200, [])
    assert "10 MB" in structure(response).described(field)
    assert f'href="/reports/{world.report.pk}/sheet.xlsx"' in response.content.decode()


@pytest.mark.parametrize("place", ["", "fill/narrative/"])
def test_the_report_and_its_form_lead_to_it(world: World, place: str) -> None:
    html = world.client(world.contributor).get(f"/reports/{world.report.pk}/{place}").content
    assert html.decode().count(f'href="{page(world)}"') == 1


def test_a_workbook_leads_to_its_preview_and_stores_nothing_yet(world: World) -> None:
    response = send(world, workbook(world, done="New words."))
    upload = Upload.objects.get()
    assert (response.status_code, response["Location"]) == (302, page(world, upload))
    shown = world.client(world.contributor).get(response["Location"])
    assert (shown.status_code, faults(shown)) == (200, [])
    assert '<ins class="preline">New words.</ins>' in shown.content.decode()
    assert world.now().narrative.done == ""


def test_confirming_takes_it_over_and_tells_how_much(world: World) -> None:
    upload = uploaded(world, done="New words.", lesson="A lesson.")
    client = world.client(world.contributor)
    response = client.post(page(world, upload))
    assert (response.status_code, response["Location"]) == (302, f"/reports/{world.report.pk}/")
    assert "2 cells were taken over." in text_of(client.get(response["Location"]))
    assert (world.now().narrative.done, world.now().narrative.lesson) == ("New words.", "A lesson.")
    assert Entry.objects.filter(action="cell.imported").count() == 2


def test_confirming_twice_is_refused_and_harmless(world: World) -> None:
    upload, client = uploaded(world), world.client(world.contributor)
    codes = [client.post(page(world, upload)).status_code for _turn in range(2)]
    codes += [client.get(page(world, upload, more)).status_code for more in ("", "marked.xlsx")]
    codes += [client.post(page(world, upload, "discard/")).status_code]
    assert codes == [302, 409, 409, 409, 409]
    assert Entry.objects.filter(action="cell.imported").count() == 1
    assert Upload.objects.get().applied_at is not None


@pytest.mark.parametrize(
    ("method", "more"), [("post", ""), ("get", ""), ("get", "marked.xlsx"), ("post", "discard/")]
)
def test_what_was_taken_over_already_is_said_with_a_way_back_to_the_report(
    world: World, method: str, more: str
) -> None:
    upload, client = uploaded(world), world.client(world.contributor)
    client.post(page(world, upload))
    refused = getattr(client, method)(page(world, upload, more))
    told = text_of(refused)
    assert (refused.status_code, faults(refused)) == (409, [])
    assert "This workbook was taken over already. Nothing was changed a second time." in told
    assert "Somebody was faster" not in told
    assert f'href="/reports/{world.report.pk}/">Open the report' in refused.content.decode()


def test_discarding_forgets_it_and_twice_is_a_404(world: World) -> None:
    upload, client = uploaded(world), world.client(world.contributor)
    codes = [client.post(page(world, upload, "discard/")).status_code for _turn in range(2)]
    assert (codes, Upload.objects.count()) == ([302, 404], 0)
    assert world.now().narrative.done == ""


def test_discarding_is_asked_by_post_and_the_marked_copy_by_get(world: World) -> None:
    upload, client = uploaded(world), world.client(world.contributor)
    codes = [
        client.get(page(world, upload, "discard/")).status_code,
        client.post(page(world, upload, "marked.xlsx")).status_code,
    ]
    assert (codes, Upload.objects.count()) == ([405, 405], 1)


@pytest.mark.parametrize("more", ["", "marked.xlsx"])
def test_what_a_colleague_sent_is_not_there_for_others(world: World, more: str) -> None:
    upload = uploaded(world)
    codes = {
        name: world.client(getattr(world, name)).get(page(world, upload, more)).status_code
        for name in ("contributor", "approver", "administrator", "other_contributor", "stranger")
    }
    assert codes == {
        "contributor": 200,
        "approver": 404,
        "administrator": 403,
        "other_contributor": 404,
        "stranger": 404,
    }


@pytest.mark.parametrize("more", ["", "discard/"])
def test_a_colleague_confirms_and_discards_nothing_of_it(world: World, more: str) -> None:
    upload = uploaded(world)
    assert world.client(world.approver).post(page(world, upload, more)).status_code == 404
    assert (Upload.objects.get().applied_at, world.now().narrative.done) == (None, "")


def test_an_upload_is_found_under_its_own_report_only(world: World) -> None:
    upload = uploaded(world)
    wrong = f"/reports/{world.other_report.pk}/upload/{upload.pk}/"
    assert world.client(world.other_contributor).get(wrong).status_code == 404


def test_a_submitted_report_takes_no_workbook(world: World) -> None:
    data, upload = workbook(world, done="New words."), uploaded(world)
    before = world.submitted().narrative.done
    client = world.client(world.contributor)
    codes = [send(world, data).status_code, client.get(page(world)).status_code]
    codes += [client.post(page(world, upload)).status_code]
    assert (codes, world.now().narrative.done) == ([403, 403, 403], before)


def test_a_mistake_stands_first_with_its_cell_and_confirming_shows_it_again(world: World) -> None:
    client = world.client(world.contributor)
    shown = client.get(send(world, figure(world, "many"))["Location"])
    upload = Upload.objects.get()
    html = shown.content.decode()
    assert html.index("What must be corrected") < html.index("Discard the workbook")
    assert "Take over all changes" not in html
    refused = client.post(page(world, upload))
    assert (refused.status_code, faults(refused)) == (422, [])
    assert "Nothing was taken over" in text_of(refused)
    assert (Observation.objects.count(), Upload.objects.get().applied_at) == (0, None)


def test_the_marked_copy_is_a_workbook_with_a_comment_in_the_wrong_cell(world: World) -> None:
    client = world.client(world.contributor)
    client.get(send(world, figure(world, "many"))["Location"])
    response = client.get(page(world, Upload.objects.get(), "marked.xlsx"))
    assert 'filename="report - marked.xlsx"' in response["Content-Disposition"]
    book = load_workbook(BytesIO(b"".join(response)))
    cells = [c for sheet in book.worksheets for row in sheet.iter_rows() for c in row]
    assert [c.value for c in cells if c.comment and c.value == "many"] == ["many"]


def test_what_others_saved_meanwhile_is_replaced_only_when_asked_for(world: World) -> None:
    upload, client = uploaded(world, done="Mine."), world.client(world.contributor)
    save_narrative(world.now().narrative, by=world.approver, version=0, values={"done": "Theirs."})
    shown = client.get(page(world, upload))
    assert "Saved by somebody since the workbook was made" in text_of(shown)
    assert (client.post(page(world, upload)).status_code, world.now().narrative.done) == (
        422,
        "Theirs.",
    )
    assert client.post(page(world, upload), {"replace": "1"}).status_code == 302
    assert world.now().narrative.done == "Mine."


def test_nobody_confirms_changes_that_she_was_not_shown(world: World) -> None:
    upload, client = uploaded(world), world.client(world.contributor)
    assert client.post(page(world, upload), {"mark": "of another page"}).status_code == 422
    assert world.now().narrative.done == ""


def test_an_untouched_workbook_says_that_nothing_differs(world: World) -> None:
    client = world.client(world.contributor)
    shown = client.get(send(world, workbook(world))["Location"])
    assert "Nothing in the workbook differs from the report" in text_of(shown)
    assert client.post(page(world, Upload.objects.get())).status_code == 422


def test_a_text_from_the_workbook_is_shown_as_text(world: World) -> None:
    data = workbook(world, done="<script>alert(1)</script>")
    html = world.client(world.contributor).get(send(world, data)["Location"]).content.decode()
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_no_file_is_refused_at_the_field(world: World) -> None:
    response = world.client(world.contributor).post(page(world), {})
    [field] = [c for c in structure(response).controls if c["name"] == "file"]
    assert (response.status_code, faults(response)) == (422, [])
    assert "Choose a file first." in structure(response).described(field)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "empty.xlsx": lambda: b"",
    "old.xls": lambda: OLE + b"\0" * 600,
    "text.xlsx": lambda: b"value;1",
    "program.xlsx": lambda: b"MZ" + b"\0" * 100,
    "cut.xlsx": lambda: xlsx(cell("A1"))[:200],
    "formula.xlsx": lambda: xlsx('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>'),
    "macro.xlsx": lambda: xlsx(cell("A1"), {"xl/vbaProject.bin": b"x"}),
    "link.xlsx": lambda: xlsx(cell("A1"), {"xl/externalLinks/externalLink1.xml": "<a/>"}),
    "entities.xlsx": lambda: xlsx(
        "", {"xl/sharedStrings.xml": '<!DOCTYPE x [<!ENTITY a "aaaa">]><sst>&a;</sst>'}
    ),
    "bomb.xlsx": lambda: xlsx(cell("A1"), {"xl/media/a.xml": b" " * 20_000_000}),
    "up.xlsx": lambda: packed({"../../a": b"x"}),
    "broken.xlsx": lambda: xlsx("", {"xl/worksheets/sheet1.xml": sheet_xml("<row>")}),
    "far.xlsx": lambda: xlsx(cell("A999999999")),
    "empty.ods": lambda: ods(""),
    "large.xlsx": lambda: b"PK" + b"\0" * (10 * 1024 * 1024),
    "foreign.xlsx": lambda: xlsx(cell("A1")),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_its_sentence_and_leaves_nothing(world: World, name: str) -> None:
    data = HOSTILE[name]()
    response = send(world, data, name=name)
    [field] = [c for c in structure(response).controls if c["name"] == "file"]
    assert (response.status_code, faults(response), Upload.objects.count()) == (422, [], 0)
    [sentence] = response.context["form"].errors["file"]
    try:
        read_sheets(data, name)
    except FileError as refusal:
        assert sentence == str(refusal)
    assert sentence in structure(response).described(field)


def test_the_preview_takes_the_same_number_of_queries_for_one_change_and_for_five(
    world: World, django_assert_num_queries: Any
) -> None:
    client, fields = world.client(world.contributor), ("done", "gap", "challenge", "lesson")
    client.get(page(world))
    for words in ({"done": "a"}, dict.fromkeys(fields, "b")):
        upload = uploaded(world, **words)
        with django_assert_num_queries(QUERIES):
            client.get(page(world, upload))


QUERIES = 18
