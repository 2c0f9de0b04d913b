"""Numbers as people type them, in each language."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from common.numbers import (
    NumberError,
    checked,
    decimal_sign,
    parse_decimal,
    plain,
    show_decimal,
    to_decimal,
)

NBSP, THIN, NARROW = "\u00a0", "\u2009", "\u202f"
NUMBERS = st.decimals(
    min_value=-99_999_999_999, max_value=99_999_999_999, places=4, allow_nan=False
)


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("12.7", "en", "12.7"),
        ("12,7", "sq", "12.7"),
        ("12,7", "fr", "12.7"),
        ("0", "en", "0"),
        ("-0,0", "sq", "0"),
        ("-3", "sq", "-3"),
        ("\u22123,25", "fr", "-3.25"),
        ("+4", "en", "4"),
        (" 1 234 567,5 ", "sq", "1234567.5"),
        (f"1{NBSP}234", "en", "1234"),
        (f"1{NARROW}234,50", "fr", "1234.5"),
        (f"1{THIN}234", "sq", "1234"),
        ("007", "en", "7"),
        ("1.50000", "en", "1.5"),
        ("99999999999.9999", "en", "99999999999.9999"),
    ],
)
def test_a_number_is_read_by_its_language(text: str, language: str, number: str) -> None:
    assert plain(parse_decimal(text, language) or Decimal(0)) == number


@pytest.mark.parametrize("text", ["", "  ", NBSP, "\t\n"])
def test_blank_is_not_zero(text: str) -> None:
    assert parse_decimal(text, "en") is None


@pytest.mark.parametrize(
    ("text", "language", "code", "sentence"),
    [
        ("12.7", "sq", "decimal_sign", "the decimal sign is a comma: write 12,7."),
        ("12.7", "fr", "decimal_sign", "the decimal sign is a comma: write 12,7."),
        ("12,7", "en", "decimal_sign", "the decimal sign is a point: write 12.7."),
        ("1,234", "en", "two_readings", "can be read in two ways. Write 1234 or 1.234."),
        ("1.234", "sq", "two_readings", "can be read in two ways. Write 1234 or 1,234."),
        ("0.125", "sq", "decimal_sign", "write 0,125."),
        ("1.234,5", "sq", "thousands", "write 1 234,5."),
        ("1,234,567", "en", "thousands", "write 1 234 567."),
        ("12 34", "en", "thousands", "write 1234."),
        ("twelve", "en", "letters", "“twelve” has letters in it."),
        ("12 persona", "sq", "letters", "for example 12,7."),
        ("1e5", "en", "exponent", "Write all the digits."),
        ("1,5E-3", "sq", "exponent", "Write all the digits."),
        ("1234567890123456", "en", "digits", "more than 15 digits"),
        ("0,12345", "sq", "decimals", "more than 4 decimals"),
        ("123456789012", "en", "whole_digits", "more than 11 digits before"),
        ("٣", "en", "not_a_number", "is not a number"),
        ("12 %", "en", "not_a_number", "is not a number"),
        (".5", "en", "not_a_number", "is not a number"),
        ("1..2", "sq", "not_a_number", "is not a number"),
        ("--1", "en", "not_a_number", "is not a number"),
        ("=1+1", "en", "not_a_number", "is not a number"),
        ("12,7,", "en", "not_a_number", "is not a number"),
    ],
)
def test_a_doubtful_text_is_refused_with_what_to_write(
    text: str, language: str, code: str, sentence: str
) -> None:
    with pytest.raises(NumberError) as refused:
        parse_decimal(text, language)
    assert refused.value.code == code
    assert sentence in str(refused.value)


def test_the_active_language_decides_when_none_is_given() -> None:
    with translation.override("sq"):
        assert parse_decimal("12,7") == Decimal("12.7")
        assert decimal_sign() == ","
    with translation.override("en"), pytest.raises(NumberError):
        parse_decimal("12,7")


def test_a_real_number_of_a_cell_stays_what_it_is_in_every_language() -> None:
    for language in ("en", "sq", "fr"):
        assert to_decimal(Decimal("12.70"), language) == Decimal("12.7")
        assert to_decimal(3, language) == 3
        assert to_decimal(None, language) is None
    assert to_decimal("12,7", "sq") == Decimal("12.7")


@pytest.mark.parametrize("value", [True, 1.5, Decimal("NaN"), Decimal("Infinity"), object()])
def test_other_cells_are_not_numbers(value: object) -> None:
    with pytest.raises(NumberError):
        to_decimal(value, "en")


@pytest.mark.parametrize(
    ("number", "text"),
    [("12.70", "12.7"), ("0", "0"), ("-0.000", "0"), ("1E+3", "1000"), ("1E-4", "0.0001")],
)
def test_the_canonical_text_has_no_exponent_and_no_needless_zero(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text


@pytest.mark.parametrize(
    ("number", "language", "text"),
    [
        ("12.7000", "en", "12.7"),
        ("12.7", "sq", "12,7"),
        ("0", "sq", "0"),
        ("-0.5", "fr", "-0,5"),
        ("1234567.25", "en", f"1{NBSP}234{NBSP}567.25"),
        ("-12345", "sq", f"-12{NBSP}345"),
    ],
)
def test_a_number_is_shown_as_its_reader_writes_it(number: str, language: str, text: str) -> None:
    assert show_decimal(Decimal(number), language) == text


@given(NUMBERS, st.sampled_from(["en", "sq", "fr"]))
def test_what_is_shown_can_be_typed_back(number: Decimal, language: str) -> None:
    assert parse_decimal(show_decimal(number, language), language) == number


@given(st.text(max_size=40), st.sampled_from(["en", "sq"]))
def test_any_text_is_a_number_we_can_keep_or_refused(text: str, language: str) -> None:
    try:
        number = parse_decimal(text, language)
    except NumberError as refused:
        assert str(refused).endswith(".")
    else:
        assert number is None or checked(number) == number
