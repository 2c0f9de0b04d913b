"""The rounds of a review, as the timeline shows them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from reports.choices import Outcome
from reports.models import Review


@dataclass(frozen=True)
class Event:
    """One step of the rounds, as the timeline shows it."""

    at: datetime
    who: User | None
    what: str
    text: str = ""
    badge: Outcome | None = None


def events_of(review: Review) -> list[Event]:
    """How a round ended and how it began, newest first."""
    names = {"number": review.round, "revision": review.revision.number}
    begun = _("Round %(number)d: revision %(revision)d taken for review") % names
    events = [Event(review.taken_at, review.reviewer, begun)]
    if review.outcome and review.decided_at:
        ended = _("Round %(number)d ended") % names
        badge = Outcome(review.outcome)
        events.insert(0, Event(review.decided_at, review.reviewer, ended, review.reason, badge))
    return events
