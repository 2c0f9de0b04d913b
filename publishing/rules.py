"""Who may publish."""

from indicators.choices import Role
from indicators.rules import holdings, holds
from reports.models import Period


def can_publish(user: object, period: Period) -> bool:
    """The lead of the plan, as for every single report."""
    return holds(user, period.plan_id, Role.LEAD)


def knows_of(user: object, period: Period) -> bool:
    """Whether a person has any role in the plan: for others the quarter is not there."""
    return any(holding.plan_id == period.plan_id for holding in holdings(user))
