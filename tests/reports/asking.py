"""Asking for exports as a person does, and jobs in any state."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.urls import reverse

from accounts.models import User
from common import clock
from reports.choices import ExportState
from reports.consolidated.asked import Asked
from reports.consolidated.keeping import path_of
from reports.consolidated.rights import rights_of
from reports.models import ExportJob
from tests.conftest import World

URL = reverse("quarters_data")
LIST = reverse("exports")
Commits = Callable[..., AbstractContextManager[Any]]

WANTED = {"plan": "AL", "year": "", "first": "2026-Q3", "last": "2026-Q3", "kind": "csv"}
BROKEN = "The file could not be made. Try again; if it fails again, tell us the time."


def page_of(job: ExportJob) -> str:
    return reverse("export", args=[job.key])


def file_of(job: ExportJob) -> str:
    return reverse("export_file", args=[job.key])


def post(world: World, user: User | None, **more: Any) -> Any:
    """The form as it is sent; nothing that waits for a commit is done."""
    return world.client(user).post(URL, {**WANTED, **more})


def made(world: World, user: User, commits: Commits, **more: Any) -> ExportJob:
    """A job asked for in the page, made as without a worker."""
    with commits(execute=True):
        answer = post(world, user, **more)
    assert answer.status_code == 302, answer.context["form"].errors
    return ExportJob.objects.get(key=answer.url.rstrip("/").rpartition("/")[2])


def job_of(world: World, user: User, state: str = "waiting", **fields: Any) -> ExportJob:
    """A job in a state; a finished one with its file."""
    now = clock.now()
    asked = Asked(world.plan, (2026, 3), (2026, 3))
    told: dict[str, Any] = {
        "asked": asked.text(),
        "question": uuid4().hex * 2,
        "language": "en",
        "state": state,
        "started_at": None if state == "waiting" else now,
    }
    if state == ExportState.DONE:
        told |= {"filename": "AL.csv", "size": 4, "sha256": "0" * 64, "finished_at": now}
        told |= {"expires_at": now + timedelta(hours=1), "rights": rights_of(user, world.plan)}
    if state == ExportState.FAILED:
        told |= {"problem": BROKEN, "finished_at": now}
    job = ExportJob.objects.create(by=user, plan=world.plan, **{**told, **fields})
    if state == ExportState.DONE:
        path_of(job).write_bytes(b"data")
    return job
