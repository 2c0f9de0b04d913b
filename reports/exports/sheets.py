"""The declared sheets: what each column is called, where it comes from, how wide it is."""

from functools import partial

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from common.cells import Column
from common.workbook import Sheet
from reports.exports.figures import IndicatorRow, Rated, indicator_rows, rating_rows, value_rows
from reports.exports.source import Source
from reports.exports.summary import Stamp, report_rows, summary_rows
from reports.exports.words import (
    NarrativeRow,
    action_rows,
    narrative_rows,
    reads_remarks,
    review_rows,
)
from reports.models import Narrative


def sheets_of(source: Source, stamp: Stamp) -> list[Sheet]:
    """The workbook, sheet by sheet, in the active language."""
    rows = indicator_rows(source)
    return [
        _summary(source, stamp),
        reports_sheet(source),
        *([_missing(source)] if source.gaps else []),
        _indicators(rows),
        _values(source),
        actions_sheet(source),
        narrative_sheet(source),
        ratings_sheet(source, rows),
        *([reviews_sheet(source)] if reads_remarks(source) else []),
    ]


def _institution() -> list[Column]:
    return [
        Column(_("Institution"), lambda row: str(row.report.institution), width=26),
        Column(_("State"), "report.state", width=13),
    ]


def _indicator() -> list[Column]:
    return [
        Column(_("Indicator"), "indicator.code", width=10),
        Column(_("Title"), "indicator.title", width=40),
    ]


def _summary(source: Source, stamp: Stamp) -> Sheet:
    columns = [
        Column(_("What"), lambda row: row[0], width=30),
        Column(_("Value"), lambda row: row[1], width=70),
    ]
    return Sheet(_("Summary"), columns, summary_rows(source, stamp))


def reports_sheet(source: Source) -> Sheet:
    columns = [
        Column(_("Code"), "report.institution.code", width=10),
        Column(_("Institution"), lambda row: str(row.report.institution), width=44),
        Column(_("State"), "report.state", width=14),
        Column(_("Due"), "report.due_on", "date"),
        Column(_("Overdue"), "report.is_overdue", width=10),
        Column(_("First submitted"), lambda row: row.moment("first_submitted_at"), "date", 15),
        Column(_("Late"), "was_late", width=8),
        Column(_("Submitted"), lambda row: row.moment("submitted_at"), "date"),
        Column(_("Decided"), lambda row: row.moment("decided_at"), "date"),
        Column(_("Revision"), "revision", "integer", 10),
    ]
    if source.progress:
        columns.append(Column(_("Answered"), "answered", "integer", 10))
        columns.append(Column(_("Asked for"), "owed", "integer", 10))
    if source.knows_reviewers:
        columns.append(Column(_("Reviewer"), "reviewer", width=22))
    return Sheet(_("Reports"), columns, report_rows(source))


def _missing(source: Source) -> Sheet:
    columns = [
        Column(_("Part"), "subject", width=60),
        Column(_("What is missing"), "text", width=80),
    ]
    return Sheet(_("Missing"), columns, source.gaps)


def _status(row: IndicatorRow) -> object:
    return row.assessment.status if row.assessment else None


def _indicators(rows: list[IndicatorRow]) -> Sheet:
    columns = [
        Column(_("Code"), "indicator.code", width=9),
        Column(_("Title"), "indicator.title", width=40),
        Column(_("Unit"), "indicator.unit", width=11),
        Column(_("Responsible"), "responsible", width=13),
        Column(_("Target"), "target", "number", 11),
        Column(_("Target date"), "target_date", "date", 12),
        Column(_("Expected now"), "expected", "number", 11),
        Column(_("Value to date"), "value", "number", 11),
        Column(_("Numerator"), lambda row: row.half("numerator"), "number", 11),
        Column(_("Denominator"), lambda row: row.half("denominator"), "number", 13),
        Column(_("Reported"), "whole.reported", "integer", 9),
        Column(_("Of"), "whole.expected", "integer", 6),
        Column(_("Coverage"), "coverage", "percent", 10),
        Column(_("Validated"), "validated", "integer", 10),
        Column(_("Computed"), _status, width=14),
        Column(_("Marks"), "marks", width=15),
        Column(_("Ministry"), "ministry", width=14),
        Column(_("Coalition"), "coalition", width=14),
    ]
    note = _(
        "Combined over the institutions whose reports you read; reported, of those that owe it. "
        "Computed only where you read them all."
    )
    return Sheet(_("Indicators"), columns, rows, note)


def _values(source: Source) -> Sheet:
    columns = [
        *_institution(),
        *_indicator(),
        Column(_("Cell"), "cell.label", width=18),
        Column(_("Unit"), "indicator.unit", width=11),
        Column(_("Answer"), "answer", width=14),
        Column(_("Value"), "value", "number", 12),
        Column(_("Numerator"), "now.numerator", "number", 11),
        Column(_("Denominator"), "now.denominator", "number", 13),
        Column(_("Percent"), "percent", "percent", 11),
        Column(_("Text"), "text", width=24),
        Column(_("Reason"), "reason", width=28),
        Column(_("Comment"), "comment", width=28),
        Column(_("Previous"), "previous", "number", 11),
        Column(_("Previous quarter"), "before_in.period", width=11),
    ]
    return Sheet(_("Values by cell"), columns, value_rows(source))


def actions_sheet(source: Source) -> Sheet:
    currency = {"currency": source.period.plan.currency}
    columns = [
        *_institution(),
        Column(_("Action"), "action.code", width=10),
        Column(_("Title"), "action.title", width=44),
        Column(_("Objective"), "action.objective.code", width=10),
        Column(_("Status"), "status", width=13),
        Column(_("Planned in all, %(currency)s") % currency, "planned", "money"),
        Column(_("Allocated in the quarter, %(currency)s") % currency, "allocated", "money"),
        Column(_("Spent in the quarter, %(currency)s") % currency, "spent", "money"),
        Column(_("Sources of funds"), "sources", width=30),
        Column(_("Warning"), "warning", width=20),
        Column(_("Comment"), "comment", width=36),
    ]
    return Sheet(_("Actions and money"), columns, action_rows(source))


def _heading(field: str) -> str:
    """A part of the narrative as the form names it."""
    return capfirst(str(Narrative._meta.get_field(field).verbose_name))  # type: ignore[union-attr]


def narrative_sheet(source: Source) -> Sheet:
    columns = [
        *_institution(),
        *(
            Column(_heading(name), partial(NarrativeRow.said, name=name), width=40)
            for name in Narrative.FIELDS
        ),
    ]
    return Sheet(_("Narrative"), columns, narrative_rows(source))


def ratings_sheet(source: Source, rows: list[IndicatorRow]) -> Sheet:
    computed = {row.indicator.code: _status(row) for row in rows}

    def computed_of(row: Rated) -> object:
        return computed.get(row.indicator.code)

    columns = [
        *_institution(),
        *_indicator(),
        Column(_("Computed"), computed_of, width=14),
        Column(_("Ministry"), "ministry", width=13),
        Column(_("Its reason"), "ministry_reason", width=40),
        Column(_("Coalition"), "coalition", width=13),
        Column(_("Its reason"), "coalition_reason", width=40),
        Column(_("They differ"), "differs", width=11),
        Column(_("Reply of the ministry"), "reply_text", width=40),
    ]
    return Sheet(_("Ratings"), columns, rating_rows(source))


def reviews_sheet(source: Source) -> Sheet:
    columns = [
        *_institution(),
        Column(_("Round"), "review.round", "integer", 8),
        Column(_("Taken"), "review.taken_at", "datetime"),
        Column(_("Decided"), "review.decided_at", "datetime"),
        Column(_("Outcome"), "outcome", width=13),
        Column(_("New due date"), "review.due_on", "date"),
        Column(_("Part"), "part", width=14),
        Column(_("Code"), "code", width=9),
        Column(_("Title"), "title", width=36),
        Column(_("Verdict"), "verdict", width=13),
        Column(_("Remark"), "text", width=50),
        Column(_("Reply of the ministry"), "reply", width=40),
    ]
    if source.knows_reviewers:
        columns.append(Column(_("Reviewer"), "reviewer", width=20))
    return Sheet(_("Reviews"), columns, review_rows(source))
