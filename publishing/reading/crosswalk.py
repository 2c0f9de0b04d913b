"""From the frameworks to the plan: what it does about each item, and how far that is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from publishing.choices import Reach
from publishing.reading.plan import Action, FrameworkItem, Indicator, Objective
from publishing.reading.structure import Parts

Row = TypeVar("Row", Objective, Action, Indicator)


def answered_by(row: Indicator | Action) -> list[FrameworkItem]:
    """What it answers to: its own links and those of every objective above it."""
    above = [*row.objective.path(), row.objective]
    return [*row.frameworks, *(item for part in above for item in part.frameworks)]


def linked_items(parts: Parts) -> list[FrameworkItem]:
    """The items that anything in the plan is linked to, in the frameworks' order."""
    groups = (parts.objectives, parts.actions, parts.indicators)
    found = {i.code for rows in groups for row in rows.values() for i in row.frameworks}
    return [item for code, item in parts.frameworks.items() if code in found]


def knows_all_items(parts: Parts) -> bool:
    """Whether the edition also holds items that nothing is linked to; earlier ones do not."""
    return all(item.order is not None for item in parts.frameworks.values())


@dataclass(frozen=True)
class Crossing:
    """One item of a framework with what answers to it in the plan."""

    item: FrameworkItem
    objectives: list[Objective]
    indicators: list[Indicator]
    actions: list[Action]

    @property
    def reach(self) -> Reach:
        if self.indicators:
            return Reach.MEASURED
        return Reach.UNMEASURED if self.objectives or self.actions else Reach.NOTHING


def crosswalk(
    items: Iterable[FrameworkItem],
    objectives: Iterable[Objective],
    indicators: Iterable[Indicator],
    actions: Iterable[Action],
) -> list[Crossing]:
    """These items with those of these parts that answer to them, in the plan's order."""
    linked = _by_item((row, row.frameworks) for row in objectives)
    measured = _by_item((row, answered_by(row)) for row in indicators)
    done = _by_item((row, answered_by(row)) for row in actions)
    return [
        Crossing(item, linked[item.code], measured[item.code], done[item.code]) for item in items
    ]


def _by_item(rows: Iterable[tuple[Row, list[FrameworkItem]]]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row, items in rows:
        for code in dict.fromkeys(item.code for item in items):
            found[code].append(row)
    return found


def reached(rows: Iterable[Crossing]) -> list[tuple[FrameworkItem, list[tuple[Reach, int]]]]:
    """For each framework, named by one of its items: how many items are reached how far."""
    families: dict[str, list[Crossing]] = defaultdict(list)
    for row in rows:
        families[row.item.family].append(row)
    found = []
    for members in families.values():
        number = Counter(row.reach for row in members)
        found.append((members[0].item, [(reach, number[reach]) for reach in Reach]))
    return found
