"""What the working workbooks ask of the database: the same, however much is in them."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.reader import read_sheets
from indicators.models import Action, Category, Dimension, Indicator, IndicatorDimension, Target
from reports.content import content_of
from reports.exports import figures
from reports.models import (
    ActionProgress,
    Line,
    Observation,
    Period,
    Rating,
    Remark,
    Report,
    Review,
    Revision,
)
from tests import factory
from tests.conftest import World
from tests.reports.exporting import body

MOST = 50
"""No workbook asks more than this of the database."""


def grow(world: World, start: int, stop: int) -> None:
    """Split indicators and actions with answers, in this quarter and the one before."""
    codes = [f"{n:03}" for n in range(start, stop)]
    common = {"plan": world.plan, "objective": world.objective}
    rules = ("kind", "direction", "value_meaning", "over_time", "over_units", "baseline_state")
    same: dict[str, Any] = {name: getattr(world.indicator, name) for name in rules}
    made = Indicator.objects.bulk_create(
        Indicator(code=f"X{c}", title_en=f"X{c}", **common, **same) for c in codes
    )
    sizes = Dimension.objects.bulk_create(
        Dimension(plan=world.plan, code=f"d{c}", title_en="D", total_rule="open") for c in codes
    )
    Category.objects.bulk_create(
        Category(dimension=size, code=c, title_en=c) for size in sizes for c in ("a", "b")
    )
    IndicatorDimension.objects.bulk_create(
        IndicatorDimension(indicator=i, dimension=d) for i, d in zip(made, sizes)
    )
    Target.objects.bulk_create(
        Target(indicator=i, as_of=world.plan.ends_on, value=100) for i in made
    )
    actions = Action.objects.bulk_create(
        Action(code=f"Y{c}", title_en=f"Y{c}", lead=world.defence, **common) for c in codes
    )
    for report in Report.objects.filter(institution=world.defence):
        lines = Line.objects.bulk_create(Line(report=report, indicator=i) for i in made)
        cells = [f"d{c}={part}" for c in codes for part in ("a", "b")]
        Observation.objects.bulk_create(
            [Observation(line=line, value=3) for line in lines]
            + [Observation(line=lines[n // 2], cell=cell, value=1) for n, cell in enumerate(cells)]
        )
        Rating.objects.bulk_create(
            Rating(line=line, side="ministry", value="at_risk", reason="Late.") for line in lines
        )
        ActionProgress.objects.bulk_create(
            ActionProgress(report=report, action=a, status="done", spent=1) for a in actions
        )


def freeze(world: World, status: str) -> None:
    """Every report of the institution as submitted now, reviewed with a verdict on each line."""
    Remark.objects.all().delete()
    Review.objects.all().delete()
    Revision.objects.all().delete()
    for report in Report.objects.with_names().filter(institution=world.defence):
        text = content_of(report)
        revision = Revision.objects.create(
            report=report, number=1, content=text, sha256="0" * 64, submitted_by=world.approver
        )
        review = Review.objects.create(
            report=report, revision=revision, round=1, reviewer=world.reviewer, outcome="validated"
        )
        Remark.objects.bulk_create(
            Remark(review=review, line=line, verdict="accepted") for line in report.lines.all()
        )
        Report.objects.filter(pk=report.pk).update(status=status, revision=1)


def cost(world: World, who: str, about: Period | Report) -> tuple[int, bytes]:
    """Queries of a workbook, and the workbook."""
    client = world.client(getattr(world, who))
    name = "quarter_workbook" if isinstance(about, Period) else "report_workbook"
    with CaptureQueriesContext(connection) as captured:
        response = client.get(reverse(name, args=[about.pk]))
    assert response.status_code == 200
    return len(captured), body(response)


@pytest.mark.parametrize(
    ("status", "of_quarter", "of_report"),
    [("draft", "administrator", "contributor"), ("validated", "lead", "observer")],
)
def test_one_ten_and_a_hundred_indicators_cost_the_same(
    world: World, status: str, of_quarter: str, of_report: str
) -> None:
    """The quarter and one report of it; for who reads live, and for who reads what was frozen."""
    factory.open_quarter(world.plan, 2026, 2)
    Report.objects.filter(institution=world.interior).delete()
    costs: dict[str, list[int]] = {"quarter": [], "report": []}
    sizes: dict[str, list[tuple[int, ...]]] = {"quarter": [], "report": []}
    for start, stop in ((0, 1), (1, 10), (10, 100)):
        grow(world, start, stop)
        if status != "draft":
            freeze(world, status)
        for kind, who in (("quarter", of_quarter), ("report", of_report)):
            number, data = cost(world, who, world.period if kind == "quarter" else world.report)
            costs[kind].append(number)
            told = {sheet.title: len(sheet.rows) for sheet in read_sheets(data, "a.xlsx")}
            sheets = ("Indicators", "Values by cell", "Actions and money")
            sizes[kind].append(tuple(told[title] for title in sheets))
    for kind, numbers in costs.items():
        assert len(set(numbers)) == 1, (kind, numbers)
        assert numbers[0] <= MOST
        assert sizes[kind] == [(n + 5, 3 * n + 3, n + 2) for n in (1, 10, 100)]


def test_a_query_for_each_row_would_be_seen(world: World, monkeypatch: Any) -> None:
    """The control: one careless getter, and the number grows with the rows."""
    careless = figures.IndicatorRow.responsible.fget  # type: ignore[attr-defined]

    def asks(row: Any) -> str:
        return str(Indicator.objects.get(pk=row.indicator.pk).code) and careless(row)

    costs = []
    monkeypatch.setattr(figures.IndicatorRow, "responsible", property(asks))
    for start, stop in ((0, 1), (1, 4)):
        grow(world, start, stop)
        costs.append(cost(world, "contributor", world.period)[0])
    assert costs[1] - costs[0] == 3
