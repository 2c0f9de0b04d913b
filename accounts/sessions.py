"""Sessions in the database; a cookie that can be no key of ours is no session."""

from django.contrib.sessions.backends.db import SessionStore as StoredSession


class SessionStore(StoredSession):
    """PostgreSQL refuses to look for a key with a NUL in it, and the page would break."""

    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key and key.isascii() and key.isalnum() and len(key) >= 8)
