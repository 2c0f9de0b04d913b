"""The open data of an edition: one row for each observation, the same for every reader."""

import csv
from io import StringIO

import pytest

from common.csvfile import unescape
from reports.models import Observation
from tests.publishing.pages import ask
from tests.publishing.released import FORMULAS, Released
from tests.reports.exporting import body

pytestmark = pytest.mark.django_db

HEADING = [
    *("edition", "plan", "quarter", "indicator", "title_en", "title_sq", "institution", "cell"),
    *("state", "value", "numerator", "denominator", "unit_en", "sensitivity", "certainty"),
    *("text", "reason"),
]


def table(address: str = "AL-2026-Q3-1") -> list[dict[str, str]]:
    text = body(ask(f"/editions/{address}/data.csv")).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline="")))


# quarter, indicator, institution, cell, state, value, numerator, denominator
ROWS = """
2026-Q2 C1 MB - value 34 - -
2026-Q2 C1 MM - value 1200.5 - -
2026-Q3 C1 MM - value 4.25 - -
2026-Q2 D1 MM - value 70 - -
2026-Q3 D1 MM - value 50 - -
2026-Q2 H1 MM - value 3 - -
2026-Q2 N1 MM - value 12 - -
2026-Q3 N1 MM - not_available - - -
2026-Q2 P1 MB - value 90 90 100
2026-Q2 P1 MM - value 10 1 10
2026-Q3 P1 MM - value 77.7778 7 9
2026-Q2 S1 MM - value 71845 - -
2026-Q2 S1 MM sex=f value 71840 - -
2026-Q2 S1 MM sex=m value <10 - -
2026-Q3 S1 MM - value 71845 - -
2026-Q3 S1 MM sex=f value 71840 - -
2026-Q3 S1 MM sex=m value <10 - -
2026-Q2 T1 MM - value - - -
2026-Q3 T1 MM - value - - -
2026-Q2 W1 MB - value 9 - -
2026-Q2 Z1 MM - value 0 - -
2026-Q3 Z1 MM - value 0 - -
""".strip().splitlines()


def _short(row: dict[str, str]) -> str:
    names = ("quarter", "indicator", "institution", "cell", "state")
    figures = ("value", "numerator", "denominator")
    return " ".join(row[name] or "-" for name in (*names, *figures))


def test_it_has_every_row_in_a_fixed_order(released: Released) -> None:
    assert [_short(row) for row in table()] == ROWS


def test_an_older_edition_has_the_rows_it_was_published_with(released: Released) -> None:
    found = [_short(row) for row in table("AL-2026-Q2-1")]
    assert found == [row for row in ROWS if row.startswith("2026-Q2")]
    assert {row["edition"] for row in table("AL-2026-Q2-1")} == {"AL-2026-Q2-1"}


def test_the_columns_have_their_names_in_every_language(released: Released) -> None:
    assert list(table()[0]) == HEADING
    assert ask("/editions/AL-2026-Q3-1/data.csv", "sq").content == (
        ask("/editions/AL-2026-Q3-1/data.csv", "en").content
    )


def test_each_public_row_is_an_observation_of_the_database(released: Released) -> None:
    told = Observation.objects.filter(line__report__status="published").exclude(
        line__indicator__sensitivity="small_counts"
    )
    open_rows = told.exclude(line__indicator__sensitivity="restricted").select_related(
        "line__report__institution", "line__report__period", "line__indicator"
    )
    stored = {
        (o.line.report.period.code, o.line.indicator.code, o.line.report.institution.code): o
        for o in open_rows
    }
    rows = [row for row in table() if row["sensitivity"] == "public"]
    assert len(rows) == len(stored) == 16
    for row in rows:
        found = stored[row["quarter"], row["indicator"], row["institution"]]
        assert row["state"] == found.state
        assert unescape(row["text"]) == found.text
        assert row["reason"] == found.reason
        figure = found.figure
        assert row["value"] == ("" if figure is None else f"{round(float(figure), 4):g}")


def test_what_the_row_is_about_is_told_in_words_too(released: Released) -> None:
    first, *_rest, last = table()
    about = ("edition", "plan", "title_en", "title_sq", "unit_en", "sensitivity", "certainty")
    assert [first[name] for name in about] == [
        *("AL-2026-Q3-1", "AL", "Indicator C1", "Treguesi C1", "persons", "public", "adopted")
    ]
    assert (last["title_en"], last["title_sq"]) == ("'=Offices", "'=Zyra")
    assert {row["certainty"] for row in table() if row["indicator"] == "D1"} == {"unverified"}


def test_no_row_of_a_restricted_indicator_is_there(released: Released) -> None:
    assert Observation.objects.filter(line__indicator__code="R1").count() == 3 - 1
    assert [row for row in table() if row["indicator"] == "R1"] == []


@pytest.mark.parametrize("text", [*FORMULAS, "'=1", "''@x"])
def test_a_text_that_a_sheet_would_run_is_made_harmless_and_comes_back(
    released: Released, text: str
) -> None:
    from common.canonical import canonical, sha256
    from publishing.models import Edition

    old = canonical("No survey was held.").strip('"')
    snapshot = released.newest.snapshot.replace(old, canonical(text).strip('"'))
    Edition.objects.filter(pk=released.newest.pk).update(snapshot=snapshot, sha256=sha256(snapshot))
    [told] = {row["reason"] for row in table() if row["reason"]}
    assert told == f"'{text}"
    assert unescape(told) == text


def test_it_opens_in_excel_and_every_line_has_as_many_cells(released: Released) -> None:
    data = body(ask("/editions/AL-2026-Q3-1/data.csv"))
    assert data.startswith(b"\xef\xbb\xbfedition,plan,quarter,")
    assert data.endswith(b"\r\n")
    lines = list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))
    assert {len(line) for line in lines} == {len(HEADING)}
    assert len(lines) == len(ROWS) + 1


def test_numbers_have_a_point_whatever_the_reader_speaks(released: Released) -> None:
    text = ask("/editions/AL-2026-Q3-1/data.csv", "sq").content.decode()
    assert ",1200.5,," in text
    assert "1200,5" not in text
