"""What is typed wrongly: a clear sentence at the field, the text stays, nothing is stored."""

from decimal import Decimal

import pytest
from django.http import HttpResponse

from audit.models import Entry
from indicators.models import Indicator
from reports.models import Observation, Rating
from tests import factory
from tests.conftest import World
from tests.reports.typed_forms import (
    action_of,
    fields_on,
    fill_url,
    line_of,
    save_url,
    text_of,
)


def send(
    world: World, part: str, typed: dict[str, str], page: str = "indicators-1"
) -> list[HttpResponse]:
    """The same page sent by htmx and as a plain form; both must refuse alike."""
    client = world.client(world.contributor)
    data = fields_on(client.get(fill_url(world.report, page)))
    data |= {f"{part}-{name}": text for name, text in typed.items()}
    return [
        client.post(save_url(world.report, part), data, headers={"HX-Request": "true"}),
        client.post(fill_url(world.report, page), data),
    ]


def refused(
    world: World, indicator: Indicator, typed: dict[str, str], field: str, sentence: str
) -> None:
    """Both answers say the sentence, link to the field, and nothing has been stored."""
    line = line_of(world, indicator)
    part, before = f"line-{line.pk}", line.version
    fragment, page = send(world, part, typed)
    for response in (fragment, page):
        assert response.status_code == 422
        assert sentence in text_of(response)
        assert f'href="#{part}-{field}"' in response.content.decode()
    shown = fields_on(page)
    for name, text in typed.items():
        assert shown[f"{part}-{name}"] == text
    line.refresh_from_db()
    assert (line.version, line.note) == (before, "")
    assert not Observation.objects.filter(line=line).exists()
    assert not Rating.objects.filter(line=line).exists()
    assert not Entry.objects.filter(action="line.saved").exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("12a", "has letters in it"),
        ("NaN", "has letters in it"),
        ("1e5", "is written with an exponent"),
        ("-3", "Write a number of 0 or more."),
        ("1.23456", "decimals"),
        ("9" * 30, "more than 15 digits"),
        ("<script>alert(1)</script>", "&lt;script&gt;"),
    ],
)
def test_what_is_no_number_is_said_at_its_field(world: World, typed: str, sentence: str) -> None:
    values = {"total-value": typed, "note": "A long comment."}
    refused(world, world.indicator, values, "total-value", sentence)


def test_a_null_byte_is_refused_and_does_not_break(world: World) -> None:
    line = line_of(world)
    for response in send(world, f"line-{line.pk}", {"note": "a\x00b"}):
        assert response.status_code == 422
    line.refresh_from_db()
    assert (line.version, line.note) == (0, "")


def test_a_numerator_above_its_denominator(world: World) -> None:
    typed = {"total-numerator": "9", "total-denominator": "8"}
    sentence = "the numerator 9 is larger than the denominator 8"
    refused(world, world.share, typed, "total-numerator", sentence)


def test_a_numerator_of_nothing(world: World) -> None:
    typed = {"total-numerator": "9", "total-denominator": "0"}
    sentence = "the denominator is 0 although the numerator is not"
    refused(world, world.share, typed, "total-denominator", sentence)


@pytest.mark.parametrize(
    ("given", "missing", "sentence"),
    [
        ("numerator", "denominator", "The denominator is missing."),
        ("denominator", "numerator", "The numerator is missing."),
    ],
)
def test_half_a_fraction(world: World, given: str, missing: str, sentence: str) -> None:
    refused(world, world.share, {f"total-{given}": "9"}, f"total-{missing}", sentence)


def test_a_part_above_its_total(world: World) -> None:
    factory.split(world.indicator, factory.make_dimension(world.plan, "sex", "f", "m"))
    typed = {"total-value": "5", "sex-f-value": "6", "sex-m-value": ""}
    sentence = "F: the value 6 is larger than that of the total, 5."
    refused(world, world.indicator, typed, "sex-f-value", sentence)


def test_parts_that_do_not_add_up(world: World) -> None:
    factory.split(world.indicator, factory.make_dimension(world.plan, "sex", "f", "m"))
    typed = {"total-value": "10", "sex-f-value": "6", "sex-m-value": "3"}
    refused(world, world.indicator, typed, "total-value", "add up to 9")


def test_no_value_without_a_reason(world: World) -> None:
    typed = {"total-state": "not_available"}
    sentence = "Say in a few words why there is no value."
    refused(world, world.indicator, typed, "total-reason", sentence)


def test_a_reason_that_belongs_to_nothing(world: World) -> None:
    sentence = "You gave a reason: choose what it is a reason for."
    refused(world, world.indicator, {"total-reason": "Fire."}, "total-state", sentence)


def test_a_rating_needs_its_reason_and_a_reason_its_rating(world: World) -> None:
    sentence = "Give the reason of your rating in a sentence."
    refused(world, world.indicator, {"rating": "at_risk"}, "rating_reason", sentence)
    sentence = "Choose the rating that this reason belongs to."
    refused(world, world.indicator, {"rating_reason": "Slow."}, "rating", sentence)


@pytest.mark.parametrize("name", ["rating", "total-state"])
def test_an_invented_choice(world: World, name: str) -> None:
    line = line_of(world)
    typed = {name: "excellent", "rating_reason": "So.", "total-reason": "So."}
    for response in send(world, f"line-{line.pk}", typed):
        assert response.status_code == 422
    assert not Rating.objects.exists()
    assert not Observation.objects.exists()


def test_a_version_that_is_no_number(world: World) -> None:
    line = line_of(world)
    for response in send(world, f"line-{line.pk}", {"version": "x", "total-value": "5"}):
        assert response.status_code in (409, 422)
    assert not Observation.objects.exists()


@pytest.mark.parametrize("huge", ["99999999999999999999", "-1"])
def test_a_version_that_no_database_knows(world: World, huge: str) -> None:
    line = line_of(world)
    for response in send(world, f"line-{line.pk}", {"version": huge, "total-value": "5"}):
        assert response.status_code in (409, 422)
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("much", "has letters in it"), ("-1", "0 or more"), ("1.999", "Write at most 2 decimals.")],
)
def test_money_that_is_none(world: World, typed: str, sentence: str) -> None:
    progress = action_of(world)
    part = f"action-{progress.pk}"
    values = {"spent": typed, "note": "A comment."}
    fragment, page = send(world, part, values, "actions-1")
    for response in (fragment, page):
        assert (response.status_code, sentence in text_of(response)) == (422, True)
        assert f'href="#{part}-spent"' in response.content.decode()
    assert fields_on(page)[f"{part}-note"] == "A comment."
    progress.refresh_from_db()
    assert (progress.version, progress.spent, progress.note) == (0, None, "")


def test_money_of_more_digits_than_a_column_holds(world: World) -> None:
    progress = action_of(world)
    for response in send(world, f"action-{progress.pk}", {"spent": "9" * 14}, "actions-1"):
        assert response.status_code == 422
    progress.refresh_from_db()
    assert progress.spent is None


def test_a_number_is_read_in_the_language_of_the_screen(world: World) -> None:
    world.contributor.language = "sq"
    world.contributor.save()
    line = line_of(world)
    fragment, _page = send(world, f"line-{line.pk}", {"total-value": "12,5"})
    assert fragment.status_code == 200
    assert Observation.objects.get(line=line).value == Decimal("12.5")
