"""Asking for a file of many quarters: one job, one entry in the log, one file."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils.translation import override

from audit.models import Entry
from audit.services import faults
from common import clock
from indicators.choices import Sensitivity
from reports.choices import ExportKind, ExportState
from reports.consolidated.asked import Asked
from reports.consolidated.asking import TooMany, ask
from reports.consolidated.keeping import path_of
from reports.models import ExportJob
from reports.periods import open_period
from tests import factory
from tests.conftest import World
from tests.reports.asking import URL, Commits, job_of, made, page_of, post


def asked(world: World, **more: Any) -> Asked:
    return Asked(world.plan, (2026, 3), (2026, 3), **more)


def test_the_page_asks_for_plan_quarters_and_kind(world: World) -> None:
    page = world.client(world.reviewer).get(URL)
    form = page.context["form"]
    assert page.status_code == 200
    assert [name for name, _label in form.fields["plan"].choices] == ["AL"]
    assert [name for name, _label in form.fields["kind"].choices] == ExportKind.values
    assert [name for name, _label in form.fields["year"].choices] == ["", "2026"]
    assert page.content.decode().count("2026 Q3") == 2
    assert not form.is_narrowed


def test_a_form_that_is_sent_becomes_one_job_and_leads_to_its_page(world: World) -> None:
    answer = post(world, world.contributor, kind="xlsx")
    job = ExportJob.objects.get()
    assert (answer.status_code, answer.url) == (302, page_of(job))
    assert (job.by, job.plan, job.language) == (world.contributor, world.plan, "en")
    assert (job.stands, job.done, job.total) == (ExportState.WAITING, 0, 0)
    assert json.loads(job.asked) == {
        "plan": "AL",
        "first": "2026-Q3",
        "last": "2026-Q3",
        "kind": "xlsx",
        "institutions": [],
        "objective": "",
        "indicators": [],
        "states": [],
    }


def test_nothing_is_made_before_it_is_stored(
    world: World, django_capture_on_commit_callbacks: Commits
) -> None:
    with django_capture_on_commit_callbacks() as waiting:
        post(world, world.contributor)
        assert ExportJob.objects.get().stands is ExportState.WAITING
    assert len(waiting) == 2
    waiting[0]()
    assert ExportJob.objects.get().stands is ExportState.DONE


def test_a_question_that_is_taken_back_leaves_nothing(
    world: World, django_capture_on_commit_callbacks: Commits
) -> None:
    before = Entry.objects.count()
    with django_capture_on_commit_callbacks(execute=True) as waiting, transaction.atomic():
        ask(asked(world), by=world.contributor)
        transaction.set_rollback(True)
    assert (waiting, ExportJob.objects.count(), Entry.objects.count()) == ([], 0, before)


def test_the_log_says_who_asked_for_what(world: World) -> None:
    post(world, world.reviewer, institutions=["MM"], states=["submitted"])
    entry, job = Entry.objects.get(action="export.asked"), ExportJob.objects.get()
    told = json.loads(entry.data)
    assert entry.actor == world.reviewer.email
    assert (entry.about_type, entry.about_id) == ("reports.exportjob", str(job.pk))
    assert (told["institutions"], told["states"]) == (["MM"], ["submitted"])
    assert told["key"] == str(job.key)
    assert list(faults()) == []


def test_a_whole_year_is_its_four_quarters(world: World) -> None:
    post(world, world.reviewer, year="2026", first="", last="")
    told = json.loads(ExportJob.objects.get().asked)
    assert (told["first"], told["last"]) == ("2026-Q1", "2026-Q4")


def test_filters_are_kept_with_the_question(world: World) -> None:
    post(world, world.lead, objective="AL:1", indicators=["AL:I2", "AL:I1"], institutions=["MB"])
    told = json.loads(ExportJob.objects.get().asked)
    assert told["objective"] == "1"
    assert told["indicators"] == ["I1", "I2"]
    assert told["institutions"] == ["MB"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"plan": "XX"}, "plan"),
        ({"plan": ""}, "plan"),
        ({"first": "2030-Q1"}, "first"),
        ({"last": ""}, "last"),
        ({"year": "1999"}, "year"),
        ({"kind": "exe"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"institutions": ["XX"]}, "institutions"),
        ({"objective": "AL:99"}, "objective"),
        ({"indicators": ["AL:I1", "AL:X"]}, "indicators"),
        ({"states": ["waived"]}, "states"),
    ],
    ids=str,
)
def test_what_is_not_there_is_told_at_its_field(world: World, wrong: Any, field: str) -> None:
    answer = post(world, world.reviewer, **wrong)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert f"#span-{field}" in answer.content.decode()
    assert not ExportJob.objects.exists()


def test_the_first_quarter_is_not_after_the_last(world: World) -> None:
    open_period(world.plan, 2026, 2)
    answer = post(world, world.reviewer, first="2026-Q3", last="2026-Q2")
    assert answer.status_code == 422
    assert dict(answer.context["form"].errors) == {
        "last": ["This quarter is before the first one. Choose a later one."]
    }


def test_another_plan_is_not_on_the_list(world: World) -> None:
    foreign = factory.make_plan("XK")
    assert post(world, world.reviewer, plan=foreign.code).status_code == 422
    page = world.client(world.stranger).get(URL)
    assert page.context["form"].plans == {}
    assert "You hold no role in a plan" in page.content.decode()
    assert post(world, world.stranger).status_code == 422
    assert not ExportJob.objects.exists()


def test_what_belongs_to_another_plan_of_hers_is_refused(world: World) -> None:
    other = factory.make_plan("XK")
    objective = factory.make_objective(other, "1")
    factory.make_indicator(other, "I1", objective=objective)
    factory.Membership.objects.create(user=world.reviewer, plan=other, role="reviewer")
    answer = post(world, world.reviewer, indicators=["XK:I1"], objective="XK:1")
    assert answer.status_code == 422
    assert dict(answer.context["form"].errors) == {
        "objective": ["This belongs to another plan."],
        "indicators": ["This belongs to another plan."],
    }
    assert answer.context["form"].is_narrowed


def test_who_asks_twice_before_it_is_made_gets_the_same_job(world: World) -> None:
    answers = [post(world, world.lead).url for _ in range(3)]
    assert len(set(answers)) == ExportJob.objects.count() == 1
    assert Entry.objects.filter(action="export.asked").count() == 1


def test_another_question_person_or_language_is_another_job(world: World) -> None:
    post(world, world.lead)
    post(world, world.lead, kind="xlsx")
    post(world, world.reviewer)
    with override("sq"):
        ask(asked(world, kind=ExportKind.CSV), by=world.lead)
    assert ExportJob.objects.count() == 4
    assert sorted(ExportJob.objects.values_list("language", flat=True)) == ["en"] * 3 + ["sq"]


def test_what_was_made_may_be_asked_for_again(
    world: World, django_capture_on_commit_callbacks: Commits
) -> None:
    first = made(world, world.lead, django_capture_on_commit_callbacks)
    second = made(world, world.lead, django_capture_on_commit_callbacks)
    assert first.key != second.key
    assert {job.stands for job in ExportJob.objects.all()} == {ExportState.DONE}


def test_only_so_many_may_be_unfinished(world: World) -> None:
    for state in ("waiting", "running", "waiting", "running"):
        job_of(world, world.lead, state)
    for state in ("done", "failed", "done"):
        job_of(world, world.lead, state)
    job_of(world, world.reviewer)
    assert post(world, world.lead).status_code == 302
    answer = post(world, world.lead, kind="xlsx")
    assert answer.status_code == 422
    sentence = "5 exports of yours are not finished. Wait until one of them is."
    assert sentence in answer.content.decode()
    assert post(world, world.lead).status_code == 302, "the same question is no new job"
    assert world.lead.exports.filter(state__in=["waiting", "running"]).count() == 5
    with pytest.raises(TooMany):
        ask(asked(world, states=("draft",)), by=world.lead)


def test_the_limit_is_said_in_the_singular_too(world: World, settings: Any) -> None:
    settings.EXPORTS_AT_ONCE = 1
    post(world, world.lead)
    page = post(world, world.lead, kind="xlsx").content.decode()
    assert "1 export of yours is not finished. Wait until it is." in page


def test_asking_removes_her_files_whose_time_is_over(
    world: World, django_capture_on_commit_callbacks: Commits
) -> None:
    old = job_of(world, world.lead, "done")
    other = job_of(world, world.reviewer, "done")
    for job in (old, other):
        ExportJob.objects.filter(pk=job.pk).update(expires_at=job.asked_at)
    world.client(world.lead).get(page_of(old))
    assert path_of(old).exists(), "a page that is looked at removes nothing"
    made(world, world.lead, django_capture_on_commit_callbacks)
    assert (path_of(old).exists(), path_of(other).exists()) == (False, True)


def test_only_her_newest_files_are_kept(
    world: World, django_capture_on_commit_callbacks: Commits, settings: Any
) -> None:
    settings.EXPORTS_KEPT = 3
    now = clock.now()
    jobs = [
        job_of(world, world.lead, "done", finished_at=now - timedelta(minutes=age))
        for age in (5, 1, 3)
    ]
    other = job_of(world, world.reviewer, "done", finished_at=now - timedelta(hours=1))
    newest = made(world, world.lead, django_capture_on_commit_callbacks)
    assert [path_of(job).exists() for job in (*jobs, newest, other)] == [
        False,
        True,
        True,
        True,
        True,
    ]
    jobs[0].refresh_from_db()
    assert jobs[0].is_expired


def test_a_get_with_the_old_address_makes_no_file(world: World) -> None:
    answer = world.client(world.lead).get(URL, {"plan": "AL", "first": "2026-Q3", "kind": "csv"})
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.context["form"]["kind"].value() == "csv"
    assert not ExportJob.objects.exists()


@pytest.mark.parametrize("method", ["put", "delete", "patch", "head"])
def test_other_methods_are_refused(world: World, method: str) -> None:
    assert getattr(world.client(world.lead), method)(URL).status_code == 405


def test_protected_figures_leave_with_an_entry_that_is_older_than_the_file(
    world: World, django_capture_on_commit_callbacks: Commits, monkeypatch: pytest.MonkeyPatch
) -> None:
    factory.fill_in(world.now(), world.contributor)
    made(world, world.contributor, django_capture_on_commit_callbacks)
    assert not Entry.objects.filter(action="values.exported").exists()
    world.indicator.sensitivity = Sensitivity.RESTRICTED
    world.indicator.save()

    def broken(*_args: Any) -> Any:
        raise OSError("no space left")

    monkeypatch.setattr("reports.consolidated.writing.csv_lines", broken)
    job = made(world, world.contributor, django_capture_on_commit_callbacks)
    entry = Entry.objects.get(action="values.exported")
    assert (entry.actor, '"indicators":["I1"]' in entry.data) == (world.contributor.email, True)
    assert job.stands is ExportState.FAILED, "the entry stands although no file came of it"
