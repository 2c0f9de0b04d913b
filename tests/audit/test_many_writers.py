"""Many who write at the same moment make one chain, whatever of theirs is taken back."""

import json
from pathlib import Path

import pytest

from tests.races import server

WRITERS, ENTRIES = 4, 20
WRITING = f"""
import django; django.setup()
import json
from threading import Barrier, Thread
from django.core.management import call_command
from django.db import connection, transaction
from audit.models import Entry, Head
from audit.services import faults, head_hash, record

call_command("migrate", "audit", verbosity=0)
start, failed = Barrier({WRITERS}), []

def write(writer):
    start.wait()
    try:
        for number in range({ENTRIES}):
            with transaction.atomic():
                record("thing.done", by=f"writer{{writer}}", about=Head(pk=writer + 1), n=number)
                if number % 5 == 4:
                    transaction.set_rollback(True)
    except Exception as error:
        failed.append(repr(error))
    finally:
        connection.close()

threads = [Thread(target=write, args=[writer]) for writer in range({WRITERS})]
for thread in threads: thread.start()
for thread in threads: thread.join()
entries = list(Entry.objects.order_by("sequence").values_list("sequence", "actor", "data"))
whole = list(faults())
last = Entry.objects.order_by("-sequence").first()
print(json.dumps([failed, whole, head_hash() == last.hash, entries]))
"""


@pytest.mark.django_db
def test_four_writers_at_once_make_one_chain_without_gaps(tmp_path: Path) -> None:
    with server.database(tmp_path) as address:
        told = server.run(server.environment(tmp_path, address), "-c", WRITING)
    failed, faults, head_is_last, entries = json.loads(told)
    assert (failed, faults, head_is_last) == ([], [], True)
    kept = [n for n in range(ENTRIES) if n % 5 != 4]
    assert [sequence for sequence, _by, _data in entries] == [*range(1, WRITERS * len(kept) + 1)]
    for writer in range(WRITERS):
        mine = [json.loads(data)["n"] for _sequence, by, data in entries if by == f"writer{writer}"]
        assert mine == kept
