"""A report's content as frozen data: everything in it counts, nothing else does, and it returns."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from common.canonical import sha256
from reports.content import (
    FIGURES,
    Told,
    content_of,
    lines_with_content,
    observations_in,
    told_in,
)
from reports.models import ActionProgress, Line, Narrative, Observation, Rating, Report, Revision
from tests import factory
from tests.conftest import World
from tests.reports.stored import taken_back


def line(world: World) -> Line:
    return Line.objects.get(report=world.report, indicator=world.indicator)


def data_of(report: Report) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(content_of(report))
    return found


def add_file(world: World, **place: Any) -> None:
    world.report.evidence.create(
        name="list.pdf", sha256="a" * 64, size=7, uploaded_by=world.contributor, **place
    )


def test_an_empty_report_has_every_part_and_no_answer(world: World) -> None:
    no_money = {"allocated": None, "spent": None}
    assert data_of(world.now()) == {
        "plan": "AL",
        "period": "2026-Q3",
        "institution": "MM",
        "lines": [
            {"indicator": code, "note": "", "observations": [], "rating": None, "evidence": []}
            for code in ("I1", "I2")
        ],
        "actions": [{"action": "A1", "status": "", "note": "", "evidence": [], **no_money}],
        "narrative": dict.fromkeys(Narrative.FIELDS, ""),
        "evidence": [],
    }


def test_what_was_answered_stands_in_it_with_exact_numbers(world: World) -> None:
    report = factory.fill_in(world.now(), world.contributor)
    Observation.objects.filter(line=line(world)).update(value=Decimal("12.7000"))
    found = data_of(report)
    first, second = found["lines"]
    nothing = dict.fromkeys(FIGURES, None) | {
        "cell": "",
        "state": "value",
        "text": "",
        "reason": "",
    }
    assert first["observations"] == [{**nothing, "value": "12.7"}]
    assert second["observations"] == [{**nothing, "numerator": "5", "denominator": "100"}]
    assert first["rating"] == {"value": "on_track", "reason": "As planned."}
    assert (found["actions"][0]["spent"], found["actions"][0]["allocated"]) == ("1000.5", "2000")
    assert found["narrative"]["done"] == "Trained the police."


CHANGES: list[tuple[str, Callable[[World], object]]] = [
    ("a figure", lambda w: Observation.objects.filter(line=line(w)).update(value=6)),
    ("a decimal", lambda w: Observation.objects.filter(line=line(w)).update(value="5.0001")),
    ("a text", lambda w: Observation.objects.filter(line=line(w)).update(text="A law")),
    ("a cell", lambda w: Observation.objects.filter(line=line(w)).update(cell="sex=f")),
    ("no answer", lambda w: Observation.objects.filter(line=line(w)).delete()),
    ("a rating", lambda w: Rating.objects.filter(line=line(w)).update(value="at_risk")),
    ("its reason", lambda w: Rating.objects.filter(line=line(w)).update(reason="Late.")),
    ("no rating", lambda w: Rating.objects.filter(line=line(w)).delete()),
    ("a comment", lambda w: Line.objects.filter(pk=line(w).pk).update(note="Counted twice.")),
    ("money", lambda w: ActionProgress.objects.update(spent="1000.51")),
    ("a status", lambda w: ActionProgress.objects.update(status="done")),
    ("a comment on an action", lambda w: ActionProgress.objects.update(note="Late.")),
    ("a file of a line", lambda w: add_file(w, line=line(w))),
    ("a file of an action", lambda w: add_file(w, action=w.report.actions.get())),
    ("a file of the report", add_file),
    *(
        (f"the words on {name}", lambda w, n=name: Narrative.objects.update(**{n: "x"}))
        for name in Narrative.FIELDS
    ),
]


def test_whatever_the_ministry_changes_changes_the_content(world: World) -> None:
    report = factory.fill_in(world.now(), world.contributor)
    before = content_of(report)
    contents = {}
    for what, change in CHANGES:
        with taken_back():
            change(world)
            contents[what] = content_of(world.now())
    assert [what for what, content in contents.items() if content == before] == []
    assert len(set(contents.values())) == len(CHANGES)
    assert content_of(world.now()) == before


def test_what_the_ministry_did_not_write_is_not_in_it(world: World) -> None:
    """The coalition's rating and remark, versions, days and the answers of another ministry."""
    report = world.under_review()
    before = content_of(report)
    canary = "Canary4711"
    Rating.objects.create(line=line(world), side="coalition", value="at_risk", reason=canary)
    report.reviews.get().remarks.create(verdict="flagged", text=canary)
    factory.fill_in(world.now(world.other_report), world.other_contributor, number=4711)
    Line.objects.update(version=9, saved_at="2020-01-01T00:00:00Z")
    Report.objects.filter(pk=report.pk).update(due_on="2030-01-01", version=99)
    assert content_of(world.now()) == before
    assert "4711" not in before


def test_lines_and_cells_stand_in_the_order_of_the_plan(world: World) -> None:
    world.plan.indicators.filter(code="I2").update(order=1)
    world.plan.indicators.filter(code="I1").update(order=2)
    for cell in ("sex=m", "", "sex=f"):
        Observation.objects.create(line=line(world), cell=cell, value=1)
    found = data_of(world.now())["lines"]
    assert [row["indicator"] for row in found] == ["I2", "I1"]
    assert [row["cell"] for row in found[1]["observations"]] == ["", "sex=f", "sex=m"]


def test_a_frozen_line_gives_its_answers_back_as_they_were(world: World) -> None:
    rows: list[dict[str, Any]] = [
        {"cell": "", "value": Decimal("12.7")},
        {"cell": "a=1", "value": Decimal(0)},
        {"cell": "a=2", "numerator": Decimal(0), "denominator": Decimal(0)},
        {"cell": "a=3", "state": "withheld", "reason": "Ç’është «sekret»."},
        {"cell": "a=4", "text": "Law 12/2026\nand a second one"},
        {"cell": "a=5", "value": Decimal("99999999999.9999")},
        {"cell": "a=6", "value": Decimal("-0.0001")},
    ]
    Observation.objects.bulk_create(Observation(line=line(world), **row) for row in rows)
    back = observations_in(data_of(world.now())["lines"][0])
    stored = Observation.objects.filter(line=line(world)).order_by("cell")
    assert [{n: getattr(o, n) for n in FIGURES} for o in back] == list(stored.values(*FIGURES))
    assert [(o.figure, o.is_value) for o in back] == [(o.figure, o.is_value) for o in stored]
    light = told_in(data_of(world.now())["lines"][0])
    assert [row._asdict() for row in light] == list(stored.values(*FIGURES))
    assert [(row.amount, row.is_value) for row in light] == [(o.amount, o.is_value) for o in stored]


def test_a_light_answer_has_the_fields_that_are_frozen() -> None:
    assert Told._fields == FIGURES


def test_the_salt_changes_the_hash_and_nothing_that_is_read(world: World) -> None:
    report = factory.fill_in(world.now(), world.contributor)
    plain, salted = content_of(report), content_of(report, salt="0123456789abcdef")
    assert sha256(plain) != sha256(salted)
    assert {**data_of(report), "salt": "0123456789abcdef"} == json.loads(salted)


def test_two_submissions_of_the_same_content_have_different_hashes(world: World) -> None:
    world.submitted()
    factory.decide("withdraw", world.report, world.approver)
    factory.decide("submit", world.report, world.approver)
    first, second = Revision.objects.order_by("number")
    contents = [json.loads(revision.content) for revision in (first, second)]
    assert contents[0].pop("salt") != contents[1].pop("salt")
    assert contents[0] == contents[1]
    assert first.sha256 != second.sha256


@pytest.mark.parametrize("number", [1, 20])
def test_many_lines_cost_as_many_queries_as_one(
    world: World, number: int, django_assert_num_queries: Any
) -> None:
    for n in range(number):
        made = factory.make_indicator(
            world.plan, f"N{n:02}", world.defence, objective=world.objective
        )
        new = Line.objects.create(report=world.report, indicator=made)
        Observation.objects.create(line=new, cell="", value=n)
    with django_assert_num_queries(4):
        found = lines_with_content(world.report)
        assert len([o for row in found for o in row.observations.all()]) == number
