"""One of two processes: one publishes quarters, the other re-opens the last report of each.

Usage: publishing.py seed COUNT | publish START [unguarded] | reopen START | faults. Both begin
every round at the same moment of the clock; what became of it is told, not raised.
"""

import json
import sys
from collections.abc import Callable

import django

django.setup()

from django.db import OperationalError  # noqa: E402

from accounts.models import User  # noqa: E402
from audit.services import faults  # noqa: E402
from indicators.choices import Role  # noqa: E402
from indicators.models import Membership  # noqa: E402
from publishing import services  # noqa: E402
from publishing.errors import Outdated  # noqa: E402
from reports.errors import Conflict  # noqa: E402
from reports.models import Period, Report  # noqa: E402
from reports.workflow import perform  # noqa: E402
from tests import factory  # noqa: E402
from tests.races.exports import at  # noqa: E402

ROUND = 1.8
"""Seconds from one round to the next; PostgreSQL looks for deadlocks after one."""
BODIES = ("MA", "MB", "MC", "MD", "ME", "MF")
LEAD = "lead@example.org"


def seed(count: int) -> None:
    """For each round a plan of its own, with a quarter of validated reports."""
    signer, reviewer, lead = (
        factory.make_user(name) for name in ("approver@example.org", "reviewer@example.org", LEAD)
    )
    bodies = [factory.make_institution(code) for code in BODIES]
    for number in range(count):
        plan = factory.make_plan(f"P{number:03}")
        factory.make_indicator(plan, "I1", *bodies, objective=factory.make_objective(plan))
        Membership.objects.bulk_create(
            Membership(user=signer, plan=plan, role=Role.APPROVER, institution=body)
            for body in bodies
        )
        for user, role in ((reviewer, Role.REVIEWER), (lead, Role.LEAD)):
            Membership.objects.create(user=user, plan=plan, role=role)
        factory.open_quarter(plan)
    signer, reviewer = (User.objects.get(pk=person.pk) for person in (signer, reviewer))
    for report in Report.objects.with_names().order_by("pk"):
        factory.fill_in(report, signer, 5)
        factory.decide("submit", report, signer)
        factory.decide("take", report, reviewer)
        factory.decide("validate", report, reviewer)


def told(act: Callable[..., object], **what: object) -> str:
    """What became of it: "done", or what was raised."""
    try:
        act(**what)
    except (Conflict, Outdated, OperationalError) as error:
        return type(error).__name__
    return "done"


def publish_rounds(start: float) -> list[str]:
    lead = User.objects.get(email=LEAD)
    found = []
    for number, period in enumerate(Period.objects.order_by("plan__code")):
        seen = services.checklist(period).seen
        at(start + number * ROUND)
        found.append(told(services.publish, period=period, by=lead, seen=seen))
    return found


def reopen_rounds(start: float) -> list[str]:
    lead = User.objects.get(email=LEAD)
    found = []
    last = Report.objects.with_names().filter(institution__code=BODIES[-1])
    for number, report in enumerate(last.order_by("period__plan__code")):
        at(start + number * ROUND)
        what = {"report": report, "version": report.version, "reason": "The total is wrong."}
        found.append(told(perform, action="reopen", by=lead, **what))
    return found


if __name__ == "__main__":
    what, *more = sys.argv[1:]
    answer: object = None
    if what == "seed":
        seed(int(more[0]))
    elif what == "publish":
        if "unguarded" in more:
            services._hold = lambda _period: None  # type: ignore[assignment]
        answer = publish_rounds(float(more[0]))
    elif what == "reopen":
        answer = reopen_rounds(float(more[0]))
    else:
        answer = list(faults())
    sys.stdout.write(json.dumps(answer))
