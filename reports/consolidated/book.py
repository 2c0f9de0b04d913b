"""The consolidated workbook: contents, method, a sheet for each topic, status and trend drawn.

Everything is read as the person who asks may read it. Only the values are not held in memory.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import head_hash
from common import clock
from common.book import Book
from common.cells import Value, as_value
from common.workbook import Properties, Sheet
from indicators.choices import Role
from indicators.rules import holdings
from reports.consolidated.asked import Asked, in_words
from reports.consolidated.gathering import Gathered, gather, stacked
from reports.consolidated.method import method_sheet, sources_sheet
from reports.consolidated.rows import columns, count_rows, reports_in, value_rows
from reports.consolidated.trend import (
    MOST_CHARTS,
    TrendRow,
    objective_rows,
    status_chart,
    status_sheet,
    trend_charts,
    trend_rows,
    trend_sheet,
)
from reports.consolidated.writing import Progress, log_protected
from reports.models import Report


def write_book(asked: Asked, user: User, path: Path, progress: Progress) -> None:
    """Write the workbook for a person to a path."""
    reports = reports_in(asked, user)
    # To date counts what came before: the log names the figures of those reports too.
    log_protected(asked, user, reports_in(_until(asked), user))
    found = gather(asked, user)
    head = head_hash()
    title = _("%(plan)s · %(first)s to %(last)s") % _span(asked)
    properties = Properties(title, clock.now(), author=str(user), comments=head)
    with Book(path, title, properties) as book:
        book.about(_about(asked, user, found, head))
        _Writer(book, asked, user, found, progress).write(reports)


def _until(asked: Asked) -> Asked:
    """Every report until the last quarter: what the combined figures stand on."""
    return replace(asked, first=(0, 0), institutions=(), states=())


def _span(asked: Asked) -> dict[str, str]:
    first, last = (f"{year} Q{quarter}" for year, quarter in (asked.first, asked.last))
    return {"plan": str(asked.plan), "first": first, "last": last}


def _about(asked: Asked, user: User, found: Gathered, head: str) -> list[tuple[str, Value]]:
    """What the first sheet says of the file."""
    roles = {held.role for held in holdings(user) if held.plan_id == asked.plan.pk}
    told: list[tuple[str, Value]] = [*in_words(asked)]
    if asked.plan.is_demonstration:
        told.append((_("Note"), _("Demonstration: invented figures.")))
    return [
        *told,
        (_("Made for"), f"{user} ({user.email})"),
        (_("Roles in this plan"), ", ".join(str(role.label) for role in Role if role in roles)),
        (_("Made on"), as_value(clock.now())),
        (_("Figures"), _how_official(found)),
        (_("Figures not shown to you"), _withheld(found) or _("None")),
        (_("Head of the log"), head),
    ]


def _withheld(found: Gathered) -> str:
    codes = dict.fromkeys(row.indicator.code for row, _period in found.trend() if row.withheld)
    return ", ".join(codes)


def _how_official(found: Gathered) -> str:
    states = {state for quarter in found.quarters for state in quarter.states}
    if not states:
        return _("No report of these quarters is open to you yet.")
    if all(state.is_final for state in states):
        return _("Of validated reports only.")
    return _(
        "Preliminary: reports that are not validated are in it. "
        "Official figures are those of the published editions."
    )


class _Writer:
    """Writes the sheets in their order, and tells how far it is."""

    def __init__(
        self, book: Book, asked: Asked, user: User, found: Gathered, progress: Progress
    ) -> None:
        self.book, self.asked, self.user = book, asked, user
        self.found, self.progress = found, progress

    def write(self, reports: list[Report]) -> None:
        trend = trend_rows(self.found.trend())
        self.progress.expect(count_rows(reports, self.asked))
        self._method()
        self._status()
        self._trend(trend)
        for sheet, sentence in self._topics():
            self._add(sheet, sentence)
        self._values(reports)

    def _add(self, sheet: Sheet, sentence: str) -> None:
        rows = list(sheet.rows)
        self.progress.expect(len(rows))
        self.book.add(replace(sheet, rows=self.progress.through(rows)), sentence)

    def _method(self) -> None:
        sheet = method_sheet(self.asked.plan)
        self._add(sheet, _("How values are combined, what each status and each word means."))
        rows = [row for row, _period in self.found.trend()]
        indicators = self.asked.wanted_indicators()
        prefetch_related_objects(indicators, "responsible")
        sentence = _("Each indicator: its definition, baseline and where they come from.")
        self._add(sources_sheet(indicators, rows), sentence)

    def _status(self) -> None:
        last = self.found.quarters[-1] if self.found.quarters else None
        rows = objective_rows(last.indicators if last else [])
        sheet = status_sheet(rows, last.period if last else None)
        sentence = _("How many indicators have which status, by objective, with a chart.")
        placed = self.book.add(sheet, sentence)
        if chart := status_chart(rows):
            self.book.draw_below(placed, chart)

    def _trend(self, rows: list[TrendRow]) -> None:
        self.progress.expect(len(rows))
        sheet = trend_sheet(rows)
        counted = replace(sheet, rows=self.progress.through(rows))
        sentence = _(
            "Each indicator quarter by quarter: value, expected, target, coverage, status."
        )
        placed = self.book.add(counted, sentence)
        if charts := trend_charts(rows):
            shown = charts[:MOST_CHARTS]
            told = {"shown": len(shown), "all": len(charts)}
            note = _(
                "%(shown)d of %(all)d indicators with at least two values, in the order of the "
                "plan. A gap is a value that is withheld or not known."
            )
            sentence = _("Value to date, expected value and target of each indicator as lines.")
            self.book.add_charts(_("Charts"), sentence, note % told, placed, shown)

    def _topics(self) -> Iterator[tuple[Sheet, str]]:
        topic = self.found.topic
        if not self.found.quarters:
            return
        yield stacked(_("Reports"), topic("reports")), _("Who reported, when, and where it stands.")
        yield (
            stacked(_("Actions and money"), topic("actions")),
            _("Status of each action; planned, allocated and spent, and what is not funded."),
        )
        yield (
            stacked(_("Money by source"), topic("money")),
            _("Planned, allocated and spent of each action, for each source of funds."),
        )
        yield stacked(_("Narrative"), topic("narrative")), _("What the institutions wrote.")
        yield (
            stacked(_("Ratings"), topic("ratings")),
            _("Computed, ministry and coalition side by side, and where they differ."),
        )
        if reviews := topic("reviews"):
            yield (
                stacked(_("Reviews"), reviews),
                _("Rounds of review, verdicts, remarks and replies."),
            )

    def _values(self, reports: list[Report]) -> None:
        rows = self.progress.through(value_rows(reports, self.asked, self.user))
        sheet = Sheet(_("Values"), columns(), rows)
        self.book.add(sheet, _("One row for each value of each report: for filters and pivots."))
