"""The rows an edition is made of, read in a fixed number of queries."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, Value

from indicators.models import (
    Action,
    FrameworkItem,
    Indicator,
    IndicatorDimension,
    Objective,
    Plan,
    PlanLevel,
)
from reports.choices import FINAL, ReportStatus, Side
from reports.models import Line, Period, Rating, Report, Revision

Links = Mapping[tuple[str, int], list[FrameworkItem]]
Items = Mapping[int, FrameworkItem]


@dataclass(frozen=True)
class PlanRows:
    """The plan as adopted. `items` are all of the frameworks that anything is linked to."""

    plan: Plan
    levels: list[PlanLevel]
    objectives: list[Objective]
    actions: list[Action]
    indicators: list[Indicator]
    links: Links
    items: Items


@dataclass(frozen=True)
class ReportRows:
    """The cycle up to a quarter: every report owed, and what the official ones say.

    `contents` holds, by report, the content its last revision froze: what was reviewed is what is
    published. `owed` names the indicators of every report, also of those that are missing.
    """

    periods: list[Period]
    reports: list[Report]
    official: list[Report]
    contents: dict[int, dict[str, Any]]
    revisions: dict[int, Revision]
    owed: dict[int, set[str]]
    coalition: dict[tuple[int, str], Rating]


def _frameworks(plan: Plan) -> tuple[Links, Items]:
    """What objectives, actions and indicators are linked to, and what else stands beside it.

    Two queries; one where nothing is linked.
    """
    queries = [
        model.frameworks.through.objects.filter(**{f"{kind}__plan": plan})
        .annotate(kind=Value(kind))
        .values_list("kind", f"{kind}_id", "frameworkitem_id")
        .order_by()
        for kind, model in (
            ("objective", Objective),
            ("action", Action),
            ("indicator", Indicator),
        )
    ]
    pairs = list(queries[0].union(queries[1], queries[2]))
    items = _items({pk for _kind, _owner, pk in pairs})
    found: dict[tuple[str, int], list[FrameworkItem]] = defaultdict(list)
    for kind, owner, pk in pairs:
        found[kind, owner].append(items[pk])
    return found, items


def _items(linked: set[int]) -> Items:
    """Every item of the frameworks that these belong to, in the frameworks' order."""
    if not linked:
        return {}
    used = FrameworkItem.objects.filter(pk__in=linked).values("framework")
    rows = FrameworkItem.objects.filter(framework__in=used).select_related("framework")
    return {row.pk: row for row in rows.order_by("framework__code", "order", "code")}


def load_plan(plan: Plan) -> PlanRows:
    """The plan's own tables: at most 12 queries."""
    splits = IndicatorDimension.objects.select_related("dimension").prefetch_related(
        "dimension__categories"
    )
    links, items = _frameworks(plan)
    return PlanRows(
        plan,
        list(plan.levels.all()),
        list(plan.objectives.order_by("order", "code")),
        list(
            plan.actions.order_by("order", "code")
            .select_related("lead")
            .prefetch_related("supporting", "fundings")
        ),
        list(
            plan.indicators.order_by("order", "code").prefetch_related(
                "responsible", "targets", Prefetch("splits", splits)
            )
        ),
        links,
        items,
    )


def _official(period: Period, reports: Iterable[Report]) -> list[Report]:
    """Published reports of this quarter, and validated or published ones of earlier quarters."""
    return [
        report
        for report in reports
        if report.state is ReportStatus.PUBLISHED
        or (report.state in FINAL and report.period_id != period.pk)
    ]


def _revisions(reports: Iterable[Report]) -> dict[int, Revision]:
    current = {report.pk: report.revision for report in reports}
    rows = Revision.objects.filter(report__in=current)
    return {row.report_id: row for row in rows if row.number == current[row.report_id]}


def load_reports(period: Period) -> ReportRows:
    """Everything reported up to and in a quarter: 5 queries."""
    periods = Period.objects.filter(plan=period.plan_id, ends_on__lte=period.ends_on)
    reports = list(
        Report.objects.filter(Q(period__plan=period.plan_id), period__ends_on__lte=period.ends_on)
        .with_names()
        .order_by("period__ends_on", "institution__code")
    )
    official = _official(period, reports)
    revisions = _revisions(official)
    owed: dict[int, set[str]] = defaultdict(set)
    lines = Line.objects.filter(report__in=reports).order_by()
    places = {
        pk: (report_id, code)
        for pk, report_id, code in lines.values_list("pk", "report_id", "indicator__code")
    }
    for report_id, code in places.values():
        owed[report_id].add(code)
    ratings = Rating.objects.filter(line__report__in=official, side=Side.COALITION)
    return ReportRows(
        periods=list(periods.order_by("ends_on")),
        reports=reports,
        official=official,
        contents={pk: json.loads(row.content) for pk, row in revisions.items()},
        revisions=revisions,
        owed=owed,
        coalition={
            places[rating.line_id]: rating
            for rating in ratings.select_related("line__light_reply").order_by()
        },
    )
