"""Everything of a report that its workbook holds, read once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from django.utils.translation import override

from indicators.models import ConsistencyRule
from reports.exchange.layout import Part
from reports.exchange.rows import Row, action_rows, line_rows, narrative_rows, remark_row
from reports.forms.pages import last_return, narrative_of
from reports.models import ActionProgress, Line, Narrative, Observation, Remark, Report
from reports.money import Told, earlier_money
from reports.plausible import Doubts, Said, doubts_of, rules_in_force, said_in, settled
from reports.queries import History, actions_for_form, earlier_figures, last_of, lines_for_form

EMPTY: Mapping[int, Said] = MappingProxyType({})


@dataclass(frozen=True)
class Sections:
    """Everything of a report that its workbook holds, read once.

    Queries: a fixed number, whatever the number of lines and cells.
    """

    lines: list[Line]
    actions: list[ActionProgress]
    narrative: Narrative
    remarks: list[Remark]
    history: History
    rules: list[ConsistencyRule]

    @property
    def previous(self) -> Mapping[tuple[int, str], Observation]:
        return last_of(self.history)

    def doubts(self, filled_in: Mapping[int, Said] = EMPTY) -> Doubts:
        """The doubts about the lines; those `filled_in` say something else than is stored.

        They are given by the primary key of the indicator.
        """
        said = [filled_in.get(one.indicator.pk, one) for one in said_in(self.lines)]
        return doubts_of(said, settled(self.history), self.rules)

    def doubts_by_place(self) -> dict[tuple[str, str, str], list[str]]:
        """The doubts about what is stored, by section, cell and column of the workbook."""
        found: dict[tuple[str, str, str], list[str]] = {}
        doubts = self.doubts()
        for line in self.lines:
            for doubt in doubts.get(line.indicator_id, ()):
                place = (f"line-{line.pk}", doubt.cell, doubt.field)
                found.setdefault(place, []).append(doubt.note)
        return found

    @cached_property
    def earlier(self) -> Mapping[str, Sequence[Told]]:
        """The money of earlier quarters, read where a change of money asks for it."""
        return earlier_money(self.narrative.report)

    def rows(self, language: str) -> dict[Part, list[Row]]:
        """Every row of the workbook, in its order, written in one language."""
        previous = self.previous
        with override(language):
            return {
                Part.REPORT: [r for line in self.lines for r in line_rows(line, previous)],
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
        earlier_figures(report),
        rules_in_force(report.period.plan_id),
    )
