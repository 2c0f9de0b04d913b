"""Who keeps which rows in the admin, what is refused, and what the log says of it."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import Institution, User
from audit.models import Entry
from indicators.choices import Role
from indicators.models import Action, Framework, Indicator, Objective, Plan, Target
from tests import factory
from tests.conftest import World
from tests.indicators.admin_files import confirm, export, file_of, preview, rows_of

KEPT = [
    "indicators_plan",
    "indicators_planlevel",
    "indicators_objective",
    "indicators_action",
    "indicators_funding",
    "indicators_dimension",
    "indicators_category",
    "indicators_indicator",
    "indicators_target",
    "accounts_institution",
    "accounts_user",
]
SHARED = ["indicators_framework", "indicators_frameworkitem"]


@pytest.fixture
def world(world: World) -> World:
    """Everybody may use the admin; somewhere else there is a plan of which nobody here knows."""
    there = factory.make_plan("XK", country="XK", title_en="CANARY plan")
    objective = factory.make_objective(there, "CANARY")
    house = factory.make_institution("CANARY", "CANARY house", country="XK")
    indicator = factory.make_indicator(there, "CANARY", house, objective=objective)
    factory.make_target(indicator, 31337)
    action = factory.make_action(there, "CANARY", house, objective)
    action.fundings.create(source="CANARY", planned=1)
    factory.make_dimension(there, "canary", "canary-c")
    there.levels.create(depth=0, name_en="CANARY")
    factory.make_member(Role.ADMINISTRATOR, there, email="canary@example.org", name="CANARY")
    User.objects.update(is_staff=True)
    return world


def form_data(client: Client, url: str) -> dict[str, Any]:
    """Everything a form shows, as a browser would send it back unchanged."""
    page = client.get(url)
    assert page.status_code == 200, page.content
    context, data = page.context, {}
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.initial_forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is None or value is False:
                continue
            if isinstance(value, list | tuple):
                value = [getattr(row, "pk", row) for row in value]
            data[bound.html_name] = "on" if value is True else value
    return data


def change(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def last_entry() -> tuple[str, dict[str, Any]]:
    entry = Entry.objects.latest("sequence")
    return entry.action, json.loads(entry.data)


# who


@pytest.mark.parametrize("model", KEPT + SHARED)
@pytest.mark.parametrize("page", ["changelist", "add", "import", "export"])
def test_nobody_but_keepers_of_plans_sees_the_plans_rows(
    world: World, model: str, page: str
) -> None:
    others = [world.contributor, world.approver, world.reviewer, world.lead, world.observer]
    for person in [*others, world.stranger]:
        response = world.client(person).get(reverse(f"admin:{model}_{page}"))
        assert response.status_code == 403


def test_an_administrator_of_old_keeps_nothing(world: World) -> None:
    world.administrator.memberships.update(expires_on=date(2026, 1, 1))
    client = world.client(world.fresh(world.administrator))
    assert client.get(reverse("admin:indicators_plan_changelist")).status_code == 403


@pytest.mark.parametrize("model", KEPT)
def test_rows_of_another_plan_are_nowhere(world: World, model: str) -> None:
    client = world.client(world.administrator)
    app, name = model.split("_")
    registry = {m._meta.label_lower: m for m in admin.site._registry}
    rows = registry[f"{app}.{name}"].objects.all()
    foreign = next(row for row in rows if "canary" in f"{vars(row)} {far(row)}".lower())
    for url in (reverse(f"admin:{model}_changelist"), reverse(f"admin:{model}_export")):
        html = client.get(url).content.decode()
        assert "CANARY" not in html
        assert "canary" not in html
    found = client.get(reverse(f"admin:{model}_changelist"), {"q": "canary"}).content.decode()
    assert "CANARY" not in found
    for page in ("change", "history", "delete"):
        url = reverse(f"admin:{model}_{page}", args=[foreign.pk])
        response = client.get(url)
        assert response.status_code in ((403, 404) if page == "delete" else (404,)), page
        assert "CANARY" not in response.content.decode()
    assert b"canary" not in repr(rows_of(export(client, model))).lower().encode()


def far(row: Any) -> str:
    """What a row that has no name of its own hangs on."""
    return f"{getattr(row, 'dimension', '')} {getattr(row, 'indicator', '')}"


@pytest.mark.parametrize(
    ("source", "field"),
    [
        ("objective", "plan"),
        ("indicator", "objective"),
        ("action", "lead"),
        ("target", "indicator"),
        ("membership", "user"),
    ],
)
def test_autocomplete_offers_own_rows_only(world: World, source: str, field: str) -> None:
    asked = {"app_label": "indicators", "model_name": source, "field_name": field}
    url = reverse("admin:autocomplete")
    answer = world.client(world.administrator).get(url, {**asked, "term": ""}).json()
    assert answer["results"]
    assert "canary" not in repr(answer).lower()


def test_forms_offer_own_rows_only(world: World) -> None:
    client = world.client(world.administrator)
    for model in KEPT:
        response = client.get(reverse(f"admin:{model}_add"))
        assert "canary" not in response.content.decode().lower()


def test_a_file_changes_no_other_plan(world: World) -> None:
    client = world.client(world.administrator)
    data = file_of(("plan", "code", "title_en"), ("XK", "CANARY", "Taken over"))
    response = preview(client, "indicators_objective", data)
    assert "“XK” is not known here." in response.content.decode()
    plan = file_of(("code", "title_en"), ("XK", "Taken over"))
    assert "Store it" not in preview(client, "indicators_plan", plan).content.decode()
    assert not Objective.objects.filter(title_en="Taken over").exists()


def test_an_institution_of_another_country_is_refused(world: World) -> None:
    client = world.client(world.administrator)
    data = file_of(("country", "code", "name_en", "kind"), ("XK", "NEW", "New", "ministry"))
    response = preview(client, "accounts_institution", data)
    assert "You keep no plan of this country." in response.content.decode()
    sent = {"country": "XK", "code": "NEW", "name_en": "New", "kind": "ministry"}
    inline = {"aliases-TOTAL_FORMS": "0", "aliases-INITIAL_FORMS": "0"}
    client.post(reverse("admin:accounts_institution_add"), sent | inline)
    assert not Institution.objects.filter(code="NEW").exists()


@pytest.mark.parametrize("model", SHARED)
def test_frameworks_are_read_by_administrators_and_changed_by_superusers(
    world: World, model: str
) -> None:
    Framework.objects.create(code="un", title_en="UN")
    client = world.client(world.administrator)
    assert client.get(reverse(f"admin:{model}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:{model}_add")).status_code == 403
    assert client.get(reverse(f"admin:{model}_import")).status_code == 403
    root = factory.make_user("root@example.org", is_staff=True, is_superuser=True)
    assert world.client(root).get(reverse(f"admin:{model}_add")).status_code == 200


def test_a_plan_is_neither_added_nor_deleted_by_its_administrator(world: World) -> None:
    client = world.client(world.administrator)
    assert client.get(reverse("admin:indicators_plan_add")).status_code == 403
    url = reverse("admin:indicators_plan_delete", args=[world.plan.pk])
    assert client.post(url, {"post": "yes"}).status_code == 403


def test_nothing_is_deleted_in_bulk(world: World) -> None:
    client = world.client(world.administrator)
    sent = {"action": "delete_selected", "_selected_action": [world.objective.pk], "post": "yes"}
    client.post(reverse("admin:indicators_objective_changelist"), sent)
    assert Objective.objects.filter(pk=world.objective.pk).exists()


# changes and their log


def test_a_change_is_logged_with_what_stood_there(world: World) -> None:
    client, url = world.client(world.administrator), change(world.indicator)
    data = form_data(client, url) | {"title_en": "Better words", "tolerance": "2"}
    assert client.post(url, data).status_code == 302
    action, said = last_entry()
    assert action == "indicator.changed"
    assert said["changed"]["title_en"] == ["Indicator I1", "Better words"]
    assert said["changed"]["tolerance"] == ["0", "2"]
    assert Indicator.objects.get(code="I1").title_en == "Better words"


def test_saving_without_a_change_logs_nothing(world: World) -> None:
    client, url = world.client(world.administrator), change(world.indicator)
    number = Entry.objects.count()
    assert client.post(url, form_data(client, url)).status_code == 302
    assert Entry.objects.count() == number


def test_adding_and_deleting_are_logged(world: World) -> None:
    client = world.client(world.administrator)
    sent = {"plan": world.plan.pk, "code": "9", "title_en": "Nine", "depth": 0, "order": 0}
    response = client.post(
        reverse("admin:indicators_objective_add"), sent | {"certainty": "adopted"}
    )
    assert response.status_code == 302, response.context["errors"]
    assert last_entry()[0] == "objective.added"
    made = Objective.objects.get(code="9")
    client.post(reverse("admin:indicators_objective_delete", args=[made.pk]), {"post": "yes"})
    entry = Entry.objects.latest("sequence")
    assert (entry.action, entry.about_type) == ("objective.deleted", "indicators.plan")
    assert not Objective.objects.filter(code="9").exists()


def test_plan_and_code_of_a_row_stay(world: World) -> None:
    client, url = world.client(world.administrator), change(world.indicator)
    data = form_data(client, url) | {"code": "OTHER", "plan": Plan.objects.get(code="XK").pk}
    client.post(url, data)
    world.indicator.refresh_from_db()
    assert (world.indicator.code, world.indicator.plan) == ("I1", world.plan)


def test_nothing_of_another_plan_can_be_named(world: World) -> None:
    client, url = world.client(world.administrator), change(world.indicator)
    foreign = Objective.objects.get(code="CANARY")
    response = client.post(url, form_data(client, url) | {"objective": foreign.pk})
    assert response.status_code == 200
    assert Indicator.objects.get(code="I1").objective == world.objective


def test_a_superuser_mixes_no_plans_either(world: World) -> None:
    root = factory.make_user("root@example.org", is_staff=True, is_superuser=True)
    foreign = Objective.objects.get(code="CANARY")
    sent = {"plan": world.plan.pk, "code": "9", "title_en": "Nine", "depth": 1, "order": 0}
    url = reverse("admin:indicators_objective_add")
    more = {"certainty": "adopted", "parent": foreign.pk}
    response = world.client(root).post(url, sent | more)
    assert "belongs to another plan" in response.content.decode()
    assert not Objective.objects.filter(code="9").exists()


def test_values_are_combined_as_their_kind_allows(world: World) -> None:
    client, url = world.client(world.administrator), change(world.share)
    response = client.post(url, form_data(client, url) | {"over_units": "mean"})
    assert "does not fit percentage" in response.content.decode()


# targets


def test_a_target_is_not_overwritten(world: World) -> None:
    target = Target.objects.get(indicator=world.indicator)
    client, url = world.client(world.administrator), change(target)
    response = client.post(url, form_data(client, url) | {"value": "7"})
    assert "never overwritten" in response.content.decode()
    assert Target.objects.get(pk=target.pk).value == 100


def test_a_new_version_needs_its_number_and_a_reason(world: World) -> None:
    client, url = world.client(world.administrator), reverse("admin:indicators_target_add")
    sent = {"indicator": world.indicator.pk, "cell": "", "as_of": "2027-12-31", "value": "70"}
    third = client.post(url, sent | {"version": "3", "reason": "Less money."})
    assert "Write version 2" in third.content.decode()
    silent = client.post(url, sent | {"version": "2", "reason": ""})
    assert "needs a reason" in silent.content.decode()
    assert client.post(url, sent | {"version": "2", "reason": "Less money."}).status_code == 302
    assert [t.value for t in world.indicator.targets.order_by("version")] == [100, 70]


def test_a_target_is_not_deleted_by_an_administrator(world: World) -> None:
    target = Target.objects.get(indicator=world.indicator)
    url = reverse("admin:indicators_target_delete", args=[target.pk])
    assert world.client(world.administrator).post(url, {"post": "yes"}).status_code == 403


def test_the_indicators_page_adds_targets_and_changes_none(world: World) -> None:
    client, url = world.client(world.administrator), change(world.indicator)
    data = form_data(client, url)
    target = Target.objects.get(indicator=world.indicator)
    data |= {"targets-TOTAL_FORMS": "1", "targets-INITIAL_FORMS": "0"}
    data |= {"targets-0-cell": "", "targets-0-as_of": "2027-12-31", "targets-0-value": "60"}
    data |= {"targets-0-version": "2", "targets-0-reason": "Less money."}
    data |= {"targets-0-indicator": world.indicator.pk}
    assert client.post(url, data).status_code == 302
    target.refresh_from_db()
    assert target.value == 100
    assert last_entry()[1]["target"][0]["changed"]["value"] == [None, "60"]


# cost


@pytest.mark.parametrize(
    ("model", "queries"),
    [("indicator", 6), ("objective", 7), ("action", 6), ("target", 6)],
)
def test_lists_cost_the_same_whatever_their_length(
    world: World, model: str, queries: int, django_assert_num_queries: Any
) -> None:
    client, url = world.client(world.administrator), reverse(f"admin:indicators_{model}_changelist")
    made = 0
    for number in (1, 3, 300):
        for n in range(made, number):
            code = f"N{n}"
            factory.make_objective(world.plan, code)
            action = Action(plan=world.plan, code=code, objective=world.objective, title_en=code)
            action.lead = world.defence
            action.save()
            row = factory.make_indicator(world.plan, code, objective=world.objective)
            factory.make_target(row, 1)
        made = number
        with django_assert_num_queries(queries):
            assert client.get(url).status_code == 200


def test_a_form_costs_the_same_however_many_rows_hang_on_it(
    world: World, django_assert_max_num_queries: Any
) -> None:
    client, url = world.client(world.administrator), change(world.plan)
    for n in range(30):
        factory.make_member(Role.OBSERVER, world.plan, email=f"o{n}@example.org")
    with django_assert_max_num_queries(15):
        assert client.get(url).status_code == 200


# the policy


INLINE = re.compile(r"""\sstyle=|\son\w+=["']|<script(?![^>]*\bsrc=)(?![^>]*json)|<style""")


def test_our_admin_templates_hold_nothing_inline() -> None:
    folder = Path(settings.BASE_DIR) / "templates" / "admin"
    found = [path.name for path in folder.rglob("*.html") if INLINE.search(path.read_text())]
    assert found == []


def test_import_and_export_pages_hold_nothing_inline(world: World) -> None:
    client = world.client(world.administrator)
    data = file_of(("plan", "code", "title_en"), ("AL", "1", "Changed"))
    pages = [
        client.get(reverse("admin:indicators_objective_export")),
        client.get(reverse("admin:indicators_objective_import")),
        preview(client, "indicators_objective", data),
    ]
    assert [INLINE.findall(page.content.decode()) for page in pages] == [[], [], []]
    assert "<ins>" in pages[2].content.decode()
    assert confirm(client, "indicators_objective", pages[2]).status_code == 302
