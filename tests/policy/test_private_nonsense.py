"""Addresses, queries, forms and cookies that make no sense: a plain answer, never a breakdown."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from django.db import transaction

from accounts.sessions import SessionStore
from reports.models import Narrative, Report
from tests import factory
from tests.conftest import World
from tests.policy.walking import SONGS, Browser, Scene, stage, sung, text_of

HUGE = 10**30
LONG = "x" * 5000

# What people and programs put where a word or a number is expected.
WORDS = {
    "empty": "",
    "letters": "x",
    "huge": str(HUGE),
    "just too big for a database": str(2**63),
    "negative": "-1",
    "fraction": "1.5",
    "other digits": "٣",
    "SQL": "status;drop table reports_report--",
    "script": "<script>alert(1)</script>",
    "NUL": "a\x00b",
    "line break": "a\r\nSet-Cookie: x=1",
    "surrogate": "%ED%A0%80",
    "half a character": "%ff%fe",
    "right to left": "\u202eabc",
    "long": LONG,
    "template": "{{ 7*7 }}{% debug %}",
}


class Place(NamedTuple):
    """A page, who opens it, and the parameters it reads."""

    path: str
    person: str
    names: tuple[str, ...]


TABLE = ("page", "sort", "export")
PLACES = [
    Place("/reports/", "contributor", (*TABLE, "status", "year", "q", "period")),
    Place("/review/", "reviewer", (*TABLE, "status", "plan", "institution", "q")),
    Place("/quarters/", "lead", (*TABLE, "q")),
    Place("/quarters/{period}/", "lead", (*TABLE, "status", "institution", "late", "q")),
    Place("/review/{report}/", "reviewer", ("page", "part")),
    Place("/reports/{report}/", "contributor", ("missing",)),
    Place("/reports/{report}/content/", "contributor", ("page",)),
    Place("/login/", "anonymous", ("next",)),
]


def _encoded(word: str) -> str:
    return word if word.startswith("%") else quote(word, safe="")


def _path(scene: Scene, pattern: str) -> str:
    return pattern.format(report=scene.things["report"], period=scene.things["period"])


def _said(response: Any) -> str:
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", text_of(response).partition("\n\n")[2]).split())


@pytest.fixture
def scene(world: World) -> Scene:
    return stage(world, "under_review")


def test_a_query_that_makes_no_sense_is_answered(scene: Scene) -> None:
    """Every word in every parameter of a page at once; the page is there or says why not."""
    wrong = {}
    for place in PLACES:
        browser, path = scene.browsers[place.person], _path(scene, place.path)
        for name, word in WORDS.items():
            query = "&".join(f"{parameter}={_encoded(word)}" for parameter in place.names)
            status = browser.get(f"{path}?{query}").status_code
            if status not in ((200,) if name == "empty" else (200, 400, 404)):
                wrong[path, name] = status
    assert wrong == {}


QUERIES = [
    "page=0",
    "page=99999",
    "page=x",
    "page=-3",
    "page=1&page=2",
    "page[]=1",
    "sort=",
    "sort=-",
    "sort=--status",
    "sort=password",
    "sort=reviewer__password",
    "sort=pk",
    "export=pdf",
    "export=exe",
    "export=",
    "unknown=1",
    "&&&=&=",
    "?",
    "status=submitted&status=draft",
]


def test_a_list_with_a_wrong_query_is_still_the_list(scene: Scene) -> None:
    row, wrong = f'href="/review/{scene.things["report"]}/"', []
    for query in QUERIES:
        response = scene.browsers["reviewer"].get(f"/review/?{query}")
        is_page = response["Content-Type"] == "text/html; charset=utf-8"
        if response.status_code != 200 or not is_page or row not in response.content.decode():
            wrong.append((query, response.status_code))
    assert wrong == []


OF_REPORTS = (
    "/reports/{}/",
    "/reports/{}/workbook.xlsx",
    "/reports/{}/sheet.xlsx",
    "/reports/{}/content/",
    "/reports/{}/fill/",
    "/reports/{}/fill/narrative/",
    "/reports/{}/paste/narrative/",
    "/reports/{}/decide/submit/",
    "/reports/evidence/{}/",
    "/reports/evidence/{}/remove/",
)
OF_QUARTERS = (
    "/review/{}/",
    "/review/{}/accept/",
    "/quarters/{}/",
    "/quarters/{}/workbook.xlsx",
    "/publish/{}/",
)
PAGES = (*OF_REPORTS, *OF_QUARTERS)
NUMBERS = ("0", str(2**31), str(2**63), str(HUGE), "-1", "1.0", "x", "%00", "%D9%A3", "1%20", LONG)


@pytest.mark.parametrize(("person", "pages"), [("contributor", OF_REPORTS), ("lead", OF_QUARTERS)])
def test_a_number_of_nothing_is_a_page_that_is_not_there(
    scene: Scene, person: str, pages: tuple[str, ...]
) -> None:
    wrong = {}
    for pattern in pages:
        for number in NUMBERS:
            status = scene.browsers[person].get(pattern.format(number)).status_code
            if status != 404:
                wrong[pattern, number[:40]] = status
    assert wrong == {}


def test_a_page_that_is_not_there_says_so_and_leads_on(scene: Scene) -> None:
    response = scene.browsers["contributor"].get(f"/reports/{HUGE}/")
    assert response.status_code == 404
    assert "Not found" in _said(response)
    assert 'href="/"' in response.content.decode()


ODD = ("nothing", "%00", "..%2f..", "%F0%9F%98%80", "%27", "SUBMIT", "submit%20", "1", "x" * 3000)


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        ("/reports/{report}/decide/{odd}/", "get"),
        ("/reports/{report}/decide/{odd}/", "post"),
        ("/reports/{report}/fill/{odd}/", "get"),
        ("/reports/{report}/fill/{odd}/", "post"),
        ("/reports/{report}/save/{odd}/", "post"),
    ],
)
def test_a_word_of_nothing_in_an_address_is_not_there(
    world: World, pattern: str, method: str
) -> None:
    client = world.client(world.approver)
    told = {}
    for odd in ODD:
        path = pattern.format(report=world.report.pk, odd=odd)
        told[odd] = getattr(client, method)(path).status_code
    assert told == dict.fromkeys(ODD, 404)


def test_a_part_of_nothing_is_not_there_in_a_review(scene: Scene) -> None:
    posted = {"review-now": scene.world.now().reviews.get().pk}
    path = f"/review/{scene.things['report']}/save/"
    told = {odd: scene.browsers["reviewer"].post(f"{path}{odd}/", posted) for odd in ODD}
    assert {odd: answer.status_code for odd, answer in told.items()} == dict.fromkeys(ODD, 404)


# ------------------------------------------------------------------ forms


WORST = ("letters", "huge", "NUL", "long")


def _spoiled(fields: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The form with each of the worst words in each of its fields, one at a time."""
    for field in fields:
        for name in WORST:
            yield field, name, {**fields, field: WORDS[name]}


FORMS = [
    # person, state, address, the fields of a form
    ("approver", "draft", "/reports/{report}/decide/submit/", {"version": "1", "key": "k"}),
    (
        "administrator",
        "draft",
        "/reports/{report}/decide/submit_on_behalf/",
        {"version": "1", "key": "k", "reason": "r"},
    ),
    (
        "reviewer",
        "under_review",
        "/reports/{report}/decide/return/",
        {"version": "1", "key": "k", "reason": "r", "due_on": "2100-01-01"},
    ),
    (
        "contributor",
        "draft",
        "/reports/{report}/save/narrative/",
        {"narrative-version": "1", "narrative-seen": "x", "narrative-now": "1"},
    ),
    ("contributor", "draft", "/reports/{report}/evidence/", {"backs": "line-1", "file": "x"}),
    (
        "reviewer",
        "under_review",
        "/review/{report}/",
        {"review-now": "1", "narrative-version": "0", "narrative-verdict": "accepted"},
    ),
    ("reviewer", "under_review", "/review/{report}/accept/", {"review-now": "1"}),
    ("lead", "validated", "/publish/{period}/", {"seen": "x", "note": "n"}),
]


@pytest.mark.parametrize("state", ["draft", "under_review", "validated"])
def test_a_form_that_makes_no_sense_is_refused_and_changes_nothing(
    world: World, state: str
) -> None:
    scene = stage(world, state)
    before = (world.now().status, world.now().version)
    wrong = {}
    for person, _state, pattern, fields in [form for form in FORMS if form[1] == state]:
        for field, name, form in _spoiled(fields):
            with transaction.atomic():
                status = scene.browsers[person].post(_path(scene, pattern), form).status_code
                transaction.set_rollback(True)
            if status not in (302, 400, 403, 409, 422):
                wrong[pattern, field, name] = status
    assert wrong == {}
    assert (world.now().status, world.now().version) == before


def test_what_is_typed_into_every_field_of_a_report_is_no_breakdown(world: World) -> None:
    """Each word stands in every field of a page at once; the answer names what is wrong."""
    scene = stage(world, "draft")
    line = Report.objects.get(pk=world.report.pk).lines.order_by("pk")[0]
    part, statuses = f"line-{line.pk}", {}
    names = ("value", "state", "reason", "rating", "rating_reason", "note")
    for name, word in WORDS.items():
        form = {f"{part}-{field}": word for field in names}
        form[f"{part}-version"] = str(line.version)
        path = f"/reports/{world.report.pk}/save/{part}/"
        with transaction.atomic():
            statuses[name] = scene.browsers["contributor"].post(path, form).status_code
            transaction.set_rollback(True)
    assert {n: s for n, s in statuses.items() if s not in (200, 409, 422)} == {}
    assert statuses["script"] == 422


def test_a_nul_in_a_text_is_said_and_the_text_before_it_stays(world: World) -> None:
    client, narrative = world.client(world.contributor), world.report.narrative
    typed = {"narrative-version": narrative.version, "narrative-done": "one\x00two"}
    answer = client.post(f"/reports/{world.report.pk}/save/narrative/", typed)
    assert answer.status_code == 422
    assert "Null characters are not allowed" in answer.content.decode()
    assert Narrative.objects.get(report=world.report).done == ""


def test_a_body_of_another_kind_is_a_form_without_fields(world: World) -> None:
    client = world.client(world.contributor)
    path = f"/reports/{world.report.pk}/save/narrative/"
    kinds = {
        "application/json": b'{"narrative-done": "x"}',
        "text/plain": b"\xff\xfe",
        "multipart/form-data; boundary=x": b"--x\r\nnonsense",
        "application/x-www-form-urlencoded": b"%%%=%00&&",
    }
    told = {
        kind: client.post(path, body, content_type=kind).status_code for kind, body in kinds.items()
    }
    assert {kind: status for kind, status in told.items() if status >= 500} == {}
    assert Narrative.objects.get(report=world.report).done == ""


def test_more_fields_than_any_page_has_are_refused(world: World) -> None:
    client = world.client(world.contributor)
    many = {f"x{n}": "1" for n in range(2600)}
    answer = client.post(f"/reports/{world.report.pk}/fill/narrative/", many)
    assert answer.status_code == 400


# ------------------------------------------------------------------ cookies and headers

HEADERS = [
    {"cookie": "sessionid=" + LONG},
    {"cookie": "sessionid="},
    {"cookie": 'sessionid="\\000aaaaaaaaaaaa"'},
    {"cookie": "sessionid=../../../etc/passwd"},
    {"cookie": "messages=nonsense"},
    {"cookie": "messages=eyJ4IjogMX0:x:x"},
    {"cookie": "csrftoken=short"},
    {"cookie": "django_language=xx"},
    {"cookie": "django_language=../sq"},
    {"cookie": ";;;=;="},
    {"accept-language": LONG},
    {"accept-language": "*;q=x, sq;q=99"},
    {"hx-request": "x", "hx-current-url": "http://%00"},
    {"hx-request": "true", "hx-target": LONG},
    {"range": "bytes=9-1"},
    {"if-modified-since": "yesterday"},
    {"if-none-match": '"' + LONG},
    {"referer": "\x01"},
    {"x-forwarded-for": "<script>"},
    {"content-length": "x"},
]


@pytest.mark.parametrize("headers", HEADERS, ids=lambda h: str(h)[:60])
@pytest.mark.parametrize("path", ["/reports/", "/method/"])
def test_a_header_that_makes_no_sense_is_no_breakdown(
    db: None, headers: dict[str, str], path: str
) -> None:
    response = Browser().get(path, headers=headers)
    expected = {"/reports/": (302, 401), "/method/": (200,)}
    assert response.status_code in expected[path]


@pytest.mark.parametrize(
    ("key", "is_one"),
    [
        ("a" * 32, True),
        ("0123456789abcdefghijklmnopqrstuv", True),
        ("a" * 7, False),
        ("", False),
        ("\x00" + "a" * 31, False),
        ("a" * 31 + "\x00", False),
        ("٣" * 32, False),
        ("../../../etc/passwd", False),
        ("' or 1=1 -- aaaa", False),
    ],
)
def test_only_what_can_be_a_key_is_looked_for_among_the_sessions(
    db: None, django_assert_num_queries: Any, key: str, is_one: bool
) -> None:
    with django_assert_num_queries(1 if is_one else 0):
        assert dict(SessionStore(key).items()) == {}


def test_the_sessions_of_the_site_are_these(world: World) -> None:
    client = world.client(world.contributor)
    assert isinstance(client.session, SessionStore)
    assert (client.session.session_key or "").isalnum()


def test_a_host_that_is_not_ours_is_refused(world: World, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    response = Browser().get("/reports/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()


# ------------------------------------------------------------------ what is said


def test_what_was_asked_for_is_never_put_into_a_page_as_it_came(scene: Scene) -> None:
    word = "<script>alert(1)</script>"
    for place in PLACES:
        query = "&".join(f"{name}={quote(word)}" for name in place.names)
        page = scene.browsers[place.person].get(f"{_path(scene, place.path)}?{query}")
        assert word not in page.content.decode(errors="replace"), place.path


def test_no_refusal_of_nonsense_tells_what_stands_in_the_report(scene: Scene) -> None:
    """The reader of an error may be anybody: no canary, no name of a table, no trace."""
    told = []
    for pattern in PAGES:
        for number in (scene.things["report"], HUGE, "%00"):
            answer = scene.browsers["stranger"].get(pattern.format(number))
            text = text_of(answer)
            told += [(pattern, song) for song in sung(text)]
            told += [(pattern, w) for w in ("Traceback", "reports_report", "SELECT ") if w in text]
    assert told == []
    assert set(SONGS) >= {"narrative", "figure"}


def test_a_next_address_of_another_site_is_not_followed(world: World) -> None:
    typed = {"username": world.contributor.email, "password": factory.PASSWORD}
    for target in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil"):
        answer = Browser().post("/login/", {**typed, "next": target})
        assert answer.headers["Location"] == "/reports/work/", target
    answer = Browser().post("/login/", {**typed, "next": "/quarters/"})
    assert answer.headers["Location"] == "/quarters/"


def test_a_language_that_is_not_there_changes_nothing(world: World) -> None:
    for language in ("xx", "", "../sq", "s" * 500, "\x00"):
        answer = Browser().post("/language/setlang/", {"language": language, "next": "/method/"})
        assert answer.status_code == 302
        assert "django_language" not in answer.cookies, language
    answer = Browser().post("/language/setlang/", {"language": "sq", "next": "//evil.example"})
    assert (answer.cookies["django_language"].value, answer["Location"]) == ("sq", "/")
