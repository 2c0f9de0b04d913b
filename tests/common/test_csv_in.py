"""CSV in, as spreadsheets, scripts and people write it: read whole, or refused with the line."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.csv_reader import read_csv
from common.csvfile import csv_cell, escape, unescape
from common.file_rules import DEFAULT_LIMITS, FileError, Limits

Rows = list[list[str | None]]
QUOTED = "“CSV UTF-8”"


def rows(text: str | bytes, limits: Limits = DEFAULT_LIMITS) -> Rows:
    return read_csv(text if isinstance(text, bytes) else text.encode(), "plan", limits)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b", [["a", "b"]]),
        ("a,b\n", [["a", "b"]]),
        ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
        ("a,b\r1,2", [["a", "b"], ["1", "2"]]),
        ("a;b\n1;2", [["a", "b"], ["1", "2"]]),
        ("a\tb\n1\t2", [["a", "b"], ["1", "2"]]),
        ("\ufeffa,b", [["a", "b"]]),
        ("a,b\n\n1,2\n\n\n", [["a", "b"], [], ["1", "2"]]),
        ("a,b\n,,,\n", [["a", "b"]]),
        ("a,b\n1\n1,2,3", [["a", "b"], ["1"], ["1", "2", "3"]]),
        ('a,b\n"1,5",2', [["a", "b"], ["1,5", "2"]]),
        ('a;b\n"1;5";2,7', [["a", "b"], ["1;5", "2,7"]]),
        ('"a,x";"b"\n1;2', [["a,x", "b"], ["1", "2"]]),
        ('a,b\n"two\nlines",2', [["a", "b"], ["two\nlines", "2"]]),
        ('a,b\n"say ""yes""",2', [["a", "b"], ['say "yes"', "2"]]),
        ('a,b\n"",2', [["a", "b"], [None, "2"]]),
        ("a,b\n ,2", [["a", "b"], [" ", "2"]]),
        ("a\n1,2\n", [["a"], ["1", "2"]]),
        ("\n\na;b\n1;2", [[], [], ["a", "b"], ["1", "2"]]),
        ("a,b\n0012,1e5", [["a", "b"], ["0012", "1e5"]]),
        ("a,b\n'=1+1,'-1", [["a", "b"], ["=1+1", "-1"]]),
        ("a,b\n'abc,''=1", [["a", "b"], ["'abc", "'=1"]]),
        ("a,b\nÇështje,😀", [["a", "b"], ["Çështje", "😀"]]),
        ("a,b\n12,7;x", [["a", "b"], ["12", "7;x"]]),
    ],
)
def test_a_file_is_read_cell_by_cell(text: str, expected: Rows) -> None:
    assert rows(text) == expected


@pytest.mark.parametrize(
    ("data", "code", "told"),
    [
        ("Çështje\n".encode("cp1252"), "encoding", "Line 1 of the file is not UTF-8 text."),
        ("a,b\n1,2\nç,3\n".encode("latin-1"), "encoding", "Line 3 of the file is not UTF-8 text."),
        ("a,b\n".encode("utf-16"), "encoding", QUOTED),
        ("a,b\n".encode("utf-16-be"), "encoding", QUOTED),
        ("a,b\n".encode("utf-32"), "encoding", QUOTED),
        (b"a,b\n1,\x00\n", "encoding", QUOTED),
        (b"a,b\n\xed\xa0\x80,1", "encoding", "Line 2"),
        (b"a,b\n\xc0\xaf,1", "encoding", "Line 2"),
        (b'a,b\n1,2\n"3,4\n5,6', "csv_quotes", "a quotation mark is missing or too many"),
        (b'a,b\n"1"x,2\n', "csv_quotes", "Line 2 of the file"),
        (b"a,b;c\n1,2;3\n", "separator", "Use commas, semicolons or tabs, one of them only."),
        (b"a;b\tc\n", "separator", "The first line does not show"),
    ],
    ids=str,
)
def test_a_file_that_could_be_misread_is_refused(data: bytes, code: str, told: str) -> None:
    with pytest.raises(FileError) as refused:
        rows(data)
    assert refused.value.code == code
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("text", "limits", "code"),
    [
        ("a\n" * 3, Limits(rows=2), "too_many_rows"),
        ("a,b,c\n", Limits(columns=2), "too_many_columns"),
        (",,,\n", Limits(columns=2), "too_many_columns"),
        ("a,b\n1,2\n", Limits(cells=3), "too_many_cells"),
        (",".join("a" * 9), Limits(cells=3), "too_many_cells"),
        ("a,bbbbbbbb\n", Limits(characters=8), "too_much_text"),
        ("a\n\n\n\nb\n", Limits(empty_run=2), "empty_rows"),
    ],
)
def test_each_limit_is_what_refuses(text: str, limits: Limits, code: str) -> None:
    assert rows(text) is not None
    with pytest.raises(FileError) as refused:
        rows(text, limits)
    assert refused.value.code == code


def test_a_limit_that_is_just_kept_refuses_nothing() -> None:
    limits = Limits(rows=2, columns=2, cells=8, characters=4, empty_run=1)
    assert rows("a,b\nc,d\n", limits) == [["a", "b"], ["c", "d"]]


CELLS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
    | st.sampled_from("=+-@'\";,\t\r\n "),
    max_size=12,
)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=3), min_size=1), st.sampled_from(",;\t"))
def test_a_foreign_writer_s_file_is_read_as_it_was_meant(table: list[list[str]], mark: str) -> None:
    text = StringIO()
    csv.writer(text, delimiter=mark).writerows([["one", "two", "three"], *table])
    expected = [[unescape(cell) or None for cell in row] for row in table]
    while expected and not any(expected[-1]):
        expected.pop()
    assert rows(text.getvalue())[1:] == expected


@given(CELLS)
def test_what_we_escape_is_what_we_unescape(text: str) -> None:
    assert unescape(escape(text)) == text
    assert escape(text) == text or escape(text) == f"'{text}"
    assert csv_cell(text)[:1] not in {"=", "+", "-", "@", "\t", "\r"}


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        ("", ""),
        (0, "0"),
        (-5, "-5"),
        (12.5, "12.5"),
        ("-5", "'-5"),
        ("12", "12"),
        ("=A1", "'=A1"),
        ("'=A1", "''=A1"),
        ("'plain", "'plain"),
        ("a\x00b", "a�b"),
        (float("inf"), "inf"),
    ],
    ids=repr,
)
def test_each_type_has_one_way_into_a_file(value: str | float | None, cell: str) -> None:
    assert csv_cell(value) == cell
