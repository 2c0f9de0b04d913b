"""The page of missing figures: what is shown, filtered and downloaded."""

import pytest

from publishing.models import Edition
from tests.publishing.pages import Page, page_of, seen
from tests.publishing.reading_rows import rows_of, table_of
from tests.publishing.released import Released

pytestmark = pytest.mark.django_db

WITH_COALITION = "Its report is not in this edition: it was sent and is with the coalition."
ALL = [
    ["C1 Indicator C1", "Ministry of Interior", "2026 Q3", "No report",  WITH_COALITION],
    ["H1 Indicator H1", "–", "–", "No target",
     "Without a target nobody can say how far it is."],
    ["N1 Indicator N1", "–", "–", "No target",
     "Without a target nobody can say how far it is."],
    ["N1 Indicator N1", "Ministry of Defence", "2026 Q3", "Not available",
     "No survey was held."],
    ["P1 Indicator P1", "–", "–", "Baseline unknown",
     "Without a starting point there is no progress to compute."],
    ["P1 Indicator P1", "Ministry of Interior", "2026 Q3", "No report",  WITH_COALITION],
    ["W1 Indicator W1", "Ministry of Interior", "2026 Q3", "No report",  WITH_COALITION],
]  # fmt: skip


def gaps(query: str = "", language: str = "en") -> Page:
    return seen(f"/plans/AL/gaps/{query}", language)


def test_every_gap_stands_with_who_when_why_and_for_how_long(released: Released) -> None:
    """N1's reason is the ministry's own; R1 is restricted, and nothing of it is told."""
    assert gaps().table("Missing figures")[1:] == ALL


def test_the_kinds_are_counted_and_lead_to_their_rows(released: Released) -> None:
    page = gaps()
    assert page.tiles() == {
        "No report": "3",
        "Not available": "1",
        "No target": "2",
        "Baseline unknown": "1",
    }
    links = [node.attrs["href"] for node in page.all("a", "figure-tile")]
    assert links[0] == "?kind=no_report"


FILTERS = [
    ("kind=no_report", "C1 P1 W1"),
    ("kind=not_available", "N1"),
    ("kind=never", ""),
    ("institution=MM", "H1 N1 N1 P1"),
    ("institution=MB", "C1 P1 P1 W1"),
    ("institution=MB&kind=no_baseline", "P1"),
    ("quarter=2026-Q3", "C1 N1 P1 W1"),
    ("quarter=2026-Q2", ""),
    ("objective=2", "W1"),
    ("objective=1", "C1 H1 N1 N1 P1 P1"),
    ("pillar=Participation&kind=no_report", "C1 P1"),
    ("framework=un-2010:11", ""),
    ("status=no_data", "W1"),
    ("edition=AL-2026-Q2-1", "H1 N1 P1"),
]


@pytest.mark.parametrize(("query", "codes"), FILTERS)
def test_what_is_filtered_is_what_is_downloaded(released: Released, query: str, codes: str) -> None:
    assert " ".join(row[0] for row in rows_of(f"/plans/AL/gaps/?{query}&export=csv")) == codes


@pytest.mark.parametrize("query", ["kind=no_report", "quarter=2026-Q2", "institution=MM"])
def test_the_page_shows_the_rows_of_the_file(released: Released, query: str) -> None:
    page = gaps(f"?{query}")
    shown = [n for n in page.all("div", "table-region") if "Missing" in n.attrs["aria-label"]]
    codes = [row[0].split()[0] for row in shown[0].rows()[1:]] if shown else []
    assert codes == [row[0] for row in rows_of(f"/plans/AL/gaps/?{query}&export=csv")]
    assert page.one("span", "count-mark").text == "1"


def test_the_file_has_the_same_words_as_the_page(released: Released) -> None:
    headings, first, *_others = table_of("/plans/AL/gaps/?export=csv")
    assert headings == ["Code", "Indicator", "Objective", "Institution", "Quarter",
                        "What is missing", "Quarters in a row", "Reason"]  # fmt: skip
    assert first == ["C1", "Indicator C1", "1.1", "Ministry of Interior", "2026 Q3", "No report",
                     "1", WITH_COALITION]  # fmt: skip


def test_the_overview_leads_to_it(released: Released) -> None:
    links = page_of("/plans/AL/?edition=AL-2026-Q2-1").links()
    assert links["All gaps, of every quarter"] == "/plans/AL/gaps/?edition=AL-2026-Q2-1"


def test_where_nothing_is_missing_the_page_says_so(released: Released) -> None:
    assert gaps("?kind=withheld").one("div", "empty").text.startswith("No gap fits")


def test_before_the_first_edition_what_the_plan_lacks_is_told(released: Released) -> None:
    Edition.objects.all().delete()
    rows = page_of("/plans/AL/gaps/").table("Missing figures")[1:]
    assert [(row[0].split()[0], row[3]) for row in rows] == [
        ("H1", "No target"),
        ("N1", "No target"),
        ("P1", "Baseline unknown"),
    ]
    assert [n.attrs["name"] for n in page_of("/plans/AL/gaps/").all("select")] == [
        *("kind", "objective", "pillar", "institution", "framework")
    ]


def test_how_long_a_figure_has_been_missing_stands_with_its_quarter(released: Released) -> None:
    """The same edition with N1 missing in its second quarter too."""
    from common.canonical import sha256

    given = '"numerator"'
    assert given in released.newest.snapshot
    place = released.newest.snapshot.index('"indicator":"N1"', released.newest.snapshot.index(
        '"reports":['))  # fmt: skip
    text = released.newest.snapshot
    start = text.index('"observations":[', place)
    end = text.index("]", start)
    silent = '"observations":[{"cell":"","reason":"No books.","state":"withheld","text":""}'
    text = text[:start] + silent + text[end:]
    Edition.objects.filter(pk=released.newest.pk).update(snapshot=text, sha256=sha256(text))
    rows = [row for row in page_of("/plans/AL/gaps/").table("Missing figures") if "N1" in row[0]]
    assert [row[2:4] for row in rows[-2:]] == [
        ["2026 Q3, 2 in a row", "Not available"],
        ["2026 Q2", "Withheld"],
    ]
