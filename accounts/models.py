"""People and the institutions they act for."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.choices import InstitutionKind
from common.codes import validate_code


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        """The person of an address, in whatever case it is typed."""
        return self.alias(lowered=Lower("email")).get(lowered=(email or "").lower())

    def create_superuser(self, email: str, password: str, **extra: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)


class User(AbstractUser):
    """A person, known by an e-mail address. What she may do stands in her memberships."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(
        _("language"), max_length=7, choices=settings.LANGUAGES, default="en"
    )
    is_demo = models.BooleanField(
        _("demonstration user"),
        default=False,
        editable=False,
        help_text=_("Can log in only while the demonstration is on."),
    )

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ["name"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_email_any_case",
                violation_error_message=_("There is already a person with this address."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Institution(models.Model):
    """A body that carries out, reports on or watches a plan. Its names change; its code stays."""

    country = models.CharField(_("country"), max_length=2, help_text=_("Two letters, ISO 3166."))
    code = models.CharField(_("code"), max_length=20, validators=[validate_code])
    name = models.CharField(_("name"), max_length=250)
    kind = models.CharField(_("kind"), max_length=30, choices=InstitutionKind)
    source = models.CharField(_("source"), max_length=500, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["country", "code"]
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        constraints = [
            models.UniqueConstraint(
                fields=["country", "code"],
                name="accounts_institution_code",
                violation_error_message=_("This country already has an institution of this code."),
            ),
            models.CheckConstraint(
                condition=models.Q(country__regex="^[A-Z][A-Z]$"),
                name="accounts_institution_country",
                violation_error_message=_("Write the country as two capital letters."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.code


class InstitutionAlias(models.Model):
    """Another name under which an institution is found in files and older documents."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="aliases")
    name = models.CharField(_("name"), max_length=250)

    class Meta:
        ordering = ["name"]
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "name"],
                name="accounts_alias_once",
                violation_error_message=_("This name is already listed."),
            )
        ]

    def __str__(self) -> str:
        return self.name
