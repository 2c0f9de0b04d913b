"""The three lights of a quarter before publication: who reads which, and where they differ."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from indicators.choices import Mark, Sensitivity, Status
from indicators.models import Framework, FrameworkItem, Indicator
from reports.choices import Difference, RatingValue
from reports.lights import Computed, Light, lights_of
from reports.models import Line, Rating
from reports.services import save_remark
from tests import factory
from tests.conftest import World
from tests.reports.list_pages import as_csv, as_workbook, column
from tests.reports.page_structure import faults
from tests.reports.typed_forms import text_of

SECRET = "Because of the seven in the house by the river."


def rated(world: World, *ratings: tuple[str, str, str]) -> None:
    """Under review, with these ratings of the coalition: indicator, value, reason."""
    world.under_review()
    review = world.now().reviews.select_related("report__period__plan").get(outcome="")
    review.report = world.now()
    for code, value, reason in ratings:
        line = review.report.lines.select_related("indicator").get(indicator__code=code)
        told: dict[str, Any] = {"verdict": "accepted", "line": line, "rating": (value, reason)}
        save_remark(review, by=world.reviewer, version=0, **told)


def validate(world: World) -> None:
    factory.decide("validate", world.report, world.reviewer)


def lights(world: World, who: str) -> dict[str, tuple[Any, list[Light]]]:
    user = world.fresh(getattr(world, who))
    found = lights_of(world.period, user)
    return {one.indicator.code: (one.computed, one.rows) for one in found}


def page(world: World, who: str, name: str, **query: Any) -> Any:
    return world.client(getattr(world, who)).get(f"/quarters/{world.period.pk}/{name}/", query)


def test_ministry_and_coalition_stand_beside_the_status_with_their_reasons(world: World) -> None:
    rated(world, ("I1", "off_track", "Two of ten."), ("I2", "on_track", "As they say."))
    validate(world)
    found = lights(world, "lead")
    computed, [row] = found["I1"]
    assert (computed.status, computed.official, computed.owed) == (Status.OFF_TRACK, 1, 2)
    assert computed.cautions == [Mark.PROVISIONAL]
    assert (row.ministry, row.rated.ministry_reason) == (RatingValue.ON_TRACK, "As planned.")
    assert (row.coalition, row.rated.coalition_reason) == (RatingValue.OFF_TRACK, "Two of ten.")
    assert row.differences == [Difference.SIDES, Difference.MINISTRY]
    share, [other] = found["I2"]
    assert (share.official, share.owed, share.is_provisional) == (1, 1, False)
    assert other.differences == []


def test_a_status_stands_on_validated_reports_alone(world: World) -> None:
    """What waits for the coalition counts for nothing yet, and the page says how much does."""
    rated(world, ("I1", "off_track", "Two of ten."))
    computed, [row] = lights(world, "lead")["I1"]
    assert (computed.status, computed.official, computed.owed) == (Status.NO_DATA, 0, 2)
    assert row.differences == [Difference.SIDES]
    assert "0 of 2 reports validated" in text_of(page(world, "lead", "lights"))
    validate(world)
    assert "1 of 2 reports validated" in text_of(page(world, "lead", "lights"))


def test_a_status_is_nobodys_to_read_in_part(world: World) -> None:
    """A ministry that shares an indicator learns neither the status nor how far others are."""
    rated(world, ("I1", "off_track", "Two of ten."))
    validate(world)
    found = lights(world, "contributor")
    assert found["I1"][0] == Computed()
    assert found["I2"][0].status == Status.REPORTED
    assert [row.differences for row in found["I1"][1]] == [[Difference.SIDES]]
    assert "whose figures are not yours to read" in text_of(page(world, "contributor", "lights"))


def test_the_coalition_s_rating_is_its_own_until_it_decides(world: World) -> None:
    rated(world, ("I1", "off_track", SECRET))
    for who in ("contributor", "approver", "administrator"):
        assert SECRET not in text_of(page(world, who, "lights"))
        assert SECRET not in text_of(page(world, who, "differences"))
        assert SECRET not in str(as_csv(*place(world, who, "lights")))
    assert SECRET in text_of(page(world, "reviewer", "lights"))
    assert lights(world, "observer") | {} == {
        code: (computed, []) for code, (computed, _rows) in lights(world, "observer").items()
    }
    validate(world)
    told = [SECRET in text_of(page(world, who, "differences")) for who in ("approver", "observer")]
    assert told == [True, True]


def place(world: World, who: str, name: str) -> tuple[Any, str, dict[str, Any]]:
    return world.client(getattr(world, who)), f"/quarters/{world.period.pk}/{name}/", {}


def test_another_ministry_reads_nothing_of_a_report_that_is_not_its_own(world: World) -> None:
    rated(world, ("I1", "off_track", SECRET))
    validate(world)
    for name in ("lights", "differences"):
        shown = page(world, "other_contributor", name)
        assert (shown.status_code, SECRET in text_of(shown)) == (200, False)
        assert "As planned." not in text_of(shown)
        assert page(world, "stranger", name).status_code == 404
    assert {code: len(rows) for code, (_c, rows) in lights(world, "other_contributor").items()} == {
        "I1": 1
    }


def test_reasons_on_protected_figures_are_for_both_sides_and_leave_with_an_entry(
    world: World,
) -> None:
    Indicator.objects.filter(pk=world.indicator.pk).update(sensitivity=Sensitivity.SMALL_COUNTS)
    rated(world, ("I1", "off_track", SECRET), ("I2", "at_risk", "Too few posts."))
    validate(world)
    assert SECRET in text_of(page(world, "lead", "differences"))
    seen = text_of(page(world, "observer", "differences"))
    assert (SECRET in seen, "Too few posts." in seen) == (False, True)
    left = Entry.objects.filter(action="lights.exported")
    as_csv(*place(world, "observer", "differences"))
    assert left.count() == 0
    rows = as_csv(*place(world, "lead", "differences"))
    assert column(rows, "The coalition’s reason") == [SECRET, "Too few posts."]
    assert [(e.actor, '"indicators":["I1"]' in e.data) for e in left] == [(world.lead.email, True)]


def wide(world: World) -> None:
    """Differences of each kind in two institutions, under two objectives, one in a framework."""
    rated(world, ("I1", "off_track", "Two of ten."), ("I2", "at_risk", "Too few posts."))
    validate(world)
    factory.fill_in(world.now(world.other_report), world.other_contributor)
    factory.decide("submit", world.other_report, world.other_approver)
    factory.decide("take", world.other_report, world.reviewer)
    factory.decide("validate", world.other_report, world.reviewer)
    un = Framework.objects.create(code="UN-2010", title="Global indicators")
    item = FrameworkItem.objects.create(
        framework=un, code="8", title="Women in troops", pillar="Participation"
    )
    world.share.frameworks.add(item)
    below = factory.make_objective(world.plan, "1.1", world.objective)
    Indicator.objects.filter(pk=world.share.pk).update(objective=below)


FILTERS: list[tuple[dict[str, str], list[str]]] = [
    ({}, ["I1 MB", "I1 MM", "I2 MM"]),
    ({"kind": "sides"}, ["I1 MM", "I2 MM"]),
    ({"kind": "ministry"}, ["I1 MB", "I1 MM"]),
    ({"kind": "coalition"}, []),
    ({"institution": "MB"}, ["I1 MB"]),
    ({"objective": "1"}, ["I1 MB", "I1 MM", "I2 MM"]),
    ({"objective": "1.1"}, ["I2 MM"]),
    ({"status": "off_track"}, ["I1 MB", "I1 MM"]),
    ({"status": "reported", "kind": "sides"}, ["I2 MM"]),
    ({"framework": "UN-2010:8"}, ["I2 MM"]),
    ({"framework": "pillar:Participation"}, ["I2 MM"]),
    ({"framework": "no such thing", "kind": "nor such"}, ["I1 MB", "I1 MM", "I2 MM"]),
]


def test_what_is_filtered_on_the_page_is_what_leaves_in_the_file(world: World) -> None:
    wide(world)
    client, address, _query = place(world, "lead", "differences")
    for query, wanted in FILTERS:
        shown = client.get(address, query)
        rows = [
            f"{row.indicator.code} {row.report.institution.code}" for row in shown.context["rows"]
        ]
        assert (query, sorted(rows)) == (query, wanted)
        for file in (as_csv(client, address, query), as_workbook(client, address, query)):
            pairs = zip(column(file, "Indicator"), column(file, "Institution code"), strict=True)
            assert sorted(" ".join(pair) for pair in pairs) == wanted
    assert faults(client.get(address)) == []


def test_the_page_of_all_lights_is_narrowed_the_same_way(world: World) -> None:
    wide(world)
    client, address, _query = place(world, "lead", "lights")
    assert faults(client.get(address)) == []
    for query, wanted in (
        ({}, ["I1", "I2"]),
        ({"institution": "MB"}, ["I1"]),
        ({"framework": "UN-2010:8"}, ["I2"]),
        ({"status": "off_track", "objective": "1.1"}, []),
    ):
        shown = client.get(address, query).context["every"]
        assert (query, [one.indicator.code for one in shown]) == (query, wanted)
    assert len(as_csv(client, address, {})) == 4
    assert "No indicator fits this filter" in text_of(client.get(address, query))


def test_lights_that_no_one_gave_contradict_nothing(world: World) -> None:
    world.validated()
    every = lights_of(world.period, world.fresh(world.lead))
    rows = [row for one in every for row in one.rows if row.differences]
    assert [row.differences for row in rows] == [[Difference.MINISTRY]]
    empty = page(world, "lead", "differences", kind="sides")
    assert "No difference to show" in text_of(empty)


@pytest.mark.parametrize("name", ["lights", "differences"])
def test_a_page_asks_the_same_of_the_database_however_much_is_on_it(
    world: World, name: str
) -> None:
    wide(world)
    page(world, "lead", name)
    counts = []
    for number in (1, 3, 100):
        grow(world, number)
        with CaptureQueriesContext(connection) as queries:
            assert page(world, "lead", name).status_code == 200
        counts.append(len(queries))
    assert counts == [QUERIES] * 3


QUERIES = 27
"""Those of the quarter's workbook, and a few for what can be filtered by."""


def grow(world: World, number: int) -> None:
    """So many more indicators on which the two sides differ."""
    start = Indicator.objects.count()
    same = {
        field.name: getattr(world.indicator, field.name)
        for field in Indicator._meta.concrete_fields
        if field.name not in ("id", "code")
    }
    made = Indicator.objects.bulk_create(
        Indicator(code=f"X{start + n}", **same) for n in range(number)
    )
    lines = Line.objects.bulk_create(Line(report=world.report, indicator=i) for i in made)
    Rating.objects.bulk_create(
        Rating(line=line, side=side, value=value, reason="Because.")
        for line in lines
        for side, value in (("ministry", "on_track"), ("coalition", "off_track"))
    )
