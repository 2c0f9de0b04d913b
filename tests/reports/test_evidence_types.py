"""Which files are taken as evidence: name and bytes must agree, and nothing that runs gets in."""

import zipfile
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.file_rules import MIB, FileError
from reports import evidence as service
from reports.evidence import add_evidence, clean_name, path_of
from reports.file_types import ACCEPT, MAX_MEMBERS, TYPES, type_of
from reports.models import Evidence
from tests.conftest import World
from tests.reports.typed_forms import line_of

PDF = b"%PDF-1.7\n%%EOF\n"
PNG, JPG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xd9"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00"
ELF, MACH, CLASS = (
    b"\x7fELF\x02\x01\x01",
    b"\xcf\xfa\xed\xfe\x07",
    b"\xca\xfe\xba\xbe\x00\x00\x00\x34",
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 64
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


def zipped(*names: str, first: str = "", text: str = "") -> bytes:
    """A ZIP of these members; the first stored as it is, as in an OpenDocument file."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        if first:
            archive.writestr(first, text)
        for name in names:
            archive.writestr(name, "<x/>", zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


CONTENT = "[Content_Types].xml"
DOCX, XLSX = zipped(CONTENT, "word/document.xml"), zipped(CONTENT, "xl/workbook.xml")
ODT = zipped("content.xml", first="mimetype", text="application/vnd.oasis.opendocument.text")
ODS = zipped("content.xml", first="mimetype", text="application/vnd.oasis.opendocument.spreadsheet")

TAKEN = [
    ("a.pdf", PDF, "application/pdf"),
    ("A.PdF", PDF, "application/pdf"),
    ("a.exe.pdf", PDF, "application/pdf"),
    ("a.png", PNG, "image/png"),
    ("a.jpg", JPG, "image/jpeg"),
    ("a.JPEG", JPG, "image/jpeg"),
    ("a.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("a.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("a.odt", ODT, "application/vnd.oasis.opendocument.text"),
    ("a.ods", ODS, "application/vnd.oasis.opendocument.spreadsheet"),
    ("a.csv", b"a;b\r\n1;2\r\n", "text/csv"),
    ("a.csv", b"=1+1,a < b", "text/csv"),
    ("a.txt", "Çështje të grave\n".encode(), "text/plain"),
    ("a.txt", "\ufeffÇështje".encode(), "text/plain"),
    ("a.txt", "Çështje".encode("utf-16"), "text/plain"),
    ("a.txt", "ë\tç\x0c".encode("cp1252"), "text/plain"),
    ("a.txt", b"1 < 2 and <b>bold</b>", "text/plain"),
]

WRONG_TYPE, CONTENT_DIFFERS, MACROS = "wrong_type", "content", "macros"
Row = tuple[str, bytes, str]


def each(endings: str, data: bytes, code: str) -> list[Row]:
    """The same bytes under every one of these endings."""
    return [(f"a.{ending}", data, code) for ending in endings.split()]


def inside(name: str, *contents: bytes) -> list[Row]:
    """One name around each of these contents."""
    return [(name, data, CONTENT_DIFFERS) for data in contents]


ALL, BINARY = " ".join(TYPES), " ".join(set(TYPES) - {"csv", "txt"})
REFUSED: list[Row] = [
    # No type we take, whatever is inside.
    *each("exe dll scr com bat cmd ps1 sh msi js mjs vbs hta jar apk", PDF, WRONG_TYPE),
    *each("lnk iso py php svg svgz xml xhtml html htm mht", SVG, WRONG_TYPE),
    *each("docm dotm xlsm xlsb xltm pptm odb doc xls ppt rtf msg", OLE, WRONG_TYPE),
    *each("zip rar 7z gz gif bmp webp heic mp4", b"x", WRONG_TYPE),
    *((name, PDF, WRONG_TYPE) for name in ("a", "", ".", "pdf", "a.", "a.pdf ", "a.pdf.")),
    *((name, PDF, WRONG_TYPE) for name in ("a.pdf/", "a.p\u200bdf", "a.рdf", "a.pdf\u202e")),
    # A name we take around something else.
    *each(ALL, EXE, CONTENT_DIFFERS),
    *each(ALL, ELF, CONTENT_DIFFERS),
    *each(ALL, CLASS, CONTENT_DIFFERS),
    *each(ALL, OLE, CONTENT_DIFFERS),
    *each(ALL, HTML, CONTENT_DIFFERS),
    *each(ALL, SVG, CONTENT_DIFFERS),
    *each(ALL, b"#!/bin/sh\nrm -r /\n", CONTENT_DIFFERS),
    *each(ALL, zipped("a.exe"), CONTENT_DIFFERS),
    *each(BINARY, MACH, CONTENT_DIFFERS),
    *each(ALL.replace("pdf", ""), PDF, CONTENT_DIFFERS),
    *each(ALL.replace("png", ""), PNG, CONTENT_DIFFERS),
    # One office document under the name of another, or cut short, or without its parts.
    *inside("a.docx", XLSX, ODT, DOCX[:-30], b"PK\x03\x04", zipped("word/document.xml")),
    *inside("a.docx", b"x" + DOCX),
    *inside("a.xlsx", DOCX, ODS),
    *inside("a.odt", ODS, zipped("content.xml")),
    *inside("a.ods", ODT, XLSX),
    # Something before the mark, so that another program reads another file in it.
    *inside("a.pdf", b"\n" + PDF, b"GIF89a" + PDF, PDF[1:]),
    *inside("a.jpg", b"\0" + JPG, JPG[:2]),
    # Text that a browser or a shell would take for more.
    *inside("a.txt", b"<?php ...", b"%PDF-1", b"<SCRIPT>", b"<svg >", b"MZ...", b"pK\x03\x04"),
    *inside("a.txt", b" " + HTML, b"\r\n\t" + HTML, b"\xef\xbb\xbf" + HTML, b" " * 150 + HTML),
    *inside("a.txt", HTML.decode().encode("utf-16"), b"\xff\xfe\x00"),
    *inside("a.csv", *(b"a" + bytes([code]) + b"b" for code in (0, 1, 8, 11, 27, 127))),
    # Macros, wherever an office program looks for them.
    ("a.docx", zipped(CONTENT, "word/document.xml", "word/vbaProject.bin"), MACROS),
    ("a.docx", zipped(CONTENT, "word/document.xml", "word/VBAPROJECT.BIN"), MACROS),
    ("a.xlsx", zipped(CONTENT, "xl/workbook.xml", "xl/vbaProjectSignature.bin"), MACROS),
    ("a.ods", zipped("Basic/Standard/Module1.xml", first="mimetype"), MACROS),
    ("a.odt", zipped("Scripts/python/evil.py", first="mimetype"), MACROS),
]


def verdict(name: str, data: bytes) -> str:
    """The type it is served as, or the code of its refusal."""
    try:
        return type_of(name, data).content_type
    except FileError as refusal:
        return refusal.code


def test_the_usual_files_are_taken_as_what_they_are() -> None:
    assert [verdict(name, data) for name, data, _kind in TAKEN] == [kind for *_file, kind in TAKEN]
    assert {name.rpartition(".")[2].lower() for name, *_ in TAKEN} == set(TYPES)


def test_everything_else_is_refused_for_its_reason() -> None:
    wrong = [(n, d[:20], c, verdict(n, d)) for n, d, c in REFUSED if verdict(n, d) != c]
    assert wrong == []
    assert len(REFUSED) > 180


def test_nothing_a_browser_would_open_is_ever_served_by_its_type() -> None:
    kinds = {kind.content_type for kind in TYPES.values()}
    assert [kind for kind in kinds if "html" in kind or "svg" in kind or "script" in kind] == []
    assert ACCEPT.split(",") == [f".{ending}" for ending in TYPES]


def test_an_archive_of_endless_members_is_not_even_opened() -> None:
    members = [f"word/{n}" for n in range(MAX_MEMBERS - 2)]
    full = zipped(CONTENT, "word/document.xml", *members)
    assert verdict("a.docx", full).endswith("wordprocessingml.document")
    assert verdict("a.docx", zipped(CONTENT, "word/document.xml", "one", *members)) == "content"


NAMES = [
    ("list.pdf", "list.pdf"),
    ("/etc/passwd.pdf", "passwd.pdf"),
    ("..\\..\\windows\\list.pdf", "list.pdf"),
    ("a/b\\c/../list.pdf", "list.pdf"),
    ("..pdf", "file.pdf"),
    ("../.pdf", "file.pdf"),
    ("a\x00b.pdf", "ab.pdf"),
    ("list.pdf\x00.exe", "list.pdf.exe"),
    ("\u202egpj.exe.pdf", "gpj.exe.pdf"),
    ("a\u200e\u2066b\u2069.pdf", "ab.pdf"),
    ("a\u200bb\ufeff.pdf", "ab.pdf"),
    ("line\r\nbreak.pdf", "linebreak.pdf"),
    ('q"u<o>t:e|s?*;%.pdf', "q-u-o-t-e-s-.pdf"),
    ("  spaces around .pdf", "spaces around.pdf"),
    (" . . list.pdf . ", "list.pdf"),
    ("Lista e grave në polici – 2026.pdf", "Lista e grave në polici – 2026.pdf"),
    ("e\u0308.pdf", "ë.pdf"),
    ("=1+1.pdf", "=1+1.pdf"),
    ("ë" * 300 + ".pdf", "ë" * 150 + ".pdf"),
    ("👩" * 300 + ".pdf", "👩" * 150 + ".pdf"),
    ("x." + "y" * 300, "x." + "y" * 20),
    ("CON.pdf", "CON.pdf"),
    ("no ending", "file.no ending"),
]


def test_a_name_is_kept_without_what_could_lead_astray() -> None:
    assert [clean_name(typed) for typed, _kept in NAMES] == [kept for _typed, kept in NAMES]
    assert max(len(clean_name(typed)) for typed, _kept in NAMES) <= 171


def test_a_type_is_that_of_the_kept_name_not_of_the_sent_one(world: World) -> None:
    """The name that is shown and saved is the one the bytes were held against."""
    kept = {}
    for typed in ("../list.pdf", "a\u202e.pdf", "list.pdf\x00", "list\x00.pdf"):
        kept[typed] = add(world, typed, PDF + typed.encode()).name
    assert kept == {
        "../list.pdf": "list.pdf",
        "a\u202e.pdf": "a.pdf",
        "list.pdf\x00": "list.pdf",
        "list\x00.pdf": "list.pdf",
    }


def add(world: World, name: str, data: bytes, **more: object) -> Evidence:
    upload = SimpleUploadedFile("x", data)
    # A browser may send any name; the object that stands for it tidies its own.
    upload._name = name  # type: ignore[attr-defined]
    return add_evidence(world.now(), by=world.contributor, upload=upload, **more)  # type: ignore[arg-type]


def test_the_size_is_the_size_of_the_file_to_the_byte(world: World, settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = MIB
    assert add(world, "a.txt", b"a" * MIB).size == MIB
    with pytest.raises(FileError) as refused:
        add(world, "a.txt", b"b" * (MIB + 1))
    assert (refused.value.code, Evidence.objects.count()) == ("too_large", 1)
    told = "The file is larger than 1 MB. Send a smaller one, or a part of it."
    assert str(refused.value) == told


def test_a_report_takes_so_many_files_and_no_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MAX_FILES", 2)
    for number in range(2):
        add(world, "a.txt", b"%d" % number)
    with pytest.raises(FileError) as refused:
        add(world, "a.txt", b"one more")
    assert (refused.value.code, Evidence.objects.count()) == ("too_many", 2)
    # The same file again is no new one, and another report has room of its own.
    assert add(world, "a.txt", b"0") == Evidence.objects.order_by("pk").first()
    other = SimpleUploadedFile("b.txt", b"b")
    assert add_evidence(world.now(world.other_report), by=world.other_contributor, upload=other)


def test_equal_bytes_are_stored_once_and_named_as_often_as_they_are_sent(world: World) -> None:
    line = line_of(world)
    whole, part = add(world, "a.txt", b"same"), add(world, "b.txt", b"same", line=line)
    assert (whole.sha256, whole.pk != part.pk) == (part.sha256, True)
    folder = path_of(whole.sha256).parent
    assert [path.name for path in folder.iterdir()] == [whole.sha256]


def test_nothing_is_left_of_a_file_that_is_refused(world: World, settings: Any) -> None:
    broken = JPG[:3] + b"\xe1\0"
    for name, data in (("a.exe", EXE), ("a.pdf", EXE), ("a.txt", b""), ("a.jpg", broken)):
        with pytest.raises(FileError):
            add(world, name, data)
    assert not list(settings.EVIDENCE_ROOT.rglob("*"))
    assert not Evidence.objects.exists()
