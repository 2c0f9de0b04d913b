"""The rows an edition is made of: which reports are official, what was owed, at what cost."""

import json
from typing import Any

import pytest

from common.canonical import canonical
from indicators.models import Plan
from publishing.loading import ReportRows, load_plan, load_reports
from reports.choices import ReportStatus, Side
from reports.models import Line, Period, Rating, Report, Revision
from tests import factory
from tests.conftest import World

pytestmark = pytest.mark.django_db

S = ReportStatus


def revised(report: Report, by: Any, number: int, content: str = '{"lines":[]}') -> None:
    """A revision as submitting leaves it, whatever the report's state."""
    Revision.objects.create(
        report=report, number=number, content=content, sha256="0" * 64, submitted_by=by
    )
    Report.objects.filter(pk=report.pk).update(revision=number)


def stand(report: Report, state: ReportStatus) -> None:
    Report.objects.filter(pk=report.pk).update(status=state)


@pytest.fixture
def earlier(world: World) -> Report:
    """The same ministry's report of the quarter before."""
    period = factory.open_quarter(world.plan, 2026, 2)
    return Report.objects.with_names().get(period=period, institution=world.defence)


# The state of this quarter's report and of the one before: which of them are official.
OFFICIAL = [
    (S.DRAFT, S.DRAFT, []),
    (S.SUBMITTED, S.UNDER_REVIEW, []),
    (S.RETURNED, S.RETURNED, []),
    (S.VALIDATED, S.DRAFT, []),
    (S.PUBLISHED, S.DRAFT, ["2026-Q3"]),
    (S.DRAFT, S.VALIDATED, ["2026-Q2"]),
    (S.DRAFT, S.PUBLISHED, ["2026-Q2"]),
    (S.PUBLISHED, S.VALIDATED, ["2026-Q2", "2026-Q3"]),
]


@pytest.mark.parametrize(("state", "before", "quarters"), OFFICIAL)
def test_only_published_reports_of_the_quarter_and_final_ones_before_are_official(
    world: World, earlier: Report, state: S, before: S, quarters: list[str]
) -> None:
    for report, found in ((world.report, state), (earlier, before)):
        stand(report, found)
        revised(report, world.approver, 1)
    rows = load_reports(world.period)
    assert [report.period.code for report in rows.official] == quarters
    assert set(rows.contents) == set(rows.revisions) == {report.pk for report in rows.official}


def test_every_report_until_the_quarter_is_known_by_quarter_and_institution(
    world: World, earlier: Report
) -> None:
    factory.open_quarter(world.plan, 2026, 4)
    rows = load_reports(world.period)
    assert [(r.period.code, r.institution.code) for r in rows.reports] == [
        ("2026-Q2", "MB"),
        ("2026-Q2", "MM"),
        ("2026-Q3", "MB"),
        ("2026-Q3", "MM"),
    ]
    assert [period.code for period in rows.periods] == ["2026-Q2", "2026-Q3"]
    assert [p.code for p in load_reports(earlier.period).periods] == ["2026-Q2"]


def owed(rows: ReportRows) -> dict[tuple[str, str], list[str]]:
    return {
        (r.period.code, r.institution.code): sorted(rows.owed.get(r.pk, ())) for r in rows.reports
    }


def test_what_was_owed_is_known_also_of_reports_that_are_missing(world: World) -> None:
    assert owed(load_reports(world.period)) == {
        ("2026-Q3", "MB"): ["I1"],
        ("2026-Q3", "MM"): ["I1", "I2"],
    }


def test_what_was_owed_is_what_was_asked_then_and_not_who_answers_now(world: World) -> None:
    world.indicator.responsible.set([world.defence])
    assert owed(load_reports(world.period))[("2026-Q3", "MB")] == ["I1"]


def test_an_institution_that_owes_only_actions_owes_no_figure(world: World) -> None:
    place = factory.make_institution("MK")
    factory.make_action(world.plan, "A3", place, world.objective)
    period = factory.open_quarter(world.plan, 2026, 4)
    assert owed(load_reports(period))[("2026-Q4", "MK")] == []


def test_the_content_is_that_of_the_current_revision(world: World) -> None:
    for number in (1, 3, 2):
        revised(world.report, world.approver, number, canonical({"number": number}))
    Report.objects.filter(pk=world.report.pk).update(status=S.PUBLISHED, revision=2)
    rows = load_reports(world.period)
    assert rows.contents == {world.report.pk: {"number": 2}}
    assert rows.revisions[world.report.pk].number == 2


def rate(report: Report, side: Side, value: str) -> None:
    for line in Line.objects.filter(report=report).order_by("pk"):
        Rating.objects.create(line=line, side=side, value=value, reason="Seen.")


def test_ratings_are_the_coalitions_and_of_official_reports_only(world: World) -> None:
    rate(world.report, Side.COALITION, "at_risk")
    rate(world.report, Side.MINISTRY, "on_track")
    rate(world.other_report, Side.COALITION, "off_track")
    assert load_reports(world.period).coalition == {}
    stand(world.report, S.PUBLISHED)
    revised(world.report, world.approver, 1)
    found = load_reports(world.period).coalition
    pk = world.report.pk
    assert {key: rating.value for key, rating in found.items()} == {
        (pk, "I1"): "at_risk",
        (pk, "I2"): "at_risk",
    }


def test_another_plans_reports_are_not_read(world: World) -> None:
    other = factory.make_plan("XK")
    factory.make_action(other, "A1", world.defence, factory.make_objective(other))
    period = factory.open_quarter(other, 2026, 3)
    stand(Report.objects.get(period=period), S.PUBLISHED)
    rows = load_reports(world.period)
    assert {report.period.plan for report in rows.reports} == {world.plan}
    assert [r.period.code for r in load_reports(period).reports] == ["2026-Q3"]


def test_the_reports_read_back_are_those_that_were_submitted(world: World) -> None:
    world.published()
    rows = load_reports(world.period)
    revision = Revision.objects.get()
    assert rows.contents == {world.report.pk: json.loads(revision.content)}
    assert rows.revisions == {world.report.pk: revision}


@pytest.mark.parametrize("quarters", [1, 4])
def test_reading_reports_costs_the_same_for_any_number(
    world: World, quarters: int, django_assert_num_queries: Any
) -> None:
    for number in range(quarters):
        period = factory.open_quarter(world.plan, 2025, number + 1)
        for report in Report.objects.filter(period=period):
            stand(report, S.PUBLISHED)
            revised(report, world.approver, 1)
    period = Period.objects.select_related("plan").get(pk=world.period.pk)
    with django_assert_num_queries(5):
        rows = load_reports(period)
        assert [(r.institution.code, r.period.code, r.state) for r in rows.reports]
    assert len(rows.official) == 2 * quarters


@pytest.mark.parametrize("size", [1, 12])
def test_reading_the_plan_costs_the_same_for_any_size(
    world: World, size: int, django_assert_num_queries: Any
) -> None:
    plan = Plan.objects.get(pk=world.plan.pk)
    sex = factory.make_dimension(plan, "sex", "f", "m")
    for number in range(size):
        row = factory.make_indicator(plan, f"X{number}", world.defence, objective=world.objective)
        factory.split(row, sex)
        factory.make_target(row, 10)
    with django_assert_num_queries(11):
        rows = load_plan(plan)
        for row in rows.indicators:
            told = [c.code for s in row.splits.all() for c in s.dimension.categories.all()]
            assert told == (["f", "m"] if row.code.startswith("X") else [])
            assert "MM" in {place.code for place in row.responsible.all()}
    assert len(rows.indicators) == size + 2
