"""manage.py load_plan PATH [PATH …] [--commit]"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.loading import Outcome, load_all


class Command(BaseCommand):
    help = (
        "Load plans, institutions or frameworks from folders of CSV files or from workbooks "
        "(docs/plan-format.md). Without --commit it only says what would change."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="folder or workbook")
        parser.add_argument("--commit", action="store_true", help="store it")

    def handle(self, *args: Any, paths: list[str], commit: bool, **options: Any) -> None:
        outcomes = load_all(paths, commit=commit)
        if any(outcome.errors for outcome in outcomes):
            raise CommandError(_refusal(outcomes[-1]))
        if options["verbosity"] == 0:
            return
        for outcome in outcomes:
            self._tell(outcome)
        self.stdout.write(_ending(outcomes, commit))

    def _tell(self, outcome: Outcome) -> None:
        self.stdout.write(outcome.source)
        for sheet in outcome.sheets:
            counts = {
                "created": len(outcome.created[sheet]),
                "changed": len(outcome.changed[sheet]),
                "unchanged": outcome.unchanged[sheet],
            }
            line = _("%(created)d created, %(changed)d changed, %(unchanged)d unchanged") % counts
            self.stdout.write(f"  {sheet:16} {line}")
            for code, columns in outcome.changed[sheet].items():
                self.stdout.write(f"    {code}: {', '.join(columns)}")


def _ending(outcomes: list[Outcome], commit: bool) -> str:
    if not any(outcome.changes_something for outcome in outcomes):
        return _("There is nothing to store: all of it is stored already.")
    if commit:
        return _("It is stored.")
    return _("This was a trial: nothing was stored. Repeat it with --commit to store it.")


def _refusal(outcome: Outcome) -> str:
    count = len(outcome.errors)
    if {problem.file for problem in outcome.errors} == {outcome.source}:
        return " ".join([*map(str, outcome.errors), _("Nothing was stored.")])
    title = ngettext(
        "%(source)s has %(count)d error. Nothing was stored.",
        "%(source)s has %(count)d errors. Nothing was stored.",
        count,
    )
    lines = [title % {"source": outcome.source, "count": count}]
    return "\n".join([*lines, *(f"  {problem}" for problem in outcome.errors)])
