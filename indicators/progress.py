"""How progress is computed: pure functions on Decimal, no database, no floats.

Everything is compared unrounded and rounded only to be shown. Figures of one indicator share one
unit (people, lekë, percentage points); progress, pace and coverage are shares, 1 being the whole.
Written A for the actual value, B for the baseline, T for the final target, E for the value
expected at the end of the period, t for the tolerance. The sign is 1 where more is better and
−1 where less is better, so "at least as good as the target" reads sign · (A − T) ≥ 0.

`combine.py` says how reported values become A; `faults.py` what must hold inside one table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from indicators.choices import BaselineState, Direction, Mark, ObservationState, Status
from indicators.combine import combine, coverage, is_overspent, tally, unfunded_share
from indicators.faults import check_cells

__all__ = [
    "RULES_VERSION",
    "Assessment",
    "Inputs",
    "Mark",
    "Status",
    "assess",
    "check_cells",
    "combine",
    "coverage",
    "expected_value",
    "is_overspent",
    "tally",
    "unfunded_share",
]

RULES_VERSION = "1"

ZERO = Decimal(0)
ONE = Decimal(1)

PlainData = dict[str, str | int | bool | list[str] | None]


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """Everything a status depends on, so that it can be stored and explained beside it.

    `observation_state` None: nothing was reported. A `baseline_state` of zero means B = 0,
    whatever `baseline` holds: use it for counts of what happened since the plan began.
    `expected` comes from `expected_value`; `age_in_periods` is 0 for a value of this period.
    """

    direction: Direction
    actual: Decimal | None
    target: Decimal | None
    baseline: Decimal | None = None
    expected: Decimal | None = None
    tolerance: Decimal = ZERO
    coverage: Decimal = ONE
    baseline_state: BaselineState = BaselineState.KNOWN
    observation_state: ObservationState | None = ObservationState.VALUE
    is_due: bool = True
    is_final: bool = False
    age_in_periods: int = 0
    revised_target: bool = False
    incomplete: bool = False
    on_track_at: Decimal = Decimal("0.95")
    at_risk_at: Decimal = Decimal("0.70")
    coverage_at: Decimal = Decimal("0.80")

    @property
    def start(self) -> Decimal | None:
        """B, or None where it is unknown."""
        if self.baseline_state == BaselineState.ZERO:
            return ZERO
        return None if self.baseline_state == BaselineState.UNKNOWN else self.baseline

    @property
    def is_covered(self) -> bool:
        """Whether enough units reported for a result to stand."""
        return self.coverage >= self.coverage_at

    def as_data(self) -> PlainData:
        """Plain values for JSON, decimals as text."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


@dataclass(frozen=True)
class Assessment:
    """The result. `progress` may be below 0 or above 1: clamp the drawn bar, never the figure."""

    progress: Decimal | None
    pace: Decimal | None
    status: Status
    marks: tuple[Mark, ...]
    expected: Decimal | None
    rules_version: str = RULES_VERSION

    def as_data(self) -> PlainData:
        """Plain values for JSON, decimals as text."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


def assess(inputs: Inputs) -> Assessment:
    """Give an indicator its status in a period: the first of these that holds.

    1. not_due: nothing is owed in this period.
    2. no_data: something is owed, and no value and no reason was given.
    3. not_available, not_applicable: the reporter said so, with a reason (a withheld value counts
       as not available).
    4. reported: a value that nothing can be held against (no direction, no target, or no date to
       read an expected value at).
    5. Baseline unknown: met or not_met against the target, no progress and no pace.
    6. Direction "maintain": see `_level_status`.
    7. achieved: sign · (A − T) ≥ 0, and coverage is at least `coverage_at`.
    8. regressing: sign · (A − B) < −t.
    9. on_track, at_risk, off_track by the pace r: r ≥ `on_track_at`, r ≥ `at_risk_at`, below.
    """
    actual, target = inputs.actual, inputs.target
    status = _silent_status(inputs)
    if status or actual is None:
        return Assessment(
            None, None, status or Status.NO_DATA, _marks(inputs, False), inputs.expected
        )
    if target is None or inputs.direction == Direction.NONE:
        return Assessment(None, None, Status.REPORTED, _marks(inputs, True), inputs.expected)
    progress = _progress(inputs, actual, target)
    pace = _pace(inputs, actual, target)
    status = _judged_status(inputs, actual, target, pace)
    return Assessment(progress, pace, status, _marks(inputs, True), inputs.expected)


def expected_value(
    baseline_date: date | None,
    baseline: Decimal | None,
    targets: Iterable[tuple[date, Decimal]],
    at: date,
) -> Decimal | None:
    """Read E at a date from the straight line through the baseline and the dated targets.

    Unit: that of the indicator; time runs in days. Before the baseline E is the baseline, after
    the last target it is that target. Targets dated before the baseline are left out; one dated
    on the day of the baseline holds from that day. With an unknown baseline the line begins at
    the first target. Without any target there is no expected value. Pass one target per date:
    the version in force.
    """
    known = sorted((day, value) for day, value in targets)
    if baseline_date is not None:
        known = [point for point in known if point[0] >= baseline_date]
    if not known:
        return None
    if baseline_date is not None and baseline is not None:
        known.insert(0, (baseline_date, baseline))
    elif at < known[0][0]:
        return None
    return _read_line(known, at)


def _silent_status(inputs: Inputs) -> Status | None:
    """Return the status of an indicator that has no value to judge, if that is so."""
    if not inputs.is_due:
        return Status.NOT_DUE
    state = inputs.observation_state
    if state in {ObservationState.NOT_AVAILABLE, ObservationState.WITHHELD}:
        return Status.NOT_AVAILABLE
    if state == ObservationState.NOT_APPLICABLE:
        return Status.NOT_APPLICABLE
    return Status.NO_DATA if state is None else None


def _progress(inputs: Inputs, actual: Decimal, target: Decimal) -> Decimal | None:
    """Return p = (A − B) / (T − B), the share of the way gone; it works downwards and to zero.

    Where there is no way to go (T = B, or direction "maintain"), p = 1 inside the tolerance and
    max(0, 1 − (gap − t) / t) outside it, gap being the distance from T on the wrong side. With a
    tolerance of 0 any gap gives 0. Unknown baseline: None.
    """
    start = inputs.start
    if start is None:
        return None
    if inputs.direction != Direction.MAINTAIN and target != start:
        return (actual - start) / (target - start)
    excess = _gap(inputs, actual, target) - inputs.tolerance
    if excess <= 0:
        return ONE
    return max(ZERO, ONE - excess / inputs.tolerance) if inputs.tolerance else ZERO


def _gap(inputs: Inputs, actual: Decimal, target: Decimal) -> Decimal:
    """Return the distance from T: both ways for "maintain", else only where A is worse than T."""
    if inputs.direction == Direction.MAINTAIN:
        return abs(actual - target)
    return max(ZERO, inputs.direction.sign * (target - actual))


def _pace(inputs: Inputs, actual: Decimal, target: Decimal) -> Decimal | None:
    """Return r = (A − B) / (E − B), the way gone as a share of the way that was due by now.

    Where nothing better than B is due yet (E = B, or E worse than B), r = 1, or 0 if A is on the
    wrong side of B by more than t. "Maintain" and an unknown baseline have no pace. At the final
    date E is T where no expected value was given.
    """
    start, sign = inputs.start, inputs.direction.sign
    expected = target if inputs.expected is None and inputs.is_final else inputs.expected
    if start is None or expected is None or not sign:
        return None
    if sign * (expected - start) > 0:
        return (actual - start) / (expected - start)
    return ONE if sign * (actual - start) >= -inputs.tolerance else ZERO


def _judged_status(
    inputs: Inputs, actual: Decimal, target: Decimal, pace: Decimal | None
) -> Status:
    """Apply rules 4 to 9 of `assess` to a value that has a direction and a target."""
    start, sign = inputs.start, inputs.direction.sign
    if start is None:
        return _status_without_baseline(inputs, actual, target)
    if not sign:
        return _level_status(inputs, abs(actual - target))
    if sign * (actual - target) >= 0 and inputs.is_covered:
        return Status.ACHIEVED
    if sign * (actual - start) < -inputs.tolerance:
        return Status.REGRESSING
    if pace is None:
        return Status.REPORTED
    return _status_of_pace(inputs, pace)


def _status_of_pace(inputs: Inputs, pace: Decimal) -> Status:
    if pace >= inputs.on_track_at:
        return Status.ON_TRACK
    return Status.AT_RISK if pace >= inputs.at_risk_at else Status.OFF_TRACK


def _status_without_baseline(inputs: Inputs, actual: Decimal, target: Decimal) -> Status:
    """Met or not met: as good as T, or within t of it for "maintain". Coverage is only a mark."""
    allowed = inputs.tolerance if inputs.direction == Direction.MAINTAIN else ZERO
    return Status.MET if _gap(inputs, actual, target) <= allowed else Status.NOT_MET


def _level_status(inputs: Inputs, gap: Decimal) -> Status:
    """Status of "maintain": on_track within t of T, at_risk within 2t, else off_track.

    A level can be lost again, so it is achieved only at the final date, and with coverage.
    """
    if gap <= inputs.tolerance:
        return Status.ACHIEVED if inputs.is_final and inputs.is_covered else Status.ON_TRACK
    return Status.AT_RISK if gap <= 2 * inputs.tolerance else Status.OFF_TRACK


def _marks(inputs: Inputs, has_value: bool) -> tuple[Mark, ...]:
    """Return the cautions beside the status, in a fixed order.

    provisional: coverage below `coverage_at`; stale: the value is older than one period;
    revised_target: the target was changed; incomplete: a denominator or a period is missing.
    The first two say something about a value and need one.
    """
    holds = {
        Mark.PROVISIONAL: has_value and not inputs.is_covered,
        Mark.STALE: has_value and inputs.age_in_periods > 1,
        Mark.REVISED_TARGET: inputs.revised_target,
        Mark.INCOMPLETE: inputs.incomplete,
    }
    return tuple(mark for mark in Mark if holds[mark])


def _read_line(points: Sequence[tuple[date, Decimal]], at: date) -> Decimal:
    """Read a piecewise straight line; the ends go on level, the later of two equal dates holds."""
    passed = [point for point in points if point[0] <= at]
    coming = [point for point in points if point[0] > at]
    if not passed:
        return points[0][1]
    (since, low) = passed[-1]
    if not coming:
        return low
    (until, high) = coming[0]
    return low + (high - low) * (at - since).days / (until - since).days


def _plain(value: object) -> str | int | bool | list[str] | None:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, tuple):
        return [str(item) for item in value]
    return format(value, "f") if isinstance(value, Decimal) else str(value)
