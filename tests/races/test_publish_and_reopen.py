"""A quarter is published while one of its reports is re-opened: one of both, and no deadlock."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.races import server

ROUNDS = 5
BEGIN = 5.0
"""Seconds until both processes have started."""
SCRIPT = ("-m", "tests.races.publishing")
PUBLISHED, REOPENED = ("done", "Conflict"), ("Outdated", "done")
DEADLOCK = "OperationalError"


@pytest.fixture
def env(tmp_path: Path, db: None) -> Iterator[dict[str, str]]:
    with server.database(tmp_path) as address:
        found = server.environment(tmp_path, address)
        server.run(found, "manage.py", "migrate", "--verbosity", "0")
        server.run(found, *SCRIPT, "seed", str(ROUNDS))
        yield found


def asked(env: dict[str, str], *words: str) -> Any:
    return json.loads(server.run(env, *SCRIPT, *words))


def both(env: dict[str, str], *more: str) -> list[tuple[str, str]]:
    """For each round what became of the publication and of the re-opening."""
    start = str(time.time() + BEGIN)
    with ThreadPoolExecutor(2) as pool:
        publishing = pool.submit(asked, env, "publish", start, *more)
        reopening = pool.submit(asked, env, "reopen", start)
        return list(zip(publishing.result(), reopening.result(), strict=True))


def test_one_of_both_wins_and_the_other_is_told(env: dict[str, str]) -> None:
    found = both(env)
    assert len(found) == ROUNDS
    assert set(found) <= {PUBLISHED, REOPENED}
    assert asked(env, "faults") == []


def test_without_the_order_of_locks_they_wait_for_each_other(env: dict[str, str]) -> None:
    """The control. SQLite lets one transaction write at a time, so there it guards by itself."""
    found = [told for pair in both(env, "unguarded") for told in pair]
    assert len(found) == 2 * ROUNDS
    assert (DEADLOCK in found) is (connection.vendor == "postgresql")
    assert asked(env, "faults") == []
