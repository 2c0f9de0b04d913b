"""Pages of editions are made once; nobody ever sees a page that was made for somebody else."""

import json
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.test import Client, RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common import clock
from common.release import release
from indicators.models import Plan
from publishing.kept import kept
from publishing.models import Edition
from publishing.queries import read
from tests.publishing.released import Released

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/plans/AL/",
    "/plans/AL/objectives/",
    "/plans/AL/objectives/1/",
    "/plans/AL/indicators/",
    "/plans/AL/indicators/C1/",
    "/plans/AL/actions/",
    "/plans/AL/institutions/",
    "/plans/AL/institutions/MM/",
]
OVERVIEW = "/plans/AL/"
OLDER = "AL-2026-Q2-1"
CANARY = b"this was made for another reader"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    """Pages are kept in a folder of the test's own."""
    place = tmp_path / "pages"
    kept = {"BACKEND": "common.page_files.PageFiles", "LOCATION": str(place)}
    with override_settings(CACHES={"default": kept}):
        yield place


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*")) if folder.exists() else []


def ask(address: str, language: str = "en", **headers: str) -> Any:
    return Client(headers={"Accept-Language": language, **headers}).get(address)


def cost(address: str, client: Client | None = None) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert (client or Client()).get(address).status_code == 200
    return len(captured)


def write(path: Path, page: Any) -> None:
    path.write_bytes(zlib.compress(json.dumps([None, page]).encode()))


def mark(folder: Path) -> None:
    """Put the canary into every kept page, so that one that is served betrays itself."""
    for path in files(folder):
        _until, page = json.loads(zlib.decompress(path.read_bytes()))
        write(path, {**page, "body": CANARY.decode()})


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("address", PAGES)
def test_a_kept_page_is_the_page_and_costs_one_query(released: Released, address: str) -> None:
    first = ask(address)
    read.cache_clear()
    assert cost(address) == 1
    again = ask(address)
    assert again.content == first.content
    assert dict(again.headers) == dict(first.headers)
    assert again.cookies == {}


@pytest.mark.parametrize("address", PAGES)
def test_what_is_served_is_what_was_kept(released: Released, folder: Path, address: str) -> None:
    assert CANARY not in ask(address).content
    assert len(files(folder)) == 1
    mark(folder)
    assert ask(address).content == CANARY


def test_the_headers_are_those_of_every_public_page(released: Released) -> None:
    for _ in range(2):
        answer = ask(OVERVIEW)
        assert answer["Cache-Control"] == "public, max-age=60"
        assert answer["Vary"] == "Cookie, Accept-Language"
        assert answer["Content-Language"] == "en"
        assert "default-src 'self'" in answer["Content-Security-Policy"].split("; ")
        assert answer["X-Frame-Options"] == "DENY"


def test_a_reader_who_has_the_page_is_told_so(released: Released) -> None:
    tag = ask(OVERVIEW)["ETag"]
    for known in (tag, f'"other", {tag}', "*"):
        answer = ask(OVERVIEW, **{"If-None-Match": known})
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
        assert answer["Cache-Control"] == "public, max-age=60"
        assert answer["Vary"] == "Cookie, Accept-Language"
    assert ask(OVERVIEW, **{"If-None-Match": '"other"'}).status_code == 200


def test_the_first_reader_gets_a_tag_that_already_holds(released: Released, folder: Path) -> None:
    tag = ask(OVERVIEW)["ETag"]
    cache.clear()
    assert files(folder) == []
    assert ask(OVERVIEW, **{"If-None-Match": tag}).status_code == 304


def test_each_language_has_its_own_page_and_tag(released: Released, folder: Path) -> None:
    pages = {language: ask(OVERVIEW, language) for language in ("en", "sq")}
    assert len(files(folder)) == 2
    for language, page in pages.items():
        again = ask(OVERVIEW, language)
        assert again.content == page.content
        assert again["Content-Language"] == language
        assert f'<html lang="{language}">' in again.content.decode()
    assert pages["en"]["ETag"] != pages["sq"]["ETag"]


def test_the_language_cookie_chooses_the_page(released: Released) -> None:
    ask(OVERVIEW)
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "sq"
    assert '<html lang="sq">' in client.get(OVERVIEW).content.decode()
    assert cost(OVERVIEW, client) == 1


def test_a_signed_in_readers_page_is_not_kept(released: Released, folder: Path) -> None:
    page = signed_in(released.lead).get(OVERVIEW)
    assert released.lead.name in page.content.decode()
    assert files(folder) == []
    assert page["Cache-Control"] == "no-store, private"
    assert "ETag" not in page
    assert released.lead.name not in ask(OVERVIEW).content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_a_signed_in_reader_is_not_served_from_what_was_kept(
    released: Released, folder: Path, address: str
) -> None:
    ask(address)
    mark(folder)
    page = signed_in(released.lead).get(address)
    assert CANARY not in page.content
    assert released.lead.name in page.content.decode()
    assert ask(address).content == CANARY


def test_readers_in_turns_each_see_their_own_page(released: Released) -> None:
    people = [None, released.lead, None, released.reviewer, None]
    clients = [Client() if person is None else signed_in(person) for person in people]
    shown = [client.get(OVERVIEW).content.decode() for client in clients]
    names = [released.lead.name, released.reviewer.name]
    found = [[name for name in names if name in page] for page in shown]
    assert found == [[], [names[0]], [], [names[1]], []]
    assert shown[0] == shown[2] == shown[4]


@pytest.mark.parametrize("cookie", [settings.SESSION_COOKIE_NAME, "messages"])
@pytest.mark.parametrize("value", ["", "nonsense", "x" * 40])
def test_whoever_brings_something_of_her_own_is_answered_anew(
    released: Released, folder: Path, cookie: str, value: str
) -> None:
    client = Client()
    client.cookies[cookie] = value
    assert client.get(OVERVIEW).status_code == 200
    assert files(folder) == []
    ask(OVERVIEW)
    mark(folder)
    assert CANARY not in client.get(OVERVIEW).content


@pytest.mark.parametrize(
    "query",
    [
        "?x=1",
        "?objective=1",
        "?export=csv",
        f"?edition={OLDER}&x=1",
        f"?edition={OLDER}&edition={OLDER}",
    ],
)
def test_what_was_filtered_is_computed(released: Released, folder: Path, query: str) -> None:
    assert ask(f"/plans/AL/indicators/{query}").status_code == 200
    assert files(folder) == []


def test_a_part_of_a_page_is_computed(released: Released, folder: Path) -> None:
    assert ask("/plans/AL/indicators/", **{"HX-Request": "true"}).status_code == 200
    assert files(folder) == []


@pytest.mark.parametrize("address", ["/plans/XX/", "/plans/AL/indicators/XX/", "/plans/AL/XX"])
def test_what_is_not_there_is_not_kept(released: Released, folder: Path, address: str) -> None:
    assert ask(address).status_code == 404
    assert ask(f"{address}?edition={OLDER}").status_code == 404
    assert files(folder) == []


@pytest.mark.parametrize("edition", ["AL-2026-Q9-1", "nonsense", "%00", "AL-2026-Q2-1%00"])
def test_an_edition_that_is_not_there_is_not_kept(
    released: Released, folder: Path, edition: str
) -> None:
    assert ask(f"{OVERVIEW}?edition={edition}").status_code == 404
    assert files(folder) == []


def test_nothing_is_posted_to_a_kept_page(released: Released, folder: Path) -> None:
    ask(OVERVIEW)
    assert Client().post(OVERVIEW).status_code == 405
    head = Client().head(OVERVIEW)
    assert (head.status_code, head.content) == (200, b"")
    assert len(files(folder)) == 1


def test_each_edition_has_its_own_page(released: Released, folder: Path) -> None:
    newest, older = ask(OVERVIEW), ask(f"{OVERVIEW}?edition={OLDER}")
    named = ask(f"{OVERVIEW}?edition={released.newest.address}")
    assert len({page.content for page in (newest, older, named)}) == 3
    assert len(files(folder)) == 3
    assert ask(OVERVIEW).content == newest.content
    assert ask(f"{OVERVIEW}?edition={OLDER}").content == older.content


def another_edition(released: Released) -> Edition:
    """The older quarter's figures as the newest edition: another snapshot at the same pages."""
    row = Edition.objects.get(pk=released.newest.pk)
    old = Edition.objects.get(pk=released.older.pk)
    row.pk, row.number, row.address = None, row.number + 1, "AL-2026-Q3-2"
    row.snapshot, row.sha256, row.summary = old.snapshot, old.sha256, old.summary
    row.save(force_insert=True)
    return row


@pytest.mark.parametrize("address", ["/", OVERVIEW, "/plans/AL/indicators/C1/"])
def test_a_new_edition_shows_at_once(released: Released, address: str) -> None:
    before = ask(address)
    another_edition(released)
    after = ask(address)
    assert after.content != before.content
    assert ask(address, **{"If-None-Match": before["ETag"]}).status_code == 200
    Edition.objects.filter(address="AL-2026-Q3-2").delete()
    assert ask(address).content == before.content


def test_an_older_edition_says_that_there_is_a_newer_one_at_once(released: Released) -> None:
    address = f"{OVERVIEW}?edition={released.newest.address}"
    before = ask(address).content
    another_edition(released)
    after = ask(address).content
    assert b"AL-2026-Q3-2" not in before
    assert after != before


def test_the_page_of_all_plans_follows_a_changed_title(released: Released) -> None:
    assert "Renamed" not in ask("/").content.decode()
    Plan.objects.filter(code="AL").update(title_en="Renamed")
    assert "Renamed" in ask("/").content.decode()


def test_a_plan_without_an_edition_is_read_live(released: Released, folder: Path) -> None:
    address = f"/plans/{released.structure.code}/"
    assert ask(address).status_code == 200
    assert files(folder) == []
    Plan.objects.filter(pk=released.structure.pk).update(title_en="Renamed")
    assert "Renamed" in ask(address).content.decode()


def test_another_release_makes_its_pages_anew(released: Released, folder: Path) -> None:
    ask(OVERVIEW)
    mark(folder)
    try:
        release.cache_clear()
        with override_settings(STATIC_ROOT=folder, STATIC_URL="/other/"):
            assert CANARY not in ask(OVERVIEW).content
    finally:
        release.cache_clear()
    assert ask(OVERVIEW).content == CANARY


def test_a_page_is_made_anew_each_day(released: Released, folder: Path) -> None:
    with clock.at(datetime(2026, 12, 1, 10, tzinfo=UTC)):
        ask(OVERVIEW)
        mark(folder)
        assert ask(OVERVIEW).content == CANARY
    with clock.at(datetime(2026, 12, 1, 10, tzinfo=UTC) + timedelta(days=1)):
        assert CANARY not in ask(OVERVIEW).content


@pytest.mark.parametrize("damage", ["", "cut", "turned", "other", "list", "gone"])
def test_a_damaged_page_is_made_anew(released: Released, folder: Path, damage: str) -> None:
    first = ask(OVERVIEW)
    [path] = files(folder)
    whole = path.read_bytes()
    if damage == "list":
        write(path, ["no", "page"])
    elif damage == "gone":
        path.unlink()
    else:
        turned = bytes(byte ^ 255 for byte in whole)
        path.write_bytes({"": b"", "cut": whole[:40], "turned": turned, "other": b"{}"}[damage])
    again = ask(OVERVIEW)
    assert (again.status_code, again.content) == (200, first.content)
    assert cost(OVERVIEW) == 1


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(
    released: Released, folder: Path
) -> None:
    folder.parent.joinpath("pages").write_text("a file stands in the way")
    first, again = ask(OVERVIEW), ask(OVERVIEW)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content


def with_cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("seen")
    response.set_cookie("seen", "1")
    return response


UNKEPT = {
    "a cookie": with_cookie,
    "a redirect": lambda _request: HttpResponseRedirect("/"),
    "an error": lambda _request: HttpResponse("sorry", status=500),
    "a stream": lambda _request: StreamingHttpResponse(["a"]),
}


@pytest.mark.parametrize("name", UNKEPT)
def test_what_is_no_plain_page_is_passed_on_and_not_kept(folder: Path, name: str) -> None:
    answer = kept(lambda _request, _place: "1")(UNKEPT[name])(RequestFactory().get("/x/"))
    assert type(answer) is type(UNKEPT[name](RequestFactory().get("/x/")))
    assert "ETag" not in answer.headers
    assert files(folder) == []


def test_without_a_version_nothing_is_kept(folder: Path) -> None:
    for version, number in (("", 0), ("1", 1), ("2", 2), ("1", 2)):
        view = kept(lambda _request, _place, version=version: version)
        assert view(lambda _request: HttpResponse("a"))(RequestFactory().get("/x/")).content == b"a"
        assert len(files(folder)) == number


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_page_of_many_plans_costs_one_query_and_no_snapshot(
    released: Released, number: int
) -> None:
    rows = [Edition.objects.get(pk=released.newest.pk) for _ in range(number)]
    plans = Plan.objects.bulk_create(
        Plan(code=f"K{n}", country="AL", starts_on="2024-01-01", ends_on="2027-12-31")
        for n in range(number)
    )
    for row, plan in zip(rows, plans, strict=True):
        row.pk, row.plan, row.address, row.snapshot = None, plan, f"{plan.code}-1", "unread"
        row.number = 100 + plan.pk
    Edition.objects.bulk_create(rows)
    assert [cost("/"), cost("/")] == [1, 1]
