"""The file of an export is made: as the person who asked, in her language, by one worker alone."""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common import clock
from common.csvfile import csv_lines
from common.dump import write_dump
from indicators.choices import Role
from indicators.rules import holds
from reports.choices import ExportKind, ExportState
from reports.consolidated.asked import Asked, quarter_code, read
from reports.consolidated.keeping import fail, path_of, root
from reports.consolidated.rights import rights_of
from reports.consolidated.rows import columns, count_rows, reports_in, sensitive_codes, value_rows
from reports.models import ExportJob, Report

T = TypeVar("T")
EVERY = 1.0
"""Seconds between two looks at how far it is."""


class Progress:
    """Tells the job's row how many rows are written, at most once a second."""

    def __init__(self, job: ExportJob) -> None:
        self.job, self.done, self.total = job, 0, 0
        self._told = time.monotonic()

    def expect(self, rows: int) -> None:
        """So many rows more are to come."""
        self.total += rows
        self._tell()

    def through(self, rows: Iterable[T]) -> Iterator[T]:
        """The rows as they are, counted."""
        for row in rows:
            yield row
            self.done += 1
            if time.monotonic() - self._told >= EVERY:
                self._tell()

    def _tell(self) -> None:
        self._told = time.monotonic()
        told = {"done": self.done, "total": max(self.done, self.total)}
        ExportJob.objects.filter(pk=self.job.pk, state=ExportState.RUNNING).update(**told)


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


@transaction.atomic
def log_protected(asked: Asked, user: User, reports: list[Report]) -> None:
    """Protected figures leave: the log says so, before the file is made."""
    if codes := sensitive_codes(reports, asked, user):
        first, last = quarter_code(asked.first), quarter_code(asked.last)
        told = {"first": first, "last": last, "indicators": codes}
        record("values.exported", by=user.email, about=asked.plan, **told)


def _write_values(asked: Asked, user: User, path: Path, progress: Progress) -> None:
    """All values as one table."""
    reports = reports_in(asked, user)
    log_protected(asked, user, reports)
    progress.expect(count_rows(reports, asked))
    rows = progress.through(value_rows(reports, asked, user))
    if asked.kind is ExportKind.CSV:
        with path.open("wb") as file:
            file.writelines(csv_lines(columns(), rows))
    else:
        is_styled = asked.kind is ExportKind.XLSX
        write_dump(path, _("Values"), columns(), rows, is_styled=is_styled)


Writer = Callable[[Asked, User, Path, Progress], None]
WRITERS: dict[ExportKind, Writer] = {
    ExportKind.XLSX: _write_values,
    ExportKind.PLAIN: _write_values,
    ExportKind.CSV: _write_values,
}
