"""A database of its own with as many observations as are asked for, in a temporary folder."""

import os
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

INSTITUTIONS, INDICATORS, CELLS = 25, 50, 10


def set_up(folder: Path) -> None:
    """Point Django at the database of this folder and start it."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "nap_monitor.settings",
        "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
        "VAR_DIR": str(folder),
        "ENV_FILE": os.devnull,
    }
    import django

    django.setup()


def fill(observations: int) -> None:
    """A plan with so many observations, all in validated reports of whole quarters."""
    from django.core.management import call_command
    from django.db import transaction

    from indicators.choices import Role
    from reports.models import Line, Observation, Report
    from reports.periods import open_period
    from tests import factory

    call_command("migrate", verbosity=0)
    quarters = observations // (INSTITUTIONS * INDICATORS * CELLS)
    with transaction.atomic():
        plan = factory.make_plan(starts_on=date(2010, 1, 1))
        objective = factory.make_objective(plan)
        places = [
            factory.make_institution(f"M{n}", f"Ministria e punëve të {n}")
            for n in range(INSTITUTIONS)
        ]
        for n in range(INDICATORS):
            factory.make_indicator(
                plan,
                f"I{n}",
                *places,
                objective=objective,
                title_en=f"Women among those who took part in training {n}",
            )
        factory.make_member(Role.ADMINISTRATOR, plan, email="keeper@example.org")
        for n in range(quarters):
            open_period(plan, 2010 + n // 4, n % 4 + 1)
        Observation.objects.bulk_create(
            (
                Observation(
                    line=line, cell=f"region=r{cell}", value=line.pk % 997 + Decimal(cell) / 4
                )
                for line in Line.objects.iterator()
                for cell in range(CELLS)
            ),
            batch_size=2_000,
        )
    assert Report.objects.count() == INSTITUTIONS * quarters  # noqa: S101 -- a benchmark's own
    assert Observation.objects.count() == observations  # noqa: S101


if __name__ == "__main__":
    set_up(Path(sys.argv[1]))
    fill(int(sys.argv[2]))
