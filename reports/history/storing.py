"""A draft goes in as a whole, and comes out as a whole while nothing newer depends on it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from audit.services import record, record_many
from common import clock
from common.canonical import canonical
from indicators.models import Plan
from reports.choices import ImportState
from reports.history.mapping import Mapping
from reports.history.preview import Preview, Stored, preview
from reports.history.reading import Figure
from reports.models import HistoricValue, ImportBatch, ImportMapping

MANY = 500


class NotStored(Exception):
    """A draft that is not in order, was decided meanwhile, or shows something else by now."""

    def __init__(self, sentence: str, found: Preview | None = None) -> None:
        super().__init__(sentence)
        self.found = found


class StillNeeded(Exception):
    """Newer imports replaced figures of this one; `names` are their files."""

    def __init__(self, names: list[str]) -> None:
        text = _("Newer imports build on this one. Undo them first: %(names)s.")
        super().__init__(text % {"names": ", ".join(names)})
        self.names = names


@transaction.atomic
def set_mapping(batch: ImportBatch, mapping: Mapping) -> None:
    """Give a draft another mapping; one that was decided meanwhile keeps its own."""
    drafts = ImportBatch.objects.filter(pk=batch.pk, state=ImportState.DRAFT)
    drafts.update(mapping=mapping.as_text())
    batch.mapping = mapping.as_text()


@transaction.atomic
def save_mapping(batch: ImportBatch, name: str, *, by: object) -> ImportMapping:
    """Keep the mapping of a table for the next one, under a name; it replaces one of that name."""
    saved, _is_new = ImportMapping.objects.update_or_create(
        plan=batch.plan, name=name, defaults={"content": batch.mapping}
    )
    record("mapping.saved", by=by, about=saved, content=batch.mapping)
    return saved


@transaction.atomic
def forget_mapping(saved: ImportMapping, *, by: object) -> None:
    """Delete a kept mapping; imports keep the one they were made with."""
    record("mapping.forgotten", by=by, about=saved, name=saved.name, content=saved.content)
    saved.delete()


@transaction.atomic
def store(
    batch: ImportBatch, *, by: object, mark: str = "", accepts_faults: bool = True
) -> Preview:
    """Store every figure of a draft, with one entry in the log for each; all of them or none.

    `mark` is that of the preview the person saw; without it, whatever the draft says now.
    `accepts_faults` says that its faults of arithmetic were read and it goes in nevertheless.

    Raises:
        NotStored: it is no draft any more, has mistakes or nothing new, or differs from what was
            seen; nothing was stored.
    """
    _hold(batch)
    now = clock.now()
    drafts = ImportBatch.objects.filter(pk=batch.pk, state=ImportState.DRAFT)
    if not drafts.update(state=ImportState.STORED, stored_by=str(by), stored_at=now):
        raise NotStored(_("This table was stored or discarded already."))
    batch.refresh_from_db()
    found = preview(batch)
    if not found.can_store or (mark and mark != found.mark):
        raise NotStored(_why(found), found)
    if found.faults and not accepts_faults:
        text = _("Say that you have read the faults, then confirm again. Nothing was stored.")
        raise NotStored(text, found)
    rows = _write(batch, found)
    _tell(batch, found, rows, by)
    return found


def _hold(batch: ImportBatch) -> None:
    """Lock the plan: imports into it come one after the other, each seeing what the last stored."""
    Plan.objects.select_for_update().get(pk=batch.plan_id)


def _why(found: Preview) -> str:
    if found.problems:
        return _("The table has mistakes, so nothing was stored.")
    if not found.to_store:
        return _("Everything in the table is stored already.")
    return _("Something changed while the page was open. Look at it again, and confirm again.")


def _write(batch: ImportBatch, found: Preview) -> list[HistoricValue]:
    """The figures replaced give way first, for only one at a place may be in force."""
    replaced = [old.pk for old, _new in found.changed]
    for start in range(0, len(replaced), MANY):
        some = HistoricValue.objects.filter(pk__in=replaced[start : start + MANY])
        some.update(in_force=False)
    rows = [_row(batch, old, new) for old, new in found.to_store]
    HistoricValue.objects.bulk_create(rows, batch_size=MANY)
    batch.faults = canonical([fault.as_data() for fault in found.faults])
    batch.content, batch.rows = "", len(rows)
    batch.save(update_fields=["faults", "content", "rows"])
    return rows


def _row(batch: ImportBatch, old: Stored | None, new: Figure) -> HistoricValue:
    value, top, bottom = new.numbers
    return HistoricValue(
        batch=batch,
        indicator=new.indicator,
        institution=new.institution,
        starts_on=new.span.starts_on,
        ends_on=new.span.ends_on,
        cell=new.cell,
        is_share=new.is_share,
        value=value,
        numerator=top,
        denominator=bottom,
        source=new.source,
        note=new.note,
        row=new.row,
        place=new.place,
        replaces_id=old.pk if old else None,
    )


Told = tuple[str, models.Model, dict[str, Any]]


def _tell(batch: ImportBatch, found: Preview, rows: list[HistoricValue], by: object) -> None:
    entries = _entries(batch, found, rows)
    record_many(entries, by=by)


def _entries(batch: ImportBatch, found: Preview, rows: list[HistoricValue]) -> Iterator[Told]:
    counts = {"new": len(found.new), "changed": len(found.changed), "same": len(found.same)}
    faults = len(found.faults)
    yield "history.stored", batch, {"file": batch.sha256, "faults": faults, **counts}
    for row, (old, new) in zip(rows, found.to_store, strict=True):
        yield "history.imported", row, _said(batch, old, new)


def _said(batch: ImportBatch, old: Stored | None, new: Figure) -> dict[str, Any]:
    return {
        "batch": batch.pk,
        "row": new.row,
        "indicator": new.indicator.code,
        "said_by": new.said_by,
        "period": str(new.span),
        "cell": new.cell,
        "is_share": new.is_share,
        "before": old.numbers if old else None,
        "after": new.numbers,
    }


@transaction.atomic
def undo(batch: ImportBatch, *, by: object) -> int:
    """Take a stored table out again: what it had replaced is in force again. The number of rows.

    The figures stay in the database, out of force, for the log speaks of them.

    Raises:
        NotStored: it is not stored, or was undone already.
        StillNeeded: a newer import replaced one of its figures; nothing was changed.
    """
    _hold(batch)
    stored = ImportBatch.objects.filter(pk=batch.pk, state=ImportState.STORED)
    now: datetime = clock.now()
    if not stored.update(state=ImportState.UNDONE, undone_by=str(by), undone_at=now):
        raise NotStored(_("This import is not stored, or it was undone already."))
    if newer := needed_by(batch):
        raise StillNeeded(newer)
    ours = HistoricValue.objects.filter(batch=batch)
    number = ours.update(in_force=False)
    before = ours.filter(replaces__isnull=False).values("replaces")
    again = HistoricValue.objects.filter(pk__in=before).update(in_force=True)
    record("history.undone", by=by, about=batch, taken_out=number, in_force_again=again)
    return number


def needed_by(batch: ImportBatch) -> list[str]:
    """The files of the stored imports that replaced figures of this one, oldest first."""
    newer = ImportBatch.objects.filter(state=ImportState.STORED, values__replaces__batch=batch)
    return list(newer.order_by("pk").distinct().values_list("name", flat=True))
