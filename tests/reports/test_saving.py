"""Saving parts of a report: what is kept, what is refused, what is logged."""

import json
from decimal import Decimal

import pytest

from audit.models import Entry
from indicators.choices import CellLayout, TotalRule
from indicators.models import Indicator
from reports.errors import Conflict, Faulty, NotAllowed, Stale
from reports.models import Line, Narrative, Observation, Rating, Remark, Report
from reports.services import save_action, save_line, save_narrative, save_remark
from tests import factory
from tests.conftest import World

RATED = ("on_track", "As planned.")


def line_of(world: World, indicator: Indicator | None = None) -> Line:
    wanted = indicator or world.indicator
    lines = Line.objects.select_related("report__period__plan", "indicator")
    return lines.get(report=world.report, indicator=wanted)


def figures(line: Line) -> dict[str, str]:
    rows = Observation.objects.filter(line=line)
    return {row.cell: str(row.figure.normalize()) for row in rows if row.figure is not None}


def save(line: Line, world: World, *answers: Observation, version: int | None = None) -> None:
    save_line(
        line,
        by=world.contributor,
        version=line.version if version is None else version,
        answers=answers,
        rating=RATED,
    )


def test_a_saved_line_keeps_its_value_rating_and_comment(world: World) -> None:
    line = line_of(world)
    save_line(
        line,
        by=world.contributor,
        version=0,
        answers=[factory.value("12.7")],
        rating=("at_risk", "Too slow."),
        note="Counted twice.",
    )
    line.refresh_from_db()
    assert figures(line) == {"": "12.7"}
    assert (line.version, line.note, line.saved_by) == (1, "Counted twice.", world.contributor)
    assert Rating.objects.values_list("side", "value", "reason").get() == (
        "ministry",
        "at_risk",
        "Too slow.",
    )


def test_zero_is_a_value_and_blank_is_no_answer(world: World) -> None:
    line = line_of(world)
    save(line, world, factory.value(0))
    assert figures(line) == {"": "0"}
    save(line_of(world), world)
    assert not Observation.objects.filter(line=line).exists()


def test_no_value_keeps_its_reason_and_no_figure(world: World) -> None:
    line = line_of(world)
    save(line, world, Observation(cell="", state="withheld", reason="Secret.", value=Decimal(3)))
    row = Observation.objects.get(line=line)
    assert (row.state, row.reason, row.value) == ("withheld", "Secret.", None)


def test_a_save_over_somebody_elses_text_is_refused_and_shows_it(world: World) -> None:
    save(line_of(world), world, factory.value(5))
    with pytest.raises(Stale) as refusal:
        save(line_of(world), world, factory.value(6), version=0)
    assert isinstance(refusal.value.current, Line)
    assert refusal.value.current.version == 1
    assert figures(line_of(world)) == {"": "5"}


def test_two_people_may_fill_in_different_lines_at_once(world: World) -> None:
    first, second = line_of(world), line_of(world, world.share)
    save(first, world, factory.value(5))
    save(second, world, factory.fraction(1, 10))
    assert (figures(first), figures(second)) == ({"": "5"}, {"": "1E+1"})


@pytest.mark.parametrize("name", ["other_contributor", "reviewer", "lead", "observer", "stranger"])
def test_only_the_institutions_own_people_save(world: World, name: str) -> None:
    line = line_of(world)
    with pytest.raises(NotAllowed):
        save_line(line, by=getattr(world, name), version=0, answers=[], rating=RATED)
    assert line_of(world).version == 0


def test_a_submitted_report_takes_no_more_figures(world: World) -> None:
    world.submitted()
    with pytest.raises(NotAllowed):
        save(line_of(world), world, factory.value(9))
    assert figures(line_of(world)) == {"": "5"}


def test_a_save_that_meets_a_submission_is_refused(world: World) -> None:
    """The page's report was still a draft when it was read."""
    line = line_of(world)
    assert line.report.state.is_editable
    world.submitted()
    with pytest.raises(Conflict):
        save(line, world, factory.value(9), version=1)
    assert figures(line_of(world)) == {"": "5"}


def test_each_save_logs_what_changed_cell_by_cell(world: World) -> None:
    save(line_of(world), world, factory.value(5))
    save(line_of(world), world, factory.value(6))
    data = json.loads(Entry.objects.filter(action="line.saved").latest("sequence").data)
    before, after = data["cells"][""]
    assert (before["value"], after["value"], data["indicator"]) == ("5", "6", "I1")


@pytest.fixture
def split_line(world: World) -> Line:
    sex = factory.make_dimension(world.plan, "sex", "f", "m")
    factory.split(world.indicator, sex)
    return line_of(world)


def test_parts_that_add_up_are_kept(world: World, split_line: Line) -> None:
    answers = (factory.value(9), factory.value(4, "sex=f"), factory.value(5, "sex=m"))
    save(split_line, world, *answers)
    assert figures(split_line) == {"": "9", "sex=f": "4", "sex=m": "5"}


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ((12, 0), "F: the value 12 is larger than that of the total, 9."),
        ((3, 5), "Total: the value is 9, but its parts (F, M) add up to 8."),
    ],
)
def test_parts_that_contradict_the_total_are_named_and_not_kept(
    world: World, split_line: Line, parts: tuple[int, int], sentence: str
) -> None:
    answers = [factory.value(9)]
    answers += [factory.value(n, f"sex={s}") for n, s in zip(parts, "fm", strict=True)]
    with pytest.raises(Faulty) as refusal:
        save(split_line, world, *answers)
    assert sentence in [fault.text for fault in refusal.value.faults]
    assert not Observation.objects.filter(line=split_line).exists()
    assert line_of(world).version == 0


def test_a_numerator_above_its_denominator_is_named_and_not_kept(world: World) -> None:
    with pytest.raises(Faulty) as refusal:
        save(line_of(world, world.share), world, factory.fraction(11, 10))
    assert [f.text for f in refusal.value.faults] == [
        "Value: the numerator 11 is larger than the denominator 10."
    ]
    assert not Observation.objects.exists()


def test_a_total_is_summed_where_the_dimension_says_so(world: World) -> None:
    sex = factory.make_dimension(world.plan, "sex", "f", "m", total_rule=TotalRule.SUMMED)
    factory.split(world.indicator, sex)
    save(line_of(world), world, factory.value(4, "sex=f"), factory.value(5, "sex=m"))
    assert figures(line_of(world)) == {"": "9", "sex=f": "4", "sex=m": "5"}


def test_a_summed_total_waits_for_all_its_parts(world: World) -> None:
    sex = factory.make_dimension(world.plan, "sex", "f", "m", total_rule=TotalRule.SUMMED)
    factory.split(world.indicator, sex)
    save(line_of(world), world, factory.value(4, "sex=f"))
    assert figures(line_of(world)) == {"sex=f": "4"}


def test_crossed_parts_are_held_against_the_total(world: World) -> None:
    sex = factory.make_dimension(world.plan, "sex", "f", "m")
    age = factory.make_dimension(world.plan, "age", "young", "old")
    factory.split(world.indicator, sex, age)
    Indicator.objects.filter(pk=world.indicator.pk).update(cell_layout=CellLayout.CROSSED)
    keys = [f"sex={s};age={a}" for s in "fm" for a in ("young", "old")]
    with pytest.raises(Faulty):
        save(line_of(world), world, factory.value(9), *(factory.value(1, key) for key in keys))
    save(line_of(world), world, factory.value(4), *(factory.value(1, key) for key in keys))
    assert len(figures(line_of(world))) == 5


def test_an_action_and_the_narrative_are_saved_with_versions_of_their_own(world: World) -> None:
    progress = world.report.actions.select_related("report__period__plan").get()
    values = {"status": "done", "spent": Decimal("10.50")}
    save_action(progress, by=world.contributor, version=0, values=values)
    with pytest.raises(Stale):
        save_action(progress, by=world.contributor, version=0, values={"spent": Decimal(11)})
    progress.refresh_from_db()
    assert (progress.status, progress.spent) == ("done", Decimal("10.50"))
    narrative = Narrative.objects.select_related("report__period__plan").get(report=world.report)
    save_narrative(narrative, by=world.contributor, version=0, values={"done": "Much."})
    with pytest.raises(Stale):
        save_narrative(narrative, by=world.approver, version=0, values={"done": "Little."})
    narrative.refresh_from_db()
    assert narrative.done == "Much."


def test_the_reviewers_verdict_and_rating_leave_the_figures_alone(world: World) -> None:
    report = world.under_review()
    before = list(Observation.objects.order_by("pk").values())
    line = line_of(world)
    save_remark(
        report.reviews.get(),
        by=world.reviewer,
        version=0,
        verdict="flagged",
        text="Which source?",
        line=line,
        rating=("off_track", "We saw less."),
    )
    assert Remark.objects.values_list("verdict", "text").get() == ("flagged", "Which source?")
    ratings = Rating.objects.filter(line=line).values_list("side", "value")
    assert sorted(ratings) == [("coalition", "off_track"), ("ministry", "on_track")]
    assert list(Observation.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("name", ["other_reviewer", "contributor", "administrator", "observer"])
def test_only_who_took_the_report_or_the_lead_remarks_on_it(world: World, name: str) -> None:
    review = world.under_review().reviews.get()
    with pytest.raises(NotAllowed):
        save_remark(review, by=getattr(world, name), version=0, verdict="accepted")
    assert not Remark.objects.exists()


def test_a_remark_after_the_decision_is_refused(world: World) -> None:
    review = world.under_review().reviews.select_related("report__period__plan").get()
    factory.decide("validate", world.report, world.reviewer)
    with pytest.raises(Conflict):
        save_remark(review, by=world.reviewer, version=0, verdict="accepted")
    assert not Remark.objects.exists()


def test_every_save_makes_the_report_newer(world: World) -> None:
    """So that nobody submits what she has not seen."""
    before = world.now().version
    save(line_of(world), world, factory.value(5))
    assert Report.objects.get(pk=world.report.pk).version == before + 1
