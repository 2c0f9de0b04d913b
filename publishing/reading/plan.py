"""The plan as it stands in a snapshot: objectives, actions, indicators, institutions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from indicators.choices import (
    BaselineState,
    Certainty,
    Direction,
    Kind,
    OverTime,
    Sensitivity,
    Status,
    ValueMeaning,
)
from publishing.disclosure import Figure
from publishing.reading.basic import Text, total_of
from publishing.reading.official import ActionReport, Assessment, Line


@dataclass
class Sourced:
    """Where a row of the plan comes from and how sure it is."""

    code: str
    title: Text
    note: Text
    source: str
    certainty: Certainty

    @property
    def is_doubtful(self) -> bool:
        """Whether the page must say that it is not the adopted text."""
        return self.certainty is not Certainty.ADOPTED


@dataclass
class PlanPart(Sourced):
    """The plan itself."""

    country: str
    starts_on: date
    ends_on: date
    adopted_on: date | None
    currency: str
    is_demonstration: bool
    levels: dict[int, Text]
    thresholds: dict[str, str]


@dataclass
class FrameworkItem:
    """Something outside the plan that it answers to. `code` holds its framework: un-2010:5a.

    `order` is None in editions of the time when only linked items were kept.
    """

    code: str
    framework: Text
    title: Text
    pillar: str
    certainty: Certainty
    order: int | None = None

    @property
    def family(self) -> str:
        """The code of its framework."""
        return self.code.partition(":")[0]

    @property
    def own_code(self) -> str:
        """Its code within the framework."""
        return self.code.partition(":")[2]


@dataclass
class Institution:
    """A body that carries out the plan."""

    code: str
    name: Text
    kind: str
    indicators: list[Indicator] = field(default_factory=list)
    leads: list[Action] = field(default_factory=list)
    supports: list[Action] = field(default_factory=list)

    def __str__(self) -> str:
        return str(self.name) or self.code


@dataclass
class Objective(Sourced):
    """A node of the tree; `level` is what the plan calls it."""

    depth: int
    level: Text
    parent: Objective | None = None
    frameworks: list[FrameworkItem] = field(default_factory=list)
    children: list[Objective] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)

    def everything(self) -> list[Objective]:
        """Itself and all below it, in order."""
        return [self, *(below for child in self.children for below in child.everything())]

    def all_indicators(self) -> list[Indicator]:
        return [row for part in self.everything() for row in part.indicators]

    def all_actions(self) -> list[Action]:
        return [row for part in self.everything() for row in part.actions]

    def path(self) -> list[Objective]:
        """From the top of the tree to its parent."""
        return [*self.parent.path(), self.parent] if self.parent else []


@dataclass(frozen=True)
class Target:
    """What is aimed at by a date, in one version."""

    cell: str
    as_of: date
    value: Figure | None
    version: int
    reason: str
    decision: str
    is_in_force: bool = True


@dataclass(frozen=True)
class Baseline:
    """Where it starts."""

    state: BaselineState
    value: Figure | None
    on: date | None
    source: str


@dataclass(frozen=True)
class OwnThresholds:
    """Where an indicator is judged by other thresholds than its plan, and why."""

    on_track_at: Decimal | None
    at_risk_at: Decimal | None
    reason: str


@dataclass
class Indicator(Sourced):
    """What is measured, with everything official about it."""

    definition: Text
    unit: Text
    kind: Kind
    direction: Direction
    declared: dict[str, str]
    sensitivity: Sensitivity
    baseline: Baseline
    tolerance: Decimal | None
    targets: list[Target]
    cells: dict[str, Text]
    objective: Objective
    action: Action | None
    responsible: list[Institution]
    frameworks: list[FrameworkItem]
    thresholds: OwnThresholds | None = None
    assessments: dict[str, Assessment] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    now: Assessment | None = None
    quarter: str = ""

    @property
    def is_protected(self) -> bool:
        return self.sensitivity is Sensitivity.SMALL_COUNTS

    @property
    def is_restricted(self) -> bool:
        return self.sensitivity is Sensitivity.RESTRICTED

    @property
    def status(self) -> Status | None:
        """Its computed status when it was last due; None where nothing was published."""
        return self.now.status if self.now else None

    @property
    def target(self) -> Target | None:
        """The final target in force of the total."""
        standing = [t for t in self.targets if t.cell == "" and t.is_in_force]
        return standing[-1] if standing else None

    @property
    def counts_from_zero(self) -> bool:
        """Whether figures are summed since the plan began, so that its path begins at zero."""
        return (self.declared["value_meaning"], self.declared["over_time"]) == (
            ValueMeaning.IN_PERIOD,
            OverTime.SUM,
        )

    def lines_in(self, quarter: str) -> list[Line]:
        return [line for line in self.lines if line.quarter.code == quarter]

    @property
    def lines_now(self) -> list[Line]:
        return self.lines_in(self.quarter)


@dataclass
class Action(Sourced):
    """A measure of the plan."""

    objective: Objective
    lead: Institution | None
    supporting: list[Institution]
    starts_on: date | None
    ends_on: date | None
    funding: list[tuple[str, Decimal]]
    frameworks: list[FrameworkItem]
    reports: list[ActionReport] = field(default_factory=list)
    quarter: str = ""

    @property
    def now(self) -> ActionReport | None:
        """What was reported in the edition's quarter."""
        return next((r for r in self.reports if r.quarter.code == self.quarter), None)

    @property
    def planned(self) -> Decimal | None:
        return sum((money for _source, money in self.funding), Decimal(0)) if self.funding else None

    @property
    def allocated(self) -> Decimal | None:
        return total_of([r.allocated for r in self.reports])

    @property
    def spent(self) -> Decimal | None:
        """Money spent from the plan's beginning, as far as it was reported."""
        return total_of([r.spent for r in self.reports])
