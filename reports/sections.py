"""How the report form is cut into pages that a browser and the server can carry."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from reports.missing import owed_cells
from reports.models import ActionProgress, Line

MAX_CELLS = 120
"""Cells on one page: some 500 fields. One indicator with more stands alone."""


@dataclass
class Page:
    """One page of the form. `kind` is indicators, actions, narrative or evidence."""

    slug: str
    kind: str
    number: int = 1
    lines: list[Line] = field(default_factory=list)
    actions: list[ActionProgress] = field(default_factory=list)
    cells: int = 0
    answered: int = 0

    @property
    def is_done(self) -> bool:
        return self.answered >= self.cells


def _line_pages(lines: list[Line]) -> Iterator[Page]:
    page = Page("indicators-1", "indicators")
    for line in lines:
        cells = len(owed_cells(line))
        if page.lines and page.cells + cells > MAX_CELLS:
            yield page
            number = page.number + 1
            page = Page(f"indicators-{number}", "indicators", number)
        page.lines.append(line)
        page.cells += cells
        page.answered += min(cells, len(line.observations.all()))
    if page.lines:
        yield page


def _action_pages(actions: list[ActionProgress]) -> Iterator[Page]:
    for start in range(0, len(actions), MAX_CELLS):
        chunk = actions[start : start + MAX_CELLS]
        number = start // MAX_CELLS + 1
        done = sum(1 for progress in chunk if progress.status and progress.spent is not None)
        slug = f"actions-{number}"
        yield Page(slug, "actions", number, actions=chunk, cells=len(chunk), answered=done)


def pages_of(lines: list[Line], actions: list[ActionProgress]) -> list[Page]:
    """Every page of a report's form, in order."""
    return [
        *_line_pages(lines),
        *_action_pages(actions),
        Page("narrative", "narrative"),
        Page("evidence", "evidence"),
    ]


def page_slug_of(part: str, pages: list[Page]) -> str:
    """The page on which a part stands, such as "line-12", "action-3" or "narrative"."""
    for page in pages:
        keys = [f"line-{line.pk}" for line in page.lines]
        keys += [f"action-{progress.pk}" for progress in page.actions]
        if part == page.kind or part in keys:
            return page.slug
    return pages[0].slug
