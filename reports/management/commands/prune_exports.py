"""Removes the files of exports whose time is over; for an hourly timer, safe to repeat."""

from typing import Any

from django.core.management.base import BaseCommand

from reports.consolidated.keeping import forget_old, give_up, remove_expired, remove_orphans
from reports.models import ExportJob


class Command(BaseCommand):
    help = "Remove expired export files, end what takes too long, remove files without a job."

    def handle(self, *args: Any, **options: Any) -> None:
        given_up = give_up()
        expired = remove_expired(ExportJob.objects.all())
        orphans = remove_orphans()
        old = forget_old()
        self.stdout.write(
            f"{expired} expired, {given_up} given up, {orphans} without a job, {old} forgotten"
        )
