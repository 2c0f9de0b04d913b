"""Three hundred reports of every kind of content, as hypothesis makes them up."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from accounts.models import Institution
from indicators.choices import CellLayout, Kind, ObservationState, Role, TotalRule
from indicators.models import Action, Indicator, Plan
from reports.choices import ActionStatus, RatingValue, ReportStatus, Side, Verdict
from reports.missing import owed_cells
from reports.models import (
    ActionProgress,
    Line,
    Narrative,
    Observation,
    Period,
    Rating,
    Remark,
    Report,
    Review,
    Revision,
)
from tests import factory
from tests.reports.hostile_quarter import NASTY

REPORTS = 300
SHARES = (Kind.PERCENTAGE, Kind.RATIO)

letters = st.characters(
    codec="utf-8", exclude_categories=("Cs", "Cc"), include_characters="\n\tëçËÇ\"'“”=+-@;,|"
)
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(letters, min_size=1, max_size=60),
    st.sampled_from(["Trajnime për gratë në Durrës", "një\ndy\n\ntre", "ç" * 2_000]),
)
figures = st.one_of(
    st.sampled_from(["0", "1", "12.7", "12345678901.2345", "99999999999.9999", "0.0001", "100"]),
    st.decimals(0, 99_999_999_999, places=4).map(str),
    st.integers(0, 10**11 - 1).map(str),
).map(Decimal)
amounts = st.one_of(st.none(), st.decimals(0, 9_999_999_999, places=2))


@st.composite
def answers(draw: st.DrawFn, kind: str) -> dict[str, Any] | None:
    """What one cell says: nothing, a reason for nothing, or a figure."""
    choice = draw(st.integers(0, 5))
    if choice == 0:
        return None
    if choice == 1:
        states = [state for state in ObservationState if state.needs_reason]
        return {"state": draw(st.sampled_from(states)), "reason": draw(texts)}
    if kind in SHARES:
        return {"numerator": draw(figures), "denominator": draw(figures)}
    if kind == Kind.NARRATIVE:
        return {"text": draw(texts)}
    if kind == Kind.YES_NO:
        return {"value": Decimal(draw(st.integers(0, 1)))}
    told = {"text": draw(st.one_of(st.just(""), texts))} if kind == Kind.REGISTER else {}
    return {"value": draw(figures), **told}


@st.composite
def contents(draw: st.DrawFn, kinds: list[tuple[str, int]]) -> dict[str, Any]:
    """A whole report: by indicator its cells, rating and comment; actions, words, replies."""
    optional = st.one_of(st.just(""), texts)
    return {
        "lines": [
            {
                "cells": [draw(answers(kind)) for _ in range(cells)],
                "rating": draw(
                    st.one_of(st.none(), st.tuples(st.sampled_from(RatingValue), texts))
                ),
                "note": draw(optional),
            }
            for kind, cells in kinds
        ],
        "actions": [
            {
                "status": draw(st.sampled_from(["", *ActionStatus.values])),
                "allocated": draw(amounts),
                "spent": draw(amounts),
                "note": draw(optional),
            }
            for _ in range(2)
        ],
        "words": {name: draw(optional) for name in Narrative.FIELDS},
        "remark": draw(texts),
        "reply": draw(optional),
    }


def made_up(kinds: list[tuple[str, int]]) -> list[dict[str, Any]]:
    """The contents, the same in every run."""
    found: list[dict[str, Any]] = []

    @settings(max_examples=REPORTS, phases=[Phase.generate], database=None)
    @given(contents(kinds))
    def collect(content: dict[str, Any]) -> None:
        found.append(content)

    collect()
    return found[:REPORTS]


def every_kind(plan: Plan, first: Institution) -> list[Indicator]:
    """An indicator of each kind without parts, and some that are split in each way."""
    objective = factory.make_objective(plan, "9")
    sex = factory.make_dimension(plan, "sex", "f", "m")
    age = factory.make_dimension(plan, "age", "u25", "o25", total_rule=TotalRule.OPEN)
    place = factory.make_dimension(plan, "place", "north", "south", total_rule=TotalRule.SUMMED)

    def make(code: str, kind: str, **more: Any) -> Indicator:
        return factory.make_indicator(
            plan, code, first, objective=objective, kind=kind, unit_en="ë", **more
        )

    found = [make(f"K{number}", kind) for number, kind in enumerate(Kind.values)]
    found.append(factory.split(make("S1", Kind.COUNT), sex))
    found.append(factory.split(make("S2", Kind.PERCENTAGE), place))
    crossed = make("S3", Kind.COUNT, cell_layout=CellLayout.CROSSED)
    found.append(factory.split(crossed, sex, age))
    return found


def store(plan: Plan, period: Period, found: list[dict[str, Any]]) -> list[Report]:
    """The contents as returned reports, each of an institution of its own, in few statements."""
    indicators = list(plan.indicators.filter(code__regex="^[KS]").order_by("code"))
    actions = list(plan.actions.order_by("code"))[:2]
    places = Institution.objects.bulk_create(
        Institution(
            code=f"G{n:03}", country="AL", kind="ministry", name_en=f"G{n}", name_sq=f"G{n}"
        )
        for n in range(len(found))
    )
    reports = Report.objects.bulk_create(
        Report(
            period=period,
            institution=place,
            due_on=period.due_on,
            status=ReportStatus.RETURNED,
            revision=1,
        )
        for place in places
    )
    _store_lines(reports, indicators, found)
    _store_rest(reports, actions, found)
    return reports


def _store_lines(
    reports: list[Report], indicators: list[Indicator], found: list[dict[str, Any]]
) -> None:
    lines, observations, ratings = [], [], []
    for report, content in zip(reports, found):
        for indicator, told in zip(indicators, content["lines"]):
            line = Line(report=report, indicator=indicator, note=told["note"])
            lines.append(line)
            keys = [cell.key for cell in owed_cells(line)]
            observations += [
                Observation(line=line, cell=key, **cell)
                for key, cell in zip(keys, told["cells"], strict=True)
                if cell is not None
            ]
            if told["rating"]:
                value, reason = told["rating"]
                ratings.append(Rating(line=line, side=Side.MINISTRY, value=value, reason=reason))
    Line.objects.bulk_create(lines)
    Observation.objects.bulk_create(observations)
    Rating.objects.bulk_create(ratings)


def _store_rest(reports: list[Report], actions: list[Action], found: list[dict[str, Any]]) -> None:
    ActionProgress.objects.bulk_create(
        ActionProgress(report=report, action=action, **told)
        for report, content in zip(reports, found)
        for action, told in zip(actions, content["actions"])
    )
    Narrative.objects.bulk_create(
        Narrative(report=report, **content["words"]) for report, content in zip(reports, found)
    )
    by = factory.make_member(Role.APPROVER, reports[0].period.plan, reports[0].institution)
    revisions = Revision.objects.bulk_create(
        Revision(report=report, number=1, content="{}", sha256="0" * 64, submitted_by=by)
        for report in reports
    )
    reviews = Review.objects.bulk_create(
        Review(report=r, revision=v, round=1, reviewer=by, outcome="returned", reason="See there.")
        for r, v in zip(reports, revisions)
    )
    Remark.objects.bulk_create(
        Remark(review=w, verdict=Verdict.FLAGGED, text=c["remark"], reply=c["reply"])
        for w, c in zip(reviews, found)
    )


def long_plan() -> tuple[Plan, Period, list[Indicator]]:
    """The plan, its open quarter, and its indicators in the order of their lines."""
    plan = factory.make_plan("RT", starts_on=date(2024, 1, 1))
    first = factory.make_institution("MM", "Ministry of Defence")
    every_kind(plan, first)
    objective = plan.objectives.get()
    for code in ("A1", "A2"):
        factory.make_action(plan, code, first, objective)
    period = factory.open_quarter(plan)
    return plan, period, list(plan.indicators.order_by("code"))
