"""Two quarters side by side, within an edition and between two editions of one quarter."""

import pytest

from common.canonical import sha256
from publishing.models import Edition
from tests.publishing.pages import Page, ask, page_of, seen
from tests.publishing.reading_rows import rows_of, table_of
from tests.publishing.released import Released
from tests.reports.exporting import body, sheets

pytestmark = pytest.mark.django_db


def compare(query: str = "", language: str = "en") -> Page:
    return seen(f"/plans/AL/compare/{query}", language)


def told(rows: list[list[str]]) -> dict[str, tuple[str, ...]]:
    """By code: status before, status after, change."""
    return {row[0].split()[0]: (row[3], row[5], row[1]) for row in rows}


NOW = {
    "C1": ("Off track", "Off track", "Same"),
    "D1": ("Off track", "At risk", "Better"),
    "H1": ("Reported, not rated", "Reported, not rated", "Same"),
    "N1": ("Reported, not rated", "Not available", "No longer reported"),
    "P1": ("Target not met", "Target not met", "Same"),
    "R1": ("Reported, not rated", "Reported, not rated", "Same"),
    "S1": ("On track", "Achieved", "Better"),
    "T1": ("Reported, not rated", "Reported, not rated", "Same"),
    "W1": ("Off track", "No data", "No longer reported"),
    "Z1": ("Off track", "Off track", "Same"),
}


def test_without_a_choice_the_last_quarter_stands_beside_the_one_before(
    released: Released,
) -> None:
    page = compare()
    headings, *rows = page.table("Indicators")
    assert headings == ["Indicator", "Change", "Figure, 2026 Q2", "Status, 2026 Q2",
                        "Figure, 2026 Q3", "Status, 2026 Q3", "Cautions"]  # fmt: skip
    assert told(rows) == NOW
    chosen = {
        node.attrs["name"]: [o.attrs["value"] for o in node.all("option") if "selected" in o.attrs]
        for node in page.all("select")[:2]
    }
    assert chosen == {"from": ["2026-Q2"], "to": ["2026-Q3"]}


def test_figures_stand_with_their_cautions_and_protected_ones_protected(
    released: Released,
) -> None:
    rows = {row[0].split()[0]: row for row in compare().table("Indicators")[1:]}
    assert (rows["C1"][2], rows["C1"][4]) == ("1~234.5", "1~238.75")
    assert rows["C1"][6] == "2026 Q2: Revised target; 2026 Q3: Provisional, Revised target"
    assert (rows["C1"][0], rows["P1"][0]) == ("C1 Indicator C1 (persons)", "P1 Indicator P1 (%)")
    assert rows["P1"][6] == "2026 Q3: Provisional"
    assert (rows["S1"][2], rows["S1"][4]) == ("71~845", "143~685")
    assert (rows["R1"][2], rows["R1"][4], rows["R1"][6]) == ("–", "–", "–")


def test_the_other_way_round_every_change_is_its_opposite(released: Released) -> None:
    rows = told(compare("?from=2026-Q3&to=2026-Q2").table("Indicators")[1:])
    assert {code: row[2] for code, row in rows.items() if row[2] != "Same"} == {
        "D1": "Worse",
        "N1": "Newly reported",
        "S1": "Worse",
        "W1": "Newly reported",
    }


def test_the_statuses_are_counted_for_each_quarter(released: Released) -> None:
    first, second, *actions = [node.text for node in compare().all("ul", "legend")]
    assert first == "On track 1 Off track 4 Target not met 1 Reported, not rated 4"
    assert second == (
        "Achieved 1 At risk 1 Off track 2 Target not met 1 Reported, not rated 3 No data 1 "
        "Not available 1"
    )
    assert actions == ["Not started 1 In progress 1", "Done 1"]


def test_the_changes_are_counted_and_lead_to_their_rows(released: Released) -> None:
    page = compare("?edition=AL-2026-Q3-1")
    line = page.all("p", "counts-line")[0]
    assert line.text == "Better 2Same 6No longer reported 2"
    address = line.links()["Better 2"]
    assert address == "?edition=AL-2026-Q3-1&change=better"
    rows = told(compare(address).table("Indicators")[1:])
    assert [*rows] == ["D1", "S1"]


def test_actions_stand_with_both_statuses(released: Released) -> None:
    assert compare().table("Actions")[1:] == [
        ["A1 Action A1", "Better", "In progress", "Done"],
        ["A2 Action A2", "No longer reported", "Not started", "–"],
        ["A3 Action A3", "Same", "–", "–"],
    ]


FILTERS = [
    ("change=better", "D1 S1"),
    ("change=lost", "N1 W1"),
    ("change=new", ""),
    ("objective=2", "D1 W1 Z1"),
    ("institution=MB", "C1 P1 W1"),
    ("status=off_track", "C1 Z1"),
    ("from=2026-Q3&to=2026-Q2&status=off_track", "C1 D1 W1 Z1"),
    ("framework=un-2010:11", "D1"),
    ("pillar=Participation&change=better", "S1"),
    ("edition=AL-2026-Q2-1&change=same", "C1 D1 H1 N1 P1 R1 S1 T1 W1 Z1"),
]


@pytest.mark.parametrize(("query", "codes"), FILTERS)
def test_what_is_filtered_is_what_is_downloaded(released: Released, query: str, codes: str) -> None:
    rows = rows_of(f"/plans/AL/compare/?{query}&export=csv")
    assert " ".join(row[0] for row in rows) == codes


def test_the_workbook_has_indicators_and_actions(released: Released) -> None:
    answer = ask("/plans/AL/compare/?change=better&export=xlsx")
    found = {name: [row[0].value for row in rows] for name, rows in sheets(body(answer)).items()}
    assert found == {"Indicators": ["Code", "D1", "S1"], "Actions": ["Code", "A1"]}


def test_the_file_tells_figures_and_cautions_apart(released: Released) -> None:
    headings, first, *_others = table_of("/plans/AL/compare/?export=csv")
    assert dict(zip(headings, first, strict=True)) == {
        "Code": "C1",
        "Indicator": "Indicator C1",
        "Objective": "1.1",
        "Unit": "persons",
        "Figure, 2026 Q2": "1234.5",
        "Status, 2026 Q2": "Off track",
        "Cautions, 2026 Q2": "Revised target",
        "Figure, 2026 Q3": "1238.75",
        "Status, 2026 Q3": "Off track",
        "Cautions, 2026 Q3": "Provisional, Revised target",
        "Change": "Same",
    }


NONSENSE = ["from=2026-Q4", "from=&to=", "from=x&to=y", "against=AL-2026-Q9-1", "against=%00"]


@pytest.mark.parametrize("query", NONSENSE)
def test_quarters_and_editions_that_are_none_choose_nothing(released: Released, query: str) -> None:
    assert told(compare(f"?{query}").table("Indicators")[1:]) == NOW


def test_an_earlier_edition_may_tell_the_first_quarter(released: Released) -> None:
    page = compare("?from=2026-Q2&to=2026-Q3&against=AL-2026-Q2-1")
    assert page.table("Indicators")[0][2:5] == [
        "Figure, 2026 Q2 (AL-2026-Q2-1)",
        "Status, 2026 Q2 (AL-2026-Q2-1)",
        "Figure, 2026 Q3 (AL-2026-Q3-1)",
    ]
    assert told(page.table("Indicators")[1:]) == NOW


def test_an_edition_that_does_not_know_the_first_quarter_is_not_asked(
    released: Released,
) -> None:
    page = compare("?from=2026-Q3&to=2026-Q3&against=AL-2026-Q2-1")
    assert "The edition chosen does not know the first quarter" in page.one("main").text
    assert {row[2] for row in told(page.table("Indicators")[1:]).values()} == {"Same"}


def restated(released: Released) -> None:
    """The third quarter once more, with one status and one action changed."""
    text = released.newest.snapshot.replace('"AL-2026-Q3-1"', '"AL-2026-Q3-2"')
    place = text.index('"at_risk"', text.index('"assessments":['))
    text = text[:place] + '"on_track"' + text[place + len('"at_risk"') :]
    text = text.replace('"status":"done"', '"status":"delayed"')
    again = Edition.objects.get(pk=released.newest.pk)
    again.pk, again.number, again.address = None, 2, "AL-2026-Q3-2"
    again.snapshot, again.sha256 = text, sha256(text)
    again.save(force_insert=True)


def test_a_quarter_that_was_published_twice_shows_what_was_restated(released: Released) -> None:
    restated(released)
    page = page_of("/plans/AL/compare/")
    [(words, address)] = [
        (words, url) for words, url in page.links().items() if "published more than once" in words
    ]
    assert words.endswith("what changed since edition AL-2026-Q3-1?")
    assert address == "?from=2026-Q3&to=2026-Q3&against=AL-2026-Q3-1"
    between = page_of(f"/plans/AL/compare/{address}")
    changed = {c: r for c, r in told(between.table("Indicators")[1:]).items() if r[2] != "Same"}
    assert changed == {"D1": ("At risk", "On track", "Better")}
    assert between.table("Actions")[1] == ["A1 Action A1", "Worse", "Done", "Delayed"]


def test_an_edition_alone_of_its_quarter_offers_no_restatement(released: Released) -> None:
    assert "published more than once" not in compare().one("main").text


def test_before_the_first_edition_there_is_nothing_to_compare(released: Released) -> None:
    Edition.objects.all().delete()
    page = page_of("/plans/AL/compare/")
    assert page.one("div", "empty").text.startswith("There is nothing to compare yet")
    assert ask("/plans/AL/compare/?export=csv").status_code == 200
