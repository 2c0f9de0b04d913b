"""The data-gap register: what is missing, of whom, for how long, and why."""

from typing import Any

import pytest
from django.utils.translation import override

from indicators.choices import ObservationState
from publishing.choices import GapKind
from publishing.reading import Parts
from publishing.reading.answers import given_of, owed_by_all
from publishing.reading.register import Hole, kinds, register
from tests.publishing import plain

QUARTERS = [f"2026-Q{n}" for n in (1, 2, 3, 4)]
Data = dict[str, Any]
OTHER = {"target": plain.target("10"), "known": {"state": "known", "value": "1", "date": None}}


def sound(code: str = "I1", who: str = "MM", **more: Any) -> Data:
    """An indicator that lacks nothing: with a target and a start."""
    return plain.indicator(code, plain.target("10"), who=who, **more)


def lived(row: Data, *said: str, who: str = "MM", marks: str = "", **more: Any) -> Parts:
    """What one institution said of an indicator, quarter by quarter.

    `5` a figure, `na` `nap` `wh` no figure, `gone` a report that is missing, `-` nothing was owed;
    `marks` names the quarters in which it is incomplete.
    """
    states = {"na": "not_available", "nap": "not_applicable", "wh": "withheld"}
    code, reports, missing, judged = row["code"], [], [], []
    for quarter, told in zip(QUARTERS, said, strict=False):
        if told == "gone":
            missing.append(plain.missing(who, quarter))
        elif told != "-":
            answer = plain.silent(states[told], "No books.") if told in states else plain.said(told)
            closed = row["sensitivity"] == "restricted"
            answers = [] if closed else [answer]
            reports.append(plain.report(who, quarter, plain.line(code, *answers)))
        status = "not_due" if told == "-" else "on_track"
        caution = ["incomplete"] if quarter[-1] in marks else []
        judged.append(plain.judged(code, quarter, status, marks=caution))
    return plain.read(
        QUARTERS[len(said) - 1],
        indicators=[row],
        periods=[plain.quarter(quarter) for quarter in QUARTERS[: len(said)]],
        reports=reports,
        missing=missing,
        assessments=judged,
        **more,
    )


def told(holes: list[Hole]) -> list[str]:
    """Each entry in a few words: the kind, the quarter, and for how long."""
    return [
        " ".join(
            [hole.kind.value]
            + ([hole.quarter.code[-2:]] if hole.quarter else [])
            + ([str(hole.running)] if hole.running else [])
        )
        for hole in holes
    ]


FIGURES = [
    (("5", "0"), []),
    (("na",), ["never", "not_available Q1 1"]),
    (("5", "na"), ["not_available Q2 1"]),
    (("5", "nap"), ["not_applicable Q2 1"]),
    (("5", "wh"), ["withheld Q2 1"]),
    (("5", "gone"), ["no_report Q2 1"]),
    (("5", "na", "gone", "wh"), ["withheld Q4 3", "no_report Q3 2", "not_available Q2 1"]),
    (("na", "5", "na"), ["not_available Q3 1", "not_available Q1 1"]),
    (("na", "-", "na", "5"), ["not_available Q3 2", "not_available Q1 1"]),
    (("-", "-"), []),
    (("5", "-", "gone"), ["no_report Q3 1"]),
]


@pytest.mark.parametrize(("said", "holes"), FIGURES)
def test_each_figure_that_is_not_there_is_told_newest_first_with_how_long(
    said: tuple[str, ...], holes: list[str]
) -> None:
    assert told(register(lived(sound(), *said))) == holes


def test_a_missing_report_of_who_is_not_responsible_is_no_gap() -> None:
    parts = lived(sound(), "5", who="MM")
    parts.missing.extend(lived(sound(who="MB"), "gone", who="MB").missing)
    assert told(register(parts)) == []


def test_institutions_are_counted_apart() -> None:
    row = sound(who="MB MM")
    parts = plain.read(
        indicators=[row],
        reports=[
            plain.report("MM", QUARTERS[0], plain.line("I1", plain.silent())),
            plain.report("MM", QUARTERS[1], plain.line("I1", plain.silent())),
            plain.report("MB", QUARTERS[0], plain.line("I1", plain.said("5"))),
        ],
        missing=[plain.missing("MB", QUARTERS[1])],
        assessments=[plain.judged("I1", quarter, "on_track") for quarter in QUARTERS[:2]],
    )
    found = [(h.institution and h.institution.code, h.running) for h in register(parts)]
    assert found == [("MM", 2), ("MB", 1), ("MM", 1)]


NOT_SENT = "Its report is not in this edition: not sent, or being corrected."
WITH_COALITION = "Its report is not in this edition: it was sent and is with the coalition."
REASONS = [("na", "No books."), ("gone", NOT_SENT)]


@pytest.mark.parametrize(("said", "reason"), REASONS)
def test_the_reason_is_the_institutions_own_or_says_where_the_report_is(
    said: str, reason: str
) -> None:
    [hole] = register(lived(sound(), "5", said))
    assert hole.reason == reason


def test_a_report_that_lies_with_the_coalition_is_said_to() -> None:
    parts = plain.read(
        indicators=[sound()],
        missing=[plain.missing("MM", QUARTERS[1], "coalition")],
        assessments=[
            plain.judged("I1", QUARTERS[0], "not_due"),
            plain.judged("I1", QUARTERS[1], "no_data"),
        ],
    )
    assert [(hole.kind, hole.reason) for hole in register(parts)] == [
        (GapKind.NEVER, "It was due, and no institution ever gave a figure."),
        (
            GapKind.NO_REPORT,
            WITH_COALITION,
        ),
    ]


def test_an_answer_by_parts_alone_is_a_figure() -> None:
    parts = plain.read(
        indicators=[sound()],
        reports=[plain.report("MM", QUARTERS[0], plain.line("I1", plain.said("5", "sex=f")))],
        assessments=[plain.judged("I1", QUARTERS[0], "on_track")],
    )
    assert register(parts) == []


WHOLE = [
    (sound(), []),
    (plain.indicator(), ["no_target"]),
    (sound(baseline={"state": "unknown", "value": None, "date": None, "source": ""}),
     ["no_baseline"]),
    (plain.indicator(baseline={"state": "unknown", "value": None, "date": None, "source": ""}),
     ["no_target", "no_baseline"]),
    (plain.indicator(kind="narrative"), []),
]  # fmt: skip


@pytest.mark.parametrize(("row", "holes"), WHOLE)
def test_what_an_indicator_lacks_as_a_whole_is_told_once(row: Data, holes: list[str]) -> None:
    assert told(register(lived(row, "5", "5"))) == holes


def test_before_any_edition_what_the_plan_lacks_is_told() -> None:
    parts = plain.read(indicators=[plain.indicator()], periods=[], assessments=[])
    assert told(register(parts)) == ["no_target"]


def test_never_any_figure_means_that_it_was_due() -> None:
    assert told(register(lived(sound(), "-", "-"))) == []
    assert told(register(lived(sound(), "-", "gone"))) == ["never", "no_report Q2 1"]


INCOMPLETE = [
    ("", []),
    ("2", ["incomplete Q2 1"]),
    ("23", ["incomplete Q3 2", "incomplete Q2 1"]),
    ("13", ["incomplete Q3 1", "incomplete Q1 1"]),
]


@pytest.mark.parametrize(("marks", "holes"), INCOMPLETE)
def test_incomplete_figures_are_gaps_of_the_whole_country(marks: str, holes: list[str]) -> None:
    found = register(lived(sound(), "5", "5", "5", marks=marks))
    assert told(found) == holes
    assert {hole.institution for hole in found} <= {None}
    assert {hole.reason for hole in found} <= {"A denominator or an earlier quarter is missing."}


def test_of_a_restricted_indicator_only_a_missing_report_is_told() -> None:
    """Neither that it has no target nor its start: an edition holds none of them."""
    row = plain.indicator("X1", sensitivity="restricted", baseline=OTHER["known"] | {"source": ""})
    found = register(lived(row, "na", "gone", "5", marks="23"))
    assert told(found) == ["no_report Q2 1"]
    assert found[0].reason == NOT_SENT


def test_the_reasons_are_in_the_readers_language_also_when_the_edition_is_kept() -> None:
    [hole] = register(lived(sound(), "5", marks="1"))
    with override("sq"):
        told = hole.reason
    assert "tremujor" in told
    assert hole.reason == "A denominator or an earlier quarter is missing."


def test_kinds_are_counted_in_their_order_and_only_those_that_occur() -> None:
    found = register(lived(plain.indicator(), "na", "gone", "na"))
    assert kinds(found) == [
        (GapKind.NO_REPORT, 1),
        (GapKind.NOT_AVAILABLE, 2),
        (GapKind.NEVER, 1),
        (GapKind.NO_TARGET, 1),
    ]
    assert kinds([]) == []


COVERAGE = [
    (("5", "0"), (2, 2)),
    (("5", "na"), (1, 2)),
    (("gone", "5", "gone"), (1, 3)),
    (("-", "-"), (0, 0)),
]


@pytest.mark.parametrize(("said", "numbers"), COVERAGE)
def test_figures_given_are_counted_of_those_owed(
    said: tuple[str, ...], numbers: tuple[int, int]
) -> None:
    assert given_of(owed_by_all(lived(sound(), *said))) == numbers


def test_restricted_figures_are_in_neither_number() -> None:
    row = sound(sensitivity="restricted")
    assert given_of(owed_by_all(lived(row, "5", "gone", "na"))) == (0, 0)


def test_an_answer_that_is_not_there_has_no_state() -> None:
    first, second = owed_by_all(lived(sound(), "na", "gone"))
    assert (first.state, first.is_given) == (ObservationState.NOT_AVAILABLE, False)
    assert (second.state, second.is_given, second.answer) == (None, False, None)
