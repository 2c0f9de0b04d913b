"""Writing to the chain and proving it."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, models, transaction

from audit.models import Entry, Head
from common import clock
from common.canonical import canonical, sha256


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


def record(action: str, *, by: object, about: models.Model, **data: Any) -> Entry:
    """Append one entry, in the transaction of the change it tells of.

    Raises:
        TransactionManagementError: outside a transaction, where a change could stay without
            its entry.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("record() belongs in the change's transaction")
    head = _take_head()
    entry = Entry(
        sequence=head.sequence,
        at=clock.now(),
        actor=str(by or "system"),
        action=action,
        about_type=about._meta.label_lower,
        about_id=str(about.pk),
        data=canonical(data),
        previous_hash=head.hash or "0" * 64,
    )
    entry.hash = entry_hash(entry)
    entry.save(force_insert=True)
    Head.objects.filter(pk=1).update(hash=entry.hash)
    return entry


def head_hash() -> str:
    """The hash of the last entry, empty when nothing is logged yet."""
    return Head.objects.filter(pk=1).values_list("hash", flat=True).first() or ""


def faults() -> Iterator[str]:
    """What is wrong with the chain, first fault first; nothing when it is whole."""
    previous, number = "0" * 64, 0
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
