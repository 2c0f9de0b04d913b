"""One quarter's page: its dates and numbers, and who is offered what on it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from reports.choices import FINAL, ReportStatus
from reports.models import Period, Report
from tests.conftest import World
from tests.reports.list_pages import crowd, on_pages
from tests.reports.page_structure import faults, structure
from tests.reports.section_forms import in_words
from tests.reports.typed_forms import text_of

LANGUAGE = pytest.mark.parametrize("language", ["en", "sq"])


def url(world: World) -> str:
    return f"/quarters/{world.period.pk}/"


def shown(world: World, who: str, language: str = "en", **query: Any) -> Any:
    person = getattr(world, who)
    User.objects.filter(pk=person.pk).update(language=language)
    return world.client(world.fresh(person)).get(url(world), query)


@LANGUAGE
def test_the_page_tells_its_dates_in_the_readers_language(world: World, language: str) -> None:
    page = shown(world, "lead", language)
    month = {"en": "30 October 2026", "sq": "30 tetor 2026"}[language]
    assert (page.status_code, faults(page)) == (200, [])
    assert month in text_of(page).replace("Tetor", "tetor")
    assert structure(page).language == language
    closes = in_words(language, "Closes after %(day)s", day="")
    assert closes not in text_of(page)
    Period.objects.filter(pk=world.period.pk).update(closes_on=date(2026, 12, 24))
    page = shown(world, "lead", language)
    assert closes in text_of(page)
    assert "24" in text_of(page).split(closes)[1][:12]


def numbers(page: Any) -> dict[str, int]:
    """The bar above the table, state by state."""
    return {part.status.value: part.count for part in page.context["bar"].segments}


def test_the_bar_counts_the_rows_below_it(world: World) -> None:
    """Both count what this reader may know of, and nothing else."""
    crowd(world, 14)
    world.validated()
    known = Report.objects.filter(period=world.period)
    knows = {
        "lead": known,
        "administrator": known,
        "contributor": known.filter(institution=world.defence),
        "observer": known.filter(status__in=FINAL),
    }
    for who, reports in knows.items():
        page = shown(world, who)
        rows = [row.object.status for row in page.context["table"].rows]
        assert numbers(page) == {s.value: rows.count(s) for s in ReportStatus if s in rows}, who
        assert len(rows) == reports.count()


def test_the_bar_stays_whole_while_the_table_is_filtered(world: World) -> None:
    crowd(world, 12)
    whole = numbers(shown(world, "lead"))
    for status in (ReportStatus.DRAFT, ReportStatus.VALIDATED):
        page = shown(world, "lead", status=status.value)
        assert numbers(page) == whole
        assert {row.object.status for row in page.context["table"].rows} == {status.value}
        assert page.context["filter_count"] == 1


OFFERED = {
    "contributor": (False, False, False),
    "approver": (False, False, False),
    "reviewer": (False, True, True),
    "lead": (True, True, True),
    "administrator": (False, True, True),
    "observer": (False, False, False),
}


def test_each_reader_is_offered_what_is_hers(world: World) -> None:
    """Publishing; who reviews; and the sentence on what of a draft is known."""
    world.validated()
    known = "Of a draft the coalition knows that it is owed and by when, never what is in it."
    for who, offered in OFFERED.items():
        page = shown(world, who)
        headings = [heading.label for heading in page.context["table"].headings]
        found = (
            reverse("publish", args=[world.period.pk]) in page.content.decode(),
            "Reviewer" in headings,
            known in text_of(page),
        )
        assert (who, found) == (who, offered)
        assert reverse("quarter_workbook", args=[world.period.pk]) in page.content.decode()


def test_the_number_to_be_published_is_that_of_the_validated(world: World) -> None:
    one, many = "Publish: %(ready)s report is validated", "Publish: %(ready)s reports are validated"
    world.validated()
    for more in (0, 2):
        crowd(world, more, ReportStatus.VALIDATED)
        for language in ("en", "sq"):
            with translation.override(language):
                wanted = translation.ngettext(one, many, more + 1) % {"ready": more + 1}
            assert wanted in text_of(shown(world, "lead", language))


LATE: list[tuple[str, int, int | None, str, str]] = [
    # state, days until due, days since submission; timing and days as told
    ("draft", 5, None, "", "5 days left"),
    ("draft", 1, None, "", "1 day left"),
    ("draft", 0, None, "", "0 days left"),
    ("draft", -1, None, "Overdue", "1 day overdue"),
    ("returned", -30, 40, "Overdue", "30 days overdue"),
    ("submitted", -5, 0, "", "arrived today"),
    ("submitted", -5, 1, "", "waits 1 day"),
    ("under_review", -5, 12, "", "waits 12 days"),
    ("validated", -5, 12, "", ""),
    ("published", -5, 12, "", ""),
]


def test_days_are_counted_for_whose_turn_it_is(world: World) -> None:
    today = world.period.today()
    Period.objects.filter(pk=world.period.pk).update(due_on=today + timedelta(days=90))
    for report, (status, due, since, *_told) in zip(crowd(world, len(LATE)), LATE):
        sent = None if since is None else timezone.now() - timedelta(days=since)
        Report.objects.filter(pk=report.pk).update(
            status=status,
            due_on=today + timedelta(days=due),
            submitted_at=sent,
            first_submitted_at=sent,
        )
    rows = on_pages(world.client(world.lead), url(world), {"sort": "institution__code"})
    told = [(row[4], row[5]) for row in rows if row[0].startswith("Office")]
    assert told == [(timing, days) for *_given, timing, days in LATE]


def test_only_what_is_overdue_is_marked_as_such(world: World) -> None:
    today = world.period.today()
    Report.objects.filter(pk=world.report.pk).update(due_on=today - timedelta(days=1))
    Report.objects.filter(pk=world.other_report.pk).update(due_on=today)
    page = shown(world, "lead")
    late = [row.object.pk for row in page.context["table"].rows if "Overdue" in row.cells[4].text]
    assert late == [world.report.pk]


def test_a_row_leads_only_where_its_reader_may_go(world: World) -> None:
    """Followed, each link is a page; a draft of a ministry leads the coalition nowhere."""
    world.validated()
    for who in ("contributor", "reviewer", "administrator"):
        page = shown(world, who)
        links = {row.object.pk: row.cells[0].url for row in page.context["table"].rows}
        client = world.client(getattr(world, who))
        assert [client.get(link).status_code for link in links.values() if link] == [
            200 for link in links.values() if link
        ]
        if who == "reviewer":
            assert links[world.other_report.pk] == ""
            assert (
                world.client(world.reviewer).get(f"/review/{world.other_report.pk}/").status_code
                == 404
            )


def test_a_quarter_nobody_owes_anything_in_says_so(world: World) -> None:
    Report.objects.filter(period=world.period).delete()
    page = shown(world, "lead")
    assert "No report fits this filter, or none is open to you" in text_of(page)
    assert page.context["bar"].total == 0


@pytest.mark.parametrize("pk", [0, 999_999_999])
def test_an_unknown_quarter_is_not_found(world: World, pk: int) -> None:
    assert world.client(world.lead).get(f"/quarters/{pk}/").status_code == 404
