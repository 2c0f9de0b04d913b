"""The pages of the admin for whatever a plan is made of: they open, find, and cost the same."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Institution, InstitutionAlias, User
from indicators.models import (
    Action,
    Category,
    ConsistencyRule,
    Dimension,
    Framework,
    FrameworkItem,
    Funding,
    Indicator,
    Objective,
    Plan,
    PlanLevel,
    Target,
)
from tests import factory
from tests.indicators.every_table import MODELS, OWN, label, make_everything, make_root

pytestmark = pytest.mark.django_db
every_model = pytest.mark.parametrize("model", MODELS, ids=label)


@pytest.fixture
def keeper() -> User:
    """The administrator of a plan with a row in every table."""
    return make_everything()


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(model: Any, name: str, *args: Any) -> str:
    return reverse(f"admin:{label(model)}_{name}", args=args)


def test_these_are_all_the_tables_with_an_import() -> None:
    kept = {m for m, kind in admin.site._registry.items() if hasattr(kind, "resource_classes")}

    assert kept == set(MODELS)


# ---------------------------------------------------------------- every page of every table


@every_model
def test_every_page_opens_for_who_runs_the_site(keeper: User, model: Any) -> None:
    client, row = browser(make_root()), model.objects.first()
    for name in ("changelist", "add", "import", "export"):
        html = client.get(page(model, name)).content.decode()
        assert str(model._meta.verbose_name_plural).lower() in html.lower(), name
    for name, key in (("change", "original"), ("history", "object")):
        assert client.get(page(model, name, row.pk)).context[key] == row


def test_pages_are_written_in_the_language_of_who_reads_them(keeper: User) -> None:
    root, titles = make_root(), set()
    for language in ("en", "sq"):
        User.objects.filter(pk=root.pk).update(language=language)
        client = browser(root)
        for model in (Plan, Indicator, Institution, User):
            response = client.get(page(model, "changelist"))
            titles.add(str(response.context["title"]))
            assert f'<html lang="{language}"' in response.content.decode()

    assert len(titles) == 8


def test_a_row_that_is_not_there_is_answered_with_404(keeper: User) -> None:
    client = browser(make_root())
    for model in MODELS:
        for name in ("change", "history", "delete"):
            status = 403 if (model, name) == (User, "delete") else 404
            assert client.get(page(model, name, "987654321")).status_code == status, (model, name)
        assert client.get(page(model, "change", "canary")).status_code == 404


def test_who_is_not_logged_in_is_sent_to_the_door(db: None) -> None:
    for model in MODELS:
        for name in ("changelist", "add", "import", "export"):
            answer = Client().get(page(model, name))
            assert answer.status_code == 302
            assert answer.headers["Location"].endswith(f"?next={page(model, name)}")


FOUND: list[tuple[Any, str, int]] = [
    (Plan, "AL", 1),
    (Objective, "AL-1", 1),
    (Action, "Action", 1),
    (Funding, "money", 1),
    (Dimension, "AL-d", 1),
    (Category, "f", 1),
    (Indicator, "Treguesi", 2),
    (ConsistencyRule, "AL-R", 1),
    (ConsistencyRule, "AL-J", 1),
    (ConsistencyRule, "at most", 1),
    (Target, "AL-I", 1),
    (PlanLevel, "level", 1),
    (Framework, "AL framework", 1),
    (FrameworkItem, "AL item", 1),
    (Institution, "house", 1),
    (Institution, "alias", 1),
    (User, "keeper", 1),
    (Objective, "%", 0),
    (Objective, "canary", 0),
    (Objective, "' OR 1=1 --", 0),
]


def test_rows_are_found_by_code_and_words(keeper: User) -> None:
    make_everything("XK", "XK")
    client = browser(keeper)
    for model, words, number in FOUND:
        response = client.get(page(model, "changelist"), {"q": words})
        assert response.context["cl"].result_count == number, (model, words)


def filters() -> Iterator[tuple[Any, str, str, int]]:
    tables = (PlanLevel, Objective, Action, Funding, Dimension, Category, Indicator, Target)
    for model in (*tables, ConsistencyRule):
        number = 2 if model in (Category, Indicator) else 1
        yield model, "of_plan", "AL", number
        yield model, "of_plan", "XK", number
        yield model, "of_plan", "CANARY", 0
    yield Indicator, "kind", "count", 4
    yield ConsistencyRule, "severity", "warning", 2
    yield ConsistencyRule, "severity", "error", 0
    yield Indicator, "kind", "percentage", 0
    yield Indicator, "sensitivity", "restricted", 0
    yield FrameworkItem, "certainty", "unverified", 2
    yield Institution, "kind", "ministry", 2
    yield User, "is_staff__exact", "1", 3


def test_lists_are_filtered(keeper: User) -> None:
    make_everything("XK", "XK")
    client = browser(make_root())
    for model, name, value, number in filters():
        response = client.get(page(model, "changelist"), {name: value})
        assert response.context["cl"].result_count == number, (model, name, value)


# ---------------------------------------------------------------- cost


def grow(model: Any, start: int, end: int) -> None:
    """More rows of a table, beside the one there is."""
    beside = Indicator.objects.select_related("plan", "action__lead").get(code="AL-I")
    plan, action = beside.plan, beside.action
    other = plan.indicators.get(code="AL-J")
    sex, framework = Dimension.objects.get(code="AL-d"), Framework.objects.get(code="AL-f")
    of_plan = {"plan": plan, "objective_id": beside.objective_id}
    years = {"starts_on": plan.starts_on, "ends_on": plan.ends_on, "country": "AL"}
    common: dict[Any, dict[str, Any]] = {
        Plan: years,
        PlanLevel: {"plan": plan},
        Objective: {"plan": plan},
        Action: {**of_plan, "lead": action.lead if action else None},
        Funding: {"action": action, "planned": 1},
        Dimension: {"plan": plan},
        Category: {"dimension": sex},
        Indicator: {**of_plan, "kind": "count"},
        Target: {"indicator": beside, "as_of": plan.ends_on, "value": 1},
        FrameworkItem: {"framework": framework},
        ConsistencyRule: {"plan": plan, "left": beside, "right": other, "relation": "at_most"},
        Institution: {"country": "AL", "kind": "ministry"},
    }
    names = {Funding: "source", Target: "cell", User: "email", PlanLevel: "depth"}
    name = names.get(model, "code")
    rows = (n if model is PlanLevel else f"N{n}" for n in range(start + 1, end + 1))
    model.objects.bulk_create(model(**{**common.get(model, {}), name: row}) for row in rows)


def cost(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@every_model
def test_a_list_costs_the_same_for_1_3_and_300_rows(keeper: User, model: Any) -> None:
    client, costs, made = browser(make_root()), [], 1
    client.get(page(model, "changelist"))
    for number in (1, 3, 300):
        grow(model, made, number)
        made = number
        costs.append(cost(client, page(model, "changelist")))

    assert costs == [costs[0]] * 3
    assert costs[0] <= 15


@pytest.mark.parametrize("model", [m for m in OWN if m not in (User, Plan)], ids=label)
def test_a_form_costs_no_query_for_each_row_it_offers(keeper: User, model: Any) -> None:
    client, url = browser(make_root()), page(model, "change", model.objects.first().pk)
    costs = [cost(client, url)]
    for table in (Objective, Action, Dimension, Institution):
        grow(table, 1, 40)
    costs.append(cost(client, url))

    assert costs == [costs[0]] * 2
    assert costs[0] <= 24


# ---------------------------------------------------------------- the tree of objectives


def form_of(client: Client, row: Objective) -> dict[str, Any]:
    """An objective's form as it is shown."""
    shown = client.get(page(Objective, "change", row.pk)).context["adminform"].form
    return {bound.name: "" if bound.value() is None else bound.value() for bound in shown}


@pytest.fixture
def tree(keeper: User) -> dict[str, Objective]:
    plan = Plan.objects.get()
    Objective.objects.update(code="1")
    rows = {"1": Objective.objects.get()}
    for code in ("1.1", "1.1.1", "2"):
        rows[code] = factory.make_objective(plan, code, rows.get(code.rpartition(".")[0]))
    return rows


def depths() -> dict[str, int]:
    return dict(Objective.objects.order_by("code").values_list("code", "depth"))


@pytest.mark.parametrize(
    ("code", "parent", "expected"),
    [
        ("1.1", "2", {"1": 0, "1.1": 1, "1.1.1": 2, "2": 0}),
        ("1.1", "", {"1": 0, "1.1": 0, "1.1.1": 1, "2": 0}),
        ("1", "2", {"1": 1, "1.1": 2, "1.1.1": 3, "2": 0}),
        ("2", "1.1.1", {"1": 0, "1.1": 1, "1.1.1": 2, "2": 3}),
        ("1.1.1", "1", {"1": 0, "1.1": 1, "1.1.1": 1, "2": 0}),
    ],
)
def test_a_moved_objective_takes_its_branch_along(
    keeper: User, tree: dict[str, Objective], code: str, parent: str, expected: dict[str, int]
) -> None:
    client, row = browser(keeper), tree[code]
    data = form_of(client, row) | {"parent": tree[parent].pk if parent else ""}
    assert client.post(page(Objective, "change", row.pk), data).status_code == 302

    assert depths() == expected


@pytest.mark.parametrize(("code", "parent"), [("1", "1"), ("1", "1.1"), ("1", "1.1.1")])
def test_an_objective_is_not_put_below_itself(
    keeper: User, tree: dict[str, Objective], code: str, parent: str
) -> None:
    client, row = browser(keeper), tree[code]
    data = form_of(client, row) | {"parent": tree[parent].pk}
    response = client.post(page(Objective, "change", row.pk), data)

    assert response.context["adminform"].form.errors == {
        "parent": [f"“{code}” would stand below itself."]
    }
    assert depths() == {"1": 0, "1.1": 1, "1.1.1": 2, "2": 0}


def test_nobody_types_how_deep_an_objective_is(keeper: User, tree: dict[str, Objective]) -> None:
    client, row = browser(keeper), tree["1.1"]
    data = form_of(client, row)
    assert "depth" not in data
    client.post(page(Objective, "change", row.pk), data | {"depth": "7", "title_en": "Changed"})

    assert (depths()["1.1"], Objective.objects.filter(title_en="Changed").count()) == (1, 1)


def test_other_names_of_an_institution_are_written_beside_it(keeper: User) -> None:
    client, house = browser(keeper), Institution.objects.get()
    url = page(Institution, "change", house.pk)
    context = client.get(url).context
    formset = context["inline_admin_formsets"][0].formset
    data = {bound.name: bound.value() or "" for bound in context["adminform"].form}
    for form in [formset.management_form, *formset.initial_forms]:
        data |= {bound.html_name: bound.value() for bound in form if bound.value() is not None}
    data |= {"aliases-TOTAL_FORMS": 2, "aliases-1-name": "MoD", "aliases-1-institution": house.pk}
    assert client.post(url, data).status_code == 302

    assert sorted(InstitutionAlias.objects.values_list("name", flat=True)) == ["AL alias", "MoD"]
