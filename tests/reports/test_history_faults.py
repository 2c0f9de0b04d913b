"""What arithmetic finds in a table of earlier figures; it goes in all the same."""

import csv
from decimal import ROUND_DOWN, Decimal
from pathlib import Path

import pytest
from django.utils import translation

from indicators.choices import Kind, ValueMeaning
from indicators.loading import load
from indicators.models import Plan
from reports.history.faults import Found, read_found
from reports.history.mapping import read_mapping
from reports.history.preview import Preview, preview
from reports.history.storing import store
from reports.history.tables import take_in
from reports.models import HistoricValue
from tests import factory
from tests.conftest import World
from tests.reports.bringing import faults, problems, seen, split_indicator

HEAD = "period,indicator,sex,unit,value"
PUBLISHED = Path(__file__).resolve().parents[2] / "plans/published-tables"


def found(world: World, *rows: str) -> list[tuple[int, str]]:
    split_indicator(world)
    told = seen(world, HEAD, *rows)
    assert problems(told) == []
    return faults(told)


def test_parts_that_fit_their_total_are_no_fault(world: World) -> None:
    rows = ("2020,S1,f,number,4", "2020,S1,m,number,6", "2020,S1,,number,10")
    assert found(world, *rows, "2020,S1,f,percent,40", "2020,S1,m,percent,60") == []


def test_a_total_that_is_not_the_sum_of_its_parts_is_named_with_their_rows(world: World) -> None:
    rows = ("2020,S1,f,number,4", "2020,S1,m,number,5", "2020,S1,,number,10")
    text = "The total is 10, but its parts (rows 2, 3) add up to 9."
    assert found(world, *rows) == [(4, text)]


def test_a_part_above_its_whole_is_named(world: World) -> None:
    rows = ("2020,S1,f,number,12", "2020,S1,,number,10")
    assert found(world, *rows) == [
        (2, "The part 12 is larger than its whole, 10 (row 3)."),
        (3, "The total is 10, but its parts (rows 2) add up to 12."),
    ]


def test_parts_that_are_not_all_there_need_not_add_up(world: World) -> None:
    assert found(world, "2020,S1,f,number,4", "2020,S1,,number,10") == []


def test_parts_that_overlap_need_not_add_up(world: World) -> None:
    split_indicator(world)
    head = "period,indicator,service,value"
    rows = ("2020,S1,army,4", "2020,S1,police,5", "2020,S1,,10")
    assert faults(seen(world, head, *rows)) == []


@pytest.mark.parametrize(
    ("percent", "is_right"),
    [("19.52", True), ("19.5", True), ("20", True), ("19.51", False), ("19", False), ("21", False)],
)
def test_a_percentage_is_held_against_its_fraction_to_its_last_digit(
    world: World, percent: str, is_right: bool
) -> None:
    rows = ("2020,S1,f,number,341", "2020,S1,,number,1747", f"2020,S1,f,percent,{percent}")
    text = f"The percentage is {percent}, but its fraction (rows 2, 3) gives 19.52."
    assert found(world, *rows) == ([] if is_right else [(4, text)])


def test_a_missing_total_is_that_of_its_parts_where_they_are_all_there(world: World) -> None:
    rows = ("2020,S1,f,number,3", "2020,S1,m,number,34", "2020,S1,f,percent,37.5")
    text = "The percentage is 37.5, but its fraction (rows 2, 3) gives 8.11."
    assert found(world, *rows) == [(4, text)]
    assert faults(seen(world, HEAD, "2020,S1,f,number,3", "2020,S1,f,percent,37.5")) == []


def test_a_percentage_is_of_the_dimension_the_mapping_says(world: World) -> None:
    split_indicator(world)
    head = "period,indicator,service,sex,unit,value"
    rows = (
        "2020,S1,army,f,number,10",
        "2020,S1,army,,number,100",
        "2020,S1,,f,number,40",
        "2020,S1,army,f,percent,25",
    )
    text = "The percentage is 25, but its fraction (rows 2, 3) gives 10."
    assert faults(seen(world, head, *rows)) == [(5, text)]
    assert faults(seen(world, head, *rows, share_of="service")) == []


def test_a_percentage_of_nothing_known_is_believed(world: World) -> None:
    assert found(world, "2020,S1,f,percent,40", "2021,S1,,percent,40") == []


def test_figures_of_other_periods_and_sources_are_other_tables(world: World) -> None:
    split_indicator(world)
    head = "period,indicator,sex,source,value"
    rows = ("2020,S1,f,A,4", "2020,S1,m,A,5", "2021,S1,,A,10", "2020,S1,,B,10")
    assert faults(seen(world, head, *rows)) == []


def test_two_sources_that_differ_are_named_unless_one_is_rounded(world: World) -> None:
    head = "period,indicator,source,value"
    rows = ("2019,I1,A,11.2", "2019,I1,B,13", "2020,I1,A,19.3", "2020,I1,B,19")
    text = "Here the source says 13, another one 11.2 (row 2)."
    assert faults(seen(world, head, *rows)) == [(3, text)]


def test_two_institutions_may_differ(world: World) -> None:
    head = "period,indicator,institution,value"
    assert faults(seen(world, head, "2020,I1,MM,1", "2020,I1,MB,2")) == []


def test_a_running_total_that_fell_is_named_in_the_order_of_the_periods(world: World) -> None:
    meaning = ValueMeaning.RUNNING_TOTAL
    factory.make_indicator(world.plan, "R1", objective=world.objective, value_meaning=meaning)
    head = "period,indicator,value"
    rows = ("2021,R1,7", "2020,R1,9", "2019,R1,9")
    text = "The running total fell to 7; before it was 9 (row 3)."
    assert faults(seen(world, head, *rows)) == [(2, text)]


def test_a_fraction_of_its_own_is_checked(world: World) -> None:
    head = "period,indicator,value,numerator,denominator"
    rows = ("2018,I2,15,3,20", "2019,I2,16,3,20", "2020,I2,,30,20", "2021,I2,,3,0")
    assert faults(seen(world, head, *rows)) == [
        (3, "The percentage is 16, but its fraction (rows 3) gives 15."),
        (4, "The numerator 30 is larger than the denominator 20."),
        (4, "150 is outside of what is plausible."),
        (5, "The denominator is 0 although the numerator is not."),
    ]


def test_the_numerator_of_a_ratio_may_be_the_larger(world: World) -> None:
    factory.make_share(world.plan, "Q1", objective=world.objective, kind=Kind.RATIO)
    head = "period,indicator,numerator,denominator"
    assert faults(seen(world, head, "2020,Q1,30,20")) == []


def test_what_is_implausible_is_named(world: World) -> None:
    factory.make_indicator(world.plan, "P1", objective=world.objective, floor=2, ceiling=8)
    rows = ("2019,P1,,,1", "2020,P1,,,2", "2021,P1,,,9", "2022,S1,f,percent,101", "2020,I2,,,-1")
    assert found(world, *rows) == [
        (2, "1 is outside of what is plausible."),
        (4, "9 is outside of what is plausible."),
        (5, "101 is outside of what is plausible."),
        (6, "-1 is outside of what is plausible."),
    ]


def test_a_fault_is_stored_as_data_and_told_in_the_language_of_the_reader() -> None:
    fault = Found(4, "not_its_fraction", (2, 3), Decimal("19.51"), Decimal("19.519"))
    again = read_found({**fault.as_data(), "stated": "19.51", "computed": "19.519"})
    assert again == fault
    with translation.override("sq"):
        assert "19,51" in str(again)
        assert "19,52" in str(again)


# ------------------------------------------------------------------ published tables


@pytest.fixture
def published(db: None) -> Preview:
    load(PUBLISHED, commit=True)
    folder = PUBLISHED / "history"
    plan, mapping = Plan.objects.get(), read_mapping((folder / "mapping.json").read_text())
    data = (folder / "figures.csv").read_bytes()
    return preview(take_in(plan, data, "figures.csv", by="test", mapping=mapping))


def table() -> dict[int, dict[str, str]]:
    """The published rows by their number in the file."""
    with (PUBLISHED / "history/figures.csv").open() as file:
        return dict(enumerate(csv.DictReader(file), start=2))


def test_the_published_tables_are_read_whole(published: Preview) -> None:
    assert problems(published) == []
    assert (len(published.new), published.reading.blank) == (364, [])


# What somebody noted about the published tables and arithmetic alone can not know.
BEYOND_ARITHMETIC = {
    "derived: 14.01 minus the stated rise of 0.27",
    "osce.org/445660 (Feb 2020) says 18.2 of armed forces staff: differing sources",
    "75 percent stated, so 4 in all",
    "66 percent stated; 6 of 9 is 66.67",
    "rounded in source",
    "12 of 66 by rows is 18.2",
}
# Notes that confirm the figure.
RIGHT = {"recomputed 40.0", "recomputed 100.0", "recomputed 11.11"}


def test_every_fault_somebody_noted_is_found_where_it_stands(published: Preview) -> None:
    faulty = {fault.row for fault in published.faults}
    faulty |= {row for fault in published.faults for row in fault.rows}
    noted: dict[str, set[int]] = {}
    for number, row in table().items():
        noted.setdefault(row["quality_note"], set()).add(number)
    del noted[""]
    missed = {note for note, rows in noted.items() if not rows & faulty}
    assert missed == BEYOND_ARITHMETIC | RIGHT
    assert len(noted) - len(missed) == 17


def test_the_faults_of_the_published_tables_are_told_with_their_figures(published: Preview) -> None:
    told = dict(faults(published))
    assert told[10] == "The percentage is 19.51, but its fraction (rows 8, 9) gives 19.52."
    assert told[31] == "The percentage is 87, but its fraction (rows 30, 29) gives 87.5."
    assert told[88] == "The percentage is 5.8, but its fraction (rows 86, 87) gives 3.05."
    assert told[145] == "The part 6 is larger than its whole, 0 (row 147)."
    assert told[195].endswith("(rows 194, 193) add up to 39\u00a0328.")
    assert told[220] == "The percentage is 18, but its fraction (rows 218, 219) gives 15.15."
    assert told[233] == "Here the source says 13, another one 11.2 (row 226)."
    assert told[364] == "The total is 753, but its parts (rows 363, 362) add up to 751."


def test_what_is_told_of_the_published_tables_can_be_computed_again(published: Preview) -> None:
    """No fault is invented: every sum and every percentage follows from the rows it names."""
    values = {figure.row: figure.numbers[0] for figure in published.reading.figures}
    groups = {number: row["group"] for number, row in table().items()}
    for fault in published.faults:
        parts = [values[row] or 0 for row in fault.rows]
        if fault.code == "parts_do_not_add_up":
            assert sum(parts) == fault.computed != values[fault.row] == fault.stated
        elif fault.code == "part_exceeds_total":
            assert [fault.computed] == parts
            assert fault.computed < values[fault.row] == fault.stated  # type: ignore[operator]
        elif fault.code == "not_its_fraction":
            # The row of men stands where the source gives no total.
            is_total = groups[fault.rows[1]] != "men"
            bottom = parts[1] if is_total else sum(parts)
            assert fault.computed is not None
            assert abs(fault.computed - 100 * parts[0] / bottom) < Decimal("0.01")
        else:
            assert fault.code == "sources_differ"


def test_where_nobody_noted_a_fault_only_percentages_that_were_cut_are_named(
    published: Preview,
) -> None:
    """Six faults touch no row with a note: each is a figure cut at its last digit, not rounded."""
    noted = {n for n, row in table().items() if row["quality_note"] not in RIGHT | {""}}
    unnoted = [fault for fault in published.faults if not {fault.row, *fault.rows} & noted]
    assert [fault.row for fault in unnoted] == [262, 285, 317, 345, 353, 361]
    for fault in unnoted:
        assert fault.code == "not_its_fraction"
        assert fault.computed is not None
        assert fault.stated == fault.computed.quantize(Decimal("0.1"), ROUND_DOWN)


def test_the_faultless_rows_on_their_own_have_no_fault(published: Preview) -> None:
    told = {row for fault in published.faults for row in (fault.row, *fault.rows)}
    lines = (PUBLISHED / "history/figures.csv").read_text().splitlines(keepends=True)
    kept = [line for number, line in enumerate(lines, start=1) if number not in told]
    plan = Plan.objects.get()
    mapping = read_mapping((PUBLISHED / "history/mapping.json").read_text())
    data = "".join(kept).encode()
    found = preview(take_in(plan, data, "faultless.csv", by="test", mapping=mapping))
    assert (problems(found), faults(found)) == ([], [])
    assert len(found.new) == len(kept) - 1 == 220


def test_the_published_tables_go_in_as_they_are(published: Preview) -> None:
    store(Plan.objects.get().import_batches.get(), by="test")
    rows = list(table().values())
    stored = HistoricValue.objects.filter(in_force=True).order_by("row")
    assert [row.value for row in stored] == [Decimal(row["value"]) for row in rows]
    assert [row.note for row in stored] == [row["quality_note"] for row in rows]
    percentage = "Measures carried out"
    wanted = [row["unit"] == "percent" and row["indicator"] != percentage for row in rows]
    assert [row.is_share for row in stored] == wanted
    assert wanted.count(True) == 116
