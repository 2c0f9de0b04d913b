"""Three lights of an indicator in one report: computed, ministry, coalition. Never merged.

The computed status holds for the whole country, the two ratings for one institution's report. To
see where they differ, and for nothing else, the computed status is read on the scale of ratings.
"""

from dataclasses import dataclass

from indicators.choices import Status
from indicators.lights import comparable
from publishing.reading.official import Line
from publishing.reading.plan import Indicator
from publishing.reading.structure import Parts
from reports.choices import Difference, differences_of


@dataclass(frozen=True)
class Lights:
    """One indicator in one institution's report of one quarter."""

    indicator: Indicator
    line: Line

    @property
    def computed(self) -> Status | None:
        """The national status of the quarter."""
        found = self.indicator.assessments.get(self.line.quarter.code)
        return found.status if found else None

    @property
    def pairs(self) -> list[Difference]:
        """Which two of the three differ; what is not there differs from nothing."""
        ministry, coalition = (
            side.value if side else None for side in (self.line.ministry, self.line.coalition)
        )
        return differences_of(comparable(self.computed), ministry, coalition)


def differing(parts: Parts) -> list[Lights]:
    """Where lights differ: the newest quarter first, within it in the plan's order."""
    order = list(parts.quarters)
    found = [Lights(row, line) for row in parts.indicators.values() for line in row.lines]
    return sorted(
        (lights for lights in found if lights.pairs),
        key=lambda lights: -order.index(lights.line.quarter.code),
    )
