"""The workbook of an edition: the page's figures whole, in the language of who asked."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from pytest_django.plugin import DjangoDbBlocker
from python_calamine import CalamineWorkbook

from indicators.choices import Sensitivity
from indicators.models import Indicator
from publishing.models import Edition
from reports.models import ActionProgress, Observation
from tests.publishing.pages import ask, page_of
from tests.publishing.released import FORMULAS, NOTE, Released
from tests.reports.exporting import body, everything

pytestmark = pytest.mark.django_db

Table = list[list[Any]]
ADDRESS = "/editions/AL-2026-Q3-1/workbook.xlsx"
LAST_DAY = datetime(2027, 12, 31)


@pytest.fixture(scope="module")
def files(released: Released, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, bytes]]:
    with django_db_blocker.unblock():
        yield {language: body(ask(ADDRESS, language)) for language in ("en", "sq")}


def sheet(data: bytes, title: str) -> Worksheet:
    return load_workbook(BytesIO(data))[title]


def cells(data: bytes, title: str) -> Table:
    return [[cell.value for cell in row] for row in sheet(data, title).iter_rows()]


TITLES = {
    "en": [
        *("Summary", "Indicators", "Values by cell", "Actions and money", "Narrative", "Ratings"),
    ],
    "sq": [
        *("Përmbledhje", "Treguesit", "Vlerat sipas qelizave", "Masat dhe paratë"),
        *("Pjesa përshkruese", "Vlerësimet"),
    ],
}


@pytest.mark.parametrize("language", TITLES)
def test_the_sheets_are_named_in_the_readers_language(
    files: dict[str, bytes], language: str
) -> None:
    assert load_workbook(BytesIO(files[language])).sheetnames == TITLES[language]
    assert CalamineWorkbook.from_filelike(BytesIO(files[language])).sheet_names == TITLES[language]


def test_the_summary_says_what_the_edition_is(files: dict[str, bytes], released: Released) -> None:
    assert cells(files["en"], "Summary") == [
        ["What", "Value"],
        ["Plan", "Plan AL"],
        ["Edition", "AL-2026-Q3-1"],
        ["Quarter", "2026 Q3"],
        ["Published", datetime(2026, 11, 10, 11, 30)],
        ["SHA-256 of the data", released.newest.sha256],
        ["Head of the log", released.newest.audit_head],
        ["Rules of computation", "1"],
        ["Indicators", 10],
        *(["Achieved", 1], ["Target met", 0], ["On track", 0], ["At risk", 1], ["Off track", 2]),
        *(["Target not met", 1], ["Regressing", 0], ["Reported, not rated", 3], ["No data", 1]),
        *(["Not available", 1], ["Not applicable", 0], ["Not due yet", 0]),
        ["Report missing", "Ministry of Interior"],
        ["Report missing", "Ministry of Culture"],
        ["Note of the edition", NOTE],
    ]


STANDS: list[list[object]] = [
    ["C1", "Indicator C1", "Off track", "2026 Q3", 1238.75, 3434.9315, 0, 5000, LAST_DAY, 24.78],
    ["D1", "Indicator D1", "At risk", "2026 Q3", 50, 45.0411, 100, 20, LAST_DAY, 62.5],
    ["H1", "Indicator H1", "Reported, not rated", "2026 Q2", 3, None, 0, None, None, None],
    ["N1", "Indicator N1", "Not available", "2026 Q3", 12, None, 0, None, None, None],
    ["P1", "Indicator P1", "Target not met", "2026 Q3", 88.9908, None, None, 90, LAST_DAY, None],
    ["R1", "Indicator R1", "Reported, not rated", "2026 Q3", None, None, 0, None, None, None],
    ["S1", "Indicator S1", "Achieved", "2026 Q3", 143685, 61830, 0, 90000, LAST_DAY, None],
    ["T1", "Indicator T1", "Reported, not rated", "2026 Q3", None, None, 0, None, None, None],
    ["W1", "Indicator W1", "No data", "2026 Q3", 9, 27.4795, 0, 40, LAST_DAY, None],
    ["Z1", "=Offices", "Off track", "2026 Q3", 0, 6.8699, 0, 10, LAST_DAY, 0],
]


def test_every_indicator_stands_with_its_whole_figures(files: dict[str, bytes]) -> None:
    _heading, *rows = cells(files["en"], "Indicators")
    shown = [[*row[:2], row[5], *row[6:13]] for row in rows]
    assert shown == STANDS


def test_the_sheet_of_indicators_is_the_page_unrounded(files: dict[str, bytes]) -> None:
    page = page_of("/plans/AL/indicators/").table("Indicators")[1:]
    rows = cells(files["en"], "Indicators")[1:]
    for shown, row in zip(page, rows, strict=True):
        assert shown[0] == f"{row[0]} {row[1]}"
        assert shown[3:5] == [row[5], row[13] or "–"]
        assert shown[5] == f"{row[14]} of {row[15]}, {row[6]}"
        figure = shown[1].split("~persons")[0].removesuffix("~%").replace("~", "")
        places = Decimal("0.1") if row[4] == "%" else Decimal("0.01")
        expected = "–" if row[7] is None else str(Decimal(str(row[7])).quantize(places).normalize())
        assert Decimal(figure) == Decimal(expected) if row[7] is not None else figure == "–"


def test_every_published_observation_is_that_of_the_database(files: dict[str, bytes]) -> None:
    told = Observation.objects.filter(line__report__status="published").select_related(
        "line__indicator", "line__report__institution", "line__report__period"
    )
    expected = {
        (
            *(o.line.indicator.code, str(o.line.report.institution), str(o.line.report.period)),
            *(o.figure and round(float(o.figure), 4), o.numerator, o.denominator),
            *(o.text or None, o.reason or None, o.line.note or None),
        )
        for o in told
        if o.line.indicator.sensitivity == Sensitivity.PUBLIC
    }
    _heading, *rows = cells(files["en"], "Values by cell")
    shown = {(row[0], row[2], row[3], *row[6:9], *row[10:13]) for row in rows if row[0] != "S1"}
    assert shown == expected
    assert len(rows) == len(expected) + 6


def test_protected_cells_are_protected_here_too(files: dict[str, bytes]) -> None:
    rows = [row for row in cells(files["en"], "Values by cell") if row[0] in ("S1", "R1")]
    assert [[row[3], row[4], row[6]] for row in rows] == [
        [quarter, cell, figure]
        for quarter in ("2026 Q2", "2026 Q3")
        for cell, figure in (("Total", 71845), ("F", 71840), ("M", "<10"))
    ]


def test_money_is_that_of_the_database(files: dict[str, bytes]) -> None:
    official = ActionProgress.objects.filter(report__status="published").order_by(
        "action__code", "report__period__quarter"
    )
    expected = [
        [p.action.code, str(p.report.period), p.allocated, p.spent, p.note.replace("\r", "_x000D_")]
        for p in official.select_related("action", "report__period")
    ]
    rows = cells(files["en"], "Actions and money")[1:]
    assert [[row[0], row[4], row[7], row[8], row[9] or ""] for row in rows] == expected
    assert [row[6] for row in rows] == [2500000.5, 2500000.5, None]
    assert [row[5] for row in rows] == ["In progress", "Done", "Not started"]


def test_the_words_of_the_ministries_are_whole(files: dict[str, bytes]) -> None:
    heading, *rows = cells(files["en"], "Narrative")
    assert heading == [
        *("Institution", "Quarter", "What was done", "Reasons for gaps", "Challenges"),
        *("Lessons", "Next steps"),
    ]
    words = "Train the army.\nThen the police."
    assert rows == [
        ["Ministry of Interior", "2026 Q2", "=Done in Q2", None, None, None, words],
        ["Ministry of Defence", "2026 Q2", "=Done in Q2", None, None, None, words],
        ["Ministry of Defence", "2026 Q3", "=Done in Q3", None, None, None, words],
    ]


RATED = {
    ("C1", "2026 Q3"): [
        *("Off track", "On track", "As planned.", "Off track"),
        *("Half of the offices were not counted.", "Yes"),
    ],
    ("D1", "2026 Q3"): ["At risk", "At risk", "-1 since spring", "At risk", "@all", "No"],
    ("R1", "2026 Q2"): ["Reported, not rated", "On track", "As planned.", None, None, "No"],
}


def test_the_three_views_stand_side_by_side(files: dict[str, bytes]) -> None:
    rows = cells(files["en"], "Ratings")[1:]
    shown = {(row[0], row[3]): row[4:] for row in rows if row[2] == "Ministry of Defence"}
    assert {key: shown[key] for key in RATED} == RATED
    assert len(rows) == 20


def test_numbers_are_numbers_and_days_are_days_for_both_readers(files: dict[str, bytes]) -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(files["en"]))
    first = book.get_sheet_by_name("Indicators").to_python()[1]
    assert first[7:13] == [1238.75, 3434.9315, 0.0, 5000.0, date(2027, 12, 31), 24.78]
    assert book.get_sheet_by_name("Summary").to_python()[4][1] == datetime(2026, 11, 10, 11, 30)
    types = [cell.data_type for cell in sheet(files["en"], "Indicators")[2]]
    assert "".join(types) == "sssssssnnnndnsnnssn"


FORMATS = {
    ("en", "Indicators", "H2"): "#,##0.####",
    ("en", "Indicators", "K2"): "#,##0",
    ("en", "Indicators", "L2"): "d mmm yyyy",
    ("sq", "Treguesit", "L2"): "dd.mm.yyyy",
    ("en", "Indicators", "O2"): "#,##0",
    ("en", "Actions and money", "G2"): "#,##0.00",
    ("en", "Summary", "B5"): "d mmm yyyy hh:mm",
    ("sq", "Përmbledhje", "B5"): "dd.mm.yyyy hh:mm",
}


@pytest.mark.parametrize("place", FORMATS, ids="-".join)
def test_the_shape_of_a_number_is_set_and_its_value_is_not(
    files: dict[str, bytes], place: tuple[str, str, str]
) -> None:
    language, title, cell = place
    assert sheet(files[language], title)[cell].number_format == FORMATS[place]


def test_no_text_is_a_formula_and_each_carries_the_quote(files: dict[str, bytes]) -> None:
    book = load_workbook(BytesIO(files["en"]))
    texts = [c for page in book for row in page.iter_rows() for c in row if c.data_type == "s"]
    assert {cell.quotePrefix for cell in texts if cell.row > 1} == {True}
    risky = {str(cell.value) for cell in texts if str(cell.value)[0] in "=+-@\t_"}
    written = [text.replace("\r", "_x000D_") for text in FORMULAS]
    assert risky == {*written, "=Offices", "=Done in Q2", "=Done in Q3"}
    assert not re.search(r"<(\w+:)?f[\s/>]", everything(files["en"]))


A4, A3 = 9, 8
WIDE = {"Summary": 34, "Indicators": 9, "Values by cell": 10, "Narrative": 28, "Ratings": 10}


def test_every_sheet_can_be_read_filtered_and_printed(files: dict[str, bytes]) -> None:
    for page in load_workbook(BytesIO(files["en"])):
        assert page.freeze_panes == "A2", page.title
        assert page.auto_filter.ref == page.dimensions, page.title
        assert page.print_title_rows == "$1:$1"
        assert page.page_setup.orientation == "landscape"
        assert page.page_setup.paperSize == (A4 if page.title == "Summary" else A3), page.title
        assert page.sheet_properties.pageSetUpPr.fitToPage is True
        assert page.page_setup.fitToHeight == 0
        assert page.oddFooter.left.text == page.title
        assert page.oddFooter.right.text == "Page &P of &N"
        assert all(cell.font.b for cell in page[1])
        widths = [round(page.column_dimensions[c.column_letter].width) for c in page[1]]
        assert min(widths) >= 9
        assert abs(widths[0] - WIDE.get(page.title, 10)) <= 1


def test_in_albanian_only_the_words_differ(files: dict[str, bytes]) -> None:
    english, albanian = (load_workbook(BytesIO(files[tongue])) for tongue in ("en", "sq"))
    for one, other in zip(english, albanian, strict=True):
        assert one.dimensions == other.dimensions
        for left, right in zip(one.iter_rows(), other.iter_rows(), strict=True):
            kinds = [(cell.data_type, cell.coordinate) for cell in left]
            assert kinds == [(cell.data_type, cell.coordinate) for cell in right]
            numbers = [cell.value for cell in left if cell.data_type in "nd"]
            assert numbers == [cell.value for cell in right if cell.data_type in "nd"]


ALBANIAN = {
    "B2": "Plani AL",
    "A3": "Botimi",
    "B4": "2026 T3",
    "A7": "Kreu i regjistrit",
    "A10": "Arritur",
    "B22": "Ministria e Brendshme",
}


def test_in_albanian_the_words_are_albanian(files: dict[str, bytes]) -> None:
    page = sheet(files["sq"], "Përmbledhje")
    assert {place: page[place].value for place in ALBANIAN} == ALBANIAN
    first = cells(files["sq"], "Treguesit")[1]
    assert first[:7] == [
        *("C1", "Treguesi C1", "1.1", "Ministria e Brendshme, Ministria e Mbrojtjes"),
        *("persona", "Jashtë rrugës", "2026 T3"),
    ]


def test_the_file_says_what_it_is_and_dates_from_the_publication(
    files: dict[str, bytes], released: Released
) -> None:
    told = load_workbook(BytesIO(files["en"])).properties
    assert (told.title, told.description) == (
        "Plan AL · AL-2026-Q3-1",
        f"SHA-256 {released.newest.sha256}",
    )
    assert told.created == datetime(2026, 11, 10, 11, 30)
    with zipfile.ZipFile(BytesIO(files["en"])) as archive:
        assert {info.date_time[0] for info in archive.infolist()} == {1980}


def test_an_older_edition_has_a_workbook_of_its_own_quarter(released: Released) -> None:
    data = body(ask("/editions/AL-2026-Q2-1/workbook.xlsx"))
    assert {row[3] for row in cells(data, "Values by cell")[1:]} == {"2026 Q2"}
    assert cells(data, "Indicators")[1][7:9] == [1234.5, 3119.863]
    assert ["Report missing", "Ministry of Culture"] in cells(data, "Summary")


def test_a_demonstration_says_so_in_the_file(released: Released) -> None:
    from common.canonical import sha256

    text = released.newest.snapshot.replace('"is_demonstration":false', '"is_demonstration":true')
    Edition.objects.filter(pk=released.newest.pk).update(snapshot=text, sha256=sha256(text))
    assert cells(body(ask(ADDRESS)), "Summary")[2] == ["Note", "Demonstration: invented figures."]


def test_a_text_longer_than_a_cell_is_cut_and_says_so(released: Released) -> None:
    from common.canonical import sha256

    text = released.newest.snapshot.replace("As planned.", "ë" * 40_000)
    Edition.objects.filter(pk=released.newest.pk).update(snapshot=text, sha256=sha256(text))
    told = str(cells(body(ask(ADDRESS)), "Ratings")[3][6])
    assert len(told) <= 32_767
    assert told.endswith("… [cut here: the text has 40000 characters]")


def test_renaming_after_publication_does_not_reach_the_file(
    files: dict[str, bytes], released: Released
) -> None:
    Indicator.objects.update(title_en="Renamed", unit_en="cats")
    assert body(ask(ADDRESS)) == files["en"]
