"""One of two processes that validate reports of the same indicator and quarter at once.

Usage: validating.py seed COUNT | validate TURN START [unguarded] | counts. Both begin every round
at the same moment of the clock.
"""

import json
import sys

import django

django.setup()

from accounts.models import User  # noqa: E402
from indicators.choices import Role  # noqa: E402
from indicators.models import Membership, Plan  # noqa: E402
from reports import judging, workflow  # noqa: E402
from reports.models import Report  # noqa: E402
from tests import factory  # noqa: E402
from tests.races.exports import at  # noqa: E402

ROUND = 0.4
"""Seconds from one round to the next."""


def seed(count: int) -> None:
    """For each round a plan of its own, with two reports under review on one indicator."""
    approver, reviewer = (factory.make_user(f"{n}@example.org") for n in ("approver", "reviewer"))
    bodies = [factory.make_institution(code) for code in ("MM", "MB")]
    for number in range(count):
        plan = factory.make_plan(f"P{number:03}")
        objective = factory.make_objective(plan)
        factory.make_indicator(plan, "I1", *bodies, objective=objective)
        for body in bodies:
            Membership.objects.create(
                user=approver, plan=plan, role=Role.APPROVER, institution=body
            )
        Membership.objects.create(user=reviewer, plan=plan, role=Role.REVIEWER)
        factory.open_quarter(plan)
    approver, reviewer = (User.objects.get(pk=person.pk) for person in (approver, reviewer))
    for report in Report.objects.with_names().order_by("pk"):
        factory.fill_in(report, approver, 5)
        factory.decide("submit", report, approver)
        factory.decide("take", report, reviewer)


def validate_rounds(turn: int, start: float) -> int:
    """Validate one report of each plan; how many."""
    reviewer = User.objects.get(email="reviewer@example.org")
    reports = Report.objects.with_names().order_by("period__plan__code", "pk")
    for number, report in enumerate(reports[turn::2]):
        at(start + number * ROUND)
        workflow.perform("validate", report=report, by=reviewer, version=report.version)
    return number + 1


def counts() -> dict[str, int]:
    """How many reports are validated, and in how many plans the assessments are not right."""
    plans = Plan.objects.order_by("pk")
    wrong = [plan for plan in plans if judging.compare(judging.load(plan)).number]
    return {"validated": Report.objects.filter(status="validated").count(), "wrong": len(wrong)}


if __name__ == "__main__":
    what, *more = sys.argv[1:]
    answer: object = None
    if what == "seed":
        seed(int(more[0]))
    elif what == "validate":
        if "unguarded" in more:
            judging._hold = lambda _plan: None  # type: ignore[assignment]
        answer = validate_rounds(int(more[0]), float(more[1]))
    else:
        answer = counts()
    sys.stdout.write(json.dumps(answer))
