"""Counts per status as one bar of parts that fill it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from common.charts.marks import Badge
from common.charts.scale import ZERO, coordinate


@dataclass(frozen=True)
class Segment:
    """One part of a stacked bar. `texture` tells parts of one tone apart, also in greyscale."""

    status: Badge
    count: int
    percent: Decimal
    x: str
    width: str
    texture: str
    middle: str = "0%"

    @property
    def is_roomy(self) -> bool:
        """Whether the icon of the status has room in it, on a phone too."""
        return self.percent >= 8

    @property
    def plate(self) -> str:
        """The fill of the field an icon needs where a pattern would run through it."""
        return f"fill-{self.status.tone}" if self.texture in ("lines", "dots") else ""

    @property
    def ink(self) -> str:
        """What reads on it: a light icon on dark fills, a dark one on light fills."""
        is_light = self.texture == "light" or self.status.tone in ("attention", "neutral")
        return "dark" if is_light else "light"


@dataclass(frozen=True)
class StackedBar:
    """A bar of counts per status; lengths in percent of its width."""

    uid: str
    segments: list[Segment]
    total: int

    @property
    def shown(self) -> list[Segment]:
        """Parts that have a length; the table also lists the empty ones."""
        return [segment for segment in self.segments if segment.count]


TEXTURES = ("solid", "lines", "light", "dots")


def textures(statuses: Iterable[Badge]) -> list[str]:
    """A texture per status: the first of a tone is solid, the next ones differ from it.

    A status keeps its texture in every bar as long as the bars list the same statuses.
    """
    seen: Counter[str] = Counter()
    chosen = []
    for status in statuses:
        chosen.append(TEXTURES[seen[status.tone] % len(TEXTURES)])
        seen[status.tone] += 1
    return chosen


def stacked_bar(counts: Iterable[tuple[Badge, int]], uid: str = "bar") -> StackedBar:
    """The bar for (status, count) pairs, in their order. `uid` must be unique on the page."""
    pairs = list(counts)
    total = sum(count for _, count in pairs)
    segments: list[Segment] = []
    start = ZERO
    for (status, count), texture in zip(pairs, textures(s for s, _ in pairs), strict=True):
        percent = Decimal(count) / total * 100 if total else ZERO
        x, width = f"{coordinate(start)}%", f"{coordinate(percent)}%"
        middle = f"{coordinate(start + percent / 2)}%"
        segments.append(Segment(status, count, percent, x, width, texture, middle))
        start += percent
    return StackedBar(uid=uid, segments=segments, total=total)
