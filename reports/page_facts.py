"""What the pages of one report depend on, and who reads them as what, in a single small query.

Everything a page shows is either what stands in the report, which raises its version, or in other
reports of its institution, which raises theirs, or it is told in the log as a change of something
else. The facts that decide who may do what are named themselves as well.
"""

from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from indicators.rules import Holding

FACTS = """
    SELECT plan.time_zone, report.version, report.status, report.revision, report.institution_id,
           report.reviewer_id, period.plan_id, period.closes_on,
           (SELECT last_change FROM audit_head WHERE id = 1),
           (SELECT SUM(other.version) FROM reports_report other
              JOIN reports_period quarter ON quarter.id = other.period_id
             WHERE other.institution_id = report.institution_id
               AND quarter.plan_id = period.plan_id),
           held.plan_id, held.role, held.institution_id
      FROM reports_report report
      JOIN reports_period period ON period.id = report.period_id
      JOIN indicators_plan plan ON plan.id = period.plan_id
      LEFT JOIN indicators_membership held ON held.user_id = %s
            AND (held.expires_on IS NULL OR held.expires_on >= %s)
     WHERE report.id = %s
     ORDER BY held.id
"""
"""Written out because it is asked before every page, and the query builder takes four times as long
as the database. A version only rises and no report goes away, so their sum tells of each change."""


class PageFacts(NamedTuple):
    """Of a report: what its pages depend on, its plan's time zone first; of a reader: her roles."""

    report: tuple[object, ...]
    roles: tuple[Holding, ...]

    @property
    def time_zone(self) -> str:
        return str(self.report[0])


ROLE = len(Holding._fields)
LARGEST = 2**63 - 1
"""No database takes a larger number for a key, not even to look for it."""


def page_facts(pk: int, reader: int) -> PageFacts | None:
    """The facts of a report for a reader by her key; None where there is no such report."""
    if pk > LARGEST:
        return None
    with connection.cursor() as cursor:
        cursor.execute(FACTS, [reader, timezone.localdate(), pk])
        rows = cursor.fetchall()
    if not rows:
        return None
    held = (Holding(*row[-ROLE:]) for row in rows if row[-ROLE] is not None)
    return PageFacts(rows[0][:-ROLE], tuple(held))
