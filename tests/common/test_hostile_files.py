"""A bad file costs its sender a sentence: each is refused by name, quickly and in little memory."""

import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from common.reader import FileError, Limits, read_sheets
from tests.common.hostile import (
    MANIFEST,
    ODS_MIME,
    OLE,
    SHEET,
    XLSX_PARTS,
    cell,
    ods,
    ods_cell,
    ods_row,
    ods_table,
    packed,
    sheet_xml,
    xlsx,
)

MIB = 1024 * 1024
RELS = "xl/worksheets/_rels/sheet1.xml.rels"
GOOD = xlsx(cell("A1"))


def relation(kind: str, target: str = "http://x.example/") -> str:
    return (
        f'<Relationships><Relationship Id="r" Type="x/{kind}" Target="{target}"'
        ' TargetMode="External"/></Relationships>'
    )


def shared(texts: str) -> dict[str, str]:
    return {"xl/sharedStrings.xml": f"<sst>{texts}</sst>"}


def shared_bomb() -> bytes:
    cells = "".join(f'<c r="A{i}" t="s"><v>0</v></c>' for i in range(1, 20_000))
    return xlsx(f"<row>{cells}</row>", dict(shared(f"<si><t>{'x' * 30_000}</t></si>")))


def doubled() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in {**XLSX_PARTS, SHEET: sheet_xml(cell("A1"))}.items():
            archive.writestr(name, text)
        archive.writestr(SHEET.upper(), sheet_xml("<row><c><f>1</f></c></row>"))
    return file.getvalue()


def flagged_as_encrypted() -> bytes:
    data = bytearray(GOOD)
    start = data.index(b"PK\x01\x02")
    while start >= 0:
        struct.pack_into("<H", data, start + 8, 1)
        start = data.find(b"PK\x01\x02", start + 4)
    return bytes(data)


def lying_about_its_size() -> bytes:
    data = bytearray(packed({**XLSX_PARTS, SHEET: (b" " * MIB for _ in range(80))}))
    directory = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, directory + 24, 100)
    return bytes(data)


def nested_entities() -> bytes:
    names = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 10))
    bomb = f'<!DOCTYPE worksheet [<!ENTITY e0 "x">{names}]>{sheet_xml(cell("A1", "&e9;"))}'
    return xlsx(parts={SHEET: bomb})


def book_of_sheets(number: int) -> bytes:
    listed = "".join(f'<sheet name="S{i}" r:id="r{i}"/>' for i in range(number))
    book = f'<workbook xmlns:r="urn:r"><sheets>{listed}</sheets></workbook>'
    return xlsx(parts={"xl/workbook.xml": book})


def cells_in_rows(rows: int, columns: int) -> str:
    return "".join(
        f"<row>{f'<c><v>{i}</v></c><c><v>{i * 7919}</v></c>' * (columns // 2)}</row>"
        for i in range(rows)
    )


COMMA = "name,value\n"
FILES: dict[str, tuple[str, str, Callable[[], bytes]]] = {
    # name: (file name, code of the refusal, how it is built)
    "nothing": ("a.xlsx", "empty", lambda: b""),
    "blank": ("a.csv", "empty", lambda: b" \n\r\n "),
    "too heavy": ("a.csv", "too_large", lambda: b"x" * (10 * MIB + 1)),
    "not a zip": ("a.xlsx", "damaged", lambda: b"hello world"),
    "cut zip": ("a.xlsx", "damaged", lambda: GOOD[: len(GOOD) // 2]),
    "cut end": ("a.xlsx", "damaged", lambda: GOOD[:-30]),
    "head only": ("a.xlsx", "damaged", lambda: b"PK\x03\x04"),
    "zip of noise": ("a.xlsx", "damaged", lambda: b"PK\x03\x04" + bytes(range(256)) * 40),
    "wrong checksum": ("a.xlsx", "damaged", lambda: GOOD.replace(b"\x00\x00\x00xl", b"\x01xl", 1)),
    "two parts of one name": ("a.xlsx", "damaged", doubled),
    "unknown packing": ("a.xlsx", "damaged", lambda: packed(dict(XLSX_PARTS), zipfile.ZIP_LZMA)),
    "encrypted zip": ("a.xlsx", "encrypted", flagged_as_encrypted),
    "encrypted ole": (
        *("a.xlsx", "encrypted"),
        lambda: OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
    ),
    "encrypted ods": (
        *("a.ods", "encrypted"),
        lambda: ods("", {"META-INF/manifest.xml": '<m xmlns:n="u"><n:encryption-data/></m>'}),
    ),
    "old xls": ("a.xls", "wrong_type", lambda: OLE + bytes(600)),
    "old xls renamed": ("a.xlsx", "wrong_type", lambda: OLE + bytes(600)),
    "binary workbook": (
        *("a.xlsx", "wrong_type"),
        lambda: packed({"xl/workbook.bin": b"x", "[Content_Types].xml": "<Types/>"}),
    ),
    "word renamed": ("a.xlsx", "wrong_type", lambda: packed({"word/document.xml": "<w/>"})),
    "odt renamed": (
        *("a.ods", "wrong_type"),
        lambda: packed({"mimetype": "application/vnd.oasis.opendocument.text"}),
    ),
    "plain zip": ("a.xlsx", "wrong_type", lambda: packed({"a.txt": "x"})),
    "pdf": ("a.xlsx", "wrong_type", lambda: b"%PDF-1.7 ..."),
    "web page": ("a.xls", "wrong_type", lambda: b"\xef\xbb\xbf\n<html><table>"),
    "web page as csv": ("a.csv", "wrong_type", lambda: b"<table><tr><td>1</td></tr></table>"),
    "xlsx as csv": ("a.csv", "wrong_type", lambda: GOOD),
    "xlsx as ods": ("a.ods", "wrong_type", lambda: GOOD),
    "ods as xlsx": ("a.xlsx", "wrong_type", lambda: ods(ods_table(ods_row(ods_cell())))),
    "csv as xlsx": ("a.xlsx", "damaged", COMMA.encode),
    "program": ("a.exe", "wrong_type", lambda: b"MZ"),
    "no extension": ("workbook", "wrong_type", lambda: GOOD),
    "xlsm": ("a.xlsm", "macros", lambda: GOOD),
    "vba": ("a.xlsx", "macros", lambda: xlsx(parts={"xl/vbaProject.bin": b"x"})),
    "old macro sheet": ("a.xlsx", "macros", lambda: xlsx(parts={"xl/macrosheets/a.xml": "<x/>"})),
    "renamed xlsm": (
        *("a.xlsx", "macros"),
        lambda: xlsx(
            parts={
                "[Content_Types].xml": '<Types><Override ContentType="application/'
                'vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
            }
        ),
    ),
    "ods basic": ("a.ods", "macros", lambda: ods("", {"Basic/Standard/m.xml": "<x/>"})),
    "ods event": (
        *("a.ods", "macros"),
        lambda: ods(
            "<office:event-listeners><x:event-listener xmlns:x='u'/></office:event-listeners>"
        ),
    ),
    "external workbook": (
        *("a.xlsx", "external_link"),
        lambda: xlsx(parts={"xl/externalLinks/externalLink1.xml": "<x/>"}),
    ),
    "data connection": (
        "a.xlsx",
        "external_link",
        lambda: xlsx(parts={"xl/connections.xml": "<x/>"}),
    ),
    "remote picture": ("a.xlsx", "external_link", lambda: xlsx(parts={RELS: relation("image")})),
    "remote template": (
        *("a.xlsx", "external_link"),
        lambda: xlsx(parts={"xl/_rels/workbook.xml.rels": relation("attachedTemplate")}),
    ),
    "ods external table": (
        *("a.ods", "external_link"),
        lambda: ods(ods_table('<table:table-source xlink:href="file:///etc/passwd"/>')),
    ),
    "ods dde": ("a.ods", "external_link", lambda: ods("<office:dde-source/>")),
    "formula": (
        *("a.xlsx", "formula"),
        lambda: xlsx('<row r="3"><c r="B3"><f>1+1</f><v>2</v></c></row>'),
    ),
    "prefixed formula": (
        *("a.xlsx", "formula"),
        lambda: xlsx(
            parts={
                SHEET: '<x:worksheet xmlns:x="u"><x:sheetData><x:row><x:c r="B3"><x:f>1</x:f>'
                "</x:c></x:row></x:sheetData></x:worksheet>"
            }
        ),
    ),
    "formula in an unlisted sheet": (
        *("a.xlsx", "formula"),
        lambda: xlsx(parts={"xl/worksheets/x.xml": sheet_xml('<row><c r="B3"><f>1</f></c></row>')}),
    ),
    "ods formula": (
        *("a.ods", "formula"),
        lambda: ods(
            ods_table(
                ods_row("") * 2
                + ods_row("<table:table-cell/>" + ods_cell("2", 'table:formula="of:=1+1"'))
            )
        ),
    ),
    "error value": (
        *("a.xlsx", "error_value"),
        lambda: xlsx('<row r="3"><c r="B3" t="e"><v>#DIV/0!</v></c></row>'),
    ),
    "not a number": ("a.xlsx", "error_value", lambda: xlsx(cell("B3", "NaN"))),
    "infinite": ("a.xlsx", "error_value", lambda: xlsx(cell("B3", "1e999"))),
    "many parts": (
        *("a.xlsx", "too_many_members"),
        lambda: xlsx(parts={f"xl/media/{i}.png": b"" for i in range(1_100)}),
    ),
    "bomb of spaces": (
        *("a.xlsx", "ratio"),
        lambda: packed({**XLSX_PARTS, SHEET: (b" " * MIB for _ in range(300))}),
    ),
    "bomb in a picture": (
        *("a.xlsx", "ratio"),
        lambda: xlsx(parts={"xl/media/a.png": (bytes(MIB) for _ in range(300))}),
    ),
    "bomb of one part after another": (
        *("a.xlsx", "unpacked_size"),
        lambda: xlsx(parts={f"xl/media/{i}.png": bytes(MIB) for i in range(70)}),
    ),
    "bomb that lies": ("a.xlsx", "damaged", lying_about_its_size),
    "entities": ("a.xlsx", "damaged", nested_entities),
    "outside entity": (
        *("a.xlsx", "damaged"),
        lambda: xlsx(
            parts={SHEET: f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>{sheet_xml("")}'}
        ),
    ),
    "utf-16 sheet": (
        "a.xlsx",
        "damaged",
        lambda: xlsx(parts={SHEET: sheet_xml("").encode("utf-16")}),
    ),
    "broken xml": ("a.xlsx", "damaged", lambda: xlsx("<row><c><v>1</c></row>")),
    "no sheet part": ("a.xlsx", "damaged", lambda: packed(dict(XLSX_PARTS))),
    "no workbook relations": (
        *("a.xlsx", "damaged"),
        lambda: packed({k: v for k, v in XLSX_PARTS.items() if "workbook.xml.rels" not in k}),
    ),
    "shared text that is not there": (
        *("a.xlsx", "damaged"),
        lambda: xlsx('<row><c t="s"><v>7</v></c></row>'),
    ),
    "shared text with a negative place": (
        *("a.xlsx", "damaged"),
        lambda: xlsx('<row><c t="s"><v>-1</v></c></row>', dict(shared("<si><t>a</t></si>"))),
    ),
    "impossible cell name": (
        "a.xlsx",
        "damaged",
        lambda: xlsx('<row><c r="ZZZZZZ1"><v>1</v></c></row>'),
    ),
    "impossible row": (
        "a.xlsx",
        "damaged",
        lambda: xlsx('<row r="99999999999"><c><v>1</v></c></row>'),
    ),
    "a date that makes the library panic": (
        *("a.xlsx", "damaged"),
        lambda: xlsx(
            '<row><c s="0"><v>-1e300</v></c></row>',
            {"xl/styles.xml": '<styleSheet><cellXfs><xf numFmtId="46"/></cellXfs></styleSheet>'},
        ),
    ),
    "ods without content": (
        *("a.ods", "damaged"),
        lambda: packed({"mimetype": ODS_MIME, "META-INF/manifest.xml": MANIFEST}),
    ),
    "ods impossible repeat": (
        "a.ods",
        "damaged",
        lambda: ods(ods_table(ods_row("", 4_000_000_000))),
    ),
    "ods table in a table": ("a.ods", "damaged", lambda: ods(ods_table(ods_table("")))),
    "one shared text many times": ("a.xlsx", "too_much_text", shared_bomb),
    "ods spaces": (
        *("a.ods", "too_much_text"),
        lambda: ods(ods_table(ods_row(ods_cell('<text:s text:c="1000000"/>' * 20)))),
    ),
    "ods long text repeated": (
        *("a.ods", "too_much_text"),
        lambda: ods(ods_table(ods_row(ods_cell("x" * 30_000), 1_000))),
    ),
    "far right": ("a.xlsx", "too_many_columns", lambda: xlsx(cell("A1") + cell("XFD2"))),
    "far below": ("a.xlsx", "too_many_rows", lambda: xlsx(cell("A1") + cell("A1048576"))),
    "big rectangle": (
        *("a.xlsx", "too_many_cells"),
        lambda: xlsx(
            "".join(cell(f"{'KA' if i % 4000 == 0 else 'A'}{i}") for i in range(1, 9_000))
        ),
    ),
    "six million cells": ("a.xlsx", "unpacked_size", lambda: xlsx(cells_in_rows(24_000, 250))),
    "a million cells": ("a.xlsx", "too_many_cells", lambda: xlsx(cells_in_rows(50_000, 20))),
    "million empty rows": (
        "a.xlsx",
        "empty_rows",
        lambda: xlsx("".join(map('<row r="{}"/>'.format, range(1, 1_000_001)))),
    ),
    "gap": ("a.xlsx", "empty_rows", lambda: xlsx(cell("A1") + cell("A50000"))),
    "many sheets": ("a.xlsx", "too_many_sheets", lambda: book_of_sheets(100)),
    "ods million rows": (
        "a.ods",
        "too_many_rows",
        lambda: ods(ods_table(ods_row(ods_cell(), 1_000_000))),
    ),
    "ods far right": (
        *("a.ods", "too_many_columns"),
        lambda: ods(ods_table(ods_row(ods_cell("1", 'table:number-columns-repeated="16384"')))),
    ),
    "ods gap": (
        *("a.ods", "empty_rows"),
        lambda: ods(ods_table(ods_row("<table:table-cell/>", 50_000) + ods_row(ods_cell()))),
    ),
    "ods big rectangle": (
        *("a.ods", "too_many_cells"),
        lambda: ods(
            ods_table(ods_row(ods_cell("1", 'table:number-columns-repeated="300"'), 5_000))
        ),
    ),
    "ods many tables": ("a.ods", "too_many_sheets", lambda: ods(ods_table("") * 100)),
    "csv in an old encoding": ("a.csv", "encoding", lambda: "name\nÇështje\n".encode("cp1252")),
    "csv in utf-16": ("a.csv", "encoding", lambda: COMMA.encode("utf-16")),
    "csv with zero bytes": ("a.csv", "encoding", lambda: b"a,b\n\x00,1\n"),
    "csv with an open quote": ("a.csv", "csv_quotes", lambda: b'a,b\n"1,2\n'),
    "csv with a huge field": ("a.csv", "csv_quotes", lambda: b"a,b\n" + b"x" * 200_000),
    "csv of two separators": ("a.csv", "separator", lambda: b"a,b;c\n1,2;3\n"),
    "csv too long": ("a.csv", "too_many_rows", lambda: b"1\n" * 70_000),
    "csv too wide": ("a.csv", "too_many_columns", lambda: b"1," * 400 + b"1\n"),
    "csv of empty columns": ("a.csv", "too_many_cells", lambda: b"," * 9 * MIB),
    "csv of empty rows": ("a.csv", "empty_rows", lambda: b"\n" * 1_000_000 + b"a"),
    "csv of too many cells": ("a.csv", "too_many_cells", lambda: (b"1," * 299 + b"1\n") * 2_500),
}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_by_name(name: str) -> None:
    filename, code, build = FILES[name]
    data = build()
    with pytest.raises(FileError) as refused:
        read_sheets(data, filename)
    assert refused.value.code == code
    assert str(refused.value)


CHILD = r"""
import re, sys, django
from pathlib import Path
from django.conf import settings
settings.configure()
django.setup()
from common.reader import FileError, read_sheets
def peak():
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])
refused, at_rest = 0, peak()
for path in sorted(Path(sys.argv[1]).iterdir()):
    with path.open("rb") as file:
        try:
            read_sheets(file, path.name)
        except FileError:
            refused += 1
print(refused, (peak() - at_rest) // 1024)
"""


def test_all_of_them_together_take_little_memory_and_leave_nothing(tmp_path: Path) -> None:
    corpus, scratch = tmp_path / "corpus", tmp_path / "scratch"
    corpus.mkdir()
    scratch.mkdir()
    for number, (filename, _code, build) in enumerate(FILES.values()):
        (corpus / f"{number}{Path(filename).suffix}").write_bytes(build())
    answer = subprocess.run(
        [sys.executable, "-c", CHILD, str(corpus)],
        env={**os.environ, "TMPDIR": str(scratch), "PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
        check=True,
    )
    refused, mebibytes = map(int, answer.stdout.split())
    assert refused == len(FILES) >= 60
    assert mebibytes < 150
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("formula", "The cell B3 of the sheet “Values” holds a formula."),
        ("ods formula", "The cell B3 of the sheet “Values” holds a formula."),
        ("error value", "The cell B3 of the sheet “Values” shows an error."),
        ("not a number", "The cell B3 of the sheet “Values” shows an error."),
        ("far right", "there is something in XFD2"),
        ("gap", "a long run of empty rows (2 to 49999)"),
        ("csv in an old encoding", "Line 2 of the file is not UTF-8 text."),
        ("csv with an open quote", "Line 2 of the file cannot be read"),
        ("ods external table", "(file:///etc/passwd)"),
        ("ods as xlsx", "called “.xlsx” but is really “.ods”"),
    ],
)
def test_the_sentence_says_where(name: str, where: str) -> None:
    filename, _code, build = FILES[name]
    with pytest.raises(FileError) as refused:
        read_sheets(build(), filename)
    assert where in str(refused.value)


def test_the_same_file_without_its_fault_is_read() -> None:
    assert read_sheets(GOOD, "a.xlsx")[0].rows == [[1]]
    good = ods(ods_table(ods_row(ods_cell("1"))))
    assert read_sheets(good, "a.ods")[0].rows == [["1"]]


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(max_bytes=100), "too_large"),
        (Limits(members=3), "too_many_members"),
        (Limits(unpacked=500), "unpacked_size"),
        (Limits(sheets=0), "too_many_sheets"),
        (Limits(rows=2), "too_many_rows"),
        (Limits(columns=1), "too_many_columns"),
        (Limits(cells=5), "too_many_cells"),
        (Limits(characters=1), "too_much_text"),
        (Limits(empty_run=0), "empty_rows"),
    ],
)
def test_each_limit_is_what_refuses(limits: Limits, code: str) -> None:
    data = xlsx(cell("A1") + cell("B3"))
    assert read_sheets(data, "a.xlsx")[0].rows == [[1, None], [None, None], [None, 1]]
    with pytest.raises(FileError) as refused:
        read_sheets(data, "a.xlsx", limits=limits)
    assert refused.value.code == code
