"""The lists of the public pages: on the page figures are rounded to read, in files whole."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.labels import Label
from common.tables import Table, TableColumn
from indicators.choices import Status
from publishing.reading import Action, Indicator
from publishing.reading.insight import Gap, Scorecard
from publishing.wording import shown, with_unit

HUNDRED = Decimal(100)


@dataclass
class PlanTable(Table):
    """A list of one plan's parts; links stay in the plan, and in the edition that was asked for."""

    plan: str = ""
    suffix: str = ""

    def address(self, name: str, code: str) -> str:
        return reverse(name, args=[self.plan, code]) + self.suffix

    def linked(self, column: TableColumn, name: str, field: Callable) -> TableColumn:
        """A column whose cells lead to a page of the plan."""
        return TableColumn(
            column.heading,
            column.getter,
            column.kind,
            column.width,
            link=lambda row: self.address(name, field(row)),
            on_page=column.on_page,
            in_export=column.in_export,
        )


def _marks(row: Indicator) -> str:
    return ", ".join(str(mark.label) for mark in row.now.marks) if row.now else ""


def _progress(row: Indicator) -> Decimal | None:
    return row.now.progress * HUNDRED if row.now and row.now.progress is not None else None


def _named(row: Indicator | Action) -> str:
    return f"{row.code} {row.title}"


def _value(row: Indicator) -> str:
    return with_unit(row.now.amount.value, row) if row.now else ""


def _target(row: Indicator) -> str:
    return shown(row.target.value, row) if row.target else ""


def _coverage(row: Indicator) -> str:
    now = row.now
    if now is None:
        return ""
    told = {"part": now.reported, "whole": now.expected_units, "quarter": now.quarter}
    return gettext("%(part)s of %(whole)s, %(quarter)s") % told


def _status(row: Indicator) -> Status | None:
    return row.status


def page(heading: Label, getter: object, **more: object) -> TableColumn:
    return TableColumn(heading, getter, in_export=False, **more)  # type: ignore[arg-type]


def file(
    heading: Label, getter: object, kind: str = "text", width: int | None = None
) -> TableColumn:
    return TableColumn(heading, getter, kind, width, on_page=False)  # type: ignore[arg-type]


@dataclass
class IndicatorTable(PlanTable):
    """Indicators with where they stand."""

    title = _("Indicators")
    empty_title = _("No indicator fits")
    empty_text = _("Clear the filter to see all indicators of the plan.")
    columns: ClassVar[Sequence[TableColumn]] = (
        page(_("Indicator"), _named),
        file(_("Code"), "code", width=9),
        file(_("Indicator"), lambda i: str(i.title), width=48),
        file(_("Objective"), "objective.code", width=10),
        file(_("Responsible"), lambda i: ", ".join(map(str, i.responsible)), width=30),
        page(_("Value"), _value, kind="number"),
        page(_("Target"), _target, kind="number"),
        file(_("Unit"), lambda i: str(i.unit), width=12),
        TableColumn(_("Status"), _status, width=16),
        page(_("Cautions"), _marks),
        page(_("Reported"), _coverage),
        file(_("Quarter"), lambda i: str(i.now.quarter) if i.now else "", width=10),
        file(_("Value"), "now.amount.value", "number", 11),
        file(_("Expected"), "now.expected", "number", 11),
        file(_("Baseline"), "baseline.value", "number", 11),
        file(_("Target"), "target.value", "number", 11),
        file(_("Target date"), "target.as_of", "date"),
        file(_("Progress, %"), _progress, "number", 11),
        file(_("Cautions"), _marks, width=16),
        file(_("Reported by"), "now.reported", "integer", 10),
        file(_("Expected from"), "now.expected_units", "integer", 10),
        file(_("Figures"), "sensitivity", width=18),
        file(_("Certainty"), "certainty", width=20),
        file(_("Source"), "source", width=40),
    )

    def __post_init__(self) -> None:
        """Its name leads to its page, its status to how it was computed."""
        if self.plan:
            name, *others = self.columns
            name = self.linked(name, "indicator", lambda row: row.code)
            explained = [
                replace(c, link=self._computed) if _status is c.getter else c for c in others
            ]
            self.columns = (name, *explained)  # type: ignore[misc]

    def _computed(self, row: Indicator) -> str | None:
        return f"{self.address('indicator', row.code)}#computed" if row.status else None


@dataclass
class StructureTable(IndicatorTable):
    """Indicators of a plan that has no edition yet: as adopted or published, without results."""

    columns: ClassVar[Sequence[TableColumn]] = (
        page(_("Indicator"), _named),
        file(_("Code"), "code", width=9),
        file(_("Indicator"), lambda i: str(i.title), width=48),
        TableColumn(_("Objective"), "objective.code", width=10),
        TableColumn(_("Responsible"), lambda i: ", ".join(map(str, i.responsible)), width=30),
        TableColumn(_("Unit"), lambda i: str(i.unit), width=12),
        TableColumn(_("Certainty"), "certainty", width=20),
        file(_("Source"), "source", width=40),
    )


def _action_status(row: Action) -> object:
    return row.now.status if row.now else None


@dataclass
class ActionTable(PlanTable):
    """Actions with how far they are and their money."""

    title = _("Actions")
    empty_title = _("No action fits")
    empty_text = _("Clear the filter to see all actions of the plan.")
    columns: ClassVar[Sequence[TableColumn]] = (
        page(_("Action"), _named),
        file(_("Code"), "code", width=10),
        file(_("Action"), lambda a: str(a.title), width=48),
        file(_("Objective"), "objective.code", width=10),
        TableColumn(_("Lead institution"), lambda a: str(a.lead or ""), width=28),
        file(_("Supporting"), lambda a: ", ".join(map(str, a.supporting)), width=28),
        file(_("Starts on"), "starts_on", "date"),
        file(_("Ends on"), "ends_on", "date"),
        TableColumn(_("Status"), _action_status, width=14),
        TableColumn(_("Planned"), "planned", "money"),
        file(_("Allocated to date"), "allocated", "money"),
        TableColumn(_("Spent to date"), "spent", "money"),
        file(_("Comment"), "now.note", width=40),
        file(_("Certainty"), "certainty", width=20),
        file(_("Source"), "source", width=40),
    )

    def __post_init__(self) -> None:
        name, *others = self.columns
        name = self.linked(name, "action", lambda row: row.code)
        self.columns = (name, *others)  # type: ignore[misc]


def _timely(card: Scorecard) -> str:
    return (
        gettext("%(part)s of %(whole)s") % {"part": card.on_time, "whole": card.official}
        if card.official
        else ""
    )


def _in(card: Scorecard) -> str:
    if not card.owed:
        return ""
    return gettext("%(part)s of %(whole)s") % {"part": card.official, "whole": card.owed}


def _now(card: Scorecard) -> str:
    if card.now is None:
        return gettext("Owes no report")
    return gettext("Published") if card.now.report else gettext("Not in this edition")


@dataclass
class InstitutionTable(PlanTable):
    """Institutions with what they carry and how they report."""

    title = _("Institutions")
    empty_title = _("No institution is linked to this plan yet")
    empty_text = _("Institutions appear when they lead an action or answer for an indicator.")
    page_size = 100
    columns: ClassVar[Sequence[TableColumn]] = (
        TableColumn(_("Institution"), lambda c: str(c.institution), width=40),
        TableColumn(_("Code"), "institution.code", width=10),
        TableColumn(_("Indicators"), lambda c: len(c.institution.indicators), "integer"),
        TableColumn(_("Actions led"), lambda c: len(c.institution.leads), "integer"),
        TableColumn(_("Reports published"), _in, width=16),
        TableColumn(_("Of these in time"), _timely, width=16),
        TableColumn(_("Last quarter"), _now, width=20),
    )

    def __post_init__(self) -> None:
        name, *others = self.columns
        name = self.linked(name, "institution", lambda card: card.institution.code)
        self.columns = (name, *others)  # type: ignore[misc]

    def is_flagged(self, row: Scorecard) -> bool:
        return bool(row.now and row.now.missing)


def _gap_reason(gap: Gap) -> str:
    return gap.reason or gettext("The report is not in this edition.")


@dataclass
class GapTable(PlanTable):
    """Figures that are not there, and why."""

    title = _("Missing figures")
    page_size = 200
    can_export = False
    columns: ClassVar[Sequence[TableColumn]] = (
        TableColumn(_("Indicator"), lambda g: f"{g.indicator.code} {g.indicator.title}"),
        TableColumn(_("Institution"), lambda g: str(g.institution)),
        TableColumn(_("Answer"), "state"),
        TableColumn(_("Reason"), _gap_reason),
    )

    def __post_init__(self) -> None:
        name, *others = self.columns
        name = self.linked(name, "indicator", lambda gap: gap.indicator.code)
        self.columns = (name, *others)  # type: ignore[misc]
