"""The workflow in the admin, for who prefers it, and the log."""

from django.contrib import admin
from django_tasks_db.models import DBTaskResult

from reports.admin import log, reports

__all__ = ["log", "reports"]

# The queue is the machine's own: what went wrong in a task may name what is nobody's to read.
admin.site.unregister(DBTaskResult)
