"""The first sheet of a report's workbook: what it is, and how it is filled in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.numbers import decimal_sign
from reports.exchange.layout import Part
from reports.exchange.rows import Row
from reports.models import Report


@dataclass(frozen=True)
class ReadmeLine:
    """One row: a term and what is said of it. `kind` is title, text or wrong."""

    term: str
    text: str
    kind: str = "text"


@dataclass(frozen=True)
class Told:
    """What is told of one cell: sheet, cell and sentence."""

    sheet: str
    address: str
    text: str


def readme_lines(
    report: Report,
    rows: Mapping[Part, Sequence[Row]],
    told: Sequence[Told],
    doubts: Sequence[Told] = (),
) -> Iterator[ReadmeLine]:
    """Everything the sheet says, from top to bottom; `told` are mistakes."""
    yield ReadmeLine(_("Report"), str(report), "title")
    yield from _about(report, rows)
    if told:
        yield from _mistakes(told)
    if doubts:
        yield from _doubts(doubts)
    yield from _how()


def _about(report: Report, rows: Mapping[Part, Sequence[Row]]) -> Iterator[ReadmeLine]:
    plan = report.period.plan
    yield ReadmeLine(_("Plan"), str(plan))
    if plan.is_demonstration:
        yield ReadmeLine(_("Note"), _("Demonstration: invented figures."))
    yield ReadmeLine(_("Institution"), str(report.institution))
    yield ReadmeLine(_("Quarter"), str(report.period))
    yield ReadmeLine(_("Revision"), str(report.revision or _("not submitted yet")))
    yield ReadmeLine(_("Due"), date_format(report.due_on, "j F Y"))
    cells = sum(1 for row in rows[Part.REPORT] if row.inputs)
    yield ReadmeLine(
        _("To fill in"),
        _("%(cells)d rows of figures, %(actions)d actions, %(remarks)d remarks to reply to")
        % {"cells": cells, "actions": len(rows[Part.ACTIONS]), "remarks": len(rows[Part.REMARKS])},
    )


def _mistakes(told: Sequence[Told]) -> Iterator[ReadmeLine]:
    sentence = ngettext(
        "%(number)d cell is to be corrected. It is red, and its comment says why.",
        "%(number)d places are to be corrected. They are red, and their comments say why.",
        len(told),
    )
    yield ReadmeLine(_("To correct"), sentence % {"number": len(told)}, "title")
    for one in told:
        yield ReadmeLine(f"{one.sheet} {one.address}".strip(), one.text, "wrong")


def _doubts(told: Sequence[Told]) -> Iterator[ReadmeLine]:
    sentence = ngettext(
        "%(number)d figure that stands in the report is worth a look. Its comment says why.",
        "%(number)d figures that stand in the report are worth a look. Their comments say why.",
        len(told),
    )
    yield ReadmeLine(_("Worth a look"), sentence % {"number": len(told)}, "title")
    for one in told:
        yield ReadmeLine(f"{one.sheet} {one.address}".strip(), one.text)


def _how() -> Iterator[ReadmeLine]:
    sign = decimal_sign()
    yield ReadmeLine(_("How it works"), "", "title")
    yield ReadmeLine("1", _("Fill in the white cells. Grey ones are not asked for."))
    yield ReadmeLine(
        "2", _("Yellow cells are still owed: the report cannot be submitted without them.")
    )
    yield ReadmeLine(
        "3",
        _("An empty cell means “not answered yet”, never zero. Write 0 where nothing happened."),
    )
    yield ReadmeLine(
        "4",
        _("Where there is no value, choose a state, such as “Not available”, and give the reason."),
    )
    yield ReadmeLine(
        "5",
        _("Numbers are written with digits and the decimal sign “%(sign)s”: 12%(sign)s7.")
        % {"sign": sign},
    )
    yield ReadmeLine(
        "6",
        _("A percentage is a numerator and a denominator; the system divides."),
    )
    yield ReadmeLine(
        "7",
        _(
            "Columns may be moved and rows sorted once the sheet is unprotected (there is no"
            " password). Do not delete or copy rows or columns."
        ),
    )
    yield ReadmeLine("8", _("No formulas: paste values only."))
    yield ReadmeLine(
        "9",
        _(
            "Save it as .xlsx or .ods and upload it on the page of the report. You see every change"
            " before anything is stored."
        ),
    )
