"""Answers that are files: as attachments, never kept by a browser or a proxy, never sniffed."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from os import SEEK_END
from tempfile import SpooledTemporaryFile
from typing import IO, cast
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.timezone import now

from common.csvfile import CSV_TYPE, csv_lines
from common.numbers import NBSP
from common.tables import Table
from common.workbook import IN_MEMORY, XLSX_TYPE, Properties, Sheet, write_workbook

FORMATS = ("xlsx", "csv")
Download = HttpResponse | FileResponse
"""Small files are answered from memory, large ones from a temporary file."""


def table_response(request: HttpRequest, table: Table, filename: str) -> Download | None:
    """The file that ``?export=xlsx`` or ``csv`` asks for: all rows of the filtered table.

    None if no file is asked for, so that a view says
    ``return table_response(request, table, "reports") or render(...)``.
    """
    wanted = request.GET.get("export")
    if wanted not in FORMATS or not table.can_export:
        return None
    sheet = table.sheet()
    if wanted == "csv":
        return csv_response(sheet, filename)
    return workbook_response([sheet], filename, Properties(sheet.title, created=now()))


def workbook_response(sheets: Sequence[Sheet], filename: str, properties: Properties) -> Download:
    """The sheets as an Excel file."""
    return file_response(write_workbook(sheets, properties=properties), f"{filename}.xlsx")


def csv_response(sheet: Sheet, filename: str) -> Download:
    """One sheet as CSV, written whole before the first byte leaves: a cut file looks finished."""
    return file_response(spooled(csv_lines(sheet.columns, sheet.rows)), f"{filename}.csv")


def file_response(file: IO[bytes], filename: str, content_type: str = "") -> Download:
    """Any file as an attachment with headers that keep it private and inert; closes it."""
    known = {"xlsx": XLSX_TYPE, "csv": CSV_TYPE}.get(filename.rpartition(".")[2])
    kind = content_type or known or "application/octet-stream"
    size = file.seek(0, SEEK_END)
    file.seek(0)
    response: Download
    if size > IN_MEMORY:
        response = FileResponse(file, content_type=kind)
    else:
        with file:
            response = HttpResponse(file.read(), content_type=kind)
    response["Content-Length"] = str(size)
    response["Content-Disposition"] = disposition(filename)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    return response


def spooled(pieces: Iterable[bytes]) -> IO[bytes]:
    """A temporary file with these pieces, at its start."""
    with ExitStack() as on_failure:
        file = cast(IO[bytes], on_failure.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY)))
        file.writelines(pieces)
        file.seek(0)
        on_failure.pop_all()
    return file


def disposition(filename: str) -> str:
    """attachment with the name twice: in ASCII for old programs, in UTF-8 for all others.

    Characters nobody sees go: one of them can show "cod.exe" as "exe.doc".
    """
    seen = "".join(c if c.isprintable() else "\0" for c in filename.replace(NBSP, " "))
    name = re.sub(r'[\x00/\\:*?"<>|;%]+', "-", seen).strip(" .") or "file"
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = f"file{letters}" if not letters or letters.startswith(".") else letters
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
