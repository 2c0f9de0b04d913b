"""The ministry replies to a remark of the last return."""

import json
from typing import Any

from django.urls import reverse

from audit.models import Entry
from reports.choices import Verdict
from reports.models import Remark
from reports.services import save_remark
from tests import factory
from tests.conftest import World
from tests.reports.exporting import fetched, rows
from tests.reports.typed_forms import fill_url, line_of, text_of


def flagged(world: World) -> Remark:
    """A returned report with one line flagged."""
    world.under_review()
    review = world.now().reviews.select_related("report__period__plan").get()
    line = review.report.lines.get(indicator=world.indicator)
    told: dict[str, Any] = {"verdict": Verdict.FLAGGED, "text": "Count again.", "line": line}
    remark = save_remark(review, by=world.reviewer, version=0, **told)
    factory.decide("return", world.report, world.reviewer, reason="Check the total.")
    return remark


def reply(world: World, remark: Remark, text: str = "Counted.", **more: Any) -> Any:
    who = more.get("who", world.contributor)
    address = f"/reports/{world.report.pk}/remarks/{remark.pk}/reply/"
    version = more.get("version", Remark.objects.get(pk=remark.pk).version)
    return world.client(who).post(address, {"reply": text, "version": version})


def test_a_reply_is_saved_logged_and_shown_to_both_sides(world: World) -> None:
    remark = flagged(world)
    response = reply(world, remark)
    assert response["Location"] == f"/reports/{world.report.pk}/#remark-{remark.pk}"
    stored = Remark.objects.get()
    assert (stored.reply, stored.text, stored.saved_by) == (
        "Counted.",
        "Count again.",
        world.reviewer,
    )
    assert stored.replied_at is not None
    [entry] = Entry.objects.filter(action="remark.replied")
    assert json.loads(entry.data)["reply"] == ["", "Counted."]
    page = world.client(world.contributor).get(fill_url(world.report, "indicators-1"))
    assert "Counted." in text_of(page)
    factory.decide("submit", world.report, world.approver)
    review = world.client(world.reviewer).get(reverse("review", args=[world.report.pk]))
    assert "Counted." in text_of(review)


def test_a_reply_stands_beside_its_remark_in_the_workbook(world: World) -> None:
    reply(world, flagged(world))
    factory.decide("submit", world.report, world.approver)
    told = rows(fetched(world, world.reviewer, world.now()), "Reviews")
    found = [(row["Remark"], row["Reply of the ministry"]) for row in told]
    assert found == [("Check the total.", None), ("Count again.", "Counted.")]


def test_the_same_reply_twice_is_harmless(world: World) -> None:
    remark = flagged(world)
    assert [reply(world, remark).status_code for _turn in range(2)] == [302, 302]
    assert Entry.objects.filter(action="remark.replied").count() == 1


def test_a_reply_over_somebody_elses_is_refused_and_kept_for_the_person(world: World) -> None:
    remark = flagged(world)
    version = remark.version
    reply(world, remark, "First.", who=world.approver, version=version)
    late = reply(world, remark, "Second.", version=version)
    assert (late.status_code, Remark.objects.get().reply) == (409, "First.")
    assert "Second." in text_of(late)


def test_others_reply_to_nothing(world: World) -> None:
    remark = flagged(world)
    people = ("administrator", "reviewer", "lead", "observer", "other_contributor", "stranger")
    codes = [reply(world, remark, who=getattr(world, name)).status_code for name in people]
    assert (codes, Remark.objects.get().reply) == ([403, 403, 403, 404, 404, 404], "")


def test_a_submitted_report_takes_no_reply(world: World) -> None:
    remark = flagged(world)
    factory.decide("submit", world.report, world.approver)
    assert (reply(world, remark).status_code, Remark.objects.get().reply) == (403, "")


def test_a_remark_of_an_earlier_round_takes_no_reply(world: World) -> None:
    remark = flagged(world)
    factory.decide("submit", world.report, world.approver)
    factory.decide("take", world.report, world.reviewer)
    factory.decide("return", world.report, world.reviewer, reason="Once more.")
    assert (reply(world, remark).status_code, Remark.objects.get(pk=remark.pk).reply) == (403, "")


def test_a_reply_is_not_asked_for_by_get_nor_under_another_report(world: World) -> None:
    remark, client = flagged(world), world.client(world.contributor)
    asked = client.get(f"/reports/{world.report.pk}/remarks/{remark.pk}/reply/")
    other = f"/reports/{world.other_report.pk}/remarks/{remark.pk}/reply/"
    wrong = world.client(world.other_contributor).post(other, {"reply": "x", "version": "1"})
    assert (asked.status_code, wrong.status_code) == (405, 404)
    assert line_of(world).remarks.get().reply == ""
