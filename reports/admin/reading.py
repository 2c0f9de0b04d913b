"""A report to read: live for its own people and the secretariat, as submitted for others."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from indicators.models import Indicator
from reports.choices import ActionStatus, RatingValue, Verdict
from reports.content import content_of
from reports.models import Narrative, Report
from reports.money import told_of
from reports.queries import LineView, line_views
from reports.review_figures import Figure, figure_of, shown_number
from reports.rules import Person, sees_live

Content = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One cell as text."""

    label: str
    now: Figure | None
    previous: Figure | None
    target: str
    expected: str


@dataclass(frozen=True)
class LineRead:
    """One indicator as text. Nothing of a hidden one but its name."""

    view: LineView
    rows: list[Row]
    note: str
    rating: RatingValue | None
    rating_reason: str
    coalition: RatingValue | None
    said: list[tuple[Verdict, str]]

    @property
    def indicator(self) -> Indicator:
        return self.view.indicator


@dataclass(frozen=True)
class ActionRead:
    """One action as text."""

    title: str
    status: ActionStatus | None
    allocated: Decimal | None
    spent: Decimal | None
    note: str
    money: Mapping[str, tuple[Decimal | None, Decimal | None]]


def _content(report: Report, user: Person) -> Content:
    """What is being typed, or the last submitted revision; nothing before the first."""
    if sees_live(user, report):
        text = content_of(report)
    else:
        revision = report.revisions.filter(number=report.revision).first()
        text = revision.content if revision else "{}"
    return json.loads(text)


def _line(view: LineView, content: Content) -> LineRead:
    indicator, rated = view.indicator, content.get("rating") or {}
    rows = [
        Row(
            cell.cell.label,
            figure_of(indicator, cell.now),
            figure_of(indicator, cell.previous),
            shown_number(indicator, cell.target.value if cell.target else None),
            shown_number(indicator, cell.expected),
        )
        for cell in view.cells
    ]
    theirs = view.coalition_rating
    return LineRead(
        view,
        rows,
        "" if view.hidden else content.get("note", ""),
        RatingValue(rated["value"]) if rated else None,
        "" if view.hidden else rated.get("reason", ""),
        RatingValue(theirs.value) if theirs and not view.hidden else None,
        [(Verdict(remark.verdict), remark.text) for remark in view.remarks],
    )


def _action(row: Content, titles: dict[str, str]) -> ActionRead:
    told = told_of(row)
    return ActionRead(
        titles.get(str(row["action"]), str(row["action"])),
        ActionStatus(row["status"]) if row["status"] else None,
        told.allocated,
        told.spent,
        row["note"],
        told.by_source,
    )


def read(report: Report, user: Person) -> dict[str, Any]:
    """Everything this person may read of a report, for the page."""
    content = _content(report, user)
    lines = {line["indicator"]: line for line in content.get("lines", [])}
    views = line_views(report, user, _("Total"))
    titles = {row.action.code: str(row.action) for row in report.actions.select_related("action")}
    words = content.get("narrative", {})
    labels = [(n, Narrative._meta.get_field(n).verbose_name) for n in Narrative.FIELDS]  # type: ignore[union-attr]
    return {
        "lines": [_line(view, lines.get(view.indicator.code, {})) for view in views],
        "actions": [_action(row, titles) for row in content.get("actions", [])],
        "words": [(label, words.get(name, "")) for name, label in labels],
    }
