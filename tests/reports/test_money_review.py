"""Money by source of funds as the coalition reads it, and as it goes out in many quarters' file."""

from decimal import Decimal
from typing import Any

import pytest

from reports.models import Report
from reports.review_parts import ActionPart
from reports.review_queries import dossier_of
from tests import factory
from tests.conftest import World
from tests.reports.exporting import rows
from tests.reports.funded import earlier, fund, progress_of, tell
from tests.reports.test_export_book import make  # noqa: F401 - a fixture
from tests.reports.test_review_pages import page_of, section

D = Decimal
BOTH = {"State": ("10", "4"), "Donors": ("5", "1")}


@pytest.fixture
def funded(world: World) -> World:
    fund(world)
    return world


def reviewed(world: World, **told: Any) -> None:
    """The quarter's report under review with this money."""
    factory.fill_in(world.now(), world.contributor)
    tell(world, **{"allocated": None, "spent": None, "note": "", **told})
    factory.decide("submit", world.report, world.approver)
    factory.decide("take", world.report, world.reviewer)


def part_of(world: World) -> ActionPart:
    dossier = dossier_of(world.now(), world.fresh(world.reviewer))
    [found] = [part for part in dossier.parts if isinstance(part, ActionPart)]
    return found


def shown(world: World) -> str:
    return section(page_of(world), f"action-{progress_of(world.report).pk}")


def test_each_source_stands_with_what_was_planned_allocated_and_spent(funded: World) -> None:
    reviewed(funded, money=BOTH)
    text = shown(funded)
    assert "Donors 1 501 ALL 5 ALL 1 ALL" in text
    assert "State 3 000 ALL 10 ALL 4 ALL" in text
    assert "not told for each source" not in text


def test_a_total_alone_is_told_with_its_reason_and_empty_sources(funded: World) -> None:
    reviewed(funded, spent="9", note="One account.")
    text = shown(funded)
    assert "What was spent is not told for each source of funds." in text
    assert "Donors 1 501 ALL – –" in text
    assert "One account." in text


def test_an_action_with_one_source_has_no_table_of_sources(world: World) -> None:
    fund(world, State="3000")
    reviewed(world, spent="9")
    assert "Source of funds" not in shown(world)


def test_the_quarter_before_stands_beside_each_source(funded: World) -> None:
    earlier(funded, 2, allocated=None, spent=None, note="", money=BOTH)
    reviewed(funded, money={"State": ("10", "6"), "Donors": ("5", "2")})
    text = shown(funded)
    assert "6 ALL before: 4 ALL (2026 Q2)" in text
    assert "2 ALL before: 1 ALL (2026 Q2)" in text


def test_what_changed_since_the_last_revision_stands_at_its_source(funded: World) -> None:
    reviewed(funded, money=BOTH)
    factory.decide("return", funded.report, funded.reviewer, reason="Check the money.")
    tell(funded, allocated=None, spent=None, money={**BOTH, "State": ("10", "8")})
    factory.decide("submit", funded.report, funded.approver)
    part = part_of(funded)
    assert part.is_changed
    assert [(row.source, row.is_changed, row.replaced) for row in part.money] == [
        ("Donors", False, (D(5), D(1))),
        ("State", True, (D(10), D(4))),
    ]
    text = shown(funded)
    assert "8 ALL 4 ALL" in text
    assert "In revision 1 Allocated 15 ALL · Spent 5 ALL" in text


def test_overspending_is_of_all_quarters_to_date_and_of_each_source(funded: World) -> None:
    earlier(funded, 2, allocated=None, spent=None, note="", money=BOTH)
    reviewed(funded, money={"State": ("0", "6"), "Donors": ("0", "5")})
    assert part_of(funded).overspent == ["", "Donors"]
    text = shown(funded)
    assert "More was spent than allocated" in text
    assert "Donors: more was spent to date than allocated from this source" in text


def test_what_was_saved_up_is_no_overspending(funded: World) -> None:
    earlier(funded, 2, allocated=None, spent=None, note="", money=BOTH)
    reviewed(funded, money={"State": ("0", "6"), "Donors": ("0", "4")})
    assert part_of(funded).overspent == []
    assert "more was spent" not in shown(funded).lower()


def test_what_is_being_typed_by_the_ministry_is_not_shown(funded: World) -> None:
    reviewed(funded, money=BOTH)
    factory.decide("return", funded.report, funded.reviewer, reason="Check the money.")
    tell(funded, allocated=None, spent=None, money={**BOTH, "State": ("10", "7777")})
    response = page_of(funded)
    assert response.status_code == 200
    assert "777" not in response.content.decode()


def test_the_file_of_many_quarters_has_a_row_for_each_source(funded: World, make: Any) -> None:  # noqa: F811
    earlier(funded, 2, allocated="20", spent="9", note="One account.", money={"State": ("1", "2")})
    reviewed(funded, money=BOTH)
    wanted = (
        "Quarter",
        "Action",
        "Source of funds",
        "Planned in all, ALL",
        "Allocated in the quarter, ALL",
        "Spent in the quarter, ALL",
    )
    sheet = rows(make("reviewer"), "Money by source")
    found = [tuple(row[name] for name in wanted) for row in sheet]
    assert found == [
        ("2026-Q2", "A1", "Donors", 1500.5, None, None),
        ("2026-Q2", "A1", "State", 3000, 1, 2),
        ("2026-Q2", "A1", "Source not told", None, 19, 7),
        ("2026-Q3", "A1", "Donors", 1500.5, 5, 1),
        ("2026-Q3", "A1", "State", 3000, 10, 4),
    ]


def test_an_action_without_several_sources_has_one_row_there(world: World, make: Any) -> None:  # noqa: F811
    reviewed(world, allocated="2", spent="1")
    found = rows(make("lead"), "Money by source")
    assert [(row["Source of funds"], row["Planned in all, ALL"]) for row in found] == [(None, None)]
    assert [(row["Spent in the quarter, ALL"]) for row in found] == [1]


def test_money_of_others_drafts_is_not_in_it(funded: World, make: Any) -> None:  # noqa: F811
    tell(funded, allocated=None, spent=None, money={**BOTH, "State": ("10", "7777")})
    assert Report.objects.get(pk=funded.report.pk).status == "draft"
    mine = rows(make("contributor"), "Money by source")
    assert [row["Spent in the quarter, ALL"] for row in mine] == [1, 7777]
    theirs = rows(make("lead"), "Money by source")
    assert [row["Spent in the quarter, ALL"] for row in theirs] == []
