"""What comes next after the quarter of an edition, as far as the edition tells.

Nothing is read from the clock: an edition opened next year says what was ahead when it was made.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from publishing.reading.basic import Quarter
from publishing.reading.plan import Action, Indicator, Target
from publishing.reading.structure import Parts


@dataclass(frozen=True)
class NextQuarter:
    """The quarter after the edition's. `due_on` supposes as much time to report as before."""

    quarter: Quarter
    days: int


def next_quarter(quarter: Quarter) -> NextQuarter:
    """The quarter that follows, with its reports due as many days after its end."""
    days = (quarter.due_on - quarter.ends_on).days
    year, number = divmod(quarter.year * 4 + quarter.quarter, 4)
    starts_on = quarter.ends_on + timedelta(days=1)
    ends_on = _month_after(starts_on, 3) - timedelta(days=1)
    due_on = ends_on + timedelta(days=days)
    code = f"{year}-Q{number + 1}"
    return NextQuarter(Quarter(code, year, number + 1, starts_on, ends_on, due_on), days)


def _month_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


@dataclass(frozen=True)
class Aim:
    """One dated target that is still ahead."""

    indicator: Indicator
    target: Target


def next_targets(indicators: Iterable[Indicator], quarter: Quarter) -> list[Aim]:
    """The next dated target in force of each indicator, the soonest first."""
    found = []
    for row in indicators:
        ahead = [
            target
            for target in row.targets
            if target.cell == "" and target.is_in_force and target.as_of > quarter.ends_on
        ]
        if ahead:
            found.append(Aim(row, min(ahead, key=lambda target: target.as_of)))
    return sorted(found, key=lambda aim: (aim.target.as_of, aim.indicator.code))


def next_ends(actions: Iterable[Action], quarter: Quarter) -> list[Action]:
    """The actions that end after the quarter, the soonest first."""
    ahead = [row for row in actions if row.ends_on and row.ends_on > quarter.ends_on]
    return sorted(ahead, key=lambda row: (row.ends_on or date.max, row.code))


@dataclass(frozen=True)
class Ahead:
    """The next deadlines of a plan: as many of each as a page has room for."""

    following: NextQuarter
    targets: list[Aim]
    actions: list[Action]
    plan_ends_on: date


def ahead_of(parts: Parts, quarter: Quarter, room: int = 4) -> Ahead:
    """What comes after a quarter; a plan that has ended has no quarter more, but its targets."""
    return Ahead(
        next_quarter(quarter),
        next_targets(parts.indicators.values(), quarter)[:room],
        next_ends(parts.actions.values(), quarter)[:room],
        parts.plan.ends_on,
    )
