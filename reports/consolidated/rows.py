"""One row for each value of many reports, as the person who asks may read it, one after another.

Live rows for a report's own people and the secretariat, for others what was submitted; figures
that are not for her are left out and named so. Memory does not grow with the number of rows.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from common.cells import Column, Kind, Value
from indicators.choices import Kind as IndicatorKind
from indicators.choices import ObservationState, Sensitivity
from indicators.combine import Ratio
from indicators.models import Indicator, Plan
from reports.consolidated.asked import Asked
from reports.content import FIGURES
from reports.exports.figures import withheld_word
from reports.models import Observation, Report, Revision
from reports.rules import sees_live, sees_true_figures

FEW = 100
"""Reports whose frozen contents are in memory at one time."""


def columns() -> list[Column]:
    """The twenty columns, in the active language; a row holds their values in this order."""
    named: list[tuple[str, Kind, int]] = [
        (_("Plan"), "text", 8),
        (_("Year"), "text", 7),
        (_("Quarter"), "text", 9),
        (_("Institution code"), "text", 12),
        (_("Institution"), "text", 32),
        (_("State"), "text", 14),
        (_("Revision"), "text", 10),
        (_("Objective"), "text", 11),
        (_("Indicator"), "text", 11),
        (_("Title"), "text", 44),
        (_("Unit"), "text", 12),
        (_("Kind"), "text", 14),
        (_("Cell"), "text", 18),
        (_("Answer"), "text", 16),
        (_("Value"), "number", 13),
        (_("Numerator"), "number", 13),
        (_("Denominator"), "number", 13),
        (_("Percent"), "percent", 11),
        (_("Text"), "text", 30),
        (_("Reason"), "text", 30),
    ]
    return [
        Column(heading, itemgetter(at), kind, width)
        for at, (heading, kind, width) in enumerate(named)
    ]


def reports_in(asked: Asked, user: User) -> list[Report]:
    """The reports asked for that the person may know the figures of, oldest first."""
    found = Report.objects.visible_to(user).filter(period__plan=asked.plan).with_names()
    ordered = found.order_by("period__ends_on", "institution__code", "pk")
    return [report for report in ordered if asked.wants(report)]


def sensitive_codes(reports: Sequence[Report], asked: Asked, user: User) -> list[str]:
    """The protected indicators whose true figures leave with these reports."""
    return sorted(
        indicator.code
        for indicator in asked.wanted_indicators()
        if indicator.sensitivity != Sensitivity.PUBLIC
        and any(sees_true_figures(user, report, indicator) for report in reports)
    )


def count_rows(reports: Sequence[Report], asked: Asked) -> int:
    """About how many rows there will be: withheld figures are one row, however many they are."""
    wanted = [indicator.pk for indicator in asked.wanted_indicators()]
    pieces = (reports[start : start + FEW] for start in range(0, len(reports), FEW))
    return sum(
        Observation.objects.filter(line__report__in=some, line__indicator__in=wanted).count()
        for some in pieces
    )


def value_rows(reports: Sequence[Report], asked: Asked, user: User) -> Iterator[list[Value]]:
    """The rows, report by report, in the order of the plan. Queries: a few for many reports."""
    known = {row.pk: row for row in asked.wanted_indicators()}
    writer = _Writer(asked.plan, user, known)
    for start in range(0, len(reports), FEW):
        some = reports[start : start + FEW]
        yield from writer.rows(some)


class _Writer:
    """Makes rows of answers; what is the same for a report or an indicator is made once."""

    def __init__(self, plan: Plan, user: User, indicators: dict[int, Indicator]) -> None:
        self.plan, self.user = plan, user
        self.indicators = indicators
        self.by_code = {row.code: row for row in indicators.values()}
        self.states = {state.value: str(state.label) for state in ObservationState}
        self.about = {pk: _about(row) for pk, row in indicators.items()}

    def rows(self, reports: Sequence[Report]) -> Iterator[list[Value]]:
        live = [report for report in reports if sees_live(self.user, report)]
        own = {report.pk for report in live}
        frozen = [report for report in reports if report.pk not in own]
        yield from self._of(live, _live(live, self.indicators))
        yield from self._of(frozen, _frozen(frozen, self.by_code))

    def _of(
        self, reports: Iterable[Report], answers: Iterable[tuple[Any, ...]]
    ) -> Iterator[list[Value]]:
        by_pk = {report.pk: report for report in reports}
        heads = {pk: self._head(report) for pk, report in by_pk.items()}
        for (report_pk, indicator_pk), group in groupby(answers, key=itemgetter(0, 1)):
            report, indicator = by_pk[report_pk], self.indicators[indicator_pk]
            head = [*heads[report_pk], *self.about[indicator_pk]]
            if not sees_true_figures(self.user, report, indicator):
                yield [*head, None, withheld_word(indicator), *[None] * 6]
                continue
            is_share = indicator.is_share
            for _report, _indicator, cell, state, value, top, bottom, text, reason in group:
                share = Ratio(top, bottom).value if is_share else None
                percent = None if share is None else round(share, 4)
                answer = self.states[state]
                yield [*head, cell, answer, value, top, bottom, percent, text, reason]

    def _head(self, report: Report) -> list[Value]:
        period, institution = report.period, report.institution
        return [
            self.plan.code,
            period.year,
            period.quarter,
            institution.code,
            str(institution),
            str(report.state.label),
            report.revision,
        ]


def _about(indicator: Indicator) -> list[Value]:
    return [
        indicator.objective.code,
        indicator.code,
        indicator.title,
        indicator.unit,
        str(IndicatorKind(indicator.kind).label),
    ]


def _live(reports: Sequence[Report], wanted: Iterable[int]) -> Iterator[tuple[Any, ...]]:
    if not reports:
        return iter(())
    fields = [field for field in FIGURES if field != "cell"]
    rows = Observation.objects.filter(
        line__report__in=reports, line__indicator__in=list(wanted)
    ).order_by(
        "line__report__period__ends_on",
        "line__report__institution__code",
        "line__report",
        "line__indicator__order",
        "line__indicator__code",
        "cell",
    )
    named = rows.values_list("line__report", "line__indicator", "cell", *fields)
    return named.iterator(chunk_size=2_000)


def _frozen(reports: Sequence[Report], by_code: dict[str, Indicator]) -> Iterator[tuple[Any, ...]]:
    revisions = Revision.objects.filter(report__in=reports, number=F("report__revision"))
    ordered = revisions.order_by("report__period__ends_on", "report__institution__code", "report")
    for revision in ordered:
        for line in json.loads(revision.content)["lines"]:
            indicator = by_code.get(line["indicator"])
            if indicator is not None:
                for told in line["observations"]:
                    answer = map(_read, FIGURES, map(told.get, FIGURES))
                    yield (revision.report_id, indicator.pk, *answer)


def _read(name: str, value: Any) -> Any:
    if value is not None and name in Observation.FIGURES:
        return Decimal(value)
    return value
