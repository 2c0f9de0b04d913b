"""Numbers there and back: every space, sign and digit a keyboard or a paste may bring."""

import unicodedata
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import assume, given
from hypothesis import strategies as st

from common.numbers import (
    MAX_DECIMALS,
    MAX_DIGITS,
    MAX_WHOLE_DIGITS,
    NBSP,
    NumberError,
    checked,
    decimal_sign,
    parse_decimal,
    plain,
    show_decimal,
    to_decimal,
)
from common.templatetags.ui import round_to

D = Decimal
LANGUAGES = ("en", "sq", "fr")
SPACES = {"space": " ", "no-break": "\u00a0", "narrow": "\u202f", "thin": "\u2009"}
KEPT = st.decimals(-99_999_999_999, 99_999_999_999, places=4, allow_nan=False)


def refusal(text: object, language: str = "en") -> NumberError:
    with pytest.raises(NumberError) as refused:
        to_decimal(text, language)
    return refused.value


@pytest.mark.parametrize(
    "number",
    [
        *("0", "1", "-1", "9", "10", "99", "100", "999", "1000", "-1000", "9999", "10000"),
        *("0.1", "-0.1", "0.0001", "-0.0001", "0.9999", "12.7", "82.7", "14.8649", "14.01"),
        *("999.9999", "1000.0001", "123456.78", "-123456.78", "1234567.8901"),
        *("99999999999", "-99999999999", "99999999999.9999", "-99999999999.9999"),
    ],
)
def test_each_number_is_shown_and_read_back_in_each_language(number: str) -> None:
    for language in LANGUAGES:
        shown = show_decimal(D(number), language)
        assert parse_decimal(shown, language) == D(number)
    assert plain(D(number)) == number


@pytest.mark.parametrize("space", SPACES.values(), ids=list(SPACES))
@given(number=KEPT, language=st.sampled_from(LANGUAGES))
def test_any_space_may_part_the_thousands(space: str, number: Decimal, language: str) -> None:
    typed = show_decimal(number, language).replace(NBSP, space)
    assert parse_decimal(typed, language) == number
    assert parse_decimal(f"{space}{typed}{space}", language) == number


@given(KEPT)
def test_no_text_is_two_different_numbers_in_two_languages(number: Decimal) -> None:
    """What one language shows, another refuses or reads as the same; but for 1,234."""
    shown = show_decimal(number, "en").replace(NBSP, "")
    try:
        there = parse_decimal(shown, "sq")
    except NumberError as refused:
        assert refused.code in {"decimal_sign", "two_readings"}
    else:
        assert there == number


@given(KEPT)
def test_the_other_language_says_what_to_write_and_that_is_the_number(number: Decimal) -> None:
    shown = show_decimal(number, "en").replace(NBSP, "")
    assume("." in shown)
    refused = refusal(shown, "sq")
    advice = str(refused).rstrip(".").split()[-1]
    assert parse_decimal(advice, "sq") == number


HIDDEN = {
    "left-to-right mark": "\u200e12",
    "right-to-left mark": "12\u200f",
    "embedding": "\u202a12\u202c",
    "override that shows 21": "\u202e12\u202c",
    "isolate": "\u206812\u2069",
    "byte order mark": "\ufeff12",
    "zero-width space": "1\u200b2",
    "zero-width joiner": "1\u200d2",
    "soft hyphen": "\u00ad12",
    "word joiner": "1\u2060234",
    "tab inside": "1\t234",
    "line break inside": "1\n234",
    "figure space": "1\u2007234",
    "null": "1\x00",
}


@pytest.mark.parametrize("text", HIDDEN.values(), ids=list(HIDDEN))
def test_an_invisible_character_is_told_as_one(text: str) -> None:
    refused = refusal(text)
    assert refused.code == "hidden"
    assert str(refused) == (
        "There is an invisible character in this number. Type it again by hand."
    )
    with translation.override("sq"):
        assert str(refusal(text, "sq")).startswith("Në këtë numër ka një shenjë të padukshme.")


DIGITS = {
    "Arabic": "١٢",
    "Persian": "۱۲",
    "Devanagari": "१२",
    "full width": "１２",
    "superscript": "12²",
    "circled": "①",
    "Roman": "Ⅻ",
    "a half": "½",
    "mathematical": "𝟏𝟐",
}


@pytest.mark.parametrize("text", DIGITS.values(), ids=list(DIGITS))
def test_only_the_ten_digits_are_digits(text: str) -> None:
    assert any(unicodedata.numeric(character, None) is not None for character in text)
    assert refusal(text).code == "not_a_number"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+5", "5"),
        ("-5", "-5"),
        ("\u22125", "-5"),
        ("+0", "0"),
        ("-0", "0"),
        ("\u22120", "0"),
        ("0007", "7"),
        ("0" * 30 + "1", "1"),
        ("1." + "0" * 30, "1"),
        ("12\n", "12"),
        ("\t12", "12"),
        ("0 123", "123"),
    ],
)
def test_signs_zeros_and_ends_do_not_matter(text: str, number: str) -> None:
    assert parse_decimal(text, "en") == D(number)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("–5", "not_a_number"),  # an en dash is no minus
        ("—5", "not_a_number"),
        ("5-", "not_a_number"),
        ("(5)", "not_a_number"),
        ("+-5", "not_a_number"),
        ("- 5", "thousands"),
        ("$5", "not_a_number"),
        ("5€", "not_a_number"),
        ("5 ALL", "letters"),
        ("#5", "not_a_number"),
        ("1'234", "not_a_number"),
        ("1’234", "not_a_number"),
        ("1_000", "not_a_number"),
        ("1/2", "not_a_number"),
        ("1:2", "not_a_number"),
        ("0x1F", "letters"),
        ("1e", "letters"),
        ("1E400", "exponent"),
        ("-1e-5", "exponent"),
        ("nan", "letters"),
        ("Infinity", "letters"),
        ("dymbëdhjetë", "letters"),
        ("12.", "not_a_number"),
        (".", "not_a_number"),
        ("-", "not_a_number"),
        ("1.2.3", "not_a_number"),
        ("1  234", "thousands"),
        ("12 345 6", "thousands"),
        ("1234 567", "thousands"),
        ("1,234,567", "thousands"),
        ("1,234,567.8", "thousands"),
        ("1,23,456", "not_a_number"),
        ("-1,234", "two_readings"),
        ("999,999", "two_readings"),
        ("0,999", "decimal_sign"),
        ("1234,567", "decimal_sign"),
        ("1 234,567", "decimal_sign"),
        ("<10", "not_a_number"),
        ("~5", "not_a_number"),
        ("12%", "not_a_number"),
        ("'12", "not_a_number"),
        ("@12", "not_a_number"),
    ],
)
def test_each_doubt_has_its_own_name(text: str, code: str) -> None:
    assert refusal(text).code == code


@pytest.mark.parametrize(
    ("digits", "code"),
    [
        ("9" * MAX_WHOLE_DIGITS, None),
        ("1" + "0" * MAX_WHOLE_DIGITS, "whole_digits"),
        ("0." + "9" * MAX_DECIMALS, None),
        ("0." + "0" * MAX_DECIMALS + "1", "decimals"),
        ("9" * (MAX_DIGITS + 1), "digits"),
        ("-" + "9" * MAX_WHOLE_DIGITS + "." + "9" * MAX_DECIMALS, None),
        ("12." + "0" * 20, None),
    ],
)
def test_a_number_at_the_limit_is_kept_and_one_beyond_it_is_named(
    digits: str, code: str | None
) -> None:
    if code is None:
        assert checked(D(digits)) == D(digits) == parse_decimal(digits, "en")
    else:
        assert refusal(digits).code == refusal(D(digits)).code == code


@pytest.mark.parametrize("value", [True, False, 1.0, float("nan"), b"12", [12], {}, 1j])
def test_a_cell_of_another_type_is_no_number(value: object) -> None:
    assert refusal(value).code in {"not_a_number", "letters"}


def test_a_refusal_quotes_no_more_than_forty_characters() -> None:
    assert "x" * 40 in str(refusal("x" * 5_000))
    assert "x" * 41 not in str(refusal("x" * 5_000))


@pytest.mark.parametrize(("language", "sign"), [("en", "."), ("sq", ","), ("fr", ",")])
def test_each_language_has_its_decimal_sign(language: str, sign: str) -> None:
    with translation.override("en"):
        assert decimal_sign(language) == sign
    with translation.override(language):
        assert decimal_sign() == sign
    with translation.override(None):
        assert decimal_sign() == "."


@pytest.mark.parametrize(
    ("number", "places", "shown"),
    [
        ("14.8649", 1, "14.9"),
        ("14.8649", 2, "14.86"),
        ("14.8649", 4, "14.8649"),
        ("14.01", 1, "14.0"),
        ("14.01", 2, "14.01"),
        ("0.05", 1, "0.1"),
        ("0.049999", 1, "0.0"),
        ("-0.05", 1, "-0.1"),
        ("2.5", 0, "3"),
        ("3.5", 0, "4"),
        ("-2.5", 0, "-3"),
        ("82.727272727272727", 1, "82.7"),
        ("1234.5", 0, "1235"),
    ],
)
def test_rounding_to_show_is_half_away_from_zero(number: str, places: int, shown: str) -> None:
    assert str(round_to(D(number), places)) == shown


@given(KEPT, st.integers(0, 4))
def test_rounding_moves_a_number_by_half_a_place_at_most(number: Decimal, places: int) -> None:
    assert abs(round_to(number, places) - number) * 2 <= D(1).scaleb(-places)


@given(KEPT, st.integers(0, 6))
def test_the_plain_text_ignores_how_a_number_was_written(number: Decimal, zeros: int) -> None:
    padded = D(f"{number:f}" + "0" * zeros)
    assert plain(padded) == plain(number)
    assert plain(D(plain(number))) == plain(number)
    assert "E" not in plain(number)
