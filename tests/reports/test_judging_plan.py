"""Whoever changes what is aimed at, by whichever way: the assessments follow in the same breath."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from indicators import dependents
from indicators.choices import Sensitivity
from indicators.loading import load
from indicators.models import Action, Indicator, Plan, Target
from reports import judging
from reports.models import Assessment
from tests import factory
from tests.conftest import World
from tests.indicators.admin_files import confirm, file_of, preview
from tests.indicators.plan_files import write_folder
from tests.indicators.test_admin_keeping import change, form_data


@pytest.fixture
def world(world: World) -> World:
    """The report of Defence is validated, and everybody may use the admin."""
    User.objects.update(is_staff=True)
    world.validated()
    return world


def stored(indicator: Indicator) -> dict[str, Any]:
    return Assessment.objects.get(indicator=indicator, cell_set="").results[""]


def is_right() -> bool:
    return all(judging.compare(judging.load(plan)).number == 0 for plan in Plan.objects.all())


def save(world: World, row: Any, **changed: object) -> None:
    client, url = world.client(world.fresh(world.administrator)), change(row)
    answer = client.post(url, {**form_data(client, url), **changed})
    assert answer.status_code == 302, answer.content


def test_a_target_added_in_the_admin(world: World) -> None:
    sent = {
        "indicator": world.indicator.pk,
        "cell": "",
        "as_of": world.plan.ends_on.isoformat(),
        "value": "5",
        "version": "2",
        "reason": "Less money.",
        "decision": "",
    }
    url = reverse("admin:indicators_target_add")
    answer = world.client(world.fresh(world.administrator)).post(url, sent)
    assert answer.status_code == 302, answer.content
    assert stored(world.indicator)["inputs"]["target"] == "5.0000"
    assert is_right()


def test_a_target_deleted_in_the_admin_by_who_may(world: World) -> None:
    User.objects.filter(pk=world.administrator.pk).update(is_superuser=True)
    client = world.client(world.fresh(world.administrator))
    target = Target.objects.get(indicator=world.indicator)
    url = reverse("admin:indicators_target_delete", args=[target.pk])
    assert client.post(url, {"post": "yes"}).status_code == 302
    assert stored(world.indicator)["status"] == "reported"
    assert is_right()


def test_an_indicator_changed_in_the_admin(world: World) -> None:
    save(world, world.indicator, direction="decrease")
    assert stored(world.indicator)["inputs"]["direction"] == "decrease"
    assert is_right()


def test_thresholds_of_the_plan_changed_in_the_admin(world: World) -> None:
    assert stored(world.indicator)["marks"] == ["provisional"]
    save(world, world.plan, coverage_at="0.4")
    assert stored(world.indicator)["marks"] == []
    assert is_right()


def test_a_category_added_in_the_admin_gives_the_parts_one_more(world: World) -> None:
    sex = factory.make_dimension(world.plan, "sex", "f", "m")
    factory.split(world.indicator, sex)
    judging.indicators_changed({world.indicator.pk})
    client = world.client(world.fresh(world.administrator))
    sent = {"dimension": sex.pk, "code": "x", "title_en": "Other", "order": "3"}
    url = reverse("admin:indicators_category_add")
    assert client.post(url, {**sent, "title_sq": "", "title_fr": ""}).status_code == 302
    parts = Assessment.objects.get(indicator=world.indicator, cell_set="sex")
    assert set(parts.results) == {"sex=f", "sex=m", "sex=x"}
    assert is_right()


def test_targets_imported_from_a_file(world: World) -> None:
    client = world.client(world.fresh(world.administrator))
    headings = ("plan", "indicator", "cell", "as_of", "value", "version", "reason", "decision")
    row = ("AL", "I1", "", world.plan.ends_on, Decimal(5), 2, "Less money.", "")
    previewed = preview(client, "indicators_target", file_of(headings, row))
    assert stored(world.indicator)["inputs"]["target"] == "100.0000"
    confirm(client, "indicators_target", previewed)
    assert stored(world.indicator)["inputs"]["target"] == "5.0000"
    assert is_right()


def test_a_plan_loaded_again_with_a_new_target(world: World, tmp_path: Any) -> None:
    plan = {"code": "AL", "country": "AL", "languages": "sq;en", "title_en": "Plan AL"}
    rows = {"indicator": "I1", "as_of": "2027-12-31", "value": "5", "version": "2"}
    sheets = {
        "plan": [{**plan, "starts_on": "2024-01-01", "ends_on": "2027-12-31"}],
        "targets": [{**rows, "reason": "Less money."}],
    }
    folder = write_folder(tmp_path / "plan", sheets)
    assert load(folder, commit=False).errors == ()
    assert stored(world.indicator)["inputs"]["target"] == "100.0000"
    assert load(folder, commit=True).errors == ()
    assert stored(world.indicator)["inputs"]["target"] == "5.0000"
    assert is_right()


def test_what_no_status_stands_on_changes_nothing(world: World) -> None:
    action = Action.objects.get(code="A1")
    before = list(Assessment.objects.order_by("pk").values())
    assert dependents.touched([action, world.objective, world.defence]) == set()
    save(world, action, title_en="Another title")
    assert list(Assessment.objects.order_by("pk").values()) == before


def test_who_may_read_a_figure_is_no_part_of_it(world: World) -> None:
    before = list(Assessment.objects.order_by("pk").values())
    save(world, world.indicator, sensitivity=Sensitivity.RESTRICTED)
    assert list(Assessment.objects.order_by("pk").values()) == before


def test_each_row_of_a_plan_touches_the_indicators_that_stand_on_it(world: World) -> None:
    sex = factory.make_dimension(world.plan, "sex", "f")
    factory.split(world.indicator, sex)
    elsewhere = factory.make_plan("XK", country="XK")
    factory.make_indicator(elsewhere, "K1", objective=factory.make_objective(elsewhere))
    target = Target(indicator=world.share, as_of=date(2027, 1, 1), value=1)
    one, both = {world.indicator.pk}, {world.indicator.pk, world.share.pk}
    touched = {
        "plan": dependents.touched([world.plan]),
        "indicator": dependents.touched([world.indicator]),
        "target": dependents.touched([target]),
        "split": dependents.touched([world.indicator.splits.get()]),
        "dimension": dependents.touched([sex]),
        "category": dependents.touched(sex.categories.all()),
        "several": dependents.touched([target, sex]),
    }
    assert touched == {
        "plan": both,
        "indicator": one,
        "target": {world.share.pk},
        "split": one,
        "dimension": one,
        "category": one,
        "several": both,
    }


def test_a_dependent_is_told_once_however_often_it_registers() -> None:
    dependents.register(judging.indicators_changed)
    assert dependents._dependents.count(judging.indicators_changed) == 1
