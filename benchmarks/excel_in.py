"""What bringing in 20,000 earlier figures costs: a workbook read, checked, stored and logged.

Ours is the whole way of `manage.py import_history --commit`: the file is taken in, looked at as the
preview does, and stored with one entry in the log for each figure. The stock way is
django-import-export's own `Resource.import_data` of the same workbook in one transaction; it checks
less and keeps no log. Each run has a fresh copy of the same database.
"""

import os
import shutil
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.database import set_up
from benchmarks.measuring import cost_of, machine, tell_cost

RUNS = int(os.environ.get("BENCH_RUNS", "5"))
ROWS = int(os.environ.get("BENCH_ROWS", "20000"))
INSTITUTIONS, INDICATORS, REGIONS = 10, 20, 10
HEADINGS = ("period", "indicator", "institution", "region", "value", "source", "note")
EMPTY, BOOK = "empty.sqlite3", "figures.xlsx"


def prepare(folder: Path) -> None:
    """A plan, and a workbook of figures for it."""
    from django.core.management import call_command
    from django.db import connection
    from openpyxl import Workbook  # type: ignore[import-untyped]

    from reports.models import ImportBatch
    from tests import factory

    call_command("migrate", verbosity=0)
    plan = factory.make_plan()
    objective = factory.make_objective(plan)
    regions = [f"r{n}" for n in range(REGIONS)]
    region = factory.make_dimension(plan, "region", *regions, total_rule="open")
    places = [factory.make_institution(f"M{n}") for n in range(INSTITUTIONS)]
    for n in range(INDICATORS):
        made = factory.make_indicator(plan, f"I{n}", *places, objective=objective)
        factory.split(made, region)
    ImportBatch.objects.create(plan=plan, name="stock", sha256="0" * 64, mapping="{}", by="stock")
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Figures")
    sheet.append(HEADINGS)
    for n in range(ROWS):
        year, rest = 2010 + n % 10, n // 10
        place, rest = f"M{rest % INSTITUTIONS}", rest // INSTITUTIONS
        indicator, region_code = f"I{rest % INDICATORS}", f"r{rest // INDICATORS}"
        source = f"Annual report {year}"
        sheet.append((year, indicator, place, region_code, n % 997 + 0.25, source, "as published"))
    book.save(folder / BOOK)
    connection.close()
    (folder / "bench.sqlite3").rename(folder / EMPTY)


def ours(folder: Path) -> None:
    """Taken in, looked at, stored and logged."""
    from audit.models import Entry
    from indicators.models import Plan
    from reports.history.preview import preview
    from reports.history.storing import store
    from reports.history.tables import take_in
    from reports.models import HistoricValue

    data = (folder / BOOK).read_bytes()
    batch = take_in(Plan.objects.get(), data, BOOK, by="bench", mapping=None)
    mark = preview(batch).mark
    store(batch, by="bench", mark=mark)
    _check(HistoricValue.objects.count() == ROWS)
    _check(Entry.objects.filter(action="history.imported").count() == ROWS)


def stock(folder: Path) -> None:
    """django-import-export as it comes: its reader, a widget for each column, one transaction."""
    from import_export import fields, resources, widgets
    from import_export.formats.base_formats import XLSX

    from accounts.models import Institution
    from indicators.models import Indicator
    from reports.models import HistoricValue, ImportBatch

    def by_code(name: str, model: Any) -> Any:
        return fields.Field(name, name, widgets.ForeignKeyWidget(model, "code"))

    class Resource(resources.ModelResource):  # type: ignore[misc]  # import-export has no types
        indicator = by_code("indicator", Indicator)
        institution = by_code("institution", Institution)
        cell = fields.Field("cell", "region")

        class Meta:
            model = HistoricValue
            exclude = ("id", "numerator", "denominator", "is_share", "in_force", "replaces")
            import_id_fields = ("indicator", "institution", "starts_on", "cell")

    dataset = XLSX().create_dataset((folder / BOOK).read_bytes())
    batch, years = ImportBatch.objects.get().pk, dataset["period"]
    dataset.append_col([date(int(year), 1, 1) for year in years], header="starts_on")
    dataset.append_col([date(int(year), 12, 31) for year in years], header="ends_on")
    dataset.append_col(range(2, ROWS + 2), header="row")
    dataset.append_col([f"{row:064}" for row in range(ROWS)], header="place")
    dataset.append_col([batch] * ROWS, header="batch")
    Resource().import_data(dataset, use_transactions=True, raise_errors=True)
    _check(HistoricValue.objects.count() == ROWS)
    _check(HistoricValue.objects.filter(value=Decimal("0.25")).exists())


def _check(holds: bool) -> None:
    if not holds:
        raise SystemExit("the figures did not go in")


WAYS = {"ours": ours, "stock": stock}


def child(way: str, folder: Path) -> None:
    """Bring them in once, into a fresh copy of the database."""
    set_up(folder)
    if way == "prepare":
        prepare(folder)
        return
    shutil.copy(folder / EMPTY, folder / "bench.sqlite3")
    tell_cost(lambda: WAYS[way](folder))


def main() -> None:
    """Print one table from one run."""
    print(f"{ROWS:,} observations from one workbook, medians of {RUNS}, SQLite,")
    print(machine())
    print(f"{'':8}{'CPU s':>8}{'stock /':>9}{'MiB above rest':>16}")
    with TemporaryDirectory() as name:
        command = [sys.executable, "-m", "benchmarks.excel_in", "prepare", name]
        subprocess.run(command, check=True)  # noqa: S603
        found = {way: cost_of("benchmarks.excel_in", way, Path(name), RUNS) for way in WAYS}
        for way, (seconds, memory) in found.items():
            print(f"{way:8}{seconds:8.2f}{found['stock'][0] / seconds:9.1f}{memory:16d}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        child(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
