"""Who may log in."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from accounts.models import User

PERSON = "SELECT * FROM accounts_user WHERE id = %s"


class PersonBackend(ModelBackend):
    """Active people; demonstration people only while the demonstration is on."""

    def user_can_authenticate(self, user: object) -> bool:
        if getattr(user, "is_demo", False) and not settings.DEMO:
            return False
        return bool(super().user_can_authenticate(user))  # type: ignore[arg-type]

    def get_user(self, user_id: int) -> User | None:
        """As Django's, without its query builder: this is asked at each request of a person."""
        found = next(iter(User.objects.raw(PERSON, [user_id])), None)
        return found if found and self.user_can_authenticate(found) else None
