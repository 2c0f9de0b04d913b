"""Tables of earlier figures, written in a few lines, and a plan to bring them into."""

from typing import Any

from indicators.models import Indicator
from reports.history.mapping import guess
from reports.history.preview import Preview, preview
from reports.history.tables import take_in
from reports.models import HistoricValue, ImportBatch
from tests import factory
from tests.conftest import World


def csv(*rows: str) -> bytes:
    return ("\n".join(rows) + "\n").encode()


def split_indicator(world: World, code: str = "S1", **fields: Any) -> Indicator:
    """A count by sex, whose parts make up the whole, and by service, whose parts need not."""
    plan = world.plan
    sex = plan.dimensions.filter(code="sex").first() or factory.make_dimension(
        plan, "sex", "f", "m"
    )
    service = plan.dimensions.filter(code="service").first()
    if service is None:
        service = factory.make_dimension(plan, "service", "army", "police", total_rule="open")
    made = factory.make_indicator(plan, code, objective=world.objective, **fields)
    return factory.split(made, service, sex)


def draft(world: World, *rows: str, name: str = "figures.csv", **mapping: Any) -> ImportBatch:
    """A table as a draft, by its headings; `mapping` says what is different."""
    data, headings = csv(*rows), rows[0].split(",")
    known = guess(headings, world.plan)
    for field, value in mapping.items():
        setattr(known, field, value)
    return take_in(world.plan, data, name, by=world.administrator, mapping=known)


def seen(world: World, *rows: str, **mapping: Any) -> Preview:
    return preview(draft(world, *rows, **mapping))


def problems(found: Preview) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.text) for problem in found.problems]


def faults(found: Preview) -> list[tuple[int, str]]:
    return [(fault.row, str(fault)) for fault in found.faults]


def in_force() -> list[tuple[str, str, str, bool, Any, Any, Any]]:
    """Indicator, first day, cell, share or not, value, numerator, denominator."""
    rows = HistoricValue.objects.filter(in_force=True).order_by("starts_on", "row")
    return [
        (
            r.indicator.code,
            str(r.starts_on),
            r.cell,
            r.is_share,
            r.value,
            r.numerator,
            r.denominator,
        )
        for r in rows.select_related("indicator")
    ]
