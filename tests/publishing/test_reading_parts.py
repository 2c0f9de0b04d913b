"""Reading a snapshot back: its small parts, and the plan with everything linked to everything."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from common.canonical import canonical
from indicators.choices import Certainty, Direction, Kind, Sensitivity, Status
from publishing.disclosure import PublishedAmount
from publishing.reading import Amount, Text, parse_structure
from publishing.reading.basic import total_of
from publishing.reading.structure import as_amount, as_date, as_figure, as_number
from tests.publishing import plain

D = Decimal


@pytest.mark.parametrize(
    ("language", "told", "shown"),
    [
        ("en", {"en": "One", "sq": "Një"}, "One"),
        ("sq", {"en": "One", "sq": "Një"}, "Një"),
        ("sq", {"en": "One"}, "One"),
        ("en", {"sq": "Një"}, "Një"),
        ("sq-AL", {"en": "One", "sq": "Një"}, "Një"),
        ("en", {"sq": "Një", "fr": "Un"}, "Një"),
        ("en", {"fr": "Un"}, "Un"),
        ("fr", {"en": "One", "fr": "Un"}, "Un"),
        ("en", {}, ""),
    ],
)
def test_a_text_reads_in_the_readers_language_or_the_first_there_is(
    language: str, told: dict[str, str], shown: str
) -> None:
    with override(language):
        assert str(Text(told)) == shown


def test_a_text_that_no_language_was_chosen_for_reads_in_english() -> None:
    with override(None):
        assert str(Text({"sq": "Një", "en": "One"})) == "One"


@pytest.mark.parametrize(
    ("kept", "figure"),
    [
        (None, None),
        ("0", D(0)),
        ("12.7", D("12.7")),
        ("-3", D(-3)),
        ("<10", "<10"),
        ("<20", "<20"),
        ("33.3333", D("33.3333")),
    ],
)
def test_a_figure_comes_back_as_it_went(kept: str | None, figure: Any) -> None:
    assert as_figure(kept) == figure
    assert type(as_figure(kept)) is type(figure)


figures = st.one_of(
    st.none(), st.just("<10"), st.decimals(-(10**9), 10**9, places=4, allow_nan=False)
)


@given(figures, figures, figures)
def test_every_amount_comes_back_as_it_went(value: Any, top: Any, base: Any) -> None:
    names = ("value", "numerator", "denominator")
    shown = PublishedAmount(value, top, base)
    text = canonical({name: getattr(shown, name) for name in names})
    found = as_amount(json.loads(text))
    assert [getattr(found, name) for name in names] == [value, top, base]


@pytest.mark.parametrize(
    ("amount", "number", "is_there"),
    [
        (Amount(), None, False),
        (Amount(D(0)), 0, True),
        (Amount(D(5), D(1), D(20)), 5, True),
        (Amount("<10"), None, True),
        (Amount(None, "<10", D(20)), None, True),
    ],
)
def test_a_hidden_figure_is_there_but_cannot_be_drawn(
    amount: Amount, number: int | None, is_there: bool
) -> None:
    assert (amount.number, amount.is_there) == (number, is_there)


def test_an_amount_without_halves_has_none() -> None:
    assert as_amount({"value": "5"}) == Amount(D(5), None, None)


def test_dates_and_numbers_may_be_missing() -> None:
    assert (as_date(None), as_date("")) == (None, None)
    assert as_date("2026-03-31") == date(2026, 3, 31)
    assert (as_number(None), as_number("0.10")) == (None, D("0.1"))


@pytest.mark.parametrize(
    ("money", "total"),
    [([], None), ([None, None], None), ([D(0)], 0), ([D(3), None, D("0.5")], D("3.5"))],
)
def test_a_sum_of_nothing_known_is_no_sum(money: list[Decimal | None], total: Any) -> None:
    assert total_of(money) == total


def test_a_quarter_is_named_in_words_and_keeps_its_dates() -> None:
    quarter = plain.read().quarters["2026-Q2"]
    assert str(quarter) == "2026 Q2"
    with override("sq"):
        assert str(quarter) == "2026 T2"
    assert (quarter.starts_on, quarter.ends_on) == (date(2026, 4, 1), date(2026, 6, 30))
    assert (quarter.year, quarter.quarter, quarter.due_on) == (2026, 2, date(2026, 12, 31))


def test_the_plan_comes_back_with_its_levels_and_thresholds() -> None:
    data = plain.snapshot()
    data["plan"] = plain.plan(
        adopted_on="2023-12-01", thresholds={"on_track_at": "0.95"}, is_demonstration=True
    )
    found = parse_structure(data).plan
    assert (found.code, str(found.title), found.country) == ("AL", "Title AL", "AL")
    assert (found.starts_on, found.ends_on) == (date(2024, 1, 1), date(2027, 12, 31))
    assert (found.adopted_on, found.is_demonstration) == (date(2023, 12, 1), True)
    assert {depth: str(name) for depth, name in found.levels.items()} == {0: "Area", 1: "Objective"}
    assert (found.thresholds, found.currency) == ({"on_track_at": "0.95"}, "ALL")


@pytest.mark.parametrize("certainty", Certainty.values)
def test_only_an_adopted_text_is_beyond_doubt(certainty: str) -> None:
    found = plain.read(objectives=[plain.objective("1", certainty=certainty)]).objectives["1"]
    assert found.certainty is Certainty(certainty)
    assert found.is_doubtful is (certainty != "adopted")


TREE = [
    plain.objective("1.2", "1"),
    plain.objective("1"),
    plain.objective("1.1", "1", depth=1),
    plain.objective("1.1.1", "1.1", depth=2),
    plain.objective("2"),
]


def test_the_tree_is_linked_both_ways_whatever_comes_first() -> None:
    rows = plain.read(objectives=TREE).objectives
    assert [child.code for child in rows["1"].children] == ["1.2", "1.1"]
    assert [row.code for row in rows["1"].everything()] == ["1", "1.2", "1.1", "1.1.1"]
    assert [row.code for row in rows["1.1.1"].path()] == ["1", "1.1"]
    assert rows["2"].path() == []
    assert {code: row.parent and row.parent.code for code, row in rows.items()} == {
        "1.2": "1",
        "1": None,
        "1.1": "1",
        "1.1.1": "1.1",
        "2": None,
    }


def test_a_level_without_a_name_has_an_empty_one() -> None:
    rows = plain.read(objectives=TREE).objectives
    names = {code: str(row.level) for code, row in rows.items()}
    assert (names["1"], names["1.1"], names["1.1.1"]) == ("Area", "Objective", "")


def test_an_objective_knows_what_hangs_on_it_and_below() -> None:
    parts = plain.read(
        objectives=TREE,
        indicators=[
            plain.indicator("I1", objective="1.1.1"),
            plain.indicator("I2"),
            plain.indicator("I3", objective="2"),
        ],
        actions=[plain.action("A1", objective="1.2"), plain.action("A2", objective="2")],
    )
    top, two = parts.objectives["1"], parts.objectives["2"]
    assert [row.code for row in top.indicators] == ["I2"]
    assert [row.code for row in top.all_indicators()] == ["I2", "I1"]
    assert [row.code for row in top.all_actions()] == ["A1"]
    assert [row.code for row in two.all_indicators()] == ["I3"]
    assert parts.indicators["I1"].objective is parts.objectives["1.1.1"]


def test_an_institution_knows_what_it_carries() -> None:
    parts = plain.read(
        actions=[
            plain.action("A1", "MM", supporting=["MB"]),
            plain.action("A2", None),
            plain.action("A3", "MB"),
        ],
        indicators=[plain.indicator("I1", who="MB MM", action="A1"), plain.indicator("I2")],
    )
    mm, mb = parts.institutions["MM"], parts.institutions["MB"]
    assert [[a.code for a in i.leads] for i in (mm, mb)] == [["A1"], ["A3"]]
    assert [[a.code for a in i.supports] for i in (mm, mb)] == [[], ["A1"]]
    assert [[r.code for r in i.indicators] for i in (mm, mb)] == [["I1", "I2"], ["I1"]]
    assert parts.actions["A2"].lead is None
    assert parts.indicators["I1"].action is parts.actions["A1"]
    assert parts.indicators["I2"].action is None
    assert (str(mm), mm.kind) == ("Ministry MM", "ministry")


def test_an_institution_without_a_name_is_called_by_its_code() -> None:
    nameless = {"code": "MX", "name": {}, "kind": "ministry"}
    assert str(plain.read(institutions=[nameless]).institutions["MX"]) == "MX"


def test_framework_items_are_shared_by_all_that_link_to_them() -> None:
    item = {"code": "un:5a", "framework": {"en": "UN"}, "title": {"en": "Item"}, "pillar": "P"}
    links = ["un:5a"]
    parts = plain.read(
        frameworks=[item | {"certainty": "found"}],
        objectives=[plain.objective("1", frameworks=links)],
        actions=[plain.action("A1", frameworks=links)],
        indicators=[plain.indicator(frameworks=links)],
    )
    rows = (parts.objectives["1"], parts.actions["A1"], parts.indicators["I1"])
    assert all(row.frameworks == [parts.frameworks["un:5a"]] for row in rows)
    assert parts.frameworks["un:5a"].certainty is Certainty.FOUND


def test_an_indicator_comes_back_with_what_it_declares() -> None:
    row = plain.one(
        plain.indicator(kind="percentage", direction="decrease", sensitivity="small_counts")
    )
    assert (row.kind, row.direction) == (Kind.PERCENTAGE, Direction.DECREASE)
    assert row.declared == {
        "value_meaning": "in_period",
        "over_time": "sum",
        "over_units": "sum",
        "frequency": "quarterly",
    }
    assert (row.sensitivity, row.is_protected) == (Sensitivity.SMALL_COUNTS, True)
    assert [row.tolerance, str(row.unit), row.is_restricted] == [0, "persons", False]
    assert plain.one(plain.indicator(sensitivity="restricted")).is_restricted


@pytest.mark.parametrize(
    ("state", "value", "figure"),
    [("known", "7", D(7)), ("known", "<10", "<10"), ("unknown", None, None), ("zero", "0", D(0))],
)
def test_a_baseline_comes_back_as_published(state: str, value: str | None, figure: Any) -> None:
    data = {"state": state, "value": value, "date": "2024-01-01", "source": "Survey"}
    found = plain.one(plain.indicator(baseline=data)).baseline
    assert (found.state, found.value, found.source) == (state, figure, "Survey")
    assert found.on == date(2024, 1, 1)


END, MID = "2027-12-31", "2026-12-31"
VERSIONS = [
    plain.target("80", END, 2),
    plain.target("100", END, 1),
    plain.target("40", MID, 1),
    plain.target("5", END, 3, cell="sex=f"),
]


def test_of_each_cell_and_date_the_latest_version_is_in_force() -> None:
    row = plain.one(plain.indicator("I1", *VERSIONS))
    told = [(t.cell, str(t.as_of), t.version, t.is_in_force) for t in row.targets]
    assert told == [
        ("", MID, 1, True),
        ("", END, 1, False),
        ("", END, 2, True),
        ("sex=f", END, 3, True),
    ]


def test_the_target_is_the_last_in_force_of_the_total() -> None:
    row = plain.one(plain.indicator("I1", *VERSIONS))
    assert row.target is not None
    assert [row.target.value, row.target.as_of] == [80, date(2027, 12, 31)]
    only_of_a_cell = plain.one(plain.indicator("I1", VERSIONS[3]))
    assert only_of_a_cell.target is None
    assert plain.one(plain.indicator()).target is None


def test_an_action_adds_its_money_over_quarters_and_ministries() -> None:
    row = plain.action("A1", funding=("9000.50", "1000"))
    told = [
        plain.report("MM", "2026-Q1", actions=[plain.progress("A1", allocated="10", spent="4")]),
        plain.report("MB", "2026-Q1", actions=[plain.progress("A1", spent="0.5")]),
        plain.report("MM", "2026-Q2", actions=[plain.progress("A1", "done", spent="6")]),
    ]
    found = plain.read(actions=[row], reports=told).actions["A1"]
    assert (found.planned, found.allocated, found.spent) == (D("10000.50"), D(10), D("10.5"))
    assert found.now is not None
    assert [found.now.status, found.now.spent] == ["done", 6]


def test_an_action_nothing_is_known_of_has_no_money_and_no_status() -> None:
    found = plain.read(actions=[plain.action("A1")]).actions["A1"]
    assert (found.planned, found.allocated, found.spent, found.now) == (None,) * 4


def test_what_an_action_did_before_is_not_what_it_does_now() -> None:
    told = [plain.report("MM", "2026-Q1", actions=[plain.progress("A1", "done")])]
    found = plain.read(actions=[plain.action("A1")], reports=told).actions["A1"]
    assert (found.now, len(found.reports)) == (None, 1)


def test_a_structure_alone_has_no_quarters_and_no_status() -> None:
    parts = parse_structure(plain.snapshot(indicators=[plain.indicator()]))
    row = parts.indicators["I1"]
    assert (parts.quarters, parts.reports, parts.missing) == ({}, [], [])
    assert (row.now, row.status, row.lines_now) == (None, None, [])


@pytest.mark.parametrize("status", Status.values)
def test_every_status_of_the_list_can_be_read(status: str) -> None:
    row = plain.one(plain.indicator(), plain.judged("I1", "2026-Q1", status))
    assert row.status is Status(status)
