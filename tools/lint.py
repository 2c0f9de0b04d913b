"""Every check that needs no test run, two at a time, and one closing line of counts."""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PYTHON = sys.executable
MANAGE = (PYTHON, "manage.py")

CHECKS: Mapping[str, tuple[str, ...]] = {
    "ruff check": (PYTHON, "-m", "ruff", "check", "--quiet", "."),
    "ruff format": (PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."),
    "mypy": (PYTHON, "-m", "mypy"),
    "djlint": (PYTHON, "-m", "djlint", "--lint", "--quiet", "templates"),
    "migrations": (*MANAGE, "makemigrations", "--check", "--dry-run"),
    "production": (*MANAGE, "check", "--deploy", "--fail-level", "WARNING"),
    "translations": (PYTHON, "-m", "tools.check_translations"),
}


def environment(check: str, folder: str) -> dict[str, str]:
    """What a check sees: nothing of this machine's settings, and a whole production for one."""
    plain = {"PATH": os.environ["PATH"], "HOME": folder, "LANG": "C.UTF-8"}
    plain |= {"ENV_FILE": os.devnull, "VAR_DIR": folder}
    if check != "production":
        return plain
    return plain | {
        "ENVIRONMENT": "production",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "plan.example.org",
        "CSRF_TRUSTED_ORIGINS": "https://plan.example.org",
        "DATABASE_URL": "postgres://nap@localhost/nap",
        "BEHIND_PROXY": "1",
    }


def passes(check: str) -> bool:
    """Run one check, and show what it said when it fails."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            CHECKS[check],
            cwd=Path(__file__).parent.parent,
            env=environment(check, folder),
            capture_output=True,
            text=True,
            check=False,
        )
    told = [f"ok      {check}"]
    if done.returncode:
        told = [f"FAILED  {check}", done.stdout + done.stderr]
    sys.stdout.write("\n".join([*told, ""]))  # in one piece: another check may end just now
    sys.stdout.flush()
    return done.returncode == 0


def main() -> int:
    """The types take a core as long as all the others together take the second one."""
    started = time.monotonic()
    with ThreadPoolExecutor(2) as beside:
        passed = dict(zip(CHECKS, beside.map(passes, CHECKS)))
    failed = [check for check in CHECKS if not passed[check]]
    told = f"{len(CHECKS) - len(failed)} checks passed, {len(failed)} failed"
    names = f" ({', '.join(failed)})" if failed else ""
    print(f"\nlint: {told}{names} in {time.monotonic() - started:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
