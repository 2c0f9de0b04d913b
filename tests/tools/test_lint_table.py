"""The checks without tests: which there are, what they see of this machine, and how they end."""

import os
import sys
from pathlib import Path

import pytest

from tools import lint

PASSING = (sys.executable, "-c", "print('nobody sees this')")
FAILING = (sys.executable, "-c", "import sys; print('on one'); sys.exit('on the other')")
SECRET = "a secret of this machine"


def test_these_are_the_checks() -> None:
    assert list(lint.CHECKS) == [
        *("ruff check", "ruff format", "mypy", "djlint", "migrations", "production", "translations")
    ]
    assert {command[0] for command in lint.CHECKS.values()} == {sys.executable}


@pytest.mark.parametrize("check", lint.CHECKS)
def test_a_check_sees_nothing_of_this_machine(
    check: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SECRET_KEY", "DATABASE_URL", "DEMO", "DEBUG", "PYTHONPATH", "NAP_ANYTHING"):
        monkeypatch.setenv(name, SECRET)
    seen = lint.environment(check, str(tmp_path))
    assert SECRET not in seen.values()
    assert {name: seen[name] for name in ("HOME", "VAR_DIR", "ENV_FILE", "PATH")} == {
        "HOME": str(tmp_path),
        "VAR_DIR": str(tmp_path),
        "ENV_FILE": os.devnull,
        "PATH": os.environ["PATH"],
    }
    assert ("ENVIRONMENT" in seen) is (check == "production")


def test_the_production_that_is_checked_is_a_whole_one_with_a_key_of_its_own(
    tmp_path: Path,
) -> None:
    one, other = (lint.environment("production", str(tmp_path)) for _ in range(2))
    assert one["ENVIRONMENT"] == "production"
    assert len(one["SECRET_KEY"]) >= 50
    assert one["SECRET_KEY"] != other["SECRET_KEY"]
    assert one["DATABASE_URL"].startswith("postgres://")
    assert one["CSRF_TRUSTED_ORIGINS"] == f"https://{one['ALLOWED_HOSTS']}"


CASES: list[tuple[dict[str, tuple[str, ...]], int, str]] = [
    ({"a": PASSING}, 0, "lint: 1 checks passed, 0 failed in "),
    ({"a": PASSING, "b": PASSING}, 0, "lint: 2 checks passed, 0 failed in "),
    ({"a": PASSING, "b": FAILING}, 1, "lint: 1 checks passed, 1 failed (b) in "),
    ({"a": FAILING, "b": PASSING, "c": FAILING}, 1, "lint: 1 checks passed, 2 failed (a, c) in "),
]


@pytest.mark.parametrize(("checks", "code", "told"), CASES)
def test_every_check_runs_and_the_last_line_counts_them(
    checks: dict[str, tuple[str, ...]],
    code: int,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(lint, "CHECKS", checks)
    assert lint.main() == code
    *lines, last = capfd.readouterr().out.splitlines()
    assert last.startswith(told)
    for name, command in checks.items():
        assert (f"ok      {name}" in lines) is (command is PASSING)
        assert (f"FAILED  {name}" in lines) is (command is FAILING)


def test_only_what_failed_is_shown_with_all_it_said(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lint, "CHECKS", {"good": PASSING, "bad": FAILING})
    assert (lint.passes("good"), lint.passes("bad")) == (True, False)
    out = capfd.readouterr().out
    assert "nobody sees this" not in out
    assert "on one" in out
    assert "on the other" in out


def test_a_check_works_in_the_project_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    said = "import os; print(os.path.exists('manage.py'), os.listdir(os.environ['VAR_DIR'])); 1/0"
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(lint, "CHECKS", {"bad": (sys.executable, "-c", said)})
    assert lint.passes("bad") is False
    assert "True []" in capfd.readouterr().out
    assert list(tmp_path.iterdir()) == []
