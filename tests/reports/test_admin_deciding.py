"""Decisions in the admin: who may, in which state, on which page, and what the log says."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Entry
from audit.services import faults
from reports.choices import ReportStatus
from reports.missing import missing_in
from reports.models import Period, Report
from reports.queries import lines_for_form
from tests import factory
from tests.conftest import World
from tests.reports.test_admin_reports import decision, hidden_fields, page, told

S = ReportStatus
PEOPLE = (
    "contributor",
    "approver",
    "other_approver",
    "reviewer",
    "other_reviewer",
    "lead",
    "administrator",
    "observer",
)
# The life of one report: action, state before, state after, who may (the first one does it).
# fmt: off
LIFE: list[tuple[str, ReportStatus, ReportStatus, str]] = [
    ("submit",           S.DRAFT,        S.SUBMITTED,    "approver"),
    ("withdraw",         S.SUBMITTED,    S.DRAFT,        "approver"),
    ("submit_on_behalf", S.DRAFT,        S.SUBMITTED,    "administrator"),
    ("take",             S.SUBMITTED,    S.UNDER_REVIEW, "reviewer other_reviewer lead"),
    ("return",           S.UNDER_REVIEW, S.RETURNED,     "reviewer lead"),
    ("submit",           S.RETURNED,     S.SUBMITTED,    "approver"),
    ("take",             S.SUBMITTED,    S.UNDER_REVIEW, "lead reviewer other_reviewer"),
    ("validate",         S.UNDER_REVIEW, S.VALIDATED,    "lead"),
    ("reopen",           S.VALIDATED,    S.RETURNED,     "lead"),
    ("submit_on_behalf", S.RETURNED,     S.SUBMITTED,    "administrator"),
    ("take",             S.SUBMITTED,    S.UNDER_REVIEW, "other_reviewer reviewer lead"),
    ("validate",         S.UNDER_REVIEW, S.VALIDATED,    "other_reviewer lead"),
    ("publish",          S.VALIDATED,    S.PUBLISHED,    "lead"),
    ("reopen",           S.PUBLISHED,    S.RETURNED,     "lead"),
]
# fmt: on


@pytest.fixture
def world(world: World) -> World:
    """Everybody was given access to the admin."""
    User.objects.update(is_staff=True)
    return world


def answer(world: World, **more: Any) -> dict[str, Any]:
    """What a page that asks sends back, with a reason and a date for those that need them."""
    due = today_of(world) + timedelta(days=3)
    sent = {"version": world.now().version, "key": "one-key", "reason": "Because.", "due_on": due}
    return {**sent, **more}


def entry_count() -> int:
    return Entry.objects.count()


def states(world: World) -> tuple[Any, ...]:
    """All that a refused decision must leave as it is."""
    return (
        list(Report.objects.order_by("pk").values_list("status", "version", "revision", "due_on")),
        [world.report.revisions.count(), world.report.reviews.count(), entry_count()],
    )


def sees_it(world: World, person: User) -> bool:
    return Report.objects.visible_to(person).filter(pk=world.report.pk).exists()


# ---------------------------------------------------------------- who may


def test_each_decision_is_offered_made_once_and_logged(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    for action, before, after, people in LIFE:
        person = getattr(world, people.split()[0])
        if action == "publish":  # has a page of its own, for all reports of a quarter
            factory.decide(action, world.report, person)
            continue
        client, url, entries = world.client(person), decision(world.report, action), entry_count()
        assert f'href="{url}"' in client.get(page(world.report)).content.decode()
        asked = client.get(url)
        assert (asked.status_code, world.now().state) == (200, before)
        data = answer(world) | hidden_fields(asked.content.decode())

        assert [client.post(url, data).status_code for _ in range(2)] == [302, 302]
        assert world.now().state is after
        entry = Entry.objects.latest("sequence")
        assert (entry.action, entry.actor) == (f"report.{action}", person.email)
        assert (entry.about_type, entry.about_id) == ("reports.report", str(world.report.pk))
        said = json.loads(entry.data)
        assert (said["from"], said["to"]) == (before, after)
        assert said["reason"] == ("Because." if "reason" in asked.context["form"].fields else "")
        assert entry_count() == entries + 1
    assert list(faults()) == []


def test_nobody_else_makes_a_decision_and_nobody_on_an_old_page(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    clients, tried = {name: world.client(getattr(world, name)) for name in PEOPLE}, {"publish"}
    for action, before, _after, people in LIFE:
        kept, url, may = states(world), decision(world.report, action), people.split()
        assert world.now().state is before
        for name in PEOPLE if not {action, f"{action} {before}"} & tried else ():
            person, data = getattr(world, name), answer(world)
            if name in may:
                data["version"] -= 1
            response = clients[name].post(url, data)
            status = 409 if name in may else 403 if sees_it(world, person) else 404
            assert response.status_code == status, (action, before, name)
        assert states(world) == kept
        tried.add(f"{action} {before}")
        reason = "" if action in ("submit", "withdraw", "take", "validate", "publish") else "So."
        factory.decide(action, world.report, getattr(world, may[0]), reason=reason)


def test_who_may_not_is_not_asked_either(world: World) -> None:
    world.under_review()
    url = decision(world.report, "validate")
    for person, status in (
        (world.contributor, 403),
        (world.other_reviewer, 403),
        (world.administrator, 403),
        (world.observer, 404),
        (world.other_approver, 404),
    ):
        client = world.client(person)
        assert client.get(url).status_code == status
        assert f'href="{url}"' not in client.get(page(world.report)).content.decode()


def test_in_any_other_state_it_is_too_late(world: World) -> None:
    world.under_review()
    for action in {row[0] for row in LIFE} - {"publish"}:
        rows = [row for row in LIFE if row[0] == action]
        person = getattr(world, rows[0][3].split()[0])
        client, url = world.client(person), decision(world.report, action)
        for state in set(S) - {row[1] for row in rows}:
            Report.objects.filter(pk=world.report.pk).update(status=state)
            kept = states(world)
            response = client.post(url, answer(world))
            assert ("The report moved on" in response.content.decode()) is (
                response.status_code == 409
            )
            assert response.status_code == (409 if sees_it(world, person) else 404), (action, state)
            assert states(world) == kept


def test_a_page_that_was_tampered_with_decides_nothing(world: World) -> None:
    world.under_review()
    kept, client = states(world), world.client(world.reviewer)
    for broken in ({"version": ""}, {"version": "canary"}, {"key": ""}, {"key": "x" * 65}):
        response = client.post(decision(world.report, "validate"), answer(world, **broken))
        assert (response.status_code, states(world)) == (422, kept)


def test_who_has_no_access_to_the_admin_decides_nothing_there(world: World) -> None:
    world.under_review()
    User.objects.update(is_staff=False)
    kept = states(world)
    for person in (world.reviewer, world.lead, None):
        client = world.client(person and world.fresh(person))
        for url in (page(world.report), decision(world.report, "validate")):
            for response in (client.get(url), client.post(url, answer(world))):
                assert response.status_code == 302
                assert "login" in response.headers["Location"]
    assert states(world) == kept


def test_there_is_no_other_decision(world: World) -> None:
    world.validated()
    client, kept = world.client(world.lead), states(world)
    for action in ("publish", "canary", "delete", "SUBMIT"):
        url = decision(world.report, action)
        for response in (client.get(url), client.post(url, answer(world))):
            assert response.status_code == 404
    assert states(world) == kept


def test_a_request_from_another_site_is_refused(world: World) -> None:
    world.under_review()
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.reviewer)
    kept = states(world)
    assert client.post(decision(world.report, "validate"), answer(world)).status_code == 403
    assert states(world) == kept


# ---------------------------------------------------------------- submitting


def test_the_page_that_asks_lists_all_that_is_missing_with_its_place(world: World) -> None:
    client, url = world.client(world.approver), decision(world.report, "submit")
    report = world.now()
    gaps = missing_in(report, lines_for_form(report))
    listed = client.get(url).context["gaps"]

    assert [text for text, _url in listed] == [f"{gap.subject}: {gap.text}" for gap in gaps]
    assert [address.split("#")[1] for _text, address in listed] == [gap.anchor for gap in gaps]
    assert len(gaps) == 8  # two lines of two, an action of two, two texts
    form = client.get(page(report)).content.decode()
    assert [gap.anchor for gap in gaps if f'"{gap.anchor}"' not in form] == []


def test_the_list_shrinks_as_the_form_fills(world: World) -> None:
    client, url = world.client(world.approver), decision(world.report, "submit")
    factory.fill_in(world.now(), world.contributor)
    Report.objects.get(pk=world.report.pk).narrative.__class__.objects.update(done="")
    response = client.get(url)

    assert [text for text, _url in response.context["gaps"]] == [
        "Narrative: Not written yet: what was done."
    ]
    assert 'type="submit" class="default"' not in response.content.decode()
    assert client.post(url, answer(world)).status_code == 409
    assert world.now().state is S.DRAFT


def test_what_is_missing_is_told_in_albanian(world: World) -> None:
    url, listed = decision(world.report, "submit"), {}
    for language in ("en", "sq"):
        User.objects.filter(pk=world.approver.pk).update(language=language)
        response = world.client(world.fresh(world.approver)).get(url)
        listed[language] = [text for text, _url in response.context["gaps"]]

    assert len(listed["en"]) == len(listed["sq"]) == 8
    assert {*listed["en"]} & {*listed["sq"]} == set()


def test_a_closed_quarter_takes_nothing_any_more(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    past = {"starts_on": date(2020, 1, 1), "ends_on": date(2020, 3, 31)}
    dates = {**past, "due_on": date(2020, 4, 30), "closes_on": date(2020, 5, 31)}
    Period.objects.filter(pk=world.period.pk).update(**dates)
    kept = states(world)
    for person, action in (
        (world.approver, "submit"),
        (world.administrator, "submit_on_behalf"),
    ):
        response = world.client(person).post(decision(world.report, action), answer(world))
        assert response.status_code == 403
    assert states(world) == kept


# ---------------------------------------------------------------- reasons and dates


def test_a_reason_is_asked_for_and_what_was_typed_stays(world: World) -> None:
    for ready, who, action in (
        (world.under_review, world.reviewer, "return"),
        (lambda: factory.decide("validate", world.report, world.reviewer), world.lead, "reopen"),
    ):
        ready()
        client, kept, data = world.client(who), states(world), answer(world)
        for reason in ("", "   ", "\n\t"):
            response = client.post(decision(world.report, action), {**data, "reason": reason})
            assert response.status_code == 422
            assert "A reason is needed: others will read it." in response.content.decode()
            assert response.context["form"]["due_on"].value() == str(data["due_on"])
        assert states(world) == kept


def test_the_new_date_is_one_that_can_be_kept(world: World) -> None:
    world.under_review()
    client, url, today = (
        world.client(world.reviewer),
        decision(world.report, "return"),
        today_of(world),
    )
    past = {"starts_on": date(2020, 1, 1), "ends_on": date(2020, 3, 31)}
    closes = {"due_on": date(2020, 4, 30), "closes_on": today + timedelta(days=9)}
    Period.objects.filter(pk=world.period.pk).update(**past, **closes)
    for due, sentence in (
        (today, "Choose a day in the future."),
        (today - timedelta(days=1), "Choose a day in the future."),
        (today + timedelta(days=10), "The quarter closes on"),
        ("soon", "Enter a valid date."),
        ("", "This field is required."),
    ):
        response = client.post(url, answer(world, due_on=due))
        assert (response.status_code, world.now().state) == (422, S.UNDER_REVIEW)
        assert sentence in response.content.decode()
    last = answer(world, due_on=today + timedelta(days=9))  # the day on which it closes
    assert client.post(url, last).status_code == 302


def today_of(world: World) -> date:
    return world.period.today()


def test_a_returned_report_has_the_reviewers_date_and_reason(world: World) -> None:
    world.under_review()
    due = world.period.today() + timedelta(days=5)
    data = answer(world, due_on=due, reason="  Check the total.  ")
    client = world.client(world.reviewer)
    response = client.post(decision(world.report, "return"), data)

    assert told(response) == ["The report was returned."]
    review = world.report.reviews.get()
    assert (world.now().due_on, review.due_on, review.reason) == (due, due, "Check the total.")
    assert review.outcome == "returned"


def test_what_is_flagged_stands_on_the_page_and_forbids_validating(world: World) -> None:
    world.under_review()
    line = world.report.lines.get(indicator=world.indicator)
    review = world.report.reviews.get()
    review.remarks.create(line=line, verdict="flagged", text="Too high.")
    client = world.client(world.reviewer)
    returning = client.get(decision(world.report, "return")).context
    validating = client.get(decision(world.report, "validate")).context

    assert [text for text, _ in returning["flagged"]] == ["I1 Indicator I1: Too high."]
    assert [text for text, _ in validating["gaps"]] == ["I1 Indicator I1: Too high."]
    assert len(returning["unread"]) == len(validating["unread"]) == 3
    assert client.post(decision(world.report, "validate"), answer(world)).status_code == 409
    assert world.now().state is S.UNDER_REVIEW
