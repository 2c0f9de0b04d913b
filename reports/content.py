"""A report's content as data: what a revision freezes and what it gives back."""

from decimal import Decimal
from typing import Any, NamedTuple

from common.canonical import canonical
from indicators.choices import ObservationState
from indicators.combine import Amount, Ratio
from reports.models import ActionProgress, Evidence, Line, Narrative, Observation, Report
from reports.money import money_rows

FIGURES = ("cell", "state", "value", "numerator", "denominator", "text", "reason")


class Told(NamedTuple):
    """An answer that is only read: the FIGURES of an observation, at a tenth of its weight."""

    cell: str
    state: str
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    text: str
    reason: str

    @property
    def is_value(self) -> bool:
        return self.state == ObservationState.VALUE

    @property
    def amount(self) -> Amount | None:
        """As `Observation.amount`."""
        if not self.is_value:
            return None
        if self.numerator is not None or self.denominator is not None:
            return Ratio(self.numerator, self.denominator)
        return self.value


def lines_with_content(report: Report) -> list[Line]:
    """The indicator lines with all they hold, in a fixed number of queries."""
    return list(
        report.lines.select_related("indicator").prefetch_related(
            "observations", "ratings", "evidence"
        )
    )


def _files(evidence: list[Evidence]) -> list[dict[str, Any]]:
    return [{"name": e.name, "sha256": e.sha256, "size": e.size} for e in evidence]


def _line(line: Line) -> dict[str, Any]:
    ratings = [r for r in line.ratings.all() if r.side == "ministry"]
    return {
        "indicator": line.indicator.code,
        "note": line.note,
        "observations": [
            {name: getattr(o, name) for name in FIGURES} for o in line.observations.all()
        ],
        "rating": {"value": ratings[0].value, "reason": ratings[0].reason} if ratings else None,
        "evidence": _files(list(line.evidence.all())),
    }


def _action(progress: ActionProgress, money: list[dict[str, Any]]) -> dict[str, Any]:
    """An action; `money` by source only where some is told, so that older hashes stay true."""
    return {
        "action": progress.action.code,
        "status": progress.status,
        "allocated": progress.allocated,
        "spent": progress.spent,
        "note": progress.note,
        "evidence": _files(list(progress.evidence.all())),
        **({"money": money} if money else {}),
    }


def content_of(report: Report, salt: str = "") -> str:
    """The whole content as canonical JSON: equal contents are equal text.

    The hash of what was reviewed is published, its small counts are not. A salt, which stays in,
    keeps anybody from trying out the few possible counts against the hash.
    """
    actions = report.actions.select_related("action").prefetch_related("evidence")
    money = money_rows([report])
    narrative = Narrative.objects.filter(report=report).first() or Narrative()
    loose = report.evidence.filter(line__isnull=True, action__isnull=True)
    return canonical(
        {
            "plan": report.period.plan.code,
            "period": report.period.code,
            "institution": report.institution.code,
            "lines": [_line(line) for line in lines_with_content(report)],
            "actions": [_action(row, money.get(row.pk, [])) for row in actions],
            "narrative": {name: getattr(narrative, name) for name in Narrative.FIELDS},
            "evidence": _files(list(loose)),
            **({"salt": salt} if salt else {}),
        }
    )


def _told(row: dict[str, Any]) -> Told:
    numbers = {
        name: None if row[name] is None else Decimal(row[name]) for name in Observation.FIGURES
    }
    return Told(**{**row, **numbers})


def told_in(line: dict[str, Any]) -> list[Told]:
    """The answers of one frozen line."""
    return [_told(row) for row in line["observations"]]


def observations_in(line: dict[str, Any]) -> list[Observation]:
    """The observations of one frozen line, as unsaved objects."""
    return [Observation(**told._asdict()) for told in told_in(line)]
