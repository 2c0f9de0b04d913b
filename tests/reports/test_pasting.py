"""A pasted block of cells: how it is taken apart, and where each cell of it lands."""

import pytest
from django.utils import translation

from indicators.choices import CellLayout, TotalRule
from indicators.models import Indicator
from reports.forms.blocks import MAX_BYTES, MAX_CELLS, BlockError, parse
from reports.forms.pasting import Fate, Landing, Placed, place, starts_of
from reports.models import Observation
from tests import factory
from tests.conftest import World
from tests.reports.section_forms import in_words, line_form, owed, typed_into
from tests.reports.typed_forms import line_of

NOTHING = "There is nothing in the block. Copy some cells and paste them here."

BLOCKS: dict[str, tuple[str, list[list[str]]]] = {
    "one cell": ("12", [["12"]]),
    "excel": ("1\t2\r\n3\t4\r\n", [["1", "2"], ["3", "4"]]),
    "libreoffice": ("1\t2\n3\t4", [["1", "2"], ["3", "4"]]),
    "old mac": ("1\r2\r", [["1"], ["2"]]),
    "empty cells": ("\t2\n\n\t\n", [["", "2"], [""], ["", ""]]),
    "blank lines at the end": ("1\n\n\n\n", [["1"]]),
    "ragged": ("1\n2\t3\n", [["1"], ["2", "3"]]),
    "line break in a cell": ('"a\nb"\t2\n3\t4\n', [["a\nb", "2"], ["3", "4"]]),
    "tab in a cell": ('"a\tb"\t2', [["a\tb", "2"]]),
    "doubled quotes": ('"say ""no""\nnow"\t1', [['say "no"\nnow', "1"]]),
    "quotes inside": ('5" pipe\t1', [['5" pipe', "1"]]),
    "a quote that never ends": ('"open\t1\n2\t3', [['"open', "1"], ["2", "3"]]),
    "text after a quote": ('"a" b\t1\n2\t3', [['"a" b', "1"], ["2", "3"]]),
    "spaces stay": (" a \t1", [[" a ", "1"]]),
    "formula-like": ("=1+1\t@x", [["=1+1", "@x"]]),
    "control characters": ("a\x00b\t\x1b", [["a\x00b", "\x1b"]]),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_is_taken_apart_as_a_spreadsheet_made_it(name: str) -> None:
    text, cells = BLOCKS[name]
    assert parse(text) == cells


@pytest.mark.parametrize("language", ["en", "sq"])
@pytest.mark.parametrize("text", ["", " ", "\n", "\t\t\n \t\n"])
def test_a_block_without_text_is_refused(text: str, language: str) -> None:
    with translation.override(language), pytest.raises(BlockError) as refusal:
        parse(text)
    with translation.override(language):
        assert str(refusal.value) == translation.gettext(NOTHING)


def test_a_block_of_the_most_cells_is_taken_and_one_more_refused() -> None:
    assert len(parse("1\n" * MAX_CELLS)) == MAX_CELLS
    assert sum(map(len, parse(("\t" * 19 + "1\n") * 100))) == MAX_CELLS
    for text in ("1\n" * (MAX_CELLS + 1), "\t" * MAX_CELLS + "1", "\n" * MAX_CELLS + "1"):
        with pytest.raises(BlockError) as refusal:
            parse(text)
        sentence = "The block has more than 2000 cells. Paste a smaller part of it."
        assert str(refusal.value) == sentence


@pytest.mark.parametrize("letter", ["a", "ë", "\ud800"])
def test_a_block_that_is_too_large_is_refused_by_its_size(letter: str) -> None:
    size = len(letter.encode(errors="replace"))
    assert parse(letter * (MAX_BYTES // size)) == [[letter * (MAX_BYTES // size)]]
    with pytest.raises(BlockError) as refusal:
        parse(letter * (MAX_BYTES // size + 1))
    assert str(refusal.value) == "The block is larger than 200 kB. Paste a smaller part of it."


# ------------------------------------------------------------------ where it lands


def pasted(
    world: World,
    text: str,
    start: str = "total-value",
    indicator: Indicator | None = None,
    language: str = "en",
    **typed: str,
) -> Placed:
    named = {name.replace("_", "-", 1): value for name, value in typed.items()}
    with translation.override(language):
        form = line_form(world, indicator)
        bound = typed_into(form, named, language) if named else form
        return place(parse(text), bound, f"{form.part}-{start}")


def short(landing: Landing) -> tuple[str, ...]:
    return landing.row, landing.column, landing.old, landing.new, str(landing.fate)


def shown(placed: Placed) -> list[tuple[str, ...]]:
    return [short(landing) for landing in placed.landings]


def values(placed: Placed) -> dict[str, str]:
    """What would be typed, by the field without its part."""
    return {found.field.split("-", 2)[2]: found.value for found in placed.changes}


def problems(placed: Placed) -> list[str]:
    return [landing.problem for landing in placed.left_out]


def by_sex(world: World, rule: str = TotalRule.ENTERED, indicator: Indicator | None = None) -> None:
    sex = factory.make_dimension(world.plan, "sex", "f", "m", total_rule=rule)
    factory.split(indicator or world.indicator, sex)


def test_a_column_goes_down_the_rows_in_the_order_of_the_table(world: World) -> None:
    by_sex(world)
    placed = pasted(world, "12\n7\n5\n")
    assert shown(placed) == [
        ("Total", "Value", "", "12", "change"),
        ("F", "Value", "", "7", "change"),
        ("M", "Value", "", "5", "change"),
    ]
    assert values(placed) == {"total-value": "12", "sex-f-value": "7", "sex-m-value": "5"}
    assert placed.outside == []


def test_columns_are_the_figures_then_the_state_then_the_reason(world: World) -> None:
    placed = pasted(world, "\t\tWithheld\tSecret.", "total-numerator", world.share)
    assert shown(placed) == [
        ("Value", "Numerator", "", "", "same"),
        ("Value", "Denominator", "", "", "same"),
        ("Value", "Value or why not", "Value", "Withheld", "change"),
        ("Value", "Reason", "", "Secret.", "change"),
    ]
    assert values(placed) == {"total-state": "withheld", "total-reason": "Secret."}


def test_a_block_begins_in_the_field_that_was_chosen(world: World) -> None:
    by_sex(world, indicator=world.share)
    placed = pasted(world, "10\n20\n", "sex-f-denominator", world.share)
    assert values(placed) == {"sex-f-denominator": "10", "sex-m-denominator": "20"}


def test_what_is_as_before_is_no_change(world: World) -> None:
    by_sex(world)
    Observation.objects.create(line=line_of(world), cell="", value=1234)
    assert [short(found)[2:] for found in pasted(world, "1234\n0\n").landings] == [
        ("1\u00a0234", "1\u00a0234", "same"),
        ("", "0", "change"),
    ]


def test_what_is_typed_and_not_saved_yet_is_what_stands_there(world: World) -> None:
    Observation.objects.create(line=line_of(world), cell="", value=3)
    placed = pasted(world, "5", total_value="4")
    assert shown(placed) == [("Value", "Value", "4", "5", "change")]


def test_an_empty_cell_means_not_answered_and_never_zero(world: World) -> None:
    Observation.objects.create(line=line_of(world), cell="", value=3)
    placed = pasted(world, "\tValue")
    assert values(placed) == {"total-value": ""}
    assert shown(placed)[0] == ("Value", "Value", "3", "", "change")


LANGUAGES = [
    ("sq", "12,7", "12,7", ""),
    ("en", "12.7", "12.7", ""),
    ("sq", "12.7", "", "In this language the decimal sign is a comma: write %(text)s."),
    ("en", "12,7", "", "In this language the decimal sign is a point: write %(text)s."),
    ("sq", "1 234,5", "1\u00a0234,5", ""),
    ("en", "1\u202f234", "1\u00a0234", ""),
]


@pytest.mark.parametrize(("language", "text", "value", "problem"), LANGUAGES)
def test_numbers_are_read_in_the_readers_language(
    world: World, language: str, text: str, value: str, problem: str
) -> None:
    placed = pasted(world, text, language=language)
    assert values(placed) == ({"total-value": value} if value else {})
    swapped = text.translate(str.maketrans(".,", ",."))
    told = [in_words(language, problem, text=swapped)] if problem else []
    assert problems(placed) == told


def test_a_number_that_could_be_two_is_never_guessed(world: World) -> None:
    for language, text in (("en", "1,234"), ("sq", "1.234")):
        placed = pasted(world, text, language=language)
        assert (values(placed), len(problems(placed))) == ({}, 1)


WRONG = {
    "abc": "“abc” has letters in it. Write digits only, for example 12.7.",
    "45 %": "“45 %” is not a number. Write digits only, for example 12.7.",
    "#REF!": "“#REF!” has letters in it. Write digits only, for example 12.7.",
    "1E+05": "“1E+05” is written with an exponent. Write all the digits.",
    "-3": "Write a number of 0 or more.",
    "1.23456": "The number has more than 4 decimals. Round it.",
    "1\x002": "There is an invisible character in this number. Type it again by hand.",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_the_field_would_refuse_is_told_and_the_others_can_be_put_in(
    world: World, text: str
) -> None:
    by_sex(world)
    placed = pasted(world, f"12\n{text}\n5")
    assert values(placed) == {"total-value": "12", "sex-m-value": "5"}
    assert problems(placed) == [WRONG[text]]
    assert [found.row for found in placed.left_out] == ["F"]


def test_what_cannot_be_seen_is_shown_by_a_sign(world: World) -> None:
    (wrong,) = pasted(world, "\x1b[1m\x00").left_out
    assert wrong.new == "\ufffd[1m\ufffd"


SUMMED = "This total is added up from its parts, so nothing is put in here."


def test_a_total_that_is_added_up_is_passed_over_and_said_so(world: World) -> None:
    by_sex(world, TotalRule.SUMMED)
    placed = pasted(world, "12\tValue\n7\n5\n")
    assert values(placed) == {"sex-f-value": "7", "sex-m-value": "5"}
    assert shown(placed)[:2] == [
        ("Total", "Value", "", "12", "skipped"),
        ("Total", "Value or why not", "", "Value", "skipped"),
    ]
    assert problems(placed) == [SUMMED] * 2
    assert [found.field for found in placed.left_out] == ["", ""]


def test_a_block_can_begin_at_a_total_that_is_added_up(world: World) -> None:
    sex = factory.make_dimension(world.plan, "sex", "f", total_rule=TotalRule.SUMMED)
    factory.split(world.share, sex)
    names = [name.split("-", 2)[2] for name, _label in starts_of(line_form(world, world.share))]
    part = [f"sex-f-{name}" for name in ("numerator", "denominator", "state", "reason")]
    assert names == ["total-numerator", "total-denominator", *part]
    placed = pasted(world, "10\n5\n", "total-denominator", world.share)
    assert values(placed) == {"sex-f-denominator": "5"}


def test_rows_and_columns_beyond_the_table_are_counted(world: World) -> None:
    by_sex(world)
    placed = pasted(world, "1\t\t\tx\ty\n2\n3\n4\n\n5\t6\n", "sex-f-value")
    assert values(placed) == {"sex-f-value": "1", "sex-m-value": "2"}
    assert placed.outside == [
        "3 rows of the block lie below the table and are left out.",
        "2 columns of the block lie beside the table and are left out.",
    ]
    assert pasted(world, "1\n2\n3", "sex-f-value").outside == [
        "1 row of the block lies below the table and is left out."
    ]


def test_nothing_outside_is_told_of_cells_that_are_empty(world: World) -> None:
    assert pasted(world, "1\t\t\t\t\t\n\t\n \n").outside == []


def test_rows_of_several_dimensions_are_told_apart(world: World) -> None:
    sex = factory.make_dimension(world.plan, "sex", "f", "m")
    age = factory.make_dimension(world.plan, "age", "f", "old")
    factory.split(world.indicator, sex, age)
    rows = [row for row, *_rest in shown(pasted(world, "1\n2\n3\n4\n5\n"))]
    assert rows == ["Total", "Sex · F", "Sex · M", "Age · F", "Age · Old"]


def test_crossed_dimensions_land_in_the_order_of_the_table(world: World) -> None:
    Indicator.objects.filter(pk=world.indicator.pk).update(cell_layout=CellLayout.CROSSED)
    age = factory.make_dimension(world.plan, "age", "young", "old")
    factory.split(world.indicator, factory.make_dimension(world.plan, "sex", "f", "m"), age)
    assert list(values(pasted(world, "1\n2\n3\n4\n5\n"))) == [
        "total-value",
        *(f"sex-{s}_age-{a}-value" for s in "fm" for a in ("young", "old")),
    ]


# ------------------------------------------------------------------ choices, texts, states


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [("Yes", "en", "1"), ("no", "en", "0"), ("1", "en", "1"), ("Po", "sq", "1"), ("Jo", "sq", "0")],
)
def test_a_choice_is_read_by_its_name_in_the_readers_language(
    world: World, text: str, language: str, value: str
) -> None:
    indicator = owed(world, "yes_no")
    placed = pasted(world, text, indicator=indicator, language=language)
    assert values(placed) == {"total-value": value}


def test_a_choice_that_is_none_is_told_with_those_there_are(world: World) -> None:
    placed = pasted(world, "perhaps", indicator=owed(world, "yes_no"))
    assert problems(placed) == ["“perhaps” can not be chosen here. Write one of these: Yes, No."]
    assert values(placed) == {}


def test_an_empty_cell_leaves_a_list_that_cannot_be_empty(world: World) -> None:
    placed = pasted(world, "5\t\t\n")
    assert [found.fate for found in placed.landings] == [Fate.CHANGE, Fate.SAME, Fate.SAME]


def test_a_text_keeps_its_lines_where_lines_can_be_typed(world: World) -> None:
    register = owed(world, "register")
    placed = pasted(world, '2\t"First.\nSecond."\t\t"a\nb"', indicator=register)
    assert values(placed) == {
        "total-value": "2",
        "total-text": "First.\nSecond.",
        "total-reason": "a b",
    }


def test_a_text_with_an_invisible_character_is_not_put_in(world: World) -> None:
    for text in ("a\x00b", "a\x08b", "a\ud800"):
        placed = pasted(world, f"2\t{text}", indicator=None, start="total-state")
        assert values(placed) == {}
        assert problems(placed)[-1].startswith("There is an invisible character in this text.")
        Indicator.objects.filter(code="K1").delete()


def test_formula_like_text_is_text(world: World) -> None:
    placed = pasted(world, '2\t=HYPERLINK("x")', indicator=owed(world, "register"))
    assert values(placed)["total-text"] == '=HYPERLINK("x")'


SAYS = "This row says “%s”. Choose “Value” there before a figure is put in."


def test_a_figure_beside_a_reason_for_none_is_told_not_lost(world: World) -> None:
    line = line_of(world)
    Observation.objects.create(line=line, cell="", state="withheld", reason="Secret.")
    placed = pasted(world, "5")
    assert (values(placed), problems(placed)) == ({}, [SAYS % "Withheld"])


def test_a_figure_goes_in_together_with_its_state(world: World) -> None:
    line = line_of(world)
    Observation.objects.create(line=line, cell="", state="withheld", reason="Secret.")
    placed = pasted(world, "5\tValue")
    assert values(placed) == {"total-value": "5", "total-state": "value"}


def test_a_block_that_says_both_is_told_so(world: World) -> None:
    placed = pasted(world, "5\tnot available\tNo list.")
    assert values(placed) == {"total-state": "not_available", "total-reason": "No list."}
    assert problems(placed) == [SAYS % "Not available"]


def test_every_field_of_the_table_can_be_the_first(world: World) -> None:
    by_sex(world, indicator=world.share)
    form = line_form(world, world.share)
    starts = starts_of(form)
    assert len(starts) == 3 * 4
    assert starts[0] == (f"{form.part}-total-numerator", "Total · Numerator")
    for start, _label in starts:
        assert place(parse("1"), form, start).landings[0].field == start
