"""Rules between two indicators: what may be compared, and who says so when it may not."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import User
from indicators.choices import Kind, Relation, RuleScope, Severity, ValueMeaning
from indicators.loading import load
from indicators.models import ConsistencyRule, Indicator
from indicators.models.consistency import measure_of, rule_faults
from indicators.plausibility import Measure
from tests import factory
from tests.conftest import World
from tests.indicators import plan_files
from tests.indicators.every_table import bring
from tests.indicators.plan_files import read_folder

PLANS = Path(__file__).resolve().parents[2] / "plans"
KINDS = "I1 (Count) cannot be compared with I2 (Percentage): their figures are of different kinds."
TIMES = (
    "I1 and I2 say different things of time: what happened in a period is not comparable with a"
    " level or a running total."
)


def two(left: dict[str, Any], right: dict[str, Any]) -> tuple[Indicator, Indicator]:
    usual = {"kind": Kind.COUNT, "value_meaning": ValueMeaning.IN_PERIOD}
    return Indicator(code="I1", **{**usual, **left}), Indicator(code="I2", **{**usual, **right})


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ({}, {}, []),
        ({}, {"kind": "register"}, []),
        ({"kind": "score"}, {"kind": "score"}, []),
        ({}, {"kind": "percentage"}, [("right", KINDS)]),
        ({}, {"value_meaning": "snapshot"}, [("right", TIMES)]),
        ({}, {"kind": "percentage", "value_meaning": "snapshot"}, [("right", TIMES)]),
        # What is not known yet, because its cell could not be read, is no fault of the rule.
        ({}, {"kind": ""}, []),
        ({"value_meaning": ""}, {"kind": "percentage"}, []),
    ],
)
def test_a_rule_compares_what_is_of_one_kind_and_one_time(
    left: dict[str, Any], right: dict[str, Any], said: list[tuple[str, str]]
) -> None:
    assert list(rule_faults(*two(left, right))) == said


def test_a_rule_without_more_is_a_warning_about_the_total(world: World) -> None:
    made = ConsistencyRule(plan=world.plan, code="R1")
    assert (made.scope, made.severity, made.is_active) == (
        RuleScope.TOTAL,
        Severity.WARNING,
        True,
    )
    assert str(made) == "R1"
    assert measure_of(world.indicator) == Measure(Kind.COUNT, ValueMeaning.IN_PERIOD)


def test_the_model_refuses_to_compare_a_percentage_with_a_count(world: World) -> None:
    world.share.value_meaning = ValueMeaning.IN_PERIOD
    rule = ConsistencyRule(left=world.indicator, right=world.share, relation=Relation.AT_MOST)
    with pytest.raises(ValidationError) as refusal:
        rule.clean()
    assert refusal.value.message_dict == {"right": [KINDS]}
    ConsistencyRule(left=world.indicator, relation=Relation.AT_MOST).clean()


def test_the_administrator_adds_a_rule_and_is_told_what_it_cannot_compare(world: World) -> None:
    other = factory.make_indicator(world.plan, "J1", objective=world.objective)
    foreign = factory.make_plan("XK", country="XK")
    abroad = factory.make_indicator(foreign, "X1", objective=factory.make_objective(foreign))
    User.objects.filter(pk=world.administrator.pk).update(is_staff=True)
    client, url = world.client(world.administrator), reverse("admin:indicators_consistencyrule_add")
    sent: dict[str, Any] = {
        "plan": world.plan.pk,
        "code": "R1",
        "left": world.indicator.pk,
        "relation": "at_most",
        "scope": "total",
        "severity": "error",
        "is_active": "on",
        "explanation_en": "Care given is at most cases.",
    }
    shares = client.post(url, {**sent, "right": world.share.pk})
    assert TIMES in shares.content.decode()
    for wrong in ({"right": world.indicator.pk}, {"right": abroad.pk}, {"explanation_en": ""}):
        assert client.post(url, {"right": other.pk, **sent, **wrong}).status_code == 200
    assert ConsistencyRule.objects.count() == 0
    assert client.post(url, {**sent, "right": other.pk}).status_code == 302
    rule = ConsistencyRule.objects.get()
    assert (rule.left, rule.right, rule.severity) == (world.indicator, other, Severity.ERROR)


def test_an_import_refuses_the_same_and_takes_the_rest(world: World) -> None:
    factory.make_indicator(world.plan, "J1", objective=world.objective)
    heads = ["plan", "code", "left", "relation", "right", "explanation_en"]
    row = [world.plan.code, "R1", "I1", "at_most", "J1", "Care is at most cases"]
    wrong = [world.plan.code, "R2", "I1", "at_most", "I2", "Care is at most cases"]
    same = [world.plan.code, "R3", "I1", "equal", "I1", "Itself"]
    refused = bring(ConsistencyRule, world.administrator, heads, row, wrong, same)
    assert refused.faults == [
        (3, "right", TIMES),
        (4, "left", "A rule compares two different indicators."),
    ]
    assert ConsistencyRule.objects.count() == 0
    assert bring(ConsistencyRule, world.administrator, heads, row).new == 1
    rule = ConsistencyRule.objects.get()
    assert (rule.severity, rule.is_active, rule.explanation) == ("warning", True, row[-1])


# ------------------------------------------------------------------ in the files of a plan


def told(tmp_path: Path, **change: str) -> list[str]:
    """The faults of the small plan whose rule is changed like this."""
    content = plan_files.sheets()
    content["consistency"][0] |= change
    outcome = load(plan_files.write_folder(tmp_path / "plan", content), commit=True)
    return [str(problem) for problem in outcome.errors]


@pytest.mark.parametrize(
    ("change", "column", "sentence"),
    [
        (
            {"right": "I2"},
            "right",
            "I4 and I2 say different things of time: what happened in a period is not comparable"
            " with a level or a running total.",
        ),
        ({"right": "I9"}, "right", "“I9” is not among the indicators, neither in the files nor"),
        ({"right": "I4"}, "columns left, right", "This rule is broken: A rule compares two"),
        ({"relation": "<="}, "relation", "“<=” is not one of: at_most, at_least, equal."),
        ({"severity": "fatal"}, "severity", "“fatal” is not one of: error, warning."),
        (
            {"explanation_en": "", "explanation_sq": ""},
            "explanation_en",
            "Write it in one language at least.",
        ),
    ],
)
def test_a_file_with_a_wrong_rule_is_refused_by_row_and_column(
    db: None, tmp_path: Path, change: dict[str, str], column: str, sentence: str
) -> None:
    [fault] = told(tmp_path, **change)
    assert fault.startswith(f"consistency.csv, row 2, {'' if ' ' in column else 'column '}{column}")
    assert sentence in fault
    assert not ConsistencyRule.objects.exists()


def test_a_rule_of_the_files_is_stored_and_the_file_may_be_left_out(
    db: None, tmp_path: Path
) -> None:
    assert told(tmp_path) == []
    rule = ConsistencyRule.objects.select_related("left", "right").get()
    assert (rule.left.code, rule.relation, rule.right.code) == ("I4", "at_most", "I1")
    assert (rule.scope, rule.severity, rule.is_active) == ("total", "error", True)
    content = plan_files.sheets()
    del content["consistency"]
    assert load(plan_files.write_folder(tmp_path / "less", content), commit=True).errors == ()
    assert ConsistencyRule.objects.count() == 1


def test_the_rules_of_the_demonstration_explain_themselves_in_both_languages() -> None:
    found = read_folder(PLANS / "albania-demo")
    kinds = {row["code"]: (row["kind"], row["value_meaning"]) for row in found["indicators"]}
    owed = {row["code"]: row["responsible"] for row in found["indicators"]}
    assert len(found["consistency"]) == 3
    for row in found["consistency"]:
        assert kinds[row["left"]] == kinds[row["right"]]
        assert owed[row["left"]] == owed[row["right"]]
        assert row["explanation_en"].endswith(".")
        assert row["explanation_sq"].endswith(".")
