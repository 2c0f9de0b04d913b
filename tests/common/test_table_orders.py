"""Tables: every order, every page and every download from the same rows, and links that keep."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db.models import DateField, IntegerField, QuerySet
from django.db.models.expressions import Case, Value, When
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import translation
from django.utils.translation import gettext_lazy

from common.downloads import table_response
from common.reader import read_sheets
from common.tables import NUMBERS, Cell, Row, Table, TableColumn, shown
from indicators.choices import Status

NBSP = "\u00a0"
RANKS = {"alpha": 3, "beta": None, "delta": 1, "gamma": None, "epsilon": 3}


class Ranked(Table):
    title = gettext_lazy("Yes")
    columns = (
        TableColumn("Name", "name", sort="name"),
        TableColumn("Rank", "rank", "integer", sort=("rank", "name")),
        TableColumn("Down", "rank", "integer", sort=("-rank", "name"), on_page=False),
        TableColumn("Plain", "pk"),
    )
    page_size = 2


def ranked() -> QuerySet[Group]:
    ranks = [When(name=name, then=Value(rank)) for name, rank in RANKS.items() if rank]
    day = Value(date(2026, 9, 30), output_field=DateField())
    return Group.objects.annotate(rank=Case(*ranks, output_field=IntegerField()), day=day)


@pytest.fixture
def groups(db: None) -> list[Group]:
    return [Group.objects.create(name=name) for name in RANKS]


ORDERS = {
    "": "alpha beta delta gamma epsilon",
    "sort=name": "alpha beta delta epsilon gamma",
    "sort=-name": "gamma epsilon delta beta alpha",
    "sort=rank": "delta alpha epsilon beta gamma",
    # Turned round, the second field turns too; what is empty stays last.
    "sort=-rank": "epsilon alpha delta gamma beta",
    "sort=--rank": "alpha beta delta gamma epsilon",
    "sort=pk": "alpha beta delta gamma epsilon",
    "sort=id": "alpha beta delta gamma epsilon",
    "sort=permissions__name": "alpha beta delta gamma epsilon",
    "sort=rank%00": "alpha beta delta gamma epsilon",
    "sort=?": "alpha beta delta gamma epsilon",
    "sort=name&sort=rank": "delta alpha epsilon beta gamma",
    "sort=NAME": "alpha beta delta gamma epsilon",
    "sort= name": "alpha beta delta gamma epsilon",
    "sort=name;DROP TABLE": "alpha beta delta gamma epsilon",
}


@pytest.mark.parametrize("query", ORDERS)
def test_each_order_is_that_of_the_pages_and_of_both_files(groups: list[Group], query: str) -> None:
    names = ORDERS[query].split()
    pages = [Ranked(ranked(), QueryDict(f"{query}&page={page}")).rows for page in (1, 2, 3)]
    assert [row.object.name for page in pages for row in page] == names
    for kind in ("xlsx", "csv"):
        request = RequestFactory().get(f"/?{query}&page=2&export={kind}")
        answer = table_response(request, Ranked(ranked(), request.GET), "groups")
        assert answer is not None
        _head, *lines = read_sheets(answer.getvalue(), f"a.{kind}")[0].rows
        assert [line[0] for line in lines] == names


@pytest.mark.parametrize(
    ("page", "number"),
    [
        ("1", 1),
        ("2", 2),
        ("3", 3),
        ("4", 3),
        ("999999999999999999999", 3),
        ("0", 3),
        ("-1", 3),
        ("", 1),
        ("x", 1),
        ("1.5", 1),
        ("٢", 2),
        (" 2 ", 2),
        ("2'--", 1),
    ],
)
def test_every_page_number_shows_a_page(groups: list[Group], page: str, number: int) -> None:
    table = Ranked(ranked(), {"page": page})
    assert table.page.number == number
    assert len(table.rows) == (1 if number == 3 else 2)


def test_no_rows_are_one_empty_page_with_its_headings(db: None) -> None:
    table = Ranked(Group.objects.none(), QueryDict("page=7&sort=name"))
    assert (table.rows, table.page.number, len(table.headings)) == ([], 1, 3)
    assert list(table.sheet().rows) == []


@pytest.mark.parametrize(
    ("query", "url"),
    [
        ("", "?sort=name"),
        ("sort=name", "?sort=-name"),
        ("sort=-name", "?sort=name"),
        ("sort=rank", "?sort=name"),
        ("page=3", "?sort=name"),
        ("export=csv", "?sort=name"),
        ("status=late", "?status=late&sort=name"),
        ("role=a&role=b", "?role=a&role=b&sort=name"),
        ("q=a%26b%3Dc", "?q=a%26b%3Dc&sort=name"),
        ("q=%22%3E%3Cscript%3E", "?q=%22%3E%3Cscript%3E&sort=name"),
        ("q=%C3%A7&page=2&sort=-name", "?q=%C3%A7&sort=name"),
    ],
)
def test_a_heading_keeps_the_filter_and_begins_at_the_first_page(
    groups: list[Group], query: str, url: str
) -> None:
    assert Ranked(ranked(), QueryDict(query)).headings[0].sort_url == url


def test_plain_parameters_make_the_same_links(groups: list[Group]) -> None:
    table = Ranked(ranked(), {"status": "late", "page": "2"})
    assert table.headings[0].sort_url == "?status=late&sort=name"


def test_a_heading_that_sorts_says_in_which_direction(groups: list[Group]) -> None:
    told = {
        query: [(h.is_sorted, h.is_descending) for h in Ranked(ranked(), QueryDict(query)).headings]
        for query in ("", "sort=name", "sort=-name", "sort=rank", "sort=nothing")
    }
    no, up, down = (False, False), (True, False), (True, True)
    assert told == {
        "": [no, no, no],
        "sort=name": [up, no, no],
        "sort=-name": [down, no, no],
        "sort=rank": [no, up, no],
        "sort=nothing": [no, no, no],
    }


def test_a_list_has_no_order_of_its_own_to_choose() -> None:
    table = Ranked([{"name": "b", "rank": 1, "pk": 1}, {"name": "a", "rank": 2, "pk": 2}], {})
    assert [heading.sort_url for heading in table.headings] == ["", "", ""]
    table.params = {"sort": "name"}
    assert [row.cells[0].text for row in table.rows] == ["b", "a"]


def test_the_query_s_own_order_is_kept_where_none_is_asked_for(groups: list[Group]) -> None:
    table = Ranked(ranked().order_by("-name"), {})
    assert [row.name for row in table.ordered] == ORDERS["sort=-name"].split()


def test_a_column_may_stand_on_the_page_only_or_in_the_file_only(groups: list[Group]) -> None:
    table = Ranked(ranked(), {})
    assert [heading.label for heading in table.headings] == ["Name", "Rank", "Plain"]
    assert [str(column.heading) for column in table.sheet().columns] == [
        *("Name", "Rank", "Down", "Plain")
    ]


@pytest.mark.parametrize("kind", ["text", "date", "datetime", *NUMBERS])
def test_numbers_stand_at_the_right(kind: Any) -> None:
    column = TableColumn("C", "c", kind)
    assert column.shown_kind == ("number" if kind in NUMBERS else kind)
    assert (column.sort_fields, column.on_page, column.in_export) == ((), True, True)


@pytest.mark.parametrize(
    ("value", "kind", "english", "albanian"),
    [
        (None, "text", "", ""),
        ("", "number", "", ""),
        ("<10", "number", "<10", "<10"),
        (0, "number", "0", "0"),
        (Decimal("-0.0"), "number", "0", "0"),
        (Decimal("12.70"), "number", "12.7", "12,7"),
        (Decimal("82.7"), "percent", f"82.7{NBSP}%", f"82,7{NBSP}%"),
        (0, "percent", f"0{NBSP}%", f"0{NBSP}%"),
        (1234567, "money", f"1{NBSP}234{NBSP}567", f"1{NBSP}234{NBSP}567"),
        (date(2026, 9, 3), "date", "3 Sep 2026", "3 Sht 2026"),
        (datetime(2026, 9, 3, 7, 5), "datetime", "3 Sep 2026, 07:05", "3 Sht 2026, 07:05"),
        (datetime(2026, 9, 3, 7, 5), "date", "3 Sep 2026, 07:05", "3 Sht 2026, 07:05"),
        (1.5, "number", "1.5", "1.5"),
    ],
)
def test_a_value_is_shown_as_its_reader_writes_it(
    value: Any, kind: Any, english: str, albanian: str
) -> None:
    with translation.override("en"):
        assert shown(value, kind) == english
    with translation.override("sq"):
        assert shown(value, kind) == albanian


def test_a_row_is_its_cells_and_knows_its_object() -> None:
    class Linked(Table):
        columns = (
            TableColumn("Status", "status", link=lambda row: None),
            TableColumn("Name", "name", link=lambda row: f"/{row['name']}/"),
        )

    [row] = Linked([{"status": Status.MET, "name": "x"}], {}).rows
    assert isinstance(row, Row)
    assert list(row) == [
        Cell("Target met", "Target met", "text", "", Status.MET),
        Cell("x", "x", "text", "/x/", None),
    ]
    assert (row.object["name"], row.is_flagged) == ("x", False)


def test_the_title_of_a_file_is_that_of_the_table_in_the_reader_s_language() -> None:
    with translation.override("sq"):
        assert str(Ranked([], {}).sheet().title) == "Po"
