"""From the frozen contents of official reports to one assessment per indicator and quarter.

The true figures are judged by reports.assessing; what leaves this module is protected already.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from indicators.cells import keys_of
from indicators.choices import Sensitivity
from indicators.models import Indicator
from indicators.progress import RULES_VERSION, Assessment, Inputs
from publishing.disclosure import PublishedAmount, amount, figure
from publishing.loading import ReportRows
from publishing.structure import protection_of
from reports.assessing import Answered, Reading, inputs_of, judged, rounded
from reports.content import Told, told_in
from reports.models import Period

Data = dict[str, Any]
Observed = Mapping[tuple[str, str, int], Mapping[str, Told]]


def observed(rows: ReportRows) -> Observed:
    """The frozen contents by indicator, institution and quarter, each line's answers by cell."""
    return {
        (line["indicator"], report.institution.code, report.period_id): {
            row.cell: row for row in told_in(line)
        }
        for report in rows.official
        for line in rows.contents[report.pk]["lines"]
    }


def answered(rows: ReportRows, answers: Observed) -> Answered:
    """What was owed and what was answered, as reports.assessing judges it."""
    found = Answered(answers=dict(answers))
    for report in rows.reports:
        institution = report.institution.code
        for code in rows.owed.get(report.pk, ()):
            found.owed[code][institution].append(report.period_id)
    return found


def as_data(shown: PublishedAmount) -> Data:
    """Value and halves for JSON; only what is there."""
    found: Data = {
        "value": rounded(shown.value) if isinstance(shown.value, Decimal) else shown.value
    }
    if shown.numerator is not None:
        found["numerator"] = shown.numerator
    if shown.denominator is not None:
        found["denominator"] = shown.denominator
    return found


def _cells(reading: Reading, keys: Iterable[str]) -> Data:
    rule = protection_of(reading.indicator.plan)
    sensitivity = reading.indicator.sensitivity
    found = {}
    for key in keys:
        shown = amount(reading.combined(key).amount, sensitivity, rule)
        if shown.value is not None or shown.numerator is not None:
            found[key] = as_data(shown)
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


def _result(reading: Reading, keys: Iterable[str]) -> Data:
    whole = reading.combined()
    inputs = inputs_of(reading, whole)
    result = judged(reading, inputs)
    sensitivity, rule = reading.indicator.sensitivity, protection_of(reading.indicator.plan)
    is_open = sensitivity == Sensitivity.PUBLIC
    return {
        "indicator": reading.indicator.code,
        "period": reading.period.code,
        "status": result.status,
        "marks": result.marks,
        "rules_version": RULES_VERSION,
        "coverage": {"reported": whole.reported, "expected": whole.expected},
        **as_data(amount(whole.amount, sensitivity, rule)),
        "target": figure(inputs.target, sensitivity, rule),
        "expected": figure(rounded(inputs.expected), sensitivity, rule),
        "cells": _cells(reading, keys),
        **(_open_figures(result, inputs) if is_open else {}),
    }


def assessments(
    indicators: Iterable[Indicator], periods: Sequence[Period], source: Answered
) -> list[Data]:
    """One assessment per indicator and quarter in which it was owed by anybody until then."""
    found = []
    rows = [(row, keys_of(row)[1:]) for row in indicators]
    for number, period in enumerate(periods, start=1):
        until = [p.pk for p in periods[:number]]
        for indicator, keys in rows:
            units = source.periods_of(indicator.code, until)
            if units:
                found.append(_result(Reading(indicator, period, units, source), keys))
    return found
