"""What the charts read and what they draw: points of a series, statuses, marks at a place."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol


class Badge(Protocol):
    """What charts need of a status: the enums of the plan have it."""

    @property
    def label(self) -> object: ...
    @property
    def tone(self) -> str: ...
    @property
    def icon(self) -> str: ...


class Point(Protocol):
    """What a line chart reads: a heading and values, None where there is none."""

    @property
    def label(self) -> object: ...
    @property
    def value(self) -> Decimal | None: ...
    @property
    def expected(self) -> Decimal | None: ...


@dataclass(frozen=True)
class ChartPoint:
    """One period of a chart. `shown` is the text of a figure that is published but not drawn."""

    label: str
    value: Decimal | None = None
    expected: Decimal | None = None
    shown: str = ""


@dataclass(frozen=True)
class Mark:
    """A drawn point or a tick of an axis."""

    x: str
    y: str
    label: object
    value: Decimal | None = None


def thinned(marks: list[Mark], room: int = 8) -> list[Mark]:
    """At most `room` headings of an axis, the last one always among them."""
    every = -(-len(marks) // room) if marks else 1
    return [mark for i, mark in enumerate(reversed(marks)) if i % every == 0][::-1]
