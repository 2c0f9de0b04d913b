"""Numbers as people type and read them.  A number is never guessed from a doubtful text."""

import re
from decimal import Decimal

from django.utils.formats import get_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

MAX_DIGITS = 15
MAX_DECIMALS = 4
MAX_WHOLE_DIGITS = MAX_DIGITS - MAX_DECIMALS
"""The database keeps DecimalField(max_digits=15, decimal_places=4)."""

NBSP = "\u00a0"
_SPACES = re.compile("[ \u00a0\u202f\u2009]")
_NUMBER = re.compile(r"([+-]?)(\d+|\d{1,3}(?: \d{3})+)(?:[.,](\d+))?", re.ASCII)
_EXPONENT = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+", re.ASCII)
_TWO_READINGS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)


class NumberError(ValueError):
    """A text that is not a number we can be sure of; str() is a sentence for the person.

    ``code`` is one of: not_a_number, letters, exponent, hidden, decimal_sign, two_readings,
    thousands, digits, decimals, whole_digits.
    """

    def __init__(self, sentence: str, *, code: str) -> None:
        super().__init__(sentence)
        self.code = code


def decimal_sign(language: str | None = None) -> str:
    """The decimal sign of a language ("," in Albanian and French), of the active one by default."""
    return str(get_format("DECIMAL_SEPARATOR", language or get_language() or "en", use_l10n=True))


def parse_decimal(text: str, language: str | None = None) -> Decimal | None:
    """Read a typed number by the rules of one language; blank is None, never zero.

    Raises:
        NumberError: the text is not a number, or could be read as two different ones.
    """
    tidy = _SPACES.sub(" ", text).strip().replace("\u2212", "-")
    if not tidy:
        return None
    sign = decimal_sign(language)
    _refuse_foreign_sign(tidy, sign)
    match = _NUMBER.fullmatch(tidy)
    if match is None:
        raise _not_a_number(tidy, sign)
    minus, whole, decimals = match.groups()
    return checked(Decimal(f"{minus}{whole.replace(' ', '')}.{decimals or '0'}"))


def to_decimal(value: object, language: str | None = None) -> Decimal | None:
    """The number in a cell: a real number stays what it is, a text is read by its language.

    Raises:
        NumberError: as parse_decimal, and for a cell of another type (a date, yes/no).
    """
    if value is None or isinstance(value, str):
        return parse_decimal(value or "", language)
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return checked(Decimal(value))
    raise _not_a_number(str(value), decimal_sign(language))


def checked(number: Decimal) -> Decimal:
    """The number without needless zeros, if the database can keep it unchanged.

    Raises:
        NumberError: it has too many digits, or is not finite.
    """
    if not number.is_finite():
        raise NumberError(_("Write a number, with digits only."), code="not_a_number")
    whole, _point, decimals = plain(abs(number)).partition(".")
    limits = [
        (len(whole.lstrip("0") + decimals), MAX_DIGITS, "digits"),
        (len(decimals), MAX_DECIMALS, "decimals"),
        (len(whole), MAX_WHOLE_DIGITS, "whole_digits"),
    ]
    for length, limit, code in limits:
        if length > limit:
            raise NumberError(_too_long(code) % {"number": limit}, code=code)
    return Decimal(plain(number))


def plain(value: Decimal | int) -> str:
    """The canonical text for JSON and hashes: "12.7", "0", "-3", never an exponent."""
    text = format(Decimal(value), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def show_decimal(value: Decimal | int, language: str | None = None) -> str:
    """The number as a reader's language writes it: 12 345,6 (spaces do not break)."""
    whole, _point, decimals = plain(value).partition(".")
    grouped = f"{int(whole):,}".replace(",", NBSP)
    if whole == "-0":
        grouped = "-0"
    return f"{grouped}{decimal_sign(language)}{decimals}" if decimals else grouped


def _refuse_foreign_sign(text: str, sign: str) -> None:
    """Stop at the other decimal sign, and say what to write instead."""
    other = "." if sign == "," else ","
    if other not in text:
        return
    spaced = text.replace(other, " ")
    unbroken = text.replace(other, "")
    if _TWO_READINGS.fullmatch(text) and sign not in text:
        raise NumberError(
            _("“%(text)s” can be read in two ways. Write %(thousands)s or %(decimal)s.")
            % {"text": text, "thousands": unbroken, "decimal": text.replace(other, sign)},
            code="two_readings",
        )
    if sign in text or text.count(other) > 1:
        if not _NUMBER.fullmatch(spaced):
            raise _not_a_number(text, sign)
        raise NumberError(
            _("Separate thousands with a space or with nothing: write %(text)s.")
            % {"text": spaced},
            code="thousands",
        )
    if not _NUMBER.fullmatch(text):
        raise _not_a_number(text, sign)
    raise NumberError(
        _wrong_sign(sign) % {"text": text.replace(other, sign)},
        code="decimal_sign",
    )


def _wrong_sign(sign: str) -> str:
    if sign == ",":
        return _("In this language the decimal sign is a comma: write %(text)s.")
    return _("In this language the decimal sign is a point: write %(text)s.")


def _not_a_number(text: str, sign: str) -> NumberError:
    shown = {"text": text[:40], "example": f"12{sign}7"}
    if _EXPONENT.fullmatch(text):
        sentence = _("“%(text)s” is written with an exponent. Write all the digits.")
        return NumberError(sentence % shown, code="exponent")
    if any(character.isalpha() for character in text):
        sentence = _("“%(text)s” has letters in it. Write digits only, for example %(example)s.")
        return NumberError(sentence % shown, code="letters")
    if not text.isprintable():
        sentence = _("There is an invisible character in this number. Type it again by hand.")
        return NumberError(sentence, code="hidden")
    if " " in text and _NUMBER.fullmatch(text.replace(" ", "")):
        sentence = _("A space may only stand between thousands: write %(text)s.")
        return NumberError(sentence % {"text": text.replace(" ", "")}, code="thousands")
    sentence = _("“%(text)s” is not a number. Write digits only, for example %(example)s.")
    return NumberError(sentence % shown, code="not_a_number")


def _too_long(code: str) -> str:
    if code == "digits":
        return _("The number has more than %(number)d digits. Check it, or round it.")
    if code == "decimals":
        return _("The number has more than %(number)d decimals. Round it.")
    return _("The number has more than %(number)d digits before the decimal sign. Check it.")
