"""Rows that stand below others of their own kind."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from indicators.models import Objective, Plan
from indicators.resources import cells
from indicators.resources.base import KeyedResource

_ENDS = ("code", "parent")


def generations(above: dict[Any, Any]) -> dict[Any, int]:
    """How many parents stand above each, given the parent of each; a circle ends the counting."""
    found: dict[Any, int] = {}
    for key in above:
        path: dict[Any, None] = {}
        while key in above and key not in found and key not in path:
            path[key] = None
            key = above[key]
        top = found.get(key, -1)
        found.update((below, top + n) for n, below in enumerate(reversed(path), start=1))
    return found


def settle(plan: Plan) -> None:
    """Give every objective of a plan the depth at which its parents put it."""
    rows = list(plan.objectives.all())
    depths = generations({row.pk: row.parent_id for row in rows})
    moved = [row for row in rows if row.depth != depths[row.pk]]
    for row in moved:
        row.depth = depths[row.pk]
    Objective.objects.bulk_update(moved, ["depth"])


class TreeResource(KeyedResource):
    """Rows that name a parent of their own kind. The file may list them in any order."""

    order: ClassVar[tuple[str, ...]] = ()

    def filter_export(self, queryset: Any, **kwargs: Any) -> Any:
        """Parents first: what has none stands above, on every database."""
        order = [F(part).asc(nulls_first=True) for part in self.order]
        return super().filter_export(queryset, **kwargs).order_by(*order)

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Read parents before what stands below them; remember who stands below whom."""
        super().before_import(dataset, **kwargs)
        ask, rows = self.kin["parent"].ask, dataset.dict
        own, named = ([ask(self, r, cells.as_text(r.get(c)).strip()) for r in rows] for c in _ENDS)
        depths = generations(dict(zip(own, named)))
        turn = sorted(range(len(rows)), key=lambda n: depths[own[n]])
        lines = [list(dataset[n]) for n in turn]
        self.row_numbers = [self.row_numbers[n] for n in turn]
        del dataset[:]
        dataset.extend(lines)
        known = self.known(self.kin["parent"])
        keys = {found.pk: key for key, found in known.items()}
        self.above = {key: keys.get(found.parent_id) for key, found in known.items()}

    def save_instance(self, instance: Any, is_create: bool, row: Any, **kwargs: Any) -> None:
        super().save_instance(instance, is_create, row, **kwargs)
        kin = self.kin["parent"]
        self.known(kin)[kin.key(instance)] = instance

    def check(self, instance: Any) -> Iterator[tuple[str, str]]:
        key = self.kin["parent"].key
        own, parent = key(instance), instance.parent
        above = self.above[own] = key(parent) if parent else None
        seen = {own}
        while above is not None:
            if above in seen:
                yield "parent", _("“%(code)s” would stand below itself.") % {"code": instance.code}
                return
            seen.add(above)
            above = self.above.get(above)

    def bulk_create(
        self,
        using_transactions: bool,
        dry_run: bool,
        raise_errors: bool,
        batch_size: int | None = None,
        result: Any = None,
    ) -> None:
        """Generation by generation: a child needs its parent's key."""
        waiting: list[Any] = self.create_instances
        self.create_instances: list[Any] = []
        while waiting:
            ready = [i for i in waiting if i.parent is None or i.parent.pk is not None]
            waiting = [i for i in waiting if i.parent is not None and i.parent.pk is None]
            with transaction.atomic():
                self._meta.model.objects.bulk_create(ready)
