"""Filters of the public pages; what was chosen stands in the address."""

from publishing.filters.money import MoneyFilter
from publishing.filters.pages import (
    CompareFilter,
    CrosswalkFilter,
    GapFilter,
    InstitutionFilter,
    LightsFilter,
)
from publishing.filters.plan import ActionFilter, IndicatorFilter, PlanFilter

__all__ = [
    "ActionFilter",
    "CompareFilter",
    "CrosswalkFilter",
    "GapFilter",
    "IndicatorFilter",
    "InstitutionFilter",
    "LightsFilter",
    "MoneyFilter",
    "PlanFilter",
]
