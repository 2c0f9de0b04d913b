"""The crosswalk: from the frameworks to what the plan does."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from common.charts import StackedBar, stacked_bar
from publishing.filters import CrosswalkFilter
from publishing.kept import kept
from publishing.reading import Parts
from publishing.reading.crosswalk import Crossing, knows_all_items, reached
from publishing.reading.insight import action_counts, counts, scale_of, statuses
from publishing.reading.plan import FrameworkItem
from publishing.tables import CrosswalkTable
from publishing.views.frame import asked_for, list_page, suffix_of
from reports.choices import ActionStatus


@dataclass(frozen=True)
class Crossed:
    """One item as the page shows it."""

    row: Crossing
    bar: StackedBar
    actions: list[tuple[ActionStatus, int]]


def crossed(parts: Parts, rows: list[Crossing]) -> list[Crossed]:
    """The items of one page with their bars; textures agree across all of them."""
    scale = scale_of(parts.indicators.values())
    return [
        Crossed(
            row,
            stacked_bar(counts(statuses(row.indicators), scale), f"item-{number}"),
            [pair for pair in action_counts(row.actions) if pair[1]],
        )
        for number, row in enumerate(rows)
    ]


def families(rows: list[Crossing]) -> list[tuple[FrameworkItem, StackedBar]]:
    """For each framework how many of its items the plan answers to."""
    return [
        (item, stacked_bar(found, f"framework-{number}"))
        for number, (item, found) in enumerate(reached(rows))
    ]


@require_safe
@kept()
def crosswalk(request: HttpRequest, plan: str) -> HttpResponseBase:
    """What the plan does about each item of each framework, and how far that is."""
    publication = asked_for(request, plan)
    parts = publication.parts
    form = CrosswalkFilter(request.GET, parts)
    rows = form.apply()
    table = CrosswalkTable(rows, request.GET, plan=plan, suffix=suffix_of(request, publication))
    return list_page(
        request,
        publication,
        table,
        form,
        "crosswalk",
        "publishing/crosswalk.html",
        items=crossed(parts, list(table.page.object_list)),
        families=families(rows),
        is_whole=knows_all_items(parts),
    )
