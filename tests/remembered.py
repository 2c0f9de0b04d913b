"""What many tests begin with is lived once by each worker, and brought back by its rows.

A step is what a test does before it begins: a world is made, a report is submitted. The first
test that takes a step lives it; what the database held before and after it is compared, and the
next test at the same place gets that difference, and what the step gave back, as they were. Places
are chains of steps from an empty database; whoever writes something else leaves the chain, and
lives everything after that. Nothing is remembered while the time is not the real one.
"""

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

import time_machine
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone, translation
from psycopg import ClientCursor

from common import clock

T = TypeVar("T")
Row = tuple[Any, ...]
Place = tuple[object, ...]

NOT_OURS = ("sessions", "contenttypes", "auth", "admin")
"""Apps whose rows no step leaves behind: log-ins, and what the migrations filled."""
HARMLESS = (
    *("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK TO"),
    *('INSERT INTO "django_session"', 'UPDATE "django_session"', 'DELETE FROM "django_session"'),
    'UPDATE "accounts_user" SET "last_login"',
)


class Table(NamedTuple):
    """A table by its name and its columns, the key first."""

    name: str
    columns: tuple[str, ...]


class Difference(NamedTuple):
    """What a step did to a table: rows it added, rows as it changed them, keys it took away."""

    table: Table
    added: list[Row]
    changed: list[Row]
    removed: list[Row]


Held = dict[Table, dict[Any, Row]]


def tables() -> list[Table]:
    models = apps.get_models(include_auto_created=True)
    ours = [m._meta for m in models if m._meta.app_label not in NOT_OURS and m._meta.managed]
    return [
        Table(meta.db_table, tuple(field.column for field in _key_first(meta))) for meta in ours
    ]


def _key_first(meta: Any) -> list[Any]:
    return sorted(meta.local_concrete_fields, key=lambda field: not field.primary_key)


def rows() -> Held:
    """Every row of every table of ours in the order of its keys, which is not the order PostgreSQL
    finds them in; as the database writes it: no value is converted."""
    plain = '+"{}"' if connection.vendor == "sqlite" else '"{}"::text'
    held: Held = {}
    connection.ensure_connection()
    for table in tables():
        columns = ", ".join(plain.format(column) for column in table.columns)
        ordered = f'"{table.name}" ORDER BY "{table.name}"."{table.columns[0]}"'
        found = connection.connection.execute(f"SELECT {columns} FROM {ordered}")
        held[table] = {row[0]: tuple(row) for row in found.fetchall()}
    return held


def differences(before: Held, after: Held) -> list[Difference]:
    found = []
    for table, old in before.items():
        new = after[table]
        added = [row for key, row in new.items() if key not in old]
        changed = [row for key, row in new.items() if key in old and row != old[key]]
        removed = [(key,) for key in old if key not in new]
        if added or changed or removed:
            found.append(Difference(table, added, changed, removed))
    return found


def _statements(found: Difference, mark: str) -> Iterator[tuple[str, list[Row]]]:
    """What does the same to the table again, with a mark for each value."""
    table, columns = f'"{found.table.name}"', [f'"{name}"' for name in found.table.columns]
    if found.removed:
        yield f"DELETE FROM {table} WHERE {columns[0]} = {mark}", found.removed
    if found.changed:
        sets = ", ".join(f"{name} = {mark}" for name in columns[1:])
        values = [(*row[1:], row[0]) for row in found.changed]
        yield f"UPDATE {table} SET {sets} WHERE {columns[0]} = {mark}", values
    if found.added:
        marks = ", ".join([mark] * len(columns))
        yield f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", found.added


class Lived(NamedTuple):
    """A step as it was lived: how to do its difference again, and what it gave back."""

    again: list[tuple[str, list[Row]]]
    gave: bytes

    def bring_back(self) -> None:
        with transaction.atomic():
            for statement, values in self.again:
                if values:
                    connection.connection.executemany(statement, values)
                else:
                    connection.connection.execute(statement)


def lived(found: list[Difference], gave: object) -> Lived:
    """PostgreSQL gets all of it as one text: one way there and back, and nothing to convert."""
    if connection.vendor == "sqlite":
        again = [statement for difference in found for statement in _statements(difference, "?")]
    else:
        again = [("; ".join(_written(found)), [])] if found else []
    return Lived(again, pickle.dumps(gave))


def _written(found: list[Difference]) -> Iterator[str]:
    cursor = ClientCursor(connection.connection)
    for difference in found:
        for statement, values in _statements(difference, "%s"):
            yield from (cursor.mogrify(statement, row) for row in values)


class Memory:
    """The steps a worker has lived, and where on its chain the database of a test stands."""

    def __init__(self) -> None:
        self.known: dict[Place, Lived] = {}
        self.place: Place | None = None
        self.is_stepping = False

    @contextmanager
    def following(self) -> Iterator[None]:
        """From an empty database on, see what else is written."""
        self.place = () if is_empty() else None
        with connection.execute_wrapper(self._on_statement):
            yield
        self.place = None

    def _on_statement(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if not self.is_stepping and not str(sql).lstrip().startswith(HARMLESS):
            self.place = None
        return execute(sql, params, many, context)

    def step(self, name: Place, live: Callable[[], T]) -> T:
        """Take a step: bring back what it did when it is known from here, live it otherwise."""
        if self.is_stepping:
            return live()
        place = self._next(name)
        self.place = None
        if place is None:
            return live()
        self.is_stepping = True
        try:
            gave: T = self._again(place) if place in self.known else self._live(place, live)
        finally:
            self.is_stepping = False
        self.place = place
        return gave

    def _next(self, name: Place) -> Place | None:
        """The place a step leads to; none for who left the chain, or lives at another time."""
        if self.place is None or time_machine.escape_hatch.is_travelling() or clock._moment.get():
            return None
        return (*self.place, (name, translation.get_language(), timezone.localdate()))

    def _again(self, place: Place) -> Any:
        self.known[place].bring_back()
        return pickle.loads(self.known[place].gave)

    def _live(self, place: Place, live: Callable[[], T]) -> T:
        before = rows()
        gave = live()
        self.known[place] = lived(differences(before, rows()), gave)
        return gave


def is_empty() -> bool:
    connection.ensure_connection()
    some = " UNION ALL ".join(f'(SELECT 1 FROM "{t.name}" LIMIT 1)' for t in tables())
    if connection.vendor == "sqlite":
        some = some.replace("(SELECT", "SELECT * FROM (SELECT")
    return connection.connection.execute(f"{some} LIMIT 1").fetchone() is None


memory = Memory()
