"""Money by source of funds in a report's workbook: out, filled in, back without a difference."""

import json
import re
import zipfile
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest

from audit.models import Entry
from common.file_rules import FileError
from reports.errors import Unclean
from reports.exchange.layout import LAYOUT, Part, read_key
from reports.exchange.marking import marked_copy
from reports.exchange.outgoing import write_report
from reports.exchange.reading import take_in
from reports.exchange.rows import action_rows
from tests import factory
from tests.conftest import World
from tests.reports.funded import earlier, fund, progress_of, stored, tell
from tests.reports.test_incoming import Book, put_in, seen

D = Decimal
ACTIONS = Part.ACTIONS
BOTH = {"State": ("10", "4"), "Donors": ("5.5", "1")}


@pytest.fixture
def funded(world: World) -> World:
    fund(world, State="3000", Donors="1500.50")
    factory.fill_in(world.now(), world.contributor)
    return world


def by_source(world: World, **more: Any) -> World:
    tell(world, allocated=None, spent=None, note="", **{"money": BOTH, **more})
    return world


def table(book: Book) -> list[tuple[Any, ...]]:
    """Source, planned, status, allocated and spent of each row."""
    sheet = book.sheet(ACTIONS)
    heads = {str(cell.value): n for n, cell in enumerate(sheet[1])}
    wanted = ("source", "planned", "status", "allocated", "spent")
    return [tuple(row[heads[n]].value for n in wanted) for row in sheet.iter_rows(min_row=4)]


def test_an_action_with_several_sources_has_a_row_for_each(funded: World) -> None:
    assert table(Book(by_source(funded).now())) == [
        ("All sources", 4500.5, "In progress", None, None),
        ("Donors", 1500.5, None, 5.5, 1),
        ("State", 3000, None, 10, 4),
    ]


def test_a_total_alone_stands_in_the_row_of_the_action(funded: World) -> None:
    assert table(Book(funded.now())) == [
        ("All sources", 4500.5, "In progress", 2000, 1000.5),
        ("Donors", 1500.5, None, None, None),
        ("State", 3000, None, None, None),
    ]


def test_an_action_with_one_source_keeps_its_one_row(world: World) -> None:
    fund(world, State="3000")
    tell(world, allocated="2", spent="1")
    assert table(Book(world.now())) == [("State", 3000, "In progress", 2, 1)]


def test_the_hidden_key_names_the_source_in_every_language(funded: World) -> None:
    fund(funded, **{"Fondi | 5 % ë": "1"})
    keys = [row.key.written() for row in action_rows(progress_of(funded.report))]
    assert [read_key(key).cell for key in keys if read_key(key)] == [  # type: ignore[union-attr]
        "",
        "Donors",
        "Fondi%20%7C%205%20%25%20%C3%AB",
        "State",
    ]
    written = [Book(funded.now(), language) for language in ("en", "sq")]
    first, second = ([str(row[0].value) for row in b.sheet(ACTIONS).iter_rows()] for b in written)
    assert first[3:] == second[3:] == keys


@pytest.mark.parametrize("language", ["en", "sq"])
@pytest.mark.parametrize("money", [BOTH, {"State": ("0", "0")}, {}], ids=["all", "a part", "none"])
def test_out_and_back_is_no_difference(funded: World, money: Any, language: str) -> None:
    tell(funded, allocated=None, spent="4" if len(money) < 2 else None, note="So.", money=money)
    found = seen(funded.now(), funded.contributor, Book(funded.now(), language))
    assert (found.changes, found.errors, found.notices, found.warnings) == ([], [], [], [])


def test_what_is_filled_in_by_source_is_taken_over_with_its_total(funded: World) -> None:
    tell(funded, allocated=None, spent=None, note="")
    book = Book(funded.now())
    for source, (allocated, spent) in {"Donors": (5.5, 1), "State": (10, 4)}.items():
        book.put(ACTIONS, f"|{source}", "allocated", allocated)
        book.put(ACTIONS, f"|{source}", "spent", spent)
    found = seen(funded.now(), funded.contributor, book)
    assert [(c.label, c.old, c.new) for c in found.changes] == [
        ("Donors · Allocated", "", "5.5"),
        ("Donors · Spent in the quarter", "", "1"),
        ("State · Allocated", "", "10"),
        ("State · Spent in the quarter", "", "4"),
    ]
    assert put_in(funded, book) == 4
    split = {"Donors": (D("5.5"), D(1)), "State": (D(10), D(4))}
    assert stored(funded.report) == (D("15.5"), D(5), split)
    again = seen(funded.now(), funded.contributor, book)
    assert (again.changes, again.errors) == ([], [])


def test_one_cell_of_one_source_changes_that_and_the_total(funded: World) -> None:
    book = Book(by_source(funded).now())
    book.put(ACTIONS, "|State", "spent", 6)
    assert put_in(funded, book) == 1
    split = {"Donors": (D("5.5"), D(1)), "State": (D(10), D(6))}
    assert stored(funded.report) == (D("15.5"), D(7), split)
    last = Entry.objects.filter(action="cell.imported").order_by("sequence").last()
    assert last is not None
    told = json.loads(last.data)
    shown = {name: told[name] for name in ("about", "cell", "field", "before", "after")}
    assert shown == {
        "about": "A1 Action A1",
        "cell": "State",
        "field": "spent",
        "before": "4",
        "after": "6",
    }


def test_a_changed_status_leaves_the_money_alone(funded: World) -> None:
    book = Book(by_source(funded).now())
    book.put(ACTIONS, "action-", "status", "Delayed")
    assert put_in(funded, book) == 1
    row = progress_of(funded.report)
    assert (row.status, stored(funded.report)[:2]) == ("delayed", (D("15.5"), D(5)))
    assert len(stored(funded.report)[2]) == 2


def test_an_emptied_source_makes_the_total_unknown(funded: World) -> None:
    book = Book(by_source(funded).now())
    book.put(ACTIONS, "|State", "spent", None)
    assert put_in(funded, book) == 1
    assert stored(funded.report) == (
        D("15.5"),
        None,
        {"Donors": (D("5.5"), D(1)), "State": (D(10), None)},
    )


def test_a_contradiction_is_marked_in_the_cell_of_the_total(funded: World) -> None:
    book = Book(by_source(funded).now())
    place = book.put(ACTIONS, "action-", "spent", 99)
    found = seen(funded.now(), funded.contributor, book)
    assert [(error.address, error.column, error.text) for error in found.errors] == [
        (
            place,
            "spent",
            "The sources add up to 5, the total says 99. Correct one of them, or leave the total"
            " empty: it is added up.",
        )
    ]
    before = stored(funded.report)
    with pytest.raises(Unclean):
        put_in(funded, book)
    assert stored(funded.report) == before


def test_what_is_no_number_is_marked_in_the_cell_of_its_source(funded: World) -> None:
    book = Book(by_source(funded).now())
    places = [
        book.put(ACTIONS, "|Donors", "spent", "many"),
        book.put(ACTIONS, "|State", "allocated", -1),
    ]
    upload = take_in(funded.now(), book.bytes(), "report.xlsx", by=funded.contributor)
    found = seen(funded.now(), funded.contributor, book)
    assert [(error.address, error.label) for error in found.errors] == [
        (places[0], "Donors · Spent in the quarter"),
        (places[1], "State · Allocated"),
    ]
    upload = take_in(funded.now(), book.bytes(), "report.xlsx", by=funded.contributor)
    with marked_copy(upload) as file, zipfile.ZipFile(BytesIO(file.read())) as archive:
        comments = [name for name in archive.namelist() if "comments" in name]
        told = "".join(archive.read(name).decode() for name in comments)
    assert "Write a number of 0 or more." in told
    assert set(re.findall(r'ref="([A-Z]+\d+)"', told)) == set(places)


def test_overspending_is_a_warning_before_anything_is_stored(funded: World) -> None:
    earlier(funded, 1, spent=None, allocated=None, note="", money=BOTH)
    tell(funded, allocated=None, spent=None, note="", money={})
    book = Book(funded.now())
    for source, pair in {"Donors": (0, 4.5), "State": (0, 7)}.items():
        book.put(ACTIONS, f"|{source}", "allocated", pair[0])
        book.put(ACTIONS, f"|{source}", "spent", pair[1])
    found = seen(funded.now(), funded.contributor, book)
    assert (found.errors, found.can_confirm) == ([], True)
    assert found.warnings == [
        "A1 Action A1: More was spent than allocated. If that is right, say why in the comment.",
        "A1 Action A1: State: more was spent to date than allocated from this source.",
    ]
    page = funded.client(funded.contributor)
    upload = take_in(funded.now(), book.bytes(), "report.xlsx", by=funded.contributor)
    shown = page.get(f"/reports/{funded.report.pk}/upload/{upload.pk}/")
    assert "More was spent than allocated." in shown.content.decode()


def test_a_workbook_of_the_layout_before_is_refused_by_name(funded: World) -> None:
    assert LAYOUT == "2"
    book = Book(funded.now())
    for sheet in book.book:
        first = sheet["A1"]
        if str(first.value).startswith("nap-report|"):
            first.value = str(first.value).replace("nap-report|2|", "nap-report|1|")
    with pytest.raises(FileError) as refused:
        take_in(funded.now(), book.bytes(), "report.xlsx", by=funded.contributor)
    assert refused.value.code == "layout"
    assert "It was made by another version of this system." in str(refused.value)


def test_rows_may_be_sorted_and_a_lost_row_stays_as_it_is(funded: World) -> None:
    book = Book(by_source(funded).now())
    sheet = book.sheet(ACTIONS)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    for number, values in enumerate(reversed(rows), start=4):
        for column, value in enumerate(values, start=1):
            sheet.cell(number, column).value = value
    found = seen(funded.now(), funded.contributor, book)
    assert (found.changes, found.errors) == ([], [])
    sheet.delete_rows(4)
    lost = seen(funded.now(), funded.contributor, book)
    assert (lost.changes, lost.errors, len(lost.notices)) == ([], [], 1)


def test_a_source_like_a_formula_is_a_text(world: World) -> None:
    fund(world, **{"=1+1": "1", "+355": "2"})
    with write_report(world.now(), language="en") as file, zipfile.ZipFile(file) as archive:
        parts = [archive.read(n).decode() for n in archive.namelist() if "worksheets/sheet" in n]
    cells = [part.split("<sheetData>")[1].split("</sheetData>")[0] for part in parts]
    assert [part for part in cells if "<f>" in part] == []
