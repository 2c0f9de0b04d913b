"""Lists of a plan that filter, page and go out as what was filtered."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from common.downloads import table_response
from publishing.filters import ActionFilter, IndicatorFilter
from publishing.kept import kept
from publishing.reading.insight import scorecards
from publishing.tables import ActionTable, IndicatorTable, InstitutionTable, StructureTable
from publishing.views.frame import asked_for, plan_page, suffix_of


@require_safe
@kept()
def indicators(request: HttpRequest, plan: str) -> HttpResponseBase:
    """All indicators, by objective, institution, status and framework."""
    publication = asked_for(request, plan)
    form = IndicatorFilter(request.GET, publication.parts)
    rows = form.apply(publication.parts.indicators.values())
    kind = IndicatorTable if publication.issue else StructureTable
    table = kind(rows, request.GET, plan=plan, suffix=suffix_of(request, publication))
    return table_response(request, table, f"{plan}-indicators") or plan_page(
        request, "publishing/list.html", publication, table=table, **_list(table, form)
    )


@require_safe
@kept()
def actions(request: HttpRequest, plan: str) -> HttpResponseBase:
    """All actions, by objective, institution, status and framework."""
    publication = asked_for(request, plan)
    form = ActionFilter(request.GET, publication.parts)
    rows = form.apply(publication.parts.actions.values())
    table = ActionTable(rows, request.GET, plan=plan, suffix=suffix_of(request, publication))
    return table_response(request, table, f"{plan}-actions") or plan_page(
        request, "publishing/list.html", publication, table=table, **_list(table, form)
    )


@require_safe
@kept()
def institutions(request: HttpRequest, plan: str) -> HttpResponseBase:
    """All institutions, with how they report."""
    publication = asked_for(request, plan)
    cards = scorecards(publication.parts)
    table = InstitutionTable(cards, request.GET, plan=plan, suffix=suffix_of(request, publication))
    return table_response(request, table, f"{plan}-institutions") or plan_page(
        request, "publishing/list.html", publication, table=table, title=table.title
    )


def _list(table: Any, form: Any) -> dict[str, Any]:
    return {"title": table.title, "form": form, "filter_count": len(form.chosen)}
