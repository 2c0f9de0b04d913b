"""Reading the working workbooks back, and a quarter full of figures that can be searched for."""

import zipfile
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.urls import reverse
from openpyxl import load_workbook  # type: ignore[import-untyped]
from openpyxl.cell import Cell  # type: ignore[import-untyped]

from accounts.models import User
from indicators.choices import Sensitivity
from indicators.models import Indicator
from reports.choices import Verdict
from reports.models import Line, Period, Report
from reports.services import save_action, save_line, save_narrative, save_remark
from tests import factory
from tests.conftest import World

Rows = list[dict[str, Any]]


def ask(world: World, user: User | None, about: Period | Report, **more: Any) -> Any:
    """The answer to a person who asks for the workbook of a quarter or a report."""
    name = "quarter_workbook" if isinstance(about, Period) else "report_workbook"
    return world.client(user).get(reverse(name, args=[about.pk]), **more)


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def fetched(world: World, user: User, about: Period | Report) -> bytes:
    response = ask(world, user, about)
    assert response.status_code == 200
    return body(response)


def everything(data: bytes) -> str:
    """Every part of the file as text, with the names of the parts."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return "\n".join(name + archive.read(name).decode() for name in archive.namelist())


def sheets(data: bytes) -> dict[str, list[list[Cell]]]:
    """Every sheet as rows of cells."""
    book = load_workbook(BytesIO(data))
    return {sheet.title: [list(row) for row in sheet.iter_rows()] for sheet in book}


def rows(data: bytes, title: str, header: int = 0) -> Rows:
    """The rows below the headings, each by its headings."""
    table = sheets(data)[title]
    headings = [cell.value for cell in table[header]]
    return [
        dict(zip(headings, [cell.value for cell in row], strict=True))
        for row in table[header + 1 :]
    ]


def indicators(data: bytes) -> dict[str, dict[str, Any]]:
    """The sheet of indicators by code; its note stands above the headings."""
    return {row["Code"]: row for row in rows(data, "Indicators", header=2)}


def summary(data: bytes) -> dict[str, Any]:
    return {row["What"]: row["Value"] for row in rows(data, "Summary")}


def add_line(indicator: Indicator, *reports: Report) -> Indicator:
    """Make an indicator one of those that open reports owe."""
    for report in reports:
        Line.objects.create(report=report, indicator=indicator)
    return indicator


def add_protected(world: World) -> None:
    """S1 is of small counts and owed by both ministries; R1 is restricted and the first's."""
    both, first = (world.report, world.other_report), (world.report,)
    for code, sensitivity, reports in (
        ("S1", Sensitivity.SMALL_COUNTS, both),
        ("R1", Sensitivity.RESTRICTED, first),
    ):
        owing = [report.institution for report in reports]
        indicator = factory.make_indicator(
            world.plan, code, *owing, objective=world.objective, sensitivity=sensitivity
        )
        factory.make_target(indicator, 881236457, date(2026, 9, 30))
        add_line(indicator, *reports)


def tell(report: Report, by: User, numbers: Mapping[str, int], mark: str) -> None:
    """Fill a report in; every text of it carries the mark."""
    for line in report.lines.select_related("indicator", "report__period__plan"):
        number = numbers[line.indicator.code]
        share = line.indicator.is_share
        save_line(
            line,
            by=by,
            version=line.version,
            answers=[factory.fraction(number, 999999937) if share else factory.value(number)],
            rating=("at_risk", f"{mark} rating {line.indicator.code}"),
            note=f"{mark} note {line.indicator.code}",
        )
    for row in report.actions.select_related("report__period__plan"):
        values = {"status": "delayed", "allocated": Decimal(70), "spent": Decimal(80)}
        values["note"] = f"{mark} action"
        save_action(row, by=by, version=row.version, values=values)
    words = {"done": f"{mark} done", "next_step": f"{mark} next"}
    save_narrative(report.narrative, by=by, version=report.narrative.version, values=words)


def remark(world: World, text: str, rating: tuple[str, str] | None) -> None:
    """The reviewer flags the first line and the narrative of the report under review."""
    review = world.now().reviews.select_related("report__period__plan").get(outcome="")
    line = review.report.lines.get(indicator=world.indicator)
    save_remark(
        review,
        by=world.reviewer,
        version=0,
        verdict=Verdict.FLAGGED,
        text=text,
        line=line,
        rating=rating,
    )
    save_remark(
        review, by=world.reviewer, version=0, verdict=Verdict.ACCEPTED, text=f"{text} words"
    )
