"""One indicator as a form: its cells, its rating, what it keeps, and what it refuses as a whole."""

from decimal import Decimal

import pytest
from django.utils import translation

from audit.models import Entry
from indicators.choices import CellLayout, TotalRule, ValueMeaning
from indicators.models import Indicator
from reports.forms.pages import save_form, section_form
from reports.models import Line, Observation, Rating, Report
from tests import factory
from tests.conftest import World
from tests.reports.section_forms import (
    answers,
    form_of,
    in_words,
    line_form,
    sent,
    told,
    typed_into,
)
from tests.reports.typed_forms import line_of


def split(world: World, rule: str, **cells: str) -> Indicator:
    """The first indicator by sex and age: two separate dimensions, or both crossed."""
    sex = factory.make_dimension(world.plan, "sex", "f", "m", total_rule=rule)
    age = factory.make_dimension(world.plan, "age", "young", "old", total_rule=rule)
    Indicator.objects.filter(pk=world.indicator.pk).update(**cells)
    return factory.split(world.indicator, sex, age)


def asked(world: World) -> list[str]:
    """The cells that have a field for a figure, by the name of the field."""
    names = line_form(world).fields
    return [name.removesuffix("-value") for name in names if name.endswith("-value")]


SEPARATE = ["sex-f", "sex-m", "age-young", "age-old"]
CROSSED = ["sex-f_age-young", "sex-f_age-old", "sex-m_age-young", "sex-m_age-old"]


@pytest.mark.parametrize(
    ("rule", "layout", "cells"),
    [
        (TotalRule.ENTERED, CellLayout.SEPARATE, ["total", *SEPARATE]),
        (TotalRule.OPEN, CellLayout.SEPARATE, ["total", *SEPARATE]),
        (TotalRule.SUMMED, CellLayout.SEPARATE, SEPARATE),
        (TotalRule.ENTERED, CellLayout.CROSSED, ["total", *CROSSED]),
        (TotalRule.SUMMED, CellLayout.CROSSED, CROSSED),
    ],
)
def test_every_owed_cell_has_fields_of_its_own(
    world: World, rule: str, layout: str, cells: list[str]
) -> None:
    split(world, rule, cell_layout=layout)
    form = line_form(world)
    assert asked(world) == cells
    assert sorted(form.stored) == sorted(
        [f"{cell}-{name}" for cell in cells for name in ("value", "state", "reason")]
        + ["rating", "rating_reason", "note"]
    )
    rows = [row for _title, group in form.groups for row in group]
    assert [row.state is not None for row in rows] == [rule != TotalRule.SUMMED] + [True] * 4
    assert len({row.place for row in rows}) == 5


def test_dimensions_are_named_where_there_are_several(world: World) -> None:
    assert [title for title, _rows in line_form(world).groups] == [""]
    sex = factory.make_dimension(world.plan, "sex", "f", "m")
    factory.split(world.indicator, sex)
    assert [title for title, _rows in line_form(world).groups] == ["", ""]
    factory.split(world.share, sex, factory.make_dimension(world.plan, "age", "young"))
    titles = [title for title, _rows in line_form(world, world.share).groups]
    assert titles == ["", "Sex", "Age"]


@pytest.mark.parametrize("language", ["en", "sq"])
def test_every_field_of_a_cell_is_named_and_told_where_its_errors_stand(
    world: World, language: str
) -> None:
    factory.split(world.indicator, factory.make_dimension(world.plan, "sex", "f"))
    with translation.override(language):
        form = line_form(world)
        attrs = [form.fields[name].widget.attrs for name in form.stored if name[-6:] != "reason"]
        named = [form.fields[name].widget.attrs["aria-label"] for name in list(form.stored)[:6]]
    total, *asked_for = (
        in_words(language, word) for word in ("Total", "Value", "Value or why not", "Reason")
    )
    labels = [f"{cell}: {word}" for cell in (total, "F") for word in asked_for]
    part = form.part
    assert named == labels
    places = {attr["aria-describedby"] for attr in attrs}
    own = {f"{part}-{name}_told" for name in ("rating", "note")}
    assert places == own | {f"{part}-total-errors", f"{part}-sex-f-errors"}


WHY, WHICH = (
    "Give the reason of your rating in a sentence.",
    "Choose the rating that this reason belongs to.",
)
RATED: list[tuple[str, str, dict[str, str]]] = [
    ("", "", {}),
    ("at_risk", "Too few trainers.", {}),
    ("achieved", " . ", {}),
    ("at_risk", "", {"rating_reason": WHY}),
    ("on_track", " \r\n ", {"rating_reason": WHY}),
    ("", "Slow.", {"rating": WHICH}),
]


@pytest.mark.parametrize("language", ["en", "sq"])
def test_a_rating_and_its_reason_belong_together(world: World, language: str) -> None:
    form = line_form(world)
    for rating, reason, wanted in RATED:
        faults = told(typed_into(form, {"rating": rating, "rating_reason": reason}, language))
        assert faults == {name: [in_words(language, text)] for name, text in wanted.items()}


def test_an_invented_rating_is_refused_and_not_asked_for_its_reason_twice(world: World) -> None:
    faults = told(typed_into(line_form(world), {"rating": "excellent"}))
    assert faults == {
        "rating": ["Select a valid choice. excellent is not one of the available choices."]
    }


def save(world: World, typed: dict[str, str], indicator: Indicator | None = None) -> bool:
    form = typed_into(line_form(world, indicator), typed)
    with translation.override("en"):
        return save_form(world.now(), form, world.contributor)


def test_what_is_typed_is_stored_as_one_and_logged_as_one(world: World) -> None:
    typed = {"total-value": "7", "note": " Two\r\nlines. ", "rating": "at_risk"}
    assert save(world, {**typed, "rating_reason": "Slow.\rVery."}) is True
    line = line_of(world)
    assert (line.version, line.note, line.saved_by) == (1, "Two\nlines.", world.contributor)
    assert Rating.objects.values_list("value", "reason").get() == ("at_risk", "Slow.\nVery.")
    assert Entry.objects.filter(action="line.saved", about_id=str(line.pk)).count() == 1


def test_blanks_around_and_other_line_ends_are_no_change(world: World) -> None:
    save(world, {"total-value": "7", "note": "Two\nlines."})
    for note in ("Two\r\nlines.", " Two\rlines.\n\n", "Two\nlines."):
        assert typed_into(line_form(world), {"note": note}).is_touched is False
    assert typed_into(line_form(world), {"note": "Two  lines."}).is_touched is True


def test_a_field_that_was_not_sent_keeps_what_is_stored(world: World) -> None:
    save(world, {"total-value": "7", "note": "Kept."})
    form = line_form(world)
    data = {k: v for k, v in sent(form, {"note": "New."}).items() if "total" not in k}
    bound = type(form)(form.section, data)
    assert save_form(world.now(), bound, world.contributor) is True
    assert (answers(bound), line_of(world).note) == ({"": "7"}, "New.")


def test_an_answer_that_is_emptied_is_gone_with_its_rating(world: World) -> None:
    full = {"total-value": "7", "rating": "at_risk", "rating_reason": "Slow.", "note": "So."}
    save(world, full)
    assert save(world, dict.fromkeys(full, "")) is True
    assert not Observation.objects.filter(line=line_of(world)).exists()
    assert (Rating.objects.count(), line_of(world).note, line_of(world).version) == (0, "", 2)


FAULTY: list[tuple[dict[str, str], dict[str, str]]] = [
    (
        {"total-value": "10", "sex-f-value": "6", "sex-m-value": "3"},
        {"total-value": "Total: the value is 10, but its parts (F, M) add up to 9."},
    ),
    (
        {"total-value": "5", "sex-f-value": "6"},
        {
            "sex-f-value": "F: the value 6 is larger than that of the total, 5.",
            "total-value": "Total: the value is 5, but its parts (F) add up to 6.",
        },
    ),
    (
        {"total-value": "9", "sex-f-value": "4", "sex-m-value": "5", "age-old-value": "10"},
        {
            "age-old-value": "Old: the value 10 is larger than that of the total, 9.",
            "total-value": "Total: the value is 9, but its parts (Old) add up to 10.",
        },
    ),
]


@pytest.mark.parametrize(("typed", "wanted"), FAULTY)
def test_contradicting_figures_stand_at_their_cells_and_nothing_is_half_stored(
    world: World, typed: dict[str, str], wanted: dict[str, str]
) -> None:
    split(world, TotalRule.ENTERED)
    save(world, {"total-value": "1", "note": "Before."})
    report, before = world.now().version, line_of(world).version
    form = typed_into(line_form(world), {**typed, "note": "After.", "rating": ""})
    with translation.override("en"):
        assert save_form(world.now(), form, world.contributor) is False
        assert told(form) == {name: [text] for name, text in wanted.items()}
        assert sorted(form.problems) == sorted(
            (f"I1 Indicator I1: {text}", f"#{form.part}-{name}") for name, text in wanted.items()
        )
    line = line_of(world)
    assert (line.version, line.note, world.now().version) == (before, "Before.", report)
    assert list(Observation.objects.filter(line=line).values_list("cell", "value")) == [("", 1)]


def test_the_same_figures_are_taken_where_parts_may_leave_somebody_out(world: World) -> None:
    """Without the rule that the parts make up the total, nothing contradicts it."""
    split(world, TotalRule.OPEN)
    assert save(world, FAULTY[0][0]) is True
    assert Observation.objects.filter(line=line_of(world)).count() == 3


def test_a_summed_total_is_computed_shown_and_its_fault_told_of_the_whole(world: World) -> None:
    sex = factory.make_dimension(world.plan, "sex", "f", "m", total_rule=TotalRule.SUMMED)
    factory.split(world.share, sex)
    typed = {"sex-f-numerator": "1", "sex-f-denominator": "4", "sex-m-numerator": "2"}
    assert save(world, {**typed, "sex-m-denominator": "4"}, world.share) is True
    row = line_form(world, world.share).groups[0][1][0]
    assert (row.state, row.inputs, row.computed) == (None, [], "37.5\u00a0%")
    total = Observation.objects.get(line=line_of(world, world.share), cell="")
    assert (total.numerator, total.denominator) == (3, 8)
    form = typed_into(line_form(world, world.share), {**typed, "sex-f-numerator": "40"})
    assert save_form(world.now(), form, world.contributor) is False
    assert {name.partition("-")[0] for name in told(form)} <= {"sex", "__all__"}
    assert {place for _text, place in form.problems} <= {
        f"#{form.part}",
        f"#{form.part}-sex-f-numerator",
    }


def earlier(world: World, value: int) -> None:
    """The same institution's quarter before, submitted with one number."""
    period = factory.open_quarter(world.plan, 2026, 2)
    report = Report.objects.with_names().get(period=period, institution=world.defence)
    line = report.lines.get(indicator=world.indicator)
    Observation.objects.create(line=line, value=value)
    Report.objects.filter(pk=report.pk).update(revision=1, status="submitted")


WHY = "If it is right, say why in the comment."
NOTED: list[tuple[str, int, int, list[str]]] = [
    (ValueMeaning.IN_PERIOD, 10, 21, ["Value: 21 is more than twice the value before, 10. " + WHY]),
    (ValueMeaning.IN_PERIOD, 10, 20, []),
    (ValueMeaning.IN_PERIOD, 10, 5, []),
    (ValueMeaning.IN_PERIOD, 10, 4, []),
    (ValueMeaning.IN_PERIOD, 30, 14, ["Value: 14 is less than half the value before, 30. " + WHY]),
    (ValueMeaning.IN_PERIOD, 0, 50, []),
    (
        ValueMeaning.IN_PERIOD,
        60,
        101,
        ["Value: 101 is above the highest plausible value, 100. " + WHY],
    ),
    (ValueMeaning.IN_PERIOD, 3, 2, ["Value: 2 is below the lowest plausible value, 3. " + WHY]),
    (
        ValueMeaning.RUNNING_TOTAL,
        10,
        9,
        [
            "Value: the running total fell from 10 to 9."
            " If it is a correction, say so in the comment, and why."
        ],
    ),
    (ValueMeaning.RUNNING_TOTAL, 10, 10, []),
]


def test_what_is_unusual_is_noted_beside_the_field_and_never_refused(world: World) -> None:
    earlier(world, 1)
    then = Observation.objects.exclude(line__report=world.report)
    save(world, {"total-value": "1"})
    now = Observation.objects.filter(line=line_of(world))
    rows = Indicator.objects.filter(pk=world.indicator.pk)
    for meaning, before, value, notes in NOTED:
        rows.update(value_meaning=meaning, floor=Decimal(3), ceiling=Decimal(100))
        then.update(value=before)
        now.update(value=value)
        row = line_form(world).groups[0][1][0]
        told = [f"Worth a look – {note}" for note in notes]
        assert (meaning, before, value, row.notes) == (meaning, before, value, told)
        assert row.previous == str(before)


def test_the_value_of_another_institution_is_no_value_before(world: World) -> None:
    period = factory.open_quarter(world.plan, 2026, 2)
    foreign = Line.objects.get(report__period=period, report__institution=world.interior)
    Observation.objects.create(line=foreign, value=4711)
    Report.objects.filter(period=period).update(revision=1, status="submitted")
    assert line_form(world).groups[0][1][0].previous == ""
    theirs = Observation.objects.filter(line=foreign).update(
        line=Line.objects.get(
            report__period=period,
            report=period.reports.get(institution=world.defence),
            indicator=world.indicator,
        )
    )
    assert (theirs, line_form(world).groups[0][1][0].previous) == (1, "4\u00a0711")


def test_a_section_that_does_not_exist_has_no_form(world: World) -> None:
    parts = ("line-0", "line--1", "line-", "line-1x", "action-0", "narrative-1", "words", "")
    assert [part for part in parts if section_form(world.now(), part, None)] == []
    assert form_of(world, "narrative").part == "narrative"
