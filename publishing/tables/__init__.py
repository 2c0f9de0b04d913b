"""The tables of the public pages."""

from publishing.tables.comparing import ChangedActionTable, ChangeTable
from publishing.tables.crosswalk import CrosswalkTable
from publishing.tables.lights import LightsTable
from publishing.tables.lists import (
    ActionTable,
    GapTable,
    IndicatorTable,
    InstitutionTable,
    PlanTable,
    StructureTable,
)
from publishing.tables.register import RegisterTable
from publishing.tables.trends import TrendTable

__all__ = [
    "ActionTable",
    "ChangeTable",
    "ChangedActionTable",
    "CrosswalkTable",
    "GapTable",
    "IndicatorTable",
    "InstitutionTable",
    "LightsTable",
    "PlanTable",
    "RegisterTable",
    "StructureTable",
    "TrendTable",
]
