"""Invented figures hold together, and are the same each time."""

from collections import Counter
from datetime import date
from decimal import Decimal
from random import Random

import pytest

from indicators.choices import Direction, Kind, Sensitivity, ValueMeaning
from indicators.combine import Ratio
from indicators.faults import check_fraction, check_table
from publishing.scale.fates import Fate, fate_of, moment
from publishing.scale.figures import Moment, aim_of, answers, split, split_below
from publishing.scale.shapes import LAST, SHAPES, Shape, shape_of
from publishing.scale.structure import Size, plan_code
from reports.choices import ReportStatus

NUMBERS = range(60)
COUNTED = {Kind.COUNT, Kind.AMOUNT, Kind.REGISTER}


def told(number: int, quarter: int, seed: str = "s", units: int = 2) -> list[dict]:
    shape = shape_of(number)
    return answers(shape, aim_of(shape, number), Moment(quarter, 20, units), Random(seed))


def figures(rows: list[dict]) -> dict:
    return {
        row["cell"]: Ratio(row["numerator"], row["denominator"])
        if row["numerator"] is not None
        else row["value"]
        for row in rows
    }


@pytest.mark.parametrize("total", [0, 1, 7, 999])
@pytest.mark.parametrize("weights", [[1.0], [1.0, 1.0], [3.0, 1.0, 0.5]])
def test_a_split_total_adds_up(total: int, weights: list[float]) -> None:
    parts = split(total, weights)
    assert (sum(parts), len(parts), min(parts) >= 0) == (total, len(weights), True)


@pytest.mark.parametrize("limits", [[5, 5], [0, 9, 1], [1, 1, 1, 7], [10]])
def test_a_part_stays_below_its_limit(limits: list[int]) -> None:
    for total in range(sum(limits) + 1):
        parts = split_below(total, limits)
        assert sum(parts) == total
        assert all(0 <= part <= limit for part, limit in zip(parts, limits, strict=True))


@pytest.mark.parametrize("number", NUMBERS)
def test_a_table_has_no_fault(number: int) -> None:
    shape = shape_of(number)
    for quarter in (0, 7, 19):
        for seed in "abc":
            table = figures(told(number, quarter, seed))
            assert list(table) == sorted(shape.keys)
            if shape.kind.adds_up:
                assert check_table(table) == []
            for cell, amount in table.items():
                if isinstance(amount, Ratio):
                    may_exceed = shape.kind == Kind.RATIO
                    assert check_fraction(amount, cell=cell, may_exceed=may_exceed) == []


def test_equal_questions_have_equal_answers_and_others_others() -> None:
    first, again, other = (
        [told(number, 3, seed) for number in NUMBERS] for seed in ("s", "s", "another")
    )
    assert again == first
    assert sum(a != b for a, b in zip(first, other, strict=True)) > 30


@pytest.mark.parametrize(
    "number", [n for n in NUMBERS if shape_of(n).meaning == ValueMeaning.RUNNING_TOTAL]
)
def test_a_running_total_never_falls_in_any_cell(number: int) -> None:
    before: dict = {}
    for quarter in range(20):
        now = figures(told(number, quarter))
        if None in now.values():
            continue
        assert all(now[cell] >= value for cell, value in before.items())
        before = now
    assert before[""] > 0


def test_now_and_then_there_is_only_a_reason() -> None:
    states = Counter(told(0, 0, str(seed))[0]["state"] for seed in range(500))
    assert states.keys() == {"value", "not_available"}
    assert 1 <= states["not_available"] <= 30
    silent = next(rows for s in range(500) if (rows := told(0, 0, str(s)))[0]["value"] is None)
    assert {row["reason"] for row in silent} == {"The register was being moved to the new system."}


def test_every_kind_and_every_sensitivity_occurs() -> None:
    shapes = [shape_of(number) for number in NUMBERS]
    assert {shape.kind for shape in shapes} == set(Kind)
    kinds = Counter(shape.sensitivity for shape in shapes)
    assert kinds[Sensitivity.RESTRICTED] == 1
    assert kinds[Sensitivity.SMALL_COUNTS] == 8
    assert Counter(shapes)[SHAPES[0]] == 4
    assert [shape_of(14 + 15 * n) for n in range(4)] == list(LAST)


def test_a_plan_has_about_ten_cells_an_indicator() -> None:
    cells = [len(shape_of(number).keys) for number in NUMBERS]
    assert 8 <= sum(cells) / len(cells) <= 11
    assert (min(cells), max(cells)) == (1, 15)


def test_an_aim_goes_where_the_shape_says() -> None:
    for number in NUMBERS:
        shape = shape_of(number)
        aim = aim_of(shape, number)
        way = (aim.target > aim.baseline) - (aim.target < aim.baseline)
        if shape.direction == Direction.NONE:
            continue
        assert way == shape.direction.sign
        if shape.meaning != ValueMeaning.SNAPSHOT:
            assert aim.baseline == 0
        assert aim.at(Decimal(0)) == aim.baseline
        assert aim.at(Decimal(1)) == aim.target


def test_the_keys_of_a_shape_are_those_of_the_plan() -> None:
    crossed: Shape = SHAPES[0]
    assert crossed.keys[:3] == ["", "sex=f;age=u18", "sex=f;age=18to29"]
    assert len(crossed.groups) == 1
    assert [len(group) for group in SHAPES[8].groups] == [12, 2]
    assert SHAPES[6].keys == [""]


def test_quarters_end_at_one_place_whatever_the_day() -> None:
    assert Size(years=1).quarters == [(2025, 4), (2026, 1), (2026, 2), (2026, 3)]
    assert len(Size(years=5).quarters) == 20
    assert Size(years=5).quarters[0] == (2021, 4)
    assert [plan_code(n) for n in (1, 42, 900)] == ["S001", "S042", "S900"]


def fates(quarter: int, orders: int = 10) -> list[Fate]:
    return [fate_of(quarter, 20, order, date(2026, 1, 30)) for order in range(orders)]


def test_the_past_is_published_but_for_a_few_gaps() -> None:
    ends = Counter(fate.end for quarter in range(18) for fate in fates(quarter))
    assert ends.keys() == {ReportStatus.PUBLISHED, ReportStatus.DRAFT}
    assert 1 <= ends[ReportStatus.DRAFT] <= 8
    empty = [f for quarter in range(18) for f in fates(quarter) if f.end is ReportStatus.DRAFT]
    assert not any(fate.filled for fate in empty)


def test_the_last_quarter_is_in_mixed_states() -> None:
    assert {fate.end for fate in fates(18)} == {ReportStatus.VALIDATED}
    ends = Counter(fate.end for fate in fates(19))
    assert ends == {
        ReportStatus.DRAFT: 4,
        ReportStatus.SUBMITTED: 2,
        ReportStatus.UNDER_REVIEW: 2,
        ReportStatus.VALIDATED: 2,
    }
    assert Counter(f.filled for f in fates(19) if f.end is ReportStatus.DRAFT) == {
        True: 2,
        False: 2,
    }


def test_what_is_later_comes_later() -> None:
    for fate in fates(3):
        assert fate.sent < fate.taken < fate.decided
    late = [fate.sent > moment(date(2026, 1, 30)) for fate in fates(3)]
    assert late.count(True) == 1


@pytest.mark.parametrize(
    ("end", "facts"),
    [
        (ReportStatus.DRAFT, (False, False, False)),
        (ReportStatus.SUBMITTED, (True, False, False)),
        (ReportStatus.UNDER_REVIEW, (True, True, False)),
        (ReportStatus.VALIDATED, (True, True, True)),
        (ReportStatus.PUBLISHED, (True, True, True)),
    ],
)
def test_a_fate_says_what_has_happened(end: ReportStatus, facts: tuple[bool, ...]) -> None:
    fate = Fate(end, moment(date(2026, 1, 30)))
    assert (fate.is_sent, fate.is_taken, fate.is_decided) == facts
