"""The written rules of the arithmetic as tables: each line a case with its figures."""

from decimal import Decimal
from typing import Any

import pytest

from indicators.choices import (
    BaselineState,
    Direction,
    Kind,
    Mark,
    ObservationState,
    OverTime,
    OverUnits,
    Status,
    ValueMeaning,
)
from indicators.combine import (
    Ratio,
    combine,
    coverage,
    national,
    rules_over_time,
    rules_over_units,
    tally,
    to_date,
)
from indicators.faults import FaultCode, check_fraction, check_table
from indicators.progress import Inputs, assess

D = Decimal
UP, DOWN, LEVEL = Direction.INCREASE, Direction.DECREASE, Direction.MAINTAIN
IN_PERIOD, RUNNING, SNAPSHOT = ValueMeaning
T, U = OverTime, OverUnits
Figure = str | None


def amount(text: Figure) -> Decimal | Ratio | None:
    """A figure as it is written: "12.7", "1/10", "5/?", or nothing."""
    if text is None or "/" not in text:
        return None if text is None else D(text)
    halves = [None if half == "?" else D(half) for half in text.split("/")]
    return Ratio(*halves)


def amounts(*texts: Figure) -> list[Decimal | Ratio | None]:
    return [amount(text) for text in texts]


def judged(direction: Direction, *figures: Figure, **more: Any) -> tuple[str, str, str]:
    """Progress, pace and status of (B, T, E, A), as texts."""
    baseline, target, expected, actual = (None if f is None else D(f) for f in figures)
    known: dict[str, Any] = {
        "baseline": baseline,
        "target": target,
        "expected": expected,
        "actual": actual,
    }
    result = assess(Inputs(direction=direction, **known, **more))
    return str(result.progress), str(result.pace), str(result.status)


CASES: list[tuple[Direction, tuple[Figure, ...], dict[str, Any], tuple[str, str, str]]] = [
    # B, T, E, A; what else is known; then progress, pace and status
    (DOWN, ("100", "20", "60", "50"), {}, ("0.625", "1.25", "on_track")),
    (DOWN, ("12", "0", "6", "9"), {}, ("0.25", "0.5", "off_track")),
    (DOWN, ("12", "0", "6", "0"), {}, ("1", "2", "achieved")),
    (UP, ("0", "30", "10", "0"), {}, ("0", "0", "off_track")),
    (LEVEL, ("30", "30", "30", "29"), {"tolerance": D(2)}, ("1", "None", "on_track")),
    (UP, ("20", "40", "30", "18"), {}, ("-0.1", "-0.2", "regressing")),
    # a little worse than the baseline is not yet regressing
    (UP, ("20", "40", "30", "18"), {"tolerance": D(2)}, ("-0.1", "-0.2", "off_track")),
    (UP, ("20", "40", "30", "17.99"), {"tolerance": D(2)}, ("-0.1005", "-0.201", "regressing")),
    # more than the target, and more than the whole
    (UP, ("0", "30", "10", "39"), {}, ("1.3", "3.9", "achieved")),
    (DOWN, ("100", "20", "60", "0"), {}, ("1.25", "2.5", "achieved")),
    (DOWN, ("100", "20", "60", "130"), {}, ("-0.375", "-0.75", "regressing")),
    # thresholds, at and just below
    (UP, ("0", "200", "100", "95"), {}, ("0.475", "0.95", "on_track")),
    (UP, ("0", "200", "100", "94.9999"), {}, ("0.4749995", "0.949999", "at_risk")),
    (UP, ("0", "200", "100", "70"), {}, ("0.35", "0.7", "at_risk")),
    (UP, ("0", "200", "100", "69.9999"), {}, ("0.3499995", "0.699999", "off_track")),
    (DOWN, ("200", "0", "100", "105"), {}, ("0.475", "0.95", "on_track")),
    (DOWN, ("200", "0", "100", "105.0001"), {}, ("0.4749995", "0.949999", "at_risk")),
    # achieved needs four fifths of the institutions
    (UP, ("0", "30", "10", "30"), {"coverage": D("0.8")}, ("1", "3", "achieved")),
    (UP, ("0", "30", "10", "30"), {"coverage": D("0.79")}, ("1", "3", "on_track")),
    # nothing due yet
    (UP, ("0", "30", "0", "0"), {}, ("0", "1", "on_track")),
    (UP, ("5", "30", "5", "4"), {}, ("-0.04", "0", "regressing")),
    (UP, ("5", "30", "5", "4"), {"tolerance": D(1)}, ("-0.04", "1", "on_track")),
    # no way to go
    (UP, ("5", "5", "5", "5"), {}, ("1", "1", "achieved")),
    (DOWN, ("5", "5", "5", "6"), {"tolerance": D(2)}, ("1", "1", "on_track")),
    (DOWN, ("5", "5", "5", "8"), {"tolerance": D(2)}, ("0.5", "0", "regressing")),
    # a level: within t, within 2t, beyond; achieved at the end only
    (LEVEL, ("30", "30", "30", "32"), {"tolerance": D(2)}, ("1", "None", "on_track")),
    (LEVEL, ("30", "30", "30", "33"), {"tolerance": D(2)}, ("0.5", "None", "at_risk")),
    (LEVEL, ("30", "30", "30", "26"), {"tolerance": D(2)}, ("0", "None", "at_risk")),
    (LEVEL, ("30", "30", "30", "25.99"), {"tolerance": D(2)}, ("0", "None", "off_track")),
    (
        LEVEL,
        ("30", "30", "30", "31"),
        {"tolerance": D(2), "is_final": True},
        ("1", "None", "achieved"),
    ),
    # unknown baseline: met or not met
    (UP, (None, "30", "10", "30"), {}, ("None", "None", "met")),
    (DOWN, (None, "30", "10", "30.01"), {}, ("None", "None", "not_met")),
    (
        UP,
        ("5", "30", "10", "29"),
        {"baseline_state": BaselineState.UNKNOWN},
        ("None", "None", "not_met"),
    ),
    # zero by nature
    (
        UP,
        (None, "100", "50", "50"),
        {"baseline_state": BaselineState.ZERO},
        ("0.5", "1", "on_track"),
    ),
    # nothing to be held against, and nothing reported
    (UP, ("0", None, None, "5"), {}, ("None", "None", "reported")),
    (Direction.NONE, ("0", "30", "10", "5"), {}, ("None", "None", "reported")),
    (UP, ("0", "30", "10", None), {}, ("None", "None", "no_data")),
    (UP, ("0", "30", "10", None), {"is_due": False}, ("None", "None", "not_due")),
    # the last quarter without a dated target is measured by the target
    (UP, ("0", "100", None, "95"), {"is_final": True}, ("0.95", "0.95", "on_track")),
    # large money and small shares
    (
        UP,
        ("0", "99999999999", "50000000000", "50000000000"),
        {},
        ("0.5000000000050000000000500000", "1", "on_track"),
    ),
    (
        UP,
        ("14.01", "30", "14.8649", "14.8649"),
        {},
        ("0.05346466541588492808005003127", "1", "on_track"),
    ),
]


@pytest.mark.parametrize(("direction", "figures", "more", "expected"), CASES)
def test_progress_pace_and_status_of_each_case(
    direction: Direction,
    figures: tuple[Figure, ...],
    more: dict[str, Any],
    expected: tuple[str, ...],
) -> None:
    assert judged(direction, *figures, **more) == expected


@pytest.mark.parametrize("state", list(ObservationState))
def test_a_typed_reason_is_told_as_it_was_given(state: ObservationState) -> None:
    told = judged(UP, "0", "30", "10", None, observation_state=state)[2]
    assert (
        told
        == {
            "value": "no_data",
            "not_available": "not_available",
            "withheld": "not_available",
            "not_applicable": "not_applicable",
        }[state]
    )


@pytest.mark.parametrize(
    ("share", "age", "revised", "incomplete", "marks"),
    [
        ("1", 0, False, False, []),
        ("0.80", 1, False, False, []),
        ("0.7999", 0, False, False, [Mark.PROVISIONAL]),
        ("1", 2, False, False, [Mark.STALE]),
        ("1", 0, True, False, [Mark.REVISED_TARGET]),
        ("1", 0, False, True, [Mark.INCOMPLETE]),
        ("0", 9, True, True, list(Mark)),
    ],
)
def test_each_caution_has_its_mark(
    share: str, age: int, revised: bool, incomplete: bool, marks: list[Mark]
) -> None:
    one = Inputs(direction=UP, actual=D(5), target=D(10), baseline=D(0), expected=D(5))
    more = {"coverage": D(share), "age_in_periods": age, "revised_target": revised}
    result = assess(Inputs(**{**one.__dict__, **more, "incomplete": incomplete}))
    assert (list(result.marks), result.status) == (marks, Status.ON_TRACK)


TIME: list[tuple[ValueMeaning, OverTime, tuple[Figure, ...], str, Any]] = [
    # the value, whether the last quarter reported, the age, whether something is missing
    (IN_PERIOD, OverTime.SUM, ("5", "9"), "14", (1, 0, False)),
    (IN_PERIOD, OverTime.SUM, ("5", None, "9"), "14", (1, 0, True)),
    (IN_PERIOD, OverTime.SUM, ("5", "0"), "5", (1, 0, False)),
    (IN_PERIOD, OverTime.MAX, ("5", "9", "2"), "9", (1, 0, False)),
    (IN_PERIOD, OverTime.MEAN, ("5", "9", "1"), "5", (1, 0, False)),
    (RUNNING, OverTime.LATEST, ("5", "9"), "9", (1, 0, False)),
    (RUNNING, OverTime.SUM, ("5", "9", None), "9", (0, 1, False)),
    (RUNNING, OverTime.LATEST, ("9", "5"), "5", (1, 0, False)),
    (SNAPSHOT, OverTime.LATEST, ("30", "32"), "32", (1, 0, False)),
    (SNAPSHOT, OverTime.SUM, ("30", "32", None, None), "32", (0, 2, False)),
    (SNAPSHOT, OverTime.MEDIAN, ("3", "4", "8"), "4", (1, 0, False)),
    (SNAPSHOT, OverTime.LATEST, (None, None), "None", (0, None, False)),
    (
        IN_PERIOD,
        OverTime.RATIO_OF_SUMS,
        ("1/10", "90/100"),
        "82.72727272727272727272727273",
        (1, 0, False),
    ),
    (IN_PERIOD, OverTime.RATIO_OF_SUMS, ("1/10", "90/?"), "10", (1, 0, True)),
    (IN_PERIOD, OverTime.RATIO_OF_SUMS, ("0/0", "0/0"), "None", (1, 0, False)),
    (SNAPSHOT, OverTime.LATEST, ("1/10", "90/100"), "90", (1, 0, False)),
]


@pytest.mark.parametrize(("meaning", "rule", "quarters", "value", "told"), TIME)
def test_quarters_become_a_figure_to_date(
    meaning: ValueMeaning, rule: OverTime, quarters: tuple[Figure, ...], value: str, told: Any
) -> None:
    result = to_date(amounts(*quarters), meaning, rule)
    assert str(result.value) == value
    assert (result.reported, result.age, result.incomplete) == told


Quarters = dict[str, tuple[Figure, ...]]
COUNTRY: list[tuple[ValueMeaning, OverTime, OverUnits, Quarters, str, str]] = [
    # meaning, over time, over units, quarters of each ministry, value, coverage
    (RUNNING, OverTime.LATEST, OverUnits.SUM, {"a": ("5", "9"), "b": ("7", None)}, "16", "0.5"),
    (IN_PERIOD, OverTime.SUM, OverUnits.SUM, {"a": ("5", "9"), "b": ("7", None)}, "21", "0.5"),
    (SNAPSHOT, OverTime.LATEST, OverUnits.MAX, {"a": ("5", "9"), "b": ("12", None)}, "12", "0.5"),
    (SNAPSHOT, OverTime.LATEST, OverUnits.MIN, {"a": ("5", "9"), "b": ("12", "4")}, "4", "1"),
    (SNAPSHOT, OverTime.LATEST, OverUnits.MEAN, {"a": ("9",), "b": ("4",)}, "6.5", "1"),
    (SNAPSHOT, OverTime.LATEST, OverUnits.NATIONAL_ONLY, {"a": ("9",), "b": ("4",)}, "None", "1"),
    (SNAPSHOT, OverTime.LATEST, OverUnits.NATIONAL_ONLY, {"a": ("9",), "b": (None,)}, "9", "0.5"),
    (
        SNAPSHOT,
        T.LATEST,
        U.RATIO_OF_SUMS,
        {"a": ("1/10",), "b": ("91/100",)},
        "83.63636363636363636363636364",
        "1",
    ),
    (IN_PERIOD, OverTime.SUM, OverUnits.SUM, {"a": (None,), "b": (None,)}, "None", "0"),
]


@pytest.mark.parametrize(("meaning", "over_time", "over_units", "units", "value", "share"), COUNTRY)
def test_ministries_become_the_country(
    meaning: ValueMeaning,
    over_time: OverTime,
    over_units: OverUnits,
    units: Quarters,
    value: str,
    share: str,
) -> None:
    series = {code: amounts(*quarters) for code, quarters in units.items()}
    result = national(series, meaning, over_time, over_units)
    assert (str(result.value), str(result.coverage)) == (value, share)


PLAIN_TIME = {T.SUM, T.LATEST, T.MEAN, T.MEDIAN, T.MAX, T.MIN}
PLAIN_UNITS = {U.SUM, U.MEAN, U.MEDIAN, U.MAX, U.MIN, U.NATIONAL_ONLY}
FRACTION_TIME = {T.RATIO_OF_SUMS, T.LATEST, T.MAX, T.MIN}
KINDS: dict[Kind, tuple[set[OverTime], set[OverTime], set[OverUnits]]] = {
    # kind: rules over time for what happened and for a level, rules over institutions
    Kind.COUNT: (PLAIN_TIME, PLAIN_TIME - {T.SUM}, PLAIN_UNITS),
    Kind.AMOUNT: (PLAIN_TIME, PLAIN_TIME - {T.SUM}, PLAIN_UNITS),
    Kind.MILESTONE: (PLAIN_TIME, PLAIN_TIME - {T.SUM}, PLAIN_UNITS),
    Kind.REGISTER: (PLAIN_TIME, PLAIN_TIME - {T.SUM}, PLAIN_UNITS),
    Kind.PERCENTAGE: (
        FRACTION_TIME, FRACTION_TIME, {U.RATIO_OF_SUMS, U.MAX, U.MIN, U.NATIONAL_ONLY}
    ),
    Kind.RATIO: (FRACTION_TIME, FRACTION_TIME, {U.RATIO_OF_SUMS, U.MAX, U.MIN, U.NATIONAL_ONLY}),
    Kind.SCORE: (
        {T.LATEST, T.MEDIAN}, {T.LATEST, T.MEDIAN}, {U.MEDIAN, U.MAX, U.MIN, U.NATIONAL_ONLY}
    ),
    Kind.YES_NO: (
        {T.LATEST, T.MAX, T.MIN}, {T.LATEST, T.MAX, T.MIN}, {U.SUM, U.MAX, U.MIN, U.NATIONAL_ONLY}
    ),
    Kind.NARRATIVE: ({T.LATEST}, {T.LATEST}, {U.NATIONAL_ONLY}),
}  # fmt: skip


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_has_the_rules_that_make_sense(kind: Kind) -> None:
    happened, level, units = KINDS[kind]
    assert rules_over_time(kind, IN_PERIOD) == happened
    assert rules_over_time(kind, SNAPSHOT) == level
    assert rules_over_time(kind, RUNNING) == {T.LATEST}
    assert rules_over_units(kind) == units


TABLES: list[tuple[dict[str, Figure], list[tuple[FaultCode, str]]]] = [
    ({"": "10", "sex=f": "4", "sex=m": "6"}, []),
    ({"": "10", "sex=f": "4", "sex=m": "5"}, [(FaultCode.PARTS_DO_NOT_ADD_UP, "")]),
    ({"": "10", "sex=f": "4", "sex=m": None}, []),
    (
        {"": "10", "sex=f": "11", "sex=m": None},
        [(FaultCode.PART_EXCEEDS_TOTAL, "sex=f"), (FaultCode.PARTS_DO_NOT_ADD_UP, "")],
    ),
    ({"": None, "sex=f": "4", "sex=m": "6"}, []),
    ({"": "0", "sex=f": "0", "sex=m": "0"}, []),
    ({"": "10", "age=y": "4", "age=o": "6", "sex=f": "5", "sex=m": "5"}, []),
    (
        {"": "10", "age=y": "4", "age=o": "7", "sex=f": "5", "sex=m": "4"},
        [(FaultCode.PARTS_DO_NOT_ADD_UP, "")] * 2,
    ),
    ({"": "91/110", "sex=f": "1/10", "sex=m": "90/100"}, []),
    ({"": "91/110", "sex=f": "1/10", "sex=m": "90/101"}, [(FaultCode.PARTS_DO_NOT_ADD_UP, "")]),
]


@pytest.mark.parametrize(("cells", "expected"), TABLES)
def test_a_table_is_held_against_its_totals(
    cells: dict[str, Figure], expected: list[tuple[FaultCode, str]]
) -> None:
    found = check_table({cell: amount(text) for cell, text in cells.items()})
    assert [(fault.code, fault.cell) for fault in found] == expected


@pytest.mark.parametrize(
    ("fraction", "codes"),
    [
        ("1/10", []),
        ("10/10", []),
        ("0/10", []),
        ("0/0", []),
        ("?/10", []),
        ("?/?", []),
        ("11/10", [FaultCode.NUMERATOR_EXCEEDS_DENOMINATOR]),
        ("1/0", [FaultCode.DENOMINATOR_ZERO]),
        ("1/?", [FaultCode.DENOMINATOR_MISSING]),
        ("0/?", [FaultCode.DENOMINATOR_MISSING]),
    ],
)
def test_a_fraction_is_held_against_its_whole(fraction: str, codes: list[FaultCode]) -> None:
    ratio = amount(fraction)
    assert isinstance(ratio, Ratio)
    assert [fault.code for fault in check_fraction(ratio)] == codes


def test_the_sums_of_the_written_cases() -> None:
    assert round(combine(amounts("1/10", "90/100"), U.RATIO_OF_SUMS).value or D(0), 1) == D("82.7")
    assert coverage(1, 2) == D("0.5")
    assert tally([Status.MET, Status.NO_DATA, Status.MET]) == {Status.MET: 2, Status.NO_DATA: 1}
