"""A secretariat reads and changes its own plan through the admin, and no other by any way."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Institution, User
from indicators.models import Action, Funding, Indicator, Objective, Plan, Target
from tests.indicators.admin_files import CSV, XLSX, export, file_of, preview, rows_of
from tests.indicators.every_table import (
    OWN,
    SHARED,
    bring,
    contents,
    label,
    make_everything,
    make_root,
    rows_for,
)

pytestmark = pytest.mark.django_db


WRITTEN = (
    "title",
    "name",
    "planned",
    "reason",
    "explanation",
)  # columns in which a taken row would show


@pytest.fixture
def keeper() -> User:
    """The administrator of one plan; there is a second plan of which she knows nothing."""
    made = make_everything()
    make_everything("XK", "XK")
    return made


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def foreign_row(model: Any) -> Any:
    rows = [row for row in model.objects.all() if "XK" in f"{vars(row)} {far(row)}".upper()]
    return rows[0]


def far(row: Any) -> str:
    """What tells of the plan of a row that has no code of its own."""
    names = ("plan", "action", "dimension", "indicator")
    return " ".join(f"{getattr(getattr(row, name, None), 'code', '')}" for name in names)


@pytest.mark.parametrize("model", OWN, ids=label)
def test_what_she_exports_is_her_own(keeper: User, model: Any) -> None:
    _heads, rows = rows_for(model, keeper)
    everything = rows_for(model, make_root())[1]

    assert rows
    assert len(rows) < len(everything)
    assert "XK" not in repr(rows).upper()
    assert [row for row in everything if row not in rows]


@pytest.mark.parametrize("model", OWN, ids=label)
def test_a_file_of_another_plan_is_refused_whole(keeper: User, model: Any) -> None:
    heads, rows = rows_for(model, make_root())
    own = rows_for(model, keeper)[1]
    before = contents()
    (foreign, *_more) = [row for row in rows if row not in own and "root@" not in repr(row)]
    if model is User:  # her file has no columns of power
        heads, own, foreign = ["email", "name"], [own[0][:2]], foreign[:2]
    at = next(n for n, name in enumerate(heads) if name.startswith(WRITTEN))
    new = 7 if heads[at] == "planned" else "Taken over"
    changed = [*foreign[:at], new, *foreign[at + 1 :]]
    found = bring(model, keeper, heads, own[0], changed)

    assert {row for row, _column, _text in found.faults} == {3}, found
    assert contents() == before


@pytest.mark.parametrize("model", OWN, ids=label)
def test_no_page_of_another_plans_row_opens_or_saves(keeper: User, model: Any) -> None:
    client, row, before = browser(keeper), foreign_row(model), contents()
    for name in ("change", "history", "delete"):
        url = reverse(f"admin:{label(model)}_{name}", args=[row.pk])
        for response in (client.get(url), client.post(url, {"post": "yes", "name": "Taken"})):
            forbidden = name == "delete" and model in (Plan, Target, User)
            assert response.status_code in ({403, 404} if forbidden else {404, 405}), name
            assert not re.search("XK[- ]", response.content.decode())
    assert contents() == before


@pytest.mark.parametrize("model", SHARED, ids=label)
def test_what_plans_share_is_read_by_her_and_changed_by_nobody_but_root(
    keeper: User, model: Any
) -> None:
    client, row, before = browser(keeper), model.objects.first(), contents()
    url = reverse(f"admin:{label(model)}_change", args=[row.pk])
    assert client.get(url).context["has_change_permission"] is False
    assert client.post(url, {"title_en": "Taken over"}).status_code == 403
    assert preview(client, label(model), file_of(("code",), ("x",))).status_code == 403
    for form in (XLSX, CSV):
        assert len(rows_of(export(client, label(model), form), form)) == 2
    assert contents() == before


NAMED: list[tuple[Any, dict[str, Any], str]] = [
    (Objective, {"plan": "AL", "code": "AL-1", "parent": "XK-1"}, "parent"),
    (Action, {"plan": "AL", "code": "AL-A", "objective": "XK-1"}, "objective"),
    (Action, {"plan": "AL", "code": "AL-A", "lead": "XK:XK-H"}, "lead"),
    (Action, {"plan": "AL", "code": "AL-A", "supporting": "XK:XK-H"}, "supporting"),
    (Indicator, {"plan": "AL", "code": "AL-I", "action": "XK-A"}, "action"),
    (Indicator, {"plan": "AL", "code": "AL-I", "responsible": "XK:XK-H"}, "responsible"),
    (Indicator, {"plan": "AL", "code": "AL-I", "dimensions": "XK-d"}, "dimensions"),
    (Funding, {"plan": "AL", "action": "XK-A", "source": "x", "planned": 1}, "action"),
]


def test_her_rows_name_nothing_of_another_plan_nor_do_those_of_root(keeper: User) -> None:
    before, root = contents(), make_root()
    for model, row, column in NAMED:
        found = bring(model, keeper, list(row), list(row.values()))
        assert [name for _row, name, _text in found.faults] == [column], row
        if ":" not in str(row):  # an institution of another country may take part
            again = bring(model, root, list(row), list(row.values()))
            assert [name for _row, name, _text in again.faults] == [column], row
    before["User"] = contents()["User"]  # root was added
    assert contents() == before


def test_a_new_plan_and_a_new_country_are_not_hers_to_add(keeper: User) -> None:
    heads = ("code", "country", "title_en", "languages", "starts_on", "ends_on")
    row = ("NEW", "AL", "New", "sq", "2028-01-01", "2031-12-31")
    assert [fault[1] for fault in bring(Plan, keeper, heads, row).faults] == ["code"]
    assert bring(Plan, make_root(), heads, row).new == 1

    house = ("country", "code", "name_en", "kind")
    refused = bring(Institution, keeper, house, ("XK", "NEW", "New", "ministry"))
    assert refused.faults == [(2, "country", "You keep no plan of this country.")]
    assert bring(Institution, keeper, house, ("AL", "NEW", "New", "ministry")).new == 1
