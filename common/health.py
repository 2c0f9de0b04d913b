"""Whether the system is in order, for a monitor that asks."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse


def _fault() -> str:
    """What is wrong, empty when nothing is."""
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return f"The database does not answer: {type(error).__name__}."
    if pending:
        return f"{len(pending)} migrations are not applied; the first is {pending[0][0]}."
    return ""


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when database and migrations are in order, else 503 with the reason."""
    fault = _fault()
    status = 503 if fault else 200
    body = {"status": "fault" if fault else "ok", "reason": fault}
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})
