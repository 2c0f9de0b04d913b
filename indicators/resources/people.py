"""Rows of people. A password never leaves and never comes from a file."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from accounts.models import User
from indicators.resources.base import KeyedResource

POWERS = ("is_active", "is_staff", "is_superuser")


class PersonResource(KeyedResource):
    """What an administrator may hand in: names and languages of her people.

    A new person needs a role in a plan, which the form asks for and a file cannot give.
    """

    plan_path = ""

    class Meta:
        model = User
        import_id_fields = ("email",)
        fields = ("email", "name", "language")

    def init_instance(self, row: Any = None) -> User:
        return User(password=make_password(None))

    def key_of_row(self, row: dict[str, Any]) -> tuple[Any, ...] | None:
        key = super().key_of_row(row)
        return key and (key[0].lower(),)

    def import_instance(self, instance: User, row: Any, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        instance.email = instance.email.lower()

    def check(self, instance: User) -> Iterator[tuple[str, str]]:
        if instance.pk is None and not self.by.is_superuser:
            yield "email", _("Nobody among your people. Add a new person with the form.")
        if instance.is_superuser and not self.by.is_superuser:
            yield "email", _("This person runs the site; you cannot change her.")


class PersonWithPowersResource(PersonResource):
    """What a superuser may hand in: also who may log in and who runs the site."""

    class Meta:
        model = User
        import_id_fields = ("email",)
        fields = ("email", "name", "language", *POWERS)
