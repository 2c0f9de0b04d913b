"""Lists of a plan that filter, page and go out as what was filtered."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from publishing.filters import ActionFilter, IndicatorFilter, InstitutionFilter
from publishing.kept import kept
from publishing.reading.insight import scorecards
from publishing.tables import ActionTable, IndicatorTable, InstitutionTable, StructureTable
from publishing.views.frame import asked_for, list_page, suffix_of


@require_safe
@kept()
def indicators(request: HttpRequest, plan: str) -> HttpResponseBase:
    """All indicators, with their figures of the edition or of the quarter chosen."""
    publication = asked_for(request, plan)
    form = IndicatorFilter(request.GET, publication.parts)
    kind = IndicatorTable if publication.issue else StructureTable
    table = kind(form.apply(), request.GET, plan=plan, suffix=suffix_of(request, publication))
    return list_page(request, publication, table, form, "indicators")


@require_safe
@kept()
def actions(request: HttpRequest, plan: str) -> HttpResponseBase:
    """All actions, with their status and money of the edition or of the quarter chosen."""
    publication = asked_for(request, plan)
    form = ActionFilter(request.GET, publication.parts)
    suffix = suffix_of(request, publication)
    table = ActionTable(form.apply(), request.GET, plan=plan, suffix=suffix)
    return list_page(request, publication, table, form, "actions")


@require_safe
@kept()
def institutions(request: HttpRequest, plan: str) -> HttpResponseBase:
    """Institutions, with how they report."""
    publication = asked_for(request, plan)
    form = InstitutionFilter(request.GET, publication.parts)
    cards = form.apply(scorecards(publication.parts))
    suffix = suffix_of(request, publication)
    table = InstitutionTable(cards, request.GET, plan=plan, suffix=suffix)
    return list_page(request, publication, table, form, "institutions")
