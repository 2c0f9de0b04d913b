"""What is done after the answer: see TASKS in the settings."""

from uuid import UUID

from django_tasks import task

from reports.consolidated.making import make


@task
def make_export(key: str) -> None:
    """Make the file of one export."""
    make(UUID(key))
