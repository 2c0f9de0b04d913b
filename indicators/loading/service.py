"""Loads plans from files: everything is read and checked first, and then all of it is stored."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from audit.services import record
from indicators import dependents
from indicators.loading import tables
from indicators.loading.book import Book
from indicators.loading.building import build, fresh, wire_tree
from indicators.loading.checks import check
from indicators.loading.outcome import Outcome
from indicators.loading.problems import Problems
from indicators.loading.rows import Row, parse
from indicators.loading.shape import BY_NAME, plan_sheets
from indicators.loading.storing import store
from indicators.loading.tables import Found, Table
from indicators.models import Plan

BY = "load_plan"


def load(folder_or_workbook: Path | str, *, commit: bool, by: object = BY) -> Outcome:
    """Load one folder of CSV files or one workbook; without `commit` only say what would happen."""
    return load_all([folder_or_workbook], commit=commit, by=by)[0]


def load_all(paths: Sequence[Path | str], *, commit: bool, by: object = BY) -> list[Outcome]:
    """Load several one after the other, each building on those before it; all or nothing.

    What comes after one with errors is not read any more: its faults could be their echo.
    """
    outcomes = []
    with transaction.atomic():
        for path in map(Path, paths):
            problems = Problems()
            found = tables.read(path, problems)
            outcomes.append(_load(str(path), found, problems, by))
            if outcomes[-1].errors:
                break
        _close(outcomes, commit)
    return outcomes


def _close(outcomes: list[Outcome], commit: bool) -> None:
    """Keep everything, or let the surrounding transaction undo everything."""
    keep = commit and not any(outcome.errors for outcome in outcomes)
    for outcome in outcomes:
        outcome.stored = keep
    if not keep:
        transaction.set_rollback(True)


def _load(source: str, found: list[Found], problems: Problems, by: object) -> Outcome:
    """Write into the open transaction what the sheets say, unless there is a fault in them."""
    outcome = Outcome(source)
    load = Load(tables.tables(found, problems), problems)
    load.build()
    if not problems.found:
        try:
            with transaction.atomic():
                load.store(outcome, by)
        except DatabaseError as error:
            sentence = _("The database refused it: %s") % str(error).strip()
            problems.add(source, sentence)
    outcome.errors = problems.in_order()
    return outcome


class Load:
    """One load on its way: the tables, their rows, and the records these refer to."""

    def __init__(self, found: list[Table], problems: Problems) -> None:
        self.problems = problems
        self.tables = {table.sheet.name: table for table in found}
        self.moved: dict[str, list[Any]] = {}
        self.rows: dict[str, list[Row]] = {}
        plan, country = self._plan()
        for name, table in self.tables.items():
            if name != "plan":
                self.rows[name] = parse(table, problems, country)
        self.rows = {name: self.rows[name] for name in self.tables}
        self.book = Book(plan, country or "", [table.sheet for table in found])
        self.book.broken = self._broken(country)

    def _broken(self, country: str | None) -> set[str]:
        """The sheets that could not be read as a whole: what is missing from them is no fault."""
        broken = {name for name, table in self.tables.items() if table.is_broken}
        broken |= {Path(p.file).stem.lower() for p in self.problems.found if not p.row}
        if not country:
            broken.add("institutions")
        if not any(row.key for row in self.rows.get("plan", [])):
            broken |= {sheet.name for sheet in plan_sheets()}
        return broken

    def _plan(self) -> tuple[Plan | None, str | None]:
        """The stored plan that the files are about, if there is one, and its country.

        No country is needed where there is no plan, and unknown (None) where that is a fault.
        """
        table = self.tables.get("plan")
        if table is None:
            scoped = [name for name in self.tables if BY_NAME[name].scope]
            for name in scoped:
                text = _("These rows belong to a plan, but there is no sheet called “plan”.")
                self.problems.add(self.tables[name].file, text)
            return None, None if scoped else ""
        rows = self.rows["plan"] = parse(table, self.problems)
        if len(table.rows) != 1:
            text = _("The sheet of the plan has one row; here are %d.")
            self.problems.add(table.file, text % len(table.rows))
        written = rows[0].values.get("country") if rows else None
        if not rows or rows[0].key is None:
            return None, written
        plan = Plan.objects.filter(code=rows[0].values["code"]).first()
        return plan, written or (plan.country if plan else None)

    def build(self) -> None:
        """Make or find every record, then check them all."""
        if self.book.plan is None:
            self.book.plan = fresh(Plan)
        for name, rows in self.rows.items():
            build(rows, self.book, self.problems)
            if name == "plan" and rows:
                self.book.plan = rows[0].instance
            if BY_NAME[name].is_tree:
                self.moved[name] = wire_tree(rows, self.book, name, self.problems)
        for rows in self.rows.values():
            check(rows, self.book, self.problems)

    def store(self, outcome: Outcome, by: object) -> None:
        """Write everything and one entry in the log; a load that changes nothing leaves none."""
        for name, rows in self.rows.items():
            store(rows, self.book, self.moved.get(name, []))
            outcome.count(name, rows)
        if outcome.changes_something:
            dependents.tell(self._stored() if not self._is_new() else ())
            record(
                "plan.loaded",
                by=by,
                about=self._about(),
                source=Path(outcome.source).name,
                created={name: codes for name, codes in outcome.created.items() if codes},
                changed={name: codes for name, codes in outcome.changed.items() if codes},
                unchanged=outcome.total_unchanged,
            )

    def _is_new(self) -> bool:
        """Whether the plan is made by this load, so that nothing can stand on it yet."""
        return any(row.is_new for row in self.rows.get("plan", []))

    def _stored(self) -> list[Any]:
        """The records that were made or changed."""
        rows = (row for rows in self.rows.values() for row in rows)
        return [row.instance for row in rows if row.is_new or row.changed]

    def _about(self) -> Model:
        """The plan; where there is none, the first record."""
        if self.book.plan is not None and self.book.plan.pk:
            return self.book.plan
        return next(row.instance for rows in self.rows.values() for row in rows)
