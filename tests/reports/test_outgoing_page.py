"""The address of the workbook for filling in: who gets it, when, and what the log says."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from audit.models import Entry
from common.reader import read_sheets
from indicators.choices import Sensitivity
from reports.models import Report
from tests.conftest import World
from tests.reports.exporting import body


def ask(world: World, user: User | None, **more: Any) -> Any:
    return world.client(user).get(reverse("report_sheet", args=[world.report.pk]), **more)


@pytest.mark.parametrize("who", ["contributor", "approver"])
def test_who_writes_in_the_report_gets_the_workbook(world: World, who: str) -> None:
    response = ask(world, getattr(world, who))
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    assert f"{world.period.code}-{world.defence.code}-0.xlsx" in response["Content-Disposition"]
    assert response["Cache-Control"] == "no-store, private"
    assert len(read_sheets(body(response), "a.xlsx")) == 5


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("other_contributor", 404),
        ("other_approver", 404),
        ("reviewer", 404),
        ("stranger", 404),
        ("administrator", 403),
    ],
)
def test_nobody_else_does(world: World, who: str, status: int) -> None:
    assert ask(world, getattr(world, who)).status_code == status


def test_without_a_log_in_it_is_asked_for(world: World) -> None:
    assert ask(world, None).status_code == 302


@pytest.mark.parametrize("state", ["submitted", "under_review", "validated", "published"])
def test_a_report_nobody_writes_in_has_none(world: World, state: str) -> None:
    getattr(world, state)()
    assert ask(world, world.contributor).status_code == 403


def test_a_returned_report_has_one(world: World) -> None:
    world.returned()
    assert ask(world, world.contributor).status_code == 200


def test_it_is_only_read(world: World) -> None:
    address = reverse("report_sheet", args=[world.report.pk])
    assert world.client(world.contributor).post(address).status_code == 405


def test_asking_twice_changes_nothing(world: World) -> None:
    before = world.now().version
    assert [ask(world, world.contributor).status_code for _n in range(2)] == [200, 200]
    assert world.now().version == before


def test_true_figures_of_protected_indicators_are_logged(world: World) -> None:
    ask(world, world.contributor)
    assert not Entry.objects.filter(action="workbook.exported").exists()
    world.indicator.sensitivity = Sensitivity.SMALL_COUNTS
    world.indicator.save()
    ask(world, world.contributor)
    entry = Entry.objects.get(action="workbook.exported")
    assert (entry.actor, entry.about_id) == (world.contributor.email, str(world.report.pk))


@pytest.mark.parametrize("name", ["report", "report_fill"])
def test_the_pages_lead_to_it(world: World, name: str) -> None:
    args = [world.report.pk] + (["narrative"] if name == "report_fill" else [])
    page = world.client(world.contributor).get(reverse(name, args=args)).content.decode()
    assert page.count(f'href="{reverse("report_upload", args=[world.report.pk])}"') == 1
    page = world.client(world.contributor).get(reverse("report_upload", args=[world.report.pk]))
    sheet = reverse("report_sheet", args=[world.report.pk])
    assert page.content.decode().count(f'href="{sheet}"') == 1


def test_who_only_reads_is_not_offered_it(world: World) -> None:
    page = world.client(world.administrator).get(reverse("report", args=[world.report.pk]))
    assert reverse("report_sheet", args=[world.report.pk]) not in page.content.decode()
    assert Report.objects.filter(pk=world.report.pk).exists()
