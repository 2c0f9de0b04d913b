"""The rows of a report's workbook, with what stands in each cell now.

Who writes the workbook and who holds a returned one against the report start from these same rows,
so a cell nobody touched can never look changed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal
from urllib.parse import quote, unquote

from django.utils.translation import gettext as _

from common.cells import Value
from indicators.cells import Cell, cells_of
from indicators.choices import Kind, ObservationState
from indicators.models import Indicator
from reports.checks import total_name
from reports.choices import ActionStatus, RatingValue, Side, Verdict
from reports.exchange.layout import RowKey
from reports.forms.actions import ActionForm
from reports.forms.figures import NEVER_NEGATIVE, figures_of
from reports.forms.sections import NarrativeForm
from reports.missing import NARRATIVE_NEEDED, owed_cells
from reports.models import ActionProgress, Line, Narrative, Observation, Remark
from reports.money import (
    COLUMNS,
    lacks_split,
    planned_sources,
    source_field,
    sources_of,
    split_of,
    whole_of,
)
from reports.queries import (
    expected_at,
    target_at,
)
from reports.review_figures import Figure, figure_of

LONGEST = 32_000
"""A longer text would be cut by Excel: its cell is locked, and what comes back is not looked at."""

InputKind = Literal["number", "money", "text", "choice"]


@dataclass(frozen=True)
class Input:
    """A cell a person fills in: how, with which words, from which number on.

    `plausible` are the lowest and the highest value nobody would ask about.
    """

    kind: InputKind
    choices: Mapping[str, str] = field(default_factory=dict)
    least: Decimal | None = None
    plausible: tuple[Decimal | None, Decimal | None] = (None, None)

    def word(self, value: str) -> str:
        """How a stored choice is written in the workbook."""
        return self.choices.get(value, value)


@dataclass(frozen=True)
class Row:
    """One row. `inputs` says what may be filled in; `now` what stands there, "" for nothing.

    `needed` are columns of which one must be answered before the report can be submitted.
    """

    key: RowKey
    subject: str
    shown: dict[str, Value]
    inputs: dict[str, Input]
    now: dict[str, Value]
    needed: tuple[str, ...] = ()
    label: str = ""

    def is_writable(self, column: str) -> bool:
        """Whether the cell is for filling in: asked for, and short enough for a cell."""
        value = self.now.get(column)
        return column in self.inputs and not (isinstance(value, str) and len(value) > LONGEST)


def _words(choices: list[tuple[str, object]]) -> dict[str, str]:
    return {value: str(label) for value, label in choices}


TEXT = Input("text")
MONEY = Input("money", least=Decimal(0))


def figure_input(indicator: Indicator, figure: str) -> Input:
    """How one figure of an indicator is filled in."""
    if figure == "text" or indicator.is_text:
        return TEXT
    if indicator.kind == Kind.YES_NO:
        return Input("choice", {"1": _("Yes"), "0": _("No")})
    least = Decimal(0) if indicator.kind in NEVER_NEGATIVE else None
    if indicator.is_share:  # its range is one of the percentage, not of a half
        return Input("number", least=least)
    return Input("number", least=least, plausible=(indicator.floor, indicator.ceiling))


def column_of(indicator: Indicator, figure: str) -> str:
    """The column of a figure: what is told in words stands among the texts."""
    return "text" if indicator.is_text else figure


def _figure_now(indicator: Indicator, figure: str, now: Observation | None) -> Value:
    if now is None or not now.is_value:
        return ""
    if figure == "text" or indicator.is_text:
        return now.text
    number: Decimal | None = getattr(now, figure)
    if number is None:
        return ""
    if indicator.kind == Kind.YES_NO:
        return figure_input(indicator, figure).word(str(int(number)))
    return number


def _state_now(now: Observation | None) -> str:
    if now is None or now.is_value:
        return ""
    return str(ObservationState(now.state).label)


def _cell_inputs(indicator: Indicator) -> dict[str, Input]:
    figures = {column_of(indicator, f): figure_input(indicator, f) for f in figures_of(indicator)}
    states = _words(list(ObservationState.choices))
    return {**figures, "state": Input("choice", states), "reason": TEXT}


LINE_COLUMNS = ("rating", "rating_reason", "note")


def _line_inputs() -> dict[str, Input]:
    rating = Input("choice", _words(list(RatingValue.choices)))
    return {"rating": rating, "rating_reason": TEXT, "note": TEXT}


def _line_now(line: Line) -> dict[str, Value]:
    rating = next((r for r in line.ratings.all() if r.side == Side.MINISTRY), None)
    return {
        "rating": str(RatingValue(rating.value).label) if rating else "",
        "rating_reason": rating.reason if rating else "",
        "note": line.note,
    }


def _previous(before: Observation | None, then: Figure | None) -> Value:
    """The last value: a number where it is one, else what was said in its place."""
    if before is not None and before.figure is not None:
        return round(before.figure, 4)
    return then.text if then else None


def _cell_row(
    line: Line, cell: Cell, previous: Mapping[tuple[int, str], Observation], *, is_owed: bool
) -> Row:
    indicator, period = line.indicator, line.report.period
    now = next((o for o in line.observations.all() if o.cell == cell.key), None)
    before = previous.get((indicator.pk, cell.key))
    then, target = figure_of(indicator, before), target_at(indicator, period, cell.key)
    figures = {
        column_of(indicator, f): _figure_now(indicator, f, now) for f in figures_of(indicator)
    }
    expected = expected_at(indicator, period, cell.key)
    return Row(
        RowKey(f"line-{line.pk}", line.version, cell.key),
        f"{indicator.code} {indicator.title}",
        {
            "code": indicator.code,
            "title": indicator.title,
            "unit": indicator.unit,
            "cell": cell.label,
            "previous": _previous(before, then),
            "previous_period": str(before.line.report.period) if before else "",
            "target": target.value if target else None,
            "expected": None if expected is None else round(expected, 4),
        },
        _cell_inputs(indicator) if is_owed else {},
        {**figures, "state": _state_now(now), "reason": now.reason if now else ""},
        (*figures, "state"),
        cell.label,
    )


def line_rows(line: Line, previous: Mapping[tuple[int, str], Observation]) -> Iterator[Row]:
    """A row for each cell; rating and comment belong to the first that is owed."""
    owed = [cell.key for cell in owed_cells(line)]
    for cell in cells_of(line.indicator, total_name(line.indicator)):
        row = _cell_row(line, cell, previous, is_owed=cell.key in owed)
        if owed and cell.key == owed[0]:
            row.inputs.update(_line_inputs())
            row.now.update(_line_now(line))
        yield row


def action_rows(progress: ActionProgress) -> Iterator[Row]:
    """An action with its money; below it a row for each source of funds where it has several.

    Then the action's own row holds a total only where the sources do not add up to it.
    """
    form, sources = ActionForm(progress), sources_of(progress)
    waits, summed = lacks_split(progress), _summed(progress)
    status = Input("choice", _words(list(ActionStatus.choices)))
    yield Row(
        RowKey(form.part, progress.version),
        form.subject,
        _shown(progress, _("All sources") if sources else _only_source(progress), form.planned),
        {"status": status, "allocated": MONEY, "spent": MONEY, "note": TEXT},
        {
            "status": status.word(progress.status),
            **{c: "" if summed[c] else _money(getattr(progress, c)) for c in COLUMNS},
            "note": progress.note,
        },
        ("status",) if waits or summed["spent"] else ("status", "spent"),
    )
    split, needed = split_of(progress), ("spent",) if waits else ()
    for row in form.by_source:
        amounts = split.get(row.source, (None, None))
        yield Row(
            RowKey(form.part, progress.version, quote(row.source, safe="")),
            form.subject,
            _shown(progress, row.source, row.planned),
            dict.fromkeys(COLUMNS, MONEY),
            {name: _money(amount) for name, amount in zip(COLUMNS, amounts, strict=True)},
            needed,
            row.source,
        )


def action_field(cell: str, column: str) -> str:
    """The name of the form's field for a cell of an action's rows."""
    return source_field(unquote(cell), column) if cell else column


def _shown(progress: ActionProgress, source: str, planned: Decimal | None) -> dict[str, Value]:
    action = progress.action
    return {"code": action.code, "title": action.title, "source": source, "planned": planned}


def _only_source(progress: ActionProgress) -> str:
    return "; ".join(funding.source for funding in progress.action.fundings.all())


def _summed(progress: ActionProgress) -> dict[str, bool]:
    """Which totals are added up from the sources: their cells stay blank."""
    planned, split = planned_sources(progress.action), split_of(progress)
    return {
        column: whole_of(planned, split, index) is not None for index, column in enumerate(COLUMNS)
    }


def _money(amount: Decimal | None) -> Value:
    return "" if amount is None else amount


def narrative_rows(narrative: Narrative) -> Iterator[Row]:
    """A row for each question."""
    form = NarrativeForm(narrative)
    for name in Narrative.FIELDS:
        asked = form.fields[name]
        yield Row(
            RowKey("narrative", narrative.version, name),
            _("Narrative"),
            {"question": f"{asked.label}\n{asked.help_text}"},
            {"words": TEXT},
            {"words": getattr(narrative, name)},
            ("words",) if name in NARRATIVE_NEEDED else (),
            str(asked.label),
        )


def _about(remark: Remark) -> tuple[str, str]:
    if remark.line:
        return remark.line.indicator.code, remark.line.indicator.title
    if remark.action:
        return remark.action.action.code, remark.action.action.title
    return "", _("Narrative")


def remark_row(remark: Remark) -> Row:
    """A remark of the last return, with room for a reply."""
    code, title = _about(remark)
    return Row(
        RowKey(f"remark-{remark.pk}", remark.version),
        f"{code} {title}".strip(),
        {
            "code": code,
            "title": title,
            "verdict": str(Verdict(remark.verdict).label),
            "remark": remark.text,
        },
        {"reply": TEXT},
        {"reply": remark.reply},
    )
