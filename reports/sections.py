"""How the report form is cut into pages that a browser and the server can carry."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Count

from reports.choices import Side
from reports.missing import NARRATIVE_NEEDED, owed_cells
from reports.models import ActionProgress, Line, Narrative, Report
from reports.money import is_answered

MAX_CELLS = 120
"""Cells on one page: some 500 fields, 1,200 where all are shares; more stand alone."""


@dataclass
class Page:
    """One page of the form. `kind` is indicators, actions, narrative or evidence.

    `cells` says how large it is, `owed` how many answers are needed before a submission.
    """

    slug: str
    kind: str
    number: int = 1
    lines: list[Line] = field(default_factory=list)
    actions: list[ActionProgress] = field(default_factory=list)
    cells: int = 0
    owed: int = 0
    answered: int = 0

    @property
    def given(self) -> int:
        """How many of the answers that are owed are given."""
        return min(self.answered, self.owed)

    @property
    def is_done(self) -> bool:
        """Whether nothing is needed here any more."""
        return self.answered >= self.owed

    @property
    def is_ticked(self) -> bool:
        """Whether something stands here and nothing is needed; an empty optional page is not."""
        return self.is_done and self.answered > 0


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
        page.owed += cells + 1
        is_rated = any(rating.side == Side.MINISTRY for rating in line.ratings.all())
        page.answered += min(cells, len(line.observations.all())) + is_rated
    if page.lines:
        yield page


def _action_pages(actions: list[ActionProgress]) -> Iterator[Page]:
    for start in range(0, len(actions), MAX_CELLS):
        chunk = actions[start : start + MAX_CELLS]
        number = start // MAX_CELLS + 1
        done = sum(1 for progress in chunk if is_answered(progress))
        slug = f"actions-{number}"
        size = len(chunk)
        yield Page(slug, "actions", number, [], chunk, cells=size, owed=size, answered=done)


def pages_of(
    lines: list[Line], actions: list[ActionProgress], written: int = 0, files: int = 0
) -> list[Page]:
    """Every page of a report's form, in order; files are welcome and never owed."""
    return [
        *_line_pages(lines),
        *_action_pages(actions),
        Page("narrative", "narrative", owed=len(NARRATIVE_NEEDED), answered=written),
        Page("evidence", "evidence", answered=files),
    ]


def pages_so_far(report: Report, lines: list[Line], actions: list[ActionProgress]) -> list[Page]:
    """The same with the words written and the files sent so far, in one query more."""
    found = Narrative.objects.filter(report=report).annotate(files=Count("report__evidence"))
    words = found.values("files", *NARRATIVE_NEEDED).first() or {"files": 0}
    written = sum(1 for name in NARRATIVE_NEEDED if words.get(name))
    return pages_of(lines, actions, written, words["files"])


def page_slug_of(part: str, pages: list[Page]) -> str:
    """The page on which a part stands, such as "line-12", "action-3" or "narrative"."""
    for page in pages:
        keys = [f"line-{line.pk}" for line in page.lines]
        keys += [f"action-{progress.pk}" for progress in page.actions]
        if part == page.kind or part in keys:
            return page.slug
    return pages[0].slug
