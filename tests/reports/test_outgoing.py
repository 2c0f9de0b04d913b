"""A report goes out as a workbook: what is open, what is locked, what each cell accepts."""

import zipfile
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook  # type: ignore[import-untyped]

from common.reader import read_sheets
from indicators.choices import Sensitivity
from reports.exchange.layout import FIRST_ROW, INPUTS, KEY, SHOWN, Part, RowKey, read_key, read_tag
from reports.exchange.outgoing import Given, Mark, write_report
from reports.models import Narrative, Remark, Report
from tests import factory
from tests.conftest import World
from tests.reports.section_forms import in_words, owed
from tests.reports.test_exports_queries import grow

TITLES = ["Read me", "Report", "Actions and money", "Narrative", "Remarks"]
PARTS = dict(zip(Part, TITLES[1:], strict=True))
FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "{=1}",
    '=HYPERLINK("http://x.example")',
    "'=1",
    "=cmd|' /C'!A0",
)


def written(report: Report, language: str = "en", **more: Any) -> bytes:
    with write_report(report, language=language, **more) as file:
        return file.read()


def opened(data: bytes) -> Any:
    return load_workbook(BytesIO(data))


def places(sheet: Any) -> dict[tuple[str, str, str], Any]:
    """Every cell by section, cell and column key."""
    keys = [cell.value for cell in sheet[1]]
    found = {}
    for row in sheet.iter_rows(min_row=FIRST_ROW + 1):
        key = read_key(row[0].value)
        assert key is not None
        for name, cell in zip(keys[1:], row[1:], strict=True):
            found[key.section, key.cell, name] = cell
    return found


def cells(report: Report, part: Part, **more: Any) -> dict[tuple[str, str, str], Any]:
    return places(opened(written(report, **more))[PARTS[part]])


def column(report: Report, part: Part, name: str) -> list[Any]:
    return [cell for (_s, _c, key), cell in cells(report, part).items() if key == name]


def choices(sheet: Any, coordinate: str) -> list[str]:
    """The words of the list of one cell."""
    rules = [r for r in sheet.data_validations.dataValidation if coordinate in r.sqref]
    return [word for r in rules if r.type == "list" for word in r.formula1.strip('"').split(",")]


def test_each_part_is_a_sheet_with_its_tag_and_column_keys(world: World) -> None:
    book = opened(written(world.now()))
    assert book.sheetnames == TITLES
    for part, title in PARTS.items():
        first = [cell.value for cell in book[title][1]]
        tag = read_tag(first[0])
        assert tag is not None
        assert (tag.report, tag.revision, tag.language) == (world.report.pk, 0, "en")
        assert tag.institution == world.defence.code
        assert tuple(first[1:]) == SHOWN[part] + INPUTS[part]
        assert book[title].row_dimensions[1].hidden
        assert book[title].column_dimensions["A"].hidden
        assert book[title].freeze_panes is not None
    assert KEY not in [cell.value for cell in book["Read me"]["A"]]


def test_the_rows_carry_section_version_and_cell(world: World) -> None:
    line = world.report.lines.get(indicator=world.indicator)
    keys = [row[0].value for row in opened(written(world.now()))["Report"].iter_rows(min_row=4)]
    assert keys[0] == RowKey(f"line-{line.pk}", line.version).written()
    told = [row[0].value for row in opened(written(world.now()))["Narrative"].iter_rows(min_row=4)]
    assert [read_key(key).cell for key in told] == list(Narrative.FIELDS)  # type: ignore[union-attr]


def test_versions_of_an_older_workbook_stay_in_the_keys(world: World) -> None:
    data = written(world.now(), versions={"narrative": 7})
    keys = [read_key(r[0].value) for r in opened(data)["Narrative"].iter_rows(min_row=4)]
    assert {key.version for key in keys if key} == {7}


@pytest.mark.parametrize("language", ["en", "sq"])
def test_sheets_and_lists_are_in_the_language_that_was_asked_for(
    world: World, language: str
) -> None:
    book = opened(written(world.now(), language))
    sheet = next(s for s in book if s.max_row > 2 and "rating" in [c.value for c in s[1]])
    assert book.sheetnames[2] == in_words(language, "Actions and money")
    line = world.report.lines.get(indicator=world.indicator)
    rating = places(sheet)[f"line-{line.pk}", "", "rating"]
    english = ["Achieved", "On track", "At risk", "Off track"]
    assert choices(sheet, rating.coordinate) == [in_words(language, word) for word in english]
    state = places(sheet)[f"line-{line.pk}", "", "state"]
    states = ["Value", "Not available", "Not applicable", "Withheld"]
    assert choices(sheet, state.coordinate) == [in_words(language, word) for word in states]


def test_every_sheet_is_protected_without_a_password(world: World) -> None:
    for sheet in opened(written(world.now())):
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        assert not sheet.protection.sort
        assert not sheet.protection.autoFilter
        assert not sheet.protection.formatColumns


def test_only_what_is_asked_for_is_open(world: World) -> None:
    count = world.report.lines.get(indicator=world.indicator)
    share = world.report.lines.get(indicator=world.share)
    found = cells(world.now(), Part.REPORT)
    opens = {
        line.pk: [
            name
            for name in (*SHOWN[Part.REPORT], *INPUTS[Part.REPORT])
            if not found[f"line-{line.pk}", "", name].protection.locked
        ]
        for line in (count, share)
    }
    own = ["state", "reason", "rating", "rating_reason", "note"]
    assert opens == {count.pk: ["value", *own], share.pk: ["numerator", "denominator", *own]}


@pytest.mark.parametrize(
    ("kind", "figures"),
    [
        ("count", ["value"]),
        ("amount", ["value"]),
        ("percentage", ["numerator", "denominator"]),
        ("ratio", ["numerator", "denominator"]),
        ("score", ["value"]),
        ("milestone", ["value"]),
        ("yes_no", ["value"]),
        ("register", ["value", "text"]),
        ("narrative", ["text"]),
    ],
)
def test_each_kind_opens_its_own_figures(world: World, kind: str, figures: list[str]) -> None:
    made = owed(world, kind)
    line = world.report.lines.get(indicator=made)
    found = cells(world.now(), Part.REPORT)
    names = ("value", "numerator", "denominator", "text")
    here = [n for n in names if not found[f"line-{line.pk}", "", n].protection.locked]
    assert here == figures


def test_yes_and_no_are_chosen(world: World) -> None:
    line = world.report.lines.get(indicator=owed(world, "yes_no"))
    sheet = opened(written(world.now()))["Report"]
    cell = places(sheet)[f"line-{line.pk}", "", "value"]
    assert choices(sheet, cell.coordinate) == ["Yes", "No"]


@pytest.mark.parametrize(("kind", "least"), [("count", "0"), ("score", "-100000000000")])
def test_a_count_is_not_negative_and_a_score_may_be(world: World, kind: str, least: str) -> None:
    line = world.report.lines.get(indicator=owed(world, kind))
    sheet = opened(written(world.now()))["Report"]
    place = places(sheet)[f"line-{line.pk}", "", "value"].coordinate
    rules = [r for r in sheet.data_validations.dataValidation if place in r.sqref]
    assert [(r.type, r.operator or "between", r.formula1) for r in rules] == [
        ("decimal", "between", least)
    ]
    assert rules[0].error


def test_what_is_blank_and_owed_is_coloured_by_a_rule_and_not_by_a_formula(world: World) -> None:
    data = written(world.now())
    rules = opened(data)["Report"].conditional_formatting
    line = world.report.lines.get(indicator=world.indicator)
    cell = places(opened(data)["Report"])[f"line-{line.pk}", "", "value"].coordinate
    here = [rule for area in rules if cell in area.sqref for rule in area.rules]
    assert [rule.formula[0].count('=""') for rule in here] == [2]
    assert formulas(data) == 0


def formulas(data: bytes) -> int:
    """Formulas in the cells of any part."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = [archive.read(n).decode() for n in archive.namelist() if n.endswith(".xml")]
    return sum(part.count("<f>") + part.count("<f ") for part in parts)


def test_the_content_stands_in_the_cells_and_a_value_needs_no_state(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    line = world.report.lines.get(indicator=world.indicator)
    stored = line.observations.get(cell="")
    found = cells(world.now(), Part.REPORT)
    assert Decimal(str(found[f"line-{line.pk}", "", "value"].value)) == stored.value
    assert found[f"line-{line.pk}", "", "state"].value is None


def test_texts_like_formulas_stay_texts_in_every_field(world: World) -> None:
    """All texts of the workbook at once: as they were typed, and read back unchanged."""
    report = world.now()
    sheets = opened(written(report))
    for hostile in FORMULAS:
        given: dict[Any, Any] = {}
        for part, title in PARTS.items():
            for section, cell, name in places(sheets[title]):
                if name in INPUTS[part]:
                    given[part, section, cell, name] = hostile
        data = written(report, given=given)
        assert len(given) >= 20
        assert formulas(data) == 0
        book = opened(data)
        back = {
            (part, *place): cell
            for part, title in PARTS.items()
            for place, cell in places(book[title]).items()
            if place[2] in INPUTS[part]
        }
        assert {place: cell.value for place, cell in back.items()} == given
        assert {cell.data_type for cell in back.values()} == {"s"}


@pytest.mark.parametrize("number", ["1234567890.12345678", "0.1", "-3", "99999999999.9999"])
def test_a_number_a_workbook_cannot_keep_is_written_as_text(world: World, number: str) -> None:
    line = world.report.lines.get(indicator=world.indicator)
    given: Given = {(Part.REPORT, f"line-{line.pk}", "", "value"): Decimal(number)}
    found = cells(world.now(), Part.REPORT, given=given)
    value = found[f"line-{line.pk}", "", "value"].value
    assert Decimal(str(value)) == Decimal(number)
    assert isinstance(value, str) == (len(number) > 16)


def test_a_text_too_long_for_a_cell_is_shown_locked(world: World) -> None:
    Narrative.objects.filter(report=world.report).update(done="x" * 40_000, gap="short")
    found = cells(world.now(), Part.NARRATIVE)
    assert found["narrative", "done", "words"].protection.locked
    assert not found["narrative", "gap", "words"].protection.locked
    assert len(found["narrative", "done", "words"].value) == 32_767


def test_a_mark_paints_its_cell_and_says_why(world: World) -> None:
    line = world.report.lines.get(indicator=world.indicator)
    key = RowKey(f"line-{line.pk}", 0)
    marks = [Mark(Part.REPORT, key, "value", "Not a number."), Mark(Part.REPORT, key, "value", "2")]
    data = written(world.now(), marks=marks)
    sheet = opened(data)["Report"]
    cell = places(sheet)[f"line-{line.pk}", "", "value"]
    assert cell.comment.text == "Not a number.\n2"
    assert cell.fill.fgColor.rgb == "FFF8D0CC"
    assert not [a for a in sheet.conditional_formatting if cell.coordinate in a.sqref]
    commented = [c for row in sheet.iter_rows() for c in row if c.comment]
    assert commented == [cell]
    readme = [[c.value for c in row] for row in opened(data)["Read me"].iter_rows()]
    assert [row for row in readme if row[1] == "Not a number."] == [
        [f"Report {cell.coordinate}", "Not a number."]
    ]
    assert [sheet.title for sheet in read_sheets(data, "back.xlsx")] == TITLES


def test_the_first_sheet_says_whose_it_is_and_how_numbers_are_written(world: World) -> None:
    told = {language: readme(world, language) for language in ("en", "sq")}
    assert "12.7" in told["en"]
    assert "12,7" in told["sq"]
    for text in told.values():
        assert str(world.defence) in text


def readme(world: World, language: str) -> str:
    sheet = opened(written(world.now(), language)).worksheets[0]
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row)


def test_what_the_last_return_says_has_a_cell_for_the_reply(world: World) -> None:
    assert cells(world.now(), Part.REMARKS) == {}
    report = world.returned()
    line = report.lines.get(indicator=world.indicator)
    review = report.reviews.get()
    remark = Remark.objects.create(review=review, line=line, verdict="flagged", text="Check it.")
    found = cells(world.now(), Part.REMARKS)
    assert found[f"remark-{remark.pk}", "", "remark"].value == "Check it."
    assert found[f"remark-{remark.pk}", "", "remark"].protection.locked
    assert not found[f"remark-{remark.pk}", "", "reply"].protection.locked


def test_one_ten_and_a_hundred_indicators_cost_the_same(world: World) -> None:
    numbers, sizes = [], []
    factory.open_quarter(world.plan, 2026, 2)
    for start, stop in ((0, 1), (1, 10), (10, 100)):
        grow(world, start, stop)
        report = world.now()
        with CaptureQueriesContext(connection) as captured:
            data = written(report)
        numbers.append(len(captured))
        sizes.append(len(read_sheets(data, "a.xlsx")[1].rows))
    assert numbers == [QUERIES] * 3
    assert sizes == [FIRST_ROW + 2 + 3 * n for n in (1, 10, 100)]


QUERIES = 14


def test_protected_indicators_are_in_it_with_their_true_figures(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    world.indicator.sensitivity = Sensitivity.RESTRICTED
    world.indicator.save()
    assert column(world.now(), Part.REPORT, "value")[0].value is not None
