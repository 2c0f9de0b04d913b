"""What the ministry answers: to a remark of the last return, and to how the coalition rates."""

from django.db import transaction
from django.db.models import F

from accounts.models import User
from audit.services import record
from common import clock
from reports import rules
from reports.choices import FINAL
from reports.differing import difference_on
from reports.errors import Conflict, NotAllowed, Stale
from reports.forms.fields import tidy
from reports.forms.pages import last_return
from reports.models import LightReply, Line, Remark, Report
from reports.services import claim, hold_for_ministry


@transaction.atomic
def save_reply(report: Report, remark: Remark, *, by: User, version: int, text: str) -> None:
    """Save the reply to a remark; an empty text takes it back. The remark itself stays as it is.

    Raises:
        NotAllowed, Conflict: see errors.py; also for a remark of an earlier round.
        Stale: somebody replied since `version`.
    """
    hold_for_ministry(report, by)
    review = last_return(report)
    if review is None or remark.review_id != review.pk:
        raise NotAllowed("reply", report)
    text, before = tidy(text), remark.reply
    told = {"reply": text, "replied_at": clock.now() if text else None}
    rows = Remark.objects.filter(pk=remark.pk, version=version)
    if not rows.update(version=version + 1, **told):
        raise Stale(Remark.objects.get(pk=remark.pk))
    if before != text:
        record("remark.replied", by=by.email, about=remark, reply=[before, text])


def _hold_decided(report: Report) -> None:
    """Take the report's row while the coalition's decision stands, without a new version of it.

    Raises:
        Conflict: it was re-opened.
    """
    held = Report.objects.filter(pk=report.pk, status__in=FINAL)
    if not held.update(version=F("version")):
        raise Conflict(report)


@transaction.atomic
def save_light_reply(line: Line, *, by: User, version: int, text: str) -> LightReply:
    """Save the ministry's reply to a difference on a line; the same text again changes nothing.

    `version` is 0 for a first reply. State, version and revisions of the report stay as they are:
    the next edition of the quarter has the reply that stands then.

    Raises:
        NotAllowed, Conflict: see errors.py; also where the two sides agree.
        Stale: somebody replied since `version`.
    """
    report, text = line.report, tidy(text)
    if not rules.can_reply_to_difference(by, report) or difference_on(line) is None:
        raise NotAllowed("reply", report)
    _hold_decided(report)
    reply, is_new = LightReply.objects.get_or_create(line=line, defaults={"text": text})
    before = "" if is_new else reply.text
    if before == text:
        return reply
    claim(reply, version, by)
    LightReply.objects.filter(pk=reply.pk).update(text=text)
    told = {"indicator": line.indicator.code, "reply": [before, text]}
    record("light.replied", by=by.email, about=line, **told)
    reply.refresh_from_db()
    return reply
