"""Rows that stand below others of their own kind."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext as _

from indicators.resources.base import KeyedResource


class TreeResource(KeyedResource):
    """Parents stand above their children in the file, or are stored already."""

    order: ClassVar[tuple[str, ...]] = ()

    def filter_export(self, queryset: Any, **kwargs: Any) -> Any:
        """Parents first, so that an export can be imported anywhere."""
        return super().filter_export(queryset, **kwargs).order_by(*self.order)

    def save_instance(self, instance: Any, is_create: bool, row: Any, **kwargs: Any) -> None:
        super().save_instance(instance, is_create, row, **kwargs)
        if is_create:
            kin = self.kin["parent"]
            self.known(kin)[kin.key(instance)] = instance

    def check(self, instance: Any) -> Iterator[tuple[str, str]]:
        above, seen = instance.parent, 0
        while above is not None and seen < 1_000:
            if above is instance or (above.pk is not None and above.pk == instance.pk):
                told = {"code": instance.code}
                yield "parent", _("“%(code)s” would stand below itself.") % told
                return
            above, seen = above.parent, seen + 1

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
