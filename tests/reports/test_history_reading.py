"""A long table, read: what its columns and words mean, and every mistake at once."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from openpyxl import Workbook  # type: ignore[import-untyped]

from accounts.models import InstitutionAlias
from common.file_rules import FileError
from reports.history.mapping import Mapping, guess, read_mapping
from reports.history.preview import preview
from reports.history.tables import MAX_ROWS, take_in
from reports.models import ImportBatch
from tests import factory
from tests.conftest import World
from tests.reports.bringing import csv, draft, problems, seen, split_indicator

HEAD = "period,indicator,value"


def one(world: World, *rows: str, **mapping: Any) -> Any:
    """The only figure of a table without mistakes."""
    found = seen(world, *rows, **mapping)
    assert problems(found) == []
    [figure] = found.reading.figures
    return figure


def test_a_row_is_a_figure_of_its_indicator_and_period(world: World) -> None:
    figure = one(world, "period,indicator,value,source,note", "2020,I1,12.7,A report,checked")
    assert (figure.row, figure.indicator, str(figure.span)) == (2, world.indicator, "2020")
    assert figure.numbers == (Decimal("12.7"), None, None)
    assert (figure.cell, figure.is_share, figure.source) == ("", False, "A report")
    assert (figure.note, figure.said_by) == ("checked", "A report")


def test_zero_is_a_figure_and_a_blank_is_none(world: World) -> None:
    found = seen(world, HEAD, "2019,I1,0", "2020,I1,", "2021,I1,5")
    assert [f.numbers[0] for f in found.reading.figures] == [0, 5]
    assert (found.reading.blank, problems(found)) == ([3], [])


def test_empty_rows_are_no_rows(world: World) -> None:
    found = seen(world, HEAD, "2019,I1,1", ",,", "2021,I1,5")
    assert ([f.row for f in found.reading.figures], found.reading.blank) == ([2, 4], [])


@pytest.mark.parametrize("word", ["I1", "i1", "Indicator I1", "Treguesi I1", " indicator  i1 "])
def test_an_indicator_is_known_by_code_and_by_title_in_any_language(
    world: World, word: str
) -> None:
    assert one(world, HEAD, f"2020,{word},1").indicator == world.indicator


def test_two_indicators_of_one_title_are_not_guessed(world: World) -> None:
    for code in ("X1", "X2"):
        factory.make_indicator(world.plan, code, objective=world.objective, title_en="The same")
    found = seen(world, HEAD, "2020,The same,1", "2021,X1,1")
    text = "The plan has no indicator “The same”. Say which one is meant."
    assert problems(found) == [(2, "indicator", text)]
    assert found.reading.unknown == {"indicator": {"The same": [2]}}


def test_a_word_means_what_the_mapping_says(world: World) -> None:
    words = {"indicator": {"Army": "I1"}}
    assert one(world, HEAD, "2020,Army,1", words=words).indicator == world.indicator


def test_several_columns_name_an_indicator_together(world: World) -> None:
    columns = {"table": "indicator", "what": "indicator", "year": "period", "n": "value"}
    words = {"indicator": {"Staff / women": "I1"}}
    figure = one(world, "table,year,what,n", "Staff,2020,women,3", columns=columns, words=words)
    assert figure.indicator == world.indicator


def test_an_indicator_in_words_takes_no_figures(world: World) -> None:
    factory.make_indicator(world.plan, "W1", objective=world.objective, kind="narrative")
    found = seen(world, HEAD, "2020,W1,1")
    text = "“W1” is reported in words and takes no figures. Choose another one."
    assert problems(found) == [(2, "indicator", text)]


@pytest.mark.parametrize("word", ["MM", "Ministry of Defence", "MoD"])
def test_an_institution_is_known_by_code_name_and_alias(world: World, word: str) -> None:
    InstitutionAlias.objects.create(institution=world.defence, name="MoD")
    figure = one(world, "period,indicator,institution,value", f"2020,I1,{word},1")
    assert (figure.institution, figure.said_by) == (world.defence, "MM")


def test_an_institution_of_another_country_is_none(world: World) -> None:
    factory.make_institution("FR1", country="FR")
    found = seen(world, "period,indicator,institution,value", "2020,I1,FR1,1")
    text = "There is no institution “FR1”. Say which one is meant."
    assert problems(found) == [(2, "institution", text)]


@pytest.mark.parametrize(
    ("words", "cell"),
    [
        (",", ""),
        ("total,Total", ""),
        ("army,", "service=army"),
        ("Army,F", "service=army;sex=f"),
        (",m", "sex=m"),
        ("service=police,sex=f", "service=police;sex=f"),
    ],
)
def test_parts_are_known_by_code_and_title(world: World, words: str, cell: str) -> None:
    split_indicator(world)
    assert one(world, "period,indicator,service,sex,value", f"2020,S1,{words},1").cell == cell


def test_one_word_may_name_two_parts(world: World) -> None:
    split_indicator(world)
    words = {"group": {"women soldiers": "sex=f;service=army"}}
    figure = one(world, "period,indicator,group,value", "2020,S1,women soldiers,1", words=words)
    assert figure.cell == "service=army;sex=f"


def test_a_word_that_is_no_part_is_named_with_its_column(world: World) -> None:
    split_indicator(world)
    found = seen(world, "period,indicator,sex,value", "2020,S1,x,1", "2020,I1,f,1")
    assert problems(found) == [
        (2, "sex", "“x” is no part of S1. Say which part is meant."),
        (3, "sex", "“f” is no part of I1. Say which part is meant."),
    ]
    assert found.reading.unknown == {"sex": {"x": [2], "f": [3]}}


def test_two_columns_that_name_different_parts_of_one_dimension_are_refused(world: World) -> None:
    split_indicator(world)
    columns = {"p": "period", "i": "indicator", "a": "cell", "b": "cell", "v": "value"}
    found = seen(world, "p,i,a,b,v", "2020,S1,f,m,1", columns=columns)
    assert problems(found) == [(2, "b", "“m” names a second part of “sex”.")]


def test_a_category_of_two_dimensions_is_taken_from_the_column_of_its_name(world: World) -> None:
    one_of = factory.make_dimension(world.plan, "one", "x")
    two = factory.make_dimension(world.plan, "two", "x")
    made = factory.make_indicator(world.plan, "D1", objective=world.objective)
    factory.split(made, one_of, two)
    assert one(world, "period,indicator,two,value", "2020,D1,x,1").cell == "two=x"
    assert len(seen(world, "period,indicator,group,value", "2020,D1,x,1").problems) == 1


def test_a_share_is_a_numerator_and_a_denominator_or_a_stated_percentage(world: World) -> None:
    head = "period,indicator,value,numerator,denominator"
    found = seen(world, head, "2019,I2,,3,20", "2020,I2,15,,", "2021,I2,15,3,20")
    assert problems(found) == []
    assert [f.numbers for f in found.reading.figures] == [
        (None, 3, 20),
        (15, None, None),
        (15, 3, 20),
    ]


def test_half_a_fraction_is_refused_and_a_count_takes_none(world: World) -> None:
    head = "period,indicator,value,numerator,denominator"
    found = seen(world, head, "2019,I2,,3,", "2020,I2,,,20", "2021,I1,,3,20")
    half = "A numerator and a denominator stand together or not at all."
    assert problems(found) == [
        (2, "denominator", half),
        (3, "numerator", half),
        (4, "numerator", "I1 takes one value, no numerator and denominator."),
    ]


def test_the_unit_says_that_a_figure_is_a_percentage_of_its_whole(world: World) -> None:
    split_indicator(world)
    head = "period,indicator,sex,unit,value"
    rows = ["2020,S1,f,number,4", "2020,S1,f,percent,40", "2020,I2,,percent,7"]
    found = seen(world, head, *rows)
    assert problems(found) == []
    assert [f.is_share for f in found.reading.figures] == [False, True, False]


def test_yes_and_no_are_one_and_zero(world: World) -> None:
    factory.make_indicator(world.plan, "Y1", objective=world.objective, kind="yes_no")
    found = seen(world, HEAD, "2019,Y1,1", "2020,Y1,0", "2021,Y1,2")
    assert problems(found) == [(4, "value", "Write 1 for yes and 0 for no.")]


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [("en", "12.7", "12.7"), ("sq", '"12,7"', "12.7"), ("en", "1 234.5", "1234.5")],
)
def test_numbers_are_read_by_the_language_of_the_mapping(
    world: World, language: str, text: str, value: str
) -> None:
    assert one(world, HEAD, f"2020,I1,{text}", language=language).numbers[0] == Decimal(value)


def test_a_number_of_another_language_is_never_guessed(world: World) -> None:
    found = seen(world, HEAD, '2020,I1,"12,7"', "2021,I1,1e5", "2022,I1,many")
    assert problems(found) == [
        (2, "value", "In this language the decimal sign is a point: write 12.7."),
        (3, "value", "“1e5” is written with an exponent. Write all the digits."),
        (4, "value", "“many” has letters in it. Write digits only, for example 12.7."),
    ]


def test_every_mistake_of_every_row_is_told_at_once(world: World) -> None:
    head = "period,indicator,institution,value"
    found = seen(world, head, "20,X,Y,z", "2020,I1,,1", ",I1,MM,2")
    assert [(row, column) for row, column, _text in problems(found)] == [
        (2, "value"),
        (2, "period"),
        (2, "indicator"),
        (2, "institution"),
        (4, "period"),
    ]
    assert not found.can_store


def test_a_period_that_has_not_begun_is_no_history(world: World) -> None:
    found = seen(world, HEAD, "2099,I1,1")
    assert problems(found) == [(2, "period", "2099 has not begun yet.")]


def test_a_year_and_a_quarter_in_two_columns_are_one_period(world: World) -> None:
    found = seen(world, "year,quarter,indicator,value", "2020,3,I1,1", "2020,Q4,I1,2", "2021,,I1,3")
    assert [str(f.span) for f in found.reading.figures] == ["2020-Q3", "2020-Q4", "2021"]


def test_the_same_figure_twice_is_refused_whichever_is_meant(world: World) -> None:
    found = seen(world, HEAD, "2020,I1,1", "2020,I1,2", "2020-Q1,I1,1")
    text = "Row 2 gives a figure for the same indicator, source, period and part. Delete one."
    assert problems(found) == [(3, "", text)]


def test_figures_of_two_institutions_or_two_sources_stand_beside_each_other(world: World) -> None:
    head = "period,indicator,institution,source,value"
    found = seen(world, head, "2020,I1,MM,A,1", "2020,I1,MB,A,2", "2020,I1,,A,3", "2020,I1,,B,3")
    assert (problems(found), len(found.reading.figures)) == ([], 4)


def test_a_source_that_does_not_fit_is_told_with_its_length(world: World) -> None:
    found = seen(world, "period,indicator,value,source", f"2020,I1,1,{'x' * 501}")
    text = "The source has 501 characters; at most 500 fit."
    assert problems(found) == [(2, "source", text)]


# ------------------------------------------------------------------ columns


def test_columns_are_found_by_their_headings_in_three_languages(world: World) -> None:
    factory.make_dimension(world.plan, "sex", "f", "m")
    for headings in (
        ["Period", "Indicator", "Sex", "Value", "Source", "Note", "x"],
        ["Periudha", "Treguesi", "sex", "Vlera", "Burimi", "Shënim", "x"],
        ["Période", "Indicateur", "SEX", "Valeur", "source", "remarque", "x"],
    ):
        roles = list(guess(headings, world.plan).columns.values())
        assert roles == ["period", "indicator", "cell", "value", "source", "note", "nothing"]


def test_a_second_column_of_the_same_kind_is_left_to_the_person(world: World) -> None:
    assert guess(["value", "figure"], world.plan).columns == {"value": "value", "figure": "nothing"}


def test_numbers_are_first_read_in_the_language_of_the_person(world: World) -> None:
    with translation.override("sq"):
        assert guess(["value"], world.plan).language == "sq"
    with translation.override("de"):
        assert guess(["value"], world.plan).language == "en"


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("x,indicator,value", ["No column is the “Period”. Choose one."]),
        ("period,x,value", ["No column is the “Indicator”. Choose one."]),
        (
            "period,indicator,x",
            ["No column is the “Value”, and no two are numerator and denominator."],
        ),
        (
            "period,indicator,numerator",
            ["No column is the “Value”, and no two are numerator and denominator."],
        ),
        (
            "period,indicator,value,value",
            ["Two columns are called “value”. Give each a name of its own."],
        ),
    ],
)
def test_a_table_without_what_it_needs_is_not_read(
    world: World, head: str, told: list[str]
) -> None:
    found = seen(world, head, "2020,I1,1,1")
    assert problems(found) == [(0, "", sentence) for sentence in told]


def test_two_values_in_one_row_are_refused(world: World) -> None:
    columns = {"period": "period", "indicator": "indicator", "a": "value", "b": "value"}
    found = seen(world, "period,indicator,a,b", "2020,I1,1,2", columns=columns)
    assert problems(found) == [(0, "", "Too many columns are the “Value”: a, b.")]


def test_a_saved_mapping_fits_a_table_with_other_columns(world: World) -> None:
    known = Mapping({"when": "period", "what": "indicator", "n": "value", "gone": "note"})
    fitted = known.fitted(["n", "what", "when", "more"])
    assert fitted.columns == {
        "n": "value",
        "what": "indicator",
        "when": "period",
        "more": "nothing",
    }


def test_a_mapping_is_read_as_it_is_stored() -> None:
    known = Mapping({"a": "value"}, {"cell": {"x": "sex=f"}}, "sq", "sex")
    assert read_mapping(known.as_text()) == known


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("no", "The mapping is no JSON"),
        ("[]", "A mapping is an object with: columns, words, language, share_of."),
        ('{"columns": []}', "A mapping is an object with"),
        ('{"columns": {}, "colour": 1}', "A mapping is an object with"),
        (
            '{"columns": {"a": "colour"}}',
            "“colour” is no role of a column; the roles are: nothing,",
        ),
        ('{"columns": {}, "words": []}', "The words of a mapping are texts, by column"),
        ('{"columns": {}, "words": {"a": {"b": 1}}}', "The words of a mapping are texts"),
        ('{"columns": {}, "share_of": 1}', "The words of a mapping are texts"),
        ('{"columns": {}, "language": "de"}', "The language of the numbers is one of: en, sq, fr."),
    ],
)
def test_a_mapping_written_badly_says_why(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told.split("(")[0]):
        read_mapping(text)


# ------------------------------------------------------------------ files


def book(*rows: list[Any], title: str = "Data") -> bytes:
    made = Workbook()
    made.active.title = title
    for row in rows:
        made.active.append(row)
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def test_a_workbook_keeps_numbers_and_days_as_they_are(world: World) -> None:
    data = book(
        [None], ["period", "indicator", "value"], [2020, "I1", 12.7], [date(2021, 3, 31), "I1", 0]
    )
    batch = take_in(world.plan, data, "a.xlsx", by=world.administrator, mapping=None)
    found = preview(batch)
    assert problems(found) == []
    told = [(f.row, str(f.span), f.numbers[0]) for f in found.reading.figures]
    assert told == [(3, "2020", Decimal("12.7")), (4, "2021-03-31", 0)]


@pytest.mark.parametrize("data", [b"period,indicator,value\n", b"\n\n,,\n"])
def test_a_file_without_rows_is_refused(world: World, data: bytes) -> None:
    with pytest.raises(FileError) as refusal:
        take_in(world.plan, data, "a.csv", by=world.administrator, mapping=None)
    assert refusal.value.code in ("no_table", "empty")
    assert ImportBatch.objects.count() == 0


def test_a_table_of_too_many_rows_is_refused_before_it_is_kept(world: World) -> None:
    data = csv(HEAD, *["2020,I1,1"] * (MAX_ROWS + 1))
    with pytest.raises(FileError, match="more than 50000 rows"):
        take_in(world.plan, data, "a.csv", by=world.administrator, mapping=None)
    assert ImportBatch.objects.count() == 0


def test_a_thousand_rows_cost_as_many_queries_as_one(world: World) -> None:
    split_indicator(world)
    head = "period,indicator,institution,sex,value"
    counts = []
    for number in (1, 100):
        rows = [f"{1910 + n},S1,MM,f,{n}" for n in range(number)]
        batch = ImportBatch.objects.select_related("plan").get(pk=draft(world, head, *rows).pk)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(preview(batch).new) == number
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9
