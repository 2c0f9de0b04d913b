"""The lists of the public pages: rounded to read on the page, whole in the file."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from common.numbers import NBSP
from common.tables import Row, Table
from publishing.reading.insight import gaps, scorecards
from publishing.tables import (
    ActionTable,
    GapTable,
    IndicatorTable,
    InstitutionTable,
    StructureTable,
)
from tests.publishing import plain

Q1, Q2 = "2026-Q1", "2026-Q2"
D = Decimal
TABLES = (IndicatorTable, StructureTable, ActionTable, InstitutionTable, GapTable)

SHARE = plain.indicator(
    "P1",
    plain.target("90.123456"),
    who="MB MM",
    kind="percentage",
    unit={"en": "%"},
    source="Survey 2024",
    certainty="published",
)
NOW = plain.judged(
    "P1",
    Q2,
    "at_risk",
    "82.7273",
    target="90.123456",
    expected="85.5555",
    progress="0.6543",
    marks=["provisional", "stale"],
    coverage={"reported": 1, "expected": 2},
)
PARTS = plain.read(
    objectives=[plain.objective("1"), plain.objective("1.1", "1")],
    indicators=[
        SHARE,
        plain.indicator("Z1", plain.target("10")),
        plain.indicator("N1"),
        plain.indicator("S1", plain.target("25"), sensitivity="small_counts"),
        plain.indicator("X1", sensitivity="restricted"),
    ],
    assessments=[
        NOW,
        plain.judged("Z1", Q2, "off_track", "0", progress="0"),
        plain.judged("S1", Q2, "at_risk", "<10", target="25"),
        plain.judged("X1", Q2, "off_track"),
    ],
    actions=[
        plain.action(
            "A1", funding=("9000.5",), objective="1.1", supporting=["MB"], starts_on="2024-02-01"
        ),
        plain.action("A2", None),
    ],
    reports=[
        plain.report("MM", Q1),
        plain.report(
            "MM",
            Q2,
            plain.line("Z1", plain.silent()),
            actions=[plain.progress("A1", allocated="10", spent="700.25") | {"note": "Slow."}],
            was_late=True,
        ),
    ],
    missing=[plain.missing("MB", Q2)],
    institutions=[plain.institution(code) for code in ("MB", "MM", "SUP")],
)


def on_page(table: Table, code: str) -> dict[str, str]:
    """The row that begins with this code, as it reads, by its headings."""
    row = row_of(table, code)
    return {h.label: cell.text for h, cell in zip(table.headings, row.cells, strict=True)}


def row_of(table: Table, code: str) -> Row:
    return next(row for row in table.rows if row.cells[0].text.startswith(code))


def in_file(table: Table, number: int = 0) -> list[tuple[str, Any]]:
    sheet = table.sheet()
    row = list(sheet.rows)[number]
    return [(str(column.heading), column.value(row)) for column in sheet.columns]


def indicators(kind: type[IndicatorTable] = IndicatorTable, **more: Any) -> IndicatorTable:
    return kind(list(PARTS.indicators.values()), plan="AL", **more)


def actions(**more: Any) -> ActionTable:
    return ActionTable(list(PARTS.actions.values()), plan="AL", **more)


def institutions(**more: Any) -> InstitutionTable:
    return InstitutionTable(scorecards(PARTS), plan="AL", **more)


# Indicator, and what its row says on the page, in English and Albanian.
ROWS = [
    (
        "P1",
        f"P1 Title P1 | 82.7{NBSP}% | 90.1 | At risk | Provisional, Older value | 1 of 2, 2026 Q2",
        f"P1 Titulli P1 | 82,7{NBSP}% | 90,1 | Në rrezik | E përkohshme, Vlerë më e vjetër"
        " | 1 nga 2, 2026 T2",
    ),
    (
        "Z1",
        f"Z1 Title Z1 | 0{NBSP}persons | 10 | Off track |  | 1 of 1, 2026 Q2",
        f"Z1 Titulli Z1 | 0{NBSP}persona | 10 | Jashtë rrugës |  | 1 nga 1, 2026 T2",
    ),
    ("N1", "N1 Title N1 |  |  |  |  | ", "N1 Titulli N1 |  |  |  |  | "),
    (
        "S1",
        f"S1 Title S1 | <10{NBSP}persons | 25 | At risk |  | 1 of 1, 2026 Q2",
        f"S1 Titulli S1 | <10{NBSP}persona | 25 | Në rrezik |  | 1 nga 1, 2026 T2",
    ),
    (
        "X1",
        "X1 Title X1 | – |  | Off track |  | 1 of 1, 2026 Q2",
        "X1 Titulli X1 | – |  | Jashtë rrugës |  | 1 nga 1, 2026 T2",
    ),
]


@pytest.mark.parametrize(("code", "english", "albanian"), ROWS)
def test_an_indicator_reads_in_both_languages(code: str, english: str, albanian: str) -> None:
    with override("en"):
        assert " | ".join(on_page(indicators(), code).values()) == english
    with override("sq"):
        assert " | ".join(on_page(indicators(), code).values()) == albanian


def test_the_headings_of_the_page_are_few() -> None:
    with override("en"):
        headings = [heading.label for heading in indicators().headings]
    assert headings == ["Indicator", "Value", "Target", "Status", "Cautions", "Reported"]


def test_the_file_of_indicators_has_everything_unrounded() -> None:
    with override("en"):
        found = in_file(indicators())
    assert found == [
        ("Code", "P1"),
        ("Indicator", "Title P1"),
        ("Objective", "1"),
        ("Responsible", "Ministry MB, Ministry MM"),
        ("Unit", "%"),
        ("Status", "At risk"),
        ("Quarter", "2026 Q2"),
        ("Value", D("82.7273")),
        ("Expected", D("85.5555")),
        ("Baseline", D(0)),
        ("Target", D("90.123456")),
        ("Target date", date(2027, 12, 31)),
        ("Progress, %", D("65.4300")),
        ("Cautions", "Provisional, Older value"),
        ("Reported by", 1),
        ("Expected from", 2),
        ("Figures", "Public"),
        ("Certainty", "Published figure, not from the plan"),
        ("Source", "Survey 2024"),
    ]


@pytest.mark.parametrize(
    ("number", "value", "progress"),
    [(1, D(0), D(0)), (2, None, None), (3, "<10", None), (4, None, None)],
)
def test_the_file_keeps_zero_hidden_and_missing_apart(
    number: int, value: Any, progress: Any
) -> None:
    with override("en"):
        found = dict(in_file(indicators(), number))
    assert (found["Value"], found["Progress, %"]) == (value, progress)


def test_a_plan_without_an_edition_lists_its_indicators_without_results() -> None:
    with override("en"):
        table = indicators(StructureTable)
        assert on_page(table, "P1") == {
            "Indicator": "P1 Title P1",
            "Objective": "1",
            "Responsible": "Ministry MB, Ministry MM",
            "Unit": "%",
            "Certainty": "Published figure, not from the plan",
        }
        assert [heading for heading, _value in in_file(table)] == [
            *("Code", "Indicator", "Objective", "Responsible", "Unit", "Certainty", "Source")
        ]


def test_an_action_reads_with_its_money() -> None:
    with override("en"):
        assert on_page(actions(), "A1") == {
            "Action": "A1 Title A1",
            "Lead institution": "Ministry MM",
            "Status": "In progress",
            "Planned": f"9{NBSP}000.5",
            "Spent to date": "700.25",
        }
    with override("sq"):
        assert list(on_page(actions(), "A2").values()) == ["A2 Titulli A2", "", "", "", ""]


def test_the_file_of_actions_has_everything() -> None:
    with override("en"):
        assert in_file(actions()) == [
            ("Code", "A1"),
            ("Action", "Title A1"),
            ("Objective", "1.1"),
            ("Lead institution", "Ministry MM"),
            ("Supporting", "Ministry MB"),
            ("Starts on", date(2024, 2, 1)),
            ("Ends on", None),
            ("Status", "In progress"),
            ("Planned", D("9000.5")),
            ("Allocated to date", D(10)),
            ("Spent to date", D("700.25")),
            ("Comment", "Slow."),
            ("Certainty", "In the adopted plan"),
            ("Source", ""),
        ]
        assert dict(in_file(actions(), 1))["Comment"] is None


# Institution and how it reports: published, in time, the last quarter, flagged.
CARDS = [
    ("MM", "2 of 2", "1 of 2", "Published", False),
    ("MB", "0 of 1", "", "Not in this edition", True),
    ("SUP", "", "", "Owes no report", False),
]


@pytest.mark.parametrize(("code", "published", "in_time", "last", "flagged"), CARDS)
def test_an_institution_reads_with_how_it_reports(
    code: str, published: str, in_time: str, last: str, flagged: bool
) -> None:
    with override("en"):
        found = on_page(institutions(), f"Ministry {code}")
    assert (found["Code"], found["Reports published"]) == (code, published)
    assert (found["Of these in time"], found["Last quarter"]) == (in_time, last)
    assert row_of(institutions(), f"Ministry {code}").is_flagged is flagged


def test_an_institution_counts_what_it_carries() -> None:
    with override("en"):
        found = on_page(institutions(), "Ministry MM")
    assert (found["Indicators"], found["Actions led"]) == ("5", "1")


def gap_table(**more: Any) -> GapTable:
    return GapTable(gaps(PARTS, Q2), plan="AL", **more)


@pytest.mark.parametrize(
    ("language", "rows"),
    [
        (
            "en",
            [
                ("P1 Title P1", "Ministry MB", "", "The report is not in this edition."),
                ("Z1 Title Z1", "Ministry MM", "Not available", "No books."),
            ],
        ),
        (
            "sq",
            [
                ("P1 Titulli P1", "Ministry MB", "", "Raporti nuk është në këtë botim."),
                ("Z1 Titulli Z1", "Ministry MM", "E padisponueshme", "No books."),
            ],
        ),
    ],
)
def test_a_gap_says_what_is_missing_and_why(language: str, rows: list[tuple[str, ...]]) -> None:
    with override(language):
        assert [tuple(cell.text for cell in row) for row in gap_table().rows] == rows


# Each list, the code its first row leads to, and the address.
LINKS = [
    (indicators, "P1", "/plans/AL/indicators/P1/"),
    (actions, "A1", "/plans/AL/actions/A1/"),
    (institutions, "Ministry MB", "/plans/AL/institutions/MB/"),
    (gap_table, "Z1", "/plans/AL/indicators/Z1/"),
]


@pytest.mark.parametrize(("make", "code", "address"), LINKS)
def test_a_row_leads_to_its_page_and_stays_in_the_edition_asked_for(
    make: Any, code: str, address: str
) -> None:
    assert row_of(make(), code).cells[0].url == address
    asked = make(suffix="?edition=AL-2026-Q2-1")
    assert row_of(asked, code).cells[0].url == f"{address}?edition=AL-2026-Q2-1"


def test_without_a_plan_indicators_lead_nowhere() -> None:
    table = IndicatorTable(list(PARTS.indicators.values()))
    assert [cell.url for cell in row_of(table, "P1")] == [""] * 6


def test_a_link_of_one_table_is_not_left_in_the_next() -> None:
    first = institutions(suffix="?edition=AL-2026-Q1-1")
    assert row_of(institutions(), "Ministry MB").cells[0].url == "/plans/AL/institutions/MB/"
    assert row_of(first, "Ministry MB").cells[0].url.endswith("?edition=AL-2026-Q1-1")


def test_a_status_is_a_badge_with_an_icon_and_a_word() -> None:
    cell = row_of(indicators(), "P1").cells[3]
    badge: Any = cell.badge
    assert (badge.tone, badge.icon, cell.text) == ("attention", "warning", "At risk")


@pytest.mark.parametrize("kind", TABLES)
def test_every_heading_and_every_empty_list_is_told_in_albanian(kind: type[Table]) -> None:
    def texts(language: str) -> list[str]:
        with override(language):
            told = [kind.title, kind.empty_title, kind.empty_text]
            return [str(text) for text in (*told, *(c.heading for c in kind.columns)) if text]

    assert [pair for pair in zip(texts("en"), texts("sq"), strict=True) if pair[0] == pair[1]] == []


def test_the_gaps_are_only_on_the_page() -> None:
    assert [kind for kind in TABLES if not kind.can_export] == [GapTable]
