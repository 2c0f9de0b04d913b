"""What nobody needs any more goes, and nothing else."""

import os
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from common import clock
from reports.choices import ExportState
from reports.consolidated.keeping import DAYS_TOLD, fail, path_of, root
from reports.models import ExportJob
from tests.conftest import World
from tests.reports.asking import job_of

HOUR = timedelta(hours=1)


def prune() -> str:
    out = StringIO()
    call_command("prune_exports", stdout=out)
    return out.getvalue().strip()


def aged(name: str, minutes: int) -> Path:
    """A file that was written so long ago."""
    path = root() / name
    path.write_bytes(b"x")
    moment = clock.now().timestamp() - minutes * 60
    os.utime(path, (moment, moment))
    return path


def test_a_file_goes_when_its_time_is_over_and_its_row_a_week_later(world: World) -> None:
    job = job_of(world, world.lead, "done")
    assert job.expires_at is not None
    assert prune() == "0 expired, 0 given up, 0 without a job, 0 forgotten"
    assert path_of(job).exists()
    with clock.at(job.expires_at):
        assert prune() == "1 expired, 0 given up, 0 without a job, 0 forgotten"
        assert not path_of(job).exists()
        assert prune() == "0 expired, 0 given up, 0 without a job, 0 forgotten"
    assert ExportJob.objects.get().stands is ExportState.DONE
    with clock.at(job.expires_at + timedelta(days=DAYS_TOLD)):
        assert prune().endswith("1 forgotten")
    assert not ExportJob.objects.exists()


def test_a_failed_one_is_told_for_a_week(world: World) -> None:
    job = job_of(world, world.lead, "failed")
    week = clock.now() + timedelta(days=DAYS_TOLD)
    with clock.at(week - HOUR):
        prune()
        assert ExportJob.objects.filter(pk=job.pk).exists()
    with clock.at(week + HOUR):
        prune()
        assert not ExportJob.objects.filter(pk=job.pk).exists()


@pytest.mark.parametrize(
    ("state", "field", "limit"),
    [
        ("running", "started_at", timedelta(minutes=settings.EXPORT_MINUTES)),
        ("waiting", "asked_at", timedelta(hours=settings.EXPORT_HOURS)),
    ],
)
def test_what_takes_too_long_is_given_up(
    world: World, state: str, field: str, limit: timedelta
) -> None:
    now = clock.now()
    late = job_of(world, world.lead, state, **{field: now - limit - HOUR / 60})
    early = job_of(world, world.lead, state, **{field: now - limit + HOUR / 60})
    assert "1 given up" in prune()
    late.refresh_from_db()
    early.refresh_from_db()
    assert (late.stands, early.state) == (ExportState.FAILED, state)
    assert late.problem == "It took too long. Ask for fewer quarters, or try again later."
    assert late.finished_at is not None
    assert "0 given up" in prune()


def test_what_is_finished_is_not_given_up(world: World) -> None:
    old = clock.now() - timedelta(days=2)
    done = job_of(world, world.lead, "done", started_at=old, asked_at=old)
    prune()
    done.refresh_from_db()
    assert done.stands is ExportState.DONE
    assert path_of(done).exists()


@pytest.mark.parametrize("state", ["done", "failed"])
def test_a_finished_job_can_not_fail_afterwards(world: World, state: str) -> None:
    job = job_of(world, world.lead, state)
    before = job.problem
    assert fail(job, "Too late.") is False
    job.refresh_from_db()
    assert (job.state, job.problem) == (state, before)


def test_files_without_a_job_go_when_they_are_old(world: World) -> None:
    known = job_of(world, world.lead, "done")
    running = job_of(world, world.lead, "running")
    long_ago = settings.EXPORT_MINUTES + 1
    moment = clock.now().timestamp() - long_ago * 60
    os.utime(path_of(known), (moment, moment))
    half = aged(f"{running.key}.part", long_ago)
    stray, lost = aged("stray.xlsx", long_ago), aged(f"{known.key}.part", long_ago)
    fresh = aged("fresh.xlsx", 0)
    assert "2 without a job" in prune()
    assert [path.exists() for path in (path_of(known), half, fresh)] == [True] * 3
    assert [path.exists() for path in (stray, lost)] == [False] * 2


def test_the_file_of_a_person_who_is_gone_goes(world: World) -> None:
    job = job_of(world, world.stranger, "done")
    path = path_of(job)
    moment = clock.now().timestamp() - (settings.EXPORT_MINUTES + 1) * 60
    os.utime(path, (moment, moment))
    world.stranger.delete()
    assert "1 without a job" in prune()
    assert not path.exists()


def test_an_empty_machine_has_nothing_to_prune(db: None) -> None:
    assert prune() == "0 expired, 0 given up, 0 without a job, 0 forgotten"
