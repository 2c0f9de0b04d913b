"""A returned workbook, read: which report it is of, and what stands in each of its cells."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import PurePath
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import file_rules
from common.canonical import canonical
from common.file_rules import DEFAULT_LIMITS, FileError, address
from common.numbers import plain
from common.reader import Cell, SheetRows, read_sheets
from reports import rules
from reports.errors import NotAllowed
from reports.exchange.headings import heading_of, title_of
from reports.exchange.layout import (
    HEADING_ROW,
    INPUTS,
    LAYOUT,
    TAG_ROW,
    Part,
    Tag,
    read_key,
    read_tag,
)
from reports.exchange.outgoing import tag_of
from reports.exchange.since import changed_since
from reports.models import Report, Upload


@dataclass(frozen=True)
class Found:
    """One sheet of the workbook that is ours: its tag and the place of each column."""

    sheet: SheetRows
    tag: Tag
    key_column: int
    columns: dict[str, int]

    @property
    def part(self) -> Part:
        """The sheet it is: the one most of whose columns it has."""
        return max(Part, key=lambda part: sum(name in self.columns for name in INPUTS[part]))

    @property
    def missing(self) -> list[str]:
        return [name for name in INPUTS[self.part] if name not in self.columns]


@dataclass
class Contents:
    """What is kept of a workbook until it is confirmed."""

    language: str
    cells: list[dict[str, Any]] = field(default_factory=list)
    faults: list[dict[str, str]] = field(default_factory=list)


def take_in(report: Report, file: bytes | IO[bytes], filename: str, *, by: User) -> Upload:
    """Read a returned workbook and keep what it says, in place of an earlier unconfirmed one.

    Raises:
        NotAllowed: this person may not write in this report now.
        FileError: the file is refused; nothing is kept. Its code is "tag", "other_report",
            "layout", "revision", or one of the safe reader.
    """
    if not rules.can_edit(by, report):
        raise NotAllowed("edit", report)
    data = file if isinstance(file, bytes) else file.read(DEFAULT_LIMITS.max_bytes + 1)
    found = [sheet for rows in read_sheets(data, filename) if (sheet := _recognised(rows))]
    _check(found, report)
    contents = Contents(found[0].tag.language)
    for sheet in found:
        _read_rows(sheet, contents)
    text = canonical(vars(contents))
    with transaction.atomic():
        Upload.objects.filter(report=report, by=by, applied_at=None).delete()
        return Upload.objects.create(
            report=report,
            by=by,
            name=PurePath(filename).name[:200],
            sha256=hashlib.sha256(data).hexdigest(),
            content=text,
        )


def contents_of(upload: Upload) -> Contents:
    """What was kept."""
    return Contents(**json.loads(upload.content))


def _recognised(sheet: SheetRows) -> Found | None:
    """A sheet whose first row carries a tag, wherever in it."""
    keys = sheet.rows[TAG_ROW] if sheet.rows else []
    for index, cell in enumerate(keys):
        if tag := read_tag(cell):
            named = {str(name): place for place, name in enumerate(keys) if name and place != index}
            return Found(sheet, tag, index, named)
    return None


def _check(found: list[Found], report: Report) -> None:
    """Refuse by name what is not this report's workbook of today."""
    if not found:
        raise FileError(
            _(
                "This is not a workbook of a report: its hidden first row is missing. Download the"
                " report’s workbook, and fill in that one."
            ),
            code="tag",
        )
    ours = tag_of(report, found[0].tag.language)
    for sheet in found:
        _check_tag(sheet.tag, ours)
    _check_layout(found)
    if found[0].tag.revision != report.revision:
        raise _other_revision(report, found[0].tag)
    if any(sheet.tag != found[0].tag for sheet in found):
        raise _layout(_("Its sheets come from different workbooks."))


def _check_tag(tag: Tag, ours: Tag) -> None:
    if tag.layout != LAYOUT:
        raise _layout(_("It was made by another version of this system."))
    same = (tag.plan, tag.period, tag.institution, tag.report)
    if same != (ours.plan, ours.period, ours.institution, ours.report):
        raise FileError(
            _(
                "This workbook is of another report: %(institution)s, %(period)s, plan %(plan)s."
                " Upload it there, or download the workbook of this one."
            )
            % {"institution": tag.institution, "period": tag.period, "plan": tag.plan},
            code="other_report",
        )


def _check_layout(found: list[Found]) -> None:
    parts = [sheet.part for sheet in found]
    for sheet in found:
        if sheet.missing:
            names = ", ".join(f"“{heading_of(name)}”" for name in sheet.missing)
            what = _("The sheet “%(title)s” has lost a column: %(names)s.")
            raise _layout(what % {"title": sheet.sheet.title, "names": names})
        if parts.count(sheet.part) > 1:
            raise _layout(
                _("The sheet “%(title)s” stands twice.") % {"title": title_of(sheet.part)}
            )
    for part in Part:
        if part not in parts:
            raise _layout(_("The sheet “%(title)s” is missing.") % {"title": title_of(part)})


def _layout(what: str) -> FileError:
    how = _("Download the workbook afresh, and copy your figures into it.")
    return FileError(
        _("The layout of the workbook was changed. %(what)s %(how)s") % {"what": what, "how": how},
        code="layout",
    )


def _other_revision(report: Report, tag: Tag) -> FileError:
    since = changed_since(report, tag.revision)
    sentence = _(
        "This workbook was made from revision %(old)d; the report is at revision %(new)d now."
        " %(since)s Download the workbook afresh."
    )
    shown = {"old": tag.revision, "new": report.revision, "since": since}
    return FileError(sentence % shown, code="revision")


def _read_rows(found: Found, contents: Contents) -> None:
    part, seen = found.part, set[str]()
    inputs = [(name, found.columns[name]) for name in INPUTS[part]]
    for number, row in enumerate(found.sheet.rows[HEADING_ROW + 1 :], start=HEADING_ROW + 1):
        key = read_key(_at(row, found.key_column))
        filled = [(name, place) for name, place in inputs if _at(row, place) is not None]
        if key is None:
            for name, place in filled[:1]:
                _stray(found, contents, (name, number, place))
            continue
        mark = f"{key.section}|{key.cell}"
        if mark in seen:
            _twice(found, contents, number)
            continue
        seen.add(mark)
        for name, place in inputs:
            contents.cells.append(
                {
                    "part": part.value,
                    "section": key.section,
                    "version": key.version,
                    "cell": key.cell,
                    "column": name,
                    "value": packed(_at(row, place)),
                    "sheet": found.sheet.title,
                    "address": address(number, place),
                }
            )


def _stray(found: Found, contents: Contents, place: tuple[str, int, int]) -> None:
    _name, row, column = place
    text = _(
        "This row is not one of the report’s: its hidden key is missing. Write in the rows that"
        " are there, and empty this one."
    )
    where = {"sheet": found.sheet.title, "address": address(row, column)}
    contents.faults.append({**where, "part": found.part.value, "text": text})


def _twice(found: Found, contents: Contents, row: int) -> None:
    text = _("This row stands twice in the sheet. Delete one of the two.")
    where = {
        "sheet": found.sheet.title,
        "address": address(row, found.columns[INPUTS[found.part][0]]),
    }
    contents.faults.append({**where, "part": found.part.value, "text": text})


def _at(row: list[Cell], index: int) -> Cell:
    return row[index] if index < len(row) else None


def packed(value: Cell) -> list[str] | None:
    """A cell as JSON keeps it: its type and its text."""
    if value is None:
        return None
    if isinstance(value, bool):
        return ["bool", "1" if value else "0"]
    if isinstance(value, Decimal):
        return ["number", plain(value)]
    if isinstance(value, (datetime, date, time)):
        return ["date", value.isoformat()]
    return ["text", value]


@dataclass(frozen=True)
class Typed:
    """A cell as it came back, with the place it stood at."""

    version: int
    value: str | Decimal | bool | date | None
    sheet: str
    address: str


def unpacked(value: list[str] | None) -> str | Decimal | bool | date | None:
    """The cell that was packed; a date or time stays one for who refuses it."""
    if value is None:
        return None
    kind, text = value
    if kind == "number":
        return Decimal(text)
    if kind == "bool":
        return text == "1"
    if kind == "date":
        return date.fromisoformat(text[:10]) if "-" in text else text
    return text


Place = tuple[str, str, str, str]
"""Part, section, cell and column."""


def typed_cells(contents: Contents) -> Iterator[tuple[Place, Typed]]:
    """Every cell that came back, by its place."""
    for cell in contents.cells:
        place = (cell["part"], cell["section"], cell["cell"], cell["column"])
        typed = Typed(cell["version"], unpacked(cell["value"]), cell["sheet"], cell["address"])
        yield place, typed


def refuse_too_large(size: int | None) -> None:
    """Refuse a file by its size alone, before it is read.

    Raises:
        FileError: it is larger than any workbook of ours.
    """
    if (size or 0) > DEFAULT_LIMITS.max_bytes:
        raise file_rules.too_large(DEFAULT_LIMITS)
