"""Which files may back a report, and how we see that a file is what its name says."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _

from common.file_rules import FileError

MAX_MEMBERS = 5_000
_DIRECTORY_ENTRY = b"PK\x01\x02"
_ODF = "application/vnd.oasis.opendocument."
_OOXML = "application/vnd.openxmlformats-officedocument."
_BROKEN = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError)
_CONTROL = bytes(b for b in range(32) if b not in b"\t\n\x0c\r") + b"\x7f"
_NOT_TEXT = (
    b"%pdf",
    b"pk\x03\x04",
    b"mz",
    b"#!",
    b"<!doctype",
    b"<html",
    b"<svg",
    b"<?",
    b"<script",
)


@dataclass(frozen=True)
class FileType:
    """A kind of file we take: what it is served as, and the look at its bytes."""

    content_type: str
    is_right: Callable[[bytes], bool]


def _starts(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(marks)


def _archive(data: bytes) -> zipfile.ZipFile | None:
    """The container of an office document, by its directory only; nothing is unpacked."""
    if not data.startswith(b"PK\x03\x04") or data.count(_DIRECTORY_ENTRY) > MAX_MEMBERS:
        return None
    try:
        return zipfile.ZipFile(BytesIO(data))
    except _BROKEN:
        return None


def _has_macros(names: list[str]) -> bool:
    return any("vbaproject" in name or name.startswith(("basic/", "scripts/")) for name in names)


def _ooxml(main: str) -> Callable[[bytes], bool]:
    def is_right(data: bytes) -> bool:
        archive = _archive(data)
        if archive is None:
            return False
        names = [name.lower() for name in archive.namelist()]
        _refuse_macros(names)
        return "[content_types].xml" in names and main in names

    return is_right


def _odf(kind: str) -> Callable[[bytes], bool]:
    """An OpenDocument file begins with its type, stored as it is."""

    def is_right(data: bytes) -> bool:
        archive = _archive(data)
        if archive is None:
            return False
        _refuse_macros([name.lower() for name in archive.namelist()])
        mark = b"mimetype" + (_ODF + kind).encode()
        return data[30 : 30 + len(mark)] == mark

    return is_right


def _refuse_macros(names: list[str]) -> None:
    if _has_macros(names):
        sentence = _("The file contains macros. Save it without macros and send it again.")
        raise FileError(sentence, code="macros")


def _is_text(data: bytes) -> bool:
    """Plain text in an encoding people use; nothing a program would run or draw."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            data = data.decode("utf-16").encode()
        except UnicodeDecodeError:
            return False
    head = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return not head.startswith(_NOT_TEXT) and not set(_CONTROL) & set(data)


TYPES = {
    "pdf": FileType("application/pdf", _starts(b"%PDF-")),
    "png": FileType("image/png", _starts(b"\x89PNG\r\n\x1a\n")),
    "jpg": FileType("image/jpeg", _starts(b"\xff\xd8\xff")),
    "jpeg": FileType("image/jpeg", _starts(b"\xff\xd8\xff")),
    "docx": FileType(_OOXML + "wordprocessingml.document", _ooxml("word/document.xml")),
    "xlsx": FileType(_OOXML + "spreadsheetml.sheet", _ooxml("xl/workbook.xml")),
    "odt": FileType(_ODF + "text", _odf("text")),
    "ods": FileType(_ODF + "spreadsheet", _odf("spreadsheet")),
    "csv": FileType("text/csv", _is_text),
    "txt": FileType("text/plain", _is_text),
}

ACCEPT = ",".join(f".{name}" for name in TYPES)
"""For the file dialog of the browser."""


def type_of(name: str, data: bytes) -> FileType:
    """The type of a file by its name, when its content agrees.

    Raises:
        FileError: it is of no type we take, or not what it says it is.
    """
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    kind = TYPES.get(extension)
    known = ", ".join(name for name in TYPES if name != "jpeg")
    if kind is None:
        sentence = _("Files of this type are not taken. Send one of: %(types)s.")
        raise FileError(sentence % {"types": known}, code="wrong_type")
    if not kind.is_right(data):
        sentence = _(
            "The content of this file is not that of a .%(extension)s file. Open it in the"
            " program it was made with, save it again and send that."
        )
        raise FileError(sentence % {"extension": extension}, code="content")
    return kind
