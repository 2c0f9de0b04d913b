"""Figures of several units and periods: laws that hold for any of them."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from indicators.choices import OverTime, OverUnits, Status, ValueMeaning
from indicators.combine import (
    Amount,
    Combined,
    Ratio,
    combine,
    coverage,
    is_overspent,
    national,
    tally,
    to_date,
    unfunded_share,
)
from indicators.faults import check_cells, check_fraction, check_table, sum_of_parts

D = Decimal
SOME = settings(max_examples=40)
IN_PERIOD, RUNNING, SNAPSHOT = ValueMeaning
COUNTS = st.decimals(0, 10**9, places=2)
MAYBE = st.none() | COUNTS
SERIES = st.lists(MAYBE, max_size=8)
UNITS = st.dictionaries(st.sampled_from("abcdef"), st.lists(MAYBE, min_size=4, max_size=4))
RULES: list[OverTime | OverUnits] = [*OverTime, *OverUnits]
LINEAR = [OverTime.SUM, OverTime.MEAN, OverTime.MEDIAN, OverTime.MAX, OverTime.MIN, OverTime.LATEST]


@st.composite
def fractions(draw: st.DrawFn) -> Ratio:
    whole = draw(st.integers(1, 10**6))
    return Ratio(D(draw(st.integers(0, whole))), D(whole))


@st.composite
def halves(draw: st.DrawFn) -> Ratio:
    """A fraction of which either half may be missing."""
    one = draw(fractions())
    return Ratio(draw(st.sampled_from([one[0], None])), draw(st.sampled_from([one[1], None, D(0)])))


RATIOS = st.lists(st.none() | fractions() | halves(), max_size=8)


@SOME
@given(
    st.lists(COUNTS, min_size=1), st.sampled_from(LINEAR), st.sampled_from(["0.001", "1000", "7"])
)
def test_another_unit_of_measure_only_multiplies(
    values: list[Any], rule: OverTime, by: str
) -> None:
    one, other = combine(values, rule), combine([value * D(by) for value in values], rule)
    assert one.value is not None
    assert other.value is not None
    assert abs(other.value - one.value * D(by)) <= abs(other.value) * D("1e-25")


@SOME
@given(SERIES, st.sampled_from(RULES))
def test_what_is_missing_counts_in_the_coverage_and_nowhere_else(
    values: list[Decimal | None], rule: OverTime | OverUnits
) -> None:
    given_values = [value for value in values if value is not None]
    result = combine(values, rule)
    assert (result.reported, result.expected) == (len(given_values), len(values))
    assert result.amount == combine(given_values, rule).amount
    assert (result.age is None) is (not given_values)


@SOME
@given(SERIES, st.sampled_from(RULES))
def test_only_decimals_come_out(values: list[Decimal | None], rule: OverTime | OverUnits) -> None:
    result = combine(values, rule)
    assert result.value is None or type(result.value) is Decimal
    assert type(result.coverage) is Decimal


@SOME
@given(RATIOS, st.sampled_from(RULES))
def test_a_percentage_is_a_fraction_of_what_was_reported_and_never_a_mean(
    values: list[Ratio | None], rule: OverTime | OverUnits
) -> None:
    result = combine(values, rule)
    whole = [v for v in values if v is not None and v.is_complete]
    given_values = [v for v in values if v is not None]
    if result.amount is None:
        return
    assert isinstance(result.amount, Ratio)
    picked = rule in {OverTime.MAX, OverTime.MIN, OverTime.LATEST} or len(given_values) == 1
    if picked:
        assert result.amount in given_values
    else:
        tops = sum((ratio.numerator or D(0) for ratio in whole), D(0))
        bottoms = sum((ratio.denominator or D(0) for ratio in whole), D(0))
        assert result.amount == Ratio(tops, bottoms)
        assert result.incomplete is (len(whole) < len(given_values))


@SOME
@given(st.lists(fractions(), min_size=2, max_size=6))
def test_a_ministry_split_in_two_changes_no_percentage(parts: list[Ratio]) -> None:
    first, *others = parts
    assert first.numerator is not None
    assert first.denominator is not None
    half = Ratio(first.numerator / 2, first.denominator / 2)
    whole = combine(parts, OverUnits.RATIO_OF_SUMS)
    assert combine([half, half, *others], OverUnits.RATIO_OF_SUMS).value == whole.value


@SOME
@given(fractions(), fractions())
def test_two_percentages_of_unlike_wholes_never_make_their_mean(one: Ratio, other: Ratio) -> None:
    assume(one.denominator != other.denominator and one.value != other.value)
    exact = [Fraction(r.numerator or 0) / Fraction(r.denominator or 1) for r in (one, other)]
    whole = combine([one, other], OverUnits.RATIO_OF_SUMS).amount
    assert isinstance(whole, Ratio)
    found = Fraction(whole.numerator or 0) / Fraction(whole.denominator or 1)
    assert found != sum(exact) / 2
    assert min(exact) <= found <= max(exact)


@SOME
@given(st.lists(COUNTS, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_figures_does_not_matter_but_for_the_latest(
    values: list[Any], random: Any
) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)
    for rule in RULES:
        if rule != OverTime.LATEST:
            assert combine(shuffled, rule) == combine(values, rule)
    assert combine(values, OverTime.LATEST).value == values[-1]


@SOME
@given(SERIES)
def test_a_running_total_is_its_latest_and_as_old_as_that(values: list[Decimal | None]) -> None:
    known = [place for place, value in enumerate(values) if value is not None]
    for rule in OverTime:
        result = to_date(values, RUNNING, rule)
        assert result.value == (values[known[-1]] if known else None)
        assert result.age == (len(values) - 1 - known[-1] if known else None)
        assert result.incomplete is False


@SOME
@given(SERIES, st.sampled_from(list(ValueMeaning)), st.sampled_from(list(OverTime)))
def test_a_silent_quarter_at_the_end_changes_no_figure(
    values: list[Amount | None], meaning: ValueMeaning, rule: OverTime
) -> None:
    before, after = to_date(values, meaning, rule), to_date([*values, None], meaning, rule)
    assert after.amount == before.amount
    assert after.reported == 0
    assert after.age == (None if before.age is None else before.age + 1)


@SOME
@given(UNITS)
def test_what_happened_is_the_sum_of_everything_reported(units: dict[str, list[Any]]) -> None:
    result = national(units, IN_PERIOD, OverTime.SUM, OverUnits.SUM)
    reported = [value for series in units.values() for value in series if value is not None]
    assert result.value == (sum(reported, D(0)) if reported else None)
    assert result.reported == sum(series[-1] is not None for series in units.values())
    assert result.expected == len(units)
    assert result.coverage == coverage(result.reported, result.expected)


@SOME
@given(UNITS, st.sampled_from(list(ValueMeaning)), st.sampled_from(list(OverUnits)))
def test_a_ministry_that_never_reported_only_lowers_the_coverage(
    units: dict[str, list[Any]], meaning: ValueMeaning, rule: OverUnits
) -> None:
    one = national(units, meaning, OverTime.LATEST, rule)
    other = national({**units, "silent": [None] * 4}, meaning, OverTime.LATEST, rule)
    assert (other.amount, other.age, other.incomplete) == (one.amount, one.age, one.incomplete)
    assert (other.reported, other.expected) == (one.reported, one.expected + 1)


@SOME
@given(UNITS, st.sampled_from(list(ValueMeaning)), st.sampled_from(list(OverTime)))
def test_one_ministry_is_the_country(
    units: dict[str, list[Any]], meaning: ValueMeaning, rule: OverTime
) -> None:
    for code, series in units.items():
        alone = to_date(series, meaning, rule)
        for over_units in (OverUnits.SUM, OverUnits.MEAN, OverUnits.NATIONAL_ONLY):
            country = national({code: series}, meaning, rule, over_units)
            assert (country.amount, country.reported, country.age) == (
                *(alone.amount, alone.reported, alone.age),
            )


@SOME
@given(st.integers(0, 50), st.integers(0, 50))
def test_coverage_is_a_share_of_those_who_owe(reported: int, owed: int) -> None:
    assert coverage(reported, owed) == (min(D(1), D(reported) / owed) if owed else 1)
    assert Combined(None, reported, owed).coverage == coverage(reported, owed)


@SOME
@given(st.lists(st.sampled_from(Status)))
def test_a_tally_counts_everything_once_in_one_order(statuses: list[Status]) -> None:
    counted = tally(statuses)
    assert sum(counted.values()) == len(statuses)
    assert list(counted) == [status for status in Status if status in statuses]
    assert counted == tally(reversed(statuses))


@SOME
@given(COUNTS, COUNTS)
def test_money_nobody_gave_is_a_share_between_nought_and_the_whole(
    planned: Any, given_: Any
) -> None:
    share = unfunded_share(planned, given_)
    if planned == 0:
        assert share is None
    else:
        assert share is not None
        assert 0 <= share <= 1
        assert (share == 0) is (given_ >= planned)
    assert is_overspent(planned, given_) is (given_ > planned)


# --- faults inside a table -------------------------------------------------------------------

TABLE = st.dictionaries(
    st.sampled_from(["sex=f", "sex=m", "sex=x", "sex=n"]), COUNTS, min_size=1, max_size=4
)


@SOME
@given(TABLE)
def test_a_summed_table_is_sound_and_stays_so_in_another_unit(parts: dict[str, Any]) -> None:
    for factor in (D(1), D("0.001"), D(1000)):
        scaled = {cell: value * factor for cell, value in parts.items()}
        assert check_table({"": sum_of_parts(scaled), **scaled}) == []


@SOME
@given(TABLE, st.decimals("0.01", 10, places=2))
def test_any_part_that_was_mistyped_is_found(parts: dict[str, Any], error: Decimal) -> None:
    total = sum_of_parts(parts)
    for cell in parts:
        wrong = {**parts, cell: parts[cell] + error}
        faults = check_cells(total, wrong)
        assert [(f.cell, f.stated, f.computed) for f in faults if f.cell == ""] == [
            ("", total, sum_of_parts(wrong))
        ]


@SOME
@given(TABLE)
def test_a_blank_part_is_no_fault_and_makes_no_total(parts: dict[str, Any]) -> None:
    total = sum_of_parts(parts)
    for cell in parts:
        open_table = {**parts, cell: None}
        assert check_cells(total, open_table) == []
        assert sum_of_parts(open_table) is None


@SOME
@given(fractions(), st.integers(0, 4))
def test_a_percentage_rounded_to_any_place_is_its_fraction(one: Ratio, places: int) -> None:
    assert one.value is not None
    unit = D(1).scaleb(-places)
    stated = one.value.quantize(unit)
    assert check_fraction(one, stated=stated) == []
    for wrong in (stated + unit, stated - unit):
        assert [fault.computed for fault in check_fraction(one, stated=wrong)] == [
            one.value
        ] or abs(one.value - wrong) <= unit / 2


LAWS: dict[str, Callable[[Decimal], Amount]] = {
    "sum": lambda number: number,
    "fraction": lambda number: Ratio(number, D(10**9)),
}


@pytest.mark.parametrize("kind", LAWS)
@pytest.mark.parametrize("rule", RULES)
def test_one_figure_alone_stays_what_it_is(kind: str, rule: OverTime | OverUnits) -> None:
    for number in (D(0), D("12.70"), D(10**9)):
        alone = LAWS[kind](number)
        result = combine([alone], rule)
        assert result.amount == alone
        assert result.incomplete is (kind == "sum" and rule == OverTime.RATIO_OF_SUMS)
