"""One table from a file, kept cell by cell until somebody confirms or discards it."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import PurePath
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from common.canonical import canonical
from common.file_rules import DEFAULT_LIMITS, FileError
from common.numbers import plain
from common.reader import Cell, SheetRows, read_sheets
from indicators.loading.values import as_text
from indicators.models import Plan
from reports.choices import ImportState
from reports.history.mapping import Mapping, guess
from reports.models import ImportBatch

MAX_ROWS = 50_000


@dataclass(frozen=True)
class Table:
    """Headings, and the rows below them; `top` is the number of the row of the headings."""

    headings: list[str]
    rows: list[list[Cell]]
    top: int

    def number(self, index: int) -> int:
        """The number that a row of `rows` has in the file, counted from 1."""
        return self.top + 1 + index


def take_in(
    plan: Plan, file: bytes | IO[bytes], filename: str, *, by: object, mapping: Mapping | None
) -> ImportBatch:
    """Read the first sheet of a file as a draft; without a mapping one is made by its headings.

    Raises:
        FileError: the file is refused, and nothing of it is kept.
    """
    data = file if isinstance(file, bytes) else file.read(DEFAULT_LIMITS.max_bytes + 1)
    table = _table(read_sheets(data, filename))
    mapping = mapping or guess(table.headings, plan)
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            plan=plan,
            name=PurePath(filename).name[:200],
            sha256=hashlib.sha256(data).hexdigest(),
            mapping=mapping.as_text(),
            content=_kept_table(table),
            rows=len(table.rows),
            by=str(by),
        )
        record("history.uploaded", by=by, about=batch, file=batch.sha256, rows=batch.rows)
    return batch


def table_of(batch: ImportBatch) -> Table:
    """The table of a draft."""
    told = json.loads(batch.content)
    rows = [[_read(cell) for cell in row] for row in told["rows"]]
    return Table(told["headings"], rows, told["top"])


@transaction.atomic
def discard(batch: ImportBatch, *, by: object) -> bool:
    """Forget a draft; whether it still was one."""
    drafts = ImportBatch.objects.filter(pk=batch.pk, state=ImportState.DRAFT)
    if not drafts.exists():
        return False
    record("history.discarded", by=by, about=batch, file=batch.sha256)
    return bool(drafts.delete()[0])


def _table(sheets: list[SheetRows]) -> Table:
    visible = [sheet for sheet in sheets if not sheet.hidden] or sheets
    rows = visible[0].rows if visible else []
    top = next((at for at, row in enumerate(rows) if any(c is not None for c in row)), None)
    if top is None or len(rows) <= top + 1:
        raise FileError(
            _("There is no table in the file: a row of headings, and rows below it."),
            code="no_table",
        )
    if len(rows) - top - 1 > MAX_ROWS:
        text = _("The table has more than %(number)d rows. Split it.") % {"number": MAX_ROWS}
        raise FileError(text, code="too_many_rows")
    headings = [_heading(cell) for cell in rows[top]]
    return Table(headings, [_padded(row, len(headings)) for row in rows[top + 1 :]], top + 1)


def _heading(cell: Cell) -> str:
    return " ".join(as_text(cell).split())


def _padded(row: list[Cell], width: int) -> list[Cell]:
    return row[:width] + [None] * (width - len(row))


def _kept_table(table: Table) -> str:
    rows = [[_kept(cell) for cell in row] for row in table.rows]
    return canonical({"headings": table.headings, "rows": rows, "top": table.top})


def _kept(cell: Cell) -> Any:
    """Texts and blanks as they are, everything else as a list of its kind and its text."""
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return ["yes", str(cell)]
    if isinstance(cell, Decimal):
        return ["number", plain(cell)]
    return ["day" if isinstance(cell, date) else "text", as_text(cell)]


def _read(cell: Any) -> Cell:
    if not isinstance(cell, list):
        return cell
    kind, text = cell
    if kind == "number":
        return Decimal(text)
    if kind == "yes":
        return text == str(True)
    return date.fromisoformat(text[:10]) if kind == "day" else text
