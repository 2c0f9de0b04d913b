"""Why something needs attention next, what is missing, and what comes after an edition."""

from datetime import date
from typing import Any

import pytest

from publishing.priorities import missing_of, reasons, well_sentence
from publishing.reading import Parts
from publishing.reading.ahead import ahead_of, next_quarter, next_targets
from tests.publishing import plain

Q1, Q2 = "2026-Q1", "2026-Q2"


def parts(status: str = "off_track", **more: Any) -> Parts:
    reports = [plain.report("MM", Q2, plain.line("I1", plain.said("9"), coalition="off_track"))]
    told = plain.judged("I1", Q2, status, "9", **more)
    return plain.read(indicators=[plain.indicator("I1")], assessments=[told], reports=reports)


def why(status: str = "off_track", **more: Any) -> list[str]:
    return [text.replace("\u00a0", " ") for text in reasons(parts(status, **more).indicators["I1"])]


SEEN = "Ministry MM sees it as “On track”, the coalition as “Off track”."
PACES = [
    ({"pace": "0.36"}, "It has gone 36 % of the way that was due by now."),
    ({"pace": "0"}, "Nothing of the way that was due by now has been gone."),
    ({"pace": "-0.2"}, "Nothing of the way that was due by now has been gone."),
    ({"pace": "0.3", "status": "regressing"}, "It is worse than where it started."),
    ({"status": "not_met"}, "Its target is not reached, and where it started is unknown."),
]


@pytest.mark.parametrize(("told", "sentence"), PACES)
def test_the_pace_is_told_first(told: Any, sentence: str) -> None:
    assert why(**told) == [sentence, SEEN]


def test_age_coverage_and_missing_parts_are_told() -> None:
    marks = ["provisional", "stale", "incomplete"]
    coverage = {"reported": 1, "expected": 2}
    assert why(marks=marks, coverage=coverage) == [
        "Its figure is older than one quarter.",
        "1 of 2 institutions reported.",
        "A part of its figure is missing.",
        SEEN,
    ]


def test_nothing_is_said_of_what_an_edition_does_not_tell() -> None:
    found = plain.read(indicators=[plain.indicator("I1")])
    assert reasons(found.indicators["I1"]) == []
    assert why() == [SEEN]


def gappy() -> Parts:
    rows = [plain.indicator(code, who="MM MB") for code in ("I1", "I2", "I3")]
    rows.append(plain.indicator("R1", who="MM MB", sensitivity="restricted"))
    told = [plain.judged(code, Q2, "on_track") for code in ("I1", "I2", "R1")]
    told.append(plain.judged("I3", Q2, "not_due"))
    lines = [plain.line("I1", plain.said("1")), plain.line("I2", plain.silent()), plain.line("R1")]
    return plain.read(
        indicators=rows,
        assessments=told,
        reports=[plain.report("MM", Q2, *lines)],
        missing=[plain.missing("MB", Q2)],
    )


def test_gaps_are_counted_beside_everything_that_was_due() -> None:
    found = missing_of(gappy(), Q2)
    assert (len(found.gaps), found.due, found.share) == (3, 4, pytest.approx(0.75))
    assert found.sentence == "3 of 4 figures that were due are missing."


def test_where_nothing_was_due_nothing_is_missing() -> None:
    found = missing_of(plain.read(), Q2)
    assert (found.gaps, found.due, found.share) == ([], 0, None)


def test_the_trend_is_told_in_a_sentence() -> None:
    told = [
        ("I1", Q1, "on_track"),
        ("I1", Q2, "met"),
        ("I2", Q1, "off_track"),
        ("I2", Q2, "achieved"),
    ]
    rows = [plain.indicator("I1"), plain.indicator("I2")]
    found = plain.read(indicators=rows, assessments=[plain.judged(*row) for row in told])
    assert well_sentence(found) == (
        "Achieved, met or on track: 2 of 2 indicators; one quarter before: 1."
    )


QUARTERS = [
    (
        ("2026-Q2", "2026-04-01", "2026-06-30", "2026-07-30"),
        ("2026-Q3", "2026-09-30", "2026-10-30"),
    ),
    (
        ("2026-Q4", "2026-10-01", "2026-12-31", "2027-01-15"),
        ("2027-Q1", "2027-03-31", "2027-04-15"),
    ),
    (
        ("2027-Q4", "2027-10-01", "2027-12-31", "2028-01-31"),
        ("2028-Q1", "2028-03-31", "2028-05-01"),
    ),
]


@pytest.mark.parametrize(("now", "following"), QUARTERS)
def test_the_next_quarter_has_as_many_days_to_report(
    now: tuple[str, ...], following: tuple[str, ...]
) -> None:
    from publishing.reading.basic import Quarter

    code, *days = now
    year, number = int(code[:4]), int(code[-1])
    told = next_quarter(Quarter(code, year, number, *map(date.fromisoformat, days))).quarter
    assert (told.code, str(told.ends_on), str(told.due_on)) == following


def ahead() -> Parts:
    aims = [
        plain.target("9", "2026-06-30"),
        plain.target("1", "2027-06-30", cell="f"),
        plain.target("20", "2026-12-31"),
        plain.target("25", "2026-12-31", version=2),
        plain.target("80"),
    ]
    actions = [
        plain.action("A1", ends_on="2027-03-31"),
        plain.action("A2", ends_on="2026-06-30"),
        plain.action("A3", ends_on="2026-09-30"),
        plain.action("A4"),
    ]
    rows = [plain.indicator("I2", plain.target("5", "2026-09-30")), plain.indicator("I1", *aims)]
    return plain.read(indicators=[*rows, plain.indicator("I3")], actions=actions)


def test_the_next_target_in_force_of_each_indicator_comes_soonest_first() -> None:
    found = ahead()
    aims = next_targets(found.indicators.values(), found.quarters[Q2])
    assert [(aim.indicator.code, aim.target.value) for aim in aims] == [("I2", 5), ("I1", 25)]


def test_deadlines_are_those_after_the_quarter_of_the_edition() -> None:
    found = ahead()
    told = ahead_of(found, found.quarters[Q2])
    assert [action.code for action in told.actions] == ["A3", "A1"]
    assert told.following.quarter.code == "2026-Q3"
    assert told.plan_ends_on == date(2027, 12, 31)
    assert len(ahead_of(found, found.quarters[Q2], room=1).targets) == 1
