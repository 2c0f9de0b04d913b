"""The container of a workbook: a ZIP archive, unpacked and measured before anything reads it."""

import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import closing
from io import BytesIO
from typing import Self

from django.utils.translation import gettext as _

from common import file_rules as rules
from common.file_rules import Limits
from common.xml_scan import Scan, scan

CHUNK = 64 * 1024
SMALL = 1024 * 1024
MARKS_PER_CELL = 8
"""A cell needs at most three elements, so six "<"; rows and the rest fit in two more."""

_DIRECTORY_ENTRY = b"PK\x01\x02"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)


class Archive:
    """The parts of a ZIP file whose real size has been measured; created only if all is well."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.limits = limits
        if data.count(_DIRECTORY_ENTRY) > limits.members:
            raise self._too_many_members()
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except _BROKEN as error:
            raise rules.damaged() from error
        self._check_directory(len(data))
        self._measure()

    @property
    def names(self) -> list[str]:
        """The names of all parts, as the archive writes them."""
        return self._zip.namelist()

    def chunks(self, name: str) -> Iterator[bytes]:
        """The content of a part, piece by piece."""
        try:
            with self._zip.open(name) as part:
                while chunk := part.read(CHUNK):
                    yield chunk
        except (*_BROKEN, KeyError) as error:
            raise rules.damaged(name) from error

    def read(self, name: str) -> bytes:
        """The whole content of a small part; empty if there is no such part."""
        return b"".join(self.chunks(name)) if name in self._zip.NameToInfo else b""

    def _check_directory(self, size: int) -> None:
        members = self._zip.infolist()
        if sum(member.compress_size for member in members) > size:
            raise rules.damaged()
        if len(members) > self.limits.members:
            raise self._too_many_members()
        if len({member.filename.lower() for member in members}) != len(members):
            raise rules.damaged(_("two parts of one name"))
        for member in members:
            if member.flag_bits & 1:
                raise rules.encrypted()
            if member.compress_type not in _METHODS:
                raise rules.damaged(member.filename[:100])

    def _measure(self) -> None:
        """Unpack every part and throw it away, counting; stop at the first limit."""
        total = marks = cells = 0
        for member in self._zip.infolist():
            size = 0
            for chunk in self.chunks(member.filename):
                size += len(chunk)
                if _is_xml(member.filename):
                    marks += chunk.count(b"<")
                    cells += chunk.count(b"<c ") + chunk.count(b"<c>")
                if total + size > self.limits.unpacked:
                    raise rules.too_big_inside(self.limits)
                if size > SMALL and size > self.limits.ratio * member.compress_size:
                    raise rules.packed_too_tightly(member.filename, self.limits)
            total += size
        if cells > self.limits.cells or marks > self.limits.cells * MARKS_PER_CELL:
            raise rules.too_many_cells(self.limits)

    def _too_many_members(self) -> rules.FileError:
        return rules.FileError(
            _("The file has more than %(number)d parts inside. Save it again as a new workbook.")
            % {"number": self.limits.members},
            code="too_many_members",
        )


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


class Repacked:
    """A new archive of the checked parts only: the reader sees exactly what the checks saw.

    A context manager; when it ends, ``file`` is the archive, at its start.
    """

    def __init__(self) -> None:
        self.file = BytesIO()
        self._zip = zipfile.ZipFile(self.file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._zip.close()
        self.file.seek(0)

    def check(self, archive: Archive, name: str, handler: Scan) -> None:
        """Let the handler look at a part, and keep the part."""
        with closing(self._copied(archive, name)) as chunks:
            scan(chunks, handler, name)

    def add(self, name: str, content: str) -> None:
        """A part we write ourselves."""
        self._zip.writestr(name, content)

    def _copied(self, archive: Archive, name: str) -> Generator[bytes, None, None]:
        with self._zip.open(name, "w") as part:
            for chunk in archive.chunks(name):
                part.write(chunk)
                yield chunk
