"""What a load did, or would do."""

from dataclasses import dataclass, field

from indicators.loading.problems import Problem
from indicators.loading.rows import Row


@dataclass
class Outcome:
    """Per sheet: codes created, codes changed with their columns, rows that stay as they are.

    With `errors` nothing was stored. `stored` is False for a dry run too.
    """

    source: str = ""
    created: dict[str, list[str]] = field(default_factory=dict)
    changed: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)
    errors: tuple[Problem, ...] = ()
    stored: bool = False

    def count(self, sheet: str, rows: list[Row]) -> None:
        """Take in one sheet's rows."""
        self.created[sheet] = [row.label for row in rows if row.is_new]
        self.changed[sheet] = {row.label: row.changed for row in _changed(rows)}
        self.unchanged[sheet] = len(rows) - len(self.created[sheet]) - len(self.changed[sheet])

    @property
    def sheets(self) -> list[str]:
        return list(self.created)

    @property
    def total_created(self) -> int:
        return sum(map(len, self.created.values()))

    @property
    def total_changed(self) -> int:
        return sum(map(len, self.changed.values()))

    @property
    def total_unchanged(self) -> int:
        return sum(self.unchanged.values())

    @property
    def changes_something(self) -> bool:
        return bool(self.total_created or self.total_changed)


def _changed(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row.changed and not row.is_new]
