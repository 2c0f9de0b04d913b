"""Revisions and rounds of review of invented reports.

The frozen contents are written from the same figures as the rows, without reading them back; a
test holds them against `reports.content.content_of`.
"""

from collections.abc import Iterator
from typing import Any

from accounts.models import User
from common.canonical import canonical, sha256
from publishing.scale.copying import store
from publishing.scale.cycle import COMMENT, Told
from reports.choices import Outcome, Verdict
from reports.models import Narrative, Remark, Review, Revision


def content(told: Told, plan_code: str, salt: str) -> str:
    """What content_of gives for the same report."""
    lines = [
        {"indicator": m.row.code, "note": COMMENT, "observations": rows, "rating": rating}
        for m, rows, rating in zip(told.owed, told.rows, told.ratings, strict=True)
    ]
    actions = [
        {
            "action": row.action.code,
            "status": row.status,
            "allocated": row.allocated,
            "spent": row.spent,
            "note": row.note,
        }
        for row in told.actions
    ]
    return canonical(
        {
            "plan": plan_code,
            "period": told.report.period.code,
            "institution": told.place.code,
            "lines": [{**line, "evidence": []} for line in lines],
            "actions": [{**action, "evidence": []} for action in actions],
            "narrative": {name: getattr(told.narrative, name) for name in Narrative.FIELDS},
            "evidence": [],
            "salt": salt,
        }
    )


REVISION = (
    "report_id",
    "number",
    "content",
    "sha256",
    "submitted_by_id",
    "submitted_at",
    "on_behalf_reason",
)


def _revisions(sent: list[Told], plan_code: str, approvers: dict[int, User]) -> Iterator[list[Any]]:
    for told in sent:
        text = content(told, plan_code, f"{told.luck.getrandbits(128):032x}")
        signer = approvers[told.place.pk].pk
        yield [told.report.pk, 1, text, sha256(text), signer, told.fate.sent, ""]


def _review(told: Told, revision: int, by: User) -> Review:
    review = Review(
        report=told.report, revision_id=revision, round=1, reviewer=by, taken_at=told.fate.taken
    )
    if told.fate.is_decided:
        review.outcome, review.decided_at = Outcome.VALIDATED, told.fate.decided
    return review


REMARK = ("version", "saved_at", "saved_by_id", "review_id", "line_id", "action_id")
VERDICT = ("verdict", "text", "reply")


def _remarks(reviews: list[tuple[Told, Review]]) -> Iterator[list[Any]]:
    """A verdict on every part of a decided report; on half of the lines of one in review."""
    for told, review in reviews:
        whole = told.fate.is_decided
        lines = told.lines if whole else told.lines[: len(told.lines) // 2]
        parts: list[tuple[int | None, int | None]] = [(line.pk, None) for line in lines]
        if whole:
            parts += [*((None, row.pk) for row in told.actions), (None, None)]
        for line, action in parts:
            saved = (1, told.fate.decided, review.reviewer_id, review.pk)
            yield [*saved, line, action, Verdict.ACCEPTED.value, "", ""]


def freeze(found: list[Told], plan_code: str, approvers: dict[int, User], reviewer: User) -> None:
    """A revision of every report that was submitted, a round of review where it was taken."""
    sent = [told for told in found if told.fate.is_sent]
    store(Revision, REVISION, _revisions(sent, plan_code, approvers))
    numbers = Revision.objects.filter(report__in=[told.report.pk for told in sent])
    revisions = dict(numbers.order_by().values_list("report_id", "pk"))
    taken = [told for told in sent if told.fate.is_taken]
    reviews = Review.objects.bulk_create(
        _review(told, revisions[told.report.pk], reviewer) for told in taken
    )
    pairs = list(zip(taken, reviews, strict=True))
    store(Remark, (*REMARK, *VERDICT), _remarks(pairs))
