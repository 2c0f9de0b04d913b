"""What a table of 100,000 observations and 20 columns costs, written in five ways.

Each way runs in a process of its own on the same database; the query is part of what is measured.
CSV written with the standard library is the limit the others are held against.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.database import set_up
from benchmarks.measuring import cost_of, machine, tell_cost

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


def child(way: str, folder: Path) -> None:
    """Write once in this process, and say what it cost."""
    set_up(folder)
    tell_cost(lambda: WAYS[way](folder / f"{way}.out"))


def measured(way: str, folder: Path) -> tuple[float, int]:
    """Median of CPU seconds, highest peak in MiB."""
    return cost_of("benchmarks.excel_out", way, folder, RUNS)


def main() -> None:
    """Print one table from one run."""
    print(f"{ROWS:,} observations x {len(PATHS)} columns, medians of {RUNS}, SQLite,")
    print(machine())
    print(f"{'':18}{'CPU s':>8}{'x CSV':>8}{'stock /':>9}{'MiB above rest':>16}")
    with TemporaryDirectory() as one, TemporaryDirectory() as two:
        for folder, size in ((one, ROWS), (two, 2 * ROWS)):
            command = [sys.executable, "-m", "benchmarks.database", folder, str(size)]
            subprocess.run(command, check=True)  # noqa: S603
        found = {way: measured(way, Path(one)) for way in WAYS}
        limit, stock = found["csv"][0], found["stock"][0]
        for way, (seconds, memory) in found.items():
            print(f"{way:18}{seconds:8.2f}{seconds / limit:8.1f}{stock / seconds:9.1f}{memory:16d}")
        for way in ("dump", "styled"):
            seconds, memory = measured(way, Path(two))
            print(f"{way + ', rows doubled':18}{seconds:8.2f}{'':17}{memory:16d}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        child(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
