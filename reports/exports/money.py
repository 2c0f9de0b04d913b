"""The money of every action in every report, source by source."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from common.cells import Column
from common.workbook import Sheet
from indicators.models import Action
from indicators.money import add
from reports.exports.source import Source
from reports.models import Report
from reports.money import Amount, Told, planned_sources, told_of


@dataclass(frozen=True)
class MoneyRow:
    """One source of funds of one action in one report; `source` is "" for what has none."""

    report: Report
    action: Action
    source: str
    planned: Decimal | None
    allocated: Decimal | None
    spent: Decimal | None


def money_rows(source: Source) -> list[MoneyRow]:
    """By institution, action and source; what no source is told for has a row of its own."""
    return [
        row
        for report in source.reports
        for owed in source.actions.get(report.pk, ())
        for row in _of_action(report, owed.action, told_of(source.action(report, owed.action.code)))
    ]


def _of_action(report: Report, action: Action, told: Told) -> Iterator[MoneyRow]:
    planned = {row.source: row.planned for row in action.fundings.all()}
    names = planned_sources(action)
    if not names and not told.by_source:
        name = next(iter(planned), "")
        yield MoneyRow(report, action, name, planned.get(name), told.allocated, told.spent)
        return
    for name in dict.fromkeys([*names, *told.by_source]):
        yield MoneyRow(
            report, action, name, planned.get(name), *told.by_source.get(name, (None, None))
        )
    rest = unattributed(told)
    if rest != (None, None):
        yield MoneyRow(report, action, _("Source not told"), None, *rest)


def unattributed(told: Told) -> tuple[Amount, Amount]:
    """What of the totals no source is told for; None where nothing is left."""
    return (
        _rest(told.allocated, [pair[0] for pair in told.by_source.values()]),
        _rest(told.spent, [pair[1] for pair in told.by_source.values()]),
    )


def _rest(whole: Amount, parts: list[Amount]) -> Amount:
    if whole is None:
        return None
    return whole - (add(parts) or Decimal(0)) or None


def money_sheet(source: Source) -> Sheet:
    """The sheet; amounts in the plan's currency, which stands in every heading."""
    currency = {"currency": source.period.plan.currency}
    columns = [
        Column(_("Institution"), lambda row: str(row.report.institution), width=26),
        Column(_("State"), "report.state", width=13),
        Column(_("Action"), "action.code", width=10),
        Column(_("Title"), "action.title", width=44),
        Column(_("Objective"), "action.objective.code", width=10),
        Column(_("Source of funds"), "source", width=30),
        Column(_("Planned in all, %(currency)s") % currency, "planned", "money"),
        Column(_("Allocated in the quarter, %(currency)s") % currency, "allocated", "money"),
        Column(_("Spent in the quarter, %(currency)s") % currency, "spent", "money"),
    ]
    return Sheet(_("Money by source"), columns, money_rows(source))
