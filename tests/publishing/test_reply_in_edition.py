"""The ministry's reply to a difference in an edition: where it stands, and what is kept of it."""

import json
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from common import clock
from indicators.choices import Sensitivity
from indicators.models import Indicator
from publishing.loading import load_reports
from publishing.models import Edition
from publishing.services import checklist, publish
from publishing.snapshot import Stamp, build
from reports.models import Line, Rating
from reports.replies import save_light_reply
from tests import factory
from tests.conftest import World
from tests.reports.test_lights import rated, validate

ANSWER = "All 10 of the 12 units were trained by May 2026."
AT = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
STAMP = Stamp("AL-2026-Q3-9", 9, AT, "f" * 64)


def answer(world: World, text: str = ANSWER) -> None:
    line = Line.objects.select_related("indicator").get(
        report=world.report, indicator=world.indicator
    )
    line.report = world.now()
    reply = getattr(line, "light_reply", None)
    version = reply.version if reply else 0
    with clock.at(AT):
        save_light_reply(line, by=world.contributor, version=version, text=text)


def answered(world: World) -> None:
    rated(world, ("I1", "off_track", "Two of ten."), ("I2", "on_track", "As they say."))
    validate(world)
    answer(world)


def release(world: World) -> Edition:
    return publish(period=world.period, by=world.lead, seen=checklist(world.period).seen)


def lines(snapshot: dict[str, Any]) -> dict[str, dict[str, Any]]:
    [report] = snapshot["reports"]
    return {line["indicator"]: line for line in report["lines"]}


def built(world: World) -> dict[str, Any]:
    return lines(build(world.period, STAMP))["I1"]


def test_it_stands_beside_the_ratings_with_its_day_where_the_plan_is(world: World) -> None:
    answered(world)
    found = lines(json.loads(release(world).snapshot))
    assert found["I1"]["reply"] == {"text": ANSWER, "on": "2026-11-21"}
    assert "reply" not in found["I2"]


def test_an_edition_keeps_the_text_of_its_day_and_the_next_one_has_the_later(world: World) -> None:
    answered(world)
    first = release(world)
    answer(world, "Nine of ten.")
    assert lines(json.loads(Edition.objects.get(pk=first.pk).snapshot))["I1"]["reply"]["text"] == (
        ANSWER
    )
    factory.fill_in(world.now(world.other_report), world.other_contributor)
    for action, who in (("submit", "other_approver"), ("take", "lead"), ("validate", "lead")):
        factory.decide(action, world.other_report, getattr(world, who))
    reports = json.loads(release(world).snapshot)["reports"]
    texts = [line["reply"]["text"] for r in reports for line in r["lines"] if "reply" in line]
    assert texts == ["Nine of ten."]


def test_numbers_in_it_are_masked_where_figures_are_protected(world: World) -> None:
    answered(world)
    release(world)
    rows = Indicator.objects.filter(pk=world.indicator.pk)
    rows.update(sensitivity=Sensitivity.SMALL_COUNTS)
    told = built(world)["reply"]["text"]
    assert ("10" in told, "12" in told, "2026" in told) == (False, False, True)
    rows.update(sensitivity=Sensitivity.RESTRICTED)
    assert "reply" not in built(world)


def test_a_difference_that_is_gone_takes_its_reply_along(world: World) -> None:
    answered(world)
    published = release(world)
    theirs = Rating.objects.filter(line__indicator=world.indicator, side="coalition")
    theirs.update(value="on_track")
    assert "reply" not in built(world)
    theirs.delete()
    assert "reply" not in built(world)
    assert "reply" in lines(json.loads(published.snapshot))["I1"]


def test_it_costs_no_query_of_its_own(world: World) -> None:
    answered(world)
    release(world)
    with CaptureQueriesContext(connection) as queries:
        found = load_reports(world.period)
        texts = [getattr(r.line, "light_reply", None) for r in found.coalition.values()]
    assert sorted(text.text if text else "" for text in texts) == ["", ANSWER]
    assert len(queries) == 5
