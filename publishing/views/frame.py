"""What every public page shares: which edition it shows, its headings and its headers."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from indicators.models import Plan
from publishing.kept import standing
from publishing.queries import Publication, publication_at

BRIEFLY = "public, max-age=60"
NO_TOKEN = "NOTPROVIDED"  # noqa: S105 - Django's own word for "no token here"


def asked_for(request: HttpRequest, code: str) -> Publication:
    """The plan's edition named in the address, or its latest; 404 when there is none such."""
    try:
        return publication_at(standing(request, code))
    except Plan.DoesNotExist as missing:
        raise Http404 from missing


def suffix_of(request: HttpRequest, publication: Publication) -> str:
    """What keeps the reader in the edition she asked for, from page to page."""
    asked = request.GET.get("edition", "")
    return f"?edition={asked}" if asked and publication.issue else ""


def tabs(request: HttpRequest, code: str, suffix: str) -> list[tuple[str, str, bool]]:
    """The pages of a plan: label, address, whether it is the one shown."""
    names = {
        "plan": _("Overview"),
        "objectives": _("Objectives"),
        "indicators": _("Indicators"),
        "actions": _("Actions"),
        "institutions": _("Institutions"),
    }
    addresses = {name: reverse(name, args=[code]) for name in names}
    return [
        (
            label,
            addresses[name] + suffix,
            request.path == addresses[name]
            or (name != "plan" and request.path.startswith(addresses[name])),
        )
        for name, label in names.items()
    ]


def plan_page(
    request: HttpRequest, template: str, publication: Publication, **context: Any
) -> HttpResponse:
    """A page of a plan, in the frame all of them have."""
    plan, suffix = publication.parts.plan, suffix_of(request, publication)
    frame = {
        "publication": publication,
        "parts": publication.parts,
        "issue": publication.issue,
        "plan": plan,
        "suffix": suffix,
        "tabs": tabs(request, plan.code, suffix),
        "plan_crumbs": [
            (_("Plans"), reverse("home")),
            (str(plan.title), reverse("plan", args=[plan.code]) + suffix),
        ],
    }
    return public_page(request, template, {**frame, **context})


def public_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page anybody may see and a cache may keep a minute.

    For somebody who is not logged in it has no form that needs a token, and so sets no cookie.
    """
    if not request.user.is_authenticated:
        context = {**context, "csrf_token": NO_TOKEN}
    response = render(request, template, context)
    response.headers["Cache-Control"] = BRIEFLY
    patch_vary_headers(response, ("Cookie", "Accept-Language"))
    return response


def found(rows: dict[str, Any], code: str) -> Any:
    """One part of the plan by its code, or 404."""
    if code not in rows:
        raise Http404
    return rows[code]
