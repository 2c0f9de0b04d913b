"""Which date comes next: on the quarter's page, above a ministry's list and above the queue."""

from datetime import date, datetime, timedelta
from typing import Any

from common import clock
from reports.deadlines import Deadline, next_for_coalition, next_for_ministry, quarter_now
from reports.models import Period, Report
from tests import factory
from tests.conftest import World
from tests.reports.list_pages import ZONE
from tests.reports.page_structure import faults
from tests.reports.typed_forms import text_of

TODAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, tzinfo=ZONE)


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


def put(report: Report, status: str, due: int, sent: int | None = None) -> None:
    at = None if sent is None else NOON - timedelta(days=sent)
    Report.objects.filter(pk=report.pk).update(
        status=status, due_on=days(due), submitted_at=at, first_submitted_at=at
    )


def dates(world: World, due: int, closes: int | None) -> None:
    last = None if closes is None else days(closes)
    Period.objects.filter(pk=world.period.pk).update(due_on=days(due), closes_on=last)
    world.period.refresh_from_db()


def now(world: World, who: str = "lead") -> Any:
    return quarter_now(world.period, world.fresh(getattr(world, who)))


def test_a_quarter_tells_its_dates_in_order_and_which_is_next(world: World) -> None:
    dates(world, -20, 30)
    put(world.report, "returned", 5, sent=30)
    put(world.other_report, "draft", 2)
    with clock.at(NOON):
        found = now(world)
        told = [(d.day, d.text, d.words) for d in found.days]
    assert told == [
        (days(-20), "Reports are due", "20 days ago"),
        (days(2), "MB is due", "in 2 days"),
        (days(5), "Correction of MM is due", "in 5 days"),
        (days(30), "Last day to submit anything", "in 30 days"),
    ]
    assert found.next.text == "MB is due"


def test_a_date_that_is_the_quarter_s_own_is_told_once(world: World) -> None:
    dates(world, -1, None)
    put(world.report, "draft", -1)
    put(world.other_report, "submitted", 9, sent=3)
    with clock.at(NOON):
        found = now(world)
    assert [d.words for d in found.days] == ["1 day ago"]
    assert found.next is None


def test_a_deadline_says_how_long_it_still_is() -> None:
    told = [Deadline(TODAY, "x", left).words for left in (-2, -1, 0, 1, 2)]
    assert told == ["2 days ago", "1 day ago", "today", "in 1 day", "in 2 days"]


def test_the_quarter_s_page_tells_who_is_missing_and_what_lies_with_whom(world: World) -> None:
    dates(world, -20, 30)
    put(world.report, "draft", -20)
    put(world.other_report, "under_review", -20, sent=12)
    with clock.at(NOON):
        found = now(world)
        missing = [(str(report.institution), words) for report, words in found.missing]
        waiting = [(str(report.institution), words) for report, words in found.waiting]
        pages = {
            who: world.client(getattr(world, who)).get(f"/quarters/{world.period.pk}/")
            for who in ("lead", "other_contributor", "observer")
        }
    assert missing == [("Ministry of Defence", "20 days overdue")]
    assert waiting == [("Ministry of Interior", "waits 12 days")]
    told = {who: "Ministry of Defence" in text_of(page) for who, page in pages.items()}
    assert told == {"lead": True, "observer": True, "other_contributor": False}
    assert "No report that you may know of is missing." in text_of(pages["other_contributor"])
    for page in pages.values():
        assert faults(page) == []
        for place in ("lights/", "differences/", "workbook.xlsx"):
            assert f"/quarters/{world.period.pk}/{place}" in page.content.decode()
        assert "/matrix/?plan=AL" in page.content.decode()


def test_my_reports_begin_with_what_is_to_be_done_next(world: World) -> None:
    for number, (year, quarter) in enumerate(((2026, 2), (2026, 1), (2025, 4))):
        period = factory.open_quarter(world.plan, year, quarter)
        for report in Report.objects.filter(period=period, institution=world.defence):
            put(report, "draft", number - 1)
    put(world.report, "returned", 9, sent=30)
    put(world.other_report, "draft", -9)
    with clock.at(NOON):
        found = next_for_ministry(world.fresh(world.contributor))
        page = world.client(world.contributor).get("/reports/")
    assert [(d.day, d.is_past) for d in found] == [
        (days(-1), True),
        (days(0), False),
        (days(1), False),
    ]
    assert found[0].text == "2026 Q2 · Ministry of Defence"
    assert [world.client(world.contributor).get(d.url).status_code for d in found] == [200] * 3
    assert ("Next deadlines" in text_of(page), faults(page)) == (True, [])
    Report.objects.update(status="published")
    assert "Next deadlines" not in text_of(world.client(world.contributor).get("/reports/"))


def test_the_queue_begins_with_what_is_to_come(world: World) -> None:
    put(world.report, "draft", 4)
    put(world.other_report, "returned", 4, sent=30)
    earlier = factory.open_quarter(world.plan, 2026, 2)
    put(Report.objects.get(period=earlier, institution=world.defence), "draft", 0)
    put(Report.objects.get(period=earlier, institution=world.interior), "draft", -3)
    with clock.at(NOON):
        found = next_for_coalition(world.fresh(world.reviewer))
        page = world.client(world.reviewer).get("/review/")
        nothing = next_for_coalition(world.fresh(world.contributor))
    assert [(d.day, d.text) for d in found] == [
        (days(0), "AL 2026 Q2: 1 report is due"),
        (days(4), "AL 2026 Q3: 2 reports are due"),
    ]
    assert ("2 reports are due" in text_of(page), nothing) == (True, [])
    assert faults(page) == []
