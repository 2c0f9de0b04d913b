"""What is published depends on nothing that is hidden: drafts, decisions, small counts."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from common.canonical import canonical
from indicators.choices import Sensitivity
from publishing import disclosure, loading
from publishing.models import Edition
from publishing.queries import read
from publishing.services import checklist, publish
from reports.models import Report, Revision
from reports.services import save_line
from tests import factory
from tests.conftest import World
from tests.policy.public_scene import (
    MOMENT,
    OPEN,
    addresses,
    figure_of,
    fill,
    fill_first,
    live_on,
    make_public,
    planted_in,
    publish_first,
    readings,
    words_of,
)
from tests.policy.walking import replace_everywhere, text_of

pytestmark = pytest.mark.django_db
EDITION = "AL-2026-Q3-1"


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    read.cache_clear()
    with time_machine.travel(MOMENT, tick=False):
        yield
    read.cache_clear()


def test_what_happens_behind_the_door_changes_no_public_page(
    db: None,
) -> None:
    public = make_public()
    publish_first(public)
    before = readings(Client(), "AL", EDITION)
    live_on(public)
    after = readings(Client(), "AL", EDITION)
    assert [address for address, text in before.items() if after[address] != text] == []


def test_a_plan_of_which_nothing_was_published_shows_its_structure_only(db: None) -> None:
    public = make_public()
    empty = readings(Client(), "AL", "")
    fill_first(public, "published")
    full = readings(Client(), "AL", "")
    assert [address for address, text in empty.items() if full[address] != text] == []
    assert planted_in(full) == set()
    assert Client().get("/editions/AL-2026-Q3-1/").status_code == 404


# hidden counts


def counted(world: World, one: int, two: int) -> tuple[dict[str, str], str, str]:
    """Every public text after two small counts were published, undone again; snapshot, content."""
    read.cache_clear()
    with transaction.atomic():
        factory.fill_in(world.now(), world.contributor)
        for code, number in (("S1", one), ("S2", two)):
            line = world.report.lines.select_related("indicator", "report__period__plan").get(
                indicator__code=code
            )
            answers, rating = [factory.value(number)], ("on_track", "As planned.")
            version, by = line.version, world.contributor
            save_line(line, by=by, version=version, answers=answers, rating=rating)
        for action, person in (
            ("submit", world.approver),
            ("take", world.reviewer),
            ("validate", world.reviewer),
        ):
            factory.decide(action, world.report, person)
        publish(period=world.period, by=world.lead, seen=checklist(world.period).seen)
        pages = [
            a for _name, a in addresses("AL", EDITION) if not re.search("R1|itutions/AL|n=", a)
        ]
        pages += ["/plans/AL/indicators/S2/", "/plans/AL/institutions/MM/"]
        found = {}
        for address in pages:
            answer = Client().get(address)
            assert answer.status_code == 200, address
            # Hashes are of what is published and of a salt; packed, one is longer than another.
            found[address] = re.sub(r"\b[0-9a-f]{64}\b|Content-Length: \d+", "#", text_of(answer))
        text = Edition.objects.get().snapshot
        content = Revision.objects.get(report=world.report).content
        transaction.set_rollback(True)
    return found, text, content


@pytest.fixture
def small(world: World) -> World:
    """Two indicators of small counts that the first ministry owes."""
    for code in ("S1", "S2"):
        sensitivity = {"sensitivity": Sensitivity.SMALL_COUNTS}
        indicator = factory.make_indicator(
            world.plan, code, world.defence, objective=world.objective, **sensitivity
        )
        factory.make_target(indicator, 1000)
        world.report.lines.create(indicator=indicator)
    return world


def test_hidden_counts_leave_no_trace_in_any_page_or_file(small: World) -> None:
    told, text, _content = counted(small, 7, 3)
    for numbers in ((3, 7), (0, 9), (1, 1)):
        again, _text, _content = counted(small, *numbers)
        assert [a for a in told if told[a] != again[a]] == [], numbers
    assert "&lt;10" in told["/plans/AL/indicators/S1/"]
    assert '"value":"<10"' in told[f"/editions/{EDITION}/snapshot.json"]
    assert json.loads(text)["reports"][0]["lines"][2]["indicator"] == "S1"


def test_counts_that_are_rounded_alike_leave_no_trace_either(small: World) -> None:
    told, other = (counted(small, *numbers)[0] for numbers in ((23, 41), (24, 39)))
    assert [address for address in told if told[address] != other[address]] == []
    different = counted(small, 28, 41)[0]
    assert [a for a in told if told[a] != different[a]] != []


def tried_out(content: str, digest: str) -> list[tuple[int, ...]]:
    """The counts below ten with which the content that is published has the published hash."""
    data = json.loads(content)
    data.pop("salt", None)
    counts = [line["observations"][0] for line in data["lines"] if line["indicator"][0] == "S"]
    found = []
    for numbers in product(range(10), repeat=2):
        for row, number in zip(counts, numbers, strict=True):
            row["value"] = canonical(Decimal(number)).strip('"')
        text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        if hashlib.sha256(text.encode()).hexdigest() == digest:
            found.append(numbers)
    return found


def test_the_published_hash_of_a_report_does_not_betray_its_counts(
    small: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pages, text, content = counted(small, 7, 3)
    digest = json.loads(text)["reports"][0]["sha256"]
    assert hashlib.sha256(content.encode()).hexdigest() == digest
    assert tried_out(content, digest) == []
    # Without the salt whoever knows the rest finds the one pair that fits.
    monkeypatch.setattr("reports.workflow.token_hex", lambda size: "")
    _pages, text, content = counted(small, 7, 3)
    assert tried_out(content, json.loads(text)["reports"][0]["sha256"]) == [(7, 3)]


# the guards, each removed


def bare(value: Any, *_rule: Any) -> Any:
    return value


def bare_amount(value: Any, *_rule: Any) -> disclosure.PublishedAmount:
    return disclosure.PublishedAmount(value)


def every_report(period: Any, reports: Any) -> list[Report]:
    return [report for report in reports if report.revision]


# A guard, what stands in its place, and what is then read that should not be, or no longer is.
GUARDS: list[tuple[str, Callable[..., Any], Callable[..., Any], set[str]]] = [
    (
        "figures that were reported",
        disclosure.amount,
        bare_amount,
        {"true small count", "rounded figure", "restricted figure"},
    ),
    (
        "other figures",
        disclosure.figure,
        bare,
        {"true small count", "rounded figure", "restricted baseline", "restricted target"},
    ),
    ("words", disclosure.words, bare, {"small count in words", "restricted figure in words"}),
    ("states", loading._official, every_report, {"figure of submitted", "words of submitted"}),
]


@pytest.mark.parametrize(("guard", "old", "new", "seen"), GUARDS, ids=[row[0] for row in GUARDS])
def test_the_walk_sees_each_guard_that_is_missing(
    db: None,
    monkeypatch: pytest.MonkeyPatch,
    guard: str,
    old: Callable[..., Any],
    new: Callable[..., Any],
    seen: set[str],
) -> None:
    assert replace_everywhere(monkeypatch, old, new) >= 1
    public = make_public()
    if guard == "states":
        fill(public, "submitted", figure_of("submitted"), words_of("submitted"))
        public.decide("submitted", "submit")
    publish_first(public)
    found = planted_in(readings(Client(), "AL", EDITION, only="snapshot|/$"))
    assert found ^ {*OPEN} == seen
