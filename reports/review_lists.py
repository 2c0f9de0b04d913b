"""Rows of the coalition's lists: the queue, the quarters, and who owes what in one of them."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from indicators.choices import COALITION_ROLES, Role
from indicators.models import Plan
from reports.choices import WITH_COALITION, ReportStatus
from reports.models import Period, Report
from reports.querysets import ReportQuerySet


def queue_for(user: object) -> ReportQuerySet:
    """What is with the coalition in the plans a person reviews; longest waiting first."""
    plans = Plan.objects.with_role(user, *COALITION_ROLES)
    waiting = Report.objects.visible_to(user).filter(
        status__in=WITH_COALITION, period__plan__in=plans
    )
    return _with_rounds(waiting).order_by("submitted_at", "pk")


def owed_rows(user: object) -> ReportQuerySet:
    """Reports whose existence, state and dates a person may know of.

    The coalition knows of drafts too: who owes what, never what is in them.
    """
    visible = Report.objects.visible_to(user).values("pk")
    plans = Plan.objects.with_role(user, *COALITION_ROLES)
    return Report.objects.filter(Q(pk__in=visible) | Q(period__plan__in=plans))


def owed_in(period: Period, user: object) -> ReportQuerySet:
    """One quarter's rows; `is_visible` says whether the person may open the report."""
    own = Report.objects.visible_to(user).filter(pk=OuterRef("pk"))
    rows = owed_rows(user).filter(period=period).annotate(is_visible=Exists(own))
    return _with_rounds(rows).order_by("institution__code", "pk")


def _with_rounds(rows: ReportQuerySet) -> ReportQuerySet:
    return rows.with_names().annotate(taken=Count("reviews", distinct=True))


def quarters_for(user: object) -> QuerySet[Period]:
    """The quarters of the plans in which a person holds a role, newest first.

    Each with its number of reports in each state, as far as the person may know of them, and
    the address of its last edition.
    """
    known = owed_rows(user).values("pk")
    counts = {
        f"{status}_count": Count("reports", filter=Q(reports__status=status, reports__in=known))
        for status in ReportStatus
    }
    last = Period.objects.filter(pk=OuterRef("pk")).order_by("-editions__number")
    plans = Plan.objects.with_role(user, *Role)
    return (
        Period.objects.filter(plan__in=plans)
        .select_related("plan")
        .annotate(edition=Subquery(last.values("editions__address")[:1]), **counts)
        .order_by("-year", "-quarter", "plan__code", "pk")
    )


def counts_of(period: Period) -> list[tuple[ReportStatus, int]]:
    """The numbers that `quarters_for` counted, in the order of a report's life."""
    return [(status, getattr(period, f"{status}_count")) for status in ReportStatus]


def round_of(report: Report) -> int:
    """The round a report is in: those taken, and the one that waits to be taken."""
    return report.taken + (report.state is ReportStatus.SUBMITTED)  # type: ignore[attr-defined]
