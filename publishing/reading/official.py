"""What was reported and what follows from it, as it stands in a snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from indicators.choices import Mark, ObservationState, Status
from publishing.disclosure import Figure
from publishing.reading.basic import Amount, Quarter
from reports.choices import ActionStatus, RatingValue, Side

if TYPE_CHECKING:
    from publishing.reading.plan import Institution


@dataclass(frozen=True)
class Rating:
    """How one side sees an indicator, and why."""

    value: RatingValue
    reason: str


@dataclass(frozen=True)
class Reply:
    """What the ministry answers to the coalition's rating."""

    text: str
    on: date | None


@dataclass(frozen=True)
class Observation:
    """What one institution answered for one cell."""

    cell: str
    state: ObservationState
    amount: Amount
    text: str
    reason: str


@dataclass(frozen=True)
class Line:
    """One indicator in one institution's report: its answers, and how both sides see it.

    `files` of evidence stand behind it; None where the edition does not tell, which is not zero.
    """

    institution: Institution
    quarter: Quarter
    note: str
    observations: Mapping[str, Observation]
    ratings: dict[Side, Rating]
    reply: Reply | None = None
    files: int | None = None

    @property
    def ministry(self) -> Rating | None:
        return self.ratings.get(Side.MINISTRY)

    @property
    def coalition(self) -> Rating | None:
        return self.ratings.get(Side.COALITION)

    @property
    def total(self) -> Observation | None:
        return self.observations.get("")

    @property
    def differs(self) -> bool:
        """Whether the two sides see the indicator differently."""
        sides = (self.ministry, self.coalition)
        return len({rating.value for rating in sides if rating}) == 2


@dataclass(frozen=True)
class Assessment:
    """What the figures say of an indicator at the end of a quarter."""

    quarter: Quarter
    status: Status
    marks: list[Mark]
    rules_version: str
    reported: int
    expected_units: int
    amount: Amount
    target: Figure | None
    expected: Figure | None
    progress: Decimal | None
    pace: Decimal | None
    inputs: dict[str, Any] | None
    cells: Mapping[str, Amount]

    @property
    def coverage(self) -> Decimal:
        """Share of the institutions that reported."""
        if not self.expected_units:
            return Decimal(1)
        return Decimal(self.reported) / self.expected_units


@dataclass(frozen=True)
class SourceMoney:
    """What of an action's money in a quarter came from one source of funds."""

    source: str
    allocated: Decimal | None
    spent: Decimal | None


@dataclass(frozen=True)
class ActionReport:
    """An action in one institution's report, with its money in the quarter."""

    institution: Institution
    quarter: Quarter
    status: ActionStatus | None
    allocated: Decimal | None
    spent: Decimal | None
    note: str
    money: tuple[SourceMoney, ...] = ()


@dataclass(frozen=True)
class Report:
    """An official report of one institution."""

    institution: Institution
    quarter: Quarter
    revision: int
    sha256: str
    submitted_on: date | None
    was_late: bool
    narrative: dict[str, str]


@dataclass(frozen=True)
class Missing:
    """A report that was owed and is not in the edition."""

    institution: Institution
    quarter: Quarter
    lies_with: Side


@dataclass(frozen=True)
class Issue:
    """The edition as a publication: where, when, with which proof."""

    address: str
    number: int
    published_at: datetime
    audit_head: str
    note: str
    quarter: Quarter
    rules_version: str
    sha256: str
