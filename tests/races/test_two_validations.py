"""Two reports of one indicator are validated at once: its assessment counts both."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.races import server

ROUNDS = 20
BEGIN = 6.0
"""Seconds until both processes have started."""
SCRIPT = ("-m", "tests.races.validating")


@pytest.fixture
def env(tmp_path: Path, db: None) -> Iterator[dict[str, str]]:
    with server.database(tmp_path) as address:
        found = server.environment(tmp_path, address)
        server.run(found, "manage.py", "migrate", "--verbosity", "0")
        server.run(found, *SCRIPT, "seed", str(ROUNDS))
        yield found


def both(env: dict[str, str], *more: str) -> dict[str, Any]:
    """What there is after both processes have validated their half of the reports."""
    start = str(time.time() + BEGIN)

    def run(turn: int) -> int:
        return int(server.run(env, *SCRIPT, "validate", str(turn), start, *more))

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(run, range(2))) == [ROUNDS, ROUNDS]
    return dict(json.loads(server.run(env, *SCRIPT, "counts")))


def test_every_assessment_counts_both_reports(env: dict[str, str]) -> None:
    assert both(env) == {"validated": 2 * ROUNDS, "wrong": 0}


def test_without_the_guard_one_of_the_two_is_lost(env: dict[str, str]) -> None:
    """The control. SQLite lets one transaction write at a time, so there it guards by itself."""
    found = both(env, "unguarded")
    assert found["validated"] == 2 * ROUNDS
    assert (found["wrong"] > 0) is (connection.vendor == "postgresql")
