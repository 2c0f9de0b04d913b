"""The ministry's right of reply: one text where the coalition rates an indicator otherwise."""

import json
from typing import Any

import pytest
from django.urls import reverse

from audit.models import Entry
from indicators.choices import Status
from reports.differing import difference_on, differing_in
from reports.errors import Conflict, NotAllowed, Stale
from reports.models import Assessment, LightReply, Line, Rating, Revision
from reports.replies import save_light_reply
from tests import factory
from tests.conftest import World
from tests.reports.exporting import fetched, rows
from tests.reports.page_structure import faults
from tests.reports.test_lights import rated, validate
from tests.reports.typed_forms import text_of

ANSWER = "All ten were trained by May; the list is attached."


def decided(world: World) -> Line:
    """A validated report on whose first indicator the two sides differ."""
    rated(world, ("I1", "off_track", "Two of ten."), ("I2", "on_track", "As they say."))
    validate(world)
    return line_of(world)


def line_of(world: World, code: str = "I1") -> Line:
    line = world.report.lines.select_related("indicator").get(indicator__code=code)
    line.report = world.now()
    return line


def address(world: World, line: Line) -> str:
    return reverse("light_reply", args=[world.report.pk, line.pk])


def send(world: World, line: Line, text: str = ANSWER, **more: Any) -> Any:
    reply = LightReply.objects.filter(line=line).first()
    version = more.get("version", reply.version if reply else 0)
    sent = {"light-text": text, "light-version": version}
    return world.client(more.get("who", world.contributor)).post(address(world, line), sent)


def standing(world: World) -> tuple[Any, ...]:
    """Everything that a reply leaves as it is."""
    report = world.now()
    ratings = list(Rating.objects.order_by("pk").values_list("side", "value", "reason"))
    revisions = list(Revision.objects.order_by("pk").values_list("number", "sha256"))
    return report.status, report.version, report.revision, report.decided_at, ratings, revisions


def test_a_reply_is_saved_logged_and_read_by_both_sides(world: World) -> None:
    line = decided(world)
    before = standing(world)
    form = world.client(world.contributor).get(address(world, line))
    assert (form.status_code, faults(form)) == (200, [])
    assert ("As planned." in text_of(form), "Two of ten." in text_of(form)) == (True, True)
    response = send(world, line)
    assert response["Location"] == f"/reports/{world.report.pk}/#differences"
    reply = LightReply.objects.get()
    assert (reply.line_id, reply.text, reply.version) == (line.pk, ANSWER, 1)
    assert reply.saved_by == world.contributor
    [entry] = Entry.objects.filter(action="light.replied")
    assert json.loads(entry.data) == {"indicator": "I1", "reply": ["", ANSWER]}
    assert standing(world) == before
    places = {
        "contributor": f"/reports/{world.report.pk}/",
        "reviewer": f"/quarters/{world.period.pk}/differences/",
        "lead": f"/quarters/{world.period.pk}/lights/",
        "observer": f"/quarters/{world.period.pk}/differences/",
    }
    for who, place in places.items():
        assert ANSWER in text_of(world.client(getattr(world, who)).get(place)), who


def test_it_stands_beside_the_two_ratings_in_the_workbook_of_the_quarter(world: World) -> None:
    send(world, decided(world))
    told = rows(fetched(world, world.lead, world.period), "Ratings")
    assert [row["Reply of the ministry"] for row in told] == [ANSWER, None]


def test_the_coalition_reads_it_where_it_rated_beside_what_was_computed(world: World) -> None:
    """All three lights and the answer on one page, and the way to how the first was computed."""
    line, page = decided(world), f"/review/{world.report.pk}/"
    before = text_of(world.client(world.reviewer).get(page))
    assert ANSWER not in before
    send(world, line)
    response = world.client(world.reviewer).get(page)
    assert faults(response) == []
    after = text_of(response)
    assert after.index("Two of ten.") < after.index(ANSWER)
    status = Assessment.objects.get(period=world.period, indicator=line.indicator, cell_set="")
    computed = f"/quarters/{world.period.pk}/computed/{line.indicator.code}/"
    label = str(Status(status.status).label)
    assert (
        after.split(f'<a href="{computed}">')[0].rstrip().endswith(f"<span>{label}</span></span>")
    )
    assert world.client(world.reviewer).get(computed).status_code == 200


def test_it_can_be_changed_and_the_same_again_changes_nothing(world: World) -> None:
    line = decided(world)
    assert [send(world, line, version=0).status_code for _turn in range(2)] == [302, 302]
    assert send(world, line, "Nine of ten.", who=world.approver).status_code == 302
    factory.decide("publish", world.report, world.lead)
    assert send(world, line, "All ten, since June.").status_code == 302
    changes = [json.loads(e.data)["reply"] for e in Entry.objects.filter(action="light.replied")]
    assert sorted(changes) == sorted(
        [["", ANSWER], [ANSWER, "Nine of ten."], ["Nine of ten.", "All ten, since June."]]
    )
    assert LightReply.objects.get().version == 3
    page = text_of(world.client(world.approver).get(f"/reports/{world.report.pk}/"))
    assert ("All ten, since June." in page, "Change the reply" in page) == (True, True)


def test_over_somebody_else_s_text_it_is_refused_and_kept_for_the_person(world: World) -> None:
    line = decided(world)
    send(world, line, "First.", who=world.approver)
    late = send(world, line, "Second.", version=0)
    assert (late.status_code, LightReply.objects.get().text) == (409, "First.")
    assert ("First." in text_of(late), "Second." in late.content.decode()) == (True, True)
    assert late.context["form"]["version"].value() == 1
    with pytest.raises(Stale):
        save_light_reply(line, by=world.contributor, version=7, text="Third.")
    assert LightReply.objects.get().text == "First."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Write what the ministry answers."),
        (" \r\n ", "Write what the ministry answers."),
        ("x" * 2_001, "1 character too many."),
        ("x" * 2_500, "500 characters too many."),
    ],
)
def test_a_text_that_is_empty_or_too_long_is_refused_with_a_sentence(
    world: World, text: str, told: str
) -> None:
    line = decided(world)
    page = send(world, line, text)
    assert (page.status_code, LightReply.objects.exists()) == (422, False)
    assert told in text_of(page)
    assert send(world, line, "x" * 2_000).status_code == 302


def test_others_reply_to_nothing(world: World) -> None:
    line = decided(world)
    people = ("administrator", "reviewer", "lead", "observer", "other_contributor", "stranger")
    sent = [send(world, line, who=getattr(world, name)).status_code for name in people]
    asked = [
        world.client(getattr(world, name)).get(address(world, line)).status_code for name in people
    ]
    assert sent == asked == [403, 403, 403, 403, 404, 404]
    assert not LightReply.objects.exists()
    for who in ("reviewer", "administrator", "observer"):
        for name in ("lights", "differences"):
            page = world.client(getattr(world, who)).get(f"/quarters/{world.period.pk}/{name}/")
            assert address(world, line) not in page.content.decode(), (who, name)


def test_there_is_no_reply_before_the_coalition_has_decided_nor_after_a_re_opening(
    world: World,
) -> None:
    rated(world, ("I1", "off_track", "Two of ten."))
    line = line_of(world)
    codes = [send(world, line).status_code]
    validate(world)
    send(world, line)
    factory.decide("reopen", world.report, world.lead, reason="A figure is wrong.")
    codes.append(send(world, line, "Other.").status_code)
    assert (codes, LightReply.objects.get().text) == ([403, 403], ANSWER)


def test_a_re_opening_meanwhile_is_noticed(world: World) -> None:
    """The page was read before; the decision has fallen when the text comes."""
    line = decided(world)
    factory.decide("reopen", world.report, world.lead, reason="A figure is wrong.")
    assert line.report.state.is_final
    with pytest.raises(Conflict):
        save_light_reply(line, by=world.contributor, version=0, text=ANSWER)
    assert not LightReply.objects.exists()


def test_where_the_two_sides_agree_there_is_nothing_to_reply_to(world: World) -> None:
    decided(world)
    agreed = line_of(world, "I2")
    client = world.client(world.contributor)
    assert (client.get(address(world, agreed)).status_code, send(world, agreed).status_code) == (
        404,
        404,
    )
    with pytest.raises(NotAllowed):
        save_light_reply(agreed, by=world.contributor, version=0, text=ANSWER)
    assert [d.line.indicator.code for d in differing_in(world.now())] == ["I1"]
    Rating.objects.filter(line=agreed, side="coalition").delete()
    assert difference_on(line_of(world, "I2")) is None


def test_a_line_of_another_report_has_no_such_page(world: World) -> None:
    line = decided(world)
    foreign = world.other_report.lines.get(indicator=world.indicator)
    client = world.client(world.contributor)
    wrong = reverse("light_reply", args=[world.report.pk, foreign.pk])
    other = reverse("light_reply", args=[world.other_report.pk, line.pk])
    assert [client.get(place).status_code for place in (wrong, other)] == [404, 404]


def test_what_came_back_after_a_log_in_is_shown_and_not_saved(world: World) -> None:
    line = decided(world)
    sent = {"light-text": ANSWER, "light-version": "0", "only_show": "1"}
    page = world.client(world.contributor).post(address(world, line), sent)
    assert (page.status_code, ANSWER in page.content.decode()) == (200, True)
    assert not LightReply.objects.exists()
