"""A table read row by row: its figures, every mistake at once, and the words nobody knows."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Institution
from common import clock
from common.canonical import sha256
from common.numbers import NumberError, to_decimal
from common.reader import Cell
from indicators.choices import Kind
from indicators.loading.problems import Problem
from indicators.loading.values import as_text
from indicators.models import Indicator, Plan
from reports.history.mapping import ColumnRole, Mapping
from reports.history.spans import Span, SpanError, read_span, year_and_quarter
from reports.history.tables import Table
from reports.history.words import UnknownWord, Vocabulary
from reports.models import HistoricValue

NUMBERS = (ColumnRole.VALUE, ColumnRole.NUMERATOR, ColumnRole.DENOMINATOR)
Numbers = tuple[Decimal | None, Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True)
class Figure:
    """One row as it would be stored; `place` is what must differ between two in force."""

    row: int
    indicator: Indicator
    institution: Institution | None
    span: Span
    cell: str
    is_share: bool
    numbers: Numbers
    source: str
    note: str
    place: str

    @property
    def said_by(self) -> str:
        """Whose figure it is: an institution's, else that of its source."""
        return self.institution.code if self.institution else self.source


@dataclass
class Reading:
    """What a table says. Only without `problems` it can be stored.

    `unknown` has for each role, or heading of a column of parts, its unknown words and their rows.
    `blank` are the rows without any figure: they are left out.
    """

    figures: list[Figure] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unknown: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    blank: list[int] = field(default_factory=list)


def read_table(table: Table, mapping: Mapping, plan: Plan) -> Reading:
    """Read every row by the mapping, in the database's words of the plan. Five queries."""
    reading = Reading()
    mapping = mapping.fitted(table.headings)
    sentences = [*_doubled(table), *mapping.problems]
    if sentences:
        reading.problems = [Problem("", 0, "", sentence) for sentence in sentences]
        return reading
    rows = _Rows(table, mapping, Vocabulary(plan, mapping), reading)
    for index, cells in enumerate(table.rows):
        rows.read(table.number(index), cells)
    _find_doubles(reading)
    return reading


def _doubled(table: Table) -> list[str]:
    names = [name for name in table.headings if name]
    text = _("Two columns are called “%(name)s”. Give each a name of its own.")
    return [text % {"name": name} for name in dict.fromkeys(names) if names.count(name) > 1]


class _Rows:
    """Reads rows; what the same words mean is found out once."""

    def __init__(
        self, table: Table, mapping: Mapping, vocabulary: Vocabulary, reading: Reading
    ) -> None:
        self.mapping, self.vocabulary, self.reading = mapping, vocabulary, reading
        places = {name: at for at, name in enumerate(table.headings) if name}
        self.at = {role: [places[n] for n in mapping.headings(role)] for role in ColumnRole}
        self.headings = {role: ", ".join(mapping.headings(role)) for role in ColumnRole}
        self.cell_headings = mapping.headings(ColumnRole.CELL)
        self.indicator = lru_cache(None)(vocabulary.indicator)
        self.institution = lru_cache(None)(vocabulary.institution)
        self.cell = lru_cache(None)(vocabulary.cell)
        self.span = lru_cache(None)(read_span)
        self.today = clock.today(vocabulary.plan.time_zone)

    def read(self, number: int, cells: list[Cell]) -> None:
        """Take in one row: a figure, or every mistake in it."""
        if all(cell is None for cell in cells):
            return
        wrong: list[Problem] = []
        numbers = self._numbers(number, cells, wrong)
        if not wrong and numbers == (None, None, None):
            self.reading.blank.append(number)
            return
        tried = self._try
        span = tried(number, wrong, ColumnRole.PERIOD, lambda: self._span(cells))
        texts = tuple(self._texts(cells, ColumnRole.INDICATOR))
        indicator = tried(number, wrong, ColumnRole.INDICATOR, lambda: self.indicator(texts))
        word = self._text(cells, ColumnRole.INSTITUTION)
        institution = tried(number, wrong, ColumnRole.INSTITUTION, lambda: self.institution(word))
        named = tuple(zip(self.cell_headings, self._texts(cells, ColumnRole.CELL), strict=True))
        cell = indicator and tried(
            number, wrong, ColumnRole.CELL, lambda: self.cell(indicator, named)
        )
        source, note = (
            "; ".join(filter(None, self._texts(cells, role)))
            for role in (ColumnRole.SOURCE, ColumnRole.NOTE)
        )
        self._too_long(number, source, wrong)
        if indicator and not wrong:
            is_share = self.vocabulary.is_share(indicator, self._text(cells, ColumnRole.UNIT))
            place = place_of(indicator, institution, source, span, cell, is_share)
            figure = Figure(
                number,
                indicator,
                institution,
                span,
                cell,
                is_share,
                numbers,
                source,
                note,
                place,
            )
            wrong += self._unfit(figure)
            self.reading.figures.append(figure)
        self.reading.problems += wrong

    def _try(
        self, number: int, wrong: list[Problem], role: ColumnRole, read: Callable[[], Any]
    ) -> Any:
        """What is read, or nothing and a problem; unknown words are collected for the mapping."""
        try:
            return read()
        except UnknownWord as unknown:
            words = self.reading.unknown.setdefault(unknown.role, {})
            words.setdefault(unknown.word, []).append(number)
            is_part = role == ColumnRole.CELL
            heading = unknown.role if is_part else self.headings[role]
            wrong.append(Problem("", number, heading, str(unknown)))
        except SpanError as error:
            wrong.append(Problem("", number, self.headings[role], str(error)))
        return None

    def _span(self, cells: list[Cell]) -> Span:
        places = self.at[ColumnRole.PERIOD]
        cell = cells[places[0]]
        if len(places) > 1:
            cell = year_and_quarter(*self._texts(cells, ColumnRole.PERIOD)[:2])
        span = self.span(cell)
        if span.starts_on > self.today:
            raise SpanError(_("%(period)s has not begun yet.") % {"period": span})
        return span

    def _texts(self, cells: list[Cell], role: ColumnRole) -> list[str]:
        return [as_text(cells[at]) for at in self.at[role]]

    def _text(self, cells: list[Cell], role: ColumnRole) -> str:
        return "".join(self._texts(cells, role))

    def _numbers(self, number: int, cells: list[Cell], wrong: list[Problem]) -> Numbers:
        found: list[Decimal | None] = []
        for role in NUMBERS:
            places = self.at[role]
            try:
                cell = cells[places[0]] if places else None
                found.append(to_decimal(cell, self.mapping.language))
            except NumberError as error:
                found.append(None)
                wrong.append(Problem("", number, self.headings[role], str(error)))
        return found[0], found[1], found[2]

    def _too_long(self, number: int, source: str, wrong: list[Problem]) -> None:
        limit = HistoricValue._meta.get_field("source").max_length or 0
        if len(source) > limit:
            text = _("The source has %(long)d characters; at most %(limit)d fit.")
            sentence = text % {"long": len(source), "limit": limit}
            wrong.append(Problem("", number, self.headings[ColumnRole.SOURCE], sentence))

    def _unfit(self, figure: Figure) -> list[Problem]:
        return [
            Problem("", figure.row, self.headings[role] or self.headings[ColumnRole.VALUE], text)
            for role, text in unfit(figure)
        ]


def unfit(figure: Figure) -> list[tuple[ColumnRole, str]]:
    """Why the numbers of a row are no answer of its indicator."""
    value, top, bottom = figure.numbers
    found = []
    if (top is None) != (bottom is None):
        role = ColumnRole.DENOMINATOR if bottom is None else ColumnRole.NUMERATOR
        found.append((role, _("A numerator and a denominator stand together or not at all.")))
    if top is not None and (figure.is_share or not figure.indicator.is_share):
        text = _("%(indicator)s takes one value, no numerator and denominator.")
        found.append((ColumnRole.NUMERATOR, text % {"indicator": figure.indicator.code}))
    is_yes_no = figure.indicator.kind == Kind.YES_NO and not figure.is_share
    if is_yes_no and value not in (None, 0, 1):
        found.append((ColumnRole.VALUE, _("Write 1 for yes and 0 for no.")))
    return found


def place_of(
    indicator: Indicator,
    institution: Institution | None,
    source: str,
    span: Span,
    cell: str,
    is_share: bool,
) -> str:
    """The hash of what must differ between two figures in force."""
    said_by = f"institution {institution.pk}" if institution else f"source {source}"
    return sha256(f"{indicator.pk}|{span.starts_on}|{span.ends_on}|{cell}|{is_share}|{said_by}")


def _find_doubles(reading: Reading) -> None:
    """The same figure twice in one table: nobody can say which one is meant."""
    rows: dict[str, list[Figure]] = defaultdict(list)
    for figure in reading.figures:
        rows[figure.place].append(figure)
    text = _(
        "Row %(row)d gives a figure for the same indicator, source, period and part. Delete one."
    )
    for first, *others in rows.values():
        for other in others:
            sentence = text % {"row": first.row}
            reading.problems.append(Problem("", other.row, "", sentence))
    reading.problems.sort(key=lambda problem: problem.row)
