"""Fills the races' database: many reports ready for one decision, and two people to race."""

import json
import sys

import django

django.setup()

from django.contrib.sessions.backends.db import SessionStore  # noqa: E402

from accounts.models import User  # noqa: E402
from indicators.choices import Role  # noqa: E402
from indicators.models import Plan  # noqa: E402
from reports.models import Report  # noqa: E402
from tests import factory  # noqa: E402


def log_in(user: User) -> str:
    """A session of this person, as a log-in would make it."""
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = "accounts.backends.PersonBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def seed(count: int) -> dict[str, object]:
    """`count` complete drafts, each of an institution of its own."""
    plan: Plan = factory.make_plan()
    objective = factory.make_objective(plan)
    bodies = [factory.make_institution(f"M{n}") for n in range(count)]
    factory.make_indicator(plan, "I1", *bodies, objective=objective)
    people = [factory.make_user(f"approver{n}@example.org") for n in range(2)]
    for person in people:
        person.memberships.bulk_create(
            [
                person.memberships.model(
                    user=person, plan=plan, role=Role.APPROVER, institution=body
                )
                for body in bodies
            ]
        )
    factory.open_quarter(plan)
    for report in Report.objects.with_names():
        factory.fill_in(report, people[0])
    reports = Report.objects.order_by("pk").values_list("pk", "version")
    return {"sessions": [log_in(person) for person in people], "reports": list(reports)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(seed(int(sys.argv[1]))))
