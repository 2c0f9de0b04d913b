"""What every public page shares: which edition it shows, its headings and its headers."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from common.downloads import table_response
from indicators.models import Plan
from publishing.filters import PlanFilter
from publishing.kept import standing
from publishing.queries import Publication, publication_at
from publishing.tables import PlanTable

BRIEFLY = "public, max-age=60"
Tab = tuple[str, str, bool]
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


def tabs(request: HttpRequest, code: str, suffix: str) -> list[Tab]:
    """The pages of a plan: label, address, whether it is the one shown."""
    names = {
        "plan": _("Overview"),
        "objectives": _("Objectives"),
        "indicators": _("Indicators"),
        "actions": _("Actions"),
        "money": _("Money"),
        "institutions": _("Institutions"),
    }
    return _tabs(request, code, suffix, names)


def more_tabs(request: HttpRequest, code: str, suffix: str) -> list[Tab]:
    """The pages that set the plan's parts against something else; they stand under "More"."""
    names = {
        "differences": _("Differences"),
        "gaps": _("Missing figures"),
        "compare": _("Compare quarters"),
        "crosswalk": _("Frameworks"),
    }
    return _tabs(request, code, suffix, names)


def _tabs(request: HttpRequest, code: str, suffix: str, names: dict[str, str]) -> list[Tab]:
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
    more = more_tabs(request, plan.code, suffix)
    frame = {
        "publication": publication,
        "parts": publication.parts,
        "issue": publication.issue,
        "plan": plan,
        "suffix": suffix,
        "tabs": tabs(request, plan.code, suffix),
        "more_tabs": more,
        "is_more": any(is_current for _label, _address, is_current in more),
        "plan_crumbs": [
            (_("Plans"), reverse("home")),
            (str(plan.title), reverse("plan", args=[plan.code]) + suffix),
        ],
    }
    return public_page(request, template, {**frame, **context})


def list_page(
    request: HttpRequest,
    publication: Publication,
    table: PlanTable,
    form: PlanFilter,
    name: str,
    template: str = "publishing/list.html",
    **context: Any,
) -> HttpResponseBase:
    """A list with its filter, or the file of what it shows."""
    about = {"title": table.title, "table": table, "form": form, "filter_count": len(form.chosen)}
    return table_response(request, table, f"{table.plan}-{name}") or plan_page(
        request, template, publication, **{**about, **context}
    )


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


def whole(table: Any) -> Any:
    """A list inside a page: all rows, no download of its own."""
    table.page_size, table.can_export = 1_000, False
    return table
