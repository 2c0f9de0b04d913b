"""Decisions on the ministry's pages: each asks first, happens once, and says what is missing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.http import HttpResponse

from audit.models import Entry
from reports.choices import ReportStatus
from reports.forms.decisions import WORDINGS
from reports.models import Observation, Report, Revision
from reports.workflow import TRANSITIONS
from tests import factory
from tests.conftest import World
from tests.reports.typed_forms import close, fields_on, line_of, text_of

PEOPLE = (
    "contributor",
    "approver",
    "other_approver",
    "reviewer",
    "other_reviewer",
    "lead",
    "administrator",
    "observer",
    "stranger",
)
STATES = ("draft", "submitted", "under_review", "returned", "validated", "published")
MAY = {
    "submit": {("draft", "approver"), ("returned", "approver")},
    "submit_on_behalf": {("draft", "administrator"), ("returned", "administrator")},
    "withdraw": {("submitted", "approver")},
    "take": {("submitted", "reviewer"), ("submitted", "other_reviewer"), ("submitted", "lead")},
    "return": {("under_review", "reviewer"), ("under_review", "lead")},
    "validate": {("under_review", "reviewer"), ("under_review", "lead")},
    "reopen": {("validated", "lead"), ("published", "lead")},
}
"""Who decides what in which state; everything that is not here is refused."""


def in_state(world: World, state: str) -> Report:
    if state == "draft":
        return factory.fill_in(world.now(), world.contributor)
    made: Report = getattr(world, state)()
    return made


def url(world: World, action: str) -> str:
    return f"/reports/{world.report.pk}/decide/{action}/"


def ask(world: World, who: str, action: str) -> HttpResponse:
    return world.client(getattr(world, who)).get(url(world, action))


def answered(world: World, page: HttpResponse) -> dict[str, str]:
    """The confirm page filled in as it asks."""
    data = fields_on(page)
    return data | ({"reason": "For a good reason."} if "reason" in data else {})


def decide(world: World, who: str, action: str) -> HttpResponse:
    client = world.client(getattr(world, who))
    page = client.get(url(world, action))
    return client.post(url(world, action), answered(world, page))


def test_there_is_a_page_for_every_decision_but_publication() -> None:
    assert set(WORDINGS) == set(MAY) == set(TRANSITIONS) - {"publish"}


@pytest.mark.parametrize("state", STATES)
def test_each_state_opens_its_decisions_to_its_people_only(world: World, state: str) -> None:
    """The page is for those who may decide, and nobody else's post does anything."""
    in_state(world, state)
    before = world.now().version
    for action, may in MAY.items():
        for who in PEOPLE:
            if (state, who) in may:
                assert ask(world, who, action).status_code == 200, (action, who)
                continue
            data = {"version": before, "key": "k", "reason": "x", "due_on": "2099-01-01"}
            post = world.client(getattr(world, who)).post(url(world, action), data)
            assert post.status_code in (403, 404, 409), (action, who)
            assert not post.headers.get("Location")
    report = world.now()
    assert (report.status, report.version) == (state, before)


@pytest.mark.parametrize(
    ("action", "state", "who", "after"),
    [
        ("submit", "draft", "approver", "submitted"),
        ("submit_on_behalf", "draft", "administrator", "submitted"),
        ("withdraw", "submitted", "approver", "draft"),
        ("take", "submitted", "reviewer", "under_review"),
        ("return", "under_review", "reviewer", "returned"),
        ("validate", "under_review", "reviewer", "validated"),
        ("reopen", "published", "lead", "returned"),
    ],
)
def test_a_decision_is_asked_then_made_once(
    world: World, action: str, state: str, who: str, after: str
) -> None:
    in_state(world, state)
    client = world.client(getattr(world, who))
    page = client.get(url(world, action))
    assert world.now().status == state
    data = answered(world, page)
    codes = [client.post(url(world, action), data).status_code for _ in range(2)]
    assert codes == [302, 302]
    assert world.now().status == after
    assert (
        Entry.objects.filter(action=f"report.{action}", about_id=str(world.report.pk)).count() == 1
    )


def test_two_people_submit_once_and_the_second_is_told(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    second = factory.make_member(
        "approver", world.plan, world.defence, email="second.approver@example.org"
    )
    first, other = world.client(world.approver), world.client(second)
    data = [fields_on(client.get(url(world, "submit"))) for client in (first, other)]
    assert first.post(url(world, "submit"), data[0]).status_code == 302
    late = other.post(url(world, "submit"), data[1])
    assert late.status_code == 409
    assert "The report moved on while your page was open." in text_of(late)
    assert Revision.objects.count() == 1


def test_a_stale_page_decides_nothing_and_keeps_the_reason(world: World) -> None:
    world.under_review()
    client = world.client(world.reviewer)
    data = fields_on(client.get(url(world, "return"))) | {"reason": "My long reason."}
    Report.objects.filter(pk=world.report.pk).update(version=99)
    response = client.post(url(world, "return"), data)
    assert (response.status_code, world.now().status) == (409, "under_review")
    assert "My long reason." in text_of(response)


def test_an_incomplete_report_lists_everything_with_links_to_the_fields(world: World) -> None:
    client = world.client(world.approver)
    page = client.get(url(world, "submit"))
    sentences = [sentence for sentence, _link in page.context["gaps"]]
    assert sentences == [
        "I1 Indicator I1: Value: no value and no reason for its absence.",
        "I1 Indicator I1: Your own rating is missing.",
        "I2 Indicator I2: Value: no value and no reason for its absence.",
        "I2 Indicator I2: Your own rating is missing.",
        "A1 Action A1: How far the action is, is missing.",
        "A1 Action A1: The money spent is missing; write 0 when none was spent.",
        "Narrative: Not written yet: what was done.",
        "Narrative: Not written yet: next steps.",
    ]
    for _sentence, link in page.context["gaps"]:
        assert f'href="{link}"' in page.content.decode()
        path, _hash, anchor = link.partition("#")
        assert f'id="{anchor}"' in client.get(path).content.decode(), link
    assert "Submit to the coalition" not in text_of(page)


def test_a_gap_that_opened_since_the_page_was_shown_refuses_the_submission(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    client = world.client(world.approver)
    data = fields_on(client.get(url(world, "submit")))
    Observation.objects.filter(line=line_of(world)).delete()
    response = client.post(url(world, "submit"), data)
    assert (response.status_code, world.now().status) == (409, "draft")
    assert [s for s, _link in response.context["gaps"]] == [
        "I1 Indicator I1: Value: no value and no reason for its absence."
    ]
    assert not Revision.objects.exists()


def test_the_page_says_what_goes_out(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    page = ask(world, "approver", "submit")
    assert [number for _name, number in page.context["summary"]] == [2, 1, 0]
    assert page.context["spent"] == Decimal("1000.50")


@pytest.mark.parametrize(
    ("action", "state", "who"),
    [
        ("submit_on_behalf", "draft", "administrator"),
        ("return", "under_review", "reviewer"),
        ("reopen", "validated", "lead"),
    ],
)
def test_a_reason_is_asked_for_where_one_is_needed(
    world: World, action: str, state: str, who: str
) -> None:
    in_state(world, state)
    client = world.client(getattr(world, who))
    data = fields_on(client.get(url(world, action))) | {"reason": " "}
    response = client.post(url(world, action), data)
    assert (response.status_code, world.now().status) == (422, state)
    assert "A reason is needed" in text_of(response)


@pytest.mark.parametrize("day", ["yesterday", "2020-01-01", "", "2026-02-31"])
def test_a_new_due_date_lies_ahead(world: World, day: str) -> None:
    world.under_review()
    client = world.client(world.reviewer)
    data = fields_on(client.get(url(world, "return"))) | {"reason": "My reason.", "due_on": day}
    response = client.post(url(world, "return"), data)
    assert (response.status_code, world.now().status) == (422, "under_review")
    assert fields_on(response)["reason"] == "My reason."


def test_the_chosen_due_date_is_kept(world: World) -> None:
    world.under_review()
    client, day = world.client(world.reviewer), world.period.today() + timedelta(days=30)
    data = fields_on(client.get(url(world, "return"))) | {"reason": "Again.", "due_on": str(day)}
    assert client.post(url(world, "return"), data).status_code == 302
    assert world.now().due_on == day


def test_a_closed_quarter_is_not_submitted(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    close(world.period)
    for who, action in (("approver", "submit"), ("administrator", "submit_on_behalf")):
        response = ask(world, who, action)
        assert response.status_code == 403
        assert "closed on" in text_of(response)
        data = {"version": world.now().version, "key": "k", "reason": "x"}
        client = world.client(getattr(world, who))
        assert client.post(url(world, action), data).status_code == 403
    assert world.now().state is ReportStatus.DRAFT


def test_publication_has_no_page_here(world: World) -> None:
    world.validated()
    for action in ("publish", "delete", ""):
        assert ask(world, "lead", action).status_code == 404
    assert world.now().state is ReportStatus.VALIDATED


@pytest.mark.parametrize("bad", [{"version": ""}, {"version": "x"}, {"key": ""}, {"key": "k" * 65}])
def test_a_post_without_its_marks_decides_nothing(world: World, bad: dict[str, str]) -> None:
    factory.fill_in(world.now(), world.contributor)
    client = world.client(world.approver)
    data = fields_on(client.get(url(world, "submit"))) | bad
    assert client.post(url(world, "submit"), data).status_code == 422
    assert world.now().state is ReportStatus.DRAFT
