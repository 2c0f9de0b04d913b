"""Who may log in."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend


class PersonBackend(ModelBackend):
    """Active people; demonstration people only while the demonstration is on."""

    def user_can_authenticate(self, user: object) -> bool:
        if getattr(user, "is_demo", False) and not settings.DEMO:
            return False
        return bool(super().user_can_authenticate(user))  # type: ignore[arg-type]
