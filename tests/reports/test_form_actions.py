"""An action as a form: how far it is, its money, what is warned of and what is refused."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from audit.models import Entry
from indicators.models import Action, Funding
from reports.choices import ActionStatus
from reports.forms.pages import save_form
from reports.models import ActionProgress
from tests.conftest import World
from tests.reports.section_forms import form_of, in_words, told, typed_into
from tests.reports.typed_forms import action_of, fields_on, fill_url, save_url, text_of

OVERSPENT = "More was spent than allocated. If that is right, say why in the comment."


def action_form(world: World) -> Any:
    return form_of(world, f"action-{action_of(world).pk}")


def save(world: World, typed: dict[str, str]) -> bool:
    with translation.override("en"):
        return save_form(world.now(), typed_into(action_form(world), typed), world.contributor)


def stored(world: World) -> tuple[Decimal | None, Decimal | None]:
    progress = action_of(world)
    return progress.allocated, progress.spent


def test_money_is_read_by_the_language_and_kept_to_the_cent(world: World) -> None:
    form, cases = action_form(world), {}
    for language, text in [
        ("en", "1 234.5"),
        ("en", "0.01"),
        ("en", "0"),
        ("en", "99999999999.99"),
        ("sq", "1 234,5"),
        ("sq", "0,01"),
        ("sq", "1\u00a0000\u00a0000"),
    ]:
        bound = typed_into(form, {"spent": text}, language)
        assert told(bound) == {}
        cases[language, text] = str(bound.cleaned_data["spent"])
    assert cases == {
        ("en", "1 234.5"): "1234.5",
        ("en", "0.01"): "0.01",
        ("en", "0"): "0",
        ("en", "99999999999.99"): "99999999999.99",
        ("sq", "1 234,5"): "1234.5",
        ("sq", "0,01"): "0.01",
        ("sq", "1\u00a0000\u00a0000"): "1000000",
    }


NO_MONEY = [
    ("en", "1,5", "In this language the decimal sign is a point: write 1.5."),
    ("en", "1,000", "“1,000” can be read in two ways. Write 1000 or 1.000."),
    ("en", "1,000.50", "Separate thousands with a space or with nothing: write 1 000.50."),
    ("en", "0.001", "Write at most 2 decimals."),
    ("en", "-0.01", "Write a number of 0 or more."),
    ("en", "100 ALL", "“100 ALL” has letters in it. Write digits only, for example 12.7."),
    ("en", "€100", "“€100” is not a number. Write digits only, for example 12.7."),
    ("en", "١٠٠", "“١٠٠” is not a number. Write digits only, for example 12.7."),
    ("en", "9" * 12, "The number has more than 11 digits before the decimal sign. Check it."),
    ("sq", "0,001", "Shkruani më së shumti 2 shifra dhjetore."),
]
IN_ALBANIAN: list[tuple[str, str, dict[str, object]]] = [
    ("1.5", "In this language the decimal sign is a comma: write %(text)s.", {"text": "1,5"}),
    ("-1", "Write a number of %(least)s or more.", {"least": "0"}),
]


@pytest.mark.parametrize("field", ["allocated", "spent"])
def test_what_is_no_money_is_said_at_its_field(world: World, field: str) -> None:
    form = action_form(world)
    albanian = [("sq", text, in_words("sq", said, **more)) for text, said, more in IN_ALBANIAN]
    for language, text, sentence in [*NO_MONEY, *albanian]:
        bound = typed_into(form, {field: text, "note": "Kept."}, language)
        assert told(bound) == {field: [sentence]}, text
        assert (bound.typed[field], bound.typed["note"]) == (text, "Kept.")
        assert bound.problems == [(f"A1 Action A1: {sentence}", f"#{form.part}-{field}")]


WARNED = [
    ("", "", False),
    ("", "5", False),
    ("5", "", False),
    ("0", "0", False),
    ("10", "10", False),
    ("10", "10.01", True),
    ("0", "0.01", True),
    ("10", "9.99", False),
    ("99999999999.98", "99999999999.99", True),
]


@pytest.mark.parametrize("language", ["en", "sq"])
def test_more_spent_than_allocated_is_a_warning_and_is_saved(world: World, language: str) -> None:
    for allocated, spent, is_warned in WARNED:
        assert save(world, {"allocated": allocated, "spent": spent}) is True
        expected = tuple(Decimal(text) if text else None for text in (allocated, spent))
        assert stored(world) == expected
        with translation.override(language):
            notes = list(action_form(world).notes)
        assert notes == ([in_words(language, OVERSPENT)] if is_warned else []), (allocated, spent)


def test_the_warning_is_of_what_is_typed_and_not_of_what_was_stored(world: World) -> None:
    save(world, {"allocated": "10", "spent": "20"})
    form = action_form(world)
    typed = [{"spent": "9"}, {"spent": "21"}, {"allocated": "30"}, {"spent": "x"}]
    with translation.override("en"):
        found = [list(typed_into(form, fields).notes) for fields in typed]
    assert found == [[], [OVERSPENT], [], [OVERSPENT]]


def test_nothing_spent_is_zero_and_blank_is_not_answered(world: World) -> None:
    for text, number in (("0", Decimal(0)), ("", None), ("0.00", Decimal(0)), (" ", None)):
        assert save(world, {"spent": text}) is True
        assert stored(world) == (None, number)
    save(world, {"spent": "0"})
    assert action_form(world).stored["spent"] == "0"


def test_money_comes_back_as_it_is_typed_in_each_language(world: World) -> None:
    save(world, {"allocated": "1 234 567.5", "spent": "0.01"})
    shown = {}
    for language in ("en", "sq"):
        with translation.override(language):
            form = action_form(world)
            shown[language] = (form.stored["allocated"], form.stored["spent"])
            assert typed_into(form, {}, language).is_touched is False
    assert shown == {
        "en": ("1\u00a0234\u00a0567.5", "0.01"),
        "sq": ("1\u00a0234\u00a0567,5", "0,01"),
    }


def test_every_state_of_an_action_can_be_chosen_and_taken_back(world: World) -> None:
    for status in [*ActionStatus.values, ""]:
        assert save(world, {"status": status}) is True
        assert action_of(world).status == status
    faults = told(typed_into(action_form(world), {"status": "finished"}))
    assert faults == {
        "status": ["Select a valid choice. finished is not one of the available choices."]
    }


def test_a_save_logs_what_changed_and_from_what(world: World) -> None:
    save(world, {"status": "delayed", "spent": "5"})
    save(world, {"status": "delayed", "spent": "6", "note": " Late. "})
    last = Entry.objects.filter(action="action.saved").order_by("sequence").last()
    assert last is not None
    assert last.data == '{"note":["","Late."],"spent":["5","6"]}'
    assert last.actor == world.contributor.email


def test_a_refused_field_holds_back_the_whole_action(world: World) -> None:
    assert save(world, {"status": "done", "spent": "x", "note": "Not kept."}) is False
    progress = action_of(world)
    assert (progress.version, progress.status, progress.spent, progress.note) == (0, "", None, "")
    assert not Entry.objects.filter(action="action.saved").exists()


def fund(world: World, **sources: str) -> Action:
    action = action_of(world).action
    for source, planned in sources.items():
        Funding.objects.create(action=action, source=source, planned=Decimal(planned))
    return action


def test_the_plan_of_the_action_stands_beside_the_fields(world: World) -> None:
    action, client = fund(world, State="3000", Donors="1500.50"), world.client(world.contributor)
    page = text_of(client.get(fill_url(world.report, "actions-1")))
    assert "To be done by" not in page
    Action.objects.filter(pk=action.pk).update(ends_on=date(2026, 12, 24))
    page = text_of(client.get(fill_url(world.report, "actions-1")))
    assert "To be done by 24 Dec 2026" in page
    for amount in (
        "4\u00a0501\u00a0ALL",
        "State: 3\u00a0000\u00a0ALL",
        "Donors: 1\u00a0501\u00a0ALL",
    ):
        assert amount in client.get(fill_url(world.report, "actions-1")).content.decode()
    assert action_form(world).planned == Decimal("4500.50")


def test_an_action_without_planned_money_says_so_and_not_zero(world: World) -> None:
    assert action_form(world).planned is None
    page = text_of(world.client(world.contributor).get(fill_url(world.report, "actions-1")))
    assert "no amount in the plan" in page


def test_the_warning_comes_and_goes_with_the_saves(world: World) -> None:
    """The answer of a save renews the place of the warning, and leaves the fields alone."""
    progress, client = action_of(world), world.client(world.contributor)
    part, place = f"action-{progress.pk}", f'id="action-{progress.pk}-notes"'
    for spent, is_warned in (("11", True), ("10", False)):
        typed = fields_on(client.get(fill_url(world.report, "actions-1")))
        typed |= {f"{part}-allocated": "10", f"{part}-spent": spent}
        answer = client.post(save_url(world.report, part), typed, headers={"HX-Request": "true"})
        assert (answer.status_code, place in answer.content.decode()) == (200, True)
        assert (OVERSPENT in text_of(answer)) is is_warned
        assert f'name="{part}-spent"' not in answer.content.decode()


def test_two_actions_of_a_page_are_saved_each_on_its_own(world: World) -> None:
    second = Action.objects.create(
        plan=world.plan, code="A9", lead=world.defence, objective=world.objective, title_en="Nine"
    )
    other = ActionProgress.objects.create(report=world.report, action=second)
    first = world.report.actions.exclude(pk=other.pk).get()
    client, page = world.client(world.contributor), fill_url(world.report, "actions-1")
    typed = fields_on(client.get(page)) | {
        f"action-{first.pk}-spent": "many",
        f"action-{other.pk}-spent": "7",
    }
    response = client.post(page, typed)
    assert response.status_code == 422
    values = dict(world.report.actions.values_list("action__code", "spent"))
    assert values == {"A1": None, "A9": Decimal(7)}
    assert [place for _text, place in response.context["filling"].problems] == [
        f"#action-{first.pk}-spent"
    ]
