"""Answers that are files."""

from contextlib import closing
from typing import Any
from urllib.parse import unquote

import pytest
from django.contrib.auth.models import Group
from django.test import RequestFactory

from common.downloads import Download, csv_response, disposition, table_response
from common.reader import read_sheets
from common.tables import Table, TableColumn
from common.workbook import Column, Sheet

HEADERS = ("Content-Type", "X-Content-Type-Options", "Cache-Control", "Content-Disposition")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class GroupTable(Table):
    title = "Groups"
    columns = (TableColumn("Name", "name", sort="name"), TableColumn("Number", "pk", "integer"))


def answer(query: str, name: str = "groups", **changes: Any) -> Download | None:
    request = RequestFactory().get(f"/?{query}")
    table = GroupTable(Group.objects.all(), request.GET)
    for key, value in changes.items():
        setattr(table, key, value)
    return table_response(request, table, name)


@pytest.fixture
def groups(db: None) -> list[Group]:
    return [Group.objects.create(name=name) for name in ("=1+1", "Çështja", "c" * 80)]


@pytest.mark.parametrize(
    ("kind", "content_type"), [("xlsx", XLSX), ("csv", "text/csv; charset=utf-8")]
)
def test_the_file_holds_every_row_in_the_order_of_the_page(
    groups: list[Group], kind: str, content_type: str
) -> None:
    response = answer(f"export={kind}&sort=-name&page=7")
    assert response is not None
    assert [response[name] for name in HEADERS] == [
        *(content_type, "nosniff", "no-store, private"),
        f"attachment; filename=\"groups.{kind}\"; filename*=UTF-8''groups.{kind}",
    ]
    data = response.getvalue()
    assert int(response["Content-Length"]) == len(data)
    heading, *rows = read_sheets(data, f"a.{kind}")[0].rows
    names = list(Group.objects.order_by("-name").values_list("name", flat=True))
    assert heading == ["Name", "Number"]
    assert [row[0] for row in rows] == names
    assert [str(row[1]) for row in rows] == [str(Group.objects.get(name=n).pk) for n in names]


@pytest.mark.parametrize("query", ["", "export=", "export=pdf", "export=XLSX", "page=2"])
def test_a_page_is_not_a_download(groups: list[Group], query: str) -> None:
    assert answer(query) is None


def test_a_table_that_may_not_leave_does_not(groups: list[Group]) -> None:
    assert answer("export=csv", can_export=False) is None
    assert answer("export=csv") is not None


@pytest.mark.parametrize(
    ("name", "plain", "full"),
    [
        ("Çështja 2026.xlsx", "Ceshtja 2026.xlsx", "Çështja 2026.xlsx"),
        ('a"b\r\nSet-Cookie: x.csv', "a-b-Set-Cookie- x.csv", "a-b-Set-Cookie- x.csv"),
        ("../../etc/passwd", "-..-etc-passwd", "-..-etc-passwd"),
        ("報告.csv", "file.csv", "報告.csv"),
        ("", "file", "file"),
    ],
)
def test_a_file_name_is_safe_in_a_header_and_kept_in_utf_8(
    name: str, plain: str, full: str
) -> None:
    header = disposition(name)
    start, _sep, encoded = header.partition("; filename*=UTF-8''")
    assert start == f'attachment; filename="{plain}"'
    assert unquote(encoded) == full
    assert header.isascii()
    assert header.isprintable()


def test_a_large_file_is_answered_piece_by_piece(db: None) -> None:
    sheet = Sheet("Long", [Column("Text", str)], ["x" * 1_000] * 3_000)
    with closing(csv_response(sheet, "long")) as response:
        data = response.getvalue()
        assert response.streaming
    assert int(response["Content-Length"]) == len(data) > 3_000_000


def test_rows_that_fail_are_an_error_and_not_half_a_file() -> None:
    sheet = Sheet("Bad", [Column("Text", "nothing.such")], [{"nothing": 1}])
    with pytest.raises(AttributeError):
        csv_response(sheet, "bad")
