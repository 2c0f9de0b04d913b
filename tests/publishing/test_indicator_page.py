"""The page of an indicator shows the figures of the edition, each side's view, and nothing else."""

import json
from decimal import Decimal

import pytest

from indicators.models import Indicator
from publishing.models import Edition
from reports.models import Observation
from tests.publishing.pages import Page, ask, page_of, read, seen
from tests.publishing.released import COUNTED, SECRET, Released

pytestmark = pytest.mark.django_db

Told = dict[str, str]


def indicator(code: str, language: str = "en", edition: str = "") -> Page:
    suffix = f"?edition={edition}" if edition else ""
    return seen(f"/plans/AL/indicators/{code}/{suffix}", language)


def lights(page: Page) -> list[list[str]]:
    return page.table("Three views, quarter by quarter")[1:]


TILES: list[tuple[str, str, str, Told]] = [
    (
        *("C1", "2026-Q3", "en"),
        {
            "To date, 2026 Q3": "1~238.75 persons",
            "Expected by then": "3~434.93",
            "Target for 31 Dec 2027": "5~000",
            "Institutions reported": "1/2",
        },
    ),
    (
        *("C1", "2026-Q3", "sq"),
        {
            "Deri tani, 2026 T3": "1~238,75 persona",
            "E pritur deri atëherë": "3~434,93",
            "Synimi për 31 Dhj 2027": "5~000",
            "Institucione që raportuan": "1/2",
        },
    ),
    (
        *("C1", "2026-Q2", "en"),
        {
            "To date, 2026 Q2": "1~234.5 persons",
            "Expected by then": "3~119.86",
            "Target for 31 Dec 2027": "5~000",
            "Institutions reported": "2/2",
        },
    ),
    (
        *("P1", "2026-Q2", "sq"),
        {
            "Deri tani, 2026 T2": "82,7 %",
            "E pritur deri atëherë": "–",
            "Synimi për 31 Dhj 2027": "90",
            "Institucione që raportuan": "2/2",
        },
    ),
    (
        *("Z1", "2026-Q3", "en"),
        {
            "To date, 2026 Q3": "0 persons",
            "Expected by then": "6.87",
            "Target for 31 Dec 2027": "10",
            "Institutions reported": "1/1",
        },
    ),
    (
        *("H1", "2026-Q3", "en"),
        {
            "To date, 2026 Q2": "3 persons",
            "Expected by then": "–",
            "No target is set": "–",
            "Institutions reported": "1/1",
        },
    ),
    (
        *("S1", "2026-Q2", "en"),
        {
            "To date, 2026 Q2": "71~845 persons",
            "Expected by then": "56~160",
            "Target for 31 Dec 2027": "90~000",
            "Institutions reported": "1/1",
        },
    ),
    ("R1", "2026-Q3", "en", {"Institutions reported": "1/1"}),
]


@pytest.mark.parametrize(
    ("code", "quarter", "language", "tiles"), TILES, ids=lambda value: str(value)[:9]
)
def test_the_big_figures_are_those_of_the_edition(
    released: Released, code: str, quarter: str, language: str, tiles: Told
) -> None:
    assert indicator(code, language, f"AL-{quarter}-1").tiles() == tiles


COMPUTED: list[tuple[str, str, Told]] = [
    (
        *("C1", "2026-Q3"),
        {
            "Status": "Off track Provisional Revised target",
            "Coverage": "1 of 2 institutions reported (50~%)",
            "Value": "1~238.75~persons",
            "Start": "0",
            "Progress": "24.8~% of the way from the start to the target",
            "Pace": "0.36 on track from 0.95, at risk from 0.7",
            "Over time": "Sum",
        },
    ),
    (
        *("D1", "2026-Q3"),
        {
            "Status": "At risk",
            "Value": "50~persons",
            "Start": "100",
            "Expected by then": "45.04",
            "Final target": "20",
            "Progress": "62.5~% of the way from the start to the target",
            "Pace": "0.91 on track from 0.95, at risk from 0.7",
            "Direction": "Less is better",
        },
    ),
    (
        *("P1", "2026-Q2"),
        {
            "Status": "Target not met",
            "Value": "82.7~% = 100 × 91 / 110",
            "Start": "–",
            "Progress": "– of the way from the start to the target",
            "Over institutions": "Ratio of the sums",
        },
    ),
    (
        *("P1", "2026-Q3"),
        {"Status": "Target not met Provisional", "Value": "89~% = 100 × 97 / 109"},
    ),
    (
        *("Z1", "2026-Q3"),
        {"Value": "0~persons", "Progress": "0~% of the way from the start to the target"},
    ),
    (
        *("W1", "2026-Q3"),
        {"Status": "No data", "Coverage": "0 of 1 institutions reported (0~%)"},
    ),
    (
        *("S1", "2026-Q3"),
        {"Status": "Achieved", "Inputs": "Not published: they would tell the protected figures."},
    ),
    (
        *("R1", "2026-Q3"),
        {
            "Status": "Reported, not rated",
            "Inputs": "Not published: they would tell the protected figures.",
        },
    ),
]


@pytest.mark.parametrize(("code", "quarter", "told"), COMPUTED, ids=lambda value: str(value)[:9])
def test_the_page_says_how_the_status_was_computed(
    released: Released, code: str, quarter: str, told: Told
) -> None:
    terms = indicator(code, edition=f"AL-{quarter}-1").terms()
    assert {name: terms.get(name) for name in told} == told


def test_protected_and_restricted_indicators_tell_no_input(released: Released) -> None:
    open_terms = {"Value", "Start", "Final target", "Progress", "Pace"}
    assert open_terms < set(indicator("C1").terms())
    for code in ("S1", "R1"):
        assert not open_terms & set(indicator(code).terms())


WHY = {
    "C1": "The figure is 1~238.75~persons. Expected by then: 3~434.93~persons. "
    "The target is 5~000~persons.",
    "S1": "The figure is 143~685~persons. The target is 90~000~persons.",
    "P1": "The figure is 89~%. The target is 90~%.",
    "N1": "The figure is 12~persons.",
    "R1": "Its figures are restricted; only the status is published.",
    "T1": "No figure is published.",
    "W1": "0 of 1 institution reported.",
}


def test_a_sentence_says_why_it_has_its_status(released: Released) -> None:
    said = {code: indicator(code).one("details", "card-plain").all("p")[0].text for code in WHY}
    assert said == WHY


LIGHTS: dict[str, list[list[str]]] = {
    "C1": [
        [
            *("2026 Q3", "Off track Provisional Revised target1~238.75~persons"),
            *("Ministry of Defence=1+1", "On trackAs planned."),
            "Off trackHalf of the offices were not counted.",
        ],
        [
            *("2026 Q2", "Off track Revised target1~234.5~persons", "Ministry of Interior"),
            *("On trackAll came.", "No rating"),
        ],
        ["Ministry of Defence", "On trackAll came.", "No rating"],
    ],
    "D1": [
        [
            *("2026 Q3", "At risk50~persons", "Ministry of Defence"),
            *("At risk-1 since spring", "At risk@all"),
        ],
        [
            *("2026 Q2", "Off track70~persons", "Ministry of Defence"),
            *("On trackAs planned.", "No rating"),
        ],
    ],
    "N1": [
        [
            *("2026 Q3", "Not available12~persons"),
            "Ministry of DefenceNot available: No survey was held.",
            *("On trackAs planned.", "No rating"),
        ],
        [
            *("2026 Q2", "Reported, not rated12~persons", "Ministry of Defence"),
            *("On trackAs planned.", "No rating"),
        ],
    ],
    "R1": [
        [quarter, "Reported, not rated", "Ministry of Defence", "On trackAs planned.", "No rating"]
        for quarter in ("2026 Q3", "2026 Q2")
    ],
    "W1": [
        ["2026 Q3", "No data9~persons", "No report with this indicator was published."],
        [
            *("2026 Q2", "Off track9~persons", "Ministry of Interior"),
            *("On trackAs planned.", "No rating"),
        ],
    ],
}


@pytest.mark.parametrize("code", LIGHTS)
def test_three_views_stand_side_by_side_and_are_never_merged(released: Released, code: str) -> None:
    assert lights(indicator(code)) == LIGHTS[code]


def test_an_indicator_in_words_shows_the_words(released: Released) -> None:
    institutions = [row[2] for row in lights(indicator("T1"))]
    assert institutions == ["Ministry of Defence =2", "Ministry of DefenceA rule was drafted."]


def test_quarters_before_the_last_two_are_folded_away_but_there(released: Released) -> None:
    older = Edition.objects.get(pk=released.newest.pk)
    data = json.loads(older.snapshot)
    first = {"code": "2026-Q1", "year": 2026, "quarter": 1, "due_on": "2026-04-30"}
    first |= {"starts_on": "2026-01-01", "ends_on": "2026-03-31"}
    data["periods"].insert(0, first)
    [made] = [
        row for row in data["assessments"] if (row["indicator"], row["period"]) == ("Z1", "2026-Q2")
    ]
    data["assessments"].insert(0, {**made, "period": "2026-Q1", "value": "-3"})
    page = _with_snapshot(older, json.dumps(data))
    assert [row[:2] for row in page.table("Earlier quarters")[1:]] == [
        ["2026 Q1", "Off track-3~persons"]
    ]
    assert [row[0] for row in lights(page)] == ["2026 Q3", "2026 Q2"]


def _with_snapshot(edition: Edition, text: str) -> Page:
    from common.canonical import sha256

    Edition.objects.filter(pk=edition.pk).update(snapshot=text, sha256=sha256(text))
    return page_of("/plans/AL/indicators/Z1/")


def test_a_group_is_shown_with_its_national_figure_and_each_institutions(
    released: Released,
) -> None:
    assert indicator("S1", edition="AL-2026-Q2-1").table("By group") == [
        ["Group", "All institutions, to date", "Ministry of Defence, 2026 Q2"],
        ["Total", "71~845", "71~845"],
        ["F", "71~840", "71~840"],
        ["M", "<10", "<10"],
    ]


def test_an_indicator_without_groups_has_no_table_of_groups(released: Released) -> None:
    assert "By group" not in indicator("C1").headings
    assert "By group" in indicator("S1").headings


TARGETS: dict[str, list[list[str]]] = {
    "C1": [
        ["1 Jan 2024", "Baseline: Zero by nature", "0"],
        ["31 Dec 2027", "Target (replaced)", "4~000"],
        ["31 Dec 2027", "Target, version 2The council decided.", "5~000"],
    ],
    "D1": [["1 Jan 2024", "Baseline: Known", "100"], ["31 Dec 2027", "Target", "20"]],
    "P1": [["–", "Baseline: Unknown", "–"], ["31 Dec 2027", "Target", "90"]],
    "H1": [["1 Jan 2024", "Baseline: Zero by nature", "0"], ["No target is set."]],
}


@pytest.mark.parametrize("code", TARGETS)
def test_every_version_of_a_target_stays_visible(released: Released, code: str) -> None:
    assert indicator(code).table("Baseline and targets")[1:] == TARGETS[code]


def test_a_restricted_indicator_has_neither_chart_nor_targets(released: Released) -> None:
    page = indicator("R1")
    assert page.all("figure") == []
    assert page.all("h3", "") == []
    assert page.notes() == [
        "The figures of this indicator are restricted, to protect people. "
        "Its status is published, its figures never are."
    ]


def test_a_protected_indicator_says_how_it_is_protected(released: Released) -> None:
    [note] = indicator("S1").notes()
    assert "below 10 they are hidden, all others are rounded to 5" in note
    assert indicator("S1").links()["Why?"] == "/method/#protection"


SHEETS: dict[str, Told] = {
    "C1": {
        "Kind": "Count (persons)",
        "Direction": "More is better",
        "Objective": "1.1 Objective 1.1",
        "Responsible": "Ministry of Interior, Ministry of Defence",
        "Figures": "Public",
    },
    "S1": {"Figures": "Small counts protected", "Responsible": "Ministry of Defence"},
    "T1": {"Kind": "Narrative", "Figures": "Public"},
}


@pytest.mark.parametrize("code", SHEETS)
def test_what_is_measured_is_told_below(released: Released, code: str) -> None:
    terms = indicator(code).terms()
    assert {name: terms[name] for name in SHEETS[code]} == SHEETS[code]


def test_a_row_that_is_not_adopted_says_so_with_its_source(released: Released) -> None:
    about = indicator("D1").under("About this indicator").text
    assert about.startswith(
        "From knowledge, unverified Source: Draft of 2023 Wording not final. Kind"
    )
    assert indicator("C1").under("About this indicator").text.startswith("In the adopted plan Kind")


def test_the_framework_it_answers_to_is_named(released: Released) -> None:
    told = indicator("D1").under("Answers to").text
    assert told == "Safety UN indicators of 2010 · Protection From knowledge, unverified"
    assert "Answers to" not in indicator("C1").headings


def test_links_lead_to_objective_and_institutions_in_the_same_edition(released: Released) -> None:
    old = "?edition=AL-2026-Q2-1"
    for suffix, edition in (("", ""), (old, "AL-2026-Q2-1")):
        links = indicator("C1", edition=edition).links()
        assert links["1.1 Objective 1.1"] == f"/plans/AL/objectives/1.1/{suffix}"
        assert links["Ministry of Interior"] == f"/plans/AL/institutions/MB/{suffix}"
        assert links["Ministry of Defence"] == f"/plans/AL/institutions/MM/{suffix}"


def test_in_albanian_every_word_and_comma_is_albanian(released: Released) -> None:
    page = indicator("C1", "sq")
    assert page.title == "Treguesi C1"
    assert page.terms()["Ecuria"] == "24,8~% e rrugës nga pikënisja deri te synimi"
    assert page.terms()["Ritmi"] == "0,36 në rrugë të mbarë nga 0,95, në rrezik nga 0,7"
    assert page.table("Tri këndvështrime, tremujor pas tremujori")[1] == [
        *("2026 T3", "Jashtë rrugës E përkohshme Synim i rishikuar1~238,75~persona"),
        *("Ministria e Mbrojtjes=1+1", "Në rrugë të mbarëAs planned."),
        "Jashtë rrugësHalf of the offices were not counted.",
    ]


def test_every_figure_of_the_page_is_that_of_the_snapshot(released: Released) -> None:
    """Told once more from the bytes whose hash is shown, without our own reader."""
    data = json.loads(released.newest.snapshot)
    for row in data["assessments"]:
        if row["period"] != "2026-Q3" or row["indicator"] in ("R1", "H1"):
            continue
        shown = indicator(row["indicator"]).tiles()["To date, 2026 Q3"]
        number = shown.removesuffix(" persons").removesuffix(" %").replace("~", "")
        if row["value"] is None:
            assert number == "–"
        else:
            places = "0.1" if row["indicator"] == "P1" else "0.01"
            assert Decimal(number) == Decimal(row["value"]).quantize(Decimal(places))


def test_what_the_page_adds_up_is_in_the_database(released: Released) -> None:
    official = Observation.objects.filter(
        line__report__status="published",
        line__indicator__code="C1",
        line__report__period__year=2026,
    )
    total = sum((o.value for o in official if o.value is not None), Decimal(0))
    assert total == Decimal("1238.75")
    assert indicator("C1").tiles()["To date, 2026 Q3"] == "1~238.75 persons"


def test_a_figure_changed_after_publication_changes_nothing_shown(released: Released) -> None:
    before = ask("/plans/AL/indicators/C1/").content
    Observation.objects.filter(line__indicator__code="C1").update(value=7)
    Indicator.objects.filter(code="C1").update(title_en="Another", direction="decrease")
    assert ask("/plans/AL/indicators/C1/").content == before


@pytest.mark.parametrize("code", ["c1", "C2", "C1 ", "<b>", "XK", "1.1", "C1%00"])
def test_a_code_that_the_plan_does_not_have_is_not_found(released: Released, code: str) -> None:
    page = read(ask(f"/plans/AL/indicators/{code}/"), status=404)
    assert page.title == "There is no such page"


def test_an_indicator_without_an_edition_shows_its_sheet_alone(released: Released) -> None:
    Edition.objects.all().delete()
    page = page_of("/plans/AL/indicators/C1/")
    assert page.tiles() == {}
    assert page.headings == ["Indicator C1", "About this indicator"]
    assert page.notes() == [
        "No edition of this plan has been published yet. These pages show the plan itself, "
        "not monitored figures."
    ]


def test_the_lights_by_quarter_lead_to_how_each_was_computed(released: Released) -> None:
    page = indicator("C1")
    assert page.table("The three lights by quarter") == [
        ["Whose view", "2026 Q2", "2026 Q3"],
        [
            *("Computed", "Off track Revised target 1~234.5~persons"),
            "Off track Provisional Revised target 1~238.75~persons",
        ],
        ["The ministry Ministry of Interior", "On track", "–"],
        ["The ministry Ministry of Defence", "On track", "On track"],
        ["The coalition Ministry of Interior", "–", "–"],
        ["The coalition Ministry of Defence", "–", "Off track"],
    ]
    anchors = {
        node.attrs["href"] for node in page.all("a") if node.attrs["href"][:9] == "#computed"
    }
    ids = {node.attrs.get("id") for node in page}
    assert anchors == {"#computed", "#computed-2026-Q2"}
    assert {anchor[1:] for anchor in anchors} <= ids


def test_the_other_quarters_tell_what_they_were_computed_from(released: Released) -> None:
    heading, row = indicator("D1").table("How the other quarters were computed")
    assert dict(zip(heading, row, strict=True)) == {
        "Quarter": "2026 Q2",
        "Status": "Off track",
        "Coverage": "1/1",
        "Value": "70",
        "Start": "100",
        "Expected": "50.08",
        "Final target": "20",
        "Progress": "37.5~%",
        "Pace": "0.6",
        "Rules": "1",
    }
    for code in ("S1", "R1"):
        told = indicator(code).table("How the other quarters were computed")[1]
        assert not {"62.5~%", str(COUNTED), "71~843", str(SECRET)} & set(told)


def test_the_reports_behind_the_figures_are_named_with_their_hash(released: Released) -> None:
    rows = indicator("C1").table("Where the figures come from")
    assert [row[:3] for row in rows] == [
        ["Report", "Revision", "Submitted"],
        ["Ministry of Defence, 2026 Q3", "1", "20 Oct 2026"],
        ["Ministry of Interior, 2026 Q2", "1", "5 Aug 2026 (late)"],
        ["Ministry of Defence, 2026 Q2", "1", "20 Jul 2026"],
    ]
    snapshot = json.loads(released.newest.snapshot)
    assert {row[3] for row in rows[1:]} == {report["sha256"] for report in snapshot["reports"]}


def test_groups_are_drawn_over_time_with_hidden_counts_as_their_text(released: Released) -> None:
    figure = indicator("S1").one("figure", "chart--multiples")
    assert figure.one("table").rows() == [
        ["Group", "2026 Q2", "2026 Q3"],
        ["F", "71~840", "143~675"],
        ["M", "<10", "10"],
    ]
    assert len(figure.all("rect", "column")) == 3


def test_how_it_is_measured_and_judged_is_told(released: Released) -> None:
    terms = indicator("C1").terms()
    assert terms["One value says"] == "What happened in the period"
    assert terms["Quarters are combined"] == "Sum"
    assert terms["Institutions are combined"] == "Sum"
    assert terms["Thresholds"] == (
        "those of the plan: on track from a pace of 0.95, at risk from 0.7"
    )


def test_the_published_inputs_can_be_tried_in_the_live_example(released: Released) -> None:
    address = indicator("D1").links()["The same figures in the live example"]
    assert address.startswith("/method/?")
    assert page_of(address).one("p", "example-status").text == "At risk"
    for code in ("S1", "R1"):
        assert "The same figures in the live example" not in indicator(code).links()


@pytest.mark.parametrize(
    ("address", "code"),
    [("/plans/AL/", "C1"), ("/plans/AL/indicators/", "C1"), ("/plans/AL/objectives/2/", "D1")],
)
def test_a_status_in_a_list_opens_how_it_was_computed(
    released: Released, address: str, code: str
) -> None:
    target = f"/plans/AL/indicators/{code}/"
    for suffix in ("", "?edition=AL-2026-Q2-1"):
        badges = seen(address + suffix).all("a", "badge-link")
        assert f"{target}{suffix}#computed" in {badge.attrs["href"] for badge in badges}
