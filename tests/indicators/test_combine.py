"""Over time, over institutions, and how much of it is there."""

from decimal import Decimal
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.choices import Kind, OverTime, OverUnits, ValueMeaning
from indicators.combine import (
    Combined,
    Ratio,
    combine,
    coverage,
    milestones_done,
    national,
    rules_over_time,
    rules_over_units,
    to_date,
)

D = Decimal
IN_PERIOD, RUNNING, SNAPSHOT = ValueMeaning

counts = st.decimals(0, 10**9, places=2)
series = st.lists(st.none() | counts, min_size=4, max_size=4)


@st.composite
def fractions(draw):
    """A percentage as it is reported: a whole above zero and a part of it."""
    whole = draw(st.integers(1, 10**6))
    return Ratio(D(draw(st.integers(0, whole))), D(whole))


def ratio(top, bottom):
    return Ratio(*(None if half is None else D(half) for half in (top, bottom)))


def decimals(*values):
    return [None if value is None else D(value) for value in values]


# --- the cases that break other systems ------------------------------------------------------


def test_percentages_are_never_averaged():
    result = combine([ratio(1, 10), ratio(90, 100)], OverUnits.RATIO_OF_SUMS)
    assert result.amount == ratio(91, 110)
    assert round(result.value, 1) == D("82.7")


def test_running_totals_of_two_ministries_are_carried_forward():
    totals = {"defence": decimals(5, 9), "interior": decimals(7, None)}
    result = national(totals, RUNNING, OverTime.LATEST, OverUnits.SUM)
    assert (result.value, result.coverage) == (16, D("0.5"))


def test_a_snapshot_of_the_year_is_the_latest_and_not_the_sum():
    assert to_date(decimals(30, 32), SNAPSHOT, OverTime.LATEST).value == 32


# --- rules -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        (OverTime.SUM, 19),
        (OverTime.LATEST, 3),
        (OverTime.MEAN, D("4.75")),
        (OverTime.MEDIAN, D("3.5")),
        (OverTime.MAX, 10),
        (OverTime.MIN, 2),
        (OverUnits.SUM, 19),
        (OverUnits.MEAN, D("4.75")),
        (OverUnits.MEDIAN, D("3.5")),
        (OverUnits.MAX, 10),
        (OverUnits.MIN, 2),
    ],
)
def test_each_rule_combines_plain_figures(rule, value):
    assert combine(decimals(4, 2, 10, 3, None), rule) == Combined(D(value), 4, 5)


@pytest.mark.parametrize("rule", list(OverTime) + list(OverUnits))
def test_nothing_reported_is_no_figure_and_not_zero(rule):
    result = combine([None, None], rule)
    assert result == Combined(None, 0, 2, age=None)
    assert (result.value, result.coverage) == (None, 0)


def test_a_reported_zero_is_a_figure():
    assert combine(decimals(0, None), OverUnits.SUM) == Combined(D(0), 1, 2)


@pytest.mark.parametrize("rule", ["sum", "mean", "median", "ratio_of_sums"])
def test_a_wrongly_declared_rule_still_does_not_average_percentages(rule):
    assert combine([ratio(1, 10), ratio(90, 100)], OverUnits(rule)).amount == ratio(91, 110)


def test_the_highest_and_lowest_percentage_is_one_that_was_reported():
    given_ratios = [ratio(1, 10), ratio(0, 0), ratio(90, 100)]
    assert combine(given_ratios, OverUnits.MAX).amount == ratio(90, 100)
    assert combine(given_ratios, OverUnits.MIN).amount == ratio(1, 10)
    assert combine([ratio(0, 0), ratio(0, 0)], OverUnits.MAX).amount is None


@pytest.mark.parametrize(
    "without",
    [ratio(5, None), ratio(None, 50), D(40)],
    ids=["no denominator", "no numerator", "a bare percentage"],
)
def test_a_missing_half_is_left_out_and_makes_the_result_incomplete(without):
    result = combine([ratio(1, 10), without], OverUnits.RATIO_OF_SUMS)
    assert (result.amount, result.incomplete) == (ratio(1, 10), True)


def test_a_bare_percentage_on_its_own_is_shown_and_incomplete():
    result = combine([D("14.01")], OverUnits.RATIO_OF_SUMS)
    assert (result.value, result.incomplete) == (D("14.01"), True)


def test_two_bare_percentages_make_no_figure():
    result = combine(decimals(14, 20), OverUnits.RATIO_OF_SUMS)
    assert (result.value, result.incomplete) == (None, True)


def test_nobody_among_nobody_is_no_percentage():
    result = combine([ratio(0, 0), ratio(0, 0)], OverUnits.RATIO_OF_SUMS)
    assert (result.value, result.incomplete) == (None, False)


def test_a_latest_percentage_without_denominator_is_incomplete():
    result = combine([ratio(1, 10), ratio(5, None)], OverTime.LATEST)
    assert (result.value, result.incomplete) == (None, True)


def test_a_national_value_is_taken_as_it_is_and_two_are_not_combined():
    one, two = decimals(None, 7), decimals(5, 7)
    assert combine(one, OverUnits.NATIONAL_ONLY) == Combined(D(7), 1, 2)
    assert combine(two, OverUnits.NATIONAL_ONLY) == Combined(None, 2, 2, incomplete=True)


# --- over time -------------------------------------------------------------------------------


def test_what_happened_in_the_periods_is_added_up():
    assert to_date(decimals(3, 0, 4), IN_PERIOD) == Combined(D(7), 1, 1)


def test_a_period_missing_before_the_newest_makes_the_sum_incomplete():
    assert to_date(decimals(3, None, 4), IN_PERIOD) == Combined(D(7), 1, 1, incomplete=True)
    assert to_date(decimals(None, 3), IN_PERIOD).incomplete is True


def test_the_current_period_not_reported_yet_shows_in_the_coverage_only():
    assert to_date(decimals(3, 4, None), IN_PERIOD) == Combined(D(7), 0, 1, age=1)


@pytest.mark.parametrize("rule", list(OverTime))
def test_running_totals_are_never_added_up(rule):
    result = to_date(decimals(5, 9, None, None), RUNNING, rule)
    assert (result.value, result.age, result.reported) == (9, 2, 0)


def test_levels_are_never_added_up():
    assert to_date(decimals(30, 32, None), SNAPSHOT, OverTime.SUM).value == 32


def test_a_level_keeps_its_age():
    assert to_date(decimals(30, None, None), SNAPSHOT, OverTime.LATEST).age == 2


def test_a_mean_of_levels_may_be_declared():
    assert to_date(decimals(30, 32), SNAPSHOT, OverTime.MEAN).value == 31


def test_a_mean_of_levels_with_a_period_missing_is_incomplete():
    assert to_date(decimals(30, None, 32), SNAPSHOT, OverTime.MEAN).incomplete is True
    assert to_date(decimals(30, None, 32), SNAPSHOT, OverTime.LATEST).incomplete is False


def test_percentages_over_time_are_the_ratio_of_the_sums():
    quarters = [ratio(1, 10), ratio(90, 100)]
    assert to_date(quarters, IN_PERIOD, OverTime.RATIO_OF_SUMS).amount == ratio(91, 110)


def test_nothing_reported_ever_has_no_age():
    assert to_date([None, None], IN_PERIOD) == Combined(None, 0, 1, age=None)
    assert to_date([], SNAPSHOT, OverTime.LATEST) == Combined(None, 0, 1, age=None)


# --- the country -----------------------------------------------------------------------------


def test_the_country_adds_the_institutions_to_date():
    units = {"a": decimals(1, 2), "b": decimals(10, None), "c": decimals(None, None)}
    result = national(units, IN_PERIOD, OverTime.SUM, OverUnits.SUM)
    assert result == Combined(D(13), reported=1, expected=3, age=0)


def test_one_incomplete_institution_makes_the_country_incomplete():
    units = {"a": decimals(1, 2), "b": decimals(None, 5)}
    assert national(units, IN_PERIOD, OverTime.SUM, OverUnits.SUM).incomplete is True


def test_the_country_is_as_old_as_its_newest_value():
    units = {"a": decimals(1, None, None), "b": decimals(1, 2, None)}
    assert national(units, SNAPSHOT, OverTime.LATEST, OverUnits.SUM).age == 1


def test_no_institutions_give_no_figure():
    result = national({}, SNAPSHOT, OverTime.LATEST, OverUnits.SUM)
    assert result == Combined(None, 0, 0, age=None)


def test_milestones_count_the_weights_that_are_done():
    assert milestones_done([(D(20), True), (D(50), False), (D("12.5"), True)]) == D("32.5")
    assert milestones_done([]) == 0


@pytest.mark.parametrize(
    ("reported", "expected", "share"),
    [(0, 4, 0), (1, 2, "0.5"), (4, 4, 1), (5, 4, 1), (0, 0, 1), (2, 0, 1)],
)
def test_coverage_is_the_share_of_units_that_reported(reported, expected, share):
    assert coverage(reported, expected) == D(share)


# --- which rules make sense ------------------------------------------------------------------


def test_no_kind_may_average_percentages_or_sum_scores():
    for kind in (Kind.PERCENTAGE, Kind.RATIO):
        assert rules_over_units(kind) == {"ratio_of_sums", "max", "min", "national_only"}
        for meaning in (IN_PERIOD, SNAPSHOT):
            assert rules_over_time(kind, meaning) == {"ratio_of_sums", "latest", "max", "min"}
    assert rules_over_time(Kind.SCORE, SNAPSHOT) == {"latest", "median"}
    assert rules_over_units(Kind.SCORE) == {"median", "max", "min", "national_only"}


@pytest.mark.parametrize("kind", list(Kind))
def test_running_totals_are_carried_forward_for_every_kind(kind):
    assert rules_over_time(kind, RUNNING) == {"latest"}


def test_levels_of_counts_are_not_summed_over_time():
    everything = {"sum", "latest", "mean", "median", "max", "min"}
    assert rules_over_time(Kind.COUNT, IN_PERIOD) == everything
    assert rules_over_time(Kind.COUNT, SNAPSHOT) == everything - {"sum"}
    assert rules_over_units(Kind.COUNT) == everything - {"latest"} | {"national_only"}


def test_yes_no_and_narrative_have_their_own_rules():
    assert rules_over_time(Kind.YES_NO, SNAPSHOT) == {"latest", "max", "min"}
    assert rules_over_units(Kind.YES_NO) == {"sum", "max", "min", "national_only"}
    assert rules_over_time(Kind.NARRATIVE, IN_PERIOD) == {"latest"}
    assert rules_over_units(Kind.NARRATIVE) == {"national_only"}


# --- properties ------------------------------------------------------------------------------


@given(st.lists(fractions(), min_size=1, max_size=12))
def test_the_ratio_of_sums_lies_between_its_parts(parts):
    values = [part.value for part in parts]
    assert min(values) <= combine(parts, OverUnits.RATIO_OF_SUMS).value <= max(values)


@given(st.integers(-5, 10**6), st.integers(-5, 10**6))
def test_coverage_stays_between_nothing_and_the_whole(reported, expected):
    assert 0 <= coverage(reported, expected) <= 1


@given(
    st.dictionaries(st.text(min_size=1, max_size=3), series, max_size=6),
    st.sampled_from(list(ValueMeaning)),
    st.sampled_from(list(OverTime)),
    st.sampled_from(list(OverUnits)),
    st.randoms(use_true_random=False),
)
def test_the_order_of_institutions_does_not_matter(units, meaning, over_time, over_units, random):
    shuffled = list(units.items())
    random.shuffle(shuffled)
    first = national(units, meaning, over_time, over_units)
    assert national(dict(shuffled), meaning, over_time, over_units) == first


def test_rounded_means_of_institutions_add_up_the_same_in_any_order():
    third, whole = decimals(None, 0, 0, "0.01"), decimals(None, None, None, "0.01")
    orders = [{"a": third, "b": whole, "c": third}, {"a": third, "b": third, "c": whole}]
    results = {national(o, IN_PERIOD, OverTime.MEAN, OverUnits.SUM).value for o in orders}
    assert len(results) == 1


@given(st.lists(st.none() | fractions(), max_size=8), st.sampled_from(list(OverUnits)))
def test_the_order_of_percentages_does_not_matter(parts, rule):
    assert combine(parts, rule).value == combine(parts[::-1], rule).value


@given(st.lists(counts, min_size=1, max_size=8))
def test_a_mean_and_a_median_lie_between_the_lowest_and_the_highest(values):
    low, high = min(values, default=inf), max(values, default=-inf)
    assert low <= combine(values, OverTime.MEDIAN).value <= high
    assert low <= combine(values, OverTime.MEAN).value <= high
