"""Sessions in the database, read with less ado; a cookie that can be no key of ours is no session.

Every page of somebody who is logged in begins with this question; the query builder takes longer
to put it than the database to answer.
"""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as StoredSession
from django.db import connection
from django.utils import timezone

STANDING = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(StoredSession):
    """PostgreSQL refuses to look for a key with a NUL in it, and the page would break."""

    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key and key.isascii() and key.isalnum() and len(key) >= 8)

    def load(self) -> dict[str, Any]:
        """What the session says; one that has expired or is not there is empty, and has no key."""
        with connection.cursor() as cursor:
            cursor.execute(STANDING, [self.session_key, timezone.now()])
            found = cursor.fetchone()
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found[0])
