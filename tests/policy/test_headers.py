"""What every kind of answer tells the browser: what may run, who may frame it, what is kept."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from publishing.services import checklist, publish
from tests import factory
from tests.conftest import World
from tests.inspection import ROOT
from tests.policy.pages import Page, header_faults, page_faults
from tests.policy.table import PRIVATE
from tests.policy.walking import PDF, Scene, address, stage

BRIEFLY = "public, max-age=60"
FOR_EVER = "public, max-age=31536000, immutable"
NEVER = "no-store, private"
NO_LOG_IN = "max-age=0, no-cache, no-store, must-revalidate, private"
HTMX = {"HX-Request": "true"}

# What it is, who asks, how, for what, and what comes: status, and how long it may be kept.
ANSWERS = """
public page              anonymous      GET   /                                     200  BRIEFLY
public page of a plan    anonymous      GET   /plans/AL/                            200  BRIEFLY
public list              anonymous      GET   /plans/AL/indicators/?objective=1     200  BRIEFLY
list as a file           anonymous      GET   /plans/AL/indicators/?export=csv      200  NEVER
list as a workbook       anonymous      GET   /plans/AL/actions/?export=xlsx        200  NEVER
edition                  anonymous      GET   /editions/AL-2026-Q3-1/               200  BRIEFLY
edition as a workbook    anonymous      GET   /editions/AL-2026-Q3-1/workbook.xlsx  200  FOR_EVER
edition as CSV           anonymous      GET   /editions/AL-2026-Q3-1/data.csv       200  FOR_EVER
edition as JSON          anonymous      GET   /editions/AL-2026-Q3-1/snapshot.json  200  FOR_EVER
no such page             anonymous      GET   /nowhere/                             404  -
no such plan             anonymous      GET   /plans/XX/                            404  -
no such edition          anonymous      GET   /editions/AL-2030-Q1-1/               404  -
no such file             anonymous      GET   /static/css/nothing.css               404  -
no such page inside      contributor    GET   /nowhere/                             404  NEVER
without the last slash   anonymous      GET   /method                               301  -
public page is read only anonymous      POST  /                                     405  -
public page by PUT       anonymous      PUT   /plans/AL/                            405  -
log-in page              anonymous      GET   /login/                               200  NO_LOG_IN
log-in refused           anonymous      POST  /login/                               200  NO_LOG_IN
log-out by a link        contributor    GET   /logout/                              405  NEVER
private page for nobody  anonymous      GET   /reports/                             302  -
admin for nobody         anonymous      GET   /admin/                               302  NO_LOG_IN
log-in page of the admin anonymous      GET   /admin/login/                         200  NO_LOG_IN
typed by nobody          anonymous      POST  /reports/{report}/fill/narrative/     401  NEVER
a part saved by nobody   anonymous      HTMX  /reports/{report}/save/narrative/     401  NEVER
language chosen          anonymous      POST  /language/setlang/                    302  -
how the system is        anonymous      GET   /healthz                              200  no-store
icon                     anonymous      GET   /favicon.ico                          302  -
public page when inside  contributor    GET   /                                     200  NEVER
edition when inside      contributor    GET   /editions/AL-2026-Q3-1/snapshot.json  200  NEVER
own reports              contributor    GET   /reports/                             200  NEVER
own reports as a file    contributor    GET   /reports/?export=csv                  200  NEVER
own report               contributor    GET   /reports/{report}/                    200  NEVER
own report as a workbook contributor    GET   /reports/{report}/workbook.xlsx       200  NEVER
not a workbook now       contributor    GET   /reports/{report}/sheet.xlsx          403  NEVER
nothing to save here     contributor    HTMX  /reports/{report}/save/narrative/     403  NEVER
may not fill in now      contributor    GET   /reports/{report}/fill/narrative/     403  NEVER
somebody else's report   interior       GET   /reports/{report}/                    404  NEVER
not of the coalition     contributor    GET   /review/                              403  NEVER
page of a decision       reviewer       GET   /reports/{report}/decide/reopen/      403  NEVER
decided already          reviewer       POST  /reports/{report}/decide/take/        409  NEVER
reading by a POST        contributor    POST  /reports/{report}/                    405  NEVER
work                     lead           GET   /reports/work/                        302  NEVER
queue as a file          lead           GET   /review/?export=xlsx                  200  NEVER
quarter                  lead           GET   /quarters/{period}/                   200  NEVER
quarter as a workbook    lead           GET   /quarters/{period}/workbook.xlsx      200  NEVER
publishing               lead           GET   /publish/{period}/                    200  NEVER
publishing too late      lead           POST  /publish/{period}/                    409  NEVER
own password             lead           GET   /password/                            200  NEVER
admin                    administrator  GET   /admin/                               200  NEVER
list in the admin        administrator  GET   /admin/indicators/indicator/          200  NEVER
form in the admin        administrator  GET   /admin/indicators/plan/{plan}/change/ 200  NEVER
file from the admin      administrator  POST  /admin/indicators/indicator/export/   200  NEVER
choices in the admin     administrator  GET   /admin/autocomplete/{choices}         200  NEVER
words of the admin       administrator  GET   /admin/jsi18n/                        200  NEVER
not hers in the admin    administrator  GET   /admin/indicators/framework/add/      403  NEVER
no such row in the admin administrator  GET   /admin/indicators/plan/0/change/      404  NEVER
admin without access     contributor    GET   /admin/                               302  NEVER
"""
PAGES = {"BRIEFLY": BRIEFLY, "FOR_EVER": FOR_EVER, "NEVER": NEVER, "NO_LOG_IN": NO_LOG_IN, "-": ""}
CHOICES = "?app_label=indicators&model_name=objective&field_name=plan&term="


def published(world: World) -> dict[str, Any]:
    """Browsers by name; the ministry's report is published."""
    world.validated()
    publish(period=world.period, by=world.lead, seen=checklist(world.period).seen)
    User.objects.filter(pk=world.administrator.pk).update(is_staff=True)
    people = {"interior": world.other_contributor, "anonymous": None}
    people |= {n: getattr(world, n) for n in ("contributor", "reviewer", "lead", "administrator")}
    return {name: world.client(user) for name, user in people.items()}


def told(world: World, clients: dict[str, Any]) -> Iterator[tuple[str, list[str], Any]]:
    """Every line of the table with its answer."""
    places = {"report": world.report.pk, "period": world.period.pk, "plan": world.plan.pk}
    seen = {"seen": "0", "note": "", "version": 0, "key": "k", "format": "1", "resource": "0"}
    for line in ANSWERS.strip().splitlines():
        name, (who, method, path, *expected) = line[:25].strip(), line[25:].split()
        client, path = clients[who], path.format(**places, choices=CHOICES)
        if method == "HTMX":
            answer = client.post(path, {}, headers=HTMX)
        elif method == "POST":
            answer = client.post(path, seen)
        else:
            answer = getattr(client, method.lower())(path)
        yield name, expected, answer


def test_every_kind_of_answer_carries_every_header(world: World) -> None:
    clients, found, cookies = published(world), [], {}
    for name, (status, kept), answer in told(world, clients):
        expected = (int(status), PAGES.get(kept, kept))
        heard = (answer.status_code, answer.headers.get("Cache-Control", ""))
        if heard != expected:
            found.append(f"{name}: {heard}, not {expected}")
        found += [f"{name}: {fault}" for fault in header_faults(answer) + page_faults(answer)]
        if answer.cookies:
            cookies[name] = [*answer.cookies]
        if "attachment" in answer.headers.get("Content-Disposition", ""):
            assert int(answer.headers["Content-Length"]) > 0
    assert found == []
    # Nobody who only reads what is public is ever given a cookie.
    open_to_all = {line[:25].strip() for line in ANSWERS.splitlines() if " anonymous " in line}
    assert {name: cookies[name] for name in open_to_all & {*cookies}} == {
        "log-in page": ["csrftoken"],
        "log-in refused": ["csrftoken"],
        "log-in page of the admin": ["csrftoken"],
        "typed by nobody": ["csrftoken"],
    }


def test_public_answers_differ_by_cookie_and_language(world: World) -> None:
    clients = published(world)
    for path in ("/", "/plans/AL/", "/editions/", "/editions/AL-2026-Q3-1/workbook.xlsx"):
        vary = clients["anonymous"].get(path).headers["Vary"]
        assert {part.strip() for part in vary.split(",")} == {"Cookie", "Accept-Language"}, path


# mistakes of ours, and of theirs


def test_a_fault_of_ours_tells_nothing_and_carries_every_header(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise RuntimeError("canary of an inner message")

    for module in ("publishing.kept", "publishing.views.plans"):
        monkeypatch.setattr(f"{module}.publications", fails)
    for person in (None, world.lead):
        client = world.client(person)
        client.raise_request_exception = False
        answer = client.get("/")
        assert answer.status_code == 500
        assert header_faults(answer) + page_faults(answer) == []
        text = answer.content.decode()
        assert ("canary" in text, "publications" in text) == (False, False)
        assert "Something went wrong on our side" in text
    assert answer.headers["Cache-Control"] == NEVER


@pytest.mark.parametrize("name", ["lead", None])
def test_what_cannot_be_read_is_refused_with_every_header(world: World, name: str | None) -> None:
    client = world.client(getattr(world, name) if name else None)
    many = {f"f{number}": "" for number in range(2_501)}
    answers = [
        client.get("/", headers={"host": "evil.example"}),
        client.post("/reports/work/", many),
        client.post("/login/", many),
    ]
    assert [answer.status_code for answer in answers] == [400, 405, 400]
    for answer in answers:
        assert header_faults(answer) + page_faults(answer) == []
    assert "evil.example" not in answers[0].content.decode()
    assert "Nothing was stored." in answers[2].content.decode()


def test_evidence_may_do_nothing_at_all_in_a_browser(world: World) -> None:
    client, path = world.client(world.contributor), f"/reports/{world.report.pk}/evidence/"
    client.post(path, {"file": SimpleUploadedFile("list.pdf", PDF), "backs": ""})
    answer = client.get(reverse("evidence", args=[world.report.evidence.get().pk]))
    assert header_faults(answer, {"sandbox", "default-src 'none'"}) == []
    assert answer.headers["Cache-Control"] == NEVER
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="list.pdf"')


@pytest.mark.parametrize("name", ["css/base.css", "js/saving.js", "icons/favicon.svg"])
def test_files_of_the_site_carry_the_headers_too(db: None, settings: Any, name: str) -> None:
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    answer = Client().get(f"/static/{name}")
    assert answer.status_code == 200
    assert b"".join(answer) == Path(str(finders.find(name))).read_bytes()
    assert header_faults(answer) == []
    assert not answer.cookies


# every page


FILES = ("evidence", "report_workbook", "report_sheet", "report_upload_marked", "quarter_workbook")


def pages(scene: Scene) -> Iterator[tuple[str, Any]]:
    """Every private page of this state, by one person for each answer it gives; no files."""
    for row in PRIVATE:
        if "?export" in row.key or row.name in FILES:
            continue
        seen: set[int] = set()
        for person in ("contributor", "approver", "reviewer", "lead", "administrator"):
            status = row.expected("GET", person, scene.state)
            if status in {200, 403, 409} - seen:
                seen.add(status)
                yield f"{row.key} by {person}", scene.browsers[person].get(address(scene, row))


@pytest.mark.parametrize("state", ["returned", "under_review"])
def test_no_page_holds_a_script_a_style_or_a_form_without_a_token(world: World, state: str) -> None:
    scene = stage(world, state)
    found, forms = [], 0
    for name, answer in pages(scene):
        found += [f"{name}: {fault}" for fault in header_faults(answer) + page_faults(answer)]
        forms += len(Page(answer.content.decode()).forms)
    assert found == []
    assert forms > 100


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<script>alert(1)</script>", "<script src=>"),
        ('<script src="/static/a.js">go()</script>', "<script> with text"),
        ('<script src="https://cdn.example/a.js"></script>', "https://cdn.example/a.js"),
        ('<script src="//cdn.example/a.js"></script>', "//cdn.example/a.js"),
        ('<link rel="stylesheet" href="//cdn.example/a.css">', "<link href=//cdn"),
        ("<style>p{}</style>", "<style at all>"),
        ('<p style="color:red">', "<p style>"),
        ("<p STYLE>", "<p style>"),
        ("<img src=/x onerror=alert(1)>", "<img onerror>"),
        ("<svg><path ONLOAD='x()'/></svg>", "<path onload>"),
        ('<a href=" java\tscript:alert(1)">', "<a href"),
        ('<form action="javascript:x"></form>', "<form action"),
        ('<button formaction="//evil.example">', "<button formaction"),
        ('<div hx-on:click="x()">', "<div hx-on:click>"),
        ('<div hx-vals="js:{a: 1}">', "<div hx-vals>"),
        ("<iframe src=/></iframe>", "<iframe at all>"),
        ('<base href="/x">', "<base at all>"),
        ('<meta http-equiv="refresh" content="0">', "http-equiv=refresh"),
        ('<a href="/x" target="_blank">', "noopener"),
        ('<form method="post" action="/x/"></form>', "without a token: /x/"),
        ('<form method="POST"></form>', "without a token"),
        ('<form method="post" action="https://evil.example/"></form>', "leads to https://evil"),
        ('<form><input name="csrfmiddlewaretoken" value="x"></form>', "in the address"),
    ],
)
def test_the_search_for_faults_sees_each_of_them(html: str, fault: str) -> None:
    assert any(fault in found for found in Page(f"<body>{html}</body>").faults)


@pytest.mark.parametrize(
    ("middleware", "missing"),
    [
        ("csp.middleware.CSPMiddleware", "policy: "),
        ("django.middleware.clickjacking.XFrameOptionsMiddleware", "X-Frame-Options: None"),
        ("django.middleware.security.SecurityMiddleware", "Referrer-Policy: None"),
    ],
)
def test_the_search_for_headers_sees_a_missing_guard(
    db: None, settings: Any, middleware: str, missing: str
) -> None:
    assert header_faults(Client().get("/login/")) == []
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != middleware]
    assert missing in header_faults(Client().get("/login/"))


@pytest.mark.parametrize("word", ["'unsafe-inline'", "'unsafe-eval'", "https:", "*"])
def test_the_search_for_headers_sees_a_wider_policy(db: None, settings: Any, word: str) -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.CONTENT_SECURITY_POLICY = {
        "DIRECTIVES": {**directives, "script-src": ["'self'", word]}
    }
    assert [fault[:7] for fault in header_faults(Client().get("/login/"))] == ["policy:"]


def test_the_search_for_what_is_kept_sees_a_missing_guard(world: World, settings: Any) -> None:
    settings.MIDDLEWARE = [n for n in settings.MIDDLEWARE if "PersonMiddleware" not in n]
    answer = world.client(world.contributor).get("/reports/")
    assert "Cache-Control" not in answer.headers


# cookies, and a production


def flags(client: Client, name: str) -> dict[str, object]:
    morsel = client.cookies[name]
    return {flag: morsel[flag] for flag in ("secure", "httponly", "samesite", "path", "domain")}


def logged_in(world: World, is_secure: bool = False) -> Client:
    """A browser that has every cookie we give."""
    client = Client()
    client.post("/language/setlang/", {"language": "en", "next": "/"}, secure=is_secure)
    sent = {"username": world.lead.email, "password": factory.PASSWORD}
    client.post("/login/", sent, secure=is_secure)
    client.get("/quarters/", secure=is_secure)
    return client


def test_cookies_are_of_this_site_only_and_no_script_reads_the_session(world: World) -> None:
    client = logged_in(world)
    own: dict[str, object] = {"secure": "", "samesite": "Lax", "path": "/", "domain": ""}
    assert {name: flags(client, name) for name in client.cookies} == {
        "django_language": {**own, "httponly": True},
        # Our own script reads the token: a page that was open before a log-in takes the new one.
        "csrftoken": {**own, "httponly": ""},
        "sessionid": {**own, "httponly": True},
    }


ASK = """
import django, json
django.setup()
from django.conf import settings
from django.test import Client
def heard(answer):
    cookies = {name: dict(morsel) for name, morsel in answer.cookies.items()}
    return [answer.status_code, dict(answer.headers), cookies]
client = Client(headers={"host": "plan.example.org"})
names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE")
print(json.dumps({
    "plain": heard(client.get("/login/")),
    "secure": heard(client.get("/login/", secure=True)),
    "language": heard(client.post("/language/setlang/", {"language": "sq"}, secure=True)),
    "other": heard(client.get("/login/", secure=True, headers={"host": "evil.example"})),
    "settings": {name: getattr(settings, name) for name in names},
}))
"""


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the site answers in a process of its own with the settings of a production."""
    folder = tmp_path_factory.mktemp("production")
    environment = {
        "PATH": os.environ["PATH"],
        "ENV_FILE": os.devnull,
        "VAR_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "nap_monitor.settings",
        "ENVIRONMENT": "production",
        "SECRET_KEY": "k" * 50,
        "ALLOWED_HOSTS": "plan.example.org",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "LOG_LEVEL": "CRITICAL",
    }
    command = [sys.executable, "-c", ASK]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_a_production_is_reached_over_https_only(production: dict[str, Any]) -> None:
    status, headers, cookies = production["plain"]
    assert (status, headers["Location"]) == (301, "https://plan.example.org/login/")
    assert cookies == {}
    assert "Strict-Transport-Security" not in headers


def test_a_production_tells_browsers_to_stay_with_https(production: dict[str, Any]) -> None:
    for name, expected in (("secure", 200), ("language", 302)):
        status, headers, _cookies = production[name]
        told = headers["Strict-Transport-Security"]
        assert (status, told) == (expected, "max-age=31536000; includeSubDomains; preload")


def test_a_production_answers_to_its_own_name_only(production: dict[str, Any]) -> None:
    status, headers, _cookies = production["other"]
    assert (status, headers["X-Frame-Options"]) == (400, "DENY")


def test_a_production_sends_every_cookie_over_https_only(production: dict[str, Any]) -> None:
    assert production["settings"] == {
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "LANGUAGE_COOKIE_SECURE": True,
    }
    _status, _headers, token = production["secure"]
    _status, _headers, language = production["language"]
    assert (token["csrftoken"]["secure"], language["django_language"]["secure"]) == (True, True)


def test_a_session_is_marked_as_the_settings_say(world: World, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    assert flags(logged_in(world, is_secure=True), "sessionid")["secure"] is True
