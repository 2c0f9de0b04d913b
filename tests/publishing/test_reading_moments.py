"""An edition read as of one of its earlier quarters."""

from decimal import Decimal

import pytest

from indicators.choices import Status
from publishing.reading import Parts
from publishing.reading.moments import action_at, indicator_at, standing, until
from reports.choices import ActionStatus
from tests.publishing import plain

Q1, Q2, Q3, Q4 = (f"2026-Q{n}" for n in (1, 2, 3, 4))


def lived(*statuses: str) -> Parts:
    """One indicator with a status for each quarter; a dash is a quarter without an assessment."""
    quarters = [f"2026-Q{n}" for n in range(1, len(statuses) + 1)]
    return plain.read(
        quarters[-1],
        indicators=[plain.indicator()],
        periods=[plain.quarter(code) for code in quarters],
        assessments=[
            plain.judged("I1", code, status, str(number))
            for number, (code, status) in enumerate(zip(quarters, statuses, strict=True))
            if status != "-"
        ],
    )


def test_the_quarters_until_one_are_those_before_it_and_itself() -> None:
    parts = lived("on_track", "on_track", "on_track")
    assert until(parts, Q1) == [Q1]
    assert until(parts, Q3) == [Q1, Q2, Q3]


STANDING = [
    (("on_track", "at_risk", "off_track"), Q1, Status.ON_TRACK),
    (("on_track", "at_risk", "off_track"), Q2, Status.AT_RISK),
    (("on_track", "not_due", "off_track"), Q2, Status.ON_TRACK),
    (("on_track", "-", "off_track"), Q2, Status.ON_TRACK),
    (("-", "at_risk"), Q1, None),
    (("not_due", "at_risk"), Q1, Status.NOT_DUE),
    (("not_due", "not_due"), Q2, Status.NOT_DUE),
    (("on_track", "no_data"), Q2, Status.NO_DATA),
]


@pytest.mark.parametrize(("statuses", "quarter", "status"), STANDING)
def test_an_indicator_stands_where_it_stood_when_it_was_last_due(
    statuses: tuple[str, ...], quarter: str, status: Status | None
) -> None:
    parts = lived(*statuses)
    found = standing(parts.indicators["I1"], until(parts, quarter))
    assert (found.status if found else None) == status


def test_an_indicator_of_a_quarter_has_its_figure_of_then() -> None:
    parts = lived("on_track", "at_risk", "off_track")
    row = indicator_at(parts.indicators["I1"], parts, Q2)
    assert row.now is row.assessments[Q2]
    assert (row.status, row.quarter) == (Status.AT_RISK, Q2)
    assert row.now.amount.value == Decimal(1)
    assert row.objective is parts.objectives["1"]


def test_what_was_read_is_not_changed_by_looking_back() -> None:
    parts = lived("on_track", "at_risk")
    indicator_at(parts.indicators["I1"], parts, Q1)
    assert parts.indicators["I1"].status is Status.AT_RISK
    assert parts.objectives["1"].indicators == [parts.indicators["I1"]]


def test_before_anything_was_due_an_indicator_has_no_figure() -> None:
    parts = lived("-", "at_risk")
    row = indicator_at(parts.indicators["I1"], parts, Q1)
    assert (row.now, row.status, row.quarter) == (None, None, Q1)


def spending() -> Parts:
    """An action over two quarters: first in progress, then done."""
    told = [
        (Q1, plain.progress("A1", "in_progress", allocated="100", spent="30")),
        (Q2, plain.progress("A1", "done", spent="50.5")),
    ]
    return plain.read(
        actions=[plain.action("A1", funding=("200",))],
        reports=[plain.report("MM", quarter, actions=[row]) for quarter, row in told],
    )


MONEY = [
    (Q1, ActionStatus.IN_PROGRESS, Decimal(100), Decimal(30)),
    (Q2, ActionStatus.DONE, Decimal(100), Decimal("80.5")),
]


@pytest.mark.parametrize(("quarter", "status", "allocated", "spent"), MONEY)
def test_an_action_of_a_quarter_has_its_status_of_then_and_its_money_until_then(
    quarter: str, status: ActionStatus, allocated: Decimal, spent: Decimal
) -> None:
    parts = spending()
    row = action_at(parts.actions["A1"], parts, quarter)
    assert row.now is not None
    assert (row.now.status, row.allocated, row.spent) == (status, allocated, spent)
    assert row.planned == Decimal(200)


def test_an_action_is_not_changed_by_looking_back() -> None:
    parts = spending()
    action_at(parts.actions["A1"], parts, Q1)
    assert parts.actions["A1"].spent == Decimal("80.5")
