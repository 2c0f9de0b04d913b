"""What a report still lacks before it can be submitted, each with the place to fill it in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.cells import Cell, cells_of, part_cells
from indicators.choices import Severity, TotalRule
from indicators.models import Indicator
from reports.checks import line_faults, total_name
from reports.choices import Verdict
from reports.models import ActionProgress, Line, Narrative, Observation, Remark, Report
from reports.money import source_field, with_unspent
from reports.plausible import Doubt, live_doubts

NARRATIVE_NEEDED = ("done", "next_step")


@dataclass(frozen=True)
class Missing:
    """One gap. `anchor` is the id of its field in the report form, `part` the page it is on."""

    part: str
    anchor: str
    subject: str
    text: str


def line_anchor(line: Line, cell: str = "", field: str = "value") -> str:
    """The id of a cell's field in the form: unique in a report, the same in every language."""
    place = cell.replace("=", "-").replace(";", "_") or "total"
    return f"line-{line.pk}-{place}-{field}"


def first_field(indicator: Indicator) -> str:
    """The field of a cell in which a person begins to answer."""
    return "numerator" if indicator.is_share else "value"


def owed_cells(line: Line) -> list[Cell]:
    """The cells a ministry fills in: a total that is summed from its parts is not one of them."""
    cells = cells_of(line.indicator, _("Total"))
    groups = [group for group, _cells in part_cells(line.indicator)]
    if groups and all(g.total_rule == TotalRule.SUMMED for g in groups):
        return cells[1:]
    return cells


def _line_gaps(line: Line, doubts: Iterable[Doubt]) -> Iterator[Missing]:
    subject = f"{line.indicator.code} {line.indicator.title}"
    part = f"line-{line.pk}"
    answered = {o.cell for o in line.observations.all()}
    for cell in owed_cells(line):
        if cell.key not in answered:
            label = total_name(line.indicator) if cell.is_total else cell.label
            text = _("%(cell)s: no value and no reason for its absence.") % {"cell": label}
            anchor = line_anchor(line, cell.key, first_field(line.indicator))
            yield Missing(part, anchor, subject, text)
    if not any(r.side == "ministry" for r in line.ratings.all()):
        yield Missing(part, f"line-{line.pk}-rating", subject, _("Your own rating is missing."))
    observations: dict[str, Observation] = {o.cell: o for o in line.observations.all()}
    for fault in line_faults(line.indicator, observations):
        yield Missing(part, line_anchor(line, fault.cell, fault.field), subject, fault.text)
    yield from _doubt_gaps(line, subject, doubts)


def _doubt_gaps(line: Line, subject: str, doubts: Iterable[Doubt]) -> Iterator[Missing]:
    """A contradiction at its figure, and what waits for a comment at the field of the comment."""
    part = f"line-{line.pk}"
    for doubt in doubts:
        if doubt.blocks and not doubt.is_told_again:
            is_error = doubt.severity == Severity.ERROR
            place = line_anchor(line, doubt.cell, doubt.field)
            yield Missing(part, place if is_error else f"{part}-note", subject, doubt.asking)


def _action_gaps(progress: ActionProgress) -> Iterator[Missing]:
    subject = f"{progress.action.code} {progress.action.title}"
    part, source = f"action-{progress.pk}", getattr(progress, "unspent", None)
    is_split = bool(source) and getattr(progress, "has_several", False)
    field = source_field(str(source), "spent") if is_split else "spent"
    if not progress.status:
        text = _("How far the action is, is missing.")
        yield Missing(part, f"{part}-status", subject, text)
    if progress.spent is None:
        text = _("The money spent is missing; write 0 when none was spent.")
        yield Missing(part, f"{part}-{field}", subject, text)
    elif is_split and not progress.note:
        text = _(
            "What was spent is not told for each source of funds. Give every source, or say in the"
            " comment why only the total is known."
        )
        yield Missing(part, f"{part}-{field}", subject, text)


def missing_in(report: Report, lines: list[Line]) -> list[Missing]:
    """Everything that is missing, all at once, in the order of the form.

    `lines` are all of the report's. A figure that is in doubt lacks its comment.
    """
    doubts = live_doubts(report, lines) if lines else {}
    found = [gap for line in lines for gap in _line_gaps(line, doubts.get(line.indicator_id, []))]
    for progress in with_unspent(report.actions.select_related("action")):
        found += _action_gaps(progress)
    narrative = Narrative.objects.filter(report=report).first() or Narrative()
    for name in NARRATIVE_NEEDED:
        if not getattr(narrative, name):
            label = str(Narrative._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            text = _("Not written yet: %(field)s.") % {"field": label}
            found.append(Missing("narrative", f"narrative-{name}", _("Narrative"), text))
    return found


@dataclass(frozen=True)
class Undecided:
    """What stands between a report under review and its validation.

    `flagged` forbids it: what is to be corrected cannot be validated. `unread` only warns.
    """

    flagged: list[Missing]
    unread: list[Missing]


def _place(section: Line | ActionProgress | None) -> tuple[str, str]:
    """The part of a report and its name, as both sides' pages know it; None is the narrative."""
    if isinstance(section, Line):
        return f"line-{section.pk}", f"{section.indicator.code} {section.indicator.title}"
    if isinstance(section, ActionProgress):
        return f"action-{section.pk}", f"{section.action.code} {section.action.title}"
    return "narrative", _("Narrative")


def undecided(report: Report) -> Undecided:
    """The parts of the open round that are flagged, and those without a verdict."""
    remarks = Remark.objects.filter(review__report=report, review__outcome="")
    said = {(remark.line_id, remark.action_id): remark for remark in remarks}
    parts: list[tuple[tuple[int | None, int | None], Line | ActionProgress | None]] = [
        *(((line.pk, None), line) for line in report.lines.select_related("indicator")),
        *(((None, row.pk), row) for row in report.actions.select_related("action")),
        ((None, None), None),
    ]
    found = Undecided([], [])
    for key, section in parts:
        part, subject = _place(section)
        if key not in said:
            found.unread.append(Missing(part, part, subject, _("No verdict yet.")))
        elif said[key].verdict == Verdict.FLAGGED:
            found.flagged.append(Missing(part, part, subject, said[key].text))
    return found
