"""The quarters: counts, who owes what, and what of it each person may know."""

import csv
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import timezone

from indicators.choices import Role
from publishing.models import Edition
from reports.choices import ReportStatus
from reports.models import Report
from tests import factory
from tests.conftest import World

S = ReportStatus
TAG = re.compile(r"<[^>]+>")
LIST = "/quarters/"


def words(response) -> str:
    return " ".join(TAG.sub(" ", response.content.decode()).split())


def url(world: World) -> str:
    return f"/quarters/{world.period.pk}/"


def rows(response) -> list[tuple[str, str]]:
    """Institution and state of each row."""
    return [(r.object.institution.code, r.object.status) for r in response.context["table"].rows]


def links(response) -> list[str]:
    return [row.cells[0].url for row in response.context["table"].rows]


def counts(response) -> list[int]:
    """The numbers of the first quarter, in the order of a report's life."""
    return [cell.value for cell in response.context["table"].rows[0].cells[3:9]]


def with_edition(world: World, number: int) -> Edition:
    return Edition.objects.create(
        plan=world.plan,
        period=world.period,
        number=number,
        address=f"AL-2026-Q3-{number}",
        snapshot="{}",
        sha256="0" * 64,
        audit_head="0" * 64,
        published_by=world.lead,
        published_at=timezone.now(),
    )


# ------------------------------------------------------------------ the list


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("reviewer", [1, 0, 1, 0, 0, 0]),
        ("lead", [1, 0, 1, 0, 0, 0]),
        ("administrator", [1, 0, 1, 0, 0, 0]),
        ("contributor", [0, 0, 1, 0, 0, 0]),
        ("other_approver", [1, 0, 0, 0, 0, 0]),
        ("observer", [0, 0, 0, 0, 0, 0]),
    ],
)
def test_each_person_counts_what_she_may_know_of(
    world: World, who: str, expected: list[int]
) -> None:
    world.under_review()
    response = world.client(getattr(world, who)).get(LIST)
    assert counts(response) == expected


def test_an_observer_counts_final_reports(world: World) -> None:
    world.validated()
    assert counts(world.client(world.observer).get(LIST)) == [0, 0, 0, 0, 1, 0]


def test_somebody_without_a_role_sees_no_quarter_and_learns_whom_to_ask(world: World) -> None:
    response = world.client(world.stranger).get(LIST)
    assert (response.status_code, rows_of(response)) == (200, 0)
    assert "ask the secretariat of the plan" in words(response)
    assert world.client(world.stranger).get(url(world)).status_code == 404


def rows_of(response) -> int:
    return len(response.context["table"].rows)


def test_the_newest_quarter_stands_first_with_its_last_edition(world: World) -> None:
    factory.open_quarter(world.plan, 2026, 2)
    for number in (9, 10):
        with_edition(world, number)
    response = world.client(world.reviewer).get(LIST)
    shown = [(r.cells[0].text, r.cells[9].text) for r in response.context["table"].rows]
    assert shown == [("2026 Q3", "AL-2026-Q3-10"), ("2026 Q2", "")]
    assert links(response)[0] == url(world)


def test_the_list_can_be_downloaded(world: World) -> None:
    world.submitted()
    response = world.client(world.reviewer).get(LIST, {"export": "csv"})
    lines = list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))
    assert [line[0] for line in lines[1:]] == ["2026 Q3"]
    assert lines[1][lines[0].index("Submitted")] == "1"


def test_nobody_without_a_login(world: World) -> None:
    for address in (LIST, url(world)):
        response = world.client(None).get(address)
        assert (response.status_code, response["Location"]) == (302, f"/login/?next={address}")


# ------------------------------------------------------------------ who owes what


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("reviewer", [("MB", "draft"), ("MM", "submitted")]),
        ("lead", [("MB", "draft"), ("MM", "submitted")]),
        ("administrator", [("MB", "draft"), ("MM", "submitted")]),
        ("approver", [("MM", "submitted")]),
        ("other_contributor", [("MB", "draft")]),
        ("observer", []),
    ],
)
def test_each_person_sees_the_rows_she_may_know_of(
    world: World, who: str, expected: list[tuple[str, str]]
) -> None:
    world.submitted()
    response = world.client(getattr(world, who)).get(url(world))
    assert rows(response) == expected
    codes = dict(expected)
    body = words(response)
    watches = who == "observer"  # she knows who is missing, as in who owes what, and no more
    for code, name in (("MB", "Ministry of Interior"), ("MM", "Ministry of Defence")):
        assert (name in body) is (watches or code in codes)


def test_an_observer_sees_final_rows_only(world: World) -> None:
    world.validated()
    response = world.client(world.observer).get(url(world))
    assert rows(response) == [("MM", "validated")]
    assert links(response) == [reverse("report", args=[world.report.pk])]


def test_the_coalition_knows_a_draft_by_state_and_date_only(world: World) -> None:
    factory.fill_in(world.now(), world.contributor, 97)
    response = world.client(world.reviewer).get(url(world))
    assert ("MM", "draft") in rows(response)
    assert links(response) == ["", ""]
    text = response.content.decode()
    hidden = (">97<", "As planned.", "Trained the police.", "1000.5", "1 000")
    assert [t for t in hidden if t in text] == []
    plain = world.client(world.reviewer).get(url(world), {"export": "csv"}).content.decode()
    assert [t for t in hidden if t in plain] == []


def test_each_side_is_led_to_its_own_page(world: World) -> None:
    world.submitted()
    review, own = reverse("review", args=[world.report.pk]), f"/reports/{world.report.pk}/"
    assert links(world.client(world.reviewer).get(url(world))) == ["", review]
    assert links(world.client(world.contributor).get(url(world))) == [own]
    assert links(world.client(world.administrator).get(url(world)))[1] == own


def test_the_reviewer_is_named_to_coalition_and_secretariat_only(world: World) -> None:
    world.under_review()
    shown = {
        who: "Reviewer.Al" in words(world.client(getattr(world, who)).get(url(world)))
        for who in ("lead", "administrator", "contributor")
    }
    assert shown == {"lead": True, "administrator": True, "contributor": False}


def test_days_and_lateness_come_from_dates(world: World) -> None:
    world.submitted()
    today = world.period.today()
    Report.objects.filter(pk=world.other_report.pk).update(due_on=today - timedelta(days=5))
    Report.objects.filter(pk=world.report.pk).update(
        submitted_at=timezone.now() - timedelta(days=3),
        first_submitted_at=timezone.now() + timedelta(days=1_000),
    )
    response = world.client(world.reviewer).get(url(world))
    shown = [[row.cells[4].text, row.cells[5].text] for row in response.context["table"].rows]
    assert shown == [["Overdue", "5 days overdue"], ["Late", "waits 3 days"]]


def test_rows_are_filtered_and_downloaded_as_filtered(world: World) -> None:
    world.submitted()
    client = world.client(world.reviewer)
    assert rows(client.get(url(world), {"status": "draft"})) == [("MB", "draft")]
    found = client.get(url(world), {"institution": world.defence.pk})
    assert rows(found) == [("MM", "submitted")]
    response = client.get(url(world), {"status": "submitted", "export": "csv"})
    lines = list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))
    assert [line[0] for line in lines[1:]] == ["Ministry of Defence"]


def test_a_ministry_can_not_filter_its_way_to_another(world: World) -> None:
    response = world.client(world.contributor).get(url(world), {"institution": world.interior.pk})
    assert "Ministry of Interior" not in words(response)


def test_a_quarter_of_a_foreign_plan_does_not_exist(world: World) -> None:
    elsewhere = factory.make_plan("XK", title_en="Another plan")
    foreigner = factory.make_member(Role.LEAD, elsewhere)
    assert world.client(foreigner).get(url(world)).status_code == 404


@pytest.mark.parametrize(
    ("who", "status", "is_offered"),
    [
        ("lead", S.VALIDATED, True),
        ("lead", S.SUBMITTED, False),
        ("reviewer", S.VALIDATED, False),
        ("administrator", S.VALIDATED, False),
    ],
)
def test_publishing_is_offered_to_the_lead_once_something_is_validated(
    world: World, who: str, status: ReportStatus, is_offered: bool
) -> None:
    world.validated() if status is S.VALIDATED else world.submitted()
    page = world.client(getattr(world, who)).get(url(world)).content.decode()
    assert (reverse("publish", args=[world.period.pk]) in page) is is_offered


@pytest.mark.parametrize(("who", "is_offered"), [("lead", True), ("reviewer", False)])
def test_reopening_is_offered_to_the_lead(world: World, who: str, is_offered: bool) -> None:
    world.published()
    page = (
        world.client(getattr(world, who))
        .get(reverse("review", args=[world.report.pk]))
        .content.decode()
    )
    address = reverse("report_decide", args=[world.report.pk, "reopen"])
    assert (address in page) is is_offered


def test_the_workbook_and_the_edition_are_linked(world: World) -> None:
    with_edition(world, 1)
    page = world.client(world.reviewer).get(url(world)).content.decode()
    assert reverse("quarter_workbook", args=[world.period.pk]) in page
    assert reverse("edition", args=["AL-2026-Q3-1"]) in page


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_quarters_are_only_read(world: World, method: str) -> None:
    client = world.client(world.lead)
    answers = [getattr(client, method)(address).status_code for address in (LIST, url(world))]
    assert answers == [405, 405]
