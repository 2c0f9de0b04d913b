"""Filters without a page: which rows stay, which choices are offered, old addresses."""

from typing import Any

import pytest
from django.http import QueryDict

from publishing.filters import (
    ActionFilter,
    CompareFilter,
    CrosswalkFilter,
    GapFilter,
    IndicatorFilter,
    InstitutionFilter,
    LightsFilter,
    PlanFilter,
)
from publishing.reading import Parts
from publishing.reading.comparing import Moment, compared, compared_actions
from publishing.reading.insight import scorecards
from publishing.reading.lights import differing
from publishing.reading.register import register
from tests.publishing import plain
from tests.publishing.test_reading_crosswalk import item

Q1, Q2 = "2026-Q1", "2026-Q2"


def made() -> Parts:
    """Two objectives, two institutions, two quarters; one item that nothing is linked to."""
    return plain.read(
        frameworks=[
            item("un:1", pillar="Participation"),
            item("un:2", pillar="Protection"),
            item("un:9", pillar="Recovery"),
        ],
        objectives=[
            plain.objective("1", frameworks=["un:1"]),
            plain.objective("1.1", "1"),
            plain.objective("2"),
        ],
        indicators=[
            plain.indicator("I1", plain.target("9"), who="MM", objective="1.1"),
            plain.indicator("I2", plain.target("9"), who="MB", objective="2", frameworks=["un:2"]),
        ],
        actions=[
            plain.action("A1", "MM", objective="1.1"),
            plain.action("A2", "MB", objective="2", supporting=["MM"]),
        ],
        assessments=[
            plain.judged("I1", Q1, "on_track"),
            plain.judged("I2", Q1, "at_risk"),
            plain.judged("I1", Q2, "off_track"),
            plain.judged("I2", Q2, "at_risk"),
        ],
        reports=[
            plain.report(
                "MM",
                Q1,
                plain.line("I1", plain.said("5"), coalition="off_track"),
                actions=[plain.progress("A1", "in_progress")],
            ),
            plain.report("MB", Q1, plain.line("I2", plain.silent(), ministry="at_risk")),
            plain.report(
                "MM",
                Q2,
                plain.line("I1", plain.said("6"), ministry="off_track"),
                actions=[plain.progress("A1", "done")],
            ),
        ],
        missing=[plain.missing("MB", Q2)],
    )


PARTS = made()


def asked(query: str) -> QueryDict:
    return QueryDict(query)


def codes(rows: Any) -> str:
    return " ".join(row.code for row in rows)


INDICATORS = [
    ("", "I1 I2"),
    ("pillar=Participation", "I1"),
    ("pillar=Protection", "I2"),
    ("pillar=Recovery", "I1 I2"),
    ("framework=un:9", "I1 I2"),
    ("framework=pillar:Protection", "I2"),
    ("framework=pillar:Recovery", "I1 I2"),
    ("objective=1", "I1"),
    ("status=off_track", "I1"),
    ("quarter=2026-Q1&status=off_track", ""),
    ("quarter=2026-Q1&status=on_track", "I1"),
    ("quarter=2026-Q1&institution=MB", "I2"),
]


@pytest.mark.parametrize(("query", "stay"), INDICATORS)
def test_indicators_stay_that_fit_in_the_quarter_chosen(query: str, stay: str) -> None:
    assert codes(IndicatorFilter(asked(query), PARTS).apply()) == stay


ACTIONS = [
    ("", "A1 A2"),
    ("status=done", "A1"),
    ("quarter=2026-Q1&status=done", ""),
    ("quarter=2026-Q1&status=in_progress", "A1"),
    ("institution=MM", "A1 A2"),
    ("institution=MB", "A2"),
    ("pillar=Participation", "A1"),
]


@pytest.mark.parametrize(("query", "stay"), ACTIONS)
def test_actions_stay_that_fit_in_the_quarter_chosen(query: str, stay: str) -> None:
    assert codes(ActionFilter(asked(query), PARTS).apply()) == stay


INSTITUTIONS = [
    ("", "MB MM"),
    ("objective=1", "MM"),
    ("objective=2", "MB MM"),
    ("status=off_track", "MM"),
    ("status=at_risk", "MB"),
    ("status=at_risk&objective=1", ""),
    ("pillar=Protection", "MB"),
    ("quarter=2026-Q1&status=on_track", "MM"),
]


@pytest.mark.parametrize(("query", "stay"), INSTITUTIONS)
def test_institutions_stay_that_carry_what_fits(query: str, stay: str) -> None:
    cards = InstitutionFilter(asked(query), PARTS).apply(scorecards(PARTS))
    assert codes(card.institution for card in cards) == stay


@pytest.mark.parametrize(("query", "owed"), [("", [2, 2]), ("quarter=2026-Q1", [1, 1])])
def test_institutions_report_until_the_quarter_chosen(query: str, owed: list[int]) -> None:
    cards = InstitutionFilter(asked(query), PARTS).apply(scorecards(PARTS))
    assert [card.owed for card in cards] == owed


GAPS = [
    ("", "I2 I2 I2"),
    ("kind=never", "I2"),
    ("kind=no_report&institution=MB", "I2"),
    ("institution=MM", ""),
    ("quarter=2026-Q1", "I2"),
    ("pillar=Participation", ""),
    ("status=off_track", ""),
]


@pytest.mark.parametrize(("query", "stay"), GAPS)
def test_gaps_stay_that_fit(query: str, stay: str) -> None:
    rows = GapFilter(asked(query), PARTS).apply(register(PARTS))
    assert codes(row.indicator for row in rows) == stay


LIGHTS = [
    ("", "I1"),
    ("pair=sides", "I1"),
    ("pair=ministry", ""),
    ("quarter=2026-Q2", ""),
    ("institution=MB", ""),
    ("status=on_track", "I1"),
    ("status=off_track", ""),
]


@pytest.mark.parametrize(("query", "stay"), LIGHTS)
def test_differences_stay_that_fit_by_the_status_of_their_own_quarter(
    query: str, stay: str
) -> None:
    rows = LightsFilter(asked(query), PARTS).apply(differing(PARTS))
    assert codes(row.indicator for row in rows) == stay


CROSSINGS = [
    ("", "un:1 un:2 un:9"),
    ("framework=un", "un:1 un:2 un:9"),
    ("framework=un:9", "un:9"),
    ("pillar=Recovery", "un:9"),
    ("reach=nothing", "un:9"),
    ("objective=1.1&reach=nothing", "un:2 un:9"),
    ("status=off_track&reach=measured", "un:1"),
    ("quarter=2026-Q1&status=off_track&reach=measured", ""),
]


@pytest.mark.parametrize(("query", "stay"), CROSSINGS)
def test_items_stay_that_fit_also_those_that_nothing_answers_to(query: str, stay: str) -> None:
    assert codes(row.item for row in CrosswalkFilter(asked(query), PARTS).apply()) == stay


COMPARED = [
    ("", "I1 I2", "A1 A2"),
    ("change=worse", "I1", ""),
    ("change=better", "", "A1"),
    ("status=off_track", "I1", ""),
    ("objective=2", "I2", "A2"),
]


@pytest.mark.parametrize(("query", "indicators", "actions"), COMPARED)
def test_what_is_compared_stays_where_it_fits(query: str, indicators: str, actions: str) -> None:
    form = CompareFilter(asked(query), PARTS)
    moments = (Moment(PARTS, Q1), Moment(PARTS, Q2))
    assert codes(row.row for row in form.apply(compared(*moments))) == indicators
    assert codes(row.row for row in form.apply_to_actions(compared_actions(*moments))) == actions


MOMENTS = [
    ("", Q1, Q2),
    ("from=2026-Q2", Q2, Q2),
    ("to=2026-Q1", Q1, Q1),
    ("from=2026-Q2&to=2026-Q1", Q2, Q1),
    ("from=never&to=", Q1, Q2),
]


@pytest.mark.parametrize(("query", "first", "second"), MOMENTS)
def test_two_quarters_are_always_chosen_and_are_no_narrowing(
    query: str, first: str, second: str
) -> None:
    form = CompareFilter(asked(query), PARTS)
    assert (form.chosen["from"], form.chosen["to"]) == (first, second)
    assert form.narrowed == {}


def test_of_one_quarter_alone_both_are_that_one() -> None:
    form = CompareFilter(asked(""), plain.read(Q1, periods=[plain.quarter(Q1)]))
    assert (form.chosen["from"], form.chosen["to"]) == (Q1, Q1)


OFFERED: list[tuple[type[PlanFilter], str]] = [
    (IndicatorFilter, "objective pillar institution framework status quarter edition"),
    (ActionFilter, "objective pillar institution framework status quarter edition"),
    (InstitutionFilter, "objective pillar framework status quarter edition"),
    (GapFilter, "kind objective pillar institution framework status quarter edition"),
    (LightsFilter, "pair objective pillar institution framework status quarter edition"),
    (CrosswalkFilter, "framework pillar reach objective institution status quarter edition"),
    (CompareFilter, "from to change objective pillar institution framework status edition"),
]


@pytest.mark.parametrize(("kind", "names"), OFFERED)
def test_each_list_offers_the_same_choices_and_its_own(kind: type[PlanFilter], names: str) -> None:
    assert [*kind(asked(""), PARTS).fields] == names.split()


@pytest.mark.parametrize("kind", [kind for kind, _names in OFFERED])
def test_only_linked_items_are_offered_but_in_the_crosswalk(kind: type[PlanFilter]) -> None:
    pillars = [value for value, _label in kind(asked(""), PARTS).fields["pillar"].choices]  # type: ignore[attr-defined]
    everything = ["", "Participation", "Protection", "Recovery"]
    assert pillars == (everything if kind is CrosswalkFilter else everything[:-1])


def test_quarters_are_offered_newest_first() -> None:
    field: Any = IndicatorFilter(asked(""), PARTS).fields["quarter"]
    assert [value for value, _label in field.choices] == ["", Q2, Q1]


def test_the_edition_is_kept_and_is_no_choice() -> None:
    form = IndicatorFilter(asked("edition=AL-2026-Q2-1&objective=1"), PARTS)
    assert (form.chosen, form["edition"].value()) == ({"objective": "1"}, "AL-2026-Q2-1")


def test_an_old_address_shows_its_pillar_as_chosen() -> None:
    form = IndicatorFilter(asked("framework=pillar:Protection"), PARTS)
    assert (form["pillar"].value(), form["framework"].value()) == ("Protection", "")
    assert form.chosen == {"pillar": "Protection"}
