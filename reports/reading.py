"""A report as a page to read: every figure in words, for the person who reads."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from reports.choices import ActionStatus, RatingValue
from reports.models import Line, Narrative, Report
from reports.money import money_rows
from reports.queries import CellView, LineView, line_views
from reports.review_figures import figure_of, shown_number
from reports.rules import Person


@dataclass(frozen=True)
class ReadRow:
    """One cell in words."""

    label: str
    previous: str
    target: str
    text: str
    note: str


@dataclass(frozen=True)
class ReadLine:
    """One indicator in words. Where its figures are hidden, so is what was written about them."""

    line: Line
    hidden: bool
    rows: list[ReadRow] = field(default_factory=list)
    rating: RatingValue | None = None
    rating_reason: str = ""


def _row(line: Line, view: CellView, is_only: bool) -> ReadRow:
    now, before = figure_of(line.indicator, view.now), figure_of(line.indicator, view.previous)
    return ReadRow(
        label=_("Value") if is_only else view.cell.label,
        previous=before.text if before else "–",
        target=shown_number(line.indicator, view.target.value if view.target else None),
        text=now.text if now else "–",
        note=now.note if now else "",
    )


def _line(view: LineView) -> ReadLine:
    rating = view.ministry_rating
    return ReadLine(
        line=view.line,
        hidden=view.hidden,
        rows=[_row(view.line, cell, len(view.cells) == 1) for cell in view.cells],
        rating=RatingValue(rating.value) if rating else None,
        rating_reason=rating.reason if rating and not view.hidden else "",
    )


def read_lines(report: Report, user: Person) -> list[ReadLine]:
    """The indicators of a report, as this person may read them."""
    return [_line(view) for view in line_views(report, user, _("Total"))]


def read_actions(report: Report) -> list[dict[str, object]]:
    """The actions with their status as a badge, and their money by source where it is told."""
    rows = report.actions.select_related("action")
    money = money_rows([report])
    return [
        {
            "row": row,
            "state": ActionStatus(row.status) if row.status else None,
            "money": money.get(row.pk, []),
        }
        for row in rows
    ]


def read_narrative(report: Report) -> list[tuple[str, str]]:
    """The words under their headings."""
    narrative = Narrative.objects.get(report=report)
    return [
        (str(Narrative._meta.get_field(name).verbose_name).capitalize(), getattr(narrative, name))  # type: ignore[union-attr]
        for name in Narrative.FIELDS
    ]
