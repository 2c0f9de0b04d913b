"""The settings read in a process of their own, with nothing in the environment but what is said."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.inspection import ROOT

SHOW = """
import json
from nap_monitor import settings
shown = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
print(json.dumps(shown, default=lambda other: type(other).__name__))
"""

PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": "plan.example.org",
    "DATABASE_URL": "postgres://nap:word@db.example.org:5432/nap",
}


def start(var: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    plain = {"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "VAR_DIR": str(var)}
    return subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning", "-c", SHOW],
        cwd=ROOT,
        env=plain | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def settings(var: Path, **environment: str) -> dict[str, Any]:
    done = start(var, **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refusal(var: Path, **environment: str) -> list[str]:
    """The problems named when the settings refuse to load."""
    done = start(var, **environment)
    assert done.returncode != 0
    assert "ImproperlyConfigured" in done.stderr
    return [line[2:] for line in done.stderr.splitlines() if line.startswith("- ")]


def without(*names: str) -> dict[str, str]:
    return {name: value for name, value in PRODUCTION.items() if name not in names}


DEMO_REFUSED = "DEMO is on: demonstration users never exist in production."
DEBUG_REFUSED = "DEBUG is on: it shows internals to everybody."
KEY_REFUSED = "SECRET_KEY is shorter than 50 characters."


def test_a_whole_production_starts(tmp_path: Path) -> None:
    found = settings(tmp_path, **PRODUCTION)
    assert (found["DEBUG"], found["DEMO"]) == (False, False)
    assert found["ALLOWED_HOSTS"] == ["plan.example.org"]
    assert found["SECRET_KEY"] == "k" * 50


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"DEMO": "1"}, DEMO_REFUSED),
        ({"DEBUG": "1"}, DEBUG_REFUSED),
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set."),
        ({"SECRET_KEY": "k" * 49}, KEY_REFUSED),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set."),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set."),
    ],
)
def test_production_refuses_one_thing_wrong_and_names_it(
    tmp_path: Path, changed: dict[str, str], problem: str
) -> None:
    found = refusal(tmp_path, **(PRODUCTION | changed))
    assert problem in found
    assert len(found) == 1


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"])
def test_production_refuses_what_is_not_there_at_all(tmp_path: Path, name: str) -> None:
    assert refusal(tmp_path, **without(name)) == [f"{name} is not set."]


def test_production_names_everything_at_once(tmp_path: Path) -> None:
    bare = {"ENVIRONMENT": "production", "DEMO": "yes", "DEBUG": "true", "SECRET_KEY": "short"}
    assert refusal(tmp_path, **bare) == [
        DEMO_REFUSED,
        DEBUG_REFUSED,
        "ALLOWED_HOSTS is not set.",
        "DATABASE_URL is not set.",
        KEY_REFUSED,
    ]


def test_production_without_a_key_makes_none(tmp_path: Path) -> None:
    refusal(tmp_path, **without("SECRET_KEY"))
    assert list(tmp_path.iterdir()) == []


def test_production_sends_cookies_and_pages_over_https_only(tmp_path: Path) -> None:
    found = settings(tmp_path, **PRODUCTION)
    assert found["SESSION_COOKIE_SECURE"] is True
    assert found["CSRF_COOKIE_SECURE"] is True
    assert found["SECURE_SSL_REDIRECT"] is True
    assert found["SECURE_HSTS_SECONDS"] == 31_536_000
    assert "SECURE_PROXY_SSL_HEADER" not in found


def test_the_proxy_is_believed_only_when_there_is_one(tmp_path: Path) -> None:
    found = settings(tmp_path, **PRODUCTION, BEHIND_PROXY="1")
    assert found["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_development_starts_with_nothing_set(tmp_path: Path) -> None:
    found = settings(tmp_path)
    assert (found["DEBUG"], found["DEMO"], found["PRODUCTION"]) == (False, False, False)
    assert found["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert found["SECURE_SSL_REDIRECT"] is False


def test_development_makes_one_key_for_its_owner_and_keeps_it(tmp_path: Path) -> None:
    first, second = settings(tmp_path), settings(tmp_path)
    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert len(first["SECRET_KEY"]) >= 50
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


def test_development_refuses_to_be_seen_by_others(tmp_path: Path) -> None:
    found = refusal(tmp_path, ALLOWED_HOSTS="localhost,plan.example.org,*")
    assert found == [
        "ALLOWED_HOSTS names plan.example.org: set ENVIRONMENT=production to serve it.",
        "ALLOWED_HOSTS names *: set ENVIRONMENT=production to serve it.",
    ]


def test_sqlite_takes_its_lock_at_once_and_writes_through(tmp_path: Path) -> None:
    database = settings(tmp_path)["DATABASES"]["default"]
    assert database["NAME"] == str(tmp_path / "db.sqlite3")
    assert database["OPTIONS"] == {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }


def test_the_address_decides_the_database(tmp_path: Path) -> None:
    database = settings(tmp_path, **PRODUCTION)["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["NAME"]) == ("db.example.org", "nap")
    assert database["OPTIONS"]["pool"]["max_size"] >= 8


def test_a_file_completes_the_environment_and_never_overrules_it(tmp_path: Path) -> None:
    file = tmp_path / "settings.env"
    file.write_text("TIME_ZONE=Africa/Kinshasa\nDEMO=1\n")
    found = settings(tmp_path, ENV_FILE=str(file), DEMO="0")
    assert (found["TIME_ZONE"], found["DEMO"]) == ("Africa/Kinshasa", False)


def test_the_example_file_names_only_settings_that_are_read() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    named = {line.lstrip("# ").partition("=")[0] for line in lines if "=" in line}
    sources = [ROOT / "nap_monitor" / name for name in ("settings.py", "env.py")]
    text = "".join(path.read_text() for path in sources)
    assert {name for name in named if f'"{name}"' not in text} == set()
    assert named >= {"ENVIRONMENT", *PRODUCTION}


@pytest.mark.parametrize(
    ("environment", "backend"),
    [
        ({}, "django_tasks.backends.immediate.ImmediateBackend"),
        ({"BACKGROUND_WORKER": "0"}, "django_tasks.backends.immediate.ImmediateBackend"),
        ({"BACKGROUND_WORKER": "1"}, "django_tasks_db.DatabaseBackend"),
    ],
    ids=str,
)
def test_large_files_are_made_by_a_worker_where_there_is_one(
    tmp_path: Path, environment: dict[str, str], backend: str
) -> None:
    found = settings(tmp_path, **environment)
    assert found["TASKS"] == {"default": {"BACKEND": backend}}
    assert (found["EXPORT_HOURS"], found["EXPORT_MINUTES"]) == (24, 60)


def test_exports_lie_beside_what_is_served_and_not_in_it(tmp_path: Path) -> None:
    script = SHOW.replace(
        "type(other).__name__", "getattr(other, 'as_posix', str.__name__.upper)()"
    )
    plain = {"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "VAR_DIR": str(tmp_path)}
    more = {"EXPORT_HOURS": "2", "EXPORT_MINUTES": "5"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=plain | more,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert found["EXPORTS_ROOT"] == str(tmp_path / "exports")
    assert found["STATIC_ROOT"] == str(tmp_path / "static")
    assert (found["EXPORT_HOURS"], found["EXPORT_MINUTES"]) == (2, 5)


def test_public_pages_are_kept_in_files_beside_everything_else(tmp_path: Path) -> None:
    assert settings(tmp_path)["CACHES"]["default"] == {
        "BACKEND": "common.page_files.PageFiles",
        "LOCATION": str(tmp_path / "pages"),
        "TIMEOUT": 86_400,
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }


@pytest.mark.parametrize(
    ("url", "backend", "place"),
    [
        ("filecache:///srv/pages", "common.page_files.PageFiles", "/srv/pages"),
        ("dummycache://", "django.core.cache.backends.dummy.DummyCache", ""),
        ("redis://h:6379/1", "django.core.cache.backends.redis.RedisCache", "redis://h:6379/1"),
    ],
)
def test_another_cache_is_named_by_its_address(
    tmp_path: Path, url: str, backend: str, place: str
) -> None:
    found = settings(tmp_path, CACHE_URL=url)["CACHES"]["default"]
    assert (found["BACKEND"], found["LOCATION"]) == (backend, place)
