"""What the sheets of a consolidated workbook are made of: quarter by quarter, as each is read.

A quarter is loaded as for its own workbook, its rows are taken, and the rest is let go. What is
combined (status, trend) stands on all institutions she reads; the filters on institutions and
states choose reports, so they choose rows of reports only.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from django.utils.translation import gettext as _

from accounts.models import User
from common.cells import Column, Value
from common.workbook import Sheet
from indicators.combine import unfunded_share
from reports.choices import ReportStatus
from reports.consolidated.asked import Asked
from reports.exports import Source, load
from reports.exports.figures import IndicatorRow, indicator_rows
from reports.exports.money import money_sheet
from reports.exports.sheets import (
    actions_sheet,
    narrative_sheet,
    ratings_sheet,
    reports_sheet,
    reviews_sheet,
)
from reports.exports.words import ActionRow, reads_remarks
from reports.models import Period

HUNDRED = 100


@dataclass(frozen=True)
class Quarter:
    """One quarter: its indicators, and the sheets about its reports by their topic.

    `states` are those of all reports that its combined figures stand on.
    """

    period: Period
    states: set[ReportStatus]
    indicators: list[IndicatorRow]
    sheets: dict[str, Sheet]


@dataclass(frozen=True)
class Gathered:
    """All quarters asked for, the oldest first."""

    quarters: list[Quarter] = field(default_factory=list)

    def topic(self, name: str) -> list[tuple[Period, Sheet]]:
        """The sheets of one topic, by quarter."""
        return [(q.period, q.sheets[name]) for q in self.quarters if name in q.sheets]

    def trend(self) -> list[tuple[IndicatorRow, Period]]:
        """Every indicator in every quarter in which somebody had owed it, by indicator."""
        rows = [(row, quarter.period) for quarter in self.quarters for row in quarter.indicators]
        return sorted(rows, key=lambda pair: (pair[0].indicator.order, pair[0].indicator.code))


def gather(asked: Asked, user: User) -> Gathered:
    """Read the quarters; each in its own fixed number of queries."""
    periods = Period.objects.filter(plan=asked.plan).select_related("plan").order_by("ends_on")
    codes = {row.code for row in asked.wanted_indicators()}
    objectives = asked.objectives()
    return Gathered(
        [
            _quarter(load(user, period), asked, codes, objectives)
            for period in periods
            if asked.holds(period)
        ]
    )


def _quarter(source: Source, asked: Asked, codes: set[str], objectives: set[int]) -> Quarter:
    rows = [row for row in indicator_rows(source) if row.indicator.code in codes]
    narrow = narrowed(source, asked, codes, objectives)
    actions = actions_sheet(narrow)
    sheets = {
        "reports": reports_sheet(narrow),
        "actions": replace(actions, columns=[*actions.columns, *_shares()]),
        "money": money_sheet(narrow),
        "narrative": narrative_sheet(narrow),
        "ratings": ratings_sheet(narrow, rows),
    }
    if reads_remarks(narrow):
        sheets["reviews"] = reviews_sheet(narrow)
    states = {report.state for report in (*source.earlier, *source.reports)}
    return Quarter(source.period, states, rows, sheets)


def narrowed(source: Source, asked: Asked, codes: set[str], objectives: set[int]) -> Source:
    """The quarter with the reports, indicators and actions asked for; what she may read stays."""
    return replace(
        source,
        known=[report for report in source.known if asked.wants(report)],
        reports=[report for report in source.reports if asked.wants(report)],
        lines={
            pk: [line for line in lines if line.indicator.code in codes]
            for pk, lines in source.lines.items()
        },
        actions={
            pk: [row for row in rows if row.action.objective_id in objectives]
            for pk, rows in source.actions.items()
        },
    )


def _shares() -> list[Column]:
    """Of the money: what of the plan nobody has allocated, and what was spent of the allocated."""
    return [
        Column(_("Not allocated of planned"), _unfunded, "percent", 13),
        Column(_("Spent of allocated"), _spent, "percent", 13),
    ]


def _unfunded(row: ActionRow) -> Value:
    if row.planned is None or row.allocated is None:
        return None
    share = unfunded_share(row.planned, row.allocated)
    return None if share is None else round(HUNDRED * share, 1)


def _spent(row: ActionRow) -> Value:
    if not row.allocated or row.spent is None:
        return None
    return round(HUNDRED * row.spent / row.allocated, 1)


@dataclass(frozen=True)
class Stacked:
    """A row of one quarter's sheet, in a sheet of many: its values by heading."""

    period: Period
    values: dict[str, Value]

    def get(self, key: str) -> Value:
        return self.values.get(key)


def stacked(title: str, parts: list[tuple[Period, Sheet]], note: str = "") -> Sheet:
    """The sheets of many quarters as one, the quarter before everything else.

    A column that some quarters have and others not stands where it first came, and is blank
    where it is not known.
    """
    heads: dict[str, Column] = {}
    for _period, sheet in parts:
        for key, column in _keyed(sheet):
            heads.setdefault(key, column)
    columns = [Column(_("Quarter"), "period.code", width=10)]
    columns += [
        Column(head.heading, partial(Stacked.get, key=key), head.kind, head.width)
        for key, head in heads.items()
    ]
    return Sheet(title, columns, list(_rows(parts)), note)


def _keyed(sheet: Sheet) -> list[tuple[str, Column]]:
    """The columns by their heading; the second of the same name is another one."""
    found: dict[str, Column] = {}
    for column in sheet.columns:
        key = str(column.heading)
        while key in found:
            key += "+"
        found[key] = column
    return list(found.items())


def _rows(parts: list[tuple[Period, Sheet]]) -> Iterator[Stacked]:
    for period, sheet in parts:
        keyed = _keyed(sheet)
        for row in sheet.rows:
            yield Stacked(period, {key: column.value(row) for key, column in keyed})
