"""Fills a large installation with invented plans, to measure what pages cost there."""

import gc
from argparse import ArgumentParser
from functools import partial
from time import perf_counter, process_time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from publishing.models import Edition
from publishing.scale.building import Clock, assess, build, taken
from publishing.scale.people import known_password
from publishing.scale.structure import Size
from reports.models import Observation, Report


class Command(BaseCommand):
    help = "Invent N plans of Y years with reports, reviews and an edition each. For measuring."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--plans", type=int, default=100, help="how many plans (100)")
        parser.add_argument("--years", type=int, default=5, help="how many years of each (5)")
        parser.add_argument("--first", type=int, default=1, help="number of the first plan (1)")
        parser.add_argument("--indicators", type=int, default=60, help="of each plan (60)")
        parser.add_argument(
            "--in-production",
            action="store_true",
            help="do it although this is a production: for a server that is still empty",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        numbers = range(options["first"], options["first"] + options["plans"])
        self._refuse(numbers, options)
        size = Size(years=options["years"], indicators=options["indicators"])
        started, watch, password = perf_counter(), Clock(), known_password()
        gc.set_threshold(200_000, 50, 50)  # millions of rows, hardly any of them in a circle
        for number in numbers:
            plan = build(number, size, password, watch)
            watch.run("assessments", partial(assess, plan))
            self.stdout.write(f"  {plan.code} after {perf_counter() - started:.0f} s")
        watch.run("statistics", self._analyse)
        self._tell(perf_counter() - started, watch)

    def _refuse(self, numbers: range, options: dict[str, Any]) -> None:
        if settings.PRODUCTION and not options["in_production"]:
            raise CommandError("This is a production. --in-production does it all the same.")
        if min(options["years"], options["plans"], options["first"], options["indicators"]) < 1:
            raise CommandError("Plans, years, indicators and the first number are 1 or more.")
        found = taken(numbers)
        if found:
            raise CommandError(f"Already there, so nothing was made: {', '.join(found)}.")

    def _analyse(self) -> None:
        """The planner of PostgreSQL knows nothing of rows that came this fast."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")

    def _tell(self, seconds: float, watch: Clock) -> None:
        counts = [
            f"{Edition.objects.count():,} editions",
            f"{Report.objects.count():,} reports",
            f"{Observation.objects.count():,} observations",
        ]
        self.stdout.write(
            f"There are now {', '.join(counts)}. It took {seconds:.0f} s, "
            f"of which {process_time():.0f} s of CPU time in this process:"
        )
        for part, spent in watch.spent.items():
            self.stdout.write(f"  {part:<12}{spent:8.1f} s")
