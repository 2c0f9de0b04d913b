"""How a status was computed, read by those who may: inputs, sources, coverage, parts."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.numbers import NBSP
from indicators.choices import Sensitivity
from indicators.models import Indicator
from reports.models import Report
from reports.rules import sees_computed
from tests import factory
from tests.conftest import World
from tests.reports.test_judging import answer, by_sex, validate

READERS = ("reviewer", "lead", "administrator", "observer")


def page(world: World, who: str, code: str = "I1", period: Any = None) -> Any:
    url = reverse("computed", args=[(period or world.period).pk, code])
    return world.client(world.fresh(getattr(world, who))).get(url)


def told(world: World, who: str = "reviewer", code: str = "I1") -> Any:
    answer = page(world, who, code)
    assert answer.status_code == 200, answer.content
    return answer.context["told"]


def test_the_page_says_what_the_status_was_computed_from(world: World) -> None:
    world.validated()
    found = told(world)
    assert dict(found.facts) == {
        "Value": "5",
        "Start": "Zero by nature",
        "Expected by then": "68.6986",
        "Final target": "100",
        "Tolerance": "0",
        "Progress": f"5{NBSP}%",
        "Pace": "0.07 (on track from 0.95, at risk from 0.7)",
        "Coverage": f"50{NBSP}%",
        "Over time": "Sum",
        "Over institutions": "Sum",
    }
    assert (found.total.status, found.rules_version) == ("off_track", "1")
    assert (found.total.reported, found.total.expected) == (1, 2)
    assert found.total.marks == ("provisional",)


def test_the_sources_are_the_validated_reports_with_the_revision_that_was_read(
    world: World,
) -> None:
    world.validated()
    factory.fill_in(world.now(world.other_report), world.other_contributor)
    factory.decide("submit", world.other_report, world.other_approver)
    [source] = told(world).sources
    revision = world.now().revisions.get()
    assert (source.report, source.revision, source.is_open) == (world.report, revision, True)
    html = page(world, "reviewer").content.decode()
    assert revision.sha256 in html
    assert reverse("report_content", args=[world.report.pk]) in html


def test_where_nothing_is_validated_the_page_says_so(world: World) -> None:
    world.under_review()
    assert told(world).sources == []
    html = page(world, "reviewer").content.decode()
    assert "No validated report stands behind it yet." in html


def test_the_parts_show_their_figures_and_the_status_of_those_with_a_target(
    world: World,
) -> None:
    by_sex(world)
    factory.fill_in(world.now(), world.contributor)
    parts = [factory.value(9), factory.value(6, "sex=f"), factory.value(3, "sex=m")]
    answer(world.now(), world.contributor, *parts)
    for action, by in (("submit", world.approver), ("take", world.reviewer)):
        factory.decide(action, world.report, by)
    factory.decide("validate", world.report, world.reviewer)
    women, men = told(world).parts
    assert (women.label, women.value, women.status) == ("F", "6", "off_track")
    assert (men.label, men.value, men.status) == ("M", "3", None)


def test_each_quarter_is_told_the_newest_first(world: World) -> None:
    world.validated()
    newer = factory.open_quarter(world.plan, 2026, 4)
    quarters = [(str(period), status, value) for period, status, value in told(world).quarters]
    assert quarters == [("2026 Q4", "no_data", "5"), ("2026 Q3", "off_track", "5")]
    assert page(world, "reviewer", period=newer).status_code == 200


@pytest.mark.parametrize("sensitivity", Sensitivity.values)
def test_who_reads_what_was_computed(world: World, sensitivity: str) -> None:
    world.validated()
    Indicator.objects.filter(pk=world.indicator.pk).update(sensitivity=sensitivity)
    people = (*READERS, "contributor", "other_approver", "stranger")
    answers = {who: page(world, who).status_code for who in people}
    observer = 200 if sensitivity == Sensitivity.PUBLIC else 404
    both_sides = dict.fromkeys(("reviewer", "lead", "administrator"), 200)
    others = dict.fromkeys(("contributor", "other_approver", "stranger"), 404)
    assert answers == {**both_sides, **others, "observer": observer}


def test_a_ministry_reads_what_stands_on_its_own_figures_alone(world: World) -> None:
    world.validated()
    assert told(world, "contributor", "I2").total.value == f"5{NBSP}%"
    assert page(world, "other_contributor", "I2").status_code == 404
    Indicator.objects.filter(code="I2").update(sensitivity=Sensitivity.RESTRICTED)
    assert page(world, "contributor", "I2").status_code == 200


def test_nobody_stands_behind_what_nobody_owed(world: World) -> None:
    mine = world.fresh(world.contributor)
    plan = world.plan.pk
    assert not sees_computed(mine, plan, Sensitivity.PUBLIC, set())
    assert sees_computed(mine, plan, Sensitivity.PUBLIC, {world.defence.pk})
    assert not sees_computed(mine, plan, Sensitivity.PUBLIC, {world.defence.pk, world.interior.pk})


def test_an_unknown_indicator_and_one_that_was_never_owed_are_not_found(world: World) -> None:
    factory.make_indicator(world.plan, "I9", objective=world.objective)
    assert [page(world, "lead", code).status_code for code in ("I9", "NO")] == [404, 404]


def test_the_number_of_queries_does_not_grow(world: World) -> None:
    counts = []
    people = {
        world.defence.pk: (world.contributor, world.approver),
        world.interior.pk: (world.other_contributor, world.other_approver),
    }
    for quarter in (3, 4):
        period = factory.open_quarter(world.plan, 2026, quarter)
        for report in Report.objects.with_names().filter(period=period):
            writer, signer = people[report.institution_id]
            validate(world, report, writer, signer)
        page(world, "reviewer", period=period)
        with CaptureQueriesContext(connection) as queries:
            assert page(world, "reviewer", period=period).status_code == 200
        counts.append(len(queries))
    assert counts == [14, 14]
