"""What every page shows around its content: the entries a person can use, and where she is."""

import re
from types import SimpleNamespace

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from accounts.models import User
from common.context import NavEntry, nav_entry
from indicators.choices import Role
from indicators.models import Membership
from nap_monitor.context import navigation, roles_text, site
from publishing.demo.people import PASSWORD
from tests.conftest import World

PUBLIC = ["Plans", "Editions"]
ENTRIES: dict[str, list[str]] = {
    "nobody": PUBLIC,
    "stranger": PUBLIC,
    "contributor": [*PUBLIC, "My reports", "Quarters", "Who owes what"],
    "approver": [*PUBLIC, "My reports", "Quarters", "Who owes what"],
    "reviewer": [*PUBLIC, "Review", "Quarters", "Who owes what"],
    "lead": [*PUBLIC, "Review", "Quarters", "Who owes what"],
    "administrator": [*PUBLIC, "Quarters", "Who owes what", "Earlier figures"],
    "observer": [*PUBLIC, "Quarters", "Who owes what"],
}


def request_of(user: User | None, path: str = "/") -> HttpRequest:
    request = RequestFactory().get(path)
    if user is not None:
        request.user = user
    return request


@pytest.mark.parametrize("person", ENTRIES)
def test_each_role_finds_what_it_can_use_and_nothing_else(world: World, person: str) -> None:
    user = getattr(world, person, None)
    entries = navigation(request_of(user))
    assert [str(entry.label) for entry in entries] == ENTRIES[person]


def test_every_entry_leads_to_a_page_for_who_sees_it(world: World) -> None:
    for person in ENTRIES:
        user = getattr(world, person, None)
        client = world.client(user)
        for entry in navigation(request_of(user)):
            assert client.get(entry.url).status_code == 200, (person, entry.url)


def test_staff_finds_the_administration_last(world: World) -> None:
    world.administrator.is_staff = True
    entries = navigation(request_of(world.administrator))
    assert (str(entries[-1].label), entries[-1].url) == ("Administration", "/admin/")


def test_who_may_no_longer_log_in_finds_what_everybody_finds(world: World) -> None:
    world.lead.is_active = False
    assert [str(e.label) for e in navigation(request_of(world.lead))] == PUBLIC


def test_the_entries_are_named_in_the_reader_s_language(world: World) -> None:
    with translation.override("sq"):
        labels = [str(entry.label) for entry in navigation(request_of(world.contributor))]
    assert len(set(labels)) == 5
    assert not set(labels) & set(ENTRIES["contributor"])


@pytest.mark.parametrize(
    ("path", "url", "exact", "is_current"),
    [
        ("/reports/", "/reports/", False, True),
        ("/reports/7/fill/", "/reports/", False, True),
        ("/review/", "/reports/", False, False),
        ("/", "/reports/", False, False),
        ("/", "/", True, True),
        ("/plans/AL/", "/", True, False),
        ("/plans/AL/", "/", False, True),
        ("/editions/", "/editions/", False, True),
        ("/edition/", "/editions/", False, False),
    ],
)
def test_an_entry_knows_whether_the_page_is_its_own(
    path: str, url: str, exact: bool, is_current: bool
) -> None:
    entry = nav_entry(RequestFactory().get(path), "Label", url, exact=exact)
    assert entry == NavEntry("Label", url, is_current)


def test_the_address_s_parameters_do_not_move_the_mark() -> None:
    request = RequestFactory().get("/editions/?next=/reports/")
    assert nav_entry(request, "Editions", "/editions/").is_current
    assert not nav_entry(request, "Reports", "/reports/").is_current


def test_the_list_marks_the_current_entry_and_escapes_each() -> None:
    entries = [NavEntry("<b>Plans</b>", "/a/?b=1&c=2", True), NavEntry("Editions", "/e/")]
    html = render_to_string("ui/nav_list.html", {"nav": entries})
    assert html.count("<li>") == 2
    assert '<a href="/a/?b=1&amp;c=2" aria-current="page">&lt;b&gt;Plans&lt;/b&gt;</a>' in html
    assert '<a href="/e/">Editions</a>' in html


def test_all_roles_of_a_person_stand_in_one_line_each_once(world: World) -> None:
    for role in (Role.OBSERVER, Role.ADMINISTRATOR):
        Membership.objects.create(user=world.reviewer, plan=world.plan, role=role)
    assert roles_text(request_of(world.reviewer)) == "Reviewer, Administrator, Observer"
    assert roles_text(request_of(world.stranger)) == ""
    assert roles_text(request_of(None)) == ""


def test_the_demonstration_s_logins_are_told_in_the_demonstration_only(
    db: None, settings: SimpleNamespace
) -> None:
    settings.DEMO = False
    plain = site(request_of(None))
    settings.DEMO = True
    demo = site(request_of(None))
    assert set(demo) - set(plain) == {"demo_logins", "demo_password"}
    assert (plain["demo_notice"], demo["demo_notice"]) == (False, True)
    assert PASSWORD not in repr(plain)
    assert demo["demo_password"] == PASSWORD


def test_the_log_in_page_shows_them_there_only(
    client: Client, settings: SimpleNamespace, db: None
) -> None:
    pages = {}
    for demo in (True, False):
        settings.DEMO = demo
        pages[demo] = client.get("/login/").content.decode()
    assert PASSWORD in pages[True]
    assert PASSWORD not in pages[False]
    assert re.findall(r"[\w.]+@[\w.]+", pages[False]) == []
