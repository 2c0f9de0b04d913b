"""The review page: what it shows, what it saves, and what it never shows."""

import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from indicators.choices import Role, TotalRule
from indicators.models import Membership
from reports.choices import ReportStatus, Side, Verdict
from reports.models import (
    ActionProgress,
    Evidence,
    Line,
    Narrative,
    Observation,
    Rating,
    Remark,
    Report,
    Review,
)
from reports.services import save_action, save_line, save_narrative
from tests import factory
from tests.conftest import World

S = ReportStatus
TAG = re.compile(r"<[^>]+>")
CANARY = "4711.25"


def words(response) -> str:
    return " ".join(TAG.sub(" ", response.content.decode()).split())


def url(report: Report) -> str:
    return f"/review/{report.pk}/"


def line_of(report: Report, code: str = "I1") -> Line:
    return report.lines.select_related("report__period__plan", "indicator").get(
        indicator__code=code
    )


def fields(world: World, key: str, verdict: str, text: str = "", **more: object) -> dict[str, str]:
    """What the page sends for one part, over what is stored now."""
    page = world.client(world.reviewer).get(url(world.report))
    form = next(part.form for part in page.context["dossier"].parts if part.key == key)
    sent = {
        "review-now": str(page.context["review"].pk),
        f"{key}-version": form.shown_version,
        f"{key}-seen": form.shown_mark,
        f"{key}-verdict": verdict,
        f"{key}-text": text,
    }
    for name, value in more.items():
        sent[name if "-" in name else f"{key}-{name}"] = value
    return {name: str(value) for name, value in sent.items()}


def line_fields(world: World, verdict: str, text: str = "", **more: object) -> dict[str, str]:
    given = {"rating": "", "rating_reason": "", **more}
    return fields(world, f"line-{line_of(world.report).pk}", verdict, text, **given)


def htmx(client: Client, report: Report, key: str, data: dict[str, str]):
    return client.post(
        reverse("review_save", args=[report.pk, key]), data, headers={"HX-Request": "true"}
    )


# ------------------------------------------------------------------ what the page shows


def test_value_previous_target_and_expected_stand_side_by_side(world: World) -> None:
    earlier = factory.open_quarter(world.plan, 2026, 2)
    before = Report.objects.with_names().get(period=earlier, institution=world.defence)
    factory.fill_in(before, world.contributor, 3)
    factory.decide("submit", before, world.approver)
    world.under_review()
    page = world.client(world.reviewer).get(url(world.report))
    part = page.context["parts"][0]
    cell = part.cells[0]
    assert (cell.now.text, cell.earlier.figure.text, str(cell.earlier.period)) == (
        "5",
        "3",
        "2026 Q2",
    )
    assert cell.target.value == Decimal(100)
    assert "68.7" in words(page)
    share = page.context["parts"][1].cells[0]
    assert (share.now.text, share.now.note) == ("5\u00a0%", "5 of 100")
    assert "As planned." in words(page)
    assert "Trained the police." in words(page)
    assert "1 001" in words(page)


def explained(world: World, number: int) -> None:
    """The report under review with this figure everywhere, and a comment on each line."""
    factory.fill_in(world.now(), world.contributor, number)
    world.report.lines.update(note="Two schools opened.")
    factory.decide("submit", world.report, world.approver)
    factory.decide("take", world.report, world.reviewer)


def test_unusual_values_are_said_plainly(world: World) -> None:
    world.share.floor, world.share.ceiling = Decimal(10), Decimal(100)
    world.share.save()
    explained(world, number=5)
    page = world.client(world.reviewer).get(url(world.report))
    sentence = "Value: 5\u00a0% is below the lowest plausible value, 10\u00a0%."
    assert page.context["parts"][1].signs == [sentence]
    assert sentence.replace("\u00a0", " ") in words(page)
    assert "The ministry’s comment: Two schools opened." in words(page)


def test_a_jump_against_the_quarter_before_is_said(world: World) -> None:
    earlier = factory.open_quarter(world.plan, 2026, 2)
    before = Report.objects.with_names().get(period=earlier, institution=world.defence)
    factory.fill_in(before, world.contributor, 12)
    factory.decide("submit", before, world.approver)
    explained(world, number=30)
    page = world.client(world.reviewer).get(url(world.report))
    jump = "Value: 30 is more than twice the value before, 12."
    assert page.context["parts"][0].signs == [jump]


def test_evidence_is_linked_where_it_backs_a_line(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    file = Evidence.objects.create(
        report=world.report,
        line=line_of(world.report),
        name="attendance.pdf",
        sha256="a" * 64,
        size=10,
        content_type="application/pdf",
        uploaded_by=world.contributor,
    )
    factory.decide("submit", world.report, world.approver)
    factory.decide("take", world.report, world.reviewer)
    page = world.client(world.reviewer).get(url(world.report))
    assert [f.name for f in page.context["parts"][0].files] == ["attendance.pdf"]
    assert reverse("evidence", args=[file.pk]) in page.content.decode()


def test_cells_are_shown_one_by_one(world: World) -> None:
    sex = factory.make_dimension(world.plan, "sex", "women", "men", total_rule=TotalRule.OPEN)
    factory.split(world.indicator, sex)
    factory.fill_in(world.now(), world.contributor)
    line = line_of(world.report)
    save_line(
        line,
        by=world.contributor,
        version=line.version,
        answers=[
            factory.value(12),
            factory.value(0, "sex=women"),
            Observation(cell="sex=men", state="not_available", reason="Not counted."),
        ],
        rating=("on_track", "As planned."),
    )
    factory.decide("submit", world.report, world.approver)
    page = world.client(world.reviewer).get(url(world.report))
    cells = page.context["parts"][0].cells
    assert [(c.label, c.now.text) for c in cells] == [
        ("Total", "12"),
        ("Women", "0"),
        ("Men", "Not available"),
    ]
    assert "Not counted." in words(page)


# ------------------------------------------------------------------ after a return


def corrected(world: World) -> Report:
    """Returned with a remark on the first line, corrected, submitted and taken again."""
    world.under_review()
    client = world.client(world.reviewer)
    client.post(url(world.report), line_fields(world, "flagged", "Count again."))
    factory.decide("return", world.report, world.reviewer, reason="One figure.")
    line = line_of(world.report)
    save_line(
        line,
        by=world.contributor,
        version=line.version,
        answers=[factory.value(8)],
        rating=("on_track", "As planned."),
    )
    factory.decide("submit", world.report, world.approver)
    return factory.decide("take", world.report, world.reviewer)


def test_what_changed_since_the_returned_revision_is_marked(world: World) -> None:
    corrected(world)
    page = world.client(world.reviewer).get(url(world.report))
    first, second = page.context["parts"][:2]
    assert (first.is_changed, second.is_changed) == (True, False)
    assert (first.cells[0].now.text, first.cells[0].replaced.text) == ("8", "5")
    assert "was 5 in revision 1" in words(page)
    assert page.content.decode().count("part--changed") == 1


def test_the_remark_of_the_round_before_stands_beside_the_line(world: World) -> None:
    corrected(world)
    page = world.client(world.reviewer).get(url(world.report))
    part = page.context["parts"][0]
    assert (part.remark, part.last_remark.text, part.last_remark.review.round) == (
        None,
        "Count again.",
        1,
    )
    assert "Round 1, Reviewer.Al" in words(page)


def test_a_page_of_the_round_before_saves_nothing_in_the_new_one(world: World) -> None:
    world.under_review()
    stale = line_fields(world, "accepted")
    factory.decide("return", world.report, world.reviewer, reason="All of it.")
    factory.decide("submit", world.report, world.approver)
    factory.decide("take", world.report, world.reviewer)
    response = world.client(world.reviewer).post(url(world.report), stale)
    assert response.status_code == 409
    assert Remark.objects.count() == 0


# ------------------------------------------------------------------ saving


def test_a_page_saves_every_part_that_was_touched(world: World) -> None:
    world.under_review()
    action = ActionProgress.objects.get(report=world.report)
    data = (
        line_fields(world, "flagged", "Count again.", rating="at_risk", rating_reason="Too slow.")
        | fields(world, f"action-{action.pk}", "accepted")
        | fields(world, "narrative", "accepted", "Well told.")
    )
    response = world.client(world.reviewer).post(url(world.report), data)
    assert (response.status_code, response["Location"]) == (302, url(world.report))
    assert [
        (r.line_id is not None, r.action_id is not None, r.verdict, r.text)
        for r in Remark.objects.order_by("pk")
    ] == [
        (True, False, "flagged", "Count again."),
        (False, True, "accepted", ""),
        (False, False, "accepted", "Well told."),
    ]
    assert [(r.value, r.reason) for r in Rating.objects.filter(side=Side.COALITION)] == [
        ("at_risk", "Too slow.")
    ]


def test_a_number_is_never_changed_by_a_review(world: World) -> None:
    world.under_review()
    before = list(Observation.objects.order_by("pk").values())
    key = f"line-{line_of(world.report).pk}"
    data = line_fields(world, "accepted") | {f"{key}-value": "999", f"{key}-total-value": "999"}
    assert world.client(world.reviewer).post(url(world.report), data).status_code == 302
    assert list(Observation.objects.order_by("pk").values()) == before


def test_the_same_page_sent_twice_saves_once(world: World) -> None:
    world.under_review()
    data = line_fields(world, "accepted", "Fine.")
    client = world.client(world.reviewer)
    answers = [client.post(url(world.report), data).status_code for _time in range(2)]
    assert answers == [302, 302]
    assert list(Remark.objects.values_list("version", "text")) == [(1, "Fine.")]
    assert Entry.objects.filter(action="remark.saved").count() == 1


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"verdict": "flagged"}, "Say what is to be corrected."),
        ({"verdict": "", "text": "Hm."}, "Choose: accepted, or to correct."),
        (
            {"verdict": "accepted", "rating": "at_risk"},
            "Say why: a rating needs a reason.",
        ),
        (
            {"verdict": "accepted", "rating_reason": "Too slow."},
            "Choose the rating that this reason is for.",
        ),
    ],
)
def test_what_is_not_whole_is_refused_and_stays_typed(
    world: World, sent: dict[str, str], sentence: str
) -> None:
    world.under_review()
    data = line_fields(world, **{"verdict": "", **sent})
    response = world.client(world.reviewer).post(url(world.report), data)
    assert response.status_code == 422
    assert sentence in words(response)
    assert Remark.objects.count() == 0
    form = response.context["parts"][0].form
    assert {name: form[name].value() for name in sent} == sent


def test_one_refused_part_does_not_hold_up_the_others(world: World) -> None:
    world.under_review()
    data = line_fields(world, "flagged") | fields(world, "narrative", "accepted")
    response = world.client(world.reviewer).post(url(world.report), data)
    assert response.status_code == 422
    assert list(Remark.objects.values_list("line", "action", "verdict")) == [
        (None, None, "accepted")
    ]


def test_an_invented_verdict_is_refused(world: World) -> None:
    world.under_review()
    response = world.client(world.reviewer).post(url(world.report), line_fields(world, "excellent"))
    assert response.status_code == 422
    assert Remark.objects.count() == 0


@pytest.mark.parametrize(
    ("button", "leads_to"),
    [
        ("return", "/reports/{pk}/decide/return/"),
        ("validate", "/reports/{pk}/decide/validate/"),
        ("accept", "/review/{pk}/accept/"),
        ("page-2", "/review/{pk}/?page=2"),
        ("https://elsewhere.example", "/review/{pk}/"),
    ],
)
def test_each_button_saves_first_and_then_leads_on(
    world: World, button: str, leads_to: str
) -> None:
    world.under_review()
    data = line_fields(world, "accepted") | {"then-now": button}
    response = world.client(world.reviewer).post(url(world.report), data)
    assert response["Location"] == leads_to.format(pk=world.report.pk)
    assert Remark.objects.count() == 1


# ------------------------------------------------------------------ saving as one goes


def test_a_part_saves_alone_and_the_answer_brings_its_new_version(world: World) -> None:
    world.under_review()
    key = f"line-{line_of(world.report).pk}"
    response = htmx(world.client(world.reviewer), world.report, key, line_fields(world, "accepted"))
    text = response.content.decode()
    assert response.status_code == 200
    assert f'name="{key}-version" value="1"' in text
    assert "1 of 4 decided" in words(response)
    assert "<textarea" not in text


def test_two_tabs_lose_no_text(world: World) -> None:
    world.under_review()
    key = f"line-{line_of(world.report).pk}"
    first = line_fields(world, "accepted", "From the first tab.")
    second = line_fields(world, "flagged", "From the second tab.")
    client = world.client(world.reviewer)
    assert htmx(client, world.report, key, first).status_code == 200
    late = htmx(client, world.report, key, second)
    assert late.status_code == 409
    assert "From the first tab." in words(late)
    assert Remark.objects.get().text == "From the first tab."
    decided = htmx(client, world.report, key, second | {f"{key}-over": "1"})
    assert decided.status_code == 200
    assert Remark.objects.get().text == "From the second tab."


def test_two_tabs_without_a_script_show_both_texts(world: World) -> None:
    world.under_review()
    first = line_fields(world, "accepted", "From the first tab.")
    second = line_fields(world, "flagged", "From the second tab.")
    client = world.client(world.reviewer)
    client.post(url(world.report), first)
    late = client.post(url(world.report), second)
    assert late.status_code == 409
    assert "From the first tab." in words(late)
    assert "From the second tab." in words(late)
    assert "Replace theirs with mine" in words(late)


def test_an_untouched_part_of_an_old_page_is_no_conflict(world: World) -> None:
    world.under_review()
    key = f"line-{line_of(world.report).pk}"
    untouched = line_fields(world, "", "")
    old_page = untouched | fields(world, "narrative", "accepted")
    client = world.client(world.reviewer)
    htmx(client, world.report, key, line_fields(world, "accepted", "Meanwhile."))
    assert client.post(url(world.report), old_page).status_code == 302
    assert list(Remark.objects.order_by("pk").values_list("text", flat=True)) == ["Meanwhile.", ""]


def test_a_part_of_another_report_does_not_exist_here(world: World) -> None:
    world.under_review()
    stranger = f"line-{line_of(world.other_report).pk}"
    data = line_fields(world, "accepted")
    assert htmx(world.client(world.reviewer), world.report, stranger, data).status_code == 404


# ------------------------------------------------------------------ who may, and when


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        ("other_reviewer", 403),
        ("contributor", 403),
        ("approver", 403),
        ("administrator", 403),
        ("other_contributor", 404),
        ("observer", 404),
        ("stranger", 404),
    ],
)
def test_nobody_else_writes_in_a_review(world: World, who: str, answer: int) -> None:
    world.under_review()
    data = line_fields(world, "accepted")
    client = world.client(getattr(world, who))
    key = f"line-{line_of(world.report).pk}"
    answers = [
        client.post(url(world.report), data).status_code,
        htmx(client, world.report, key, data).status_code,
        client.post(reverse("review_accept", args=[world.report.pk]), data).status_code,
    ]
    assert answers == [answer, answer, answer]
    assert Remark.objects.count() == 0


def test_without_a_login_the_text_goes_along_to_the_login_page(world: World) -> None:
    world.under_review()
    data = line_fields(world, "flagged", "Written for an hour.")
    response = world.client(None).post(url(world.report), data)
    assert response.status_code == 401
    assert "Written for an hour." in response.content.decode()
    shown = world.client(world.reviewer).post(url(world.report), data | {"only_show": "1"})
    assert shown.status_code == 200
    assert shown.context["parts"][0].form["text"].value() == "Written for an hour."
    assert Remark.objects.count() == 0


def test_the_lead_may_step_in_and_is_told_whose_it_is(world: World) -> None:
    world.under_review()
    client = world.client(world.lead)
    assert "Reviewer.Al took this report." in words(client.get(url(world.report)))
    assert client.post(url(world.report), line_fields(world, "accepted")).status_code == 302
    assert Remark.objects.count() == 1


@pytest.mark.parametrize("status", [S.SUBMITTED, S.RETURNED, S.VALIDATED, S.PUBLISHED])
def test_in_every_other_state_the_page_is_only_read(world: World, status: ReportStatus) -> None:
    world.under_review()
    data = line_fields(world, "flagged", "Typed at the wrong moment.")
    if status is S.SUBMITTED:
        factory.decide("return", world.report, world.reviewer, reason="Again.")
        factory.decide("submit", world.report, world.approver)
    elif status is S.RETURNED:
        factory.decide("return", world.report, world.reviewer, reason="Again.")
    else:
        factory.decide("validate", world.report, world.reviewer)
    if status is S.PUBLISHED:
        factory.decide("publish", world.report, world.lead)
    client = world.client(world.reviewer)
    page = client.get(url(world.report))
    assert page.status_code == 200
    assert "<textarea" not in page.content.decode()
    late = client.post(url(world.report), data)
    assert late.status_code == 409
    assert "Typed at the wrong moment." in words(late)
    key = f"line-{line_of(world.report).pk}"
    assert htmx(client, world.report, key, data).status_code == 409
    assert Remark.objects.count() == 0


def test_a_draft_has_no_review_page(world: World) -> None:
    assert world.client(world.reviewer).get(url(world.report)).status_code == 404


def test_the_ministry_and_others_are_led_to_the_report(world: World) -> None:
    world.validated()
    for who in (world.contributor, world.administrator, world.observer):
        response = world.client(who).get(url(world.report))
        assert response["Location"] == reverse("report", args=[world.report.pk])


def test_a_reviewer_of_the_institution_can_not_review_it(world: World) -> None:
    world.under_review()
    data = line_fields(world, "accepted")
    Membership.objects.create(
        user=world.reviewer, plan=world.plan, role=Role.CONTRIBUTOR, institution=world.defence
    )
    client = world.client(world.fresh(world.reviewer))
    assert client.post(url(world.report), data).status_code == 403
    assert Remark.objects.count() == 0


def test_a_save_is_never_a_get(world: World) -> None:
    world.under_review()
    key = f"line-{line_of(world.report).pk}"
    address = reverse("review_save", args=[world.report.pk, key])
    assert world.client(world.reviewer).get(address).status_code == 405


def test_what_was_decided_is_shown_with_its_remarks(world: World) -> None:
    world.under_review()
    client = world.client(world.reviewer)
    client.post(
        url(world.report),
        line_fields(world, "flagged", "Count again.", rating="at_risk", rating_reason="Too slow."),
    )
    factory.decide("return", world.report, world.reviewer, reason="One figure is wrong.")
    page = client.get(url(world.report))
    assert [part.verdict for part in page.context["parts"]][:2] == [Verdict.FLAGGED, None]
    shown = words(page)
    assert [t in shown for t in ("Count again.", "Too slow.", "One figure is wrong.")] == [True] * 3


# ------------------------------------------------------------------ accept all remaining


def test_all_remaining_are_accepted_after_one_question(world: World) -> None:
    world.under_review()
    client = world.client(world.reviewer)
    client.post(url(world.report), line_fields(world, "flagged", "Count again."))
    address = reverse("review_accept", args=[world.report.pk])
    question = client.get(address)
    assert "Accept all 3" in words(question)
    assert Remark.objects.count() == 1
    review = str(Review.objects.get().pk)
    for _click in range(2):
        answer = client.post(address, {"review-now": review})
        assert answer["Location"] == url(world.report)
    assert sorted(Remark.objects.values_list("verdict", "version")) == [
        ("accepted", 1),
        ("accepted", 1),
        ("accepted", 1),
        ("flagged", 1),
    ]


def test_accepting_keeps_a_rating_of_the_round_before(world: World) -> None:
    corrected(world)
    Rating.objects.create(
        line=line_of(world.report), side=Side.COALITION, value="at_risk", reason="Too slow."
    )
    review = str(Review.objects.get(outcome="").pk)
    world.client(world.reviewer).post(
        reverse("review_accept", args=[world.report.pk]), {"review-now": review}
    )
    assert Rating.objects.get(side=Side.COALITION).value == "at_risk"


def test_the_question_of_an_old_round_accepts_nothing(world: World) -> None:
    world.under_review()
    old = str(Review.objects.get().pk)
    factory.decide("return", world.report, world.reviewer, reason="All of it.")
    factory.decide("submit", world.report, world.approver)
    factory.decide("take", world.report, world.reviewer)
    response = world.client(world.reviewer).post(
        reverse("review_accept", args=[world.report.pk]), {"review-now": old}
    )
    assert response.status_code == 409
    assert Remark.objects.count() == 0


# ------------------------------------------------------------------ what must not be seen


def type_canaries(world: World, report: Report) -> None:
    """Write into everything a ministry can write in while the report is with it."""
    line = line_of(report)
    save_line(
        line,
        by=world.contributor,
        version=line.version,
        answers=[factory.value(CANARY)],
        rating=("off_track", "CANARY rating"),
        note="CANARY note",
    )
    progress = ActionProgress.objects.select_related("report__period__plan").get(report=report)
    values = {"status": "cancelled", "spent": Decimal(CANARY), "note": "CANARY action"}
    save_action(progress, by=world.contributor, version=progress.version, values=values)
    narrative = Narrative.objects.select_related("report__period__plan").get(report=report)
    save_narrative(
        narrative,
        by=world.contributor,
        version=narrative.version,
        values={"done": "CANARY done", "gap": "CANARY gap"},
    )
    Evidence.objects.create(
        report=report,
        line=line,
        name="CANARY.pdf",
        sha256="c" * 64,
        size=1,
        content_type="application/pdf",
        uploaded_by=world.contributor,
    )


def canaries_in(response) -> list[str]:
    body = response.content.decode() + str(response.headers)
    return [c for c in ("CANARY", "4711", "4 711", "4\u00a0711") if c in body]


def test_what_the_ministry_types_into_a_returned_report_stays_with_it(world: World) -> None:
    world.returned()
    type_canaries(world, world.report)
    client = world.client(world.reviewer)
    page = client.get(url(world.report))
    assert (page.status_code, canaries_in(page)) == (200, [])
    factory.decide("submit", world.report, world.approver)
    assert canaries_in(client.get(url(world.report))) == ["CANARY", "4\u00a0711"]


def test_an_earlier_report_that_is_being_typed_lends_only_what_it_submitted(world: World) -> None:
    later = factory.open_quarter(world.plan, 2026, 4)
    world.returned()
    type_canaries(world, world.report)
    after = Report.objects.with_names().get(period=later, institution=world.defence)
    factory.fill_in(after, world.contributor, 7)
    factory.decide("submit", after, world.approver)
    page = world.client(world.reviewer).get(url(after))
    assert page.context["parts"][0].cells[0].earlier.figure.text == "5"
    assert canaries_in(page) == []


def test_a_withdrawn_report_is_closed_to_the_coalition_again(world: World) -> None:
    world.submitted()
    factory.decide("withdraw", world.report, world.approver)
    type_canaries(world, world.report)
    response = world.client(world.reviewer).get(url(world.report))
    assert (response.status_code, canaries_in(response)) == (404, [])
