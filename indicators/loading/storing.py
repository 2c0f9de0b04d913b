"""Writes rows to the database in bulk: a few statements a sheet, whatever its length."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from accounts.models import InstitutionAlias
from indicators.loading.book import Book, has_order
from indicators.loading.rows import Row
from indicators.loading.shape import ALIASES, Column


def store(rows: list[Row], book: Book, moved: Iterable[Any] = ()) -> None:
    """Store one sheet's rows, whose references are stored already. Deletes no row.

    `moved` are stored records of the sheet that got another depth with their parent. Call it
    inside a transaction.
    """
    if not rows:
        return
    _create([row for row in rows if row.is_new])
    _update(rows, list(moved))
    for column in rows[0].sheet.columns:
        if column.many and column.refers:
            _link([row for row in rows if column.name in row.links], column, book)
    _add_aliases([row for row in rows if row.values.get(ALIASES)], book)


def _create(rows: list[Row]) -> None:
    """Parents first, so that each finds its parent's key."""
    levels: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        level = 0
        if row.sheet.is_tree:
            above = row.instance.parent
            while above is not None:
                above, level = above.parent, level + 1
        levels[level].append(row.instance)
    for level in sorted(levels):
        rows[0].sheet.model._default_manager.bulk_create(levels[level])


def _update(rows: list[Row], moved: list[Any]) -> None:
    lists = {column.name for column in rows[0].sheet.columns if column.many and column.name}
    lists -= {"languages"}
    manager = rows[0].sheet.model._default_manager
    groups: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for row in rows:
        fields = tuple(sorted(set(row.changed) - lists))
        if fields and not row.is_new:
            groups[fields].append(row.instance)
    for fields, records in groups.items():
        manager.bulk_update(records, fields)
    if moved:
        manager.bulk_update(moved, ["depth"])


def _link(rows: list[Row], column: Column, book: Book) -> None:
    """Make the links of each row exactly those it names; ordered ones are written anew."""
    if not rows:
        return
    field: Any = rows[0].sheet.field(column)
    through = field.remote_field.through
    source, target = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
    ordered = has_order(through)
    gone, made = [], []
    for row in rows:
        if not row.is_new and column.name not in row.changed:
            continue
        stored = book.links(row, column.name)
        wanted = {record.pk: place for place, record in enumerate(row.links[column.name])}
        gone += [pk for linked, pk in stored.items() if ordered or linked not in wanted]
        for linked, place in wanted.items():
            if ordered or linked not in stored:
                extra = {"order": place} if ordered else {}
                made.append(through(**{source: row.instance.pk, target: linked}, **extra))
    if gone:
        through._default_manager.filter(pk__in=gone).delete()
    through._default_manager.bulk_create(made)


def _add_aliases(rows: Iterable[Row], book: Book) -> None:
    """Add the names that are new; a name once known stays findable."""
    InstitutionAlias.objects.bulk_create(
        InstitutionAlias(institution=row.instance, name=name)
        for row in rows
        for name in row.values[ALIASES]
        if name not in book.aliases.get(row.instance.pk, set())
    )
