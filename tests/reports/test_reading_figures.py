"""What stands beside each field, and whose figures a person reads."""

from datetime import date
from decimal import Decimal

import pytest

from indicators.choices import BaselineState, CellLayout, Sensitivity
from indicators.models import Indicator, Target
from reports.checks import line_faults
from reports.missing import line_anchor, missing_in, owed_cells
from reports.models import Line, Observation, Report
from reports.queries import (
    baseline_of,
    current_targets,
    expected_at,
    line_views,
    lines_for_form,
    previous_figures,
    target_at,
    targets_by_cell,
)
from reports.services import save_line
from tests import factory
from tests.conftest import World

pytestmark = pytest.mark.django_db


def first_line(report: Report) -> Line:
    return lines_for_form(report)[0]


class TestTargets:
    def test_a_later_version_replaces_its_date_only(self, world: World) -> None:
        factory.make_target(world.indicator, 40, date(2025, 12, 31))
        Target.objects.create(
            indicator=world.indicator,
            as_of=date(2025, 12, 31),
            value=30,
            version=2,
            reason="Budget cut.",
        )
        rows = [(t.as_of.year, int(t.value)) for t in current_targets(world.indicator)]
        assert rows == [(2025, 30), (2027, 100)]

    def test_those_of_each_cell_stand_in_the_order_of_their_dates(self, world: World) -> None:
        for cell, year, value in (("sex=f", 2026, 9), ("sex=f", 2025, 5), ("", 2025, 40)):
            place = {"indicator": world.indicator, "cell": cell, "as_of": date(year, 12, 31)}
            Target.objects.create(**place, value=value)
        found = targets_by_cell(world.indicator)
        assert {cell: [int(t.value) for t in rows] for cell, rows in found.items()} == {
            "": [40, 100],
            "sex=f": [5, 9],
        }
        assert current_targets(world.indicator, "sex=f") == found["sex=f"]
        assert current_targets(world.indicator, "sex=m") == []

    def test_a_period_works_towards_the_next_dated_target(self, world: World) -> None:
        factory.make_target(world.indicator, 40, date(2026, 9, 30))
        found = target_at(world.indicator, world.period)
        assert found is not None
        assert found.value == 40

    def test_after_the_last_date_the_last_target_stands(self, world: World) -> None:
        Target.objects.all().delete()
        factory.make_target(world.indicator, 40, date(2024, 12, 31))
        found = target_at(world.indicator, world.period)
        assert found is not None
        assert found.value == 40

    def test_without_a_target_there_is_none(self, world: World) -> None:
        assert target_at(world.share, world.period) is None
        assert expected_at(world.share, world.period) is None

    def test_the_expected_value_lies_on_the_line(self, world: World) -> None:
        days = (date(2026, 9, 30) - date(2024, 1, 1)).days
        whole = (date(2027, 12, 31) - date(2024, 1, 1)).days
        expected = expected_at(world.indicator, world.period)
        assert expected is not None
        assert abs(expected - Decimal(100 * days) / whole) < Decimal("0.0001")

    def test_a_baseline_is_read_from_its_fraction_where_it_is_known(self) -> None:
        fraction = Indicator(baseline_numerator=Decimal(341), baseline_denominator=Decimal(1747))
        assert round(baseline_of(fraction) or 0, 2) == Decimal("19.52")
        assert baseline_of(Indicator(baseline_value=Decimal("14.01"))) == Decimal("14.01")
        assert baseline_of(Indicator(baseline_state=BaselineState.ZERO)) == 0
        assert baseline_of(Indicator()) is None


class TestPrevious:
    def submit(self, world: World, quarter: int, number: int) -> Report:
        period = factory.open_quarter(world.plan, 2026, quarter)
        report = Report.objects.with_names().get(period=period, institution=world.defence)
        factory.fill_in(report, world.contributor, number)
        return factory.decide("submit", report, world.approver)

    def test_it_is_the_newest_submitted_one_before(self, world: World) -> None:
        self.submit(world, 1, 3)
        self.submit(world, 2, 4)
        found = previous_figures(world.now())[world.indicator.pk, ""]
        assert (found.value, found.line.report.period.code) == (4, "2026-Q2")

    def test_a_draft_and_another_ministrys_figures_are_not_it(self, world: World) -> None:
        period = factory.open_quarter(world.plan, 2026, 2)
        factory.fill_in(
            Report.objects.with_names().get(period=period, institution=world.defence),
            world.contributor,
        )
        other = Report.objects.with_names().get(period=period, institution=world.interior)
        factory.fill_in(other, world.other_contributor, 77)
        factory.decide("submit", other, world.other_approver)
        assert previous_figures(world.now()) == {}

    def test_a_later_quarter_is_not_it(self, world: World) -> None:
        self.submit(world, 4, 9)
        assert previous_figures(world.now()) == {}


class TestCells:
    def test_each_dimension_stands_on_its_own(self, world: World) -> None:
        factory.split(
            world.indicator,
            factory.make_dimension(world.plan, "sex", "f", "m"),
            factory.make_dimension(world.plan, "age", "young"),
        )
        keys = [cell.key for cell in owed_cells(first_line(world.report))]
        assert keys == ["", "sex=f", "sex=m", "age=young"]

    def test_crossed_dimensions_name_both(self, world: World) -> None:
        factory.split(
            world.indicator,
            factory.make_dimension(world.plan, "sex", "f", "m"),
            factory.make_dimension(world.plan, "age", "young", "old"),
        )
        Indicator.objects.filter(pk=world.indicator.pk).update(cell_layout=CellLayout.CROSSED)
        cells = owed_cells(first_line(world.report))
        assert [cell.key for cell in cells] == [
            "",
            "sex=f;age=young",
            "sex=f;age=old",
            "sex=m;age=young",
            "sex=m;age=old",
        ]
        assert cells[1].label == "F · Young"

    def test_a_summed_total_is_not_asked_for(self, world: World) -> None:
        sex = factory.make_dimension(world.plan, "sex", "f", "m", total_rule="summed")
        factory.split(world.indicator, sex)
        assert [c.key for c in owed_cells(first_line(world.report))] == ["sex=f", "sex=m"]

    def test_a_field_is_found_by_its_cell(self, world: World) -> None:
        line = first_line(world.report)
        assert line_anchor(line) == f"line-{line.pk}-total-value"
        assert line_anchor(line, "sex=f;age=u25", "denominator") == (
            f"line-{line.pk}-sex-f_age-u25-denominator"
        )


class TestMissing:
    def test_a_complete_report_misses_nothing(self, world: World) -> None:
        report = factory.fill_in(world.now(), world.contributor)
        assert missing_in(report, lines_for_form(report)) == []

    def test_each_empty_cell_is_named(self, world: World) -> None:
        factory.fill_in(world.now(), world.contributor)
        sex = factory.make_dimension(world.plan, "sex", "f", "m")
        factory.split(world.indicator, sex)
        gaps = missing_in(world.now(), lines_for_form(world.now()))
        assert [gap.text for gap in gaps] == [
            "F: no value and no reason for its absence.",
            "M: no value and no reason for its absence.",
        ]

    def test_a_reason_for_no_value_is_an_answer(self, world: World) -> None:
        report = factory.fill_in(world.now(), world.contributor)
        line = first_line(report)
        none = Observation(cell="", state="not_available", reason="Not counted.")
        save_line(
            line,
            by=world.contributor,
            version=line.version,
            answers=[none],
            rating=("on_track", "x"),
        )
        assert missing_in(report, lines_for_form(report)) == []

    def test_money_of_zero_is_an_answer_and_blank_is_not(self, world: World) -> None:
        report = factory.fill_in(world.now(), world.contributor)
        report.actions.update(spent=0)
        assert missing_in(report, lines_for_form(report)) == []
        report.actions.update(spent=None)
        gaps = missing_in(report, lines_for_form(report))
        assert [gap.text for gap in gaps] == [
            "The money spent is missing; write 0 when none was spent."
        ]


class TestWhoReadsWhat:
    def figures(self, world: World, who: str) -> list[Decimal | None]:
        views = line_views(world.now(), world.fresh(getattr(world, who)), "Total")
        return [cell.now.figure if cell.now else None for view in views for cell in view.cells]

    def test_the_own_people_read_what_is_being_typed(self, world: World) -> None:
        world.returned()
        line = first_line(world.now())
        save_line(
            line,
            by=world.contributor,
            version=line.version,
            answers=[factory.value(88)],
            rating=("on_track", "x"),
        )
        assert self.figures(world, "contributor") == [88, 5]
        assert self.figures(world, "administrator") == [88, 5]

    def test_the_coalition_reads_what_was_submitted(self, world: World) -> None:
        world.returned()
        line = first_line(world.now())
        save_line(
            line,
            by=world.contributor,
            version=line.version,
            answers=[factory.value(88)],
            rating=("on_track", "x"),
        )
        assert self.figures(world, "reviewer") == [5, 5]
        assert self.figures(world, "lead") == [5, 5]

    @pytest.mark.parametrize("sensitivity", [Sensitivity.SMALL_COUNTS, Sensitivity.RESTRICTED])
    def test_an_observer_reads_no_protected_figure(
        self, world: World, sensitivity: Sensitivity
    ) -> None:
        Indicator.objects.filter(pk=world.indicator.pk).update(sensitivity=sensitivity)
        world.validated()
        assert self.figures(world, "observer") == [5]
        assert self.figures(world, "reviewer") == [5, 5]
        views = line_views(world.now(), world.observer, "Total")
        assert [view.hidden for view in views] == [True, False]

    def test_the_ministry_reads_the_coalitions_view_only_when_it_is_decided(
        self, world: World
    ) -> None:
        from reports.services import save_remark

        report = world.under_review()
        save_remark(
            report.reviews.get(),
            by=world.reviewer,
            version=0,
            verdict="flagged",
            text="Why?",
            line=first_line(report),
            rating=("off_track", "No."),
        )

        def seen(who: str) -> tuple[object, object]:
            view = line_views(world.now(), world.fresh(getattr(world, who)), "Total")[0]
            return view.coalition_rating and view.coalition_rating.value, (
                view.last_remark and view.last_remark.text
            )

        assert seen("contributor") == (None, None)
        assert seen("lead") == ("off_track", "Why?")
        factory.decide("return", report, world.reviewer, reason="See there.")
        assert seen("contributor") == ("off_track", "Why?")


class TestFaults:
    def faults(self, indicator: Indicator, *answers: Observation) -> list[tuple[str, str]]:
        found = line_faults(indicator, {a.cell: a for a in answers})
        return [(fault.cell, fault.field) for fault in found]

    def test_the_field_at_fault_is_named(self, world: World) -> None:
        share = world.share
        assert self.faults(share, factory.fraction(11, 10)) == [("", "numerator")]
        assert self.faults(share, factory.fraction(1, 0)) == [("", "denominator")]
        assert self.faults(share, factory.fraction(0, 0)) == []
        assert self.faults(share, factory.fraction(10, 10)) == []

    def test_a_ratio_may_exceed_one(self, world: World) -> None:
        world.share.kind = "ratio"
        assert self.faults(world.share, factory.fraction(11, 10)) == []

    def test_scores_need_not_add_up(self, world: World) -> None:
        sex = factory.make_dimension(world.plan, "sex", "f", "m")
        factory.split(world.indicator, sex)
        answers = [factory.value(3), factory.value(4, "sex=f"), factory.value(2, "sex=m")]
        assert self.faults(world.indicator, *answers) != []
        world.indicator.kind = "score"
        assert self.faults(world.indicator, *answers) == []

    def test_an_open_dimension_may_leave_somebody_out(self, world: World) -> None:
        sex = factory.make_dimension(world.plan, "sex", "f", "m", total_rule="open")
        factory.split(world.indicator, sex)
        answers = [factory.value(9), factory.value(4, "sex=f"), factory.value(2, "sex=m")]
        assert self.faults(world.indicator, *answers) == []
        answers[1] = factory.value(10, "sex=f")
        assert self.faults(world.indicator, *answers) == [("sex=f", "value")]

    def test_no_value_takes_no_part(self, world: World) -> None:
        sex = factory.make_dimension(world.plan, "sex", "f", "m")
        factory.split(world.indicator, sex)
        none = Observation(cell="sex=m", state="not_available", reason="x")
        answers = [factory.value(9), factory.value(4, "sex=f"), none]
        assert self.faults(world.indicator, *answers) == []
