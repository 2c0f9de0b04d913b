"""What the ministry answers to a remark of the last return."""

from django.db import transaction

from accounts.models import User
from audit.services import record
from common import clock
from reports.errors import NotAllowed, Stale
from reports.forms.fields import tidy
from reports.forms.pages import last_return
from reports.models import Remark, Report
from reports.services import hold_for_ministry


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
