"""Money as an edition tells it: by quarter and source, from new snapshots and from old ones."""

from decimal import Decimal
from typing import Any

import pytest

from indicators.money import Money, total, total_by
from publishing.filters import MoneyFilter
from publishing.reading import Action, Parts
from publishing.reading.money import (
    entries,
    entries_of,
    is_overspent,
    last_note,
    money_rows_of,
    overspent,
)
from tests.publishing import plain

D = Decimal


def source(name: str, allocated: str | None = None, spent: str | None = None) -> dict[str, Any]:
    return {"source": name, "allocated": allocated, "spent": spent}


def told(
    *sources: dict[str, Any], allocated: str | None = None, spent: str | None = None, note: str = ""
) -> dict[str, Any]:
    """What a report tells of A1; a report of before has no sources at all."""
    row = plain.progress("A1", allocated=allocated, spent=spent, note=note)
    return row | ({"money": list(sources)} if sources else {})


def read(*quarters: dict[str, Any], funding: tuple[str, ...] = ("100", "50")) -> Parts:
    codes = ("2026-Q1", "2026-Q2")
    reports = [plain.report("MM", code, actions=[row]) for code, row in zip(codes, quarters)]
    return plain.read(actions=[plain.action("A1", "MM", funding)], reports=reports)


def action(*quarters: dict[str, Any], funding: tuple[str, ...] = ("100", "50")) -> Action:
    return read(*quarters, funding=funding).actions["A1"]


def rows(found: Action) -> list[tuple[Any, ...]]:
    return [(r.quarter.code, r.source, r.allocated, r.spent) for r in money_rows_of(found)]


def test_each_source_of_each_quarter_has_a_row() -> None:
    found = action(
        told(source("S0", "10", "4"), source("S1", "5", None), allocated="15"),
        told(source("S0", "1", "2"), source("S1", "3", "0"), allocated="4", spent="2"),
    )
    assert rows(found) == [
        ("2026-Q1", "S0", D(10), D(4)),
        ("2026-Q1", "S1", D(5), None),
        ("2026-Q2", "S0", D(1), D(2)),
        ("2026-Q2", "S1", D(3), D(0)),
    ]
    assert {row.institution.code for row in money_rows_of(found)} == {"MM"}


def test_a_snapshot_of_before_money_had_sources_is_read() -> None:
    several, one, none = (("100", "50"), ("100",), ())
    for funding, name in ((several, ""), (one, "S0"), (none, "")):
        found = action(told(allocated="15", spent="4"), funding=funding)
        assert rows(found) == [("2026-Q1", name, D(15), D(4))]
        assert found.reports[0].money == ()


def test_what_no_source_is_told_for_stands_on_its_own() -> None:
    found = action(told(source("S0", "10", "4"), allocated="15", spent="4"))
    assert rows(found) == [("2026-Q1", "S0", D(10), D(4)), ("2026-Q1", "", D(5), None)]


def test_an_action_without_reports_has_planned_money_only() -> None:
    found = list(entries_of(action()))
    assert [(e.source, e.year, e.quarter, e.money) for e in found] == [
        ("S0", None, "", Money(planned=D(100))),
        ("S1", None, "", Money(planned=D(50))),
    ]
    assert list(entries_of(action(funding=()))) == []


def test_sums_over_sources_quarters_and_actions_come_to_the_totals_of_the_action() -> None:
    found = action(
        told(source("S0", "10", "4"), source("S1", "5", "1"), allocated="15", spent="5"),
        told(allocated="7", spent="9"),
    )
    made = entries([found])
    assert total(e.money for e in made) == Money(found.planned, found.allocated, found.spent)
    assert total_by(made, lambda e: e.source) == {
        "S0": Money(D(100), D(10), D(4)),
        "S1": Money(D(50), D(5), D(1)),
        "": Money(None, D(7), D(9)),
    }
    assert total_by(made, lambda e: e.quarter)["2026-Q2"] == Money(None, D(7), D(9))


def test_a_blank_total_is_a_gap_and_never_zero() -> None:
    found = action(told(allocated="7"), told())
    assert total(e.money for e in entries([found])) == Money(D(150), D(7), None, gaps=3)
    assert found.spent is None


OVERSPENT = [
    ("never", [told(allocated="5", spent="5")], False),
    ("saved up", [told(allocated="5", spent="0"), told(allocated="0", spent="5")], False),
    ("in all", [told(allocated="5", spent="1"), told(allocated="0", spent="5")], True),
    ("not known", [told(spent="1"), told(allocated="0", spent="5")], False),
    ("nothing told", [], False),
]


@pytest.mark.parametrize(("quarters", "expected"), [r[1:] for r in OVERSPENT])
def test_overspending_is_over_all_quarters(quarters: list[Any], expected: bool) -> None:
    found = action(*quarters)
    assert is_overspent(found) is expected
    assert overspent([found]) == ([found] if expected else [])


def test_the_last_comment_is_that_of_the_newest_report_that_has_one() -> None:
    assert last_note(action(told(note="First."), told(note="Second."))) == "Second."
    assert last_note(action(told(note="First."), told())) == "First."
    assert last_note(action()) == ""


def form(parts: Parts, **chosen: str) -> MoneyFilter:
    return MoneyFilter(chosen, parts)


def test_the_filter_offers_only_what_is_there() -> None:
    empty = form(plain.read())
    assert set(empty.fields) == {"objective", "edition"}
    parts = read(told(source("Loan", "1", "1"), allocated="1", spent="1"))
    offered = {
        name: [value for value, _label in field.choices]  # type: ignore[attr-defined]
        for name, field in form(parts).fields.items()
        if name != "edition"
    }
    assert offered == {
        "objective": ["", "1"],
        "institution": ["", "MM"],
        "source": ["", "Loan", "S0", "S1"],
        "year": ["", "2026"],
    }


CHOSEN = [
    ({}, Money(D(150), D(15), D(5))),
    ({"source": "S1"}, Money(D(50), D(5), D(1))),
    ({"year": "2026"}, Money(None, D(15), D(5))),
    ({"year": "2026", "source": "S0"}, Money(None, D(10), D(4))),
    ({"institution": "MM", "objective": "1"}, Money(D(150), D(15), D(5))),
    ({"source": "no such source"}, Money(D(150), D(15), D(5))),
    ({"year": "1999"}, Money(D(150), D(15), D(5))),
]


@pytest.mark.parametrize(("chosen", "expected"), CHOSEN)
def test_what_is_chosen_is_what_is_summed(chosen: dict[str, str], expected: Money) -> None:
    both = (source("S0", "10", "4"), source("S1", "5", "1"))
    parts = read(told(*both, allocated="15", spent="5"))
    assert total(e.money for e in form(parts, **chosen).entries()) == expected


def test_another_lead_or_objective_leaves_nothing() -> None:
    parts = plain.read(
        objectives=[plain.objective("1"), plain.objective("2")],
        actions=[plain.action("A1", "MM", ("1",)), plain.action("A2", None, ("2",))],
    )
    assert form(parts, objective="2").entries() == []
    assert [row.code for row in form(parts, institution="MM").actions()] == ["A1"]
    assert [row.code for row in form(parts).actions()] == ["A1", "A2"]
