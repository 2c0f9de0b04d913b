"""What a person reads of many reports: live for its own people, for others as it was submitted.

Both come in the shape in which a revision is frozen, so that nothing after this knows the
difference, and nobody can read the wrong one by mistake.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F

from reports.choices import Side
from reports.content import FIGURES
from reports.models import ActionProgress, Line, Narrative, Report, Revision
from reports.money import money_rows
from reports.rules import sees_live

Content = dict[str, Any]

ACTION_FIELDS = ("status", "allocated", "spent", "note")


def contents_for(user: Any, reports: Sequence[Report]) -> dict[int, Content]:
    """By report; seven queries. A report that was never submitted has no content for others."""
    live = [report.pk for report in reports if sees_live(user, report)]
    others = {report.pk: report.revision for report in reports if report.pk not in set(live)}
    return frozen(others) | _live(live)


def frozen(numbers: Mapping[int, int]) -> dict[int, Content]:
    """The content of the last submitted revision, of those reports that have one; one query."""
    rows = Revision.objects.filter(report__in=numbers, number=F("report__revision"))
    return {
        row.report_id: json.loads(row.content)
        for row in rows
        if row.number == numbers[row.report_id]
    }


def _live(keys: Sequence[int]) -> dict[int, Content]:
    found: dict[int, Content] = {key: {"lines": [], "actions": [], "narrative": {}} for key in keys}
    for report, line in _lines(keys):
        found[report]["lines"].append(line)
    for report, action in _actions(keys):
        found[report]["actions"].append(action)
    for narrative in Narrative.objects.filter(report__in=keys):
        words = {name: getattr(narrative, name) for name in Narrative.FIELDS}
        found[narrative.report_id]["narrative"] = words
    return found


def _lines(keys: Sequence[int]) -> Iterable[tuple[int, Content]]:
    lines = Line.objects.filter(report__in=keys).select_related("indicator").order_by("pk")
    for line in lines.prefetch_related("observations", "ratings"):
        ratings = [r for r in line.ratings.all() if r.side == Side.MINISTRY]
        yield (
            line.report_id,
            {
                "indicator": line.indicator.code,
                "note": line.note,
                "observations": [
                    {name: getattr(o, name) for name in FIGURES} for o in line.observations.all()
                ],
                "rating": {"value": ratings[0].value, "reason": ratings[0].reason}
                if ratings
                else None,
            },
        )


def _actions(keys: Sequence[int]) -> Iterable[tuple[int, Content]]:
    rows = ActionProgress.objects.filter(report__in=keys).order_by("pk")
    money = money_rows(keys)
    for row in rows.select_related("action"):
        fields = {name: getattr(row, name) for name in ACTION_FIELDS}
        fields["money"] = money.get(row.pk, [])
        yield row.report_id, {"action": row.action.code, **fields}


def by_key(key: str, rows: Iterable[Content]) -> dict[str, Content]:
    """The parts of a content by their code."""
    return {row[key]: row for row in rows}


def grouped(rows: Iterable[Any], name: str) -> dict[int, list[Any]]:
    """Rows by the primary key that one of their fields holds."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found
