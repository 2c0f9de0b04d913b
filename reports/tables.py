"""What a ministry owes, as a table."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.tables import Table, TableColumn
from reports import rules
from reports.choices import ReportStatus
from reports.how_far import HowFar, how_far
from reports.models import Report
from reports.review_tables import timing


@dataclass
class Owed:
    """One report with how far it is and what this person does next."""

    report: Report
    person: Any
    far: HowFar

    @property
    def url(self) -> str:
        return reverse("report", args=[self.report.pk])

    @property
    def next_step(self) -> str:
        """The next step in words; whose turn it is where it is not this person's."""
        report, state = self.report, self.report.state
        if state.is_editable and report.period.is_closed:
            return gettext("Closed: ask the secretariat")
        if state.is_editable and self.far.is_complete:
            may = rules.can_submit(self.person, report)
            return (
                gettext("Check and submit") if may else gettext("Ask your head of unit to submit")
            )
        if state is ReportStatus.RETURNED:
            return gettext("Correct what was flagged")
        return {
            ReportStatus.DRAFT: gettext("Go on") if self.far.answered else gettext("Begin"),
            ReportStatus.SUBMITTED: gettext("Wait for the coalition"),
            ReportStatus.UNDER_REVIEW: gettext("The coalition reads it"),
            ReportStatus.VALIDATED: gettext("Wait for publication"),
        }.get(state, "")

    @property
    def next_url(self) -> str:
        """Where the next step is done; nothing where only waiting is left."""
        if not rules.can_edit(self.person, self.report):
            return ""
        if self.far.is_complete and rules.can_submit(self.person, self.report):
            return reverse("report_decide", args=[self.report.pk, "submit"])
        return reverse("report_start", args=[self.report.pk])


COLUMNS = (
    TableColumn(_("Quarter"), "report.period", link=lambda row: row.url, sort="period__ends_on"),
    TableColumn(_("Plan"), "report.period.plan.code", on_page=False),
    TableColumn(_("Institution"), "report.institution", sort="institution__code"),
    TableColumn(_("Status"), "report.state", sort="status"),
    TableColumn(_("Due"), "report.due_on", "date", sort="due_on"),
    TableColumn(_("Timing"), lambda row: timing(row.report)),
    TableColumn(_("Answered"), "far.text", in_export=False),
    TableColumn(_("Answers given"), "far.answered", "integer", on_page=False),
    TableColumn(_("Answers owed"), "far.owed", "integer", on_page=False),
    TableColumn(_("Next step"), "next_step", link=lambda row: row.next_url),
)


@dataclass
class MyReportsTable(Table):
    """The reports of a person's institutions: what is owed, by when, how far."""

    columns = COLUMNS
    title = _("My reports")
    empty_title = _("No report to show")
    empty_text = _("No report fits this filter.")

    person: Any = field(default=None, kw_only=True)

    def is_flagged(self, row: Owed) -> bool:
        return row.report.is_overdue

    def _owed(self, reports: Iterable[Report]) -> list[Owed]:
        found = list(reports)
        far = how_far(report.pk for report in found)
        return [Owed(report, self.person, far.get(report.pk, HowFar())) for report in found]

    @cached_property
    def page(self) -> Any:
        """This page's reports, with how far each is."""
        page = super().page
        page.object_list = self._owed(page.object_list)
        return page

    def _all(self) -> Iterable[Owed]:
        return self._owed(self.ordered)
