"""The tables of a plan's money: on the page amounts are rounded, in files they are whole."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.charts import StackedBar
from common.tables import Cell, Heading, TableColumn
from common.templatetags.ui import round_to
from indicators.money import Money
from publishing.reading import Action, Objective
from publishing.reading.money import is_overspent, last_note
from publishing.tables.lists import PlanTable, file, page

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Group:
    """The money of one thing: an action, an objective, an institution, a time, a source."""

    label: str
    money: Money
    code: str = ""
    quarter: str = ""
    action: Action | None = None
    objective: Objective | None = None
    bar: StackedBar | None = None


def _whole(name: str) -> Callable[[Group], Decimal | None]:
    """An amount to the unit, as a page shows it."""

    def amount(row: Group) -> Decimal | None:
        exact = getattr(row.money, name)
        return None if exact is None else round_to(exact, 0)

    return amount


def _percent(name: str) -> Callable[[Group], Decimal | None]:
    def share(row: Group) -> Decimal | None:
        exact = getattr(row.money, name)
        return None if exact is None else round_to(exact * HUNDRED, 1)

    return share


def money_columns(currency: str, with_planned: bool) -> list[TableColumn]:
    """Amounts in the plan's currency and the shares; planned money belongs to the whole plan."""
    told = {"currency": currency}
    amounts = [
        (gettext("Allocated to date, %(currency)s") % told, "allocated"),
        (gettext("Spent to date, %(currency)s") % told, "spent"),
    ]
    shares = [(gettext("Spent of allocated"), "spent_of_allocated")]
    if with_planned:
        amounts.insert(0, (gettext("Planned, whole plan, %(currency)s") % told, "planned"))
        shares.insert(0, (gettext("Not funded"), "unfunded"))
        shares.insert(1, (gettext("Spent of planned"), "spent_share"))
    return [
        *(page(heading, _whole(name), kind="money") for heading, name in amounts),
        *(file(heading, f"money.{name}", "money") for heading, name in amounts),
        *(TableColumn(heading, _percent(name), "percent") for heading, name in shares),
    ]


@dataclass
class MoneyTable(PlanTable):
    """Money of one kind of thing, with its own download of the filtered rows."""

    currency: str = ""
    has_planned: bool = True

    name: ClassVar[str] = ""
    empty_title = _("No money fits")
    empty_text = _("Clear the filter to see all money of the plan.")
    page_size = 1_000

    def __post_init__(self) -> None:
        money = money_columns(self.currency, self.has_planned)
        self.columns = (*self.first(), *money, *self.last())  # type: ignore[misc]

    def first(self) -> list[TableColumn]:
        """The columns that say what it is."""
        return [TableColumn(self.title, "label", width=44)]

    def last(self) -> list[TableColumn]:
        """What stands behind the amounts."""
        return []

    @property
    def export_links(self) -> list[tuple[str, str]]:
        """A download of these rows, among the tables of the page."""
        return [
            (gettext("These rows as Excel"), self._url(export="xlsx", table=self.name)),
            (gettext("as CSV"), self._url(export="csv", table=self.name)),
        ]


def _counts(row: Group) -> str:
    parts = row.bar.shown if row.bar else []
    return "; ".join(f"{part.status.label}: {part.count}" for part in parts)


@dataclass
class ObjectiveMoney(MoneyTable):
    """Execution beside results: each objective with all below it."""

    name = "objectives"
    title = _("Objective")
    caption = _("Money beside results, by objective")

    def first(self) -> list[TableColumn]:
        return [
            TableColumn(_("Code"), "code", width=10),
            TableColumn(_("Objective"), "label", width=48),
            TableColumn(_("Status of its indicators"), _counts, width=36),
        ]

    @property
    def amount_headings(self) -> list[Heading]:
        """The headings of the amounts, for the page that draws the statuses."""
        return self.headings[len(self.first()) :]

    @property
    def drawn(self) -> list[tuple[Group, list[Cell]]]:
        """Each row with its cells of money; the rest is drawn."""
        return [(row.object, list(row)[len(self.first()) :]) for row in self.rows]


@dataclass
class InstitutionMoney(MoneyTable):
    """By the institution that leads the actions."""

    name = "institutions"
    title = _("Lead institution")
    caption = _("By institution")


@dataclass
class TimeMoney(MoneyTable):
    """By year and the quarters in it; what was planned belongs to no single one."""

    name = "years"
    title = _("Year")
    caption = _("By year and quarter")
    has_planned: bool = False

    def first(self) -> list[TableColumn]:
        return [
            TableColumn(_("Year"), "label", width=10),
            TableColumn(_("Quarter"), lambda row: row.quarter or gettext("Whole year"), width=16),
        ]


@dataclass
class SourceMoneyTable(MoneyTable):
    """By source of funds."""

    name = "sources"
    title = _("Source of funds")
    caption = _("By source of funds")


def _remark(row: Group) -> str:
    told = []
    if row.action is not None and not row.action.funding:
        told.append(gettext("No planned money"))
    if row.action is not None and is_overspent(row.action):
        told.append(gettext("More spent than allocated"))
    return "; ".join(told)


@dataclass
class ActionMoney(MoneyTable):
    """By action, with what is to be said of each."""

    name = "actions"
    title = _("Action")
    caption = _("By action")

    def first(self) -> list[TableColumn]:
        named = page(self.title, lambda row: f"{row.code} {row.label}")
        return [
            self.linked(named, "objective", lambda row: row.action.objective.code),
            file(_("Code"), "code", width=10),
            file(_("Action"), "label", width=48),
            file(_("Objective"), "action.objective.code", width=10),
            file(_("Lead institution"), lambda row: str(row.action.lead or ""), width=28),
        ]

    def last(self) -> list[TableColumn]:
        return [
            TableColumn(_("Remark"), _remark, width=28),
            file(_("Comment"), lambda row: last_note(row.action), width=40),
        ]

    def is_flagged(self, row: Group) -> bool:
        return row.action is not None and is_overspent(row.action)
