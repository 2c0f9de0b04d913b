"""The plan as adopted, as plain data: the part of a snapshot that needs no report.

Baselines and targets of protected indicators are protected like their figures; restricted
indicators show none.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils.translation import gettext_lazy, override

from accounts.models import Institution
from indicators.cells import cells_of, keys_of
from indicators.choices import BaselineState, Sensitivity
from indicators.combine import Ratio
from indicators.models import Action, FrameworkItem, Indicator, Objective, Plan, PlanLevel, Target
from publishing.disclosure import Figure, Protection, amount, figure, words
from publishing.loading import Items, Links, PlanRows
from reports.assessing import rounded
from reports.queries import baseline_of

Data = dict[str, Any]
TOTAL_LABEL = gettext_lazy("Total")


def texts(row: Model, field: str) -> dict[str, str]:
    """A text in every language in which it was written."""
    languages = settings.MODELTRANSLATION_LANGUAGES
    found = {code: getattr(row, f"{field}_{code}") for code in languages}
    return {code: text for code, text in found.items() if text}


def protection_of(plan: Plan) -> Protection:
    """The thresholds the plan protects small counts with."""
    return Protection(plan.small_count_below, plan.small_count_rounding)


def _sourced(row: Objective | Action | Indicator | Plan) -> Data:
    return {"note": texts(row, "note"), "source": row.source, "certainty": row.certainty}


def _plan(plan: Plan, levels: Iterable[PlanLevel]) -> Data:
    return {
        "code": plan.code,
        "country": plan.country,
        "title": texts(plan, "title"),
        "languages": plan.languages,
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "adopted_on": plan.adopted_on,
        "cadence": plan.cadence,
        "currency": plan.currency,
        "time_zone": plan.time_zone,
        "is_demonstration": plan.is_demonstration,
        "thresholds": {
            "on_track_at": plan.on_track_at,
            "at_risk_at": plan.at_risk_at,
            "coverage_at": plan.coverage_at,
            "small_count_below": plan.small_count_below,
            "small_count_rounding": plan.small_count_rounding,
        },
        "levels": [{"depth": level.depth, "name": texts(level, "name")} for level in levels],
        **_sourced(plan),
    }


def _codes(items: Iterable[FrameworkItem]) -> list[str]:
    return sorted(f"{item.framework.code}:{item.code}" for item in items)


def _objective(row: Objective, parents: dict[int, str], links: Links) -> Data:
    return {
        "code": row.code,
        "title": texts(row, "title"),
        "parent": parents.get(row.parent_id) if row.parent_id else None,
        "depth": row.depth,
        "frameworks": _codes(links.get(("objective", row.pk), ())),
        **_sourced(row),
    }


def _action(row: Action, parents: dict[int, str], links: Links) -> Data:
    return {
        "code": row.code,
        "title": texts(row, "title"),
        "objective": parents[row.objective_id],
        "lead": row.lead.code if row.lead else None,
        "supporting": sorted(i.code for i in row.supporting.all()),
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "funding": [{"source": f.source, "planned": f.planned} for f in row.fundings.all()],
        "frameworks": _codes(links.get(("action", row.pk), ())),
        **_sourced(row),
    }


def _target(target: Target, sensitivity: str, rule: Protection) -> Data:
    return {
        "cell": target.cell,
        "as_of": target.as_of,
        "value": figure(target.value, sensitivity, rule),
        "version": target.version,
        "reason": words(target.reason, sensitivity),
        "decision": target.decision,
    }


def _start(row: Indicator, rule: Protection) -> Figure | None:
    """Where it starts; a share by its halves, so that a hidden half hides the percentage too."""
    halves = Ratio(row.baseline_numerator, row.baseline_denominator)
    if halves.value is None:
        return figure(baseline_of(row), row.sensitivity, rule)
    shown = amount(halves, row.sensitivity, rule).value
    return rounded(shown) if isinstance(shown, Decimal) else shown


def _baseline(row: Indicator, rule: Protection) -> Data:
    """The start; one that is zero by nature is no count of anybody."""
    by_nature = row.baseline_state == BaselineState.ZERO
    return {
        "state": row.baseline_state,
        "value": Decimal(0) if by_nature else _start(row, rule),
        "date": row.baseline_date,
        "source": row.baseline_source,
    }


def _cells(row: Indicator) -> list[Data]:
    """The cells with their labels in every language."""
    by_language = {}
    for code in settings.MODELTRANSLATION_LANGUAGES:
        with override(code):
            by_language[code] = [str(c.label) for c in cells_of(row, str(TOTAL_LABEL))]
    return [
        {"key": key, "label": {code: labels[n] for code, labels in by_language.items()}}
        for n, key in enumerate(keys_of(row))
    ]


def _indicator(
    row: Indicator, objectives: dict[int, str], actions: dict[int, str], links: Links, plan: Plan
) -> Data:
    rule, closed = protection_of(plan), row.sensitivity == Sensitivity.RESTRICTED
    declared = ("code", "kind", "direction", "value_meaning", "over_time", "over_units")
    return {
        **{name: getattr(row, name) for name in (*declared, "frequency", "sensitivity")},
        **{name: texts(row, name) for name in ("title", "definition", "unit")},
        **_sourced(row),
        "objective": objectives[row.objective_id],
        "action": actions.get(row.action_id) if row.action_id else None,
        "baseline": _baseline(row, rule),
        "tolerance": row.tolerance if row.sensitivity == Sensitivity.PUBLIC else None,
        "own_thresholds": {
            "on_track_at": row.on_track_at,
            "at_risk_at": row.at_risk_at,
            "reason": row.threshold_reason,
        },
        "targets": [] if closed else [_target(t, row.sensitivity, rule) for t in row.targets.all()],
        "responsible": sorted(i.code for i in row.responsible.all()),
        "cells": _cells(row),
        "frameworks": _codes(links.get(("indicator", row.pk), ())),
    }


def _framework_items(items: Items) -> list[Data]:
    """All items of the frameworks the plan answers to: also those that nothing is linked to."""
    return [
        {
            "code": f"{item.framework.code}:{item.code}",
            "framework": texts(item.framework, "title"),
            "title": texts(item, "title"),
            "pillar": item.pillar,
            "certainty": item.certainty,
            "order": item.order,
        }
        for item in items.values()
    ]


def institution(row: Institution) -> Data:
    return {"code": row.code, "name": texts(row, "name"), "kind": row.kind}


def _institutions(rows: PlanRows, more: Iterable[Institution]) -> list[Data]:
    """Who leads, supports, is responsible for, or has reported on anything of the plan."""
    found = {row.code: row for row in more}
    for action in rows.actions:
        found |= {row.code: row for row in action.supporting.all()}
        if action.lead:
            found[action.lead.code] = action.lead
    for indicator in rows.indicators:
        found |= {row.code: row for row in indicator.responsible.all()}
    return [institution(found[code]) for code in sorted(found)]


def structure_of(rows: PlanRows, reporting: Iterable[Institution] = ()) -> Data:
    """Plan, objectives, actions, indicators, frameworks and institutions, in the plan's order."""
    objectives = {row.pk: row.code for row in rows.objectives}
    actions = {row.pk: row.code for row in rows.actions}
    return {
        "plan": _plan(rows.plan, rows.levels),
        "objectives": [_objective(row, objectives, rows.links) for row in rows.objectives],
        "actions": [_action(row, objectives, rows.links) for row in rows.actions],
        "indicators": [
            _indicator(row, objectives, actions, rows.links, rows.plan) for row in rows.indicators
        ],
        "frameworks": _framework_items(rows.items),
        "institutions": _institutions(rows, reporting),
    }
