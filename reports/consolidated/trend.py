"""Status by objective and the trend of every indicator, as sheets and as charts.

A chart holds numbers only: what is withheld, or was not answered, is a gap in its line.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import groupby

from django.utils.translation import gettext as _

from common.book import Chart, Series
from common.cells import Column, Value
from common.workbook import Sheet
from indicators.choices import Status
from indicators.models import Objective
from reports.assessing import rounded
from reports.exports.figures import IndicatorRow
from reports.models import Period

MOST_CHARTS = 60
"""Charts of indicators in one workbook: more make a sheet nobody scrolls through."""
COLOURS = {
    Status.ACHIEVED: "#1B5833",
    Status.MET: "#2E7A49",
    Status.ON_TRACK: "#74B58A",
    Status.AT_RISK: "#DBA035",
    Status.OFF_TRACK: "#B23A30",
    Status.NOT_MET: "#C9772B",
    Status.REGRESSING: "#6E1812",
    Status.REPORTED: "#4D83B6",
    Status.NO_DATA: "#8A7A55",
    Status.NOT_AVAILABLE: "#B3BFC4",
    Status.NOT_APPLICABLE: "#D0D8DB",
    Status.NOT_DUE: "#E6EBED",
}
UNKNOWN = "#CFC4DA"
VALUE, EXPECTED, TARGET = "#0B5160", "#4D83B6", "#B8741A"


@dataclass(frozen=True)
class ObjectiveRow:
    """An objective with the number of its indicators in each status."""

    objective: Objective
    counts: Counter[Status | None]

    def of(self, status: Status | None) -> int:
        return self.counts[status]

    @property
    def total(self) -> int:
        return self.counts.total()


def objective_rows(rows: Sequence[IndicatorRow]) -> list[ObjectiveRow]:
    """The objectives that have indicators, in the order of the plan."""
    found: dict[int, ObjectiveRow] = {}
    for row in rows:
        objective = row.indicator.objective
        known = found.setdefault(objective.pk, ObjectiveRow(objective, Counter()))
        known.counts[row.assessment.status if row.assessment else None] += 1
    return sorted(found.values(), key=lambda row: (row.objective.order, row.objective.code))


def status_sheet(rows: Sequence[ObjectiveRow], period: Period | None) -> Sheet:
    """The table; only the statuses that occur have a column."""
    columns = [
        Column(_("Objective"), "objective.code", width=12),
        Column(_("Title"), "objective.title", width=62),
        *(
            Column(status.label, partial(ObjectiveRow.of, status=status), "integer", 12)
            for status in _occurring(rows)
        ),
        Column(_("Not computed for you"), partial(ObjectiveRow.of, status=None), "integer", 13),
        Column(_("Indicators"), "total", "integer", 12),
    ]
    note = _(
        "At the end of %(quarter)s. Number of indicators with each status, never an average. "
        "Not computed where you do not read all institutions that contribute."
    ) % {"quarter": period.code if period else "–"}
    return Sheet(_("Status"), columns, rows, note)


def _occurring(rows: Sequence[ObjectiveRow]) -> list[Status]:
    return [status for status in Status if any(row.counts[status] for row in rows)]


def status_chart(rows: Sequence[ObjectiveRow]) -> Chart | None:
    """One column for each objective, one colour for each status."""
    if not rows:
        return None
    shown: list[Status | None] = [*_occurring(rows)]
    colours = [COLOURS[status] for status in shown if status]
    if any(row.counts[None] for row in rows):
        shown, colours = [*shown, None], [*colours, UNKNOWN]
    series = [
        Series(2 + number, [row.counts[status] for row in rows], colour)
        for number, (status, colour) in enumerate(zip(shown, colours, strict=True))
    ]
    labels = [row.objective.code for row in rows]
    return Chart(_("Indicators by status in each objective"), 0, labels, 0, series, is_stacked=True)


@dataclass(frozen=True)
class TrendRow:
    """An indicator at the end of one quarter."""

    row: IndicatorRow
    period: Period

    @property
    def number(self) -> Decimal | None:
        """The value as a number; nothing where it is withheld or not known."""
        return None if self.row.withheld else rounded(self.row.whole.value)

    @property
    def told(self) -> Value:
        """What stands in its place, or how it is said: withheld, yes, no."""
        value = self.row.value
        return value if isinstance(value, str) else None

    @property
    def status(self) -> object:
        return self.row.assessment.status if self.row.assessment else None


def trend_rows(pairs: Sequence[tuple[IndicatorRow, Period]]) -> list[TrendRow]:
    """The rows, quarter after quarter of one indicator, then the next."""
    return [TrendRow(row, period) for row, period in pairs]


QUARTER_AT, VALUE_AT, EXPECTED_AT, TARGET_AT = 4, 5, 7, 8
"""The places of the columns that charts show."""


def trend_sheet(rows: Sequence[TrendRow]) -> Sheet:
    """The table behind the charts."""
    columns = [
        Column(_("Objective"), "row.indicator.objective.code", width=11),
        Column(_("Indicator"), "row.indicator.code", width=11),
        Column(_("Title"), "row.indicator.title", width=58),
        Column(_("Unit"), "row.indicator.unit", width=12),
        Column(_("Quarter"), "period.code", width=10),
        Column(_("Value to date"), "number", "number", 13),
        Column(_("In words"), "told", width=13),
        Column(_("Expected now"), "row.expected", "number", 13),
        Column(_("Target"), "row.target", "number", 13),
        Column(_("Target date"), "row.target_date", "date", 13),
        Column(_("Coverage"), "row.coverage", "percent", 11),
        Column(_("Reported"), "row.whole.reported", "integer", 10),
        Column(_("Of"), "row.whole.expected", "integer", 7),
        Column(_("Validated"), "row.validated", "integer", 11),
        Column(_("Computed"), "status", width=15),
        Column(_("Marks"), "row.marks", width=18),
        Column(_("Ministry"), "row.ministry", width=15),
        Column(_("Coalition"), "row.coalition", width=15),
    ]
    note = _(
        "To date, combined over all institutions whose reports you read, whatever institutions "
        "and report states were asked for. Withheld figures are left out of the numbers."
    )
    return Sheet(_("Trend"), columns, rows, note)


def trend_charts(rows: Sequence[TrendRow]) -> list[Chart]:
    """One chart for each indicator that has at least two numbers to connect."""
    charts, first = [], 0
    for _code, group in groupby(rows, key=lambda row: row.row.indicator.code):
        some = list(group)
        if sum(row.number is not None for row in some) > 1:
            charts.append(_chart(some, first))
        first += len(some)
    return charts


def _chart(rows: Sequence[TrendRow], first: int) -> Chart:
    """Value, expected and target. A part is not drawn against the target of the whole."""
    indicator = rows[0].row.indicator
    series = [Series(VALUE_AT, [row.number for row in rows], VALUE)]
    if all(row.row.assessment for row in rows):
        expected = Series(EXPECTED_AT, [row.row.expected for row in rows], EXPECTED, "dash")
        target = Series(TARGET_AT, [row.row.target for row in rows], TARGET, "round_dot")
        series += [line for line in (expected, target) if any(v is not None for v in line.values)]
    unit = f" ({indicator.unit})" if indicator.unit else ""
    title = f"{indicator.code} · {indicator.title}{unit}"
    return Chart(title, first, [row.period.code for row in rows], QUARTER_AT, series)
