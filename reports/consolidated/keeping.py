"""Where the files of exports lie, how long, and how they go."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from reports.choices import UNFINISHED, ExportKind, ExportState
from reports.models import ExportJob

DAYS_TOLD = 7
"""So many days after the file is gone its page still says so."""
ENDINGS = sorted({kind.ending for kind in ExportKind})


def root() -> Path:
    """The folder of the files, for the service's own user alone."""
    folder = Path(settings.EXPORTS_ROOT)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def path_of(job: ExportJob) -> Path:
    """Where a job's file lies: named by its key, never by what somebody typed."""
    ending = job.filename.rpartition(".")[2]
    return root() / f"{job.key}.{ending if ending in ENDINGS else 'part'}"


def remove_expired(jobs: QuerySet[ExportJob]) -> int:
    """Remove the files whose time is over; their number. What is gone already does no harm."""
    gone = 0
    for job in jobs.filter(expires_at__lte=clock.now()):
        with suppress(FileNotFoundError):
            path_of(job).unlink()
            gone += 1
    return gone


def tidy(by: User) -> None:
    """Remove a person's files whose time is over; of the others she keeps the newest few."""
    now = clock.now()
    kept = by.exports.filter(state=ExportState.DONE, expires_at__gt=now)
    newest = kept.order_by("-finished_at", "-pk").values_list("pk", flat=True)
    kept.exclude(pk__in=list(newest[: settings.EXPORTS_KEPT])).update(expires_at=now)
    remove_expired(by.exports.all())


def forget_old() -> int:
    """Remove the rows that nobody needs any more; their number."""
    before = clock.now() - timedelta(days=DAYS_TOLD)
    old = Q(expires_at__lte=before) | Q(state=ExportState.FAILED, finished_at__lte=before)
    return ExportJob.objects.filter(old).delete()[0]


def fail(job: ExportJob, sentence: str) -> bool:
    """Say that an unfinished job came to nothing; False if it was finished in the meantime."""
    told = {"state": ExportState.FAILED, "problem": sentence, "finished_at": clock.now()}
    unfinished = ExportJob.objects.filter(pk=job.pk, state__in=UNFINISHED)
    return unfinished.update(**told) == 1


def give_up() -> int:
    """End what takes too long, and what no worker took in the time a file would be kept."""
    now = clock.now()
    begun = now - timedelta(minutes=settings.EXPORT_MINUTES)
    asked = now - timedelta(hours=settings.EXPORT_HOURS)
    stuck = Q(state=ExportState.RUNNING, started_at__lte=begun)
    waiting = Q(state=ExportState.WAITING, asked_at__lte=asked)
    return sum(_give_up(job) for job in ExportJob.objects.filter(stuck | waiting))


def _give_up(job: ExportJob) -> bool:
    with translation.override(job.language):
        return fail(job, _("It took too long. Ask for fewer quarters, or try again later."))


def remove_orphans() -> int:
    """Remove files that belong to no job, and halves that no running job writes; their number."""
    running = ExportJob.objects.filter(state=ExportState.RUNNING).values_list("key", flat=True)
    known = {path_of(job).name for job in ExportJob.objects.filter(state=ExportState.DONE)}
    known |= {f"{key}.part" for key in running}
    orphans = [path for path in sorted(root().iterdir()) if path.name not in known]
    stale = [path for path in orphans if _is_old(path)]
    for path in stale:
        path.unlink(missing_ok=True)
    return len(stale)


def _is_old(path: Path) -> bool:
    """Whether it lay there before any job that runs now: fresh ones may just have been made."""
    age = clock.now().timestamp() - path.stat().st_mtime
    return age > settings.EXPORT_MINUTES * 60
