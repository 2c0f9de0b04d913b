"""Whether more was spent than allocated: the workbook judges to date, as form and review do."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from reports.exports import load
from reports.exports.words import action_rows
from reports.forms.actions import ActionForm, overspent_text
from reports.models import Report
from reports.money import Told, earlier_money
from reports.review_parts import ActionPart
from reports.review_queries import dossier_of
from tests import factory
from tests.conftest import World
from tests.reports.exporting import fetched, rows
from tests.reports.funded import earlier, fund, progress_of, stored, tell
from tests.reports.test_export_book import make  # noqa: F401 - a fixture

IN_ALL = "More was spent than allocated."
DONORS = "Donors: more was spent to date than allocated from this source."

Pair = tuple[str | None, str | None]


def money(pair: Pair) -> dict[str, Any]:
    return dict(zip(("allocated", "spent"), pair, strict=True))


def before(world: World, pair: Pair) -> Report:
    return earlier(world, 2, **money(pair))


def now(world: World, **told: Any) -> None:
    factory.fill_in(world.now(), world.contributor)
    tell(world, **told)


def warned(world: World, user: User) -> str:
    """What the workbook of the quarter says of the one action."""
    [row] = rows(fetched(world, user, world.period), "Actions and money")
    return row["Warning"] or ""


# Allocated and spent in the quarter before and in this one; what the workbook says.
CASES: list[tuple[Pair, Pair, str]] = [
    (("100", "10"), ("10", "50"), ""),
    (("100", "10"), ("0", "90"), ""),
    (("100", "10"), ("0", "90.01"), IN_ALL),
    (("10", "100"), ("50", "40"), IN_ALL),
    (("10", "100"), ("90", "0"), ""),
    (("10", "100"), (None, "40"), ""),
    ((None, "100"), ("10", "50"), ""),
    (("10", "5"), ("0", "0"), ""),
]


@pytest.mark.parametrize(("first", "second", "said"), CASES)
def test_it_is_judged_over_all_quarters_to_date(
    world: World, first: Pair, second: Pair, said: str
) -> None:
    before(world, first)
    now(world, **money(second))
    assert warned(world, world.contributor) == said


def form_says(world: World) -> list[str]:
    before_now = earlier_money(world.now()).get("A1", [])
    return list(ActionForm(progress_of(world.report), None, before_now).notes)


def review_says(world: World) -> list[str]:
    dossier = dossier_of(world.now(), world.fresh(world.reviewer))
    [part] = [part for part in dossier.parts if isinstance(part, ActionPart)]
    return [overspent_text(source) for source in part.overspent]


Split = dict[str, Pair]
# By source what was told in the quarter before and in this one; where that is too much.
SPLITS: list[tuple[Split, Split, list[str]]] = [
    (
        {"State": ("20", "4"), "Donors": ("4", "4")},
        {"State": ("9", "6"), "Donors": ("5", "4.5")},
        [],
    ),
    (
        {"State": ("20", "4"), "Donors": ("4", "4")},
        {"State": ("9", "6"), "Donors": ("5", "9.5")},
        [DONORS],
    ),
    (
        {"State": ("0", "4"), "Donors": ("4", "4")},
        {"State": ("50", "56"), "Donors": ("0", "9.5")},
        [IN_ALL, DONORS, "State: more was spent to date than allocated from this source."],
    ),
]


@pytest.mark.parametrize(("first", "second", "said"), SPLITS)
def test_form_review_and_workbook_say_the_same_of_each_source(
    world: World, first: Split, second: Split, said: list[str]
) -> None:
    fund(world)
    nothing: dict[str, Any] = {"allocated": None, "spent": None, "note": ""}
    earlier(world, 2, **nothing, money=first)
    now(world, **nothing, money=second)
    assert warned(world, world.contributor) == " ".join(said)
    asking = [text.replace(IN_ALL, overspent_text("")) for text in said]
    assert form_says(world) == asking
    factory.decide("submit", world.report, world.approver)
    factory.decide("take", world.report, world.reviewer)
    assert review_says(world) == asking
    assert warned(world, world.reviewer) == " ".join(said)


def test_of_a_report_that_is_open_again_the_last_revision_counts(world: World) -> None:
    report = before(world, ("10", "100"))
    now(world, **money(("50", "40")))
    factory.decide("withdraw", report, world.approver)
    tell(world, report, **money(("1000", "0")))
    assert stored(report)[0] == 1000
    assert earlier_money(world.now())["A1"] == [Told(Decimal(10), Decimal(100))]
    assert warned(world, world.contributor) == IN_ALL
    factory.decide("submit", report, world.approver)
    assert warned(world, world.contributor) == ""


def test_a_report_that_was_never_submitted_tells_nothing(world: World) -> None:
    report = before(world, ("10", "100"))
    Report.objects.filter(pk=report.pk).update(status="draft", revision=0)
    now(world, **money(("50", "40")))
    assert warned(world, world.contributor) == ""


def test_who_does_not_read_the_earlier_report_learns_nothing_of_it(world: World) -> None:
    """An observer reads validated reports only: what lies before them is not judged for her."""
    before(world, ("10", "100"))
    now(world, **money(("50", "40")))
    for step, by in (("submit", "approver"), ("take", "reviewer"), ("validate", "reviewer")):
        factory.decide(step, world.report, getattr(world, by))
    assert warned(world, world.reviewer) == IN_ALL
    assert warned(world, world.observer) == ""


def test_only_a_report_that_is_open_again_costs_a_query(world: World) -> None:
    report = before(world, ("10", "100"))
    now(world, **money(("50", "40")))
    numbers = []
    for step in ("", "withdraw"):
        if step:
            factory.decide(step, report, world.approver)
        source = load(world.fresh(world.contributor), world.period)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            [row] = action_rows(source)
        assert row.overspent == ("",)
        numbers.append(len(asked))
    assert numbers == [0, 1]


def test_the_file_of_many_quarters_judges_alike(world: World, make: Any) -> None:  # noqa: F811
    before(world, ("100", "10"))
    now(world, **money(("10", "50")))
    found = rows(make("contributor"), "Actions and money")
    assert [row["Warning"] for row in found] == [None, None]
    tell(world, **money(("10", "101")))
    found = rows(make("contributor"), "Actions and money")
    assert [row["Warning"] for row in found] == [None, IN_ALL]
