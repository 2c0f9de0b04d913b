"""Many rows into one table: COPY on PostgreSQL, a few statements elsewhere."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

BATCH = 2_000


def store(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Store rows whose primary keys nobody asks for; a foreign key is named as in `line_id`.

    Columns that are not named must have a default in the database, or allow NULL.
    """
    if connection.vendor == "postgresql":
        _copy(model, names, rows)
        return
    objects = (model(**dict(zip(names, row, strict=True))) for row in rows)
    model._default_manager.bulk_create(objects, batch_size=BATCH)


def _copy(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    quote = connection.ops.quote_name
    columns = ", ".join(map(quote, names))
    command = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
    as_json = {
        place: field
        for place, name in enumerate(names)
        if isinstance(field := model._meta.get_field(name), models.JSONField)
    }
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        for row in rows:
            adapted = list(row)
            for place, field in as_json.items():
                adapted[place] = field.get_db_prep_save(row[place], connection)
            copy.write_row(adapted)
