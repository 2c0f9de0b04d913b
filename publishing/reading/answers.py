"""Every figure that was owed, and whether it was given.

Restricted indicators are left out where an edition does not hold their answers.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from indicators.choices import ObservationState, Status
from publishing.reading.basic import Quarter
from publishing.reading.official import Line, Missing, Observation
from publishing.reading.plan import Indicator, Institution
from publishing.reading.structure import Parts

Absent = Mapping[tuple[str, str], Missing]


@dataclass(frozen=True)
class Owed:
    """A figure that one institution owed for a quarter: answered, or its report is not in."""

    indicator: Indicator
    institution: Institution
    quarter: Quarter
    line: Line | None = None
    missing: Missing | None = None

    @property
    def answer(self) -> Observation | None:
        """The answer for the total; where only parts were asked, the first of them."""
        if self.line is None:
            return None
        return self.line.total or next(iter(self.line.observations.values()), None)

    @property
    def state(self) -> ObservationState | None:
        """What was answered; None where the report is not in the edition."""
        return self.answer.state if self.answer else None

    @property
    def is_given(self) -> bool:
        return self.state is ObservationState.VALUE


def owed_by_all(parts: Parts) -> list[Owed]:
    """What was owed, by indicator and, within it, by quarter, oldest first.

    A line without any answer says nothing of its figure, and is left out: so are, in an edition,
    all lines of restricted indicators. That a report is missing is told of these too.
    """
    absent = {(m.institution.code, m.quarter.code): m for m in parts.missing}
    return [owed for row in parts.indicators.values() for owed in _owed(row, parts, absent)]


def _owed(row: Indicator, parts: Parts, absent: Absent) -> Iterator[Owed]:
    lines: dict[str, list[Line]] = defaultdict(list)
    for line in row.lines:
        lines[line.quarter.code].append(line)
    for code, judged in row.assessments.items():
        if judged.status is not Status.NOT_DUE:
            yield from _in_quarter(row, parts.quarters[code], lines[code], absent)


def _in_quarter(
    row: Indicator, quarter: Quarter, lines: Iterable[Line], absent: Absent
) -> Iterator[Owed]:
    told = [Owed(row, line.institution, quarter, line) for line in lines]
    yield from (owed for owed in told if owed.answer)
    for body in row.responsible:
        missing = absent.get((body.code, quarter.code))
        if missing:
            yield Owed(row, body, quarter, missing=missing)


def given_of(rows: Iterable[Owed]) -> tuple[int, int]:
    """How many figures were given, of how many; the restricted are in neither number."""
    counted = [row.is_given for row in rows if not row.indicator.is_restricted]
    return sum(counted), len(counted)
