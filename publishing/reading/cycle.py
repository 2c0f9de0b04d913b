"""From a snapshot's plain data to what was reported, hung up at the parts of the plan."""

from datetime import datetime

from indicators.choices import Mark, ObservationState, Status
from publishing.reading.basic import Amount, Later, Quarter
from publishing.reading.official import (
    ActionReport,
    Assessment,
    Issue,
    Line,
    Missing,
    Observation,
    Rating,
    Reply,
    Report,
    SourceMoney,
)
from publishing.reading.plan import Indicator, Institution
from publishing.reading.structure import (
    Data,
    Parts,
    as_amount,
    as_date,
    as_figure,
    as_number,
    as_quarter,
    parse_structure,
)
from reports.choices import ActionStatus, RatingValue, Side


def _rating(data: Data | None) -> Rating | None:
    return Rating(RatingValue(data["value"]), data["reason"]) if data else None


def _reply(data: Data | None) -> Reply | None:
    """The right of reply; editions of earlier times know none."""
    return (
        Reply(data["text"], as_date((data.get("on") or "")[:10]))
        if data and data.get("text")
        else None
    )


def _observation(data: Data) -> Observation:
    state = ObservationState(data["state"])
    return Observation(data["cell"], state, as_amount(data), data["text"], data["reason"])


def _observations(rows: list[Data]) -> dict[str, Observation]:
    return {row["cell"]: _observation(row) for row in rows}


def _amounts(cells: Data) -> dict[str, Amount]:
    return {key: as_amount(cell) for key, cell in cells.items()}


def _line(data: Data, institution: Institution, quarter: Quarter) -> Line:
    ratings = {Side(side): _rating(told) for side, told in data["ratings"].items()}
    return Line(
        institution,
        quarter,
        data["note"],
        Later(data["observations"], _observations),
        {side: rating for side, rating in ratings.items() if rating},
        _reply(data.get("reply")),
        data.get("files"),
    )


def _source(data: Data) -> SourceMoney:
    return SourceMoney(data["source"], as_number(data["allocated"]), as_number(data["spent"]))


def _action_report(data: Data, institution: Institution, quarter: Quarter) -> ActionReport:
    return ActionReport(
        institution,
        quarter,
        ActionStatus(data["status"]) if data["status"] else None,
        as_number(data["allocated"]),
        as_number(data["spent"]),
        data["note"],
        tuple(_source(row) for row in data.get("money", ())),
    )


def _report(data: Data, parts: Parts) -> Report:
    institution = parts.institutions[data["institution"]]
    quarter = parts.quarters[data["period"]]
    for line in data["lines"]:
        parts.indicators[line["indicator"]].lines.append(_line(line, institution, quarter))
    for row in data["actions"]:
        if row["action"] in parts.actions:
            told = _action_report(row, institution, quarter)
            parts.actions[row["action"]].reports.append(told)
    return Report(
        institution,
        quarter,
        data["revision"],
        data["sha256"],
        as_date(data["submitted_on"]),
        data["was_late"],
        data["narrative"],
    )


def _assessment(data: Data, quarter: Quarter) -> Assessment:
    return Assessment(
        quarter=quarter,
        status=Status(data["status"]),
        marks=[Mark(mark) for mark in data["marks"]],
        rules_version=data["rules_version"],
        reported=data["coverage"]["reported"],
        expected_units=data["coverage"]["expected"],
        amount=as_amount(data),
        target=as_figure(data["target"]),
        expected=as_figure(data["expected"]),
        progress=as_number(data.get("progress")),
        pace=as_number(data.get("pace")),
        inputs=data.get("inputs"),
        cells=Later(data["cells"], _amounts),
    )


def _latest(indicator: Indicator) -> Assessment | None:
    """The assessment of the last quarter in which it was due: it stands until the next one."""
    told = list(indicator.assessments.values())
    due = [row for row in told if row.status is not Status.NOT_DUE]
    found = due or told
    return found[-1] if found else None


def parse_snapshot(data: Data) -> Parts:
    """A whole snapshot."""
    parts, current = parse_structure(data), data["edition"]["period"]
    parts.quarters = {row["code"]: as_quarter(row) for row in data["periods"]}
    parts.reports = [_report(row, parts) for row in data["reports"]]
    parts.missing = [
        Missing(
            parts.institutions[row["institution"]],
            parts.quarters[row["period"]],
            Side(row["lies_with"]),
        )
        for row in data["missing"]
    ]
    for row in data["assessments"]:
        found = _assessment(row, parts.quarters[row["period"]])
        parts.indicators[row["indicator"]].assessments[row["period"]] = found
    for indicator in parts.indicators.values():
        indicator.now = _latest(indicator)
        indicator.quarter = indicator.now.quarter.code if indicator.now else current
    for action in parts.actions.values():
        action.quarter = current
    return parts


def parse_issue(data: Data, parts: Parts, sha256: str) -> Issue:
    """The edition's own particulars."""
    told = data["edition"]
    return Issue(
        address=told["address"],
        number=told["number"],
        published_at=datetime.fromisoformat(told["published_at"]),
        audit_head=told["audit_head"],
        note=told["note"],
        quarter=parts.quarters[told["period"]],
        rules_version=data["rules_version"],
        sha256=sha256,
    )
