"""A heat matrix: states in rows and columns, each with icon and word beside its tone.

    heat_matrix(columns=["2026 Q1", "2026 Q2"],
                rows=[HeatRow("Ministry of Interior", [HeatCell(status), HeatCell()])],
                uid="owed")
    {% include "ui/heat_matrix.html" with matrix=matrix title=… corner=… source=… %}

On a page it is a real table, so it can be read by row and column, holds links, and needs no second
table; `standalone.heat_svg` draws the same matrix for paper and word processors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from common.charts.marks import Badge


@dataclass(frozen=True)
class HeatCell:
    """One cell. `state` is a member of an enum with label, tone and icon; None: nothing there.

    `note` is a short text below the word, `reason` a longer one that is only on the page; `url` is
    where the word leads, `mark` a second state beside the first (a caution).
    """

    state: Badge | None = None
    note: str = ""
    url: str = ""
    reason: str = ""
    marks: Sequence[Badge] = ()


@dataclass(frozen=True)
class HeatRow:
    """One row: its heading, where that leads, and a cell for each column."""

    label: str
    cells: Sequence[HeatCell]
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class HeatMatrix:
    """The matrix with the count of each state, for its legend."""

    uid: str
    columns: list[str]
    rows: list[HeatRow]
    legend: list[tuple[Badge, int]] = field(default_factory=list)

    @property
    def is_wide(self) -> bool:
        """Whether words would make it too wide: then they are in the legend and for listeners."""
        return len(self.columns) > 8


def heat_matrix(
    columns: Iterable[object], rows: Iterable[HeatRow], *, uid: str = "heat"
) -> HeatMatrix:
    """Check that every row has a cell for each column, and count the states as they appear.

    Raises:
        ValueError: a row has more or fewer cells than there are columns.
    """
    headings, lines = [str(column) for column in columns], list(rows)
    for row in lines:
        if len(row.cells) != len(headings):
            raise ValueError(f"{row.label}: {len(row.cells)} cells for {len(headings)} columns")
    states = [cell.state for row in lines for cell in row.cells if cell.state is not None]
    return HeatMatrix(uid, headings, lines, list(Counter(states).items()))
