"""Everybody who might ask something of one report, without a database: people with their roles."""

from datetime import date

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from indicators.choices import Role
from indicators.models import Plan
from indicators.rules import Holding
from reports.choices import ReportStatus
from reports.models import Period, Report

HERE, ELSEWHERE = 1, 2
DEFENCE, INTERIOR = 10, 20
TOOK_IT = 5
"""The primary key of the reviewer who took the report."""

ROLES: dict[str, list[tuple[int, Role, int | None]]] = {
    "contributor": [(HERE, Role.CONTRIBUTOR, DEFENCE)],
    "approver": [(HERE, Role.APPROVER, DEFENCE)],
    "other_contributor": [(HERE, Role.CONTRIBUTOR, INTERIOR)],
    "other_approver": [(HERE, Role.APPROVER, INTERIOR)],
    "reviewer": [(HERE, Role.REVIEWER, None)],
    "other_reviewer": [(HERE, Role.REVIEWER, None)],
    "lead": [(HERE, Role.LEAD, None)],
    "administrator": [(HERE, Role.ADMINISTRATOR, None)],
    "observer": [(HERE, Role.OBSERVER, None)],
    "stranger": [],
    "superuser": [],
    "foreign_approver": [(ELSEWHERE, Role.APPROVER, DEFENCE)],
    "foreign_reviewer": [(ELSEWHERE, Role.REVIEWER, None)],
    "foreign_lead": [(ELSEWHERE, Role.LEAD, None)],
    "foreign_administrator": [(ELSEWHERE, Role.ADMINISTRATOR, None)],
    "reviewer_of_both": [(HERE, Role.REVIEWER, None), (HERE, Role.CONTRIBUTOR, INTERIOR)],
    "reviewer_inside": [(HERE, Role.REVIEWER, None), (HERE, Role.CONTRIBUTOR, DEFENCE)],
    "lead_inside": [(HERE, Role.LEAD, None), (HERE, Role.APPROVER, DEFENCE)],
    "keeper_inside": [(HERE, Role.ADMINISTRATOR, None), (HERE, Role.APPROVER, DEFENCE)],
    "observing_lead": [(HERE, Role.OBSERVER, None), (HERE, Role.LEAD, None)],
    "keeper_reviewing": [(HERE, Role.ADMINISTRATOR, None), (HERE, Role.REVIEWER, None)],
    "inactive_approver": [(HERE, Role.APPROVER, DEFENCE)],
    "inactive_lead": [(HERE, Role.LEAD, None)],
}


def person(name: str) -> User | AnonymousUser | None:
    """Somebody of this list; also somebody without a log-in, and nobody at all."""
    if name in ("anonymous", "nobody"):
        return AnonymousUser() if name == "anonymous" else None
    number = list(ROLES).index(name) + 1
    user = User(pk=number, email=f"{name}@example.org", is_active=not name.startswith("inactive"))
    user.is_superuser = user.is_staff = name == "superuser"
    user.__dict__["held_roles"] = frozenset(Holding(*held) for held in ROLES[name])
    return user


EVERYBODY = (*ROLES, "anonymous", "nobody")


def report(status: str, *, reviewer: int | None = TOOK_IT, closes_on: date | None = None) -> Report:
    """The report of Defence in this state; under review, and after, somebody has taken it."""
    plan = Plan(pk=HERE, time_zone="Europe/Tirane")
    period = Period(pk=1, plan=plan, year=2026, quarter=3, closes_on=closes_on)
    untaken = status in (ReportStatus.DRAFT, ReportStatus.SUBMITTED)
    return Report(
        pk=1,
        period=period,
        institution_id=DEFENCE,
        status=status,
        reviewer_id=None if untaken else reviewer,
    )
