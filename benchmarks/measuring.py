"""What a piece of work costs, each time in a process of its own: CPU time and memory."""

import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path


def machine() -> str:
    """Where it was measured."""
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _peak() -> int:
    """The most memory this process has held, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def tell_cost(work: Callable[[], None]) -> None:
    """Do it once and print CPU seconds and MiB above the process at rest."""
    from django.db import connection

    connection.ensure_connection()
    at_rest, started = _peak(), time.process_time()
    work()
    print(time.process_time() - started, (_peak() - at_rest) // 1024)


def cost_of(module: str, way: str, folder: Path, runs: int) -> tuple[float, int]:
    """Median of CPU seconds and highest peak of `python -m module way folder`, which tells them."""
    command = [sys.executable, "-m", module, way, str(folder)]
    found = []
    for _ in range(runs):
        answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
        found.append(answer.stdout.split())
    return statistics.median(float(run[0]) for run in found), max(int(run[1]) for run in found)
