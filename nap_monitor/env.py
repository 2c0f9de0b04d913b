"""Typed readers of the environment, and the rules a production must meet before it starts."""

import os
import secrets
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def read(base_dir: Path) -> environ.Env:
    """The environment, completed from `.env` beside manage.py (ENV_FILE names another file)."""
    env = environ.Env()
    environ.Env.read_env(os.environ.get("ENV_FILE", base_dir / ".env"))
    return env


def secret_key(env: environ.Env, var_dir: Path, production: bool) -> str:
    """SECRET_KEY as set; in development one is made once and kept in var/ for its owner."""
    key = str(env.str("SECRET_KEY", ""))
    if key or production:
        return key
    path = var_dir / "secret.key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def problems(env: environ.Env, *, production: bool, demo: bool, hosts: list[str]) -> list[str]:
    """Everything that is wrong with this configuration, all at once."""
    if not production:
        return [
            f"ALLOWED_HOSTS names {host}: set ENVIRONMENT=production to serve it."
            for host in hosts
            if host not in LOOPBACK
        ]
    found = []
    if demo:
        found.append("DEMO is on: demonstration users never exist in production.")
    if env.bool("DEBUG", False):
        found.append("DEBUG is on: it shows internals to everybody.")
    found += [
        f"{name} is not set."
        for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL")
        if not env.str(name, "")
    ]
    if 0 < len(str(env.str("SECRET_KEY", ""))) < 50:
        found.append("SECRET_KEY is shorter than 50 characters.")
    return found


def refuse(found: list[str]) -> None:
    """Stop with every problem named.

    Raises:
        ImproperlyConfigured: when there is any.
    """
    if found:
        raise ImproperlyConfigured("The settings are not in order:\n- " + "\n- ".join(found))


def tasks(env: environ.Env) -> dict[str, dict[str, object]]:
    """Where large files are made: at once, or with BACKGROUND_WORKER=1 by `manage.py db_worker`."""
    has_worker = env.bool("BACKGROUND_WORKER", False)
    queued = "django_tasks_db.DatabaseBackend"
    at_once = "django_tasks.backends.immediate.ImmediateBackend"
    return {"default": {"BACKEND": queued if has_worker else at_once}}


def caches(env: environ.Env, var_dir: Path) -> dict[str, dict[str, object]]:
    """Where pages are kept. Public ones: files in var/pages, which workers share; CACHE_URL changes
    it, and `filecache://` names another folder for the same kind of files. Those of people who are
    logged in: the memory of each process, some 10 MB of it, for ten minutes, and nowhere else.
    """
    config = dict(env.cache_url("CACHE_URL", default=f"filecache://{var_dir.absolute() / 'pages'}"))
    if str(config["BACKEND"]).endswith("FileBasedCache"):
        config["BACKEND"] = "common.page_files.PageFiles"
        bounds = {"TIMEOUT": 86_400, "OPTIONS": {"MAX_ENTRIES": 20_000}}
        config = {**bounds, **config}
    memory = "django.core.cache.backends.locmem.LocMemCache"
    inside = {"BACKEND": memory, "TIMEOUT": 600, "OPTIONS": {"MAX_ENTRIES": 100}}
    return {"default": config, "inside": inside}


def database(env: environ.Env, var_dir: Path, *, production: bool) -> dict[str, object]:
    """The one database, by DATABASE_URL; SQLite in var/ when it is not set.

    SQLite writes take their lock at once (IMMEDIATE), so that a lost race waits instead of
    failing, and reach the disk before they are acknowledged (synchronous FULL).
    """
    config = env.db_url("DATABASE_URL", default=f"sqlite:///{var_dir / 'db.sqlite3'}")
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        }
    elif production:
        config["OPTIONS"] = {"pool": {"min_size": 2, "max_size": 10}}
    return dict(config)
