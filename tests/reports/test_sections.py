"""The form cut into pages: what stands where, which is done, and where to begin."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from common.icons import icon_svg
from indicators.choices import Kind
from indicators.models import Action, Funding
from reports.models import ActionProgress, Line, Observation, Rating, SourceMoney
from reports.sections import MAX_CELLS, Page, page_slug_of, pages_of
from tests import factory
from tests.conftest import World
from tests.reports.loose import dimension, indicator


def loose_line(number: int, cells: int, answered: int = 0, sides: tuple[str, ...] = ()) -> Line:
    """A line in no database with so many cells, answers and ratings."""
    parts = [dimension("place", *(f"p{n}" for n in range(cells - 1)))] if cells > 1 else []
    line = Line(pk=number, indicator=indicator(Kind.COUNT, *parts))
    line._prefetched_objects_cache = {  # type: ignore[attr-defined]
        "observations": [Observation(cell=str(n)) for n in range(answered)],
        "ratings": [Rating(side=side) for side in sides],
    }
    return line


def action(pk: int, *sources: str) -> Action:
    """An action with its sources of funds, read already."""
    row = Action(pk=pk)
    row._prefetched_objects_cache = {"fundings": [Funding(source=name) for name in sources]}  # type: ignore[attr-defined]
    return row


def actions(number: int, *sources: str, told: str = "", **fields: Any) -> list[ActionProgress]:
    """Action lines; `told` names the sources of which the spending is known."""
    rows = [
        ActionProgress(pk=n, action=action(n, *sources), **fields) for n in range(1, number + 1)
    ]
    money = [SourceMoney(source=source, spent=Decimal(1)) for source in told.split()]
    for row in rows:
        row._prefetched_objects_cache = {"money": money}  # type: ignore[attr-defined]
    return rows


DONE: dict[str, Any] = {"status": "done", "spent": Decimal(2)}


def slugs(pages: list[Page]) -> list[str]:
    return [page.slug for page in pages]


REST = ["narrative", "evidence"]


@pytest.mark.parametrize(
    ("cells", "sizes"),
    [
        ([], []),
        ([1], [1]),
        ([MAX_CELLS], [MAX_CELLS]),
        ([MAX_CELLS - 1, 1], [MAX_CELLS]),
        ([MAX_CELLS, 1], [MAX_CELLS, 1]),
        ([1, MAX_CELLS], [1, MAX_CELLS]),
        ([1, 500, 1], [1, 500, 1]),
        ([60, 60, 60, 60, 1], [120, 120, 1]),
    ],
)
def test_a_page_holds_as_many_cells_as_a_browser_can_carry(
    cells: list[int], sizes: list[int]
) -> None:
    lines = [loose_line(n, size) for n, size in enumerate(cells, start=1)]
    pages = pages_of(lines, [])
    assert [page.cells for page in pages if page.kind == "indicators"] == sizes
    assert [line for page in pages for line in page.lines] == lines
    assert slugs(pages) == [f"indicators-{n + 1}" for n in range(len(sizes))] + REST


@pytest.mark.parametrize(
    ("number", "sizes"), [(0, []), (1, [1]), (MAX_CELLS, [120]), (MAX_CELLS + 1, [120, 1])]
)
def test_actions_are_cut_in_the_same_way(number: int, sizes: list[int]) -> None:
    pages = pages_of([], actions(number))
    assert [len(page.actions) for page in pages if page.kind == "actions"] == sizes
    assert slugs(pages) == [f"actions-{n + 1}" for n in range(len(sizes))] + REST


PAGES: list[tuple[str, list[Page], tuple[int, int], bool, bool]] = [
    # page, its list, (answered, owed), done, ticked
    ("no answer", pages_of([loose_line(1, 3)], []), (0, 4), False, False),
    ("figures only", pages_of([loose_line(1, 3, 3)], []), (3, 4), False, False),
    ("a rating only", pages_of([loose_line(1, 1, 0, ("ministry",))], []), (1, 2), False, False),
    ("all of it", pages_of([loose_line(1, 3, 3, ("ministry",))], []), (4, 4), True, True),
    ("the other side's", pages_of([loose_line(1, 1, 1, ("coalition",))], []), (1, 2), False, False),
    (
        "both sides'",
        pages_of([loose_line(1, 1, 1, ("coalition", "ministry"))], []),
        (2, 2),
        True,
        True,
    ),
    ("more cells than owed", pages_of([loose_line(1, 1, 3)], []), (1, 2), False, False),
    ("an action", pages_of([], actions(2, status="done", spent=0)), (2, 2), True, True),
    ("no money", pages_of([], actions(2, status="done")), (0, 2), False, False),
    ("a total", pages_of([], actions(1, "A", "B", **DONE)), (0, 1), False, False),
    ("a part", pages_of([], actions(1, "A", "B", told="A", **DONE)), (0, 1), False, False),
    ("each source", pages_of([], actions(1, "A", "B", told="A B", **DONE)), (1, 1), True, True),
    ("why not", pages_of([], actions(1, "A", "B", note="No.", **DONE)), (1, 1), True, True),
    ("the only source", pages_of([], actions(1, "A", **DONE)), (1, 1), True, True),
    ("no status", pages_of([], actions(2, spent=0)), (0, 2), False, False),
    ("no words", pages_of([], []), (0, 2), False, False),
    ("half the words", pages_of([], [], written=1), (1, 2), False, False),
    ("the words", pages_of([], [], written=2), (2, 2), True, True),
    ("no file", pages_of([], [])[1:], (0, 0), True, False),
    ("a file", pages_of([], [], files=1)[1:], (1, 0), True, True),
]


@pytest.mark.parametrize(
    ("pages", "counts", "done", "ticked"), [p[1:] for p in PAGES], ids=[p[0] for p in PAGES]
)
def test_a_page_counts_what_it_asks_for(
    pages: list[Page], counts: tuple[int, int], done: bool, ticked: bool
) -> None:
    page = pages[0]
    assert (page.answered, page.owed) == counts
    assert (page.is_done, page.is_ticked) == (done, ticked)


@pytest.mark.parametrize(
    ("part", "slug"),
    [
        ("line-1", "indicators-1"),
        ("line-2", "indicators-2"),
        ("action-1", "actions-1"),
        ("action-121", "actions-2"),
        ("narrative", "narrative"),
        ("evidence", "evidence"),
        ("line-12", "indicators-1"),
        ("action-122", "indicators-1"),
        ("", "indicators-1"),
        ("line-", "indicators-1"),
    ],
)
def test_a_part_is_found_on_its_page_and_what_is_unknown_leads_to_the_first(
    part: str, slug: str
) -> None:
    pages = pages_of([loose_line(1, MAX_CELLS), loose_line(2, 1)], actions(MAX_CELLS + 1))
    assert page_slug_of(part, pages) == slug


class TestTheStepsAsShown:
    """The ticks above the form, as somebody filling it in sees them."""

    def ticks(self, world: World) -> dict[str, bool]:
        address = reverse("report_fill", args=[world.report.pk, "narrative"])
        response = world.client(world.contributor).get(address)
        html = response.content.decode().partition('class="steps"')[2].partition("</ol>")[0]
        rows = html.split("<li ")[1:]
        assert len(rows) == len(response.context["steps"])
        for row in rows:  # the colour is never alone
            assert (icon_svg("check-circle") in row) is ("is-done" in row)
        return {s["page"].kind: "is-done" in row for s, row in zip(response.context["steps"], rows)}

    def test_nothing_is_ticked_at_first(self, world: World) -> None:
        kinds = ("indicators", "actions", "narrative", "evidence")
        assert self.ticks(world) == dict.fromkeys(kinds, False)

    def test_narrative_is_ticked_once_it_is_written_and_evidence_with_its_first_file(
        self, world: World
    ) -> None:
        factory.fill_in(world.now(), world.contributor)
        asked = {"indicators": True, "actions": True, "narrative": True}
        assert self.ticks(world) == {**asked, "evidence": False}
        world.report.evidence.create(name="a.pdf", size=1, uploaded_by=world.contributor)
        assert self.ticks(world) == {**asked, "evidence": True}

    def test_two_files_do_not_count_the_words_twice(self, world: World) -> None:
        narrative = type(world.report.narrative).objects.filter(report=world.report)
        narrative.update(done="Much.")
        for name in ("a.pdf", "b.pdf"):
            world.report.evidence.create(name=name, size=1, uploaded_by=world.contributor)
        assert self.ticks(world)["narrative"] is False

    def test_the_start_leads_past_what_is_done_to_what_is_not(self, world: World) -> None:
        client, address = (
            world.client(world.contributor),
            reverse("report_start", args=[world.report.pk]),
        )
        factory.fill_in(world.now(), world.contributor)
        Rating.objects.filter(line__report=world.report).delete()
        assert client.get(address)["Location"].endswith("/fill/indicators-1/")
        factory.fill_in(world.now(), world.contributor)
        type(world.report.narrative).objects.update(next_step="")
        assert client.get(address)["Location"].endswith("/fill/narrative/")
