"""The pages of exports: each belongs to who asked, and its file goes when its time is over."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Entry
from common import clock
from indicators.choices import Role, Sensitivity
from indicators.models import Membership
from reports.choices import ExportState
from reports.consolidated.asked import Asked
from reports.consolidated.keeping import path_of
from tests import factory
from tests.conftest import World
from tests.reports.asking import LIST, URL, Commits, file_of, job_of, made, page_of
from tests.reports.exporting import body

OTHERS = (
    "approver",
    "other_contributor",
    "reviewer",
    "lead",
    "administrator",
    "observer",
    "stranger",
)


def text(world: World, user: Any, address: str, **more: Any) -> str:
    return world.client(user).get(address, **more).content.decode()


@pytest.mark.parametrize("state", ["waiting", "running", "done", "failed"])
def test_nobody_else_finds_it_whatever_her_role(world: World, state: str) -> None:
    job = job_of(world, world.contributor, state)
    for name in OTHERS:
        client = world.client(getattr(world, name))
        assert client.get(page_of(job)).status_code == 404, name
        assert client.get(file_of(job)).status_code == 404, name
        listed = client.get(LIST)
        assert list(listed.context["table"].page.object_list) == []
        assert str(job.key) not in listed.content.decode()
    root = factory.make_user("root@example.org", is_superuser=True, is_staff=True)
    assert world.client(root).get(file_of(job)).status_code == 404


def test_nobody_at_all_is_sent_to_the_log_in(world: World) -> None:
    job = job_of(world, world.contributor, "done")
    for address in (LIST, page_of(job), file_of(job)):
        assert world.client(None).get(address).status_code == 302
    part = world.client(None).get(page_of(job), headers={"HX-Request": "true"})
    assert part.status_code == 401


def test_an_unknown_key_and_no_key_are_no_pages(world: World) -> None:
    client = world.client(world.contributor)
    assert client.get(reverse("export", args=[uuid4()])).status_code == 404
    assert client.get(f"{LIST}1/").status_code == 404
    assert client.get(f"{LIST}../file").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "head"])
def test_the_pages_are_only_read(world: World, method: str) -> None:
    job = job_of(world, world.contributor, "done")
    for address in (LIST, page_of(job), file_of(job)):
        assert getattr(world.client(world.contributor), method)(address).status_code == 405
    assert path_of(job).exists()


def test_the_file_is_an_attachment_that_nobody_keeps(
    world: World, django_capture_on_commit_callbacks: Commits
) -> None:
    factory.fill_in(world.now(), world.contributor)
    job = made(world, world.contributor, django_capture_on_commit_callbacks)
    before = Entry.objects.count()
    for _again in range(2):
        answer = world.client(world.contributor).get(file_of(job))
        assert answer.status_code == 200
        assert body(answer) == path_of(job).read_bytes()
        assert answer.headers["Cache-Control"] == "no-store, private"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        disposition = answer.headers["Content-Disposition"]
        assert disposition.startswith('attachment; filename="AL-2026Q3-2026Q3.csv"')
    assert Entry.objects.count() == before


def test_a_finished_one_says_what_it_is_and_leads_to_its_file(world: World) -> None:
    job = job_of(world, world.contributor, "done", size=2_560, done=1234, total=1234)
    page = text(world, world.contributor, page_of(job))
    assert f'href="{file_of(job)}"' in page
    assert job.sha256 in page
    assert "2.5\xa0KB" in page
    assert "1\xa0234" in page
    assert "hx-trigger" not in page
    assert "<progress" not in page
    assert "Ask for it again" not in page


@pytest.mark.parametrize(("state", "word"), [("waiting", "Waiting"), ("running", "Being made")])
def test_an_unfinished_one_looks_again_by_itself_and_by_a_link(
    world: World, state: str, word: str
) -> None:
    job = job_of(world, world.contributor, state, done=3, total=12)
    page = text(world, world.contributor, page_of(job))
    assert word in page
    assert f'hx-get="{page_of(job)}?was={state}" hx-trigger="every 2s"' in page
    assert re.search(r'<progress aria-label="How far it is" value="3" max="12">', page)
    assert "3 of 12 rows" in page
    assert f'<a href="{page_of(job)}">' in page
    assert file_of(job) not in page


def test_how_far_it_is_before_anything_is_known(world: World) -> None:
    page = text(world, world.contributor, page_of(job_of(world, world.contributor, "running")))
    assert '<progress aria-label="How far it is"></progress>' in page
    assert " rows</span>" not in page


def test_large_numbers_of_rows_are_numbers_to_the_browser_too(world: World) -> None:
    job = job_of(world, world.contributor, "running", done=12345, total=67890)
    page = text(world, world.contributor, page_of(job), headers={"Accept-Language": "sq"})
    assert 'value="12345" max="67890"' in page


def test_a_script_gets_the_part_that_moves_and_stops_when_it_is_there(world: World) -> None:
    job = job_of(world, world.contributor, "running", done=1, total=2)
    asks: dict[str, Any] = {"headers": {"HX-Request": "true"}}
    part = text(world, world.contributor, page_of(job) + "?was=running", **asks)
    assert part.strip().startswith("<section")
    assert "<html" not in part
    assert "hx-trigger" in part
    done = job_of(world, world.contributor, "done")
    part = text(world, world.contributor, page_of(done) + "?was=running", **asks)
    assert "hx-trigger" not in part
    assert file_of(done) in part


def test_a_reader_of_the_page_aloud_hears_the_state_once_when_it_is_another_one(
    world: World,
) -> None:
    job = job_of(world, world.contributor, "running")
    page = text(world, world.contributor, page_of(job))
    assert page.count("badge-status") == 1
    assert '<p id="export-state" role="status">' in page
    asks: dict[str, Any] = {"headers": {"HX-Request": "true"}}
    for was, count in (("running", 0), ("waiting", 1)):
        part = text(world, world.contributor, f"{page_of(job)}?was={was}", **asks)
        assert part.count('<div id="export-state" hx-swap-oob="innerHTML">') == count
        assert part.count("Being made") == count


def test_a_failed_one_says_why_and_offers_the_same_question(world: World) -> None:
    asked = Asked(world.plan, (2026, 3), (2026, 3), institutions=("MM",), objective="1")
    job = job_of(world, world.contributor, "failed", asked=asked.text())
    page = world.client(world.contributor).get(page_of(job))
    assert job.problem in page.content.decode()
    again = page.context["page"].again_url
    form = world.client(world.contributor).get(again).context["form"]
    assert form["plan"].value() == "AL"
    assert form["first"].value() == form["last"].value() == "2026-Q3"
    assert (form["institutions"].value(), form["objective"].value()) == (["MM"], "AL:1")
    assert form.is_narrowed
    assert world.client(world.contributor).get(file_of(job)).status_code == 409


@pytest.mark.parametrize("state", ["waiting", "running", "failed"])
def test_without_a_file_there_is_none_to_download(world: World, state: str) -> None:
    job = job_of(world, world.contributor, state)
    answer = world.client(world.contributor).get(file_of(job))
    assert answer.status_code == 409
    assert "Content-Disposition" not in answer.headers


def test_after_its_time_it_is_gone_whether_or_not_somebody_tidied_up(world: World) -> None:
    job = job_of(world, world.contributor, "done")
    assert job.expires_at is not None
    with clock.at(job.expires_at - timedelta(seconds=1)):
        assert world.client(world.contributor).get(file_of(job)).status_code == 200
    with clock.at(job.expires_at):
        answer = world.client(world.contributor).get(file_of(job))
        assert answer.status_code == 410
        assert "The time of this file is over" in answer.content.decode()
        page = text(world, world.contributor, page_of(job))
        assert "The time of this file is over" in page
        assert file_of(job) not in page
        assert "Ask for it again" in page
        assert "Expired" in text(world, world.contributor, LIST)


def test_a_file_that_somebody_removed_is_gone(world: World) -> None:
    job = job_of(world, world.contributor, "done")
    path_of(job).unlink()
    assert world.client(world.contributor).get(file_of(job)).status_code == 410
    assert "it was removed" in text(world, world.contributor, page_of(job))


def test_who_lost_every_role_finds_nothing(world: World) -> None:
    job = job_of(world, world.contributor, "done")
    Membership.objects.filter(user=world.contributor).delete()
    client = world.client(world.contributor)
    assert client.get(page_of(job)).status_code == 404
    assert client.get(file_of(job)).status_code == 404
    assert list(client.get(LIST).context["table"].page.object_list) == []


def test_a_role_that_ran_out_is_none(world: World) -> None:
    job = job_of(world, world.reviewer, "done")
    yesterday = clock.today("Europe/Tirane") - timedelta(days=1)
    Membership.objects.filter(user=world.reviewer).update(expires_on=yesterday)
    assert world.client(world.reviewer).get(file_of(job)).status_code == 404


def test_another_role_in_the_plan_takes_the_file_away(world: World) -> None:
    job = job_of(world, world.reviewer, "done")
    held = Membership.objects.filter(user=world.reviewer)
    held.update(role=Role.OBSERVER)
    answer = world.client(world.reviewer).get(file_of(job))
    assert answer.status_code == 409
    assert "What you may read in this plan changed" in answer.content.decode()
    page = text(world, world.reviewer, page_of(job))
    assert file_of(job) not in page
    assert "Ask for it again" in page
    held.update(role=Role.REVIEWER)
    assert world.client(world.reviewer).get(file_of(job)).status_code == 200


def test_one_role_of_two_is_enough_to_take_it_away(world: World) -> None:
    Membership.objects.create(user=world.reviewer, plan=world.plan, role=Role.ADMINISTRATOR)
    job = job_of(world, world.fresh(world.reviewer), "done")
    assert world.client(world.reviewer).get(file_of(job)).status_code == 200
    Membership.objects.filter(user=world.reviewer, role=Role.ADMINISTRATOR).delete()
    assert world.client(world.reviewer).get(file_of(job)).status_code == 409


def test_a_role_in_another_plan_changes_nothing(world: World) -> None:
    job = job_of(world, world.reviewer, "done")
    other = factory.make_plan("XK")
    Membership.objects.create(user=world.reviewer, plan=other, role=Role.OBSERVER)
    assert world.client(world.reviewer).get(file_of(job)).status_code == 200


def test_an_indicator_that_is_protected_now_takes_it_away_too(world: World) -> None:
    job = job_of(world, world.observer, "done")
    assert world.client(world.observer).get(file_of(job)).status_code == 200
    world.indicator.sensitivity = Sensitivity.RESTRICTED
    world.indicator.save()
    assert world.client(world.observer).get(file_of(job)).status_code == 409


def test_the_list_shows_her_own_the_newest_first(world: World) -> None:
    now = clock.now()
    jobs = [
        job_of(world, world.lead, state, asked_at=now - timedelta(minutes=age))
        for age, state in ((3, "waiting"), (1, "done"), (2, "failed"))
    ]
    job_of(world, world.reviewer, "done")
    rows = world.client(world.lead).get(LIST).context["table"].page.object_list
    assert [row.pk for row in rows] == [jobs[1].pk, jobs[2].pk, jobs[0].pk]
    page = text(world, world.lead, LIST)
    assert all(page_of(job) in page for job in jobs)
    assert all(str(ExportState(job.state).label) in page for job in jobs)


def test_an_empty_list_says_so(world: World) -> None:
    assert "No export yet" in text(world, world.lead, LIST)


def test_the_quarters_lead_to_both(world: World) -> None:
    page = text(world, world.lead, reverse("quarters"))
    assert f'href="{URL}"' in page
    assert f'href="{LIST}"' in page


def test_the_list_costs_the_same_whatever_its_length(world: World) -> None:
    client, found = world.client(world.lead), []
    for number in (1, 2, 27):
        for _job in range(number):
            job_of(world, world.lead, "done")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(LIST).status_code == 200
        found.append(len(asked))
    assert found == [found[0]] * 3
    assert found[0] <= 8


def test_the_page_tells_no_path_of_the_server(world: World) -> None:
    job = job_of(world, world.lead, "done")
    page = text(world, world.lead, page_of(job)) + text(world, world.lead, LIST)
    assert str(settings.EXPORTS_ROOT) not in page


def test_what_somebody_typed_in_the_plan_is_escaped(world: World) -> None:
    world.objective.title_en = "<b>&"
    world.objective.save()
    asked = Asked(world.plan, (2026, 3), (2026, 3), objective="1")
    job = job_of(world, world.lead, "done", asked=asked.text())
    assert "&lt;b&gt;&amp;" in text(world, world.lead, page_of(job))
