"""What a table of 100,000 observations and 20 columns costs, written in five ways.

Each way runs in a process of its own on the same database; the query is part of what is measured.
CSV written with the standard library is the limit the others are held against.
"""

import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.database import set_up

RUNS = int(os.environ.get("BENCH_RUNS", "5"))
ROWS = int(os.environ.get("BENCH_ROWS", "100000"))

PATHS = (
    "line__report__period__plan__code",
    "line__report__period__year",
    "line__report__period__quarter",
    "line__report__institution__code",
    "line__report__institution__name_en",
    "line__report__status",
    "line__report__revision",
    "line__indicator__objective__code",
    "line__indicator__code",
    "line__indicator__title_en",
    "line__indicator__unit_en",
    "line__indicator__kind",
    "cell",
    "state",
    "value",
    "numerator",
    "denominator",
    "line__note",
    "text",
    "reason",
)


def _query() -> Any:
    from reports.models import Observation

    return Observation.objects.order_by("pk")


def as_csv(path: Path) -> None:
    """The limit: the query's values as they come."""
    import csv

    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(PATHS)
        writer.writerows(_query().values_list(*PATHS).iterator())


def _rows() -> Any:
    from accounts.models import User
    from indicators.models import Plan
    from reports.consolidated.asked import Asked
    from reports.consolidated.rows import reports_in, value_rows

    plan, user = Plan.objects.get(), User.objects.get()
    asked = Asked(plan, (2000, 1), (2100, 4))
    return value_rows(reports_in(asked, user), asked, user)


def as_dump(path: Path) -> None:
    """Our plain table."""
    from common.dump import write_dump
    from reports.consolidated.rows import columns

    write_dump(path, "Values", columns(), _rows())


def as_styled(path: Path) -> None:
    """Our styled workbook of the same rows."""
    from common.dump import write_dump
    from reports.consolidated.rows import columns

    write_dump(path, "Values", columns(), _rows(), is_styled=True)


def as_stock(path: Path) -> None:
    """django-import-export as it comes, on the same queryset."""
    from import_export import fields, resources
    from import_export.formats.base_formats import XLSX

    from reports.models import Observation

    columns = {name: fields.Field(attribute=name, column_name=name) for name in PATHS}
    meta = type("Meta", (), {"model": Observation, "fields": PATHS})
    resource_class = type("Stock", (resources.ModelResource,), {**columns, "Meta": meta})
    related = {path.rpartition("__")[0] for path in PATHS if "__" in path}
    dataset = resource_class().export(queryset=_query().select_related(*related))
    path.write_bytes(XLSX().export_data(dataset))


WAYS: dict[str, Callable[[Path], None]] = {
    "csv": as_csv,
    "dump": as_dump,
    "styled": as_styled,
    "stock": as_stock,
}


def peak() -> int:
    """The most memory this process has held, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def child(way: str, folder: Path) -> None:
    """Write once and print CPU seconds and MiB above the process at rest."""
    set_up(folder)
    from django.db import connection

    connection.ensure_connection()
    at_rest, started = peak(), time.process_time()
    WAYS[way](folder / f"{way}.out")
    print(time.process_time() - started, (peak() - at_rest) // 1024)


def measured(way: str, folder: Path, runs: int) -> tuple[float, int]:
    """Median of CPU seconds, highest peak."""
    command = [sys.executable, "-m", "benchmarks.excel_out", way, str(folder)]
    found = []
    for _ in range(runs):
        answer = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
        found.append(answer.stdout.split())
    return statistics.median(float(run[0]) for run in found), max(int(run[1]) for run in found)


def main() -> None:
    """Print one table from one run."""
    print(f"{ROWS:,} observations x {len(PATHS)} columns, medians of {RUNS}, SQLite,")
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{'':18}{'CPU s':>8}{'x CSV':>8}{'stock /':>9}{'MiB above rest':>16}")
    with TemporaryDirectory() as one, TemporaryDirectory() as two:
        for folder, size in ((one, ROWS), (two, 2 * ROWS)):
            command = [sys.executable, "-m", "benchmarks.database", folder, str(size)]
            subprocess.run(command, check=True)  # noqa: S603
        found = {way: measured(way, Path(one), RUNS) for way in WAYS}
        limit, stock = found["csv"][0], found["stock"][0]
        for way, (seconds, memory) in found.items():
            print(f"{way:18}{seconds:8.2f}{seconds / limit:8.1f}{stock / seconds:9.1f}{memory:16d}")
        for way in ("dump", "styled"):
            seconds, memory = measured(way, Path(two), RUNS)
            print(f"{way + ', rows doubled':18}{seconds:8.2f}{'':17}{memory:16d}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        child(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
