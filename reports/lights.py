"""The three lights of every indicator in a quarter, as one person may read them. Never merged.

The computed status is the stored one: that of validated and published reports.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from accounts.models import User
from indicators.choices import Mark, Status
from indicators.lights import comparable, differ
from indicators.models import Indicator
from reports import rules
from reports.choices import Difference, RatingValue, differences_of
from reports.exports.figures import Rated, rated_lines
from reports.exports.source import Source, load
from reports.models import Assessment, LightReply, Line, Period, Report


@dataclass(frozen=True)
class Computed:
    """What the official figures say of an indicator at the end of a quarter.

    `status` is None where others contribute whose figures she does not read. `official` of the
    `owed` reports of the quarter are validated.
    """

    status: Status | None = None
    marks: tuple[Mark, ...] = ()
    official: int = 0
    owed: int = 0
    page: str = ""

    @property
    def is_provisional(self) -> bool:
        """Whether it may change as soon as more reports of the quarter are validated."""
        waits = self.official < self.owed or Mark.PROVISIONAL in self.marks
        return self.status is not None and waits

    @property
    def cautions(self) -> list[Mark]:
        """The marks beside the status, provisional first where it is."""
        others: list[Mark] = [mark for mark in self.marks if mark is not Mark.PROVISIONAL]
        return [Mark.PROVISIONAL, *others] if self.is_provisional else others


@dataclass(frozen=True)
class Light:
    """One indicator as one institution and the coalition see it, beside what is computed."""

    rated: Rated
    computed: Computed
    can_reply: bool = False

    @property
    def report(self) -> Report:
        return self.rated.report

    @property
    def line(self) -> Line:
        return self.rated.line

    @property
    def indicator(self) -> Indicator:
        return self.rated.indicator

    @property
    def ministry(self) -> RatingValue | None:
        return self.rated.ministry

    @property
    def coalition(self) -> RatingValue | None:
        return self.rated.coalition

    @property
    def reply(self) -> LightReply | None:
        return self.rated.reply

    @cached_property
    def differences(self) -> list[Difference]:
        """Which of the lights contradict each other; a light that is missing contradicts none."""
        return differences_of(comparable(self.computed.status), self.ministry, self.coalition)

    @property
    def sides_differ(self) -> bool:
        return Difference.SIDES in self.differences

    @property
    def differ_in_words(self) -> str:
        return "; ".join(str(kind.label) for kind in self.differences)


@dataclass(frozen=True)
class Lights:
    """One indicator with its computed status, and a row for each report that speaks of it."""

    indicator: Indicator
    computed: Computed
    rows: list[Light]


def _stored(period: Period) -> dict[str, Assessment]:
    rows = Assessment.objects.filter(period=period, cell_set="").select_related("indicator")
    return {row.indicator.code: row for row in rows}


def _computed(source: Source) -> dict[str, Computed]:
    """By indicator what is computed; only of what somebody owed whose figures she reads."""
    stored, found = _stored(source.period), {}
    final = {report.institution.code for report in source.reports if report.state.is_final}
    for indicator in source.indicators:
        reading, row = source.reading(indicator), stored.get(indicator.code)
        if row is None or not reading.units or not source.is_in_scope(reading):
            continue
        if not source.reads_all(reading):
            found[indicator.code] = Computed()
            continue
        owing = {code for code, pks in reading.units.items() if source.period.pk in pks}
        found[indicator.code] = Computed(
            Status(row.status),
            tuple(Mark(mark) for mark in row.results[""]["marks"]),
            len(owing & final),
            len(owing),
            _page(source, indicator),
        )
    return found


def _page(source: Source, indicator: Indicator) -> str:
    """Where it is told how the status was computed, for those who read its figures."""
    if source.hides_total(indicator):
        return ""
    return reverse("computed", args=[source.period.pk, indicator.code])


def _rows(source: Source, computed: dict[str, Computed]) -> dict[str, list[Light]]:
    found: dict[str, list[Light]] = defaultdict(list)
    for rated in rated_lines(source):
        code = rated.indicator.code
        sides = differ(rated.ministry, rated.coalition)
        can_reply = sides and rules.can_reply_to_difference(source.user, rated.report)
        found[code].append(Light(rated, computed.get(code, Computed()), can_reply))
    return found


def lights_of(period: Period, user: User) -> list[Lights]:
    """Every indicator of a quarter with its three lights, in the order of the plan.

    Queries: a fixed number, as for the quarter's workbook; its rules on who reads what hold here.
    """
    source = load(user, period)
    computed = _computed(source)
    rows = _rows(source, computed)
    return [
        Lights(indicator, computed[indicator.code], rows.get(indicator.code, []))
        for indicator in source.indicators
        if indicator.code in computed
    ]
