"""What must hold inside one line, and what about a figure is only worth a question."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from indicators.choices import CellLayout, Direction, Kind, OverUnits, TotalRule, ValueMeaning
from indicators.faults import FaultCode
from indicators.models import Indicator
from reports import checks
from reports.checks import line_faults, total_name
from reports.errors import Faulty
from reports.models import Line, Observation
from reports.plausible import Said, doubts_of
from reports.review_figures import is_whole, off_course
from reports.services import save_line
from tests.conftest import World
from tests.reports.loose import dimension, indicator, told

SEX = dimension("sex", "f", "m")
AGE = dimension("age", "young", "old")
OPEN = dimension("need", "food", "home", rule=TotalRule.OPEN)
CROSSED: dict[str, Any] = {"cell_layout": CellLayout.CROSSED}


def faults_of(row: Indicator, figures: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(f.cell, f.field, f.text) for f in line_faults(row, told(figures))]


BAD_SUM = "Total: the value is {}, but its parts ({}) add up to {}."
TOO_BIG = "{}: the value {} is larger than that of the total, {}."

FAULTY: list[tuple[str, Indicator, dict[str, Any], list[tuple[str, str, str]]]] = [
    (
        "parts below their total",
        indicator(Kind.COUNT, SEX),
        {"": 10, "sex=f": 4, "sex=m": 5},
        [("", "value", BAD_SUM.format(10, "F, M", 9))],
    ),
    (
        "parts above their total",
        indicator(Kind.COUNT, SEX),
        {"": 10, "sex=f": 6, "sex=m": 5},
        [("", "value", BAD_SUM.format(10, "F, M", 11))],
    ),
    (
        "a part above its total",
        indicator(Kind.COUNT, SEX),
        {"": 3, "sex=f": 4, "sex=m": 0},
        [
            ("sex=f", "value", TOO_BIG.format("F", 4, 3)),
            ("", "value", BAD_SUM.format(3, "F, M", 4)),
        ],
    ),
    (
        "a part above its total while the other is blank",
        indicator(Kind.COUNT, SEX),
        {"": 3, "sex=f": 4},
        [("sex=f", "value", TOO_BIG.format("F", 4, 3)), ("", "value", BAD_SUM.format(3, "F", 4))],
    ),
    (
        "a part above its total where parts may leave somebody out",
        indicator(Kind.COUNT, OPEN),
        {"": 3, "need=food": 4, "need=home": 3},
        [("need=food", "value", TOO_BIG.format("FOOD", 4, 3))],
    ),
    (
        "parts of a total of zero",
        indicator(Kind.COUNT, SEX),
        {"": 0, "sex=f": 0, "sex=m": 1},
        [
            ("sex=m", "value", TOO_BIG.format("M", 1, 0)),
            ("", "value", BAD_SUM.format(0, "F, M", 1)),
        ],
    ),
    (
        "the second of two dimensions",
        indicator(Kind.REGISTER, SEX, AGE),
        {"": 4, "sex=f": 2, "sex=m": 2, "age=young": 1, "age=old": 2},
        [("", "value", BAD_SUM.format(4, "YOUNG, OLD", 3))],
    ),
    (
        "crossed parts",
        indicator(Kind.COUNT, SEX, AGE, **CROSSED),
        {"": 4, **{f"sex={s};age={a}": 2 for s in "fm" for a in ("young", "old")}},
        [("", "value", BAD_SUM.format(4, "F · YOUNG, F · OLD, M · YOUNG, M · OLD", 8))],
    ),
    (
        "a numerator above its denominator",
        indicator(Kind.PERCENTAGE),
        {"": (11, 10)},
        [("", "numerator", "Value: the numerator 11 is larger than the denominator 10.")],
    ),
    (
        "some of nobody",
        indicator(Kind.RATIO),
        {"": (1, 0)},
        [("", "denominator", "Value: the denominator is 0 although the numerator is not.")],
    ),
    (
        "a numerator alone",
        indicator(Kind.PERCENTAGE),
        {"": (1, None)},
        [("", "denominator", "Value: the denominator is missing.")],
    ),
    (
        "both halves of a split percentage",
        indicator(Kind.PERCENTAGE, SEX),
        {"": (3, 10), "sex=f": (1, 5), "sex=m": (1, 6)},
        [
            ("", "numerator", "Total: the numerator is 3, but its parts (F, M) add up to 2."),
            ("", "denominator", "Total: the denominator is 10, but its parts (F, M) add up to 11."),
        ],
    ),
    (
        "a part's numerator above its own denominator",
        indicator(Kind.PERCENTAGE, SEX),
        {"": (6, 10), "sex=f": (6, 5), "sex=m": (0, 5)},
        [("sex=f", "numerator", "F: the numerator 6 is larger than the denominator 5.")],
    ),
]


@pytest.mark.parametrize(
    ("row", "figures", "found"), [c[1:] for c in FAULTY], ids=[c[0] for c in FAULTY]
)
def test_each_fault_names_its_cell_its_field_and_both_figures(
    row: Indicator, figures: dict[str, Any], found: list[tuple[str, str, str]]
) -> None:
    assert faults_of(row, figures) == found


FINE: list[tuple[str, Indicator, dict[str, Any]]] = [
    ("nothing was answered", indicator(Kind.COUNT, SEX), {}),
    ("parts that add up", indicator(Kind.COUNT, SEX), {"": 9, "sex=f": 4, "sex=m": 5}),
    ("zero and its parts", indicator(Kind.COUNT, SEX), {"": 0, "sex=f": 0, "sex=m": 0}),
    ("a blank part may be the rest", indicator(Kind.COUNT, SEX), {"": 9, "sex=f": 4}),
    ("parts without a total", indicator(Kind.COUNT, SEX), {"sex=f": 4, "sex=m": 5}),
    (
        "a part that is withheld",
        indicator(Kind.COUNT, SEX),
        {"": 9, "sex=f": 4, "sex=m": "withheld"},
    ),
    (
        "parts may leave somebody out",
        indicator(Kind.COUNT, OPEN),
        {"": 9, "need=food": 1, "need=home": 2},
    ),
    ("parts may overlap", indicator(Kind.COUNT, OPEN), {"": 9, "need=food": 8, "need=home": 7}),
    (
        "no total is known",
        indicator(Kind.COUNT, SEX),
        {"": "not_available", "sex=f": 1, "sex=m": 1},
    ),
    ("a cell that is not asked for", indicator(Kind.COUNT, SEX), {"": 1, "sex=f": 1, "age=old": 9}),
    ("scores do not add up", indicator(Kind.SCORE, SEX), {"": 3, "sex=f": 4, "sex=m": 5}),
    ("milestones neither", indicator(Kind.MILESTONE, SEX), {"": 1, "sex=f": 4, "sex=m": 5}),
    ("all of everybody", indicator(Kind.PERCENTAGE), {"": (10, 10)}),
    ("none of nobody", indicator(Kind.PERCENTAGE), {"": (0, 0)}),
    ("a ratio may be above one", indicator(Kind.RATIO), {"": (11, 10)}),
    ("a denominator alone says nothing wrong", indicator(Kind.PERCENTAGE), {"": (None, 10)}),
    ("decimals are exact", indicator(Kind.AMOUNT, SEX), {"": 3, "sex=f": 1, "sex=m": 2}),
]


@pytest.mark.parametrize(("row", "figures"), [c[1:] for c in FINE], ids=[c[0] for c in FINE])
def test_what_holds_has_no_fault(row: Indicator, figures: dict[str, Any]) -> None:
    assert faults_of(row, figures) == []


def test_a_tenth_and_two_tenths_are_three_tenths() -> None:
    """As binary fractions they would not be."""
    row, cells = indicator(Kind.AMOUNT, SEX), ("", "sex=f", "sex=m")
    for total, count in (("0.3", 0), ("0.3001", 1)):
        figures = [Decimal(total), Decimal("0.1"), Decimal("0.2")]
        answers = {c: Observation(cell=c, value=v) for c, v in zip(cells, figures)}
        assert len(line_faults(row, answers)) == count


def test_the_whole_is_called_as_in_the_form_and_in_the_readers_language() -> None:
    for language, names in (("en", ["Value", "Total"]), ("sq", ["Vlera", "Gjithsej"])):
        with override(language):
            assert [total_name(indicator()), total_name(indicator(Kind.COUNT, SEX))] == names


def test_every_fault_a_line_can_have_has_its_sentence_in_both_languages() -> None:
    sentences = {}
    for language in ("en", "sq"):
        with override(language):
            sentences[language] = {t for c in FAULTY for _c, _f, t in faults_of(c[1], c[2])}
    assert len(sentences["en"]) == len(sentences["sq"]) == 16
    assert not sentences["en"] & sentences["sq"]
    of_other_checks = {FaultCode.NOT_ITS_FRACTION, FaultCode.RUNNING_TOTAL_FELL}
    assert len(set(FaultCode) - of_other_checks) == 5


def test_the_service_keeps_nothing_of_a_line_with_a_fault(world: World) -> None:
    line = Line.objects.select_related("report__period__plan", "indicator").get(
        report=world.report, indicator=world.share
    )
    half = Observation(cell="", numerator=Decimal(3))
    with pytest.raises(Faulty) as refused:
        save_line(line, by=world.contributor, version=0, answers=[half], rating=None)
    assert str(refused.value) == "Value: the denominator is missing."
    line.refresh_from_db()
    assert (line.version, Observation.objects.count()) == (0, 0)


def test_control_without_the_check_of_the_table_parts_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "check_table", lambda *_cells, **_more: [])
    assert faults_of(FAULTY[0][1], FAULTY[0][2]) == []


RUNNING: dict[str, Any] = {"value_meaning": ValueMeaning.RUNNING_TOTAL}
LEVEL: dict[str, Any] = {"value_meaning": ValueMeaning.SNAPSHOT}
RANGE: dict[str, Any] = {"floor": Decimal(5), "ceiling": Decimal(20)}
KEEP: dict[str, Any] = {**LEVEL, "direction": Direction.MAINTAIN, "tolerance": Decimal(2)}
FELL = "Value: the running total fell from {1} to {0}."
TWICE = "Value: {0} is more than twice the value before, {1}."
HALF = "Value: {0} is less than half the value before, {1}."
LOW = "Value: {0} is below the lowest plausible value, {1}."
HIGH = "Value: {0} is above the highest plausible value, {1}."
UNUSUAL: list[tuple[dict[str, Any], str, str | None, list[str]]] = [
    # indicator, value, the one before, what is said
    (RANGE, "4.9999", None, [LOW.format("4.9999", 5)]),
    (RANGE, "5", None, []),
    (RANGE, "20", None, []),
    (RANGE, "20.0001", None, [HIGH.format("20.0001", 20)]),
    (RANGE, "0", None, [LOW.format(0, 5)]),
    ({"floor": Decimal(0)}, "-1", None, [LOW.format("-1", 0)]),
    ({}, "1000000", None, []),
    (RUNNING, "9", "10", [FELL.format(9, 10)]),
    (RUNNING, "10", "10", []),
    (RUNNING, "0", "1", [FELL.format(0, 1)]),
    (RUNNING, "21", "10", [TWICE.format(21, 10)]),
    ({}, "40", "20", []),
    ({}, "40.0001", "20", [TWICE.format("40.0001", 20)]),
    ({}, "15", "30", []),
    ({}, "14.9999", "30", [HALF.format("14.9999", 30)]),
    ({}, "0", "30", [HALF.format(0, 30)]),
    ({}, "50", "0", []),
    # Chance alone makes three of one: counts may differ by ten without a question.
    ({}, "3", "1", []),
    ({}, "12", "2", []),
    ({}, "12.0001", "2", [TWICE.format("12.0001", 2)]),
    ({}, "0", "10", []),
    (RANGE, "30", "10", [HIGH.format(30, 20), TWICE.format(30, 10)]),
]


@pytest.mark.parametrize(("fields", "value", "previous", "said"), UNUSUAL)
def test_what_is_unusual_is_said_and_forbids_nothing(
    fields: dict[str, Any], value: str, previous: str | None, said: list[str]
) -> None:
    row = indicator(**fields)
    before = [Observation(value=Decimal(previous))] if previous else []
    now = Said(row, told({"": Decimal(value)}))
    found = doubts_of([now], {(row.pk, ""): before}, [])
    assert [doubt.text for doubt in found.get(row.pk, [])] == said


def test_an_answer_of_yes_or_no_is_never_unusual() -> None:
    row = indicator(Kind.YES_NO, **RUNNING, **RANGE)
    now = Said(row, told({"": Decimal(0)}))
    assert doubts_of([now], {(row.pk, ""): [Observation(value=Decimal(1))]}, []) == {}
    assert off_course(row, Decimal(0), Decimal(1)) == []


COURSE: list[tuple[dict[str, Any], str | None, str, list[str]]] = [
    # indicator, value, expected by now, what is said
    (LEVEL, "7", "8", ["Behind the expected 8"]),
    (LEVEL, "8", "8", []),
    ({**LEVEL, "tolerance": Decimal(1)}, "7", "8", []),
    ({**LEVEL, "tolerance": Decimal(1)}, "6.9", "8", ["Behind the expected 8"]),
    ({**LEVEL, "direction": Direction.DECREASE}, "9", "8", ["Behind the expected 8"]),
    ({**LEVEL, "direction": Direction.DECREASE}, "7", "8", []),
    ({**LEVEL, "direction": Direction.NONE}, "1", "8", []),
    (KEEP, "6", "8", []),
    (KEEP, "10", "8", []),
    (KEEP, "10.1", "8", ["Away from the level to keep, 8"]),
    (KEEP, "5.9", "8", ["Away from the level to keep, 8"]),
    (RANGE, None, "8", []),
]


@pytest.mark.parametrize(("fields", "value", "expected", "said"), COURSE)
def test_a_value_behind_its_course_is_said(
    fields: dict[str, Any], value: str | None, expected: str, said: list[str]
) -> None:
    figure = None if value is None else Decimal(value)
    assert off_course(indicator(**fields), figure, Decimal(expected)) == said


@pytest.mark.parametrize(
    ("fields", "institutions", "whole"),
    [
        (LEVEL, 1, True),
        (LEVEL, 2, False),
        ({**LEVEL, "over_units": OverUnits.NATIONAL_ONLY}, 2, True),
        (RUNNING, 1, True),
        ({}, 1, False),
    ],
)
def test_only_a_whole_figure_is_held_against_the_plans_course(
    fields: dict[str, Any], institutions: int, whole: bool
) -> None:
    row = indicator(**fields)
    assert is_whole(row, institutions) is whole
    found = off_course(row, Decimal(1), Decimal(8)) if is_whole(row, institutions) else []
    assert bool(found) is whole
