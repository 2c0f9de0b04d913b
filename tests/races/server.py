"""A real server on a database of its own, started and ended by the test that needs it."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import psycopg
from django.db import connection
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _postgres_database() -> Iterator[str]:
    """A new database beside the tests' own, by address; dropped at the end."""
    settings = connection.settings_dict
    name = f"races_{secrets.token_hex(6)}"
    given = {"user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    access = {key: settings[setting] for key, setting in given.items() if settings[setting]}
    with psycopg.connect(dbname="postgres", autocommit=True, **access) as maintenance:
        maintenance.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield os.environ["DATABASE_URL"].rpartition("/")[0] + "/" + name
        maintenance.execute(sql.SQL("DROP DATABASE {} (FORCE)").format(sql.Identifier(name)))


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """The address of an empty database of the kind these tests run on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder / 'races.sqlite3'}"
    else:
        with _postgres_database() as address:
            yield address


def environment(folder: Path, address: str) -> dict[str, str]:
    postgres = {name: value for name, value in os.environ.items() if name.startswith("PG")}
    return {
        **postgres,
        "PATH": os.environ["PATH"],
        "DATABASE_URL": address,
        "VAR_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "nap_monitor.settings",
        "PYTHONPATH": str(ROOT),
    }


def run(env: dict[str, str], *arguments: str) -> str:
    """Run Python with these arguments to its end and give back what it printed."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended"
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as http:
                http.request("GET", "/healthz")
                if http.getresponse().status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


@contextmanager
def serving(env: dict[str, str], application: str) -> Iterator[int]:
    """Gunicorn with two workers of four threads; gives its port and ends it afterwards."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "2", "--threads", "4", "--log-level", "error"]
    process = subprocess.Popen([*command, "--no-control-socket"], cwd=ROOT, env=env)
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)
