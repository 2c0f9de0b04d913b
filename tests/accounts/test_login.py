"""Logging in: who gets in, what the others hear, and where it leads."""

import re
from typing import Any

import pytest
from django.contrib.auth import get_user
from django.test import Client
from django.utils.translation import override

from accounts.models import User, UserManager
from accounts.views import Login
from tests import factory
from tests.conftest import World

pytestmark = pytest.mark.django_db

CASES = {
    "a@example.org": "as it is stored",
    "A@EXAMPLE.ORG": "in capitals",
    "A@example.Org": "in both",
    "  a@example.org  ": "between blanks",
    "\ta@Example.org\n": "pasted from a table",
}


def log_in(email: str, password: str = factory.PASSWORD, **more: Any) -> tuple[Client, Any]:
    """A fresh browser in which somebody tried to log in, and the answer."""
    client = Client()
    where = more.pop("at", "/login/")
    return client, client.post(where, {"username": email, "password": password, **more})


def who(client: Client) -> Any:
    """The primary key of the person who is logged in there; nobody is None."""
    return get_user(client).pk


def said(page: Any, email: str) -> str:
    """The page without what differs between two readers: the token and the address typed."""
    text = re.sub(r'value="\w{64}"', "", page.content.decode())
    return text.replace(email, "…")


@pytest.fixture
def person() -> User:
    return factory.make_user("a@example.org", name="Ada")


# who gets in


@pytest.mark.parametrize("typed", CASES, ids=CASES.values())
def test_the_address_counts_in_whatever_case_and_with_blanks(person: User, typed: str) -> None:
    client, answer = log_in(typed)
    assert (answer.status_code, who(client)) == (302, person.pk)


def test_a_person_stored_in_capitals_logs_in_in_small_letters() -> None:
    stored = User(email="Mira@Example.org", name="Mira")
    stored.set_password(factory.PASSWORD)
    stored.save()
    client, answer = log_in("mira@example.org")
    assert (answer.status_code, who(client)) == (302, stored.pk)


def test_without_its_own_search_the_case_of_an_address_would_count(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(UserManager, "get_by_natural_key")
    client, answer = log_in("A@EXAMPLE.ORG")
    assert (answer.status_code, who(client)) == (200, None)


def test_the_session_gets_a_new_key_at_log_in_and_loses_it_at_log_out(person: User) -> None:
    client = Client()
    client.get("/login/")
    keys = [client.session.session_key]
    client.post("/login/", {"username": person.email, "password": factory.PASSWORD})
    keys.append(client.session.session_key)
    client.post("/login/", {"username": person.email, "password": factory.PASSWORD})
    client.post("/logout/")
    keys.append(client.session.session_key)
    assert len({*keys}) == 3
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("blank", [" ", "\t"])
def test_a_password_is_taken_as_it_is_typed_with_its_blanks(person: User, blank: str) -> None:
    person.set_password(f"{blank}{factory.PASSWORD}{blank}")
    person.save()
    found = [
        who(log_in(person.email, word)[0])
        for word in (f"{blank}{factory.PASSWORD}{blank}", factory.PASSWORD)
    ]
    assert found == [person.pk, None]


# who does not


REFUSALS: list[tuple[str, dict[str, Any], str]] = [
    ("a wrong password", {}, "wrong"),
    ("no such person", {"email": "somebody.else@example.org"}, factory.PASSWORD),
    ("somebody who left", {"is_active": False}, factory.PASSWORD),
    ("of the demonstration, which is off", {"is_demo": True}, factory.PASSWORD),
    ("who left and ran the site", {"is_active": False, "is_superuser": True}, factory.PASSWORD),
    ("of the demonstration, in charge", {"is_demo": True, "is_superuser": True}, factory.PASSWORD),
    ("the password in capitals", {}, factory.PASSWORD.upper()),
    ("the password and more", {}, factory.PASSWORD + "!"),
]


@pytest.mark.parametrize("where", ["/login/", "/admin/login/"])
def test_everybody_who_is_refused_hears_the_same(where: str, settings: Any) -> None:
    settings.DEMO = False
    answers: dict[str, str] = {}
    for number, (why, fields, password) in enumerate(REFUSALS):
        email = f"p{number}@example.org"
        factory.make_user(**{"email": email, "is_staff": True, **fields})
        client, answer = log_in(email, password, at=where)
        assert (answer.status_code, who(client)) == (200, None), why
        answers[why] = said(answer, email)
    assert {why for why, text in answers.items() if text != answers["a wrong password"]} == set()


def test_a_password_that_was_never_set_opens_nothing(person: User) -> None:
    person.set_unusable_password()
    person.save()
    for word in (person.password, "", "!"):
        client, answer = log_in(person.email, word)
        assert (answer.status_code, who(client)) == (200, None)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Please enter a correct e-mail address and password."),
        ("sq", "Ju lutemi, jepni"),
    ],
)
def test_the_refusal_says_what_to_do_in_the_readers_language(
    person: User, language: str, sentence: str
) -> None:
    with override(language):
        answer = Client(headers={"accept-language": language}).post(
            "/login/", {"username": person.email, "password": "wrong"}
        )
    assert f'lang="{language}"' in answer.content.decode()
    assert sentence in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "missing"),
    [
        ({"username": "a@example.org"}, ["password"]),
        ({"password": "x"}, ["username"]),
        ({}, ["password", "username"]),
        ({"username": " ", "password": ""}, ["password", "username"]),
    ],
)
def test_what_was_left_out_is_named(
    person: User, typed: dict[str, str], missing: list[str]
) -> None:
    answer = Client().post("/login/", typed)
    assert sorted(answer.context["form"].errors) == missing


@pytest.mark.parametrize(
    "email", ["a@example.org\x00", "x" * 5_000, "'; drop table", "ı@example.org"]
)
def test_a_strange_address_is_refused_like_any_other(person: User, email: str) -> None:
    client, answer = log_in(email)
    assert (answer.status_code, who(client)) == (200, None)


def test_the_page_of_a_refusal_does_not_repeat_the_password(person: User) -> None:
    _client, answer = log_in(person.email, "canary-of-a-password")
    assert "canary-of-a-password" not in answer.content.decode()
    assert 'value="a@example.org"' in answer.content.decode()


# the demonstration


def test_the_demonstration_is_let_in_only_while_it_is_on(settings: Any) -> None:
    guest = factory.make_user("lead@demo.example", is_demo=True)
    settings.DEMO = True
    client, _answer = log_in(guest.email)
    assert who(client) == guest.pk
    settings.DEMO = False
    assert who(client) is None
    assert client.get("/reports/").headers["Location"] == "/login/?next=/reports/"


def test_the_log_in_page_names_the_demonstrations_people_only_while_it_is_on(settings: Any) -> None:
    settings.DEMO = False
    assert "demonstration" not in Client().get("/login/").content.decode().lower()
    settings.DEMO = True
    page = Client().get("/login/").content.decode()
    assert page.count("@demo.example") >= 6


# where it leads

OWN = [
    ("/reports/", "/reports/"),
    ("/review/?state=validated&page=2", "/review/?state=validated&page=2"),
    ("/plans/AL/indicators/I%201/", "/plans/AL/indicators/I%201/"),
    ("/editions/#files", "/editions/#files"),
]
OTHERS = [
    "https://evil.example/",
    "http://evil.example/",
    "HTTPS://EVIL.EXAMPLE/",
    "//evil.example/",
    "///evil.example/",
    "////evil.example",
    "/\\evil.example/",
    "\\\\evil.example/",
    "\\/evil.example",
    "/\t/evil.example/",
    "/\n/evil.example/",
    "\x08//evil.example",
    " //evil.example",
    "https:evil.example",
    "https:/evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//",
    "data:text/html,evil.example",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "//testserver:80@evil.example/",
    "http://[::1",
    "ftp://testserver/evil.example",
    "/login/",
    "/login/?next=https://evil.example/",
    "",
]


@pytest.mark.parametrize(("asked", "led"), OWN)
def test_log_in_leads_to_the_page_that_was_asked_for(person: User, asked: str, led: str) -> None:
    _client, by_form = log_in(person.email, next=asked)
    assert (by_form.status_code, by_form.headers["Location"]) == (302, led)
    client = Client()
    client.force_login(person)
    again = client.get("/login/", {"next": asked})
    assert (again.status_code, again.headers["Location"]) == (302, led)


def leads(person: User, asked: str) -> set[str]:
    """Where log-in leads by form, by address, and somebody who is logged in already."""
    fields = {"username": person.email, "password": factory.PASSWORD}
    inside = Client(raise_request_exception=False)
    inside.force_login(person)
    answers = [
        Client().post("/login/", {**fields, "next": asked}),
        Client().post("/login/", fields, query_params={"next": asked}),
        inside.get("/login/", {"next": asked}),
    ]
    return {answer.headers.get("Location", f"status {answer.status_code}") for answer in answers}


@pytest.mark.parametrize("asked", OTHERS)
def test_log_in_leads_to_no_other_site_and_not_in_a_circle(person: User, asked: str) -> None:
    assert leads(person, asked) == {"/reports/work/"}


def test_the_form_of_a_log_in_page_holds_no_other_site(person: User) -> None:
    for asked in OTHERS:
        page = Client().get("/login/", {"next": asked}).content.decode()
        assert '<input type="hidden" name="next" value="">' in page, asked


def test_the_table_of_other_sites_sees_a_missing_guard(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Login, "get_redirect_url", lambda self: self.request.POST.get("next", ""))
    assert "//evil.example/" in leads(person, "//evil.example/")


def test_the_pages_of_the_admin_lead_to_no_other_site_either(person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_staff=True)
    for asked in ("//evil.example/", "https://evil.example/", "/\\evil.example"):
        _client, answer = log_in(person.email, at="/admin/login/", next=asked)
        assert (answer.status_code, "evil" in answer.headers["Location"]) == (302, False)


def test_choosing_a_language_leads_to_no_other_site() -> None:
    for asked in OTHERS[:20]:
        answer = Client().post("/language/setlang/", {"language": "sq", "next": asked})
        assert "evil" not in answer.headers.get("Location", ""), asked


def test_a_private_page_asks_to_log_in_and_leads_back_to_itself(world: World) -> None:
    client = Client()
    asked = client.get("/reports/?page=2")
    assert asked.headers["Location"] == "/login/?next=/reports/%3Fpage%3D2"
    fields = {"username": world.contributor.email, "password": factory.PASSWORD}
    back = client.post(asked.headers["Location"], fields)
    assert back.headers["Location"] == "/reports/?page=2"
