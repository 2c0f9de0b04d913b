"""The cells of an indicator: which there are, in which order, and how they are named."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.utils.translation import override

from indicators.cells import (
    cell_key,
    cells_of,
    dimensions_of,
    keys_by_set,
    keys_of,
    part_cells,
    set_of,
)
from indicators.choices import CellLayout, TotalRule
from indicators.loading.checks import is_cell
from indicators.models import Category, Dimension, Indicator
from tests import factory

pytestmark = pytest.mark.django_db
SEPARATE, CROSSED = CellLayout.SEPARATE, CellLayout.CROSSED
ENTERED, SUMMED, OPEN = TotalRule.ENTERED, TotalRule.SUMMED, TotalRule.OPEN
CODES = {"sex": ("f", "m"), "age": ("u25", "o25", "x"), "place": ("town",), "none": ()}


def make(layout: str, *dimensions: str, rules: Iterable[str] = ()) -> Indicator:
    """An indicator split by these dimensions, in this order."""
    plan = factory.make_plan()
    given = dict(zip(dimensions, [*rules, *[ENTERED] * len(dimensions)]))
    made = [factory.make_dimension(plan, d, *CODES[d], total_rule=given[d]) for d in dimensions]
    top = factory.make_objective(plan)
    indicator = factory.make_indicator(plan, "I1", objective=top, cell_layout=layout)
    return factory.split(indicator, *made)


def keys(indicator: Indicator) -> list[str]:
    return [cell.key for cell in cells_of(indicator)]


# fmt: off
LAYOUTS: list[tuple[str, tuple[str, ...], list[str]]] = [
    (SEPARATE, (), []),
    (CROSSED, (), []),
    (SEPARATE, ("sex",), ["sex=f", "sex=m"]),
    (CROSSED, ("sex",), ["sex=f", "sex=m"]),
    (SEPARATE, ("sex", "age"), ["sex=f", "sex=m", "age=u25", "age=o25", "age=x"]),
    (SEPARATE, ("age", "sex"), ["age=u25", "age=o25", "age=x", "sex=f", "sex=m"]),
    (CROSSED, ("sex", "age"), [
        "sex=f;age=u25", "sex=f;age=o25", "sex=f;age=x",
        "sex=m;age=u25", "sex=m;age=o25", "sex=m;age=x",
    ]),
    (CROSSED, ("age", "sex"), [
        "age=u25;sex=f", "age=u25;sex=m", "age=o25;sex=f",
        "age=o25;sex=m", "age=x;sex=f", "age=x;sex=m",
    ]),
    (CROSSED, ("sex", "place", "age"), [
        "sex=f;place=town;age=u25", "sex=f;place=town;age=o25", "sex=f;place=town;age=x",
        "sex=m;place=town;age=u25", "sex=m;place=town;age=o25", "sex=m;place=town;age=x",
    ]),
    (SEPARATE, ("none", "place"), ["place=town"]),
    (CROSSED, ("none", "place"), []),
]
# fmt: on


@pytest.mark.parametrize(("layout", "dimensions", "parts"), LAYOUTS)
def test_the_cells_are_the_total_and_each_part_in_the_order_of_the_dimensions(
    layout: str, dimensions: Any, parts: Any
) -> None:
    indicator = make(layout, *dimensions)
    assert keys(indicator) == ["", *parts]
    assert keys_of(indicator) == ["", *parts]


@pytest.mark.parametrize(("layout", "dimensions", "parts"), LAYOUTS)
def test_a_file_may_name_just_these_cells(layout: str, dimensions: Any, parts: Any) -> None:
    categories = {name: frozenset(CODES[name]) for name in dimensions}

    assert all(is_cell(key, categories, layout) for key in ["", *parts])
    others = {"sex=f", "age=u25", "sex=f;age=u25", "age=u25;sex=f", "sex=z", "sex", "=", ";"}
    assert [key for key in sorted(others - {*parts}) if is_cell(key, categories, layout)] == []


@pytest.mark.parametrize(("layout", "dimensions", "parts"), LAYOUTS)
def test_each_set_of_parts_has_its_keys_and_a_set_without_cells_is_none(
    layout: str, dimensions: Any, parts: Any
) -> None:
    indicator = make(layout, *dimensions)
    groups = [group for group, _cells in part_cells(indicator)]
    found = keys_by_set(indicator)
    assert list(found.items()) == [(g.cell_set, list(g.keys)) for g in groups if g.keys]
    assert [key for keys in found.values() for key in keys] == parts


@pytest.mark.parametrize(
    ("key", "dimensions"), [("", ""), ("sex=f", "sex"), ("sex=f;age=u25", "sex;age")]
)
def test_a_key_tells_the_dimensions_that_make_it(key: str, dimensions: str) -> None:
    assert set_of(key) == dimensions


def test_only_the_total_is_the_total() -> None:
    cells = cells_of(make(CROSSED, "sex"), "All")

    assert [(cell.is_total, cell.label) for cell in cells] == [
        (True, "All"),
        (False, "F"),
        (False, "M"),
    ]
    assert [[part.code for part in cell.parts] for cell in cells] == [[], ["f"], ["m"]]


def test_a_crossed_cell_is_named_by_all_its_parts() -> None:
    labels = [cell.label for cell in cells_of(make(CROSSED, "sex", "place"))]

    assert labels == ["", "F · Town", "M · Town"]


def test_labels_and_titles_are_in_the_language_of_the_reader() -> None:
    indicator = make(CROSSED, "sex", "place")
    Dimension.objects.filter(code="sex").update(title_sq="Gjinia")
    Category.objects.filter(code="f").update(title_sq="Gra")
    told = {}
    for language in ("en", "sq"):
        with override(language):
            ((group, cells),) = part_cells(Indicator.objects.get(pk=indicator.pk))
            told[language] = (group.title, cells[0].label)

    assert told == {"en": ("Sex × Place", "F · Town"), "sq": ("Gjinia × Place", "Gra · Town")}


def test_keys_are_the_same_in_every_language() -> None:
    indicator = make(SEPARATE, "sex")
    with override("sq"):
        albanian = keys(indicator)

    assert albanian == keys(indicator) == ["", "sex=f", "sex=m"]


@pytest.mark.parametrize(
    ("layout", "rules", "groups"),
    [
        (SEPARATE, (ENTERED, ENTERED), [("Sex", ENTERED, 2), ("Age", ENTERED, 3)]),
        (SEPARATE, (SUMMED, ENTERED), [("Sex", SUMMED, 2), ("Age", ENTERED, 3)]),
        (SEPARATE, (SUMMED, OPEN), [("Sex", SUMMED, 2), ("Age", ENTERED, 3)]),
        (CROSSED, (SUMMED, SUMMED), [("Sex × Age", SUMMED, 6)]),
        (CROSSED, (SUMMED, ENTERED), [("Sex × Age", ENTERED, 6)]),
        (CROSSED, (OPEN, SUMMED), [("Sex × Age", ENTERED, 6)]),
    ],
)
def test_a_group_is_summed_only_where_all_its_dimensions_are(
    layout: str, rules: Any, groups: Any
) -> None:
    indicator = make(layout, "sex", "age", rules=rules)

    found = [(g.title, g.total_rule, len(g.keys)) for g, _cells in part_cells(indicator)]
    assert found == groups
    assert [list(g.keys) for g, _ in part_cells(indicator)] == [
        [cell.key for cell in cells] for _, cells in part_cells(indicator)
    ]


def test_categories_stand_in_their_own_order_not_in_that_of_their_codes() -> None:
    indicator = make(SEPARATE, "age")
    Category.objects.filter(code="x").update(order=0)
    Category.objects.filter(code="u25").update(order=9)

    assert keys(Indicator.objects.get(pk=indicator.pk)) == ["", "age=x", "age=o25", "age=u25"]


def test_a_moved_dimension_moves_its_cells() -> None:
    indicator = make(SEPARATE, "sex", "place")
    indicator.splits.filter(dimension__code="sex").update(order=5)

    assert [d.code for d in dimensions_of(indicator)] == ["place", "sex"]
    assert keys(indicator) == ["", "place=town", "sex=f", "sex=m"]


def test_another_indicators_dimensions_are_not_its_own() -> None:
    first = make(SEPARATE, "sex")
    second = factory.make_indicator(first.plan, "I2", objective=first.objective)

    assert keys(second) == [""]


@pytest.mark.parametrize("layout", [SEPARATE, CROSSED])
def test_read_in_advance_the_cells_cost_no_query(
    layout: str, django_assert_num_queries: Any
) -> None:
    make(layout, "sex", "age", "place")
    rows = Indicator.objects.prefetch_related("splits__dimension__categories")
    indicator = rows.get()
    with django_assert_num_queries(0):
        assert len(cells_of(indicator)) == 7  # 1 + 2 + 3 + 1, or 1 + 2 · 3 · 1


@pytest.mark.parametrize(
    ("parts", "key"),
    [
        ([], ""),
        ([("sex", "f")], "sex=f"),
        ([("sex", "f"), ("age", "u25")], "sex=f;age=u25"),
        ([("age", "u25"), ("sex", "f")], "age=u25;sex=f"),
    ],
)
def test_a_key_keeps_the_order_it_is_given(parts: Any, key: Any) -> None:
    assert cell_key(parts) == key
