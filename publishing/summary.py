"""What an edition says in one line: how many indicators stand how, by which thresholds.

Computed from the snapshot when it is published, and kept beside it, so that a page of many plans
reads no snapshot.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from indicators.choices import Status
from publishing.reading.insight import Counts

Data = Mapping[str, Any]


def summary_of(data: Data) -> dict[str, Any]:
    """Counts per status of the indicators as each stood when it was last due.

    Every status that occurs in the plan's history is there, also with none: bars agree by that.
    """
    told: dict[str, list[str]] = {row["code"]: [] for row in data["indicators"]}
    for row in data["assessments"]:
        told[row["indicator"]].append(row["status"])
    now = Counter(_standing(statuses) for statuses in told.values())
    seen = {*now, *(status for statuses in told.values() for status in statuses)}
    return {
        "counts": {status: now[status] for status in sorted(seen)},
        "thresholds": data["plan"]["thresholds"],
        "title": data["plan"]["title"],
    }


def _standing(statuses: list[str]) -> str:
    """The last status in which it was due: it stands until the next one."""
    due = [status for status in statuses if status != Status.NOT_DUE]
    return str(due[-1] if due else Status.NOT_DUE.value)


def counts_in(summary: Data) -> Counts:
    """The counts of a summary in the order of a stacked bar."""
    known = summary.get("counts", {})
    return [(status, known[status]) for status in Status if status in known]
