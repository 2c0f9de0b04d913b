"""Equal data are equal bytes."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.canonical import canonical, sha256


def test_keys_are_sorted_and_nothing_is_spaced() -> None:
    assert canonical({"b": 1, "a": [True, None, "ë"]}) == '{"a":[true,null,"ë"],"b":1}'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("12.70"), "12.7"),
        (Decimal("0.000"), "0"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-3.5000"), "-3.5"),
        (date(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1, 12, tzinfo=UTC), "2026-03-01T12:00:00.000000+00:00"),
    ],
)
def test_figures_and_times_have_one_form(value: object, text: str) -> None:
    assert canonical([value]) == f'["{text}"]'


def test_the_same_moment_in_two_zones_is_the_same_text() -> None:
    here = datetime(2026, 3, 1, 13, tzinfo=timezone(timedelta(hours=1)))
    assert canonical(here) == canonical(datetime(2026, 3, 1, 12, tzinfo=UTC))


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-9999999))
def test_trailing_zeros_never_make_a_difference(number: Decimal) -> None:
    padded = number.quantize(Decimal("0.0000001"))
    assert canonical(number) == canonical(padded)
    assert Decimal(canonical(number).strip('"')) == number


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none()))
def test_the_order_of_keys_never_makes_a_difference(data: dict[str, object]) -> None:
    backwards = dict(reversed(list(data.items())))
    assert canonical(data) == canonical(backwards)


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes"])
def test_what_has_no_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical(value)


def test_the_hash_is_that_of_the_utf_8_bytes() -> None:
    assert sha256("ë") == ("b19cfb01639de63ec3d32df67b70cb7a56316f9ef5186fd290293abbcf0b8867")
