"""The snapshot of a quarter: everything an edition shows, as plain data.

The same data give the same bytes, on every machine and database: nothing is read from the clock,
and everything stands in a fixed order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from common.canonical import canonical
from indicators.choices import Sensitivity
from indicators.lights import differ
from indicators.models import Indicator
from indicators.progress import RULES_VERSION
from publishing.assessing import Observed, answered, as_data, assessments, observed
from publishing.disclosure import Protection, amount, words
from publishing.loading import ReportRows, load_plan, load_reports
from publishing.structure import protection_of, structure_of
from reports.choices import WITH_COALITION, Side
from reports.content import Told
from reports.models import LightReply, Period, Rating, Report

Data = dict[str, Any]
FORMAT = "1"


@dataclass(frozen=True)
class Stamp:
    """What the act of publishing adds to the data."""

    address: str
    number: int
    published_at: datetime
    audit_head: str
    note: str = ""


def _period(period: Period) -> Data:
    names = ("code", "year", "quarter", "starts_on", "ends_on", "due_on")
    return {name: getattr(period, name) for name in names}


def _observation(row: Told, sensitivity: str, rule: Protection) -> Data:
    return {
        "cell": row.cell,
        "state": row.state,
        **as_data(amount(row.amount, sensitivity, rule)),
        "text": words(row.text, sensitivity),
        "reason": words(row.reason, sensitivity),
    }


def _rating(rating: Data | None, sensitivity: str) -> Data | None:
    if rating is None:
        return None
    return {"value": rating["value"], "reason": words(rating["reason"], sensitivity)}


def _coalition(rating: Rating | None) -> Data | None:
    return {"value": rating.value, "reason": rating.reason} if rating else None


def _reply(line: Data, indicator: Indicator, coalition: Rating | None) -> Data:
    """What the ministry answers where the coalition rates otherwise; nothing where it does not."""
    reply: LightReply | None = getattr(coalition.line, "light_reply", None) if coalition else None
    own = (line["rating"] or {}).get("value")
    if coalition is None or reply is None or not differ(own, coalition.value):
        return {}
    zone = ZoneInfo(indicator.plan.time_zone)
    on = timezone.localdate(reply.saved_at, zone) if reply.saved_at else None
    return {"reply": {"text": words(reply.text, indicator.sensitivity), "on": on}}


def _files(line: Data, sensitivity: str) -> Data:
    """How many files of evidence stand behind an answer; their number, never a name or a hash.

    Told of public indicators alone. A file counts no person, but a ministry may keep one for each
    case: then their number is the count that is hidden, and even "none" tells zero from the rest.
    """
    if sensitivity != Sensitivity.PUBLIC:
        return {}
    return {"files": len(line.get("evidence", ()))}


def _line(
    line: Data, answers: Mapping[str, Told], indicator: Indicator, coalition: Rating | None
) -> Data:
    """An indicator as one institution reported it, with how both sides see it.

    Of a restricted indicator only the ratings are shown; the answers, the reasons and the
    ministry's reply stay in.
    """
    sensitivity = indicator.sensitivity
    closed = sensitivity == Sensitivity.RESTRICTED
    rule = protection_of(indicator.plan)
    told = [] if closed else answers.values()
    return {
        "indicator": indicator.code,
        "note": "" if closed else words(line["note"], sensitivity),
        "observations": [_observation(row, sensitivity, rule) for row in told],
        "ratings": {
            Side.MINISTRY.value: _rating(line["rating"], sensitivity),
            Side.COALITION.value: _rating(_coalition(coalition), sensitivity),
        },
        **_files(line, sensitivity),
        **({} if closed else _reply(line, indicator, coalition)),
    }


def _action(progress: Data) -> Data:
    """An action; `money` by source of funds only where some is told."""
    names = ("action", "status", "allocated", "spent", "note")
    money = {"money": progress["money"]} if progress.get("money") else {}
    return {name: progress[name] for name in names} | money


def _first_day(report: Report) -> date | None:
    """The day it first came, in the plan's time zone."""
    zone = ZoneInfo(report.period.plan.time_zone)
    first = report.first_submitted_at
    return timezone.localdate(first, zone) if first else None


def _report(
    report: Report, rows: ReportRows, answers: Observed, indicators: dict[str, Indicator]
) -> Data:
    content = rows.contents[report.pk]
    revision = rows.revisions[report.pk]
    place = (report.institution.code, report.period_id)
    return {
        "institution": report.institution.code,
        "period": report.period.code,
        "revision": revision.number,
        "sha256": revision.sha256,
        "submitted_on": _first_day(report),
        "was_late": report.was_late,
        "lines": [
            _line(
                line,
                answers[code, *place],
                indicators[code],
                rows.coalition.get((report.pk, code)),
            )
            for line in content["lines"]
            if (code := line["indicator"]) in indicators
        ],
        "actions": [_action(progress) for progress in content["actions"]],
        "narrative": content["narrative"],
    }


def _missing(report: Report) -> Data:
    """A report that was owed and is not in it, and on whose table it lies."""
    side = Side.COALITION if report.state in WITH_COALITION else Side.MINISTRY
    return {
        "institution": report.institution.code,
        "period": report.period.code,
        "lies_with": side.value,
    }


def _cycle(rows: ReportRows, indicators: Iterable[Indicator]) -> Data:
    known = {row.code: row for row in indicators}
    official = {report.pk for report in rows.official}
    answers = observed(rows)
    return {
        "periods": [_period(period) for period in rows.periods],
        "reports": [_report(report, rows, answers, known) for report in rows.official],
        "missing": [_missing(r) for r in rows.reports if r.pk not in official],
        "assessments": assessments(known.values(), rows.periods, answered(rows, answers)),
    }


def build(period: Period, stamp: Stamp) -> Data:
    """The snapshot as data. Queries: a fixed number, whatever the size of the plan."""
    period = Period.objects.select_related("plan").get(pk=period.pk)
    rows, plan = load_reports(period), load_plan(period.plan)
    reporting = [report.institution for report in rows.reports]
    return {
        "format": FORMAT,
        "rules_version": RULES_VERSION,
        "edition": {**asdict(stamp), "period": period.code},
        **structure_of(plan, reporting),
        **_cycle(rows, plan.indicators),
    }


def snapshot_of(period: Period, stamp: Stamp) -> str:
    """The snapshot as canonical JSON: the bytes an edition keeps and hashes."""
    return canonical(build(period, stamp))
