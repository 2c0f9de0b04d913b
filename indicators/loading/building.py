"""Rows become records: found by their code or made, filled in, and compared with what is stored."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from indicators.loading.book import Book, has_order
from indicators.loading.problems import Problems
from indicators.loading.rows import Row
from indicators.loading.shape import ALIASES, BY_NAME, Column


def build(rows: list[Row], book: Book, problems: Problems) -> None:
    """Give the rows of one sheet their records, then fill these in.

    Every row of the sheet is known before the first is filled, so that a row may name a later
    one as its parent.
    """
    for row in rows:
        _match(row, book)
    _give_order(rows, book)
    for row in rows:
        for column in row.sheet.columns:
            if column.name in row.values:
                _fill(row, column, book, problems)


def _match(row: Row, book: Book) -> None:
    known = book.records[row.sheet.name]
    if row.key in known:
        row.instance = known[row.key]
        return
    row.is_new = True
    row.instance = fresh(row.sheet.model)
    if row.sheet.scope == "plan":
        row.instance.plan = book.plan
    if row.key is not None:
        known[row.key] = row.instance


def fresh(model: type[Model]) -> Any:
    """A new record whose defaults are of their field's own type, fit to be compared."""
    record = model()
    for field in model._meta.concrete_fields:
        if field.has_default():
            setattr(record, field.attname, field.to_python(field.get_default()))
    return record


def _give_order(rows: list[Row], book: Book) -> None:
    """Without a column for it new rows stand after the stored ones, in the order of the file."""
    if not rows or not rows[0].sheet.is_ordered:
        return
    new = [row for row in rows if row.is_new and "order" not in row.values]
    stored = [r.order for r in book.all(rows[0].sheet.name) if r.pk]
    for place, row in enumerate(new, start=max(stored, default=0) + 1):
        row.instance.order = place


def _fill(row: Row, column: Column, book: Book, problems: Problems) -> None:
    value = row.values[column.name]
    if column.name == ALIASES:
        if set(value) - book.aliases.get(row.instance.pk, set()):
            row.change(ALIASES)
    elif column.refers and column.many:
        _fill_list(row, column, book, problems)
    elif column.refers:
        _fill_reference(row, column, book, problems)
    elif not same(getattr(row.instance, column.name), value):
        setattr(row.instance, column.name, value)
        row.change(column.name)


def _fill_reference(row: Row, column: Column, book: Book, problems: Problems) -> None:
    code = row.values[column.name]
    target = _resolve(row, column, code, book, problems) if code else None
    stored = None if row.is_new else getattr(row.instance, f"{column.name}_id")
    if stored != getattr(target, "pk", None) or (target is not None and target.pk is None):
        row.change(column.name)
    if row.is_new or column.name in row.changed:
        setattr(row.instance, column.name, target)


def _fill_list(row: Row, column: Column, book: Book, problems: Problems) -> None:
    row.links[column.name] = _resolve_all(row, column, book, problems)
    if column.name == "dimensions":
        book.split(row.instance, row.values[column.name])
    if _links_differ(row, column, book):
        row.change(column.name)


def same(stored: Any, given: Any) -> bool:
    """Equal as a person sees it: no text and an empty text are the same."""
    return bool((stored if stored is not None else "") == (given if given is not None else ""))


def _links_differ(row: Row, column: Column, book: Book) -> bool:
    stored = list(book.links(row, column.name))
    given = [record.pk for record in row.links[column.name]]
    field: Any = row.sheet.field(column)
    if has_order(field.remote_field.through):
        return stored != given
    return set(stored) != set(given)


def _resolve_all(row: Row, column: Column, book: Book, problems: Problems) -> list[Any]:
    found = (_resolve(row, column, code, book, problems) for code in row.values[column.name])
    return [record for record in found if record is not None]


def _resolve(row: Row, column: Column, code: str, book: Book, problems: Problems) -> Any:
    record = book.find(column.refers, code, row)
    if record is None:
        row.failed.add(column.name)
        if column.refers in book.broken:
            return None
        if book.has_any(column.refers):
            row.refuse(problems, column.name, _unknown(column.refers, code, row))
        else:
            text = _("It names %s, but there are none, neither in the files nor stored.")
            problems.add(row.file, text % column.refers, column=column.name)
    return record


def _unknown(sheet: str, code: str, row: Row) -> str:
    if sheet == "framework_items" and row.sheet.name != sheet and ":" not in code:
        text = _("“%s” does not say of which framework. Write both, such as unscr:1325.")
        return text % code[:60]
    text = _("“%(code)s” is not among the %(sheet)s, neither in the files nor stored.")
    return text % {"code": code[:60], "sheet": sheet}


def wire_tree(rows: Iterable[Row], book: Book, sheet: str, problems: Problems) -> list[Any]:
    """Refuse circles; give every objective its depth. Returns stored records that moved along."""
    rows = list(rows)
    circles = [row for row in rows if _comes_back(row.instance)]
    for row in circles:
        text = _("With this parent “%s” would stand below itself.") % row.values.get("code")
        row.refuse(problems, "parent", text)
    for row in rows if circles else ():
        row.failed.add("parent")
    if circles or not _has_depth(sheet):
        return []
    given = {id(row.instance): row for row in rows}
    moved: list[Any] = []
    for record in [*book.all(sheet), *(row.instance for row in rows if row.key is None)]:
        depth = depth_of(record)
        if record.depth != depth:
            record.depth = depth
            if id(record) in given:
                given[id(record)].change("depth")
            else:
                moved.append(record)
    return moved


def _has_depth(sheet: str) -> bool:
    return any(field.name == "depth" for field in BY_NAME[sheet].model._meta.fields)


def depth_of(record: Any) -> int:
    """How many records stand above this one in its tree."""
    depth = 0
    while record.parent is not None:
        record, depth = record.parent, depth + 1
    return depth


def _comes_back(record: Any) -> bool:
    """Whether the way up from a record leads back to it."""
    seen, above = set(), record.parent
    while above is not None and id(above) not in seen:
        if above is record:
            return True
        seen.add(id(above))
        above = above.parent
    return False
