"""What stands out in an edition: what is behind, where the sides differ, what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.choices import ObservationState, Status
from publishing.reading.basic import Quarter
from publishing.reading.official import Line, Missing, Observation, Report
from publishing.reading.plan import Action, Indicator, Institution
from publishing.reading.structure import Parts
from reports.choices import ActionStatus

WORST_FIRST = (
    Status.REGRESSING,
    Status.OFF_TRACK,
    Status.AT_RISK,
    Status.NOT_MET,
)

Counts = list[tuple[Status, int]]


def statuses(indicators: Iterable[Indicator]) -> list[Status]:
    """The computed statuses; what was never due yet is not due."""
    return [row.status or Status.NOT_DUE for row in indicators]


def counts(found: Iterable[Status], scale: Sequence[Status] = tuple(Status)) -> Counts:
    """How many there are of each status of a scale, in the scale's order."""
    number = Counter(found)
    return [(status, number[status]) for status in scale]


def scale_of(indicators: Iterable[Indicator]) -> list[Status]:
    """The statuses that occur anywhere in the plan's history, so that all bars agree."""
    rows = list(indicators)
    seen = set(statuses(rows)) | {a.status for row in rows for a in row.assessments.values()}
    return [status for status in Status if status in seen]


def trend(parts: Parts, scale: Sequence[Status]) -> list[tuple[Quarter, Counts]]:
    """Counts per quarter, as this edition knows them."""
    rows = []
    for code, quarter in parts.quarters.items():
        found = [_at(row, code) for row in parts.indicators.values()]
        rows.append((quarter, counts(found, scale)))
    return rows


def _at(indicator: Indicator, quarter: str) -> Status:
    """Its status at the end of a quarter: that of the last quarter in which it was due."""
    until = [a for code, a in indicator.assessments.items() if code <= quarter]
    due = [a.status for a in until if a.status is not Status.NOT_DUE]
    return due[-1] if due else Status.NOT_DUE


def priorities(indicators: Iterable[Indicator]) -> list[Indicator]:
    """What needs attention next: the worst status first, then the slowest pace."""
    behind = [row for row in indicators if row.status in WORST_FIRST]

    def rank(row: Indicator) -> tuple[int, Decimal]:
        pace = row.now.pace if row.now else None
        place = WORST_FIRST.index(row.status) if row.status else 0
        return place, Decimal(99) if pace is None else pace

    return sorted(behind, key=rank)


@dataclass(frozen=True)
class Difference:
    """One indicator that the two sides see differently, in one institution's report."""

    indicator: Indicator
    line: Line


def differences(indicators: Iterable[Indicator]) -> list[Difference]:
    """Where ministry and coalition differ in the quarter last due."""
    return [Difference(row, line) for row in indicators for line in row.lines_now if line.differs]


@dataclass(frozen=True)
class Gap:
    """A figure that is not there: nobody reported it, or somebody said why there is none."""

    indicator: Indicator
    institution: Institution
    observation: Observation | None

    @property
    def state(self) -> ObservationState | None:
        return self.observation.state if self.observation else None

    @property
    def reason(self) -> str:
        return self.observation.reason if self.observation else ""


def gaps(parts: Parts, quarter: str) -> list[Gap]:
    """Figures without a value in a quarter: as answered, and of reports that are missing."""
    found = []
    absent = {m.institution.code for m in parts.missing if m.quarter.code == quarter}
    for row in parts.indicators.values():
        if row.is_restricted or quarter not in row.assessments:
            continue
        if row.assessments[quarter].status is Status.NOT_DUE:
            continue
        for line in row.lines_in(quarter):
            told = line.observations.get("")
            if told and told.state is not ObservationState.VALUE:
                found.append(Gap(row, line.institution, told))
        found += [Gap(row, i, None) for i in row.responsible if i.code in absent]
    return found


@dataclass(frozen=True)
class Standing:
    """One institution in one quarter: its report, or that it is missing."""

    quarter: Quarter
    report: Report | None
    missing: Missing | None


@dataclass(frozen=True)
class Scorecard:
    """How an institution reports: of what it owed, what is in, and what came in time."""

    institution: Institution
    standings: list[Standing]

    @property
    def owed(self) -> int:
        return len(self.standings)

    @property
    def official(self) -> int:
        return sum(1 for s in self.standings if s.report)

    @property
    def on_time(self) -> int:
        return sum(1 for s in self.standings if s.report and not s.report.was_late)

    @property
    def coverage(self) -> Decimal | None:
        return Decimal(self.official) / self.owed if self.owed else None

    def until(self, quarters: Container[str]) -> Scorecard:
        """The card as it stood after these quarters."""
        told = [s for s in self.standings if s.quarter.code in quarters]
        return Scorecard(self.institution, told)

    @property
    def now(self) -> Standing | None:
        return self.standings[-1] if self.standings else None


def scorecards(parts: Parts) -> list[Scorecard]:
    """Every institution, by code, with the quarters in which it owed a report."""
    reports = {(r.institution.code, r.quarter.code): r for r in parts.reports}
    missing = {(m.institution.code, m.quarter.code): m for m in parts.missing}
    cards = []
    for code, institution in parts.institutions.items():
        standings = [
            Standing(quarter, reports.get((code, q)), missing.get((code, q)))
            for q, quarter in parts.quarters.items()
            if (code, q) in reports or (code, q) in missing
        ]
        cards.append(Scorecard(institution, standings))
    return cards


@dataclass(frozen=True)
class Money:
    """Money of some actions: planned for the plan's whole time, allocated and spent to date."""

    planned: Decimal | None
    allocated: Decimal | None
    spent: Decimal | None

    @property
    def spent_share(self) -> Decimal | None:
        """Spent as a share of planned."""
        return self.spent / self.planned if self.planned and self.spent is not None else None


def money_of(actions: Iterable[Action]) -> Money:
    rows = list(actions)

    def total(name: str) -> Decimal | None:
        known = [getattr(row, name) for row in rows if getattr(row, name) is not None]
        return sum(known, Decimal(0)) if known else None

    return Money(total("planned"), total("allocated"), total("spent"))


def action_counts(actions: Iterable[Action]) -> list[tuple[ActionStatus, int]]:
    """How many actions were reported in each status in the edition's quarter."""
    number = Counter(row.now.status for row in actions if row.now and row.now.status)
    return [(status, number[status]) for status in ActionStatus]
