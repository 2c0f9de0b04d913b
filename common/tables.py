"""A table is declared once: its page, its order and its download come from the same rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import Any, ClassVar, cast

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.functional import Promise

from common.cells import Column, Kind, Value, as_value, get
from common.charts import Sparkline
from common.numbers import NBSP, show_decimal
from common.workbook import Sheet

NUMBERS: tuple[Kind, ...] = ("number", "integer", "percent", "money")
CHUNK = 2_000


@dataclass(frozen=True)
class TableColumn(Column):
    """A column of a page as well as of its download.

    ``link`` gives the address a cell leads to; ``sort`` the field or fields of the query that
    order by this column, the first being its name in the address.  A column may be left out of
    the page or of the download.
    """

    link: Callable[[Any], str | None] | None = None
    sort: str | tuple[str, ...] = ()
    on_page: bool = True
    in_export: bool = True

    @property
    def sort_fields(self) -> tuple[str, ...]:
        """The fields to order by; none if the column cannot be sorted."""
        return (self.sort,) if isinstance(self.sort, str) else self.sort

    @property
    def shown_kind(self) -> str:
        """ "number" for everything set at the right, else the kind itself."""
        return "number" if self.kind in NUMBERS else self.kind


@dataclass(frozen=True)
class Heading:
    """The head of a column: its words and where a click on it leads."""

    label: str
    kind: str
    sort_url: str = ""
    is_sorted: bool = False
    is_descending: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell of a page: ``text`` as the reader writes it, ``badge`` an enum with tone and icon.

    A cell may hold a small line instead; its sentence is its title.
    """

    text: str
    value: Value
    kind: str
    url: str = ""
    badge: Enum | None = None
    spark: Sparkline | None = None


@dataclass(frozen=True)
class Row:
    """A row of a page and the object it shows."""

    object: Any
    cells: list[Cell]
    is_flagged: bool = False

    def __iter__(self) -> Iterator[Cell]:
        return iter(self.cells)


@dataclass
class Table:
    """Rows (a queryset, already filtered and visible to the reader, or a list) with columns.

    Subclasses declare ``columns`` and, if they want, the texts.  ``params`` is request.GET:
    it holds ``sort`` and ``page`` besides the filters, which the links keep.  A page costs two
    queries beside the prefetches of the queryset; the whole is never loaded to show a page.
    """

    columns: ClassVar[Sequence[TableColumn]] = ()
    title: ClassVar[str | Promise] = ""
    caption: ClassVar[str | Promise] = ""
    empty_title: ClassVar[str | Promise] = ""
    empty_text: ClassVar[str | Promise] = ""
    page_size: ClassVar[int] = 50
    can_export: ClassVar[bool] = True

    source: QuerySet[Any] | Sequence[Any]
    params: Mapping[str, str] = field(default_factory=QueryDict)

    def is_flagged(self, _row: Any) -> bool:
        """Whether a row asks for attention; subclasses decide."""
        return False

    @cached_property
    def ordered(self) -> QuerySet[Any] | Sequence[Any]:
        """All rows in the order asked for; the same order on every database, page and file."""
        if not isinstance(self.source, QuerySet):
            return self.source
        if fields := self._sort_fields():
            return self.source.order_by(*(_order(name) for name in fields), "pk")
        return self.source if self.source.ordered else self.source.order_by("pk")

    @cached_property
    def page(self) -> Page[Any]:
        """The page asked for; the nearest one if there is no such page."""
        return Paginator(self.ordered, self.page_size).get_page(self.params.get("page"))

    @cached_property
    def rows(self) -> list[Row]:
        """The rows of this page."""
        columns = [column for column in self.columns if column.on_page]
        return [
            Row(item, [_cell(column, item) for column in columns], self.is_flagged(item))
            for item in self.page.object_list
        ]

    @cached_property
    def headings(self) -> list[Heading]:
        """The headings of this page, with the address that sorts by each."""
        return [self._heading(column) for column in self.columns if column.on_page]

    def sheet(self) -> Sheet:
        """All rows, not only this page's, as a sheet; read in pieces as it is written."""
        columns = [column for column in self.columns if column.in_export]
        return Sheet(self.title or self.caption, columns, self._all())

    def _all(self) -> Iterable[Any]:
        rows = self.ordered
        return rows.iterator(chunk_size=CHUNK) if isinstance(rows, QuerySet) else rows

    @property
    def _sort(self) -> str:
        return self.params.get("sort", "")

    def _sort_fields(self) -> tuple[str, ...]:
        """Fields of a declared column only; anything else in the address is ignored."""
        for column in self.columns:
            fields = column.sort_fields
            if fields and self._sort == fields[0]:
                return fields
            if fields and self._sort == _reversed(fields[0]):
                return tuple(_reversed(name) for name in fields)
        return ()

    def _heading(self, column: TableColumn) -> Heading:
        label, kind = str(column.heading), column.shown_kind
        if not column.sort_fields or not isinstance(self.source, QuerySet):
            return Heading(label, kind)
        name = column.sort_fields[0]
        is_sorted = self._sort in (name, _reversed(name))
        url = self._url(sort=_reversed(name) if self._sort == name else name)
        return Heading(label, kind, url, is_sorted, is_sorted and self._sort.startswith("-"))

    def _url(self, **changed: str) -> str:
        """This page's query with something changed, from its first page."""
        query = QueryDict(mutable=True)
        if isinstance(self.params, QueryDict):
            query = self.params.copy()
        else:
            query.update(cast(dict[str, str], self.params))
        for name in ("page", "export"):
            query.pop(name, None)
        for name, value in changed.items():
            query[name] = value
        return f"?{query.urlencode()}"


def _reversed(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _order(name: str) -> OrderBy:
    """What is empty comes last in both directions, on SQLite and PostgreSQL alike."""
    if name.startswith("-"):
        return F(name[1:]).desc(nulls_last=True)
    return F(name).asc(nulls_last=True)


def _cell(column: TableColumn, row: Any) -> Cell:
    raw = get(row, column.getter)
    if isinstance(raw, Sparkline):
        return Cell("", None, column.shown_kind, spark=raw)
    value = as_value(raw)
    badge = raw if isinstance(raw, Enum) and hasattr(raw, "tone") else None
    url = column.link(row) if column.link else None
    return Cell(shown(value, column.kind), value, column.shown_kind, url or "", badge)


def shown(value: Value, kind: Kind = "text") -> str:
    """A value as the reader's language writes it; nothing for nothing, "0" for zero."""
    if isinstance(value, (int, Decimal)):
        number = show_decimal(value)
        return f"{number}{NBSP}%" if kind == "percent" else number
    if isinstance(value, datetime):
        return date_format(value, "j M Y, H:i")
    if isinstance(value, date):
        return date_format(value, "j M Y")
    return "" if value is None else str(value)
