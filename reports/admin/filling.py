"""The ministry's side in the admin: the form of the site, several of its pages at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from reports.forms.pages import Outcomes, forms_of, save_form
from reports.forms.sections import SectionForm
from reports.models import Report
from reports.queries import actions_for_form, lines_for_form
from reports.sections import MAX_CELLS, Page, pages_of


def _weight(page: Page) -> int:
    return page.cells or 5


def sheets_of(pages: list[Page]) -> list[list[Page]]:
    """The pages of the form, as many together as a browser and the server can carry."""
    sheets: list[list[Page]] = [[]]
    for page in pages:
        if page.kind == "evidence":
            continue
        if sheets[-1] and sum(map(_weight, sheets[-1])) + _weight(page) > MAX_CELLS:
            sheets.append([])
        sheets[-1].append(page)
    return sheets


def _holds(page: Page, part: str) -> bool:
    keys = [f"line-{line.pk}" for line in page.lines]
    keys += [f"action-{row.pk}" for row in page.actions]
    return part == page.kind or part in keys


def sheet_of(part: str, sheets: list[list[Page]]) -> int:
    """The number of the sheet on which a part stands, from 1."""
    for number, sheet in enumerate(sheets, start=1):
        if any(_holds(page, part) for page in sheet):
            return number
    return 1


def sheets_for(report: Report) -> list[list[Page]]:
    return sheets_of(pages_of(lines_for_form(report), actions_for_form(report)))


@dataclass
class Sheet:
    """What one page of the admin shows of a report's form."""

    report: Report
    number: int
    of: int
    forms: list[SectionForm] = field(default_factory=list)

    @property
    def numbers(self) -> range:
        return range(1, self.of + 1)

    def kind(self, name: str) -> Iterator[SectionForm]:
        return (form for form in self.forms if form.part.partition("-")[0] == name)

    @property
    def lines(self) -> Iterator[SectionForm]:
        return self.kind("line")

    @property
    def actions(self) -> Iterator[SectionForm]:
        return self.kind("action")

    @property
    def narrative(self) -> Iterator[SectionForm]:
        return self.kind("narrative")

    @property
    def problems(self) -> list[tuple[str, str]]:
        return [problem for form in self.forms if form.is_bound for problem in form.problems]


def load_sheet(report: Report, number: int, posted: Mapping[str, Any] | None = None) -> Sheet:
    """One sheet of the form; a number out of range is the nearest."""
    sheets = sheets_for(report)
    number = min(max(number, 1), len(sheets))
    pages = [page for sheet in sheets for page in sheet]
    here = sheets[number - 1]
    forms = [form for page in here for form in forms_of(report, page, posted, pages)]
    return Sheet(report, number, len(sheets), forms)


def save_sheet(sheet: Sheet, by: User) -> Outcomes:
    """Save every touched section through the services, each on its own.

    Raises:
        NotAllowed, Conflict: nobody saves in this report now.
    """
    outcomes = Outcomes()
    for form in sheet.forms:
        if form.is_touched:
            (outcomes.saved if save_form(sheet.report, form, by) else outcomes.refused).append(form)
    return outcomes


def with_refused(fresh: Sheet, outcomes: Outcomes) -> Sheet:
    """The sheet as it is now, with what was refused as it was typed."""
    kept = {form.part: form for form in outcomes.refused}
    fresh.forms = [kept.get(form.part, form) for form in fresh.forms]
    return fresh
