"""The data-gap register: figures that are not there, and indicators that cannot be judged."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from indicators.choices import BaselineState, Kind, Mark, ObservationState, Status
from publishing.choices import GapKind
from publishing.reading.answers import Owed, owed_by_all
from publishing.reading.basic import Quarter
from publishing.reading.plan import Indicator, Institution
from publishing.reading.structure import Parts
from reports.choices import Side

OF_ANSWER = {
    None: GapKind.NO_REPORT,
    ObservationState.NOT_AVAILABLE: GapKind.NOT_AVAILABLE,
    ObservationState.NOT_APPLICABLE: GapKind.NOT_APPLICABLE,
    ObservationState.WITHHELD: GapKind.WITHHELD,
}


@dataclass(frozen=True)
class Hole:
    """One entry of the register.

    `institution` and `quarter` are None where the indicator as a whole lacks something; `running`
    tells for how many quarters in a row, until this one, the figure has been missing.
    """

    kind: GapKind
    indicator: Indicator
    institution: Institution | None = None
    quarter: Quarter | None = None
    running: int | None = None
    owed: Owed | None = field(default=None, repr=False)

    def concerns(self, code: str) -> bool:
        """Whether it is this institution's; what an indicator lacks is all its institutions'."""
        bodies = [self.institution] if self.institution else self.indicator.responsible
        return any(body.code == code for body in bodies)

    @property
    def reason(self) -> str:
        """Why: in the words of the institution, else in ours, in the reader's language."""
        if self.owed and self.owed.answer:
            return self.owed.answer.reason
        if self.owed and self.owed.missing:
            return _where(self.owed.missing.lies_with)
        return str(WHY[self.kind]()) if self.kind in WHY else ""


def _where(side: Side) -> str:
    if side is Side.COALITION:
        return _("Its report is not in this edition: it was sent and is with the coalition.")
    return _("Its report is not in this edition: not sent, or being corrected.")


WHY = {
    GapKind.INCOMPLETE: lambda: _("A denominator or an earlier quarter is missing."),
    GapKind.NEVER: lambda: _("It was due, and no institution ever gave a figure."),
    GapKind.NO_TARGET: lambda: _("Without a target nobody can say how far it is."),
    GapKind.NO_BASELINE: lambda: _("Without a starting point there is no progress to compute."),
}


def _unanswered(rows: Iterable[Owed]) -> Iterator[Hole]:
    """Figures without a value, each with how long it has been missing."""
    running: Counter[tuple[str, str]] = Counter()
    for owed in rows:
        place = (owed.indicator.code, owed.institution.code)
        running[place] = 0 if owed.is_given else running[place] + 1
        if not owed.is_given:
            kind = OF_ANSWER[owed.state]
            found = (kind, owed.indicator, owed.institution, owed.quarter, running[place])
            yield Hole(*found, owed=owed)


def _incomplete(row: Indicator) -> Iterator[Hole]:
    """Quarters in which a denominator or an earlier figure is missing."""
    running = 0
    for found in row.assessments.values():
        if found.status is Status.NOT_DUE:
            continue
        running = running + 1 if Mark.INCOMPLETE in found.marks else 0
        if running:
            yield Hole(GapKind.INCOMPLETE, row, None, found.quarter, running)


def _lacks(row: Indicator) -> Iterator[GapKind]:
    """What the indicator lacks as a whole. Words are not held against a target."""
    if _never(row):
        yield GapKind.NEVER
    if row.kind is Kind.NARRATIVE:
        return
    if not row.targets:
        yield GapKind.NO_TARGET
    if row.baseline.state is BaselineState.UNKNOWN:
        yield GapKind.NO_BASELINE


def _never(row: Indicator) -> bool:
    due = any(found.status is not Status.NOT_DUE for found in row.assessments.values())
    told = (told for line in row.lines for told in line.observations.values())
    return due and not any(one.state is ObservationState.VALUE for one in told)


def register(parts: Parts) -> list[Hole]:
    """Every gap: what is missing of an indicator as a whole, then its figures, newest first.

    Of a restricted indicator only missing reports are told: an edition holds none of its answers,
    and neither its targets nor its start.
    """
    figures: dict[str, list[Hole]] = defaultdict(list)
    for hole in _unanswered(owed_by_all(parts)):
        figures[hole.indicator.code].append(hole)
    found = []
    for code, row in parts.indicators.items():
        if not row.is_restricted:
            found += [Hole(kind, row) for kind in _lacks(row)]
            figures[code] += _incomplete(row)
        found += sorted(figures[code], key=_since, reverse=True)
    return found


def _since(hole: Hole) -> str:
    return hole.quarter.code if hole.quarter else ""


def kinds(rows: Iterable[Hole]) -> list[tuple[GapKind, int]]:
    """How many gaps there are of each kind that occurs."""
    number = Counter(row.kind for row in rows)
    return [(kind, number[kind]) for kind in GapKind if number[kind]]
