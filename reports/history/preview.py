"""What storing a draft would do: what is new, what replaces what, what stands there already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from common.canonical import canonical, sha256
from common.numbers import show_decimal
from indicators.cells import cells_of
from indicators.loading.problems import Problem
from indicators.models import Indicator
from reports.history.faults import Found, find_faults
from reports.history.mapping import Mapping, read_mapping
from reports.history.reading import Figure, Numbers, Reading, read_table
from reports.history.tables import Table, table_of
from reports.history.words import parts_of
from reports.models import HistoricValue, ImportBatch


@dataclass(frozen=True)
class Stored:
    """A figure in force."""

    pk: int
    numbers: Numbers
    source: str
    note: str


@dataclass
class Preview:
    """A draft against what is in force. `mark` is the hash of what would be stored."""

    table: Table
    mapping: Mapping
    reading: Reading
    faults: list[Found] = field(default_factory=list)
    new: list[Figure] = field(default_factory=list)
    changed: list[tuple[Stored, Figure]] = field(default_factory=list)
    same: list[Figure] = field(default_factory=list)

    @property
    def problems(self) -> list[Problem]:
        return self.reading.problems

    @property
    def to_store(self) -> list[tuple[Stored | None, Figure]]:
        """What would be written, in the order of the table, with what it takes the place of."""
        pairs: list[tuple[Stored | None, Figure]] = [(None, figure) for figure in self.new]
        return sorted([*pairs, *self.changed], key=lambda pair: pair[1].row)

    @property
    def can_store(self) -> bool:
        return not self.problems and bool(self.new or self.changed)

    @property
    def mark(self) -> str:
        told = [
            (old.pk if old else None, new.place, new.numbers, new.source, new.note)
            for old, new in self.to_store
        ]
        return sha256(canonical(told))


def preview(batch: ImportBatch) -> Preview:
    """Read a draft anew. Six queries, whatever the number of rows."""
    table, mapping = table_of(batch), read_mapping(batch.mapping)
    found = Preview(table, mapping, read_table(table, mapping, batch.plan))
    if found.problems:
        return found
    figures = found.reading.figures
    indicators = {figure.indicator.pk: figure.indicator for figure in figures}
    parts = {pk: parts_of(row) for pk, row in indicators.items()}
    found.faults = find_faults(figures, parts, mapping.share_of)
    _compare(found, in_force(indicators))
    return found


def in_force(indicators: Iterable[int]) -> dict[str, Stored]:
    """The figures in force of these indicators, by their place."""
    rows = HistoricValue.objects.filter(indicator__in=list(indicators), in_force=True)
    fields = ("place", "pk", "value", "numerator", "denominator", "source", "note")
    return {
        place: Stored(pk, (value, top, bottom), source, note)
        for place, pk, value, top, bottom, source, note in rows.order_by().values_list(*fields)
    }


def _compare(found: Preview, known: dict[str, Stored]) -> None:
    for figure in found.reading.figures:
        stands = known.get(figure.place)
        if stands is None:
            found.new.append(figure)
        elif (stands.numbers, stands.source, stands.note) == (
            figure.numbers,
            figure.source,
            figure.note,
        ):
            found.same.append(figure)
        else:
            found.changed.append((stands, figure))


@dataclass(frozen=True)
class Shown:
    """One figure as a page shows it; `old` is what it would replace."""

    row: int
    indicator: Indicator
    period: str
    cell: str
    said_by: str
    new: str
    old: str = ""


def shown(pairs: Sequence[tuple[Stored | None, Figure]]) -> list[Shown]:
    """Figures for people: parts by their titles, numbers as the reader's language writes them."""
    labels: dict[int, dict[str, str]] = {}
    rows = []
    for old, new in pairs:
        named = labels.get(new.indicator.pk)
        if named is None:
            named = {cell.key: cell.label for cell in cells_of(new.indicator)}
            labels[new.indicator.pk] = named
        rows.append(
            Shown(
                new.row,
                new.indicator,
                str(new.span),
                named.get(new.cell) or cell_label(new.indicator, new.cell),
                new.said_by,
                figure_text(new.numbers, is_share=new.is_share or new.indicator.is_share),
                figure_text(old.numbers, is_share=new.is_share or new.indicator.is_share)
                if old
                else "",
            )
        )
    return rows


def cell_label(indicator: Indicator, cell: str) -> str:
    """A crossed part where the indicator's own cells are not crossed: its categories' titles."""
    dimensions = {split.dimension.code: split.dimension for split in indicator.splits.all()}
    return " · ".join(
        next((str(row) for row in dimensions[name].categories.all() if row.code == part), part)
        for name, part in (pair.split("=", 1) for pair in cell.split(";") if pair)
        if name in dimensions
    )


def figure_text(numbers: Numbers, *, is_share: bool) -> str:
    """A value, a stated percentage, or a fraction, for people."""
    value, top, bottom = numbers
    if bottom is not None:
        fraction = f"{_number(top)} / {_number(bottom)}"
        return f"{fraction} ({_number(value)} %)" if value is not None else fraction
    return f"{_number(value)} %" if is_share else _number(value)


def _number(value: Decimal | None) -> str:
    return "" if value is None else show_decimal(value)
