"""Lives through eight quarters with the functions everybody uses, at the dates they would have."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from common import clock
from indicators.models import Indicator, Plan
from publishing.demo import words
from publishing.demo.figures import answers, chance, drive_of
from publishing.demo.money import money_of
from publishing.demo.people import approver_of
from publishing.services import checklist, publish
from reports.choices import ReportStatus
from reports.differing import differing_in
from reports.evidence import add_evidence
from reports.models import ActionProgress, Line, Observation, Period, Report
from reports.periods import open_period
from reports.plausible import Doubts, Said, doubts_of, rules_in_force, settled
from reports.queries import actions_for_form, earlier_figures, lines_for_form
from reports.replies import save_light_reply
from reports.services import save_action, save_line, save_narrative, save_remark
from reports.workflow import perform

QUARTERS = ((2024, 4), *((year, q) for year in (2025, 2026) for q in (1, 2, 3, 4)))[:8]
LAST = len(QUARTERS) - 1
S = ReportStatus

RATINGS = ("on_track", "at_risk", "off_track")


@dataclass(frozen=True)
class Cast:
    """Who acts on the coalition's side."""

    reviewer: User
    lead: User


@dataclass(frozen=True)
class Fate:
    """How far one institution's report of a quarter gets, and whether a return is on its way."""

    end: ReportStatus
    returned_once: bool = False
    partly_filled: bool = False
    late_days: int = 0


def fate_of(quarter: int, order: int, code: str, count: int) -> Fate:
    """The past is published but for a few gaps; the last quarters are in every state."""
    luck = chance("fate", quarter, code)
    late = luck.choice([0, 0, 0, 0, 4, 11])
    if quarter == LAST:
        return _fate_now(order, code)
    if quarter == LAST - 1 and order >= count - 3:
        return Fate((S.VALIDATED, S.UNDER_REVIEW, S.RETURNED)[count - 1 - order], late_days=late)
    if (quarter, order) in ((1, 4), (3, 6), (4, 2)):
        return Fate(S.DRAFT, partly_filled=True)
    return Fate(S.PUBLISHED, returned_once=luck.random() < 0.25, late_days=late)


def _fate_now(order: int, code: str) -> Fate:
    """The open quarter: the two ministries with a log-in have theirs to do."""
    if code == "MM":
        return Fate(S.DRAFT)
    if code == "MB":
        return Fate(S.DRAFT, partly_filled=True)
    ends = (S.SUBMITTED, S.UNDER_REVIEW, S.RETURNED, S.VALIDATED, S.SUBMITTED, S.DRAFT)
    return Fate(ends[order % len(ends)])


def _rating(indicator: Indicator, quarter: int, kinder: bool) -> str:
    """How one side sees an indicator: near the truth, the ministry at times kinder, we harsher."""
    drive = drive_of(indicator)
    truth = 0 if drive >= 1 else 1 if drive > Decimal("0.8") else 2
    luck = chance("rating", indicator.code, quarter, kinder)
    if luck.random() < 0.15:
        truth += -1 if kinder else 1
    return RATINGS[min(max(truth, 0), len(RATINGS) - 1)]


def _moment(plan: Plan, day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour, 20), ZoneInfo(plan.time_zone))


def _fill_line(
    line: Line, by: User, quarter: int, given: list[Observation], in_doubt: bool
) -> None:
    rating = _rating(line.indicator, quarter, kinder=True)
    save_line(
        line,
        by=by,
        version=line.version,
        answers=given,
        rating=(rating, words.pick(words.MINISTRY[rating], quarter, line.pk)),
        note=words.pick(words.COMMENT, quarter, line.pk) if in_doubt else "",
    )


def _back(line: Line, by: User, quarter: int) -> None:
    """Two lines of five come with a file, such as the list the figure was counted from."""
    luck = chance("evidence", line.indicator.code, quarter)
    if luck.random() < 0.4:
        name = f"{line.indicator.code}-{line.report.period.code}.csv"
        upload = SimpleUploadedFile(name, f"{words.LIST}\r\n{name}\r\n".encode())
        add_evidence(line.report, by=by, upload=upload, line=line)


def _answers(lines: list[Line], quarter: int, unit: str) -> dict[int, list[Observation]]:
    """What an institution answers, by indicator."""
    return {
        line.indicator_id: answers(
            line.indicator, quarter, unit, len(line.indicator.responsible.all())
        )
        for line in lines
    }


def _in_doubt(report: Report, lines: list[Line], given: dict[int, list[Observation]]) -> Doubts:
    """The indicators whose figures ask for a comment."""
    said = [Said(line.indicator, {o.cell: o for o in given[line.indicator_id]}) for line in lines]
    rules = rules_in_force(report.period.plan_id)
    return doubts_of(said, settled(earlier_figures(report)), rules)


def _fill_action(progress: ActionProgress, by: User, quarter: int) -> None:
    luck = chance("action", progress.action.code, quarter)
    status = "not_started" if quarter < 1 else luck.choice(["in_progress"] * 4 + ["delayed"])
    if quarter > 4 and luck.random() < 0.3:
        status = "done"
    values = {"status": status, **money_of(progress, quarter)}
    save_action(progress, by=by, version=progress.version, values=values)


def _fill(report: Report, by: User, quarter: int, partly: bool) -> None:
    unit = report.institution.code
    lines, actions = lines_for_form(report), actions_for_form(report)
    lines = lines[: len(lines) // 2] if partly else lines
    given = _answers(lines, quarter, unit)
    doubts = {} if partly else _in_doubt(report, lines, given)
    for line in lines:
        line.report = report
        pk = line.indicator_id
        _fill_line(line, by, quarter, given[pk], in_doubt=pk in doubts)
        _back(line, by, quarter)
    for progress in actions[:1] if partly else actions:
        progress.report = report
        _fill_action(progress, by, quarter)
    n = report.institution_id + quarter
    texts = {
        "done": words.pick(words.DONE, n),
        "gap": words.pick(words.GAP, n),
        "challenge": words.pick(words.CHALLENGE, n),
        "lesson": words.pick(words.LESSON, n),
        "next_step": words.pick(words.NEXT, n),
    }
    narrative = report.narrative
    save_narrative(narrative, by=by, version=narrative.version, values=texts)


def _decide(action: str, report: Report, by: User, reason: str = "") -> Report:
    current = Report.objects.get(pk=report.pk)
    return perform(action, report=current, by=by, version=current.version, reason=reason)


def _review(report: Report, cast: Cast, quarter: int, flag: int) -> None:
    """Give every line a verdict; the first `flag` lines are to be corrected."""
    review = report.reviews.select_related("report__period__plan").get(outcome="")
    for number, line in enumerate(report.lines.select_related("indicator")):
        rating = _rating(line.indicator, quarter, kinder=False)
        verdict, text = (
            ("flagged", words.pick(words.FLAG, number))
            if number < flag
            else (
                "accepted",
                "",
            )
        )
        save_remark(
            review,
            by=cast.reviewer,
            version=0,
            verdict=verdict,
            text=text,
            line=line,
            rating=(rating, words.pick(words.COALITION[rating], quarter, number)),
        )
    for progress in report.actions.all():
        save_remark(review, by=cast.reviewer, version=0, verdict="accepted", action=progress)
    save_remark(review, by=cast.reviewer, version=0, verdict="accepted")


def _round(report: Report, cast: Cast, quarter: int, outcome: str) -> None:
    """One round of review, to its decision."""
    report = _decide("take", report, cast.reviewer)
    returned = outcome == "return"
    _review(report, cast, quarter, flag=2 if returned else 0)
    _decide(outcome, report, cast.reviewer, reason=words.RETURN if returned else "")


def _reply(report: Report, by: User, quarter: int) -> None:
    """The ministry answers every second difference."""
    for difference in differing_in(Report.objects.with_names().get(pk=report.pk))[::2]:
        text = words.pick(words.REPLY, quarter, difference.line.pk)
        save_light_reply(difference.line, by=by, version=0, text=text)


def _live(report: Report, cast: Cast, quarter: int, fate: Fate) -> None:
    """One report's quarter, up to where its fate ends (publication is the lead's, together)."""
    plan, due = report.period.plan, report.period.due_on
    by = approver_of(plan, report.institution)
    sent = due + timedelta(days=fate.late_days - 3)
    with clock.at(_moment(plan, sent, 10)):
        if fate.end is S.DRAFT and not fate.partly_filled:
            return
        _fill(report, by, quarter, fate.partly_filled)
        if fate.end is S.DRAFT:
            return
        _decide("submit", report, by)
    with clock.at(_moment(plan, sent + timedelta(days=5), 14)):
        if fate.returned_once or fate.end is S.RETURNED:
            _round(report, cast, quarter, "return")
    if fate.returned_once:
        with clock.at(_moment(plan, sent + timedelta(days=9), 9)):
            _decide("submit", report, by)
    with clock.at(_moment(plan, sent + timedelta(days=12), 11)):
        if fate.end in (S.VALIDATED, S.PUBLISHED):
            _round(report, cast, quarter, "validate")
            _reply(report, by, quarter)
        elif fate.end is S.UNDER_REVIEW:
            report = _decide("take", report, cast.reviewer)


def live_quarter(plan: Plan, cast: Cast, quarter: int) -> Period:
    """One quarter of the demonstration: opened, reported, reviewed, published."""
    year, number = QUARTERS[quarter]
    period = open_period(plan, year, number)
    reports = list(period.reports.with_names().order_by("institution__code"))
    fates = {
        report.pk: fate_of(quarter, order, report.institution.code, len(reports))
        for order, report in enumerate(reports)
    }
    for wanted in (S.PUBLISHED, None):
        for report in reports:
            if (fates[report.pk].end is S.PUBLISHED) == (wanted is S.PUBLISHED):
                _live(report, cast, quarter, fates[report.pk])
        if wanted is S.PUBLISHED and quarter < LAST:
            _publish(plan, period, cast)
    if quarter < LAST - 1:
        period.closes_on = period.due_on + timedelta(days=150)
        period.save()
    return period


def _publish(plan: Plan, period: Period, cast: Cast) -> None:
    with clock.at(_moment(plan, period.due_on + timedelta(days=40), 12)):
        publish(period=period, by=cast.lead, seen=checklist(period).seen)
