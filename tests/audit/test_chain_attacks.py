"""Somebody with a way into the database: what the chain shows, and what only a noted hash shows."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.models import Institution
from audit.models import Entry, Head
from audit.services import entry_hash, faults, head_hash, record
from common import clock
from common.canonical import sha256
from indicators.choices import Status
from tests import factory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SIZE = 25
FORGED: dict[str, object] = {
    "actor": "somebody.else@example.org",
    "action": "report.validate",
    "about_type": "accounts.user",
    "about_id": "999999",
    "data": '{"n":-1}',
    "at": NOON - timedelta(days=400),
    "hash": "f" * 64,
    "previous_hash": "e" * 64,
}
NEARLY: dict[str, Callable[[Entry], object]] = {
    "actor": lambda entry: entry.actor + " ",
    "action": lambda entry: entry.action.upper(),
    "about_type": lambda entry: entry.about_type + "x",
    "about_id": lambda entry: f"0{entry.about_id}",
    "data": lambda entry: entry.data.replace(":", ": "),
    "at": lambda entry: entry.at + timedelta(microseconds=1),
    "hash": lambda entry: entry.hash.upper() if entry.hash.upper() != entry.hash else "0" * 64,
    "previous_hash": lambda entry: entry.previous_hash[:-1] + "g",
}


@pytest.fixture
def log() -> list[Entry]:
    """A log of twenty-five entries about one institution, a minute apart."""
    about, entries = factory.make_institution("MM"), []
    with transaction.atomic():
        for number in range(SIZE):
            with clock.at(NOON + timedelta(minutes=number)):
                by = f"person{number}@example.org"
                entries.append(record("thing.done", by=by, about=about, n=number))
    return entries


def found_after(change: Callable[[], object]) -> list[str]:
    """What the check says after a change, which is then taken back."""
    with transaction.atomic():
        change()
        found = list(faults())
        transaction.set_rollback(True)
    return found


def test_two_hundred_edits_of_one_column_are_all_found_at_their_entry(log: list[Entry]) -> None:
    tried = 0
    for entry in log:
        for column, value in FORGED.items():
            rows = Entry.objects.filter(pk=entry.pk)
            found = found_after(partial(rows.update, **{column: value}))
            assert found == [f"entry {entry.sequence} was changed"], (entry.sequence, column)
            tried += 1
    assert tried == 200
    assert list(faults()) == []


@pytest.mark.parametrize("column", NEARLY)
def test_an_edit_of_one_letter_is_found(log: list[Entry], column: str) -> None:
    entry = log[12]
    change = {column: NEARLY[column](entry)}
    assert found_after(lambda: Entry.objects.filter(pk=entry.pk).update(**change)) == [
        "entry 13 was changed"
    ]


@pytest.mark.parametrize("number", [1, 13, 25])
def test_an_entry_moved_to_another_place_is_found(log: list[Entry], number: int) -> None:
    rows = Entry.objects.filter(sequence=number)
    assert found_after(lambda: rows.update(sequence=900)) == [f"entry {number} is missing"]


def test_two_entries_that_changed_places_are_found(log: list[Entry]) -> None:
    def swap() -> None:
        Entry.objects.filter(sequence=7).update(sequence=900)
        Entry.objects.filter(sequence=8).update(sequence=7)
        Entry.objects.filter(sequence=900).update(sequence=8)

    assert found_after(swap) == ["entry 7 was changed"]


def test_entries_counted_anew_after_one_was_removed_are_found(log: list[Entry]) -> None:
    def remove() -> None:
        Entry.objects.filter(sequence=7).delete()
        for entry in Entry.objects.filter(sequence__gt=7).order_by("sequence"):
            Entry.objects.filter(pk=entry.pk).update(sequence=F("sequence") - 1)

    assert found_after(remove) == ["entry 7 was changed"]


def test_an_entry_put_between_two_is_found(log: list[Entry]) -> None:
    def insert() -> None:
        for entry in Entry.objects.filter(sequence__gt=7).order_by("-sequence"):
            Entry.objects.filter(pk=entry.pk).update(sequence=F("sequence") + 1)
        forged = Entry(sequence=8, at=NOON, actor="x", action="y", about_type="z", about_id="1")
        forged.data, forged.previous_hash = "{}", "a" * 64
        forged.hash = entry_hash(forged)
        forged.save()

    assert found_after(insert) == ["entry 8 was changed"]


def test_an_entry_added_behind_the_last_one_is_found(log: list[Entry]) -> None:
    def add() -> None:
        forged = Entry(sequence=26, at=NOON, actor="x", action="y", about_type="z", about_id="1")
        forged.data, forged.previous_hash = "{}", log[-1].hash
        forged.hash = entry_hash(forged)
        forged.save()

    assert found_after(add) == ["entries after 26 were cut off"]


def test_an_edit_with_its_own_hash_made_anew_is_found_at_the_next_entry(log: list[Entry]) -> None:
    def forge() -> None:
        entry = Entry.objects.get(sequence=7)
        entry.actor = "somebody.else@example.org"
        entry.hash = entry_hash(entry)
        entry.save()

    assert found_after(forge) == ["entry 8 was changed"]


def test_the_last_entry_with_its_hash_made_anew_is_found_by_the_head(log: list[Entry]) -> None:
    def forge() -> None:
        entry = Entry.objects.get(sequence=SIZE)
        entry.data = "{}"
        entry.hash = entry_hash(entry)
        entry.save()

    assert found_after(forge) == ["entries after 25 were cut off"]


def rewrite(first: int) -> None:
    """Everything from an entry on made anew, with the head: what an administrator could do."""
    previous = Entry.objects.get(sequence=first - 1).hash if first > 1 else "0" * 64
    # From the end: two entries must not carry one hash at any moment.
    Entry.objects.filter(sequence__gte=first).update(actor="forged@example.org")
    for entry in Entry.objects.filter(sequence__gte=first).order_by("sequence"):
        entry.previous_hash = previous
        entry.hash = previous = entry_hash(entry)
        entry.save()
    Head.objects.update(hash=previous)


@pytest.mark.parametrize("first", [1, 7, 25])
def test_a_chain_written_anew_is_whole_but_its_head_is_not_the_one_noted(
    log: list[Entry], first: int
) -> None:
    noted = head_hash()
    rewrite(first)
    assert list(faults()) == []
    assert head_hash() != noted
    assert not Entry.objects.filter(hash=noted).exists()


def test_every_cut_tail_is_found_by_the_head_and_with_the_head_by_the_hash_noted(
    log: list[Entry],
) -> None:
    noted = head_hash()
    for left in range(SIZE):
        with transaction.atomic():
            Entry.objects.filter(sequence__gt=left).delete()
            assert list(faults()) == [f"entries after {left} were cut off"]
            Head.objects.update(sequence=left, hash=log[left - 1].hash if left else "")
            assert list(faults()) == []
            assert not Entry.objects.filter(hash=noted).exists()
            transaction.set_rollback(True)
    assert (head_hash(), list(faults())) == (noted, [])


def test_a_log_without_its_head_is_not_whole(log: list[Entry]) -> None:
    Head.objects.all().delete()
    assert list(faults()) == ["entries after 25 were cut off"]


def test_only_the_first_fault_is_told(log: list[Entry]) -> None:
    Entry.objects.filter(sequence__in=[3, 9, 20]).update(actor="x")
    assert list(faults()) == ["entry 3 was changed"]


def test_reading_and_saving_an_entry_unchanged_is_no_false_alarm(log: list[Entry]) -> None:
    for entry in Entry.objects.order_by("-sequence"):
        entry.save()
    assert list(faults()) == []


def test_the_chain_goes_on_where_it_ended(log: list[Entry]) -> None:
    with transaction.atomic():
        entry = record("thing.done", by="x@example.org", about=Institution.objects.get())
    assert (entry.sequence, entry.previous_hash) == (26, log[-1].hash)
    assert (Head.objects.get().sequence, head_hash()) == (26, entry.hash)
    assert list(faults()) == []


def test_two_entries_cannot_have_one_number_or_one_hash(log: list[Entry]) -> None:
    for column in ("sequence", "hash", "previous_hash"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Entry.objects.filter(sequence=7).update(**{column: getattr(log[7], column)})


@pytest.mark.parametrize(
    ("data", "stored"),
    [
        ({}, "{}"),
        ({"amount": Decimal("12.7000")}, '{"amount":"12.7"}'),
        ({"amount": Decimal("0.0")}, '{"amount":"0"}'),
        ({"text": "Çështje \u2028 😀"}, '{"text":"Çështje \u2028 😀"}'),
        ({"status": Status.MET}, '{"status":"met"}'),
        ({"at": NOON}, '{"at":"2026-03-01T12:00:00.000000+00:00"}'),
        ({"on": NOON.date()}, '{"on":"2026-03-01"}'),
        ({"b": 1, "a": {"d": None, "c": [True, 0]}}, '{"a":{"c":[true,0],"d":null},"b":1}'),
        ({"was": "<b>", "now": "'; DROP TABLE"}, '{"now":"\'; DROP TABLE","was":"<b>"}'),
    ],
)
def test_what_is_told_is_kept_in_its_one_form(data: dict[str, object], stored: str) -> None:
    about = factory.make_institution("MM")
    with transaction.atomic():
        record("thing.done", by="x@example.org", about=about, **data)
    entry = Entry.objects.get()
    assert entry.data == stored
    assert json.loads(entry.data) == json.loads(stored)
    assert list(faults()) == []


@pytest.mark.parametrize("value", [object(), Decimal("NaN"), {1, 2}, b"x", datetime(2026, 3, 1)])
def test_what_has_no_one_form_is_not_logged_and_takes_no_number(value: object) -> None:
    about = factory.make_institution("MM")
    with pytest.raises(TypeError), transaction.atomic():
        record("thing.done", by="x@example.org", about=about, value=value)
    with transaction.atomic():
        assert record("thing.done", by="x@example.org", about=about).sequence == 1


def test_the_hash_is_of_everything_an_entry_says() -> None:
    about = factory.make_institution("MM")
    with clock.at(NOON), transaction.atomic():
        entry = record("thing.done", by="x@example.org", about=about, n=1)
    said = (
        f'[1,"2026-03-01T12:00:00.000000+00:00","x@example.org","thing.done",'
        f'"accounts.institution","{about.pk}","{{\\"n\\":1}}","{"0" * 64}"]'
    )
    assert entry.hash == sha256(said)


def test_an_entry_names_itself(log: list[Entry]) -> None:
    assert str(log[0]) == f"1 thing.done accounts.institution {log[0].about_id}"
    assert str(Head.objects.get()) == f"25 {log[-1].hash}"


@pytest.mark.parametrize(
    ("by", "actor"),
    [(None, "system"), ("", "system"), ("x@example.org", "x@example.org"), (7, "7")],
)
def test_the_actor_is_kept_as_a_text(by: object, actor: str) -> None:
    about = factory.make_institution("MM")
    with transaction.atomic():
        assert record("thing.done", by=by, about=about).actor == actor


def test_the_log_outlives_the_person_and_the_thing() -> None:
    about = factory.make_institution("MM")
    person = factory.make_user("arta@example.org")
    with transaction.atomic():
        record("thing.done", by=person.email, about=about)
    number = str(about.pk)
    about.delete()
    person.delete()
    entry = Entry.objects.get()
    assert (entry.actor, entry.about_id) == ("arta@example.org", number)
    assert list(faults()) == []
