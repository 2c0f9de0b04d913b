"""Collect every text marked for translation into the catalogues of locale/, with gettext."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("sq",)
SOURCES = (
    "accounts",
    "audit",
    "common",
    "indicators",
    "nap_monitor",
    "publishing",
    "reports",
    "templates",
)


def collect(root: Path) -> None:
    """Update locale/ under this root; needs xgettext and msgmerge.

    Only the project's own folders are read. Files are named without line numbers, so that a
    catalogue changes when a text does.
    """
    if not shutil.which("xgettext"):
        sys.exit("gettext is missing. On Debian: sudo apt install gettext")
    for language in LANGUAGES:
        (root / "locale" / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    others = [path.name for path in root.iterdir() if path.name not in SOURCES]
    command = [sys.executable, "manage.py", "makemessages", "--no-wrap", "--no-obsolete"]
    command += ["--add-location=file", *(f"--ignore={name}" for name in others)]
    command += [f"--locale={language}" for language in LANGUAGES]
    subprocess.run(command, cwd=root, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    collect(ROOT)
