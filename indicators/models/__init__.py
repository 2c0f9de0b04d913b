"""The plan as it was adopted."""

from indicators.models.consistency import ConsistencyRule
from indicators.models.frameworks import Framework, FrameworkItem
from indicators.models.indicator import (
    Category,
    Dimension,
    Indicator,
    IndicatorDimension,
    Target,
)
from indicators.models.membership import Membership
from indicators.models.plan import Action, Funding, Objective, Plan, PlanLevel

__all__ = [
    "Action",
    "Category",
    "ConsistencyRule",
    "Dimension",
    "Framework",
    "FrameworkItem",
    "Funding",
    "Indicator",
    "IndicatorDimension",
    "Membership",
    "Objective",
    "Plan",
    "PlanLevel",
    "Target",
]
