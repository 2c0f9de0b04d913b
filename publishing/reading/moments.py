"""The plan as it stood at the end of an earlier quarter, as one edition knows it.

Copies are made: what was read from an edition is shared by all readers and never changed.
"""

from collections.abc import Container
from dataclasses import replace

from indicators.choices import Status
from publishing.reading.official import Assessment
from publishing.reading.plan import Action, Indicator
from publishing.reading.structure import Parts


def until(parts: Parts, quarter: str) -> list[str]:
    """The quarters up to one and with it, oldest first."""
    codes = list(parts.quarters)
    return codes[: codes.index(quarter) + 1]


def standing(row: Indicator, codes: Container[str]) -> Assessment | None:
    """What stood after these quarters: the last one in which it was due, else the last at all."""
    told = [found for code, found in row.assessments.items() if code in codes]
    due = [found for found in told if found.status is not Status.NOT_DUE]
    last = due or told
    return last[-1] if last else None


def indicator_at(row: Indicator, parts: Parts, quarter: str) -> Indicator:
    """The indicator with its figures and status of a quarter."""
    now = standing(row, until(parts, quarter))
    return replace(row, now=now, quarter=now.quarter.code if now else quarter)


def action_at(row: Action, parts: Parts, quarter: str) -> Action:
    """The action with its status of a quarter, and its money until then."""
    codes = until(parts, quarter)
    told = [report for report in row.reports if report.quarter.code in codes]
    return replace(row, quarter=quarter, reports=told)
