"""From what institutions answered to one judged figure per indicator and quarter.

The true figures are combined and judged here, by indicators.combine and indicators.progress: who
may read them, and what of them may be published, is decided by those who ask. What counts as an
answer is theirs to say too: official figures count validated reports only.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Protocol

from indicators.cells import TOTAL
from indicators.choices import (
    BaselineState,
    Direction,
    ObservationState,
    OverTime,
    OverUnits,
    Status,
    ValueMeaning,
)
from indicators.combine import Amount, Combined, national
from indicators.models import Indicator, Target
from indicators.progress import Assessment, Inputs, assess, expected_value
from reports.models import Period
from reports.queries import baseline_of, targets_by_cell

FOUR = Decimal("0.0001")


class Answer(Protocol):
    """What the rules ask of one answer: an observation, or a lighter row that reads like one."""

    @property
    def state(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def is_value(self) -> bool: ...
    @property
    def amount(self) -> Amount | None: ...


Answers = Mapping[str, Answer]
"""The answers of one institution in one quarter, by cell."""

Figures = Mapping[str, Mapping[int, Amount]]
"""The figures of one institution, by cell and period."""


def rounded(value: Decimal | None) -> Decimal | None:
    """A computed figure as it is kept: four decimals, like every reported one."""
    return None if value is None else value.quantize(FOUR, ROUND_HALF_UP)


@dataclass
class Answered:
    """What was owed and answered: per indicator and institution, in order of time.

    Filled first, read after: every quarter reads all quarters before it, so what an institution
    told is put in order once, when its figures are first asked for.
    """

    owed: dict[str, dict[str, list[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    answers: dict[tuple[str, str, int], Answers] = field(default_factory=dict)
    _figures: dict[tuple[str, str], Figures] = field(default_factory=dict, init=False)

    def periods_of(self, indicator: str, until: Sequence[int]) -> dict[str, list[int]]:
        """Per institution the periods in which it owed the indicator, up to a period."""
        known = self.owed.get(indicator, {})
        cut = {code: [pk for pk in pks if pk in until] for code, pks in sorted(known.items())}
        return {code: pks for code, pks in cut.items() if pks}

    def figures(self, indicator: str, institution: str) -> Figures:
        """What an institution told of an indicator in all periods in which it owed it."""
        key = (indicator, institution)
        if key not in self._figures:
            self._figures[key] = self._ordered(indicator, institution)
        return self._figures[key]

    def _ordered(self, indicator: str, institution: str) -> Figures:
        found: dict[str, dict[int, Amount]] = defaultdict(dict)
        for period in self.owed[indicator][institution]:
            for cell, answer in self.answers.get((indicator, institution, period), {}).items():
                amount = answer.amount
                if amount is not None:
                    found[cell][period] = amount
        return found


@dataclass(frozen=True)
class Reading:
    """One indicator at the end of one quarter: who owed it, and what they said in the quarter."""

    indicator: Indicator
    period: Period
    units: dict[str, list[int]]
    source: Answered

    def combined(self, cell: str = TOTAL) -> Combined:
        """The figure to date of one cell, over all who owed it; words are known where written."""
        whole = national({code: self._series(code, cell) for code in self.units}, *self._rules)
        if not self.indicator.is_text:
            return whole
        wrote = sum(1 for o in self.told_now(cell) if o.is_value and o.text)
        return whole._replace(reported=wrote)

    @cached_property
    def _rules(self) -> tuple[ValueMeaning, OverTime, OverUnits]:
        row = self.indicator
        return ValueMeaning(row.value_meaning), OverTime(row.over_time), OverUnits(row.over_units)

    def _series(self, code: str, cell: str) -> list[Amount | None]:
        told = self.source.figures(self.indicator.code, code).get(cell, {})
        return [told.get(pk) for pk in self.units[code]]

    def _answers(self, institution: str, period_id: int) -> Answers:
        return self.source.answers.get((self.indicator.code, institution, period_id), {})

    @cached_property
    def targets(self) -> dict[str, list[Target]]:
        """The dated targets in force, by cell."""
        return targets_by_cell(self.indicator)

    @cached_property
    def is_due(self) -> bool:
        return any(self.period.pk in periods for periods in self.units.values())

    def told_now(self, cell: str = TOTAL) -> list[Answer]:
        """What the institutions answered for one cell in this quarter."""
        given = [self._answers(code, self.period.pk).get(cell) for code in self.units]
        return [observation for observation in given if observation]


def _state(reading: Reading, whole: Combined, cell: str) -> ObservationState | None:
    """What was said of this quarter, taken together; None where nothing was.

    A level or a running total is carried forward until a newer one comes. A count of what happened
    in the quarter is not: without any answer there is no data.
    """
    told = reading.told_now(cell)
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


def _start(indicator: Indicator, cell: str) -> tuple[BaselineState, Decimal | None]:
    """Where it starts. The baseline is that of the total: that of a part is not known."""
    if counts_from_zero(indicator):
        return BaselineState.ZERO, Decimal(0)
    if cell != TOTAL and indicator.baseline_state == BaselineState.KNOWN:
        return BaselineState.UNKNOWN, None
    return BaselineState(indicator.baseline_state), baseline_of(indicator)


def _line_from(indicator: Indicator, cell: str) -> tuple[date | None, Decimal | None]:
    """Where the expected line begins; what counts from zero does so from the plan's first day."""
    if not counts_from_zero(indicator):
        return indicator.baseline_date, baseline_of(indicator) if cell == TOTAL else None
    if indicator.baseline_state == BaselineState.ZERO and indicator.baseline_date:
        return indicator.baseline_date, Decimal(0)
    return indicator.plan.starts_on, Decimal(0)


def _expected(reading: Reading, cell: str) -> Decimal | None:
    """E at the quarter's end."""
    targets = [(t.as_of, t.value) for t in reading.targets.get(cell, ())]
    return expected_value(*_line_from(reading.indicator, cell), targets, reading.period.ends_on)


def inputs_of(reading: Reading, whole: Combined, cell: str = TOTAL) -> Inputs:
    """Everything the status of one cell depends on."""
    row, period = reading.indicator, reading.period
    state, baseline = _start(row, cell)
    targets = reading.targets.get(cell, [])
    final = targets[-1] if targets else None
    return Inputs(
        direction=Direction(row.direction),
        actual=whole.value,
        target=final.value if final else None,
        baseline=baseline,
        expected=_expected(reading, cell),
        tolerance=row.tolerance,
        coverage=whole.coverage,
        baseline_state=state,
        observation_state=_state(reading, whole, cell),
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


def judged(reading: Reading, inputs: Inputs) -> Assessment:
    """The assessment; words cannot be judged, so an indicator in words is only reported."""
    result = assess(inputs)
    is_told = any(o.is_value and o.text for o in reading.told_now())
    if result.status is Status.NO_DATA and reading.indicator.is_text and is_told:
        return Assessment(None, None, Status.REPORTED, result.marks, None)
    return result
