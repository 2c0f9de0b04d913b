"""One page of the report form: what is on it, and what became of it when it was sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from accounts.models import User
from reports.choices import Outcome
from reports.errors import Faulty, Stale
from reports.forms.actions import ActionForm
from reports.forms.lines import LineForm
from reports.forms.sections import NarrativeForm, SectionForm
from reports.models import ActionProgress, Line, Narrative, Remark, Report, Review
from reports.money import earlier_money
from reports.plausible import doubts_of_line, live_doubts
from reports.queries import (
    INDICATOR,
    actions_for_form,
    earlier_figures,
    last_of,
    lines_for_form,
)
from reports.sections import Page, pages_so_far

Posted = Mapping[str, Any]


@dataclass
class Filling:
    """A report's form at one page, with the forms of its sections."""

    report: Report
    pages: list[Page]
    page: Page
    forms: list[SectionForm] = field(default_factory=list)

    @property
    def next_page(self) -> Page | None:
        after = self.pages[self.pages.index(self.page) + 1 :]
        return after[0] if after else None

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Everything that was refused on this page, each with the address of its field."""
        return [problem for form in self.forms for problem in problems_of(form)]


def problems_of(form: SectionForm) -> list[tuple[str, str]]:
    """What is wrong with one section: contradictions, or somebody was faster."""
    if form.current is not None:
        sentence = _("was saved by somebody else meanwhile. Choose which text to keep.")
        return [(f"{form.subject} {sentence}", f"#{form.part}")]
    return form.problems if form.is_bound else []


def page_title(page: Page, pages: list[Page]) -> str:
    """A page's name; numbered where there are several of its kind."""
    names = {
        "indicators": _("Indicators"),
        "actions": _("Actions and money"),
        "narrative": _("Narrative"),
        "evidence": _("Evidence"),
    }
    several = sum(1 for other in pages if other.kind == page.kind) > 1
    return f"{names[page.kind]} {page.number}" if several else names[page.kind]


def last_return(report: Report) -> Review | None:
    """The last decided round, if it ended with a return."""
    rounds = report.reviews.exclude(outcome="").select_related("reviewer").order_by("-round")
    last = rounds.first() if report.revision else None
    return last if last and last.outcome == Outcome.RETURNED else None


def part_of(remark: Remark) -> str:
    """The part of the report a remark is about."""
    if remark.line_id:
        return f"line-{remark.line_id}"
    return f"action-{remark.action_id}" if remark.action_id else "narrative"


def remarks_of(report: Report) -> dict[str, Remark]:
    """What the last return says, part by part."""
    review = last_return(report)
    return {part_of(r): r for r in review.remarks.all()} if review else {}


def narrative_of(report: Report) -> Narrative:
    """The report's narrative with the report at hand."""
    narrative = Narrative.objects.select_related("saved_by").get(report=report)
    narrative.report = report
    return narrative


def _line_forms(
    report: Report, lines: list[Line], posted: Posted | None, every: list[Line]
) -> Iterator[SectionForm]:
    prefetch_related_objects(lines, "indicator__responsible")
    history = earlier_figures(report)
    previous, doubts = last_of(history), live_doubts(report, every, history)
    for line in lines:
        found = doubts.get(line.indicator_id, [])
        yield LineForm(line, posted, previous, partial(tuple, found))


def forms_of(
    report: Report, page: Page, posted: Posted | None, pages: list[Page]
) -> list[SectionForm]:
    """The forms of one of the pages, with what was typed where something was sent."""
    forms: list[SectionForm] = []
    if page.lines:
        every = [line for other in pages for line in other.lines]
        forms = list(_line_forms(report, page.lines, posted, every))
    elif page.actions:
        earlier = earlier_money(report)
        forms = [
            ActionForm(progress, posted, earlier.get(progress.action.code, ()))
            for progress in page.actions
        ]
    elif page.kind == "narrative":
        forms = [NarrativeForm(narrative_of(report), posted)]
    remarks = remarks_of(report) if forms else {}
    for form in forms:
        form.remark = remarks.get(form.part)
    return forms


def load(report: Report, slug: str, posted: Posted | None = None) -> Filling | None:
    """A page of the form; None if the report has no such page."""
    pages = pages_so_far(report, lines_for_form(report), actions_for_form(report))
    page = next((page for page in pages if page.slug == slug), None)
    if page is None:
        return None
    return Filling(report, pages, page, forms_of(report, page, posted, pages))


def _one_line(report: Report, pk: int) -> Line | None:
    lines = report.lines.filter(pk=pk).select_related("indicator__objective", "indicator__plan")
    return lines.prefetch_related(
        *INDICATOR, "indicator__responsible", "observations", "ratings", "evidence", "saved_by"
    ).first()


def _one_action(report: Report, pk: int) -> ActionProgress | None:
    rows = report.actions.select_related("action__objective", "saved_by")
    return rows.prefetch_related("action__fundings", "evidence").filter(pk=pk).first()


def section_form(report: Report, part: str, posted: Posted | None) -> SectionForm | None:
    """The form of one section, by its part's name; None if the report has no such part."""
    kind, _dash, number = part.partition("-")
    pk = int(number) if number.isdecimal() and len(number) < 19 else 0
    if part == "narrative":
        return NarrativeForm(narrative_of(report), posted)
    if kind == "line" and (line := _one_line(report, pk)):
        history = earlier_figures(report)
        doubts = partial(doubts_of_line, report, line, history)
        return LineForm(line, posted, last_of(history), doubts)
    if kind == "action" and (progress := _one_action(report, pk)):
        earlier = earlier_money(report).get(progress.action.code, ())
        return ActionForm(progress, posted, earlier)
    return None


def save_form(report: Report, form: SectionForm, by: User) -> bool:
    """Save a section if it was touched; False where it was refused, and the form says why.

    Raises:
        NotAllowed, Conflict: nobody saves in this report now.
    """
    if not form.is_touched:
        return True
    if not form.is_valid():
        return False
    try:
        form.save(by)
    except Faulty as refusal:
        form.add_faults(refusal.faults)
        return False
    except Stale:
        fresh = section_form(report, form.part, None)
        form.compare(fresh or form)
        return False
    return True


@dataclass
class Outcomes:
    """What became of the sections of one page."""

    saved: list[SectionForm] = field(default_factory=list)
    refused: list[SectionForm] = field(default_factory=list)

    @property
    def status(self) -> int:
        """409 where somebody was faster, 422 where something is not in order, else 200."""
        if any(form.current is not None for form in self.refused):
            return 409
        return 422 if self.refused else 200


def save_page(filling: Filling, by: User) -> Outcomes:
    """Save every touched section on its own: one that is refused holds up no other."""
    outcomes = Outcomes()
    for form in filling.forms:
        if form.is_touched:
            (outcomes.saved if save_form(filling.report, form, by) else outcomes.refused).append(
                form
            )
    return outcomes
