"""Builds the demonstration: both real plans, a demonstration plan, its people and quarters."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from indicators.loading import load
from indicators.models import Plan
from publishing.demo import cycle, people

FOLDERS = ("frameworks", "albania-2018", "drc-2019", "albania-demo")
PLAN = "AL"


class Command(BaseCommand):
    help = "Load the plans and make the demonstration. Safe to repeat: it keeps what was entered."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demonstration is made only where DEMO is on.")
        if not User.objects.filter(is_demo=True).exists():
            self.stdout.write("Making the demonstration: two plans and eight quarters …")
            with transaction.atomic():
                self._seed(Path(settings.BASE_DIR) / "plans")
        self._print_logins()

    def _seed(self, folder: Path) -> None:
        for name in FOLDERS:
            outcome = load(folder / name, commit=True)
            if outcome.errors:
                raise CommandError("\n".join(map(str, outcome.errors)))
        plan = Plan.objects.get(code=PLAN)
        users = people.make_people(plan)
        cast = cycle.Cast(users["reviewer@demo.example"], users["lead@demo.example"])
        for quarter in range(len(cycle.QUARTERS)):
            self.stdout.write(f"  {cycle.live_quarter(plan, cast, quarter)}")

    def _print_logins(self) -> None:
        self.stdout.write(f"\nLog in with the password {people.PASSWORD}:")
        for person in people.PEOPLE:
            place = f" of {person.institution}" if person.institution else ""
            self.stdout.write(f"  {person.email:<30} {person.role.label}{place}")
