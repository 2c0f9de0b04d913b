"""Saving what both sides write. Each save locks the report's row first, so that it either happens
before a decision or is refused by it; each is logged with what changed."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F

from accounts.models import User
from audit.services import record
from common import clock
from indicators.cells import TOTAL, part_cells
from indicators.choices import ObservationState, TotalRule
from indicators.combine import Ratio
from indicators.faults import sum_of_parts
from reports import rules
from reports.checks import line_faults
from reports.choices import EDITABLE, ReportStatus, Side
from reports.content import FIGURES
from reports.errors import Conflict, Faulty, NotAllowed, Stale
from reports.models import (
    ActionProgress,
    Line,
    Narrative,
    Observation,
    Rating,
    Remark,
    Report,
    Review,
    SourceMoney,
)
from reports.models.content import Section
from reports.money import (
    Split,
    planned_sources,
    settle,
    source_rows,
    sources_of,
    split_of,
    told_by_source,
)

AnySection = TypeVar("AnySection", bound=Section)


def hold(report: Report, states: frozenset[ReportStatus]) -> None:
    """Take the report's row until the transaction ends, if it is still in one of these states.

    Raises:
        Conflict: it is not.
    """
    held = Report.objects.filter(pk=report.pk, status__in=states)
    if not held.update(version=F("version") + 1):
        raise Conflict(report)


def hold_for_ministry(report: Report, by: User) -> None:
    """For a save by the ministry.

    Raises:
        NotAllowed, Conflict.
    """
    if not rules.can_edit(by, report):
        raise NotAllowed("edit", report)
    hold(report, EDITABLE)


def claim(section: AnySection, version: int, by: User) -> None:
    """Make this the section's next version, if nobody saved it since `version`.

    Raises:
        Stale: somebody did; it carries what stands now.
    """
    rows = type(section)._default_manager.filter(pk=section.pk, version=version)
    if not rows.update(version=version + 1, saved_at=clock.now(), saved_by=by):
        raise Stale(type(section)._default_manager.get(pk=section.pk))


def _figures(observation: Observation) -> dict[str, Any]:
    return {name: getattr(observation, name) for name in FIGURES}


def with_summed_total(line: Line, answers: Sequence[Observation]) -> list[Observation]:
    """Add the total that is computed from its parts, where the dimension says so."""
    groups = [group for group, _cells in part_cells(line.indicator)]
    if not groups or any(g.total_rule != TotalRule.SUMMED for g in groups):
        return list(answers)
    parts = [a for a in answers if a.cell != TOTAL]
    amounts = {a.cell: a.amount for a in parts}
    total = sum_of_parts({key: amounts.get(key) for key in groups[0].keys})
    if total is None:
        return parts
    numbers = (
        {"numerator": total.numerator, "denominator": total.denominator}
        if isinstance(total, Ratio)
        else {"value": total}
    )
    return [Observation(line=line, cell=TOTAL, **numbers), *parts]


def _save_observations(line: Line, answers: Sequence[Observation]) -> dict[str, Any]:
    """Replace a line's observations; returns what changed, cell by cell."""
    before = {o.cell: _figures(o) for o in line.observations.all()}
    after = {o.cell: _figures(o) for o in answers}
    cells = {*before, *after}
    changed = {c: [before.get(c), after.get(c)] for c in cells if before.get(c) != after.get(c)}
    if changed:
        Observation.objects.filter(line=line).delete()
        for answer in answers:
            answer.line = line
        Observation.objects.bulk_create(answers)
    return changed


def _save_rating(line: Line, side: Side, rating: tuple[str, str] | None) -> list[Any]:
    """Set or clear one side's rating; returns [before, after], empty when it is as before."""
    found = Rating.objects.filter(line=line, side=side).first()
    before = (found.value, found.reason) if found else None
    if before == rating:
        return []
    if rating is None:
        Rating.objects.filter(line=line, side=side).delete()
    else:
        values = {"value": rating[0], "reason": rating[1]}
        Rating.objects.update_or_create(line=line, side=side, defaults=values)
    return [before, rating]


def _answers(answers: Sequence[Observation]) -> list[Observation]:
    """Without what a "no value" must not carry."""
    for answer in answers:
        if answer.state != ObservationState.VALUE:
            answer.value = answer.numerator = answer.denominator = None
    return list(answers)


@transaction.atomic
def save_line(
    line: Line,
    *,
    by: User,
    version: int,
    answers: Sequence[Observation],
    rating: tuple[str, str] | None,
    note: str = "",
) -> None:
    """Save an indicator line: its cells, the ministry's rating (value, reason), a comment.

    A cell that is not among the answers is "not answered yet".

    Raises:
        NotAllowed, Conflict, Stale: see errors.py.
        Faulty: the figures contradict each other; it names the cells.
    """
    hold_for_ministry(line.report, by)
    claim(line, version, by)
    answers = with_summed_total(line, _answers(answers))
    faults = line_faults(line.indicator, {a.cell: a for a in answers})
    if faults:
        raise Faulty(faults)
    told: dict[str, Any] = {"cells": _save_observations(line, answers)}
    told["rating"] = _save_rating(line, Side.MINISTRY, rating)
    if line.note != note:
        told["note"] = [line.note, note]
        Line.objects.filter(pk=line.pk).update(note=note)
    record("line.saved", by=by.email, about=line, indicator=line.indicator.code, **told)


def _save_fields(section: Section, values: Mapping[str, Any]) -> dict[str, Any]:
    changed = {
        name: [getattr(section, name), value]
        for name, value in values.items()
        if getattr(section, name) != value
    }
    type(section)._default_manager.filter(pk=section.pk).update(**values)
    return changed


@transaction.atomic
def save_action(
    progress: ActionProgress, *, by: User, version: int, values: Mapping[str, Any]
) -> None:
    """Save an action line: status, allocated, spent, note, and `money` by source of funds.

    Where an action has several sources, `money` holds (allocated, spent) of each, None for what is
    not known; the totals are added up from it (see money.py). Left out, it stays as it is.

    Raises:
        NotAllowed, Conflict, Stale: see errors.py.
        Faulty: the sources contradict their total.
    """
    hold_for_ministry(progress.report, by)
    claim(progress, version, by)
    sources, before = sources_of(progress), split_of(progress)
    given = {**values}
    split = told_by_source(sources, given.pop("money", before))
    settled = settle(planned_sources(progress.action), split, given)
    if settled.faults:
        raise Faulty(settled.faults)
    told = _save_split(progress, before, split)
    told |= _save_fields(progress, {**given, **settled.totals})
    record("action.saved", by=by.email, about=progress, **told)


def _save_split(progress: ActionProgress, before: Split, after: Split) -> dict[str, Any]:
    """Replace the money by source; returns what changed, source by source."""
    sources = dict.fromkeys([*before, *after])
    changed = {s: [before.get(s), after.get(s)] for s in sources if before.get(s) != after.get(s)}
    if changed:
        SourceMoney.objects.filter(progress=progress).delete()
        SourceMoney.objects.bulk_create(source_rows(progress, after))
    return {"money": changed} if changed else {}


@transaction.atomic
def save_narrative(
    narrative: Narrative, *, by: User, version: int, values: Mapping[str, str]
) -> None:
    """Save the report's words. Raises as `save_line`."""
    hold_for_ministry(narrative.report, by)
    claim(narrative, version, by)
    record("narrative.saved", by=by.email, about=narrative, **_save_fields(narrative, values))


@transaction.atomic
def save_remark(
    review: Review,
    *,
    by: User,
    version: int,
    verdict: str,
    text: str = "",
    line: Line | None = None,
    action: ActionProgress | None = None,
    rating: tuple[str, str] | None = None,
) -> Remark:
    """Save the reviewer's verdict on a line, an action or (neither given) the narrative.

    `rating` is the coalition's, for a line. `version` is 0 for a first remark.

    Raises:
        NotAllowed, Conflict, Stale: see errors.py.
    """
    part = line or action
    is_foreign = part is not None and part.report_id != review.report_id
    if is_foreign or not rules.can_review(by, review.report):
        raise NotAllowed("review", review.report)
    hold(review.report, frozenset({ReportStatus.UNDER_REVIEW}))
    values = {"verdict": verdict, "text": text}
    remark, is_new = Remark.objects.get_or_create(
        review=review, line=line, action=action, defaults=values
    )
    claim(remark, version, by)
    told = {n: [None, v] for n, v in values.items()} if is_new else _save_fields(remark, values)
    if line is not None:
        told["rating"] = _save_rating(line, Side.COALITION, rating)
    record("remark.saved", by=by.email, about=remark, **told)
    remark.refresh_from_db()
    return remark
