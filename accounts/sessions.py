"""Sessions as Django keeps them in the database, read with less ado.

Every page of somebody who is logged in begins with this question; the query builder takes longer
to put it than the database to answer.
"""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection
from django.utils import timezone

STANDING = """
    SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s
"""


class SessionStore(DatabaseStore):
    """Reads a session that has not expired; all else is Django's."""

    def load(self) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute(STANDING, [self.session_key, timezone.now()])
            found = cursor.fetchone()
        if found is None:  # Django's way tells why, and forgets the key
            return super().load()
        return self.decode(found[0])
