"""What plans answer to: shared by all plans, changed by who runs the site, linked from rows."""

from typing import Any

import pytest

from indicators.models import Action, Framework, FrameworkItem, Indicator, Objective
from tests.indicators.every_table import bring, contents, make_everything, make_root, rows_for

pytestmark = pytest.mark.django_db
LINKED: tuple[Any, ...] = (Objective, Action, Indicator)
HEADS = ("framework", "code", "parent", "title_en")


def test_items_are_imported_with_their_parents_in_any_order() -> None:
    make_everything()
    rows = [("AL-f", "1.a.i", "1.a", "C"), ("AL-f", "1.a", "1", "B"), ("AL-f", "2", "", "A")]
    found = bring(FrameworkItem, make_root(), HEADS, *rows)

    assert (found.faults, found.new) == ([], 3)
    tree = FrameworkItem.objects.order_by("code").values_list("code", "parent__code")
    assert list(tree) == [("1", None), ("1.a", "1"), ("1.a.i", "1.a"), ("2", None)]


def test_a_parent_is_one_of_the_same_framework() -> None:
    make_everything()
    Framework.objects.create(code="eu", title_en="EU")
    found = bring(FrameworkItem, make_root(), HEADS, ("eu", "9", "1", "Nine"))

    assert found.faults == [(2, "parent", "“1” is not known here.")]
    assert not FrameworkItem.objects.filter(code="9").exists()


def test_the_same_code_may_stand_in_two_frameworks() -> None:
    make_everything()
    Framework.objects.create(code="eu", title_en="EU")
    assert bring(FrameworkItem, make_root(), HEADS, ("eu", "1", "", "One")).new == 1

    assert FrameworkItem.objects.filter(code="1").count() == 2


def test_parents_stand_above_their_children_in_an_export() -> None:
    make_everything()
    item = FrameworkItem.objects.get()
    for code, order in (("z", 0), ("a", 5)):
        FrameworkItem.objects.create(
            framework=item.framework, code=code, title_en=code, parent=item, order=order
        )
    heads, rows = rows_for(FrameworkItem, make_root())

    assert [row[heads.index("code")] for row in rows] == ["1", "z", "a"]


@pytest.mark.parametrize("model", LINKED)
def test_a_row_names_the_items_it_answers_to_and_exactly_these(model: Any) -> None:
    keeper = make_everything()
    framework = Framework.objects.get()
    FrameworkItem.objects.create(framework=framework, code="2", title_en="Two")
    row = model.objects.order_by("pk")[0]
    links = []
    for cell in ("AL-f:1; AL-f:2", "AL-f:2", "AL-f:2;AL-f:2 ; ", ""):
        assert (
            bring(model, keeper, ("plan", "code", "frameworks"), ("AL", row.code, cell)).faults
            == []
        )
        links.append([item.code for item in row.frameworks.order_by("code")])

    assert links == [["1", "2"], ["2"], ["2"], []]


@pytest.mark.parametrize(
    "cell", ["1", "AL-f", "AL-f:", ":1", "AL-f:9", "eu:1", "al-f:1", "AL-f:1, AL-f:2"]
)
def test_an_item_is_named_with_its_framework(cell: str) -> None:
    keeper = make_everything()
    before = contents()
    heads, row = ("plan", "code", "frameworks"), ("AL", "AL-I", f"AL-f:1;{cell}")

    assert bring(Indicator, keeper, heads, row).faults == [
        (2, "frameworks", f"“{cell}” is not known here.")
    ]
    assert contents() == before
