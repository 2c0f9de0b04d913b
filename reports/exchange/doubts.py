"""Figures of a returned workbook that are not plausible and that no comment explains."""

from collections.abc import Collection, Iterator

from reports.exchange.touched import Touched
from reports.forms.actions import ActionForm
from reports.forms.lines import LineForm
from reports.review_figures import signs

_FIGURES = ("value", "numerator", "denominator")


def overspending(touched: Touched) -> Iterator[str]:
    """Where an action would have spent more to date than was allocated; its comment may say why."""
    form = touched.form
    if isinstance(form, ActionForm) and form.is_valid():
        for note in form.notes:
            yield f"{form.subject}: {note}"


def unexplained(touched: Touched, wrong: Collection[str]) -> Iterator[str]:
    """Where new figures stand outside the range of their indicator while its comment is blank.

    `wrong` are cells with a mistake, which is told already; the form was judged to find them.
    """
    form = touched.form
    if not isinstance(form, LineForm) or form.cleaned_data.get("note", "").strip():
        return
    figures = {answer.cell: answer.figure for answer in form.answers}
    told = set(wrong)
    for row, name in touched.changed:
        cell = row.key.cell
        if name not in _FIGURES or cell in told:
            continue
        told.add(cell)
        if signs(form.indicator, figures.get(cell), None, None, whole=False):
            at = touched.read[cell, name].at
            yield f"{form.indicator.code}: {at.sheet} {at.address}"
