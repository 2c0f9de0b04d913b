"""Evidence on its pages: choosing a file, the list, the download, and taking one off."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from audit.models import Entry
from reports.evidence import path_of
from reports.models import Evidence, Report
from reports.services import save_narrative
from tests.conftest import World
from tests.reports.page_structure import faults, structure
from tests.reports.section_forms import in_words
from tests.reports.typed_forms import action_of, fields_on, fill_url, line_of, text_of

PDF = b"%PDF-1.7\n%%EOF\n"
LANGUAGE = pytest.mark.parametrize("language", ["en", "sq"])


def speaks(world: World, language: str = "en") -> Any:
    User.objects.filter(pk=world.contributor.pk).update(language=language)
    return world.client(world.fresh(world.contributor))


def send(world: World, client: Any, name: str = "list.pdf", data: bytes = PDF, **more: str) -> Any:
    file = SimpleUploadedFile(name, data)
    return client.post(f"/reports/{world.report.pk}/evidence/", {"file": file, **more})


def stored(world: World, name: str, **places: Any) -> Evidence:
    """A row with its bytes, under a name that came in by whatever way."""
    digest = f"{Evidence.objects.count():064x}"
    target = path_of(digest)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(PDF)
    return Evidence.objects.create(
        report=world.report,
        name=name,
        sha256=digest,
        size=len(PDF),
        content_type="application/pdf",
        uploaded_by=world.contributor,
        **places,
    )


def evidence_page(world: World, client: Any, **query: str) -> Any:
    return client.get(fill_url(world.report, "evidence"), query)


@LANGUAGE
def test_the_upload_form_is_named_and_says_what_is_taken(world: World, language: str) -> None:
    response = evidence_page(world, speaks(world, language))
    found = structure(response)
    assert faults(response) == []
    controls = {c["name"]: c for c in found.controls}
    assert found.name_of(controls["file"]).rstrip("*").strip() == in_words(language, "File")
    backs = found.name_of(controls["backs"]).rstrip("*").strip()
    assert backs == in_words(language, "What does it back?")
    assert controls["file"]["accept"] == ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.odt,.ods,.csv,.txt"
    assert "20 MB" in found.described(controls["file"])
    html = response.content.decode()
    assert 'enctype="multipart/form-data"' in html
    assert in_words(language, "The whole report") in html


def choices(response: Any) -> list[str]:
    """The values one can choose for what a file backs."""
    found: list[str] = []
    for value, label in response.context["upload"].fields["backs"].choices:
        found += [value] if isinstance(label, str) else [key for key, _label in label]
    return found


def test_every_part_of_the_report_and_of_no_other_can_be_chosen(world: World) -> None:
    parts = [f"line-{line.pk}" for line in world.report.lines.all()]
    parts.append(f"action-{action_of(world).pk}")
    assert choices(evidence_page(world, speaks(world))) == ["", *parts]


@pytest.mark.parametrize("asked", ["own", "line-0", "<script>", "", "narrative"])
def test_the_link_from_a_part_chooses_it_beforehand(world: World, asked: str) -> None:
    part = f"line-{line_of(world, world.share).pk}"
    wanted = part if asked == "own" else asked
    response = evidence_page(world, speaks(world), **{"for": wanted})
    assert fields_on(response)["backs"] == (part if asked == "own" else "")
    assert "<script>alert" not in response.content.decode()


def test_an_added_file_is_told_and_listed_with_what_it_backs(world: World) -> None:
    language = "sq"
    client = speaks(world, language)
    part = f"line-{line_of(world).pk}"
    response = send(world, client, "../Lista e grave.pdf", backs=part)
    assert (response.status_code, response["Location"]) == (302, fill_url(world.report, "evidence"))
    page = client.get(response["Location"])
    assert in_words(language, "%(name)s was added.", name="Lista e grave.pdf") in text_of(page)
    [file] = Evidence.objects.all()
    assert f'href="/reports/evidence/{file.pk}/"' in page.content.decode()
    assert f'href="/reports/evidence/{file.pk}/remove/"' in page.content.decode()
    row = page.content.decode().split("Lista e grave.pdf</a>")[1].split("</tr>")[0]
    assert ">I1</td>" in row


REFUSED: list[tuple[str, bytes, str, dict[str, object]]] = [
    (
        "a.exe",
        b"MZ",
        "Files of this type are not taken. Send one of: %(types)s.",
        {"types": "pdf, png, jpg, docx, xlsx, odt, ods, csv, txt"},
    ),
    (
        "a.pdf",
        b"MZ",
        "The content of this file is not that of a .%(extension)s file. Open it in the"
        " program it was made with, save it again and send that.",
        {"extension": "pdf"},
    ),
    ("a.pdf", b"", "The file is empty.", {}),
    ("a.jpg", b"\xff\xd8\xff\xe1\0", "The picture is damaged. Save it again.", {}),
    (
        "a.txt",
        b"x" * 2_000_000,
        "The file is larger than %(size)d MB. Send a smaller one, or a part of it.",
        {"size": 1},
    ),
]


@LANGUAGE
def test_a_refusal_stands_at_the_field_and_the_choice_stays(
    world: World, settings: Any, language: str
) -> None:
    settings.EVIDENCE_MAX_BYTES = 1024 * 1024
    client, part = speaks(world, language), f"action-{action_of(world).pk}"
    for name, data, sentence, values in REFUSED:
        response = send(world, client, name, data, backs=part)
        found = structure(response)
        [field] = [c for c in found.controls if c["name"] == "file"]
        assert (response.status_code, faults(response)) == (422, [])
        assert in_words(language, sentence, **values) in found.described(field)
        assert field["aria-invalid"] == "true"
        assert fields_on(response)["backs"] == part
    assert not Evidence.objects.exists()


def test_no_file_and_a_part_of_another_report_are_refused(world: World) -> None:
    language = "en"
    client, address = speaks(world, language), f"/reports/{world.report.pk}/evidence/"
    missing = client.post(address, {"backs": ""})
    assert (missing.status_code, Evidence.objects.count()) == (422, 0)
    assert in_words(language, "Choose a file first.") in text_of(missing)
    foreign = world.other_report.lines.get()
    assert send(world, client, backs=f"line-{foreign.pk}").status_code == 422
    assert not Evidence.objects.exists()


def test_what_is_refused_does_not_touch_the_words_of_the_report(world: World) -> None:
    save_narrative(world.now().narrative, by=world.contributor, version=0, values={"done": "Kept."})
    before = world.now().version
    assert send(world, speaks(world), "a.exe", b"MZ").status_code == 422
    assert (world.now().version, world.now().narrative.done) == (before, "Kept.")


# ------------------------------------------------------------------ the download

NAMES = [
    ("list.pdf", "list.pdf", "list.pdf"),
    ("Lista e grave në polici.pdf", "Lista e grave ne polici.pdf", "Lista e grave në polici.pdf"),
    ("عربي.pdf", "file.pdf", "عربي.pdf"),
    ("=1+1.pdf", "=1+1.pdf", "=1+1.pdf"),
    ('a";filename="b.html', "a-filename=-b.html", "a-filename=-b.html"),
    ("a\r\nSet-Cookie: x=1.pdf", "a-Set-Cookie- x=1.pdf", "a-Set-Cookie- x=1.pdf"),
    ("../../a.pdf", "-..-a.pdf", "-..-a.pdf"),
    ("a%0d%0ab.pdf", "a-0d-0ab.pdf", "a-0d-0ab.pdf"),
    ("x" * 190 + ".pdf", "x" * 190 + ".pdf", "x" * 190 + ".pdf"),
]


def test_a_download_names_the_file_and_no_header_more(world: World) -> None:
    client, found = speaks(world), []
    for name, _plain, _full in NAMES:
        file = stored(world, name)
        response = client.get(f"/reports/evidence/{file.pk}/")
        assert response.status_code == 200
        told = response["Content-Disposition"]
        plain, _between, full = told.partition("; filename*=UTF-8''")
        found.append((name, plain.split('filename="')[1].rstrip('"'), unquote(full)))
        assert (told.startswith("attachment; "), "Set-Cookie" in response.headers) == (True, False)
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert response["Cache-Control"] == "no-store, private"
        assert response["Content-Length"] == str(len(PDF))
    assert found == NAMES
    assert Entry.objects.filter(action="evidence.read").count() == len(NAMES)


HOSTILE = ["<script>alert(1)</script>.pdf", '"><img src=x onerror=alert(1)>.pdf', "&amp;{{x}}.pdf"]


def test_a_name_is_shown_as_text_wherever_it_stands(world: World) -> None:
    for name in HOSTILE:
        stored(world, name, line=line_of(world))
    client = speaks(world)
    pages = [fill_url(world.report, page) for page in ("evidence", "indicators-1")]
    pages += [f"/reports/{world.report.pk}/"]
    pages += [f"/reports/evidence/{file.pk}/remove/" for file in Evidence.objects.all()]
    for page in pages:
        html = client.get(page).content.decode()
        assert "<script>alert(1)" not in html, page
        assert "<img src=x" not in html, page
        assert ".pdf" in html, page
    assert "&amp;amp;{{x}}.pdf" in client.get(pages[0]).content.decode()


def test_the_bytes_stand_outside_of_everything_a_web_server_gives_away(
    world: World, settings: Any
) -> None:
    send(world, speaks(world))
    root = Path(settings.EVIDENCE_ROOT)
    [file] = [path for path in root.rglob("*") if path.is_file()]
    assert file.suffix == ""
    for folder in (settings.STATIC_ROOT, *settings.STATICFILES_DIRS):
        assert not root.is_relative_to(folder)
        assert not Path(folder).is_relative_to(root)
    assert not getattr(settings, "MEDIA_URL", "").strip("/")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_file_is_only_read(world: World, method: str) -> None:
    file = stored(world, "list.pdf")
    assert getattr(speaks(world), method)(f"/reports/evidence/{file.pk}/").status_code == 405
    assert Evidence.objects.get() == file


# ------------------------------------------------------------------ taking a file off


@LANGUAGE
def test_the_question_names_the_file_and_what_will_happen(world: World, language: str) -> None:
    file, client = stored(world, "list.pdf"), speaks(world, language)
    response = client.get(f"/reports/evidence/{file.pk}/remove/")
    page = text_of(response)
    assert (response.status_code, faults(response), "list.pdf" in page) == (200, [], True)
    for sentence in ("Remove a file", "Remove the file", "Keep it"):
        assert in_words(language, sentence) in page
    told = "The file is taken off this report. This cannot be undone; you can only add it again."
    assert in_words(language, told) in page
    assert Evidence.objects.get() == file


def test_it_is_gone_and_told_and_gone_twice_is_harmless(world: World) -> None:
    language = "sq"
    file, kept = stored(world, "list.pdf"), stored(world, "kept.pdf")
    client, address = speaks(world, language), f"/reports/evidence/{file.pk}/remove/"
    response = client.post(address)
    assert response["Location"] == fill_url(world.report, "evidence")
    told = in_words(language, "%(name)s was removed.", name="list.pdf")
    assert told in text_of(client.get(response["Location"]))
    assert [client.post(address).status_code, client.get(address).status_code] == [404, 404]
    assert list(Evidence.objects.all()) == [kept]
    assert Entry.objects.filter(action="evidence.removed").count() == 1


def test_a_submitted_file_says_why_it_stays_and_offers_no_button(world: World) -> None:
    language = "en"
    file = stored(world, "list.pdf")
    world.returned()
    client, address = speaks(world, language), f"/reports/evidence/{file.pk}/remove/"
    for response, status in ((client.get(address), 200), (client.post(address), 409)):
        page = text_of(response)
        assert response.status_code == status
        assert in_words(language, "Back to the files") in page
        assert f">{in_words(language, 'Remove the file')}<" not in page.replace("</svg>", "")
        assert 'class="btn btn-danger"' not in page
    assert Evidence.objects.get() == file


def test_a_file_added_after_the_return_can_be_taken_off_and_the_older_one_not(world: World) -> None:
    older = stored(world, "older.pdf")
    world.returned()
    newer = stored(world, "newer.pdf")
    client = speaks(world)
    codes = [
        client.post(f"/reports/evidence/{file.pk}/remove/").status_code for file in (newer, older)
    ]
    assert (codes, list(Evidence.objects.all())) == ([302, 409], [older])


def test_every_step_of_a_file_is_in_the_log_and_on_the_report(world: World) -> None:
    client = speaks(world)
    send(world, client)
    file = Evidence.objects.get()
    client.get(f"/reports/evidence/{file.pk}/")
    client.post(f"/reports/evidence/{file.pk}/remove/")
    actions = [e.action for e in Entry.objects.order_by("sequence") if "evidence" in e.action]
    assert actions == ["evidence.added", "evidence.read", "evidence.removed"]
    page = text_of(client.get(f"/reports/{world.report.pk}/"))
    assert page.index("File removed: list.pdf") < page.index("File added: list.pdf")


def test_a_report_without_files_says_what_they_are_for(world: World) -> None:
    page = text_of(evidence_page(world, speaks(world)))
    assert "No files yet. A file shows where a figure comes from" in page
    Report.objects.filter(pk=world.report.pk).update(status="submitted")
    assert evidence_page(world, speaks(world)).status_code == 403
