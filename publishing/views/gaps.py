"""The data-gap register."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from publishing.filters import GapFilter
from publishing.kept import kept
from publishing.reading.register import kinds, register
from publishing.tables import RegisterTable
from publishing.views.frame import asked_for, list_page, suffix_of


@require_safe
@kept()
def gaps(request: HttpRequest, plan: str) -> HttpResponseBase:
    """Every figure that is not there, and every indicator that cannot be judged."""
    publication = asked_for(request, plan)
    form = GapFilter(request.GET, publication.parts)
    rows = form.apply(register(publication.parts))
    suffix = suffix_of(request, publication)
    table = RegisterTable(rows, request.GET, plan=plan, suffix=suffix)
    template = "publishing/gaps.html"
    return list_page(request, publication, table, form, "gaps", template, kinds=kinds(rows))
