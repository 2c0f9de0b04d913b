"""Two requests ask for the same file at once, and two workers take the same job at once."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.races import server

ROUNDS = 40
BEGIN = 4.0
"""Seconds until both processes have started."""


@pytest.fixture
def env(tmp_path: Path, db: None) -> Iterator[dict[str, str]]:
    """A database with one plan in it, and files of its own; nothing is made before it is told."""
    with server.database(tmp_path) as address:
        found = server.environment(tmp_path, address) | {"BACKGROUND_WORKER": "1"}
        server.run(found, "manage.py", "migrate", "--verbosity", "0")
        server.run(found, "-m", "tests.races.exports", "seed")
        yield found


def both(env: dict[str, str], what: str, *more: str) -> dict[str, Any]:
    """Two processes that do the same at the same time; what there is afterwards."""
    start = str(time.time() + BEGIN)
    words = [what, *(word if word != "START" else start for word in more)]

    def run(_number: int) -> str:
        return server.run(env, "-m", "tests.races.exports", *words)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, range(2)))
    return json.loads(server.run(env, "-m", "tests.races.exports", "counts"))


def test_what_two_ask_at_once_is_one_job_and_two_workers_make_it_once(
    env: dict[str, str],
) -> None:
    found = both(env, "ask", str(ROUNDS), "START")
    assert found == {
        "jobs": ROUNDS,
        "done": 0,
        "asked": ROUNDS,
        "made": 0,
        "files": 0,
        "faults": [],
    }
    found = both(env, "make", "START")
    assert found == {
        "jobs": ROUNDS,
        "done": ROUNDS,
        "asked": ROUNDS,
        "made": ROUNDS,
        "files": ROUNDS,
        "faults": [],
    }


def test_without_the_guard_two_workers_make_the_same(env: dict[str, str]) -> None:
    """The control: it shows that the race above can see a missing guard."""
    server.run(env, "-m", "tests.races.exports", "ask", "5", str(time.time()))
    start = str(time.time() + BEGIN)

    def run(_number: int) -> None:
        words = ("-m", "tests.races.exports", "make", start, "unguarded")
        try:
            server.run(env, *words)
        except AssertionError:
            return  # the slower one finds its half taken away

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, range(2)))
    found = json.loads(server.run(env, "-m", "tests.races.exports", "counts"))
    assert found["made"] > 5
