"""Everything a row can refer to: what is stored, and what this load adds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Model

from accounts.models import InstitutionAlias
from indicators.loading.rows import Key, Row
from indicators.loading.shape import ALIASES, BY_NAME, SHEETS, Column, Sheet
from indicators.models import Plan

Links = dict[int, dict[int, int]]
"""Per record: the linked record and the link's own row, in the links' order."""


class Book:
    """The records of one plan and those that plans share, by sheet and key.

    Reads the database once for each sheet and each kind of link, whatever their length.
    """

    def __init__(self, plan: Plan | None, country: str, sheets: Iterable[Sheet]) -> None:
        """`sheets` are those that a file was given for; of the others only the codes matter."""
        self.plan = plan
        self.country = country
        self.records: dict[str, dict[Key, Any]] = {}
        self.broken: set[str] = set()
        self._links: dict[tuple[str, str], Links] = {}
        self.aliases: dict[int, set[str]] = defaultdict(set)
        wanted = {name for sheet in sheets for name in _needs(sheet)}
        for sheet in SHEETS:
            self.records[sheet.name] = self._stored(sheet) if sheet.name in wanted else {}
        if plan is not None:
            self.records["plan"] = {(plan.code,): plan}
        self._splits: dict[int, list[str]] = {}
        for name in sorted({sheet.name for sheet in sheets} | (wanted & {"indicators"})):
            self._load_links(BY_NAME[name])

    def _stored(self, sheet: Sheet) -> dict[Key, Any]:
        if sheet.scope and (self.plan is None or self.plan.pk is None):
            return {}
        rows = sheet.model._default_manager.all()
        if sheet.scope:
            rows = rows.filter(**{sheet.scope: self.plan})
        elif sheet.name == "plan":
            return {}
        references = [name for name in sheet.key if _column(sheet, name).refers]
        if references:
            rows = rows.select_related(*references)
        found: dict[Key, Any] = {key_of(sheet, record): record for record in rows}
        if sheet.is_tree:
            by_pk = {record.pk: record for record in found.values()}
            for record in found.values():
                record.parent = by_pk.get(record.parent_id)
        return found

    def _load_links(self, sheet: Sheet) -> None:
        records = {record.pk for record in self.records[sheet.name].values() if record.pk}
        for column in sheet.columns:
            if column.many and column.refers and records:
                self._links[sheet.name, column.name] = self._stored_links(sheet, column)
            elif column.name == ALIASES and records:
                for alias in InstitutionAlias.objects.filter(institution__in=records):
                    self.aliases[alias.institution_id].add(alias.name)

    def _stored_links(self, sheet: Sheet, column: Column) -> Links:
        field: Any = sheet.field(column)
        through = field.remote_field.through
        source, target = field.m2m_field_name(), field.m2m_reverse_field_name()
        rows = through._default_manager.filter(**{f"{source}__{sheet.scope}": self.plan})
        order = "order" if has_order(through) else "pk"
        found: Links = defaultdict(dict)
        for owner, linked, pk in rows.order_by(order).values_list(
            f"{source}_id", f"{target}_id", "pk"
        ):
            found[owner][linked] = pk
        return found

    def links(self, row: Row, column: str) -> dict[int, int]:
        """What a stored record is linked with already."""
        return self._links.get((row.sheet.name, column), {}).get(row.instance.pk, {})

    def splits_of(self, indicator: Any) -> list[str]:
        """The codes of an indicator's dimensions in order, as this load leaves them."""
        if id(indicator) in self._splits:
            return self._splits[id(indicator)]
        stored = self._links.get(("indicators", "dimensions"), {}).get(indicator.pk, {})
        by_pk = {dimension.pk: dimension.code for dimension in self.all("dimensions")}
        return [by_pk[pk] for pk in stored]

    def split(self, indicator: Any, codes: list[str]) -> None:
        """Note the dimensions that this load gives an indicator."""
        self._splits[id(indicator)] = codes

    def find(self, sheet: str, code: str, row: Row) -> Any:
        """The record that a cell names; framework items are named as framework:item."""
        if sheet == "institutions":
            return self.records[sheet].get((self.country, code))
        if sheet == "framework_items":
            if row.sheet.name == sheet:
                return self.records[sheet].get((row.values.get("framework"), code))
            framework, _colon, item = code.partition(":")
            return self.records[sheet].get((framework.strip(), item.strip()))
        return self.records[sheet].get((code,))

    def has_any(self, sheet: str) -> bool:
        """Whether there is a record that a row of this plan could name."""
        records = self.records[sheet]
        return any(sheet != "institutions" or key[0] == self.country for key in records)

    def all(self, sheet: str) -> Iterator[Any]:
        return iter(self.records[sheet].values())


def has_order(through: type[Model]) -> bool:
    """Whether the links of this kind keep the order in which they were written."""
    return any(field.name == "order" for field in through._meta.fields)


def key_of(sheet: Sheet, record: Any) -> Key:
    """The key of a stored record, its references as codes."""
    return tuple(
        getattr(record, name).code if _column(sheet, name).refers else getattr(record, name)
        for name in sheet.key
    )


def _column(sheet: Sheet, name: str) -> Column:
    return next(column for column in sheet.columns if column.name == name)


def _needs(sheet: Sheet) -> set[str]:
    """The sheets whose records this one names, and what its checks look at."""
    needed = {sheet.name, *(column.refers for column in sheet.columns if column.refers)}
    if "dimensions" in needed or sheet.name == "targets":
        needed |= {"dimensions", "categories"}
    return needed & set(BY_NAME)
