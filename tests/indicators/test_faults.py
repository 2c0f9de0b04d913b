"""Faults inside a table, among them those that real published tables hold."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.combine import Ratio
from indicators.faults import (
    Fault,
    FaultCode,
    Half,
    check_cells,
    check_fraction,
    check_running_total,
    check_table,
    sum_of_parts,
)

D = Decimal
EXCEEDS, DIFFERS = FaultCode.PART_EXCEEDS_TOTAL, FaultCode.PARTS_DO_NOT_ADD_UP
parts_of_a_table = st.dictionaries(
    st.sampled_from(["sex=f", "sex=m", "sex=x"]),
    st.decimals(0, 10**6, places=2),
    min_size=1,
)


def table(**cells):
    """Cells by short names: `t` the total, `f`, `m` by sex, `f_y` crossed with age."""
    names = {"t": "", "f": "sex=f", "m": "sex=m", "y": "age=y", "o": "age=o"}
    return {
        ";".join(names[part] for part in name.split("_")): None if value is None else D(value)
        for name, value in cells.items()
    }


def codes(faults):
    return [(fault.code, fault.cell) for fault in faults]


# --- parts and totals ------------------------------------------------------------------------


def test_parts_that_add_up_have_no_fault():
    assert check_cells(D(16), {"sex=f": D(7), "sex=m": D(9)}) == []


def test_parts_that_do_not_add_up_are_named_with_both_figures():
    parts = {"sex=f": D(4231), "sex=m": D(202266)}
    assert check_cells(D(206500), parts) == [
        Fault(DIFFERS, "", ("sex=f", "sex=m"), stated=D(206500), computed=D(206497))
    ]


def test_a_part_above_its_total_is_named_even_where_nothing_need_add_up():
    parts = {"sex=f": D(17), "sex=m": None}
    assert check_cells(D(16), parts, exhaustive=False) == [
        Fault(EXCEEDS, "sex=f", ("",), stated=D(17), computed=D(16))
    ]


def test_blank_parts_may_still_make_up_the_rest():
    assert check_cells(D(16), {"sex=f": D(7), "sex=m": None}) == []


def test_given_parts_above_the_total_do_not_wait_for_the_blank_ones():
    parts = {"a=1": D(9), "a=2": D(9), "a=3": None}
    assert codes(check_cells(D(16), parts)) == [(DIFFERS, "")]


def test_overlapping_categories_need_not_add_up():
    assert check_cells(D(16), {"role=a": D(10), "role=b": D(10)}, exhaustive=False) == []


def test_a_blank_total_or_no_parts_leave_nothing_to_check():
    assert check_cells(None, {"sex=f": D(7)}) == []
    assert check_cells(D(16), {}) == []
    assert check_cells(D(16), {"sex=f": None}) == []


def test_a_total_of_zero_is_a_total():
    assert codes(check_cells(D(0), {"sex=f": D(1)})) == [(EXCEEDS, "sex=f"), (DIFFERS, "")]


def test_both_halves_of_a_percentage_are_checked():
    parts = {"rank=a": Ratio(D(10), D(50)), "rank=b": Ratio(D(8), D(60))}
    faults = check_cells(Ratio(D(12), D(110)), parts)
    assert faults == [Fault(DIFFERS, "", ("rank=a", "rank=b"), D(12), D(18), half=Half.NUMERATOR)]


# --- whole tables ----------------------------------------------------------------------------


def test_each_dimension_on_its_own_is_held_against_the_total():
    cells = table(t=10, f=4, m=6, y=3, o=6)
    assert check_table(cells) == [Fault(DIFFERS, "", ("age=y", "age=o"), D(10), D(9))]


def test_crossed_cells_are_held_against_the_total_and_each_margin():
    cells = table(t=10, f=4, m=6, f_y=1, f_o=3, m_y=3, m_o=4)
    assert codes(check_table(cells)) == [(DIFFERS, ""), (DIFFERS, "sex=m")]


def test_crossed_cells_without_margins_add_up_to_the_total():
    assert check_table(table(t=10, f_y=1, f_o=3, m_y=2, m_o=4)) == []
    assert codes(check_table(table(t=9, f_y=1, f_o=3, m_y=2, m_o=4))) == [(DIFFERS, "")]


def test_an_open_dimension_need_not_add_up_wherever_it_takes_part():
    cells = table(t=10, f=4, m=6, y=3, o=6, f_y=1, f_o=1, m_y=2, m_o=2)
    closed = [fault.cell for fault in check_table(cells)]
    assert closed == ["", "", "sex=f", "sex=m", "age=o"]
    assert codes(check_table(cells, open_dimensions={"age"})) == [(DIFFERS, "age=o")]


# --- percentages -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("top", "bottom", "stated", "found"),
    [
        (341, 1747, "19.51", [FaultCode.NOT_ITS_FRACTION]),
        (341, 1747, "19.52", []),
        (348, 2337, "14.89", []),
        (561, 1578, "35.55", []),
        (7, 8, "87.4", [FaultCode.NOT_ITS_FRACTION]),
        (7, 8, "87.5", []),
        (7, 8, "88", []),
        (12, 66, "17.9", [FaultCode.NOT_ITS_FRACTION]),
        (0, 0, "0", []),
        (0, 10, "0", []),
    ],
)
def test_a_stated_percentage_is_its_fraction_but_for_rounding(top, bottom, stated, found):
    faults = check_fraction(Ratio(D(top), D(bottom)), cell="rank=o", stated=D(stated))
    assert codes(faults) == [(code, "rank=o") for code in found]


def test_the_right_percentage_is_given_with_the_wrong_one():
    (fault,) = check_fraction(Ratio(D(341), D(1747)), stated=D("19.51"))
    assert (fault.stated, round(fault.computed, 2)) == (D("19.51"), D("19.52"))


def test_a_numerator_above_its_denominator_is_a_fault_of_percentages_only():
    ratio = Ratio(D(11), D(10))
    (fault,) = check_fraction(ratio)
    assert (fault.code, fault.half) == (FaultCode.NUMERATOR_EXCEEDS_DENOMINATOR, Half.NUMERATOR)
    assert (fault.stated, fault.computed) == (11, 10)
    assert check_fraction(ratio, may_exceed=True) == []


def test_a_denominator_is_asked_for_where_a_numerator_stands():
    assert codes(check_fraction(Ratio(D(5), None))) == [(FaultCode.DENOMINATOR_MISSING, "")]
    assert check_fraction(Ratio(None, None)) == []


def test_some_of_nobody_is_a_fault_and_none_of_nobody_is_not():
    assert codes(check_fraction(Ratio(D(5), D(0)))) == [(FaultCode.DENOMINATOR_ZERO, "")]
    assert check_fraction(Ratio(D(0), D(0))) == []


# --- running totals --------------------------------------------------------------------------


def test_a_running_total_that_falls_is_found():
    assert check_running_total(D(9), D(7), cell="sex=f") == [
        Fault(FaultCode.RUNNING_TOTAL_FELL, "sex=f", stated=D(7), computed=D(9))
    ]


@pytest.mark.parametrize(("before", "now"), [(9, 9), (9, 10), (None, 3), (9, None)])
def test_a_running_total_may_stay_rise_begin_or_be_blank(before, now):
    previous, current = (None if value is None else D(value) for value in (before, now))
    assert check_running_total(previous, current) == []


# --- totals summed from their parts ----------------------------------------------------------


def test_a_total_is_summed_once_every_part_is_there():
    assert sum_of_parts({"sex=f": D(7), "sex=m": D(0)}) == 7
    assert sum_of_parts({"sex=f": D(7), "sex=m": None}) is None
    assert sum_of_parts({}) is None


def test_a_summed_percentage_sums_both_halves():
    parts = {"rank=a": Ratio(D(1), D(10)), "rank=b": Ratio(D(90), D(100))}
    assert sum_of_parts(parts) == Ratio(D(91), D(110))
    assert sum_of_parts(parts | {"rank=c": Ratio(D(1), None)}) == Ratio(D(92), None)


@given(parts_of_a_table)
def test_a_summed_total_never_has_a_fault(parts):
    assert check_cells(sum_of_parts(parts), parts) == []


@given(parts_of_a_table, st.decimals("0.01", 100, places=2))
def test_any_other_total_has_one(parts, error):
    for total in (sum_of_parts(parts) + error, sum_of_parts(parts) - error):
        assert (DIFFERS, "") in codes(check_cells(total, parts))
