"""What somebody wants to have of many quarters: of which, whose, about what, in which file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Institution
from common.canonical import canonical
from indicators.models import Indicator, Plan
from reports.choices import ExportKind, ReportStatus
from reports.models import Period, Report

Quarter = tuple[int, int]
"""Year and quarter."""


def quarter_code(quarter: Quarter) -> str:
    """2026-Q3."""
    return f"{quarter[0]}-Q{quarter[1]}"


def quarter_of(code: str) -> Quarter:
    """The quarter of such a code."""
    year, _sign, number = code.partition("-Q")
    return int(year), int(number)


@dataclass(frozen=True)
class Asked:
    """A question: the quarters from the first to the last; where a filter is empty, all."""

    plan: Plan
    first: Quarter
    last: Quarter
    kind: ExportKind = ExportKind.XLSX
    institutions: tuple[str, ...] = ()
    objective: str = ""
    indicators: tuple[str, ...] = ()
    states: tuple[str, ...] = ()

    def holds(self, period: Period) -> bool:
        """Whether a quarter is one of them."""
        return self.first <= (period.year, period.quarter) <= self.last

    def wants(self, report: Report) -> bool:
        """Whether a report is one of those asked for."""
        return (
            self.holds(report.period)
            and (not self.institutions or report.institution.code in self.institutions)
            and (not self.states or report.status in self.states)
        )

    def objectives(self) -> set[int]:
        """The objective asked for with everything below it; all of the plan without one."""
        rows = list(self.plan.objectives.order_by("depth").values_list("pk", "parent", "code"))
        if not self.objective:
            return {pk for pk, _parent, _code in rows}
        found: set[int] = set()
        for pk, parent, code in rows:
            if code == self.objective or parent in found:
                found.add(pk)
        return found

    def wanted_indicators(self) -> list[Indicator]:
        """The indicators asked for, in the order of the plan."""
        rows = self.plan.indicators.filter(objective__in=self.objectives())
        if self.indicators:
            rows = rows.filter(code__in=self.indicators)
        return list(rows.select_related("objective", "plan").order_by("order", "code"))

    def text(self) -> str:
        """The question as canonical JSON, which `read` turns back."""
        told = {
            "first": quarter_code(self.first),
            "last": quarter_code(self.last),
            "kind": self.kind.value,
            "institutions": sorted(self.institutions),
            "objective": self.objective,
            "indicators": sorted(self.indicators),
            "states": sorted(self.states),
        }
        return canonical({"plan": self.plan.code, **told})

    @property
    def filename(self) -> str:
        """The name under which its file is downloaded."""
        ends = [f"{year}Q{quarter}" for year, quarter in (self.first, self.last)]
        topic = [_("consolidated")] if self.kind is ExportKind.BOOK else []
        return f"{'-'.join([self.plan.code, *ends, *topic])}.{self.kind.ending}"


def read(plan: Plan, told: Mapping[str, Any]) -> Asked:
    """A question that was written down."""
    return Asked(
        plan,
        quarter_of(told["first"]),
        quarter_of(told["last"]),
        ExportKind(told["kind"]),
        tuple(told["institutions"]),
        told["objective"],
        tuple(told["indicators"]),
        tuple(told["states"]),
    )


def in_words(asked: Asked) -> list[tuple[str, str]]:
    """The question, term by term."""
    states = [str(ReportStatus(state).label) for state in asked.states]
    return [
        (_("Plan"), str(asked.plan)),
        (_("From quarter"), quarter_code(asked.first)),
        (_("To quarter"), quarter_code(asked.last)),
        (_("Institutions"), ", ".join(_institutions(asked)) or _("All")),
        (_("Objective"), _objective(asked) or _("All")),
        (_("Indicators"), ", ".join(asked.indicators) or _("All")),
        (_("Status of the reports"), ", ".join(states) or _("All")),
    ]


def _institutions(asked: Asked) -> list[str]:
    named = Institution.objects.filter(country=asked.plan.country, code__in=asked.institutions)
    rows = named.order_by("code")
    return [str(row) for row in rows]


def _objective(asked: Asked) -> str:
    if not asked.objective:
        return ""
    row = asked.plan.objectives.filter(code=asked.objective).first()
    told = _("%(objective)s, with everything below it")
    return told % {"objective": row or asked.objective}
