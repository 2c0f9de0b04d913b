"""What stands where in a report's workbook: the same for who writes it and who reads it back.

Each sheet for filling in begins with a hidden row of column keys, whose first cell is the tag, and
each of its rows carries a hidden key. So columns may be moved and rows sorted: only the keys count,
and they are the same in every language.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, unquote

LAYOUT = "2"
"""Grows when a column gets another meaning; a workbook of another layout is refused."""

TAG_ROW, NOTE_ROW, HEADING_ROW, FIRST_ROW = 0, 1, 2, 3
"""Counted from zero: the hidden keys, a line of help, the headings, the first row of content."""

_MARK = "nap-report"


class Part(StrEnum):
    """The sheets that are filled in; a README comes before them."""

    REPORT = "report"
    ACTIONS = "actions"
    NARRATIVE = "narrative"
    REMARKS = "remarks"


KEY = "key"
"""The column of the row's key, hidden; its place in the row of column keys holds the tag."""

INPUTS: dict[Part, tuple[str, ...]] = {
    Part.REPORT: (
        "value",
        "numerator",
        "denominator",
        "text",
        "state",
        "reason",
        "rating",
        "rating_reason",
        "note",
    ),
    Part.ACTIONS: ("status", "allocated", "spent", "note"),
    Part.NARRATIVE: ("words",),
    Part.REMARKS: ("reply",),
}
"""The columns a person fills in. Of an indicator, rating, rating_reason and note stand in the row
of its first owed cell only."""

SHOWN: dict[Part, tuple[str, ...]] = {
    Part.REPORT: (
        "code",
        "title",
        "unit",
        "cell",
        "previous",
        "previous_period",
        "target",
        "expected",
    ),
    Part.ACTIONS: ("code", "title", "source", "planned"),
    Part.NARRATIVE: ("question",),
    Part.REMARKS: ("code", "title", "verdict", "remark"),
}
"""The locked columns, for reading only; they stand before the inputs."""


@dataclass(frozen=True)
class Tag:
    """Which report a workbook is of, at which revision, and in which language it is written."""

    plan: str
    period: str
    institution: str
    report: int
    revision: int
    language: str
    layout: str = LAYOUT

    def written(self) -> str:
        """As it stands in the hidden cell."""
        values = (self.plan, self.period, self.institution, self.report, self.revision)
        safe = (quote(str(value), safe="") for value in values)
        return "|".join((_MARK, self.layout, self.language, *safe))


def read_tag(text: object) -> Tag | None:
    """The tag that was written; None for anything else."""
    if not isinstance(text, str) or not text.startswith(f"{_MARK}|"):
        return None
    parts = text.split("|")
    if len(parts) != 8 or not (_is_number(parts[6]) and _is_number(parts[7])):
        return None
    _mark, layout, language, plan, period, institution, report, revision = parts
    plan, period, institution = map(unquote, (plan, period, institution))
    return Tag(plan, period, institution, int(report), int(revision), language, layout)


@dataclass(frozen=True)
class RowKey:
    """Which row it is: the section's name and version, and of an indicator the cell.

    `section` is "line-12", "action-3", "narrative" or "remark-7", as in the form; `cell` is a
    canonical cell key ("" for the total), the field of the narrative ("done"), or of an action the
    quoted source of funds ("" for the action itself).
    """

    section: str
    version: int
    cell: str = ""

    def written(self) -> str:
        """As it stands in the hidden column."""
        return f"{self.section}|{self.version}|{self.cell}"


def read_key(text: object) -> RowKey | None:
    """The key that was written; None for anything else."""
    if not isinstance(text, str) or text.count("|") != 2:
        return None
    section, version, cell = text.split("|")
    return RowKey(section, int(version), cell) if section and _is_number(version) else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
