"""The page of an institution: what it carries, how it reports, what it says."""

import pytest

from publishing.models import Edition
from reports.models import Revision
from tests.publishing.pages import Page, ask, page_of, seen
from tests.publishing.released import Released

pytestmark = pytest.mark.django_db


def institution(code: str, language: str = "en", edition: str = "") -> Page:
    suffix = f"?edition=AL-{edition}-1" if edition else ""
    return seen(f"/plans/AL/institutions/{code}/{suffix}", language)


TILES = {
    ("MM", "2026-Q3"): ["2/2", "2/2", "14/15", "9", "1", "8", "4"],
    ("MM", "2026-Q2"): ["1/1", "1/1", "8/8", "9", "1", "4", "3"],
    ("MB", "2026-Q3"): ["1/2", "0/1", "3/6", "3", "1", "3", "4"],
    ("MB", "2026-Q2"): ["1/1", "0/1", "3/3", "3", "1", "3", "1"],
    ("MK", "2026-Q3"): ["0/2", "0/0", "0/0", "0", "1", "0", "0"],
}


@pytest.mark.parametrize(("code", "quarter"), TILES)
def test_it_counts_what_is_in_and_what_came_in_time(
    released: Released, code: str, quarter: str
) -> None:
    assert institution(code, edition=quarter).tiles() == dict(
        zip(
            [
                *("Reports published of those owed", "Of these sent in time"),
                *("Figures given of those owed", "Indicators", "Actions led"),
                *("Differences", "Missing figures"),
            ],
            TILES[code, quarter],
            strict=True,
        )
    )


STRIPS = {
    "MM": [
        "2026 Q3 published, sent in time 6 of 7 figures",
        "2026 Q2 published, sent in time 8 of 8 figures",
    ],
    "MB": [
        "2026 Q3 sent, with the coalition 0 of 3 figures",
        "2026 Q2 published, sent late 3 of 3 figures",
    ],
    "MK": ["2026 Q3 not sent, or being corrected", "2026 Q2 not sent, or being corrected"],
}


@pytest.mark.parametrize("code", STRIPS)
def test_its_quarters_stand_newest_first(released: Released, code: str) -> None:
    strip = institution(code).one("ul", "quarter-strip")
    assert [row.text for row in strip.all("li")] == STRIPS[code]


def test_what_it_says_is_word_for_word_with_the_hash_of_the_revision(released: Released) -> None:
    told = institution("MM").under("What it says of 2026 Q3")
    revision = Revision.objects.get(
        report__institution__code="MM", report__period=released.periods[3]
    )
    assert told.text == (
        "What was done =Done in Q3 Next steps Train the army. Then the police. "
        f"Revision 1, as the coalition reviewed it. SHA-256: {revision.sha256}"
    )


def test_the_words_are_those_of_its_last_published_report(released: Released) -> None:
    assert "What it says of 2026 Q2" in institution("MB").headings
    assert "What it says of 2026 Q2" in institution("MM", edition="2026-Q2").headings
    assert not [h for h in institution("MK").headings if h.startswith("What it says")]


INDICATORS = [
    ["C1 Indicator C1", "1~238.75~persons", "5~000", "", "Off track"],
    ["P1 Indicator P1", "89~%", "90", "", "Target not met"],
    ["W1 Indicator W1", "9~persons", "40", "", "No data"],
]


def test_its_indicators_are_listed_with_the_national_figures(released: Released) -> None:
    _heading, *rows = institution("MB").table("Indicators")
    assert [row[:5] for row in rows] == INDICATORS
    assert [row[5:] for row in rows] == [
        ["Provisional, Revised target", "1 of 2, 2026 Q3"],
        ["Provisional", "1 of 2, 2026 Q3"],
        ["–", "0 of 1, 2026 Q3"],
    ]


ACTIONS = {
    "MM": [["A1 Action A1", "Ministry of Defence", "Done", "2~500~000.5", "2~500.75"]],
    "OS": [["A1 Action A1", "Ministry of Defence", "Done", "2~500~000.5", "2~500.75"]],
    "MB": [["A2 Action A2", "Ministry of Interior", "–", "–", "0"]],
    "MK": [["A3 Action A3", "Ministry of Culture", "–", "–", "–"]],
}


@pytest.mark.parametrize("code", ACTIONS)
def test_it_lists_what_it_leads_and_what_it_supports(released: Released, code: str) -> None:
    assert institution(code).table("Actions")[1:] == ACTIONS[code]


def test_its_differences_and_gaps_lead_to_the_lists_of_the_same_rows(released: Released) -> None:
    page = institution("MB", edition="2026-Q2")
    tiles = page.tiles()
    edition = "edition=AL-2026-Q2-1&institution=MB"
    found = [node.attrs["href"] for node in page.all("a", "figure-tile")]
    assert found == [f"/plans/AL/differences/?{edition}", f"/plans/AL/gaps/?{edition}"]
    differences, gaps = (seen(address) for address in found)
    assert str(len(differences.all("li", "difference"))) == tiles["Differences"]
    assert str(len(gaps.table("Missing figures")[1:])) == tiles["Missing figures"]


def test_its_indicators_and_actions_are_counted_by_status(released: Released) -> None:
    bars = [node.text for node in institution("MB").all("ul", "legend")]
    assert bars == ["Off track 1 Target not met 1 No data 1"]
    assert "Nothing to count yet." in institution("MB").one("main").text
    assert [node.text for node in institution("MM").all("ul", "legend")][1] == "Done 1"


def test_who_only_supports_owes_no_report(released: Released) -> None:
    page = institution("OS")
    assert (page.title, page.tiles()) == ("OSCE Presence", {})
    assert page.headings == ["OSCE Presence", "Indicators", "Actions"]
    assert page.under("Indicators").text == "It answers for no indicator."


def test_who_leads_nothing_is_told_so(released: Released) -> None:
    old = released.newest.snapshot.replace('"supporting":["OS"]', '"supporting":[]')
    from common.canonical import sha256

    Edition.objects.filter(pk=released.newest.pk).update(snapshot=old, sha256=sha256(old))
    page = page_of("/plans/AL/institutions/OS/")
    assert page.under("Actions").text == "It leads and supports no action."


def test_a_list_inside_the_page_has_no_download_of_its_own(released: Released) -> None:
    assert not [url for url in institution("MM").links().values() if "export=" in url]
    assert [url for url in page_of("/plans/AL/institutions/").links().values() if "export=" in url]


def test_its_links_stay_in_the_edition(released: Released) -> None:
    links = institution("MB", edition="2026-Q2").links()
    assert links["C1 Indicator C1"] == "/plans/AL/indicators/C1/?edition=AL-2026-Q2-1"
    assert links["A2 Action A2"] == "/plans/AL/actions/A2/?edition=AL-2026-Q2-1"


def test_in_albanian_it_has_its_albanian_name_and_commas(released: Released) -> None:
    page = institution("MB", "sq")
    assert page.title == "Ministria e Brendshme"
    assert page.table("Treguesit")[1][:5] == [
        *("C1 Treguesi C1", "1~238,75~persona", "5~000", "", "Jashtë rrugës")
    ]
    strip = page.one("ul", "quarter-strip").all("li")
    assert [row.all("span")[0].text for row in strip] == [
        "dërguar, në shqyrtim te koalicioni",
        "botuar, dërguar me vonesë",
    ]


LIST = [
    ["Ministry of Interior", "MB", "3", "1", "1 of 2", "0 of 1", "Not in this edition"],
    ["Ministry of Culture", "MK", "0", "1", "0 of 2", "–", "Not in this edition"],
    ["Ministry of Defence", "MM", "9", "1", "2 of 2", "2 of 2", "Published"],
    ["OSCE Presence", "OS", "0", "0", "–", "–", "Owes no report"],
]


def test_the_list_of_institutions_tells_the_same(released: Released) -> None:
    page = page_of("/plans/AL/institutions/")
    assert page.table("Institutions")[1:] == LIST
    flagged = [row.all("td")[1].text for row in page.all("tr", "row-flagged")]
    assert flagged == ["MB", "MK"]


@pytest.mark.parametrize("code", ["mm", "XX", "AL", "<script>", "MM%20"])
def test_an_institution_that_is_not_of_the_plan_is_not_found(released: Released, code: str) -> None:
    assert ask(f"/plans/AL/institutions/{code}/").status_code == 404


def test_an_institution_of_another_plan_is_not_found(released: Released) -> None:
    assert ask("/plans/XK/institutions/MM/").status_code == 404
    assert ask("/plans/AL/institutions/MM/").status_code == 200


def test_before_the_first_edition_it_shows_what_it_carries(released: Released) -> None:
    Edition.objects.all().delete()
    page = page_of("/plans/AL/institutions/MB/")
    assert page.tiles() == {}
    assert page.headings == ["Ministry of Interior", "Indicators", "Actions"]
    assert page.table("Indicators")[1] == [
        *("C1 Indicator C1", "1.1", "Ministry of Interior, Ministry of Defence"),
        *("persons", "In the adopted plan"),
    ]
