"""What is wrong in a plan's files, told with file, row and column, all at once."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Problem:
    """One fault. `row` counts as the file does, the headings being row 1; 0 is the whole file."""

    file: str
    row: int
    column: str
    text: str

    def __str__(self) -> str:
        place = [self.file] if self.file else []
        if self.row:
            place.append(_("row %(row)d") % {"row": self.row})
        if self.column:
            several = _("columns %(column)s") if ", " in self.column else _("column %(column)s")
            place.append(several % {"column": self.column})
        return f"{', '.join(place)}: {self.text}" if place else self.text


@dataclass
class Problems:
    """The faults found so far, each once. `files` is the order in which they are told."""

    found: list[Problem] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def add(self, file: str, text: object, *, row: int = 0, column: str = "") -> None:
        problem = Problem(file, row, column, str(text))
        if problem not in self.found:
            self.found.append(problem)

    def in_order(self) -> tuple[Problem, ...]:
        """By file, then by row."""
        files = list(dict.fromkeys([*self.files, *(problem.file for problem in self.found)]))
        return tuple(sorted(self.found, key=lambda p: (files.index(p.file), p.row)))
