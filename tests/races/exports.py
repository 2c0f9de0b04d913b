"""One of two processes that race for exports: who asks the same, or who makes the same.

Usage: exports.py seed | ask COUNT START | make START [unguarded]. Both begin every round at the
same moment of the clock. What was done is counted by the entries of the log.
"""

import json
import sys
import time

import django

django.setup()

from django.conf import settings  # noqa: E402

from accounts.models import User  # noqa: E402
from audit.models import Entry  # noqa: E402
from audit.services import faults  # noqa: E402
from indicators.choices import Role, Sensitivity  # noqa: E402
from indicators.models import Plan  # noqa: E402
from reports.choices import ExportKind  # noqa: E402
from reports.consolidated import making  # noqa: E402
from reports.consolidated.asked import Asked  # noqa: E402
from reports.consolidated.asking import ask  # noqa: E402
from reports.consolidated.keeping import root  # noqa: E402
from reports.models import ExportJob, Report  # noqa: E402
from tests import factory  # noqa: E402

ROUND = 0.08
"""Seconds from one round to the next."""


def at(moment: float) -> None:
    """Wait for a moment of the clock; at the end without sleeping, for both to be exact."""
    time.sleep(max(0.0, moment - time.time() - 0.005))
    while time.time() < moment:
        pass


def seed() -> None:
    """One ministry has told one protected figure: each file that is made leaves an entry."""
    plan = factory.make_plan()
    body = factory.make_institution("MM")
    objective = factory.make_objective(plan)
    factory.make_indicator(
        plan, "S1", body, objective=objective, sensitivity=Sensitivity.SMALL_COUNTS
    )
    user = factory.make_member(Role.APPROVER, plan, body)
    factory.open_quarter(plan)
    factory.fill_in(Report.objects.with_names().get(), user)


def ask_rounds(count: int, start: float) -> None:
    """In each round both ask the same, which nobody asked before."""
    settings.EXPORTS_AT_ONCE = count + 1
    plan, user = Plan.objects.get(), User.objects.get()
    for number in range(count):
        wanted = ("S1", f"X{number}")
        asked = Asked(plan, (2026, 3), (2026, 3), ExportKind.CSV, indicators=wanted)
        at(start + number * ROUND)
        ask(asked, by=user)


def make_rounds(start: float) -> None:
    """In each round both make the same job."""
    for number, key in enumerate(ExportJob.objects.order_by("pk").values_list("key", flat=True)):
        at(start + number * ROUND)
        making.make(key)


def take_the_guard_out() -> None:
    def claimed(key: object) -> ExportJob:
        ExportJob.objects.filter(key=key).update(state="running")
        return ExportJob.objects.select_related("plan", "by").get(key=key)

    making._claimed = claimed  # type: ignore[assignment]


def counts() -> dict[str, object]:
    entries = list(Entry.objects.values_list("action", flat=True))
    return {
        "jobs": ExportJob.objects.count(),
        "done": ExportJob.objects.filter(state="done").count(),
        "asked": entries.count("export.asked"),
        "made": entries.count("values.exported"),
        "files": len(list(root().iterdir())),
        "faults": list(faults()),
    }


if __name__ == "__main__":
    what, *more = sys.argv[1:]
    if what == "seed":
        seed()
    elif what == "ask":
        ask_rounds(int(more[0]), float(more[1]))
    elif what == "make":
        if "unguarded" in more:
            take_the_guard_out()
        make_rounds(float(more[0]))
    sys.stdout.write(json.dumps(counts()))
