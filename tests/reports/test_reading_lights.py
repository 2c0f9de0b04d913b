"""A report as a page to read: figures in words, and each side's rating only for its readers."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override

from indicators.choices import Kind, Sensitivity
from indicators.models import Indicator
from reports.models import Line, Observation, Rating, Remark, Report
from reports.queries import line_views
from reports.reading import read_actions, read_lines, read_narrative
from reports.review_figures import Figure, figure_of, shown_number
from tests import factory
from tests.conftest import World
from tests.reports.loose import indicator
from tests.reports.stored import bring
from tests.reports.typed_forms import text_of

CANARY = "Canary4711"
BOTH_SIDES = "contributor approver reviewer other_reviewer lead administrator"
PEOPLE = [*BOTH_SIDES.split(), "observer"]
SPACE = "\u00a0"


def line(world: World, report: Report | None = None) -> Line:
    return Line.objects.get(report=report or world.report, indicator=world.indicator)


NUMBERS: list[tuple[Kind, str | None, int, str, str]] = [
    # kind, value, places, in English, in Albanian
    (Kind.COUNT, None, 4, "–", "–"),
    (Kind.COUNT, "0", 4, "0", "0"),
    (Kind.COUNT, "1234567", 4, f"1{SPACE}234{SPACE}567", f"1{SPACE}234{SPACE}567"),
    (Kind.SCORE, "12.7000", 4, "12.7", "12,7"),
    (Kind.SCORE, "0.0001", 4, "0.0001", "0,0001"),
    (Kind.AMOUNT, "2.25", 1, "2.3", "2,3"),
    (Kind.PERCENTAGE, "82.7272", 4, f"82.7{SPACE}%", f"82,7{SPACE}%"),
    (Kind.PERCENTAGE, "0", 4, f"0{SPACE}%", f"0{SPACE}%"),
    (Kind.YES_NO, "1", 4, "Yes", "Po"),
    (Kind.YES_NO, "0", 4, "No", "Jo"),
    (Kind.YES_NO, None, 4, "–", "–"),
]


@pytest.mark.parametrize(("kind", "value", "places", "english", "albanian"), NUMBERS)
def test_a_number_reads_as_its_reader_writes_it(
    kind: Kind, value: str | None, places: int, english: str, albanian: str
) -> None:
    number = None if value is None else Decimal(value)
    for language, text in (("en", english), ("sq", albanian)):
        with override(language):
            assert shown_number(indicator(kind), number, places) == text


FIGURES: list[tuple[Kind, dict[str, Any], Figure]] = [
    (Kind.COUNT, {"value": Decimal(5)}, Figure("5")),
    (Kind.COUNT, {"value": Decimal(0)}, Figure("0")),
    (Kind.REGISTER, {"value": Decimal(2), "text": "Two laws"}, Figure("2", "Two laws")),
    (Kind.NARRATIVE, {"text": "It went well."}, Figure("It went well.")),
    (
        Kind.PERCENTAGE,
        {"numerator": Decimal(1), "denominator": Decimal(8)},
        Figure(f"12.5{SPACE}%", "1 of 8"),
    ),
    (
        Kind.PERCENTAGE,
        {"numerator": Decimal(0), "denominator": Decimal(0)},
        Figure("–", "0 of 0"),
    ),
    (
        Kind.COUNT,
        {"state": "withheld", "reason": "Secret."},
        Figure("Withheld", "Secret.", is_value=False),
    ),
    (
        Kind.NARRATIVE,
        {"state": "not_available", "reason": "No report."},
        Figure("Not available", "No report.", is_value=False),
    ),
]


@pytest.mark.parametrize(("kind", "answer", "figure"), FIGURES)
def test_an_answer_is_a_figure_with_what_stands_below_it(
    kind: Kind, answer: dict[str, Any], figure: Figure
) -> None:
    assert figure_of(indicator(kind), Observation(**answer)) == figure


def test_no_answer_is_no_figure() -> None:
    assert figure_of(indicator(), None) is None


class TestTheTable:
    def test_value_last_value_and_target_stand_side_by_side(self, world: World) -> None:
        earlier = factory.open_quarter(world.plan, 2026, 2).reports.get(institution=world.defence)
        factory.fill_in(world.now(earlier), world.contributor, number=3)
        factory.decide("submit", earlier, world.approver)
        world.submitted()
        rows = [(r.label, r.previous, r.target, r.text, r.note) for r in self.rows(world)]
        assert rows == [
            ("Value", "3", "100", "5", ""),
            ("Value", f"3{SPACE}%", "–", f"5{SPACE}%", "5 of 100"),
        ]

    def rows(self, world: World, who: str = "contributor") -> list[Any]:
        found = read_lines(world.now(), world.fresh(getattr(world, who)))
        return [row for view in found for row in view.rows]

    def test_cells_are_named_and_what_is_not_answered_is_a_dash(self, world: World) -> None:
        sex = factory.make_dimension(world.plan, "sex", "f", "m")
        factory.split(world.indicator, sex)
        Observation.objects.create(line=line(world), cell="sex=f", value=4)
        rows = [(r.label, r.text) for r in self.rows(world)]
        assert rows == [("Total", "–"), ("F", "4"), ("M", "–"), ("Value", "–")]

    def test_others_read_what_was_submitted_and_not_what_is_typed_since(self, world: World) -> None:
        world.returned()
        Observation.objects.filter(line=line(world)).update(value=4711)
        assert self.rows(world)[0].text == f"4{SPACE}711"
        assert self.rows(world, "reviewer")[0].text == "5"


class TestProtectedFigures:
    """Figures, ratings in words and comments of a protected indicator hold the canary."""

    def protect(self, world: World) -> None:
        world.validated()
        Indicator.objects.filter(pk=world.indicator.pk).update(sensitivity=Sensitivity.RESTRICTED)
        Rating.objects.filter(line=line(world)).update(reason=CANARY)
        Line.objects.filter(pk=line(world).pk).update(note=CANARY)

    @pytest.mark.parametrize("who", PEOPLE)
    def test_only_who_reads_the_true_ones_reads_what_was_written_about_them(
        self, world: World, who: str
    ) -> None:
        self.protect(world)
        first, second = read_lines(world.now(), world.fresh(getattr(world, who)))
        hidden = who == "observer"
        assert (first.hidden, bool(first.rows), first.rating_reason) == (
            (True, False, "") if hidden else (False, True, CANARY)
        )
        assert (first.rating, second.hidden, second.rating_reason) == (
            "on_track",
            False,
            "As planned.",
        )

    def test_nothing_of_them_is_on_an_observers_page_in_either_language(self, world: World) -> None:
        self.protect(world)
        address = reverse("report_content", args=[world.report.pk])
        assert CANARY in text_of(world.client(world.administrator).get(address))
        for language in ("en", "sq"):
            world.observer.language = language
            world.observer.save()
            client = world.client(world.observer)
            client.cookies["django_language"] = language
            with override("en"):  # a request leaves its language behind
                page = text_of(client.get(address))
            assert (CANARY in page, "As planned." in page) == (False, True)
            assert f'<html lang="{language}"' in page


class TestThreeLightsNeverMerged:
    """The ministry's rating, the coalition's and its remark, each for whom and when."""

    SEES = [
        # state, who sees the coalition's rating, who its remark
        ("under_review", "reviewer other_reviewer lead", "reviewer other_reviewer lead"),
        ("returned", BOTH_SIDES, ""),
        ("validated", " ".join(PEOPLE), ""),
        ("published", " ".join(PEOPLE), ""),
    ]

    @pytest.mark.parametrize(("state", "rating", "remark"), SEES)
    def test_the_coalitions_view_is_seen_by_both_sides_once_it_has_decided(
        self, world: World, state: str, rating: str, remark: str
    ) -> None:
        report = bring(world, state)
        Rating.objects.create(line=line(world), side="coalition", value="off_track", reason=CANARY)
        review = report.reviews.get()
        Remark.objects.create(review=review, line=line(world), verdict="flagged", text=CANARY)
        seen: dict[str, set[str]] = {"rating": set(), "remark": set(), "own": set()}
        visible = [
            w for w in PEOPLE if Report.objects.visible_to(getattr(world, w)).filter(pk=report.pk)
        ]
        for who in visible:
            view = line_views(world.now(), world.fresh(getattr(world, who)), "Total")[0]
            assert view.ministry_rating is not None
            assert view.ministry_rating.value == "on_track"
            if view.coalition_rating:
                assert view.coalition_rating.value == "off_track"
                seen["rating"].add(who)
            if view.last_remark:
                seen["remark"].add(who)
        assert seen["rating"] == set(rating.split())
        assert seen["remark"] == set((remark or BOTH_SIDES).split())

    def test_the_remarks_of_all_rounds_stand_in_their_order(self, world: World) -> None:
        for number in (1, 2):
            world.under_review() if number == 1 else None
            review = world.now().reviews.get(outcome="")
            review.remarks.create(line=line(world), verdict="flagged", text=f"Round {number}")
            factory.decide("return", world.report, world.reviewer, reason="Again.")
            factory.decide("submit", world.report, world.approver)
            factory.decide("take", world.report, world.reviewer)
        view = line_views(world.now(), world.fresh(world.contributor), "Total")[0]
        assert [remark.text for remark in view.remarks] == ["Round 1", "Round 2"]
        assert view.last_remark == view.remarks[-1]


def test_actions_and_words_are_read_under_their_headings(world: World) -> None:
    report = factory.fill_in(world.now(), world.contributor)
    [action] = read_actions(report)
    assert action["state"] == "in_progress"
    report.actions.update(status="")
    assert read_actions(report)[0]["state"] is None
    assert read_narrative(report) == [
        ("What was done", "Trained the police."),
        ("Reasons for gaps", ""),
        ("Challenges", ""),
        ("Lessons", ""),
        ("Next steps", "Train the army."),
    ]
    with override("sq"):
        headings = [heading for heading, _text in read_narrative(report)]
    assert not set(headings) & {heading for heading, _text in read_narrative(report)}


@pytest.mark.parametrize("number", [1, 12])
def test_reading_costs_the_same_for_any_number_of_indicators(
    world: World, number: int, django_assert_num_queries: Any
) -> None:
    for n in range(number):
        made = factory.make_indicator(
            world.plan, f"N{n:02}", world.defence, objective=world.objective
        )
        factory.make_target(made, 10)
        row = Line.objects.create(report=world.report, indicator=made)
        Observation.objects.create(line=row, cell="", value=n)
    reader = world.fresh(world.contributor)
    with django_assert_num_queries(9):
        assert len(read_lines(world.report, reader)) == 2 + number
