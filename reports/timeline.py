"""What happened to a report, from the log, in words."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.models import Entry
from reports.choices import ReportStatus
from reports.models import Report

WORDS = {
    "report.submit": gettext_lazy("Submitted"),
    "report.submit_on_behalf": gettext_lazy("Submitted by the secretariat on behalf"),
    "report.withdraw": gettext_lazy("Withdrawn"),
    "report.take": gettext_lazy("Taken for review"),
    "report.return": gettext_lazy("Returned for correction"),
    "report.validate": gettext_lazy("Validated"),
    "report.publish": gettext_lazy("Published"),
    "report.reopen": gettext_lazy("Re-opened for correction"),
    "evidence.added": gettext_lazy("File added: %(name)s"),
    "evidence.removed": gettext_lazy("File removed: %(name)s"),
}


@dataclass(frozen=True)
class Event:
    """One thing that happened, as templates/ui/timeline.html shows it."""

    at: datetime
    who: str
    what: str
    text: str = ""
    badge: ReportStatus | None = None


def _event(entry: Entry, names: dict[str, str], tells_reasons: bool) -> Event:
    data = json.loads(entry.data)
    return Event(
        at=entry.at,
        who=names.get(entry.actor, ""),
        what=str(WORDS[entry.action]) % {"name": data.get("name", "")},
        text=data.get("reason", "") if tells_reasons else "",
        badge=ReportStatus(data["to"]) if "to" in data else None,
    )


def timeline_of(
    report: Report, *, tells_files: bool, tells_reasons: bool, limit: int = 50
) -> list[Event]:
    """The report's events, newest first. Files and reasons are for who may read them.

    Queries: two.
    """
    actions = [a for a in WORDS if tells_files or not a.startswith("evidence.")]
    entries = Entry.objects.filter(
        about_type=report._meta.label_lower, about_id=str(report.pk), action__in=actions
    ).order_by("-sequence")[:limit]
    found = list(entries)
    people = User.objects.filter(email__in={entry.actor for entry in found})
    names = {user.email: str(user) for user in people}
    return [_event(entry, names, tells_reasons) for entry in found]
