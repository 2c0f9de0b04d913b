"""Every form has a token; a post without one does nothing, loses no text, tells no secret."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User
from tests import factory
from tests.conftest import World
from tests.policy.pages import header_faults, page_faults

HTMX = {"HX-Request": "true"}


def strict(user: User | None) -> Client:
    """A browser whose tokens are looked at."""
    client = Client(enforce_csrf_checks=True)
    if user is not None:
        client.force_login(user)
    return client


POSTS = [
    ("contributor", "/reports/{report}/fill/narrative/", "draft"),
    ("contributor", "/reports/{report}/fill/indicators-1/", "draft"),
    ("contributor", "/reports/{report}/evidence/", "draft"),
    ("approver", "/reports/{report}/decide/submit/", "draft"),
    ("administrator", "/reports/{report}/decide/submit_on_behalf/", "draft"),
    ("approver", "/reports/{report}/decide/withdraw/", "submitted"),
    ("reviewer", "/reports/{report}/decide/take/", "submitted"),
    ("reviewer", "/reports/{report}/decide/return/", "under_review"),
    ("reviewer", "/reports/{report}/decide/validate/", "under_review"),
    ("reviewer", "/review/{report}/", "under_review"),
    ("reviewer", "/review/{report}/accept/", "under_review"),
    ("lead", "/reports/{report}/decide/reopen/", "validated"),
    ("lead", "/publish/{period}/", "validated"),
    ("administrator", "/admin/indicators/plan/{plan}/change/", "draft"),
    ("administrator", "/admin/indicators/objective/add/", "draft"),
    ("contributor", "/admin/reports/report/{report}/change/", "draft"),
    ("administrator", "/admin/accounts/user/", "draft"),
    ("lead", "/logout/", "draft"),
    ("lead", "/password/", "draft"),
]
TYPED = {
    "reason": "A canary of “some” length, <b>bold</b>",
    "narrative-done": "Second\ncanary",
    "version": "0",
    "key": "k",
}


@pytest.mark.parametrize(("name", "path", "state"), POSTS)
def test_a_post_without_a_token_does_nothing_and_loses_no_text(
    world: World, name: str, path: str, state: str
) -> None:
    factory.fill_in(world.now(), world.contributor)
    if state != "draft":
        getattr(world, state)()
    User.objects.update(is_staff=True)
    before = (world.now().status, world.now().version, world.now().narrative.version)
    places = {"report": world.report.pk, "period": world.period.pk, "plan": world.plan.pk}
    client = strict(getattr(world, name))
    answer = client.post(path.format(**places), TYPED)
    assert answer.status_code == 403
    text = answer.content.decode()
    assert "Please send it again" in text
    assert "A canary of “some” length, &lt;b&gt;bold&lt;/b&gt;" in text
    assert "Second\ncanary" in text
    assert (world.now().status, world.now().version, world.now().narrative.version) == before
    assert client.get("/password/").status_code == 200
    assert header_faults(answer) + page_faults(answer) == []


def test_a_part_saved_without_a_token_hears_how_to_keep_its_text(world: World) -> None:
    path = f"/reports/{world.report.pk}/save/narrative/"
    answer = strict(world.contributor).post(path, TYPED, headers=HTMX)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (403, "no-store, private")
    assert "Your text is still here." in answer.content.decode()
    assert world.now().narrative.version == 0


SECRETS = {
    "/login/": {"username": "lead.al@example.org", "password": "canary-1"},
    "/admin/login/": {"username": "lead.al@example.org", "password": "canary-1"},
    "/password/": {"old_password": "canary-1", "new_password1": "canary-2"},
    "/admin/password_change/": {"old_password": "canary-1", "new_password2": "canary-2"},
    "/admin/accounts/user/add/": {"email": "x@example.org", "password1": "canary-1"},
    "/logout/": {"password": "canary-1", "my_password_2": "canary-2"},
}


@pytest.mark.parametrize("path", SECRETS)
@pytest.mark.parametrize("origin", ["http://testserver", "https://elsewhere.example"])
@pytest.mark.parametrize("name", ["administrator", None])
def test_no_refusal_ever_shows_a_password(
    world: World, path: str, origin: str, name: str | None
) -> None:
    User.objects.update(is_staff=True)
    client = strict(getattr(world, name) if name else None)
    answer = client.post(path, {**SECRETS[path], "note": "kept"}, headers={"Origin": origin})
    assert answer.status_code in (403, 401)
    assert "canary" not in answer.content.decode()
    assert ("kept" in answer.content.decode()) is (path != "/login/")


def test_the_search_for_passwords_sees_a_missing_guard(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.views.typed", lambda request: [*request.POST.items()])
    answer = strict(world.lead).post("/password/", SECRETS["/password/"])
    assert "canary-1" in answer.content.decode()


def test_a_token_of_somebody_else_is_no_token(world: World) -> None:
    theirs = strict(world.other_contributor)
    theirs.get("/reports/")
    token = theirs.cookies["csrftoken"].value
    answer = strict(world.contributor).post("/logout/", {"csrfmiddlewaretoken": token})
    assert answer.status_code == 403


def test_a_token_with_the_address_of_another_site_is_refused(world: World) -> None:
    client = strict(world.contributor)
    client.get("/reports/")
    sent = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    for origin in ("https://evil.example", "http://testserver.evil.example", "null"):
        assert client.post("/logout/", sent, headers={"Origin": origin}).status_code == 403
    assert client.post("/logout/", sent, headers={"Origin": "http://testserver"}).status_code == 302


def exempt(patterns: list[Any], before: str = "") -> Iterator[str]:
    """Addresses that take a POST without a token."""
    for row in patterns:
        if isinstance(row, URLResolver):
            yield from exempt(row.url_patterns, before + str(row.pattern))
        elif isinstance(row, URLPattern) and getattr(row.callback, "csrf_exempt", False):
            yield before + str(row.pattern)


def test_only_the_choice_of_a_language_needs_no_token() -> None:
    assert [*exempt(get_resolver().url_patterns)] == ["language/setlang/"]


def test_these_tests_see_a_site_that_asks_for_no_token(world: World, settings: Any) -> None:
    settings.MIDDLEWARE = [n for n in settings.MIDDLEWARE if "CsrfViewMiddleware" not in n]
    path = f"/reports/{world.report.pk}/fill/narrative/"
    sent = {"narrative-version": "0", "narrative-done": "By somebody else."}
    assert strict(world.contributor).post(path, sent).status_code == 302
    assert world.now().narrative.done == "By somebody else."
