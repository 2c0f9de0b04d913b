"""Two quarters side by side, within one edition or between two."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from indicators.choices import Status
from publishing.choices import Change
from publishing.reading.moments import action_at, indicator_at
from publishing.reading.plan import Action, Indicator
from publishing.reading.structure import Parts
from reports.choices import ActionStatus

Row = TypeVar("Row", Indicator, Action)

RANK: Mapping[Status, int] = {
    Status.ACHIEVED: 0,
    Status.MET: 0,
    Status.ON_TRACK: 1,
    Status.AT_RISK: 2,
    Status.OFF_TRACK: 3,
    Status.NOT_MET: 3,
    Status.REGRESSING: 4,
}
"""From good to bad. The others are no judgement, so nothing is better or worse than they are."""

ACTION_RANK = {
    ActionStatus.DONE: 0,
    ActionStatus.IN_PROGRESS: 1,
    ActionStatus.NOT_STARTED: 2,
    ActionStatus.DELAYED: 3,
    ActionStatus.CANCELLED: 4,
}


@dataclass(frozen=True)
class Moment:
    """One quarter as one edition knows it."""

    parts: Parts
    quarter: str

    def indicators(self) -> dict[str, Indicator]:
        rows = self.parts.indicators.items()
        return {code: indicator_at(row, self.parts, self.quarter) for code, row in rows}

    def actions(self) -> dict[str, Action]:
        rows = self.parts.actions.items()
        return {code: action_at(row, self.parts, self.quarter) for code, row in rows}


@dataclass(frozen=True)
class Compared(Generic[Row]):
    """The same indicator or action at both moments; None where a plan does not have it.

    `row` is the newer of the two, for its name and place in the plan.
    """

    row: Row
    before: Row | None
    after: Row | None
    change: Change


def has_figure(status: Status | None) -> bool:
    """Whether there was something to judge or to report."""
    return status in RANK or status is Status.REPORTED


def change_of(before: Status | None, after: Status | None) -> Change:
    """What became of an indicator's status."""
    if has_figure(before) != has_figure(after):
        return Change.NEW if has_figure(after) else Change.LOST
    if before and after and before in RANK and after in RANK:
        return _by_rank(RANK[before] - RANK[after])
    return Change.SAME if before == after or not has_figure(after) else Change.OTHER


def _by_rank(gain: int) -> Change:
    return Change.BETTER if gain > 0 else Change.WORSE if gain < 0 else Change.SAME


def change_of_action(before: ActionStatus | None, after: ActionStatus | None) -> Change:
    """What became of an action. Done is best, cancelled worst."""
    if before is None or after is None:
        return Change.SAME if before is after else Change.NEW if after else Change.LOST
    return _by_rank(ACTION_RANK[before] - ACTION_RANK[after])


def _action_status(row: Action | None) -> ActionStatus | None:
    return row.now.status if row and row.now else None


def _paired(
    before: Mapping[str, Row],
    after: Mapping[str, Row],
    change: Callable[[Row | None, Row | None], Change],
) -> list[Compared[Row]]:
    found = {**before, **after}
    codes = [*after, *(code for code in before if code not in after)]
    pairs = [(found[code], before.get(code), after.get(code)) for code in codes]
    return [Compared(row, old, new, change(old, new)) for row, old, new in pairs]


def compared(before: Moment, after: Moment) -> list[Compared[Indicator]]:
    """Every indicator at both moments, in the order of the newer one."""

    def change(old: Indicator | None, new: Indicator | None) -> Change:
        return change_of(old.status if old else None, new.status if new else None)

    return _paired(before.indicators(), after.indicators(), change)


def compared_actions(before: Moment, after: Moment) -> list[Compared[Action]]:
    """Every action at both moments."""

    def change(old: Action | None, new: Action | None) -> Change:
        return change_of_action(_action_status(old), _action_status(new))

    return _paired(before.actions(), after.actions(), change)


def changes(rows: Iterable[Compared[Indicator] | Compared[Action]]) -> list[tuple[Change, int]]:
    """How many there are of each change that occurs."""
    number = Counter(row.change for row in rows)
    return [(change, number[change]) for change in Change if number[change]]
