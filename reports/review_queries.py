"""What a reviewer reads, all of it as it was submitted: nothing here shows what is being typed.

Whatever the number of lines and cells, the number of queries is the same.
"""

from typing import Any

from django.utils.translation import gettext as _

from indicators.cells import Cell, cells_of
from indicators.models import Indicator
from indicators.money import add
from reports.choices import ActionStatus, RatingValue, Side
from reports.content import observations_in
from reports.models import (
    ActionProgress,
    Line,
    Narrative,
    Observation,
    Period,
    Remark,
    Report,
)
from reports.money import earlier_money, overspent, told_of
from reports.plausible import Doubts, Said, by_cell, doubts_of, rules_in_force
from reports.queries import History, expected_at, target_at
from reports.review_figures import (
    Figure,
    course_note,
    figure_of,
    is_whole,
    off_course,
    shown_number,
)
from reports.review_parts import (
    ActionPart,
    CellRow,
    Content,
    Dossier,
    Earlier,
    File,
    LinePart,
    NarrativePart,
    Words,
)
from reports.review_sources import (
    actions_of,
    by,
    computed_in,
    content_of,
    decimal,
    earlier_revisions,
    grouped,
    lines_of,
    reviews_of,
    revisions,
    source_rows,
)
from reports.rules import Person, sees_true_figures


class _Builder:
    """Puts the parts of a dossier together from what was read once."""

    def __init__(self, dossier: Dossier, user: Person) -> None:
        report = dossier.report
        remarks = Remark.objects.filter(review__report=report).select_related("review__reviewer")
        self.dossier, self.user, self.report = dossier, user, report
        self.remarks = grouped(remarks.order_by("review__round"))
        self.evidence = grouped(report.evidence.all())
        self.old = content_of(dossier.compared)
        self.history = [(content_of(r), r.report.period) for r in dossier.earlier]
        self.figures: dict[tuple[str, str], tuple[Observation, Period]] = {
            (line["indicator"], o.cell): (o, period)
            for content, period in self.history
            for line in content["lines"]
            for o in observations_in(line)
        }
        self.rows = lines_of(report)
        self.computed = computed_in(report.period)
        self.doubts = self.find_doubts()
        previous = self.history[-1][0] if self.history else {}
        self.previous_actions = by("action", previous.get("actions", []))
        self.money_before = earlier_money(report) if _is_spent(dossier.content) else {}
        self.previous_words: Content = previous.get("narrative", {})

    def find_doubts(self) -> Doubts:
        """What is worth a question about what was submitted, held against what was before.

        An earlier report that is being corrected shows nobody yet what is usual.
        """
        known = {row.indicator.code: row.indicator_id for row in self.rows}
        history: History = {}
        for revision, (content, _period) in zip(self.dossier.earlier, self.history, strict=True):
            for line in () if revision.report.state.is_editable else content["lines"]:
                pk = known.get(line["indicator"], 0)
                for answer in observations_in(line) if pk else ():
                    history.setdefault((pk, answer.cell), []).append(answer)
        now = by("indicator", self.dossier.content.get("lines", []))
        said = []
        for row in self.rows:
            line = now.get(row.indicator.code, {})
            answers = {o.cell: o for o in observations_in(line)} if line else {}
            said.append(Said(row.indicator, answers, line.get("note", "")))
        rules = rules_in_force(self.report.period.plan_id)
        return doubts_of(said, history, rules, hides=self.hides)

    def hides(self, indicator: Indicator) -> bool:
        return not sees_true_figures(self.user, self.report, indicator)

    def files(self, key: str, now: Content, old: Content | None) -> list[File]:
        stored = {(e.sha256, e.name): e for e in self.evidence.get(key, [])}
        known = None if old is None else {f["sha256"] for f in old["evidence"]}
        return [
            File(
                name=f["name"],
                stored=stored.get((f["sha256"], f["name"])),
                is_new=known is not None and f["sha256"] not in known,
            )
            for f in now.get("evidence", [])
        ]

    def shared(self, key: str, now: Content, old: Content | None) -> dict[str, Any]:
        """What every kind of part has."""
        shown = self.dossier.review
        said = self.remarks.get(key, [])
        return {
            "key": key,
            "note": now.get("note", ""),
            "files": self.files(key, now, old),
            "is_changed": old is not None and old != now,
            "remark": next((r for r in said if shown and r.review_id == shown.pk), None),
            "earlier_remarks": [r for r in said if not shown or r.review_id != shown.pk],
        }

    def lines(self) -> list[LinePart]:
        now = by("indicator", self.dossier.content.get("lines", []))
        old = by("indicator", self.old.get("lines", []))
        return [
            self.line(line, now.get(line.indicator.code, {}), old.get(line.indicator.code))
            for line in self.rows
        ]

    def line(self, line: Line, now: Content, old: Content | None) -> LinePart:
        indicator, rated = line.indicator, now.get("rating") or {}
        hidden = self.hides(indicator)
        return LinePart(
            kind="line",
            code=indicator.code,
            title=indicator.title,
            subject=line,
            indicator=indicator,
            cells=[] if hidden else self.cells(indicator, now, old),
            hidden=hidden,
            ministry=RatingValue(rated["value"]) if rated else None,
            ministry_reason=rated.get("reason", ""),
            rating=next((r for r in line.ratings.all() if r.side == Side.COALITION), None),
            reply=getattr(line, "light_reply", None),
            computed=None if hidden else self.computed.get(indicator.pk),
            course_note=course_note(indicator, len(indicator.responsible.all())),
            **self.shared(f"line-{line.pk}", now, old),
        )

    def cells(self, indicator: Indicator, now: Content, old: Content | None) -> list[CellRow]:
        answers = {o.cell: o for o in observations_in(now)} if now else {}
        changed = _changed_cells(now, old)
        before = {o.cell: o for o in observations_in(old)} if old else {}
        return [
            self.cell(
                indicator,
                cell,
                answers.get(cell.key),
                is_changed=cell.key in changed,
                replaced=figure_of(indicator, before.get(cell.key)),
            )
            for cell in cells_of(indicator, _("Total"))
        ]

    def cell(
        self,
        indicator: Indicator,
        cell: Cell,
        answer: Observation | None,
        *,
        is_changed: bool,
        replaced: Figure | None,
    ) -> CellRow:
        earlier, period = self.earlier(indicator, cell.key), self.report.period
        target = target_at(indicator, period, cell.key)
        expected = expected_at(indicator, period, cell.key)
        whole = is_whole(indicator, len(indicator.responsible.all()))
        figure = answer.figure if answer else None
        doubts = by_cell(self.doubts.get(indicator.pk, ())).get(cell.key, ())
        return CellRow(
            label=cell.label,
            now=figure_of(indicator, answer),
            earlier=earlier,
            target=target,
            target_text=shown_number(indicator, target.value if target else None),
            expected_text=shown_number(indicator, expected, 1),
            doubts=list(doubts),
            course=off_course(indicator, figure, expected) if whole else [],
            is_changed=is_changed,
            replaced=replaced if is_changed else None,
        )

    def earlier(self, indicator: Indicator, cell: str) -> Earlier | None:
        if (indicator.code, cell) not in self.figures:
            return None
        observation, period = self.figures[indicator.code, cell]
        return Earlier(figure_of(indicator, observation), observation.figure, period)

    def actions(self) -> list[ActionPart]:
        now = by("action", self.dossier.content.get("actions", []))
        old = by("action", self.old.get("actions", []))
        return [
            self.action(row, now.get(row.action.code, {}), old.get(row.action.code))
            for row in actions_of(self.report)
        ]

    def action(self, row: ActionProgress, now: Content, old: Content | None) -> ActionPart:
        action = row.action
        told = told_of(now)
        earlier = self.previous_actions.get(action.code, {})
        return ActionPart(
            kind="action",
            code=action.code,
            title=action.title,
            subject=row,
            status=_action_status(now),
            earlier_status=_action_status(earlier),
            planned=add(funding.planned for funding in action.fundings.all()),
            allocated=told.allocated,
            spent=told.spent,
            earlier_spent=decimal(earlier.get("spent")),
            money=source_rows(action, now, earlier, old),
            overspent=list(overspent(self.money_before.get(action.code, ()), told)),
            replaced=told_of(old) if old else None,
            **self.shared(f"action-{row.pk}", now, old),
        )

    def narrative(self) -> NarrativePart:
        """The words, with the files that belong to no line."""
        loose = {"evidence": self.dossier.content.get("evidence", [])}
        old_loose = {"evidence": self.old["evidence"]} if self.old else None
        now, old = self.dossier.content.get("narrative", {}), self.old.get("narrative")
        shared = self.shared("narrative", loose, old_loose)
        shared["is_changed"] = shared["is_changed"] or (old is not None and old != now)
        words = [
            Words(
                label=str(Narrative._meta.get_field(name).verbose_name),  # type: ignore[union-attr]
                now=now.get(name, ""),
                earlier=self.previous_words.get(name, ""),
                is_changed=old is not None and old.get(name) != now.get(name),
            )
            for name in Narrative.FIELDS
        ]
        return NarrativePart(kind="narrative", code="", title=_("Narrative"), words=words, **shared)


def _is_spent(content: Content) -> bool:
    """Whether any action spent something: only then can it be more than was allocated."""
    return any(told_of(row).spent for row in content.get("actions", []))


def _action_status(content: Content) -> ActionStatus | None:
    return ActionStatus(content["status"]) if content.get("status") else None


def _changed_cells(now: Content, old: Content | None) -> set[str]:
    """The cells that differ from the compared revision; none where there is nothing to compare."""
    if old is None:
        return set()
    new_rows, old_rows = by("cell", now.get("observations", [])), by("cell", old["observations"])
    return {c for c in {*new_rows, *old_rows} if new_rows.get(c) != old_rows.get(c)}


def dossier_of(report: Report, user: Person) -> Dossier:
    """A submitted report as its reviewer reads it, in a fixed number of queries."""
    reviews = reviews_of(report)
    content, compared = revisions(report, reviews)
    dossier = Dossier(report, reviews, content, compared, earlier_revisions(report))
    builder = _Builder(dossier, user)
    dossier.parts = [*builder.lines(), *builder.actions(), builder.narrative()]
    return dossier
