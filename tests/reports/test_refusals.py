"""Refusals in words: what happened, what to do, and what was typed, in both languages."""

from datetime import date
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import translation
from django.utils.formats import date_format

from accounts.models import User
from reports.choices import ReportStatus
from reports.errors import Conflict, Faulty, Incomplete, NotAllowed, ReasonMissing, Stale
from reports.models import Narrative, Period, Report
from reports.views.refusals import refused, sentence_for, standing
from tests import factory
from tests.conftest import World
from tests.reports.section_forms import in_words
from tests.reports.typed_forms import close, fields_on, fill_url, line_of, save_url, text_of

MOVED = (
    "The report moved on while your page was open. It stands as: %(status)s."
    " What you sent was not carried out."
)
NOT_NOW = "This report can not be changed now. It stands as: %(status)s."
NO_ROLE = "Your role does not allow this for this report."
ANYTHING = "This was not carried out. Open the page again and look at what is there now."
LANGUAGE = pytest.mark.parametrize("language", ["en", "sq"])


def in_state(world: World, status: ReportStatus) -> Report:
    Report.objects.filter(pk=world.report.pk).update(status=status)
    return world.now()


@LANGUAGE
@pytest.mark.parametrize("status", list(ReportStatus))
def test_who_comes_too_late_is_told_where_the_report_stands_now(
    world: World, language: str, status: ReportStatus
) -> None:
    """Read from the database: the object at hand may be the old one."""
    before = world.now()
    in_state(world, status)
    with translation.override(language):
        state = str(status.label).lower()
        assert sentence_for(Conflict(before)) == in_words(language, MOVED, status=state)
        told = standing(world.now())
    expected = "" if status.is_editable else in_words(language, NOT_NOW, status=state)
    assert told == expected


@LANGUAGE
def test_who_may_not_is_told_so_and_why_nobody_may_now(world: World, language: str) -> None:
    told = {}
    for status in ReportStatus:
        report = in_state(world, status)
        with translation.override(language):
            told[status] = sentence_for(NotAllowed("edit", report))
    for status, sentence in told.items():
        if status.is_editable:
            assert sentence == in_words(language, NO_ROLE)
            continue
        with translation.override(language):
            state = str(status.label).lower()
        assert sentence == in_words(language, NOT_NOW, status=state)


@LANGUAGE
def test_a_closed_quarter_names_its_last_day_and_whom_to_ask(world: World, language: str) -> None:
    close(world.period)
    day = Period.objects.get(pk=world.period.pk).closes_on
    assert day is not None
    with translation.override(language):
        told, shown = standing(world.now()), date_format(day, "j F Y")
        period = str(world.period)
    sentence = (
        "The quarter %(period)s closed on %(day)s. Ask the secretariat of the plan if"
        " something must still be changed."
    )
    assert told == in_words(language, sentence, period=period, day=shown)
    submitted = in_state(world, ReportStatus.SUBMITTED)
    with translation.override("en"):
        assert standing(submitted) == NOT_NOW % {"status": "submitted"}


def test_the_last_day_itself_is_not_closed(world: World) -> None:
    today = world.period.today()
    Period.objects.filter(pk=world.period.pk).update(
        starts_on=date(2020, 1, 1), ends_on=date(2020, 3, 31), due_on=today, closes_on=today
    )
    assert standing(world.now()) == ""


def answer(world: World, refusal: Any, **headers: str) -> Any:
    """The page for a refusal of a form that was sent with a text."""
    data = {"note": "Typed <b>long</b>.", "line-1-version": "4", "line-1-seen": "abc", "empty": ""}
    request = RequestFactory().post("/reports/somewhere/", data, headers=headers)
    request.user = world.contributor
    return refused(request, refusal)


def refusals(world: World) -> list[tuple[Any, int, str]]:
    report = world.now()
    return [
        (NotAllowed("edit", report), 403, NO_ROLE),
        (Conflict(report), 409, MOVED % {"status": "draft"}),
        (Stale(Narrative.objects.get(report=report)), 409, ANYTHING),
        (ReasonMissing("return"), 422, ANYTHING),
        (Incomplete([]), 422, ANYTHING),
        (Faulty([]), 422, ANYTHING),
    ]


def test_each_refusal_has_its_status_its_sentence_and_the_typed_text(world: World) -> None:
    for refusal, status, sentence in refusals(world):
        response = answer(world, refusal)
        page = text_of(response)
        assert (response.status_code, sentence in page) == (status, True), refusal
        assert "Typed &lt;b&gt;long&lt;/b&gt;." in page
        assert "<b>long</b>" not in page
        assert "line-1-version" not in page
        assert ("Somebody was faster" in page) is (status == 409)


def test_a_part_hears_the_sentence_alone_as_an_alert(world: World) -> None:
    for refusal, status, sentence in refusals(world):
        response = answer(world, refusal, **{"HX-Request": "true"})
        assert (response.status_code, sentence in text_of(response)) == (status, True)
        assert 'role="alert"' in response.content.decode()
        assert "<html" not in response.content.decode()


def test_the_way_on_leads_to_the_report_where_there_is_one(world: World) -> None:
    for refusal, _status, _sentence in refusals(world):
        home = f"/reports/{world.report.pk}/"
        known = isinstance(refusal, NotAllowed | Conflict)
        page = answer(world, refusal).content.decode()
        assert f'href="{home if known else "/reports/somewhere/"}"' in page


@LANGUAGE
def test_a_refused_save_shows_every_typed_text_of_the_page_in_the_readers_language(
    world: World, language: str
) -> None:
    User.objects.filter(pk=world.contributor.pk).update(language=language)
    client, part = world.client(world.fresh(world.contributor)), f"line-{line_of(world).pk}"
    page = fill_url(world.report, "indicators-1")
    texts = {f"{part}-note": "An hour’s work.", f"{part}-rating_reason": "Two hours’ work."}
    data = fields_on(client.get(page)) | texts
    world.submitted()
    for address in (page, save_url(world.report, part)):
        response = client.post(address, data)
        shown = text_of(response)
        assert response.status_code == 403
        assert [text for text in texts.values() if text not in shown] == []
        with translation.override(language):
            state = str(ReportStatus.SUBMITTED.label).lower()
        assert in_words(language, NOT_NOW, status=state) in shown
        assert in_words(language, "Not possible now") in shown


WRONG: list[tuple[str, str, int]] = [
    ("fill/indicators-1/", "administrator", 403),
    ("fill/indicators-1/", "reviewer", 404),
    ("fill/", "administrator", 403),
    ("save/narrative/", "administrator", 403),
    ("save/narrative/", "observer", 404),
    ("evidence/", "administrator", 403),
    ("evidence/", "stranger", 404),
    ("decide/submit/", "contributor", 403),
    ("decide/submit/", "observer", 404),
    ("decide/return/", "approver", 409),
    ("decide/none/", "approver", 404),
]


def test_every_address_refuses_in_the_same_words(world: World) -> None:
    """Who knows of the report is told why; for everybody else there is no such page."""
    for path, who, status in WRONG:
        client, address = world.client(getattr(world, who)), f"/reports/{world.report.pk}/{path}"
        is_post = path.startswith(("save", "evidence"))
        response = client.post(address) if is_post else client.get(address)
        assert (path, who, response.status_code) == (path, who, status)
        page = text_of(response)
        told = {403: NO_ROLE, 409: MOVED % {"status": "draft"}, 404: ""}[status]
        assert told in page
        if status == 404:
            assert "Ministry of Defence" not in page


def test_a_refused_page_is_never_kept_by_a_cache(world: World) -> None:
    world.submitted()
    client = world.client(world.contributor)
    for address in (
        fill_url(world.report, "indicators-1"),
        f"/reports/{world.report.pk}/decide/x/",
    ):
        assert client.get(address)["Cache-Control"] == "no-store, private"


def test_the_reader_of_a_refusal_finds_the_report_as_it_is(world: World) -> None:
    """The way on of a person of the other side leads on to her own page."""
    world.under_review()
    factory.decide("validate", world.report, world.reviewer)
    client = world.client(world.reviewer)
    refusal = client.get(f"/reports/{world.report.pk}/decide/return/")
    assert refusal.status_code == 409
    assert "It stands as: validated." in text_of(refusal)
    assert client.get(f"/reports/{world.report.pk}/")["Location"] == f"/review/{world.report.pk}/"
