"""Writing to the chain and proving it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from django.db import connection, models, transaction

from audit.models import Entry, Head
from common import clock
from common.canonical import canonical, sha256

Told: TypeAlias = tuple[str, Mapping[str, Any]]

FIRST = "0" * 64
"""What stands in the place of the hash before the first entry."""
BATCH = 500

UNSEEN_ELSEWHERE = frozenset(
    {
        *("line.saved", "action.saved", "narrative.saved", "remark.saved"),
        *("evidence.added", "evidence.removed", "evidence.read"),
        *("export.asked", "values.exported", "lights.exported", "history.exported"),
    }
)
"""What happens all day and is seen in the pages of one report alone, whose version it raises, or
in none. Every other entry may change any page."""


def _take_head() -> Head:
    """Lock the chain's end until the transaction ends.

    The update takes the row's lock on PostgreSQL; on SQLite the transaction holds the only
    write lock already.
    """
    Head.objects.get_or_create(pk=1)
    Head.objects.filter(pk=1).update(sequence=models.F("sequence") + 1)
    return Head.objects.get(pk=1)


def entry_hash(entry: Entry) -> str:
    """The hash of an entry: of everything it says and of the hash before it."""
    return sha256(
        canonical(
            [
                entry.sequence,
                entry.at,
                entry.actor,
                entry.action,
                entry.about_type,
                entry.about_id,
                entry.data,
                entry.previous_hash,
            ]
        )
    )


def _entry(sequence: int, by: object, about: models.Model, told: Told, previous: str) -> Entry:
    action, data = told
    entry = Entry(
        sequence=sequence,
        at=clock.now(),
        actor=str(by or "system"),
        action=action,
        about_type=about._meta.label_lower,
        about_id=str(about.pk),
        data=canonical(data),
        previous_hash=previous,
    )
    entry.hash = entry_hash(entry)
    return entry


def record_many(
    told: Iterable[tuple[str, models.Model, Mapping[str, Any]]], *, by: object
) -> list[Entry]:
    """Append one entry for each (action, about, data), in the transaction of the change.

    The chain's end is locked once, and the entries are stored in a few statements.

    Raises:
        TransactionManagementError: outside a transaction, where a change could stay without
            its entry.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("record() belongs in the change's transaction")
    head = _take_head()
    # Taking the head counted one entry already.
    number, previous = head.sequence - 1, head.hash or FIRST
    entries: list[Entry] = []
    for action, about, data in told:
        number += 1
        entries.append(_entry(number, by, about, (action, data), previous))
        previous = entries[-1].hash
    Entry.objects.bulk_create(entries, batch_size=BATCH)
    end = {"sequence": number, "hash": previous if number else ""}
    if any(entry.action not in UNSEEN_ELSEWHERE for entry in entries):
        end["last_change"] = number
    Head.objects.filter(pk=1).update(**end)
    return entries


def record(action: str, *, by: object, about: models.Model, **data: Any) -> Entry:
    """Append one entry, in the transaction of the change it tells of.

    Raises:
        TransactionManagementError: outside a transaction, as record_many.
    """
    return record_many([(action, about, data)], by=by)[0]


def head_hash() -> str:
    """The hash of the last entry, empty when nothing is logged yet."""
    return Head.objects.filter(pk=1).values_list("hash", flat=True).first() or ""


def faults() -> Iterator[str]:
    """What is wrong with the chain, first fault first; nothing when it is whole."""
    previous, number = FIRST, 0
    for entry in Entry.objects.order_by("sequence").iterator(chunk_size=2_000):
        number += 1
        if entry.sequence != number:
            yield f"entry {number} is missing"
            return
        if entry.previous_hash != previous or entry.hash != entry_hash(entry):
            yield f"entry {number} was changed"
            return
        previous = entry.hash
    if head_hash() != (previous if number else ""):
        yield f"entries after {number} were cut off"
