"""Keeping assessments: recomputed in the transaction of what changed, and only for what changed.

Official figures count validated reports only. An assessment of a quarter stands on that quarter
and those before it, so a change in a report reaches its indicators from its quarter on; a change
of an indicator, its cells or its targets reaches all quarters of that indicator.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import transaction

from indicators.cells import TOTAL, keys_by_set
from indicators.combine import Combined, Ratio
from indicators.models import Indicator, Plan
from indicators.progress import RULES_VERSION
from reports.assessing import Answered, Reading, inputs_of, judged, rounded
from reports.choices import FINAL
from reports.content import Told
from reports.models import Assessment, Line, Observation, Period, Report

Data = dict[str, Any]
Key = tuple[int, int, str]
"""Indicator, period and cell set of an assessment."""

BATCH = 1_000
ROUNDED = ("actual", "baseline", "expected", "target", "coverage")
CONTENT = ("status", "results", "sources", "rules_version")


@dataclass(frozen=True)
class Official:
    """What was owed of some indicators, and what validated reports say of them.

    `sources` names, by indicator and period, each validated report with its revision.
    """

    indicators: list[Indicator]
    periods: list[Period]
    answered: Answered
    sources: dict[tuple[str, int], list[list[int]]]

    @cached_property
    def cell_sets(self) -> dict[int, dict[str, list[str]]]:
        """By indicator its sets of parts, each with its cells."""
        return {row.pk: keys_by_set(row) for row in self.indicators}


def _owed(official: Official) -> None:
    """Who owed what, in order of time, and which reports are validated."""
    rows = Line.objects.filter(indicator__in=official.indicators).order_by(
        "report__period__ends_on", "report__institution__code"
    )
    columns = ("indicator__code", "report__institution__code", "report__period_id")
    more = ("report_id", "report__status", "report__revision")
    for code, unit, period, report, status, revision in rows.values_list(*columns, *more):
        official.answered.owed[code][unit].append(period)
        if status in FINAL:
            official.sources.setdefault((code, period), []).append([report, revision])


def _told(official: Official) -> None:
    """The answers of validated reports."""
    rows = Observation.objects.filter(
        line__indicator__in=official.indicators, line__report__status__in=FINAL
    ).order_by()
    place = ("line__indicator__code", "line__report__institution__code", "line__report__period_id")
    answers: dict[tuple[str, str, int], dict[str, Told]] = {}
    for code, unit, period, *row in rows.values_list(*place, *Told._fields):
        told = Told(*row)
        answers.setdefault((code, unit, period), {})[told.cell] = told
    official.answered.answers.update(answers)


def load(plan: Plan, indicators: Collection[int] | None = None) -> Official:
    """Everything the assessments of a plan, or of some of its indicators, stand on.

    Queries: seven, whatever the number of reports and cells.
    """
    rows = plan.indicators.select_related("plan").order_by("pk")
    if indicators is not None:
        rows = rows.filter(pk__in=indicators)
    found = list(rows.prefetch_related("targets", "splits__dimension__categories"))
    official = Official(found, list(plan.periods.order_by("ends_on")), Answered(), {})
    _owed(official)
    _told(official)
    return official


def _text(value: Decimal | None) -> str | None:
    rounded_value = rounded(value)
    return None if rounded_value is None else format(rounded_value, "f")


def _figure(whole: Combined) -> Data:
    """A figure to date with its coverage: what every cell has."""
    found: Data = {
        "value": _text(whole.value),
        "reported": whole.reported,
        "expected_units": whole.expected,
        "incomplete": whole.incomplete,
        "age": whole.age,
    }
    if isinstance(whole.amount, Ratio):
        halves = whole.amount._asdict()
        found |= {name: _text(half) for name, half in halves.items()}
    return found


def _result(reading: Reading, cell: str) -> Data:
    """One cell: its figure, and what follows from it where there is a target to hold it to."""
    whole = reading.combined(cell)
    found = _figure(whole)
    if cell != TOTAL and cell not in reading.targets:
        return found
    inputs = inputs_of(reading, whole, cell)
    result = judged(reading, inputs)
    exact = {name: _text(getattr(inputs, name)) for name in ROUNDED}
    return found | {
        "status": str(result.status),
        "marks": [str(mark) for mark in result.marks],
        "progress": _text(result.progress),
        "pace": _text(result.pace),
        "inputs": {**inputs.as_data(), **exact},
    }


def _rows(official: Official, reading: Reading, until: list[int]) -> Iterator[Assessment]:
    """The assessments of an indicator at the end of a quarter: its total, then its parts."""
    sources = _sources(official, reading.indicator.code, until)
    place = {"indicator": reading.indicator, "period": reading.period}
    total = _result(reading, TOTAL)
    rules: Data = {"rules_version": RULES_VERSION}
    status = total["status"]
    yield Assessment(**place, status=status, results={TOTAL: total}, sources=sources, **rules)
    for name, cells in official.cell_sets[reading.indicator.pk].items():
        results = {cell: _result(reading, cell) for cell in cells}
        yield Assessment(**place, cell_set=name, results=results, **rules)


def _sources(official: Official, code: str, until: Iterable[int]) -> list[list[int]]:
    return [pair for period in until for pair in official.sources.get((code, period), ())]


def computed(official: Official, since: date | None = None) -> dict[Key, Assessment]:
    """The assessments as they should be, unsaved: of every quarter that ends on a day or later."""
    found: dict[Key, Assessment] = {}
    for number, period in enumerate(official.periods, start=1):
        if since and period.ends_on < since:
            continue
        until = [p.pk for p in official.periods[:number]]
        for indicator in official.indicators:
            units = official.answered.periods_of(indicator.code, until)
            if units:
                reading = Reading(indicator, period, units, official.answered)
                for row in _rows(official, reading, until):
                    found[indicator.pk, period.pk, row.cell_set] = row
    return found


@dataclass(frozen=True)
class Changes:
    """How the stored assessments differ from those computed anew."""

    new: list[Assessment]
    changed: list[Assessment]
    gone: list[int]

    @property
    def number(self) -> int:
        return len(self.new) + len(self.changed) + len(self.gone)


def _differs(stored: Assessment, right: Assessment) -> bool:
    return any(getattr(stored, name) != getattr(right, name) for name in CONTENT)


def compare(official: Official, since: date | None = None) -> Changes:
    """What would have to change for the stored assessments to be right."""
    stored = Assessment.objects.filter(indicator__in=official.indicators).order_by()
    if since:
        stored = stored.filter(period__ends_on__gte=since)
    old = {(row.indicator_id, row.period_id, row.cell_set): row for row in stored}
    right = computed(official, since)
    changed = []
    for key in right.keys() & old.keys():
        if _differs(old[key], right[key]):
            right[key].pk = old[key].pk
            changed.append(right[key])
    return Changes(
        new=[row for key, row in right.items() if key not in old],
        changed=changed,
        gone=[row.pk for key, row in old.items() if key not in right],
    )


def _hold(plan: Plan) -> None:
    """Lock the plan: two validations come one after the other, the later sees the earlier."""
    Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)


@transaction.atomic(savepoint=False)
def refresh(
    plan: Plan, indicators: Collection[int] | None = None, since: date | None = None
) -> Changes:
    """Make the assessments right again; write only those that differ."""
    _hold(plan)
    changes = compare(load(plan, indicators), since)
    Assessment.objects.bulk_create(changes.new, batch_size=BATCH)
    if changes.changed:
        Assessment.objects.bulk_update(changes.changed, CONTENT, batch_size=BATCH)
    for start in range(0, len(changes.gone), BATCH):
        Assessment.objects.filter(pk__in=changes.gone[start : start + BATCH]).delete()
    return changes


def report_changed(report: Report) -> Changes:
    """A report became official, or is not any more: its indicators, from its quarter on."""
    owed = set(report.lines.values_list("indicator_id", flat=True))
    return refresh(report.period.plan, owed, report.period.ends_on)


def indicators_changed(indicators: set[int]) -> None:
    """Indicators, their cells or their targets changed: all their quarters."""
    by_plan: dict[int, set[int]] = {}
    reported = Indicator.objects.filter(pk__in=indicators, plan__periods__isnull=False).distinct()
    for pk, plan_id in reported.order_by().values_list("pk", "plan_id"):
        by_plan.setdefault(plan_id, set()).add(pk)
    for plan in Plan.objects.filter(pk__in=by_plan).order_by("pk") if by_plan else ():
        refresh(plan, by_plan[plan.pk])
