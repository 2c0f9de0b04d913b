"""Publishing a quarter as a numbered edition."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from accounts.models import User
from audit.models import Entry
from audit.services import faults
from common import clock
from common.canonical import sha256
from indicators.choices import Role
from publishing.errors import NothingToPublish, NotTheLead, Outdated
from publishing.models import Edition
from publishing.services import checklist, publish
from publishing.snapshot import Stamp, build
from reports.choices import ReportStatus
from reports.models import Report, Revision
from tests import factory
from tests.conftest import World

pytestmark = pytest.mark.django_db


def release(world: World, **more: Any) -> Edition:
    return publish(period=world.period, by=world.lead, seen=checklist(world.period).seen, **more)


def validate_other(world: World, number: int = 7) -> None:
    factory.fill_in(world.now(world.other_report), world.other_contributor, number)
    for action, by in (
        ("submit", world.other_approver),
        ("take", world.reviewer),
        ("validate", world.reviewer),
    ):
        factory.decide(action, world.other_report, by)


def test_publishing_makes_a_numbered_edition_of_the_validated_reports(world: World) -> None:
    world.validated()
    edition = release(world, note="First quarter.")
    assert edition.address == "AL-2026-Q3-1"
    assert world.now().state is ReportStatus.PUBLISHED
    assert world.now(world.other_report).state is ReportStatus.DRAFT
    data = json.loads(edition.snapshot)
    assert [row["institution"] for row in data["reports"]] == ["MM"]
    assert data["missing"] == [{"institution": "MB", "lies_with": "ministry", "period": "2026-Q3"}]


def test_the_hash_is_that_of_the_snapshot_and_stands_in_the_log(world: World) -> None:
    world.validated()
    edition = release(world)
    assert edition.sha256 == sha256(edition.snapshot)
    entry = Entry.objects.get(action="edition.published")
    told = json.loads(entry.data)
    assert told == {"address": edition.address, "sha256": edition.sha256, "missing": ["MB"]}
    assert entry.previous_hash == edition.audit_head
    assert list(faults()) == []


def test_a_second_edition_adds_what_was_validated_meanwhile(world: World) -> None:
    world.validated()
    release(world)
    validate_other(world)
    second = release(world)
    assert second.address == "AL-2026-Q3-2"
    data = json.loads(second.snapshot)
    assert [row["institution"] for row in data["reports"]] == ["MB", "MM"]
    assert data["missing"] == []


def test_without_a_validated_report_there_is_nothing_to_publish(world: World) -> None:
    world.under_review()
    with pytest.raises(NothingToPublish):
        release(world)
    assert Edition.objects.count() == 0


def test_only_the_lead_publishes(world: World) -> None:
    world.validated()
    seen = checklist(world.period).seen
    for person in (world.reviewer, world.approver, world.administrator, world.observer):
        with pytest.raises(NotTheLead):
            publish(period=world.period, by=person, seen=seen)
    assert Edition.objects.count() == 0
    assert world.now().state is ReportStatus.VALIDATED


def test_the_second_click_on_the_same_page_publishes_nothing(world: World) -> None:
    world.validated()
    seen = checklist(world.period).seen
    publish(period=world.period, by=world.lead, seen=seen)
    with pytest.raises(Outdated):
        publish(period=world.period, by=world.lead, seen=seen)
    assert Edition.objects.count() == 1


def test_a_report_validated_after_the_page_was_opened_is_not_slipped_in(world: World) -> None:
    world.validated()
    seen = checklist(world.period).seen
    validate_other(world)
    with pytest.raises(Outdated):
        publish(period=world.period, by=world.lead, seen=seen)
    assert world.now().state is ReportStatus.VALIDATED


def test_a_number_taken_at_the_same_moment_leaves_nothing_half_done(world: World) -> None:
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
        published_at=clock.now(),
    )
    with pytest.raises(Outdated):
        release(world)
    assert world.now().state is ReportStatus.VALIDATED
    assert not Entry.objects.filter(action="report.publish").exists()


def snapshot_before(world: World) -> tuple[list[Any], list[Any], list[Any]]:
    """Everything that publishing writes, as one value."""
    return (
        list(Report.objects.order_by("pk").values_list("status", "version")),
        list(Entry.objects.order_by("pk").values_list("hash", flat=True)),
        list(Edition.objects.order_by("pk").values_list("address", "sha256")),
    )


@pytest.mark.parametrize("address", ["publishing.services.record", "publishing.services._freeze"])
def test_a_failure_in_the_middle_leaves_nothing_at_all(
    world: World, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """The reports are published by then, their entries written, and the first case has frozen."""
    world.validated()
    before = snapshot_before(world)

    def broken(*args: Any, **more: Any) -> None:
        assert world.now().state is ReportStatus.PUBLISHED
        assert Entry.objects.filter(action="report.publish").exists()
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(address, broken)
        with pytest.raises(OSError, match="No space"):
            release(world)
    assert snapshot_before(world) == before
    assert release(world).address == "AL-2026-Q3-1"


def test_a_report_whose_frozen_content_cannot_be_read_stops_the_whole_edition(world: World) -> None:
    world.validated()
    Revision.objects.update(content="{")
    before = snapshot_before(world)
    with pytest.raises(json.JSONDecodeError):
        release(world)
    assert snapshot_before(world) == before


def test_the_lead_of_another_plan_is_nobody_here(world: World) -> None:
    world.validated()
    stranger = factory.make_member(Role.LEAD, factory.make_plan("XK"), password=None)
    with pytest.raises(NotTheLead):
        publish(period=world.period, by=stranger, seen=checklist(world.period).seen)


@pytest.mark.parametrize("change", [{"expires_on": date(2020, 1, 1)}, {"role": Role.REVIEWER}])
def test_who_was_the_lead_yesterday_publishes_nothing_today(
    world: World, change: dict[str, Any]
) -> None:
    world.validated()
    world.lead.memberships.update(**change)
    with pytest.raises(NotTheLead):
        publish(period=world.period, by=world.fresh(world.lead), seen=checklist(world.period).seen)
    assert Edition.objects.count() == 0


def test_a_lead_whose_account_is_closed_publishes_nothing(world: World) -> None:
    world.validated()
    User.objects.filter(pk=world.lead.pk).update(is_active=False)
    with pytest.raises(NotTheLead):
        publish(period=world.period, by=world.fresh(world.lead), seen=checklist(world.period).seen)


def test_a_wrong_person_is_told_so_before_anything_else(world: World) -> None:
    with pytest.raises(NotTheLead):
        publish(period=world.period, by=world.reviewer, seen="what never was")


def test_an_edition_says_who_published_it_when_and_why(world: World) -> None:
    world.validated()
    moment = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    with clock.at(moment):
        edition = release(world, note="  First quarter.\n")
    assert (edition.published_by, edition.published_at) == (world.lead, moment)
    assert (edition.note, json.loads(edition.snapshot)["edition"]["note"]) == (
        "First quarter.",
    ) * 2
    entry = Entry.objects.get(action="edition.published")
    assert (entry.actor, entry.about_type) == (world.lead.email, "publishing.edition")
    assert entry.about_id == str(edition.pk)


def test_every_report_of_the_edition_is_published_and_logged_once(world: World) -> None:
    world.validated()
    validate_other(world)
    release(world)
    entries = Entry.objects.filter(action="report.publish").order_by("sequence")
    assert [(e.actor, e.about_id) for e in entries] == [
        (world.lead.email, str(world.other_report.pk)),
        (world.lead.email, str(world.report.pk)),
    ]


def test_the_checklist_sorts_the_reports_and_names_the_next_address(world: World) -> None:
    world.validated()
    found = checklist(world.period)
    assert [r.institution.code for r in found.ready] == ["MM"]
    assert [r.institution.code for r in found.missing] == ["MB"]
    assert (found.published, found.last_number, found.is_ready) == ([], 0, True)
    assert found.address == "AL-2026-Q3-1"
    release(world)
    found = checklist(world.period)
    assert [r.institution.code for r in found.published] == ["MM"]
    assert (found.ready, found.is_ready, found.address) == ([], False, "AL-2026-Q3-2")


def earlier(world: World) -> Report:
    """The quarter before, in which both ministries owed a report."""
    period = factory.open_quarter(world.plan, 2026, 2)
    report = Report.objects.with_names().get(period=period, institution=world.defence)
    factory.fill_in(report, world.contributor)
    factory.decide("submit", report, world.approver)
    factory.decide("take", report, world.reviewer)
    return report


def test_what_became_official_of_an_earlier_quarter_is_not_slipped_in(world: World) -> None:
    """It would stand in the edition as well; the lead looks again and then publishes it."""
    report = earlier(world)
    world.validated()
    seen = checklist(world.period).seen
    factory.decide("validate", report, world.reviewer)
    with pytest.raises(Outdated):
        publish(period=world.period, by=world.lead, seen=seen)
    assert world.now().state is ReportStatus.VALIDATED
    rows = json.loads(release(world).snapshot)["reports"]
    assert [(r["institution"], r["period"]) for r in rows] == [("MM", "2026-Q2"), ("MM", "2026-Q3")]


def test_what_was_taken_back_of_an_earlier_quarter_does_not_drop_out_unseen(world: World) -> None:
    report = earlier(world)
    factory.decide("validate", report, world.reviewer)
    world.validated()
    seen = checklist(world.period).seen
    factory.decide("reopen", report, world.lead, reason="A total was wrong.")
    with pytest.raises(Outdated):
        publish(period=world.period, by=world.lead, seen=seen)


def test_what_is_not_in_the_edition_does_not_make_the_lead_look_again(world: World) -> None:
    world.validated()
    report = earlier(world)
    seen = checklist(world.period).seen
    factory.decide("return", report, world.reviewer, reason="Check the total.")
    factory.fill_in(world.now(world.other_report), world.other_contributor, 9)
    factory.open_quarter(world.plan, 2026, 4)
    edition = publish(period=world.period, by=world.lead, seen=seen)
    assert edition.address == "AL-2026-Q3-1"


def test_a_checklist_of_an_earlier_quarter_knows_nothing_of_later_ones(world: World) -> None:
    report = earlier(world)
    factory.decide("validate", report, world.reviewer)
    seen = checklist(report.period).seen
    world.validated()
    edition = publish(period=report.period, by=world.lead, seen=seen)
    assert [r["period"] for r in json.loads(edition.snapshot)["reports"]] == ["2026-Q2"]


@pytest.mark.parametrize("number", [1, 3])
def test_a_checklist_costs_two_queries_however_many_quarters_there_were(
    world: World, number: int, django_assert_num_queries: Any
) -> None:
    for quarter in range(number):
        factory.open_quarter(world.plan, 2025, quarter + 1)
    with django_assert_num_queries(2):
        checklist(world.period)


def test_publishing_costs_the_same_number_of_queries_for_many_indicators(
    world: World, django_assert_num_queries: Any
) -> None:
    world.published()
    stamp = Stamp("X", 1, clock.now(), "")
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
