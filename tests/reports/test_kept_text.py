"""A session that ends, a page from before the last log-in: what was typed arrives in the form."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import Entry
from reports.models import Line, Observation
from tests import factory
from tests.conftest import World
from tests.reports.typed_forms import fields_on, fill_url, line_of, save_url, text_of

LONG = "A long comment with “quotes”, <b>marks</b> & two\nlines."


def typed_page(world: World) -> dict[str, str]:
    """The page as a person left it before the session ended."""
    part = f"line-{line_of(world).pk}"
    response = world.client(world.contributor).get(fill_url(world.report, "indicators-1"))
    return fields_on(response) | {
        f"{part}-total-value": "7",
        f"{part}-note": LONG,
        f"{part}-rating": "at_risk",
        f"{part}-rating_reason": "Too few trainers.",
    }


def log_in(client: Client, page: HttpResponse, user: User, **more: str) -> HttpResponse:
    """Send the log-in page that was shown, with a password."""
    data = fields_on(page) | {"username": user.email, "password": factory.PASSWORD, **more}
    return client.post(reverse("login"), data)


def note(line: Line) -> str:
    return Line.objects.get(pk=line.pk).note


def test_the_typed_page_comes_back_after_log_in_and_can_be_saved(world: World) -> None:
    line, address = line_of(world), fill_url(world.report, "indicators-1")
    part, client, typed = f"line-{line.pk}", Client(), typed_page(world)
    page = client.post(address, typed)
    assert (page.status_code, page["Cache-Control"]) == (401, "no-store, private")
    assert "Your session had ended" in text_of(page)
    between = log_in(client, page, world.contributor)
    assert between.status_code == 200
    assert f'action="{address}"' in between.content.decode()
    assert note(line) == ""
    shown = client.post(address, fields_on(between))
    assert shown.status_code == 200
    assert "It is not saved yet" in text_of(shown)
    back = fields_on(shown)
    assert {k: v for k, v in back.items() if k.startswith(part)} == {
        k: v for k, v in typed.items() if k.startswith(part)
    }
    assert (note(line), Observation.objects.count()) == ("", 0)
    saved = client.post(address, back)
    assert (saved.status_code, note(line)) == (302, LONG)
    assert Observation.objects.get(line=line).value == 7


def test_a_wrong_password_in_between_loses_nothing(world: World) -> None:
    line, address = line_of(world), fill_url(world.report, "indicators-1")
    client = Client()
    page = client.post(address, typed_page(world))
    again = log_in(client, page, world.contributor, password="wrong")
    assert again.status_code == 200
    between = log_in(client, again, world.contributor)
    back = fields_on(client.post(address, fields_on(between)))
    assert back[f"line-{line.pk}-note"] == LONG


def test_what_was_saved_by_another_meanwhile_is_still_a_conflict(world: World) -> None:
    line, address, typed = line_of(world), fill_url(world.report, "indicators-1"), typed_page(world)
    world.report.lines.filter(pk=line.pk).update(note="Theirs.", version=1)
    client = Client()
    between = log_in(client, client.post(address, typed), world.contributor)
    back = fields_on(client.post(address, fields_on(between)))
    response = client.post(address, back)
    assert (response.status_code, note(line)) == (409, "Theirs.")
    assert "Theirs." in text_of(response)


def test_somebody_else_who_logs_in_sees_no_foreign_report(world: World) -> None:
    address, typed = fill_url(world.report, "indicators-1"), typed_page(world)
    client = Client()
    between = log_in(client, client.post(address, typed), world.other_contributor)
    response = client.post(address, fields_on(between))
    assert response.status_code == 404
    assert "Ministry of Defence" not in response.content.decode()


def test_a_report_that_was_submitted_meanwhile_shows_the_text_to_copy(world: World) -> None:
    line, address, typed = line_of(world), fill_url(world.report, "indicators-1"), typed_page(world)
    client = Client()
    page = client.post(address, typed)
    world.submitted()
    between = log_in(client, page, world.contributor)
    response = client.post(address, fields_on(between))
    assert (response.status_code, note(line)) == (403, "")
    assert "Too few trainers." in text_of(response)


def test_a_save_of_one_part_hears_that_the_session_ended(world: World) -> None:
    line, typed = line_of(world), typed_page(world)
    address = save_url(world.report, f"line-{line.pk}")
    response = Client().post(address, typed, headers={"HX-Request": "true"})
    assert (response.status_code, note(line)) == (401, "")
    assert "You have been logged out" in text_of(response)


def test_a_reason_of_a_decision_comes_back_and_decides_nothing_by_itself(world: World) -> None:
    world.under_review()
    address = f"/reports/{world.report.pk}/decide/return/"
    typed = fields_on(world.client(world.reviewer).get(address)) | {"reason": LONG}
    client = Client()
    between = log_in(client, client.post(address, typed), world.reviewer)
    shown = client.post(address, fields_on(between))
    assert (shown.status_code, fields_on(shown)["reason"]) == (200, LONG)
    assert world.now().state.value == "under_review"
    assert client.post(address, fields_on(shown)).status_code == 302
    assert world.now().state.value == "returned"


def strict(user: User | None) -> Client:
    """A browser whose tokens are looked at."""
    client = Client(enforce_csrf_checks=True)
    if user is not None:
        client.force_login(user)
    return client


def test_a_page_from_before_the_last_log_in_is_shown_again_not_saved(world: World) -> None:
    line, address, typed = line_of(world), fill_url(world.report, "indicators-1"), typed_page(world)
    client = strict(world.contributor)
    old = {"csrfmiddlewaretoken": "x" * 64, **typed}
    page = client.post(address, old, headers={"Origin": "http://testserver"})
    assert (page.status_code, note(line)) == (403, "")
    shown = client.post(address, fields_on(page))
    assert shown.status_code == 200
    assert fields_on(shown)[f"line-{line.pk}-note"] == LONG
    assert note(line) == ""


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
def test_a_form_from_elsewhere_is_never_carried_on(world: World, origin: str) -> None:
    line, typed = line_of(world), typed_page(world)
    address = fill_url(world.report, "indicators-1")
    headers = {"Origin": origin} if origin else {}
    page = strict(world.contributor).post(address, typed, headers=headers)
    assert (page.status_code, note(line)) == (403, "")
    assert f'action="{address}"' not in page.content.decode()
    assert "Too few trainers." in text_of(page)
    assert not Entry.objects.filter(action="line.saved").exists()


@pytest.mark.parametrize("next_page", ["https://elsewhere.example/", "//elsewhere.example", "x:y"])
def test_nothing_typed_leaves_for_another_site(world: World, next_page: str) -> None:
    client = Client()
    page = client.post(fill_url(world.report, "indicators-1"), typed_page(world))
    between = log_in(client, page, world.contributor, next=next_page)
    assert "elsewhere.example" not in between.content.decode()
    assert 'action="/' in between.content.decode()


@pytest.mark.parametrize("kept", ["[", "{}", '[["a"]]', "5", "[1]"])
def test_a_kept_text_that_is_none_of_ours_is_dropped(world: World, kept: str) -> None:
    data = {"username": world.contributor.email, "password": factory.PASSWORD, "kept": kept}
    response = Client().post(reverse("login"), data)
    assert response.status_code == 302


def test_passwords_are_never_carried_along(world: World) -> None:
    data = {"password": "secret-canary", "username": "who-canary", "narrative-done": "Done."}
    page = Client().post(fill_url(world.report, "narrative"), data)
    assert page.status_code == 401
    assert "canary" not in page.content.decode()
    assert "Done." in fields_on(page)["kept"]


def test_a_page_of_a_thousand_fields_comes_back_too(world: World) -> None:
    sizes = [f"c{n:03}" for n in range(300)]
    factory.split(world.indicator, factory.make_dimension(world.plan, "place", *sizes))
    line, address, typed = line_of(world), fill_url(world.report, "indicators-1"), typed_page(world)
    typed |= {f"line-{line.pk}-place-c299-value": "1"}
    client = Client()
    between = log_in(client, client.post(address, typed), world.contributor)
    back = fields_on(client.post(address, fields_on(between)))
    assert back[f"line-{line.pk}-place-c299-value"] == "1"
    assert note(line) == ""
