"""The three lights of every indicator in a quarter, as one person may read them. Never merged.

`lights_of` alone knows where computed statuses come from: here they are computed from the official
answers a person reads, that is from validated and published reports.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from accounts.models import User
from indicators.choices import Mark, Status
from indicators.lights import comparable, differ
from indicators.models import Indicator
from reports import rules
from reports.assessing import Answered, inputs_of, judged
from reports.choices import Difference, RatingValue
from reports.exports.figures import Rated, rated_lines
from reports.exports.source import Source, load
from reports.models import LightReply, Line, Period, Report


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
        status = comparable(self.computed.status)
        found = {
            Difference.SIDES: differ(self.ministry, self.coalition),
            Difference.MINISTRY: differ(self.ministry, status),
            Difference.COALITION: differ(self.coalition, status),
        }
        return [kind for kind, is_there in found.items() if is_there]

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


def _official(source: Source) -> Source:
    """The same with the answers of validated and published reports only."""
    final = {
        (report.institution.code, report.period_id)
        for report in (*source.earlier, *source.reports)
        if report.state.is_final
    }
    kept = {key: told for key, told in source.answered.answers.items() if key[1:] in final}
    return replace(source, answered=Answered(source.answered.owed, kept))


def _computed(source: Source) -> dict[str, Computed]:
    """By indicator what is computed; only of what somebody owed whose figures she reads."""
    official, found = _official(source), {}
    final = {report.institution.code for report in source.reports if report.state.is_final}
    for indicator in source.indicators:
        reading = official.reading(indicator)
        if not reading.units or not source.is_in_scope(reading):
            continue
        owing = {code for code, pks in reading.units.items() if source.period.pk in pks}
        if not source.reads_all(reading):
            found[indicator.code] = Computed()
            continue
        result = judged(reading, inputs_of(reading, reading.combined()))
        found[indicator.code] = Computed(
            result.status, result.marks, len(owing & final), len(owing)
        )
    return found


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


def differences_in(every: Iterable[Lights]) -> list[Light]:
    """The rows in which at least two lights come to different views."""
    return [row for one in every for row in one.rows if row.differences]
