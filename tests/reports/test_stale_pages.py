"""Somebody was faster: 409 with both texts, what stands stays, and the person chooses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from audit.models import Entry
from reports.models import ActionProgress, Line, Narrative, Remark, Review
from reports.services import save_action, save_line, save_narrative
from tests import factory
from tests.conftest import World
from tests.reports.page_structure import faults
from tests.reports.section_forms import in_words
from tests.reports.typed_forms import action_of, fields_on, fill_url, line_of, save_url, text_of

HTMX = {"HX-Request": "true"}
WAY = pytest.mark.parametrize("is_htmx", [True, False], ids=["htmx", "plain"])


@dataclass(frozen=True)
class Section:
    """A section, the field in which both write, and how the other saves it meanwhile."""

    page: str
    part: Callable[[World], str]
    field: str
    label: str
    overtake: Callable[[World, str], None]
    stored: Callable[[World], tuple[int, str]]


def overtake_line(world: World, text: str) -> None:
    line = Line.objects.select_related("report__period__plan", "indicator").get(
        pk=line_of(world).pk
    )
    answers = [factory.value(5)]
    save_line(
        line, by=world.contributor, version=line.version, answers=answers, rating=None, note=text
    )


def overtake_action(world: World, text: str) -> None:
    row = ActionProgress.objects.select_related("report__period__plan").get(pk=action_of(world).pk)
    save_action(row, by=world.contributor, version=row.version, values={"note": text})


def overtake_words(world: World, text: str) -> None:
    words = Narrative.objects.select_related("report__period__plan").get(report=world.report)
    save_narrative(words, by=world.contributor, version=words.version, values={"done": text})


def stored_words(world: World) -> tuple[int, str]:
    words = Narrative.objects.get(report=world.report)
    return words.version, words.done


SECTIONS = {
    "line": Section(
        "indicators-1",
        lambda world: f"line-{line_of(world).pk}",
        "note",
        "Comment on the figures",
        overtake_line,
        lambda world: (line_of(world).version, line_of(world).note),
    ),
    "action": Section(
        "actions-1",
        lambda world: f"action-{action_of(world).pk}",
        "note",
        "Comment",
        overtake_action,
        lambda world: (action_of(world).version, action_of(world).note),
    ),
    "narrative": Section(
        "narrative",
        lambda world: "narrative",
        "done",
        "What was done",
        overtake_words,
        stored_words,
    ),
}
NAME = pytest.mark.parametrize("name", SECTIONS)
MIXED = pytest.mark.parametrize(
    ("name", "is_htmx"), [("line", True), ("action", False), ("narrative", True)]
)


def late(world: World, name: str, is_htmx: bool, language: str = "en") -> tuple[Any, str, Any]:
    """The approver's page from before the contributor's save, sent after it."""
    section = SECTIONS[name]
    User.objects.filter(pk=world.approver.pk).update(language=language)
    client = world.client(world.fresh(world.approver))
    part, page = section.part(world), fill_url(world.report, section.page)
    data = fields_on(client.get(page)) | {f"{part}-{section.field}": "Mine, typed for an hour."}
    section.overtake(world, "Theirs, saved first.")
    address = save_url(world.report, part) if is_htmx else page
    headers = HTMX if is_htmx else {}
    return client, address, client.post(address, data, headers=headers)


@NAME
@WAY
def test_both_texts_stand_side_by_side_and_theirs_stays_stored(
    world: World, name: str, is_htmx: bool
) -> None:
    language = "sq" if is_htmx else "en"
    _client, _address, response = late(world, name, is_htmx, language)
    page = text_of(response)
    assert response.status_code == 409
    assert SECTIONS[name].stored(world) == (1, "Theirs, saved first.")
    assert page.count("Theirs, saved first.") == 1
    assert "Mine, typed for an hour." in page
    for sentence in (
        "Somebody saved this part while you were writing",
        "Stored now",
        "What you typed",
        "Keep what I typed",
        "Take what is stored",
        SECTIONS[name].label if name != "narrative" else "Both texts",
    ):
        assert in_words(language, sentence) in page
    assert "Contributor.Mm" in page
    assert Entry.objects.filter(action=f"{name}.saved").count() == 1
    if not is_htmx:
        [(sentence, place)] = response.context["filling"].problems
        assert place == f"#{SECTIONS[name].part(world)}"
        assert sentence.endswith("was saved by somebody else meanwhile. Choose which text to keep.")
        assert faults(response) == []


@MIXED
def test_keeping_mine_replaces_theirs_and_the_log_has_both(
    world: World, name: str, is_htmx: bool
) -> None:
    client, address, response = late(world, name, is_htmx)
    part = SECTIONS[name].part(world)
    shown = fields_on(client.get(fill_url(world.report, SECTIONS[name].page)))
    typed = {f"{part}-{SECTIONS[name].field}": "Mine, typed for an hour."}
    data = shown | typed | fields_on(response) | {f"{part}-choice": "mine"}
    assert client.post(address, data).status_code == (200 if is_htmx else 302)
    assert SECTIONS[name].stored(world) == (2, "Mine, typed for an hour.")
    last = Entry.objects.filter(action=f"{name}.saved").order_by("sequence").last()
    assert last is not None
    assert "Theirs, saved first." in last.data
    assert last.actor == world.approver.email


@MIXED
def test_taking_theirs_changes_nothing(world: World, name: str, is_htmx: bool) -> None:
    client, address, response = late(world, name, is_htmx)
    part = SECTIONS[name].part(world)
    data = {f"{part}-{SECTIONS[name].field}": "Mine."} | fields_on(response)
    answer = client.post(address, data | {f"{part}-choice": "theirs"})
    assert answer.status_code == (200 if is_htmx else 302)
    assert SECTIONS[name].stored(world) == (1, "Theirs, saved first.")


@NAME
def test_a_choice_is_for_the_text_that_was_shown_and_no_later_one(world: World, name: str) -> None:
    client, address, response = late(world, name, is_htmx=False)
    SECTIONS[name].overtake(world, "Saved by a third hand.")
    data = fields_on(response) | {f"{SECTIONS[name].part(world)}-choice": "mine"}
    again = client.post(address, data)
    assert (again.status_code, SECTIONS[name].stored(world)) == (409, (2, "Saved by a third hand."))
    assert "Saved by a third hand." in text_of(again)
    assert "Mine, typed for an hour." in text_of(again)


def test_who_only_looked_at_a_section_has_no_conflict_over_it(world: World) -> None:
    client = world.client(world.approver)
    for section in SECTIONS.values():
        page = fill_url(world.report, section.page)
        data = fields_on(client.get(page))
        section.overtake(world, "Theirs, saved first.")
        assert client.post(page, data).status_code == 302
        assert client.post(save_url(world.report, section.part(world)), data).status_code == 200
        assert section.stored(world) == (1, "Theirs, saved first.")


def test_only_the_section_that_was_overtaken_waits_for_a_choice(world: World) -> None:
    client, page = world.client(world.approver), fill_url(world.report, "indicators-1")
    share = line_of(world, world.share)
    typed = fields_on(client.get(page)) | {
        f"line-{line_of(world).pk}-note": "Mine.",
        f"line-{share.pk}-note": "Mine too.",
    }
    overtake_line(world, "Theirs.")
    response = client.post(page, typed)
    assert response.status_code == 409
    assert (line_of(world).note, line_of(world, world.share).note) == ("Theirs.", "Mine too.")
    assert "1 part was saved." in text_of(response)


def test_a_typing_error_and_a_conflict_are_told_together_and_as_a_conflict(world: World) -> None:
    client, page = world.client(world.approver), fill_url(world.report, "indicators-1")
    share = line_of(world, world.share)
    typed = fields_on(client.get(page)) | {
        f"line-{line_of(world).pk}-note": "Mine.",
        f"line-{share.pk}-total-numerator": "x",
    }
    overtake_line(world, "Theirs.")
    response = client.post(page, typed)
    places = [place for _text, place in response.context["filling"].problems]
    assert response.status_code == 409
    assert places == [f"#line-{line_of(world).pk}", f"#line-{share.pk}-total-numerator"]


# ------------------------------------------------------------------ the coalition's side


def remark_fields(world: World, key: str, text: str) -> dict[str, str]:
    page = world.client(world.reviewer).get(reverse("review", args=[world.report.pk]))
    return fields_on(page) | {f"{key}-verdict": "flagged", f"{key}-text": text}


def key_of(world: World, kind: str) -> str:
    return {"action": f"action-{action_of(world).pk}", "narrative": "narrative"}[kind]


@pytest.mark.parametrize(("kind", "is_htmx"), [("action", True), ("narrative", False)])
def test_two_reviewers_of_one_part_lose_no_text(world: World, kind: str, is_htmx: bool) -> None:
    """The reviewer and the lead, who may step in, have opened the same page."""
    world.under_review()
    key, page = key_of(world, kind), reverse("review", args=[world.report.pk])
    first, second = remark_fields(world, key, "The lead’s."), remark_fields(world, key, "Mine.")
    address = reverse("review_save", args=[world.report.pk, key]) if is_htmx else page
    assert world.client(world.lead).post(address, first).status_code == (200 if is_htmx else 302)
    client = world.client(world.reviewer)
    response = client.post(address, second, headers=HTMX if is_htmx else {})
    assert (response.status_code, Remark.objects.get().text) == (409, "The lead’s.")
    assert "The lead’s." in text_of(response)
    assert is_htmx or fields_on(response)[f"{key}-text"] == "Mine."
    again = client.post(address, second | {f"{key}-over": "1"})
    assert again.status_code == (200 if is_htmx else 302)
    remark = Remark.objects.get()
    assert (remark.text, remark.version, remark.saved_by) == ("Mine.", 2, world.reviewer)


def test_a_verdict_on_a_round_that_ended_is_shown_to_be_copied(world: World) -> None:
    world.under_review()
    key = key_of(world, "action")
    data = remark_fields(world, key, "Written too late.")
    factory.decide("validate", world.report, world.lead)
    page = reverse("review", args=[world.report.pk])
    for address in (page, reverse("review_save", args=[world.report.pk, key])):
        response = world.client(world.reviewer).post(address, data)
        assert (response.status_code, "Written too late." in text_of(response)) == (409, True)
    assert not Remark.objects.exists()
    assert Review.objects.get().outcome == "validated"
