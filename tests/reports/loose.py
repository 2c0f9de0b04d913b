"""Indicators in no database, with their splits and targets at hand."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from indicators.choices import (
    BaselineState,
    Direction,
    Kind,
    OverTime,
    OverUnits,
    TotalRule,
    ValueMeaning,
)
from indicators.models import Category, Dimension, Indicator, IndicatorDimension, Plan, Target
from reports.models import Observation

LIMITS = {
    name: Plan._meta.get_field(name).to_python(Plan._meta.get_field(name).get_default())  # type: ignore[union-attr]
    for name in ("on_track_at", "at_risk_at", "coverage_at")
}
"""The thresholds of a plan that sets none, as numbers."""


def dimension(code: str, *categories: str, rule: str = TotalRule.ENTERED) -> Dimension:
    made = Dimension(pk=1, code=code, title_en=code.title(), total_rule=rule)
    parts = [Category(code=c, title_en=c.upper()) for c in categories]
    made._prefetched_objects_cache = {"categories": parts}  # type: ignore[attr-defined]
    return made


def indicator(
    kind: str = Kind.COUNT,
    *splits: Dimension,
    targets: Sequence[tuple[date, int | str]] = (),
    plan: Plan | None = None,
    **fields: Any,
) -> Indicator:
    """A count of what happened in the quarter, of which more is better, unless told otherwise."""
    defaults: dict[str, Any] = {
        "code": "X1",
        "direction": Direction.INCREASE,
        "value_meaning": ValueMeaning.IN_PERIOD,
        "over_time": OverTime.SUM,
        "over_units": OverUnits.SUM,
        "baseline_state": BaselineState.ZERO,
        "tolerance": Decimal(0),
    }
    plan = plan or Plan(pk=1, starts_on=date(2024, 1, 1), ends_on=date(2027, 12, 31), **LIMITS)
    made = Indicator(pk=1, plan=plan, kind=kind, **{**defaults, **fields})
    dated = [Target(as_of=day, value=Decimal(value)) for day, value in targets]
    made._prefetched_objects_cache = {  # type: ignore[attr-defined]
        "splits": [IndicatorDimension(dimension=split) for split in splits],
        "targets": dated,
    }
    return made


def number(text: int | str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def told(figures: dict[str, Any]) -> dict[str, Observation]:
    """Answers by cell: a number, a pair of halves, or the state of an answer without a figure."""
    found = {}
    for cell, figure in figures.items():
        if isinstance(figure, tuple):
            top, bottom = map(number, figure)
            found[cell] = Observation(cell=cell, numerator=top, denominator=bottom)
        elif isinstance(figure, str):
            found[cell] = Observation(cell=cell, state=figure, reason="No source.")
        else:
            found[cell] = Observation(cell=cell, value=number(figure))
    return found
