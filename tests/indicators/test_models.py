"""The plan's tables: names, order, what goes with what, and figures kept exactly."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Model, ProtectedError
from django.utils.translation import override

from accounts.models import Institution, InstitutionAlias, User
from common.codes import validate_code
from indicators.choices import Kind, Role
from indicators.models import (
    Action,
    Category,
    Dimension,
    Framework,
    FrameworkItem,
    Funding,
    Indicator,
    IndicatorDimension,
    Membership,
    Objective,
    Plan,
    PlanLevel,
    Target,
)
from tests import factory

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> Plan:
    """A plan with one row of everything below it."""
    plan = factory.make_plan()
    top = factory.make_objective(plan)
    factory.make_objective(plan, "1.1", top)
    house = factory.make_institution("MM", "Ministry of Defence")
    action = factory.make_action(plan, "A1", house, top)
    action.fundings.create(source="State", planned=Decimal("12.5"))
    framework = Framework.objects.create(code="un", title_en="UN")
    item = FrameworkItem.objects.create(framework=framework, code="1a", title_en="Ask")
    indicator = factory.make_indicator(plan, "I1", house, objective=top, action=action)
    indicator.frameworks.add(item)
    factory.split(indicator, factory.make_dimension(plan, "sex", "f"))
    factory.make_target(indicator, 5)
    plan.levels.create(depth=0, name_en="Area")
    InstitutionAlias.objects.create(institution=house, name="MoD")
    factory.make_member(Role.APPROVER, plan, house, name="Ana")
    return plan


# ---------------------------------------------------------------- how a row is called

NAMES: list[tuple[type[Model], dict[str, Any], str]] = [
    (Plan, {}, "Plan AL"),
    (Plan, {"title_en": "", "title_sq": ""}, "AL"),
    (PlanLevel, {}, "Area"),
    (Action, {}, "A1 Action A1"),
    (Funding, {}, "State: 12.50"),
    (Indicator, {}, "I1 Indicator I1"),
    (Dimension, {}, "Sex"),
    (Dimension, {"title_en": ""}, "sex"),
    (Category, {}, "F"),
    (Category, {"title_en": ""}, "f"),
    (Framework, {}, "UN"),
    (Framework, {"title_en": ""}, "un"),
    (FrameworkItem, {}, "1a Ask"),
    (Target, {}, "2027-12-31: 5.0000"),
    (Institution, {}, "Ministry of Defence"),
    (Institution, {"name_en": ""}, "MM"),
    (InstitutionAlias, {}, "MoD"),
    (User, {}, "Ana"),
    (User, {"name": ""}, "approver.mm@example.org"),
    (Membership, {}, "Ana: Approver"),
]


@pytest.mark.parametrize(("model", "change", "name"), NAMES)
def test_a_row_is_called_by_its_name_or_else_by_its_code(
    plan: Plan, model: Any, change: dict[str, Any], name: str
) -> None:
    if change:
        model.objects.update(**change)

    with override("en"):
        assert str(model.objects.get()) == name


TEXTS: list[tuple[dict[str, str], str, str]] = [
    ({"title_en": "Women", "title_sq": "Gra"}, "Women", "Gra"),
    ({"title_en": "", "title_sq": "Gra"}, "Gra", "Gra"),
    ({"title_en": "Women", "title_sq": ""}, "Women", "Women"),
    ({"title_en": "", "title_sq": "", "title_fr": "Femmes"}, "Femmes", "Femmes"),
]


@pytest.mark.parametrize(("texts", "english", "albanian"), TEXTS)
def test_a_text_is_shown_in_the_readers_language_or_in_one_that_there_is(
    plan: Plan, texts: dict[str, str], english: str, albanian: str
) -> None:
    Objective.objects.filter(code="1").update(**texts)
    found = {}
    for language in ("en", "sq"):
        with override(language):
            found[language] = Objective.objects.get(code="1").title

    assert found == {"en": english, "sq": albanian}


# ---------------------------------------------------------------- order


def codes(rows: Any) -> list[str]:
    return [row.code for row in rows]


def test_rows_stand_in_the_order_of_the_plan_then_of_their_codes(plan: Plan) -> None:
    for code, order in (("Z", 0), ("B", 2), ("A", 2), ("C", 1)):
        row = factory.make_objective(plan, code)
        Objective.objects.filter(pk=row.pk).update(order=order)
    Objective.objects.filter(code__startswith="1").update(order=9)

    assert codes(plan.objectives.all()) == ["Z", "C", "A", "B", "1", "1.1"]


def test_the_newest_plan_of_a_country_stands_first(plan: Plan) -> None:
    factory.make_plan("AL-18", starts_on=date(2018, 1, 1), ends_on=date(2020, 12, 31))
    factory.make_plan("XK", country="XK")
    factory.make_plan("AL-28", starts_on=date(2028, 1, 1), ends_on=date(2030, 12, 31))

    assert codes(Plan.objects.all()) == ["AL-28", "AL", "AL-18", "XK"]


def test_versions_of_a_target_stand_one_after_the_other(plan: Plan) -> None:
    indicator = Indicator.objects.get()
    for version, year in ((2, 2027), (2, 2026), (1, 2026)):
        reason = "Less" if version > 1 else ""
        day = date(year, 12, 31)
        Target.objects.create(
            indicator=indicator, as_of=day, value=1, version=version, reason=reason
        )

    found = [(t.version, t.as_of.year) for t in indicator.targets.all()]
    assert found == [(1, 2026), (1, 2027), (2, 2026), (2, 2027)]


# ---------------------------------------------------------------- what goes with what

BELOW = (PlanLevel, Funding, Dimension, Category, IndicatorDimension, Target, Membership)


def empty(plan: Plan) -> None:
    """Take away what nothing else may hang on."""
    Indicator.objects.filter(plan=plan).delete()
    Action.objects.filter(plan=plan).delete()
    Objective.objects.filter(plan=plan).exclude(parent=None).delete()


def test_a_plan_takes_everything_below_it_along_and_nothing_shared(plan: Plan) -> None:
    empty(plan)
    plan.delete()

    assert [m.__name__ for m in (Objective, *BELOW) if m._default_manager.exists()] == []
    shared = (Institution, InstitutionAlias, Framework, FrameworkItem, User)
    assert [m._default_manager.count() for m in shared] == [1] * 5


GUARDED: list[tuple[str, Callable[[Plan], Any]]] = [
    ("an objective with objectives below it", lambda p: p.objectives.filter(code="1")),
    ("an objective with indicators", lambda p: p.objectives.exclude(code="1.1")),
    ("a dimension that splits an indicator", lambda p: p.dimensions.all()),
    ("an institution that leads an action", lambda p: Institution.objects.all()),
]


@pytest.mark.parametrize(("what", "rows"), GUARDED, ids=[what for what, _rows in GUARDED])
def test_nothing_is_deleted_under_what_stands_on_it(plan: Plan, what: str, rows: Any) -> None:
    with pytest.raises(ProtectedError):
        rows(plan).delete()

    assert rows(plan).count() == 1


def test_an_institution_that_holds_a_role_stays(plan: Plan) -> None:
    Action.objects.update(lead=None)
    with pytest.raises(ProtectedError):
        Institution.objects.all().delete()

    Membership.objects.all().delete()
    Institution.objects.all().delete()
    assert not Institution.objects.exists()
    assert Indicator.objects.get().responsible.count() == 0


def test_an_item_of_a_framework_with_items_below_it_stays(plan: Plan) -> None:
    item = FrameworkItem.objects.get()
    FrameworkItem.objects.create(framework=item.framework, code="1b", title="Below", parent=item)
    with pytest.raises(ProtectedError):
        item.delete()

    assert FrameworkItem.objects.count() == 2


def test_an_indicator_outlives_its_action(plan: Plan) -> None:
    Action.objects.all().delete()

    assert Indicator.objects.get().action is None
    assert not Funding.objects.exists()


def test_an_indicator_takes_its_targets_and_splits_along_but_not_its_dimensions(plan: Plan) -> None:
    Indicator.objects.all().delete()

    assert (Target.objects.count(), IndicatorDimension.objects.count()) == (0, 0)
    assert (Dimension.objects.count(), Category.objects.count()) == (1, 1)


# ---------------------------------------------------------------- figures, codes, kinds


@pytest.mark.parametrize(
    "figure", ["0", "0.0001", "-0.0001", "12345678901.1234", "99999999999.9999", "-1.5", "0.1"]
)
def test_a_figure_is_kept_exactly(plan: Plan, figure: str) -> None:
    Target.objects.update(value=Decimal(figure))
    Indicator.objects.update(baseline_value=Decimal(figure))

    assert Target.objects.get().value == Decimal(figure)
    assert Indicator.objects.get().baseline_value == Decimal(figure)
    assert Target.objects.filter(value=Decimal(figure)).exists()


@pytest.mark.parametrize("code", ["1", "A1", "1.1", "a b", "Ç-1", "A_1", "1(a)", "x" * 30])
def test_a_code_may_be_what_plans_write(code: str) -> None:
    validate_code(code)


@pytest.mark.parametrize(
    "code",
    ["", " 1", "-1", ".1", "a/b", "a;b", "a:b", "a?b", "a#b", "50%", "a\\b", "a\nb", "\x001", "=1"],
)
def test_a_code_that_would_break_an_address_or_a_list_is_refused(code: str) -> None:
    with pytest.raises(ValidationError, match="begins with a letter or digit"):
        validate_code(code)


@pytest.mark.parametrize("model", [Objective, Action, Indicator, FrameworkItem, Institution])
def test_every_table_with_a_code_asks_for_a_good_one(model: Any) -> None:
    with pytest.raises(ValidationError) as refusal:
        model(code="a/b").clean_fields()

    assert "code" in refusal.value.message_dict


@pytest.mark.parametrize("kind", list(Kind))
def test_an_indicator_says_whether_it_is_a_share_or_words(kind: Kind) -> None:
    indicator = Indicator(kind=kind)

    assert indicator.is_share == kind.has_fraction
    assert indicator.is_text == (kind == Kind.NARRATIVE)


@pytest.mark.parametrize(
    ("field", "value", "is_fine"),
    [
        ("on_track_at", "0", True),
        ("on_track_at", "1", True),
        ("on_track_at", "1.0001", False),
        ("at_risk_at", "-0.0001", False),
        ("coverage_at", "1", True),
        ("coverage_at", "1.1", False),
        ("small_count_rounding", 0, False),
        ("small_count_rounding", 1, True),
        ("cadence", "monthly", False),
    ],
)
def test_thresholds_of_a_plan_lie_between_0_and_1(
    plan: Plan, field: str, value: Any, is_fine: bool
) -> None:
    setattr(plan, field, value)
    try:
        plan.clean_fields()
        told: set[str] = set()
    except ValidationError as refusal:
        told = set(refusal.message_dict)

    assert told == (set() if is_fine else {field})


# ---------------------------------------------------------------- people


def test_an_address_is_kept_in_small_letters() -> None:
    made = User.objects.create_user("Ana.Hoxha@Example.ORG", name="Ana")

    assert made.email == "ana.hoxha@example.org"
    assert (made.is_staff, made.is_superuser, made.has_usable_password()) == (False, False, False)


def test_a_superuser_is_one_who_may_use_the_admin() -> None:
    made = User.objects.create_superuser("root@example.org", "a long password", name="Root")

    assert (made.is_staff, made.is_superuser) == (True, True)
    assert made.check_password("a long password")


def test_a_person_is_known_by_one_name() -> None:
    made = User(email="a@example.org", name="Ana Hoxha")

    assert (made.get_full_name(), made.get_short_name()) == ("Ana Hoxha", "Ana Hoxha")
