"""Whose file it is, and whether she may still read what stands in it."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from common.canonical import canonical, sha256
from indicators.choices import Role, Sensitivity
from indicators.models import Plan
from indicators.rules import holdings
from reports.models import ExportJob


def rights_of(user: User, plan: Plan) -> str:
    """A mark of what a person may read in a plan: her roles there, and what is protected in it."""
    held = [h for h in holdings(user) if h.plan_id == plan.pk]
    closed = plan.indicators.exclude(sensitivity=Sensitivity.PUBLIC).order_by("code")
    told = {
        "roles": sorted([h.role, h.institution_id or 0] for h in held),
        "protected": [list(row) for row in closed.values_list("code", "sensitivity")],
    }
    return sha256(canonical(told))


def jobs_of(user: User) -> QuerySet[ExportJob]:
    """Her own exports, of plans in which she holds a role today. Nobody reads another's."""
    plans = Plan.objects.with_role(user, *Role)
    return ExportJob.objects.filter(by=user, plan__in=plans).select_related("plan", "by")


def find_job(user: User, key: UUID) -> ExportJob | None:
    """One of them, by its key."""
    return jobs_of(user).filter(key=key).first()


def is_still_hers(job: ExportJob, user: User) -> bool:
    """Whether nothing was taken from, or given to, the person since the file was made."""
    return job.rights == rights_of(user, job.plan)
