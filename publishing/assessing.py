"""From the observations of official reports to one assessment per indicator and quarter.

The true figures are combined and judged here; what leaves this module is protected already.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from indicators.cells import TOTAL, cells_of
from indicators.choices import (
    BaselineState,
    Direction,
    ObservationState,
    OverTime,
    OverUnits,
    Sensitivity,
    Status,
    ValueMeaning,
)
from indicators.combine import Amount, Combined, Ratio, national
from indicators.models import Indicator
from indicators.progress import RULES_VERSION, Assessment, Inputs, assess, expected_value
from publishing.disclosure import PublishedAmount, amount, figure
from publishing.loading import ReportRows
from publishing.structure import protection_of
from reports.content import observations_in
from reports.models import Observation, Period
from reports.queries import baseline_of, current_targets, expected_at

Data = dict[str, Any]
FOUR = Decimal("0.0001")

Answers = Mapping[str, Observation]
"""The answers of one institution in one quarter, by cell."""


@dataclass
class Answered:
    """What was owed and answered: per indicator and institution, in order of time."""

    owed: dict[str, dict[str, list[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    answers: dict[tuple[str, str, int], Answers] = field(default_factory=dict)

    def periods_of(self, indicator: str, until: Sequence[int]) -> dict[str, list[int]]:
        """Per institution the periods in which it owed the indicator, up to a period."""
        known = self.owed.get(indicator, {})
        cut = {code: [pk for pk in pks if pk in until] for code, pks in sorted(known.items())}
        return {code: pks for code, pks in cut.items() if pks}


def answered(rows: ReportRows) -> Answered:
    """Sort the frozen contents by indicator, institution and quarter."""
    found = Answered()
    for report in rows.reports:
        institution = report.institution.code
        for code in rows.owed.get(report.pk, ()):
            found.owed[code][institution].append(report.period_id)
        for line in rows.contents.get(report.pk, {"lines": []})["lines"]:
            key = (line["indicator"], institution, report.period_id)
            found.answers[key] = {o.cell: o for o in observations_in(line)}
    return found


@dataclass(frozen=True)
class Reading:
    """One indicator at the end of one quarter: who owed it, and what they said in the quarter."""

    indicator: Indicator
    period: Period
    units: dict[str, list[int]]
    source: Answered

    def combined(self, cell: str = TOTAL) -> Combined:
        """The national figure to date of one cell; of words only who wrote some is known."""
        series = {code: self._series(code, cell) for code in self.units}
        row = self.indicator
        whole = national(
            series,
            ValueMeaning(row.value_meaning),
            OverTime(row.over_time),
            OverUnits(row.over_units),
        )
        wrote = sum(1 for o in self.told_now() if o.is_value and o.text)
        return replace(whole, reported=wrote) if row.is_text else whole

    def _series(self, code: str, cell: str) -> list[Amount | None]:
        told = [self._answers(code, pk).get(cell) for pk in self.units[code]]
        return [o.amount if o else None for o in told]

    def _answers(self, institution: str, period_id: int) -> Answers:
        return self.source.answers.get((self.indicator.code, institution, period_id), {})

    @property
    def is_due(self) -> bool:
        return any(self.period.pk in periods for periods in self.units.values())

    def told_now(self) -> list[Observation]:
        """What the institutions answered for the total in this quarter."""
        given = [self._answers(code, self.period.pk).get(TOTAL) for code in self.units]
        return [observation for observation in given if observation]


def _state(reading: Reading, whole: Combined) -> ObservationState | None:
    """What was said of this quarter, taken together; None where nothing was.

    A level or a running total is carried forward until a newer one comes. A count of what happened
    in the quarter is not: without any answer there is no data.
    """
    told = reading.told_now()
    if any(o.is_value for o in told):
        return ObservationState.VALUE
    silent = {ObservationState(o.state) for o in told}
    if silent:
        same = len(silent) == 1
        return silent.pop() if same else ObservationState.NOT_AVAILABLE
    carried = reading.indicator.value_meaning != ValueMeaning.IN_PERIOD
    return ObservationState.VALUE if carried and whole.value is not None else None


def counts_from_zero(indicator: Indicator) -> bool:
    """Whether figures are summed since the plan began, so that the baseline is zero."""
    return indicator.value_meaning == ValueMeaning.IN_PERIOD and indicator.over_time == OverTime.SUM


def _start(indicator: Indicator) -> tuple[BaselineState, Decimal | None]:
    if counts_from_zero(indicator):
        return BaselineState.ZERO, Decimal(0)
    return BaselineState(indicator.baseline_state), baseline_of(indicator)


def _expected(indicator: Indicator, period: Period) -> Decimal | None:
    """E at the quarter's end; what counts from zero does so from the day the plan begins."""
    if not counts_from_zero(indicator):
        return expected_at(indicator, period)
    since = indicator.plan.starts_on
    if indicator.baseline_state == BaselineState.ZERO and indicator.baseline_date:
        since = indicator.baseline_date
    targets = [(t.as_of, t.value) for t in current_targets(indicator)]
    return expected_value(since, Decimal(0), targets, period.ends_on)


def _inputs(reading: Reading, whole: Combined) -> Inputs:
    row, period = reading.indicator, reading.period
    state, baseline = _start(row)
    targets = current_targets(row)
    final = targets[-1] if targets else None
    return Inputs(
        direction=Direction(row.direction),
        actual=whole.value,
        target=final.value if final else None,
        baseline=baseline,
        expected=_expected(row, period),
        tolerance=row.tolerance,
        coverage=whole.coverage,
        baseline_state=state,
        observation_state=_state(reading, whole),
        is_due=reading.is_due,
        is_final=bool(final and period.ends_on >= final.as_of),
        age_in_periods=whole.age or 0,
        revised_target=any(t.version > 1 for t in targets),
        incomplete=whole.incomplete,
        **_thresholds(row),
    )


def _thresholds(row: Indicator) -> dict[str, Decimal]:
    plan = row.plan
    on_track, at_risk = row.on_track_at, row.at_risk_at
    return {
        "on_track_at": plan.on_track_at if on_track is None else on_track,
        "at_risk_at": plan.at_risk_at if at_risk is None else at_risk,
        "coverage_at": plan.coverage_at,
    }


def _judged(reading: Reading, inputs: Inputs) -> Assessment:
    """The assessment; words cannot be judged, so an indicator in words is only reported."""
    result = assess(inputs)
    is_told = any(o.is_value and o.text for o in reading.told_now())
    if result.status is Status.NO_DATA and reading.indicator.is_text and is_told:
        return Assessment(None, None, Status.REPORTED, result.marks, None)
    return result


def rounded(value: Decimal | None) -> Decimal | None:
    """A computed figure as it is kept: four decimals, like every reported one."""
    return None if value is None else value.quantize(FOUR, ROUND_HALF_UP)


def as_data(shown: PublishedAmount) -> Data:
    """Value and halves for JSON; only what is there."""
    value = rounded(shown.value) if isinstance(shown.value, Decimal) else shown.value
    halves = {"numerator": shown.numerator, "denominator": shown.denominator}
    return {"value": value} | {name: half for name, half in halves.items() if half is not None}


def _cells(reading: Reading) -> Data:
    rule = protection_of(reading.indicator.plan)
    sensitivity = reading.indicator.sensitivity
    found = {}
    for cell in cells_of(reading.indicator)[1:]:
        shown = amount(reading.combined(cell.key).amount, sensitivity, rule)
        if shown.value is not None or shown.numerator is not None:
            found[cell.key] = as_data(shown)
    return found


def _open_figures(result: Assessment, inputs: Inputs) -> Data:
    """What may be told of a public indicator only: how its status came about."""
    return {
        "progress": rounded(result.progress),
        "pace": rounded(result.pace),
        "inputs": {
            **inputs.as_data(),
            **{
                name: rounded(getattr(inputs, name))
                for name in ("actual", "baseline", "expected", "target", "coverage")
            },
        },
    }


def _result(reading: Reading) -> Data:
    whole = reading.combined()
    inputs = _inputs(reading, whole)
    result = _judged(reading, inputs)
    sensitivity, rule = reading.indicator.sensitivity, protection_of(reading.indicator.plan)
    is_open = sensitivity == Sensitivity.PUBLIC
    return {
        "indicator": reading.indicator.code,
        "period": reading.period.code,
        "status": result.status,
        "marks": result.marks,
        "rules_version": RULES_VERSION,
        "coverage": {"reported": whole.reported, "expected": whole.expected},
        **as_data(amount(_figure(whole.amount), sensitivity, rule)),
        "target": figure(inputs.target, sensitivity, rule),
        "expected": figure(rounded(inputs.expected), sensitivity, rule),
        "cells": _cells(reading),
        **(_open_figures(result, inputs) if is_open else {}),
    }


def _figure(value: Amount | None) -> Decimal | Ratio | None:
    return value


def assessments(
    indicators: Iterable[Indicator], periods: Sequence[Period], source: Answered
) -> list[Data]:
    """One assessment per indicator and quarter in which it was owed by anybody until then."""
    found = []
    for number, period in enumerate(periods, start=1):
        until = [p.pk for p in periods[:number]]
        for indicator in indicators:
            units = source.periods_of(indicator.code, until)
            if units:
                found.append(_result(Reading(indicator, period, units, source)))
    return found
