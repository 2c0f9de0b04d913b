"""The files of an edition and of its lists. They read what the pages read: one protected figure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.cells import Column
from common.csvfile import csv_lines
from common.workbook import Properties, Sheet
from publishing.reading import (
    Action,
    ActionReport,
    Indicator,
    Issue,
    Line,
    Observation,
    Parts,
)
from publishing.reading.insight import counts, scorecards, statuses
from publishing.reading.money import money_rows_of
from publishing.tables import IndicatorTable
from reports.models import Narrative


@dataclass(frozen=True)
class Value:
    """One observation with all that says what it is."""

    issue: Issue
    plan: str
    indicator: Indicator
    line: Line
    observation: Observation

    @property
    def cell_label(self) -> str:
        return str(self.indicator.cells.get(self.observation.cell, ""))


@dataclass(frozen=True)
class Reported:
    """One action in one report."""

    action: Action
    report: ActionReport


def values(parts: Parts, issue: Issue) -> list[Value]:
    """Every observation of the edition, by indicator, quarter, institution and cell."""
    return [
        Value(issue, parts.plan.code, row, line, observation)
        for row in parts.indicators.values()
        for line in row.lines
        for observation in line.observations.values()
    ]


VALUE_COLUMNS = [
    Column(gettext_lazy("Indicator"), "indicator.code", width=10),
    Column(gettext_lazy("Title"), lambda v: str(v.indicator.title), width=44),
    Column(gettext_lazy("Institution"), lambda v: str(v.line.institution), width=28),
    Column(gettext_lazy("Quarter"), lambda v: str(v.line.quarter), width=10),
    Column(gettext_lazy("Cell"), "cell_label", width=18),
    Column(gettext_lazy("State"), "observation.state", width=14),
    Column(gettext_lazy("Value"), "observation.amount.value", "number", width=12),
    Column(gettext_lazy("Numerator"), "observation.amount.numerator", "number", width=12),
    Column(gettext_lazy("Denominator"), "observation.amount.denominator", "number", width=12),
    Column(gettext_lazy("Unit"), lambda v: str(v.indicator.unit), width=12),
    Column(gettext_lazy("Text"), "observation.text", width=30),
    Column(gettext_lazy("Reason"), "observation.reason", width=30),
    Column(gettext_lazy("Comment"), "line.note", width=30),
]

ACTION_COLUMNS = [
    Column(gettext_lazy("Action"), "action.code", width=10),
    Column(gettext_lazy("Title"), lambda r: str(r.action.title), width=48),
    Column(gettext_lazy("Objective"), "action.objective.code", width=10),
    Column(gettext_lazy("Institution"), lambda r: str(r.report.institution), width=28),
    Column(gettext_lazy("Quarter"), lambda r: str(r.report.quarter), width=10),
    Column(gettext_lazy("Status"), "report.status", width=14),
    Column(gettext_lazy("Planned in all"), "action.planned", "money"),
    Column(gettext_lazy("Allocated in the quarter"), "report.allocated", "money"),
    Column(gettext_lazy("Spent in the quarter"), "report.spent", "money"),
    Column(gettext_lazy("Comment"), "report.note", width=40),
]

MONEY_COLUMNS = [
    Column(gettext_lazy("Action"), lambda r: r[0].code, width=10),
    Column(gettext_lazy("Title"), lambda r: str(r[0].title), width=48),
    Column(gettext_lazy("Institution"), lambda r: str(r[1].institution), width=28),
    Column(gettext_lazy("Quarter"), lambda r: str(r[1].quarter), width=10),
    Column(gettext_lazy("Source of funds"), lambda r: r[1].source, width=30),
    Column(gettext_lazy("Allocated in the quarter"), lambda r: r[1].allocated, "money"),
    Column(gettext_lazy("Spent in the quarter"), lambda r: r[1].spent, "money"),
]

RATING_COLUMNS = [
    Column(gettext_lazy("Indicator"), lambda r: r[0].code, width=10),
    Column(gettext_lazy("Title"), lambda r: str(r[0].title), width=44),
    Column(gettext_lazy("Institution"), lambda r: str(r[1].institution), width=28),
    Column(gettext_lazy("Quarter"), lambda r: str(r[1].quarter), width=10),
    Column(gettext_lazy("Computed"), lambda r: _computed(r[0], r[1]), width=14),
    Column(gettext_lazy("Ministry"), lambda r: r[1].ministry and r[1].ministry.value, width=14),
    Column(gettext_lazy("Its reason"), lambda r: r[1].ministry and r[1].ministry.reason, width=40),
    Column(gettext_lazy("Coalition"), lambda r: r[1].coalition and r[1].coalition.value, width=14),
    Column(
        gettext_lazy("Its reason"), lambda r: r[1].coalition and r[1].coalition.reason, width=40
    ),
    Column(gettext_lazy("They differ"), lambda r: r[1].differs, width=11),
]


def _computed(row: Indicator, line: Line) -> Any:
    found = row.assessments.get(line.quarter.code)
    return found.status if found else None


def narrative_headings() -> list[tuple[str, str]]:
    """The parts of a narrative with their headings, in the order of the form."""
    fields = [(name, Narrative._meta.get_field(name)) for name in Narrative.FIELDS]
    return [(name, capfirst(str(f.verbose_name))) for name, f in fields]  # type: ignore[union-attr]


def _narrative_columns() -> list[Column]:
    return [
        Column(_("Institution"), lambda r: str(r.institution), width=28),
        Column(_("Quarter"), lambda r: str(r.quarter), width=10),
        *(Column(label, f"narrative.{name}", width=44) for name, label in narrative_headings()),
    ]


def _summary(parts: Parts, issue: Issue) -> Iterator[tuple[Any, Any]]:
    """Term and value, row by row: what the edition is, and how the plan stands."""
    yield _("Plan"), str(parts.plan.title)
    if parts.plan.is_demonstration:
        yield _("Note"), _("Demonstration: invented figures.")
    yield _("Edition"), issue.address
    yield _("Quarter"), str(issue.quarter)
    yield _("Published"), issue.published_at
    yield _("SHA-256 of the data"), issue.sha256
    yield _("Head of the log"), issue.audit_head
    yield _("Rules of computation"), issue.rules_version
    yield _("Indicators"), len(parts.indicators)
    for status, number in counts(statuses(parts.indicators.values())):
        yield status.label, number
    for card in scorecards(parts):
        if card.now and card.now.missing and card.now.quarter.code == issue.quarter.code:
            yield _("Report missing"), str(card.institution)
    yield _("Note of the edition"), issue.note


def properties(parts: Parts, issue: Issue) -> Properties:
    """What the file says of itself; its date is that of the publication, so bytes repeat."""
    return Properties(
        title=f"{parts.plan.title} · {issue.address}",
        created=issue.published_at,
        comments=f"SHA-256 {issue.sha256}",
    )


def _money_by_source(parts: Parts) -> list[Sheet]:
    """A sheet of the money by source; none in an edition in which nobody told it so."""
    actions = parts.actions.values()
    if not any(report.money for row in actions for report in row.reports):
        return []
    rows = [(action, row) for action in actions for row in money_rows_of(action)]
    return [Sheet(_("Money by source"), MONEY_COLUMNS, rows)]


def edition_sheets(parts: Parts, issue: Issue) -> list[Sheet]:
    """The workbook of an edition, sheet by sheet."""
    summary = [
        Column(_("What"), lambda row: row[0], width=34),
        Column(_("Value"), lambda row: row[1], width=80),
    ]
    ratings = [(row, line) for row in parts.indicators.values() for line in row.lines]
    told = [Reported(row, report) for row in parts.actions.values() for report in row.reports]
    return [
        Sheet(_("Summary"), summary, _summary(parts, issue)),
        IndicatorTable(list(parts.indicators.values())).sheet(),
        Sheet(_("Values by cell"), VALUE_COLUMNS, values(parts, issue)),
        Sheet(_("Actions and money"), ACTION_COLUMNS, told),
        *_money_by_source(parts),
        Sheet(_("Narrative"), _narrative_columns(), parts.reports),
        Sheet(_("Ratings"), RATING_COLUMNS, ratings),
    ]


CSV_COLUMNS = [
    Column("edition", "issue.address"),
    Column("plan", "plan"),
    Column("quarter", "line.quarter.code"),
    Column("indicator", "indicator.code"),
    Column("title_en", lambda v: v.indicator.title.get("en")),
    Column("title_sq", lambda v: v.indicator.title.get("sq")),
    Column("institution", "line.institution.code"),
    Column("cell", "observation.cell"),
    Column("state", lambda v: v.observation.state.value),
    Column("value", "observation.amount.value"),
    Column("numerator", "observation.amount.numerator"),
    Column("denominator", "observation.amount.denominator"),
    Column("unit_en", lambda v: v.indicator.unit.get("en")),
    Column("sensitivity", lambda v: v.indicator.sensitivity.value),
    Column("certainty", lambda v: v.indicator.certainty.value),
    Column("text", "observation.text"),
    Column("reason", "observation.reason"),
]


def tidy_csv(parts: Parts, issue: Issue) -> Iterator[bytes]:
    """One row for each observation, the same in every language of the reader."""
    return csv_lines(CSV_COLUMNS, values(parts, issue))
