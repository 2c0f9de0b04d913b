"""The plan as adopted, as plain data: what of it is told, in which order, in which language."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from accounts.models import Institution
from common.canonical import canonical
from indicators.choices import CellLayout
from indicators.models import (
    Category,
    Framework,
    FrameworkItem,
    Funding,
    Indicator,
    IndicatorDimension,
    Objective,
    Plan,
    PlanLevel,
    Target,
)
from publishing.disclosure import Protection
from publishing.loading import load_plan
from publishing.structure import protection_of, structure_of, texts
from tests import factory
from tests.publishing.telling import LEVEL, RESTRICTED, SMALL, Fields

pytestmark = pytest.mark.django_db

WHY = "In 2026 there were 7 cases."
Told = Callable[..., dict[str, Any]]


@pytest.fixture
def plan() -> Plan:
    return factory.make_plan()


@pytest.fixture
def objective(plan: Plan) -> Objective:
    return factory.make_objective(plan, "1")


@pytest.fixture
def ministry() -> Institution:
    return factory.make_institution("MM")


@pytest.fixture
def told(plan: Plan, objective: Objective, ministry: Institution) -> Told:
    """Makes one indicator and gives what the structure says of it."""

    def make(code: str = "I1", target: Fields | None = None, **fields: Any) -> dict[str, Any]:
        row = factory.make_indicator(plan, code, ministry, objective=objective, **fields)
        if target:
            Target.objects.create(indicator=row, **{"as_of": plan.ends_on, "value": 37, **target})
        found = data(plan)["indicators"]
        return next(i for i in found if i["code"] == code)

    return make


def data(plan: Plan, *reporting: Institution) -> dict[str, Any]:
    return structure_of(load_plan(plan), reporting)


def codes(rows: list[dict[str, Any]]) -> list[str]:
    return [row["code"] for row in rows]


def test_a_text_is_told_in_each_language_in_which_it_was_written() -> None:
    plan = factory.make_plan(note_fr="Une note")
    assert texts(plan, "title") == {"en": "Plan AL", "sq": "Plani AL"}
    assert texts(plan, "note") == {"fr": "Une note"}
    assert texts(factory.make_objective(plan), "note") == {}


def test_the_plan_tells_its_years_thresholds_and_source(plan: Plan) -> None:
    plan.adopted_on, plan.source, plan.is_demonstration = date(2023, 12, 1), "Gazette 7", True
    found = data(plan)["plan"]
    assert found.pop("thresholds") == {
        "on_track_at": plan.on_track_at,
        "at_risk_at": plan.at_risk_at,
        "coverage_at": plan.coverage_at,
        "small_count_below": 10,
        "small_count_rounding": 5,
    }
    assert found == {
        "code": "AL",
        "country": "AL",
        "title": {"en": "Plan AL", "sq": "Plani AL"},
        "languages": ["sq", "en"],
        "starts_on": date(2024, 1, 1),
        "ends_on": date(2027, 12, 31),
        "adopted_on": date(2023, 12, 1),
        "cadence": "quarterly",
        "currency": "ALL",
        "time_zone": "Europe/Tirane",
        "is_demonstration": True,
        "levels": [],
        "note": {},
        "source": "Gazette 7",
        "certainty": "adopted",
    }


def test_the_levels_have_the_plans_own_names_from_the_top(plan: Plan) -> None:
    PlanLevel.objects.create(plan=plan, depth=1, name_en="Objective", name_sq="Objektivi")
    PlanLevel.objects.create(plan=plan, depth=0, name_en="Area")
    assert data(plan)["plan"]["levels"] == [
        {"depth": 0, "name": {"en": "Area"}},
        {"depth": 1, "name": {"en": "Objective", "sq": "Objektivi"}},
    ]


def test_protection_is_that_of_the_plan(plan: Plan) -> None:
    plan.small_count_below, plan.small_count_rounding = 20, 10
    assert protection_of(plan) == Protection(below=20, rounding=10)


def test_everything_comes_in_the_plans_order_and_then_by_code(
    plan: Plan, objective: Objective, ministry: Institution
) -> None:
    for code, order in (("B", 2), ("C", 1), ("A", 2)):
        Objective.objects.create(plan=plan, code=f"9{code}", title_en=code, order=order)
        factory.make_indicator(plan, code, ministry, objective=objective, order=order)
        row = factory.make_action(plan, code, ministry, objective)
        row.order = order
        row.save()
    found = data(plan)
    assert codes(found["objectives"]) == ["1", "9C", "9A", "9B"]
    assert codes(found["actions"]) == codes(found["indicators"]) == ["C", "A", "B"]


def test_an_objective_names_its_parent(plan: Plan, objective: Objective) -> None:
    factory.make_objective(plan, "1.1", objective)
    top, below = data(plan)["objectives"]
    assert (top["parent"], top["depth"]) == (None, 0)
    assert (below["parent"], below["depth"]) == ("1", 1)


def test_an_action_tells_who_when_and_with_what_money(
    plan: Plan, objective: Objective, ministry: Institution
) -> None:
    row = factory.make_action(plan, "A1", ministry, objective)
    dates = {"starts_on": date(2024, 2, 1), "ends_on": date(2026, 1, 31)}
    plan.actions.update(title_sq="Masa A1", **dates)
    for code, name in (("ZZ", "Academy"), ("MB", "Ministry")):
        row.supporting.add(factory.make_institution(code, name))
    for source, planned in (("State", "9000.50"), ("Donor", "1000")):
        Funding.objects.create(action=row, source=source, planned=Decimal(planned))
    assert data(plan)["actions"] == [
        {
            "code": "A1",
            "title": {"en": "Action A1", "sq": "Masa A1"},
            "objective": "1",
            "lead": "MM",
            "supporting": ["MB", "ZZ"],
            "starts_on": date(2024, 2, 1),
            "ends_on": date(2026, 1, 31),
            "funding": [
                {"source": "Donor", "planned": Decimal(1000)},
                {"source": "State", "planned": Decimal("9000.50")},
            ],
            "frameworks": [],
            "note": {},
            "source": "",
            "certainty": "adopted",
        }
    ]


def test_an_action_may_have_no_lead(plan: Plan, objective: Objective) -> None:
    plan.actions.create(code="A1", title_en="Nobody's", objective=objective)
    assert data(plan)["actions"][0]["lead"] is None
    assert data(plan)["institutions"] == []


def test_an_indicator_tells_what_it_declares(
    told: Told, plan: Plan, objective: Objective, ministry: Institution
) -> None:
    action = factory.make_action(plan, "A1", ministry, objective)
    found = told(action=action, definition_en="Counted monthly.", unit_sq="persona", tolerance=2)
    declared = ("kind", "direction", "value_meaning", "over_time", "over_units", "frequency")
    assert [found[name] for name in declared] == [
        *("count", "increase", "in_period", "sum", "sum", "quarterly")
    ]
    assert (found["objective"], found["action"], found["responsible"]) == ("1", "A1", ["MM"])
    assert found["title"] == {"en": "Indicator I1", "sq": "Treguesi I1"}
    assert found["definition"] == {"en": "Counted monthly."}
    assert found["unit"] == {"en": "persons", "sq": "persona"}
    assert (found["sensitivity"], found["tolerance"]) == ("public", 2)


def test_an_indicator_tells_its_own_thresholds_with_the_reason(told: Told) -> None:
    own = {"on_track_at": Decimal("0.9"), "at_risk_at": Decimal("0.5")}
    found = told(**own, threshold_reason="Law 22")["own_thresholds"]
    assert found == {**own, "reason": "Law 22"}


# Baseline as kept, sensitivity, and the figure as it is told.
BASELINES: list[tuple[Fields, Fields, Any]] = [
    ({"baseline_state": "zero"}, {}, 0),
    ({"baseline_state": "unknown"}, {}, None),
    ({"baseline_state": "known", "baseline_value": 7}, {}, 7),
    ({"baseline_numerator": 1, "baseline_denominator": 3}, {}, Decimal("33.3333")),
    ({"baseline_numerator": 0, "baseline_denominator": 3}, {}, 0),
    ({"baseline_state": "zero"}, SMALL, 0),
    ({"baseline_state": "known", "baseline_value": 7}, SMALL, "<10"),
    ({"baseline_state": "known", "baseline_value": 58}, SMALL, 60),
    ({"baseline_numerator": 3, "baseline_denominator": 4}, SMALL, None),
    ({"baseline_numerator": 3, "baseline_denominator": 90}, SMALL, None),
    ({"baseline_numerator": 13, "baseline_denominator": 87}, SMALL, Decimal("17.6471")),
    ({"baseline_state": "zero"}, RESTRICTED, 0),
    ({"baseline_state": "known", "baseline_value": 58}, RESTRICTED, None),
    ({"baseline_numerator": 13, "baseline_denominator": 87}, RESTRICTED, None),
]


@pytest.mark.parametrize(("kept", "sensitivity", "shown"), BASELINES)
def test_a_baseline_is_told_as_its_figures_are(
    told: Told, kept: Fields, sensitivity: Fields, shown: Any
) -> None:
    state = {"baseline_state": "known"} | kept
    found = told(**{**LEVEL, **state, **sensitivity}, baseline_source="Survey")["baseline"]
    assert found == {
        "state": state["baseline_state"],
        "value": shown,
        "date": date(2024, 1, 1),
        "source": "Survey",
    }


@pytest.mark.parametrize(
    ("sensitivity", "value", "reason"),
    [({}, 37, WHY), (SMALL, 35, "In 2026 there were … cases.")],
)
def test_a_target_is_told_as_its_figures_are(
    told: Told, sensitivity: Fields, value: int, reason: str
) -> None:
    target = {"version": 2, "reason": WHY, "decision": "Decision 12"}
    assert told(target=target, **sensitivity)["targets"] == [
        {
            "cell": "",
            "as_of": date(2027, 12, 31),
            "value": value,
            "version": 2,
            "reason": reason,
            "decision": "Decision 12",
        }
    ]


def test_a_restricted_indicator_tells_neither_target_nor_tolerance(told: Told) -> None:
    found = told(target={"value": 73519}, tolerance=73519, **RESTRICTED)
    assert (found["targets"], found["tolerance"]) == ([], None)
    assert "73519" not in canonical(found)


def test_the_tolerance_of_a_protected_one_would_tell_its_size(told: Told) -> None:
    assert told(tolerance=3, **SMALL)["tolerance"] is None


def test_every_version_of_a_target_stays_told(told: Told, plan: Plan) -> None:
    told(target={"value": 100})
    row = Indicator.objects.get()
    for version, value in ((3, 60), (2, 80)):
        Target.objects.create(
            indicator=row, as_of=plan.ends_on, value=value, version=version, reason="Fewer."
        )
    found = data(plan)["indicators"][0]["targets"]
    assert [(t["version"], t["value"]) for t in found] == [(1, 100), (2, 80), (3, 60)]


def labels(indicator: dict[str, Any], language: str) -> dict[str, str]:
    return {cell["key"]: cell["label"][language] for cell in indicator["cells"]}


def split(plan: Plan, layout: str) -> dict[str, Any]:
    row = Indicator.objects.get()
    Indicator.objects.update(cell_layout=layout)
    factory.split(
        row,
        factory.make_dimension(plan, "sex", "f", "m"),
        factory.make_dimension(plan, "age", "u25"),
    )
    Category.objects.filter(code="f").update(title_sq="Gra")
    return data(plan)["indicators"][0]


def test_cells_are_named_in_every_language(told: Told, plan: Plan) -> None:
    told()
    found = split(plan, CellLayout.SEPARATE)
    assert labels(found, "en") == {"": "Total", "sex=f": "F", "sex=m": "M", "age=u25": "U25"}
    assert labels(found, "sq") == {"": "Gjithsej", "sex=f": "Gra", "sex=m": "M", "age=u25": "U25"}


def test_crossed_dimensions_make_crossed_cells(told: Told, plan: Plan) -> None:
    told()
    found = split(plan, CellLayout.CROSSED)
    assert labels(found, "sq") == {
        "": "Gjithsej",
        "sex=f;age=u25": "Gra · U25",
        "sex=m;age=u25": "M · U25",
    }


def test_the_order_of_the_dimensions_is_the_indicators_own(told: Told, plan: Plan) -> None:
    told()
    split(plan, CellLayout.CROSSED)
    IndicatorDimension.objects.filter(dimension__code="sex").update(order=9)
    keys = [cell["key"] for cell in data(plan)["indicators"][0]["cells"]]
    assert keys == ["", "age=u25;sex=f", "age=u25;sex=m"]


@pytest.fixture
def items() -> list[FrameworkItem]:
    un = Framework.objects.create(code="un-2010", title_en="UN", title_sq="OKB")
    eu = Framework.objects.create(code="eu", title_en="EU")
    make = FrameworkItem.objects.create
    rows = [make(framework=un, code=code, title_en=f"Item {code}") for code in ("5b", "5a", "9")]
    return [*rows, make(framework=eu, code="1", title_en="One", pillar="Peace", certainty="found")]


def test_every_item_of_a_framework_that_is_linked_to_is_told_once(
    told: Told, plan: Plan, objective: Objective, items: list[FrameworkItem]
) -> None:
    """What nothing in the plan answers to is a gap, and a gap can only be seen if it is told."""
    told()
    Framework.objects.create(code="sdg", title_en="SDG").items.create(code="5.2")
    objective.frameworks.add(items[0])
    FrameworkItem.objects.filter(code="9").update(order=0)
    FrameworkItem.objects.filter(code="5a").update(order=2)
    FrameworkItem.objects.filter(code="5b").update(order=1)
    rows = data(plan)["frameworks"]
    assert [(row["code"], row["order"]) for row in rows] == [
        ("un-2010:9", 0),
        ("un-2010:5b", 1),
        ("un-2010:5a", 2),
    ]


def test_items_are_told_with_their_framework_and_their_links(
    told: Told, plan: Plan, objective: Objective, ministry: Institution, items: list[FrameworkItem]
) -> None:
    told()
    b, a, _loose, eu = items
    factory.make_action(plan, "A1", ministry, objective).frameworks.add(a)
    objective.frameworks.add(b, a)
    Indicator.objects.get().frameworks.add(eu, a)
    found = data(plan)
    assert codes(found["frameworks"]) == ["eu:1", "un-2010:5a", "un-2010:5b", "un-2010:9"]
    assert found["frameworks"][0] == {
        "code": "eu:1",
        "framework": {"en": "EU"},
        "title": {"en": "One"},
        "pillar": "Peace",
        "certainty": "found",
        "order": 0,
    }
    linked = [found[kind][0]["frameworks"] for kind in ("objectives", "actions", "indicators")]
    assert linked == [["un-2010:5a", "un-2010:5b"], ["un-2010:5a"], ["eu:1", "un-2010:5a"]]


def test_links_of_another_plan_with_the_same_codes_are_not_told(
    told: Told, plan: Plan, items: list[FrameworkItem]
) -> None:
    told()
    other = factory.make_plan("XK")
    factory.make_objective(other, "1").frameworks.add(*items)
    assert data(plan)["frameworks"] == []
    assert codes(data(other)["frameworks"]) == ["eu:1", "un-2010:5a", "un-2010:5b", "un-2010:9"]


def test_institutions_are_those_with_a_part_or_a_report_by_code(
    told: Told, plan: Plan, objective: Objective
) -> None:
    told()
    lead, helper, former, _none = (
        factory.make_institution(code) for code in ("ZL", "AH", "KF", "NN")
    )
    factory.make_action(plan, "A1", lead, objective).supporting.add(helper)
    found = data(plan, former)["institutions"]
    assert codes(found) == ["AH", "KF", "MM", "ZL"]
    assert found[2] == {"code": "MM", "name": {"en": "Ministry MM"}, "kind": "ministry"}


def test_where_a_row_comes_from_and_how_sure_it_is_goes_with_it(
    told: Told, plan: Plan, objective: Objective, ministry: Institution
) -> None:
    doubtful = {"certainty": "unverified", "source": "Memory", "note_en": "To check"}
    row = factory.make_action(plan, "A1", ministry, objective)
    for one in (row, objective):
        for name, value in doubtful.items():
            setattr(one, name, value)
        one.save()
    told(**doubtful)
    found = data(plan)
    for kind in ("objectives", "actions", "indicators"):
        one = found[kind][0]
        assert (one["certainty"], one["source"], one["note"]) == (
            "unverified",
            "Memory",
            {"en": "To check"},
        )


def test_the_readers_language_changes_nothing(told: Told, plan: Plan) -> None:
    told()
    split(plan, CellLayout.SEPARATE)
    before = canonical(data(plan))
    with override("sq"):
        assert canonical(data(plan)) == before
