"""The log: one chain, written with the change, found broken wherever it is broken."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from accounts.models import Institution
from audit.models import Entry, Head
from audit.services import faults, head_hash, record
from common import clock
from tests import factory

pytestmark = pytest.mark.django_db


@pytest.fixture
def about() -> Institution:
    return factory.make_institution("MM")


def write(about: Institution, count: int) -> list[Entry]:
    with transaction.atomic():
        return [record("thing.done", by="a@example.org", about=about, n=n) for n in range(count)]


def test_an_entry_says_who_did_what_to_which_object_when(about: Institution) -> None:
    with clock.at(datetime(2026, 3, 1, 12, tzinfo=UTC)), transaction.atomic():
        entry = record("thing.done", by="a@example.org", about=about, amount=Decimal("12.70"))
    entry.refresh_from_db()
    assert (entry.sequence, entry.actor, entry.action) == (1, "a@example.org", "thing.done")
    assert (entry.about_type, entry.about_id) == ("accounts.institution", str(about.pk))
    assert entry.at == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert json.loads(entry.data) == {"amount": "12.7"}


def test_nobody_is_the_system(about: Institution) -> None:
    with transaction.atomic():
        assert record("thing.done", by=None, about=about).actor == "system"


def test_each_entry_carries_the_hash_of_the_one_before(about: Institution) -> None:
    first, second, third = write(about, 3)
    assert first.previous_hash == "0" * 64
    assert (second.previous_hash, third.previous_hash) == (first.hash, second.hash)
    assert head_hash() == third.hash
    assert list(faults()) == []


def test_an_empty_log_is_whole(db: None) -> None:
    assert (head_hash(), list(faults())) == ("", [])


@pytest.mark.django_db(transaction=True)
def test_nothing_is_logged_outside_the_changes_transaction(about: Institution) -> None:
    with pytest.raises(TransactionManagementError):
        record("thing.done", by="a@example.org", about=about)
    assert not Entry.objects.exists()


def test_an_entry_goes_with_its_change(about: Institution) -> None:
    with transaction.atomic():
        record("thing.done", by="a@example.org", about=about)
        transaction.set_rollback(True)
    assert not Entry.objects.exists()
    write(about, 2)
    assert list(faults()) == []


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "b@example.org"},
        {"action": "thing.undone"},
        {"about_id": "99"},
        {"about_type": "accounts.user"},
        {"data": '{"n":7}'},
        {"at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"hash": "f" * 64},
        {"previous_hash": "e" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
@pytest.mark.parametrize("number", [1, 3, 5])
def test_an_edit_of_any_field_of_any_entry_is_found(
    about: Institution, change: dict[str, object], number: int
) -> None:
    write(about, 5)
    Entry.objects.filter(sequence=number).update(**change)
    assert list(faults()) == [f"entry {number} was changed"]


@pytest.mark.parametrize("number", [1, 3])
def test_a_removed_entry_is_found(about: Institution, number: int) -> None:
    write(about, 5)
    Entry.objects.filter(sequence=number).delete()
    assert list(faults()) == [f"entry {number} is missing"]


@pytest.mark.parametrize("left", [1, 4])
def test_a_cut_tail_is_found_while_the_head_stands(about: Institution, left: int) -> None:
    write(about, 5)
    Entry.objects.filter(sequence__gt=left).delete()
    assert list(faults()) == [f"entries after {left} were cut off"]


def test_there_is_one_head(about: Institution) -> None:
    from django.db import IntegrityError

    write(about, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Head.objects.create(pk=2)
