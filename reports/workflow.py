"""The one writer of a report's state.

A decision is one conditional update: it names the states it leaves and the version it was made
on. Whoever comes second changes no row and gets `Conflict`. The new state, the frozen revision,
the round of review and the log entry commit together or not at all.

Locks are taken in one order, here and wherever a report is written: its row first (of several
reports by their key), then the plan's (`judging`), last the end of the log (`audit`), which is held
until the commit. Who has logged takes no further report or plan; PostgreSQL would see a deadlock.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from secrets import token_hex
from typing import Any, TypeAlias

from django.db import transaction
from django.db.models import F

from accounts.models import User
from audit.services import record
from common import clock
from common.canonical import sha256
from reports import judging, rules
from reports.choices import EDITABLE, FINAL, Outcome, ReportStatus
from reports.content import content_of
from reports.errors import Conflict, Incomplete, NotAllowed, ReasonMissing
from reports.missing import missing_in, undecided
from reports.models import Performed, Report, Review, Revision
from reports.queries import lines_for_form

S = ReportStatus


@dataclass(frozen=True)
class Decision:
    """What was decided: by whom, why, and until when where a date belongs to it."""

    by: User
    reason: str = ""
    due_on: date | None = None


Effect: TypeAlias = Callable[[Report, Decision], dict[str, Any]]


def _freeze(report: Report, decision: Decision) -> dict[str, Any]:
    """Submitting: the content must be complete and becomes the next revision."""
    gaps = missing_in(report, lines_for_form(report))
    if gaps:
        raise Incomplete(gaps)
    content, now = content_of(report, salt=token_hex(16)), clock.now()
    revision = Revision.objects.create(
        report=report,
        number=report.revision + 1,
        content=content,
        sha256=sha256(content),
        submitted_by=decision.by,
        on_behalf_reason=decision.reason,
    )
    Report.objects.filter(pk=report.pk).update(
        revision=revision.number,
        submitted_at=now,
        first_submitted_at=report.first_submitted_at or now,
        decided_at=None,
    )
    return {"revision": revision.number, "sha256": revision.sha256}


def _open_round(report: Report, decision: Decision) -> dict[str, Any]:
    """Taking: the reviewer's name on it, and a new round on the last revision."""
    number = report.reviews.count() + 1
    revision = report.revisions.get(number=report.revision)
    Review.objects.create(report=report, revision=revision, round=number, reviewer=decision.by)
    Report.objects.filter(pk=report.pk).update(reviewer=decision.by)
    return {"round": number}


def _close_round(outcome: Outcome) -> Effect:
    def close(report: Report, decision: Decision) -> dict[str, Any]:
        review = report.reviews.get(outcome="")
        if outcome == Outcome.VALIDATED and (flagged := undecided(report).flagged):
            raise Incomplete(flagged)
        due_on = _new_due(report, decision) if outcome == Outcome.RETURNED else None
        review.outcome, review.reason = outcome, decision.reason
        review.decided_at, review.due_on = clock.now(), due_on
        review.save()
        changes = {"decided_at": review.decided_at} | ({"due_on": due_on} if due_on else {})
        Report.objects.filter(pk=report.pk).update(**changes)
        return {"round": review.round, "due_on": due_on}

    return close


def _new_due(report: Report, decision: Decision) -> date:
    days = timedelta(days=report.period.plan.resubmit_days)
    return decision.due_on or report.period.today() + days


def _reopen(report: Report, decision: Decision) -> dict[str, Any]:
    due_on = _new_due(report, decision)
    Report.objects.filter(pk=report.pk).update(due_on=due_on, reviewer=None)
    return {"due_on": due_on}


def _before_submission(report: Report) -> ReportStatus:
    """Where a withdrawn report goes back to: it was returned before, or it is a draft."""
    sent_back = report.reviews.exclude(outcome="").exists()
    return S.RETURNED if sent_back else S.DRAFT


@dataclass(frozen=True)
class Transition:
    """One row of the workflow: from where to where, who may, and what else happens."""

    sources: frozenset[ReportStatus]
    target: ReportStatus | Callable[[Report], ReportStatus]
    allowed: Callable[[User, Report], bool]
    effect: Effect | None = None
    needs_reason: bool = False


TRANSITIONS: Mapping[str, Transition] = {
    "submit": Transition(EDITABLE, S.SUBMITTED, rules.can_submit, _freeze),
    "submit_on_behalf": Transition(
        EDITABLE, S.SUBMITTED, rules.can_submit_on_behalf, _freeze, needs_reason=True
    ),
    "withdraw": Transition(frozenset({S.SUBMITTED}), _before_submission, rules.can_withdraw),
    "take": Transition(frozenset({S.SUBMITTED}), S.UNDER_REVIEW, rules.can_take, _open_round),
    "return": Transition(
        frozenset({S.UNDER_REVIEW}),
        S.RETURNED,
        rules.can_review,
        _close_round(Outcome.RETURNED),
        needs_reason=True,
    ),
    "validate": Transition(
        frozenset({S.UNDER_REVIEW}),
        S.VALIDATED,
        rules.can_review,
        _close_round(Outcome.VALIDATED),
    ),
    "publish": Transition(frozenset({S.VALIDATED}), S.PUBLISHED, rules.can_publish),
    "reopen": Transition(FINAL, S.RETURNED, rules.can_reopen, _reopen, needs_reason=True),
}


def allowed_actions(user: User, report: Report) -> list[str]:
    """The decisions open to a person now, in the order of the table."""
    return [name for name, row in TRANSITIONS.items() if row.allowed(user, report)]


def _guard(name: str, report: Report, decision: Decision, version: int) -> Transition:
    """The transition, if this person may, on what she saw, with the reason it needs."""
    row = TRANSITIONS[name]
    if report.version != version or report.state not in row.sources:
        raise Conflict(report)
    if not row.allowed(decision.by, report):
        raise NotAllowed(name, report)
    if row.needs_reason and not decision.reason.strip():
        raise ReasonMissing(name)
    return row


def _move(row: Transition, report: Report, version: int) -> ReportStatus:
    """Change the state if nobody was faster: the row count decides, on every database."""
    target = row.target(report) if callable(row.target) else row.target
    moved = Report.objects.filter(pk=report.pk, status__in=row.sources, version=version).update(
        status=target, version=F("version") + 1
    )
    if not moved:
        raise Conflict(report)
    return target


def _fresh(pk: int) -> Report:
    return Report.objects.with_names().get(pk=pk)


def _is_done(key: str, action: str, report: Report, by: User) -> bool:
    done = Performed.objects.filter(key=key, report=report, action=action, user=by)
    return bool(key) and done.exists()


@transaction.atomic
def _decide(action: str, pk: int, decision: Decision, version: int, key: str) -> Report:
    report = _fresh(pk)
    row = _guard(action, report, decision, version)
    before, after = report.status, _move(row, report, version)
    told = row.effect(report, decision) if row.effect else {}
    if (ReportStatus(before) in FINAL) != (after in FINAL):
        judging.report_changed(report)
    if key:
        Performed.objects.create(key=key, report=report, action=action, user=decision.by)
    record(
        f"report.{action}",
        by=decision.by.email,
        about=report,
        **{"from": before, "to": after, "reason": decision.reason, **told},
    )
    return _fresh(pk)


def perform(
    action: str,
    *,
    report: Report,
    by: User,
    version: int,
    reason: str = "",
    due_on: date | None = None,
    key: str = "",
) -> Report:
    """Carry out one decision on a report, exactly once, and return the report as it is then.

    `version` is the one the person saw. A `key` that was carried out before does nothing again.

    Raises:
        NotAllowed: this person may not.
        Conflict: the report is not in that state, or not that version, any more.
        ReasonMissing: the decision needs a reason.
        Incomplete: a submission with gaps, or a validation with flags; it lists them all.
    """
    try:
        return _decide(action, report.pk, Decision(by, reason.strip(), due_on), version, key)
    except Conflict:
        if _is_done(key, action, report, by):
            return _fresh(report.pk)
        raise
