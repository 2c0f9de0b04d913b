"""A question becomes a job: once, in the log, and made after it is stored."""

import json
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language

from accounts.models import User
from audit.services import record
from common.canonical import canonical, sha256
from reports.choices import UNFINISHED
from reports.consolidated.asked import Asked
from reports.consolidated.keeping import tidy
from reports.models import ExportJob
from reports.tasks import make_export


class TooMany(Exception):
    """Somebody has as many unfinished exports as one person may have."""


@transaction.atomic
def ask(asked: Asked, *, by: User) -> ExportJob:
    """Store what a person asks for and have it made; the same job while it is not finished.

    Her row is locked, so that two requests of hers come one after the other.

    Raises:
        TooMany: she has EXPORTS_AT_ONCE unfinished ones.
    """
    User.objects.select_for_update().get(pk=by.pk)
    language = get_language() or settings.LANGUAGE_CODE
    text = asked.text()
    question = sha256(canonical([text, language]))
    open_ones = by.exports.filter(state__in=UNFINISHED)
    if same := open_ones.filter(question=question).first():
        return same
    if open_ones.count() >= settings.EXPORTS_AT_ONCE:
        raise TooMany
    told = {"asked": text, "question": question, "language": language}
    job = ExportJob.objects.create(by=by, plan=asked.plan, **told)
    record("export.asked", by=by.email, about=job, key=str(job.key), **json.loads(text))
    transaction.on_commit(partial(make_export.enqueue, str(job.key)))
    transaction.on_commit(partial(tidy, by))
    return job
