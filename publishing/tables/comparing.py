"""Two quarters side by side as tables; headings name the quarters."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from common.tables import TableColumn
from indicators.choices import Status
from publishing.reading import Action, Indicator
from publishing.reading.comparing import Compared
from publishing.tables.lists import PlanTable, file, page
from publishing.wording import shown

Side = Callable[[Compared[Indicator]], Indicator | None]


def _named(row: Compared[Any]) -> str:
    return f"{row.row.code} {row.row.title}"


def _measured(row: Compared[Indicator]) -> str:
    """The name with the unit, so that both figures need none."""
    unit = str(row.row.unit)
    return f"{_named(row)} ({unit})" if unit else _named(row)


def _figure(row: Indicator | None) -> str:
    return shown(row.now.amount.value, row) if row and row.now else ""


def _status(row: Indicator | None) -> Status | None:
    return row.status if row else None


def _cautions(row: Indicator | None) -> str:
    return ", ".join(str(mark.label) for mark in row.now.marks) if row and row.now else ""


def _raw(row: Indicator | None) -> Any:
    return row.now.amount.value if row and row.now else None


def _side(name: str, label: str) -> tuple[TableColumn, ...]:
    """Figure, status and cautions of one of the two quarters."""

    def of(getter: Callable[[Indicator | None], Any]) -> Callable[[Compared[Indicator]], Any]:
        return lambda row: getter(getattr(row, name))

    return (
        page(_("Figure, %(quarter)s") % {"quarter": label}, of(_figure), kind="number"),
        file(_("Figure, %(quarter)s") % {"quarter": label}, of(_raw), "number", 12),
        TableColumn(_("Status, %(quarter)s") % {"quarter": label}, of(_status), width=16),
        file(_("Cautions, %(quarter)s") % {"quarter": label}, of(_cautions), width=18),
    )


@dataclass
class ChangeTable(PlanTable):
    """Every indicator with its figures and statuses of both quarters."""

    title = _("Indicators")
    empty_title = _("No indicator fits")
    empty_text = _("Clear the filter to see all indicators of the plan.")
    page_size = 100
    columns: ClassVar[Sequence[TableColumn]] = (
        page(_("Indicator"), _measured),
        file(_("Code"), "row.code", width=9),
        file(_("Indicator"), lambda r: str(r.row.title), width=48),
        file(_("Objective"), "row.objective.code", width=10),
        file(_("Unit"), lambda r: str(r.row.unit), width=12),
    )
    change: ClassVar[TableColumn] = TableColumn(_("Change"), "change", width=18)

    before: str = ""
    after: str = ""

    def __post_init__(self) -> None:
        name, *others = self.columns
        name = self.linked(name, "indicator", lambda row: row.row.code)
        sides = (*_side("before", self.before), *_side("after", self.after))
        cautions = page(_("Cautions"), self._cautions)
        self.columns = (name, *others, self.change, *sides, cautions)  # type: ignore[misc]

    def _cautions(self, row: Compared[Indicator]) -> str:
        """Those of both quarters in one column, so that the page has room."""
        both = ((self.before, _cautions(row.before)), (self.after, _cautions(row.after)))
        return "; ".join(f"{label}: {told}" for label, told in both if told)


def _action_status(row: Action | None) -> object:
    return row.now.status if row and row.now else None


@dataclass
class ChangedActionTable(PlanTable):
    """Every action with its statuses of both quarters."""

    title = _("Actions")
    empty_title = _("No action fits")
    empty_text = _("Clear the filter to see all actions of the plan.")
    page_size = 100
    columns: ClassVar[Sequence[TableColumn]] = (
        page(_("Action"), _named),
        file(_("Code"), "row.code", width=10),
        file(_("Action"), lambda r: str(r.row.title), width=48),
        file(_("Objective"), "row.objective.code", width=10),
    )

    before: str = ""
    after: str = ""

    def __post_init__(self) -> None:
        name, *others = self.columns
        name = self.linked(name, "action", lambda row: row.row.code)
        sides = (
            self._status(self.before, lambda row: _action_status(row.before)),
            self._status(self.after, lambda row: _action_status(row.after)),
        )
        self.columns = (name, *others, ChangeTable.change, *sides)  # type: ignore[misc]

    def _status(self, label: str, getter: Callable[[Compared[Action]], object]) -> TableColumn:
        return TableColumn(_("Status, %(quarter)s") % {"quarter": label}, getter, width=16)
