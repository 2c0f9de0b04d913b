"""Rows of figures: one for each indicator, and one for each report, indicator and cell."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from common.cells import Value
from indicators.cells import Cell, cells_of
from indicators.choices import Kind, ObservationState, OverUnits, Sensitivity
from indicators.combine import Combined, Ratio
from indicators.lights import differ
from indicators.models import Indicator
from indicators.progress import Assessment
from reports.assessing import Reading, inputs_of, judged, rounded
from reports.choices import RatingValue
from reports.exports.contents import Content
from reports.exports.source import Source
from reports.models import LightReply, Line, Observation, Rating, Report
from reports.queries import target_at

HUNDRED = Decimal(100)


def withheld_word(indicator: Indicator) -> str:
    """What stands in the place of a figure that this person may not read."""
    if indicator.sensitivity == Sensitivity.RESTRICTED:
        return _("restricted")
    return _("protected")


def readable(indicator: Indicator, figure: Decimal | None) -> Value:
    """A figure as a cell holds it: a number, or yes and no where that is asked."""
    if indicator.kind == Kind.YES_NO and figure in (0, 1):
        return _("Yes") if figure else _("No")
    return rounded(figure)


@dataclass(frozen=True)
class IndicatorRow:
    """An indicator at the end of the quarter, over all reports the person reads.

    `withheld` stands in the place of its figures. There is no `assessment` where others
    contribute whom she does not read: a part held against the whole target says nothing.
    """

    indicator: Indicator
    whole: Combined
    assessment: Assessment | None
    withheld: str
    target: Decimal | None = None
    target_date: date | None = None
    expected: Decimal | None = None
    validated: int = 0
    ministry: str = ""
    coalition: str = ""

    @property
    def responsible(self) -> str:
        return ", ".join(sorted(i.code for i in self.indicator.responsible.all()))

    @property
    def value(self) -> Value:
        if self.withheld:
            return self.withheld
        if self.indicator.over_units == OverUnits.SUM:
            return rounded(self.whole.value)
        return readable(self.indicator, self.whole.value)

    def half(self, name: str) -> Decimal | None:
        """Numerator or denominator of a combined share."""
        amount = self.whole.amount
        is_open = isinstance(amount, Ratio) and not self.withheld
        return getattr(amount, name) if is_open else None

    @property
    def coverage(self) -> Decimal | None:
        return rounded(HUNDRED * self.whole.coverage)

    @property
    def marks(self) -> str:
        marks = self.assessment.marks if self.assessment else ()
        return ", ".join(str(mark.label) for mark in marks)


@dataclass(frozen=True)
class ValueRow:
    """One cell of one indicator in one report."""

    report: Report
    indicator: Indicator
    cell: Cell | None
    now: Observation | None = None
    before: Observation | None = None
    before_in: Report | None = None
    comment: str = ""
    withheld: str = ""

    @property
    def answer(self) -> str:
        """What kind of answer it is, for nothing is not zero."""
        if self.withheld:
            return self.withheld
        if self.now is None:
            return _("Not answered")
        return str(ObservationState(self.now.state).label)

    @property
    def value(self) -> Value:
        """The plain figure; that of a share stands in its own columns."""
        return readable(self.indicator, self.now.value) if self.now else None

    @property
    def percent(self) -> Decimal | None:
        is_share = self.now is not None and self.now.denominator is not None
        return rounded(self.now.figure) if self.now and is_share else None

    @property
    def previous(self) -> Value:
        return readable(self.indicator, self.before.figure) if self.before else None

    @property
    def reason(self) -> str:
        return self.now.reason if self.now else ""

    @property
    def text(self) -> str:
        return self.now.text if self.now else ""


def value_rows(source: Source) -> list[ValueRow]:
    """By institution, indicator and cell, the total first."""
    return [
        row
        for report in source.reports
        for line in source.lines.get(report.pk, ())
        for row in _cells(source, report, source.by_code[line.indicator.code])
    ]


def _cells(source: Source, report: Report, indicator: Indicator) -> Iterator[ValueRow]:
    """One row without figures where they are withheld: not even what is blank is told."""
    if source.hides(report, indicator):
        yield ValueRow(report, indicator, None, withheld=withheld_word(indicator))
        return
    answers = source.answers(report, indicator.code)
    earlier = source.previous(report, indicator.code)
    comment = source.line(report, indicator.code).get("note", "")
    for cell in cells_of(indicator, _("Total")):
        before, before_in = earlier.get(cell.key, (None, None))
        told = comment if cell.is_total else ""
        yield ValueRow(report, indicator, cell, answers.get(cell.key), before, before_in, told)


def indicator_rows(source: Source) -> list[IndicatorRow]:
    """Every indicator that somebody she reads has owed until now, in the order of the plan."""
    rated = _ratings(source)
    readings = ((row, source.reading(row)) for row in source.indicators)
    return [
        _indicator_row(source, reading, rated.get(indicator.code, []))
        for indicator, reading in readings
        if reading.units and source.is_in_scope(reading)
    ]


def _indicator_row(source: Source, reading: Reading, rated: list["Rated"]) -> IndicatorRow:
    indicator, whole = reading.indicator, reading.combined()
    inputs = inputs_of(reading, whole)
    withheld = withheld_word(indicator) if source.hides_total(indicator) else ""
    target = None if withheld else target_at(indicator, source.period)
    return IndicatorRow(
        indicator,
        whole,
        judged(reading, inputs) if source.reads_all(reading) else None,
        withheld,
        target=target.value if target else None,
        target_date=target.as_of if target else None,
        expected=None if withheld else rounded(inputs.expected),
        validated=_validated(source, indicator),
        ministry=_joined((r.report, r.ministry) for r in rated),
        coalition=_joined((r.report, r.coalition) for r in rated),
    )


def _validated(source: Source, indicator: Indicator) -> int:
    """How many of the answers of this quarter are official."""
    final = [report for report in source.reports if report.state.is_final]
    return sum(1 for report in final if source.answers(report, indicator.code))


def _joined(ratings: Iterable[tuple[Report, RatingValue | None]]) -> str:
    """One word where all agree, else each institution's own."""
    given = [(report.institution.code, str(value.label)) for report, value in ratings if value]
    words = sorted({word for _code, word in given})
    if len(words) <= 1:
        return "".join(words)
    return "; ".join(f"{code}: {word}" for code, word in given)


@dataclass(frozen=True)
class Rated:
    """How both sides see one line; reasons and reply only where the figures may be read."""

    report: Report
    line: Line
    indicator: Indicator
    ministry: RatingValue | None
    ministry_reason: str
    coalition: RatingValue | None
    coalition_reason: str
    reply: LightReply | None = None

    @property
    def reply_text(self) -> str:
        """What the ministry answers to the difference."""
        return self.reply.text if self.reply else ""

    @property
    def differs(self) -> bool | None:
        both = self.ministry is not None and self.coalition is not None
        return self.ministry is not self.coalition if both else None


def rated_lines(source: Source) -> list[Rated]:
    """Every line of the reports she reads, by institution and indicator."""
    return [
        _rated(source, report, line)
        for report in source.reports
        for line in source.lines.get(report.pk, ())
    ]


def rating_rows(source: Source) -> list[Rated]:
    """By institution and indicator; lines that nobody rated are left out."""
    return [row for row in rated_lines(source) if row.ministry or row.coalition]


def _rated(source: Source, report: Report, line: Line) -> Rated:
    indicator = source.by_code[line.indicator.code]
    own: Content = source.line(report, indicator.code).get("rating") or {}
    other = source.coalition_rating(report, line)
    is_open = not source.hides(report, indicator)
    value = RatingValue(own["value"]) if own else None
    return Rated(
        report,
        line,
        indicator,
        value,
        own.get("reason", "") if is_open else "",
        RatingValue(other.value) if other else None,
        other.reason if other and is_open else "",
        _reply(value, other) if is_open else None,
    )


def _reply(own: RatingValue | None, other: Rating | None) -> LightReply | None:
    """The ministry's reply, as long as the two sides differ."""
    if other is None or not differ(own, other.value):
        return None
    return getattr(other.line, "light_reply", None)


def _ratings(source: Source) -> dict[str, list[Rated]]:
    found: dict[str, list[Rated]] = {}
    for row in rating_rows(source):
        found.setdefault(row.indicator.code, []).append(row)
    return found
