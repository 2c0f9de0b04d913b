"""What every page shows around its content, for the person who asks."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from common.context import NavEntry, nav_entry
from indicators.choices import COALITION_ROLES, MINISTRY_ROLES, Role
from indicators.rules import holdings, holds_anywhere
from publishing.demo.people import PASSWORD, PEOPLE

LOGINS = [(person.role.label, person.email) for person in PEOPLE]


def navigation(request: HttpRequest) -> list[NavEntry]:
    """The entries this person can use, public ones first."""
    user = getattr(request, "user", None)
    entries = [
        nav_entry(request, _("Plans"), reverse("home"), exact=True),
        nav_entry(request, _("Editions"), reverse("editions")),
    ]
    if holds_anywhere(user, *MINISTRY_ROLES):
        entries.append(nav_entry(request, _("My reports"), reverse("my_reports")))
    if holds_anywhere(user, *COALITION_ROLES):
        entries.append(nav_entry(request, _("Review"), reverse("review_queue")))
    if holdings(user):
        entries.append(nav_entry(request, _("Quarters"), reverse("quarters")))
        entries.append(nav_entry(request, _("Who owes what"), reverse("matrix")))
    if holds_anywhere(user, Role.ADMINISTRATOR):
        entries.append(nav_entry(request, _("Earlier figures"), reverse("history")))
    if getattr(user, "is_staff", False):
        entries.append(nav_entry(request, _("Administration"), reverse("admin:index")))
    return entries


def roles_text(request: HttpRequest) -> str:
    """The person's roles in one line."""
    user = getattr(request, "user", None)
    roles = {h.role for h in holdings(user)}
    return ", ".join(str(role.label) for role in Role if role in roles)


def site(request: HttpRequest) -> dict[str, object]:
    """Context of every page; see common/context.py."""
    demo = {"demo_logins": LOGINS, "demo_password": PASSWORD} if settings.DEMO else {}
    return {
        "product_name": _("1325 Monitor"),
        "nav": navigation(request),
        "demo_notice": settings.DEMO,
        "roles_text": roles_text(request),
        "home_url": reverse("home"),
        "method_url": reverse("method"),
        **demo,
    }
