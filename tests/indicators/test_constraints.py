"""What the database itself refuses of plans and people, whatever the code above it forgets."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Model, UniqueConstraint
from django.utils.translation import override

from accounts.models import Institution, InstitutionAlias, User
from indicators.choices import MINISTRY_ROLES, Relation, Role, Severity
from indicators.loading.constraints import violated
from indicators.models import (
    Action,
    Category,
    ConsistencyRule,
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
DAY = date(2027, 12, 31)
D = Decimal


@pytest.fixture
def rows() -> dict[type[Model], Any]:
    """One row of every table that has a rule; all of them keep it."""
    plan = factory.make_plan()
    top = factory.make_objective(plan)
    house = factory.make_institution("MM")
    indicator = factory.make_indicator(plan, "I1", house, objective=top)
    action = factory.make_action(plan, "A1", house, top)
    sex = factory.make_dimension(plan, "sex", "f")
    factory.split(indicator, sex)
    framework = Framework.objects.create(code="un", title_en="UN")
    user = User.objects.create(email="ana@example.org", name="Ana")
    made: list[Model] = [
        plan,
        factory.make_objective(plan, "1.1", top),
        action,
        house,
        indicator,
        sex,
        user,
        FrameworkItem.objects.create(framework=framework, code="1", title_en="One"),
        PlanLevel.objects.create(plan=plan, depth=0, name_en="Area"),
        Funding.objects.create(action=action, source="State", planned=1),
        Category.objects.get(),
        IndicatorDimension.objects.get(),
        factory.make_target(indicator, 5),
        Membership.objects.create(user=user, plan=plan, role=Role.CONTRIBUTOR, institution=house),
        InstitutionAlias.objects.create(institution=house, name="MoD"),
        factory.make_rule("R1", indicator, factory.make_indicator(plan, "I2", objective=top)),
    ]
    return {type(row): row for row in made}


# ---------------------------------------------------------------- one row against itself

ENDS, ORDER = "indicators_plan_ends_after_start", "indicators_plan_thresholds_in_order"
ROUNDING, DEPTH = "indicators_plan_rounding_positive", "indicators_objective_depth_below_parent"
ACTION, MONEY = "indicators_action_ends_after_start", "indicators_funding_not_negative"
TOLERANCE, CEILING = "indicators_tolerance_not_negative", "indicators_ceiling_above_floor"
KNOWN, OWN = "indicators_known_baseline_has_value", "indicators_own_thresholds_have_reason"
REVISED, HOUSE = "indicators_revised_target_has_reason", "indicators_membership_institution"
COUNTRY = "accounts_institution_country"
TWO, RELATION = "indicators_rule_of_two_indicators", "indicators_rule_relation_known"
SEVERITY = "indicators_rule_severity_known"
BROKEN: list[tuple[str, type[Model], dict[str, Any]]] = [
    (ENDS, Plan, {"ends_on": date(2024, 1, 1)}),
    (ENDS, Plan, {"ends_on": date(2023, 12, 31)}),
    (ENDS, Plan, {"starts_on": date(2028, 1, 1)}),
    (ORDER, Plan, {"at_risk_at": D("0.9501")}),
    (ORDER, Plan, {"on_track_at": D("0.6999")}),
    (ROUNDING, Plan, {"small_count_rounding": 0}),
    (DEPTH, Objective, {"depth": 0}),
    (ACTION, Action, {"starts_on": date(2025, 1, 2), "ends_on": date(2025, 1, 1)}),
    (MONEY, Funding, {"planned": D("-0.01")}),
    (TOLERANCE, Indicator, {"tolerance": D("-0.0001")}),
    (CEILING, Indicator, {"floor": D(1), "ceiling": D("0.9999")}),
    (CEILING, Indicator, {"floor": D(0), "ceiling": D(-1)}),
    (KNOWN, Indicator, {"baseline_state": "known"}),
    (KNOWN, Indicator, {"baseline_state": "known", "baseline_numerator": D(1)}),
    (KNOWN, Indicator, {"baseline_state": "known", "baseline_denominator": D(9)}),
    (
        KNOWN,
        Indicator,
        {"baseline_state": "known", "baseline_numerator": D(0), "baseline_denominator": D(0)},
    ),
    (OWN, Indicator, {"on_track_at": D("0.9")}),
    (OWN, Indicator, {"at_risk_at": D(0)}),
    (REVISED, Target, {"version": 2}),
    (REVISED, Target, {"version": 0}),
    *((HOUSE, Membership, {"role": role, "institution": None}) for role in MINISTRY_ROLES),
    *((HOUSE, Membership, {"role": role}) for role in Role if role not in MINISTRY_ROLES),
    (TWO, ConsistencyRule, {"right": F("left")}),
    *((RELATION, ConsistencyRule, {"relation": word}) for word in ("", "<=", "AT_MOST")),
    *((SEVERITY, ConsistencyRule, {"severity": word}) for word in ("", "fatal")),
    *((COUNTRY, Institution, {"country": text}) for text in ("al", "A", "", "A1", "ÇË", "A ")),
]
KEPT: list[tuple[type[Model], dict[str, Any]]] = [
    (Plan, {"ends_on": date(2024, 1, 2)}),
    (Plan, {"at_risk_at": D("0.95")}),
    (Plan, {"small_count_rounding": 1}),
    (Objective, {"parent": None, "depth": 0}),
    (Objective, {"parent": None, "depth": 3}),
    (Action, {"starts_on": date(2025, 1, 1), "ends_on": date(2025, 1, 1)}),
    (Action, {"starts_on": None, "ends_on": date(2025, 1, 1)}),
    (Action, {"starts_on": date(2025, 1, 1), "ends_on": None}),
    (Funding, {"planned": D(0)}),
    (Indicator, {"tolerance": D(0)}),
    (Indicator, {"floor": D(3), "ceiling": D(3)}),
    (Indicator, {"floor": D(9), "ceiling": None}),
    (Indicator, {"floor": None, "ceiling": D(-9)}),
    (Indicator, {"baseline_state": "known", "baseline_value": D(0)}),
    (
        Indicator,
        {"baseline_state": "known", "baseline_numerator": D(0), "baseline_denominator": D(9)},
    ),
    (Indicator, {"baseline_state": "unknown"}),
    (Indicator, {"on_track_at": D("0.9"), "threshold_reason": "A late start"}),
    (Target, {"version": 2, "reason": "Less money"}),
    (Target, {"version": 1, "reason": "Said at once"}),
    *((Membership, {"role": role}) for role in MINISTRY_ROLES),
    *(
        (Membership, {"role": role, "institution": None})
        for role in Role
        if role not in MINISTRY_ROLES
    ),
    (Institution, {"country": "XK"}),
    *((ConsistencyRule, {"relation": word}) for word in Relation),
    *((ConsistencyRule, {"severity": word}) for word in Severity),
]


def names_it(error: IntegrityError, model: type[Model], name: str) -> bool:
    """Whether the refusal is that of one rule. SQLite tells of a plain key only the columns."""
    rule = next(c for c in model._meta.constraints if c.name == name)
    if connection.vendor == "sqlite" and isinstance(rule, UniqueConstraint) and rule.fields:
        fields: list[Any] = [model._meta.get_field(field) for field in rule.fields]
        places = ", ".join(f"{model._meta.db_table}.{field.column}" for field in fields)
        return str(error) == f"UNIQUE constraint failed: {places}"
    return name in str(error)


@pytest.mark.parametrize(("name", "model", "change"), BROKEN)
def test_a_row_that_breaks_a_rule_is_refused_by_its_name(
    rows: Any, name: str, model: Any, change: dict[str, Any]
) -> None:
    kept = model.objects.filter(pk=rows[model].pk)
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        kept.update(**change)

    assert names_it(refusal.value, model, name)


@pytest.mark.parametrize(("name", "model", "change"), BROKEN)
def test_what_is_asked_in_memory_is_what_the_database_asks(
    rows: Any, name: str, model: Any, change: dict[str, Any]
) -> None:
    row = model.objects.get(pk=rows[model].pk)
    for field, value in change.items():
        setattr(row, field, getattr(row, value.name) if isinstance(value, F) else value)

    assert [rule.name for rule in violated(row)] == [name]


@pytest.mark.parametrize(("model", "change"), KEPT)
def test_what_just_keeps_a_rule_is_stored(rows: Any, model: Any, change: dict[str, Any]) -> None:
    row = rows[model]
    assert model.objects.filter(pk=row.pk).update(**change) == 1
    row.refresh_from_db()

    assert {field: getattr(row, field) for field in change} == change
    assert list(violated(row)) == []


# ---------------------------------------------------------------- one row against another

TWICE: list[tuple[str, type[Model], dict[str, Any]]] = [
    ("indicators_framework_item_code", FrameworkItem, {"title": "Other"}),
    ("indicators_dimension_code", Dimension, {"title": "Other"}),
    ("indicators_category_code", Category, {"title": "Other"}),
    ("indicators_indicator_code", Indicator, {"title": "Other"}),
    ("indicators_split_once", IndicatorDimension, {"order": 7}),
    ("indicators_target_once", Target, {"value": D(9)}),
    ("indicators_membership_once", Membership, {"expires_on": DAY}),
    ("indicators_membership_once_in_plan", Membership, {}),
    ("indicators_level_depth", PlanLevel, {"name": "Other"}),
    ("indicators_objective_code", Objective, {"title": "Other"}),
    ("indicators_action_code", Action, {"title": "Other"}),
    ("indicators_funding_source_once", Funding, {"planned": D(9)}),
    ("accounts_user_email_any_case", User, {"email": "ANA@example.org"}),
    ("accounts_institution_code", Institution, {"name": "Other"}),
    ("accounts_alias_once", InstitutionAlias, {}),
    ("indicators_rule_code", ConsistencyRule, {"explanation": "Other"}),
]
APART: list[tuple[type[Model], dict[str, Any]]] = [
    (Dimension, {"code": "Sex"}),
    (Category, {"code": "m"}),
    (Indicator, {"code": "i1"}),
    (Target, {"version": 2, "reason": "Less money"}),
    (Target, {"cell": "sex=f"}),
    (Target, {"as_of": date(2026, 12, 31)}),
    (Membership, {"role": Role.APPROVER}),
    (PlanLevel, {"depth": 1}),
    (Objective, {"code": "1.2"}),
    (Action, {"code": "A2"}),
    (Funding, {"source": "state"}),
    (User, {"email": "ana@example.com"}),
    (Institution, {"country": "XK"}),
    (InstitutionAlias, {"name": "mod"}),
    (ConsistencyRule, {"code": "R2"}),
]


def twin(row: Any, change: dict[str, Any]) -> Any:
    """A second row that is like the first but for the change."""
    fields = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
    fields.pop(row._meta.pk.attname)
    return type(row)(**{**fields, **change})


@pytest.mark.parametrize(("name", "model", "change"), TWICE)
def test_a_second_row_of_the_same_name_is_refused(
    rows: Any, name: str, model: Any, change: dict[str, Any]
) -> None:
    row = rows[model]
    if name == "indicators_membership_once_in_plan":
        Membership.objects.update(role=Role.OBSERVER, institution=None)
        row.refresh_from_db()
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        twin(row, change).save(force_insert=True)

    assert names_it(refusal.value, model, name)
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(("model", "change"), APART)
def test_a_row_with_a_name_of_its_own_is_stored(
    rows: Any, model: Any, change: dict[str, Any]
) -> None:
    before = model.objects.count()
    twin(rows[model], change).save(force_insert=True)

    assert model.objects.count() == before + 1


@pytest.mark.parametrize(
    "model", [Objective, Action, Indicator, Dimension, ConsistencyRule, PlanLevel]
)
def test_the_same_code_may_stand_in_another_plan(rows: Any, model: Any) -> None:
    there = factory.make_plan("XK", country="XK")
    if model is PlanLevel:
        change = {"plan_id": there.pk}
    else:
        change = {"plan_id": there.pk, "code": rows[model].code}
    twin(rows[model], change).save(force_insert=True)

    assert model.objects.filter(plan=there).count() == 1


# ---------------------------------------------------------------- the rules as a whole


def rules() -> dict[str, Any]:
    models = [
        m for app in ("accounts", "indicators") for m in apps.get_app_config(app).get_models()
    ]
    return {rule.name: rule for model in models for rule in model._meta.constraints}


def test_every_rule_has_a_case_here() -> None:
    assert {name for name, _model, _change in [*BROKEN, *TWICE]} == set(rules())


def test_a_rule_is_told_in_both_languages() -> None:
    told = {}
    for language in ("en", "sq"):
        with override(language):
            told[language] = {n: str(r.get_violation_error_message()) for n, r in rules().items()}
    del told["en"]["indicators_level_depth"]  # Django's own sentence names the columns

    for name, sentence in told["en"].items():
        assert name not in sentence
        assert told["sq"][name] != sentence
        assert (sentence[-1], told["sq"][name][-1]) == (".", "."), name


@pytest.mark.parametrize(
    ("model", "change", "sentence"),
    [
        (Plan, {"ends_on": date(2024, 1, 1)}, "A plan ends after it starts."),
        (Indicator, {"tolerance": D(-1)}, "A tolerance is zero or more."),
        (Target, {"version": 2}, "A revised target needs a reason."),
        (Institution, {"country": "al"}, "Write the country as two capital letters."),
    ],
)
def test_a_form_says_the_sentence_before_the_database_has_to(
    rows: Any, model: Any, change: dict[str, Any], sentence: str
) -> None:
    row = model.objects.get(pk=rows[model].pk)
    for field, value in change.items():
        setattr(row, field, value)
    with pytest.raises(ValidationError) as refusal:
        row.validate_constraints()

    assert refusal.value.messages == [sentence]
