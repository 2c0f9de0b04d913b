"""What happened to a report, from the log: which events, in whose words, for whose eyes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from django.utils.translation import override

from audit.models import Entry
from audit.services import record
from common import clock
from reports.choices import ReportStatus
from reports.timeline import WORDS, Event, timeline_of
from reports.workflow import TRANSITIONS
from tests import factory
from tests.conftest import World


def happened(world: World, *, files: bool = True, reasons: bool = True, **more: Any) -> list[Event]:
    return timeline_of(world.report, tells_files=files, tells_reasons=reasons, **more)


def told(events: list[Event]) -> list[tuple[str, str, str]]:
    return [(event.who, event.what, event.text) for event in events]


def log(world: World, action: str, by: str = "", **data: Any) -> None:
    with transaction.atomic():
        record(action, by=by or world.contributor.email, about=world.report, **data)


def test_a_whole_life_newest_first(world: World) -> None:
    world.returned()
    factory.decide("submit", world.report, world.approver)
    factory.decide("withdraw", world.report, world.approver)
    reason = "The head of unit is ill."
    factory.decide("submit_on_behalf", world.report, world.administrator, reason=reason)
    factory.decide("take", world.report, world.lead)
    factory.decide("validate", world.report, world.lead)
    factory.decide("publish", world.report, world.lead)
    factory.decide("reopen", world.report, world.lead, reason="A typing error.")
    assert told(happened(world)) == [
        ("Lead.Al", "Re-opened for correction", "A typing error."),
        ("Lead.Al", "Published", ""),
        ("Lead.Al", "Validated", ""),
        ("Lead.Al", "Taken for review", ""),
        ("Administrator.Al", "Submitted by the secretariat on behalf", reason),
        ("Approver.Mm", "Withdrawn", ""),
        ("Approver.Mm", "Submitted", ""),
        ("Reviewer.Al", "Returned for correction", "Check the total."),
        ("Reviewer.Al", "Taken for review", ""),
        ("Approver.Mm", "Submitted", ""),
    ]
    badges = [event.badge for event in happened(world)]
    assert badges[:3] == [ReportStatus.RETURNED, ReportStatus.PUBLISHED, ReportStatus.VALIDATED]


def test_every_decision_has_its_words_in_both_languages() -> None:
    assert {f"report.{action}" for action in TRANSITIONS} <= set(WORDS)
    texts: dict[str, list[str]] = {}
    for language in ("en", "sq"):
        with override(language):
            texts[language] = [str(words) for words in WORDS.values()]
    assert not set(texts["en"]) & set(texts["sq"])
    assert [("%(name)s" in text) for text in texts["en"]] == [
        "%(name)s" in text for text in texts["sq"]
    ]


@pytest.mark.parametrize(
    ("files", "reasons"), [(True, True), (True, False), (False, True), (False, False)]
)
def test_files_and_reasons_are_told_to_who_may_read_them(
    world: World, files: bool, reasons: bool
) -> None:
    world.under_review()
    factory.decide("return", world.report, world.reviewer, reason="Canary reason")
    log(world, "evidence.added", name="Canary file.pdf")
    log(world, "evidence.removed", name="Canary file.pdf")
    events = happened(world, files=files, reasons=reasons)
    words = " ".join(f"{event.what} {event.text}" for event in events)
    assert ("Canary file.pdf" in words, "Canary reason" in words) == (files, reasons)
    assert len(events) == (5 if files else 3)


def test_a_name_of_a_file_is_shown_as_it_is_and_never_read_as_a_pattern(world: World) -> None:
    for name in ("100 %.pdf", "%(name)s.pdf", "%s%d.pdf", "<b>x</b>.pdf"):
        log(world, "evidence.added", name=name)
        assert happened(world)[0].what == f"File added: {name}"


def test_saves_readings_and_other_reports_are_not_events_of_this_one(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    factory.fill_in(world.now(world.other_report), world.other_contributor)
    factory.decide("submit", world.other_report, world.other_approver)
    log(world, "evidence.read", name="a.pdf")
    with transaction.atomic():  # another kind of object that has the same number
        record("report.submit", by="x@example.org", about=_period_like(world), to="submitted")
    assert Entry.objects.count() > 5
    assert happened(world) == []


def _period_like(world: World) -> Any:
    period = world.period
    period.pk = world.report.pk
    return period


def test_somebody_whose_account_is_gone_is_not_named_by_address(world: World) -> None:
    log(world, "report.submit", by="gone@example.org", to="submitted")
    log(world, "report.withdraw", by="system", to="draft")
    assert [event.who for event in happened(world)] == ["", ""]


def test_the_newest_are_shown_where_there_are_many(world: World) -> None:
    for number in range(60):
        log(world, "evidence.added", name=f"{number}.pdf")
    assert len(happened(world)) == 50
    assert [event.what for event in happened(world, limit=2)] == [
        "File added: 59.pdf",
        "File added: 58.pdf",
    ]


def test_an_event_has_the_moment_of_its_entry(world: World) -> None:
    moment = datetime(2026, 10, 5, 12, 30, tzinfo=UTC)
    with clock.at(moment):
        log(world, "report.submit", to="submitted")
    assert happened(world)[0].at == moment


@pytest.mark.parametrize("number", [1, 30])
def test_it_costs_two_queries_for_any_number_of_events(
    world: World, number: int, django_assert_num_queries: Any
) -> None:
    for n in range(number):
        log(world, "evidence.added", by=f"p{n}@example.org", name="a.pdf")
    with django_assert_num_queries(2):
        assert len(happened(world)) == number
