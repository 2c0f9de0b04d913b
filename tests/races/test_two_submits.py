"""Two people submit one report at the same moment, a hundred times, through a real server."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from threading import Barrier
from urllib.parse import urlencode

import pytest

from tests.races import server

PAIRS = 100
TOKEN = "t" * 32


def post(port: int, session: str, report: int, version: int, key: str) -> int:
    """Submit as this session's person, with the version both saw; the answer's status."""
    fields = {"csrfmiddlewaretoken": TOKEN, "version": version, "key": key, "reason": ""}
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
    }
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as http:
        http.request("POST", f"/reports/{report}/decide/submit/", urlencode(fields), headers)
        return http.getresponse().status


def race(port: int, world: dict[str, list[list[int]]]) -> Counter[tuple[int, ...]]:
    """How often each pair of answers came."""
    found: Counter[tuple[int, ...]] = Counter()
    with ThreadPoolExecutor(2) as pool:
        for report, version in world["reports"]:
            start = Barrier(2)

            def go(number: int, at: Barrier = start, pk: int = report, seen: int = version) -> int:
                at.wait()
                return post(port, world["sessions"][number], pk, seen, f"{pk}-{number}")

            found[tuple(sorted(pool.map(go, range(2))))] += 1
    return found


COUNT = """
import django; django.setup()
from collections import Counter
from reports.models import Revision
from audit.models import Entry
from audit.services import faults
submits = Entry.objects.filter(action="report.submit")
print(sorted(Counter(Counter(e.about_id for e in submits).values()).items()),
      Revision.objects.count(), list(faults()))
"""


@pytest.mark.django_db
def test_a_report_submitted_twice_at_once_is_accepted_once(tmp_path: Path) -> None:
    with server.database(tmp_path) as address:
        env = server.environment(tmp_path, address)
        server.run(env, "manage.py", "migrate", "--verbosity", "0")
        world = json.loads(server.run(env, "-m", "tests.races.seed", str(PAIRS)))
        with server.serving(env, "nap_monitor.wsgi") as port:
            answers = race(port, world)
        assert answers == {(302, 409): PAIRS}
        assert server.run(env, "-c", COUNT).strip() == f"[(1, {PAIRS})] {PAIRS} []"


@pytest.mark.django_db
def test_without_the_guard_the_same_race_is_lost(tmp_path: Path) -> None:
    """The control: it shows that the race above can see a missing guard."""
    with server.database(tmp_path) as address:
        env = server.environment(tmp_path, address)
        server.run(env, "manage.py", "migrate", "--verbosity", "0")
        world = json.loads(server.run(env, "-m", "tests.races.seed", "40"))
        with server.serving(env, "tests.races.unguarded") as port:
            answers = race(port, world)
        assert answers != {(302, 409): 40}
