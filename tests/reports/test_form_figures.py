"""Figures as people type them, in both languages: read, or refused with what to write instead."""

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from indicators.choices import Kind, ObservationState
from reports.forms.fields import NumberField
from reports.forms.figures import NEVER_NEGATIVE
from reports.models import Observation
from tests import factory
from tests.conftest import World
from tests.reports.section_forms import answers, in_words, line_form, owed, told, typed_into

LONG = "9" * 200

READ = {
    "en": {
        "0": "0",
        "-0": "0",
        "+5": "5",
        "007": "7",
        "12": "12",
        " 12 ": "12",
        "\t12\n": "12",
        "12.7": "12.7",
        "0.0": "0",
        "1.50000": "1.5",
        "0.1234": "0.1234",
        "1.234": "1.234",
        "1 234": "1234",
        "1\u00a0234": "1234",
        "1\u202f234.5": "1234.5",
        "1\u2009234": "1234",
        "1 234 567.25": "1234567.25",
        "99999999999.9999": "99999999999.9999",
    },
    "sq": {
        "0": "0",
        "-0": "0",
        "+5": "5",
        "007": "7",
        "12": "12",
        " 12 ": "12",
        "\t12\n": "12",
        "12,7": "12.7",
        "0,0": "0",
        "1,50000": "1.5",
        "0,1234": "0.1234",
        "1,234": "1.234",
        "1 234": "1234",
        "1\u00a0234": "1234",
        "1\u202f234,5": "1234.5",
        "1\u2009234": "1234",
        "1 234 567,25": "1234567.25",
        "99999999999,9999": "99999999999.9999",
    },
}
"""Typed text and the number it is."""

NO_NUMBER = "“%(text)s” is not a number. Write digits only, for example %(example)s."
LETTERS = "“%(text)s” has letters in it. Write digits only, for example %(example)s."
EXPONENT = "“%(text)s” is written with an exponent. Write all the digits."
POINT = "In this language the decimal sign is a point: write %(text)s."
COMMA = "In this language the decimal sign is a comma: write %(text)s."
THOUSANDS = "Separate thousands with a space or with nothing: write %(text)s."
SPACE = "A space may only stand between thousands: write %(text)s."
TWO_READINGS = "“%(text)s” can be read in two ways. Write %(thousands)s or %(decimal)s."
TOO_SMALL = "Write a number of %(least)s or more."
DECIMALS = "The number has more than %(number)d decimals. Round it."
WHOLE = "The number has more than %(number)d digits before the decimal sign. Check it."
DIGITS = "The number has more than %(number)d digits. Check it, or round it."

IN_EVERY_LANGUAGE: list[tuple[str, str]] = [
    (NO_NUMBER, "١٢ ۱۲ １２ ½ ¹² 12. 12, .5 ,5 1..2 1,2,3 1'234 1_000 (5) --1 =1+1 12;7 - €5 12%"),
    (LETTERS, "twelve 12a NaN Infinity 0x10 O 12persona <b>1</b> dymbëdhjetë"),
    (EXPONENT, "1e5 1E-3 1.5e3 1,5E3 -2e+9"),
]
Refused = list[tuple[str, str, dict[str, object]]]
REFUSED: dict[str, Refused] = {
    "en": [
        ("12,7", POINT, {"text": "12.7"}),
        ("0,1234", POINT, {"text": "0.1234"}),
        ("1\u202f234,5", POINT, {"text": "1 234.5"}),
        ("1,234", TWO_READINGS, {"text": "1,234", "thousands": "1234", "decimal": "1.234"}),
        ("-1,234", TWO_READINGS, {"text": "-1,234", "thousands": "-1234", "decimal": "-1.234"}),
        ("1,234.5", THOUSANDS, {"text": "1 234.5"}),
        ("1,234,567", THOUSANDS, {"text": "1 234 567"}),
        ("1.234,5", NO_NUMBER, {"text": "1.234,5", "example": "12.7"}),
        ("12 34", SPACE, {"text": "1234"}),
        ("1 2345", SPACE, {"text": "12345"}),
        ("\u22120.0001", TOO_SMALL, {"least": "0"}),
        ("0.12345", DECIMALS, {"number": 4}),
    ],
    "sq": [
        ("12.7", COMMA, {"text": "12,7"}),
        ("0.1234", COMMA, {"text": "0,1234"}),
        ("1.234", TWO_READINGS, {"text": "1.234", "thousands": "1234", "decimal": "1,234"}),
        ("-1.234", TWO_READINGS, {"text": "-1.234", "thousands": "-1234", "decimal": "-1,234"}),
        ("1.234,5", THOUSANDS, {"text": "1 234,5"}),
        ("1.234.567", THOUSANDS, {"text": "1 234 567"}),
        ("1,234.5", NO_NUMBER, {"text": "1,234.5", "example": "12,7"}),
        ("12 34", SPACE, {"text": "1234"}),
        ("\u22120,0001", TOO_SMALL, {"least": "0"}),
        ("0,12345", DECIMALS, {"number": 4}),
    ],
}
SIZES: Refused = [
    ("-3", TOO_SMALL, {"least": "0"}),
    ("123456789012", WHOLE, {"number": 11}),
    ("1234567890123456", DIGITS, {"number": 15}),
    (LONG, DIGITS, {"number": 15}),
]


@pytest.mark.parametrize("language", ["en", "sq"])
def test_a_figure_is_read_by_the_language_of_the_screen(world: World, language: str) -> None:
    form, read = line_form(world), {}
    for text in READ[language]:
        bound = typed_into(form, {"total-value": text}, language)
        read[text] = told(bound) or answers(bound)[""]
    assert read == READ[language]


@pytest.mark.parametrize("language", ["en", "sq"])
def test_a_doubtful_figure_is_refused_at_its_field_with_what_to_write(
    world: World, language: str
) -> None:
    wanted = {
        text: in_words(language, sentence, **values)
        for text, sentence, values in REFUSED[language] + SIZES
    }
    example = {"en": "12.7", "sq": "12,7"}[language]
    for sentence, texts in IN_EVERY_LANGUAGE:
        for text in texts.split():
            wanted[text] = in_words(language, sentence, text=text, example=example)
    form, found = line_form(world), {}
    for text in wanted:
        bound = typed_into(form, {"total-value": text}, language)
        found[text] = told(bound)
        assert bound.typed["total-value"] == text
    assert found == {text: {"total-value": [sentence]} for text, sentence in wanted.items()}


@pytest.mark.parametrize("language", ["en", "sq"])
def test_each_half_of_a_fraction_is_read_and_refused_alone(world: World, language: str) -> None:
    form = line_form(world, world.share)
    good, foreign = {"en": ("3.5", "3,5"), "sq": ("3,5", "3.5")}[language]
    bound = typed_into(form, {"total-numerator": good, "total-denominator": "1 000"}, language)
    assert (told(bound), answers(bound)) == ({}, {"": "3.5/1000"})
    for wrong, right in (("numerator", "denominator"), ("denominator", "numerator")):
        typed = {f"total-{wrong}": foreign, f"total-{right}": "1 000"}
        faults = told(typed_into(form, typed, language))
        assert [(name, good in text) for name, [text] in faults.items()] == [
            (f"total-{wrong}", True)
        ]


def test_blank_is_no_answer_and_no_error(world: World) -> None:
    form = line_form(world)
    for text in ("", " ", "\u00a0", "\t\r\n", "\u202f \u2009"):
        bound = typed_into(form, {"total-value": text})
        assert (told(bound), answers(bound)) == ({}, {}), repr(text)


def test_what_may_be_negative_depends_on_what_is_measured(world: World) -> None:
    """A debt or a score may fall below zero; people, shares and milestones can not."""
    refused = set()
    for kind in set(Kind) - {Kind.YES_NO, Kind.NARRATIVE}:
        form = line_form(world, owed(world, kind, code=f"N-{kind}"))
        typed = {f"total-{name}": "-3" for name in form.figures if name != "text"}
        if "total-denominator" in typed:
            typed["total-denominator"] = "8"
        faults = told(typed_into(form, typed))
        assert set(map(str, faults.values())) <= {"['Write a number of 0 or more.']"}
        refused |= {kind} if faults else set()
    assert refused == NEVER_NEGATIVE
    assert set(Kind) - refused == {Kind.AMOUNT, Kind.SCORE, Kind.YES_NO, Kind.NARRATIVE}


TAKEN: list[tuple[str, dict[str, str], str]] = [
    ("yes_no", {"value": "1"}, "1"),
    ("yes_no", {"value": "0"}, "0"),
    ("milestone", {"value": "3"}, "3"),
    ("amount", {"value": "-1 500.25"}, "-1500.25"),
    ("score", {"value": "0.0001"}, "0.0001"),
    ("ratio", {"numerator": "9", "denominator": "8"}, "9/8"),
    ("percentage", {"numerator": "0", "denominator": "0"}, "0/0"),
    ("register", {"value": "2", "text": " Tirana,\r\nDurrës "}, "2 Tirana,\nDurrës"),
    ("register", {"value": "0", "text": ""}, "0"),
    ("narrative", {"value": "  12,7 of them; =1+1 "}, "12,7 of them; =1+1"),
]
LACKING: list[tuple[str, dict[str, str], str, str]] = [
    ("yes_no", {"value": "2"}, "value", "Select a valid choice. 2 is not one of"),
    ("yes_no", {"value": "yes"}, "value", "Select a valid choice. yes is not one of"),
    ("register", {"text": "Tirana"}, "value", "Write how many there are; 0 is an answer too."),
    ("register", {"value": "two"}, "value", "“two” has letters in it."),
    ("percentage", {"numerator": "5"}, "denominator", "The denominator is missing."),
    ("percentage", {"denominator": "5"}, "numerator", "The numerator is missing."),
    ("ratio", {"numerator": "0"}, "denominator", "The denominator is missing."),
    ("milestone", {"value": "done"}, "value", "“done” has letters in it."),
]


def of_kind(world: World, kind: str, number: int, typed: dict[str, str]) -> Any:
    form = line_form(world, owed(world, kind, code=f"K{number}"))
    return typed_into(form, {f"total-{name}": text for name, text in typed.items()})


def test_each_kind_takes_its_answer(world: World) -> None:
    for number, (kind, typed, answer) in enumerate(TAKEN):
        bound = of_kind(world, kind, number, typed)
        assert (kind, told(bound), answers(bound)) == (kind, {}, {"": answer})


def test_each_kind_says_what_it_lacks(world: World) -> None:
    for number, (kind, typed, field, sentence) in enumerate(LACKING):
        faults = told(of_kind(world, kind, number, typed))
        assert list(faults) == [f"total-{field}"], (kind, typed)
        assert faults[f"total-{field}"][0].startswith(sentence), faults


SILENT = [state.value for state in ObservationState if state.needs_reason]


def test_no_value_says_why_and_forgets_what_stood_in_the_figures(world: World) -> None:
    form = line_form(world)
    for state, left in product(SILENT, ("", "17", "nonsense", LONG, "-3")):
        typed = {"total-value": left, "total-state": state, "total-reason": "  Registry closed. "}
        bound = typed_into(form, typed)
        assert (told(bound), answers(bound)) == ({}, {"": f"{state}: Registry closed."}), left
        assert [getattr(bound.answers[0], name) for name in Observation.FIGURES] == [None] * 3


@pytest.mark.parametrize("language", ["en", "sq"])
def test_a_state_and_its_reason_belong_together(world: World, language: str) -> None:
    silent = in_words(language, "Say in a few words why there is no value.")
    homeless = in_words(language, "You gave a reason: choose what it is a reason for.")
    form = line_form(world)
    for state in SILENT:
        for blank in ("", "   ", "\n"):
            typed = {"total-state": state, "total-reason": blank}
            assert told(typed_into(form, typed, language)) == {"total-reason": [silent]}
    typed = {"total-state": "value", "total-reason": "Fire."}
    assert told(typed_into(form, typed, language)) == {"total-state": [homeless]}
    both = typed_into(form, {**typed, "total-value": "4"}, language)
    assert (told(both), answers(both), both.answers[0].reason) == ({}, {"": "4"}, "")


def test_a_wrong_figure_is_told_once_and_not_as_a_missing_one(world: World) -> None:
    form = line_form(world, world.share)
    faults = told(typed_into(form, {"total-numerator": "x", "total-reason": "Fire."}))
    assert {name: len(texts) for name, texts in faults.items()} == {"total-numerator": 1}


def test_the_field_itself_counts_decimals_and_knows_its_least() -> None:
    field = NumberField(label="Score", decimals=1, at_least=Decimal("2.5"))
    told_of = {}
    for text in ("2.5", "2.4", "3.25", "3.20", ""):
        with translation.override("en"):
            try:
                told_of[text] = str(field.clean(text))
            except ValidationError as refused:
                told_of[text] = refused.messages[0]
    assert told_of == {
        "2.5": "2.5",
        "2.4": "Write a number of 2.5 or more.",
        "3.25": "Write at most 1 decimal.",
        "3.20": "3.2",
        "": "None",
    }


def test_a_stored_figure_stands_in_the_field_as_its_reader_types_it(world: World) -> None:
    """What is shown can be sent back as it is: nothing was touched, and it means the same."""
    line = line_form(world).section
    shown = {}
    for number in ("0", "12.7", "1234567.25", "0.0001", "99999999999.9999"):
        Observation.objects.filter(line=line).delete()
        Observation.objects.create(line=line, value=Decimal(number))
        for language in ("en", "sq"):
            with translation.override(language):
                form = line_form(world)
                again = typed_into(form, {}, language)
            assert (again.is_touched, answers(again)) == (False, {"": number})
            shown[number, language] = form.stored["total-value"]
    assert shown == {
        ("0", "en"): "0",
        ("0", "sq"): "0",
        ("12.7", "en"): "12.7",
        ("12.7", "sq"): "12,7",
        ("1234567.25", "en"): "1\u00a0234\u00a0567.25",
        ("1234567.25", "sq"): "1\u00a0234\u00a0567,25",
        ("0.0001", "en"): "0.0001",
        ("0.0001", "sq"): "0,0001",
        ("99999999999.9999", "en"): "99\u00a0999\u00a0999\u00a0999.9999",
        ("99999999999.9999", "sq"): "99\u00a0999\u00a0999\u00a0999,9999",
    }


def test_wrong_cells_are_told_each_at_its_own_field(world: World) -> None:
    sex = factory.make_dimension(world.plan, "sex", "f", "m", "x")
    factory.split(world.indicator, sex)
    typed = {"total-value": "a", "sex-f-value": "1,5", "sex-m-state": "withheld", "rating": "good"}
    faults = told(typed_into(line_form(world), {**typed, "sex-x-value": "7"}))
    assert sorted(faults) == ["rating", "sex-f-value", "sex-m-reason", "total-value"]
