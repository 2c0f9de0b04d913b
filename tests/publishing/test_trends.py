"""A small line in a list: what was published of an indicator, with a sentence that says it."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from common.charts import Sparkline
from indicators.choices import Sensitivity
from publishing.pictures import trend_of
from publishing.tables import TrendTable
from tests.publishing import plain
from tests.publishing.pages import Node, Page, page_of, seen
from tests.publishing.released import Released

QUARTERS = ["2025-Q4", "2026-Q1", "2026-Q2"]


def row(*values: str | None, **more: Any) -> Any:
    """An indicator with these figures, quarter by quarter; "-" where it was not due."""
    told = [
        plain.judged("I1", when, "not_due" if value == "-" else "on_track", value)
        for when, value in zip(QUARTERS, values, strict=False)
    ]
    for judged in told:
        judged["value"] = None if judged["value"] == "-" else judged["value"]
    periods = [plain.quarter(code) for code in QUARTERS]
    found = plain.read(
        periods=periods, indicators=[plain.indicator("I1", **more)], assessments=told
    )
    return found.indicators["I1"]


def values(spark: Sparkline | None) -> list[Decimal | None] | None:
    return [point.value for point in spark.points] if spark else None


D = Decimal
LINES: list[tuple[list[str | None], list[Decimal | None] | None]] = [
    (["1", "3", "2"], [D(1), D(3), D(2)]),
    (["0", "0"], [D(0), D(0)]),
    (["1", None, "2"], [D(1), None, D(2)]),
    (["1", "-", "2"], [D(1), D(2)]),
    (["<10", "15", "20"], [None, D(15), D(20)]),
    (["<10", "<10", "20"], None),
    (["5"], None),
    ([None, "-", None], None),
    ([], None),
]


@pytest.mark.parametrize(("told", "line"), LINES)
def test_it_shows_what_was_published_of_quarters_in_which_it_was_due(
    told: list[str | None], line: list[Decimal | None] | None
) -> None:
    assert values(trend_of(row(*told))) == line


def test_a_yes_or_no_has_no_line() -> None:
    assert trend_of(row("0", "1", "1", kind="yes_no")) is None


def test_it_says_in_a_sentence_what_it_shows() -> None:
    spark = trend_of(row("1.25", "3", "2"))
    assert spark is not None
    assert spark.uid == "trend-I1"
    assert spark.summary.replace("\u00a0", "~") == (
        "I1: from 1.25~persons (2025 Q4) to 2~persons (2026 Q2);"
        " lowest 1.25~persons (2025 Q4), highest 3~persons (2026 Q1)."
    )
    with override("sq"):
        again = trend_of(row("1.25", "3", "2"))
        assert again is not None
        assert again.summary.replace("\u00a0", "~") == (
            "I1: nga 1,25~persona (2025 T4) në 2~persona (2026 T2);"
            " më e ulëta 1,25~persona (2025 T4), më e larta 3~persona (2026 T1)."
        )


def test_the_line_stands_between_the_figures_and_the_status_and_in_no_file() -> None:
    table = TrendTable([row("1", "2", "3")], plan="AL")
    assert [heading.label for heading in table.headings] == [
        *("Indicator", "Value", "Target", "Trend", "Status", "Cautions", "Reported")
    ]
    assert "Trend" not in [str(column.heading) for column in table.sheet().columns]
    [cell] = [cell for cell in table.rows[0] if cell.spark]
    assert (cell.text, cell.value, cell.badge) == ("", None, None)


def drawn(page: Page) -> dict[str, Node]:
    """The small lines of a page by the indicator they name."""
    found = {}
    for svg in page.all("svg", role="img"):
        if svg.attrs["aria-labelledby"].startswith("trend-"):
            [title] = svg.all("title")
            assert title.attrs["id"] == svg.attrs["aria-labelledby"]
            found[title.text.partition(":")[0]] = svg
    return found


PAGES = {
    "/plans/AL/objectives/1/": ["C1", "N1", "P1", "S1"],
    "/plans/AL/objectives/2/": ["D1", "W1", "Z1"],
    "/plans/AL/institutions/MB/": ["C1", "P1", "W1"],
}


@pytest.mark.django_db
@pytest.mark.parametrize("address", PAGES)
def test_pages_of_objectives_and_institutions_draw_their_indicators(
    released: Released, address: str
) -> None:
    assert list(drawn(seen(address))) == PAGES[address]


@pytest.mark.django_db
def test_restricted_figures_are_never_drawn_and_small_counts_as_published(
    released: Released,
) -> None:
    indicators = released.plan.indicators
    assert indicators.get(code="R1").sensitivity == Sensitivity.RESTRICTED
    found = drawn(seen("/plans/AL/objectives/1/"))
    assert "R1" not in found
    told = found["S1"].all("title")[0].text
    assert told.startswith("S1: from 71~845~persons (2026 Q2) to 143~685~persons (2026 Q3);")


@pytest.mark.django_db
def test_before_the_first_edition_there_is_nothing_to_draw(released: Released) -> None:
    page = page_of("/plans/XK/objectives/1/")
    assert drawn(page) == {}
