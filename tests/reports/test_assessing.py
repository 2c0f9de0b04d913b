"""One indicator at the end of one quarter: what was owed, what was said, what is held against it.

Nothing here is in a database: indicators, quarters and answers are made for the case.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from indicators.choices import (
    BaselineState,
    Direction,
    Kind,
    OverTime,
    OverUnits,
    Status,
    ValueMeaning,
)
from indicators.combine import Ratio
from indicators.models import Indicator, Plan
from reports.assessing import Answered, Reading, counts_from_zero, inputs_of, judged, rounded
from reports.models import Observation, Period
from tests.reports.loose import indicator, told

QUARTERS = [(2025, 1), (2025, 2), (2025, 3), (2025, 4)]
LEVEL: dict[str, Any] = {"value_meaning": ValueMeaning.SNAPSHOT, "over_time": OverTime.LATEST}
RUNNING: dict[str, Any] = {"value_meaning": ValueMeaning.RUNNING_TOTAL}
SHARE: dict[str, Any] = {**LEVEL, "over_units": OverUnits.RATIO_OF_SUMS}
WORDS = "words"
Said = dict[str, list[Any]]
"""By institution, quarter by quarter: a figure, a pair of halves, a state, None for silence."""


def period(number: int) -> Period:
    year, quarter = QUARTERS[number - 1]
    ends_on = date(year, 3 * quarter, 31 if quarter in (1, 4) else 30)
    return Period(pk=number, year=year, quarter=quarter, ends_on=ends_on)


def observation(figure: Any) -> Observation:
    if figure == WORDS:
        return Observation(cell="", text="A law was passed.")
    return told({"": figure})[""]


def source(said: Said) -> Answered:
    """Every institution owed every quarter it is listed for; "-" is one it did not owe."""
    found = Answered()
    for code, figures in said.items():
        for number, figure in enumerate(figures, start=1):
            if figure == "-":
                continue
            found.owed["X1"][code].append(number)
            if figure is not None:
                found.answers["X1", code, number] = {"": observation(figure)}
    return found


def reading(row: Indicator, said: Said, at: int = 0) -> Reading:
    """The reading at the end of the last quarter of the table, or of an earlier one."""
    number, answered = at or max(map(len, said.values())), source(said)
    units = answered.periods_of("X1", range(1, number + 1))
    return Reading(row, period(number), units, answered)


FIGURES: list[tuple[str, dict[str, Any], Said, str | None, str, int | None, bool]] = [
    # what, indicator, what was said, figure to date, coverage, age, is something missing in it
    ("one quarter", {}, {"A": [3]}, "3", "1", 0, False),
    ("quarters are summed", {}, {"A": [3, 4]}, "7", "1", 0, False),
    ("and institutions", {}, {"A": [3, 4], "B": [1, 1]}, "9", "1", 0, False),
    ("zero is a figure", {}, {"A": [0]}, "0", "1", 0, False),
    ("nothing was said", {}, {"A": [None]}, None, "0", None, False),
    ("one is silent now", {}, {"A": [3, 4], "B": [1, None]}, "8", "0.5", 0, False),
    ("a quarter in between is missing", {}, {"A": [3, None, 4]}, "7", "1", 0, True),
    ("the first quarter is missing", {}, {"A": [None, 4]}, "4", "1", 0, True),
    ("a reason for no value is no figure", {}, {"A": [3, "withheld"]}, "3", "0", 1, False),
    ("a total is carried forward", RUNNING, {"A": [5, 9], "B": [7, None]}, "16", "0.5", 0, False),
    ("totals are not added up", RUNNING, {"A": [5, 9]}, "9", "1", 0, False),
    ("a level has its age", LEVEL, {"A": [30, None, None]}, "30", "0", 2, False),
    ("a level is the latest", LEVEL, {"A": [30, 32]}, "32", "1", 0, False),
    ("shares are weighed", SHARE, {"A": [(1, 10)], "B": [(90, 100)]}, "82.7273", "1", 0, False),
    ("a share of nobody", SHARE, {"A": [(0, 0)]}, None, "1", 0, False),
    ("who owes nothing is not waited for", {}, {"A": [3, 4], "B": ["-", 5]}, "12", "1", 0, False),
    ("who owes no more keeps its figure", {}, {"A": [3, 4], "B": [5, "-"]}, "12", "1", 0, False),
]


@pytest.mark.parametrize(
    ("fields", "said", "figure", "coverage", "age", "incomplete"),
    [row[1:] for row in FIGURES],
    ids=[row[0] for row in FIGURES],
)
def test_what_was_said_becomes_one_figure_to_date(
    fields: dict[str, Any],
    said: Said,
    figure: str | None,
    coverage: str,
    age: int | None,
    incomplete: bool,
) -> None:
    found = reading(indicator(**fields), said).combined()
    assert rounded(found.value) == (None if figure is None else Decimal(figure))
    assert (found.coverage, found.age, found.incomplete) == (Decimal(coverage), age, incomplete)


STATES: list[tuple[str, dict[str, Any], Said, Status]] = [
    ("a value", {}, {"A": [3]}, Status.REPORTED),
    ("a true zero", {}, {"A": [0]}, Status.REPORTED),
    ("silence", {}, {"A": [None]}, Status.NO_DATA),
    ("silence after a value is no data of what happened", {}, {"A": [3, None]}, Status.NO_DATA),
    ("but a level is carried forward", LEVEL, {"A": [3, None]}, Status.REPORTED),
    ("and so is a total", RUNNING, {"A": [3, None]}, Status.REPORTED),
    ("not available", {}, {"A": ["not_available"]}, Status.NOT_AVAILABLE),
    ("not applicable", {}, {"A": ["not_applicable"]}, Status.NOT_APPLICABLE),
    ("withheld is not available", {}, {"A": ["withheld"]}, Status.NOT_AVAILABLE),
    (
        "a level that is said to be not available",
        LEVEL,
        {"A": [3, "not_available"]},
        Status.NOT_AVAILABLE,
    ),
    (
        "two that agree",
        {},
        {"A": ["not_applicable"], "B": ["not_applicable"]},
        Status.NOT_APPLICABLE,
    ),
    ("two that differ", {}, {"A": ["not_applicable"], "B": ["withheld"]}, Status.NOT_AVAILABLE),
    ("one value among reasons", {}, {"A": ["not_available"], "B": [2]}, Status.REPORTED),
    ("a reason and silence", {}, {"A": ["not_applicable"], "B": [None]}, Status.NOT_APPLICABLE),
    ("not owed now", {}, {"A": [3, "-"], "B": ["-", "-", 1]}, Status.NOT_DUE),
]


@pytest.mark.parametrize(
    ("fields", "said", "status"), [r[1:] for r in STATES], ids=[r[0] for r in STATES]
)
def test_a_quarter_says_why_it_has_no_figure(
    fields: dict[str, Any], said: Said, status: Status
) -> None:
    found = reading(indicator(**fields), said, at=2 if status is Status.NOT_DUE else 0)
    assert judged(found, inputs_of(found, found.combined())).status is status


def test_words_are_reported_and_never_judged() -> None:
    row = indicator(Kind.NARRATIVE, **{**LEVEL, "over_units": OverUnits.NATIONAL_ONLY})
    for said, status in (
        ([WORDS], Status.REPORTED),
        ([None], Status.NO_DATA),
        (["withheld"], Status.NOT_AVAILABLE),
    ):
        found = reading(row, {"A": said})
        result = judged(found, inputs_of(found, found.combined()))
        assert (result.status, result.progress, result.pace) == (status, None, None)


def test_a_text_beside_a_missing_figure_does_not_count_as_words() -> None:
    found = reading(indicator(Kind.COUNT), {"A": [WORDS]})
    assert judged(found, inputs_of(found, found.combined())).status is Status.NO_DATA


class TestWhatItIsHeldAgainst:
    TARGETS = ((date(2025, 12, 31), 40), (date(2027, 12, 31), 100))

    def inputs(self, said: Said | None = None, at: int = 0, **fields: Any) -> Any:
        found = reading(indicator(targets=self.TARGETS, **fields), said or {"A": [1, 1, 1, 1]}, at)
        return inputs_of(found, found.combined())

    def test_the_final_target_and_the_course_of_the_dated_ones(self) -> None:
        inputs = self.inputs()
        assert (inputs.target, inputs.expected, inputs.is_final) == (100, 40, False)

    def test_what_happened_counts_from_zero_on_the_day_the_plan_begins(self) -> None:
        inputs = self.inputs(baseline_state=BaselineState.KNOWN, baseline_value=Decimal(70))
        assert (inputs.start, inputs.baseline_state) == (0, BaselineState.ZERO)
        half = self.inputs(at=2, baseline_date=date(2025, 1, 1))
        later = self.inputs(at=2, baseline_date=date(2024, 1, 1))
        assert half.expected < later.expected < 40

    @pytest.mark.parametrize(
        ("meaning", "over_time", "from_zero"),
        [
            (ValueMeaning.IN_PERIOD, OverTime.SUM, True),
            (ValueMeaning.IN_PERIOD, OverTime.MEAN, False),
            (ValueMeaning.IN_PERIOD, OverTime.MAX, False),
            (ValueMeaning.RUNNING_TOTAL, OverTime.SUM, False),
            (ValueMeaning.SNAPSHOT, OverTime.SUM, False),
        ],
    )
    def test_only_what_is_summed_over_time_does(
        self, meaning: ValueMeaning, over_time: OverTime, from_zero: bool
    ) -> None:
        assert counts_from_zero(indicator(value_meaning=meaning, over_time=over_time)) is from_zero

    @pytest.mark.parametrize(
        ("own", "found"),
        [
            ({}, ("0.9", "0.6")),
            ({"on_track_at": Decimal("0.8")}, ("0.8", "0.6")),
            ({"at_risk_at": Decimal(0)}, ("0.9", "0")),
        ],
    )
    def test_the_plans_thresholds_unless_it_has_its_own_and_zero_is_one(
        self, own: dict[str, Any], found: tuple[str, str]
    ) -> None:
        limits = {"on_track_at": Decimal("0.9"), "at_risk_at": Decimal("0.6")}
        plan = Plan(pk=1, starts_on=date(2024, 1, 1), coverage_at=Decimal("0.75"), **limits)
        inputs = self.inputs(plan=plan, **own)
        assert (inputs.on_track_at, inputs.at_risk_at) == tuple(map(Decimal, found))
        assert inputs.coverage_at == Decimal("0.75")

    def test_the_direction_decides_what_is_better(self) -> None:
        level = {**LEVEL, "baseline_state": BaselineState.KNOWN, "baseline_value": Decimal(100)}
        targets = [(date(2025, 12, 31), 20)]
        for direction, status in (
            (Direction.DECREASE, "achieved"),
            (Direction.INCREASE, "regressing"),
        ):
            row = indicator(targets=targets, direction=direction, **level)
            found = reading(row, {"A": [0, 0, 0, 10]})
            result = judged(found, inputs_of(found, found.combined()))
            assert result.status == status


class TestOwed:
    def test_periods_are_cut_at_the_quarter_and_institutions_stand_in_order(self) -> None:
        answered = source({"B": [1, 1, 1], "A": ["-", 1, 1], "C": ["-", "-", 1]})
        assert answered.periods_of("X1", [1, 2]) == {"A": [2], "B": [1, 2]}
        assert list(answered.periods_of("X1", [1, 2, 3])) == ["A", "B", "C"]

    def test_asking_for_what_nobody_owes_leaves_no_trace(self) -> None:
        answered = source({"A": [1]})
        assert answered.periods_of("X2", [1]) == {}
        assert set(answered.owed) == {"X1"}

    def test_another_indicators_answer_is_not_heard(self) -> None:
        found = reading(indicator(), {"A": [None]})
        found.source.answers["X2", "A", 1] = {"": observation(5)}
        assert (found.told_now(), found.combined().value) == ([], None)

    def test_a_later_quarter_changes_no_earlier_reading(self) -> None:
        said: Said = {"A": [3, 4, 90], "B": ["-", "-", 7]}
        assert reading(indicator(), said, at=2).combined().value == 7
        assert reading(indicator(), said, at=2).combined().expected == 1


class TestFiguresInOrder:
    """What an institution told is put in order once, and read at the end of every quarter."""

    def test_they_stand_by_cell_and_period_with_nothing_where_there_is_no_figure(self) -> None:
        answered = source({"A": [3, None, "withheld", 0], "B": [(1, 10)]})
        answered.answers["X1", "A", 1] = told({"": 3, "sex=f": 2})
        assert answered.figures("X1", "A") == {
            "": {1: Decimal(3), 4: Decimal(0)},
            "sex=f": {1: Decimal(2)},
        }
        assert answered.figures("X1", "B") == {"": {1: Ratio(Decimal(1), Decimal(10))}}

    def test_what_was_answered_and_not_owed_is_not_among_them(self) -> None:
        answered = source({"A": [3, "-"]})
        answered.answers["X1", "A", 2] = {"": observation(5)}
        assert answered.figures("X1", "A") == {"": {1: Decimal(3)}}

    def test_each_institution_and_indicator_has_its_own(self) -> None:
        answered = source({"A": [3], "B": [4]})
        answered.owed["X2"]["A"].append(1)
        answered.answers["X2", "A", 1] = {"": observation(5)}
        found = [answered.figures(*key) for key in (("X1", "A"), ("X1", "B"), ("X2", "A"))]
        assert found == [{"": {1: Decimal(n)}} for n in (3, 4, 5)]

    @pytest.mark.parametrize("order", [(1, 2, 3, 4), (4, 3, 2, 1), (3, 1, 4, 2)])
    @pytest.mark.parametrize("fields", [{}, LEVEL, RUNNING])
    def test_the_order_in_which_quarters_are_read_changes_none(
        self, fields: dict[str, Any], order: tuple[int, ...]
    ) -> None:
        said: Said = {"A": [3, None, 4, 5], "B": ["-", 1, 2, None]}
        row, shared = indicator(**fields), source(said)
        for number in order:
            units = shared.periods_of("X1", range(1, number + 1))
            found = Reading(row, period(number), units, shared).combined()
            assert found == reading(row, said, at=number).combined()


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (None, None),
        ("82.72727272", "82.7273"),
        ("0.00005", "0.0001"),
        ("-0.00005", "-0.0001"),
        ("3", "3"),
    ],
)
def test_a_computed_figure_keeps_four_decimals(value: str | None, kept: str | None) -> None:
    found = rounded(None if value is None else Decimal(value))
    assert found == (None if kept is None else Decimal(kept))
