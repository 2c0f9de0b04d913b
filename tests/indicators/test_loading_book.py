"""A workbook says what a folder says, right or wrong; and what a row may refer to."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Institution
from indicators.loading import load
from indicators.loading.book import Book, key_of
from indicators.loading.rows import Row
from indicators.loading.shape import BY_NAME, SHEETS
from indicators.models import Indicator, Plan
from tests import factory
from tests.common import hostile
from tests.indicators import plan_files
from tests.indicators.plan_files import Sheets, write_book, write_folder

pytestmark = pytest.mark.django_db
Change = Callable[[Sheets], Any]


def put(sheet: str, row: int, **cells: str) -> Change:
    """Write into a row, counted as the file does."""

    def change(content: Sheets) -> None:
        for line in content[sheet]:
            line.update({name: line.get(name, "") for name in cells})
        content[sheet][row - 2].update(cells)

    return change


def drop(sheet: str, column: str = "") -> Change:
    """Leave out a column, or the whole sheet."""

    def change(content: Sheets) -> None:
        if not column:
            del content[sheet]
        for line in content.get(sheet, []):
            del line[column]

    return change


CHANGES: list[tuple[str, Change]] = [
    ("nothing is wrong", lambda content: None),
    ("a cell is blank", put("plan", 2, starts_on="")),
    ("a date is none", put("actions", 2, starts_on="31.12.2025")),
    ("a number is none", put("targets", 3, value="much")),
    ("a number has too many decimals", put("targets", 3, value="0.12345")),
    ("a word is not in its list", put("indicators", 2, kind="sum")),
    ("a row is named that is not there", put("actions", 3, lead="XX")),
    ("several are named", put("indicators", 2, responsible="MM;XX;YY")),
    ("a code stands twice", put("actions", 3, code="A1")),
    ("a rule is broken", put("plan", 2, ends_on="2023-12-31")),
    ("an unknown column", put("funding", 2, colour="red")),
    ("a column is missing", drop("objectives", "code")),
    ("a sheet is missing", drop("plan")),
    ("a sheet of names is missing", drop("institutions")),
    ("a circle", put("objectives", 2, parent="1.1.1")),
    ("a cell that is none", put("targets", 4, cell="sex=x;age=u25")),
    ("a text is too long", put("levels", 2, name_sq="x" * 101)),
]


@pytest.mark.parametrize("change", [c for _, c in CHANGES], ids=[what for what, _ in CHANGES])
def test_a_workbook_is_told_the_same_faults_as_a_folder(tmp_path: Path, change: Change) -> None:
    content = plan_files.sheets()
    change(content)
    folder = load(write_folder(tmp_path / "plan", content), commit=False)
    book = load(write_book(tmp_path / "plan.xlsx", content), commit=False)

    faults = [str(problem).replace(".csv", "", 1) for problem in folder.errors]
    assert [str(problem) for problem in book.errors] == faults
    assert (book.created, book.changed) == (folder.created, folder.changed)
    assert not Plan.objects.exists()


def test_every_fault_of_a_workbook_is_told_at_once(tmp_path: Path) -> None:
    content = plan_files.sheets()
    for _what, change in CHANGES[2:8]:
        change(content)
    faults = load(write_book(tmp_path / "plan.xlsx", content), commit=True).errors

    assert [(fault.file, fault.row, fault.column) for fault in faults] == [
        ("actions", 2, "starts_on"),
        ("actions", 3, "lead"),
        ("indicators", 2, "kind"),
        ("indicators", 2, "responsible"),
        ("indicators", 2, "responsible"),
        ("targets", 3, "value"),
    ]
    assert not Plan.objects.exists()


def test_the_order_of_the_worksheets_and_of_the_columns_does_not_matter(tmp_path: Path) -> None:
    content = plan_files.sheets()
    turned = {
        name: [dict(reversed(row.items())) for row in rows]
        for name, rows in reversed(content.items())
    }
    first = load(write_book(tmp_path / "a.xlsx", content), commit=True)
    again = load(write_book(tmp_path / "b.xlsx", turned), commit=True)

    assert (first.errors, again.errors) == ((), ())
    assert (again.total_created, again.total_changed) == (0, 0)


# ---------------------------------------------------------------- hostile and odd workbooks


def text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def levels(tmp_path: Path, cell: str) -> list[str]:
    """The faults of a workbook of levels whose first depth is this cell."""
    heads = f'<row r="1">{text_cell("A1", "depth")}{text_cell("B1", "name_en")}</row>'
    row = f'<row r="2">{cell}{text_cell("B2", "Area")}</row>'
    title = str(hostile.XLSX_PARTS["xl/workbook.xml"]).replace("Values", "levels")
    path = tmp_path / "plan.xlsx"
    path.write_bytes(hostile.xlsx(heads + row, {"xl/workbook.xml": title}))
    outcome = load(path, commit=True)
    assert not outcome.stored
    return [str(problem) for problem in outcome.errors]


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ('<c r="A2"><f>1+1</f><v>2</v></c>', "The cell A2 of the sheet “levels” holds a formula."),
        ('<c r="A2"><f>HYPERLINK("x")</f><v>0</v></c>', "holds a formula."),
        ('<c r="A2" t="e"><v>#REF!</v></c>', "A2"),
        (text_cell("A2", "=1+1"), "levels, row 2, column depth: “=1+1” is not a whole number."),
        ('<c r="A2" t="b"><v>1</v></c>', "levels, row 2, column depth: “yes” is not a whole"),
    ],
)
def test_a_cell_that_is_no_value_is_refused(tmp_path: Path, cell: str, fault: str) -> None:
    assert fault in " ".join(levels(tmp_path, cell))


def test_a_text_that_looks_like_a_formula_comes_out_of_a_workbook_as_text(tmp_path: Path) -> None:
    content = plan_files.sheets()
    content["objectives"][0]["title_en"] = "=cmd|' /C calc'!A0"
    load(write_book(tmp_path / "plan.xlsx", content), commit=True)

    assert Plan.objects.filter(objectives__title_en="=cmd|' /C calc'!A0").count() == 1


# ---------------------------------------------------------------- what a row may refer to


@pytest.fixture
def stored(tmp_path: Path) -> Plan:
    """The small plan as it is stored, and an institution of another country."""
    load(write_folder(tmp_path / "plan", plan_files.sheets()), commit=True)
    Institution.objects.create(country="XK", code="CANARY", name="CANARY", kind="ministry")
    return Plan.objects.get()


def book_of(plan: Plan | None, *names: str) -> Book:
    return Book(plan, plan.country if plan else "", [BY_NAME[name] for name in names])


def found(book: Book, sheet: str, code: str, by: str = "actions", **values: Any) -> Any:
    row = Row(BY_NAME[by], f"{by}.csv", 2, values)
    return getattr(book.find(sheet, code, row), "code", None)


FINDS: list[tuple[str, str, str, dict[str, Any], str | None]] = [
    ("actions", "institutions", "MM", {}, "MM"),
    ("actions", "institutions", "mm", {}, None),
    ("actions", "institutions", "CANARY", {}, None),
    ("actions", "objectives", "1.1", {}, "1.1"),
    ("actions", "objectives", "1.10", {}, None),
    ("actions", "framework_items", "unscr:1325", {}, "1325"),
    ("actions", "framework_items", " unscr : 1325 ", {}, "1325"),
    ("actions", "framework_items", "1325", {}, None),
    ("actions", "framework_items", "other:1325", {}, None),
    ("framework_items", "framework_items", "1325", {"framework": "unscr"}, "1325"),
    ("framework_items", "framework_items", "unscr:1325", {"framework": "unscr"}, None),
]


def test_a_code_finds_its_row_and_no_other(stored: Plan) -> None:
    book = book_of(stored, "actions", "framework_items")

    got = [found(book, sheet, code, by, **values) for by, sheet, code, values, _code in FINDS]
    assert got == [case[-1] for case in FINDS]


def test_a_key_is_what_a_file_would_write(stored: Plan) -> None:
    keys = {sheet.name: key_of(sheet, sheet.model._default_manager.first()) for sheet in SHEETS}

    assert keys["institutions"] == ("AL", "MB")
    assert keys["funding"] == ("A1", "State budget")
    assert keys["categories"][0] in ("age", "sex")
    assert keys["levels"] == (0,)
    assert keys["consistency"] == ("R1",)
    assert keys["targets"] == ("I1", "", date(2025, 12, 31), 1)


def test_a_new_plan_has_nothing_of_its_own_yet(stored: Plan) -> None:
    book = book_of(None, *BY_NAME)

    assert {name: len(rows) for name, rows in book.records.items() if rows} == {
        "frameworks": 1,
        "framework_items": 2,
        "institutions": 3,
    }
    assert not book.has_any("institutions")  # none of a country that is not known
    assert book.has_any("framework_items")


def test_another_plans_rows_are_not_in_the_book(stored: Plan, tmp_path: Path) -> None:
    content = plan_files.sheets()
    content["plan"][0]["code"] = "T2"
    content["objectives"][0]["title_en"] = "CANARY"
    load(write_folder(tmp_path / "second", content), commit=True)
    book = book_of(stored, *BY_NAME)

    assert {row.plan_id for row in book.all("objectives")} == {stored.pk}
    assert {row.indicator.plan_id for row in book.all("targets")} == {stored.pk}
    assert len(book.records["targets"]) == 4


def test_the_splits_of_an_indicator_are_those_that_the_load_leaves(stored: Plan) -> None:
    book = book_of(stored, "targets")
    one, other = (book.records["indicators"][code,] for code in ("I1", "I2"))

    assert (book.splits_of(one), book.splits_of(other)) == (["sex", "age"], [])
    book.split(one, ["age"])
    assert (book.splits_of(one), book.splits_of(other)) == (["age"], [])


def test_only_what_is_named_is_read_and_once(stored: Plan) -> None:
    def cost(*names: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            book_of(stored, *names)
        return len(queries)

    assert cost("levels") == 1
    before = cost(*BY_NAME)
    for number in range(30):
        factory.make_objective(stored, f"N{number}")
    assert cost(*BY_NAME) == before <= 20


def test_figures_of_a_workbook_are_kept_to_the_last_digit(stored: Plan, tmp_path: Path) -> None:
    content = plan_files.sheets()
    content["indicators"][2]["baseline_value"] = "12345678901.1234"
    outcome = load(write_folder(tmp_path / "exact", content), commit=True)

    assert outcome.changed["indicators"] == {"I3": ["baseline_value"]}
    assert Indicator.objects.get(code="I3").baseline_value == Decimal("12345678901.1234")
