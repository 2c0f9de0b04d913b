"""What the database holds, to tell exactly what an action changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import transaction

from tests import factory
from tests.conftest import World

Rows = dict[str, dict[int, dict[str, Any]]]


def rows_now() -> Rows:
    """Every row of the quarterly cycle, the roles and the log, by table and key."""
    models = [
        *apps.get_app_config("reports").get_models(),
        *apps.get_app_config("audit").get_models(),
        apps.get_model("indicators", "Membership"),
    ]
    return {m.__name__: {row["id"]: row for row in m._default_manager.values()} for m in models}


def changes(before: Rows, after: Rows) -> dict[str, int]:
    """How many rows were added, removed or changed, by table or by column."""
    found: dict[str, int] = {}

    def count(what: str) -> None:
        found[what] = found.get(what, 0) + 1

    for table, new in after.items():
        old = before[table]
        for key in {*old, *new}:
            if key not in old or key not in new:
                count(f"{'+' if key in new else '-'}{table}")
                continue
            for column, value in new[key].items():
                if old[key][column] != value:
                    count(f"{table}.{column}")
    return found


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is done within is undone, so that the next one starts from the same moment."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def bring(world: World, status: str) -> Any:
    """The report of Defence, filled in, in this state."""
    if status == "draft":
        return factory.fill_in(world.now(), world.contributor)
    return getattr(world, status)()
