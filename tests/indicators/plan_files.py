"""A small plan of every sheet, written as a folder or as a workbook, to be broken in tests."""

import csv
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from common.workbook import Column, Properties, Sheet, write_workbook

Rows = list[dict[str, str]]
Sheets = dict[str, Rows]

_TABLES = {
    "frameworks": """
        code | title_en | title_sq | source
        unscr | Resolutions | Rezoluta | un.org
    """,
    "framework_items": """
        framework | code | parent | title_en | title_sq | adopted_on | certainty | order
        unscr | 1325 | | Women and peace | Gratë dhe paqja | 2000-10-31 | found | 1
        unscr | 1820 | 1325 | Sexual violence | Dhuna seksuale | 2008-06-19 | unverified | 2
    """,
    "plan": """
        code | country | title_en | title_sq | languages | starts_on | ends_on | cadence
        T1 | AL | A plan | Një plan | sq;en | 2024-01-01 | 2027-12-31 | quarterly
    """,
    "levels": """
        depth | name_en | name_sq
        0 | Area | Fushë
        1 | Objective | Objektiv
    """,
    "institutions": """
        code | name_en | name_sq | kind | aliases
        MM | Ministry of Defence | Ministria e Mbrojtjes | ministry | MoD;Mbrojtja
        MB | Ministry of Interior | Ministria e Brendshme | ministry |
    """,
    "objectives": """
        code | parent | title_en | title_sq | frameworks
        1 | | Participation | Pjesëmarrja | unscr:1325
        1.1 | 1 | More women in service | Më shumë gra në shërbim |
        1.1.1 | 1.1 | Officers | Oficeret |
    """,
    "actions": """
        code | objective | title_en | title_sq | lead | supporting | starts_on | ends_on
        A1 | 1.1 | A campaign | Një fushatë | MM | MB | 2024-03-01 | 2026-12-31
        A2 | 1.1 | A course | Një kurs | MB | | 2024-03-01 |
    """,
    "funding": """
        action | source | planned
        A1 | State budget | 1200000.50
        A1 | Unfunded | 300000
    """,
    "dimensions": """
        code | title_en | title_sq | total_rule
        sex | Sex | Gjinia | entered
        age | Age | Mosha | open
    """,
    "categories": """
        dimension | code | title_en | title_sq | order
        sex | f | Women | Gra | 1
        sex | m | Men | Burra | 2
        age | u25 | Under 25 | Nën 25 vjeç | 1
        age | o25 | 25 and over | 25 vjeç e lart | 2
    """,
    "indicators": """
        code | objective | action | title_en | title_sq | kind | direction | value_meaning \
            | over_time | over_units | baseline_state | baseline_value | baseline_numerator \
            | baseline_denominator | baseline_date | floor | ceiling | responsible | dimensions \
            | cell_layout | frameworks
        I1 | 1.1 | A1 | Women trained | Gra të trajnuara | count | increase | in_period \
            | sum | sum | zero | | | | | 0 | | MM;MB | sex;age \
            | crossed | unscr:1325;unscr:1820
        I2 | 1.1.1 | | Women among officers | Gratë mes oficerëve | percentage | increase \
            | snapshot | latest | ratio_of_sums | known | | 341 | 1747 | 2020-01-01 | 0 | 100 \
            | MM | | |
        I3 | 1.1 | | Days | Ditë | count | decrease | snapshot | latest | mean | known | 12.5 | | \
            | 2024-01-01 | | | MB | sex | separate |
        I4 | 1.1 | | Officers trained | Oficere të trajnuara | count | increase | in_period \
            | sum | sum | zero | | | | | 0 | | MM | | |
    """,
    "targets": """
        indicator | cell | as_of | value | version | reason
        I1 | | 2025-12-31 | 100 | |
        I1 | | 2025-12-31 | 80 | 2 | Less money
        I1 | sex=f;age=u25 | 2025-12-31 | 40 | 1 |
        I3 | sex=f | 2026-12-31 | 6.5 | 1 |
    """,
    "consistency": """
        code | left | relation | right | severity | explanation_en | explanation_sq | is_active
        R1 | I4 | at_most | I1 | error | Officers are some of all | Oficeret janë pjesë | yes
    """,
}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBER = re.compile(r"\d+(\.\d+)?")


def sheets() -> Sheets:
    """The small plan: rows of texts by heading, to be changed at will."""
    return {name: _rows(table) for name, table in _TABLES.items()}


def _rows(table: str) -> Rows:
    lines = [line.strip() for line in table.strip().splitlines()]
    headings, *rows = [[cell.strip() for cell in f"{line} ".split("|")] for line in lines]
    assert all(len(row) == len(headings) for row in rows), table
    return [dict(zip(headings, row)) for row in rows]


def write_folder(folder: Path, content: Sheets) -> Path:
    """One CSV file for each sheet; the headings are those of the first row."""
    folder.mkdir(exist_ok=True)
    for name, rows in content.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def read_folder(folder: Path) -> Sheets:
    """What a folder of CSV files says."""
    content = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            content[path.stem] = list(csv.DictReader(file))
    return content


def write_book(path: Path, content: Sheets) -> Path:
    """One worksheet for each sheet, numbers and dates as a sheet program keeps them."""
    book = [
        Sheet(name, [Column(heading, _typed(heading)) for heading in rows[0]], rows)
        for name, rows in content.items()
    ]
    about = Properties("Plan", created=datetime(2026, 1, 1, tzinfo=UTC))
    with write_workbook(book, properties=about) as file:
        path.write_bytes(file.read())
    return path


def _typed(heading: str):
    def get(row: dict[str, str]) -> str | date | Decimal:
        text = row[heading]
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        if _NUMBER.fullmatch(text) and str(Decimal(text)) == text and heading not in CODES:
            return Decimal(text)
        return text

    return get


CODES = {"code", "parent", "objective", "action"}
"""Columns that a person formats as text, so that 1.10 does not become 1.1."""
