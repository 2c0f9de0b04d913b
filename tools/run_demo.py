"""Set the demonstration up and serve it: everything `make run` does once Python is in place.

A first run makes the database and the people in it. A later one finds both, changes nothing that
was entered, and starts at once.
"""

import hashlib
import os
import socket
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from tools.compile_messages import ROOT, compile_all


def main() -> None:
    port = os.environ.setdefault("PORT", "8000")
    os.environ |= {"DEMO": "1", "DEBUG": "0", "DJANGO_SETTINGS_MODULE": "nap_monitor.settings"}
    refuse_taken(port)
    compile_all()
    try:
        prepare()
    except (ImproperlyConfigured, CommandError) as error:
        sys.exit(str(error))
    server = [sys.executable, "-m", "gunicorn", "-c", "tools/demo_server.py"]
    os.execv(sys.executable, [*server, "nap_monitor.wsgi"])  # noqa: S606 -- no shell is wanted


def refuse_taken(port: str) -> None:
    """End here, with what to do, when the port is no port or not free."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        sys.exit(f"PORT is {port}; it must be a number from 1 to 65535.")
    with socket.socket() as probe:
        # As the server does it: a port that was left a moment ago counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError as error:
            other = int(port) % 65535 + 1
            sys.exit(f"Port {port} cannot be used ({error.strerror}). Try: make run PORT={other}")


def prepare() -> None:
    """Database, demonstration and static files, each brought up to date."""
    django.setup()
    print("Preparing the database", flush=True)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("seed_demo")
    collect_static(Path(settings.STATIC_ROOT))


def collect_static(root: Path) -> None:
    """Collect and compress the static files, unless they are those of the last time."""
    mark, now = root / ".collected", static_fingerprint()
    if mark.exists() and mark.read_text() == now:
        return
    print("Collecting the static files", flush=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    mark.write_text(now)


def static_fingerprint() -> str:
    """Changes when any static file of the project or of a package does."""
    found = sorted(
        (name, storage.size(name), storage.get_modified_time(name).isoformat())
        for finder in get_finders()
        for name, storage in finder.list([])
    )
    return hashlib.sha256(repr((str(ROOT), found)).encode()).hexdigest()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nStopped before it was ready. `make run` goes on from here.")
