"""Money by source of funds in the form: typed, added up, saved as one goes, never lost."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import User
from indicators.models import Funding
from reports.forms.pages import save_form
from reports.models import SourceMoney
from reports.money import COLUMNS, source_field
from tests import factory
from tests.conftest import World
from tests.reports.funded import earlier, fund, progress_of, stored, tell
from tests.reports.section_forms import form_of, told, typed_into
from tests.reports.test_admin_reports import page as admin_page
from tests.reports.typed_forms import fields_on, fill_url, save_url, text_of

D = Decimal
UNTOLD = "The sources are not all told. Give each, or say why in the comment."


@pytest.fixture
def funded(world: World) -> World:
    fund(world)
    return world


def action_form(world: World) -> Any:
    return form_of(world, f"action-{progress_of(world.report).pk}")


def names(**money: tuple[str, str]) -> dict[str, str]:
    """Field and text of each source's money."""
    return {
        source_field(source, column): text
        for source, pair in money.items()
        for column, text in zip(COLUMNS, pair, strict=True)
    }


def save(world: World, typed: dict[str, str]) -> bool:
    with translation.override("en"):
        return save_form(world.now(), typed_into(action_form(world), typed), world.contributor)


def post(world: World, typed: dict[str, str], part: str = "", **more: Any) -> Any:
    """What a browser sends of the page with something typed over it."""
    client, prefix = world.client(world.contributor), f"action-{progress_of(world.report).pk}"
    fields = fields_on(client.get(fill_url(world.report, "actions-1")))
    fields |= {f"{prefix}-{name}": text for name, text in typed.items()}
    address = save_url(world.report, prefix) if part else fill_url(world.report, "actions-1")
    return client.post(address, fields, **more)


def test_every_source_has_fields_of_its_own_and_the_total_is_added_up(funded: World) -> None:
    assert save(funded, names(State=("10", "4"), Donors=("5.5", "0")))
    by_source = {"Donors": (D("5.5"), D(0)), "State": (D(10), D(4))}
    assert stored(funded.report) == (D("15.5"), D(4), by_source)
    form = action_form(funded)
    assert [(row.source, row.planned) for row in form.by_source] == [
        ("Donors", D("1500.50")),
        ("State", D(3000)),
    ]
    assert [(name, amount) for name, _label, amount in form.totals] == [
        ("allocated", D("15.5")),
        ("spent", D(4)),
    ]
    assert (form.stored["allocated"], form.stored["spent"]) == ("", "")
    assert typed_into(form, {}).is_touched is False


def test_a_total_alone_stands_in_its_own_field(funded: World) -> None:
    assert save(funded, {"allocated": "20", "spent": "9", "note": "One account."})
    assert stored(funded.report) == (D(20), D(9), {})
    form = action_form(funded)
    assert (form.stored["allocated"], form.stored["spent"]) == ("20", "9")
    assert list(form.notes) == []


def test_what_was_a_total_is_split_later(funded: World) -> None:
    save(funded, {"spent": "9"})
    assert not save(funded, names(State=("", "4"), Donors=("", "4")))
    assert save(funded, names(State=("", "4"), Donors=("", "5")))
    assert stored(funded.report)[1:] == (
        D(9),
        {"Donors": (None, D(5)), "State": (None, D(4))},
    )
    assert save(funded, names(State=("", "6"), Donors=("", "5")))
    assert stored(funded.report)[1] == 11


def test_without_one_of_the_sources_the_total_is_not_known(funded: World) -> None:
    save(funded, names(State=("", "4"), Donors=("", "5")))
    assert save(funded, names(State=("", "4"), Donors=("", "")))
    assert stored(funded.report) == (None, None, {"State": (None, D(4))})


CONTRADICTIONS = [
    (
        {**names(State=("", "4"), Donors=("", "5")), "spent": "10"},
        "The sources add up to 9, the total says 10. Correct one of them, or leave the total empty:"
        " it is added up.",
    ),
    (
        {**names(State=("", "4"), Donors=("", "")), "spent": "3"},
        "The sources given add up to 4, more than the total of 3.",
    ),
]


@pytest.mark.parametrize(("typed", "says"), CONTRADICTIONS)
def test_a_contradiction_stands_at_the_total_and_keeps_what_was_typed(
    funded: World, typed: dict[str, str], says: str
) -> None:
    bound = typed_into(action_form(funded), typed)
    assert told(bound) == {"spent": [says]}
    assert {name: bound.typed[name] for name in typed} == typed
    answer = post(funded, typed)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert fields_on(answer).items() >= {
        (f"action-{progress_of(funded.report).pk}-{n}", text) for n, text in typed.items()
    }
    assert stored(funded.report) == (None, None, {})


def test_what_is_no_money_is_said_at_the_source_it_stands_in(funded: World) -> None:
    field = source_field("Donors", "spent")
    bound = typed_into(action_form(funded), {field: "many", source_field("State", "spent"): "4"})
    sentence = "“many” has letters in it. Write digits only, for example 12.7."
    assert told(bound) == {field: [sentence]}
    assert bound.problems == [(f"A1 Action A1: {sentence}", f"#{bound.part}-{field}")]


def test_the_page_works_without_scripts(funded: World) -> None:
    answer = post(funded, names(State=("10", "4"), Donors=("5", "1")))
    assert (answer.status_code, stored(funded.report)[:2]) == (302, (D(15), D(5)))
    page = text_of(funded.client(funded.contributor).get(fill_url(funded.report, "actions-1")))
    assert "All sources" in page
    assert page.count("5 ALL</strong>") == 2


def test_a_save_as_one_goes_renews_totals_and_warnings_and_leaves_the_fields_alone(
    funded: World,
) -> None:
    part = f"action-{progress_of(funded.report).pk}"
    answer = post(funded, names(State=("10", "14"), Donors=("5", "0")), part, headers=HTMX)
    page = text_of(answer)
    assert answer.status_code == 200
    assert f'<strong id="{part}-spent-sum" class="number" hx-swap-oob="true">14 ALL' in page
    assert "State: more was spent to date than allocated from this source." in page
    assert f'name="{part}-{source_field("State", "spent")}"' not in page
    assert stored(funded.report)[1] == 14


HTMX = {"HX-Request": "true"}


def test_who_was_slower_sees_both_by_source_and_loses_nothing(funded: World) -> None:
    form = action_form(funded)
    tell(funded, spent=None, money={"State": (None, "7")})
    typed = names(State=("", "4"), Donors=("", ""))
    slower = typed_into(form, typed)
    assert save_form(funded.now(), slower, funded.contributor) is False
    assert [(d.label, d.yours, d.theirs) for d in slower.differences] == [
        ("How far is it?", "", "In progress"),
        ("State: Spent in the quarter", "4", "7"),
    ]
    assert stored(funded.report)[2] == {"State": (None, D(7))}


def test_the_reason_for_an_unknown_split_is_asked_for_while_typing(funded: World) -> None:
    form, found = action_form(funded), {}
    for name, typed in {
        "total": {"spent": "9"},
        "with a reason": {"spent": "9", "note": "One account."},
        "by source": names(State=("", "4"), Donors=("", "5")),
        "nothing": {},
    }.items():
        with translation.override("en"):
            found[name] = list(typed_into(form, typed).notes)
    assert found == {"total": [UNTOLD], "with a reason": [], "by source": [], "nothing": []}


def test_what_was_saved_up_in_earlier_quarters_may_be_spent(world: World) -> None:
    fund(world, State="100")
    earlier(world, 1, allocated="100", spent="40")
    tell(world, allocated="0", spent="60")
    with translation.override("en"):
        assert list(action_form(world).notes) == []
    tell(world, allocated="0", spent="60.01")
    said = "More was spent than allocated. If that is right, say why in the comment."
    with translation.override("en"):
        assert list(action_form(world).notes) == [said]
    page = text_of(world.client(world.contributor).get(fill_url(world.report, "actions-1")))
    assert said in page


def test_a_source_that_left_the_plan_says_so_and_can_be_emptied(funded: World) -> None:
    fund(funded, Loan="7")
    save(funded, names(State=("", "1"), Donors=("", "2"), Loan=("", "3")))
    Funding.objects.filter(source="Loan").delete()
    page = text_of(funded.client(funded.contributor).get(fill_url(funded.report, "actions-1")))
    assert "Loan <small>not in the plan any more</small>" in page
    assert save(funded, names(State=("", "1"), Donors=("", "2"), Loan=("", "")))
    assert (stored(funded.report)[1], SourceMoney.objects.count()) == (3, 2)


def test_a_name_of_a_source_is_never_markup(world: World) -> None:
    fund(world, **{"<b>Fund & Co</b>": "1", '"=1+1"|x': "2"})
    page = world.client(world.contributor).get(fill_url(world.report, "actions-1"))
    assert "<b>Fund" not in page.content.decode()
    assert "&lt;b&gt;Fund &amp; Co&lt;/b&gt;" in page.content.decode()
    assert save(world, names(**{"<b>Fund & Co</b>": ("", "1"), '"=1+1"|x': ("", "2")}))
    assert stored(world.report)[1] == 3


def test_the_page_of_the_administration_has_the_same_fields_and_takes_them(funded: World) -> None:
    User.objects.update(is_staff=True)
    client, address = funded.client(funded.contributor), admin_page(funded.report)
    page, part = client.get(address), f"action-{progress_of(funded.report).pk}"
    shown = {name for name in fields_on(page) if name.startswith(f"{part}-source-")}
    assert shown == {f"{part}-{name}" for name in names(State=("", ""), Donors=("", ""))}
    typed = {
        f"{part}-{name}": text for name, text in names(State=("", "4"), Donors=("", "5")).items()
    }
    assert client.post(address, fields_on(page) | typed).status_code == 302
    assert stored(funded.report)[1] == 9


def test_the_page_to_read_has_a_row_for_each_source(funded: World) -> None:
    tell(funded, allocated=None, spent=None, money={"State": ("10", "4"), "Donors": ("5", "1")})
    page = funded.client(funded.contributor).get(f"/reports/{funded.report.pk}/content/")
    text = text_of(page)
    for told_row in ("A1 · Donors", "A1 · State"):
        assert told_row in text
    assert [text.count(f">{n} ALL<") for n in (15, 5, 10, 4, 1)] == [1, 2, 1, 1, 1]


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_page_of_actions_costs_the_same_for_any_number_of_sources(
    world: World, number: int
) -> None:
    for n in range(number):
        action = factory.make_action(world.plan, f"B{n:02}", world.defence, world.objective)
        world.report.actions.create(action=action)
        for source in range(2 + n % 3):
            Funding.objects.create(action=action, source=f"S{source}", planned=1)
    client = world.client(world.contributor)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(fill_url(world.report, "actions-1")).status_code == 200
    assert len(captured) == ACTIONS_PAGE


ACTIONS_PAGE = 16
