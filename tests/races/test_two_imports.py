"""Two people store tables for the same places at once: both go in, and one figure is in force."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.races import server

ROUNDS = 25
BEGIN = 6.0
"""Seconds until both processes have started."""
SCRIPT = ("-m", "tests.races.imports")


@pytest.fixture
def env(tmp_path: Path, db: None) -> Iterator[dict[str, str]]:
    with server.database(tmp_path) as address:
        found = server.environment(tmp_path, address)
        server.run(found, "manage.py", "migrate", "--verbosity", "0")
        server.run(found, *SCRIPT, "seed", str(ROUNDS))
        yield found


def both(env: dict[str, str], *more: str) -> tuple[int, dict[str, Any]]:
    """How often the database refused one of the two, and what there is afterwards."""
    start = str(time.time() + BEGIN)

    def run(turn: int) -> int:
        return int(server.run(env, *SCRIPT, "store", str(turn), start, *more))

    with ThreadPoolExecutor(2) as pool:
        refused = sum(pool.map(run, range(2)))
    return refused, json.loads(server.run(env, *SCRIPT, "counts"))


def test_both_tables_go_in_and_the_later_replaces_the_earlier(env: dict[str, str]) -> None:
    refused, found = both(env)
    assert refused == 0
    assert found == {
        "stored": 2 * ROUNDS,
        "in_force": ROUNDS,
        "replaced": ROUNDS,
        "faults": [],
    }


def test_without_the_guard_the_database_refuses_the_second(env: dict[str, str]) -> None:
    """The control. SQLite lets one transaction write at a time, so there it guards by itself."""
    refused, found = both(env, "unguarded")
    assert (refused > 0) is (connection.vendor == "postgresql")
    assert (found["in_force"], found["faults"]) == (ROUNDS, [])
