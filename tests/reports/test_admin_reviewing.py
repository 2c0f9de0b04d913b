"""The coalition reviews in the admin: verdicts, remarks and ratings, by round and by person."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from audit.models import Entry
from reports.choices import ReportStatus
from reports.models import Observation, Rating, Remark
from tests import factory
from tests.conftest import World
from tests.reports.test_admin_reports import LIST, hidden_fields, opened, page, told


@pytest.fixture
def world(world: World) -> World:
    """Everybody was given access to the admin; the report is being reviewed."""
    User.objects.update(is_staff=True)
    world.under_review()
    return world


def keys(world: World) -> dict[str, str]:
    line = world.report.lines.get(indicator=world.indicator)
    action = world.report.actions.get()
    return {"line": f"line-{line.pk}", "action": f"action-{action.pk}", "words": "narrative"}


def send(world: World, by: User, **fields: str) -> Any:
    """The page as it is, with more typed: line__verdict is the verdict on the first line."""
    client, begin = world.client(by), keys(world)
    pairs = ((name.partition("__"), text) for name, text in fields.items())
    data = {f"{begin[part]}-{rest}": text for (part, _, rest), text in pairs}
    return client.post(page(world.report), opened(client, page(world.report)) | data)


def said() -> list[tuple[str, str]]:
    return sorted(Remark.objects.values_list("verdict", "text"))


def test_every_part_of_a_report_gets_its_verdict(world: World) -> None:
    response = send(
        world,
        world.reviewer,
        line__verdict="flagged",
        line__text="  Too high.\r\nSee page 2. ",
        line__rating="off_track",
        line__rating_reason="Nothing was done.",
        action__verdict="accepted",
        words__verdict="accepted",
        words__text="Well said.",
    )

    assert (response.status_code, told(response)) == (302, ["Saved."])
    assert said() == [
        ("accepted", ""),
        ("accepted", "Well said."),
        ("flagged", "Too high.\nSee page 2."),
    ]
    rating = Rating.objects.get(side="coalition")
    assert (rating.value, rating.reason) == ("off_track", "Nothing was done.")


def test_a_verdict_is_logged_with_who_gave_it(world: World) -> None:
    send(world, world.reviewer, line__verdict="flagged", line__text="Too high.")
    entry = Entry.objects.latest("sequence")

    assert (entry.actor, entry.action) == (world.reviewer.email, "remark.saved")
    assert (entry.about_type, entry.about_id) == ("reports.remark", str(Remark.objects.get().pk))


REFUSED: list[tuple[dict[str, str], str]] = [
    ({"line__verdict": "flagged"}, "Say what is to be corrected."),
    ({"line__verdict": "flagged", "line__text": "  "}, "Say what is to be corrected."),
    ({"line__text": "Words alone"}, "Choose: accepted, or to correct."),
    (
        {"line__verdict": "accepted", "line__rating": "at_risk"},
        "Say why: a rating needs a reason.",
    ),
    (
        {"line__verdict": "accepted", "line__rating_reason": "Slow."},
        "Choose the rating that this reason is for.",
    ),
    ({"line__verdict": "canary"}, "Select a valid choice."),
    (
        {"line__verdict": "accepted", "line__rating": "canary", "line__rating_reason": "x"},
        "Select a valid choice.",
    ),
]


def test_half_a_verdict_is_refused_with_a_sentence_and_kept_as_typed(world: World) -> None:
    client, begin = world.client(world.reviewer), keys(world)["line"]
    blank = opened(client, page(world.report))
    for fields, sentence in REFUSED:
        sent = {name.replace("line__", f"{begin}-"): text for name, text in fields.items()}
        response = client.post(page(world.report), blank | sent)
        html = response.content.decode()
        assert response.status_code == 422, fields
        assert sentence in html, fields
        typed = [t for name, t in fields.items() if name.endswith(("text", "reason")) and t.strip()]
        assert all(text in html for text in typed)
    assert said() == []
    assert not Rating.objects.filter(side="coalition").exists()


def test_a_refused_part_holds_up_no_other(world: World) -> None:
    response = send(world, world.reviewer, line__verdict="flagged", action__verdict="accepted")

    assert response.status_code == 422
    assert said() == [("accepted", "")]


PEOPLE = [
    ("contributor", 409),
    ("approver", 409),
    ("other_contributor", 404),
    ("other_reviewer", 409),
    ("administrator", 403),
    ("observer", 404),
    ("stranger", 404),
]


def test_nobody_else_says_anything_in_a_round(world: World) -> None:
    client = world.client(world.reviewer)
    data = opened(client, page(world.report)) | {f"{keys(world)['line']}-verdict": "accepted"}
    for name, status in PEOPLE:
        response = world.client(getattr(world, name)).post(page(world.report), data)
        assert response.status_code == status, name
    assert said() == []


def test_the_lead_steps_in_for_a_reviewer(world: World) -> None:
    assert send(world, world.lead, line__verdict="accepted").status_code == 302
    assert said() == [("accepted", "")]


def test_a_reviewer_writes_no_figure_whatever_she_sends(world: World) -> None:
    kept = sorted(Observation.objects.values_list(), key=repr)
    begin = keys(world)
    data = {f"{begin['line']}-total-value": "31337", f"{begin['action']}-spent": "31337"}
    client = world.client(world.reviewer)
    client.post(page(world.report), opened(client, page(world.report)) | data)

    assert sorted(Observation.objects.values_list(), key=repr) == kept
    assert world.report.actions.get().spent != 31337


def test_a_page_of_an_earlier_round_says_nothing_in_the_next(world: World) -> None:
    client = world.client(world.reviewer)
    data = opened(client, page(world.report)) | {f"{keys(world)['line']}-verdict": "accepted"}
    factory.decide("return", world.report, world.reviewer, reason="Look.")
    assert client.post(page(world.report), data).status_code == 409

    factory.decide("submit", world.report, world.approver)
    factory.decide("take", world.report, world.reviewer)
    assert client.post(page(world.report), data).status_code == 409
    for tampered in ("", "0", "canary", "99999999999999999999"):
        sent = data | {"review-now": tampered}
        assert client.post(page(world.report), sent).status_code == 409
    assert said() == []


def test_what_was_said_stays_with_its_round(world: World) -> None:
    send(world, world.reviewer, line__verdict="flagged", line__text="First round.")
    factory.decide("return", world.report, world.reviewer, reason="Look.")
    ministry = world.client(world.contributor).get(page(world.report)).content.decode()
    assert "First round." in ministry

    factory.decide("submit", world.report, world.approver)
    factory.decide("take", world.report, world.reviewer)
    send(world, world.reviewer, line__verdict="accepted", line__text="Second round.")
    rounds = Remark.objects.order_by("review__round").values_list("review__round", "text")
    assert list(rounds) == [(1, "First round."), (2, "Second round.")]


def test_words_are_shown_and_never_run(world: World) -> None:
    text = "<script>alert(1)</script> & “so”"
    send(world, world.reviewer, line__verdict="flagged", line__text=text)
    factory.decide("return", world.report, world.reviewer, reason=text)

    for person in (world.reviewer, world.contributor, world.administrator):
        html = world.client(person).get(page(world.report)).content.decode()
        assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; “so”" in html


def test_a_report_that_was_handed_back_is_reviewed_no_more(world: World) -> None:
    client = world.client(world.reviewer)
    data = opened(client, page(world.report)) | {f"{keys(world)['words']}-verdict": "accepted"}
    factory.decide("validate", world.report, world.reviewer)

    assert client.get(page(world.report)).context["kind"] == "read"
    assert client.post(page(world.report), data).status_code == 409
    assert said() == []


# ---------------------------------------------------------------- several at once


def test_a_bulk_decision_needs_a_confirmation_with_the_version_that_was_seen(world: World) -> None:
    client = world.client(world.reviewer)
    chosen = {"action": "validate_all", "_selected_action": [str(world.report.pk)]}
    asked = client.post(reverse(LIST), chosen)
    data = chosen | hidden_fields(asked.content.decode())
    for version in ("", "0", "canary", "9" * 12, str(world.now().version + 1)):
        tampered = data | {f"version-{world.report.pk}": version}
        *_others, sentence = told(client.post(reverse(LIST), tampered))
        assert "The report moved on" in sentence
    assert world.now().state is ReportStatus.UNDER_REVIEW

    done = told(client.post(reverse(LIST), data))
    assert done[-1] == f"{world.report}: The report was validated."
    assert Entry.objects.latest("sequence").action == "report.validate"


def test_a_flagged_report_is_passed_over_with_the_reason(world: World) -> None:
    send(world, world.reviewer, line__verdict="flagged", line__text="Too high.")
    client = world.client(world.reviewer)
    chosen = {"action": "validate_all", "_selected_action": [str(world.report.pk)]}
    data = chosen | hidden_fields(client.post(reverse(LIST), chosen).content.decode())
    (sentence,) = told(client.post(reverse(LIST), data))

    assert "Something stands in the way: I1 Indicator I1: Too high." in sentence
    assert world.now().state is ReportStatus.UNDER_REVIEW


def test_a_ministry_is_offered_no_bulk_decision(world: World) -> None:
    people = (world.approver, world.administrator, world.observer, world.reviewer, world.lead)
    pages = {p: world.client(p).get(reverse(LIST)).content.decode() for p in people}

    assert [p for p, html in pages.items() if "validate_all" in html] == [
        world.reviewer,
        world.lead,
    ]
