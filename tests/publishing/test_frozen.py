"""What was published stays: whatever changes afterwards, an edition reads as on its day."""

import dataclasses
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db.models import F, Model
from django.utils import timezone
from django.utils.translation import override

from accounts.models import Institution
from audit.models import Entry
from audit.services import faults
from common import clock
from common.canonical import canonical, sha256
from indicators.choices import Direction, Sensitivity
from indicators.models import (
    Action,
    Category,
    FrameworkItem,
    Funding,
    Indicator,
    Objective,
    Plan,
    PlanLevel,
    Target,
)
from publishing.errors import DamagedEdition
from publishing.models import Edition
from publishing.queries import Publication, publication_of, publications, read, snapshot_text
from publishing.reading.insight import differences, gaps, money_of, priorities, scorecards
from publishing.snapshot import Stamp, snapshot_of
from reports.models import ActionProgress, Narrative, Observation, Period, Rating, Report
from tests import factory
from tests.publishing.lived import FIRST, LATE, SECOND, Lived

pytestmark = pytest.mark.django_db

Change = Callable[[Lived], object]


def address(period: Period) -> str:
    return f"AL-{period.code}-1"


def shown(code: str) -> dict[str, Any]:
    """Everything the pages take from an edition, read anew."""
    read.cache_clear()
    publication = publication_of("AL", code)
    parts = publication.parts
    rows = list(parts.indicators.values())
    return {
        "issue": publication.issue,
        "plan": parts.plan,
        "names": [str(i) for i in parts.institutions.values()],
        "rows": [(r.code, str(r.title), r.targets, r.baseline, r.now, r.tolerance) for r in rows],
        "cells": [(r.code, {k: str(v) for k, v in r.cells.items()}) for r in rows],
        "said": [
            (r.code, line.note, line.observations, line.ratings) for r in rows for line in r.lines
        ],
        "actions": [(a.code, str(a.title), a.spent, a.planned) for a in parts.actions.values()],
        "behind": [r.code for r in priorities(rows)],
        "differ": [d.indicator.code for d in differences(rows)],
        "gaps": [(g.indicator.code, g.reason) for g in gaps(parts, code[3:10])],
        "cards": [(c.owed, c.official, c.on_time) for c in scorecards(parts)],
        "money": money_of(parts.actions.values()),
        "words": [r.narrative for r in parts.reports],
    }


def everywhere(model: type[Model], **fields: Any) -> Change:
    """Overwrite every row of a table."""
    return lambda told: model._default_manager.update(**fields)


def reopened(told: Lived) -> None:
    """A published report is corrected, validated and published again."""
    with clock.at(LATE):
        report = told.report("MM", told.first)
        factory.decide("reopen", report, told.people["lead"], reason="A total was wrong.")
        said = {**FIRST["MM"], "C1": ("777", "off_track", "Counted again.")}
        told.validate("MM", told.first, said)
        told.release(told.first)


def gone(told: Lived) -> None:
    """What nothing has been reported on can be deleted altogether."""
    Funding.objects.all().delete()
    Target.objects.all().delete()
    Indicator.objects.update(action=None)
    FrameworkItem.objects.all().delete()


CHANGES: dict[str, Change] = {
    "the plan's title and years": everywhere(
        Plan, title_en="New", title_sq="I ri", ends_on=date(2030, 12, 31), currency="EUR"
    ),
    "the thresholds of statuses": everywhere(
        Plan, on_track_at="0.20", at_risk_at="0.10", coverage_at="0.10"
    ),
    "the thresholds of protection": everywhere(Plan, small_count_below=0, small_count_rounding=1),
    "the demonstration": everywhere(Plan, is_demonstration=True, certainty="unverified"),
    "names of levels": everywhere(PlanLevel, name_en="New", name_sq="I ri"),
    "titles of objectives": everywhere(Objective, title_en="New", title_sq="I ri"),
    "titles of actions": everywhere(Action, title_en="New", title_sq="I ri", lead=None),
    "titles of indicators": everywhere(Indicator, title_en="New", title_sq="I ri", unit_en="new"),
    "the way that is good": everywhere(Indicator, direction=Direction.DECREASE),
    "sensitivity": everywhere(Indicator, sensitivity=Sensitivity.PUBLIC),
    "closing what was open": everywhere(Indicator, sensitivity=Sensitivity.RESTRICTED),
    "baselines": everywhere(Indicator, baseline_state="known", baseline_value=77),
    "targets": everywhere(Target, value=1),
    "a new version of a target": lambda told: Target.objects.create(
        indicator=told.rows["L1"], as_of=told.plan.ends_on, value=1, version=2, reason="New."
    ),
    "names of institutions": everywhere(Institution, name_en="New", name_sq="I ri"),
    "names of cells": everywhere(Category, title_en="New", title_sq="I ri"),
    "names of framework items": everywhere(FrameworkItem, title_en="New", certainty="adopted"),
    "planned money": everywhere(Funding, planned=1),
    "spent money": everywhere(ActionProgress, spent=1, allocated=1, status="done"),
    "figures in the form": lambda told: Observation.objects.filter(value__isnull=False).update(
        value=F("value") + 1
    ),
    "ratings of both sides": everywhere(Rating, value="achieved", reason="New."),
    "words of the report": everywhere(Narrative, done="New", next_step="New"),
    "dates of reports": everywhere(Report, first_submitted_at=None, due_on=date(2030, 1, 1)),
    "dates of quarters": everywhere(Period, due_on=date(2030, 1, 1)),
    "a corrected report": reopened,
    "a later quarter": lambda told: factory.open_quarter(told.plan, 2026, 3),
    "everything that can be deleted": gone,
}

# What was reviewed is published, so these live rows are not read even for a new edition.
UNSEEN = (
    "figures in the form",
    "spent money",
    "words of the report",
    "a later quarter",
)


def published(told: Lived) -> tuple[Any, ...]:
    """Both editions, as the pages have them and as they are stored."""
    rows = Edition.objects.order_by("pk").values_list("snapshot", "sha256")
    return shown(address(told.first)), shown(address(told.second)), list(rows[:2])


def anew(told: Lived) -> str:
    """What an edition would say that was made now."""
    return snapshot_of(told.second, Stamp("X", 1, LATE, ""))


@pytest.fixture(scope="module")
def before(told: Lived) -> tuple[Any, str]:
    return published(told), anew(told)


@pytest.mark.parametrize("name", CHANGES)
def test_nothing_that_changes_afterwards_changes_an_edition(
    told: Lived, before: tuple[Any, str], name: str
) -> None:
    kept, live = before
    CHANGES[name](told)
    assert published(told) == kept
    # The change is a real one: a new edition would show it.
    assert (anew(told) == live) == (name in UNSEEN)


def test_the_hash_of_each_is_that_of_its_bytes_and_stands_in_the_log(told: Lived) -> None:
    entries = Entry.objects.filter(action="edition.published").order_by("sequence")
    logged = [json.loads(entry.data) for entry in entries]
    editions = list(Edition.objects.order_by("pk"))
    assert [(d["address"], d["sha256"]) for d in logged] == [
        (e.address, e.sha256) for e in editions
    ]
    assert [e.sha256 for e in editions] == [sha256(e.snapshot) for e in editions]
    assert [snapshot_text(e.sha256) for e in editions] == [e.snapshot for e in editions]
    assert list(faults()) == []


@pytest.mark.parametrize("damage", [" ", "9", '{"format":"1"}'])
def test_a_changed_snapshot_is_refused_and_not_shown(told: Lived, damage: str) -> None:
    edition = Edition.objects.get(address=address(told.first))
    Edition.objects.filter(pk=edition.pk).update(snapshot=edition.snapshot + damage)
    read.cache_clear()
    with pytest.raises(DamagedEdition, match=edition.sha256):
        snapshot_text(edition.sha256)
    with pytest.raises(DamagedEdition):
        publication_of("AL", edition.address)


def test_one_changed_figure_is_found(told: Lived) -> None:
    edition = Edition.objects.get(address=address(told.first))
    data = json.loads(edition.snapshot)
    data["reports"][0]["lines"][0]["observations"][0]["value"] = "1"
    Edition.objects.filter(pk=edition.pk).update(snapshot=canonical(data))
    read.cache_clear()
    with pytest.raises(DamagedEdition):
        read(edition.sha256)


def test_a_second_edition_has_the_next_number_and_leaves_the_first_as_it_was(told: Lived) -> None:
    first = Edition.objects.get(address="AL-2026-Q2-1")
    with clock.at(LATE):
        told.validate("MB", told.second, FIRST["MB"])
        second = told.release(told.second, note="With the interior.")
    assert (second.number, second.address) == (2, "AL-2026-Q2-2")
    again = Edition.objects.get(pk=first.pk)
    kept = ("snapshot", "sha256", "audit_head", "note", "published_at", "published_by_id")
    assert [getattr(again, name) for name in kept] == [getattr(first, name) for name in kept]
    one, two = (json.loads(e.snapshot) for e in (first, second))
    assert [len(d["reports"]) for d in (one, two)] == [3, 4]
    assert [len(d["missing"]) for d in (one, two)] == [1, 0]


def status(publication: Publication, code: str) -> tuple[Any, ...]:
    now = publication.parts.indicators[code].now
    assert now is not None
    return now.amount.value, now.reported, now.expected_units, list(map(str, now.marks))


def test_an_edition_without_all_ministries_shows_the_coverage_and_the_next_one_heals_it(
    told: Lived,
) -> None:
    with clock.at(LATE):
        told.validate("MB", told.second, {**FIRST["MB"], "R1": ("11", "on_track", "More.")})
        told.release(told.second)
    older, newer = (publication_of("AL", f"AL-2026-Q2-{n}") for n in (1, 2))
    assert status(older, "R1") == (16, 1, 2, ["provisional"])
    assert status(newer, "R1") == (20, 2, 2, [])
    assert [m.institution.code for m in older.parts.missing] == ["MB"]
    assert (older.is_newest, newer.is_newest) == (False, True)


def test_the_newest_edition_is_that_of_the_latest_quarter_not_the_last_published(
    told: Lived,
) -> None:
    reopened(told)
    assert Edition.objects.latest("pk").address == "AL-2026-Q1-2"
    publication = publication_of("AL")
    assert publication.issue is not None
    assert (publication.issue.address, publication.is_newest) == ("AL-2026-Q2-1", True)
    assert [(plan.code, p and p.newest) for plan, p in publications()] == [("AL", "AL-2026-Q2-1")]


def test_a_plan_without_an_edition_shows_its_structure_and_no_figure(told: Lived) -> None:
    plan = factory.make_plan("XK", title_en="Other")
    objective = factory.make_objective(plan, "1")
    factory.make_indicator(plan, "I1", told.places["MM"], objective=objective)
    publication = publication_of("XK")
    assert (publication.issue, publication.is_newest) == (None, True)
    row = publication.parts.indicators["I1"]
    assert (row.now, row.lines, row.assessments) == (None, [], {})
    assert {p.code: found for p, found in publications()}["XK"] is None


@pytest.mark.parametrize(
    ("plan", "wanted", "error"),
    [
        ("AL", "AL-2026-Q2-9", Edition.DoesNotExist),
        ("AL", "XK-2026-Q2-1", Edition.DoesNotExist),
        ("XX", "", Plan.DoesNotExist),
        ("XK", "AL-2026-Q2-1", Edition.DoesNotExist),
    ],
)
def test_an_edition_is_found_only_by_its_own_plan_and_address(
    told: Lived, plan: str, wanted: str, error: type[Exception]
) -> None:
    factory.make_plan("XK")
    with pytest.raises(error):
        publication_of(plan, wanted)


def test_an_edition_reads_alike_in_both_languages_but_for_its_texts(told: Lived) -> None:
    publication = publication_of("AL", address(told.second))
    row = publication.parts.indicators["C1"]
    assert (str(row.title), str(publication.parts.plan.title)) == ("Indicator C1", "Plan AL")
    with override("sq"):
        assert (str(row.title), str(publication.parts.plan.title)) == ("Treguesi C1", "Plani AL")
        assert publication_of("AL", address(told.second)).parts is publication.parts


def test_an_edition_is_read_once_and_kept_by_its_hash(
    told: Lived, django_assert_num_queries: Any
) -> None:
    digest = Edition.objects.get(address=address(told.first)).sha256
    with django_assert_num_queries(1):
        parts, issue = read(digest)
        assert read(digest) == (parts, issue)


def test_the_issue_says_where_it_stands_and_what_proves_it(told: Lived) -> None:
    edition = Edition.objects.get(address=address(told.first))
    issue = publication_of("AL", edition.address).issue
    assert issue is not None
    assert dataclasses.asdict(issue) | {"quarter": str(issue.quarter)} == {
        "address": "AL-2026-Q1-1",
        "number": 1,
        "published_at": edition.published_at,
        "audit_head": edition.audit_head,
        "note": "The first.",
        "quarter": "2026 Q1",
        "rules_version": "1",
        "sha256": edition.sha256,
    }
    assert timezone.is_aware(issue.published_at)


def test_what_the_second_quarter_says_is_read_back_whole(told: Lived) -> None:
    parts = publication_of("AL", address(told.second)).parts
    said = {r.code: [line.quarter.code for line in r.lines] for r in parts.indicators.values()}
    assert said["C1"] == ["2026-Q1", "2026-Q1", "2026-Q2"]
    assert sorted(said) == sorted(SECOND["MM"])
    assert [(m.institution.code, m.lies_with) for m in parts.missing] == [("MB", "ministry")]
    assert [(g.indicator.code, str(g.institution)) for g in gaps(parts, "2026-Q2")] == [
        ("C1", "Ministry MM"),
        ("C1", "Ministry MB"),
        ("P1", "Ministry MB"),
        ("R1", "Ministry MB"),
        ("S1", "Ministry MB"),
    ]
