"""Everything a workbook says, read once for the person who asks.

It starts from `visible_to`: a report she may not see is not read, so it cannot be shown, counted
or added up. Queries: a fixed number, whatever the number of reports, indicators and cells.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from accounts.models import User
from indicators.choices import Role, Sensitivity
from indicators.models import Indicator
from indicators.rules import holds, is_coalition, is_secretariat
from reports import rules
from reports.assessing import Answered, Reading
from reports.choices import EDITABLE, Side
from reports.content import observations_in
from reports.exports.contents import Content, by_key, contents_for, frozen, grouped
from reports.how_far import HowFar, how_far
from reports.missing import Missing, missing_in
from reports.models import ActionProgress, Line, Observation, Period, Rating, Remark, Report, Review
from reports.money import Told, told_of
from reports.queries import lines_for_form
from reports.review_lists import owed_in

YEARS_BACK = 2
"""How far back a previous value is looked for, as in the report form."""


@dataclass(frozen=True)
class Source:
    """One quarter, or one of its reports, as one person reads it.

    `reports` are those of the quarter, `earlier` those before it, all of them visible to her;
    `known` adds those of which she may only know that they are owed.
    """

    user: User
    period: Period
    is_one_report: bool
    known: list[Report]
    reports: list[Report]
    earlier: list[Report]
    contents: dict[int, Content]
    indicators: list[Indicator]
    answered: Answered
    periods: list[int]
    lines: dict[int, list[Line]]
    actions: dict[int, list[ActionProgress]]
    coalition: dict[int, Rating]
    reviews: dict[int, list[Review]]
    remarks: dict[int, list[Remark]]
    progress: dict[int, HowFar]
    gaps: list[Missing]

    @property
    def knows_reviewers(self) -> bool:
        """Whether she reads who reviews what."""
        plan_id = self.period.plan_id
        return is_coalition(self.user, plan_id) or is_secretariat(self.user, plan_id)

    @cached_property
    def by_code(self) -> dict[str, Indicator]:
        return {indicator.code: indicator for indicator in self.indicators}

    @cached_property
    def _sections(self) -> dict[tuple[int, str, str], Content]:
        return {
            (report, kind, code): section
            for report, content in self.contents.items()
            for kind, key in (("lines", "indicator"), ("actions", "action"))
            for code, section in by_key(key, content[kind]).items()
        }

    def line(self, report: Report, code: str) -> Content:
        """What a report says of an indicator; empty where it says nothing."""
        return self._sections.get((report.pk, "lines", code), {})

    def action(self, report: Report, code: str) -> Content:
        """What a report says of an action; empty where it says nothing."""
        return self._sections.get((report.pk, "actions", code), {})

    def narrative(self, report: Report) -> Content:
        return self.contents.get(report.pk, {}).get("narrative", {})

    def answers(self, report: Report, code: str) -> dict[str, Observation]:
        """The answers of a report to an indicator, by cell."""
        key = (code, report.institution.code, report.period_id)
        return cast("dict[str, Observation]", dict(self.answered.answers.get(key, {})))

    def previous(self, report: Report, code: str) -> dict[str, tuple[Observation, Report]]:
        """The institution's last submitted answer before this quarter, by cell."""
        found: dict[str, tuple[Observation, Report]] = {}
        for earlier in self._earlier_of.get(report.institution_id, ()):
            if earlier.revision and earlier.period.year >= self.period.year - YEARS_BACK:
                answers = self.answers(earlier, code)
                found |= {cell: (answer, earlier) for cell, answer in answers.items()}
        return found

    def money_before(self, report: Report, code: str) -> list[Told]:
        """What the institution submitted of an action's money in the quarters before."""
        return self._money_before.get((report.institution_id, code), [])

    @cached_property
    def _money_before(self) -> dict[tuple[int, str], list[Told]]:
        """By institution and action. Of a report that is open again the last revision counts, not
        what is being typed: one query, and only while there is such a report."""
        numbers = {r.pk: r.revision for r in self.earlier if r.state in EDITABLE}
        contents = self.contents | (frozen(numbers) if any(numbers.values()) else {})
        found = defaultdict(list)
        for earlier in self.earlier:
            if earlier.revision:
                for action in contents[earlier.pk]["actions"]:
                    found[earlier.institution_id, action["action"]].append(told_of(action))
        return found

    @cached_property
    def _earlier_of(self) -> dict[int, list[Report]]:
        return grouped(self.earlier, "institution_id")

    def hides(self, report: Report, indicator: Indicator) -> bool:
        """Whether the figures of an indicator in a report are not for her."""
        return not rules.sees_true_figures(self.user, report, indicator)

    def hides_total(self, indicator: Indicator) -> bool:
        """Whether one of the figures behind a combined one is not for her.

        Where she reads no report yet, target and expected value are not hers either, unless all
        figures will be.
        """
        if indicator.sensitivity == Sensitivity.PUBLIC:
            return False
        behind = [*self.earlier, *self.reports]
        if not behind:
            return not self.knows_reviewers
        return any(self.hides(report, indicator) for report in behind)

    def coalition_rating(self, report: Report, line: Line) -> Rating | None:
        """How the coalition sees a line, once this person may know."""
        return self.coalition.get(line.pk) if rules.sees_coalition(self.user, report) else None

    def reading(self, indicator: Indicator) -> Reading:
        """An indicator at the end of this quarter, over everybody who owes it."""
        units = self.answered.periods_of(indicator.code, self.periods)
        return Reading(indicator, self.period, units, self.answered)

    @cached_property
    def _scope(self) -> set[str] | None:
        """The institutions whose figures she reads; None for all of the plan."""
        watches = self.knows_reviewers or holds(self.user, self.period.plan_id, Role.OBSERVER)
        if watches and not self.is_one_report:
            return None
        return {report.institution.code for report in [*self.earlier, *self.reports]}

    def reads_all(self, reading: Reading) -> bool:
        """Whether nobody else contributes: only then can a figure be held against the target."""
        return self._scope is None or set(reading.units) <= self._scope

    def is_in_scope(self, reading: Reading) -> bool:
        """Whether an institution whose figures she reads owes the indicator."""
        return self._scope is None or not self._scope.isdisjoint(reading.units)


def _visible(user: User, period: Period, only: Report | None) -> list[Report]:
    """The reports of this quarter and those before it, oldest first."""
    rows = Report.objects.visible_to(user).filter(
        period__plan=period.plan_id, period__ends_on__lte=period.ends_on
    )
    if only is not None:
        rows = rows.filter(institution=only.institution_id)
    return list(rows.with_names().order_by("period__ends_on", "institution__code", "pk"))


def _indicators(period: Period) -> list[Indicator]:
    rows = period.plan.indicators.select_related("objective", "plan").order_by("order", "code")
    return list(rows.prefetch_related("responsible", "targets", "splits__dimension__categories"))


def _answered(period: Period, reports: Iterable[Report], contents: dict[int, Content]) -> Answered:
    """Who owed what in the whole plan, and the answers of the visible reports."""
    found = Answered()
    owed = Line.objects.filter(
        report__period__plan=period.plan_id, report__period__ends_on__lte=period.ends_on
    ).order_by("report__period__ends_on", "report__institution__code", "pk")
    for code, institution, period_id in owed.values_list(
        "indicator__code", "report__institution__code", "report__period_id"
    ):
        found.owed[code][institution].append(period_id)
    for report in reports:
        for line in contents.get(report.pk, {"lines": []})["lines"]:
            key = (line["indicator"], report.institution.code, report.period_id)
            found.answers[key] = {o.cell: o for o in observations_in(line)}
    return found


def _reviews(reports: list[Report]) -> dict[int, list[Review]]:
    rows = Review.objects.filter(report__in=reports).select_related("reviewer")
    return grouped(rows.order_by("round"), "report_id")


def _remarks(reports: list[Report]) -> dict[int, list[Remark]]:
    rows = Remark.objects.filter(review__report__in=reports).select_related("review")
    return grouped(rows.order_by("pk"), "review_id")


def _actions(reports: list[Report]) -> dict[int, list[ActionProgress]]:
    rows = ActionProgress.objects.filter(report__in=reports).select_related("action__objective")
    ordered = rows.prefetch_related("action__fundings").order_by("action__order", "action__code")
    return grouped(ordered, "report_id")


def _lines(reports: list[Report]) -> dict[int, list[Line]]:
    rows = Line.objects.filter(report__in=reports).select_related("indicator")
    return grouped(rows.order_by("indicator__order", "indicator__code"), "report_id")


def _coalition(reports: list[Report]) -> dict[int, Rating]:
    rows = Rating.objects.filter(line__report__in=reports, side=Side.COALITION)
    rows = rows.select_related("line__light_reply")
    return {rating.line_id: rating for rating in rows}


def load(user: User, period: Period, only: Report | None = None) -> Source:
    """A quarter (its period with its plan) as a person reads it, or only one of its reports."""
    visible = _visible(user, period, only)
    reports = [report for report in visible if report.period_id == period.pk]
    contents = contents_for(user, visible)
    known = owed_in(period, user)
    open_to_her = [r for r in reports if r.state.is_editable and rules.sees_live(user, r)]
    periods = Period.objects.filter(plan=period.plan_id, ends_on__lte=period.ends_on)
    return Source(
        user=user,
        period=period,
        is_one_report=only is not None,
        known=list(known if only is None else known.filter(pk=only.pk)),
        reports=reports,
        earlier=[report for report in visible if report.period_id != period.pk],
        contents=contents,
        indicators=_indicators(period),
        answered=_answered(period, visible, contents),
        periods=list(periods.order_by("ends_on").values_list("pk", flat=True)),
        lines=_lines(reports),
        actions=_actions(reports),
        coalition=_coalition(reports),
        reviews=_reviews(reports),
        remarks=_remarks(reports),
        progress=how_far(report.pk for report in open_to_her),
        gaps=_gaps(open_to_her) if only is not None else [],
    )


def _gaps(reports: list[Report]) -> list[Missing]:
    """What a report lacks, line by line: told for one report, counted for a quarter."""
    return [gap for report in reports for gap in missing_in(report, lines_for_form(report))]
