"""Opens every quarter that has ended; for a daily timer, safe to repeat."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from common import clock
from indicators.models import Plan
from reports.periods import open_period, quarters_until


class Command(BaseCommand):
    help = "Open the ended quarters of every running plan: one draft report per institution."

    def handle(self, *args: Any, **options: Any) -> None:
        for plan in Plan.objects.all():
            today = clock.today(plan.time_zone)
            # The last quarter ends with the plan: it is opened after that, until it is due.
            if not plan.starts_on <= today <= plan.ends_on + timedelta(plan.report_due_days):
                continue
            for year, quarter in quarters_until(plan, today):
                if not plan.periods.filter(year=year, quarter=quarter).exists():
                    self.stdout.write(str(open_period(plan, year, quarter)))
