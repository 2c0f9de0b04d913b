"""While somebody is logged in: log-out, language, and rights that change between two requests."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.backends import PersonBackend
from accounts.models import User
from indicators import rules
from indicators.choices import Role
from indicators.models import Membership
from tests import factory
from tests.conftest import World

pytestmark = pytest.mark.django_db


def who(client: Client) -> Any:
    """The primary key of the person who is logged in there; nobody is None."""
    return get_user(client).pk


def language_of(client: Client, path: str = "/method/", **headers: str) -> str:
    """The language in which a page answers: the one it declares and the header agree."""
    page = client.get(path, headers=headers or None)
    declared = page.content.decode().partition('<html lang="')[2][:2]
    assert page.headers["Content-Language"] == declared
    return declared


# log-out


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete"])
def test_only_a_post_logs_out(world: World, method: str) -> None:
    client = world.client(world.lead)
    answer = getattr(client, method)("/logout/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST, OPTIONS")
    assert who(client) == world.lead.pk


def test_a_link_after_log_in_logs_nobody_out(world: World) -> None:
    client = world.client(world.lead)
    assert client.get("/login/", {"next": "/logout/"}, follow=True).status_code == 405
    assert who(client) == world.lead.pk


def test_log_out_ends_the_session_on_the_server(world: World) -> None:
    client = world.client(world.lead)
    kept = client.cookies["sessionid"].value
    answer = client.post("/logout/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert not Session.objects.filter(pk=kept).exists()
    client.cookies["sessionid"] = kept
    assert who(client) is None


def test_log_out_without_a_token_is_refused(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.lead)
    answer = client.post("/logout/")
    assert (answer.status_code, who(client)) == (403, world.lead.pk)
    assert "Please send it again" in answer.content.decode()


def test_log_out_twice_is_harmless_and_ends_one_browser_only(world: World) -> None:
    here, there = Client(), Client()
    for browser in (here, there):
        browser.force_login(world.lead)
    assert [here.post("/logout/").status_code for _ in range(2)] == [302, 302]
    assert (who(here), who(there)) == (None, world.lead.pk)


@pytest.mark.parametrize("asked", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_log_out_leads_to_no_other_site(world: World, asked: str) -> None:
    answer = world.client(world.lead).post("/logout/", {"next": asked})
    assert answer.headers["Location"] == "/"


def test_a_logged_out_page_offers_to_log_in(world: World) -> None:
    client = world.client(world.lead)
    client.post("/logout/")
    assert client.get("/review/").headers["Location"] == "/login/?next=/review/"


# language


@pytest.mark.parametrize(
    ("own", "cookie", "browser", "read"),
    [
        (None, None, "", "en"),
        (None, None, "sq", "sq"),
        (None, None, "sq-AL,sq;q=0.9,en;q=0.5", "sq"),
        (None, None, "de, fr;q=0.9", "en"),
        (None, None, "en;q=0.2, sq;q=0.8", "sq"),
        (None, "sq", "en", "sq"),
        (None, "en", "sq", "en"),
        (None, "xx", "sq", "sq"),
        (None, "../../etc", "", "en"),
        ("sq", None, "en", "sq"),
        ("en", None, "sq", "en"),
        ("sq", "en", "sq", "en"),
        ("en", "sq", "en", "sq"),
    ],
)
def test_the_cookie_beats_the_person_and_the_person_beats_the_browser(
    own: str | None, cookie: str | None, browser: str, read: str
) -> None:
    client = Client()
    if own:
        client.force_login(factory.make_user("a@example.org", language=own))
    if cookie:
        client.cookies["django_language"] = cookie
    assert language_of(client, **({"accept-language": browser} if browser else {})) == read


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ({"language": "sq"}, "sq"),
        ({"language": "en"}, "en"),
        ({"language": "fr"}, "en"),
        ({"language": "<b>"}, "en"),
        ({"language": ""}, "en"),
        ({}, "en"),
    ],
)
def test_only_a_language_of_the_site_is_chosen(sent: dict[str, str], read: str) -> None:
    client = Client()
    answer = client.post("/language/setlang/", {**sent, "next": "/method/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/method/")
    assert language_of(client) == read


def test_a_link_chooses_no_language() -> None:
    client = Client()
    client.get("/language/setlang/", {"language": "sq", "next": "/method/"})
    assert language_of(client) == "en"


def test_a_chosen_language_stays_after_log_in_and_after_log_out(world: World) -> None:
    client = Client()
    client.post("/language/setlang/", {"language": "sq", "next": "/"})
    fields = {"username": world.lead.email, "password": factory.PASSWORD}
    assert client.post("/login/", fields).status_code == 302
    assert (who(client), language_of(client)) == (world.lead.pk, "sq")
    client.post("/logout/")
    assert language_of(client) == "sq"


def test_a_page_offers_both_languages_and_marks_its_own() -> None:
    for code, other in (("en", "sq"), ("sq", "en")):
        page = Client(headers={"accept-language": code}).get("/method/?a=1&b=2").content.decode()
        assert f'value="{code}" lang="{code}" aria-current="true"' in page
        assert f'value="{other}" lang="{other}">' in page
        assert '<input type="hidden" name="next" value="/method/?a=1&amp;b=2">' in page


@pytest.mark.parametrize("path", ["/nowhere/", "/login/", "/reports/0/"])
def test_refusals_are_told_in_the_readers_language(world: World, path: str) -> None:
    client = world.client(None if path == "/login/" else world.contributor)
    client.cookies["django_language"] = "sq"
    assert language_of(client, path) == "sq"


# a password of one's own


CHANGED = {
    "old_password": factory.PASSWORD,
    "new_password1": "four quiet green hills",
    "new_password2": "four quiet green hills",
}
OWN_ADDRESS = "lead.al@example.org"


def test_changing_the_own_password_ends_every_other_session(world: World) -> None:
    here, there = world.client(world.lead), world.client(world.lead)
    assert here.post("/password/", CHANGED).headers["Location"] == "/password/done/"
    assert (who(here), who(there)) == (world.lead.pk, None)
    assert world.fresh(world.lead).check_password("four quiet green hills")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"old_password": "wrong"}, "old_password"),
        ({"old_password": ""}, "old_password"),
        ({"new_password2": "four quiet green hill"}, "new_password2"),
        ({"new_password1": "short", "new_password2": "short"}, "new_password2"),
        ({"new_password1": "password1234", "new_password2": "password1234"}, "new_password2"),
        ({"new_password1": OWN_ADDRESS, "new_password2": OWN_ADDRESS}, "new_password2"),
        ({"new_password1": "elevenchars", "new_password2": "elevenchars"}, "new_password2"),
    ],
)
def test_a_weak_or_wrong_password_is_refused_by_its_field(
    world: World, changed: dict[str, str], field: str
) -> None:
    client = world.client(world.lead)
    answer = client.post("/password/", {**CHANGED, **changed})
    assert (answer.status_code, [*answer.context["form"].errors]) == (200, [field])
    assert world.fresh(world.lead).check_password(factory.PASSWORD)


# rights that change between two requests


def ends(world: World, name: str) -> None:
    getattr(world, name).memberships.update(expires_on=date(2020, 1, 1))


def goes(world: World, name: str) -> None:
    getattr(world, name).memberships.all().delete()


def leaves(world: World, name: str) -> None:
    User.objects.filter(pk=getattr(world, name).pk).update(is_active=False)


def becomes(role: Role, institution: str = "") -> Callable[[World, str], None]:
    def change(world: World, name: str) -> None:
        place = getattr(world, institution) if institution else None
        getattr(world, name).memberships.update(role=role, institution=place)

    return change


def moves_to_another_plan(world: World, name: str) -> None:
    plan = factory.make_plan("XK", country="XK")
    getattr(world, name).memberships.update(plan=plan)


LOST = [
    ("contributor", "/reports/{own}/", goes, 404),
    ("contributor", "/reports/{own}/", ends, 404),
    ("contributor", "/reports/{own}/fill/narrative/", leaves, 302),
    ("contributor", "/reports/{own}/", moves_to_another_plan, 404),
    ("contributor", "/reports/{own}/fill/narrative/", becomes(Role.OBSERVER), 404),
    ("contributor", "/reports/{own}/", becomes(Role.CONTRIBUTOR, "interior"), 404),
    ("contributor", "/reports/{own}/workbook.xlsx", ends, 404),
    ("approver", "/reports/{own}/decide/submit/", becomes(Role.CONTRIBUTOR, "defence"), 403),
    ("approver", "/reports/{own}/decide/submit/", goes, 404),
    ("reviewer", "/review/", ends, 403),
    ("reviewer", "/review/", becomes(Role.OBSERVER), 403),
    ("lead", "/publish/{quarter}/", becomes(Role.REVIEWER), 403),
    ("lead", "/publish/{quarter}/", ends, 404),
    ("observer", "/quarters/{quarter}/", goes, 404),
    ("observer", "/quarters/{quarter}/workbook.xlsx", leaves, 302),
    ("administrator", "/quarters/{quarter}/", moves_to_another_plan, 404),
    ("administrator", "/admin/indicators/plan/{plan}/change/", ends, 403),
    ("administrator", "/admin/indicators/plan/{plan}/change/", moves_to_another_plan, 404),
    ("administrator", "/admin/accounts/user/", becomes(Role.LEAD), 403),
]


def place(world: World, path: str) -> str:
    return path.format(own=world.report.pk, quarter=world.period.pk, plan=world.plan.pk)


@pytest.mark.parametrize(("name", "path", "change", "status"), LOST)
def test_a_right_that_was_lost_is_gone_at_the_next_request(
    world: World, name: str, path: str, change: Callable[[World, str], None], status: int
) -> None:
    factory.fill_in(world.now(), world.contributor)
    User.objects.filter(pk=world.administrator.pk).update(is_staff=True)
    client = world.client(getattr(world, name))
    assert client.get(place(world, path)).status_code == 200
    change(world, name)
    assert client.get(place(world, path)).status_code == status


GAINED = [
    ("stranger", "/reports/{own}/", 404, (Role.CONTRIBUTOR, "defence")),
    ("stranger", "/reports/{own}/fill/narrative/", 404, (Role.APPROVER, "defence")),
    ("stranger", "/review/", 403, (Role.REVIEWER, "")),
    ("stranger", "/publish/{quarter}/", 404, (Role.LEAD, "")),
    ("stranger", "/quarters/{quarter}/", 404, (Role.OBSERVER, "")),
    ("reviewer", "/publish/{quarter}/", 403, (Role.LEAD, "")),
    ("contributor", "/reports/{own}/decide/submit/", 403, (Role.APPROVER, "defence")),
]


@pytest.mark.parametrize(("name", "path", "before", "given"), GAINED)
def test_a_right_that_was_given_counts_at_the_next_request(
    world: World, name: str, path: str, before: int, given: tuple[Role, str]
) -> None:
    factory.fill_in(world.now(), world.contributor)
    client = world.client(getattr(world, name))
    assert client.get(place(world, path)).status_code == before
    role, where = given
    body = getattr(world, where) if where else None
    Membership.objects.create(
        user=getattr(world, name), plan=world.plan, role=role, institution=body
    )
    assert client.get(place(world, path)).status_code == 200


def test_a_form_opened_before_the_role_was_lost_changes_nothing(world: World) -> None:
    client, path = world.client(world.contributor), f"/reports/{world.report.pk}/fill/narrative/"
    assert client.get(path).status_code == 200
    goes(world, "contributor")
    sent = {"narrative-version": "0", "narrative-done": "Typed before."}
    assert client.post(path, sent).status_code == 404
    assert world.now().narrative.done == ""


@pytest.mark.parametrize("field", ["is_staff", "is_active"])
def test_who_may_no_longer_use_the_admin_is_sent_to_log_in(world: World, field: str) -> None:
    root = factory.make_user("root@example.org", is_staff=True, is_superuser=True)
    client = world.client(root)
    assert client.get("/admin/").status_code == 200
    User.objects.filter(pk=root.pk).update(**{field: False})
    answer = client.get("/admin/")
    assert answer.headers["Location"] == "/admin/login/?next=/admin/"


def test_power_that_was_taken_away_is_gone_at_the_next_request(world: World) -> None:
    root = factory.make_user("root@example.org", is_staff=True, is_superuser=True)
    client = world.client(root)
    assert client.get("/admin/indicators/plan/").status_code == 200
    User.objects.filter(pk=root.pk).update(is_superuser=False)
    assert client.get("/admin/indicators/plan/").status_code == 403


def test_the_menu_shows_the_roles_and_the_entries_of_now(world: World) -> None:
    client = world.client(world.reviewer)
    assert 'href="/review/"' in client.get("/method/").content.decode()
    becomes(Role.OBSERVER)(world, "reviewer")
    page = client.get("/method/").content.decode()
    assert ('href="/review/"' in page, 'href="/quarters/"' in page) == (False, True)
    assert "Observer" in page


def test_these_tests_see_roles_that_are_remembered_too_long(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = rules.holdings(world.fresh(world.reviewer))
    monkeypatch.setattr("indicators.rules.holdings", lambda user: held)
    client = world.client(world.reviewer)
    ends(world, "reviewer")
    assert client.get("/review/").status_code == 200


def test_these_tests_see_people_who_left_and_are_still_let_in(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PersonBackend, "user_can_authenticate", lambda self, user: True)
    client = world.client(world.lead)
    leaves(world, "lead")
    assert who(client) == world.lead.pk


def test_a_session_ends_by_itself_at_the_time_that_is_set(world: World, settings: Any) -> None:
    settings.SESSION_COOKIE_AGE = 90
    client = world.client(world.lead)
    row = Session.objects.get(pk=client.cookies["sessionid"].value)
    left = row.expire_date - timezone.now()
    assert 0 < left.total_seconds() <= 90
    Session.objects.update(expire_date=timezone.now())
    assert who(client) is None
