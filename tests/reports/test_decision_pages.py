"""Each decision's page: it says what will happen, asks for what it needs, and acts on a post."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from accounts.models import User
from audit.models import Entry
from reports.choices import ReportStatus, Verdict
from reports.forms.decisions import WORDINGS
from reports.models import Performed, Period, Remark, Report, Review, Revision
from reports.services import save_remark
from tests import factory
from tests.conftest import World
from tests.reports.page_structure import faults, structure
from tests.reports.section_forms import in_words
from tests.reports.typed_forms import action_of, fields_on, line_of, text_of

# action, state it is asked in, who asks, state after it
CASES = [
    ("submit", "draft", "approver", "submitted"),
    ("submit_on_behalf", "draft", "administrator", "submitted"),
    ("withdraw", "submitted", "approver", "draft"),
    ("take", "submitted", "reviewer", "under_review"),
    ("return", "under_review", "reviewer", "returned"),
    ("validate", "under_review", "reviewer", "validated"),
    ("reopen", "validated", "lead", "returned"),
    ("reopen", "published", "lead", "returned"),
]
EACH = pytest.mark.parametrize(("action", "state", "who", "after"), CASES)


MOVED = (
    "The report moved on while your page was open. It stands as: %(status)s."
    " What you sent was not carried out."
)


def bring(world: World, state: str) -> Report:
    if state == "draft":
        return factory.fill_in(world.now(), world.contributor)
    made: Report = getattr(world, state)()
    return made


def url(world: World, action: str) -> str:
    return f"/reports/{world.report.pk}/decide/{action}/"


def speaks(world: World, who: str, language: str = "en") -> Any:
    person = getattr(world, who)
    User.objects.filter(pk=person.pk).update(language=language)
    return world.client(world.fresh(person))


def flag(world: World, text: str, **place: Any) -> None:
    """The reviewer asks for a correction of a line, an action or (neither given) the narrative."""
    review = Review.objects.select_related("report__period__plan").get(outcome="")
    verdict = Verdict.FLAGGED
    save_remark(review, by=world.reviewer, version=0, verdict=verdict, text=text, **place)


def filled(page: Any, **more: str) -> dict[str, str]:
    """The page's form as a person sends it, with a reason where one is asked."""
    data = fields_on(page)
    data |= {"reason": "For a good reason."} if "reason" in data else {}
    return data | more


@EACH
def test_the_page_says_what_will_happen_in_both_languages_and_does_nothing(
    world: World, action: str, state: str, who: str, after: str
) -> None:
    bring(world, state)
    before, entries, wording = world.now(), Entry.objects.count(), WORDINGS[action]
    with translation.override("en"):
        texts = [wording.title, wording.question, wording.button, wording.reason, "Not now"]
        english = [str(text) for text in texts if text]
    for language in ("en", "sq"):
        response = speaks(world, who, language).get(url(world, action))
        page = text_of(response)
        assert (response.status_code, faults(response)) == (200, [])
        assert [text for text in english if in_words(language, text) not in page] == []
    now = world.now()
    assert (now.status, now.version) == (before.status, before.version)
    assert (Entry.objects.count(), Performed.objects.count()) == (entries, 0)
    assert now.status != after


@EACH
def test_the_post_acts_once_and_every_other_page_of_it_comes_too_late(
    world: World, action: str, state: str, who: str, after: str
) -> None:
    """The same page sent twice is harmless; another tab has a key of its own and an old version."""
    bring(world, state)
    language = "sq" if who in ("approver", "lead") else "en"
    client = speaks(world, who, language)
    data, tab = (filled(client.get(url(world, action))) for _tab in range(2))
    first, second = (client.post(url(world, action), data) for _time in range(2))
    landed = text_of(client.get(first["Location"], follow=True))
    late = client.post(url(world, action), tab)
    assert [answer.status_code for answer in (first, second, late)] == [302, 302, 409]
    assert data["key"] != tab["key"]
    assert (world.now().status, Performed.objects.count()) == (after, 1)
    assert Entry.objects.filter(action=f"report.{action}").count() == 1
    with translation.override("en"):
        told = str(WORDINGS[action].told)
    assert in_words(language, told) in landed
    with translation.override(language):
        state_now = str(ReportStatus(after).label).lower()
    assert in_words(language, MOVED, status=state_now) in text_of(late)
    assert ("For a good reason." in text_of(late)) is ("reason" in data)


def test_a_key_of_one_decision_opens_no_other(world: World) -> None:
    """A used key is good for the same decision of the same person only."""
    factory.fill_in(world.now(), world.contributor)
    approver = speaks(world, "approver")
    used = filled(approver.get(url(world, "submit")))
    approver.post(url(world, "submit"), used)
    stale = {**used, "reason": "x", "due_on": "2099-01-01"}
    assert approver.post(url(world, "withdraw"), stale).status_code == 409
    assert speaks(world, "reviewer").post(url(world, "take"), stale).status_code == 409
    assert world.now().status == "submitted"


def test_in_the_wrong_state_the_page_says_where_the_report_stands(world: World) -> None:
    language = "sq"
    world.submitted()
    with translation.override(language):
        state = str(ReportStatus.SUBMITTED.label).lower()
    for who, action in (("approver", "submit"), ("reviewer", "return"), ("lead", "reopen")):
        client = speaks(world, who, language)
        data = {"version": world.now().version, "key": "k", "reason": "So.", "due_on": "2099-01-01"}
        for response in (client.get(url(world, action)), client.post(url(world, action), data)):
            assert response.status_code == 409
            assert in_words(language, MOVED, status=state) in text_of(response)
    assert world.now().status == "submitted"


# ------------------------------------------------------------------ what is asked for


@pytest.mark.parametrize(
    ("action", "state", "who", "language"),
    [
        ("submit_on_behalf", "draft", "administrator", "en"),
        ("return", "under_review", "reviewer", "sq"),
        ("reopen", "published", "lead", "en"),
    ],
)
def test_a_missing_reason_is_said_at_its_field(
    world: World, action: str, state: str, who: str, language: str
) -> None:
    bring(world, state)
    client = speaks(world, who, language)
    page = client.get(url(world, action))
    for blank in ("", " \r\n"):
        response = client.post(url(world, action), filled(page, reason=blank))
        found = structure(response)
        [field] = [c for c in found.controls if c.get("name") == "reason"]
        assert (response.status_code, faults(response)) == (422, [])
        assert field["aria-invalid"] == "true"
        told = in_words(language, "A reason is needed: others will read it.")
        assert told in found.described(field)
        assert fields_on(response)["version"] == fields_on(page)["version"]
    assert world.now().status == state


def close_on(world: World, day: date) -> None:
    Period.objects.filter(pk=world.period.pk).update(
        starts_on=date(2020, 1, 1), ends_on=date(2020, 3, 31), due_on=day, closes_on=day
    )


def test_a_due_day_lies_ahead_and_within_the_quarter(world: World) -> None:
    language = "sq"
    world.under_review()
    today = world.period.today()
    last = today + timedelta(days=10)
    close_on(world, last)
    client = speaks(world, "reviewer", language)
    page = client.get(url(world, "return"))
    with translation.override(language):
        shown = date_format(last, "j F Y")
    past = in_words(language, "Choose a day in the future.")
    closed = in_words(
        language,
        "The quarter closes on %(day)s. Choose that day or an earlier one.",
        day=shown,
    )
    days = [(today - timedelta(days=1), past), (today, past), (last + timedelta(days=1), closed)]
    for day, sentence in days:
        response = client.post(url(world, "return"), filled(page, due_on=day.isoformat()))
        found = structure(response)
        [field] = [c for c in found.controls if c.get("name") == "due_on"]
        assert (response.status_code, sentence in found.described(field)) == (422, True)
        assert fields_on(response)["reason"] == "For a good reason."
    assert world.now().status == "under_review"
    assert client.post(url(world, "return"), filled(page, due_on=str(last))).status_code == 302
    assert world.now().due_on == last


@pytest.mark.parametrize(
    ("action", "state", "who"),
    [("return", "under_review", "reviewer"), ("reopen", "published", "lead")],
)
def test_the_day_proposed_is_that_of_the_plan(
    world: World, action: str, state: str, who: str
) -> None:
    type(world.plan).objects.filter(pk=world.plan.pk).update(resubmit_days=21)
    bring(world, state)
    client = speaks(world, who)
    page = client.get(url(world, action))
    wanted = world.period.today() + timedelta(days=21)
    assert fields_on(page)["due_on"] == wanted.isoformat()
    client.post(url(world, action), filled(page))
    assert world.now().due_on == wanted


# ------------------------------------------------------------------ what each one changes


def test_a_return_brings_reason_remarks_and_day_to_the_ministry(world: World) -> None:
    world.under_review()
    flag(world, "Count again.", line=line_of(world))
    flag(world, "Shorter, please.")
    client, day = speaks(world, "reviewer"), world.period.today() + timedelta(days=9)
    client.post(url(world, "return"), filled(client.get(url(world, "return")), due_on=str(day)))
    page = speaks(world, "contributor").get(f"/reports/{world.report.pk}/")
    shown = text_of(page)
    assert [
        t for t in ("For a good reason.", "Count again.", "Shorter, please.") if t not in shown
    ] == []
    with translation.override("en"):
        assert date_format(day, "j F Y") in shown
    links = [link for _remark, link, _verdict in page.context["remarks"]]
    start = f"/reports/{world.report.pk}/fill/?part="
    assert links == [f"{start}line-{line_of(world).pk}", f"{start}narrative"]
    review = Review.objects.get()
    assert (review.outcome, review.reason, review.due_on) == ("returned", "For a good reason.", day)


def test_the_question_of_a_return_lists_what_is_flagged_and_what_was_not_read(
    world: World,
) -> None:
    world.under_review()
    client = speaks(world, "reviewer")
    page = client.get(url(world, "return"))
    assert "No line is flagged. The ministry will see only your reason." in text_of(page)
    assert len(page.context["unread"]) == 4
    flag(world, "So.", line=line_of(world))
    page = client.get(url(world, "return"))
    assert "No line is flagged." not in text_of(page)
    address = f"{reverse('review', args=[world.report.pk])}#line-{line_of(world).pk}"
    assert page.context["flagged"] == [("I1 Indicator I1: So.", address)]
    assert [text for text, _link in page.context["unread"]] == [
        "I2 Indicator I2: No verdict yet.",
        "A1 Action A1: No verdict yet.",
        "Narrative: No verdict yet.",
    ]


def test_what_is_flagged_can_not_be_validated_and_what_is_unread_only_warns(world: World) -> None:
    world.under_review()
    client = speaks(world, "reviewer")
    clean = filled(client.get(url(world, "validate")))
    flag(world, "Dearer than planned?", action=action_of(world))
    page = client.get(url(world, "validate"))
    assert "so the report cannot be validated" in text_of(page)
    assert "A1 Action A1: Dearer than planned?" in text_of(page)
    assert 'name="key"' not in page.content.decode()
    assert client.post(url(world, "validate"), clean).status_code == 409
    forced = client.post(url(world, "validate"), {"version": world.now().version, "key": "k"})
    assert (forced.status_code, world.now().status) == (409, "under_review")
    Remark.objects.update(verdict=Verdict.ACCEPTED)
    page = client.get(url(world, "validate"))
    assert "These parts have no verdict yet" in text_of(page)
    assert client.post(url(world, "validate"), filled(page)).status_code == 302
    assert world.now().status == "validated"


def test_a_withdrawn_report_is_open_to_its_people_and_closed_to_the_others(world: World) -> None:
    world.submitted()
    approver = speaks(world, "approver")
    page = approver.get(url(world, "withdraw"))
    assert "Nobody has begun to review it." in text_of(page)
    approver.post(url(world, "withdraw"), filled(page))
    report = world.now()
    assert (report.status, report.revision, Revision.objects.count()) == ("draft", 1, 1)
    assert speaks(world, "reviewer").get(f"/review/{report.pk}/").status_code == 404
    again = approver.get(url(world, "submit"))
    assert approver.post(url(world, "submit"), filled(again)).status_code == 302
    assert (world.now().revision, world.now().status) == (2, "submitted")


def test_a_correction_withdrawn_goes_back_to_returned(world: World) -> None:
    world.returned()
    approver = speaks(world, "approver")
    for action in ("submit", "withdraw"):
        approver.post(url(world, action), filled(approver.get(url(world, action))))
    assert world.now().status == "returned"
    assert "Check the total." in text_of(approver.get(f"/reports/{world.report.pk}/"))


def test_a_re_opened_report_is_nobodys_to_review_and_keeps_its_revision(world: World) -> None:
    world.published()
    lead = speaks(world, "lead")
    page = lead.get(url(world, "reopen"))
    assert "What was published stays as it is" in text_of(page)
    lead.post(url(world, "reopen"), filled(page))
    report = world.now()
    assert (report.status, report.reviewer, report.revision) == ("returned", None, 1)
    assert Review.objects.get().outcome == "validated"


def test_submitting_on_behalf_keeps_the_reason_with_the_revision(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    client = speaks(world, "administrator")
    page = client.get(url(world, "submit_on_behalf"))
    client.post(url(world, "submit_on_behalf"), filled(page, reason="  Their network is down. "))
    revision = Revision.objects.get()
    assert (revision.on_behalf_reason, revision.submitted_by) == (
        "Their network is down.",
        world.administrator,
    )


HOSTILE = "<script>alert(1)</script> & =1+1"


def test_a_reason_is_shown_as_text_wherever_it_is_read(world: World) -> None:
    world.under_review()
    client = speaks(world, "reviewer")
    wrong = filled(client.get(url(world, "return")), reason=HOSTILE, due_on="2020-01-01")
    pages = [client.post(url(world, "return"), wrong)]
    assert fields_on(pages[0])["reason"] == HOSTILE
    client.post(url(world, "return"), filled(client.get(url(world, "return")), reason=HOSTILE))
    pages += [
        speaks(world, who).get(address)
        for who, address in (
            ("contributor", f"/reports/{world.report.pk}/"),
            ("reviewer", f"/review/{world.report.pk}/"),
        )
    ]
    for page in pages:
        html = page.content.decode()
        assert "<script>alert(1)" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; =1+1" in html


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_a_decision_is_asked_by_get_and_made_by_post_only(world: World, method: str) -> None:
    factory.fill_in(world.now(), world.contributor)
    assert getattr(speaks(world, "approver"), method)(url(world, "submit")).status_code == 405
    assert world.now().status == "draft"
