"""The summary of an edition: what it counts, when it is frozen, and how older ones got theirs."""

import importlib
import json
from typing import Any

import pytest
from django.apps import apps

from indicators.choices import Status
from publishing.models import Edition
from publishing.queries import publications, read
from publishing.reading.insight import counts, scale_of, statuses
from publishing.summary import counts_in, summary_of
from tests.publishing.released import Released

pytestmark = pytest.mark.django_db
migration = importlib.import_module("publishing.migrations.0002_summary")


PLAN = {"title": {"en": "A plan"}, "thresholds": {"on_track_at": "0.95"}}


def data(**told: list[str]) -> dict[str, Any]:
    """A snapshot of indicators with these statuses, quarter by quarter."""
    return {
        "plan": PLAN,
        "indicators": [{"code": code} for code in told],
        "assessments": [
            {"indicator": code, "status": found[quarter]}
            for quarter in range(3)
            for code, found in told.items()
            if quarter < len(found)
        ],
    }


CASES = [
    (data(), {}),
    (data(A=[]), {"not_due": 1}),
    (data(A=["on_track"]), {"on_track": 1}),
    (data(A=["on_track", "not_due"]), {"on_track": 1, "not_due": 0}),
    (data(A=["not_due", "not_due"]), {"not_due": 1}),
    (data(A=["at_risk", "achieved"], B=["achieved"]), {"achieved": 2, "at_risk": 0}),
    (data(A=["no_data"], B=["no_data"], C=["met"]), {"met": 1, "no_data": 2}),
]


@pytest.mark.parametrize(("told", "wanted"), CASES)
def test_each_indicator_counts_as_it_stood_when_last_due(
    told: dict[str, Any], wanted: dict[str, int]
) -> None:
    assert summary_of(told) == {"counts": wanted, **PLAN}


@pytest.mark.parametrize(("told", "wanted"), CASES)
def test_the_migration_counts_alike(told: dict[str, Any], wanted: dict[str, int]) -> None:
    assert migration.summary_of(told) == {"counts": wanted, **PLAN}


def test_counts_stand_in_the_order_of_a_bar() -> None:
    summary = {"counts": {"not_due": 1, "at_risk": 0, "achieved": 2}}
    wanted = [(Status.ACHIEVED, 2), (Status.AT_RISK, 0), (Status.NOT_DUE, 1)]
    assert counts_in(summary) == wanted
    assert counts_in({}) == []


def test_an_edition_is_published_with_what_its_pages_count(released: Released) -> None:
    for edition in Edition.objects.all():
        rows = read(edition.sha256)[0].indicators.values()
        assert counts_in(edition.summary) == counts(statuses(rows), scale_of(rows))
        assert edition.summary == summary_of(json.loads(edition.snapshot))


def test_older_editions_get_theirs_and_keep_everything_else(released: Released) -> None:
    kept = list(Edition.objects.order_by("pk").values())
    Edition.objects.update(summary={})
    migration.fill(apps, None)
    assert list(Edition.objects.order_by("pk").values()) == kept


def test_the_plans_come_with_their_latest_edition_in_one_query(
    released: Released, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        found = {plan.code: latest for plan, latest in publications()}
    latest = found[released.plan.code]
    assert latest is not None
    assert (latest.newest, str(latest.quarter), latest.quarter.code) == (
        "AL-2026-Q3-1",
        "2026 Q3",
        "2026-Q3",
    )
    assert latest.published_at == released.newest.published_at
    assert latest.counts == counts_in(released.newest.summary)
    assert found[released.structure.code] is None
