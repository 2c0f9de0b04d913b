"""Money as plain sums: planned, allocated, spent, and the shares that follow from them.

Every amount is a Decimal in the plan's own currency. What nobody gave is None and stays None: a
blank is never counted as zero, and a sum says how many blanks it steps over (`gaps`). Planned money
is for the plan's whole time; allocated and spent are of one quarter, and add up over quarters.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from indicators.combine import unfunded_share

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Money:
    """Planned, allocated and spent of anything; `gaps` counts the amounts owed and not given."""

    planned: Decimal | None = None
    allocated: Decimal | None = None
    spent: Decimal | None = None
    gaps: int = 0

    @property
    def unfunded(self) -> Decimal | None:
        """Share of the planned money that is not allocated: (planned − allocated) / planned.

        0 to 1; 0 where more than planned was allocated. None where nothing was planned, or where
        nobody said what was allocated.
        """
        if self.planned is None or self.allocated is None:
            return None
        return unfunded_share(self.planned, self.allocated)

    @property
    def spent_share(self) -> Decimal | None:
        """Execution of the plan: spent / planned. None where either is unknown or planned is 0."""
        return share(self.spent, self.planned)

    @property
    def spent_of_allocated(self) -> Decimal | None:
        """Execution of the allocations: spent / allocated; above 1 where more was spent."""
        return share(self.spent, self.allocated)


NOTHING = Money()


def share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """part / whole; None where either is unknown or the whole is 0."""
    return part / whole if whole and part is not None else None


@dataclass(frozen=True)
class Entry:
    """One piece of money: what was planned from a source, or what was told of it in a quarter.

    `quarter` is "" and `year` None for planned money, which belongs to the whole plan. `source` is
    "" where nobody says where the money comes from.
    """

    action: str
    objective: str
    institution: str
    year: int | None
    quarter: str
    source: str
    money: Money


def add(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is known; None where nothing is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def total(parts: Iterable[Money]) -> Money:
    """All of it together; the order does not matter."""
    rows = list(parts)
    return Money(
        add(row.planned for row in rows),
        add(row.allocated for row in rows),
        add(row.spent for row in rows),
        sum(row.gaps for row in rows),
    )


def total_by(entries: Iterable[Entry], key: Callable[[Entry], Key]) -> dict[Key, Money]:
    """The money of each action, quarter, year, source or institution, as the key tells them apart.

    In the order in which the keys first come.
    """
    found: dict[Key, list[Money]] = {}
    for entry in entries:
        found.setdefault(key(entry), []).append(entry.money)
    return {name: total(parts) for name, parts in found.items()}


def total_by_objective(
    entries: Iterable[Entry], parents: Mapping[str, str | None]
) -> dict[str, Money]:
    """The money of each objective with that of everything below it in the tree.

    `parents` names the objective above each, None at the top. An objective without any money has
    none, which is not zero.
    """
    own = total_by(entries, lambda entry: entry.objective)
    found: dict[str, list[Money]] = {code: [] for code in parents}
    for code, money in own.items():
        for above in _upward(code, parents):
            found[above].append(money)
    return {code: total(parts) for code, parts in found.items()}


def _upward(code: str | None, parents: Mapping[str, str | None]) -> list[str]:
    """An objective and all above it."""
    path: list[str] = []
    while code is not None and code not in path:
        path.append(code)
        code = parents.get(code)
    return path


def total_of_sources(amounts: Sequence[Decimal | None]) -> Decimal | None:
    """The whole from its sources: None unless every one of them is given."""
    if not amounts or any(amount is None for amount in amounts):
        return None
    return add(amounts)


def is_overspent_to_date(
    allocated: Sequence[Decimal | None], spent: Sequence[Decimal | None]
) -> bool:
    """Whether more was spent than allocated, over all quarters to date: a warning, not an error.

    Only where every allocation is known: a missing one may be the money that was spent. A quarter
    whose spending is not known can only make it worse, so it does not hinder the warning.
    """
    given = total_of_sources(allocated)
    used = add(spent)
    return given is not None and used is not None and used > given
