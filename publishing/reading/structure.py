"""From plain data to the typed parts of a plan, linked to each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from indicators.choices import (
    BaselineState,
    Certainty,
    Direction,
    Kind,
    Sensitivity,
)
from publishing.disclosure import Figure
from publishing.reading.basic import Amount, Quarter, Text
from publishing.reading.official import Missing, Report
from publishing.reading.plan import (
    Action,
    Baseline,
    FrameworkItem,
    Indicator,
    Institution,
    Objective,
    OwnThresholds,
    PlanPart,
    Target,
)

Data = Mapping[str, Any]
DECLARED = ("value_meaning", "over_time", "over_units", "frequency")


@dataclass
class Parts:
    """Everything of a snapshot, by code, in the snapshot's order."""

    plan: PlanPart
    institutions: dict[str, Institution] = field(default_factory=dict)
    frameworks: dict[str, FrameworkItem] = field(default_factory=dict)
    objectives: dict[str, Objective] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)
    quarters: dict[str, Quarter] = field(default_factory=dict)
    reports: list[Report] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)


def as_figure(value: str | None) -> Figure | None:
    """A figure back from JSON: "<10" stays a text."""
    if value is None or value.startswith("<"):
        return value
    return Decimal(value)


def as_number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def as_date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def sure_date(value: str) -> date:
    return date.fromisoformat(value)


def as_amount(data: Data) -> Amount:
    return Amount(*(as_figure(data.get(name)) for name in ("value", "numerator", "denominator")))


def _sourced(data: Data) -> dict[str, Any]:
    return {
        "code": data["code"],
        "title": Text(data["title"]),
        "note": Text(data["note"]),
        "source": data["source"],
        "certainty": Certainty(data["certainty"]),
    }


def plan_part(data: Data) -> PlanPart:
    return PlanPart(
        **_sourced(data),
        country=data["country"],
        starts_on=sure_date(data["starts_on"]),
        ends_on=sure_date(data["ends_on"]),
        adopted_on=as_date(data["adopted_on"]),
        currency=data["currency"],
        is_demonstration=data["is_demonstration"],
        levels={level["depth"]: Text(level["name"]) for level in data["levels"]},
        thresholds=data["thresholds"],
    )


def as_quarter(data: Data) -> Quarter:
    return Quarter(
        data["code"],
        data["year"],
        data["quarter"],
        *(sure_date(data[name]) for name in ("starts_on", "ends_on", "due_on")),
    )


def _objective(data: Data, parts: Parts) -> Objective:
    return Objective(
        **_sourced(data),
        depth=data["depth"],
        level=parts.plan.levels.get(data["depth"], Text()),
        frameworks=[parts.frameworks[code] for code in data["frameworks"]],
    )


def _link_objectives(rows: list[Data], parts: Parts) -> None:
    """Second pass: a child may stand before its parent in the file."""
    for data in rows:
        if data["parent"]:
            child, parent = parts.objectives[data["code"]], parts.objectives[data["parent"]]
            child.parent = parent
            parent.children.append(child)


def _action(data: Data, parts: Parts) -> Action:
    row = Action(
        **_sourced(data),
        objective=parts.objectives[data["objective"]],
        lead=parts.institutions[data["lead"]] if data["lead"] else None,
        supporting=[parts.institutions[code] for code in data["supporting"]],
        starts_on=as_date(data["starts_on"]),
        ends_on=as_date(data["ends_on"]),
        funding=[(f["source"], Decimal(f["planned"])) for f in data["funding"]],
        frameworks=[parts.frameworks[code] for code in data["frameworks"]],
    )
    row.objective.actions.append(row)
    if row.lead:
        row.lead.leads.append(row)
    for institution in row.supporting:
        institution.supports.append(row)
    return row


def _targets(rows: list[Data]) -> list[Target]:
    """Every version; of each cell and date the latest one is in force."""
    newest = {(row["cell"], row["as_of"]): row["version"] for row in rows}
    for row in rows:
        place = (row["cell"], row["as_of"])
        newest[place] = max(newest[place], row["version"])
    return [
        Target(
            row["cell"],
            sure_date(row["as_of"]),
            as_figure(row["value"]),
            row["version"],
            row["reason"],
            row["decision"],
            newest[row["cell"], row["as_of"]] == row["version"],
        )
        for row in sorted(rows, key=lambda r: (r["cell"], r["as_of"], r["version"]))
    ]


def _baseline(data: Data) -> Baseline:
    state = BaselineState(data["state"])
    return Baseline(state, as_figure(data["value"]), as_date(data["date"]), data["source"])


def _thresholds(data: Data) -> OwnThresholds | None:
    """Those of the indicator itself; None where the plan's hold."""
    good, fair = (as_number(data.get(name)) for name in ("on_track_at", "at_risk_at"))
    return OwnThresholds(good, fair, data.get("reason", "")) if good or fair else None


def _indicator(data: Data, parts: Parts) -> Indicator:
    row = Indicator(
        **_sourced(data),
        definition=Text(data["definition"]),
        unit=Text(data["unit"]),
        kind=Kind(data["kind"]),
        direction=Direction(data["direction"]),
        declared={name: data[name] for name in DECLARED},
        sensitivity=Sensitivity(data["sensitivity"]),
        baseline=_baseline(data["baseline"]),
        tolerance=as_number(data["tolerance"]),
        targets=_targets(data["targets"]),
        cells={cell["key"]: Text(cell["label"]) for cell in data["cells"]},
        objective=parts.objectives[data["objective"]],
        action=parts.actions[data["action"]] if data["action"] else None,
        responsible=[parts.institutions[code] for code in data["responsible"]],
        frameworks=[parts.frameworks[code] for code in data["frameworks"]],
        thresholds=_thresholds(data.get("own_thresholds") or {}),
    )
    row.objective.indicators.append(row)
    for institution in row.responsible:
        institution.indicators.append(row)
    return row


def parse_structure(data: Data) -> Parts:
    """The plan's own part of a snapshot, or of a plan that has no edition yet."""
    parts = Parts(plan_part(data["plan"]))
    for row in data["institutions"]:
        parts.institutions[row["code"]] = Institution(row["code"], Text(row["name"]), row["kind"])
    for row in data["frameworks"]:
        parts.frameworks[row["code"]] = FrameworkItem(
            row["code"],
            Text(row["framework"]),
            Text(row["title"]),
            row["pillar"],
            Certainty(row["certainty"]),
            row.get("order"),
        )
    for row in data["objectives"]:
        parts.objectives[row["code"]] = _objective(row, parts)
    _link_objectives(data["objectives"], parts)
    for row in data["actions"]:
        parts.actions[row["code"]] = _action(row, parts)
    for row in data["indicators"]:
        parts.indicators[row["code"]] = _indicator(row, parts)
    return parts
