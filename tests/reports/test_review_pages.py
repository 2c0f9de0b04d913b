"""The review page: what is held side by side, what a verdict stores, and what it never touches."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Model
from django.urls import reverse

from accounts.models import User
from indicators.models import Funding, Target
from reports.choices import RatingValue, Verdict
from reports.models import (
    ActionProgress,
    Evidence,
    Line,
    Narrative,
    Observation,
    Rating,
    Remark,
    Report,
    Revision,
)
from reports.sections import MAX_CELLS
from reports.services import save_action, save_line, save_narrative
from tests import factory
from tests.conftest import World
from tests.reports.page_structure import faults, structure
from tests.reports.section_forms import in_words
from tests.reports.typed_forms import action_of, fields_on, line_of, text_of

TAG = re.compile(r"<[^>]+>")


def url(world: World) -> str:
    return reverse("review", args=[world.report.pk])


def page_of(world: World, language: str = "en", **query: Any) -> Any:
    User.objects.filter(pk=world.reviewer.pk).update(language=language)
    return world.client(world.fresh(world.reviewer)).get(url(world), query)


def words(html: str) -> str:
    return " ".join(TAG.sub(" ", html).replace("\u00a0", " ").split())


def section(response: Any, key: str) -> str:
    """One part of the page in words."""
    return words(response.content.decode().split(f'<section id="{key}"')[1].split("</section>")[0])


def told(world: World, quarter: int, value: int, text: str) -> Report:
    """A submitted report of a quarter with a value, money and words of its own."""
    period = world.period if quarter == 3 else factory.open_quarter(world.plan, 2026, quarter)
    report = Report.objects.with_names().get(period=period, institution=world.defence)
    factory.fill_in(report, world.contributor)
    line = report.lines.select_related("report__period__plan").get(indicator=world.indicator)
    save_line(
        line,
        by=world.contributor,
        version=line.version,
        answers=[factory.value(value)],
        rating=("at_risk", f"{text} rating"),
        note=f"{text} note",
    )
    row = ActionProgress.objects.select_related("report__period__plan").get(report=report)
    spent = {"status": "delayed", "spent": Decimal(value * 1000), "allocated": Decimal(2000)}
    values = {**spent, "note": f"{text} action"}
    save_action(row, by=world.contributor, version=row.version, values=values)
    narrative = Narrative.objects.select_related("report__period__plan").get(report=report)
    written = {"done": f"{text} done", "next_step": f"{text} next"}
    save_narrative(narrative, by=world.contributor, version=narrative.version, values=written)
    Evidence.objects.create(
        report=report,
        line=line,
        name=f"{text}.pdf",
        sha256=f"{value:064d}",
        size=1536,
        content_type="application/pdf",
        uploaded_by=world.contributor,
    )
    return factory.decide("submit", report, world.approver)


@pytest.fixture
def compared(world: World) -> World:
    """This quarter beside the one before it, with a target and planned money."""
    Target.objects.filter(indicator=world.indicator).update(as_of=date(2027, 6, 30))
    Funding.objects.create(action=action_of(world).action, source="State", planned=Decimal(9000))
    told(world, 2, 13, "Before")
    told(world, 3, 37, "Now")
    factory.decide("take", world.report, world.reviewer)
    return world


def test_value_before_expected_and_target_stand_in_one_row_with_what_backs_it(
    compared: World,
) -> None:
    shown = section(page_of(compared), f"line-{line_of(compared).pk}")
    assert "Reported 2026 Q2 Expected by now Target" in shown
    assert "37 13 78.6 100 by 30 Jun 2027" in shown
    jump = "Value: 37 is more than twice the value before, 13."
    for text in (
        jump,
        "The ministry’s comment: Now note",
        "Now rating",
        "Now note",
        "Now.pdf 1.5 KB",
    ):
        assert text in shown
    for text in ("Before rating", "Before note", "Before.pdf", "Now done"):
        assert text not in shown


def test_money_and_words_stand_beside_those_of_the_quarter_before(compared: World) -> None:
    page = page_of(compared)
    shown = section(page, f"action-{action_of(compared).pk}")
    for text in (
        "More was spent than allocated",
        "Delayed before: Delayed (2026 Q2)",
        "Planned, whole action 9 000 ALL",
        "Allocated 2 000 ALL",
        "Spent in the quarter 37 000 ALL before: 13 000 ALL (2026 Q2)",
        "Now action",
    ):
        assert text in shown
    narrative = section(page, "narrative")
    assert "What was done 2026 Q3 Now done 2026 Q2 Before done" in narrative
    assert "Next steps 2026 Q3 Now next 2026 Q2 Before next" in narrative
    assert "Lessons 2026 Q3 Nothing written. 2026 Q2 Nothing written." in narrative


@pytest.mark.parametrize("language", ["en", "sq"])
def test_every_field_is_named_and_every_error_linked(world: World, language: str) -> None:
    world.under_review()
    page = page_of(world, language)
    found = structure(page)
    names = {found.name_of(control) for control in found.controls}
    assert faults(page) == []
    for name, code in (("Remark", "I1"), ("The coalition’s rating", "I1"), ("Remark", "A1")):
        assert f"{in_words(language, name)}, {code}" in names
    client, key = world.client(world.fresh(world.reviewer)), f"line-{line_of(world).pk}"
    wrong = {f"{key}-verdict": "flagged", f"{key}-rating": "at_risk", "narrative-text": "Hm."}
    response = client.post(url(world), fields_on(page) | wrong)
    assert (response.status_code, faults(response)) == (422, [])
    ids, problems = structure(response).texts, response.context["problems"]
    assert [place[1:] in ids for _text, place in problems] == [True] * 3
    sentences = {
        f"I1: {in_words(language, 'Say what is to be corrected.')}",
        f"I1: {in_words(language, 'Say why: a rating needs a reason.')}",
        f"{in_words(language, 'Narrative')}: "
        f"{in_words(language, 'Choose: accepted, or to correct.')}",
    }
    assert {text for text, _place in problems} == sentences
    assert fields_on(response)["narrative-text"] == "Hm."


def save(world: World, key: str, is_htmx: bool = False, **typed: str) -> int:
    """What the reviewer types into one part, sent with the page as it is now."""
    client = world.client(world.reviewer)
    data = fields_on(client.get(url(world))) | {f"{key}-{name}": t for name, t in typed.items()}
    address = reverse("review_save", args=[world.report.pk, key]) if is_htmx else url(world)
    return int(client.post(address, data).status_code)


@pytest.mark.parametrize("is_htmx", [True, False], ids=["htmx", "plain"])
def test_verdict_remark_and_rating_of_every_part_are_stored(world: World, is_htmx: bool) -> None:
    world.under_review()
    line, action, done = line_of(world), action_of(world), 200 if is_htmx else 302
    given = {"rating": "off_track", "rating_reason": " Two\r\nof ten. "}
    keys = (f"line-{line.pk}", f"action-{action.pk}", "narrative")
    assert save(world, keys[0], is_htmx, verdict="flagged", text="Again.", **given) == done
    assert save(world, keys[1], is_htmx, verdict="accepted", text=" Fine.\r\n") == done
    assert save(world, keys[2], is_htmx, verdict="flagged", text="<b>Shorter</b>") == done
    stored = Remark.objects.order_by("pk").values_list("line", "action", "verdict", "text")
    assert list(stored) == [
        (line.pk, None, "flagged", "Again."),
        (None, action.pk, "accepted", "Fine."),
        (None, None, "flagged", "<b>Shorter</b>"),
    ]
    rating = Rating.objects.get(side="coalition")
    assert (rating.line, rating.value, rating.reason) == (line, "off_track", "Two\nof ten.")
    assert Rating.objects.filter(side="ministry").count() == 2
    page = page_of(world)
    assert "3 of 4 decided" in text_of(page)
    assert "<b>Shorter</b>" not in page.content.decode()


def test_a_verdict_is_changed_and_a_rating_taken_back(world: World) -> None:
    world.under_review()
    key = f"line-{line_of(world).pk}"
    for value in RatingValue.values[:2]:
        save(world, key, verdict="accepted", rating=value, rating_reason=f"As {value}.")
        assert Rating.objects.get(side="coalition").reason == f"As {value}."
    save(world, key, verdict="flagged", text="No.", rating="", rating_reason="")
    assert not Rating.objects.filter(side="coalition").exists()
    remark = Remark.objects.get()
    assert (remark.verdict, remark.text, remark.version) == (Verdict.FLAGGED, "No.", 3)


MINISTRYS: tuple[type[Model], ...] = (
    Line,
    Observation,
    ActionProgress,
    Narrative,
    Evidence,
    Revision,
)


def everything(world: World) -> dict[str, list[dict[str, Any]]]:
    """All that the ministry wrote, row by row."""
    rows = {m.__name__: list(m._default_manager.order_by("pk").values()) for m in MINISTRYS}
    own = Rating.objects.filter(side="ministry").order_by("pk").values()
    return {**rows, "ratings": [dict(row) for row in own]}


FORGED = [
    "value",
    "total-value",
    "note",
    "state",
    "reason",
    "spent",
    "allocated",
    "status",
    "done",
    "numerator",
    "denominator",
    "indicator",
    "report",
    "line",
    "side",
    "id",
    "reviewer",
]


def test_nothing_a_reviewer_sends_changes_what_the_ministry_wrote(compared: World) -> None:
    """Fields of the ministry's form, sent along with a verdict, are not looked at."""
    before, client = everything(compared), compared.client(compared.reviewer)
    keys = [f"line-{line_of(compared).pk}", f"action-{action_of(compared).pk}", "narrative"]
    for key in keys:
        data = fields_on(client.get(url(compared))) | {f"{key}-verdict": "accepted"}
        data |= {f"{key}-{name}": "4711" for name in FORGED} | dict.fromkeys(FORGED, "4711")
        alone = reverse("review_save", args=[compared.report.pk, key])
        assert client.post(alone, data).status_code == 200
        data = fields_on(client.get(url(compared))) | {f"{key}-text": "Seen.", "version": "4711"}
        data |= {f"{key}-{name}": "4711" for name in FORGED}
        assert client.post(url(compared), data).status_code == 302
    client.post(
        reverse("review_accept", args=[compared.report.pk]),
        {"review-now": str(compared.now().reviews.get().pk), "value": "4711"},
    )
    assert everything(compared) == before
    assert sorted(Remark.objects.values_list("text", flat=True)) == ["", "Seen.", "Seen.", "Seen."]
    for name in ("report_save", "evidence_add"):
        args = [compared.report.pk, keys[0]] if name == "report_save" else [compared.report.pk]
        assert client.post(reverse(name, args=args), {"x": "1"}).status_code == 403
    assert everything(compared) == before


# ------------------------------------------------------------------ pages of a long review


def long(world: World) -> Report:
    """So many cells that the review has two pages."""
    codes = [f"c{n:03}" for n in range(MAX_CELLS)]
    factory.split(world.share, factory.make_dimension(world.plan, "p", *codes, total_rule="open"))
    Report.objects.filter(pk=world.report.pk).update(status="submitted", revision=1)
    Revision.objects.create(
        report=world.report,
        number=1,
        content='{"lines": [], "actions": [], "narrative": {}, "evidence": []}',
        sha256="0" * 64,
        submitted_by=world.approver,
    )
    return factory.decide("take", world.report, world.reviewer)


def test_a_long_review_is_cut_and_every_part_can_be_found(world: World) -> None:
    long(world)
    first = page_of(world)
    keys = [[part.key for part in page] for page in first.context["dossier"].pages()]
    assert [len(page) for page in keys] == [1, 1, 2]
    for number, page in enumerate(keys, 1):
        for key in page:
            found = page_of(world, part=key)
            assert (found.context["page_number"], faults(found)) == (number, [])
            assert f'<section id="{key}"' in found.content.decode()
    wrong = {"0": 1, "-1": 1, "99": 3, "x": 1, "٢": 2, "9" * 9: 1, "": 1}
    shown = {text: page_of(world, page=text).context["page_number"] for text in wrong}
    assert shown == wrong


def test_a_save_on_one_page_leads_on_to_the_page_asked_for(world: World) -> None:
    long(world)
    client = world.client(world.reviewer)
    for then, leads_to in (("page-2", "?page=2"), ("stay", "?page=3"), ("page-x", "")):
        data = fields_on(client.get(url(world), {"page": 3})) | {"then-now": then}
        answer = client.post(f"{url(world)}?page=3", data)
        assert answer["Location"] == url(world) + leads_to
    assert not Remark.objects.exists()


def test_the_report_can_be_taken_along_as_a_workbook(world: World) -> None:
    world.under_review()
    address = reverse("report_workbook", args=[world.report.pk])
    assert f'href="{address}"' in page_of(world).content.decode()
    assert world.client(world.reviewer).get(address).status_code == 200
