"""Targets: for which cell, by which day, in which version; a stored one is never overwritten."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from indicators.choices import CellLayout
from indicators.models import Indicator, Target
from indicators.targets import next_version, not_overwritten, target_faults
from tests import factory

pytestmark = pytest.mark.django_db
DAY = date(2027, 12, 31)
NO_CELL = "is no cell of this indicator."


@pytest.fixture
def indicator() -> Indicator:
    """Split by sex and by age, one after the other."""
    plan = factory.make_plan()
    made = factory.make_indicator(plan, "I1", objective=factory.make_objective(plan))
    sex, age = (factory.make_dimension(plan, d, *c) for d, c in (("sex", "fm"), ("age", "yo")))
    return factory.split(made, sex, age)


def faults(indicator: Indicator, stored: Decimal | None = None, **fields: Any) -> list[Any]:
    target = Target(**{"indicator": indicator, "as_of": DAY, "value": Decimal(5), **fields})
    with override("en"):
        return [*target_faults(target, stored)]


CELLS: list[tuple[str, str, bool]] = [
    (CellLayout.SEPARATE, "", True),
    (CellLayout.SEPARATE, "sex=f", True),
    (CellLayout.SEPARATE, "age=o", True),
    (CellLayout.SEPARATE, "sex=f;age=y", False),
    (CellLayout.SEPARATE, "sex=x", False),
    (CellLayout.SEPARATE, " sex=f", False),
    (CellLayout.CROSSED, "", True),
    (CellLayout.CROSSED, "sex=f;age=y", True),
    (CellLayout.CROSSED, "age=y;sex=f", False),
    (CellLayout.CROSSED, "sex=f", False),
]


def test_a_target_is_of_a_cell_that_the_indicator_has(indicator: Indicator) -> None:
    for layout, cell, is_one in CELLS:
        Indicator.objects.update(cell_layout=layout)
        now = Indicator.objects.get()
        assert faults(now, cell=cell) == ([] if is_one else [("cell", f"“{cell}” {NO_CELL}")])


def test_a_long_cell_is_told_by_its_beginning(indicator: Indicator) -> None:
    assert faults(indicator, cell="x" * 200) == [("cell", f"“{'x' * 60}” {NO_CELL}")]


@pytest.mark.parametrize(
    ("stored", "value", "is_kept"),
    [("5", "5", True), ("5", "5.0000", True), ("5", "5.0001", False), ("0", "5", False)],
)
def test_a_stored_value_stays(indicator: Indicator, stored: str, value: str, is_kept: bool) -> None:
    found = faults(indicator, Decimal(stored), value=Decimal(value))
    with override("en"):
        assert found == ([] if is_kept else [("value", not_overwritten())])


def test_words_have_no_target(indicator: Indicator) -> None:
    Indicator.objects.update(kind="narrative")

    assert faults(Indicator.objects.get()) == [("indicator", "A narrative has no target.")]


def test_the_next_version_is_counted_for_each_cell_and_day(indicator: Indicator) -> None:
    def expected(cell: str, day: date = DAY) -> int | None:
        return next_version(Target(indicator=indicator, cell=cell, as_of=day))

    assert expected("") is None
    for version, cell in ((1, ""), (2, ""), (1, "sex=f"), (7, "sex=m")):
        reason = "Less money" if version > 1 else ""
        Target.objects.create(
            indicator=indicator, cell=cell, as_of=DAY, value=1, version=version, reason=reason
        )

    assert [expected(cell) for cell in ("", "sex=f", "sex=m", "age=y")] == [3, 2, 8, None]
    assert expected("", date(2026, 12, 31)) is None


def test_refusals_are_told_in_albanian(indicator: Indicator) -> None:
    target = Target(indicator=indicator, cell="sex=x", as_of=DAY, value=Decimal(1))
    english = dict(faults(indicator, Decimal(5), cell="sex=x", value=Decimal(1)))
    with override("sq"):
        albanian = dict(target_faults(target, Decimal(5)))

    assert set(albanian) == set(english) == {"value", "cell"}
    assert [name for name, text in albanian.items() if text == english[name]] == []
