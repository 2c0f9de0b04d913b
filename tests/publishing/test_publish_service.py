"""Publishing a quarter as a numbered edition."""

import json

import pytest

from audit.models import Entry
from audit.services import faults
from common.canonical import sha256
from publishing.errors import NothingToPublish, NotTheLead, Outdated
from publishing.models import Edition
from publishing.services import checklist, publish
from reports.choices import ReportStatus
from tests import factory

pytestmark = pytest.mark.django_db


def release(world, **more):
    return publish(period=world.period, by=world.lead, seen=checklist(world.period).seen, **more)


def validate_other(world, number=7):
    factory.fill_in(world.now(world.other_report), world.other_contributor, number)
    for action, by in (
        ("submit", world.other_approver),
        ("take", world.reviewer),
        ("validate", world.reviewer),
    ):
        factory.decide(action, world.other_report, by)


def test_publishing_makes_a_numbered_edition_of_the_validated_reports(world):
    world.validated()
    edition = release(world, note="First quarter.")
    assert edition.address == "AL-2026-Q3-1"
    assert world.now().state is ReportStatus.PUBLISHED
    assert world.now(world.other_report).state is ReportStatus.DRAFT
    data = json.loads(edition.snapshot)
    assert [row["institution"] for row in data["reports"]] == ["MM"]
    assert data["missing"] == [{"institution": "MB", "lies_with": "ministry", "period": "2026-Q3"}]


def test_the_hash_is_that_of_the_snapshot_and_stands_in_the_log(world):
    world.validated()
    edition = release(world)
    assert edition.sha256 == sha256(edition.snapshot)
    entry = Entry.objects.get(action="edition.published")
    told = json.loads(entry.data)
    assert told == {"address": edition.address, "sha256": edition.sha256, "missing": ["MB"]}
    assert entry.previous_hash == edition.audit_head
    assert list(faults()) == []


def test_a_second_edition_adds_what_was_validated_meanwhile(world):
    world.validated()
    release(world)
    validate_other(world)
    second = release(world)
    assert second.address == "AL-2026-Q3-2"
    data = json.loads(second.snapshot)
    assert [row["institution"] for row in data["reports"]] == ["MB", "MM"]
    assert data["missing"] == []


def test_without_a_validated_report_there_is_nothing_to_publish(world):
    world.under_review()
    with pytest.raises(NothingToPublish):
        release(world)
    assert Edition.objects.count() == 0


def test_only_the_lead_publishes(world):
    world.validated()
    seen = checklist(world.period).seen
    for person in (world.reviewer, world.approver, world.administrator, world.observer):
        with pytest.raises(NotTheLead):
            publish(period=world.period, by=person, seen=seen)
    assert Edition.objects.count() == 0
    assert world.now().state is ReportStatus.VALIDATED


def test_the_second_click_on_the_same_page_publishes_nothing(world):
    world.validated()
    seen = checklist(world.period).seen
    publish(period=world.period, by=world.lead, seen=seen)
    with pytest.raises(Outdated):
        publish(period=world.period, by=world.lead, seen=seen)
    assert Edition.objects.count() == 1


def test_a_report_validated_after_the_page_was_opened_is_not_slipped_in(world):
    world.validated()
    seen = checklist(world.period).seen
    validate_other(world)
    with pytest.raises(Outdated):
        publish(period=world.period, by=world.lead, seen=seen)
    assert world.now().state is ReportStatus.VALIDATED


def test_a_number_taken_at_the_same_moment_leaves_nothing_half_done(world):
    """The other lead's edition was stored between the look and the store."""
    world.validated()
    Edition.objects.create(
        plan=world.plan,
        period=factory.open_quarter(world.plan, 2026, 2),
        number=1,
        address="AL-2026-Q3-1",
        snapshot="{}",
        sha256="0",
        audit_head="",
        published_by=world.lead,
        published_at=world.now().decided_at,
    )
    with pytest.raises(Outdated):
        release(world)
    assert world.now().state is ReportStatus.VALIDATED
    assert not Entry.objects.filter(action="report.publish").exists()


def test_publishing_costs_the_same_number_of_queries_for_many_indicators(
    world, django_assert_num_queries
):
    from publishing.snapshot import Stamp, build
    from reports.models import Report

    world.published()
    stamp = Stamp("X", 1, world.now().decided_at, "")
    with django_assert_num_queries(FIXED):
        build(world.period, stamp)
    for number in range(30):
        extra = factory.make_indicator(
            world.plan, f"X{number}", world.defence, objective=world.objective
        )
        factory.make_target(extra, 10)
        factory.make_action(world.plan, f"XA{number}", world.interior, world.objective)
    factory.open_quarter(world.plan, 2026, 2)
    assert Report.objects.count() == 4
    with django_assert_num_queries(FIXED):
        build(world.period, stamp)


FIXED = 16
