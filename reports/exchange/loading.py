"""Everything of a report that its workbook holds, read once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import override

from reports.exchange.layout import Part
from reports.exchange.rows import Row, action_rows, line_rows, narrative_rows, remark_row
from reports.forms.pages import last_return, narrative_of
from reports.models import ActionProgress, Line, Narrative, Observation, Remark, Report
from reports.money import Told, earlier_money
from reports.queries import actions_for_form, lines_for_form, previous_figures


@dataclass(frozen=True)
class Sections:
    """Everything of a report that its workbook holds, read once.

    Queries: a fixed number, whatever the number of lines and cells.
    """

    lines: list[Line]
    actions: list[ActionProgress]
    narrative: Narrative
    remarks: list[Remark]
    previous: Mapping[tuple[int, str], Observation]

    @cached_property
    def earlier(self) -> Mapping[str, Sequence[Told]]:
        """The money of earlier quarters, read where a change of money asks for it."""
        return earlier_money(self.narrative.report)

    def rows(self, language: str) -> dict[Part, list[Row]]:
        """Every row of the workbook, in its order, written in one language."""
        with override(language):
            return {
                Part.REPORT: [r for line in self.lines for r in line_rows(line, self.previous)],
                Part.ACTIONS: [r for progress in self.actions for r in action_rows(progress)],
                Part.NARRATIVE: list(narrative_rows(self.narrative)),
                Part.REMARKS: [remark_row(remark) for remark in self.remarks],
            }


def _remarks_to_answer(report: Report) -> list[Remark]:
    review = last_return(report)
    if review is None:
        return []
    remarks = review.remarks.select_related("line__indicator", "action__action")
    return list(remarks.exclude(text=""))


def load_sections(report: Report) -> Sections:
    """Read a report for its workbook."""
    lines, actions = lines_for_form(report), actions_for_form(report)
    for line in lines:
        line.report = report
    for progress in actions:
        progress.report = report
    return Sections(
        lines,
        actions,
        narrative_of(report),
        _remarks_to_answer(report),
        previous_figures(report),
    )
