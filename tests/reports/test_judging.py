"""Assessments stand beside the figures they come from: made anew at once, and only where needed."""

from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from indicators.choices import Status, TotalRule
from indicators.models import Indicator, Plan, Target
from reports import judging, workflow
from reports.models import Assessment, Line, Observation, Report
from reports.services import save_line
from tests import factory
from tests.conftest import World
from tests.reports.stored import changes, rows_now

Told = dict[tuple[str, str, str], Any]


def told(name: str = "status") -> Told:
    """One figure of every assessment, by indicator, quarter and cell."""
    rows = Assessment.objects.select_related("indicator", "period").order_by("pk")
    return {
        (row.indicator.code, row.period.code, cell): result.get(name)
        for row in rows
        for cell, result in row.results.items()
    }


def is_right() -> bool:
    """Whether a full recomputation of every plan gives what is stored."""
    return all(
        judging.compare(judging.load(plan)).number == 0 for plan in Plan.objects.order_by("pk")
    )


def report_of(quarter: int, institution: Any) -> Report:
    return Report.objects.with_names().get(period__quarter=quarter, institution=institution)


def answer(report: Report, by: Any, *answers: Observation, code: str = "I1") -> None:
    line = Line.objects.select_related("indicator", "report__period__plan").get(
        report=report, indicator__code=code
    )
    save_line(
        line, by=by, version=line.version, answers=answers, rating=("on_track", "As planned.")
    )


def validate(world: World, report: Report, by: Any, approver: Any, number: int = 5) -> Report:
    """From draft, or returned, to validated."""
    factory.fill_in(report, by, number)
    factory.decide("submit", report, approver)
    factory.decide("take", report, world.reviewer)
    return factory.decide("validate", report, world.reviewer)


def test_an_opened_quarter_has_an_assessment_of_every_indicator_owed(world: World) -> None:
    assert told() == {("I1", "2026-Q3", ""): "no_data", ("I2", "2026-Q3", ""): "no_data"}
    assert told("expected_units") == {("I1", "2026-Q3", ""): 2, ("I2", "2026-Q3", ""): 1}


def test_only_validated_reports_count(world: World) -> None:
    before = told()
    world.under_review()
    assert told() == before
    factory.decide("validate", world.report, world.reviewer)
    assert told("value") == {("I1", "2026-Q3", ""): "5.0000", ("I2", "2026-Q3", ""): "5.0000"}
    assert told()["I1", "2026-Q3", ""] == "off_track"
    assert is_right()


def test_a_published_report_counts_as_before(world: World) -> None:
    world.validated()
    before = rows_now()
    factory.decide("publish", world.report, world.lead)
    found = changes(before, rows_now())
    assert [name for name in found if name.startswith("Assessment")] == []


def test_everything_a_status_stands_on_is_kept_beside_it(world: World) -> None:
    world.validated()
    row = Assessment.objects.get(indicator=world.indicator)
    assert row.sources == [[world.report.pk, 1]]
    assert row.rules_version == "1"
    result = row.results[""]
    assert (result["reported"], result["expected_units"]) == (1, 2)
    assert result["marks"] == ["provisional"]
    inputs = result["inputs"]
    assert {name: inputs[name] for name in ("actual", "baseline", "target", "coverage")} == {
        "actual": "5.0000",
        "baseline": "0.0000",
        "target": "100.0000",
        "coverage": "0.5000",
    }
    assert inputs["on_track_at"] == "0.9500"
    assert result["progress"] == "0.0500"


def test_a_share_keeps_its_halves(world: World) -> None:
    world.validated()
    result = Assessment.objects.get(indicator=world.share).results[""]
    halves = {name: result[name] for name in ("value", "numerator", "denominator")}
    assert halves == {"value": "5.0000", "numerator": "5.0000", "denominator": "100.0000"}


def test_a_reopened_report_counts_no_more_until_it_is_validated_again(world: World) -> None:
    world.validated()
    factory.decide("reopen", world.report, world.lead, reason="A typing error.")
    assert told("value")["I1", "2026-Q3", ""] is None
    assert Assessment.objects.get(indicator=world.indicator).sources == []
    validate(world, world.now(), world.contributor, world.approver, 7)
    row = Assessment.objects.get(indicator=world.indicator)
    assert (row.results[""]["value"], row.sources) == ("7.0000", [[world.report.pk, 2]])
    assert is_right()


@pytest.fixture
def two_quarters(world: World) -> World:
    """The third quarter is validated by both ministries; the fourth is open."""
    validate(world, world.report, world.contributor, world.approver)
    validate(world, world.other_report, world.other_contributor, world.other_approver, 20)
    factory.open_quarter(world.plan, 2026, 4)
    return world


def test_a_new_quarter_carries_on_what_the_earlier_ones_gave(two_quarters: World) -> None:
    assert told("value")["I1", "2026-Q4", ""] == "25.0000"
    assert told()["I1", "2026-Q4", ""] == "no_data"
    assert is_right()


def test_a_restated_quarter_reaches_the_later_ones_and_no_earlier(two_quarters: World) -> None:
    world = two_quarters
    factory.decide("reopen", world.report, world.lead, reason="A typing error.")
    validate(world, world.now(), world.contributor, world.approver, 11)
    assert told("value") == {
        ("I1", "2026-Q3", ""): "31.0000",
        ("I2", "2026-Q3", ""): "11.0000",
        ("I1", "2026-Q4", ""): "31.0000",
        ("I2", "2026-Q4", ""): "11.0000",
    }
    before = rows_now()
    later = report_of(4, world.interior)
    validate(world, later, world.other_contributor, world.other_approver, 15)
    touched = {
        key for key, row in rows_now()["Assessment"].items() if row != before["Assessment"][key]
    }
    assert touched == {Assessment.objects.get(indicator=world.indicator, period=later.period).pk}
    assert is_right()


def test_the_order_in_which_institutions_report_does_not_matter(world: World) -> None:
    def end(*order: str) -> Told:
        for name in order:
            report, who = {
                "defence": (world.report, (world.contributor, world.approver)),
                "interior": (world.other_report, (world.other_contributor, world.other_approver)),
            }[name]
            factory.decide("reopen", report, world.lead, reason="Again.")
            validate(world, world.now(report), *who, 3 if name == "defence" else 4)
        return {**told("value"), **told("status")}

    validate(world, world.report, world.contributor, world.approver)
    validate(world, world.other_report, world.other_contributor, world.other_approver)
    assert end("defence", "interior") == end("interior", "defence")


# what is aimed at


def test_a_new_version_of_a_target_reaches_all_quarters_of_its_indicator(world: World) -> None:
    world.validated()
    before = rows_now()
    day = world.plan.ends_on
    Target.objects.create(
        indicator=world.indicator, as_of=day, value=Decimal(5), version=2, reason="Less money."
    )
    assert changes(before, rows_now()) == {}
    judging.indicators_changed({world.indicator.pk})
    row = Assessment.objects.get(indicator=world.indicator)
    assert row.results[""]["marks"] == ["provisional", "revised_target"]
    assert row.results[""]["inputs"]["target"] == "5.0000"
    assert {key for key, old in rows_now()["Assessment"].items() if old["id"] != row.pk} == {
        Assessment.objects.get(indicator=world.share).pk
    }
    assert is_right()


def test_an_indicator_of_a_plan_without_quarters_has_none(world: World) -> None:
    plan = factory.make_plan("XK", country="XK")
    row = factory.make_indicator(plan, "K1", world.defence, objective=factory.make_objective(plan))
    judging.indicators_changed({row.pk})
    assert Assessment.objects.filter(indicator=row).count() == 0


# parts


def by_sex(world: World) -> Indicator:
    """A second quarter in which the first indicator is split by sex, with a target for women."""
    sex = factory.make_dimension(world.plan, "sex", "f", "m", total_rule=TotalRule.ENTERED)
    factory.split(world.indicator, sex)
    Target.objects.create(
        indicator=world.indicator, cell="sex=f", as_of=world.plan.ends_on, value=Decimal(40)
    )
    judging.indicators_changed({world.indicator.pk})
    return world.indicator


def test_the_parts_are_a_set_of_their_own_and_a_part_with_a_target_is_held_to_it(
    world: World,
) -> None:
    indicator = by_sex(world)
    factory.fill_in(world.now(), world.contributor)
    parts = [factory.value(9), factory.value(6, "sex=f"), factory.value(3, "sex=m")]
    answer(world.now(), world.contributor, *parts)
    factory.decide("submit", world.report, world.approver)
    factory.decide("take", world.report, world.reviewer)
    factory.decide("validate", world.report, world.reviewer)
    total, sexes = Assessment.objects.filter(indicator=indicator).order_by("cell_set")
    assert (total.cell_set, total.status) == ("", Status.OFF_TRACK)
    assert (sexes.cell_set, sexes.status) == ("sex", "")
    women, men = sexes.results["sex=f"], sexes.results["sex=m"]
    assert (women["value"], women["progress"]) == ("6.0000", "0.1500")
    assert women["status"] == Status.OFF_TRACK
    assert (men["value"], "status" in men) == ("3.0000", False)
    assert is_right()


def test_a_set_of_parts_that_is_no_more_goes(world: World) -> None:
    indicator = by_sex(world)
    assert Assessment.objects.filter(indicator=indicator).count() == 2
    indicator.splits.all().delete()
    judging.indicators_changed({indicator.pk})
    assert [row.cell_set for row in Assessment.objects.filter(indicator=indicator)] == [""]


# what it costs


def many(world: World, number: int) -> Report:
    """A report with this many more indicators, under review."""
    for n in range(number):
        factory.make_indicator(world.plan, f"N{n}", world.defence, objective=world.objective)
    period = factory.open_quarter(world.plan, 2026, 4)
    report = Report.objects.with_names().get(period=period, institution=world.defence)
    factory.fill_in(report, world.contributor)
    factory.decide("submit", report, world.approver)
    return factory.decide("take", report, world.reviewer)


@pytest.mark.parametrize("number", [1, 30])
def test_validating_asks_the_same_number_of_queries_whatever_there_is(
    world: World, number: int
) -> None:
    report = many(world, number)
    with CaptureQueriesContext(connection) as queries:
        workflow.perform("validate", report=report, by=world.reviewer, version=report.version)
    asked = [q["sql"] for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) == VALIDATING


VALIDATING = 24


# the command


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("recompute", *arguments, stdout=out)
    return out.getvalue()


def test_a_check_finds_nothing_where_all_is_right(two_quarters: World) -> None:
    assert run("--check") == "AL: 4 assessments; 0 missing, 0 other, 0 gone\n"


Spoil = Callable[[QuerySet[Assessment]], object]
SPOILT: dict[str, tuple[Spoil, str]] = {
    "status": (
        lambda rows: rows.filter(indicator__code="I1").update(status="achieved"),
        "0 missing, 2 other, 0 gone",
    ),
    "missing": (
        lambda rows: rows.filter(period__quarter=3).delete(),
        "2 missing, 0 other, 0 gone",
    ),
    "rules": (lambda rows: rows.update(rules_version="0"), "0 missing, 4 other, 0 gone"),
    "set": (
        lambda rows: rows.filter(pk=rows[0].pk).update(cell_set="x", status=""),
        "1 missing, 0 other, 1 gone",
    ),
    "figures": (
        lambda _rows: Observation.objects.filter(value=5).update(value=1),
        "0 missing, 2 other, 0 gone",
    ),
}


@pytest.mark.parametrize(("spoil", "counts"), SPOILT.values(), ids=SPOILT)
def test_a_check_finds_what_is_not_right_and_changes_nothing(
    two_quarters: World, spoil: Spoil, counts: str
) -> None:
    spoil(Assessment.objects.order_by("pk"))
    before, out = rows_now(), StringIO()
    with pytest.raises(CommandError, match="are not as the reports give them"):
        call_command("recompute", "--check", stdout=out)
    assert counts in out.getvalue()
    assert changes(before, rows_now()) == {}
    run()
    assert is_right()
    assert run("--check").startswith("AL: 4 assessments; 0 missing, 0 other, 0 gone")


def test_a_plan_that_is_not_there_is_named(world: World) -> None:
    with pytest.raises(CommandError, match="There is no plan of the code XX"):
        run("--plan", "XX")


def test_one_plan_alone_is_recomputed(two_quarters: World) -> None:
    factory.make_plan("XK", country="XK")
    assert run("--plan", "XK") == "XK: 0 assessments; 0 missing, 0 other, 0 gone\n"
