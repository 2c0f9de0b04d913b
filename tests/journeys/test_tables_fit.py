"""Tables of the public pages fit the screen they are read on, in the language of longer words."""

from collections.abc import Callable, Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from tests.journeys.people import Person

Enter = Callable[..., Person]

# A matrix of quarters is as wide as its quarters are many: it may be pushed.
SCROLLING = """() => [...document.querySelectorAll(".table-region:not(.chart--heat .table-region)")]
    .filter((e) => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1)
    .map((e) => `${e.getAttribute("aria-label")}: ${e.scrollWidth - e.clientWidth} px`)"""


def compared(plan: str) -> str:
    return reverse("compare", args=[plan])


@pytest.fixture
def reader(enter: Enter) -> Iterator[Page]:
    person = enter()
    person.reads("sq")
    return person.page


@pytest.mark.parametrize("width", [1440, 1160, 1024, 768, 704, 360])
def test_two_quarters_stand_side_by_side_without_scrolling(reader: Page, width: int) -> None:
    reader.set_viewport_size({"width": width, "height": 900})
    reader.goto(compared("AL"))
    assert reader.get_by_role("table").count() > 1
    assert reader.evaluate(SCROLLING) == []


def lists() -> Iterator[str]:
    for name in ("indicators", "actions", "money", "institutions", "gaps", "plan"):
        yield reverse(name, args=["AL"])
    yield reverse("objective", args=["AL", "2"])
    yield reverse("action", args=["AL", "1.1.1"])
    yield reverse("institution", args=["AL", "MM"])
    for code in ("ALB-C03", "ALB-D03", "ALB-D13"):
        yield reverse("indicator", args=["AL", code])
    yield reverse("method")


@pytest.mark.parametrize("width", [1440, 1024, 768, 360])
def test_no_table_of_the_public_pages_has_to_be_pushed(reader: Page, width: int) -> None:
    reader.set_viewport_size({"width": width, "height": 900})
    found = {}
    for path in lists():
        reader.goto(path)
        found[path] = reader.evaluate(SCROLLING)
    assert {path: told for path, told in found.items() if told} == {}


def test_control_a_table_that_is_too_wide_is_seen(reader: Page) -> None:
    reader.set_viewport_size({"width": 360, "height": 900})
    reader.goto(compared("AL"))
    reader.evaluate("document.querySelector('.compared td').style.minWidth = '40rem'")
    [found] = reader.evaluate(SCROLLING)
    assert found.startswith("Treguesit: ")
