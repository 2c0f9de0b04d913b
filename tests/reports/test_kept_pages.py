"""A page of a report is made once, and never shown when anything on it is another by now."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Entry, Head
from audit.services import UNSEEN_ELSEWHERE
from common import clock
from indicators.choices import Role
from indicators.models import Action, Indicator, Membership
from reports.evidence import add_evidence, remove_evidence
from reports.models import Period, Report, Review
from reports.services import save_remark
from tests import factory
from tests.conftest import World
from tests.indicators.test_admin_keeping import change, form_data
from tests.reports.typed_forms import action_of, close, fields_on, fill_url, line_of, text_of

pytestmark = pytest.mark.django_db

MEMORY = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "kept pages"}
NOTHING = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
ASKED = 3
"""Queries of a kept page: the session, the person, the facts."""


@pytest.fixture(autouse=True)
def keeping() -> Iterator[None]:
    with override_settings(CACHES={"default": NOTHING, "inside": MEMORY}):
        caches["inside"].clear()
        yield


@pytest.fixture
def world(world: World) -> World:
    """An earlier quarter is validated already, and the one at hand is filled in."""
    action = Action.objects.get(code="A1")
    for source, planned in (("State", 3000), ("Donors", 1500)):
        action.fundings.create(source=source, planned=planned)
    User.objects.filter(pk=world.administrator.pk).update(is_staff=True)
    earlier = factory.open_quarter(world.plan, 2026, 2)
    report = Report.objects.with_names().get(period=earlier, institution=world.defence)
    factory.fill_in(report, world.contributor, 4)
    factory.decide("submit", report, world.approver)
    factory.decide("take", report, world.reviewer)
    factory.decide("validate", report, world.reviewer)
    return world


def earlier(world: World) -> Report:
    return Report.objects.with_names().get(period__quarter=2, institution=world.defence)


def form_page(world: World, who: str = "contributor", page: str = "indicators-1") -> Any:
    return world.client(getattr(world, who)).get(fill_url(world.report, page))


def review_page(world: World, who: str = "reviewer") -> Any:
    return world.client(getattr(world, who)).get(f"/review/{world.report.pk}/")


def steady(response: Any) -> str:
    """A page without what no two answers share."""
    assert response.status_code == 200
    body = re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", response.content.decode())
    body = re.sub(r'(X-CSRFToken": ")\w+', r"\1", body)
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "KEY", body)


def is_kept(world: World, url: str, who: str = "contributor") -> bool:
    """Whether a page is there already when it is asked for now."""
    client = world.client(getattr(world, who))
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured) == ASKED


# ------------------------------------------------------------------ a page is made once


@pytest.mark.parametrize("page", ["indicators-1", "actions-1", "narrative", "evidence"])
def test_a_page_of_the_form_is_made_once(world: World, page: str) -> None:
    first = form_page(world, page=page)
    assert is_kept(world, fill_url(world.report, page))
    assert steady(form_page(world, page=page)) == steady(first)


def test_a_page_of_a_review_is_made_once_and_every_answer_has_a_key_of_its_own(
    world: World,
) -> None:
    world.submitted()
    first = review_page(world)
    assert is_kept(world, f"/review/{world.report.pk}/", "reviewer")
    second = review_page(world)
    assert steady(first) == steady(second)
    keys = [fields_on(page)["key"] for page in (first, second)]
    assert len({*keys, fields_on(review_page(world))["key"]}) == 3


def test_a_kept_page_can_be_sent(world: World) -> None:
    """Its token is that of the answer, so a browser that checks tokens takes it."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.contributor)
    url = fill_url(world.report, "narrative")
    for text in ("First.", "Second."):
        client.get(url)
        typed = fields_on(client.get(url)) | {"narrative-done": text}
        assert client.post(url, typed).status_code == 302
        world.report.narrative.refresh_from_db()
        assert world.report.narrative.done == text
    typed["csrfmiddlewaretoken"] = "x" * 64
    assert client.post(url, typed).status_code == 403


def test_no_mark_of_the_kept_page_is_ever_sent(world: World) -> None:
    from reports.views.kept import MARKS

    world.submitted()
    for _ in range(2):
        for page in (review_page(world), review_page(world, "lead")):
            assert not any(mark in page.content.decode() for mark in MARKS.values())


# ------------------------------------------------------------------ every change shows at once


def admin_changes(row: Callable[[World], Any], **values: Any) -> Callable[[World], None]:
    def made(world: World) -> None:
        client, found = world.client(world.administrator), row(world)
        sent = client.post(change(found), form_data(client, change(found)) | values)
        assert sent.status_code == 302, sent.context["errors"]

    return made


def saved(name: str, text: str = "Typed by a colleague.") -> Callable[[World], None]:
    """A save by a colleague, through the page."""

    def made(world: World) -> None:
        part = {"line": line_of(world), "action": action_of(world)}.get(name)
        page = {"line": "indicators-1", "action": "actions-1"}.get(name, "narrative")
        field = {"line": f"line-{part.pk if part else 0}-note"}.get(name, "narrative-done")
        if name == "action":
            field = f"action-{part.pk if part else 0}-note"
        url, client = fill_url(world.report, page), world.client(world.approver)
        typed = fields_on(client.get(url)) | {field: text}
        assert client.post(url, typed).status_code == 302

    return made


def evidence(world: World) -> None:
    file = SimpleUploadedFile("list.pdf", b"%PDF-1.4 a list", "application/pdf")
    add_evidence(world.now(), by=world.fresh(world.approver), upload=file, line=line_of(world))


def evidence_gone(world: World) -> None:
    evidence(world)
    form_page(world)
    remove_evidence(world.now().evidence.get(), by=world.fresh(world.approver))


def earlier_reopened(world: World) -> None:
    """The figures of before are no longer final; then they are others."""
    factory.decide("reopen", earlier(world), world.lead, reason="Counted twice.")
    form_page(world)
    factory.fill_in(earlier(world), world.contributor, 9)


def other_period(world: World) -> None:
    factory.open_quarter(world.plan, 2026, 4)


def returned(world: World) -> None:
    world.submitted()
    factory.decide("take", world.now(), world.reviewer)
    review = Review.objects.select_related("report__period__plan").get(report=world.report)
    by = world.fresh(world.reviewer)
    line = line_of(world)
    save_remark(review, by=by, version=0, verdict="flagged", text="Count again.", line=line)
    factory.decide("return", world.now(), world.reviewer, reason="Check the total.")


def target(world: World) -> None:
    """The target is another from now on; the one before stays."""
    one = world.indicator.targets.get()
    again = {"indicator": one.indicator_id, "as_of": one.as_of, "cell": "", "value": "777"}
    sent = world.client(world.administrator).post(
        reverse("admin:indicators_target_add"), again | {"version": 2, "reason": "More money."}
    )
    assert sent.status_code == 302, sent.context["errors"]


def named(model: str) -> Callable[[World], Any]:
    return lambda world: getattr(world, model)


CHANGES: dict[str, tuple[str, Callable[[World], None]]] = {
    "a line": ("Typed by a colleague.", saved("line")),
    "an action": ("Typed by a colleague.", saved("action")),
    "the narrative": ("Typed by a colleague.", saved("narrative")),
    "a file": ("list.pdf", evidence),
    "a file taken off": ("", evidence_gone),
    "a return": ("Count again.", returned),
    "an earlier report": ("2026 Q2", earlier_reopened),
    "another quarter": ("", other_period),
    "the title of an indicator": (
        "Renamed indicator",
        admin_changes(named("indicator"), title_en="Renamed indicator"),
    ),
    "a target": ("777", target),
    "an institution": (
        "Renamed ministry",
        admin_changes(named("defence"), name_en="Renamed ministry"),
    ),
    "an action's title": (
        "Renamed action",
        admin_changes(lambda world: action_of(world).action, title_en="Renamed action"),
    ),
    "planned money": (
        "321",
        admin_changes(lambda world: action_of(world).action.fundings.first(), planned="7321"),
    ),
    "a colleague's name": (
        "Renamed colleague",
        admin_changes(named("approver"), name="Renamed colleague"),
    ),
    "the plan": ("", admin_changes(named("plan"), title_en="Renamed plan")),
}
SHOWN_ON = {
    "an action": "actions-1",
    "an action's title": "actions-1",
    "planned money": "actions-1",
}
SHOWN_ON |= {"the narrative": "narrative"}


@pytest.mark.parametrize("name", CHANGES)
def test_what_changed_shows_at_once_on_the_form(world: World, name: str) -> None:
    text, make = CHANGES[name]
    saved("line", "Typed first.")(world)
    page = SHOWN_ON.get(name, "indicators-1")
    before = steady(form_page(world, page=page))
    make(world)
    after = steady(form_page(world, page=page))
    caches["inside"].clear()
    assert after == steady(form_page(world, page=page))
    assert text in after
    assert (after == before) == (not text)


REVIEWED = {
    name: CHANGES[name]
    for name in (
        *("the title of an indicator", "a target", "an institution", "an action's title"),
        *("planned money", "a colleague's name", "the plan", "another quarter"),
    )
}


@pytest.mark.parametrize("name", REVIEWED)
def test_what_changed_shows_at_once_to_the_reviewer(world: World, name: str) -> None:
    world.under_review()
    before = steady(review_page(world))
    text, make = REVIEWED[name]
    make(world)
    after = steady(review_page(world))
    caches["inside"].clear()
    assert after == steady(review_page(world))
    assert (text in after) == (name != "a colleague's name")
    assert after != before or name in ("another quarter", "the plan", "a colleague's name")


def test_the_work_of_the_day_changes_no_other_page(world: World) -> None:
    """What is saved in one report leaves the pages of other institutions where they are."""
    world.client(world.other_contributor).get(fill_url(world.other_report, "indicators-1"))
    saved("line")(world)
    saved("action")(world)
    saved("narrative")(world)
    evidence(world)
    other = fill_url(world.other_report, "indicators-1")
    assert is_kept(world, other, "other_contributor")
    world.submitted()
    assert not is_kept(world, other, "other_contributor")


SAVES = {"line.saved", "action.saved", "narrative.saved", "remark.saved"}
SAVES |= {"evidence.added", "evidence.removed"}


def test_a_save_raises_the_version_and_is_no_change_elsewhere(world: World) -> None:
    saves = [saved("line"), saved("action"), saved("narrative"), evidence]
    seen = set()
    for save in saves:
        before, head = world.now().version, Head.objects.get()
        save(world)
        after = Head.objects.get()
        assert world.now().version > before
        assert after.sequence > head.sequence
        assert after.last_change == head.last_change
        seen |= set(Entry.objects.filter(sequence__gt=head.sequence).values_list("action"))
    assert {name for (name,) in seen} == SAVES - {"remark.saved", "evidence.removed"}


def test_what_is_no_change_elsewhere_is_a_save_or_a_reading() -> None:
    """Of saves the version tells; whoever adds a word here has to say which of the two it is."""
    readings = {"evidence.read", "export.asked", "values.exported", "lights.exported"}
    assert SAVES | readings | {"history.exported"} == UNSEEN_ELSEWHERE


# ------------------------------------------------------------------ nobody else's, and not any more


def test_every_reader_has_her_own_page(world: World) -> None:
    form_page(world)
    assert not is_kept(world, fill_url(world.report, "indicators-1"), "approver")
    assert world.approver.name in text_of(form_page(world, "approver"))
    assert world.approver.name not in text_of(form_page(world))
    for other in ("other_contributor", "reviewer", "observer", "stranger"):
        assert form_page(world, other).status_code in (403, 404)


def test_who_lost_her_role_gets_the_page_no_more(world: World) -> None:
    form_page(world)
    Membership.objects.filter(user=world.contributor).delete()
    assert form_page(world).status_code == 404


def test_a_role_that_has_ended_holds_no_more(world: World) -> None:
    form_page(world)
    role, today = Membership.objects.filter(user=world.contributor), timezone.localdate()
    role.update(expires_on=today)
    assert is_kept(world, fill_url(world.report, "indicators-1"))
    role.update(expires_on=today - timedelta(days=1))
    assert form_page(world).status_code == 404


def test_a_new_role_shows_at_once(world: World) -> None:
    before = form_page(world)
    Membership.objects.create(user=world.contributor, plan=world.plan, role=Role.OBSERVER)
    assert not is_kept(world, fill_url(world.report, "indicators-1"))
    assert "Observer" not in text_of(before)
    assert "Observer" in text_of(form_page(world))


def test_a_report_that_moved_on_or_closed_is_written_in_no_more(world: World) -> None:
    form_page(world)
    close(Period.objects.get(pk=world.period.pk))
    assert form_page(world).status_code == 403
    Period.objects.filter(pk=world.period.pk).update(closes_on=None)
    assert form_page(world).status_code == 200
    world.submitted()
    assert form_page(world).status_code == 403


def test_a_refusal_is_not_kept(world: World) -> None:
    world.submitted()
    assert form_page(world).status_code == 403
    factory.decide("withdraw", world.now(), world.approver)
    assert form_page(world).status_code == 200


def test_the_day_and_the_language_are_of_today(world: World) -> None:
    noon = datetime(2026, 8, 1, 12, tzinfo=UTC)
    with clock.at(noon):
        english = form_page(world)
        assert is_kept(world, fill_url(world.report, "indicators-1"))
    with clock.at(noon + timedelta(days=1)):
        assert not is_kept(world, fill_url(world.report, "indicators-1"))
    User.objects.filter(pk=world.contributor.pk).update(language="sq")
    with clock.at(noon):
        assert '<html lang="sq">' in text_of(form_page(world))
    assert '<html lang="en">' in text_of(english)


def test_a_message_is_told_once_and_its_page_not_kept(world: World) -> None:
    form_page(world)
    client, url = world.client(world.contributor), fill_url(world.report, "indicators-1")
    typed = fields_on(client.get(url)) | {f"line-{line_of(world).pk}-note": "Typed."}
    told = client.post(url, typed, follow=True)
    assert "1 part was saved." in text_of(told)
    assert "1 part was saved." not in text_of(client.get(url))


def test_a_report_that_is_not_there_is_a_404(world: World) -> None:
    assert world.client(world.contributor).get("/reports/999/fill/indicators-1/").status_code == 404
    assert world.client(world.reviewer).get("/review/999/").status_code == 404


def test_at_most_a_hundred_pages_are_kept_for_ten_minutes() -> None:
    from pathlib import Path

    import environ

    from nap_monitor.env import caches as configured

    inside = configured(environ.Env(), Path("var"))["inside"]
    assert inside["OPTIONS"] == {"MAX_ENTRIES": 100}
    assert inside["TIMEOUT"] == 600
    assert inside["BACKEND"] == MEMORY["BACKEND"]


def test_no_indicator_is_read_for_a_kept_page(world: World) -> None:
    """The control of the counts above: a change that nobody told the log of is not seen."""
    form_page(world)
    Indicator.objects.update(title_en="Changed behind the log's back")
    assert "behind the log" not in text_of(form_page(world))
    caches["inside"].clear()
    assert "behind the log" in text_of(form_page(world))
