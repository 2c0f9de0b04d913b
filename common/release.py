"""Which release of the code is running: a hash of everything a page is made of besides its data."""

import hashlib
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

CODE = ("accounts", "audit", "common", "indicators", "nap_monitor", "publishing", "reports")
FILES = ("requirements.txt", "constraints.txt")
SETTINGS = ("DEMO", "DEBUG", "LANGUAGES", "LANGUAGE_CODE", "TIME_ZONE", "STATIC_URL")


def _files(base: Path) -> list[Path]:
    found = [path for app in CODE for path in (base / app).rglob("*.py")]
    found += [path for path in (base / "templates").rglob("*") if path.is_file()]
    found += [*(base / "locale").rglob("*.mo"), *(base / name for name in FILES)]
    found.append(Path(settings.STATIC_ROOT) / "staticfiles.json")
    return sorted(path for path in found if path.is_file())


def release_of(base: Path) -> str:
    """Changes with any line of code, template, translation, static file or setting of a page."""
    digest = hashlib.sha256(f"{sys.version} {version('django')}".encode())
    for name in SETTINGS:
        digest.update(f"{name}={getattr(settings, name)!r}".encode())
    for path in _files(base):
        digest.update(str(path).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@cache
def release() -> str:
    """The release of this process, read once; the server asks for it while it starts.

    Files that are replaced under a running process do not change what it is.
    """
    return release_of(Path(settings.BASE_DIR))
