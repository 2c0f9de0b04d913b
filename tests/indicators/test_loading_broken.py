"""Broken plans: every fault is named with file, row and column, all at once, and nothing stored."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Institution
from audit.models import Entry
from indicators.loading import load, load_all
from indicators.loading.shape import SHEETS
from indicators.models import Framework, Objective, Plan
from tests.common import hostile
from tests.indicators import plan_files

pytestmark = pytest.mark.django_db


def told(path: Path) -> list[str]:
    """The faults of a plan as the person reads them; none of it may be stored."""
    outcome = load(path, commit=True)
    assert not outcome.stored
    assert [sheet.name for sheet in SHEETS if sheet.model.objects.exists()] == []
    assert not Entry.objects.exists()
    return [str(problem) for problem in outcome.errors]


@pytest.fixture
def content() -> plan_files.Sheets:
    return plan_files.sheets()


@pytest.fixture
def folder(tmp_path, content) -> Path:
    return plan_files.write_folder(tmp_path / "plan", content)


# ------------------------------------------------------------------ one cell

BLANK = "This cell may not be blank."
DAY = "is not a date. Write year, month and day, such as 2026-03-31."
NOT_AMONG = "neither in the files nor stored."
CELLS = [
    # a cell that must be there
    ("plan", 2, "starts_on", "", BLANK),
    ("actions", 3, "code", "", BLANK),
    ("indicators", 2, "kind", "", BLANK),
    ("funding", 2, "planned", "", BLANK),
    # another row that is not there
    ("objectives", 3, "parent", "9", f"“9” is not among the objectives, {NOT_AMONG}"),
    ("indicators", 4, "objective", "9", f"“9” is not among the objectives, {NOT_AMONG}"),
    ("actions", 2, "lead", "XY", f"“XY” is not among the institutions, {NOT_AMONG}"),
    ("indicators", 2, "responsible", "MM;XY", f"“XY” is not among the institutions, {NOT_AMONG}"),
    ("indicators", 4, "dimensions", "hat", f"“hat” is not among the dimensions, {NOT_AMONG}"),
    ("targets", 2, "indicator", "I9", f"“I9” is not among the indicators, {NOT_AMONG}"),
    (
        "objectives",
        2,
        "frameworks",
        "unscr:1",
        f"“unscr:1” is not among the framework_items, {NOT_AMONG}",
    ),
    (
        "objectives",
        2,
        "frameworks",
        "1325",
        "“1325” does not say of which framework. Write both, such as unscr:1325.",
    ),
    # codes
    ("actions", 3, "code", "A1", "“A1” stands in row 2 already."),
    ("targets", 3, "version", "1", "“I1/2025-12-31/1” stands in row 2 already."),
    (
        "actions",
        3,
        "code",
        "A/2",
        "A code begins with a letter or digit and has none of these in it: / ; : ? # % \\",
    ),
    (
        "plan",
        2,
        "code",
        "Plan 1",
        "Write letters without accents, digits, hyphens and underscores only.",
    ),
    (
        "plan",
        2,
        "country",
        "Albania",
        "“Albania” is not a country. Write two capital letters, such as AL.",
    ),
    ("institutions", 2, "aliases", "x" * 251, "The text has 251 characters. At most 250 fit."),
    ("plan", 2, "languages", "sq;xx", "“xx” is not one of: en, sq, fr."),
    # closed lists
    (
        "indicators",
        2,
        "direction",
        "up",
        "“up” is not one of: increase, decrease, maintain, none.",
    ),
    ("dimensions", 2, "total_rule", "sum", "“sum” is not one of: entered, summed, open."),
    (
        "indicators",
        3,
        "over_units",
        "mean",
        "“mean” does not fit percentage and snapshot."
        " Fitting: max, min, national_only, ratio_of_sums.",
    ),
    # dates
    ("plan", 2, "ends_on", "31.12.2027", f"“31.12.2027” {DAY}"),
    ("actions", 2, "starts_on", "2025-02-30", f"“2025-02-30” {DAY}"),
    ("actions", 2, "starts_on", "2025", f"“2025” {DAY}"),
    # numbers
    (
        "funding",
        2,
        "planned",
        "12a",
        "“12a” has letters in it. Write digits only, for example 12.7.",
    ),
    ("targets", 2, "value", "12,5", "In these files the decimal sign is a point: write 12.5."),
    ("targets", 2, "value", "1,234", "“1,234” can be read in two ways. Write 1234 or 1.234."),
    ("targets", 2, "value", "1e3", "“1e3” is written with an exponent. Write all the digits."),
    ("targets", 2, "value", "0.12345", "The number has more than 4 decimals. Round it."),
    ("funding", 2, "planned", "0.125", "Here a number has at most 2 decimals. Round it."),
    ("levels", 3, "depth", "-1", "The smallest value here is 0."),
    ("levels", 3, "depth", "1.5", "“1.5” is not a whole number."),
    ("levels", 3, "depth", "top", "“top” is not a whole number."),
    # texts
    ("objectives", 3, "title_sq", "ë" * 501, "The text has 501 characters. At most 500 fit."),
    # cells of an indicator
    (
        "targets",
        4,
        "cell",
        "sex=x;age=u25",
        "“sex=x;age=u25” is no cell of this indicator, which is split by: sex, age.",
    ),
    (
        "targets",
        4,
        "cell",
        "age=u25;sex=f",
        "“age=u25;sex=f” is no cell of this indicator, which is split by: sex, age.",
    ),
]


@pytest.mark.parametrize(("sheet", "row", "column", "value", "text"), CELLS)
def test_a_broken_cell_is_named_and_nothing_is_stored(
    tmp_path, content, sheet, row, column, value, text
):
    content[sheet][row - 2][column] = value

    faults = told(plan_files.write_folder(tmp_path / "plan", content))

    assert faults == [f"{sheet}.csv, row {row}, column {column}: {text}"]


# ------------------------------------------------------------------ cells that contradict

ROWS = [
    (
        "plan",
        2,
        {"ends_on": "2023-12-31"},
        "columns ends_on, starts_on: This rule is broken: A plan ends after it starts.",
    ),
    (
        "actions",
        2,
        {"ends_on": "2024-02-29"},
        "columns starts_on, ends_on: This rule is broken: An action ends after it starts.",
    ),
    (
        "indicators",
        3,
        {"floor": "100", "ceiling": "0"},
        "columns floor, ceiling: This rule is broken: The highest plausible value is above the"
        " lowest.",
    ),
    (
        "indicators",
        4,
        {"baseline_value": ""},
        "columns baseline_state, baseline_value, baseline_denominator, baseline_numerator: This"
        " rule is broken: A known baseline needs its value.",
    ),
    (
        "indicators",
        3,
        {"baseline_numerator": "1748"},
        "column baseline_numerator: The numerator is larger than the denominator.",
    ),
    (
        "indicators",
        3,
        {"baseline_value": "19.5", "baseline_denominator": ""},
        "column baseline_denominator: Write both halves, or neither.",
    ),
    (
        "indicators",
        4,
        {"baseline_numerator": "1", "baseline_denominator": "2"},
        "column baseline_numerator: Only a percentage or a ratio has a numerator and a"
        " denominator.",
    ),
    (
        "indicators",
        4,
        {"tolerance": "-1"},
        "column tolerance: This rule is broken: A tolerance is zero or more.",
    ),
    (
        "indicators",
        4,
        {"on_track_at": "0.9"},
        "columns at_risk_at, on_track_at, threshold_reason: This rule is broken: Own thresholds"
        " need a reason.",
    ),
    (
        "targets",
        3,
        {"reason": ""},
        "columns version, reason: This rule is broken: A revised target needs a reason.",
    ),
    (
        "funding",
        3,
        {"planned": "-1"},
        "column planned: This rule is broken: Planned money is zero or more.",
    ),
    (
        "objectives",
        4,
        {"title_en": "", "title_sq": ""},
        "column title_en: Write it in one language at least.",
    ),
    (
        "targets",
        4,
        {"indicator": "I2", "cell": "sex=f"},
        "column cell: This indicator is not split. Leave the cell blank: the target is for the"
        " total.",
    ),
]


@pytest.mark.parametrize(("sheet", "row", "values", "text"), ROWS)
def test_a_row_that_contradicts_itself_is_named(tmp_path, content, sheet, row, values, text):
    for line in content[sheet]:
        line.update({column: line.get(column, "") for column in values})
    content[sheet][row - 2].update(values)

    faults = told(plan_files.write_folder(tmp_path / "plan", content))

    assert faults == [f"{sheet}.csv, row {row}, {text}"]


def test_objectives_that_stand_below_each_other_are_each_named(tmp_path, content):
    content["objectives"][0]["parent"] = "1.1.1"

    assert told(plan_files.write_folder(tmp_path / "plan", content)) == [
        f"objectives.csv, row {row}, column parent: With this parent “{code}” would stand below"
        " itself."
        for row, code in ((2, "1"), (3, "1.1"), (4, "1.1.1"))
    ]


def test_a_narrative_has_no_target(tmp_path, content):
    content["indicators"][2].update(
        kind="narrative", over_units="national_only", baseline_state="unknown", baseline_value=""
    )

    assert told(plan_files.write_folder(tmp_path / "plan", content)) == [
        "targets.csv, row 5, column indicator: A narrative has no target."
    ]


def test_a_dimension_needs_categories(tmp_path, content):
    del content["categories"][2:], content["targets"][2]

    assert told(plan_files.write_folder(tmp_path / "plan", content)) == [
        "indicators.csv, row 2, column dimensions: “age” has no categories."
    ]


# ------------------------------------------------------------------ columns and rows


def test_a_missing_required_column_is_named_and_its_echoes_are_not(tmp_path, content):
    for row in content["objectives"]:
        del row["code"]

    assert told(plan_files.write_folder(tmp_path / "plan", content)) == [
        "objectives.csv, row 1, column code: This required column is missing."
    ]


def test_a_text_needs_a_column_in_one_language(tmp_path, content):
    for row in content["levels"]:
        del row["name_en"], row["name_sq"]

    assert told(plan_files.write_folder(tmp_path / "plan", content))[0] == (
        "levels.csv, row 1, column name_en: One of these required columns is missing: name_en,"
        " name_sq, name_fr."
    )


@pytest.mark.parametrize(
    ("heading", "fault"),
    [
        ("plannd", "column plannd: This sheet has no such column. Perhaps it is “planned”."),
        (
            "colour",
            "column colour: This sheet has no such column. Its columns are: action, source,"
            " planned.",
        ),
        ("source", "column source: This column is there twice."),
    ],
)
def test_an_unknown_or_doubled_column_is_named(folder, heading, fault):
    (folder / "funding.csv").write_text(f"action,source,planned,{heading}\nA1,State,1,State\n")

    assert told(folder) == [f"funding.csv, row 1, {fault}"]


def test_a_column_without_a_heading_is_named(folder):
    (folder / "funding.csv").write_text("action,,source,planned\nA1,x,State,1\n")

    assert told(folder) == [
        "funding.csv, row 1, column (no heading): This sheet has no such column. Its columns are:"
        " action, source, planned."
    ]


def test_something_beside_the_table_is_named(folder):
    (folder / "funding.csv").write_text("action,source,planned\nA1,State,1,here\n")

    assert told(folder) == [
        "funding.csv, row 2: There is something to the right of the last column."
    ]


def test_a_row_that_stops_short_lacks_its_cells(folder):
    (folder / "funding.csv").write_text("action,source,planned\nA1,State\n")

    assert told(folder) == [f"funding.csv, row 2, column planned: {BLANK}"]


def test_blank_rows_are_counted_and_passed_over(folder):
    (folder / "funding.csv").write_text("action,source,planned\n\n,,\nA1,State,x\n")

    assert told(folder) == [
        "funding.csv, row 4, column planned: “x” has letters in it. Write digits only, for"
        " example 12.7."
    ]


# ------------------------------------------------------------------ files


def test_without_a_plan_the_other_sheets_are_refused_once(folder):
    (folder / "plan.csv").unlink()

    assert told(folder) == [
        f"{name}.csv: These rows belong to a plan, but there is no sheet called “plan”."
        for name in (
            "levels",
            "objectives",
            "actions",
            "funding",
            "dimensions",
            "categories",
            "indicators",
            "targets",
            "consistency",
        )
    ]


def test_institutions_alone_need_a_country(tmp_path, content):
    institutions = {"institutions": content["institutions"]}

    assert told(plan_files.write_folder(tmp_path / "plan", institutions)) == [
        f"institutions.csv, row {row}, column country: This rule is broken: Write the country as"
        " two capital letters."
        for row in (2, 3)
    ]


def test_what_is_named_but_missing_altogether_is_told_once_a_column(tmp_path, content):
    del content["frameworks"], content["framework_items"], content["institutions"]
    Institution.objects.create(country="CD", code="MM", name="Ministère", kind="ministry")
    path = plan_files.write_folder(tmp_path / "plan", content)

    none = "but there are none, neither in the files nor stored."
    assert [str(problem) for problem in load(path, commit=True).errors] == [
        f"objectives.csv, column frameworks: It names framework_items, {none}",
        f"actions.csv, column lead: It names institutions, {none}",
        f"actions.csv, column supporting: It names institutions, {none}",
        f"indicators.csv, column responsible: It names institutions, {none}",
        f"indicators.csv, column frameworks: It names framework_items, {none}",
    ]


def test_two_plans_in_one_file_are_refused(tmp_path, content):
    content["plan"].append({**content["plan"][0], "code": "T2"})

    assert told(plan_files.write_folder(tmp_path / "plan", content)) == [
        "plan.csv: The sheet of the plan has one row; here are 2."
    ]


def test_a_plan_whose_code_cannot_be_read_has_no_echoes(tmp_path, content):
    content["plan"][0].update(code="", ends_on="2023-01-01", country="al")

    assert told(plan_files.write_folder(tmp_path / "plan", content)) == [
        f"plan.csv, row 2, column code: {BLANK}",
        "plan.csv, row 2, column country: “al” is not a country. Write two capital letters, such"
        " as AL.",
        "plan.csv, row 2, columns ends_on, starts_on: This rule is broken: A plan ends after it"
        " starts.",
    ]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (
            "depth,name_sq\n0,Fushë\n".encode("latin-1"),
            "Line 2 of the file is not UTF-8 text. In Excel save it as “CSV UTF-8”, or send the"
            " workbook itself.",
        ),
        (
            "depth,name_sq\n0,Fushë\n".encode("utf-16"),
            "The file is not UTF-8 text. In Excel save it as “CSV UTF-8”, or send the workbook"
            " itself.",
        ),
        (b"", "The file is empty."),
        (
            b'depth,name_sq\n0,"Fush\n',
            "Line 2 of the file cannot be read: a quotation mark is missing or too many.",
        ),
        (b"%PDF-1.7", None),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_its_echoes_are_not(folder, data, fault):
    (folder / "levels.csv").write_bytes(data)

    faults = told(folder)

    assert len(faults) == 1
    assert faults[0].startswith(f"levels.csv: {fault or 'The file is a PDF document'}")


def test_an_unreadable_file_of_objectives_is_the_only_fault(folder):
    (folder / "objectives.csv").write_bytes(b"code,title_sq\n1,Pjes\xebmarrja\n")

    assert [fault.split(":")[0] for fault in told(folder)] == ["objectives.csv"]


def test_a_file_that_is_no_sheet_is_named(folder):
    (folder / "objectifs.csv").write_text("code\n1\n")

    assert told(folder) == [
        "objectifs.csv: This is no sheet of a plan. The sheets are: frameworks, framework_items,"
        " plan, levels, institutions, objectives, actions, funding, dimensions, categories,"
        " indicators, targets, consistency."
    ]


def test_a_sheet_that_is_there_twice_is_named(folder):
    (folder / "plan.CSV").write_bytes((folder / "plan.csv").read_bytes())

    assert told(folder) == ["plan.csv: This sheet is there twice."]


def test_a_workbook_beside_csv_files_would_go_unread_and_is_refused(folder):
    (folder / "objectives.xlsx").write_bytes(b"PK")

    assert told(folder) == [
        "objectives.xlsx: Of a folder only the CSV files are read. Load this workbook on its own."
    ]


def test_an_empty_folder_and_one_that_holds_plans_say_so(tmp_path, folder):
    (tmp_path / "empty").mkdir()

    assert told(tmp_path / "empty") == [f"{tmp_path}/empty: There is no CSV file in this folder."]
    assert told(tmp_path) == [
        f"{tmp_path}: There is no CSV file in this folder. Name one inside it: plan."
    ]


def test_a_path_that_is_not_there_gives_one_sentence(tmp_path):
    assert told(tmp_path / "nowhere.xlsx") == [
        f"{tmp_path}/nowhere.xlsx: There is no such folder or file."
    ]


# ------------------------------------------------------------------ workbooks


def book_with(rows: str) -> bytes:
    workbook = str(hostile.XLSX_PARTS["xl/workbook.xml"]).replace("Values", "levels")
    return hostile.xlsx(rows, {"xl/workbook.xml": workbook})


def text_cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADINGS = f'<row r="1">{text_cell("A1", "depth")}{text_cell("B1", "name_sq")}</row>'


def test_a_formula_in_a_workbook_is_refused(tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(book_with(HEADINGS + '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c></row>'))

    assert told(path) == [
        "plan.xlsx: The cell A2 of the sheet “levels” holds a formula. Replace it with its value"
        " (copy, then paste special: values)."
    ]


def test_a_text_that_looks_like_a_formula_stays_a_text(folder):
    (folder / "levels.csv").write_text("depth,name_sq\n0,=1+1\n")

    assert load(folder, commit=True).errors == ()
    assert Plan.objects.get().levels.get().name_sq == "=1+1"


def test_faults_of_a_workbook_name_the_sheet(tmp_path, content):
    content["actions"][1]["ends_on"] = "soon"
    content["targets"][3]["value"] = "much"

    assert told(plan_files.write_book(tmp_path / "plan.xlsx", content)) == [
        f"actions, row 3, column ends_on: “soon” {DAY}",
        "targets, row 5, column value: “much” has letters in it. Write digits only, for example"
        " 12.7.",
    ]


@pytest.mark.parametrize(
    ("name", "data", "start"),
    [
        ("plan.xlsx", b"no workbook", "The file is damaged"),
        ("plan.xlsx", b"", "The file is empty."),
        ("plan.docx", b"PK", "The file is called “.docx”, which we do not read."),
    ],
)
def test_another_file_is_refused_with_a_sentence(tmp_path, name, data, start):
    (tmp_path / name).write_bytes(data)

    (fault,) = told(tmp_path / name)

    assert fault.startswith(f"{name}: {start}")


# ------------------------------------------------------------------ all at once


def test_five_faults_of_one_file_are_five_errors(tmp_path, content):
    rows = content["indicators"]
    rows[0].update(kind="sum", objective="9")
    rows[1].update(baseline_numerator="9999")
    rows[2].update(code="I1", baseline_date="yesterday")

    faults = told(plan_files.write_folder(tmp_path / "plan", content))

    assert [fault.split(":")[0] for fault in faults if fault.startswith("indicators")] == [
        "indicators.csv, row 2, column kind",
        "indicators.csv, row 2, column objective",
        "indicators.csv, row 3, column baseline_numerator",
        "indicators.csv, row 4, column baseline_date",
        "indicators.csv, row 4, column code",
    ]


def test_the_faults_of_all_files_are_told_in_the_order_of_the_sheets(tmp_path, content):
    content["targets"][0]["value"] = "x"
    content["levels"][0]["depth"] = "x"
    content["actions"][1]["lead"] = "X"
    content["objectives"][0]["parent"] = "1"

    faults = told(plan_files.write_folder(tmp_path / "plan", content))

    assert [fault.split(",")[0] for fault in faults] == [
        "levels.csv",
        "objectives.csv",
        "actions.csv",
        "targets.csv",
    ]


def test_a_fault_leaves_what_is_stored_as_it_is(tmp_path, folder, content):
    load(folder, commit=True)
    content["objectives"][0]["title_en"] = "Changed"
    content["targets"][0]["value"] = "x"

    outcome = load(plan_files.write_folder(tmp_path / "broken", content), commit=True)

    assert (len(outcome.errors), outcome.stored) == (1, False)
    assert Objective.objects.get(code="1").title_en == "Participation"
    assert Entry.objects.count() == 1


def test_a_fault_in_a_later_folder_undoes_the_earlier_ones(tmp_path, content):
    first = {"frameworks": content.pop("frameworks")}
    content["objectives"][0]["title_en"] = "x" * 501
    paths = [
        plan_files.write_folder(tmp_path / "frameworks", first),
        plan_files.write_folder(tmp_path / "plan", content),
    ]

    outcomes = load_all(paths, commit=True)

    assert [bool(outcome.errors) for outcome in outcomes] == [False, True]
    assert not any(outcome.stored for outcome in outcomes)
    assert (Framework.objects.count(), Plan.objects.count()) == (0, 0)


def test_what_only_the_database_refuses_is_told_and_undone(folder):
    def refuse(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "audit_entry"'):
            raise DatabaseError("the disk is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        faults = told(folder)

    assert faults == [f"{folder}: The database refused it: the disk is full"]


def test_the_command_tells_every_fault_and_fails(tmp_path, content):
    content["funding"][0]["planned"] = "x"
    content["funding"][1]["planned"] = ""
    path = plan_files.write_folder(tmp_path / "plan", content)

    with pytest.raises(CommandError) as refusal:
        call_command("load_plan", str(path), commit=True, stdout=StringIO())

    assert str(refusal.value).splitlines() == [
        f"{path} has 2 errors. Nothing was stored.",
        "  funding.csv, row 2, column planned: “x” has letters in it. Write digits only, for"
        " example 12.7.",
        f"  funding.csv, row 3, column planned: {BLANK}",
    ]
    assert refusal.value.returncode == 1


# ------------------------------------------------------------------ whatever a cell holds

NASTY = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", " ", ";", "x" * 700, "-0", "1e9", "١٢", "\x01", "\u202e", "unscr:", "sex=f;", "I1"]
    ),
)
KNOWN = {column.name for sheet in SHEETS for column in sheet.columns}
PLACES = [
    (name, number, heading)
    for name, rows in plan_files.sheets().items()
    for number, row in enumerate(rows)
    for heading in row
]


@settings(max_examples=80)
@given(st.lists(st.tuples(st.sampled_from(PLACES), NASTY), min_size=1, max_size=5))
def test_no_content_of_a_cell_ends_in_anything_but_sentences(tmp_path_factory, changes):
    content = plan_files.sheets()
    for (sheet, row, heading), value in changes:
        content[sheet][row][heading] = value.replace("\x00", "")
    folder = tmp_path_factory.mktemp("plan")

    outcome = load(plan_files.write_folder(folder, content), commit=False)

    for problem in outcome.errors:
        assert problem.file.removesuffix(".csv") in content
        assert problem.text
        if problem.row:
            assert set(problem.column.split(", ")) <= KNOWN
    assert not Institution.objects.exists()
