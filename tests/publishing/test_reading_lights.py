"""Three lights: where two of them differ, and what nothing can be held against."""

from typing import Any

import pytest

from indicators.choices import Status
from indicators.lights import RATINGS, comparable
from publishing.reading import Parts
from publishing.reading.lights import Lights, differing
from reports.choices import Difference, RatingValue
from tests.publishing import plain

Q1, Q2 = "2026-Q1", "2026-Q2"
ALL = {Difference.SIDES, Difference.MINISTRY, Difference.COALITION}


def lights(computed: str, ministry: str, coalition: str, **more: Any) -> Lights:
    """One indicator in one report; an empty word is a light that is not there."""
    line = plain.line("I1", ministry=ministry, coalition=coalition) | more
    judged = [plain.judged("I1", Q1, computed)] if computed else []
    parts = plain.read(
        indicators=[plain.indicator()],
        reports=[plain.report("MM", Q1, line)],
        assessments=judged,
    )
    row = parts.indicators["I1"]
    return Lights(row, row.lines[0])


PAIRS: list[tuple[str, str, str, set[Difference]]] = [
    ("on_track", "on_track", "on_track", set()),
    ("on_track", "on_track", "", set()),
    ("on_track", "on_track", "at_risk", {Difference.SIDES, Difference.COALITION}),
    ("at_risk", "on_track", "at_risk", {Difference.SIDES, Difference.MINISTRY}),
    ("off_track", "on_track", "on_track", {Difference.MINISTRY, Difference.COALITION}),
    ("off_track", "on_track", "at_risk", ALL),
    ("off_track", "on_track", "", {Difference.MINISTRY}),
    ("off_track", "", "on_track", {Difference.COALITION}),
    ("off_track", "", "", set()),
    ("", "on_track", "at_risk", {Difference.SIDES}),
    ("met", "achieved", "achieved", set()),
    ("achieved", "achieved", "achieved", set()),
    ("not_met", "off_track", "off_track", set()),
    ("regressing", "off_track", "off_track", set()),
    ("regressing", "at_risk", "off_track", {Difference.SIDES, Difference.MINISTRY}),
    ("achieved", "on_track", "on_track", {Difference.MINISTRY, Difference.COALITION}),
]


@pytest.mark.parametrize(("computed", "ministry", "coalition", "pairs"), PAIRS)
def test_each_two_that_differ_are_named(
    computed: str, ministry: str, coalition: str, pairs: set[Difference]
) -> None:
    assert {*lights(computed, ministry, coalition).pairs} == pairs


@pytest.mark.parametrize("status", [*Status])
def test_what_is_no_judgement_is_held_against_nothing(status: Status) -> None:
    found = lights(status.value, "on_track", "on_track").pairs
    differs = comparable(status) not in (None, RatingValue.ON_TRACK)
    assert found == ([Difference.MINISTRY, Difference.COALITION] if differs else [])


def test_five_statuses_are_not_compared() -> None:
    assert {*Status} - {*RATINGS} == {
        Status.REPORTED,
        Status.NO_DATA,
        Status.NOT_AVAILABLE,
        Status.NOT_APPLICABLE,
        Status.NOT_DUE,
    }


def test_the_lights_themselves_are_not_changed_by_the_comparison() -> None:
    """Target not met is shown as it is; only for the list it counts as off track."""
    found = lights("not_met", "on_track", "")
    assert found.computed is Status.NOT_MET
    assert found.line.ministry is not None
    assert found.line.ministry.value is RatingValue.ON_TRACK


def two_quarters() -> Parts:
    """Two indicators, two institutions, two quarters; the computed status changes between them."""
    return plain.read(
        indicators=[plain.indicator("I1", who="MB MM"), plain.indicator("I2")],
        reports=[
            plain.report("MB", Q1, plain.line("I1", ministry="at_risk")),
            plain.report("MM", Q1, plain.line("I1"), plain.line("I2", coalition="at_risk")),
            plain.report("MM", Q2, plain.line("I2", ministry="off_track"), plain.line("I1")),
        ],
        assessments=[
            plain.judged("I1", Q1, "on_track"),
            plain.judged("I2", Q1, "reported"),
            plain.judged("I1", Q2, "at_risk"),
            plain.judged("I2", Q2, "on_track"),
        ],
    )


def test_the_list_holds_every_quarter_newest_first_and_the_plans_order_within() -> None:
    found = [
        (row.line.quarter.code, row.indicator.code, row.line.institution.code)
        for row in differing(two_quarters())
    ]
    assert found == [
        (Q2, "I1", "MM"),
        (Q2, "I2", "MM"),
        (Q1, "I1", "MB"),
        (Q1, "I2", "MM"),
    ]


def test_the_computed_status_is_that_of_the_reports_own_quarter() -> None:
    by_quarter = {row.line.quarter.code: row.computed for row in differing(two_quarters())}
    assert by_quarter == {Q2: Status.ON_TRACK, Q1: Status.REPORTED}


REPLY = {"text": "The posts were filled in May.", "on": "2026-09-03"}


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ({}, None),
        ({"reply": None}, None),
        ({"reply": {"text": "", "on": None}}, None),
        ({"reply": REPLY}, ("The posts were filled in May.", "2026-09-03")),
        ({"reply": REPLY | {"on": "2026-09-03T10:00:00+02:00"}}, (REPLY["text"], "2026-09-03")),
        ({"reply": {"text": "Yes."}}, ("Yes.", "")),
    ],
)
def test_the_ministrys_reply_is_read_where_an_edition_has_one(
    told: dict[str, Any], shown: tuple[str, str] | None
) -> None:
    reply = lights("on_track", "on_track", "at_risk", **told).line.reply
    found = (reply.text, reply.on.isoformat() if reply.on else "") if reply else None
    assert found == shown
