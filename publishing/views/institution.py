"""One institution: what it carries, how it reports, what it says."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from common.charts import stacked_bar
from publishing.exports import narrative_headings
from publishing.kept import kept
from publishing.reading import Institution, Parts, Report
from publishing.reading.answers import given_of, owed_by_all
from publishing.reading.insight import (
    Scorecard,
    Standing,
    action_counts,
    counts,
    scale_of,
    scorecards,
    statuses,
)
from publishing.reading.lights import differing
from publishing.reading.register import register
from publishing.tables import ActionTable, StructureTable, TrendTable
from publishing.views.frame import asked_for, found, plan_page, suffix_of, whole


@dataclass(frozen=True)
class Delivery:
    """One quarter of an institution: its report, and how many of the figures it owed came."""

    standing: Standing
    given: int
    owed: int


def deliveries(parts: Parts, card: Scorecard) -> list[Delivery]:
    """The quarters in which it owed a report, newest first."""
    mine = [row for row in owed_by_all(parts) if row.institution is card.institution]
    return [
        Delivery(standing, *given_of(row for row in mine if row.quarter is standing.quarter))
        for standing in card.standings[::-1]
    ]


def narrative(report: Report) -> list[tuple[str, str, str]]:
    """The parts of a narrative that were written: name, heading, text."""
    told = report.narrative
    return [(name, label, told[name]) for name, label in narrative_headings() if told[name]]


def _standing(parts: Parts, row: Institution) -> dict[str, Any]:
    """Where its indicators and actions stand, and how much is disputed or missing."""
    scale = scale_of(parts.indicators.values())
    actions = action_counts([*row.leads, *row.supports])
    return {
        "bar": stacked_bar(counts(statuses(row.indicators), scale), "indicators"),
        "action_bar": stacked_bar(actions, "actions"),
        "differing": sum(1 for found in differing(parts) if found.line.institution is row),
        "missing": sum(1 for hole in register(parts) if hole.concerns(row.code)),
    }


@require_safe
@kept()
def institution(request: HttpRequest, plan: str, code: str) -> HttpResponse:
    """The scorecard of one institution."""
    publication = asked_for(request, plan)
    parts = publication.parts
    row: Institution = found(parts.institutions, code)
    place: dict[str, Any] = {"plan": plan, "suffix": suffix_of(request, publication)}
    kind = TrendTable if publication.issue else StructureTable
    card = next(card for card in scorecards(parts) if card.institution is row)
    reports = [report for report in parts.reports if report.institution is row]
    told = deliveries(parts, card)
    return plan_page(
        request,
        "publishing/institution.html",
        publication,
        institution=row,
        card=card,
        deliveries=told,
        given=sum(d.given for d in told),
        owed=sum(d.owed for d in told),
        report=reports[-1] if reports else None,
        narrative=narrative(reports[-1]) if reports else [],
        indicators=whole(kind(row.indicators, **place)),
        actions=whole(ActionTable([*row.leads, *row.supports], **place)),
        **_standing(parts, row),
    )
