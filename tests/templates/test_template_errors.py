"""Pages of refusal: what happened, what became of what was typed, what to do; in both languages."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.loader import get_template, render_to_string
from django.test import Client, RequestFactory
from django.utils import translation
from django.views import defaults

from accounts.models import User

CANARY = '<i onclick="x">"&'
ESCAPED = "&lt;i onclick=&quot;x&quot;&gt;&quot;&amp;"

# code: heading in English and in Albanian, and what must be told besides.
PAGES: dict[int, tuple[str, str, list[str]]] = {
    400: (
        "We could not read this request",
        "Nuk mundëm ta lexonim këtë kërkesë",
        ["Nothing was stored."],
    ),
    403: (
        "This is not yours to do",
        "Këtë nuk mund ta bëni ju",
        ["ask the secretariat of the plan"],
    ),
    404: ("There is no such page", "Nuk ka faqe të tillë", ["may be mistyped"]),
    409: (
        "Somebody was faster",
        "Dikush ishte më i shpejtë",
        ["Nothing of yours was stored", "Open the page as it is now"],
    ),
    413: (
        "This is too large",
        "Kjo është tepër e madhe",
        ["Nothing was stored.", "Copy it before you load"],
    ),
    500: (
        "Something went wrong on our side",
        "Diçka shkoi keq nga ana jonë",
        ["It was not your mistake.", "Try again"],
    ),
    503: ("We are back in a moment", "Kthehemi pas pak", ["What was stored is safe."]),
}


def words(html: str) -> str:
    """What a person reads of the page's own part, in one line."""
    main = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", f"<main{main}").split())


def heading(html: str) -> str:
    [found] = re.findall(r"<h1>\s*(.*?)\s*</h1>", html, re.DOTALL)
    return str(found)


def page(code: int, language: str = "en", **context: Any) -> str:
    with translation.override(language):
        return get_template(f"{code}.html").render(context)


@pytest.mark.parametrize("code", PAGES)
def test_each_refusal_says_what_happened_and_what_to_do(code: int) -> None:
    english, albanian, told = PAGES[code]
    html = page(code)
    assert heading(html) == english
    assert [text for text in told if text not in words(html)] == []
    there = page(code, "sq")
    assert '<html lang="sq">' in there
    assert heading(there) == albanian
    assert [text for text in told if text in words(there)] == []


@pytest.mark.parametrize("code", PAGES)
def test_each_refusal_is_a_whole_page_with_a_title_of_its_own(code: int) -> None:
    titles = {re.findall(r"<title>(.*?) · ", page(other))[0] for other in PAGES}
    html = page(code)
    assert len(titles) == len(PAGES)
    assert html.lstrip().startswith("<!DOCTYPE html>")
    assert html.count('<main id="content"') == html.count("</html>") == 1
    assert 'name="viewport"' in html
    assert "<form" not in words(html)


@pytest.mark.parametrize("code", [400, 500, 503])
def test_where_the_site_itself_is_in_doubt_the_page_needs_nothing_of_it(code: int) -> None:
    html = page(code)
    assert "<script" not in html
    assert "<nav" not in html
    assert "/login/" not in html
    assert set(re.findall(r'href="(/[^"]*)"', html)) <= {
        *("/", "/static/icons/favicon.svg", "/static/css/bootstrap.min.css"),
        *(f"/static/css/{name}.css" for name in ("tokens", "base", "ui")),
    }


@pytest.mark.parametrize(
    ("exception", "told"),
    [
        (None, "Your role does not allow this, or not at this moment."),
        (PermissionDenied(), "Your role does not allow this, or not at this moment."),
        (PermissionDenied("The quarter is closed."), "The quarter is closed."),
        (PermissionDenied(CANARY), ESCAPED),
    ],
)
def test_a_refusal_with_a_reason_says_it(exception: Exception | None, told: str) -> None:
    html = page(403, exception=exception)
    assert told in words(html)
    assert "<i " not in html


@pytest.mark.parametrize("code", [409, 413])
def test_what_an_exception_says_is_told_and_escaped(code: int) -> None:
    html = page(code, exception=CANARY)
    assert ESCAPED in html
    assert "<i " not in html


def test_a_conflict_shows_both_texts_and_everything_typed() -> None:
    html = page(
        409,
        conflicts=[{"label": "Note", "yours": CANARY, "theirs": ""}],
        typed=[("Value", "12,7"), ("Empty", ""), (CANARY, CANARY)],
        back_url="/reports/7/",
    )
    assert f"Note What you typed {ESCAPED} What stands there now –" in words(html)
    assert "Value 12,7" in words(html)
    assert "Empty" not in words(html)
    assert html.count(ESCAPED) == 3
    assert 'href="/reports/7/"' in html


@pytest.mark.parametrize("is_known", [True, False])
def test_a_missing_page_offers_the_log_in_to_who_is_not_logged_in(is_known: bool) -> None:
    user = User(email="arta@example.org", name="Arta") if is_known else AnonymousUser()
    told = words(page(404, user=user))
    assert ("log in and try again" in told) is not is_known


def request(path: str = "/") -> HttpRequest:
    return RequestFactory().get(path)


@pytest.mark.parametrize(
    ("view", "code"),
    [
        (lambda: defaults.bad_request(request(), ValueError(CANARY)), 400),
        (lambda: defaults.permission_denied(request(), PermissionDenied("Closed.")), 403),
        (lambda: defaults.page_not_found(request("/secret/"), Exception(CANARY)), 404),
        (lambda: defaults.server_error(request()), 500),
    ],
)
def test_django_shows_our_pages_and_nothing_of_the_inside(db: None, view: Any, code: int) -> None:
    answer = view()
    html = answer.content.decode()
    assert (answer.status_code, heading(html)) == (code, PAGES[code][0])
    assert not [
        word
        for word in ("Traceback", "Exception", "onclick", "/secret/", "django")
        if word in words(html)
    ]


@pytest.mark.parametrize(
    ("path", "code", "shown"),
    [
        ("/no-such-page/", 404, PAGES[404][0]),
        ("/plans/XX/", 404, PAGES[404][0]),
        ("/.env", 404, PAGES[404][0]),
        ("/%00", 404, PAGES[404][0]),
        ("/%F0%9F%98%80/", 404, PAGES[404][0]),
        ("/reports/999999/", 200, "Log in"),
    ],
)
def test_what_is_not_there_is_not_found_and_names_nothing(
    db: None, client: Client, path: str, code: int, shown: str
) -> None:
    answer = client.get(path, follow=True)
    html = answer.content.decode()
    assert (answer.status_code, heading(html)) == (code, shown)
    assert not [word for word in ("Traceback", "urlpatterns", "999999") if word in words(html)]


def test_a_post_without_its_token_is_told_so_and_keeps_what_was_typed(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create(email="arta@example.org", name="Arta"))
    answer = client.post("/password/", {"old_password": "canary-secret", "reason": CANARY})
    html = answer.content.decode()
    assert answer.status_code == 403
    assert heading(html) == "Please send it again"
    assert ESCAPED in html
    assert "canary-secret" not in html


@pytest.mark.parametrize("name", ["session_ended", "stale_page"])
@pytest.mark.parametrize(
    ("language", "kept"), [("en", "Your text is still here."), ("sq", "Teksti juaj")]
)
def test_a_save_of_a_part_is_told_that_the_text_is_still_there(
    name: str, language: str, kept: str
) -> None:
    with translation.override(language):
        html = render_to_string(f"errors/{name}.html")
    assert kept in html
    assert html.count('role="alert"') == 1
    assert "<html" not in html


def test_the_way_back_after_a_log_in_carries_every_field_and_shows_what_was_typed() -> None:
    context = {
        "target": "/reports/7/fill/",
        "pairs": [("note", CANARY), ("note", "second")],
        "not_yet": "only_show",
        "typed": [("note", CANARY)],
        "csrf_token": "token",
    }
    html = render_to_string("errors/carry_on.html", context, request=request())
    assert '<form method="post" action="/reports/7/fill/" data-resend>' in html
    assert re.findall(r'<input type="hidden" name="note" value="([^"]*)">', html) == [
        ESCAPED,
        "second",
    ]
    assert '<input type="hidden" name="only_show" value="1">' in html
    assert words(html).count(ESCAPED) == 1
    assert "<i " not in html


# --- the frame -------------------------------------------------------------------------------


def frame(language: str = "en", **context: Any) -> str:
    with translation.override(language):
        return render_to_string("base.html", context, request=request("/here/?a=1"))


@pytest.mark.parametrize("language", ["en", "sq"])
def test_the_frame_names_its_language_and_leads_past_itself(db: None, language: str) -> None:
    html = frame(language)
    assert f'<html lang="{language}">' in html
    [skip] = re.findall(r'<a class="skip-link" href="#(\w+)">', html)
    assert f'<main id="{skip}" tabindex="-1">' in html
    assert html.index("skip-link") < html.index("<header")
    assert (html.count("<main"), html.count("<header"), html.count("<footer")) == (1, 1, 1)


def test_the_frame_takes_everything_from_its_own_house(db: None) -> None:
    html = frame()
    links = re.findall(r'(?:src|href|action)="([^"#]+)"', html)
    assert [link for link in links if not link.startswith("/")] == []
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))


def test_the_frame_shows_who_is_logged_in_and_nothing_of_the_demonstration(db: None) -> None:
    user = User.objects.create(email="arta@example.org", name=CANARY)
    html = frame(user=user, roles_text=CANARY)
    assert "<i " not in html
    assert html.count(ESCAPED) >= 4
    assert 'href="/login/"' not in html
    assert "demo-banner" not in html
    assert "demo-banner" in frame(demo_notice=True)
    assert 'href="/login/"' in frame()


@pytest.mark.parametrize(("staff", "shown"), [(True, 2), (False, 0)])
def test_the_administration_is_offered_to_staff_only(db: None, staff: bool, shown: int) -> None:
    user = User.objects.create(email="arta@example.org", name="Arta", is_staff=staff)
    menu = re.findall(r'<a class="menu__item" href="/admin/">', frame(user=user))
    assert len(menu) == shown
