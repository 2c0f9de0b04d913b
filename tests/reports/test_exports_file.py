"""The file itself: types, safe text, lay-out, headers, and what it costs."""

import re
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Institution
from common.canonical import sha256
from common.workbook import XLSX_TYPE
from indicators.choices import Kind, Role
from indicators.models import Funding, Membership
from reports.choices import ReportStatus
from reports.content import content_of
from reports.models import Line, Observation, Report, Review, Revision
from reports.services import save_action, save_line, save_narrative
from tests import factory
from tests.conftest import World
from tests.reports.exporting import (
    ask,
    body,
    everything,
    fetched,
    indicators,
    remark,
    rows,
    sheets,
)

LIVE_FORMULA = re.compile(r"<f[ >/]|<hyperlink|externalLink")
# Queries for a quarter of drafts, for a frozen one, and for one report without and with splits.
LIVE, FROZEN, ONE_BARE, ONE_SPLIT = 33, 22, 43, 49
HOSTILE = [
    "=1+1",
    "==1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    '=HYPERLINK("http://x.example","y")',
    "=cmd|' /C calc'!A0",
    "http://x.example/",
    "0012",
    "1e5",
    "<f>1+1</f>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_that_anybody_writes_becomes_a_formula(world: World, text: str) -> None:
    written = factory.make_indicator(
        world.plan,
        "I3",
        world.defence,
        objective=world.objective,
        kind=Kind.NARRATIVE,
        title_en=text,
        unit_en=text,
    )
    Line.objects.create(report=world.report, indicator=written)
    action = world.report.actions.get()
    Funding.objects.create(action=action.action, source=text, planned=1)
    factory.fill_in(world.now(), world.contributor)
    line = world.now().lines.get(indicator=written)
    answers = [Observation(text=text)]
    rating = ("on_track", text)
    save_line(
        line, by=world.contributor, version=line.version, answers=answers, rating=rating, note=text
    )
    first = world.now().lines.get(indicator=world.indicator)
    away = [Observation(state="not_available", reason=text)]
    save_line(first, by=world.contributor, version=first.version, answers=away, rating=rating)
    progress = world.now().actions.get()
    save_action(progress, by=world.contributor, version=progress.version, values={"note": text})
    narrative = world.now().narrative
    words = dict.fromkeys(narrative.FIELDS, text)
    save_narrative(narrative, by=world.contributor, version=narrative.version, values=words)
    for decision, by in (("submit", world.approver), ("take", world.reviewer)):
        factory.decide(decision, world.report, by)
    remark(world, text, ("off_track", text))
    # The service keeps texts trimmed; here every place holds the text as it is.
    Review.objects.update(outcome="returned", reason=text, decided_at=world.now().submitted_at)
    Institution.objects.update(name_en=text)
    type(world.plan).objects.update(title_en=text)
    data = fetched(world, world.lead, world.period)
    assert LIVE_FORMULA.search(everything(data)) is None
    held = sheets(data)
    for cells in held.values():
        for row in cells:
            for cell in row:
                assert cell.data_type != "f" or cell.value == text
                assert not isinstance(cell.value, str) or cell.number_format == "General"
    first_row, _second, told = rows(data, "Values by cell")
    assert first_row["Reason"] == text
    places = ("Title", "Unit", "Text", "Comment", "Institution")
    assert [told[place] for place in places] == [text] * len(places)
    assert [rows(data, "Ratings")[0][place] for place in ("Its reason", "Institution")] == [
        text,
        text,
    ]
    moneyed = rows(data, "Actions and money")[0]
    assert (moneyed["Sources of funds"], moneyed["Comment"]) == (text, text)
    assert list(rows(data, "Narrative")[0].values())[2:] == [text] * 5
    assert [row["Remark"] for row in rows(data, "Reviews")] == [text, text, f"{text} words"]


def test_numbers_and_dates_are_typed_and_texts_are_texts(world: World) -> None:
    world.validated()
    held = sheets(fetched(world, world.lead, world.period))
    types = {
        title: [cell.data_type for cell in cells[-1] if cell.value is not None]
        for title, cells in held.items()
    }
    assert types["Values by cell"] == [*"sssss", *"ss", *"nnn"]
    assert types["Actions and money"] == [*"ssssss", *"nn"]
    assert types["Reports"] == [*"sss", "d", "s", "d", "s", "d", "d", "n", "s"]
    assert types["Indicators"] == [*"ssss", *"nnnnnnn", *"ss"]


def test_headings_stay_in_view_and_can_be_filtered(world: World) -> None:
    world.validated()
    book = load_workbook(BytesIO(fetched(world, world.lead, world.period)))
    for sheet in book:
        top = 4 if sheet.title == "Indicators" else 2
        assert sheet.freeze_panes == f"A{top}", sheet.title
        assert sheet.auto_filter.ref.startswith(f"A{top - 1}:"), sheet.title
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == f"${top - 1}:${top - 1}"
        widths = [sheet.column_dimensions[c[0].column_letter].width for c in sheet.columns]
        assert all(width >= 6 for width in widths), sheet.title


def test_it_is_an_attachment_that_is_neither_sniffed_nor_stored(world: World) -> None:
    world.validated()
    names = {world.period: "AL-2026-Q3.xlsx", world.report: "AL-2026-Q3-MM.xlsx"}
    for about, name in names.items():
        response = ask(world, world.lead, about)
        assert response["Content-Type"] == XLSX_TYPE
        assert response["Content-Disposition"] == (
            f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
        )
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "no-store, private"
        assert int(response["Content-Length"]) == len(body(response))


def test_nothing_but_reading_is_answered(world: World) -> None:
    client = world.client(world.lead)
    for name, pk in (("quarter_workbook", world.period.pk), ("report_workbook", world.report.pk)):
        address = reverse(name, args=[pk])
        for method in (client.post, client.put, client.delete, client.patch):
            assert method(address).status_code == 405


def test_the_addresses_are_those_agreed(world: World) -> None:
    assert reverse("quarter_workbook", args=[7]) == "/quarters/7/workbook.xlsx"
    assert reverse("report_workbook", args=[7]) == "/reports/7/workbook.xlsx"


def test_rows_stand_in_the_same_order_every_time(world: World) -> None:
    make_many(world, 4)
    first = fetched(world, world.administrator, world.period)
    again = fetched(world, world.administrator, world.period)
    for title in ("Reports", "Indicators", "Values by cell", "Actions and money", "Ratings"):
        assert [[c.value for c in r] for r in sheets(first)[title]] == [
            [c.value for c in r] for r in sheets(again)[title]
        ]
    told = [(r["Institution"], r["Indicator"]) for r in rows(first, "Values by cell")]
    codes = {"Ministry of Interior": "MB", "Ministry of Defence": "MM"}
    assert told == sorted(told, key=lambda pair: (codes.get(pair[0], pair[0][-3:]), pair[1]))
    assert len({place for place, _ in told}) == 6


def make_many(world: World, number: int) -> None:
    """More ministries, each with a draft that answers everything; an earlier quarter as well."""
    for n in range(number):
        place = factory.make_institution(f"Z{n:02}", f"Ministry Z{n:02}")
        indicator = factory.make_indicator(world.plan, f"Z{n:02}", place, objective=world.objective)
        factory.make_target(indicator, 10)
        action = factory.make_action(world.plan, f"ZA{n:02}", place, world.objective)
        Funding.objects.create(action=action, source="UN Women", planned=5)
        for period in world.plan.periods.all():
            report = Report.objects.create(period=period, institution=place, due_on=period.due_on)
            for row in (indicator, world.indicator):
                line = Line.objects.create(report=report, indicator=row)
                line.observations.create(value=n)
                line.ratings.create(side="ministry", value="at_risk", reason="Late.")
            report.actions.create(action=action, status="done", spent=1)
            type(world.report.narrative).objects.create(report=report, done="x", next_step="y")


def freeze(world: World, status: ReportStatus) -> None:
    """Bring every report to the coalition at once, with a decided round and a remark each."""
    for report in Report.objects.with_names().exclude(revision__gt=0):
        text = content_of(report)
        revision = Revision.objects.create(
            report=report,
            number=1,
            content=text,
            sha256=sha256(text),
            submitted_by=world.approver,
        )
        done = report.due_on - timedelta(days=1)
        review = Review.objects.create(
            report=report,
            revision=revision,
            round=1,
            reviewer=world.reviewer,
            outcome="validated",
            decided_at=datetime.combine(done, datetime.min.time()).astimezone(),
        )
        review.remarks.create(verdict="accepted", line=report.lines.first())
    Report.objects.update(status=status, revision=1)


def queries(world: World, user: Any, about: Any) -> int:
    """What a request costs, beside its entry in the log."""
    client = world.client(user)
    name = "report_workbook" if isinstance(about, Report) else "quarter_workbook"
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(reverse(name, args=[about.pk])).status_code == 200
    return len(captured)


def test_a_quarter_costs_the_same_with_1_and_with_30_reports(world: World) -> None:
    earlier = factory.open_quarter(world.plan, 2026, 2)
    assert earlier.reports.count() == 2
    costs = {}
    for number in (1, 29):
        make_many(world, number) if number > 1 else None
        costs[number] = queries(world, world.administrator, world.period)
    assert costs == {1: LIVE, 29: LIVE}
    assert len(rows(fetched(world, world.administrator, world.period), "Reports")) == 31


def test_a_frozen_quarter_costs_the_same_with_2_and_with_30_reports(world: World) -> None:
    factory.open_quarter(world.plan, 2026, 2)
    make_many(world, 1)
    freeze(world, ReportStatus.VALIDATED)
    few = {p: queries(world, getattr(world, p), world.period) for p in ("lead", "observer")}
    Report.objects.update(status=ReportStatus.DRAFT)
    Institution.objects.filter(code="Z00").update(code="Y00")
    world.plan.indicators.filter(code="Z00").update(code="Y00")
    world.plan.actions.filter(code="ZA00").update(code="YA00")
    make_many(world, 28)
    freeze(world, ReportStatus.VALIDATED)
    many = {p: queries(world, getattr(world, p), world.period) for p in ("lead", "observer")}
    assert few == many == {"lead": FROZEN, "observer": FROZEN}
    assert len(rows(fetched(world, world.observer, world.period), "Reports")) == 31


def test_a_report_costs_the_same_with_few_and_with_many_lines(world: World) -> None:
    costs = {0: queries(world, world.contributor, world.report)}
    for n in range(30):
        extra = factory.make_indicator(
            world.plan, f"X{n}", world.defence, objective=world.objective
        )
        factory.split(extra, factory.make_dimension(world.plan, f"d{n}", "a", "b"))
        Line.objects.create(report=world.report, indicator=extra)
        if n in (0, 29):
            costs[n + 1] = queries(world, world.contributor, world.report)
    assert costs == {0: ONE_BARE, 1: ONE_SPLIT, 30: ONE_SPLIT}
    data = fetched(world, world.contributor, world.report)
    assert len(indicators(data)) == 32
    assert len(rows(data, "Values by cell")) == 2 + 30 * 3


def test_an_officer_of_two_institutions_reads_both(world: World) -> None:
    Membership.objects.create(
        user=world.contributor,
        plan=world.plan,
        role=Role.CONTRIBUTOR,
        institution=world.interior,
    )
    factory.fill_in(world.now(), world.contributor)
    factory.fill_in(world.now(world.other_report), world.contributor, 7)
    data = fetched(world, world.contributor, world.period)
    row = indicators(data)["I1"]
    assert (row["Value to date"], row["Coverage"], row["Computed"]) == (12, 100, "Off track")
