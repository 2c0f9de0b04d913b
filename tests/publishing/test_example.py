"""The live example: judged by the rules, told in words, the same for a reader of each language."""

from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import parse_qs

import pytest
from django.http import QueryDict
from django.utils import translation

from indicators.choices import Status
from publishing.combining import samples
from publishing.example import CASE, Explained, explained, inputs_of, ready, trial_of
from publishing.example_forms import ExampleForm

D = Decimal
PLANS = [("AL", "Plan AL")]
CASE_BY_STATUS = [
    # case, status, progress, pace
    ({}, Status.ON_TRACK, "0.625", "1.25"),
    ({"baseline": "12", "target": "0", "actual": "9", "expected": "6"}, "off_track", "0.25", "0.5"),
    ({"baseline": "12", "target": "0", "actual": "0", "expected": "6"}, "achieved", "1", "2"),
    (
        {
            "baseline": "20",
            "target": "40",
            "actual": "18",
            "expected": "30",
            "direction": "increase",
        },
        "regressing",
        "-0.1",
        "-0.2",
    ),
    (
        {
            "baseline": "30",
            "target": "30",
            "actual": "29",
            "expected": "",
            "direction": "maintain",
            "tolerance": "2",
        },
        "on_track",
        "1",
        None,
    ),
    ({"actual": "15", "coverage": "50"}, "on_track", "1.0625", "2.125"),
    ({"baseline": ""}, "not_met", None, None),
    ({"baseline": "", "actual": "19"}, "met", None, None),
    ({"actual": ""}, "no_data", None, None),
    ({"target": ""}, "reported", None, None),
    ({"actual": "70"}, "at_risk", "0.375", "0.75"),
]


def form_of(language: str = "en", **changed: str) -> ExampleForm:
    with translation.override(language):
        form = ExampleForm({**CASE, **changed}, PLANS)
        form.full_clean()
        return form


def told(**changed: str) -> Explained:
    form = form_of(**changed)
    assert form.errors == {}
    return explained(inputs_of(form.cleaned_data, {}))


def steps(case: Explained) -> Mapping[str, str]:
    return {heading: text.replace("\u00a0", " ") for heading, text in case.steps}


@pytest.mark.parametrize(("changed", "status", "progress", "pace"), CASE_BY_STATUS)
def test_a_case_is_judged_as_the_rules_judge_it(
    changed: Mapping[str, str], status: str, progress: str | None, pace: str | None
) -> None:
    result = told(**changed).result
    assert result.status == status
    assert result.progress == (None if progress is None else D(progress))
    assert result.pace == (None if pace is None else D(pace))


def test_the_well_known_case_is_told_with_its_numbers() -> None:
    assert steps(told()) == {
        "The figure": "The figure is 50. It comes from 100 % of the institutions.",
        "Progress": "(figure − baseline) / (target − baseline) = (50 − 100) / (20 − 100) "
        "= 62.5 % of the way.",
        "Pace": "(figure − baseline) / (expected − baseline) = (50 − 100) / (60 − 100) = 1.25.",
        "Status": "The pace 1.25 is at least 0.95.",
    }


SENTENCES = [
    ({"actual": "70"}, "The pace 0.75 is below 0.95 and at least 0.7."),
    ({"actual": "99"}, "The pace 0.025 is below 0.7."),
    (
        {"actual": "15"},
        "15 is as good as the target 20 or better, and 100 % of the institutions "
        "reported (80 % are enough).",
    ),
    ({"actual": "101"}, "101 is worse than the baseline 100 by more than the tolerance 0."),
    ({"actual": ""}, "Without a figure there is no data to judge."),
    ({"target": ""}, "There is nothing to hold 50 against."),
    ({"baseline": ""}, "The baseline is unknown, and 50 does not meet the target 20."),
    ({"baseline": "", "actual": "20"}, "The baseline is unknown, and 20 meets the target 20."),
]
LEVELS = [
    ("29", {}, "29 is within 2 of 30."),
    ("27", {}, "27 is more than 2 from 30, but not twice as much."),
    ("25", {}, "25 is more than twice 2 from 30."),
    ("29", {"is_final": "on"}, "On the final day 29 is within 2 of 30, and enough reported."),
]


@pytest.mark.parametrize(("changed", "sentence"), SENTENCES)
def test_the_rule_that_held_is_said_in_words(changed: Mapping[str, str], sentence: str) -> None:
    assert steps(told(**changed))["Status"] == sentence


@pytest.mark.parametrize(("actual", "more", "sentence"), LEVELS)
def test_a_level_is_told_by_its_distance(
    actual: str, more: Mapping[str, str], sentence: str
) -> None:
    level = {"baseline": "30", "target": "30", "tolerance": "2", "direction": "maintain"}
    case = told(**level, actual=actual, expected="", **more)
    assert steps(case)["Status"] == sentence
    assert steps(case)["Pace"].startswith("There is none")
    assert "to stay at 30 within 2" in steps(case)["Progress"]


def test_low_coverage_is_a_caution_with_its_share() -> None:
    assert steps(told(coverage="50"))["Caution"] == (
        "Only 50 % of the institutions reported; below 80 % it is provisional."
    )
    assert "Caution" not in steps(told(coverage="80"))


def test_where_nothing_was_due_yet_it_is_said() -> None:
    case = told(expected="100", actual="100")
    assert steps(case)["Pace"] == "Nothing was due by then, so the pace is 1."


def test_a_blank_expected_value_is_read_from_the_days() -> None:
    days = {"since": "2024-01-01", "until": "2026-01-01", "at": "2025-01-01"}
    case = told(expected="", **days)
    assert case.inputs.expected == D(100) - D(80) * 366 / 731
    assert told(expected="60", **days).inputs.expected == 60
    assert told(expected="", since="2024-01-01").inputs.expected is None


def test_blank_is_never_zero() -> None:
    inputs = told(baseline="", actual="", tolerance="", coverage="").inputs
    assert (inputs.start, inputs.actual, inputs.coverage) == (None, None, 1)
    assert (told(baseline="0").inputs.start, told(actual="0").inputs.actual) == (0, 0)


def test_the_thresholds_of_a_plan_hold_where_it_is_chosen() -> None:
    data = form_of(actual="55").cleaned_data
    strict = {"on_track_at": D("1.2"), "at_risk_at": D(1), "coverage_at": D("0.5")}
    case = explained(inputs_of(data, strict))
    assert case.result.status is Status.AT_RISK
    assert steps(case)["Status"] == "The pace 1.125 is below 1.2 and at least 1."


def test_the_drawing_goes_from_the_start_through_the_figure_to_the_target() -> None:
    chart = told().chart
    assert chart is not None
    assert [(m.label, m.value) for m in chart.marks] == [("Baseline", 100), ("Reported", 50)]
    assert len(chart.expected[0].split()) == 3
    assert told(actual="").chart is None


WRONG = [
    ({"actual": "abc"}, "actual", "“abc” has letters in it."),
    ({"actual": "1,5"}, "actual", "In this language the decimal sign is a point: write 1.5."),
    ({"tolerance": "-1"}, "tolerance", "Write a number of 0 or more."),
    ({"coverage": "101"}, "coverage", "Write a number from 0 to 100."),
    ({"since": "2024-02-30"}, "since", "Choose a day that exists."),
    ({"direction": "sideways"}, "direction", "Select a valid choice."),
    ({"plan": "XX"}, "plan", "Select a valid choice."),
    ({"baseline": "9" * 40}, "baseline", "The number has more than 15 digits."),
]


@pytest.mark.parametrize(("changed", "name", "sentence"), WRONG)
def test_what_cannot_be_read_gets_a_sentence(
    changed: Mapping[str, str], name: str, sentence: str
) -> None:
    errors = form_of(**changed).errors
    assert list(errors) == [name]
    assert errors[name][0].startswith(sentence)


def test_an_address_written_in_one_language_reads_in_the_other() -> None:
    english = form_of("en", actual="1250.5", written="en")
    albanian = form_of("sq", actual="1250.5", written="en")
    assert english.cleaned_data["actual"] == albanian.cleaned_data["actual"] == D("1250.5")
    assert albanian["actual"].value() == "1\u00a0250,5"
    assert albanian["written"].value() == "sq"
    back = form_of("en", actual="1250,5", written="sq")
    assert back.cleaned_data["actual"] == D("1250.5")


def test_what_cannot_be_read_in_its_language_stays_as_it_was_typed() -> None:
    form = form_of("sq", actual="12..5", written="en")
    assert form["actual"].value() == "12..5"
    assert "actual" in form.errors
    assert form_of("en", actual="50", written="<x>").errors == {}


def test_every_ready_example_can_be_computed_and_shows_another_thing() -> None:
    found = []
    for _label, address in ready():
        form = ExampleForm(QueryDict(address).dict(), PLANS)
        assert form.is_valid()
        case = explained(inputs_of(form.cleaned_data, {}))
        found.append((case.result.status, case.result.marks))
        assert parse_qs(address)["written"] == ["en"]
    assert len(found) == 8
    assert {str(status) for status, _marks in found} == {
        *("on_track", "off_track", "achieved", "regressing", "not_met")
    }


def test_samples_are_combined_by_the_rules_themselves() -> None:
    made = {sample.title: (sample.whole.value, sample.coverage) for sample in samples()}
    assert made["Running totals"] == (16, D("0.5"))
    assert made["Levels"] == (32, 1)
    share, coverage = made["Percentages"]
    assert (round(share or D(0), 1), coverage) == (D("82.7"), 1)


def test_a_missing_figure_of_a_sample_is_a_dash() -> None:
    rows = {sample.title: sample.rows for sample in samples()}
    assert rows["Running totals"] == [("Ministry 1", ["5", "9"]), ("Ministry 2", ["7", "–"])]
    assert rows["Percentages"][1] == ("Ministry 2", ["90 / 100"])


def test_published_inputs_become_the_same_case() -> None:
    figures = {"baseline": "100.0000", "target": "20.0000", "actual": "50.0000"}
    more = {"expected": "60.0000", "tolerance": "0.0000", "coverage": "0.5000"}
    state = {"direction": "decrease", "baseline_state": "known", "is_final": True}
    address = trial_of({**figures, **more, **state}, "AL")
    assert QueryDict(address).dict() == {
        "baseline": "100",
        "target": "20",
        "actual": "50",
        "expected": "60",
        "tolerance": "0",
        "direction": "decrease",
        "coverage": "50",
        "is_final": "on",
        "plan": "AL",
        "written": "en",
    }
    zero = QueryDict(trial_of({**figures, **state, "baseline_state": "zero"}, "AL"))
    unknown = QueryDict(trial_of({**figures, **state, "baseline_state": "unknown"}, "AL"))
    assert (zero["baseline"], "baseline" in unknown) == ("0", False)


def test_where_no_inputs_are_published_there_is_nothing_to_try() -> None:
    assert trial_of(None, "AL") == ""
    assert trial_of({"actual": None}, "AL") == ""
