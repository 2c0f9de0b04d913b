"""Invented money, source by source: most goes as planned, some is not funded, some is overspent."""

from decimal import Decimal
from typing import Any

from publishing.demo import words
from publishing.demo.figures import WHOLE, chance
from reports.models import ActionProgress
from reports.money import planned_sources

QUARTERS_OF_PLAN = 16
UNFUNDED = "Unfunded"
"""The plan names money nobody has promised as a source that begins like this."""
OVERSPENDING = ("1.2", "1.4")
USUAL = ("0.3", "1")


def money_of(progress: ActionProgress, quarter: int) -> dict[str, Any]:
    """Allocated and spent of an action in a quarter, by source where it has several."""
    action = progress.action
    told = {
        funding.source: _of_source(action.code, funding.source, funding.planned, quarter)
        for funding in action.fundings.all()
    }
    totals = {
        "allocated": sum((pair[0] for pair in told.values()), Decimal(0)),
        "spent": sum((pair[1] for pair in told.values()), Decimal(0)),
    }
    note = words.OVERSPENT if _overspends(action.code) and totals["spent"] else ""
    if not planned_sources(action):
        return {**totals, "note": note}
    if chance("split", action.code, quarter).random() < 0.15:
        return {**totals, "money": {}, "note": f"{words.UNSPLIT} {note}".strip()}
    return {"allocated": None, "spent": None, "money": told, "note": note}


def _overspends(code: str) -> bool:
    """A few actions spend more than they were given in every quarter."""
    return chance("overspends", code).random() < 0.1


def _of_source(code: str, source: str, planned: Decimal, quarter: int) -> tuple[Decimal, Decimal]:
    if source.startswith(UNFUNDED):
        return Decimal(0), Decimal(0)
    allocated = (planned / QUARTERS_OF_PLAN).quantize(WHOLE)
    low, high = OVERSPENDING if _overspends(code) else USUAL
    share = chance("money", code, source, quarter).uniform(float(low), float(high))
    return allocated, (allocated * Decimal(str(share))).quantize(WHOLE)
