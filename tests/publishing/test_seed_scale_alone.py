"""Filling an installation that is not empty, not allowed, or interrupted."""

import json
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import override_settings

from accounts.models import Institution, User
from audit.models import Entry
from indicators.models import Plan
from publishing.demo.people import PASSWORD
from publishing.models import Edition
from publishing.scale.building import Clock, build, taken
from publishing.scale.copying import store
from publishing.scale.structure import Size
from reports.models import Assessment, Line, Observation, Rating, Report, Revision
from tests import factory

pytestmark = pytest.mark.django_db
SMALL = {"plans": 1, "years": 1, "indicators": 15}


def seed(**options: Any) -> str:
    out = StringIO()
    call_command("seed_scale", stdout=out, **{**SMALL, **options})
    return out.getvalue()


@pytest.mark.parametrize("kind", ["plan", "institution", "person"])
def test_it_refuses_codes_that_are_taken(db: None, kind: str) -> None:
    if kind == "plan":
        factory.make_plan("S002")
    elif kind == "institution":
        factory.make_institution("S002-M01")
    else:
        factory.make_user("lead.s002@scale.example", password=None)
    names = {"plan": "S002", "institution": "S002-M01", "person": "lead.s002@scale.example"}
    assert taken(range(1, 4)) == [names[kind]]
    with pytest.raises(CommandError, match=names[kind]):
        seed(plans=2)
    assert Report.objects.count() == 0


def test_it_leaves_other_plans_alone(db: None) -> None:
    plan = factory.make_plan("AL")
    before = Plan.objects.filter(pk=plan.pk).values().get()
    seed()
    assert Plan.objects.filter(pk=plan.pk).values().get() == before
    assert plan.indicators.count() == plan.periods.count() == 0


@pytest.mark.parametrize("wrong", [{"plans": 0}, {"years": 0}, {"first": 0}, {"indicators": -1}])
def test_it_refuses_numbers_that_make_no_sense(db: None, wrong: dict[str, int]) -> None:
    with pytest.raises(CommandError, match="1 or more"):
        seed(**wrong)
    assert Plan.objects.count() == 0


def test_a_production_is_refused_without_the_word(db: None) -> None:
    with override_settings(PRODUCTION=True):
        with pytest.raises(CommandError, match="--in-production"):
            seed()
        assert Plan.objects.count() == 0
        seed(in_production=True)
    assert Plan.objects.count() == 1


def test_the_password_is_the_public_one_where_the_demonstration_is_on(db: None) -> None:
    with override_settings(DEMO=True):
        seed()
    hashes = set(User.objects.values_list("password", flat=True))
    assert len(hashes) == 1
    assert check_password(PASSWORD, hashes.pop())


def made() -> list[Any]:
    """Everything that a run made, without the numbers of rows; undone afterwards."""
    with transaction.atomic():
        build(1, Size(years=1, indicators=15), "!", Clock())
        place = "line__report__institution__code", "line__report__period__ends_on"
        rows = Observation.objects.order_by(*place, "line__indicator__code", "cell")
        found = [
            list(Revision.objects.order_by("sha256").values_list("sha256", flat=True)),
            list(rows.values_list(*place, "cell", "value", "numerator", "denominator", "state")),
            list(Rating.objects.order_by("pk").values_list("side", "value", "reason")),
            json.loads(Edition.objects.get().snapshot)["assessments"],
        ]
        transaction.set_rollback(True)
    return found


def test_every_run_makes_the_same(db: None) -> None:
    first = made()
    assert len(first[1]) > 300
    assert made() == first


def test_a_plan_that_fails_leaves_nothing_behind(db: None) -> None:
    factory.make_user("observer.s001@scale.example", password=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        build(1, Size(years=1, indicators=15), "!", Clock())
    assert (Plan.objects.count(), Institution.objects.count(), Entry.objects.count()) == (0, 0, 0)


def test_rows_are_stored_as_they_are_given(db: None) -> None:
    build(1, Size(years=1, indicators=15), "!", Clock())
    line = Line.objects.filter(observations__isnull=True)[0]
    words = 'tab\t, "quotes", back\\slash,\nline, \\N, ë€'
    names = ("line_id", "cell", "state", "value", "numerator", "denominator", "text", "reason")
    store(Observation, names, [[line.pk, "", "value", None, None, None, words, ""]])
    [row] = line.observations.all()
    assert (row.text, row.value, row.reason) == (words, None, "")


def test_what_is_kept_as_data_is_stored_as_data(db: None) -> None:
    plan = build(1, Size(years=1, indicators=15), "!", Clock())
    data = {
        "": {"value": "12.7", "words": 'tab\t, "quotes", back\\slash,\nline, \\N, ë€', "no": None}
    }
    names = ("indicator_id", "period_id", "cell_set", "status", "results", "sources")
    indicator, period = plan.indicators.earliest("pk"), plan.periods.earliest("ends_on")
    row = [indicator.pk, period.pk, "", "no_data", data, [[1, 2]], "1"]
    store(Assessment, (*names, "rules_version"), [row])
    [stored] = Assessment.objects.all()
    assert (stored.results, stored.sources) == (data, [[1, 2]])
    assert Assessment.objects.filter(sources__0=[1, 2]).count() == 1


def test_time_is_added_up_by_part() -> None:
    watch = Clock()
    assert [watch.run("a", lambda: 1), watch.run("b", lambda: 2), watch.run("a", lambda: 3)] == [
        1,
        2,
        3,
    ]
    assert list(watch.spent) == ["a", "b"]
    assert min(watch.spent.values()) >= 0
