"""The page of differences: three lights side by side, never merged."""

import pytest

from common.canonical import sha256
from publishing.models import Edition
from tests.publishing.pages import Page, page_of, seen
from tests.publishing.reading_rows import rows_of, table_of
from tests.publishing.released import Released

pytestmark = pytest.mark.django_db


def differences(query: str = "", language: str = "en") -> Page:
    return seen(f"/plans/AL/differences/{query}", language)


def test_a_difference_shows_all_three_with_both_reasons(released: Released) -> None:
    first = differences().all("li", "difference")[0]
    assert first.text == (
        "C1 Indicator C1 Ministry of Defence · 2026 Q3 "
        "Computed, whole country Off track "
        "The ministry On track As planned. "
        "The coalition Off track Half of the offices were not counted. "
        "Not the same: Ministry and coalition; Ministry and computed"
    )
    assert first.links() == {"C1 Indicator C1": "/plans/AL/indicators/C1/"}


def test_where_one_side_did_not_rate_the_others_are_still_compared(released: Released) -> None:
    """That the target is not met is shown as it is, though it counts as off track here."""
    text = differences().all("li", "difference")[1].text
    assert text.startswith("P1 Indicator P1 Ministry of Defence · 2026 Q3")
    assert "Computed, whole country Target not met" in text
    assert "The coalition No rating" in text


def test_it_is_said_that_the_computed_status_is_national(released: Released) -> None:
    told = differences().one("main").text
    assert "The computed status holds for the whole country; each rating speaks of" in told
    assert "How are the three held against each other?" in told


def test_each_two_are_counted_and_lead_to_their_rows(released: Released) -> None:
    page = differences()
    assert page.tiles() == {
        "Ministry and coalition": "1",
        "Ministry and computed": "11",
        "Coalition and computed": "0",
    }
    links = [node.attrs["href"] for node in page.all("a", "figure-tile")]
    assert links == ["?pair=sides", "?pair=ministry", "?pair=coalition"]


FILTERS = [
    ("", "C1 P1 S1 Z1 C1 C1 D1 P1 P1 W1 Z1"),
    ("pair=sides", "C1"),
    ("pair=coalition", ""),
    ("quarter=2026-Q3", "C1 P1 S1 Z1"),
    ("quarter=2026-Q2&institution=MB", "C1 P1 W1"),
    ("institution=MM&objective=2", "Z1 D1 Z1"),
    ("status=off_track&quarter=2026-Q3", "C1 Z1"),
    ("status=not_met", "P1 P1 P1"),
    ("framework=un-2010:11", "D1"),
    ("pillar=Protection&quarter=2026-Q3", ""),
    ("edition=AL-2026-Q2-1", "C1 C1 D1 P1 P1 W1 Z1"),
]


@pytest.mark.parametrize(("query", "codes"), FILTERS)
def test_what_is_filtered_is_what_is_downloaded(released: Released, query: str, codes: str) -> None:
    rows = rows_of(f"/plans/AL/differences/?{query}&export=csv")
    assert " ".join(row[0] for row in rows) == codes


def test_the_page_shows_the_rows_of_the_file(released: Released) -> None:
    page = differences("?quarter=2026-Q3")
    names = [card.one("h2").text.split()[0] for card in page.all("li", "difference")]
    assert names == ["C1", "P1", "S1", "Z1"]
    assert page.one("div", "table-title").text == "4 differences"


def test_the_file_has_both_reasons_and_what_differs(released: Released) -> None:
    headings, first, *_others = table_of("/plans/AL/differences/?export=csv")
    assert dict(zip(headings, first, strict=True)) == {
        "Code": "C1",
        "Indicator": "Indicator C1",
        "Objective": "1.1",
        "Institution": "Ministry of Defence",
        "Quarter": "2026 Q3",
        "Computed, national": "Off track",
        "Ministry": "On track",
        "Reason of the ministry": "As planned.",
        "Coalition": "Off track",
        "Reason of the coalition": "Half of the offices were not counted.",
        "Reply of the ministry": "",
        "They differ": "Ministry and coalition, Ministry and computed",
    }


def test_the_ministrys_reply_stands_below_both(released: Released) -> None:
    """An edition that has one: the coalition's rating of C1, answered."""
    rating = '"note":"=1+1","observations"'
    assert rating in released.newest.snapshot
    reply = '"note":"=1+1","reply":{"on":"2026-11-05","text":"They are now."},"observations"'
    text = released.newest.snapshot.replace(rating, reply)
    Edition.objects.filter(pk=released.newest.pk).update(snapshot=text, sha256=sha256(text))
    first = page_of("/plans/AL/differences/").all("li", "difference")[0]
    told = first.one("div", "light-reply").text
    assert told == "Reply of the ministry 5 November 2026 They are now."
    headings, row, *_others = table_of("/plans/AL/differences/?export=csv")
    assert row[headings.index("Reply of the ministry")] == "They are now."


def test_without_any_the_page_says_so(released: Released) -> None:
    assert differences("?pair=coalition").one("div", "empty").text == (
        "No difference fits The three views agree here, or the filter leaves nothing over."
    )


def test_an_objective_leads_to_its_own(released: Released) -> None:
    links = page_of("/plans/AL/objectives/1/").links()
    address = links["All differences, of every quarter"]
    assert address == "/plans/AL/differences/?objective=1"


def test_before_the_first_edition_there_are_none(released: Released) -> None:
    Edition.objects.all().delete()
    assert page_of("/plans/AL/differences/").all("li", "difference") == []
