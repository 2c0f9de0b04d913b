"""Who may do what with a report, as tiny pure questions asked by buttons, pages and posts alike.

Each takes a user and a report whose period is at hand, reads no database beyond the user's own
roles, and says nothing about reports a person may not see at all: that is `visible_to`.
"""

from typing import TYPE_CHECKING, TypeAlias

from indicators.choices import Role, Sensitivity
from indicators.rules import acts_for, holdings, holds, is_coalition, is_secretariat
from reports.choices import FINAL, ReportStatus

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from indicators.models import Indicator
    from reports.models import Remark, Report

Person: TypeAlias = "User | AnonymousUser | None"


def _acts_for(user: Person, report: "Report", *roles: str) -> bool:
    return acts_for(user, report.period.plan_id, report.institution_id, *roles)


def is_own(user: Person, report: "Report") -> bool:
    """Whether it is a report of an institution the person acts for."""
    return _acts_for(user, report)


def is_other_side(user: Person, report: "Report") -> bool:
    """Whether the person reviews the plan and belongs to none of this report's people."""
    return is_coalition(user, report.period.plan_id) and not is_own(user, report)


def sees_live(user: Person, report: "Report") -> bool:
    """Whether the person sees what is being typed, not only what was submitted."""
    return is_own(user, report) or is_secretariat(user, report.period.plan_id)


def can_edit(user: Person, report: "Report") -> bool:
    """Ministry staff, while it is draft or returned and the period is open."""
    return is_own(user, report) and report.state.is_editable and not report.period.is_closed


def can_submit(user: Person, report: "Report") -> bool:
    """The institution's approver."""
    ready = report.state.is_editable and not report.period.is_closed
    return ready and _acts_for(user, report, Role.APPROVER)


def can_submit_on_behalf(user: Person, report: "Report") -> bool:
    """The secretariat, with a reason; never who could review it afterwards."""
    plan_id = report.period.plan_id
    ready = report.state.is_editable and not report.period.is_closed
    return ready and is_secretariat(user, plan_id) and not is_coalition(user, plan_id)


def can_withdraw(user: Person, report: "Report") -> bool:
    """The institution's approver, until somebody has taken it for review."""
    return report.state is ReportStatus.SUBMITTED and _acts_for(user, report, Role.APPROVER)


def can_take(user: Person, report: "Report") -> bool:
    """A member of the coalition, for a submitted report of another institution."""
    return report.state is ReportStatus.SUBMITTED and is_other_side(user, report)


def can_review(user: Person, report: "Report") -> bool:
    """Who took it, while it is under review; the lead may step in."""
    mine = user is not None and report.reviewer_id == user.pk
    steps_in = holds(user, report.period.plan_id, Role.LEAD)
    return (
        report.state is ReportStatus.UNDER_REVIEW
        and is_other_side(user, report)
        and (mine or steps_in)
    )


def can_publish(user: Person, report: "Report") -> bool:
    """The lead, once it is validated."""
    return report.state is ReportStatus.VALIDATED and holds(user, report.period.plan_id, Role.LEAD)


def can_reopen(user: Person, report: "Report") -> bool:
    """The lead, for a correction of another side's validated or published report, with a reason."""
    is_lead = holds(user, report.period.plan_id, Role.LEAD)
    return report.state in FINAL and is_lead and is_other_side(user, report)


def sees_true_figures(user: Person, report: "Report", indicator: "Indicator") -> bool:
    """Whether a person reads an indicator's figures unprotected; others see them as published."""
    if indicator.sensitivity == Sensitivity.PUBLIC:
        return True
    plan_id = report.period.plan_id
    return is_own(user, report) or is_secretariat(user, plan_id) or is_coalition(user, plan_id)


def sees_computed(user: Person, plan_id: int, sensitivity: str, units: set[int]) -> bool:
    """Whether a person reads what was computed for an indicator owed by these institutions.

    The coalition and the secretariat always; an observer where the figures are public; a ministry
    where nobody but its own institutions stands behind the figure.
    """
    if is_coalition(user, plan_id) or is_secretariat(user, plan_id):
        return True
    if sensitivity == Sensitivity.PUBLIC and holds(user, plan_id, Role.OBSERVER):
        return True
    mine = {h.institution_id for h in holdings(user) if h.plan_id == plan_id}
    return bool(units) and units <= mine


def sees_coalition(user: Person, report: "Report") -> bool:
    """Whether a person reads the coalition's ratings: its members always, others when decided."""
    decided = report.state is not ReportStatus.UNDER_REVIEW
    return decided or is_other_side(user, report)


def can_reply_to_difference(user: Person, report: "Report") -> bool:
    """Ministry staff, once the coalition has decided: the right of reply to how it rates.

    Whether there is a difference on a line is for who asks to see; a closed period is no bar.
    """
    return report.state in FINAL and is_own(user, report)


def sees_remark(user: Person, report: "Report", remark: "Remark") -> bool:
    """Remarks are for both sides and the secretariat; those of an open round for the coalition."""
    if is_other_side(user, report):
        return True
    return bool(remark.review.outcome) and sees_live(user, report)
