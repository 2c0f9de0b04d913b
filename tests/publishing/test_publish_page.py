"""The lead's page: what would be in the edition, what is missing, and the one button."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Institution, User
from audit.models import Entry
from indicators.choices import Role
from indicators.models import Membership
from publishing.models import Edition
from publishing.services import checklist
from reports.choices import ReportStatus
from reports.models import Report
from tests import factory
from tests.conftest import World
from tests.publishing.pages import Page, read
from tests.reports.typed_forms import fields_on

pytestmark = pytest.mark.django_db


def address(world: World) -> str:
    return f"/publish/{world.period.pk}/"


def opened(world: World, by: User | None = None) -> Page:
    return read(world.client(by or world.lead).get(address(world)))


def click(world: World, by: User | None = None, **typed: Any) -> Any:
    """What the page's one button sends, as it stands on the page now."""
    sent = {"seen": checklist(world.period).seen, "note": "", **typed}
    return world.client(by or world.lead).post(address(world), sent)


def state(world: World) -> tuple[int, list[str], int]:
    """Editions, the states of both reports, and log entries of publications."""
    states = Report.objects.order_by("institution__code").values_list("status", flat=True)
    log = Entry.objects.filter(action__in=("edition.published", "report.publish"))
    return Edition.objects.count(), list(states), log.count()


UNTOUCHED = (0, ["draft", "validated"], 0)
DONE = (1, ["draft", "published"], 2)


def validate_other(world: World) -> None:
    factory.fill_in(world.now(world.other_report), world.other_contributor, 7)
    factory.decide("submit", world.other_report, world.other_approver)
    for action in ("take", "validate"):
        factory.decide(action, world.other_report, world.reviewer)


SEES = {
    "lead": 200,
    "contributor": 403,
    "approver": 403,
    "other_contributor": 403,
    "reviewer": 403,
    "administrator": 403,
    "observer": 403,
    "stranger": 404,
}


def test_only_the_lead_of_the_plan_has_the_page(world: World) -> None:
    world.validated()
    for name, status in SEES.items():
        person = getattr(world, name)
        assert world.client(person).get(address(world)).status_code == status, name
        if person != world.lead:
            assert click(world, person).status_code == status, name
    assert state(world) == UNTOUCHED


def test_somebody_who_is_not_logged_in_is_asked_to(world: World) -> None:
    world.validated()
    asked = Client().get(address(world))
    assert (asked.status_code, asked["Location"]) == (302, f"/login/?next={address(world)}")
    assert Client().post(address(world), {"seen": "x"}).status_code == 401
    assert state(world) == UNTOUCHED


def test_the_lead_of_another_plan_does_not_find_it(world: World) -> None:
    world.validated()
    elsewhere = factory.make_member(Role.LEAD, factory.make_plan("XK", country="XK"))
    assert world.client(elsewhere).get(address(world)).status_code == 404
    assert click(world, elsewhere).status_code == 404
    assert state(world) == UNTOUCHED


def test_a_role_that_ended_between_two_clicks_ends_the_page_too(world: World) -> None:
    world.validated()
    client = world.client(world.lead)
    assert client.get(address(world)).status_code == 200
    Membership.objects.filter(user=world.lead).update(role=Role.OBSERVER)
    seen = {"seen": checklist(world.period).seen}
    assert client.get(address(world)).status_code == 403
    assert client.post(address(world), seen).status_code == 403
    assert state(world) == UNTOUCHED


def test_a_quarter_that_never_was_is_not_found(world: World) -> None:
    for place in (f"/publish/{world.period.pk + 999}/", "/publish/x/", "/publish/"):
        assert world.client(world.lead).get(place).status_code == 404


def test_other_methods_are_refused(world: World) -> None:
    world.validated()
    for method in ("put", "patch", "delete"):
        answer = getattr(world.client(world.lead), method)(address(world))
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST")
    assert state(world) == UNTOUCHED


def test_looking_publishes_nothing(world: World) -> None:
    world.validated()
    seen = checklist(world.period).seen
    client = world.client(world.lead)
    for answer in (
        client.get(address(world)),
        client.head(address(world)),
        client.get(address(world), {"seen": seen, "note": "now"}),
    ):
        assert answer.status_code == 200
    assert state(world) == UNTOUCHED


def test_without_a_token_nothing_is_published(world: World) -> None:
    world.validated()
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.lead)
    answer = client.post(address(world), {"seen": checklist(world.period).seen})
    assert answer.status_code == 403
    assert state(world) == UNTOUCHED


def test_it_lists_what_becomes_public_and_what_is_missing(world: World) -> None:
    world.validated()
    page = opened(world)
    assert page.title == "Publish 2026 Q3"
    assert page.under("New in this edition").text == "Validated Ministry of Defence revision 1"
    assert page.under("Missing").text == (
        "The edition can appear without these reports. It will name them, and figures that lack "
        "them are marked as provisional. Draft Ministry of Interior"
    )
    told = page.one("aside").text
    assert told.startswith("Edition AL-2026-Q3-1 1 report becomes public. Small counts are")


MISSING = {
    "draft": ([], "Draft Ministry of Defence"),
    "submitted": (["submit"], "Submitted Ministry of Defence"),
    "under_review": (["submit", "take"], "Under review Ministry of Defence"),
    "returned": (["submit", "take", "return"], "Returned Ministry of Defence"),
}


@pytest.mark.parametrize("status", MISSING)
def test_a_report_that_is_not_validated_is_missing_and_alone_not_enough(
    world: World, status: str
) -> None:
    steps, shown = MISSING[status]
    if steps:
        factory.fill_in(world.now(), world.contributor)
    for step in steps:
        who = world.approver if step == "submit" else world.reviewer
        factory.decide(step, world.report, who, reason="Check." if step == "return" else "")
    page = opened(world)
    assert page.under("Missing").text.endswith(f"Draft Ministry of Interior {shown}")
    assert page.one("div", "empty").text == (
        "Nothing to publish No report of this quarter is validated and waits for publication. "
        "See the quarter"
    )
    assert page.one("div", "empty").links() == {"See the quarter": f"/quarters/{world.period.pk}/"}
    assert page.all("input", name="seen") == []
    assert click(world).status_code == 409
    assert Edition.objects.count() == 0


def test_every_report_there_is_said_in_words(world: World) -> None:
    world.validated()
    validate_other(world)
    page = opened(world)
    assert page.under("Missing").text == "Every report of the quarter is there."
    assert "2 reports become public." in page.one("aside").text


def test_one_click_publishes_and_leads_to_the_edition(world: World) -> None:
    world.validated()
    answer = click(world, note="First quarter.")
    assert (answer.status_code, answer["Location"]) == (302, "/editions/AL-2026-Q3-1/")
    assert state(world) == DONE
    edition = Edition.objects.get()
    assert (edition.note, edition.published_by, edition.number) == ("First quarter.", world.lead, 1)


def test_the_page_that_follows_says_it_is_published(world: World) -> None:
    world.validated()
    client = world.client(world.lead)
    answer = client.post(address(world), {"seen": checklist(world.period).seen}, follow=True)
    page = read(answer)
    assert page.title == "Edition AL-2026-Q3-1"
    assert "Edition AL-2026-Q3-1 is published." in page.text


def test_the_form_carries_the_fingerprint_of_what_it_shows(world: World) -> None:
    world.validated()
    client = world.client(world.lead)
    fields = fields_on(client.get(address(world)))
    assert fields["seen"] == checklist(world.period).seen
    assert client.post(address(world), fields).status_code == 302
    assert state(world) == DONE


def test_the_second_click_publishes_nothing_more(world: World) -> None:
    world.validated()
    sent = {"seen": checklist(world.period).seen}
    client = world.client(world.lead)
    assert client.post(address(world), sent).status_code == 302
    after = state(world)
    page = read(client.post(address(world), sent), status=409)
    assert page.title == "Somebody was faster"
    assert state(world) == after == DONE


def test_a_page_that_is_out_of_date_is_refused_and_leads_back(world: World) -> None:
    """A report was validated since: it is not slipped in, and nothing is published."""
    world.validated()
    seen = checklist(world.period).seen
    validate_other(world)
    page = read(click(world, seen=seen), status=409)
    assert page.one("div", "prose").text == (
        "Since you opened the page, a report that would be in the edition was validated, "
        "re-opened or published by somebody else. Nothing was published by your click. Look again "
        "at what would be in it."
    )
    assert page.links()["Open the page as it is now"] == address(world)
    assert state(world) == (0, ["validated", "validated"], 0)
    again = opened(world)
    assert again.under("New in this edition").text == (
        "Validated Ministry of Interior revision 1 Validated Ministry of Defence revision 1"
    )
    assert click(world).status_code == 302


def test_a_report_reopened_since_is_not_published(world: World) -> None:
    world.validated()
    seen = checklist(world.period).seen
    factory.decide("reopen", world.report, world.lead, reason="A wrong total.")
    assert click(world, seen=seen).status_code == 409
    assert state(world) == (0, ["draft", "returned"], 0)


SEEN = {
    "another": ("0" * 64, 409),
    "empty": ("", 400),
    "of another quarter": (None, 409),
    "blanks": ("   ", 400),
    "markup": ("<b>", 409),
}


def test_a_fingerprint_that_was_not_on_the_page_publishes_nothing(world: World) -> None:
    world.validated()
    other = checklist(factory.open_quarter(world.plan, 2026, 2)).seen
    for kind, (seen, status) in SEEN.items():
        answer = click(world, seen=other if seen is None else seen)
        assert answer.status_code == status, kind
    assert Edition.objects.count() == 0
    assert world.now().state is ReportStatus.VALIDATED


def test_a_note_that_is_too_long_is_refused_and_kept(world: World) -> None:
    world.validated()
    note = "Long. " * 400
    answer = click(world, note=note)
    page = read(answer, status=400)
    assert "Ensure this value has at most 2000 characters" in page.text
    assert fields_on(answer)["note"].strip() == note.strip()
    assert state(world) == UNTOUCHED
    assert click(world, note="x" * 2000).status_code == 302


NOTES = ["=1+1", "<script>alert(1)</script>", "Çështje të\r\ngrave", "  kept without blanks  "]


def test_the_note_is_shown_as_it_was_typed(world: World) -> None:
    world.validated()
    assert click(world, note="\n".join(NOTES)).status_code == 302
    answer = Client().get("/editions/AL-2026-Q3-1/")
    assert read(answer).under("Note for the readers").text == " ".join(" ".join(NOTES).split())
    assert "<script>alert" not in answer.content.decode()


def test_the_next_edition_has_the_next_number_and_names_the_one_before(world: World) -> None:
    world.validated()
    click(world)
    validate_other(world)
    page = opened(world)
    assert page.under("New in this edition").text == "Validated Ministry of Interior revision 1"
    assert page.under("Published before, and in it again").text == ("Published Ministry of Defence")
    assert page.under("Editions of this quarter").links() == {
        "AL-2026-Q3-1": "/editions/AL-2026-Q3-1/"
    }
    assert click(world)["Location"] == "/editions/AL-2026-Q3-2/"
    assert state(world) == (2, ["published", "published"], 4)
    first, second = Edition.objects.order_by("number")
    assert first.snapshot != second.snapshot


def test_after_everything_is_published_the_page_offers_nothing(world: World) -> None:
    world.validated()
    validate_other(world)
    click(world)
    page = opened(world)
    assert page.one("div", "empty").text.startswith("Nothing to publish")
    assert "Edition AL-2026-Q3-2" not in page.text
    assert click(world).status_code == 409


def test_another_quarters_reports_are_not_on_the_page(world: World) -> None:
    """A canary: the second quarter's report stands validated beside."""
    world.validated()
    other = factory.open_quarter(world.plan, 2026, 2)
    Report.objects.filter(period=other).update(status="validated", revision=77)
    assert "revision 77" not in opened(world).text
    assert "revision 77" in read(world.client(world.lead).get(f"/publish/{other.pk}/")).text


def test_the_page_speaks_albanian(world: World) -> None:
    world.validated()
    User.objects.filter(pk=world.lead.pk).update(language="sq")
    page = read(world.client(world.fresh(world.lead)).get(address(world)))
    assert page.title == "Botoni 2026 T3"
    assert page.one("html").attrs["lang"] == "sq"
    assert page.one("main").all("button")[-1].text == "Botoni për të gjithë"


def test_the_page_is_never_kept(world: World) -> None:
    world.validated()
    answer = world.client(world.lead).get(address(world))
    assert answer["Cache-Control"] == "no-store, private"


def test_the_page_costs_the_same_queries_for_any_number_of_reports(
    world: World, django_assert_num_queries: Any
) -> None:
    client, period = world.client(world.lead), world.period
    due = {"period": period, "due_on": period.due_on}
    for number in (1, 3, 300):
        places = Institution.objects.bulk_create(
            Institution(country="XK", code=f"X{number}-{n}", kind="ministry") for n in range(number)
        )
        Report.objects.bulk_create(Report(institution=place, **due) for place in places)
        with django_assert_num_queries(7):
            page = read(client.get(address(world)))
        assert len(page.under("Missing").all("li")) == Report.objects.count()


def test_a_note_outlives_a_click_that_came_too_late(world: World) -> None:
    world.validated()
    page = read(click(world, seen="0" * 64, note="A note <b>with</b> care."), status=409)
    assert "A note <b>with</b> care." in page.text
    assert state(world) == UNTOUCHED


def test_a_note_outlives_the_end_of_the_session_and_nothing_is_published_by_it(
    world: World,
) -> None:
    """The form comes back after the log-in, with what would be in the edition now."""
    world.validated()
    sent = {"seen": checklist(world.period).seen, "note": "Typed before the session ended."}
    refused = Client().post(address(world), sent)
    assert refused.status_code == 401
    assert "Typed before the session ended." in refused.content.decode()
    validate_other(world)
    back = world.client(world.lead).post(address(world), {**sent, "only_show": "1"})
    fields = fields_on(back)
    assert (back.status_code, fields["note"].strip()) == (200, sent["note"])
    assert fields["seen"] == checklist(world.period).seen != sent["seen"]
    assert state(world) == (0, ["validated", "validated"], 0)
    assert world.client(world.lead).post(address(world), fields).status_code == 302
