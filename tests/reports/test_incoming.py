"""A workbook comes back: what changed is shown, what is wrong is named, and all of it goes in."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from openpyxl import load_workbook  # type: ignore[import-untyped]

from accounts.models import User
from audit.models import Entry
from audit.services import faults
from common import clock
from common.file_rules import FileError
from reports.errors import Conflict, NotAllowed, TakenOver, Unclean
from reports.exchange.applying import apply
from reports.exchange.layout import HEADING_ROW, Part
from reports.exchange.outgoing import write_report
from reports.exchange.preview import Preview, preview
from reports.exchange.reading import take_in
from reports.models import Observation, Report, Upload
from reports.services import save_line
from tests import factory
from tests.conftest import World

NAMES = {Part.REPORT: "Report", Part.ACTIONS: "Actions and money", Part.NARRATIVE: "Narrative"}
NAMES |= {Part.REMARKS: "Remarks"}


class Book:
    """A report's workbook in somebody's hands: cells by code, cell and column key."""

    def __init__(self, report: Report, language: str = "en") -> None:
        with translation.override(language), write_report(report, language=language) as file:
            self.book = load_workbook(file)

    def sheet(self, part: Part) -> Any:
        return next(s for s in self.book if s["A1"].value and s.max_column > 2 and part in keys(s))

    def find(self, part: Part, row: str, column: str) -> Any:
        """The cell of a column in the row whose hidden key contains a text."""
        sheet = self.sheet(part)
        index = columns(sheet)[column]
        rows = [r for r in sheet.iter_rows(min_row=HEADING_ROW + 2) if row in str(r[0].value)]
        assert rows, row
        return rows[0][index]

    def put(self, part: Part, row: str, column: str, value: Any) -> str:
        cell = self.find(part, row, column)
        cell.value = value
        return str(cell.coordinate)

    def bytes(self) -> bytes:
        buffer = BytesIO()
        self.book.save(buffer)
        return buffer.getvalue()


def columns(sheet: Any) -> dict[str, int]:
    return {str(cell.value): index for index, cell in enumerate(sheet[1])}


def keys(sheet: Any) -> set[Part]:
    names = set(columns(sheet))
    mark = {"numerator": Part.REPORT, "allocated": Part.ACTIONS}
    mark |= {"words": Part.NARRATIVE, "reply": Part.REMARKS}
    return {part for name, part in mark.items() if name in names}


def seen(report: Report, by: User, book: Book) -> Preview:
    return preview(take_in(report, book.bytes(), "report.xlsx", by=by))


def put_in(world: World, book: Book, **more: Any) -> int:
    upload = take_in(world.now(), book.bytes(), "report.xlsx", by=world.contributor)
    return apply(upload, by=world.contributor, **more)


def line_of(world: World, code: str) -> Any:
    return world.now().lines.select_related("report__period__plan").get(indicator__code=code)


@pytest.fixture
def filled(world: World) -> World:
    factory.fill_in(world.now(), world.contributor)
    return world


def test_nothing_touched_is_nothing_to_change(filled: World) -> None:
    found = seen(filled.now(), filled.contributor, Book(filled.now()))
    assert (found.changes, found.errors, found.notices) == ([], [], [])
    assert not found.can_confirm


def test_an_empty_report_comes_back_empty(world: World) -> None:
    found = seen(world.now(), world.contributor, Book(world.now()))
    assert (found.changes, found.errors, found.notices) == ([], [], [])


def test_each_change_is_shown_with_its_cell_old_and_new(filled: World) -> None:
    book = Book(filled.now())
    one = book.put(Part.REPORT, f"line-{line_of(filled, 'I1').pk}|", "value", 12.7)
    two = book.put(Part.NARRATIVE, "|done", "words", "Trained the army.")
    found = seen(filled.now(), filled.contributor, book)
    assert found.errors == []
    told = [(c.sheet, c.address, c.old, c.new, c.is_conflict) for c in found.changes]
    assert told == [
        ("Report", one, "5", "12.7", False),
        ("Narrative", two, "Trained the police.", "Trained the army.", False),
    ]
    assert Observation.objects.filter(value=Decimal("12.7")).count() == 0


def test_what_is_confirmed_is_stored_and_logged_cell_by_cell(filled: World) -> None:
    book, before = Book(filled.now()), Entry.objects.count()
    line = line_of(filled, "I1")
    book.put(Part.REPORT, f"line-{line.pk}|", "value", 7)
    book.put(Part.REPORT, f"line-{line.pk}|", "rating", "At risk")
    book.put(Part.REPORT, f"line-{line.pk}|", "rating_reason", "It is late.")
    book.put(Part.REPORT, f"line-{line.pk}|", "note", "See annex.")
    book.put(Part.ACTIONS, "action-", "spent", 10.5)
    book.put(Part.NARRATIVE, "|gap", "words", "No money.")
    assert put_in(filled, book) == 6
    line.refresh_from_db()
    assert [o.value for o in line.observations.all()] == [7]
    assert [(r.value, r.reason) for r in line.ratings.all()] == [("at_risk", "It is late.")]
    assert (line.note, line.saved_by) == ("See annex.", filled.contributor)
    assert [a.spent for a in filled.now().actions.all()] == [Decimal("10.5")]
    assert filled.now().narrative.gap == "No money."
    entries = Entry.objects.filter(action="cell.imported")
    assert (Entry.objects.count() - before, entries.count()) == (6, 6)
    told = [json.loads(entry.data) for entry in entries]
    assert [(t["field"], t["before"], t["after"]) for t in told] == [
        ("value", "5", "7"),
        ("rating", "on_track", "at_risk"),
        ("rating_reason", "As planned.", "It is late."),
        ("note", "", "See annex."),
        ("spent", "1000.5", "10.5"),
        ("words", "", "No money."),
    ]
    assert list(faults()) == []


def test_what_was_not_touched_stays_as_it_was_stored(filled: World) -> None:
    line = line_of(filled, "I2")
    book = Book(filled.now())
    book.put(Part.REPORT, f"line-{line.pk}|", "note", "New.")
    put_in(filled, book)
    stored = line.observations.get()
    assert (stored.numerator, stored.denominator) == (5, 100)
    assert [r.reason for r in line.ratings.all()] == ["As planned."]


def test_a_blank_cell_is_not_answered_and_zero_is_a_value(filled: World) -> None:
    line = line_of(filled, "I1")
    book = Book(filled.now())
    book.put(Part.REPORT, f"line-{line.pk}|", "value", None)
    put_in(filled, book)
    assert line.observations.count() == 0
    book = Book(filled.now())
    book.put(Part.REPORT, f"line-{line.pk}|", "value", 0)
    put_in(filled, book)
    assert line.observations.get().value == 0


@pytest.mark.parametrize(
    ("language", "typed", "stored", "sentence"),
    [
        ("en", "12.7", "12.7", ""),
        ("sq", "12,7", "12.7", ""),
        ("en", "12,7", "", "In this language the decimal sign is a point: write 12.7."),
        ("sq", "12.7", "", "In this language the decimal sign is a comma: write 12,7."),
        ("en", "1,234", "", "“1,234” can be read in two ways. Write 1234 or 1.234."),
        ("sq", 12.7, "12.7", ""),
    ],
)
def test_numbers_are_read_by_the_language_of_the_file(
    world: World, language: str, typed: object, stored: str, sentence: str
) -> None:
    line, book = line_of(world, "I1"), Book(world.now(), language)
    book.put(Part.REPORT, f"line-{line.pk}|", "value", typed)
    upload = take_in(world.now(), book.bytes(), "a.xlsx", by=world.contributor)
    found = preview(upload)
    assert [error.text for error in found.errors] == ([sentence] if sentence else [])
    if stored:
        apply(upload, by=world.contributor)
        assert line.observations.get().value == Decimal(stored)


def test_words_of_the_lists_are_those_of_the_file_s_language(world: World) -> None:
    line, book = line_of(world, "I1"), Book(world.now(), "sq")
    with translation.override("sq"):
        word = str(Observation._meta.get_field("state").flatchoices[1][1])  # type: ignore[union-attr]
    book.put(Part.REPORT, f"line-{line.pk}|", "state", word)
    book.put(Part.REPORT, f"line-{line.pk}|", "reason", "Nuk dihet")
    put_in(world, book)
    stored = line.observations.get()
    assert (stored.state, stored.reason) == ("not_available", "Nuk dihet")


def test_columns_may_be_moved_and_rows_sorted(filled: World) -> None:
    book = Book(filled.now())
    line = line_of(filled, "I1")
    book.put(Part.REPORT, f"line-{line.pk}|", "value", 8)
    sheet = book.sheet(Part.REPORT)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head, body = rows[: HEADING_ROW + 1], rows[HEADING_ROW + 1 :]
    for number, row in enumerate([*head, *reversed(body)], start=1):
        for index, value in enumerate(reversed(row), start=1):
            sheet.cell(number, index).value = value
    upload = take_in(filled.now(), book.bytes(), "a.xlsx", by=filled.contributor)
    found = preview(upload)
    assert [(c.old, c.new) for c in found.changes] == [("5", "8")]
    assert found.errors == []


def test_a_row_that_was_deleted_stays_as_it_is_and_is_told(filled: World) -> None:
    book = Book(filled.now())
    book.sheet(Part.REPORT).delete_rows(HEADING_ROW + 2)
    found = seen(filled.now(), filled.contributor, book)
    assert found.changes == []
    assert found.notices == ["1 row of the report is not in the workbook and stays as it is."]


def test_a_row_of_somebody_s_own_is_a_mistake(filled: World) -> None:
    book = Book(filled.now())
    sheet = book.sheet(Part.ACTIONS)
    row = sheet.max_row + 1
    sheet.cell(row, columns(sheet)["spent"] + 1).value = 5
    found = seen(filled.now(), filled.contributor, book)
    assert [e.text for e in found.errors] == [
        "This row is not one of the report’s: its hidden key is missing. Write in the rows that"
        " are there, and empty this one."
    ]


def test_a_row_that_stands_twice_is_a_mistake(filled: World) -> None:
    book = Book(filled.now())
    sheet = book.sheet(Part.ACTIONS)
    row = sheet.max_row + 1
    for index, cell in enumerate(sheet[sheet.max_row], start=1):
        sheet.cell(row, index).value = cell.value
    found = seen(filled.now(), filled.contributor, book)
    assert [e.text for e in found.errors] == [
        "This row stands twice in the sheet. Delete one of the two."
    ]


def test_a_value_beside_a_reason_for_none_is_a_mistake_whichever_came_first(filled: World) -> None:
    line, book = line_of(filled, "I1"), Book(filled.now())
    book.put(Part.REPORT, f"line-{line.pk}|", "state", "Not available")
    book.put(Part.REPORT, f"line-{line.pk}|", "reason", "Unknown")
    found = seen(filled.now(), filled.contributor, book)
    sentence = "There is a value and a reason why there is none. Empty one of them."
    assert [(e.column, e.text) for e in found.errors] == [("state", sentence)]
    none = Observation(cell="", state="not_available", reason="Unknown")
    save_line(line, by=filled.contributor, version=line.version, answers=[none], rating=None)
    book = Book(filled.now())
    book.put(Part.REPORT, f"line-{line.pk}|", "value", 5)
    found = seen(filled.now(), filled.contributor, book)
    assert [(e.column, e.text) for e in found.errors] == [("state", sentence)]


# ------------------------------------------------------------------ refusals


def refused(report: Report, by: User, data: bytes) -> FileError:
    with pytest.raises(FileError) as error:
        take_in(report, data, "a.xlsx", by=by)
    assert Upload.objects.count() == 0
    return error.value


def test_another_report_s_workbook_is_refused_by_name(filled: World) -> None:
    data = Book(filled.other_report).bytes()
    error = refused(filled.now(), filled.contributor, data)
    assert error.code == "other_report"
    assert "MB, 2026-Q3, plan AL" in str(error)


def test_a_workbook_without_its_tag_is_refused(filled: World) -> None:
    book = Book(filled.now())
    for sheet in book.book:
        sheet.delete_rows(1)
    assert refused(filled.now(), filled.contributor, book.bytes()).code == "tag"


def test_a_lost_column_or_sheet_is_a_changed_layout(filled: World) -> None:
    book = Book(filled.now())
    sheet = book.sheet(Part.REPORT)
    sheet.delete_cols(columns(sheet)["reason"] + 1)
    error = refused(filled.now(), filled.contributor, book.bytes())
    assert error.code == "layout"
    assert "The sheet “Report” has lost a column: “Reason”." in str(error)
    book = Book(filled.now())
    del book.book["Narrative"]
    error = refused(filled.now(), filled.contributor, book.bytes())
    assert "The sheet “Narrative” is missing." in str(error)


def test_an_older_revision_is_refused_with_what_changed_since(filled: World) -> None:
    filled.submitted()
    factory.decide("take", filled.report, filled.reviewer)
    factory.decide("return", filled.report, filled.reviewer, reason="Again.")
    data = Book(filled.now()).bytes()
    line = line_of(filled, "I1")
    save_line(
        line,
        by=filled.contributor,
        version=line.version,
        answers=[factory.value(9)],
        rating=("at_risk", "Late."),
    )
    factory.decide("submit", filled.report, filled.approver)
    factory.decide("take", filled.report, filled.reviewer)
    factory.decide("return", filled.report, filled.reviewer, reason="Once more.")
    error = refused(filled.now(), filled.contributor, data)
    assert error.code == "revision"
    assert "made from revision 1; the report is at revision 2 now. Changed since: I1." in str(error)


@pytest.mark.parametrize("who", ["other_contributor", "reviewer", "administrator", "observer"])
def test_nobody_else_sends_a_workbook(filled: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        take_in(filled.now(), Book(filled.now()).bytes(), "a.xlsx", by=getattr(filled, who))


def test_a_submitted_report_takes_none(filled: World) -> None:
    data = Book(filled.now()).bytes()
    factory.decide("submit", filled.report, filled.approver)
    with pytest.raises(NotAllowed):
        take_in(filled.now(), data, "a.xlsx", by=filled.contributor)


def test_a_closed_period_takes_none_and_lets_none_in(filled: World) -> None:
    data = changed_book(filled).bytes()
    upload = take_in(filled.now(), data, "a.xlsx", by=filled.contributor)
    type(filled.period).objects.update(due_on=date(2026, 10, 2), closes_on=date(2026, 10, 3))
    with clock.at(datetime(2026, 10, 5, tzinfo=UTC)):
        with pytest.raises(NotAllowed):
            take_in(filled.now(), data, "a.xlsx", by=filled.contributor)
        with pytest.raises(NotAllowed):
            apply(Upload.objects.get(), by=filled.contributor)
    assert Upload.objects.get().applied_at is None
    assert upload.applied_at is None


# ------------------------------------------------------------------ taking over


def changed_book(world: World, value: int = 8) -> Book:
    book = Book(world.now())
    book.put(Part.REPORT, f"line-{line_of(world, 'I1').pk}|", "value", value)
    return book


def test_twice_is_harmless(filled: World) -> None:
    data = changed_book(filled).bytes()
    upload = take_in(filled.now(), data, "a.xlsx", by=filled.contributor)
    assert apply(upload, by=filled.contributor) == 1
    entries = Entry.objects.count()
    with pytest.raises(TakenOver):
        apply(upload, by=filled.contributor)
    assert Entry.objects.count() == entries


def test_a_colleague_cannot_confirm_what_somebody_else_sent(filled: World) -> None:
    data = changed_book(filled).bytes()
    upload = take_in(filled.now(), data, "a.xlsx", by=filled.contributor)
    with pytest.raises(Conflict):
        apply(upload, by=filled.approver)
    assert Upload.objects.get().applied_at is None


def test_what_was_saved_meanwhile_is_a_conflict_until_it_is_decided(filled: World) -> None:
    book, line = changed_book(filled), line_of(filled, "I1")
    rating = ("on_track", "As planned.")
    answers = [factory.value(6)]
    save_line(line, by=filled.approver, version=line.version, answers=answers, rating=rating)
    upload = take_in(filled.now(), book.bytes(), "a.xlsx", by=filled.contributor)
    assert [(c.old, c.new, c.is_conflict) for c in preview(upload).changes] == [("6", "8", True)]
    with pytest.raises(Unclean):
        apply(upload, by=filled.contributor)
    assert line.observations.get().value == 6
    assert apply(upload, by=filled.contributor, replace=True) == 1
    assert line.observations.get().value == 8


def test_other_changes_than_those_shown_are_not_taken_over(filled: World) -> None:
    upload = take_in(filled.now(), changed_book(filled).bytes(), "a.xlsx", by=filled.contributor)
    mark, line = preview(upload).mark, line_of(filled, "I1")
    save_line(line, by=filled.approver, version=line.version, answers=[], rating=None)
    with pytest.raises(Unclean):
        apply(upload, by=filled.contributor, replace=True, mark=mark)
    assert line.observations.count() == 0


def test_a_version_nobody_has_reached_is_no_way_around_the_question(filled: World) -> None:
    book, line = changed_book(filled), line_of(filled, "I1")
    for row in book.sheet(Part.REPORT).iter_rows(min_row=HEADING_ROW + 2):
        row[0].value = str(row[0].value).replace(f"|{line.version}|", "|99|")
    upload = take_in(filled.now(), book.bytes(), "a.xlsx", by=filled.contributor)
    assert [c.is_conflict for c in preview(upload).changes] == [True]
    with pytest.raises(Unclean):
        apply(upload, by=filled.contributor)


def statements(world: World, codes: list[str], value: int = 3) -> int:
    """How many statements it takes to take over a workbook in which these indicators changed."""
    book = Book(world.now())
    for code in codes:
        book.put(Part.REPORT, f"line-{line_of(world, code).pk}|", "value", value)
    upload = take_in(world.now(), book.bytes(), "a.xlsx", by=world.contributor)
    with CaptureQueriesContext(connection) as asked:
        assert apply(upload, by=world.contributor) == len(codes)
    return len(asked)


def test_one_and_twenty_indicators_take_the_same_number_of_statements(world: World) -> None:
    codes = [f"N{n}" for n in range(20)]
    for code in codes:
        made = factory.make_indicator(world.plan, code, objective=world.objective)
        world.report.lines.create(indicator=made)
    statements(world, [codes[0]], 1)  # from now on somebody has saved, and her name is read
    assert statements(world, [codes[0]], 2) == statements(world, codes)


def test_one_mistake_and_nothing_of_the_workbook_is_stored(filled: World) -> None:
    book = changed_book(filled)
    book.put(Part.ACTIONS, "action-", "spent", "many")
    before = (Entry.objects.count(), filled.now().version)
    with pytest.raises(Unclean):
        put_in(filled, book)
    assert (Entry.objects.count(), filled.now().version) == before
    assert line_of(filled, "I1").observations.get().value == 5
    assert Upload.objects.get().applied_at is None


def test_a_second_workbook_takes_the_place_of_the_first(filled: World) -> None:
    first = take_in(filled.now(), changed_book(filled).bytes(), "a.xlsx", by=filled.contributor)
    second = take_in(filled.now(), changed_book(filled, 9).bytes(), "b.xlsx", by=filled.contributor)
    assert list(Upload.objects.all()) == [second]
    with pytest.raises(Conflict) as refusal:
        apply(first, by=filled.contributor)
    assert not isinstance(refusal.value, TakenOver)


def test_a_reply_to_a_remark_goes_in(world: World) -> None:
    world.under_review()
    review = world.now().reviews.get()
    remark = factory_remark(review, line_of(world, "I1"))
    factory.decide("return", world.report, world.reviewer, reason="See there.")
    book = Book(world.now())
    book.put(Part.REMARKS, f"remark-{remark.pk}", "reply", "Counted again.")
    assert put_in(world, book) == 1
    remark.refresh_from_db()
    assert (remark.reply, remark.text, remark.version) == ("Counted again.", "Why so few?", 1)
    assert remark.replied_at is not None


def factory_remark(review: Any, line: Any) -> Any:
    return review.remarks.create(line=line, verdict="flagged", text="Why so few?")
