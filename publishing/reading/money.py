"""Money as an edition tells it: by action, quarter and source, ready to be summed and filtered.

Every figure comes from the edition's snapshot. Editions made before money had sources hold totals
only; of an action with several sources these stand under the source "", as not told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from indicators.money import Entry, Money, add, is_overspent_to_date
from publishing.reading.basic import Quarter
from publishing.reading.official import ActionReport
from publishing.reading.plan import Action, Institution

Amount = Decimal | None


@dataclass(frozen=True)
class MoneyRow:
    """What one report tells of an action's money from one source; "" where none is told."""

    quarter: Quarter
    institution: Institution
    source: str
    allocated: Amount
    spent: Amount


def money_rows_of(action: Action) -> list[MoneyRow]:
    """An action's money per quarter and source, in the order of the quarters.

    A report without sources counts as the action's only source, else as source "". Where a report
    tells sources and a larger total, the rest stands under "".
    """
    only = action.funding[0][0] if len(action.funding) == 1 else ""
    return [row for report in action.reports for row in _rows(report, only)]


def _rows(report: ActionReport, only: str) -> Iterator[MoneyRow]:
    place = (report.quarter, report.institution)
    if not report.money:
        yield MoneyRow(*place, only, report.allocated, report.spent)
        return
    for row in report.money:
        yield MoneyRow(*place, row.source, row.allocated, row.spent)
    allocated = _rest(report.allocated, [row.allocated for row in report.money])
    spent = _rest(report.spent, [row.spent for row in report.money])
    if allocated is not None or spent is not None:
        yield MoneyRow(*place, "", allocated, spent)


def _rest(whole: Amount, parts: list[Amount]) -> Amount:
    """What of the total no source is told for; None where nothing is left."""
    if whole is None:
        return None
    return whole - (add(parts) or Decimal(0)) or None


def entries_of(action: Action) -> Iterator[Entry]:
    """An action's money as entries for sums: planned by source, then what was told by quarter.

    A report that leaves a total blank is a gap; a source left blank beside a known total is none.
    """
    lead = action.lead.code if action.lead else ""
    place = (action.code, action.objective.code, lead)
    for source, planned in action.funding:
        yield Entry(*place, None, "", source, Money(planned=planned))
    for report in action.reports:
        quarter, gaps = report.quarter, (report.allocated is None) + (report.spent is None)
        if gaps:
            yield Entry(*place, quarter.year, quarter.code, "", Money(gaps=gaps))
    for row in money_rows_of(action):
        if row.allocated is None and row.spent is None:
            continue
        money = Money(None, row.allocated, row.spent)
        yield Entry(*place, row.quarter.year, row.quarter.code, row.source, money)


def entries(actions: Iterable[Action]) -> list[Entry]:
    """The money of many actions."""
    return [entry for action in actions for entry in entries_of(action)]


def is_overspent(action: Action) -> bool:
    """Whether more was spent to date than allocated, as far as it is told."""
    reports = action.reports
    return is_overspent_to_date([r.allocated for r in reports], [r.spent for r in reports])


def overspent(actions: Iterable[Action]) -> list[Action]:
    """The actions that spent more to date than was allocated."""
    return [action for action in actions if is_overspent(action)]


def last_note(action: Action) -> str:
    """The last comment any report made on the action."""
    return next((report.note for report in reversed(action.reports) if report.note), "")
