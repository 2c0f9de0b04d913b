"""The lists of the quarterly work, with enough in them to be filtered, ordered and cut in pages."""

import csv
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Institution
from common.reader import read_sheets
from reports.choices import ReportStatus
from reports.models import Report, Review, Revision
from tests import factory
from tests.conftest import World
from tests.reports.exporting import body

ZONE = ZoneInfo("Europe/Tirane")
STATES = list(ReportStatus)


def crowd(world: World, number: int = 60, status: ReportStatus | None = None) -> list[Report]:
    """So many more institutions with a report each: in turn in every state, sent day by day."""
    places = Institution.objects.bulk_create(
        Institution(code=f"N{n:02}", country="AL", kind="ministry", name_en=f"Office {n:02}")
        for n in range(number)
    )
    today = world.period.today()
    noon = datetime.combine(today, datetime.min.time(), ZONE) + timedelta(hours=12)
    reports = []
    for n, place in enumerate(places):
        state = status or STATES[n % len(STATES)]
        sent = None if state is ReportStatus.DRAFT else noon - timedelta(days=n % 17 + 1)
        reports.append(
            Report(
                period=world.period,
                institution=place,
                due_on=today + timedelta(days=(n * 7) % 23 - 11),
                status=state,
                revision=1 if sent else 0,
                first_submitted_at=sent,
                submitted_at=sent,
                reviewer=(None, world.reviewer, world.other_reviewer)[n % 3] if sent else None,
            )
        )
    return Report.objects.bulk_create(reports)


def rounds(world: World, reports: list[Report]) -> None:
    """An ended round for every second of them, so that the numbers of their rounds differ."""
    common: dict[str, Any] = {"content": "{}", "sha256": "0" * 64, "submitted_by": world.approver}
    revisions = Revision.objects.bulk_create(
        Revision(report=report, number=1, **common) for report in reports[::2]
    )
    Review.objects.bulk_create(
        Review(
            report=row.report, revision=row, round=1, reviewer=world.reviewer, outcome="returned"
        )
        for row in revisions
    )


def quarters(world: World) -> None:
    for year, quarter in ((2026, 2), (2025, 4), (2025, 3)):
        factory.open_quarter(world.plan, year, quarter)


def on_pages(client: Any, address: str, query: dict[str, Any]) -> list[list[str]]:
    """The rows of every page of a list, in their order, as texts."""
    rows: list[list[str]] = []
    number, last = 1, 1
    while number <= last:
        table = client.get(address, {**query, "page": number}).context["table"]
        last = table.page.paginator.num_pages
        rows += [[cell.text for cell in row.cells] for row in table.rows]
        number += 1
    return rows


def as_csv(client: Any, address: str, query: dict[str, Any]) -> list[list[str]]:
    data = body(client.get(address, {**query, "export": "csv"}))
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))


def as_workbook(client: Any, address: str, query: dict[str, Any]) -> list[list[Any]]:
    data = body(client.get(address, {**query, "export": "xlsx"}))
    [sheet] = read_sheets(data, "list.xlsx")
    return sheet.rows


def told(value: Any) -> str:
    """A cell of the workbook as the CSV writes it."""
    if isinstance(value, datetime):
        return value.isoformat(" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def column(rows: list[list[Any]], heading: str) -> list[Any]:
    at = rows[0].index(heading)
    return [row[at] if at < len(row) else None for row in rows[1:]]
