"""Names of files in headers, and the headers themselves."""

from contextlib import closing
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import pytest
from django.http import FileResponse, HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from common.cells import Column
from common.csvfile import CSV_TYPE
from common.downloads import (
    csv_response,
    disposition,
    file_response,
    spooled,
    table_response,
    workbook_response,
)
from common.reader import read_sheets
from common.tables import Table, TableColumn
from common.workbook import IN_MEMORY, XLSX_TYPE, Properties, Sheet

BINARY = "application/octet-stream"


def names(filename: str) -> tuple[str, str]:
    """What an old program and what every other one calls the file."""
    header = disposition(filename)
    plain, mark, full = header.removeprefix('attachment; filename="').partition('"; filename*=')
    assert mark
    return plain, unquote(full.removeprefix("UTF-8''"))


@pytest.mark.parametrize(
    ("name", "plain", "full"),
    [
        ("report.xlsx", "report.xlsx", "report.xlsx"),
        ("AL-2026-Q3.csv", "AL-2026-Q3.csv", "AL-2026-Q3.csv"),
        ("Raporti i Ministrisë.xlsx", "Raporti i Ministrise.xlsx", "Raporti i Ministrisë.xlsx"),
        ("çëÇË.csv", "ceCE.csv", "çëÇË.csv"),
        ("a\u00a0b.csv", "a b.csv", "a b.csv"),
        ("a  b.csv", "a  b.csv", "a  b.csv"),
        (" a.csv ", "a.csv", "a.csv"),
        ("a.csv...", "a.csv", "a.csv"),
        (".htaccess", "htaccess", "htaccess"),
        ("a..b", "a..b", "a..b"),
        ("..", "file", "file"),
        (" . ", "file", "file"),
        ("", "file", "file"),
        ("報告", "file", "報告"),
        ("報告.xlsx", "file.xlsx", "報告.xlsx"),
        ("😀.csv", "file.csv", "😀.csv"),
        ("a'b(c).csv", "a'b(c).csv", "a'b(c).csv"),
        ("a&b=c,d.csv", "a&b=c,d.csv", "a&b=c,d.csv"),
        # what would end the header, or the quotation, or leave the folder
        ('a"b.csv', "a-b.csv", "a-b.csv"),
        ("a\\b.csv", "a-b.csv", "a-b.csv"),
        ("a/b.csv", "a-b.csv", "a-b.csv"),
        ("C:\\Windows\\a.csv", "C-Windows-a.csv", "C-Windows-a.csv"),
        ("../../etc/passwd", "-..-etc-passwd", "-..-etc-passwd"),
        ("a;b.csv", "a-b.csv", "a-b.csv"),
        ("a%2f%0d%0ab.csv", "a-2f-0d-0ab.csv", "a-2f-0d-0ab.csv"),
        ("a\r\nSet-Cookie: b=c", "a-Set-Cookie- b=c", "a-Set-Cookie- b=c"),
        ("a\nb", "a-b", "a-b"),
        ("a\x00.csv", "a-.csv", "a-.csv"),
        ("<script>.csv", "-script-.csv", "-script-.csv"),
        ("a|b?c*.csv", "a-b-c-.csv", "a-b-c-.csv"),
        # what nobody sees
        ("photo\u202excod.exe", "photo-xcod.exe", "photo-xcod.exe"),
        ("a\u200b\u200eb.csv", "a-b.csv", "a-b.csv"),
        ("a\u2028b\u0085c.csv", "a-b-c.csv", "a-b-c.csv"),
        ("a\ud800.csv", "a-.csv", "a-.csv"),
    ],
)
def test_a_name_is_made_safe_and_kept_readable(name: str, plain: str, full: str) -> None:
    assert names(name) == (plain, full)


@given(st.text(max_size=60))
def test_no_name_can_break_out_of_its_header(name: str) -> None:
    header = disposition(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    plain, full = names(name)
    assert plain
    assert not {"/", "\\", "\r", "\n", "\0", '"', ";"} & set(plain + full)
    assert not full.startswith(".")
    assert HttpResponse(headers={"Content-Disposition": header}).headers


class Rows(Table):
    title = "Rows"
    columns = (TableColumn("Name", "name"),)


SHEET = Sheet("Rows", [Column("Name", "name")], [{"name": "=1+1"}])
PROPERTIES = Properties("Rows", datetime(2026, 10, 1, 9, 0, tzinfo=UTC))
ANSWERS: dict[str, tuple[Any, str, str]] = {
    "csv": (lambda: csv_response(SHEET, "ë;"), CSV_TYPE, "ë-.csv"),
    "xlsx": (lambda: workbook_response([SHEET], "ë;", PROPERTIES), XLSX_TYPE, "ë-.xlsx"),
    "file": (
        lambda: file_response(BytesIO(b"x"), "a.pdf", "application/pdf"),
        "application/pdf",
        "a.pdf",
    ),
    "unknown": (lambda: file_response(BytesIO(b"x"), "a.html"), BINARY, "a.html"),
    "nameless": (lambda: file_response(BytesIO(b"x"), ""), BINARY, "file"),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_file_leaves_as_an_attachment_that_nobody_keeps_or_guesses(kind: str) -> None:
    build, content_type, name = ANSWERS[kind]
    answer = build()
    assert dict(answer.headers) == {
        "Content-Type": content_type,
        "Content-Length": str(len(answer.getvalue())),
        "Content-Disposition": disposition(name),
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store, private",
    }


@pytest.mark.parametrize(
    ("size", "piecewise"), [(0, False), (IN_MEMORY, False), (IN_MEMORY + 1, True)]
)
def test_a_file_beyond_two_megabytes_is_sent_in_pieces(
    db: None, size: int, piecewise: bool
) -> None:
    file = spooled([b"x" * size])
    with closing(file_response(file, "a.bin")) as answer:
        assert isinstance(answer, FileResponse) is piecewise
        assert answer["Content-Length"] == str(size)
        assert len(answer.getvalue()) == size
        assert file.closed is not piecewise


def test_a_file_is_sent_from_its_beginning_wherever_it_stood() -> None:
    file = BytesIO(b"abcdef")
    file.seek(4)
    assert file_response(file, "a.bin").getvalue() == b"abcdef"


def test_pieces_that_fail_leave_no_open_file() -> None:
    def pieces() -> Any:
        yield b"a"
        raise LookupError

    with pytest.raises(LookupError):
        spooled(pieces())


@pytest.mark.parametrize(
    ("query", "extension"),
    [
        ("export=xlsx", "xlsx"),
        ("export=csv", "csv"),
        ("export=csv&export=xlsx", "xlsx"),
        ("export=xlsx&page=9&sort=x", "xlsx"),
        ("export=CSV", None),
        ("export=ods", None),
        ("export=xlsx ", None),
        ("Export=xlsx", None),
        ("", None),
    ],
)
def test_only_the_two_formats_are_files(query: str, extension: str | None) -> None:
    request = RequestFactory().get(f"/?{query}")
    answer = table_response(request, Rows([{"name": "=1+1"}], request.GET), "rows")
    if extension is None:
        assert answer is None
    else:
        assert answer is not None
        assert read_sheets(answer.getvalue(), f"a.{extension}")[0].rows == [["Name"], ["=1+1"]]


def test_a_posted_export_is_not_asked_for() -> None:
    request = RequestFactory().post("/", {"export": "csv"})
    assert table_response(request, Rows([], {}), "rows") is None
