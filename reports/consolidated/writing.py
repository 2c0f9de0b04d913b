"""All values as one table, and what every file needs: its entry in the log, how far it is."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.csvfile import csv_lines
from common.dump import write_dump
from reports.choices import ExportKind, ExportState
from reports.consolidated.asked import Asked, quarter_code
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


@transaction.atomic
def log_protected(asked: Asked, user: User, reports: list[Report]) -> None:
    """Protected figures leave: the log says so, before the file is made."""
    if codes := sensitive_codes(reports, asked, user):
        first, last = quarter_code(asked.first), quarter_code(asked.last)
        told = {"first": first, "last": last, "indicators": codes}
        record("values.exported", by=user.email, about=asked.plan, **told)


def write_values(asked: Asked, user: User, path: Path, progress: Progress) -> None:
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
