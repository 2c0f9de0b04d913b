"""What report form, review page and workbook show, each in a fixed number of queries."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from indicators.cells import TOTAL, Cell, cells_of
from indicators.models import Indicator, Target
from indicators.progress import expected_value
from reports.choices import Side
from reports.content import observations_in
from reports.models import ActionProgress, Line, Observation, Period, Rating, Remark, Report
from reports.money import load_money
from reports.rules import Person, sees_coalition, sees_live, sees_remark, sees_true_figures

INDICATOR = (
    "indicator__splits__dimension__categories",
    "indicator__targets",
)


def _with_indicator(lines: QuerySet[Line]) -> QuerySet[Line]:
    return lines.select_related("indicator__objective", "indicator__plan").prefetch_related(
        *INDICATOR
    )


def lines_for_form(report: Report) -> list[Line]:
    """The indicator lines with everything the form needs."""
    return list(
        _with_indicator(report.lines.all())
        .select_related("saved_by")
        .prefetch_related("observations", "ratings", "evidence")
    )


def actions_for_form(report: Report) -> list[ActionProgress]:
    """The action lines with their planned money and evidence."""
    rows = list(
        report.actions.select_related("action__objective", "saved_by").prefetch_related(
            "action__fundings", "evidence"
        )
    )
    load_money(rows)
    return rows


def baseline_of(indicator: Indicator) -> Decimal | None:
    """The baseline as one number; percentages from their fraction where it is known."""
    if indicator.baseline_denominator and indicator.baseline_numerator is not None:
        return 100 * indicator.baseline_numerator / indicator.baseline_denominator
    if indicator.baseline_state == "zero":
        return Decimal(0)
    return indicator.baseline_value


def targets_by_cell(indicator: Indicator) -> dict[str, list[Target]]:
    """The dated targets in force by cell: of each date the latest version, in date order."""
    found: dict[str, dict[date, Target]] = defaultdict(dict)
    for target in sorted(indicator.targets.all(), key=lambda t: (t.as_of, t.version)):
        found[target.cell][target.as_of] = target
    return {cell: list(latest.values()) for cell, latest in found.items()}


def current_targets(indicator: Indicator, cell: str = TOTAL) -> list[Target]:
    """The dated targets in force of one cell."""
    return targets_by_cell(indicator).get(cell, [])


def target_at(indicator: Indicator, period: Period, cell: str = TOTAL) -> Target | None:
    """The target this period works towards: the next one dated at or after its end."""
    targets = current_targets(indicator, cell)
    ahead = [t for t in targets if t.as_of >= period.ends_on]
    return ahead[0] if ahead else (targets[-1] if targets else None)


def expected_at(indicator: Indicator, period: Period, cell: str = TOTAL) -> Decimal | None:
    """The expected value at a period's end, read from baseline and dated targets."""
    targets = [(t.as_of, t.value) for t in current_targets(indicator, cell)]
    baseline = baseline_of(indicator) if cell == TOTAL else None
    return expected_value(indicator.baseline_date, baseline, targets, period.ends_on)


History = dict[tuple[int, str], list[Observation]]


def earlier_figures(report: Report) -> History:
    """Per (indicator, cell) what the institution answered before this period, oldest first.

    Its own reports of this plan, submitted by then, of this year and the two before. Figures that
    were brought in from earlier sources (`HistoricValue`) are not among them: who counted those,
    and how, may differ.
    """
    period = report.period
    earlier = Observation.objects.filter(
        line__report__institution=report.institution_id,
        line__report__period__plan=period.plan_id,
        line__report__period__ends_on__lt=period.starts_on,
        line__report__period__year__gte=period.year - 2,
        line__report__revision__gt=0,
    )
    rows = earlier.select_related("line__report__period").order_by("line__report__period__ends_on")
    found: History = defaultdict(list)
    for row in rows:
        found[row.line.indicator_id, row.cell].append(row)
    return dict(found)


def previous_figures(report: Report) -> dict[tuple[int, str], Observation]:
    """Of each cell the last of these answers."""
    return last_of(earlier_figures(report))


def last_of(history: History) -> dict[tuple[int, str], Observation]:
    return {place: rows[-1] for place, rows in history.items()}


@dataclass(frozen=True)
class CellView:
    """One cell as a person sees it: what is there, what was there, where it should be."""

    cell: Cell
    now: Observation | None
    previous: Observation | None
    target: Target | None
    expected: Decimal | None


@dataclass(frozen=True)
class LineView:
    """One indicator of a report as a person sees it. `hidden`: its figures are not for her."""

    line: Line
    cells: list[CellView]
    ratings: dict[str, Rating]
    hidden: bool = False
    remarks: list[Remark] = field(default_factory=list)

    @property
    def indicator(self) -> Indicator:
        return self.line.indicator

    @property
    def ministry_rating(self) -> Rating | None:
        return self.ratings.get(Side.MINISTRY)

    @property
    def coalition_rating(self) -> Rating | None:
        return self.ratings.get(Side.COALITION)

    @property
    def last_remark(self) -> Remark | None:
        return self.remarks[-1] if self.remarks else None


def _frozen(report: Report) -> dict[str, list[Observation]]:
    """Observations of the last submitted revision, by indicator code."""
    revision = report.revisions.filter(number=report.revision).first()
    if revision is None:
        return {}
    lines = json.loads(revision.content)["lines"]
    return {line["indicator"]: observations_in(line) for line in lines}


def _cell_views(
    line: Line,
    now: Iterable[Observation],
    previous: dict[tuple[int, str], Observation],
    period: Period,
    total: str,
) -> list[CellView]:
    answers = {o.cell: o for o in now}
    indicator = line.indicator
    return [
        CellView(
            cell,
            answers.get(cell.key),
            previous.get((indicator.pk, cell.key)),
            target_at(indicator, period, cell.key),
            expected_at(indicator, period, cell.key),
        )
        for cell in cells_of(indicator, total)
    ]


def line_views(report: Report, user: Person, total_label: str) -> list[LineView]:
    """Every line of a report for this person: live for its own people, else as submitted.

    Queries: a fixed number, whatever the number of lines and cells.
    """
    live = sees_live(user, report)
    frozen = {} if live else _frozen(report)
    previous = previous_figures(report)
    remarks = Prefetch(
        "remarks", Remark.objects.select_related("review__reviewer").order_by("review__round")
    )
    lines = _with_indicator(report.lines.all()).prefetch_related(
        "observations", "ratings", "evidence", remarks
    )
    sides = {Side.MINISTRY, Side.COALITION} if sees_coalition(user, report) else {Side.MINISTRY}
    views = []
    for line in lines:
        now = line.observations.all() if live else frozen.get(line.indicator.code, [])
        hidden = not sees_true_figures(user, report, line.indicator)
        cells = [] if hidden else _cell_views(line, now, previous, report.period, total_label)
        ratings = {r.side: r for r in line.ratings.all() if r.side in sides}
        said = [r for r in line.remarks.all() if sees_remark(user, report, r)]
        views.append(LineView(line, cells, ratings, hidden, said))
    return views
