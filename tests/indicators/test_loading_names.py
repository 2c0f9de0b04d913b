"""Sheets, headings and faults by their names; cells of an indicator by their keys."""

from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from common.reader import Cell, SheetRows
from indicators.choices import CellLayout
from indicators.loading.checks import is_cell
from indicators.loading.outcome import Outcome
from indicators.loading.problems import Problem, Problems
from indicators.loading.rows import Row, parse
from indicators.loading.shape import BY_NAME, SHEETS, plan_sheets
from indicators.loading.tables import Found, Table, read, tables

CATEGORIES = {"sex": frozenset({"f", "m"}), "age": frozenset({"u25"})}
SEPARATE, CROSSED = CellLayout.SEPARATE, CellLayout.CROSSED
# fmt: off
KEYS = [
    # key                  separate  crossed
    ("",                   True,     True),
    ("sex=f",              True,     False),
    ("age=u25",            True,     False),
    ("sex=f;age=u25",      False,    True),
    ("age=u25;sex=f",      False,    False),
    ("sex=f;sex=m",        False,    False),
    ("sex=f;age=u25;",     False,    False),
    (";sex=f",             False,    False),
    ("sex=x",              False,    False),
    ("sex",                False,    False),
    ("sex=",               False,    False),
    ("=f",                 False,    False),
    ("Sex=f",              False,    False),
    ("sex = f",            False,    False),
    ("sex=f;age=x",        False,    False),
    ("hat=f",              False,    False),
]
# fmt: on


@pytest.mark.parametrize(("key", "separate", "crossed"), KEYS)
def test_a_key_names_a_cell_or_none(key: str, separate: bool, crossed: bool) -> None:
    assert is_cell(key, CATEGORIES, SEPARATE) is separate
    assert is_cell(key, CATEGORIES, CROSSED) is crossed


def test_what_is_not_split_has_its_total_only() -> None:
    for layout in CellLayout:
        assert is_cell("", {}, layout)
        assert not is_cell("sex=f", {}, layout)


# ---------------------------------------------------------------- sheets and headings


def read_rows(name: str, *rows: list[Cell]) -> tuple[list[Table], list[str]]:
    """What is made of a sheet, and what is wrong with it."""
    problems = Problems()
    made = tables([Found(f"{name}.csv", SheetRows(name, list(rows)))], problems)
    with override("en"):
        return made, [str(problem) for problem in problems.in_order()]


MONEY: list[Cell] = ["action", "source", "planned"]
UNKNOWN = "This sheet has no such column."
COLUMNS = "Its columns are: action, source, planned."


@pytest.mark.parametrize("name", ["funding", "Funding", " FUNDING "])
def test_a_sheet_is_found_by_its_name_however_it_is_written(name: str) -> None:
    made, faults = read_rows(name, MONEY, ["A1", "State", "1"])

    assert ([table.sheet.name for table in made], faults) == (["funding"], [])


@pytest.mark.parametrize("name", ["fundings", "Sheet1", "", "plan.csv"])
def test_any_other_sheet_is_refused_with_the_names_there_are(name: str) -> None:
    made, faults = read_rows(name, MONEY)

    assert made == []
    assert faults == [
        f"{name}.csv: This is no sheet of a plan. The sheets are: "
        + ", ".join(sheet.name for sheet in SHEETS)
        + "."
    ]


HEADINGS: list[tuple[list[Cell], list[str]]] = [
    (["Action", " SOURCE ", "planned"], []),
    (["planned", "source", "action"], []),
    ([*MONEY, None, "", None], []),
    (
        [*MONEY, "planed"],
        ["column planed: This sheet has no such column. Perhaps it is “planned”."],
    ),
    ([*MONEY, "hat"], [f"column hat: {UNKNOWN} {COLUMNS}"]),
    ([*MONEY, "id"], [f"column id: {UNKNOWN} {COLUMNS}"]),
    ([*MONEY, "source"], ["column source: This column is there twice."]),
    (
        ["action", "", "source", "planned"],
        [f"column (no heading): {UNKNOWN} {COLUMNS}"],
    ),
    (["action", "source"], ["column planned: This required column is missing."]),
    (
        ["source"],
        [
            "column action: This required column is missing.",
            "column planned: This required column is missing.",
        ],
    ),
]


@pytest.mark.parametrize(("heads", "faults"), HEADINGS)
def test_headings_are_checked_one_by_one(heads: list[Cell], faults: list[str]) -> None:
    _made, found = read_rows("funding", heads)

    assert found == [f"funding.csv, row 1, {fault}" for fault in faults]


def test_an_empty_sheet_lacks_every_column_it_needs() -> None:
    _made, found = read_rows("funding")

    assert found == [
        f"funding.csv, row 1, column {name}: This required column is missing." for name in MONEY
    ]


def test_rows_keep_their_numbers_and_blank_ones_are_left_out() -> None:
    (table,), faults = read_rows(
        "funding", MONEY, [], ["A1", "State", "1"], [None, " ", ""], ["A2", "EU"]
    )

    assert faults == []
    assert table.rows == [
        (3, {"action": "A1", "source": "State", "planned": "1"}),
        (5, {"action": "A2", "source": "EU", "planned": None}),
    ]


def test_what_stands_beside_the_table_is_named_by_its_row() -> None:
    _made, faults = read_rows("funding", MONEY, ["A1", "State", "1", None, "sum"])

    assert faults == ["funding.csv, row 2: There is something to the right of the last column."]


def test_sheets_are_read_in_the_order_in_which_they_build_on_each_other() -> None:
    names = [sheet.name for sheet in SHEETS]
    found = [Found(name, SheetRows(name, [])) for name in reversed(names)]

    assert [table.sheet.name for table in tables(found, Problems())] == names
    for sheet in SHEETS:
        for column in sheet.columns:
            if column.refers:
                assert names.index(column.refers) <= names.index(sheet.name), column


def test_the_sheets_of_one_plan_are_those_that_are_not_shared() -> None:
    shared = {sheet.name for sheet in SHEETS} - {sheet.name for sheet in plan_sheets()}

    assert shared == {"frameworks", "framework_items", "plan", "institutions"}


# ---------------------------------------------------------------- rows


def rows_of(name: str, *cells: dict[str, Cell], country: str | None = "") -> tuple[list[Row], Any]:
    heads = tuple(dict.fromkeys(head for row in cells for head in row))
    table = Table(BY_NAME[name], f"{name}.csv", heads, list(enumerate(cells, start=2)))
    problems = Problems()
    with override("en"):
        return parse(table, problems, country), [str(problem) for problem in problems.found]


def test_a_row_that_stands_twice_is_named_with_the_first() -> None:
    cells: dict[str, Cell] = {"action": "A1", "source": "State", "planned": "1"}
    rows, faults = rows_of("funding", cells, {**cells, "planned": "2"})

    assert faults == ["funding.csv, row 3, column source: “A1/State” stands in row 2 already."]
    assert [row.number for row in rows] == [2]


def test_the_parts_of_a_key_that_are_not_written_have_their_defaults() -> None:
    first: dict[str, Cell] = {"indicator": "I1", "as_of": "2026-12-31", "value": "5"}
    rows, faults = rows_of("targets", first, {**first, "version": "2", "reason": "Less"})

    assert faults == []
    assert [(row.key or ())[3] for row in rows] == [1, 2]
    assert [row.label for row in rows] == ["I1/2026-12-31/1", "I1/2026-12-31/2"]


@pytest.mark.parametrize(
    ("country", "written", "key"),
    [
        ("AL", None, ("AL", "MM")),
        ("AL", "XK", ("XK", "MM")),
        ("", None, ("", "MM")),
        (None, None, None),
        (None, "XK", ("XK", "MM")),
    ],
)
def test_an_institution_is_of_the_country_of_the_plan_unless_it_says_its_own(
    country: str | None, written: str | None, key: Any
) -> None:
    cells: dict[str, Cell] = {"country": written, "code": "MM", "kind": "ministry"}
    (row,), faults = rows_of("institutions", cells, country=country)

    assert (row.key, faults) == (key, [])


def test_a_row_without_a_readable_key_is_read_on_and_stands_last() -> None:
    bad: dict[str, Cell] = {"action": "", "source": "EU", "planned": "much"}
    good: dict[str, Cell] = {"action": "A1", "source": "State", "planned": "1"}
    rows, faults = rows_of("funding", bad, good)

    assert [(row.number, row.key) for row in rows] == [(3, ("A1", "State")), (2, None)]
    assert [fault.split(":")[0] for fault in faults] == [
        "funding.csv, row 2, column action",
        "funding.csv, row 2, column planned",
    ]


# ---------------------------------------------------------------- faults in words


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("a.csv", 2, "code", "No."), "a.csv, row 2, column code: No."),
        (Problem("a.csv", 2, "floor, ceiling", "No."), "a.csv, row 2, columns floor, ceiling: No."),
        (Problem("a.csv", 0, "code", "No."), "a.csv, column code: No."),
        (Problem("a.csv", 7, "", "No."), "a.csv, row 7: No."),
        (Problem("a.csv", 0, "", "No."), "a.csv: No."),
        (Problem("", 0, "", "No."), "No."),
    ],
)
def test_a_fault_says_where_it_is(problem: Problem, text: str) -> None:
    with override("en"):
        assert str(problem) == text


def test_the_place_of_a_fault_is_told_in_albanian() -> None:
    with override("sq"):
        told = str(Problem("a.csv", 2, "code", "Jo."))

    assert told == "a.csv, rreshti 2, kolona code: Jo."


def test_a_fault_is_told_once_and_in_the_order_of_files_and_rows() -> None:
    problems = Problems(files=["b", "a"])
    for file, row in (("a", 3), ("b", 9), ("a", 2), ("c", 1), ("a", 3)):
        problems.add(file, "No.", row=row)

    found = [(problem.file, problem.row) for problem in problems.in_order()]
    assert found == [("b", 9), ("a", 2), ("a", 3), ("c", 1)]


def test_an_outcome_counts_what_is_new_what_changed_and_what_stayed() -> None:
    sheet, outcome = BY_NAME["levels"], Outcome()
    rows = [Row(sheet, "levels.csv", n, {"depth": n}) for n in (2, 3, 4)]
    rows[0].is_new = True
    rows[1].change("name_en")
    rows[1].change("name_en")
    outcome.count("levels", rows)

    assert outcome.created == {"levels": ["2"]}
    assert outcome.changed == {"levels": {"3": ["name_en"]}}
    totals = outcome.total_created, outcome.total_changed, outcome.total_unchanged
    assert (totals, outcome.changes_something) == ((1, 1, 1), True)
    assert not Outcome().changes_something


# ---------------------------------------------------------------- folders


@pytest.mark.parametrize(
    ("files", "faults"),
    [
        ([], ["{folder}: There is no CSV file in this folder."]),
        (["notes.txt"], ["{folder}: There is no CSV file in this folder."]),
        ([".plan.csv"], ["{folder}: There is no CSV file in this folder."]),
        (
            ["inner/plan.csv", "other/levels.csv", "empty/x.txt"],
            ["{folder}: There is no CSV file in this folder. Name one inside it: inner, other."],
        ),
        (
            ["levels.csv", "b.ods", "a.XLSX", "~$a.xlsx"],
            [
                f"{name}: Of a folder only the CSV files are read. Load this workbook on its own."
                for name in ("a.XLSX", "b.ods")
            ],
        ),
        (["levels.csv", "README.md"], []),
    ],
)
def test_a_folder_is_read_for_its_csv_files(
    tmp_path: Path, files: list[str], faults: list[str]
) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("depth,name_en\n0,Area\n")
    problems = Problems()
    with override("en"):
        read(tmp_path, problems)
        told = sorted(str(problem) for problem in problems.found)

    assert told == [fault.format(folder=tmp_path) for fault in faults]
