"""Taking a returned workbook over: everything in one transaction, one log entry for each cell.

Queries: a fixed number of statements and one more for each few hundred rows, whatever the number
of lines.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from django.db import models, transaction

from accounts.models import User
from audit.services import record_many
from common import clock
from reports.choices import Side
from reports.errors import Conflict, TakenOver, Unclean
from reports.exchange.layout import Part
from reports.exchange.preview import Preview, preview
from reports.exchange.touched import Change, Touched
from reports.forms.actions import ActionForm
from reports.forms.fields import tidy
from reports.forms.lines import LineForm
from reports.missing import owed_cells
from reports.models import (
    ActionProgress,
    Line,
    Narrative,
    Observation,
    Rating,
    Remark,
    SourceMoney,
    Upload,
)
from reports.money import COLUMNS, source_rows
from reports.services import hold_for_ministry, with_summed_total

MANY = 500
_OF_LINE = ("rating", "rating_reason", "note")


@transaction.atomic
def apply(upload: Upload, *, by: User, replace: bool = False, mark: str = "") -> int:
    """Take over what came back; the number of cells that changed.

    `mark` is that of the preview the person saw. `replace` says that what was saved by others
    since the workbook was made is to give way.

    Raises:
        NotAllowed, Conflict: as any save; also when it was discarded or replaced.
        TakenOver: it was taken over before.
        Unclean: it has mistakes, conflicts nobody decided, nothing in it, or shows other changes
            than those the person saw; nothing was stored.
    """
    hold_for_ministry(upload.report, by)
    open_ones = Upload.objects.filter(pk=upload.pk, by=by, applied_at=None)
    if not open_ones.update(applied_at=clock.now()):
        is_taken = Upload.objects.filter(pk=upload.pk, applied_at__isnull=False).exists()
        raise TakenOver(upload.report) if is_taken else Conflict(upload.report)
    found = preview(upload)
    is_other = bool(mark) and mark != found.mark
    if not found.can_confirm or is_other or (found.has_conflicts and not replace):
        raise Unclean(found)
    for part, save in _SAVERS.items():
        if touched := [section for section in found.touched if section.part == part]:
            save(found, touched, by)
    record_many(_told(found, upload), by=by.email)
    return len(found.changes)


def _told(found: Preview, upload: Upload) -> Iterator[tuple[str, models.Model, dict[str, Any]]]:
    sections = _sections(found)
    for change in found.changes:
        yield "cell.imported", sections[change.key.section], _data(change, upload)


def _data(change: Change, upload: Upload) -> dict[str, Any]:
    return {
        "about": change.subject,
        "cell": unquote(change.key.cell),
        "field": change.column,
        "before": change.before,
        "after": change.after,
        "file": upload.sha256,
        "replaced": change.is_conflict,
    }


def _sections(found: Preview) -> dict[str, models.Model]:
    named: dict[str, models.Model] = {"narrative": found.sections.narrative}
    named |= {f"line-{line.pk}": line for line in found.sections.lines}
    named |= {f"action-{row.pk}": row for row in found.sections.actions}
    return named | {f"remark-{remark.pk}": remark for remark in found.sections.remarks}


def _stamp(section: Any, by: User) -> Any:
    """The section as its next version. The report's row is held, so nobody else is saving it."""
    section.version += 1
    section.saved_at, section.saved_by = clock.now(), by
    return section


_STAMPED = ("version", "saved_at", "saved_by")


def _save_lines(_found: Preview, touched: list[Touched], by: User) -> None:
    forms = [section.form for section in touched if isinstance(section.form, LineForm)]
    columns = [{(row.key.cell, name) for row, name in section.changed} for section in touched]
    answered: dict[Line, list[Observation]] = {}
    for form, changed in zip(forms, columns, strict=True):
        if any(name not in _OF_LINE for _cell, name in changed):
            answered[form.section] = with_summed_total(form.section, _answers(form, changed))
    Observation.objects.filter(line__in=answered).delete()
    Observation.objects.bulk_create(
        [_on(line, answer) for line, answers in answered.items() for answer in answers],
        batch_size=MANY,
    )
    _save_ratings(forms, columns)
    for form, changed in zip(forms, columns, strict=True):
        if any(name == "note" for _cell, name in changed):
            form.section.note = tidy(form.cleaned_data["note"])
        _stamp(form.section, by)
    lines = [form.section for form in forms]
    Line.objects.bulk_update(lines, [*_STAMPED, "note"], batch_size=MANY)


def _on(line: Line, answer: Observation) -> Observation:
    answer.pk, answer.line = None, line
    answer._state.adding = True
    return answer


def _answers(form: LineForm, changed: set[tuple[str, str]]) -> list[Observation]:
    """The form's answer where a cell was touched, what stands there where it was not."""
    given = {answer.cell: answer for answer in form.answers}
    cells = {cell for cell, name in changed if name not in _OF_LINE}
    now = form.answers_now
    kept = [
        (given if cell.key in cells else now).get(cell.key) for cell in owed_cells(form.section)
    ]
    return [answer for answer in kept if answer is not None]


def _save_ratings(forms: list[LineForm], columns: list[set[tuple[str, str]]]) -> None:
    rated = [
        form
        for form, changed in zip(forms, columns, strict=True)
        if any(name in ("rating", "rating_reason") for _cell, name in changed)
    ]
    lines = [form.section for form in rated]
    Rating.objects.filter(line__in=lines, side=Side.MINISTRY).delete()
    Rating.objects.bulk_create(
        Rating(
            line=form.section,
            side=Side.MINISTRY,
            value=form.cleaned_data["rating"],
            reason=tidy(form.cleaned_data["rating_reason"]),
        )
        for form in rated
        if form.cleaned_data["rating"]
    )


def _save_actions(_found: Preview, touched: list[Touched], by: User) -> None:
    forms = [section.form for section in touched if isinstance(section.form, ActionForm)]
    for form, section in zip(forms, touched, strict=True):
        names = {name for row, name in section.changed if not row.key.cell}
        for name in names | ({*COLUMNS} if form.sources else set()):
            value = form.cleaned_data[name]
            setattr(form.section, name, tidy(value) if name == "note" else value)
        _stamp(form.section, by)
    rows = [form.section for form in forms]
    SourceMoney.objects.filter(progress__in=rows).delete()
    split = [row for form in forms for row in source_rows(form.section, form.split_typed)]
    SourceMoney.objects.bulk_create(split, batch_size=MANY)
    fields = [*_STAMPED, "status", "allocated", "spent", "note"]
    ActionProgress.objects.bulk_update(rows, fields, batch_size=MANY)


def _save_narrative(found: Preview, touched: list[Touched], by: User) -> None:
    narrative = found.sections.narrative
    for section in touched:
        if section.form is not None:
            for row, _name in section.changed:
                value = tidy(section.form.cleaned_data[row.key.cell])
                setattr(narrative, row.key.cell, value)
    Narrative.objects.bulk_update([_stamp(narrative, by)], [*_STAMPED, *Narrative.FIELDS])


def _save_replies(found: Preview, touched: list[Touched], by: User) -> None:
    remarks = {f"remark-{remark.pk}": remark for remark in found.sections.remarks}
    replied: list[Remark] = []
    for section in touched:
        remark = remarks[section.key]
        remark.reply = section.read["", "reply"].value
        remark.replied_at = clock.now() if remark.reply else None
        remark.version += 1
        replied.append(remark)
    Remark.objects.bulk_update(replied, ["reply", "replied_at", "version"], batch_size=MANY)


_SAVERS = {
    Part.REPORT: _save_lines,
    Part.ACTIONS: _save_actions,
    Part.NARRATIVE: _save_narrative,
    Part.REMARKS: _save_replies,
}
