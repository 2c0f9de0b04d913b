"""Verdicts on many parts at once."""

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from reports import rules
from reports.choices import ReportStatus, Verdict
from reports.errors import NotAllowed
from reports.models import ActionProgress, Line, Remark, Review
from reports.review_parts import LinePart, Part
from reports.services import hold, save_remark


def save_verdict(
    review: Review,
    part: Part,
    *,
    by: User,
    version: int,
    verdict: str,
    text: str = "",
    rating: tuple[str, str] | None = None,
) -> Remark:
    """Save one part's verdict and let the part show it. Raises as `save_remark`."""
    subject = part.subject
    remark = save_remark(
        review,
        by=by,
        version=version,
        verdict=verdict,
        text=text,
        line=subject if isinstance(subject, Line) else None,
        action=subject if isinstance(subject, ActionProgress) else None,
        rating=rating,
    )
    part.remark = remark
    if isinstance(part, LinePart):
        part.rate(rating)
    return remark


@transaction.atomic
def accept_remaining(review: Review, parts: Iterable[Part], *, by: User) -> int:
    """Accept every part without a verdict, all or none; returns how many there were.

    A rating that stands is kept. The report's row is held first, so that a verdict given
    meanwhile is never replaced.

    Raises:
        NotAllowed, Conflict: see errors.py.
    """
    if not rules.can_review(by, review.report):
        raise NotAllowed("review", review.report)
    hold(review.report, frozenset({ReportStatus.UNDER_REVIEW}))
    decided = set(review.remarks.values_list("line_id", "action_id"))
    open_parts = [part for part in parts if part.place not in decided]
    for part in open_parts:
        rating = part.rating_pair if isinstance(part, LinePart) else None
        save_verdict(review, part, by=by, version=0, verdict=Verdict.ACCEPTED, rating=rating)
    return len(open_parts)
