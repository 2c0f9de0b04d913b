"""How much the coalition's pages ask of the database: the same, however much they show."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reports.choices import ReportStatus
from reports.content import content_of
from reports.models import Period, Remark, Report, Review, Revision
from tests import factory
from tests.conftest import World

QUEUE, QUARTERS, QUARTER, REVIEW = 8, 5, 8, 19
"""Queries of each page. Lists may take 15, the review page 20."""


def cost(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def add_reports(world: World, number: int, status: ReportStatus) -> None:
    for n in range(number):
        institution = factory.make_institution(f"X{n:03}")
        Report.objects.create(
            period=world.period,
            institution=institution,
            due_on=world.period.due_on,
            status=status,
            submitted_at=timezone.now(),
        )


@pytest.mark.parametrize("number", [1, 3, 300])
def test_the_queue(world: World, number: int) -> None:
    add_reports(world, number, ReportStatus.SUBMITTED)
    client = world.client(world.reviewer)
    assert cost(client, "/review/") == QUEUE


@pytest.mark.parametrize("number", [1, 3, 300])
def test_who_owes_what(world: World, number: int) -> None:
    add_reports(world, number, ReportStatus.VALIDATED)
    for who in (world.lead, world.administrator, world.observer):
        assert cost(world.client(who), f"/quarters/{world.period.pk}/") == QUARTER


@pytest.mark.parametrize("number", [1, 3, 300])
def test_the_quarters(world: World, number: int) -> None:
    Report.objects.all().delete()
    Period.objects.all().delete()
    for n in range(number):
        year, quarter = 2024 + n // 4, n % 4 + 1
        factory.open_quarter(world.plan, year, quarter)
    for who in (world.lead, world.contributor, world.observer):
        assert cost(world.client(who), "/quarters/") == QUARTERS


def with_indicators(world: World, number: int) -> Report:
    """A report of so many split indicators, in its second round, with a quarter before it."""
    sex = factory.make_dimension(world.plan, "sex", "women", "men", total_rule="open")
    for n in range(number):
        indicator = factory.make_indicator(
            world.plan, f"N{n:03}", world.defence, objective=world.objective
        )
        factory.split(indicator, sex)
        factory.make_target(indicator, 10 + n)
    world.plan.indicators.exclude(code__startswith="N").update(frequency="annual")
    period = factory.open_quarter(world.plan, 2026, 2)
    report = Report.objects.with_names().get(period=period, institution=world.defence)
    freeze(world, report)
    factory.decide("take", report, world.reviewer)
    return report


def freeze(world: World, report: Report) -> None:
    """Submitted as it is: what is in it is not the point here."""
    content = content_of(report)
    Revision.objects.create(
        report=report, number=1, content=content, sha256="0" * 64, submitted_by=world.approver
    )
    Report.objects.filter(pk=report.pk).update(
        status=ReportStatus.SUBMITTED, revision=1, submitted_at=timezone.now()
    )


@pytest.mark.parametrize("number", [1, 10, 100])
def test_the_review_page(world: World, number: int) -> None:
    report = with_indicators(world, number)
    client = world.client(world.reviewer)
    assert cost(client, f"/review/{report.pk}/") == REVIEW
    review = Review.objects.get(report=report)
    for line in report.lines.all():
        Remark.objects.create(review=review, line=line, verdict="accepted")
    assert cost(client, f"/review/{report.pk}/") == REVIEW


def test_the_review_page_of_a_hundred_indicators_is_cut(world: World) -> None:
    report = with_indicators(world, 100)
    client = world.client(world.reviewer)
    pages = client.get(f"/review/{report.pk}/").context["dossier"].pages()
    assert [len(page) for page in pages] == [20, 20, 20, 20, 20, 2]
    last = client.get(f"/review/{report.pk}/", {"page": 6})
    assert [part.kind for part in last.context["parts"]] == ["action", "narrative"]
    line = pages[2][0].key
    assert client.get(f"/review/{report.pk}/", {"part": line}).context["page_number"] == 3
