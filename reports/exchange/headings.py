"""What the sheets and columns of a report's workbook are called, in the active language."""

from django.utils.translation import gettext as _

from common.cells import Column
from reports.exchange.layout import INPUTS, SHOWN, Part


def title_of(part: Part) -> str:
    """The name of a sheet."""
    return {
        Part.REPORT: _("Report"),
        Part.ACTIONS: _("Actions and money"),
        Part.NARRATIVE: _("Narrative"),
        Part.REMARKS: _("Remarks"),
    }[part]


def note_of(part: Part) -> str:
    """The line of help above a sheet's headings."""
    return {
        Part.REPORT: _(
            "White cells are yours to fill in; yellow ones are still owed. Where there is no value,"
            " choose a state and give the reason."
        ),
        Part.ACTIONS: _(
            "How far each action is, and its money in this quarter; 0 is a number. Several sources"
            " are added up; a total alone needs a comment."
        ),
        Part.NARRATIVE: _("Write in the white cells; some sentences are enough."),
        Part.REMARKS: _("What the coalition wrote when it returned the report. Reply beside it."),
    }[part]


def _headings() -> dict[str, tuple[str, int]]:
    """Heading and width of every column."""
    return {
        "code": (_("Code"), 9),
        "title": (_("Title"), 38),
        "unit": (_("Unit"), 12),
        "cell": (_("Cell"), 18),
        "previous": (_("Last value"), 12),
        "previous_period": (_("Of"), 10),
        "target": (_("Target"), 11),
        "expected": (_("Expected now"), 11),
        "value": (_("Value"), 12),
        "numerator": (_("Numerator"), 12),
        "denominator": (_("Denominator"), 12),
        "text": (_("Text, or which ones"), 30),
        "state": (_("Value or why not"), 16),
        "reason": (_("Reason"), 26),
        "rating": (_("Your own rating"), 14),
        "rating_reason": (_("Why do you rate it so?"), 30),
        "note": (_("Comment"), 28),
        "planned": (_("Planned"), 14),
        "source": (_("Source of funds"), 24),
        "status": (_("How far is it?"), 16),
        "allocated": (_("Allocated"), 14),
        "spent": (_("Spent in the quarter"), 14),
        "question": (_("Question"), 44),
        "words": (_("Your text"), 100),
        "verdict": (_("Verdict"), 14),
        "remark": (_("Remark"), 60),
        "reply": (_("Your reply"), 60),
    }


def columns_of(part: Part) -> list[Column]:
    """The visible columns of a sheet, in their order."""
    known = _headings()
    return [
        Column(known[name][0], name, width=known[name][1]) for name in (*SHOWN[part], *INPUTS[part])
    ]


def heading_of(column: str) -> str:
    """What a column is called."""
    return _headings()[column][0]
