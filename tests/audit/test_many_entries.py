"""Many entries at once are the same chain as one after the other."""

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from audit.models import Entry, Head
from audit.services import faults, head_hash, record, record_many
from tests.conftest import World


def told(world: World, number: int) -> list:
    return [("cell.imported", world.report, {"cell": f"c{n}"}) for n in range(number)]


def test_many_entries_stand_in_their_order_and_the_chain_is_whole(world: World) -> None:
    before = Entry.objects.count()
    with transaction.atomic():
        record("first", by="a@example.org", about=world.report)
        entries = record_many(told(world, 1_200), by="b@example.org")
        record("last", by="a@example.org", about=world.report)
    assert Entry.objects.count() == before + 1_202
    assert [e.sequence for e in entries] == list(range(before + 2, before + 1_202))
    assert {e.actor for e in entries} == {"b@example.org"}
    assert list(faults()) == []
    assert head_hash() == Entry.objects.last().hash


def test_the_hashes_are_those_of_single_entries(world: World) -> None:
    with transaction.atomic():
        one = record_many(told(world, 1), by="a@example.org")[0]
    stored = Entry.objects.get(sequence=one.sequence)
    assert (stored.hash, stored.data) == (one.hash, '{"cell":"c0"}')


def test_nothing_told_is_nothing_logged_and_the_head_stays(world: World) -> None:
    before = Head.objects.get(pk=1)
    with transaction.atomic():
        assert record_many([], by="a@example.org") == []
    after = Head.objects.get(pk=1)
    assert (after.sequence, after.hash) == (before.sequence, before.hash)
    assert list(faults()) == []


def test_a_change_to_one_of_many_is_found(world: World) -> None:
    with transaction.atomic():
        entries = record_many(told(world, 20), by="a@example.org")
    Entry.objects.filter(sequence=entries[10].sequence).update(data='{"cell":"other"}')
    assert list(faults()) == [f"entry {entries[10].sequence} was changed"]


def test_a_thousand_entries_take_a_few_statements(world: World) -> None:
    with transaction.atomic(), CaptureQueriesContext(connection) as few:
        record_many(told(world, 10), by="a@example.org")
    with transaction.atomic(), CaptureQueriesContext(connection) as many:
        record_many(told(world, 1_000), by="a@example.org")
    # A statement holds up to 500 entries, on SQLite fewer.
    assert len(few) == 5
    assert len(many) <= len(few) + 15


@pytest.mark.django_db(transaction=True)
def test_many_entries_outside_a_transaction_are_refused() -> None:
    with pytest.raises(TransactionManagementError):
        record_many([], by="a@example.org")
    assert Entry.objects.count() == 0
