"""The file is made once, as who asked, in her language; what goes wrong is told."""

import csv
import hashlib
import json
import logging
import stat
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext, override
from django_tasks_db.models import DBTaskResult

from common import clock
from common.reader import read_sheets
from indicators.choices import Sensitivity
from indicators.models import Membership
from reports.choices import ExportState
from reports.consolidated import making, writing
from reports.consolidated.asked import Asked
from reports.consolidated.keeping import path_of, root
from reports.consolidated.making import make
from reports.consolidated.writing import Progress
from reports.models import ExportJob
from tests import factory
from tests.conftest import World
from tests.reports.asking import BROKEN, Commits, job_of, made, post

DATABASE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def now(job: ExportJob) -> ExportJob:
    return ExportJob.objects.get(pk=job.pk)


def read_csv(job: ExportJob) -> list[list[str]]:
    return list(csv.reader(StringIO(path_of(job).read_bytes().decode("utf-8-sig"))))


def test_the_workbooks_and_the_csv_hold_the_same(
    world: World, django_capture_on_commit_callbacks: Commits
) -> None:
    factory.fill_in(world.now(), world.contributor)
    for kind in ("xlsx", "plain"):
        job = made(world, world.contributor, django_capture_on_commit_callbacks, kind=kind)
        sheet = read_sheets(path_of(job).read_bytes(), "a.xlsx")[0].rows
        assert [row[8] for row in sheet] == ["Indicator", "I1", "I2"]
        assert [row[14] for row in sheet] == ["Value", 5, None]
    lines = read_csv(made(world, world.contributor, django_capture_on_commit_callbacks))
    assert [line[8] for line in lines] == ["Indicator", "I1", "I2"]
    assert [line[14] for line in lines] == ["Value", "5", ""]


def test_a_finished_job_says_what_its_file_is(
    world: World, django_capture_on_commit_callbacks: Commits
) -> None:
    factory.fill_in(world.now(), world.contributor)
    moment = clock.now()
    with clock.at(moment):
        job = made(world, world.contributor, django_capture_on_commit_callbacks)
    data = path_of(job).read_bytes()
    assert job.stands is ExportState.DONE
    assert (job.filename, job.size) == ("AL-2026Q3-2026Q3.csv", len(data))
    assert job.sha256 == hashlib.sha256(data).hexdigest()
    assert (job.done, job.total, job.problem) == (2, 2, "")
    assert job.started_at == job.finished_at == moment
    assert job.expires_at == moment + timedelta(hours=settings.EXPORT_HOURS)


def test_the_file_is_for_the_service_alone_and_named_by_its_key(
    world: World, django_capture_on_commit_callbacks: Commits
) -> None:
    for kind in ("csv", "plain", "xlsx"):
        job = made(world, world.contributor, django_capture_on_commit_callbacks, kind=kind)
        path = path_of(job)
        assert path.stem == str(job.key)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(root().stat().st_mode) == 0o700
    assert not list(root().glob("*.part"))
    assert len(list(root().iterdir())) == 3


def test_a_job_is_made_once_whoever_comes_second(world: World) -> None:
    job = job_of(world, world.contributor)
    make(job.key)
    first = now(job)
    make(job.key)
    assert now(job).finished_at == first.finished_at
    taken = job_of(world, world.contributor, "running")
    make(taken.key)
    assert now(taken).stands is ExportState.RUNNING
    assert not path_of(taken).exists()


@pytest.mark.parametrize("state", ["running", "done", "failed"])
def test_only_a_waiting_job_is_claimed(world: World, state: str) -> None:
    job = job_of(world, world.contributor, state)
    assert making._claimed(job.key) is None
    assert now(job).state == state


def test_it_is_made_as_who_asked_and_with_what_she_may_read_then(world: World) -> None:
    world.indicator.sensitivity = Sensitivity.SMALL_COUNTS
    world.indicator.save()
    jobs = {
        name: job_of(world, getattr(world, name))
        for name in ("contributor", "other_contributor", "reviewer", "observer")
    }
    world.validated()
    for job in jobs.values():
        make(job.key)
    values = {}
    for name, job in jobs.items():
        sheet = read_sheets(path_of(now(job)).read_bytes(), "a.xlsx")[0].rows
        values[name] = [row[14] for row in sheet[1:] if row[8] == "I1"]
    assert values == {
        "contributor": [5],
        "other_contributor": [],
        "reviewer": [5],
        "observer": [None],
    }


def test_it_speaks_her_language(world: World) -> None:
    job = job_of(world, world.contributor, language="sq")
    make(job.key)
    sheet = read_sheets(path_of(now(job)).read_bytes(), "a.xlsx")[0]
    assert sheet.rows[0][2] == "Tremujori"


def test_without_a_role_nothing_is_made(world: World) -> None:
    job = job_of(world, world.reviewer)
    Membership.objects.filter(user=world.reviewer).delete()
    make(job.key)
    assert now(job).stands is ExportState.FAILED
    assert now(job).problem == "You hold no role in this plan any more."
    assert not list(root().iterdir())


def test_who_may_not_log_in_any_more_gets_nothing(world: World) -> None:
    job = job_of(world, world.reviewer)
    world.submitted()
    type(world.reviewer).objects.filter(pk=world.reviewer.pk).update(is_active=False)
    make(job.key)
    assert (now(job).stands, now(job).filename) == (ExportState.FAILED, "")
    assert not list(root().iterdir())


def test_what_goes_wrong_is_told_in_a_sentence_and_goes_on_to_the_log(
    world: World,
    django_capture_on_commit_callbacks: Commits,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_args: Any) -> Any:
        yield b"half of it"
        raise OSError("no space left on the device")

    monkeypatch.setattr(writing, "csv_lines", broken)
    with caplog.at_level(logging.ERROR, "django_tasks"):
        job = made(world, world.contributor, django_capture_on_commit_callbacks)
    assert (job.stands, job.problem) == (ExportState.FAILED, BROKEN)
    assert (job.filename, job.sha256, job.expires_at) == ("", "", None)
    assert not list(root().iterdir()), "the half that was written is gone"
    assert "no space left" in caplog.text
    assert "no space left" not in job.problem


def test_the_sentence_is_in_her_language(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_more: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(writing, "write_dump", broken)
    job = job_of(world, world.contributor, language="sq")
    with pytest.raises(OSError, match="no space left"):
        make(job.key)
    assert now(job).stands is ExportState.FAILED
    with override("sq"):
        assert now(job).problem == gettext(BROKEN)


def test_a_job_that_was_given_up_meanwhile_leaves_no_file(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = job_of(world, world.contributor)
    told = {"state": "failed", "problem": "Too long.", "finished_at": clock.now()}

    def slow(*_args: Any) -> bool:
        ExportJob.objects.filter(pk=job.pk).update(**told)
        return False

    monkeypatch.setattr(writing, "log_protected", slow)
    make(job.key)
    assert (now(job).stands, now(job).problem) == (ExportState.FAILED, "Too long.")
    assert not list(root().iterdir())


def test_progress_is_told_at_most_once_a_second(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = job_of(world, world.contributor, "running")
    at = [100.0]
    monkeypatch.setattr(writing.time, "monotonic", lambda: at[0])
    progress = Progress(job)
    progress.expect(30)
    seen = []
    with CaptureQueriesContext(connection) as asked:
        for row in progress.through(range(30)):
            if row % 10 == 9:
                at[0] += 1.5
            seen.append(row)
    assert len(seen) == 30
    assert len(asked) == 3
    assert (now(job).done, now(job).total) == (30, 30)


def test_progress_never_says_more_than_all(world: World) -> None:
    job = job_of(world, world.contributor, "running")
    progress = Progress(job)
    progress.expect(1)
    list(progress.through(range(5)))
    progress.expect(0)
    assert (now(job).done, now(job).total) == (5, 5)


@pytest.mark.django_db(transaction=True)
def test_a_worker_makes_what_is_queued(
    world: World, django_capture_on_commit_callbacks: Commits, settings: Any
) -> None:
    settings.TASKS = DATABASE
    factory.fill_in(world.now(), world.contributor)
    job = made(world, world.contributor, django_capture_on_commit_callbacks)
    queued = DBTaskResult.objects.get()
    assert job.stands is ExportState.WAITING
    assert queued.args_kwargs["args"] == [str(job.key)], "nothing but the key is in the queue"
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
    assert now(job).stands is ExportState.DONE
    assert [line[14] for line in read_csv(now(job))] == ["Value", "5", ""]
    queued.refresh_from_db()
    assert queued.status == "SUCCESSFUL"


@pytest.mark.django_db(transaction=True)
def test_a_worker_goes_on_after_a_job_that_failed(
    world: World,
    django_capture_on_commit_callbacks: Commits,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.TASKS = DATABASE
    bad = made(world, world.contributor, django_capture_on_commit_callbacks, kind="plain")
    good = made(world, world.contributor, django_capture_on_commit_callbacks, kind="csv")
    monkeypatch.setattr(writing, "write_dump", lambda *_a, **_k: 1 / 0)
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
    assert [now(job).state for job in (bad, good)] == ["failed", "done"]
    failed = DBTaskResult.objects.get(status="FAILED")
    assert failed.exception_class_path == "builtins.ZeroDivisionError"


def test_a_question_of_before_is_read_back_when_it_is_made(world: World) -> None:
    job = job_of(world, world.contributor)
    factory.fill_in(world.now(), world.contributor)
    only = Asked(world.plan, (2026, 3), (2026, 3), indicators=("I2",))
    ExportJob.objects.filter(pk=job.pk).update(asked=only.text())
    make(job.key)
    sheet = read_sheets(path_of(now(job)).read_bytes(), "a.xlsx")[0].rows
    assert [row[8] for row in sheet[1:]] == ["I2"]
    assert json.loads(now(job).asked)["indicators"] == ["I2"]


def test_an_unknown_key_is_nothing(world: World) -> None:
    job = job_of(world, world.contributor)
    key = job.key
    job.delete()
    make(key)
    assert not list(root().iterdir())


def test_without_a_worker_a_job_is_made_at_once(
    world: World, django_capture_on_commit_callbacks: Commits
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        post(world, world.contributor)
    assert ExportJob.objects.get().stands is ExportState.DONE
    assert not DBTaskResult.objects.exists()
