"""What the coalition takes away of its queue and of a report: true days, whole rows, no more."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.reader import read_sheets
from reports.choices import ReportStatus, Verdict
from reports.models import Report, Review
from reports.services import save_remark
from tests import factory
from tests.conftest import World
from tests.reports.exporting import body, fetched, rows
from tests.reports.list_pages import as_csv, as_workbook, column, crowd, rounds
from tests.reports.section_forms import in_words
from tests.reports.typed_forms import line_of

QUEUE = "/review/"
HEADINGS = [
    *("Institution", "Plan", "Quarter", "Status", "Submitted", "Days waiting", "Round"),
    *("Timing", "Reviewer"),
]


@pytest.mark.parametrize("language", ["en", "sq"])
def test_the_queue_leaves_with_all_its_columns(world: World, language: str) -> None:
    world.under_review()
    sent = timezone.now() - timedelta(days=12)
    Report.objects.filter(pk=world.report.pk).update(submitted_at=sent, first_submitted_at=sent)
    Report.objects.filter(pk=world.report.pk).update(due_on=world.period.due_on)
    User.objects.filter(pk=world.reviewer.pk).update(language=language)
    client = world.client(world.fresh(world.reviewer))
    headings, row = as_workbook(client, QUEUE, {})
    assert headings == [in_words(language, word) for word in HEADINGS]
    day = timezone.localdate(sent, ZoneInfo("Europe/Tirane"))
    waits = (world.period.today() - day).days
    told = dict(zip(HEADINGS, row))
    assert (told["Plan"], told["Submitted"], told["Days waiting"]) == ("AL", day, Decimal(waits))
    assert (told["Round"], told["Reviewer"]) == (1, "Reviewer.Al")
    assert told["Status"] == in_words(language, "Under review")


def test_a_day_is_that_of_the_plan_and_not_of_the_server(world: World) -> None:
    """Half past eleven in the evening in London is the next day in Tirana."""
    world.submitted()
    late = datetime(2026, 10, 1, 22, 30, tzinfo=ZoneInfo("UTC"))
    Report.objects.filter(pk=world.report.pk).update(submitted_at=late)
    sheet = as_workbook(world.client(world.reviewer), QUEUE, {})
    assert column(sheet, "Submitted") == [date(2026, 10, 2)]
    type(world.plan).objects.filter(pk=world.plan.pk).update(time_zone="Europe/London")
    sheet = as_workbook(world.client(world.reviewer), QUEUE, {})
    assert column(sheet, "Submitted") == [date(2026, 10, 1)]


def test_rounds_are_those_taken_and_the_one_that_waits(world: World) -> None:
    reports = crowd(world, 4, ReportStatus.SUBMITTED)
    rounds(world, reports)
    sheet = as_csv(world.client(world.reviewer), QUEUE, {"sort": "institution__code"})
    told = dict(zip(column(sheet, "Institution"), column(sheet, "Round")))
    assert told == {"Office 00": "2", "Office 01": "1", "Office 02": "2", "Office 03": "1"}
    assert set(column(sheet, "Reviewer")) == {"free to take"}


# ------------------------------------------------------------------ one report


def flagged(world: World) -> Review:
    world.under_review()
    review = Review.objects.select_related("report__period__plan").get()
    save_remark(
        review,
        by=world.reviewer,
        version=0,
        verdict=Verdict.FLAGGED,
        text="Which units?\nAnd since when?",
        line=world.now().lines.get(pk=line_of(world).pk),
        rating=("off_track", "Two of ten."),
    )
    return review


def test_a_remark_leaves_with_its_line_its_verdict_and_its_two_lines(world: World) -> None:
    flagged(world)
    data = fetched(world, world.reviewer, world.report)
    [_whole, remark] = rows(data, "Reviews")
    told = {
        name: remark[name] for name in ("Code", "Title", "Verdict", "Remark", "Outcome", "Round")
    }
    assert told == {
        "Code": "I1",
        "Title": "Indicator I1",
        "Verdict": "To correct",
        "Remark": "Which units?\nAnd since when?",
        "Outcome": "Open",
        "Round": 1,
    }
    [rating] = [row for row in rows(data, "Ratings") if row["Indicator"] == "I1"]
    assert (rating["Ministry"], rating["Coalition"]) == ("On track", "Off track")
    assert rating["They differ"] == "Yes"


def test_an_open_round_is_in_the_file_of_the_coalition_alone(world: World) -> None:
    flagged(world)
    found = {}
    for who in ("reviewer", "contributor", "administrator"):
        book = read_sheets(fetched(world, getattr(world, who), world.report), "a.xlsx")
        text = " ".join(str(cell) for sheet in book for row in sheet.rows for cell in row)
        found[who] = ("Which units?" in text, "Two of ten." in text)
    coalition, others = (True, True), (False, False)
    assert found == {
        "reviewer": coalition,
        "contributor": others,
        "administrator": others,
    }


def test_the_times_of_a_round_are_moments_in_order(world: World) -> None:
    flagged(world)
    factory.decide("return", world.report, world.reviewer, reason="So.")
    for row in rows(fetched(world, world.reviewer, world.report), "Reviews"):
        assert isinstance(row["Taken"], datetime)
        assert row["Taken"] <= row["Decided"]
        assert isinstance(row["New due date"], datetime)


def test_the_workbook_is_offered_where_the_report_is_read(world: World) -> None:
    world.submitted()
    address = reverse("report_workbook", args=[world.report.pk])
    page = world.client(world.contributor).get(f"/reports/{world.report.pk}/")
    assert address in page.content.decode()
    response: Any = world.client(world.reviewer).get(address)
    assert (response.status_code, len(body(response)) > 0) == (200, True)
    assert world.client(world.observer).get(address).status_code == 404
