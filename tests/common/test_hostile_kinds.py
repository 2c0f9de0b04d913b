"""More kinds of bad file: each lie a container, a sheet or a name can tell, refused or harmless.

`test_hostile_files.py` holds the bombs, with time and memory; here is what a file says of itself.
"""

import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from io import BytesIO

import pytest

from common import containers
from common.reader import FileError, Limits, read_sheets
from tests.common.hostile import (
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

Build = Callable[[], bytes]
GOOD = xlsx(cell("A1"))
LIVE = '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>'
DTD = '<!DOCTYPE x [<!ENTITY a "aaaa">]>'
BOOK, RELS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
SHARED, STYLES = "xl/sharedStrings.xml", "xl/styles.xml"


def of(parts: Mapping[str, str | bytes], rows: str | None = None) -> bytes:
    """A good workbook but for these parts."""
    return xlsx(cell("A1") if rows is None else rows, dict(parts))


def of_cell(attributes: str, inner: str) -> bytes:
    return xlsx(f'<row r="1"><c {attributes}>{inner}</c></row>')


def of_row(number: str) -> bytes:
    return xlsx(f'<row r="{number}"><c><v>1</v></c></row>')


def of_sheet(before: str = "", after: str = "") -> bytes:
    return of({SHEET: f"<worksheet>{before}<sheetData>{cell('A1')}</sheetData>{after}</worksheet>"})


def of_shared(attributes: str, texts: str = "<si><t>a</t></si>") -> bytes:
    rows = '<row><c t="s"><v>0</v></c></row>'
    return of({SHARED: f"<sst {attributes}>{texts}</sst>"}, rows)


def listing(*sheets: str) -> bytes:
    return of({BOOK: f'<workbook xmlns:r="urn:r"><sheets>{"".join(sheets)}</sheets></workbook>'})


def pointing(*targets: str, body: str = "") -> bytes:
    """Sheets whose relations lead to these targets; the first one may be given a body."""
    listed = "".join(f'<sheet name="S{i}" r:id="r{i}"/>' for i, _ in enumerate(targets))
    related = "".join(
        f'<Relationship Id="r{i}" Type="x/worksheet" Target="{target}"/>'
        for i, target in enumerate(targets)
    )
    parts: dict[str, str | bytes] = {
        BOOK: f'<workbook xmlns:r="urn:r"><sheets>{listed}</sheets></workbook>',
        RELS: f"<Relationships>{related}</Relationships>",
    }
    return of(parts | ({f"xl/{targets[0]}": body} if body else {}))


def of_ods(cell_attributes: str, inner: str = "") -> bytes:
    return ods(
        ods_table(ods_row(f"<table:table-cell {cell_attributes}>{inner}</table:table-cell>"))
    )


def fetching(element: str, attributes: str) -> bytes:
    table = ods_table(ods_row(ods_cell()))
    return ods(f'{table}<{element} xmlns:draw="urn:d" xmlns:form="urn:f" {attributes}/>')


def patched(mark: bytes, offset: int, form: str, value: int, data: bytes = GOOD) -> bytes:
    """A number of the last record with this mark overwritten."""
    changed = bytearray(data)
    struct.pack_into(form, changed, changed.rindex(mark) + offset, value)
    return bytes(changed)


def renamed_inside() -> bytes:
    """The directory calls the sheet something else than the sheet's own header does."""
    return GOOD[: GOOD.rindex(SHEET.encode())] + GOOD[GOOD.rindex(SHEET.encode()) :].replace(
        b"sheet1", b"sheet2"
    )


def claiming_zip64() -> bytes:
    """An end record that leads to a 64-bit directory which is not there."""
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 2**62, 1)
    end = GOOD.rindex(b"PK\x05\x06")
    return GOOD[:end] + locator + GOOD[end:-6] + b"\xff\xff\xff\xff" + GOOD[-2:]


def with_extra_field() -> bytes:
    """A 64-bit size in an extra field that says 16 exabytes."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in {**XLSX_PARTS, SHEET: sheet_xml(cell("A1"))}.items():
            member = zipfile.ZipInfo(name)
            member.extra = struct.pack("<HHQQ", 0x9999, 16, 2**64 - 1, 2**64 - 1)
            archive.writestr(member, text)
    return file.getvalue()


CENTRAL, LOCAL, END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"

REFUSED: dict[str, tuple[str, str, Build]] = {
    # the container
    "zip in a zip": ("a.xlsx", "wrong_type", lambda: packed({"a.xlsx": GOOD})),
    "script before it": ("a.xlsx", "damaged", lambda: b"#!/bin/sh\n" + GOOD),
    "other name in the directory": ("a.xlsx", "damaged", renamed_inside),
    "directory beyond the end": ("a.xlsx", "damaged", lambda: patched(END, 16, "<L", 2**31)),
    "directory of no length": ("a.xlsx", "damaged", lambda: patched(END, 12, "<L", 2**31)),
    "64 bits that lead nowhere": ("a.xlsx", "damaged", claiming_zip64),
    "part beyond the end": ("a.xlsx", "damaged", lambda: patched(CENTRAL, 42, "<L", 2**30)),
    "part said to be smaller": ("a.xlsx", "damaged", lambda: patched(CENTRAL, 24, "<L", 3)),
    "part packed longer than it is": (
        "a.xlsx",
        "damaged",
        lambda: patched(CENTRAL, 20, "<L", 2**30),
    ),
    "part of another checksum": ("a.xlsx", "damaged", lambda: patched(CENTRAL, 16, "<L", 1)),
    "packing of no kind": ("a.xlsx", "damaged", lambda: patched(CENTRAL, 10, "<H", 77)),
    "part flagged as encrypted": ("a.xlsx", "encrypted", lambda: patched(CENTRAL, 8, "<H", 1)),
    "zip version of the future": ("a.xlsx", "damaged", lambda: patched(CENTRAL, 6, "<H", 200)),
    "second archive behind it": ("a.xlsx", "formula", lambda: GOOD + xlsx(LIVE)),
    # other files under a workbook's name
    **{
        f"{name} as xlsx": ("a.xlsx", "damaged", partial(start.ljust, 60, b"\0"))
        for name, start in {
            "gzip": b"\x1f\x8b\x08",
            "7z": b"7z\xbc\xaf\x27\x1c",
            "rar": b"Rar!\x1a\x07",
            "png": b"\x89PNG\r\n\x1a\n",
            "program": b"MZ\x90\x00",
            "rtf": b"{\\rtf1 ",
            "sqlite": b"SQLite format 3\x00",
        }.items()
    },
    **{
        f"name {name!r}": (name, "wrong_type", lambda: GOOD)
        for name in (
            "a.xlsb",
            "a.xltx",
            "a.xlam",
            "a.tsv",
            "a.zip",
            ".xlsx",
            "",
            "a.xlsx ",
            "a.xlsx.exe",
        )
    },
    "macro template": ("a.xltm", "macros", lambda: GOOD),
    "xml spreadsheet": ("a.xls", "wrong_type", lambda: b'<?xml version="1.0"?><Workbook/>'),
    "web archive": ("a.xls", "wrong_type", lambda: b"MIME-Version: 1.0\n\n<html>"),
    "svg as csv": ("a.csv", "wrong_type", lambda: b"  <svg onload='alert(1)'/>"),
    "page in utf-16 as csv": ("a.csv", "encoding", lambda: "<html>".encode("utf-16")),
    "old xls as csv": ("a.csv", "wrong_type", lambda: OLE + bytes(99)),
    "encrypted as ods": (
        "a.ods",
        "encrypted",
        lambda: OLE + "EncryptedPackage".encode("utf-16-le"),
    ),
    "csv as xlsx": ("a.csv.xlsx", "damaged", lambda: b"a,b\n1,2\n"),
    # macros and what is fetched
    **{
        f"macros in {name}": ("a.xlsx", "macros", partial(of, {name: b"x"}))
        for name in ("XL/VBAPROJECT.BIN", "xl/vbaProjectSignature.bin", "xl/macrosheets/sheet1.xml")
    },
    "macros in ods scripts": ("a.ods", "macros", lambda: ods("", {"Scripts/python/a.py": "x"})),
    "macro in ods": ("a.ods", "macros", lambda: ods("<office:script/>")),
    **{
        f"link in {name}": ("a.xlsx", "external_link", partial(of, {name: "<x/>"}))
        for name in (
            "xl/externalLinks/ddeLink1.xml",
            "XL/EXTERNALLINKS/a.xml",
            "xl/queryTables/q1.xml",
        )
    },
    **{
        f"ods {element}": ("a.ods", "external_link", partial(fetching, element, attributes))
        for element, attributes in {
            "draw:image": 'xlink:href="http://x.example/a.png"',
            "draw:object": 'xlink:href="file:///etc/passwd"',
            "draw:plugin": 'xlink:href="https://x.example/"',
            "form:form": 'xlink:href="ftp://x.example/"',
            "table:database-source-sql": 'table:sql-statement="select 1"',
            "table:database-source-table": 'table:database-name="x"',
            "table:cell-range-source": 'xlink:href="other.ods"',
            "table:dde-link": "",
            "office:dde-source": 'office:dde-application="cmd"',
        }.items()
    },
    "formula without text": ("a.xlsx", "formula", lambda: of_cell("", "<f/><v>1</v>")),
    "array formula": ("a.xlsx", "formula", lambda: of_cell("", '<f t="array" ref="A1:A9">1</f>')),
    "dde formula": ("a.xlsx", "formula", lambda: of_cell("", "<f>cmd|' /C calc'!A0</f>")),
    # entities, in every part that is read
    **{
        f"entities in {part}": ("a.xlsx", "damaged", partial(of, {part: f"{DTD}<x/>"}))
        for part in (SHEET, BOOK, RELS, SHARED, STYLES, "_rels/.rels", "[Content_Types].xml")
    },
    **{
        f"entities in ods {part}": (
            "a.ods",
            "damaged",
            partial(ods, "", {part: f"{DTD}<x/>"}),
        )
        for part in ("content.xml", "META-INF/manifest.xml")
    },
    "dtd from elsewhere": (
        *("a.xlsx", "damaged"),
        lambda: of({SHEET: '<!DOCTYPE x PUBLIC "-//a" "http://x.example/a.dtd"><x/>'}),
    ),
    "entity of no name": ("a.xlsx", "damaged", lambda: of_cell("", "<v>&x;</v>")),
    "bytes that are no text": ("a.xlsx", "damaged", lambda: of({SHEET: b"<x>\xff\xfe</x>"})),
    "two roots": ("a.xlsx", "damaged", lambda: of({SHEET: "<x/><x/>"})),
    "no xml": ("a.xlsx", "damaged", lambda: of({SHEET: ""})),
    "no end": ("a.xlsx", "damaged", lambda: of({SHEET: "<worksheet><sheetData>"})),
    # counts the library would make room for
    **{
        f"shared texts {attributes}": ("a.xlsx", code, partial(of_shared, attributes))
        for attributes, code in {
            'count="4294967295"': "damaged",
            'uniqueCount="4294967295"': "damaged",
            'uniqueCount="1000000"': "too_many_cells",
            'count="-1"': "damaged",
            'count="99999999999999999999"': "damaged",
            'count="1e9"': "damaged",
            'count="９"': "damaged",
        }.items()
    },
    # sheets that are not where the workbook says
    "one part for two sheets": (
        *("a.xlsx", "damaged"),
        lambda: pointing("worksheets/sheet1.xml", "worksheets/sheet1.xml"),
    ),
    "one part by two spellings": (
        *("a.xlsx", "damaged"),
        lambda: pointing("worksheets/sheet1.xml", "/xl/worksheets/SHEET1.xml"),
    ),
    "one relation for two sheets": (
        *("a.xlsx", "damaged"),
        lambda: listing('<sheet name="A" r:id="rId1"/>', '<sheet name="B" r:id="rId1"/>'),
    ),
    "sheet in the shared texts": (
        *("a.xlsx", "damaged"),
        lambda: pointing(
            "sharedStrings.xml", body=f"<sst><si/><sheetData>{LIVE}</sheetData></sst>"
        ),
    ),
    "sheet in the styles": (
        *("a.xlsx", "damaged"),
        lambda: pointing(
            "styles.xml", body=f"<styleSheet><sheetData>{LIVE}</sheetData></styleSheet>"
        ),
    ),
    **{
        f"sheet at {target}": ("a.xlsx", "damaged", partial(pointing, target))
        for target in (
            *("../../../etc/passwd", "/etc/passwd", "http://x.example/s.xml", "workbook.xml", ""),
            *("worksheets/none.xml", "chartsheets/none.xml", "file:///etc/passwd"),
        )
    },
    "sheet without a relation": ("a.xlsx", "damaged", lambda: listing('<sheet name="V"/>')),
    "sheet of another relation": (
        "a.xlsx",
        "damaged",
        lambda: listing('<sheet name="V" r:id="r9"/>'),
    ),
    # rows and cells out of the world
    **{
        f"row {number}": ("a.xlsx", "damaged", partial(of_row, number))
        for number in ("0", "-1", "1048577", "1.5", "1e3", "١", " 1", "0x10", "9" * 30)
    },
    **{
        f"cell {name}": ("a.xlsx", code, partial(of_cell, f'r="{name}"', "<v>1</v>"))
        for name, code in {
            **dict.fromkeys(
                ("A0", "A-1", "1A", "", "$A$1", "AAAA1", "A", "1", "A1:B2", "Ä1"), "damaged"
            ),
            "ZZZ1": "too_many_columns",
            "A9999999": "too_many_rows",
            "KO1": "too_many_columns",
        }.items()
    },
    **{
        f"number {text}": ("a.xlsx", "error_value", partial(of_cell, "", f"<v>{text}</v>"))
        for text in ("nan", "-inf", "Infinity", "1e999", "-1e999", "9" * 400)
    },
    "cell of no type": ("a.xlsx", "damaged", lambda: of_cell('t="zzz"', "<v>1</v>")),
    "yes or no or seven": ("a.xlsx", "damaged", lambda: of_cell('t="b"', "<v>7</v>")),
    "every error": ("a.xlsx", "error_value", lambda: of_cell('t="e"', "<v>#SPILL!</v>")),
    **{
        f"dimension {ref}": (
            "a.xlsx",
            "damaged",
            partial(of_sheet, f'<dimension ref="{ref}"/>'),
        )
        for ref in ("", "A0:B0", "A-1:B-2", "hello")
    },
    **{
        f"ods {attributes}": ("a.ods", code, partial(of_ods, attributes, "<text:p>1</text:p>"))
        for attributes, code in {
            'table:number-columns-repeated="0"': "damaged",
            'table:number-columns-repeated="-1"': "damaged",
            'table:number-columns-repeated="16385"': "damaged",
            'table:number-columns-repeated="1e3"': "damaged",
            'office:value-type="float" office:value="x"': "damaged",
            'office:value-type="float" office:value="NaN"': "error_value",
            'table:formula="msoxl:=1"': "formula",
        }.items()
    },
    "ods rows of none": ("a.ods", "damaged", lambda: ods(ods_table(ods_row(ods_cell(), 0)))),
    "ods rows of minus one": ("a.ods", "damaged", lambda: ods(ods_table(ods_row(ods_cell(), -1)))),
    "ods spaces of minus one": (
        *("a.ods", "damaged"),
        lambda: ods(ods_table(ods_row(ods_cell('<text:s text:c="-1"/>')))),
    ),
}

ONE = [[1]]
HARMLESS: dict[str, tuple[Sequence[Sequence[object]], Build]] = {
    "first archive before it": (ONE, lambda: xlsx(LIVE) + GOOD),
    "noise behind it": (ONE, lambda: GOOD + b"x" * 200),
    "comment at the end": (ONE, lambda: GOOD[:-2] + struct.pack("<H", 5) + b"hello"),
    "local header that lies of sizes": (ONE, lambda: patched(LOCAL, 18, "<L", 7)),
    "part said to be larger": (ONE, lambda: patched(CENTRAL, 24, "<L", 2**31)),
    "extra field of its own": (ONE, with_extra_field),
    "workbook inside": (ONE, lambda: of({"xl/embeddings/b.xlsx": xlsx(LIVE)})),
    "object inside": (ONE, lambda: of({"xl/embeddings/o.bin": OLE + bytes(99)})),
    "control inside": (ONE, lambda: of({"xl/activeX/activeX1.bin": b"x"})),
    "ribbon inside": (ONE, lambda: of({"customUI/customUI.xml": "<x/>"})),
    "entities in a part nobody reads": (ONE, lambda: of({"xl/theme/theme1.xml": f"{DTD}<x/>"})),
    **{
        f"part called {name[:12]!r}": (ONE, partial(of, {name: "x"}))
        for name in ("../../evil.sh", "/etc/passwd", "C:\\a", "a\u202eb", "x" * 60_000, "a\nb")
    },
    "style sheet to fetch": (
        ONE,
        lambda: of({SHEET: f'<?xml-stylesheet href="http://x.example"?>{sheet_xml(cell("A1"))}'}),
    ),
    "inclusion": (
        ONE,
        lambda: xlsx(cell("A1") + '<i:include xmlns:i="u" href="file:///etc/passwd"/>'),
    ),
    "encoding that is another": (
        ONE,
        lambda: of({SHEET: f'<?xml version="1.0" encoding="utf-7"?>{sheet_xml(cell("A1"))}'}),
    ),
    "attribute of a megabyte": (ONE, lambda: of_cell(f'r="A1" x="{"a" * 10**6}"', "<v>1</v>")),
    **{
        f"dimension {ref}": (ONE, partial(of_sheet, f'<dimension ref="{ref}"/>'))
        for ref in ("A1:XFD1048576", "Z9:A1", "XFD1048576", "ZZZZZZZZ99999999999")
    },
    "everything merged": (
        ONE,
        lambda: of_sheet("", '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
    ),
    "merged backwards": (
        ONE,
        lambda: of_sheet("", '<mergeCells><mergeCell ref="Z9:A1"/></mergeCells>'),
    ),
    "columns without end": (ONE, lambda: of_sheet('<cols><col min="1" max="99999999"/></cols>')),
    "spans that lie": (ONE, lambda: xlsx('<row spans="1:4294967295"><c><v>1</v></c></row>')),
    **{
        f"style {number}": (ONE, partial(of_cell, f's="{number}"', "<v>1</v>"))
        for number in ("99999", "-1", "99999999999999999999")
    },
    "cell in another row": (
        [*[[None, None]] * 6, [None, 1]],
        lambda: xlsx('<row r="1"><c r="B7"><v>1</v></c></row>'),
    ),
    "rows backwards": ([[None], [1], [None], [None], [1]], lambda: xlsx(cell("A5") + cell("A2"))),
    "cell twice": ([[2]], lambda: xlsx(cell("A1", 1) + cell("A1", 2))),
    "text where a number is due": ([["0x10"]], lambda: of_cell("", "<v>0x10</v>")),
    "shared texts of none": ([["a"]], lambda: of_shared('count="0" uniqueCount="000"')),
    "shared texts of some": ([["a"]], lambda: of_shared('count="600000" uniqueCount="1"')),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_lies_is_refused_by_name(name: str) -> None:
    filename, code, build = REFUSED[name]
    with pytest.raises(FileError) as refused:
        read_sheets(build(), filename)
    assert refused.value.code == code
    assert str(refused.value)[-1] in ".)"


@pytest.mark.parametrize("name", HARMLESS)
def test_what_cannot_do_harm_is_read_as_if_it_were_not_there(name: str) -> None:
    rows, build = HARMLESS[name]
    [sheet] = read_sheets(build(), "a.xlsx")
    assert sheet.rows == rows


def test_every_kind_is_told_once() -> None:
    assert len(REFUSED) >= 140
    assert len({filename for filename, _code, _build in REFUSED.values()}) >= 12


def test_control_without_its_guard_a_sheet_in_the_shared_texts_would_be_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(containers, "_LISTED", ("",))
    _filename, _code, build = REFUSED["sheet in the shared texts"]
    assert read_sheets(build(), "a.xlsx")[0].rows == [[2]]


@pytest.mark.parametrize(
    ("filename", "title"),
    [("../../etc/passwd.csv", "passwd"), ("C:\\a.csv", "C:\\a"), ("A.CSV", "A"), ("ç.csv", "ç")],
)
def test_the_name_of_a_csv_is_only_a_title(filename: str, title: str) -> None:
    [sheet] = read_sheets(b"a,b\n=cmd|' /C calc'!A0,1\n", filename)
    assert (sheet.title, sheet.rows[1]) == (title, ["=cmd|' /C calc'!A0", "1"])


def test_a_file_longer_than_the_limit_is_not_read_to_its_end() -> None:
    class Endless(BytesIO):
        asked = 0

        def read(self, size: int | None = -1) -> bytes:
            assert size is not None
            assert size > 0
            self.asked += size
            return b"x" * size

    file = Endless()
    with pytest.raises(FileError) as refused:
        read_sheets(file, "a.csv", limits=Limits(max_bytes=1_000))
    assert (refused.value.code, file.asked) == ("too_large", 1_001)
