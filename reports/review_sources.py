"""The rows behind a review: what was submitted, now and before, each read once."""

import json
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import F, Prefetch

from indicators.choices import Status
from indicators.models import Action, IndicatorDimension
from reports.models import (
    ActionProgress,
    Assessment,
    Evidence,
    Line,
    Period,
    Remark,
    Report,
    Review,
    Revision,
)
from reports.money import planned_sources, told_of
from reports.review_parts import Content, MoneyRow

YEARS_BACK = 2
NOT_TOLD = (None, None)


def reviews_of(report: Report) -> list[Review]:
    """Every round, oldest first, with its reviewer and the number of its revision."""
    rows = report.reviews.select_related("reviewer", "revision").defer("revision__content")
    return list(rows.order_by("round"))


def content_of(revision: Revision | None) -> Content:
    return json.loads(revision.content) if revision else {}


def by(key: str, rows: Iterable[Content]) -> dict[str, Content]:
    return {row[key]: row for row in rows}


def decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _compared(report: Report, reviews: list[Review]) -> int:
    """The last revision that was reviewed before this one; 0 for none."""
    numbers = [r.revision.number for r in reviews if r.outcome]
    return max((n for n in numbers if n < report.revision), default=0)


def revisions(report: Report, reviews: list[Review]) -> tuple[Content, Revision | None]:
    wanted = [report.revision, _compared(report, reviews)]
    found = {r.number: r for r in report.revisions.filter(number__in=wanted)}
    return content_of(found.get(wanted[0])), found.get(wanted[1])


def earlier_revisions(report: Report) -> list[Revision]:
    """What the institution last submitted for each earlier quarter, oldest first."""
    period = report.period
    rows = Revision.objects.filter(
        report__institution=report.institution_id,
        report__period__plan=period.plan_id,
        report__period__ends_on__lt=period.starts_on,
        report__period__year__gte=period.year - YEARS_BACK,
        number=F("report__revision"),
    )
    return list(rows.select_related("report__period").order_by("report__period__ends_on"))


def lines_of(report: Report) -> list[Line]:
    splits = Prefetch("indicator__splits", IndicatorDimension.objects.select_related("dimension"))
    return list(
        report.lines.select_related(
            "indicator__objective", "indicator__plan", "light_reply"
        ).prefetch_related(
            splits,
            "indicator__splits__dimension__categories",
            "indicator__targets",
            "indicator__responsible",
            "ratings",
        )
    )


def computed_in(period: Period) -> dict[int, Status]:
    """What validated reports come to at the end of a quarter, by the indicator's key."""
    rows = Assessment.objects.filter(period=period, cell_set="")
    return {pk: Status(status) for pk, status in rows.values_list("indicator", "status")}


def actions_of(report: Report) -> list[ActionProgress]:
    rows = report.actions.select_related("action__objective")
    return list(rows.prefetch_related("action__fundings"))


def source_rows(
    action: Action, now: Content, earlier: Content, old: Content | None
) -> list[MoneyRow]:
    """The sources of an action with several, and what else was told by source."""
    told, before = told_of(now).by_source, told_of(earlier).by_source
    replaced = told_of(old).by_source if old else None
    planned = {row.source: row.planned for row in action.fundings.all()}
    names = dict.fromkeys([*planned_sources(action), *sorted({*told, *(replaced or {})})])
    return [
        MoneyRow(
            name,
            planned.get(name),
            *told.get(name, NOT_TOLD),
            before.get(name, NOT_TOLD)[1],
            is_changed=replaced is not None and replaced.get(name) != told.get(name),
            replaced=replaced.get(name, NOT_TOLD) if replaced is not None else None,
        )
        for name in names
    ]


def _key_of(row: Remark | Evidence) -> str:
    """The part that a remark or a file belongs to."""
    if row.line_id:
        return f"line-{row.line_id}"
    return f"action-{row.action_id}" if row.action_id else "narrative"


def grouped(rows: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[_key_of(row)].append(row)
    return found
