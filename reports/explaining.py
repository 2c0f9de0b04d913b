"""How a stored status was computed: its inputs, its sources and its coverage, in words."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from common.numbers import NBSP, show_decimal
from common.templatetags.ui import round_to
from indicators.cells import cells_of
from indicators.choices import BaselineState, Mark, Status
from indicators.models import Indicator
from reports.models import Assessment, Line, Period, Report, Revision
from reports.review_figures import shown_number
from reports.rules import Person

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class CellResult:
    """One cell: its figure to date, who stands behind it, and its status where it has a target."""

    label: str
    value: str
    detail: str
    reported: int
    expected: int
    status: Status | None = None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Source:
    """A validated report that the figure stands on; its address where the person may open it."""

    report: Report
    revision: Revision
    is_open: bool


@dataclass(frozen=True)
class Explanation:
    """Everything about one status. `facts` are pairs of what and how much."""

    indicator: Indicator
    period: Period
    total: CellResult
    facts: list[tuple[str, str]]
    parts: list[CellResult]
    sources: list[Source]
    quarters: list[tuple[Period, Status, str]]
    rules_version: str


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _cell(indicator: Indicator, label: str, result: dict[str, Any]) -> CellResult:
    detail = ""
    if result.get("denominator") is not None:
        halves = {
            name: show_decimal(Decimal(result[name])) for name in ("numerator", "denominator")
        }
        detail = _("%(numerator)s of %(denominator)s") % halves
    return CellResult(
        label,
        shown_number(indicator, _decimal(result["value"])),
        detail,
        result["reported"],
        result["expected_units"],
        Status(result["status"]) if "status" in result else None,
        tuple(Mark(mark) for mark in result.get("marks", ())),
    )


def _share(text: str | None) -> str:
    value = _decimal(text)
    return "–" if value is None else f"{show_decimal(round_to(HUNDRED * value, 1))}{NBSP}%"


def _facts(indicator: Indicator, result: dict[str, Any]) -> list[tuple[str, str]]:
    """What the computation took, and what came out, in the order of the rules."""
    inputs = result["inputs"]

    def figure(name: str) -> str:
        return shown_number(indicator, _decimal(inputs[name]))

    pace = _decimal(result["pace"])
    good, fair = (show_decimal(Decimal(inputs[name])) for name in ("on_track_at", "at_risk_at"))
    thresholds = _("on track from %(good)s, at risk from %(fair)s") % {"good": good, "fair": fair}
    return [
        (_("Value"), figure("actual")),
        (_("Start"), _start(inputs, figure("baseline"))),
        (_("Expected by then"), figure("expected")),
        (_("Final target"), figure("target")),
        (_("Tolerance"), shown_number(indicator, Decimal(inputs["tolerance"]))),
        (_("Progress"), _share(result["progress"])),
        (_("Pace"), "–" if pace is None else f"{show_decimal(round_to(pace, 2))} ({thresholds})"),
        (_("Coverage"), _share(inputs["coverage"])),
        (_("Over time"), indicator.get_over_time_display()),
        (_("Over institutions"), indicator.get_over_units_display()),
    ]


def _start(inputs: dict[str, Any], baseline: str) -> str:
    state = BaselineState(inputs["baseline_state"])
    return baseline if state is BaselineState.KNOWN else str(state.label)


def _sources(row: Assessment, user: Person) -> list[Source]:
    """The reports behind a figure, each with the revision that was read."""
    read: dict[int, int] = dict(row.sources)
    wanted = Q(pk__in=())
    for report, revision in read.items():
        wanted |= Q(report=report, number=revision)
    revisions = {r.report_id: r for r in Revision.objects.filter(wanted).defer("content")}
    reports = Report.objects.filter(pk__in=read).with_names()
    visible = set(Report.objects.visible_to(user).filter(pk__in=read).values_list("pk", flat=True))
    return [
        Source(report, revisions[report.pk], report.pk in visible)
        for report in reports.order_by("-period__ends_on", "institution__code")
    ]


def _quarters(indicator: Indicator) -> list[tuple[Period, Status, str]]:
    rows = Assessment.objects.filter(indicator=indicator, cell_set="").select_related("period")
    found = []
    for row in rows.order_by("-period__ends_on"):
        value = _decimal(row.results[""]["value"])
        found.append((row.period, Status(row.status), shown_number(indicator, value)))
    return found


def units_of(indicator: Indicator, period: Period) -> set[int]:
    """The institutions that owed an indicator up to a quarter."""
    owed = Line.objects.filter(indicator=indicator, report__period__ends_on__lte=period.ends_on)
    return set(owed.order_by().values_list("report__institution", flat=True))


def explain(indicator: Indicator, period: Period, user: Person) -> Explanation | None:
    """The status of an indicator at the end of a quarter; None where nothing was owed by then.

    Queries: seven, whatever the number of reports and cells.
    """
    rows = {row.cell_set: row for row in indicator.assessments.filter(period=period)}
    if "" not in rows:
        return None
    results = {cell: result for row in rows.values() for cell, result in row.results.items()}
    cells = cells_of(indicator, _("Total"))
    return Explanation(
        indicator=indicator,
        period=period,
        total=_cell(indicator, _("Total"), results[""]),
        facts=_facts(indicator, results[""]),
        parts=[_cell(indicator, c.label, results[c.key]) for c in cells[1:] if c.key in results],
        sources=_sources(rows[""], user),
        quarters=_quarters(indicator),
        rules_version=rows[""].rules_version,
    )
