"""Why an edition was not published, or cannot be shown."""

from reports.errors import WorkflowError


class NotTheLead(WorkflowError):
    """Only the lead of a plan publishes."""


class NothingToPublish(WorkflowError):
    """No validated report waits for publication."""


class Outdated(WorkflowError):
    """What would be published is not what the lead saw."""


class DamagedEdition(Exception):
    """The stored snapshot is not the one that was published."""
