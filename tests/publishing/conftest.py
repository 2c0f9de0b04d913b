"""A published quarter, and what of it must never be seen."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from publishing.queries import read
from publishing.services import checklist, publish
from reports.models import Report
from tests import factory
from tests.publishing.lived import Lived, lived
from tests.publishing.pages import seen
from tests.publishing.released import Released, two_quarters


@pytest.fixture(autouse=True)
def nothing_kept_from_the_test_before():
    read.cache_clear()


@pytest.fixture
def release(world):
    """Publishes what is validated, as the lead does."""

    def go(period=None, **more):
        period = period or world.period
        return publish(period=period, by=world.lead, seen=checklist(period).seen, **more)

    return go


@pytest.fixture
def reported(world):
    """Brings one institution's report of a quarter to validation with these answers by indicator.

    Answers not given are filled in with 5.
    """

    def go(institution, answers, *, period=None, ratings=("on_track", "As planned.")):
        from reports.services import save_line

        period = period or world.period
        report = Report.objects.with_names().get(period=period, institution=institution)
        mine = institution == world.defence
        author = world.contributor if mine else world.other_contributor
        signer = world.approver if mine else world.other_approver
        factory.fill_in(report, author)
        for line in report.lines.select_related("indicator", "report__period__plan"):
            if line.indicator.code in answers:
                save_line(
                    line,
                    by=author,
                    version=line.version,
                    answers=answers[line.indicator.code],
                    rating=ratings,
                )
        for action, by in (
            ("submit", signer),
            ("take", world.reviewer),
            ("validate", world.reviewer),
        ):
            factory.decide(action, report, by)
        return report

    return go


@pytest.fixture(scope="module")
def released(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Released]:
    """Two published quarters, made once for the tests of a module and rolled back."""
    seen.cache_clear()
    with django_db_blocker.unblock(), transaction.atomic():
        yield two_quarters()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Lived]:
    """Two published quarters of a plan that tests go on living with; rolled back after a module."""
    with lived(django_db_blocker) as plan:
        yield plan
