"""Publishing a quarter: the reports, the snapshot, the edition and the log entry, or nothing."""

import json
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from audit.services import head_hash, record
from common import clock
from common.canonical import canonical, sha256
from publishing import rules
from publishing.errors import NothingToPublish, NotTheLead, Outdated
from publishing.models import Edition
from publishing.snapshot import Stamp, snapshot_of
from publishing.summary import summary_of
from reports.choices import FINAL, ReportStatus
from reports.errors import Conflict
from reports.models import Period, Report
from reports.workflow import perform


@dataclass(frozen=True)
class Checklist:
    """A quarter as it stands before publication."""

    period: Period
    ready: list[Report]
    published: list[Report]
    missing: list[Report]
    last_number: int
    earlier: list[Report] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The permanent address the next edition would have."""
        return f"{self.period.plan.code}-{self.period.code}-{self.last_number + 1}"

    @property
    def is_ready(self) -> bool:
        return bool(self.ready)

    @property
    def seen(self) -> str:
        """A fingerprint of what is about to be published; another one means: look again.

        What is official of earlier quarters stands in the edition too, and so in the fingerprint.
        """
        reports = [(report.pk, report.version) for report in (*self.ready, *self.earlier)]
        return sha256(canonical([self.period.pk, self.last_number, reports]))


def checklist(period: Period) -> Checklist:
    """What would be in the next edition of a quarter, and what is missing; 2 queries."""
    until = Report.objects.filter(period__plan=period.plan_id, period__ends_on__lte=period.ends_on)
    rows = list(until.with_names().order_by("period__ends_on", "institution__code"))
    earlier = [report for report in rows if report.period_id != period.pk and report.state in FINAL]
    reports = [report for report in rows if report.period_id == period.pk]
    last = Edition.objects.filter(period=period).order_by("-number").values_list("number")
    sorted_out: dict[str, list[Report]] = {"ready": [], "published": [], "missing": []}
    for report in reports:
        state = report.state
        kind = "published" if state is ReportStatus.PUBLISHED else "missing"
        sorted_out["ready" if state is ReportStatus.VALIDATED else kind].append(report)
    row = last.first()
    number = row[0] if row else 0
    return Checklist(period=period, last_number=number, earlier=earlier, **sorted_out)


def _freeze(found: Checklist, by: User, note: str, now: datetime) -> Edition:
    """The edition itself, of what stands in the database in this transaction."""
    stamp = Stamp(found.address, found.last_number + 1, now, head_hash(), note)
    snapshot = snapshot_of(found.period, stamp)
    edition = Edition.objects.create(
        plan=found.period.plan,
        period=found.period,
        number=stamp.number,
        address=stamp.address,
        snapshot=snapshot,
        sha256=sha256(snapshot),
        summary=summary_of(json.loads(snapshot)),
        audit_head=stamp.audit_head,
        note=note,
        published_by=by,
        published_at=now,
    )
    record(
        "edition.published",
        by=by.email,
        about=edition,
        address=edition.address,
        sha256=edition.sha256,
        missing=[report.institution.code for report in found.missing],
    )
    return edition


def _hold(period: Period) -> None:
    """Lock what is official of the plan up to this quarter, before anything is logged.

    In the order of the workflow: reports by their key, then the plan, then the end of the log.
    Publishing moves one report after the other, and each move is logged: without this it would
    hold the log while it waits for a report, and whoever re-opens that report waits for the log.
    """
    rows = Report.objects.filter(
        period__plan=period.plan_id, period__ends_on__lte=period.ends_on, status__in=FINAL
    ).order_by("pk")
    list(rows.select_for_update(no_key=True, of=("self",)).values_list("pk"))


@transaction.atomic
def _publish(period: Period, by: User, seen: str, note: str) -> Edition:
    _hold(period)
    found = checklist(period)
    if found.seen != seen:
        raise Outdated
    if not found.is_ready:
        raise NothingToPublish
    for report in found.ready:
        perform("publish", report=report, by=by, version=report.version)
    return _freeze(found, by, note, clock.now())


def publish(*, period: Period, by: User, seen: str, note: str = "") -> Edition:
    """Publish every validated report of a quarter as its next edition, exactly once.

    `seen` is the fingerprint of the checklist the person confirmed.

    Raises:
        NotTheLead: this person may not.
        NothingToPublish: there is no validated report that is not published yet.
        Outdated: somebody published, validated or re-opened a report since she looked.
    """
    if not rules.can_publish(by, period):
        raise NotTheLead
    try:
        return _publish(period, by, seen, note.strip())
    except (Conflict, IntegrityError) as error:
        raise Outdated from error
