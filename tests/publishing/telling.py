"""Figures, indicators and quarters written in a few words, for rules that need no database."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from indicators.choices import (
    BaselineState,
    Direction,
    Kind,
    ObservationState,
    OverTime,
    OverUnits,
    Sensitivity,
    ValueMeaning,
)
from indicators.models import Category, Dimension, Indicator, IndicatorDimension, Plan, Target
from publishing.assessing import assessments
from reports.assessing import Answered
from reports.models import Observation, Period

NO_VALUE = {
    "na": ObservationState.NOT_AVAILABLE,
    "nap": ObservationState.NOT_APPLICABLE,
    "wh": ObservationState.WITHHELD,
}
WHY = "The registry of 7 offices is closed until 2027."

Fields = dict[str, Any]

SHARE: Fields = {
    "kind": Kind.PERCENTAGE,
    "value_meaning": ValueMeaning.SNAPSHOT,
    "over_time": OverTime.LATEST,
    "over_units": OverUnits.RATIO_OF_SUMS,
}
RUNNING: Fields = {"value_meaning": ValueMeaning.RUNNING_TOTAL, "over_time": OverTime.LATEST}
LEVEL: Fields = {"value_meaning": ValueMeaning.SNAPSHOT, "over_time": OverTime.LATEST}
SMALL: Fields = {"sensitivity": Sensitivity.SMALL_COUNTS}
RESTRICTED: Fields = {"sensitivity": Sensitivity.RESTRICTED}

START = ("baseline_value", "baseline_numerator", "baseline_denominator")
NUMBERS = (*START, "tolerance", "on_track_at", "at_risk_at")


def observation(told: str) -> Observation:
    """One answer: `5`, `1/10`, `sex=f:4` for a cell, `na` for a reason, `"..."` for words."""
    cell, _colon, figure = told.rpartition(":")
    if figure in NO_VALUE:
        return Observation(cell=cell, state=NO_VALUE[figure], reason=WHY)
    if figure.startswith('"'):
        return Observation(cell=cell, text=figure.strip('"').replace("_", " "))
    if "/" in figure:
        top, base = map(Decimal, figure.split("/"))
        return Observation(cell=cell, numerator=top, denominator=base)
    return Observation(cell=cell, value=Decimal(figure))


def observations(told: str) -> list[Observation]:
    """The answers of one institution in one quarter: `12 sex=f:4 sex=m:8`; `-` is none."""
    return [] if told == "-" else [observation(word) for word in told.split()]


def a_plan(**fields: Any) -> Plan:
    thresholds = {"on_track_at": "0.95", "at_risk_at": "0.70", "coverage_at": "0.80"}
    defaults: dict[str, Any] = {
        "pk": 1,
        "code": "AL",
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2027, 12, 31),
        **{name: Decimal(value) for name, value in thresholds.items()},
    }
    return Plan(**{**defaults, **fields})


def a_quarter(number: int, plan: Plan | None = None) -> Period:
    """The first is 2026 Q1, the fifth 2027 Q1."""
    year, quarter = 2026 + (number - 1) // 4, (number - 1) % 4 + 1
    ends_on = date(year + quarter // 4, quarter % 4 * 3 + 1, 1) - timedelta(days=1)
    return Period(
        pk=number,
        plan=plan or a_plan(),
        year=year,
        quarter=quarter,
        starts_on=date(year, 3 * quarter - 2, 1),
        ends_on=ends_on,
        due_on=ends_on + timedelta(days=30),
    )


def a_target(told: str, **fields: Any) -> Target:
    """`100` by the plan's end, `60@3` by the end of the third quarter."""
    value, _at, quarter = told.partition("@")
    as_of = a_quarter(int(quarter)).ends_on if quarter else date(2027, 12, 31)
    return Target(as_of=as_of, value=Decimal(value), **fields)


def a_split(*categories: str, code: str = "sex", order: int = 0) -> IndicatorDimension:
    dimension = Dimension(pk=order + 1, code=code, title_en=code.title(), title_sq=f"{code} sq")
    rows = [Category(code=c, title_en=c.upper(), title_sq=f"{c} sq") for c in categories]
    vars(dimension)["_prefetched_objects_cache"] = {"categories": rows}
    return IndicatorDimension(dimension=dimension, order=order)


def an_indicator(
    code: str = "I1",
    *,
    plan: Plan | None = None,
    targets: str = "",
    revised: Sequence[Target] = (),
    splits: Sequence[IndicatorDimension] = (),
    **fields: Any,
) -> Indicator:
    """A public count of what happened, that should grow from zero, unless told otherwise."""
    defaults: dict[str, Any] = {
        "pk": 1,
        "kind": Kind.COUNT,
        "direction": Direction.INCREASE,
        "value_meaning": ValueMeaning.IN_PERIOD,
        "over_time": OverTime.SUM,
        "over_units": OverUnits.SUM,
        "baseline_state": BaselineState.ZERO,
        "baseline_date": date(2026, 1, 1),
        "tolerance": Decimal(0),
    }
    exact = {name: Decimal(str(fields[name])) for name in NUMBERS if name in fields}
    if "baseline_value" in fields or "baseline_numerator" in fields:
        defaults["baseline_state"] = BaselineState.KNOWN
    row = Indicator(code=code, plan=plan or a_plan(), **{**defaults, **fields, **exact})
    vars(row)["_prefetched_objects_cache"] = {
        "targets": [*map(a_target, targets.split()), *revised],
        "splits": list(splits),
    }
    return row


def answered(code: str, said: dict[str, str]) -> Answered:
    """What each institution said, quarter by quarter: `5 | - | . | 9`.

    `-` was owed and is missing, `.` was not owed.
    """
    found = Answered()
    for institution, quarters in said.items():
        for number, told in enumerate((q.strip() for q in quarters.split("|")), start=1):
            if told == ".":
                continue
            found.owed[code][institution].append(number)
            found.answers[code, institution, number] = {o.cell: o for o in observations(told)}
    return found


def judged(indicator: Indicator, **said: str) -> list[dict[str, Any]]:
    """The indicator's assessments, one for each quarter told of."""
    last = max(quarters.count("|") for quarters in said.values()) + 1
    periods = [a_quarter(number, indicator.plan) for number in range(1, last + 1)]
    return assessments([indicator], periods, answered(indicator.code, said))


def now(indicator: Indicator, **said: str) -> dict[str, Any]:
    """How the indicator stands at the end of the last quarter told of."""
    return judged(indicator, **said)[-1]
