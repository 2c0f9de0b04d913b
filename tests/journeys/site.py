"""The demonstration as `make run` makes and serves it, on a database and a folder of its own."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.races import server

PASSWORD = "demo-1325"
PATIENCE = 300
"""Seconds that a busy machine may take to make the demonstration."""


@dataclass(frozen=True)
class Site:
    """Where it is served, and how to ask its database."""

    address: str
    environment: dict[str, str]

    def ask(self, code: str) -> Any:
        """What a few lines of Python leave in `answer`, run in the project beside the server."""
        told = f"import json\n{code}\nprint(json.dumps(answer, default=str))"
        printed = server.run(self.environment, "manage.py", "shell", "-v", "0", "-c", told)
        return json.loads(printed.strip().splitlines()[-1])


def _is_ready(port: int) -> bool:
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as http:
            http.request("GET", "/healthz")
            return http.getresponse().status == 200
    except OSError:
        return False


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while not _is_ready(port):
        assert process.poll() is None, f"the server ended:\n{log.read_text()}"
        assert time.monotonic() < until, f"the server does not answer:\n{log.read_text()}"
        time.sleep(0.1)


@contextmanager
def serving(folder: Path) -> Iterator[Site]:
    """Start from an empty database, wait until it answers, end it by its own process id."""
    with server.database(folder) as address:
        port = server.free_port()
        environment = server.environment(folder, address)
        environment |= {"DEMO": "1", "PORT": str(port), "ENV_FILE": "/dev/null"}
        log = folder / "server.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "tools.run_demo"],
                cwd=server.ROOT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            try:
                _wait(port, process, log)
                yield Site(f"http://127.0.0.1:{port}", environment)
            finally:
                process.terminate()
                process.wait(timeout=30)
