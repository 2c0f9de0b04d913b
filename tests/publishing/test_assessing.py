"""From what the institutions said to one assessment per indicator and quarter."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.canonical import canonical
from indicators.choices import BaselineState, Direction, Kind, OverTime, OverUnits
from indicators.progress import RULES_VERSION
from publishing.assessing import assessments
from reports.assessing import counts_from_zero
from tests.publishing.telling import (
    LEVEL,
    RESTRICTED,
    RUNNING,
    SHARE,
    SMALL,
    Fields,
    a_plan,
    a_quarter,
    a_split,
    a_target,
    an_indicator,
    answered,
    judged,
    now,
)

DOWN = {**LEVEL, "direction": Direction.DECREASE}
UP = LEVEL
KEEP = {**LEVEL, "direction": Direction.MAINTAIN}
MEAN = {**LEVEL, "over_units": OverUnits.MEAN}
HIGHEST = {**LEVEL, "over_units": OverUnits.MAX}
NATION = {**LEVEL, "over_units": OverUnits.NATIONAL_ONLY}
SCORE = {**LEVEL, "kind": Kind.SCORE, "over_units": OverUnits.MEDIAN}
RATIO = {**SHARE, "over_time": OverTime.RATIO_OF_SUMS}
D = Decimal
few = settings(max_examples=30)


def brief(result: dict[str, Any]) -> tuple[Any, ...]:
    """Value, status, marks and coverage, as one writes them down."""
    coverage = result["coverage"]
    value = result["value"]
    return (
        value if value is None else f"{value.normalize():f}",
        str(result["status"]),
        " ".join(result["marks"]),
        f"{coverage['reported']}/{coverage['expected']}",
    )


# B, T, E at the end of the quarter, A as the plan's rules are written: p, r and the status.
WRITTEN = [
    (DOWN, 100, "60@1 20", "50", "0.625", "1.25", "on_track"),
    (DOWN, 12, "6@1 0", "9", "0.25", "0.5", "off_track"),
    (DOWN, 12, "6@1 0", "0", "1", "2", "achieved"),
    (UP, 0, "10@1 30", "0", "0", "0", "off_track"),
    (UP, 20, "30@1 40", "18", "-0.1", "-0.2", "regressing"),
    (UP, 20, "30@1 40", "20", "0", "0", "off_track"),
    (UP, 0, "100@1 200", "95", "0.475", "0.95", "on_track"),
    (UP, 0, "100@1 200", "94.99", "0.475", "0.9499", "at_risk"),
    (UP, 0, "100@1 200", "70", "0.35", "0.7", "at_risk"),
    (UP, 0, "100@1 200", "69.99", "0.35", "0.6999", "off_track"),
    (UP, 0, "100@1 200", "250", "1.25", "2.5", "achieved"),
]


@pytest.mark.parametrize(("declared", "start", "targets", "said", "p", "r", "status"), WRITTEN)
def test_a_reported_figure_is_judged_by_the_written_rules(
    declared: Fields, start: int, targets: str, said: str, p: str, r: str, status: str
) -> None:
    row = an_indicator(targets=targets, baseline_value=start, **declared)
    result = now(row, MM=said)
    assert (result["value"], result["status"]) == (D(said), status)
    assert result["progress"] == D(p).quantize(D("0.0001"))
    assert result["pace"] == D(r).quantize(D("0.0001"))


@pytest.mark.parametrize(
    ("said", "status"),
    [
        *(("29", "on_track"), ("32", "on_track"), ("33", "at_risk"), ("26", "at_risk")),
        *(("25.9", "off_track"), ("35", "off_track")),
    ],
)
def test_a_level_to_be_kept_is_judged_within_its_tolerance(said: str, status: str) -> None:
    row = an_indicator(targets="30", baseline_value=30, tolerance=2, **KEEP)
    result = now(row, MM=said)
    assert (result["status"], result["pace"]) == (status, None)


def test_a_level_to_be_kept_is_achieved_only_at_the_final_date() -> None:
    row = an_indicator(targets="30", baseline_value=30, tolerance=2, **KEEP)
    said = " | ".join(["29"] * 8)
    assert [r["status"] for r in judged(row, MM=said)] == ["on_track"] * 7 + ["achieved"]


# What was declared, what each institution said quarter by quarter, and how it stands then.
COMBINED = [
    ("a share is that of the sums", SHARE, {"A": "1/10", "B": "90/100"}, "82.7273", "", "2/2"),
    ("a share alone", SHARE, {"A": "1/3"}, "33.3333", "", "1/1"),
    ("nobody among nobody", SHARE, {"A": "0/0"}, None, "", "1/1"),
    ("running totals", RUNNING, {"A": "5 | 9", "B": "7 | -"}, "16", "provisional", "1/2"),
    ("a running total is never added up", RUNNING, {"A": "5 | 9 | 12"}, "12", "", "1/1"),
    ("a level is the latest", LEVEL, {"A": "30 | 32"}, "32", "", "1/1"),
    ("an older level is stale", LEVEL, {"A": "30 | - | -"}, "30", "provisional stale", "0/1"),
    ("what happened adds up", {}, {"A": "3 | 4", "B": "1 | 0"}, "8", "", "2/2"),
    ("a gap makes it incomplete", {}, {"A": "3 | - | 4"}, "7", "incomplete", "1/1"),
    ("a zero is a figure", {}, {"A": "0 | 0"}, "0", "", "1/1"),
    ("four of five is enough", {}, dict.fromkeys("ABCD", "1") | {"E": "-"}, "4", "", "4/5"),
    ("three of four is not", {}, dict.fromkeys("ABC", "1") | {"D": "-"}, "3", "provisional", "3/4"),
    ("what was not owed is no gap", {}, {"A": "3 | 4", "B": ". | 5"}, "12", "", "2/2"),
    ("a mean over institutions", MEAN, {"A": "1", "B": "2"}, "1.5", "", "2/2"),
    ("the highest over institutions", HIGHEST, {"A": "1", "B": "2"}, "2", "", "2/2"),
    ("the median of scores", SCORE, {"A": "1", "B": "9", "C": "4"}, "4", "", "3/3"),
    ("two national values are none", NATION, {"A": "1", "B": "2"}, None, "incomplete", "2/2"),
    ("one national value is it", NATION, {"A": "1", "B": "-"}, "1", "provisional", "1/2"),
    ("shares over time", RATIO, {"A": "1/10 | 9/10"}, "50", "", "1/1"),
]


@pytest.mark.parametrize(
    ("declared", "said", "value", "marks", "coverage"),
    [case[1:] for case in COMBINED],
    ids=[case[0] for case in COMBINED],
)
def test_what_institutions_said_becomes_one_figure(
    declared: Fields, said: dict[str, str], value: str | None, marks: str, coverage: str
) -> None:
    shown, _status, cautions, covered = brief(now(an_indicator(**declared), **said))
    assert (shown, cautions, covered) == (value, marks, coverage)


# The status of the last quarter where something other than a figure was said in it.
SILENT = [
    ("nothing at all", {}, {"A": "-"}, "no_data"),
    ("nothing new of what happens in a quarter", {}, {"A": "5 | -"}, "no_data"),
    ("nothing new of a running total", RUNNING, {"A": "50 | -"}, "off_track"),
    ("nothing new of a level", LEVEL, {"A": "50 | -"}, "off_track"),
    ("no level ever", LEVEL, {"A": "- | -"}, "no_data"),
    ("a reason", {}, {"A": "na"}, "not_available"),
    ("it does not apply", {}, {"A": "nap"}, "not_applicable"),
    ("withheld", {}, {"A": "wh"}, "not_available"),
    ("two different reasons", {}, {"A": "na", "B": "nap"}, "not_available"),
    ("two other ones", {}, {"A": "nap", "B": "wh"}, "not_available"),
    ("the same reason twice", {}, {"A": "nap", "B": "nap"}, "not_applicable"),
    ("one figure beside a reason", {}, {"A": "nap", "B": "50"}, "off_track"),
    ("a reason beside silence", {}, {"A": "nap", "B": "-"}, "not_applicable"),
    ("a reason after a level", LEVEL, {"A": "50 | na"}, "not_available"),
    ("not owed this quarter", {}, {"A": "50 | ."}, "not_due"),
    ("owed by another one this quarter", {}, {"A": "50 | .", "B": ". | 60"}, "off_track"),
]


@pytest.mark.parametrize(
    ("declared", "said", "status"), [case[1:] for case in SILENT], ids=[case[0] for case in SILENT]
)
def test_a_quarter_without_a_figure_says_why(
    declared: Fields, said: dict[str, str], status: str
) -> None:
    row = an_indicator(targets="1000@1 1000@2 2000", baseline_value=10, **declared)
    assert now(row, **said)["status"] == status


def test_a_true_zero_is_kept_as_zero_and_not_left_blank() -> None:
    result = now(an_indicator(targets="10@1 30"), MM="0")
    assert brief(result) == ("0", "off_track", "", "1/1")
    assert canonical(result["value"]) == '"0"'
    assert (result["progress"], result["inputs"]["actual"]) == (0, 0)


def test_the_coverage_is_compared_before_a_target_counts_as_reached() -> None:
    row = an_indicator(targets="100")
    assert now(row, A="120", B="-")["status"] == "on_track"
    assert now(row, A="120", B="0")["status"] == "achieved"


def test_an_indicator_that_nobody_owed_yet_has_no_assessment() -> None:
    assert judged(an_indicator(), A=".") == []
    assert [r["period"] for r in judged(an_indicator(), A=". | 3")] == ["2026-Q2"]


def test_quarters_and_indicators_come_in_their_order() -> None:
    rows = [an_indicator("B"), an_indicator("A")]
    source = answered("A", {"MM": "1 | 2"})
    source.owed |= answered("B", {"MM": "1 | 2"}).owed
    found = assessments(rows, [a_quarter(1), a_quarter(2)], source)
    assert [(r["period"], r["indicator"]) for r in found] == [
        ("2026-Q1", "B"),
        ("2026-Q1", "A"),
        ("2026-Q2", "B"),
        ("2026-Q2", "A"),
    ]


def test_a_later_quarter_does_not_change_an_earlier_one() -> None:
    row = an_indicator(targets="100")
    assert judged(row, A="3 | 4 | 90")[:2] == judged(row, A="3 | 4")


@pytest.mark.parametrize(
    ("meaning", "over_time", "yes"),
    [
        *(({}, OverTime.SUM, True), ({}, OverTime.MAX, False)),
        *((LEVEL, OverTime.SUM, False), (RUNNING, OverTime.LATEST, False)),
    ],
)
def test_only_what_is_summed_counts_from_zero(
    meaning: Fields, over_time: OverTime, yes: bool
) -> None:
    assert counts_from_zero(an_indicator(**{**meaning, "over_time": over_time})) is yes


def test_a_count_starts_at_zero_on_the_day_the_plan_begins_whatever_stood_before() -> None:
    """A baseline of 40 a year says how it was before; it is no part of what the plan brought."""
    row = an_indicator(targets="80@4", baseline_value=40, baseline_date=date(2020, 1, 1))
    result = now(row, A="10 | 10")
    assert result["inputs"]["baseline_state"] == BaselineState.ZERO
    assert result["inputs"]["baseline"] == 0
    assert result["progress"] == D("0.25")
    days = D((date(2026, 6, 30) - date(2026, 1, 1)).days)
    whole = (date(2026, 12, 31) - date(2026, 1, 1)).days
    assert result["expected"] == (80 * days / whole).quantize(D("0.0001"))


def test_a_count_that_is_zero_by_nature_starts_on_the_day_it_names() -> None:
    row = an_indicator(targets="80@4", baseline_date=date(2026, 6, 30))
    assert [r["expected"] for r in judged(row, A="1 | 1 | 1 | 1")][:2] == [0, 0]
    assert now(row, A="1 | 1 | 1 | 1")["expected"] == 80


def test_a_share_starts_where_its_fraction_says() -> None:
    row = an_indicator(targets="50", baseline_numerator=1, baseline_denominator=3, **SHARE)
    result = now(row, MM="1/2")
    assert result["inputs"]["baseline"] == D("33.3333")
    assert result["status"] == "achieved"


def test_an_unknown_start_gives_only_met_or_not_met() -> None:
    row = an_indicator(targets="10", baseline_state=BaselineState.UNKNOWN, **LEVEL)
    results = judged(row, MM="9 | 10")
    assert [(r["status"], r["progress"], r["pace"]) for r in results] == [
        ("not_met", None, None),
        ("met", None, None),
    ]


@pytest.mark.parametrize("fields", [{}, {"targets": "9", "direction": Direction.NONE}])
def test_what_nothing_can_be_held_against_is_only_reported(fields: Fields) -> None:
    assert now(an_indicator(**fields), MM="5")["status"] == "reported"


def test_words_are_reported_and_silence_is_not() -> None:
    row = an_indicator(kind=Kind.NARRATIVE, **LEVEL, direction=Direction.NONE)
    results = judged(row, MM='"Held_two_hearings." | - | na')
    assert [r["status"] for r in results] == ["reported", "no_data", "not_available"]
    assert {r["value"] for r in results} == {None}


def test_of_a_target_the_latest_version_is_in_force_and_the_change_is_marked() -> None:
    later = a_target("50", version=2, reason="Fewer posts.")
    result = now(an_indicator(targets="100", revised=[later]), MM="50")
    assert (result["target"], result["status"]) == (50, "achieved")
    assert result["marks"] == ("revised_target",)


def test_a_target_of_a_cell_is_not_that_of_the_total() -> None:
    row = an_indicator(revised=[a_target("1", cell="sex=f")], splits=[a_split("f", "m")])
    assert now(row, MM="5 sex=f:2 sex=m:3")["target"] is None


def test_thresholds_are_the_plans_unless_the_indicator_has_its_own() -> None:
    mild = a_plan(on_track_at=D("0.50"), at_risk_at=D("0.25"), coverage_at=D("0.40"))
    said = {"A": "60", "B": "-"}
    ours: Fields = {"targets": "100@1 200", "plan": mild}
    assert brief(now(an_indicator(**ours), **said))[1:3] == ("on_track", "")
    strict: Fields = {"on_track_at": "0.90", "at_risk_at": "0.55", "threshold_reason": "Law 22."}
    assert now(an_indicator(**ours, **strict), **said)["status"] == "at_risk"
    never: Fields = {"on_track_at": "0.50", "at_risk_at": "0", "threshold_reason": "Law 22."}
    assert now(an_indicator(**ours, **never), A="1", B="-")["status"] == "at_risk"


def test_each_cell_is_combined_as_the_total_is() -> None:
    row = an_indicator(splits=[a_split("f", "m"), a_split("u25", code="age", order=1)])
    result = now(row, A="9 sex=f:4 sex=m:5 age=u25:1 | 1 sex=f:1 sex=m:0", B="2 sex=f:2 | -")
    values = {key: cell["value"] for key, cell in result["cells"].items()}
    assert values == {"sex=f": 7, "sex=m": 5, "age=u25": 1}


def test_the_cells_of_a_share_keep_their_halves() -> None:
    row = an_indicator(splits=[a_split("f", "m")], **SHARE)
    result = now(row, A="5/20 sex=f:1/10 sex=m:4/10", B="90/100 sex=f:90/100")
    assert result["cells"] == {
        "sex=f": {"value": D("82.7273"), "numerator": 91, "denominator": 110},
        "sex=m": {"value": 40, "numerator": 4, "denominator": 10},
    }
    assert (result["numerator"], result["denominator"]) == (95, 120)


def test_a_cell_that_was_reported_as_zero_is_there() -> None:
    row = an_indicator(splits=[a_split("f", "m")])
    assert now(row, A="1 sex=f:0 sex=m:1")["cells"]["sex=f"] == {"value": 0}


def test_a_status_stands_with_its_inputs_and_the_version_of_the_rules() -> None:
    result = now(an_indicator(targets="10@1 30", tolerance="0.5"), A="5", B="-")
    assert result["rules_version"] == RULES_VERSION
    told = {name: result["inputs"][name] for name in ("actual", "target", "expected", "coverage")}
    assert told == {"actual": 5, "target": 30, "expected": 10, "coverage": D("0.5")}
    assert result["inputs"]["tolerance"] == "0.5"
    assert result["inputs"]["observation_state"] == "value"


@pytest.mark.parametrize("closed", [SMALL, RESTRICTED])
def test_how_a_protected_status_came_about_is_not_told(closed: Fields) -> None:
    result = now(an_indicator(targets="900@1 1000", **closed), MM="777")
    assert {"progress", "pace", "inputs"} & set(result) == set()
    assert result["status"] == "at_risk"
    assert "777" not in canonical(result)


def test_control_the_same_of_an_open_one_is_told() -> None:
    result = now(an_indicator(targets="900@1 1000"), MM="777")
    assert {"progress", "pace", "inputs"} <= set(result)
    assert "777" in canonical(result)


def test_the_status_of_a_protected_indicator_is_that_of_the_true_figure() -> None:
    """Rounded figures would move it: 8 hidden as <10, 12 shown as 10."""
    for said in ("6", "8", "9.5", "12"):
        open_one, closed = (
            now(an_indicator(targets="10@1 100", **kind), MM=said) for kind in ({}, SMALL)
        )
        assert closed["status"] == open_one["status"]


said_figures = st.lists(st.integers(0, 500), min_size=1, max_size=5)


@few
@given(st.lists(said_figures, min_size=1, max_size=4))
def test_what_happened_is_the_sum_of_everything_said(figures: list[list[int]]) -> None:
    said = {f"M{n}": " | ".join(map(str, row)) for n, row in enumerate(figures)}
    result = now(an_indicator(), **said)
    assert result["value"] == sum(sum(row) for row in figures)


@few
@given(said_figures, st.permutations(["A", "B", "C"]))
def test_the_order_in_which_institutions_are_told_of_changes_nothing(
    figures: list[int], order: list[str]
) -> None:
    said = {code: " | ".join(str(n + 3 * k) for n in figures) for k, code in enumerate("ABC")}
    row = an_indicator(targets="100", splits=[a_split("f")])
    assert now(row, **{code: said[code] for code in order}) == now(row, **said)


@few
@given(st.lists(st.sampled_from(["5", "-", "na", "."]), min_size=2, max_size=6))
def test_no_more_report_than_are_asked(said: list[str]) -> None:
    for result in judged(an_indicator(), A=" | ".join(said), B=" | ".join(reversed(said))):
        coverage = result["coverage"]
        assert 0 <= coverage["reported"] <= coverage["expected"] <= 2
        assert result["inputs"]["coverage"] == (
            D(coverage["reported"]) / coverage["expected"]
        ).quantize(D("0.0001"))
