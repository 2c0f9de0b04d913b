"""The files of an edition: the same bytes for ever, sent once."""

import hashlib
import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import Institution, User
from common.workbook import IN_MEMORY
from indicators.models import Plan
from publishing.models import Edition
from publishing.queries import read
from reports.models import Observation
from tests.publishing.pages import ask
from tests.publishing.released import Released
from tests.reports.exporting import body

pytestmark = pytest.mark.django_db

BASE = "/editions/AL-2026-Q3-1/"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV, JSON = "text/csv; charset=utf-8", "application/json"
# file, language, content type, name of the file, ending of the tag
FILES = [
    ("workbook.xlsx", "en", XLSX, "AL-2026-Q3-1-en.xlsx", "-en"),
    ("workbook.xlsx", "sq", XLSX, "AL-2026-Q3-1-sq.xlsx", "-sq"),
    ("data.csv", "en", CSV, "AL-2026-Q3-1.csv", "-csv"),
    ("data.csv", "sq", CSV, "AL-2026-Q3-1.csv", "-csv"),
    ("snapshot.json", "en", JSON, "AL-2026-Q3-1.json", ""),
    ("snapshot.json", "sq", JSON, "AL-2026-Q3-1.json", ""),
]
NAMES = ["workbook.xlsx", "data.csv", "snapshot.json"]


@pytest.mark.parametrize(("file", "language", "kind", "name", "tag"), FILES)
def test_its_headers_say_what_it_is_and_that_it_never_changes(
    released: Released, file: str, language: str, kind: str, name: str, tag: str
) -> None:
    answer = ask(BASE + file, language)
    assert answer["Content-Type"] == kind
    assert answer["Content-Disposition"] == (
        f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
    )
    assert answer["ETag"] == f'"{released.newest.sha256}{tag}"'
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert int(answer["Content-Length"]) == len(body(answer)) > 1000
    assert answer.cookies == {}


@pytest.mark.parametrize("file", NAMES)
def test_every_download_has_the_same_bytes(released: Released, file: str) -> None:
    first = body(ask(BASE + file))
    assert body(ask(BASE + file)) == first
    read.cache_clear()
    assert body(ask(BASE + file)) == first
    client = Client()
    client.force_login(released.lead)
    assert body(client.get(BASE + file)) == first


@pytest.mark.parametrize("file", NAMES)
def test_what_happens_after_publication_does_not_change_a_byte(
    released: Released, file: str
) -> None:
    before = body(ask(BASE + file))
    Observation.objects.filter(value__isnull=False).update(value=1)
    Plan.objects.update(title_en="Changed", small_count_below=50)
    Institution.objects.update(name_en="Changed")
    Edition.objects.filter(pk=released.newest.pk).update(note="Changed")
    read.cache_clear()
    assert body(ask(BASE + file)) == before


def test_the_json_is_the_hashed_text_byte_for_byte(released: Released) -> None:
    for edition in (released.older, released.newest):
        data = body(ask(f"/editions/{edition.address}/snapshot.json"))
        assert data.decode() == edition.snapshot
        assert hashlib.sha256(data).hexdigest() == edition.sha256
        told = json.loads(data)
        assert (told["edition"]["address"], told["format"]) == (edition.address, "1")


def test_the_csv_and_the_json_do_not_depend_on_who_reads(released: Released) -> None:
    for file in ("data.csv", "snapshot.json"):
        assert body(ask(BASE + file, "en")) == body(ask(BASE + file, "sq"))
    assert body(ask(BASE + NAMES[0], "en")) != body(ask(BASE + NAMES[0], "sq"))


# What the browser says it has, and whether that is the file: {tag} stands for the right one.
KNOWN = [
    ("{tag}", True),
    ("W/{tag}", True),
    ("*", True),
    ('"another", {tag}', True),
    ('"another"', False),
    ("", False),
    ("{bare}", False),
]


@pytest.mark.parametrize("file", NAMES)
def test_who_has_it_is_not_sent_it_again(released: Released, file: str) -> None:
    tag = ask(BASE + file)["ETag"]
    for said, is_known in KNOWN:
        header = said.format(tag=tag, bare=tag.strip('"'))
        answer: Any = Client(headers={"If-None-Match": header}).get(BASE + file)
        assert answer.status_code == (304 if is_known else 200), said
        assert (body(answer) == b"") is is_known
        assert answer["ETag"] == tag
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_tag_of_one_language_is_not_that_of_the_other(released: Released) -> None:
    tag = ask(BASE + NAMES[0], "sq")["ETag"]
    answer: Any = Client(headers={"If-None-Match": tag}).get(BASE + NAMES[0])
    assert answer.status_code == 200


def test_a_tag_of_one_edition_is_not_that_of_another(released: Released) -> None:
    for file in NAMES:
        tag = ask(BASE + file)["ETag"]
        client: Any = Client(headers={"If-None-Match": tag})
        assert client.get(f"/editions/AL-2026-Q2-1/{file}").status_code == 200


def test_the_workbook_is_kept_apart_by_language(released: Released) -> None:
    vary = {name.strip() for name in ask(BASE + NAMES[0])["Vary"].split(",")}
    assert {"Cookie", "Accept-Language"} <= vary


# language of the browser, of the person who is logged in, of the cookie; and of the workbook
LANGUAGES = [
    ("en", "", "", "en"),
    ("sq", "", "", "sq"),
    ("sq-AL,sq;q=0.9,en;q=0.5", "", "", "sq"),
    ("de", "", "", "en"),
    ("en", "", "sq", "sq"),
    ("en", "sq", "", "sq"),
    ("sq", "en", "", "en"),
    ("en", "sq", "en", "en"),
    ("en", "en", "xx", "en"),
]


@pytest.mark.parametrize(("browser", "person", "cookie", "expected"), LANGUAGES)
def test_the_workbook_is_in_the_language_of_who_asked(
    released: Released, browser: str, person: str, cookie: str, expected: str
) -> None:
    client: Any = Client(headers={"Accept-Language": browser})
    if person:
        User.objects.filter(pk=released.lead.pk).update(language=person)
        client.force_login(User.objects.get(pk=released.lead.pk))
    if cookie:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie
    answer = client.get(BASE + NAMES[0])
    assert f"AL-2026-Q3-1-{expected}.xlsx" in answer["Content-Disposition"]
    assert body(answer) == body(ask(BASE + NAMES[0], expected))


@pytest.mark.parametrize("file", NAMES)
def test_for_its_headers_alone_nothing_is_sent(released: Released, file: str) -> None:
    answer: Any = Client().head(BASE + file)
    assert (answer.status_code, body(answer)) == (200, b"")
    assert answer["ETag"] == ask(BASE + file)["ETag"]
    assert int(answer["Content-Length"]) == len(body(ask(BASE + file)))


@pytest.mark.parametrize("file", ["workbook.xls", "workbook", "data.CSV", "../data.csv", "json"])
def test_there_are_no_other_files(released: Released, file: str) -> None:
    assert ask(BASE + file).status_code == 404


def test_a_large_file_goes_out_in_pieces_and_whole(released: Released) -> None:
    from common.canonical import sha256

    text = released.newest.snapshot.replace("As planned.", "x" * 200_000)
    assert len(text) > IN_MEMORY
    Edition.objects.filter(pk=released.newest.pk).update(snapshot=text, sha256=sha256(text))
    answer = ask(BASE + "snapshot.json")
    assert answer.streaming
    assert hashlib.sha256(body(answer)).hexdigest() == sha256(text)
    answer.close()
