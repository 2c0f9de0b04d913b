"""What a report still lacks: all of it at once, each gap with the place to fill it in."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from indicators.choices import CellLayout, Kind, TotalRule
from indicators.models import Indicator
from reports.missing import Missing, first_field, line_anchor, missing_in, owed_cells, undecided
from reports.models import Line, Observation, Rating, Report
from reports.queries import actions_for_form, lines_for_form
from reports.sections import page_slug_of, pages_so_far
from tests import factory
from tests.conftest import World
from tests.reports.loose import dimension, indicator

NO_VALUE = "no value and no reason for its absence."
NO_RATING = "Your own rating is missing."


def gaps_of(report: Report) -> list[Missing]:
    return missing_in(report, lines_for_form(report))


def told(report: Report) -> list[tuple[str, str]]:
    """The gaps as a person reads them; of a title only its code, to keep the lists short."""
    return [(gap.subject.split(" ")[0], gap.text) for gap in gaps_of(report)]


def filled(world: World) -> Report:
    return factory.fill_in(world.now(), world.contributor)


def line(world: World, row: Indicator | None = None) -> Line:
    return Line.objects.get(report=world.report, indicator=row or world.indicator)


SEX, SUM, AGE = (
    [f"{code}-{part}-value" for part in parts]
    for code, parts in (("sex", "fm"), ("sum", "fm"), ("age", "yo"))
)
KINDS = [
    # code, kind, dimensions, fields in which it is first answered
    ("K1", Kind.COUNT, "", ["total-value"]),
    ("K2", Kind.COUNT, "sex", ["total-value", *SEX]),
    ("K3", Kind.AMOUNT, "sum", SUM),
    ("K4", Kind.RATIO, "sex", ["total-numerator", "sex-f-numerator", "sex-m-numerator"]),
    ("K5", Kind.COUNT, "sex age", ["total-value", *SEX, *AGE]),
    ("K6", Kind.YES_NO, "", ["total-value"]),
    ("K7", Kind.NARRATIVE, "", ["total-value"]),
    ("K8", Kind.REGISTER, "", ["total-value"]),
    ("K9", Kind.COUNT, "sum age", ["total-value", *SUM, *AGE]),
]
CROSSED = ["total-value", *(f"sex-{s}_age-{a}-value" for s in "fm" for a in "yo")]


def with_every_kind(world: World) -> Report:
    """The report of a later quarter, owing one indicator of each kind and layout."""
    splits = {
        "sex": factory.make_dimension(world.plan, "sex", "f", "m"),
        "age": factory.make_dimension(world.plan, "age", "y", "o"),
        "sum": factory.make_dimension(world.plan, "sum", "f", "m", total_rule=TotalRule.SUMMED),
    }
    world.plan.indicators.all().update(frequency="annual")
    for code, kind, names, _fields in [*KINDS, ("KX", Kind.COUNT, "sex age", [])]:
        make = factory.make_share if kind is Kind.RATIO else factory.make_indicator
        made = make(world.plan, code, world.defence, objective=world.objective, kind=kind)
        factory.split(made, *(splits[name] for name in names.split()))
    world.plan.indicators.filter(code="KX").update(cell_layout=CellLayout.CROSSED)
    period = factory.open_quarter(world.plan, 2027, 1)
    return Report.objects.with_names().get(period=period, institution=world.defence)


def ids_in(client: Client, address: str) -> str:
    return client.get(address).content.decode()


class TestAnEmptyReport:
    def test_every_kind_is_asked_for_in_its_first_field_on_the_page_where_that_stands(
        self, world: World
    ) -> None:
        report = with_every_kind(world)
        gaps = gaps_of(report)
        found: dict[str, list[str]] = {}
        for gap in gaps:
            if gap.text.endswith(NO_VALUE):
                found.setdefault(gap.subject[:2], []).append(gap.anchor[len(gap.part) + 1 :])
        assert found == {**{row[0]: row[3] for row in KINDS}, "KX": CROSSED}
        lines, actions = lines_for_form(report), actions_for_form(report)
        pages = pages_so_far(report, lines, actions)
        client = world.client(world.contributor)
        html = {
            page.slug: ids_in(client, reverse("report_fill", args=[report.pk, page.slug]))
            for page in pages
        }
        places = [(page_slug_of(gap.part, pages), gap.anchor) for gap in gaps]
        assert [place for place in places if f'id="{place[1]}"' not in html[place[0]]] == []
        assert len(set(places)) == len(places) == 27 + 10 + 2 + 2

    def test_gaps_stand_in_the_order_of_the_form(self, world: World) -> None:
        assert told(world.report) == [
            ("I1", f"Value: {NO_VALUE}"),
            ("I1", NO_RATING),
            ("I2", f"Value: {NO_VALUE}"),
            ("I2", NO_RATING),
            ("A1", "How far the action is, is missing."),
            ("A1", "The money spent is missing; write 0 when none was spent."),
            ("Narrative", "Not written yet: what was done."),
            ("Narrative", "Not written yet: next steps."),
        ]

    def test_an_albanian_reads_them_in_albanian(self, world: World) -> None:
        with override("sq"):
            albanian = gaps_of(world.report)
        english = gaps_of(world.report)
        assert [(g.part, g.anchor) for g in albanian] == [(g.part, g.anchor) for g in english]
        assert not {g.text for g in albanian} & {g.text for g in english}
        assert albanian[0].subject == "I1 Treguesi I1"
        assert albanian[0].text.startswith("Vlera: ")


def test_a_report_that_is_filled_in_lacks_nothing(world: World) -> None:
    assert gaps_of(filled(world)) == []


class TestOneGap:
    """One thing is taken out of a report that is filled in; that and nothing else is told."""

    @pytest.mark.parametrize(
        ("values", "field", "text"),
        [
            ({"status": ""}, "status", "How far the action is, is missing."),
            ({"spent": None}, "spent", "The money spent is missing; write 0 when none was spent."),
        ],
    )
    def test_of_an_action(
        self, world: World, values: dict[str, Any], field: str, text: str
    ) -> None:
        report = filled(world)
        report.actions.update(**values)
        part = f"action-{report.actions.get().pk}"
        assert gaps_of(report) == [Missing(part, f"{part}-{field}", "A1 Action A1", text)]

    @pytest.mark.parametrize(
        ("values", "asked"),
        [
            ({"done": ""}, ["what was done"]),
            ({"next_step": ""}, ["next steps"]),
            ({"done": "", "next_step": ""}, ["what was done", "next steps"]),
            ({"gap": "", "challenge": "", "lesson": ""}, []),
        ],
    )
    def test_of_the_narrative(self, world: World, values: dict[str, str], asked: list[str]) -> None:
        report = filled(world)
        type(report.narrative).objects.filter(report=report).update(**values)
        assert told(report) == [("Narrative", f"Not written yet: {name}.") for name in asked]

    def test_of_the_own_rating_which_the_coalitions_does_not_replace(self, world: World) -> None:
        report, row = filled(world), line(world)
        Rating.objects.filter(line=row).update(side="coalition")
        anchor = f"line-{row.pk}-rating"
        assert gaps_of(report) == [Missing(f"line-{row.pk}", anchor, "I1 Indicator I1", NO_RATING)]

    def test_of_a_cell_by_its_name(self, world: World) -> None:
        report = filled(world)
        sex = factory.make_dimension(world.plan, "sex", "f", "m")
        factory.split(world.indicator, sex)
        assert told(report) == [("I1", f"F: {NO_VALUE}"), ("I1", f"M: {NO_VALUE}")]
        Observation.objects.filter(line=line(world)).delete()
        assert told(report)[0] == ("I1", f"Total: {NO_VALUE}")

    def test_of_the_whole_narrative_where_even_its_row_is_missing(self, world: World) -> None:
        report = filled(world)
        report.narrative.delete()
        assert [subject for subject, _text in told(world.now())] == ["Narrative", "Narrative"]


@pytest.mark.parametrize(
    "answer",
    [
        {"value": Decimal(0)},
        {"state": "not_available", "reason": "No count."},
        {"state": "not_applicable", "reason": "No office."},
        {"state": "withheld", "reason": "Secret."},
        {"text": "A law"},
    ],
)
def test_a_zero_and_a_reason_for_no_value_are_answers(world: World, answer: dict[str, Any]) -> None:
    report = filled(world)
    Observation.objects.filter(line=line(world)).delete()
    Observation.objects.create(line=line(world), cell="", **answer)
    assert gaps_of(report) == []


def test_a_contradiction_that_came_in_later_is_told_at_its_field(world: World) -> None:
    """A plan may be split anew while a report is being filled in."""
    report, row = filled(world), line(world)
    factory.split(world.indicator, factory.make_dimension(world.plan, "sex", "f", "m"))
    for cell, value in (("sex=f", 9), ("sex=m", 1)):
        Observation.objects.create(line=row, cell=cell, value=value)
    found = [(gap.anchor, gap.text) for gap in gaps_of(report)]
    assert found == [
        (f"line-{row.pk}-sex-f-value", "F: the value 9 is larger than that of the total, 5."),
        (f"line-{row.pk}-total-value", "Total: the value is 5, but its parts (F, M) add up to 10."),
    ]


class TestFields:
    @pytest.mark.parametrize(
        ("cell", "field", "anchor"),
        [
            ("", "value", "line-7-total-value"),
            ("", "denominator", "line-7-total-denominator"),
            ("sex=f", "value", "line-7-sex-f-value"),
            ("sex=f;age=u25", "numerator", "line-7-sex-f_age-u25-numerator"),
        ],
    )
    def test_an_anchor_names_line_cell_and_field(self, cell: str, field: str, anchor: str) -> None:
        assert line_anchor(Line(pk=7), cell, field) == anchor

    @pytest.mark.parametrize("kind", list(Kind))
    def test_a_share_is_begun_with_its_numerator(self, kind: Kind) -> None:
        share = kind in (Kind.PERCENTAGE, Kind.RATIO)
        assert first_field(indicator(kind)) == ("numerator" if share else "value")

    @pytest.mark.parametrize(
        ("rules", "keys"),
        [
            ([], [""]),
            (["entered"], ["", "a=x", "a=y"]),
            (["open"], ["", "a=x", "a=y"]),
            (["summed"], ["a=x", "a=y"]),
            (["summed", "summed"], ["a=x", "a=y", "b=x", "b=y"]),
            (["summed", "entered"], ["", "a=x", "a=y", "b=x", "b=y"]),
        ],
    )
    def test_a_total_is_asked_for_unless_every_dimension_sums_it(
        self, rules: list[str], keys: list[str]
    ) -> None:
        splits = [dimension("ab"[n], "x", "y", rule=rule) for n, rule in enumerate(rules)]
        row = Line(indicator=indicator(Kind.COUNT, *splits))
        assert [cell.key for cell in owed_cells(row)] == keys


class TestUndecided:
    def test_before_any_verdict_every_part_is_unread(self, world: World) -> None:
        report = world.under_review()
        found = undecided(report)
        assert [(gap.subject.split(" ")[0], gap.text) for gap in found.unread] == [
            (name, "No verdict yet.") for name in ("I1", "I2", "A1", "Narrative")
        ]
        assert found.flagged == []

    def test_each_flag_is_told_at_its_part_in_the_order_of_the_report(self, world: World) -> None:
        report = world.under_review()
        review, row, action = report.reviews.get(), line(world), report.actions.get()
        review.remarks.create(verdict="flagged", text="Words.")
        review.remarks.create(verdict="flagged", text="Money.", action=action)
        review.remarks.create(verdict="accepted", text="Fine.", line=row)
        found = undecided(report)
        assert [(gap.part, gap.anchor, gap.text) for gap in found.flagged] == [
            (f"action-{action.pk}", f"action-{action.pk}", "Money."),
            ("narrative", "narrative", "Words."),
        ]
        assert [gap.subject.split(" ")[0] for gap in found.unread] == ["I2"]

    def test_flags_of_an_earlier_round_and_of_another_report_do_not_count(
        self, world: World
    ) -> None:
        world.under_review()
        world.now().reviews.get().remarks.create(verdict="flagged", text="Old.")
        factory.decide("return", world.report, world.reviewer, reason="See the remark.")
        factory.decide("submit", world.report, world.approver)
        report = factory.decide("take", world.report, world.reviewer)
        found = undecided(report)
        assert (found.flagged, len(found.unread)) == ([], 4)
        assert undecided(world.now(world.other_report)).flagged == []


def test_only_who_may_fill_in_is_led_to_the_fields(world: World) -> None:
    """The secretariat reads what is missing, also before it submits on behalf, but has no form."""
    address = reverse("report", args=[world.report.pk])
    asking = reverse("report_decide", args=[world.report.pk, "submit_on_behalf"])
    field = reverse("report_fill", args=[world.report.pk, "indicators-1"]) + "#"
    for who, page, links in (
        (world.contributor, f"{address}?missing=1", True),
        (world.administrator, f"{address}?missing=1", False),
        (world.administrator, asking, False),
    ):
        told = world.client(who).get(page).content.decode()
        assert "I1 Indicator I1: Value: no value and no reason for its absence." in told
        assert (field in told) is links, (who, page)
