"""Money as plain sums: what adds up, what stays unknown, and what no order can change."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.money import (
    NOTHING,
    Entry,
    Money,
    add,
    is_overspent_to_date,
    share,
    total,
    total_by,
    total_by_objective,
    total_of_sources,
)

D = Decimal
SOME = settings(max_examples=40)
AMOUNTS = st.decimals(0, 10**12, places=2)
MAYBE = st.none() | AMOUNTS


def money(
    planned: str | None = None,
    allocated: str | None = None,
    spent: str | None = None,
    gaps: int = 0,
) -> Money:
    numbers = [None if text is None else D(text) for text in (planned, allocated, spent)]
    return Money(numbers[0], numbers[1], numbers[2], gaps)


def entry(action: str = "A1", found: Money = NOTHING, **more: Any) -> Entry:
    place = {"objective": "1", "institution": "MM", "year": 2026, "quarter": "2026-Q1"}
    return Entry(**{"action": action, **place, "source": "State", "money": found, **more})


UNFUNDED = [
    ("100", "25", "0.75"),
    ("100", "0", "1"),
    ("100", "100", "0"),
    ("100", "130", "0"),
    ("0", "10", None),
    ("0", "0", None),
    (None, "10", None),
    ("100", None, None),
    (None, None, None),
]


@pytest.mark.parametrize(("planned", "allocated", "expected"), UNFUNDED)
def test_what_of_the_plan_is_not_funded(
    planned: str | None, allocated: str | None, expected: str | None
) -> None:
    found = money(planned, allocated).unfunded
    assert found == (None if expected is None else D(expected))


EXECUTED = [
    (money("200", "100", "50"), "0.25", "0.5"),
    (money("200", "100", "0"), "0", "0"),
    (money("200", "100", "150"), "0.75", "1.5"),
    (money("0", "0", "5"), None, None),
    (money(None, "100", "50"), None, "0.5"),
    (money("200", None, "50"), "0.25", None),
    (money("200", "100", None), None, None),
]


@pytest.mark.parametrize(("told", "of_planned", "of_allocated"), EXECUTED)
def test_execution_is_spent_of_planned_and_spent_of_allocated(
    told: Money, of_planned: str | None, of_allocated: str | None
) -> None:
    expected = tuple(None if text is None else D(text) for text in (of_planned, of_allocated))
    assert (told.spent_share, told.spent_of_allocated) == expected


def test_a_blank_is_never_zero_and_zero_never_a_blank() -> None:
    assert add([]) is None
    assert add([None, None]) is None
    assert add([None, D(0)]) == 0
    assert add([D("0.10"), None, D("0.20")]) == D("0.30")
    assert total([]) == NOTHING
    assert total([money(), money()]) == NOTHING
    assert total([money("1", None, "0", 1), money("2", None, "0", 2)]) == money("3", None, "0", 3)
    assert share(D(1), D(0)) is None
    assert share(None, D(1)) is None


def test_the_whole_of_the_sources_needs_every_one_of_them() -> None:
    assert total_of_sources([D(1), D(2)]) == 3
    assert total_of_sources([D(0)]) == 0
    assert total_of_sources([D(1), None]) is None
    assert total_of_sources([]) is None


OVERSPENT = [
    ("nothing told", [], [], False),
    ("as much as was given", ["10"], ["10"], False),
    ("a cent more", ["10"], ["10.01"], True),
    ("more than nothing", ["0"], ["0.01"], True),
    ("saved up earlier", ["10", "0"], ["0", "10"], False),
    ("more than was saved up", ["10", "0"], ["1", "10"], True),
    ("an allocation is not known", ["10", None], ["10", "5"], False),
    ("a spending is not known", ["10", "0"], [None, "11"], True),
    ("no spending is known", ["10"], [None], False),
]


@pytest.mark.parametrize(
    ("allocated", "spent", "expected"),
    [row[1:] for row in OVERSPENT],
    ids=[r[0] for r in OVERSPENT],
)
def test_more_spent_than_allocated_over_all_quarters(
    allocated: list[str | None], spent: list[str | None], expected: bool
) -> None:
    pairs = ([None if text is None else D(text) for text in row] for row in (allocated, spent))
    assert is_overspent_to_date(*pairs) is expected


def test_money_is_put_together_by_whatever_tells_it_apart() -> None:
    rows = [
        entry("A1", money("100"), year=None, quarter=""),
        entry("A1", money(None, "10", "5")),
        entry("A1", money(None, "20", None), source="Donor", quarter="2026-Q2"),
        entry("A2", money(None, "7", "7"), institution="MB", year=2025, quarter="2025-Q4"),
    ]
    assert total_by(rows, lambda row: row.action) == {
        "A1": money("100", "30", "5"),
        "A2": money(None, "7", "7"),
    }
    assert total_by(rows, lambda row: row.source) == {
        "State": money("100", "17", "12"),
        "Donor": money(None, "20", None),
    }
    assert total_by(rows, lambda row: row.year) == {
        None: money("100"),
        2026: money(None, "30", "5"),
        2025: money(None, "7", "7"),
    }
    assert [*total_by(rows, lambda row: (row.institution, row.quarter))] == [
        ("MM", ""),
        ("MM", "2026-Q1"),
        ("MM", "2026-Q2"),
        ("MB", "2025-Q4"),
    ]


PARENTS = {"1": None, "1.1": "1", "1.1.1": "1.1", "1.2": "1", "2": None}


def test_an_objective_has_the_money_of_everything_below_it() -> None:
    rows = [
        entry("A1", money("100", "10", "1"), objective="1.1.1"),
        entry("A2", money("50", None, "2"), objective="1.2"),
        entry("A3", money("7", "7", "7"), objective="1"),
    ]
    assert total_by_objective(rows, PARENTS) == {
        "1": money("157", "17", "10"),
        "1.1": money("100", "10", "1"),
        "1.1.1": money("100", "10", "1"),
        "1.2": money("50", None, "2"),
        "2": NOTHING,
    }


MONEYS = st.builds(Money, MAYBE, MAYBE, MAYBE, st.integers(0, 3))
ENTRIES = st.lists(
    st.builds(
        entry,
        st.sampled_from("ABC"),
        MONEYS,
        objective=st.sampled_from(["1", "1.1", "1.1.1", "1.2", "2"]),
        source=st.sampled_from(["State", "Donor", ""]),
        quarter=st.sampled_from(["2026-Q1", "2026-Q2"]),
    ),
    max_size=12,
)


@SOME
@given(st.lists(MONEYS, max_size=8), st.randoms())
def test_the_order_of_the_parts_does_not_matter(parts: list[Money], luck: Any) -> None:
    mixed = [*parts]
    luck.shuffle(mixed)
    assert total(mixed) == total(parts)


@SOME
@given(ENTRIES)
def test_sums_over_sources_actions_and_quarters_come_to_the_same(rows: list[Entry]) -> None:
    whole = total(row.money for row in rows)
    for key in (lambda r: r.source, lambda r: r.action, lambda r: r.quarter, lambda r: r.objective):
        assert total(total_by(rows, key).values()) == whole


@SOME
@given(ENTRIES)
def test_the_objectives_at_the_top_have_all_the_money(rows: list[Entry]) -> None:
    found = total_by_objective(rows, PARENTS)
    tops = [found[code] for code, parent in PARENTS.items() if parent is None]
    assert total(tops) == total(row.money for row in rows)


@SOME
@given(MONEYS)
def test_the_unfunded_share_lies_between_nothing_and_all(found: Money) -> None:
    assert found.unfunded is None or 0 <= found.unfunded <= 1


@SOME
@given(MONEYS, st.sampled_from(["0.001", "1000", "7"]))
def test_another_currency_changes_no_share(found: Money, rate: str) -> None:
    amounts = [found.planned, found.allocated, found.spent]
    there = [None if amount is None else amount * D(rate) for amount in amounts]
    other = Money(there[0], there[1], there[2], found.gaps)
    shares = [[one.unfunded, one.spent_share, one.spent_of_allocated] for one in (found, other)]
    assert [s is None for s in shares[0]] == [s is None for s in shares[1]]
    for before, after in zip(*shares, strict=True):
        assert before is None or abs(before - after) < D("1e-15") * max(D(1), before)


@SOME
@given(st.lists(AMOUNTS, min_size=1, max_size=6), st.lists(AMOUNTS, min_size=1, max_size=6))
def test_more_allocated_never_begins_a_warning(allocated: list[Any], spent: list[Any]) -> None:
    before = is_overspent_to_date(allocated, spent)
    after = is_overspent_to_date([*allocated, D(1)], [*spent, D(0)])
    assert before or not after


@SOME
@given(st.lists(MAYBE, min_size=1, max_size=6))
def test_a_whole_is_known_only_with_all_its_sources(amounts: list[Any]) -> None:
    found = total_of_sources(amounts)
    assert (found is None) is (None in amounts)
    assert found is None or found == sum(amounts)
