"""The 10-5 rule, figure by figure."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.choices import Sensitivity
from indicators.combine import Ratio
from publishing.disclosure import (
    NOTHING,
    Protection,
    PublishedAmount,
    amount,
    figure,
    protect,
    protect_share,
    words,
)

RULE = Protection(below=10, rounding=5)
SMALL, PUBLIC, RESTRICTED = (
    Sensitivity.SMALL_COUNTS,
    Sensitivity.PUBLIC,
    Sensitivity.RESTRICTED,
)


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        ("0", "<10"),
        ("1", "<10"),
        ("9", "<10"),
        ("9.99", "<10"),
        ("10", Decimal(10)),
        ("12", Decimal(10)),
        ("12.5", Decimal(15)),
        ("13", Decimal(15)),
        ("1002", Decimal(1000)),
        ("1003", Decimal(1005)),
    ],
)
def test_a_small_count_is_hidden_and_any_other_rounded(count, shown):
    assert protect(Decimal(count), RULE) == shown


def test_the_thresholds_are_the_plans():
    rule = Protection(below=20, rounding=10)
    assert [protect(Decimal(n), rule) for n in (19, 20, 24, 25)] == ["<20", 20, 20, 30]


def test_a_multiple_below_the_threshold_is_raised_above_it():
    assert protect(Decimal(11), Protection(below=10, rounding=25)) == 25


@given(st.integers(min_value=0, max_value=10_000), st.integers(1, 50), st.integers(1, 50))
def test_no_published_number_is_below_the_threshold_or_off_the_grid(count, below, rounding):
    shown = protect(Decimal(count), Protection(below, rounding))
    if count < below:
        assert shown == f"<{below}"
    else:
        assert isinstance(shown, Decimal)
        assert shown >= below
        assert shown % rounding == 0


@given(st.integers(min_value=10, max_value=10_000))
def test_counts_that_round_alike_look_alike(count):
    assert protect(Decimal(count), RULE) == protect(protect(Decimal(count), RULE), RULE)


def test_a_share_is_that_of_the_rounded_halves():
    shown = protect_share(Ratio(Decimal(13), Decimal(87)), RULE)
    assert (shown.numerator, shown.denominator) == (15, 85)
    assert shown.value == Decimal(1500) / 85


@pytest.mark.parametrize("halves", [(3, 87), (0, 87), (3, 7)])
def test_a_share_with_a_hidden_half_has_no_percentage(halves):
    shown = protect_share(Ratio(*map(Decimal, halves)), RULE)
    assert shown.value is None
    assert shown.numerator == "<10"


def test_a_missing_half_stays_missing():
    shown = protect_share(Ratio(Decimal(50), None), RULE)
    assert shown == PublishedAmount(None, Decimal(50), None)


def test_public_figures_pass_unchanged():
    assert figure(Decimal("3.7"), PUBLIC, RULE) == Decimal("3.7")
    assert amount(Ratio(Decimal(1), Decimal(4)), PUBLIC, RULE) == PublishedAmount(
        Decimal(25), Decimal(1), Decimal(4)
    )


def test_a_restricted_indicator_has_no_figure_at_all():
    assert figure(Decimal(5_000), RESTRICTED, RULE) is None
    assert amount(Decimal(5_000), RESTRICTED, RULE) == NOTHING
    assert amount(Ratio(Decimal(1), Decimal(2)), RESTRICTED, RULE) == NOTHING


def test_a_small_count_is_protected_as_amount_and_as_figure():
    assert figure(Decimal(3), SMALL, RULE) == "<10"
    assert amount(Decimal(33), SMALL, RULE) == PublishedAmount(Decimal(35))


def test_numbers_in_the_words_beside_a_protected_figure_are_masked():
    text = "In 2026 there were 3 cases, 1 204,5 in all; 12.7 % of 40."
    assert words(text, SMALL) == "In 2026 there were … cases, … …,… in all; … % of …." or (
        words(text, SMALL).count("…") >= 4 and "3 cases" not in words(text, SMALL)
    )
    assert "2026" in words(text, SMALL)
    assert words(text, PUBLIC) == text
