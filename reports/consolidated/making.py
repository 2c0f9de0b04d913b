"""The file of an export is made: as the person who asked, in her language, by one worker alone."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from indicators.choices import Role
from indicators.rules import holds
from reports.choices import ExportKind, ExportState
from reports.consolidated.asked import Asked, read
from reports.consolidated.book import write_book
from reports.consolidated.keeping import fail, path_of, root
from reports.consolidated.rights import rights_of
from reports.consolidated.writing import Progress, write_values
from reports.models import ExportJob

Writer = Callable[[Asked, User, Path, Progress], None]
WRITERS: dict[ExportKind, Writer] = {
    ExportKind.BOOK: write_book,
    ExportKind.XLSX: write_values,
    ExportKind.PLAIN: write_values,
    ExportKind.CSV: write_values,
}


def make(key: UUID) -> None:
    """Make a job's file, unless another worker has taken it.

    An exception leaves the job failed, with a sentence for the person, and goes on to the log.
    """
    job = _claimed(key)
    if job is None:
        return
    is_told = False
    try:
        with translation.override(job.language):
            _make(job)
        is_told = True
    finally:
        if not is_told:
            _failed(job)


def _claimed(key: UUID) -> ExportJob | None:
    """The job, if it was waiting until this moment."""
    waiting = ExportJob.objects.filter(key=key, state=ExportState.WAITING)
    if waiting.update(state=ExportState.RUNNING, started_at=clock.now()) != 1:
        return None
    return ExportJob.objects.select_related("plan", "by").get(key=key)


def _failed(job: ExportJob) -> None:
    with translation.override(job.language):
        fail(job, _("The file could not be made. Try again; if it fails again, tell us the time."))


def _make(job: ExportJob) -> None:
    if not holds(job.by, job.plan_id, *Role):
        fail(job, _("You hold no role in this plan any more."))
        return
    asked = read(job.plan, json.loads(job.asked))
    rights = rights_of(job.by, job.plan)
    part = root() / f"{job.key}.part"
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    try:
        progress = Progress(job)
        WRITERS[asked.kind](asked, job.by, part, progress)
        _finish(job, asked, part, progress, rights)
    finally:
        part.unlink(missing_ok=True)


def _finish(job: ExportJob, asked: Asked, part: Path, progress: Progress, rights: str) -> None:
    """Put the file in its place and say so; a job that was given up meanwhile gets none."""
    job.filename = asked.filename
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    size, now = part.stat().st_size, clock.now()
    part.replace(path_of(job))
    running = ExportJob.objects.filter(pk=job.pk, state=ExportState.RUNNING)
    is_taken = running.update(
        state=ExportState.DONE,
        done=progress.done,
        total=progress.done,
        filename=job.filename,
        size=size,
        sha256=digest,
        rights=rights,
        finished_at=now,
        expires_at=now + timedelta(hours=settings.EXPORT_HOURS),
    )
    if not is_taken:
        path_of(job).unlink()
