"""One declaration makes the page, its order and its download."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db.models import Count
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from common.tables import Table, TableColumn, shown

NBSP = "\u00a0"


class Tone(Enum):
    GOOD = "good"

    @property
    def label(self) -> str:
        return "On track"

    @property
    def tone(self) -> str:
        return "good"

    @property
    def icon(self) -> str:
        return "check"


class GroupTable(Table):
    title = "Groups"
    columns = (
        TableColumn("Name", "name", link=lambda group: f"/g/{group.pk}/", sort="name"),
        TableColumn("Rights", "rights", "integer", sort=("rights", "-name")),
        TableColumn("First", lambda group: group.permissions.all()[0].name, in_export=False),
        TableColumn("Internal", "pk", "integer", on_page=False),
    )


def queryset() -> Any:
    return Group.objects.annotate(rights=Count("permissions")).prefetch_related("permissions")


def make_groups(number: int) -> None:
    right = Permission.objects.order_by("pk")[0]
    for index in range(number):
        Group.objects.create(name=f"group {index:03}").permissions.add(right)


def table(query: str = "") -> GroupTable:
    return GroupTable(queryset(), QueryDict(query))


@pytest.mark.parametrize("number", [1, 3, 300])
def test_a_page_costs_the_same_queries_with_any_number_of_rows(
    db: None, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    make_groups(number)
    with django_assert_num_queries(3):  # the count, the page, the prefetch
        page = table("sort=-name")
        assert len(page.headings) == 3
        assert len(page.rows) == min(number, 50)


def test_a_page_has_fifty_rows_and_the_download_has_all(db: None) -> None:
    make_groups(120)
    shown_names = [row.cells[0].text for row in table("page=3").rows]
    assert shown_names == [f"group {index:03}" for index in range(100, 120)]
    sheet = table("page=3").sheet()
    assert [column.heading for column in sheet.columns] == ["Name", "Rights", "Internal"]
    assert len(list(sheet.rows)) == 120


def test_what_is_filtered_and_sorted_is_what_is_downloaded(db: None) -> None:
    make_groups(30)
    filtered = GroupTable(queryset().filter(name__endswith="1"), QueryDict("sort=-name"))
    names = [row.cells[0].value for row in filtered.rows]
    assert names == ["group 021", "group 011", "group 001"]
    sheet = filtered.sheet()
    assert [sheet.columns[0].value(row) for row in sheet.rows] == names


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", ""])
def test_a_page_that_is_not_there_shows_the_nearest_one(db: None, page: str) -> None:
    make_groups(60)
    assert len(table(f"page={page}").rows) in (50, 10)


def test_only_declared_columns_sort(db: None) -> None:
    make_groups(3)
    Group.objects.get(name="group 001").permissions.clear()
    asked = {
        "": [0, 1, 2],
        "sort=-name": [2, 1, 0],
        "sort=rights": [1, 2, 0],
        "sort=-rights": [0, 2, 1],
        "sort=permissions__codename": [0, 1, 2],
        "sort=password": [0, 1, 2],
        "sort=": [0, 1, 2],
    }
    for query, order in asked.items():
        rows = table(query).ordered
        assert [row.name for row in rows] == [f"group {index:03}" for index in order]


def test_headings_lead_to_the_order_and_keep_the_filter(db: None) -> None:
    plain = table("status=late&page=2&export=csv").headings
    assert [heading.sort_url for heading in plain] == [
        *("?status=late&sort=name", "?status=late&sort=rights", "")
    ]
    up, down = table("sort=name").headings[0], table("sort=-name").headings[0]
    assert (up.is_sorted, up.is_descending, up.sort_url) == (True, False, "?sort=-name")
    assert (down.is_sorted, down.is_descending, down.sort_url) == (True, True, "?sort=name")
    assert not plain[0].is_sorted


def test_equal_rows_keep_one_order_on_every_page(db: None) -> None:
    make_groups(120)
    names = [
        row.cells[0].text for page in (1, 2, 3) for row in table(f"sort=rights&page={page}").rows
    ]
    assert sorted(names) == [f"group {index:03}" for index in range(120)]


class ListTable(Table):
    columns = (
        TableColumn("Status", "status"),
        TableColumn("Value", "value", "percent", sort="value"),
        TableColumn("On", "on", "date"),
    )

    def is_flagged(self, row: dict[str, Any]) -> bool:
        return row["value"] is None


def list_table() -> ListTable:
    first = {"status": Tone.GOOD, "value": Decimal("82.70"), "on": date(2026, 9, 30)}
    return ListTable([first, {"status": None, "value": None, "on": None}])


def test_a_list_of_anything_is_a_table_too() -> None:
    first, second = list_table().rows
    assert [cell.text for cell in first] == ["On track", f"82.7{NBSP}%", "30 Sep 2026"]
    assert [cell.kind for cell in first] == ["text", "number", "date"]
    assert (first.cells[0].badge, first.cells[1].value) == (Tone.GOOD, Decimal("82.70"))
    assert ([cell.text for cell in second], second.is_flagged) == (["", "", ""], True)
    assert not any(heading.sort_url for heading in list_table().headings)


def test_zero_is_shown_as_zero_and_nothing_as_nothing() -> None:
    assert [shown(0), shown(Decimal("0.000")), shown(None)] == ["0", "0", ""]


def test_values_are_written_as_the_reader_writes_them() -> None:
    moment = datetime(2026, 9, 30, 14, 5, tzinfo=UTC).replace(tzinfo=None)
    with translation.override("sq"):
        assert shown(Decimal("1234.5"), "money") == f"1{NBSP}234,5"
        assert shown(moment).endswith("2026, 14:05")


def test_the_page_shows_links_badges_and_hostile_text_as_text(db: None) -> None:
    make_groups(1)
    Group.objects.update(name="<script>alert(1)</script>")
    request = RequestFactory().get("/")
    html = render_to_string("ui/table.html", {"table": table()}, request)
    assert (
        f'<a href="/g/{Group.objects.get().pk}/">&lt;script&gt;alert(1)&lt;/script&gt;</a>' in html
    )
    assert "Internal" not in html
    html = render_to_string("ui/table.html", {"table": list_table()}, request)
    assert "badge-status tone-good" in html
    assert "row-flagged" in html
