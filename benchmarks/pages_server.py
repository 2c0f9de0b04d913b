"""One installation to measure: a database of its own, and gunicorn with two sync workers."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

WORKERS = 2
EMPTY = "/benchmark/empty/"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Site:
    """Where it lies and where it listens."""

    name: str
    database: str
    folder: Path
    port: int

    @property
    def static(self) -> Path:
        """Static files, which all sites of a run share."""
        return self.folder.parent / "static"

    def environment(self) -> dict[str, str]:
        """A production, as it is deployed; the static files are collected once for all."""
        self.folder.mkdir(exist_ok=True)
        if not (self.folder / "static").is_symlink():
            (self.folder / "static").symlink_to(self.static)
            self.static.mkdir(exist_ok=True)
        return {
            **os.environ,
            "ENVIRONMENT": "production",
            "SECRET_KEY": _key(self.folder),
            "ALLOWED_HOSTS": "127.0.0.1",
            "SSL_REDIRECT": "0",
            "DATABASE_URL": self.database,
            "VAR_DIR": str(self.folder),
            "ENV_FILE": os.devnull,
            "DEMO": "0",
            "DEBUG": "0",
            "DJANGO_SETTINGS_MODULE": "nap_monitor.settings",
        }

    def run(self, *command: str) -> str:
        """Run a command of the project here, and give back what it printed."""
        done = subprocess.run(  # noqa: S603 -- the project's own
            [sys.executable, *command],
            env=self.environment(),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout

    def manage(self, *command: str) -> str:
        return self.run("manage.py", *command)


def _key(folder: Path) -> str:
    path = folder / "bench.key"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


@dataclass(frozen=True)
class Server:
    """A running gunicorn."""

    site: Site
    process: int

    def cpu(self) -> float:
        """CPU seconds its workers have used."""
        children = Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()
        return sum(_cpu(Path(f"/proc/{pid}/stat")) for pid in children)


def _cpu(path: Path) -> float:
    """User and system time of a process, in seconds; its name, in brackets, may hold spaces."""
    fields = path.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", EMPTY)
            connection.getresponse().read()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit(f"Nothing answers on port {port}.")


@contextmanager
def serving(site: Site) -> Iterator[Server]:
    """The site while it is served on its port, on this machine alone."""
    command = [sys.executable, "-m", "gunicorn", "benchmarks.pages_wsgi:application"]
    options = ["--workers", str(WORKERS), "--bind", f"127.0.0.1:{site.port}"]
    quiet = ["--log-level", "warning", "--no-control-socket", "--timeout", "300"]
    process = subprocess.Popen([*command, *options, *quiet], env=site.environment())  # noqa: S603
    try:
        _wait(site.port)
        yield Server(site, process.pid)
    finally:
        process.terminate()
        process.wait()
