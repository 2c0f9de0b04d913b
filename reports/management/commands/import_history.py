"""manage.py import_history FILE --plan CODE [--mapping FILE-OR-NAME] [--commit]"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.file_rules import FileError
from indicators.models import Plan
from reports.history.mapping import Mapping, read_mapping
from reports.history.preview import Preview, preview
from reports.history.storing import NotStored, StillNeeded, store, undo
from reports.history.tables import take_in
from reports.models import ImportBatch

BY = "import_history"


class Command(BaseCommand):
    help = (
        "Bring in figures from before as one long table (docs/history.md). Without --commit it only"
        " says what would happen. With --undo it takes an earlier import out again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", help="an XLSX, ODS or CSV file")
        parser.add_argument("--plan", help="code of the plan")
        parser.add_argument("--mapping", default="", help="a JSON file, or a saved mapping's name")
        parser.add_argument("--commit", action="store_true", help="store it")
        parser.add_argument(
            "--undo", type=int, metavar="NUMBER", help="undo the import of a number"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["undo"] is not None:
            self._undo(options["undo"])
        elif options["file"] and options["plan"]:
            self._bring_in(options)
        else:
            raise CommandError(_("Name a file and --plan, or --undo and the number of an import."))

    def _undo(self, number: int) -> None:
        batch = ImportBatch.objects.filter(pk=number).first()
        if batch is None:
            raise CommandError(_("There is no import %(number)d.") % {"number": number})
        try:
            rows = undo(batch, by=BY)
        except (NotStored, StillNeeded) as refusal:
            raise CommandError(str(refusal)) from refusal
        text = ngettext(
            "%(number)d figure was taken out.", "%(number)d figures were taken out.", rows
        )
        self.stdout.write(text % {"number": rows})

    @transaction.atomic
    def _bring_in(self, options: dict[str, Any]) -> None:
        plan = Plan.objects.filter(code=options["plan"]).first()
        if plan is None:
            raise CommandError(_("There is no plan %(code)s.") % {"code": options["plan"]})
        path = Path(options["file"])
        mapping = _mapping(options["mapping"], plan)
        try:
            batch = take_in(plan, path.read_bytes(), path.name, by=BY, mapping=mapping)
        except (OSError, FileError) as error:
            raise CommandError(f"{path}: {error}") from error
        found = preview(batch)
        if found.problems:
            raise CommandError(_refusal(path, found))
        self._tell(found)
        if options["commit"] and found.can_store:
            store(batch, by=BY)
            text = _("It is stored as import %(number)d.")
            self.stdout.write(text % {"number": batch.pk})
        else:
            transaction.set_rollback(True)
            self.stdout.write(_not_stored(found))

    def _tell(self, found: Preview) -> None:
        text = _("%(new)d new, %(changed)d changed, %(same)d unchanged, %(blank)d without a figure")
        counts = {
            "new": len(found.new),
            "changed": len(found.changed),
            "same": len(found.same),
            "blank": len(found.reading.blank),
        }
        self.stdout.write(text % counts)
        number = len(found.faults)
        text = ngettext(
            "%(number)d fault in the table, which goes in as its source has it:",
            "%(number)d faults in the table, which goes in as its source has it:",
            number,
        )
        if number:
            self.stdout.write(text % {"number": number})
        for fault in found.faults:
            row = _("row %(row)d") % {"row": fault.row}
            self.stdout.write(f"  {row}: {fault}")


def _not_stored(found: Preview) -> str:
    if not found.to_store:
        return _("There is nothing to store: all of it is stored already.")
    return _("This was a trial: nothing was stored. Repeat it with --commit to store it.")


def _mapping(wanted: str, plan: Plan) -> Mapping | None:
    """A mapping from a file, or a saved one of the plan; none where none is named."""
    if not wanted:
        return None
    saved = plan.import_mappings.filter(name=wanted).first()
    try:
        return read_mapping(saved.content if saved else Path(wanted).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        text = _("There is no file and no saved mapping called “%(name)s”.")
        raise CommandError(text % {"name": wanted}) from error
    except (OSError, ValueError) as error:
        raise CommandError(f"{wanted}: {error}") from error


def _refusal(path: Path, found: Preview) -> str:
    number = len(found.problems)
    text = ngettext(
        "%(file)s has %(number)d mistake. Nothing was stored.",
        "%(file)s has %(number)d mistakes. Nothing was stored.",
        number,
    )
    lines = [text % {"file": path.name, "number": number}]
    return "\n".join([*lines, *(f"  {problem}" for problem in found.problems)])
