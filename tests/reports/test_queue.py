"""The coalition's queue: what waits, for how long, whose it is, and taking it."""

import csv
import re
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from indicators.choices import Role
from indicators.models import Membership
from reports.choices import ReportStatus
from reports.models import Report, Review
from tests import factory
from tests.conftest import World

S = ReportStatus
QUEUE = "/review/"
WORDS = re.compile(r"<[^>]+>")


def words(response) -> str:
    return " ".join(WORDS.sub(" ", response.content.decode()).split())


def also_submitted(world: World, days: int = 0) -> Report:
    """The other ministry's report, submitted some days ago."""
    factory.fill_in(world.now(world.other_report), world.other_contributor)
    factory.decide("submit", world.other_report, world.other_approver)
    moment = timezone.now() - timedelta(days=days)
    Report.objects.filter(pk=world.other_report.pk).update(submitted_at=moment)
    return world.now(world.other_report)


def listed(response) -> list[str]:
    """The institutions in the order of the page."""
    return [row.object.institution.code for row in response.context["table"].rows]


def take_fields(report: Report, key: str = "one") -> dict[str, object]:
    return {"version": report.version, "key": key}


def test_reports_with_the_coalition_are_listed_longest_waiting_first(world: World) -> None:
    world.under_review()
    also_submitted(world, days=9)
    response = world.client(world.reviewer).get(QUEUE)
    assert listed(response) == ["MB", "MM"]
    assert [cell.text for cell in response.context["table"].rows[0].cells] == [
        "Ministry of Interior",
        "2026 Q3",
        "Submitted",
        response.context["table"].rows[0].cells[3].text,
        "9",
        "1",
        response.context["table"].rows[0].cells[6].text,
        "free to take",
    ]
    assert response.context["table"].rows[1].cells[7].text == "Reviewer.Al"


@pytest.mark.parametrize("status", ["draft", "returned", "validated", "published"])
def test_what_is_not_with_the_coalition_is_not_in_the_queue(world: World, status: str) -> None:
    {
        "draft": world.now,
        "returned": world.returned,
        "validated": world.validated,
        "published": world.published,
    }[status]()
    response = world.client(world.reviewer).get(QUEUE)
    assert listed(response) == []
    assert "Nothing waits for you" in words(response)
    assert reverse("quarters") in response.content.decode()


@pytest.mark.parametrize(
    "who", ["contributor", "approver", "administrator", "observer", "stranger"]
)
def test_the_queue_is_the_coalitions(world: World, who: str) -> None:
    world.submitted()
    response = world.client(getattr(world, who)).get(QUEUE)
    assert response.status_code == 403
    assert "Ministry of Defence" not in response.content.decode()


def test_somebody_without_a_login_is_asked_for_one(world: World) -> None:
    response = world.client(None).get(QUEUE)
    assert (response.status_code, response["Location"]) == (302, f"/login/?next={QUEUE}")


def test_reports_of_a_plan_one_does_not_review_are_not_listed(world: World) -> None:
    world.submitted()
    elsewhere = factory.make_plan("XK", title_en="Another plan")
    foreigner = factory.make_member(Role.REVIEWER, elsewhere)
    response = world.client(foreigner).get(QUEUE)
    assert listed(response) == []
    assert "Ministry of Defence" not in response.content.decode()


def test_filters_narrow_the_queue_and_stay_in_the_address(world: World) -> None:
    world.under_review()
    also_submitted(world)
    client = world.client(world.reviewer)
    assert listed(client.get(QUEUE, {"status": "submitted"})) == ["MB"]
    assert listed(client.get(QUEUE, {"institution": world.defence.pk})) == ["MM"]
    assert listed(client.get(QUEUE, {"mine": "on"})) == ["MM"]
    assert listed(world.client(world.other_reviewer).get(QUEUE, {"mine": "on"})) == []
    assert sorted(listed(client.get(QUEUE, {"quarter": world.period.pk}))) == ["MB", "MM"]
    page = client.get(QUEUE, {"status": "submitted"})
    assert "?status=submitted&amp;export=xlsx" in page.content.decode()


def test_a_filter_that_finds_nothing_says_how_to_see_the_rest(world: World) -> None:
    world.submitted()
    response = world.client(world.reviewer).get(QUEUE, {"mine": "on"})
    assert "No report fits this filter" in words(response)
    assert "Show the whole queue" in words(response)


def test_the_download_holds_what_was_filtered(world: World) -> None:
    world.under_review()
    also_submitted(world, days=3)
    client = world.client(world.reviewer)
    query = {"status": "submitted", "export": "xlsx"}
    response = client.get(QUEUE, query)
    rows = (
        CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0).to_python()
    )
    assert [row[0] for row in rows[1:]] == ["Ministry of Interior"]
    assert rows[1][rows[0].index("Days waiting")] == 3.0
    plain = client.get(QUEUE, {"export": "csv"})
    lines = list(csv.reader(StringIO(plain.content.decode("utf-8-sig"))))
    assert [line[0] for line in lines[1:]] == ["Ministry of Interior", "Ministry of Defence"]


def test_a_long_queue_has_pages(world: World) -> None:
    world.submitted()
    for number in range(60):
        institution = factory.make_institution(f"X{number:03}")
        Report.objects.create(
            period=world.period,
            institution=institution,
            due_on=world.period.due_on,
            status=S.SUBMITTED,
            submitted_at=timezone.now(),
        )
    response = world.client(world.reviewer).get(QUEUE, {"page": 2})
    assert len(response.context["table"].rows) == 11
    assert "?page=1" in response.content.decode()


def test_one_click_takes_a_report(world: World) -> None:
    report = world.submitted()
    client = world.client(world.reviewer)
    page = client.get(QUEUE).content.decode()
    assert f'action="{reverse("report_decide", args=[report.pk, "take"])}"' in page
    assert f'name="version" value="{report.version}"' in page
    response = client.post(reverse("report_decide", args=[report.pk, "take"]), take_fields(report))
    assert response.status_code == 302
    assert (world.now().state, world.now().reviewer) == (S.UNDER_REVIEW, world.reviewer)


def test_two_clicks_take_it_once(world: World) -> None:
    report = world.submitted()
    client = world.client(world.reviewer)
    url = reverse("report_decide", args=[report.pk, "take"])
    for _click in range(2):
        client.post(url, take_fields(report))
    assert Review.objects.filter(report=report).count() == 1


def test_the_second_of_two_reviewers_is_told_that_it_is_taken(world: World) -> None:
    report = world.submitted()
    url = reverse("report_decide", args=[report.pk, "take"])
    world.client(world.reviewer).post(url, take_fields(report, "a"))
    late = world.client(world.other_reviewer).post(url, take_fields(report, "b"))
    assert late.status_code == 409
    assert world.now().reviewer == world.reviewer


def test_a_member_of_the_institution_sees_no_button_for_its_report(world: World) -> None:
    report = world.submitted()
    Membership.objects.create(
        user=world.other_reviewer, plan=world.plan, role=Role.CONTRIBUTOR, institution=world.defence
    )
    page = world.client(world.fresh(world.other_reviewer)).get(QUEUE)
    assert reverse("report_decide", args=[report.pk, "take"]) not in page.content.decode()
    assert "Your own institution" in words(page)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_queue_is_only_read(world: World, method: str) -> None:
    assert getattr(world.client(world.reviewer), method)(QUEUE).status_code == 405
