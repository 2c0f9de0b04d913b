"""What is drawn of an indicator: published figures only, every path, each light in its own row."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from indicators.choices import Mark, Status
from publishing.pictures import bars_of, chart_of, groups_of, lights_of, start_of, ways_of
from publishing.reading import Parts
from publishing.views.indicator import computed_from, quarters_of, sources_of
from reports.choices import RatingValue
from tests.publishing import plain

D = Decimal
Q1, Q2 = "2026-Q1", "2026-Q2"
STARTS = date(2024, 1, 1)
LEVEL = {"value_meaning": "snapshot", "over_time": "latest"}
SEXES = [
    {"key": key, "label": {"en": name}} for key, name in (("", "Total"), ("f", "F"), ("m", "M"))
]


def known(value: str | None = "100", on: str | None = "2024-06-01", state: str = "known") -> Any:
    return {"state": state, "value": value, "date": on, "source": ""}


def parts(*targets: Any, told: Any = (), **more: Any) -> Parts:
    told = told or [plain.judged("I1", Q1, "on_track", "5"), plain.judged("I1", Q2, "at_risk", "9")]
    return plain.read(indicators=[plain.indicator("I1", *targets, **more)], assessments=list(told))


def only(found: Parts) -> Any:
    return found.indicators["I1"]


STARTING = [
    ({}, (STARTS, D(0))),
    ({"baseline": known("0", None, "zero")}, (date(2023, 1, 1), D(0))),
    ({"baseline": known("70")}, (date(2023, 1, 1), D(0))),
    ({**LEVEL, "baseline": known("70")}, (date(2024, 6, 1), D(70))),
    ({**LEVEL, "baseline": known("0", "2024-06-01", "zero")}, (date(2024, 6, 1), D(0))),
    ({**LEVEL, "baseline": known(None, None, "unknown")}, None),
    ({**LEVEL, "baseline": known("70", None)}, None),
    ({**LEVEL, "baseline": known("<10")}, None),
]


@pytest.mark.parametrize(("declared", "start"), STARTING)
def test_a_path_begins_where_the_computation_begins(declared: Any, start: Any) -> None:
    row = only(parts(**declared))
    assert start_of(row, date(2023, 1, 1) if "baseline" in declared else STARTS) == start


def test_each_version_of_the_targets_is_a_path_of_its_own() -> None:
    first, last = plain.target("40", "2026-12-31"), plain.target("80")
    row = only(parts(first, last, plain.target("60", version=2)))
    ways = ways_of(row, (STARTS, D(0)))
    assert [(way.label, way.is_in_force) for way in ways] == [
        ("Earlier path, version 1", False),
        ("Path to the target, version 2, in force", True),
    ]
    values = [[value for _day, value in way.points] for way in ways]
    assert values == [[0, 40, 80], [0, 40, 60]]


def test_one_version_needs_no_number() -> None:
    row = only(parts(plain.target("80")))
    assert [way.label for way in ways_of(row, None)] == ["Path to the target"]
    assert [way.points for way in ways_of(row, None)] == [[(date(2027, 12, 31), D(80))]]


def test_targets_of_a_group_hidden_ones_and_those_before_the_start_are_no_part_of_it() -> None:
    row = only(
        parts(
            plain.target("7", cell="f"),
            plain.target("<10", "2026-12-31"),
            plain.target("5", "2023-01-01"),
            plain.target("80"),
        )
    )
    [way] = ways_of(row, (STARTS, D(0)))
    assert [value for _day, value in way.points] == [0, 80]


def test_a_chart_has_figures_at_the_end_of_their_quarters() -> None:
    found = parts(plain.target("80"))
    chart = chart_of(only(found), found.quarters, STARTS)
    assert [(mark.label, mark.value) for mark in chart.marks] == [("2026 Q1", 5), ("2026 Q2", 9)]
    assert D(chart.marks[0].x) < D(chart.marks[1].x) < 604


def test_a_hidden_figure_has_no_place_in_a_chart() -> None:
    told = [plain.judged("I1", Q1, "on_track", "<10"), plain.judged("I1", Q2, "at_risk", "15")]
    found = parts(told=told, sensitivity="small_counts")
    chart = chart_of(only(found), found.quarters, STARTS)
    assert [mark.value for mark in chart.marks] == [15]
    assert [point.shown for point in chart.points] == ["", ""]


def test_without_any_figure_there_is_nothing_to_draw() -> None:
    told = [plain.judged("I1", Q1, "no_data")]
    found = parts(plain.target("80"), told=told)
    chart = chart_of(only(found), found.quarters, STARTS)
    assert (chart.marks, chart.paths) == ([], ())


def lit(who: str = "MM", **more: Any) -> Parts:
    reports = [
        plain.report("MM", Q1, plain.line("I1", plain.said("5"))),
        plain.report("MM", Q2, plain.line("I1", plain.said("9"), coalition="off_track")),
    ]
    if who != "MM":
        reports.append(plain.report("MB", Q2, plain.line("I1", plain.said("1"), ministry="")))
    told = [
        plain.judged("I1", Q1, "on_track", "5", marks=["provisional"]),
        plain.judged("I1", Q2, "at_risk", "9"),
    ]
    return plain.read(
        indicators=[plain.indicator("I1", who=who, **more)], assessments=told, reports=reports
    )


def test_the_three_lights_stand_in_rows_of_their_own() -> None:
    found = lit()
    matrix = lights_of(only(found), found.quarters)
    assert matrix.columns == ["2026 Q1", "2026 Q2"]
    states = {row.label: [cell.state for cell in row.cells] for row in matrix.rows}
    assert states == {
        "Computed": [Status.ON_TRACK, Status.AT_RISK],
        "The ministry": [RatingValue.ON_TRACK, RatingValue.ON_TRACK],
        "The coalition": [None, RatingValue.OFF_TRACK],
    }


def test_each_computed_light_leads_to_how_it_was_computed() -> None:
    found = lit()
    computed = lights_of(only(found), found.quarters).rows[0].cells
    assert [cell.url for cell in computed] == ["#computed-2026-Q1", "#computed"]
    assert [cell.note.replace("\u00a0", " ") for cell in computed] == ["5 persons", "9 persons"]
    assert [list(cell.marks) for cell in computed] == [[Mark.PROVISIONAL], []]


def test_several_institutions_have_a_row_each_with_their_name() -> None:
    found = lit("MB MM")
    rows = lights_of(only(found), found.quarters).rows
    assert [(row.label, row.note) for row in rows] == [
        ("Computed", ""),
        ("The ministry", "Ministry MB"),
        ("The ministry", "Ministry MM"),
        ("The coalition", "Ministry MB"),
        ("The coalition", "Ministry MM"),
    ]


def test_a_restricted_indicator_shows_its_lights_and_no_figure() -> None:
    found = lit(sensitivity="restricted")
    [first, *_rest] = lights_of(only(found), found.quarters).rows
    assert [cell.note for cell in first.cells] == ["", ""]


def split(*values: tuple[str | None, str | None], sensitivity: str = "public") -> Parts:
    told = [
        plain.judged("I1", quarter, "on_track", "30", cells={"f": {"value": f}, "m": {"value": m}})
        for quarter, (f, m) in zip((Q1, Q2), values, strict=False)
    ]
    return parts(told=told, cells=SEXES, sensitivity=sensitivity)


def test_groups_are_drawn_over_time_on_one_scale_without_the_total() -> None:
    found = split(("20", "10"), ("25", "5"))
    drawn = groups_of(only(found), found.quarters)
    assert drawn is not None
    assert [panel.label for panel in drawn.panels] == ["F", "M"]
    values = [[column.point.value for column in panel.columns] for panel in drawn.panels]
    assert values == [[20, 25], [10, 5]]
    assert bars_of(only(found), found.quarters) is None


def test_a_hidden_group_stands_as_its_text() -> None:
    found = split(("20", "<10"), ("25", None), sensitivity="small_counts")
    drawn = groups_of(only(found), found.quarters)
    assert drawn is not None
    [_women, men] = drawn.panels
    assert [(c.point.value, c.point.shown) for c in men.columns] == [(None, "<10"), (None, "")]


def test_one_quarter_is_drawn_as_bars() -> None:
    found = split(("20", "<10"))
    row = only(found)
    assert groups_of(row, found.quarters) is None
    chart = bars_of(row, found.quarters)
    assert chart is not None
    assert [(bar.category.label, bar.category.value) for bar in chart.bars] == [
        *(("F", 20), ("M", None))
    ]


def test_restricted_groups_and_a_total_alone_are_never_drawn() -> None:
    for found in (split(("20", "10"), ("1", "2"), sensitivity="restricted"), parts()):
        row = only(found)
        assert (groups_of(row, found.quarters), bars_of(row, found.quarters)) == (None, None)


def test_the_reports_behind_the_figures_come_newest_first() -> None:
    found = lit("MB MM")
    sources = [(r.institution.code, r.quarter.code) for r in sources_of(only(found), found)]
    assert sources == [("MM", Q2), ("MB", Q2), ("MM", Q1)]


def test_what_an_old_edition_does_not_say_of_a_computation_stays_unknown() -> None:
    found = parts()
    assert set(vars(computed_from(only(found).now)).values()) == {None}
    assert [view.quarter.code for view in quarters_of(only(found), found.quarters)] == [Q2, Q1]


def test_own_thresholds_are_read_with_their_reason_and_the_plans_are_not_repeated() -> None:
    own = {"on_track_at": "0.9", "at_risk_at": None, "reason": "A slow law."}
    told = only(parts(own_thresholds=own)).thresholds
    assert (told.on_track_at, told.at_risk_at, told.reason) == (D("0.9"), None, "A slow law.")
    none = {"on_track_at": None, "at_risk_at": None, "reason": ""}
    assert only(parts(own_thresholds=none)).thresholds is None
    assert only(parts()).thresholds is None
