"""An action of the world with several sources of funds, and money told by source."""

from decimal import Decimal
from typing import Any

from indicators.models import Action, Funding
from reports.models import ActionProgress, Report
from reports.money import split_of
from reports.services import save_action
from tests import factory
from tests.conftest import World

Pair = tuple[Any, Any]


def amount(text: Any) -> Decimal | None:
    return None if text is None else Decimal(text)


def fund(world: World, **sources: str) -> Action:
    """Give the world's action these sources with what is planned from each."""
    action = progress_of(world.report).action
    for source, planned in (sources or {"State": "3000", "Donors": "1500.50"}).items():
        Funding.objects.create(action=action, source=source, planned=Decimal(planned))
    return action


def progress_of(report: Report) -> ActionProgress:
    return ActionProgress.objects.select_related("report__period__plan", "action").get(
        report=report
    )


def tell(world: World, report: Report | None = None, **told: Any) -> ActionProgress:
    """Save money; `money` by source as pairs of texts."""
    row = progress_of(report or world.report)
    values: dict[str, Any] = {"status": "in_progress", **told}
    for name in ("allocated", "spent"):
        if name in values:
            values[name] = amount(values[name])
    if "money" in values:
        values["money"] = {s: (amount(a), amount(b)) for s, (a, b) in values["money"].items()}
    save_action(row, by=world.contributor, version=row.version, values=values)
    return progress_of(report or world.report)


def stored(report: Report) -> tuple[Any, Any, dict[str, Pair]]:
    """Allocated, spent and the money by source, as the database has it."""
    row = progress_of(report)
    return row.allocated, row.spent, split_of(row)


def earlier(world: World, quarter: int, **told: Any) -> Report:
    """An earlier quarter of the same institution, submitted with this money."""
    period = factory.open_quarter(world.plan, 2026, quarter)
    report = Report.objects.with_names().get(period=period, institution=world.defence)
    factory.fill_in(report, world.contributor)
    tell(world, report, **told)
    return factory.decide("submit", report, world.approver)
