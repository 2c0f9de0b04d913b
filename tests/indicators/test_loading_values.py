"""Every column of a plan's files: what a bad cell is told, and what a good one becomes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from django.db import models
from django.utils.translation import override

from accounts.models import InstitutionAlias
from common.reader import Cell
from indicators.loading.shape import BY_NAME, SHEETS, Column, Sheet
from indicators.loading.values import CellError, as_text, blank, read_cell, split

Place = tuple[Sheet, Column]
COLUMNS: list[Place] = [(sheet, column) for sheet in SHEETS for column in sheet.columns]
OWN = ("aliases", "languages")  # lists with rules of their own
PLAIN = [(sheet, column) for sheet, column in COLUMNS if not column.refers]
FIELDS = [(sheet, column) for sheet, column in PLAIN if column.name not in OWN]


def places(found: list[Place]) -> Any:
    """One case for each column."""
    names = [f"{sheet.name}.{column.name}" for sheet, column in found]
    return pytest.mark.parametrize("place", found, ids=names)


def of_kind(*kinds: Any, choices: bool = False) -> list[Place]:
    """The columns whose model field is of a kind."""
    found = [(s, c) for s, c in FIELDS if isinstance(s.field(c), kinds)]
    return [(s, c) for s, c in found if bool(getattr(s.field(c), "choices", None)) is choices]


def told(place: Place, cell: Cell) -> str:
    """The sentence with which a cell is refused."""
    with override("en"), pytest.raises(CellError) as refusal:
        read_cell(*place, cell)
    return str(refusal.value)


CHOICES = of_kind(models.CharField, choices=True)
DATES, YES_NO = of_kind(models.DateField), of_kind(models.BooleanField)
NUMBERS, WHOLE = of_kind(models.DecimalField), of_kind(models.IntegerField)
TEXTS = [(s, c) for s, c in of_kind(models.CharField) if c.name not in ("country", "time_zone")]
CODES = [(s, c) for s, c in TEXTS if c.name == "code"]
WORDS = [(s, c) for s, c in TEXTS if c.name != "code"]
BLANK = "This cell may not be blank."


def test_every_column_is_of_one_kind_here() -> None:
    long = of_kind(models.TextField)
    kinds = [CHOICES, DATES, YES_NO, NUMBERS, WHOLE, CODES, WORDS, long]
    names = [f"{s.name}.{c.name}" for kind in kinds for s, c in kind]

    assert sorted([*names, "plan.country", "institutions.country", "plan.time_zone"]) == sorted(
        f"{s.name}.{c.name}" for s, c in FIELDS
    )


# ---------------------------------------------------------------- a bad cell of each column


@places([(sheet, column) for sheet, column in COLUMNS if column.required])
def test_a_required_cell_may_not_be_blank(place: Place) -> None:
    assert [told(place, cell) for cell in (None, "", "  ")] == [BLANK] * 3


@places([(s, c) for s, c in FIELDS if not c.required])
def test_any_other_blank_cell_gives_the_default_of_its_column(place: Place) -> None:
    sheet, column = place
    field: Any = sheet.field(column)
    expected = None if field.null else field.to_python(field.get_default())

    assert read_cell(*place, None) == read_cell(*place, " ") == (expected or blank(field))


@places(CHOICES)
def test_a_choice_is_one_of_its_list(place: Place) -> None:
    field: Any = place[0].field(place[1])
    allowed = ", ".join(value for value, _label in field.flatchoices)

    assert told(place, "canary") == f"“canary” is not one of: {allowed}."
    assert told(place, Decimal(1)) == f"“1” is not one of: {allowed}."
    shown = str(field.flatchoices[0][1])
    assert told(place, shown) == f"“{shown}” is not one of: {allowed}."
    assert [read_cell(*place, value) for value, _ in field.flatchoices] == [
        value for value, _ in field.flatchoices
    ]


@places(DATES)
def test_a_date_is_written_with_its_year_first(place: Place) -> None:
    hint = "is not a date. Write year, month and day, such as 2026-03-31."
    for text in ("31.12.2026", "2026-2-1", "2026-02-30", "2026", "tomorrow", "2026-13-01"):
        assert told(place, text) == f"“{text}” {hint}"
    assert told(place, Decimal(45000)) == f"“45000” {hint}"
    day = date(2026, 3, 31)
    midnight = datetime(2026, 3, 31, tzinfo=UTC)
    assert [read_cell(*place, cell) for cell in (day, "2026-03-31", midnight)] == [day] * 3


@places(NUMBERS)
def test_a_number_is_written_with_digits_and_a_point(place: Place) -> None:
    assert told(place, "12,5") == ("In these files the decimal sign is a point: write 12.5.")
    assert told(place, "1,234") == "“1,234” can be read in two ways. Write 1234 or 1.234."
    assert "has letters in it" in told(place, "twelve")
    assert "exponent" in told(place, "1e3")
    assert "more than 4 decimals" in told(place, "0.12345")
    assert told(place, date(2026, 1, 1)).startswith("“2026-01-01”")


@places(NUMBERS)
def test_a_number_has_as_many_digits_as_its_column_holds(place: Place) -> None:
    field: Any = place[0].field(place[1])
    whole = field.max_digits - field.decimal_places
    assert told(place, Decimal(10) ** whole)
    assert told(place, f"1{'0' * whole}")
    if field.decimal_places < 4:
        assert told(place, "0.1234") == "Here a number has at most 2 decimals. Round it."
    assert read_cell(*place, Decimal("0.50")) == read_cell(*place, "0.5") == Decimal("0.5")


@places(WHOLE)
def test_a_whole_number_is_whole_and_not_negative(place: Place) -> None:
    for text in ("1.5", "two", "1,000", "--1"):
        assert told(place, text) == f"“{text}” is not a whole number."
    assert told(place, Decimal("0.5")) == "“0.5” is not a whole number."
    smallest = 1 if place[1].name == "small_count_rounding" else 0
    assert told(place, "-1") == f"The smallest value here is {smallest}."
    assert [read_cell(*place, cell) for cell in (Decimal(7), "7", "7.0")] == [7, 7, 7]


@places(YES_NO)
def test_yes_and_no_are_written_out(place: Place) -> None:
    assert told(place, "maybe") == "“maybe” is neither yes nor no."
    assert told(place, Decimal(2)) == "“2” is neither yes nor no."
    good: list[Cell] = [True, "yes", "YES", "true", Decimal(1)]
    bad: list[Cell] = [False, "no", "False", "0"]
    assert [read_cell(*place, cell) for cell in good] == [True] * 5
    assert [read_cell(*place, cell) for cell in bad] == [False] * 4


@places(WORDS)
def test_a_text_has_as_many_characters_as_its_column_holds(place: Place) -> None:
    longest: Any = getattr(place[0].field(place[1]), "max_length", None)
    assert told(place, "ë" * (longest + 1)) == (
        f"The text has {longest + 1} characters. At most {longest} fit."
    )
    assert read_cell(*place, "ë" * longest) == "ë" * longest
    assert read_cell(*place, "  =1 ") == "=1"  # a text, whatever it looks like


@places(CODES)
def test_a_code_breaks_no_address(place: Place) -> None:
    for text in ("a/b", "a;b", "-1", "50%"):
        assert told(place, text).startswith("A code begins with a letter or digit")
    field: Any = place[0].field(place[1])
    assert told(place, "x" * (field.max_length + 1)).startswith("The text has")
    assert read_cell(*place, Decimal(12)) == "12"  # a sheet program made a number of it
    if isinstance(field, models.SlugField):
        assert told(place, "ë") == (
            "Write letters without accents, digits, hyphens and underscores only."
        )


@places([(s, c) for s, c in FIELDS if c.name == "country"])
def test_a_country_is_two_capital_letters(place: Place) -> None:
    for text in ("al", "Albania", "A1", "ÇË", "A"):
        assert told(place, text) == (
            f"“{text}” is not a country. Write two capital letters, such as AL."
        )
    assert read_cell(*place, " XK ") == "XK"


# ---------------------------------------------------------------- cells with rules of their own

PLAN, HOUSES = BY_NAME["plan"], BY_NAME["institutions"]
LANGUAGES, ALIASES = (
    (PLAN, Column("languages", required=True)),
    (HOUSES, Column("aliases", many=True)),
)


def test_the_time_zone_of_a_plan_is_one_there_is() -> None:
    place = (PLAN, Column("time_zone"))
    assert told(place, "Tirana") == (
        "“Tirana” is not a time zone. Write one such as Europe/Tirane."
    )
    assert read_cell(*place, "Europe/Belgrade") == "Europe/Belgrade"


def test_languages_are_those_that_texts_can_be_in() -> None:
    assert told(LANGUAGES, "sq;de") == "“de” is not one of: en, sq, fr."
    assert told(LANGUAGES, "Albanian") == "“Albanian” is not one of: en, sq, fr."
    assert read_cell(*LANGUAGES, " sq ; en;sq;") == ["sq", "en"]


def test_other_names_fit_into_their_table() -> None:
    longest = InstitutionAlias._meta.get_field("name").max_length or 0
    assert told(ALIASES, f"MoD;{'x' * (longest + 1)}") == (
        f"The text has {longest + 1} characters. At most {longest} fit."
    )
    assert read_cell(*ALIASES, "MoD; Mbrojtja ;MoD") == ["MoD", "Mbrojtja"]
    assert read_cell(*ALIASES, None) == []


@places([(sheet, column) for sheet, column in COLUMNS if column.refers])
def test_a_name_of_another_row_is_kept_as_it_is_written(place: Place) -> None:
    several = place[1].many
    assert read_cell(*place, " un:1a ") == (["un:1a"] if several else "un:1a")
    assert read_cell(*place, Decimal("1.10")) == (["1.1"] if several else "1.1")
    if several:
        assert read_cell(*place, "b; a;;b") == ["b", "a"]


# ---------------------------------------------------------------- what a cell is as text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (Decimal("1.0"), "1"),
        (Decimal("1.10"), "1.1"),
        (Decimal("-0.5"), "-0.5"),
        (Decimal("1E+3"), "1000"),
        (Decimal(0), "0"),
        (date(2026, 3, 31), "2026-03-31"),
        (datetime(2026, 3, 31, tzinfo=UTC), "2026-03-31"),
        (datetime(2026, 3, 31, 9, 30, tzinfo=UTC), "2026-03-31T09:30:00+00:00"),
        (time(9, 30), "09:30:00"),
        ("  text ", "text"),
    ],
)
def test_a_cell_is_read_as_a_person_sees_it(cell: Any, text: str) -> None:
    assert as_text(cell) == text


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("", []),
        (";;", []),
        ("a", ["a"]),
        ("a;b", ["a", "b"]),
        (" a ; b ", ["a", "b"]),
        ("b;a;b", ["b", "a"]),
        ("a b", ["a b"]),
        ("a,b", ["a,b"]),
    ],
)
def test_a_list_is_written_with_semicolons(words: str, parts: list[str]) -> None:
    assert split(words) == parts


def sentences() -> Iterator[tuple[Place, Cell]]:
    yield (PLAN, Column("country")), "al"
    yield (PLAN, Column("starts_on")), "soon"
    yield (PLAN, Column("on_track_at")), "12,5"
    yield (PLAN, Column("small_count_below")), "-1"
    yield (PLAN, Column("currency")), "LEKE"
    yield (PLAN, Column("is_demonstration")), "maybe"
    yield (PLAN, Column("time_zone")), "Tirana"
    yield (PLAN, Column("cadence")), "monthly"
    yield (PLAN, Column("code", required=True)), None
    yield LANGUAGES, "de"


def test_refusals_are_told_in_the_language_of_the_reader() -> None:
    for place, cell in sentences():
        english = told(place, cell)
        with override("sq"), pytest.raises(CellError) as refusal:
            read_cell(*place, cell)
        assert str(refusal.value) != english
