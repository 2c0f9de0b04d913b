"""Files that back a report: which are taken, where they stand, who reads and removes them."""

import hashlib
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from audit.models import Entry
from reports import evidence as service
from reports.evidence import clean_name, path_of
from reports.models import Evidence
from tests import factory
from tests.conftest import World
from tests.reports.typed_forms import close, fill_url, line_of, text_of

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PLACE = b"GPS 41.3275 19.8187"


def office(*names: str) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


def photo() -> bytes:
    """A JPEG that tells where it was taken, in an Exif segment, a remark and a place of its own."""

    def segment(marker: int, body: bytes) -> bytes:
        return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body

    tiff = b"MM\0*\0\0\0\x08" + b"\0\x01" + b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0" + b"\0" * 4
    picture = b"\xff\xda\0\x08\x01\x01\0\0\x3f\0picture\xff\xd9"
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
        + segment(0xE1, b"Exif\0\0" + tiff + PLACE)
        + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLACE)
        + segment(0xFE, PLACE)
        + picture
    )


def add(
    world: World,
    name: str = "list.pdf",
    data: bytes = PDF,
    who: str = "contributor",
    backs: str = "",
) -> HttpResponse:
    file = SimpleUploadedFile(name, data)
    client = world.client(getattr(world, who))
    return client.post(f"/reports/{world.report.pk}/evidence/", {"file": file, "backs": backs})


def added(world: World, **more: str) -> Evidence:
    assert add(world, **more).status_code == 302
    return Evidence.objects.latest("pk")


def read(world: World, file: Evidence, who: str = "contributor") -> HttpResponse:
    return world.client(getattr(world, who)).get(f"/reports/evidence/{file.pk}/")


def stored(settings) -> list[Path]:
    return [path for path in Path(settings.EVIDENCE_ROOT).rglob("*") if path.is_file()]


def test_a_file_stands_under_its_hash_and_comes_back_byte_for_byte(world: World, settings) -> None:
    file = added(world)
    assert file.sha256 == hashlib.sha256(PDF).hexdigest()
    assert stored(settings) == [path_of(file.sha256)]
    assert path_of(file.sha256).read_bytes() == PDF
    assert (file.name, file.size, file.uploaded_by) == ("list.pdf", len(PDF), world.contributor)
    assert b"".join(read(world, file)) == PDF


def test_no_browser_opens_it_as_a_page(world: World) -> None:
    response = read(world, added(world))
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in response["Cache-Control"]


def test_a_file_backs_an_indicator_an_action_or_the_report(world: World) -> None:
    line, action = line_of(world), world.report.actions.get()
    assert added(world, backs=f"line-{line.pk}").line == line
    assert added(world, backs=f"action-{action.pk}").action == action
    whole = added(world)
    assert (whole.line, whole.action) == (None, None)
    page = world.client(world.contributor).get(fill_url(world.report, "indicators-1"))
    assert page.content.decode().count("list.pdf") == 1


def test_what_belongs_to_another_report_can_not_be_backed(world: World) -> None:
    foreign = world.other_report.lines.get()
    assert add(world, backs=f"line-{foreign.pk}").status_code == 422
    assert not Evidence.objects.exists()


def test_the_same_file_twice_is_one_row(world: World) -> None:
    assert added(world) == added(world)
    assert Entry.objects.filter(action="evidence.added").count() == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", PDF),
        ("A.PDF", PDF),
        ("a.png", b"\x89PNG\r\n\x1a\n"),
        ("a.jpeg", photo()),
        ("a.docx", office("word/document.xml")),
        ("a.xlsx", office("xl/workbook.xml")),
        ("a.csv", "a;b\n1;ë\n".encode()),
        ("a.csv", "a;b\n1;ë\n".encode("utf-16")),
        ("a.txt", "ë".encode("cp1252")),
    ],
)
def test_the_usual_files_are_taken(world: World, name: str, data: bytes) -> None:
    assert add(world, name, data).status_code == 302


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.exe", b"MZ", "Files of this type are not taken."),
        ("a.svg", b"<svg/>", "Files of this type are not taken."),
        ("a.html", b"<p>", "Files of this type are not taken."),
        ("a", PDF, "Files of this type are not taken."),
        ("a.pdf.html", PDF, "Files of this type are not taken."),
        ("a.docm", office("word/document.xml"), "Files of this type are not taken."),
        ("a.pdf", b"<script>alert(1)</script>", "is not that of a .pdf file"),
        ("a.pdf", b" " + PDF, "is not that of a .pdf file"),
        ("a.png", photo(), "is not that of a .png file"),
        ("a.txt", b"<!doctype html><script>", "is not that of a .txt file"),
        ("a.csv", b"a\0b", "is not that of a .csv file"),
        ("a.docx", office("xl/workbook.xml"), "is not that of a .docx file"),
        ("a.docx", office("word/document.xml")[:60], "is not that of a .docx file"),
        ("a.xlsx", office("xl/workbook.xml", "xl/vbaProject.bin"), "contains macros"),
        ("a.pdf", b"", "The file is empty."),
        ("a.jpg", b"\xff\xd8\xff\xe1\0", "The picture is damaged."),
    ],
)
def test_other_files_are_refused_with_a_sentence_and_leave_nothing(
    world: World, settings, name: str, data: bytes, sentence: str
) -> None:
    response = add(world, name, data)
    assert (response.status_code, sentence in text_of(response)) == (422, True)
    assert not Evidence.objects.exists()
    assert stored(settings) == []


def test_too_large_and_too_many(world: World, settings, monkeypatch) -> None:
    settings.EVIDENCE_MAX_BYTES = 1024 * 1024
    response = add(world, "big.txt", b"x" * (1024 * 1024 + 1))
    assert (response.status_code, "larger than 1 MB" in text_of(response)) == (422, True)
    monkeypatch.setattr(service, "MAX_FILES", 1)
    added(world)
    response = add(world, "b.txt", b"b")
    assert (response.status_code, "too many files" in text_of(response)) == (422, True)
    assert Evidence.objects.count() == 1


def test_no_file_at_all_is_said_kindly(world: World) -> None:
    client = world.client(world.contributor)
    response = client.post(f"/reports/{world.report.pk}/evidence/", {"backs": ""})
    assert (response.status_code, "Choose a file first." in text_of(response)) == (422, True)


@pytest.mark.parametrize(
    "hiding",
    [
        lambda data: data + photo(),
        lambda data: data[:2] + b"\xff\xff" + data[2:],
        lambda data: data[:2] + b"\xff\xe2\0\x19MPF\0" + PLACE + data[2:],
        lambda data: data[:2] + b"\xff\xed\0\x15" + PLACE + data[2:],
    ],
    ids=["second picture", "filled up", "list of pictures", "press data"],
)
def test_a_place_is_found_wherever_a_camera_puts_it(world: World, hiding) -> None:
    file = added(world, name="p.jpg", data=hiding(photo()))
    data = path_of(file.sha256).read_bytes()
    assert PLACE not in data
    assert data.endswith(b"picture\xff\xd9")


def test_a_drawing_loses_its_remarks(world: World) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + b"crc!"

    head, end = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"size"), chunk(b"IEND", b"")
    remarks = chunk(b"tEXt", PLACE) + chunk(b"eXIf", PLACE)
    file = added(world, name="p.png", data=head + remarks + end + PLACE)
    assert path_of(file.sha256).read_bytes() == head + end


def test_a_photo_loses_its_place_and_keeps_its_way_up(world: World) -> None:
    file = added(world, name="p.jpg", data=photo())
    data = path_of(file.sha256).read_bytes()
    assert PLACE not in data
    assert b"picture\xff\xd9" in data
    assert b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06" in data


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/list.pdf", "list.pdf"),
        ("C:\\Users\\x\\list.pdf", "list.pdf"),
        ("\u202efdp.list.pdf", "fdp.list.pdf"),
        ("a\r\nX: y.pdf", "aX- y.pdf"),
        ("x" * 300 + ".pdf", "x" * 150 + ".pdf"),
        (".pdf", "file.pdf"),
    ],
)
def test_a_name_is_only_a_name(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


@pytest.mark.parametrize(
    ("who", "before", "after"),
    [
        ("approver", 200, 200),
        ("administrator", 200, 200),
        ("reviewer", 404, 200),
        ("observer", 404, 404),
        ("other_contributor", 404, 404),
        ("stranger", 404, 404),
    ],
)
def test_who_reads_it_before_and_after_submission(
    world: World, who: str, before: int, after: int
) -> None:
    file = added(world, name="canary4711.pdf")
    response = read(world, file, who)
    assert response.status_code == before
    world.submitted()
    response = read(world, file, who)
    assert response.status_code == after
    if after == 404:
        assert "canary4711" not in response.content.decode() + str(response.headers)


def test_what_is_added_after_a_return_is_not_read_by_the_coalition(world: World) -> None:
    world.returned()
    assert read(world, added(world), "reviewer").status_code == 404


def test_nobody_reads_without_a_log_in_and_every_reading_is_logged(world: World) -> None:
    file = added(world)
    assert world.client(None).get(f"/reports/evidence/{file.pk}/").status_code == 302
    assert not Entry.objects.filter(action="evidence.read").exists()
    read(world, file, "approver")
    entry = Entry.objects.get(action="evidence.read")
    assert entry.actor == world.approver.email


@pytest.mark.parametrize(
    ("who", "code"),
    [("other_contributor", 404), ("reviewer", 404), ("stranger", 404), ("administrator", 403)],
)
def test_nobody_else_adds_or_removes(world: World, who: str, code: int) -> None:
    file = added(world)
    assert add(world, "b.txt", b"b", who).status_code == code
    client = world.client(getattr(world, who))
    for ask in (client.get, client.post):
        assert ask(f"/reports/evidence/{file.pk}/remove/").status_code == code
    assert Evidence.objects.get() == file


def test_nothing_is_added_or_removed_in_the_wrong_state(world: World) -> None:
    file = added(world)
    world.submitted()
    client = world.client(world.contributor)
    assert add(world, "b.txt", b"b").status_code == 403
    assert client.post(f"/reports/evidence/{file.pk}/remove/").status_code == 403
    assert Evidence.objects.get() == file


def test_nothing_is_added_or_removed_once_the_quarter_closed(world: World) -> None:
    file = added(world)
    close(world.period)
    client = world.client(world.contributor)
    assert add(world, "b.txt", b"b").status_code == 403
    assert client.post(f"/reports/evidence/{file.pk}/remove/").status_code == 403
    assert Evidence.objects.get() == file


def test_removing_asks_first_and_then_takes_it_off(world: World) -> None:
    file = added(world)
    client, address = world.client(world.contributor), f"/reports/evidence/{file.pk}/remove/"
    assert client.get(address).status_code == 200
    assert Evidence.objects.exists()
    response = client.post(address)
    assert response["Location"] == fill_url(world.report, "evidence")
    assert not Evidence.objects.exists()
    assert Entry.objects.filter(action="evidence.removed").count() == 1
    # Gone already: there is nothing to remove, and nothing else happens.
    assert client.post(address).status_code == 404
    assert path_of(file.sha256).exists()


def test_what_was_submitted_once_stays(world: World) -> None:
    file = added(world)
    world.returned()
    client, address = world.client(world.contributor), f"/reports/evidence/{file.pk}/remove/"
    response = client.post(address)
    assert response.status_code == 409
    assert Evidence.objects.get() == file


def test_adding_is_never_a_get(world: World) -> None:
    client = world.client(world.contributor)
    assert client.get(f"/reports/{world.report.pk}/evidence/").status_code == 405


def test_a_file_of_protected_figures_is_for_who_reads_the_true_ones(world: World) -> None:
    world.indicator.sensitivity = "small_counts"
    world.indicator.save()
    file = added(world, backs=f"line-{line_of(world).pk}")
    world.published()
    assert [read(world, file, who).status_code for who in ("reviewer", "observer")] == [200, 404]


def test_a_file_that_vanished_from_disk_is_a_plain_not_found(world: World) -> None:
    file = added(world)
    path_of(file.sha256).unlink()
    assert read(world, file).status_code == 404


def test_a_refused_row_leaves_the_report_as_it_was(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    before = world.now().version
    assert add(world, "a.exe", b"MZ").status_code == 422
    assert world.now().version == before
