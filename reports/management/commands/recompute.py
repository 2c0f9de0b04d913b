"""Computes all assessments anew; with --check it only says which of those stored are not right."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from indicators.models import Plan
from reports import judging
from reports.models import Assessment

SHOWN = 20


class Command(BaseCommand):
    help = "Compute all assessments anew. With --check nothing is written."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--plan", help="only the plan of this code")
        parser.add_argument("--check", action="store_true", help="compare, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        plans = Plan.objects.order_by("code")
        if options["plan"]:
            plans = plans.filter(code=options["plan"])
            if not plans:
                raise CommandError(f"There is no plan of the code {options['plan']}.")
        wrong = sum(self._one(plan, options["check"]) for plan in plans)
        if options["check"] and wrong:
            raise CommandError(f"{wrong} assessments are not as the reports give them.")

    def _one(self, plan: Plan, check: bool) -> int:
        """One plan; how many of its assessments were not right."""
        if check:
            with transaction.atomic():
                changes = judging.compare(judging.load(plan))
            self._name(changes)
        else:
            changes = judging.refresh(plan)
        kept = Assessment.objects.filter(indicator__plan=plan).count()
        told = f"{len(changes.new)} missing, {len(changes.changed)} other, {len(changes.gone)} gone"
        self.stdout.write(f"{plan.code}: {kept} assessments; {told}")
        return changes.number

    def _name(self, changes: judging.Changes) -> None:
        """Where a stored assessment is not what the reports give."""
        gone = Assessment.objects.filter(pk__in=changes.gone[:SHOWN])
        rows = [*changes.new, *changes.changed, *gone.select_related("indicator", "period")]
        for row in rows[:SHOWN]:
            place = f"{row.indicator.code} {row.period.code} {row.cell_set or 'total'}"
            self.stdout.write(f"  {place}")
        if len(rows) > SHOWN:
            self.stdout.write(f"  and {changes.number - SHOWN} more")
