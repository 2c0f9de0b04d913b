"""From the frameworks to the plan: what answers to an item, and what nothing answers to."""

from typing import Any

import pytest

from publishing.choices import Reach
from publishing.reading import Parts
from publishing.reading.crosswalk import (
    Crossing,
    answered_by,
    crosswalk,
    knows_all_items,
    linked_items,
    reached,
)
from tests.publishing import plain

Data = dict[str, Any]


def item(code: str, order: int | None = 0, pillar: str = "") -> Data:
    """An item as an edition has it; without an order as editions of earlier times had it."""
    family = code.partition(":")[0]
    told = {"code": code, "framework": {"en": family.upper()}, "title": {"en": f"Item {code}"}}
    return told | {"pillar": pillar, "certainty": "found"} | (
        {} if order is None else {"order": order}
    )  # fmt: skip


def plan(**more: Any) -> Parts:
    """A tree of two objectives under one, each linked to something else."""
    return plain.read(
        frameworks=[item("sdg:5.2"), item("un:1"), item("un:2"), item("un:3"), item("un:4")],
        objectives=[
            plain.objective("1", frameworks=["un:1"]),
            plain.objective("1.1", "1"),
            plain.objective("1.2", "1", frameworks=["un:2"]),
            plain.objective("2", frameworks=["un:3"]),
        ],
        indicators=[
            plain.indicator("I1", objective="1.1"),
            plain.indicator("I2", objective="1.2", frameworks=["un:1", "un:2"]),
        ],
        actions=[plain.action("A1", objective="1.2"), plain.action("A2", objective="2")],
        **more,
    )


def crossed(parts: Parts) -> dict[str, Crossing]:
    rows = crosswalk(
        parts.frameworks.values(),
        parts.objectives.values(),
        parts.indicators.values(),
        parts.actions.values(),
    )
    return {row.item.code: row for row in rows}


def codes(rows: Any) -> str:
    return " ".join(row.code for row in rows)


ANSWERS = [
    ("un:1", "1", "I1 I2", "A1", Reach.MEASURED),
    ("un:2", "1.2", "I2", "A1", Reach.MEASURED),
    ("un:3", "2", "", "A2", Reach.UNMEASURED),
    ("un:4", "", "", "", Reach.NOTHING),
    ("sdg:5.2", "", "", "", Reach.NOTHING),
]


@pytest.mark.parametrize(("code", "objectives", "indicators", "actions", "reach"), ANSWERS)
def test_links_of_an_objective_count_for_all_that_stands_below_it(
    code: str, objectives: str, indicators: str, actions: str, reach: Reach
) -> None:
    row = crossed(plan())[code]
    assert codes(row.objectives) == objectives
    assert codes(row.indicators) == indicators
    assert codes(row.actions) == actions
    assert row.reach is reach


def test_every_item_is_there_in_the_editions_order() -> None:
    assert [*crossed(plan())] == ["sdg:5.2", "un:1", "un:2", "un:3", "un:4"]


def test_what_is_linked_twice_stands_once() -> None:
    """I2 answers to un:2 by itself and by its objective."""
    row = plan().indicators["I2"]
    assert [found.code for found in answered_by(row)] == ["un:1", "un:2", "un:1", "un:2"]
    assert codes(crossed(plan())["un:2"].indicators) == "I2"


def test_an_objective_alone_is_in_the_plan_but_not_measured() -> None:
    parts = plain.read(
        frameworks=[item("un:1")], objectives=[plain.objective("1", frameworks=["un:1"])]
    )
    assert crossed(parts)["un:1"].reach is Reach.UNMEASURED


def test_only_linked_items_can_be_filtered_by() -> None:
    assert codes(linked_items(plan())) == "un:1 un:2 un:3"


def test_per_framework_the_items_are_counted_by_how_far_they_are_reached() -> None:
    told = [
        (first.family, [(reach.value, number) for reach, number in found])
        for first, found in reached(crossed(plan()).values())
    ]
    assert told == [
        ("sdg", [("measured", 0), ("unmeasured", 0), ("nothing", 1)]),
        ("un", [("measured", 2), ("unmeasured", 1), ("nothing", 1)]),
    ]


def test_an_edition_of_earlier_times_is_read_and_known_to_hold_linked_items_only() -> None:
    old = plain.read(
        frameworks=[item("un:1", None)], objectives=[plain.objective("1", frameworks=["un:1"])]
    )
    assert not knows_all_items(old)
    assert old.frameworks["un:1"].order is None
    assert codes(linked_items(old)) == "un:1"
    assert knows_all_items(plan())


def test_a_plan_without_any_link_has_nothing_to_list() -> None:
    bare = plain.read()
    assert (crossed(bare), knows_all_items(bare)) == ({}, True)


def test_an_items_code_holds_its_framework() -> None:
    found = plan().frameworks["sdg:5.2"]
    assert (found.family, found.own_code) == ("sdg", "5.2")
