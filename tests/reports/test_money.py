"""Money by source of funds: what adds up, what is refused, what a submission waits for."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from indicators.models import Funding
from reports.content import content_of
from reports.errors import Faulty, Incomplete, NotAllowed, Stale
from reports.how_far import how_far
from reports.missing import missing_in
from reports.models import Report, SourceMoney
from reports.money import (
    Told,
    earlier_money,
    lacks_split,
    overspent,
    settle,
    source_field,
    sources_of,
    told_of,
)
from reports.queries import actions_for_form, lines_for_form
from reports.services import save_action
from tests import factory
from tests.conftest import World
from tests.reports.funded import amount, earlier, fund, progress_of, stored, tell

D = Decimal
BOTH = ["Donors", "State"]


def settled(split: dict[str, tuple[Any, Any]], **totals: str | None) -> tuple[Any, list[str]]:
    given = {source: (amount(a), amount(s)) for source, (a, s) in split.items()}
    found = settle(BOTH, given, {name: amount(text) for name, text in totals.items()})
    return found.totals, [f"{fault.field}: {fault.text}" for fault in found.faults]


SETTLED: list[tuple[str, dict[str, tuple[Any, Any]], dict[str, Any], dict[str, Any]]] = [
    ("nothing", {}, {"spent": None}, {"spent": None}),
    ("a total alone", {}, {"spent": "5"}, {"spent": D(5)}),
    (
        "each source",
        {"State": (None, "2"), "Donors": (None, "3")},
        {"spent": None},
        {"spent": D(5)},
    ),
    ("zeros", {"State": (None, "0"), "Donors": (None, "0")}, {"spent": None}, {"spent": D(0)}),
    ("they agree", {"State": (1, 2), "Donors": (2, 3)}, {"spent": "5"}, {"spent": D(5)}),
    ("a part", {"State": (None, "2")}, {"spent": None}, {"spent": None}),
    ("a part of more", {"State": (None, "2")}, {"spent": "5"}, {"spent": D(5)}),
    ("a part that is all", {"State": (None, "5")}, {"spent": "5"}, {"spent": D(5)}),
    (
        "one column whole",
        {"State": (1, 2), "Donors": (3, None)},
        {"allocated": None, "spent": None},
        {"allocated": D(4), "spent": None},
    ),
    (
        "a source that left the plan counts",
        {"State": (None, 2), "Donors": (None, 3), "Old": (None, 4)},
        {"spent": None},
        {"spent": D(9)},
    ),
    ("what is not asked for", {"State": (1, 2), "Donors": (3, 4)}, {}, {}),
]


@pytest.mark.parametrize(
    ("split", "totals", "expected"), [r[1:] for r in SETTLED], ids=[r[0] for r in SETTLED]
)
def test_the_sources_come_to_a_total(
    split: dict[str, tuple[Any, Any]], totals: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert settled(split, **totals) == (expected, [])


def test_sources_that_contradict_their_total_are_named_with_both_sums() -> None:
    whole = {"State": ("10", "2"), "Donors": ("20", "3")}
    assert settled(whole, allocated="31", spent="4")[1] == [
        "allocated: The sources add up to 30, the total says 31. Correct one of them, or leave the"
        " total empty: it is added up.",
        "spent: The sources add up to 5, the total says 4. Correct one of them, or leave the"
        " total empty: it is added up.",
    ]
    part = {"State": (None, "2.50")}
    assert settled(part, spent="2.49")[1] == [
        "spent: The sources given add up to 2.5, more than the total of 2.49."
    ]


def test_only_an_action_with_several_sources_is_told_one_by_one(world: World) -> None:
    assert sources_of(progress_of(world.report)) == []
    fund(world, State="3000")
    assert sources_of(progress_of(world.report)) == []
    fund(world, Donors="1500.50")
    assert sources_of(progress_of(world.report)) == BOTH


def test_money_is_stored_by_source_and_its_total_is_their_sum(world: World) -> None:
    fund(world)
    tell(world, allocated=None, spent=None, money={"State": ("10", "4"), "Donors": ("5.5", "0")})
    by_source = {"Donors": (D("5.5"), D(0)), "State": (D(10), D(4))}
    assert stored(world.report) == (D("15.5"), D(4), by_source)


def test_a_blank_source_has_no_row(world: World) -> None:
    fund(world)
    blank = (None, None)
    tell(world, allocated=None, spent="9", money={"State": ("10", None), "Donors": blank})
    assert stored(world.report) == (None, D(9), {"State": (D(10), None)})
    assert SourceMoney.objects.count() == 1


def test_money_that_is_not_spoken_of_stays(world: World) -> None:
    fund(world)
    told = {"State": ("10", "4"), "Donors": ("5", "1")}
    tell(world, allocated=None, spent=None, money=told)
    tell(world, note="Later.")
    assert stored(world.report) == (D(15), D(5), {"Donors": (D(5), D(1)), "State": (D(10), D(4))})


def test_a_contradiction_is_refused_and_nothing_is_stored(world: World) -> None:
    fund(world)
    tell(world, allocated=None, spent=None, money={"State": ("10", "4"), "Donors": ("5", "1")})
    before, entries = stored(world.report), Entry.objects.count()
    with pytest.raises(Faulty) as refused:
        tell(world, spent="99")
    assert [fault.field for fault in refused.value.faults] == ["spent"]
    assert (stored(world.report), Entry.objects.count()) == (before, entries)


def test_the_log_tells_each_source_that_changed_and_from_what(world: World) -> None:
    fund(world)
    tell(world, allocated=None, spent=None, money={"State": ("10", "4"), "Donors": ("5", "1")})
    tell(world, allocated=None, spent=None, money={"State": ("10", "6"), "Donors": ("5", "1")})
    last = Entry.objects.filter(action="action.saved").order_by("sequence").last()
    assert last is not None
    assert json.loads(last.data) == {
        "money": {"State": [["10", "4"], ["10", "6"]]},
        "spent": ["5", "7"],
    }


def test_nobody_else_saves_money_by_source_and_nobody_over_a_newer_version(world: World) -> None:
    fund(world)
    row = progress_of(world.report)
    values = {"spent": None, "money": {"State": (D(1), D(1)), "Donors": (D(1), D(1))}}
    for person in (world.other_contributor, world.reviewer, world.observer):
        with pytest.raises(NotAllowed):
            save_action(row, by=person, version=row.version, values=values)
    tell(world, spent="3", note="Later.")
    with pytest.raises(Stale):
        save_action(row, by=world.contributor, version=row.version, values=values)
    assert SourceMoney.objects.count() == 0


def test_a_source_that_left_the_plan_keeps_its_money_and_its_place(world: World) -> None:
    fund(world, State="1", Donors="1", Loan="1")
    told = {"State": ("1", "1"), "Donors": ("2", "2"), "Loan": ("3", "3")}
    tell(world, allocated=None, spent=None, money=told)
    Funding.objects.filter(source="Loan").delete()
    assert sources_of(progress_of(world.report)) == ["Donors", "State", "Loan"]
    tell(world, allocated=None, spent=None, money={**told, "State": ("1", "5")})
    assert stored(world.report)[:2] == (D(6), D(10))
    Funding.objects.filter(source="Donors").delete()
    assert (sources_of(progress_of(world.report)), stored(world.report)) == ([], (D(6), D(10), {}))


# ------------------------------------------------------------------ what a submission waits for

WAITS: list[tuple[str, dict[str, Any], str]] = [
    ("nothing", {}, "The money spent is missing; write 0 when none was spent."),
    ("a total", {"spent": "5"}, "What was spent is not told for each source of funds."),
    ("a part", {"spent": "5", "money": {"State": (None, "2")}}, "What was spent is not told"),
    ("a total and why", {"spent": "5", "note": "One account."}, ""),
    ("each source", {"spent": None, "money": {"State": (None, 2), "Donors": (None, 0)}}, ""),
]


@pytest.mark.parametrize(("told", "says"), [r[1:] for r in WAITS], ids=[r[0] for r in WAITS])
def test_spending_is_told_by_source_or_with_the_reason_why_not(
    world: World, told: dict[str, Any], says: str
) -> None:
    fund(world)
    report = factory.fill_in(world.now(), world.contributor)
    tell(world, spent=None, note="")
    before = how_far([report.pk])[report.pk].answered
    row = tell(world, **{"note": "", **told})
    gaps = missing_in(report, lines_for_form(report))
    assert [gap.text.startswith(says) for gap in gaps] == ([True] if says else [])
    assert lacks_split(row) is bool(says)
    assert how_far([report.pk])[report.pk].answered == before + (not says)


def test_the_gap_leads_to_the_first_source_that_is_blank(world: World) -> None:
    fund(world)
    report = factory.fill_in(world.now(), world.contributor)
    part = f"action-{progress_of(report).pk}"
    places = []
    for money in ({}, {"Donors": (None, "1")}):
        tell(world, spent="5", note="", money=money)
        places += [gap.anchor for gap in missing_in(report, lines_for_form(report))]
    assert places == [f"{part}-{source_field(source, 'spent')}" for source in BOTH]


def test_one_source_needs_no_word_about_it(world: World) -> None:
    fund(world, State="3000")
    report = factory.fill_in(world.now(), world.contributor)
    assert missing_in(report, lines_for_form(report)) == []
    assert how_far([report.pk])[report.pk].is_complete


def test_a_submission_is_refused_until_the_sources_are_told(world: World) -> None:
    fund(world)
    factory.fill_in(world.now(), world.contributor)
    tell(world, spent="5", note="")
    with pytest.raises(Incomplete):
        factory.decide("submit", world.report, world.approver)
    tell(world, spent=None, allocated=None, money={"State": ("9", "2"), "Donors": ("1", "3")})
    factory.decide("submit", world.report, world.approver)
    frozen = json.loads(world.now().revisions.get().content)["actions"]
    assert frozen[0]["money"] == [
        {"source": "Donors", "allocated": "1", "spent": "3"},
        {"source": "State", "allocated": "9", "spent": "2"},
    ]
    assert (frozen[0]["allocated"], frozen[0]["spent"]) == ("10", "5")


def test_a_content_without_sources_is_the_same_text_as_ever(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    before = content_of(world.now())
    fund(world)
    assert content_of(world.now()) == before
    assert '"money"' not in before


# ------------------------------------------------------------------ to date


def test_an_old_content_reads_as_money_without_sources() -> None:
    assert told_of({"allocated": "2", "spent": None}) == Told(D(2), None, {})
    row = {"source": "State", "allocated": None, "spent": "1.5"}
    assert told_of({"allocated": None, "spent": "1.5", "money": [row]}) == Told(
        None, D("1.5"), {"State": (None, D("1.5"))}
    )


def test_overspending_is_told_of_the_action_and_of_each_source() -> None:
    before = [Told(D(10), D(4), {"State": (D(6), D(4)), "Donors": (D(4), D(0))})]
    now = Told(D(0), D(6), {"State": (D(0), D(3)), "Donors": (D(0), D(3))})
    assert list(overspent(before, now)) == ["State"]
    assert list(overspent([], now)) == ["", "State", "Donors"]
    assert list(overspent([Told(None, D(1))], now)) == []


def test_earlier_money_is_that_of_the_same_institution_as_it_was_submitted(world: World) -> None:
    fund(world)
    first = earlier(
        world, 1, spent=None, allocated=None, money={"State": ("9", "2"), "Donors": ("1", "3")}
    )
    earlier(world, 2, allocated="7", spent="8", note="One account.")
    split = Told(D(10), D(5), {"State": (D(9), D(2)), "Donors": (D(1), D(3))})
    whole = Told(D(7), D(8), {})
    report = world.now()
    with CaptureQueriesContext(connection) as queries:
        assert earlier_money(report) == {"A1": [split, whole]}
    assert len(queries) == 1
    factory.decide("take", first, world.reviewer)
    factory.decide("return", first, world.reviewer, reason="Check it.")
    first = Report.objects.with_names().get(pk=first.pk)
    tell(world, first, spent="500", note="Typed.", money={})
    assert earlier_money(world.now())["A1"] == [whole, split]


def test_drafts_and_other_institutions_are_no_earlier_money(world: World) -> None:
    period = factory.open_quarter(world.plan, 2026, 2)
    for report in Report.objects.with_names().filter(period=period):
        if report.institution == world.defence:
            tell(world, report, spent="8")
    assert earlier_money(world.now()) == {}


@pytest.mark.parametrize("number", [1, 3, 30])
def test_reading_the_form_costs_one_query_for_all_the_sources(world: World, number: int) -> None:
    for n in range(number):
        action = factory.make_action(world.plan, f"B{n:02}", world.defence, world.objective)
        world.report.actions.create(action=action)
        for source in ("State", "Donors"):
            Funding.objects.create(action=action, source=source, planned=1)
    with CaptureQueriesContext(connection) as plain:
        rows = actions_for_form(world.now())
    assert [sources_of(row) for row in rows] == [[], *[BOTH] * number]
    assert len(plain) == 5
