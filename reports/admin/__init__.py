"""The workflow in the admin, for who prefers it, and the log."""

from reports.admin import log, reports

__all__ = ["log", "reports"]
