"""One of two processes that store tables of earlier figures for the same places at once.

Usage: imports.py seed COUNT | store TURN START [unguarded] | counts. Both begin every round at the
same moment of the clock; what the database refuses is counted, not raised.
"""

import json
import sys

import django

django.setup()

from django.db import IntegrityError  # noqa: E402

from audit.services import faults  # noqa: E402
from indicators.models import Plan  # noqa: E402
from reports.history import storing  # noqa: E402
from reports.history.tables import take_in  # noqa: E402
from reports.models import HistoricValue, ImportBatch  # noqa: E402
from tests import factory  # noqa: E402
from tests.races.exports import at  # noqa: E402

ROUND = 0.15
"""Seconds from one round to the next."""


def seed(count: int) -> None:
    """Pairs of drafts: both of a pair give another figure for the same year."""
    plan = factory.make_plan()
    factory.make_indicator(plan, "I1", objective=factory.make_objective(plan))
    for number in range(2 * count):
        table = f"period,indicator,value\n{1910 + number // 2},I1,{number}\n".encode()
        take_in(plan, table, "a.csv", by="race", mapping=None)


def store_rounds(turn: int, start: float) -> int:
    """Store every second draft; how often the database refused it."""
    refused = 0
    Plan.objects.first()  # the connection stands before the first round
    for number, batch in enumerate(ImportBatch.objects.order_by("pk")[turn::2]):
        at(start + number * ROUND)
        try:
            storing.store(batch, by="race")
        except IntegrityError:
            refused += 1
    return refused


def counts() -> dict[str, object]:
    return {
        "stored": ImportBatch.objects.filter(state="stored").count(),
        "in_force": HistoricValue.objects.filter(in_force=True).count(),
        "replaced": HistoricValue.objects.filter(in_force=False).count(),
        "faults": list(faults()),
    }


if __name__ == "__main__":
    what, *more = sys.argv[1:]
    answer: object = None
    if what == "seed":
        seed(int(more[0]))
    elif what == "store":
        if "unguarded" in more:
            storing._hold = lambda _batch: None  # type: ignore[assignment]
        answer = store_rounds(int(more[0]), float(more[1]))
    else:
        answer = counts()
    sys.stdout.write(json.dumps(answer))
