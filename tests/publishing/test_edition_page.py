"""The page of an edition: what is in it, what is missing, its proof, and what came after."""

import hashlib

import pytest
from django.test import Client

from common.canonical import sha256
from publishing.errors import DamagedEdition
from publishing.models import Edition
from tests.publishing.pages import Page, ask, page_of, read, seen
from tests.publishing.released import NOTE, Released

pytestmark = pytest.mark.django_db

OLDER, NEWEST = "AL-2026-Q2-1", "AL-2026-Q3-1"


def edition(address: str = NEWEST, language: str = "en") -> Page:
    return seen(f"/editions/{address}/", language)


def changed(address: str = NEWEST) -> Page:
    """The page after something was changed in this test."""
    return page_of(f"/editions/{address}/")


HEADS = [
    (NEWEST, "en", "Edition AL-2026-Q3-1", "2026 Q3, edition 1, published on 10 November 2026"),
    (OLDER, "en", "Edition AL-2026-Q2-1", "2026 Q2, edition 1, published on 1 September 2026"),
    (NEWEST, "sq", "Botimi AL-2026-Q3-1", "2026 T3, botimi 1, botuar më 10 Nëntor 2026"),
]


@pytest.mark.parametrize(("address", "language", "title", "lead"), HEADS)
def test_its_head_says_which_quarter_and_when(
    released: Released, address: str, language: str, title: str, lead: str
) -> None:
    page = edition(address, language)
    assert (page.title, page.one("p", "page-heading__lead").text) == (title, lead)


def test_the_hash_on_the_page_is_that_of_the_downloaded_bytes(released: Released) -> None:
    for row in (released.older, released.newest):
        proof = edition(row.address).terms()
        file = ask(f"/editions/{row.address}/snapshot.json").content
        assert proof["SHA-256"] == hashlib.sha256(file).hexdigest() == row.sha256
        assert proof["Head of the log"] == row.audit_head
        assert proof["Permanent address"] == f"http://testserver/editions/{row.address}/"
        assert proof["Version of the rules"] == "1"


def test_the_note_for_the_readers_stands_first_and_only_where_there_is_one(
    released: Released,
) -> None:
    assert edition().under("Note for the readers").text == " ".join(NOTE.split())
    assert "Note for the readers" not in edition(OLDER).headings


COUNTS = {
    OLDER: [
        ["Status", "Number", "Share"],
        ["On track", "1", "10 %"],
        ["Off track", "4", "40 %"],
        ["Target not met", "1", "10 %"],
        ["Reported, not rated", "4", "40 %"],
    ],
    NEWEST: [
        ["Status", "Number", "Share"],
        ["Achieved", "1", "10 %"],
        ["On track", "0", "0 %"],
        ["At risk", "1", "10 %"],
        ["Off track", "2", "20 %"],
        ["Target not met", "1", "10 %"],
        ["Reported, not rated", "3", "30 %"],
        ["No data", "1", "10 %"],
        ["Not available", "1", "10 %"],
        ["Not due yet", "0", "0 %"],
    ],
}


@pytest.mark.parametrize("address", COUNTS)
def test_it_counts_the_indicators_of_each_status(released: Released, address: str) -> None:
    region = edition(address).one("div", "table-region", role="group")
    assert region.rows() == COUNTS[address]


def test_it_says_what_changed_since_the_edition_before(released: Released) -> None:
    assert edition().table("Compared with the edition before") == [
        ["Status", "Indicators", "Change"],
        ["Achieved", "1", "+1"],
        ["On track", "0", "−1"],
        ["At risk", "1", "+1"],
        ["Off track", "2", "−2"],
        ["Target not met", "1", "0"],
        ["Reported, not rated", "3", "−1"],
        ["No data", "1", "+1"],
        ["Not available", "1", "+1"],
    ]
    told = edition().under("Compared with the edition before")
    assert told.links() == {OLDER: f"/editions/{OLDER}/"}


def test_the_first_edition_is_compared_with_none(released: Released) -> None:
    assert "Compared with the edition before" not in edition(OLDER).headings


CONTENT = {
    OLDER: (
        "2 reports of 2026 Q2; 2 reports in all, with those of earlier quarters. "
        "Ministry of Interior revision 1 Ministry of Defence revision 1",
        "Ministry of Culture, 2026 Q2 not sent, or being corrected",
    ),
    NEWEST: (
        "1 report of 2026 Q3; 3 reports in all, with those of earlier quarters. "
        "Ministry of Defence revision 1",
        "Ministry of Culture, 2026 Q2 not sent, or being corrected "
        "Ministry of Interior, 2026 Q3 sent, with the coalition "
        "Ministry of Culture, 2026 Q3 not sent, or being corrected",
    ),
}


@pytest.mark.parametrize("address", CONTENT)
def test_it_lists_what_is_in_it_and_what_is_missing(released: Released, address: str) -> None:
    page = edition(address)
    found = (page.under("What is in it").text, page.under("What is missing").text)
    assert found == CONTENT[address]


def test_nothing_missing_is_said_in_words(released: Released) -> None:
    text = released.newest.snapshot
    start = text.index('"missing":')
    emptied = text[:start] + '"missing":[]' + text[text.index("]", start) + 1 :]
    _store(released.newest, emptied)
    assert changed().under("What is missing").text == "Every report that was owed is in it."


def _store(row: Edition, text: str) -> None:
    Edition.objects.filter(pk=row.pk).update(snapshot=text, sha256=sha256(text))


def test_an_older_edition_says_so_and_leads_to_the_newest(released: Released) -> None:
    page = edition(OLDER)
    assert page.notes() == [
        "You are reading the older edition AL-2026-Q2-1 (2026 Q2). Go to the newest edition"
    ]
    assert page.links()["Go to the newest edition"] == f"/editions/{NEWEST}/"
    assert page.under("Proof").links() == {NEWEST: f"/editions/{NEWEST}/"}


def test_the_newest_edition_says_nothing_of_a_newer_one(released: Released) -> None:
    page = edition()
    assert page.notes() == []
    assert page.one("p", "edition-line").text == (
        "Figures as published for 2026 Q3 on 10 November 2026, unchanged since. "
        "Edition AL-2026-Q3-1"
    )
    assert page.under("Proof").links() == {}


def test_a_second_edition_of_a_quarter_supersedes_the_first(released: Released) -> None:
    _second(released)
    assert changed().notes()[0].startswith("You are reading the older edition AL-2026-Q3-1")
    page = changed("AL-2026-Q3-2")
    assert page.notes() == []
    assert page.under("Compared with the edition before").all("a")[0].text == NEWEST
    assert page_of("/plans/AL/").one("p", "edition-line").links() == {
        "Edition AL-2026-Q3-2": "/editions/AL-2026-Q3-2/"
    }


def _second(released: Released) -> Edition:
    first = released.newest
    text = first.snapshot.replace('"address":"AL-2026-Q3-1"', '"address":"AL-2026-Q3-2"')
    return Edition.objects.create(
        **{name: getattr(first, name) for name in ("plan", "period", "audit_head", "published_at")},
        number=2,
        address="AL-2026-Q3-2",
        snapshot=text,
        sha256=sha256(text),
        published_by=released.lead,
    )


def test_a_correction_of_an_earlier_quarter_is_not_the_newest(released: Released) -> None:
    """Published last, but of the second quarter: readers stay with the third."""
    row = _second(released)
    Edition.objects.filter(pk=row.pk).update(period=released.periods[2])
    assert changed("AL-2026-Q3-2").links()["Go to the newest edition"] == f"/editions/{NEWEST}/"
    assert page_of("/plans/AL/").one("p", "edition-line").links() == {
        "Edition AL-2026-Q3-1": f"/editions/{NEWEST}/"
    }


def test_an_edition_of_another_plan_is_no_sibling(released: Released) -> None:
    row = _second(released)
    Edition.objects.filter(pk=row.pk).update(plan=released.structure)
    assert changed().notes() == []


def test_its_links_stay_in_it(released: Released) -> None:
    links = edition(OLDER).links()
    suffix = f"?edition={OLDER}"
    assert links["Ministry of Interior"] == f"/plans/AL/institutions/MB/{suffix}"
    assert links["Read the plan in this edition"] == f"/plans/AL/{suffix}"
    assert [links[name] for name in ("Excel", "CSV", "JSON")] == [
        f"/editions/{OLDER}/{file}" for file in ("workbook.xlsx", "data.csv", "snapshot.json")
    ]


@pytest.mark.parametrize("address", ["AL-2026-Q3-9", "al-2026-q3-1", "AL", "<b>", "%2e%2e", "%00"])
@pytest.mark.parametrize("file", ["", "workbook.xlsx", "data.csv", "snapshot.json"])
def test_an_edition_that_never_was_is_not_found(
    released: Released, address: str, file: str
) -> None:
    assert ask(f"/editions/{address}/{file}").status_code == 404


@pytest.mark.parametrize("file", ["", "workbook.xlsx", "data.csv", "snapshot.json"])
def test_a_snapshot_that_was_tampered_with_is_never_shown(released: Released, file: str) -> None:
    text = released.newest.snapshot.replace("1238.75", "9238.75")
    assert text != released.newest.snapshot
    Edition.objects.filter(pk=released.newest.pk).update(snapshot=text)
    with pytest.raises(DamagedEdition):
        ask(f"/editions/{NEWEST}/{file}")
    quiet = Client(raise_request_exception=False).get(f"/editions/{NEWEST}/{file}")
    assert quiet.status_code == 500
    assert b"238.75" not in quiet.content


def test_all_editions_are_listed_newest_quarter_first(released: Released) -> None:
    page = page_of("/editions/")
    assert page.headings == ["Editions", "Plan AL"]
    assert page.table("Plan AL") == [
        ["Edition", "Quarter", "Published", "Files"],
        [NEWEST, "2026 Q3", "10 Nov 2026", "Excel · CSV · JSON"],
        [OLDER, "2026 Q2", "1 Sep 2026", "Excel · CSV · JSON"],
    ]
    assert [row.links()["JSON"] for row in page.all("tr")[1:]] == [
        f"/editions/{address}/snapshot.json" for address in (NEWEST, OLDER)
    ]


def test_editions_are_grouped_by_plan(released: Released) -> None:
    row = _second(released)
    Edition.objects.filter(pk=row.pk).update(plan=released.structure)
    page = page_of("/editions/")
    assert page.headings == ["Editions", "Plan AL", "Plan XK"]
    assert [line[0] for line in page.table("Plan XK")[1:]] == ["AL-2026-Q3-2"]


def test_before_the_first_edition_the_list_says_when_it_comes(released: Released) -> None:
    Edition.objects.all().delete()
    page = page_of("/editions/")
    assert page.one("div", "empty").text == (
        "No edition has been published yet The first one appears when the coalition has "
        "validated a quarter. See the plans"
    )
    assert page.one("div", "empty").links() == {"See the plans": "/"}


def test_the_list_is_in_the_readers_language(released: Released) -> None:
    assert page_of("/editions/", "sq").table("Plani AL")[1][:3] == [
        NEWEST,
        "2026 T3",
        "10 Nën 2026",
    ]


def test_a_page_that_is_not_there_says_what_to_do(released: Released) -> None:
    page = read(ask("/editions/AL-2020-Q1-1/"), status=404)
    assert page.title == "There is no such page"
    assert page.links()["Go to the start page"] == "/"
