"""What the environment may say: each wrong setting is named, alone and with all the others."""

from itertools import combinations
from pathlib import Path
from typing import Any

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

from nap_monitor.env import LOOPBACK, database, problems, read, refuse, secret_key

SOUND = {
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": "plan.example.org",
    "DATABASE_URL": "postgres://nap@db.example.org/nap",
}
WRONG: dict[str, tuple[dict[str, str], str]] = {
    # what is set, and what is said of it
    "debug": ({"DEBUG": "1"}, "DEBUG is on: it shows internals to everybody."),
    "key missing": ({"SECRET_KEY": ""}, "SECRET_KEY is not set."),
    "key short": ({"SECRET_KEY": "k" * 49}, "SECRET_KEY is shorter than 50 characters."),
    "hosts missing": ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set."),
    "database missing": ({"DATABASE_URL": ""}, "DATABASE_URL is not set."),
}
DEMO = "DEMO is on: demonstration users never exist in production."


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A reader of an environment in which only these names are set."""

    def _env(**given: str) -> environ.Env:
        for name in (*SOUND, "DEBUG", "DEMO", "ENV_FILE"):
            monkeypatch.delenv(name, raising=False)
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        return environ.Env()

    return _env


def said(
    env: environ.Env, production: bool = True, demo: bool = False, hosts: Any = ()
) -> list[str]:
    return problems(env, production=production, demo=demo, hosts=list(hosts))


def test_a_sound_production_has_no_problem(env: Any) -> None:
    assert said(env(**SOUND)) == []


@pytest.mark.parametrize("count", range(1, len(WRONG) + 1))
def test_every_wrong_setting_is_named_with_every_other(env: Any, count: int) -> None:
    for names in combinations(WRONG, count):
        if {"key missing", "key short"} <= set(names):
            continue
        changed = {k: v for name in names for k, v in WRONG[name][0].items()}
        for demo in (False, True):
            expected = {WRONG[name][1] for name in names} | ({DEMO} if demo else set())
            found = said(env(**{**SOUND, **changed}), demo=demo)
            assert (set(found), len(found)) == (expected, len(expected))


@pytest.mark.parametrize(
    ("text", "is_on"),
    [
        *((text, True) for text in ("1", "true", "True", "yes", "on")),
        *((text, False) for text in ("0", "false", "no", "off", "")),
    ],
)
def test_debug_is_on_however_it_is_written(env: Any, text: str, is_on: bool) -> None:
    assert said(env(**SOUND, DEBUG=text)) == ([WRONG["debug"][1]] if is_on else [])


@pytest.mark.parametrize(
    ("hosts", "named"),
    [
        (LOOPBACK, []),
        ([], []),
        (["localhost", "plan.example.org"], ["plan.example.org"]),
        (["*"], ["*"]),
        (["0.0.0.0", "127.0.0.2"], ["0.0.0.0", "127.0.0.2"]),
        (["LOCALHOST"], ["LOCALHOST"]),
        ([".localhost"], [".localhost"]),
    ],
)
def test_development_is_for_this_machine_only(env: Any, hosts: list[str], named: list[str]) -> None:
    assert said(env(), production=False, hosts=hosts) == [
        f"ALLOWED_HOSTS names {host}: set ENVIRONMENT=production to serve it." for host in named
    ]
    # The demonstration may run here, and nothing else is asked for.
    assert said(env(DEBUG="1"), production=False, demo=True, hosts=LOOPBACK) == []


def test_all_problems_stop_the_start_in_one_message() -> None:
    refuse([])
    with pytest.raises(ImproperlyConfigured) as refused:
        refuse(["One.", "Two."])
    assert str(refused.value) == "The settings are not in order:\n- One.\n- Two."


def test_a_key_that_is_set_is_the_key_and_none_is_written(env: Any, tmp_path: Path) -> None:
    assert secret_key(env(SECRET_KEY="given"), tmp_path, production=False) == "given"
    assert secret_key(env(SECRET_KEY="given"), tmp_path, production=True) == "given"
    assert secret_key(env(), tmp_path, production=True) == ""
    assert list(tmp_path.iterdir()) == []


def test_development_keeps_one_key_for_its_owner(env: Any, tmp_path: Path) -> None:
    key = secret_key(env(), tmp_path, production=False)
    assert len(key) >= 50
    assert secret_key(env(), tmp_path, production=False) == key
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    other = tmp_path / "other"
    other.mkdir()
    assert secret_key(env(), other, production=False) != key


@pytest.mark.parametrize(
    ("address", "production", "engine", "options"),
    [
        ("", False, "sqlite3", {"transaction_mode", "timeout", "init_command"}),
        (
            "sqlite:////tmp/x.sqlite3",
            True,
            "sqlite3",
            {"transaction_mode", "timeout", "init_command"},
        ),
        ("postgres://nap@db/nap", True, "postgresql", {"pool"}),
        ("postgres://nap@db/nap", False, "postgresql", set()),
    ],
)
def test_the_database_is_that_of_the_address_with_what_it_needs(
    env: Any, tmp_path: Path, address: str, production: bool, engine: str, options: set[str]
) -> None:
    given = {"DATABASE_URL": address} if address else {}
    found = database(env(**given), tmp_path, production=production)
    assert str(found["ENGINE"]).rpartition(".")[2] == engine
    settings = found.get("OPTIONS", {})
    assert isinstance(settings, dict)
    assert set(settings) == options
    if not address:
        assert found["NAME"] == str(tmp_path / "db.sqlite3")


def test_a_file_fills_what_is_not_set_and_overrules_nothing(
    env: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env(SECRET_KEY="from the environment")
    # What the file fills in is put into the environment: remembered here, taken back afterwards.
    monkeypatch.setenv("ALLOWED_HOSTS", "")
    monkeypatch.delenv("ALLOWED_HOSTS")
    (tmp_path / ".env").write_text("SECRET_KEY=from the file\nALLOWED_HOSTS=file.example.org\n")
    found = read(tmp_path)
    assert found.str("SECRET_KEY") == "from the environment"
    assert found.str("ALLOWED_HOSTS") == "file.example.org"
