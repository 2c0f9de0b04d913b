"""What a workbook says of itself: the quarter, who asked, what stands and what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from common.cells import Value
from indicators.choices import Role, Sensitivity
from indicators.models import Indicator
from indicators.rules import holdings
from reports.choices import ReportStatus
from reports.exports.source import Source
from reports.models import Report


@dataclass(frozen=True)
class Stamp:
    """When a workbook was made, and the head of the log at that moment."""

    made_at: datetime
    audit_head: str


@dataclass(frozen=True)
class ReportRow:
    """Where one report stands. Of one she may not open a person reads its state and dates due."""

    report: Report
    is_visible: bool
    answered: int | None = None
    owed: int | None = None
    reviewer: str = ""

    def moment(self, name: str) -> date | None:
        """The day of a step, in the plan's time zone."""
        at = getattr(self.report, name) if self.is_visible else None
        return timezone.localdate(at, ZoneInfo(self.report.period.plan.time_zone)) if at else None

    @property
    def revision(self) -> int | None:
        return self.report.revision if self.is_visible else None

    @property
    def was_late(self) -> bool | None:
        """Whether it first came after its date; nothing before it came."""
        came = self.is_visible and self.report.first_submitted_at is not None
        return self.report.was_late if came else None


def report_rows(source: Source) -> list[ReportRow]:
    """Every report she may know of, by institution."""
    return [_report_row(source, report) for report in source.known]


def _report_row(source: Source, report: Report) -> ReportRow:
    far = source.progress.get(report.pk)
    shown = source.knows_reviewers and report.reviewer is not None
    return ReportRow(
        report,
        report.pk in {visible.pk for visible in source.reports},
        far.answered if far else None,
        far.owed if far else None,
        str(report.reviewer) if shown else "",
    )


def protected_codes(source: Source) -> list[str]:
    """The indicators in it of which some figures are not for this person."""
    owed = {line.indicator.code for lines in source.lines.values() for line in lines}
    return [row.code for row in source.indicators if row.code in owed and source.hides_total(row)]


def sensitive_codes(source: Source) -> list[str]:
    """The protected indicators whose true figures are in it: leaving with them is logged."""
    closed = (row for row in source.indicators if row.sensitivity != Sensitivity.PUBLIC)
    reports = [*source.earlier, *source.reports]
    return [row.code for row in closed if any(_shows(source, report, row) for report in reports)]


def _shows(source: Source, report: Report, indicator: Indicator) -> bool:
    return bool(source.answers(report, indicator.code)) and not source.hides(report, indicator)


def roles_of(source: Source) -> str:
    """The roles a person holds in the plan, in the order of the list of roles."""
    plan_id = source.period.plan_id
    held = {holding.role for holding in holdings(source.user) if holding.plan_id == plan_id}
    return ", ".join(str(role.label) for role in Role if role in held)


Pair = tuple[str, Value]


def summary_rows(source: Source, stamp: Stamp) -> list[Pair]:
    """Term and value, row by row."""
    return [*_about(source), *_asked(source, stamp), *_standing(source), *_proof(source, stamp)]


def _about(source: Source) -> Iterator[Pair]:
    period = source.period
    yield _("Plan"), str(period.plan)
    if period.plan.is_demonstration:
        yield _("Note"), _("Demonstration: invented figures.")
    yield _("Quarter"), str(period)
    yield _("From"), period.starts_on
    yield _("To"), period.ends_on
    if source.is_one_report:
        for report in source.known:
            yield _("Institution"), str(report.institution)
            yield _("Revision"), report.revision or None
    else:
        yield _("Reports due"), period.due_on


def _asked(source: Source, stamp: Stamp) -> Iterator[Pair]:
    yield _("Made for"), f"{source.user} ({source.user.email})"
    yield _("Roles in this plan"), roles_of(source)
    yield _("Made on"), stamp.made_at


def _standing(source: Source) -> Iterator[Pair]:
    states = [report.state for report in source.known]
    for state in ReportStatus:
        if state in states:
            text = _("Reports: %(state)s") % {"state": str(state.label).lower()}
            yield text, states.count(state)
    for report in source.known:
        if report.state.is_editable:
            yield _("Still with the ministry"), str(report.institution)
    for far in source.progress.values():
        yield _("Answers missing"), max(far.owed - far.answered, 0)


def _proof(source: Source, stamp: Stamp) -> Iterator[Pair]:
    yield _("Figures"), _how_official(source)
    if codes := protected_codes(source):
        yield _("Figures not shown to you"), ", ".join(codes)
    yield _("Head of the log"), stamp.audit_head


def _how_official(source: Source) -> str:
    if not source.reports:
        return _("No report of this quarter is open to you yet.")
    if all(report.state.is_final for report in [*source.earlier, *source.reports]):
        return _("Of validated reports only.")
    return _(
        "Preliminary: reports that are not validated are in it. "
        "Official figures are those of the published editions."
    )
