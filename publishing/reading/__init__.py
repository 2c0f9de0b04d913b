"""Reading a snapshot: small typed objects instead of tables."""

from publishing.reading.basic import Amount, Quarter, Text
from publishing.reading.cycle import parse_issue, parse_snapshot
from publishing.reading.official import (
    ActionReport,
    Assessment,
    Issue,
    Line,
    Observation,
    Rating,
    Report,
)
from publishing.reading.plan import Action, Indicator, Institution, Objective
from publishing.reading.structure import Parts, parse_structure

__all__ = [
    "Action",
    "ActionReport",
    "Amount",
    "Assessment",
    "Indicator",
    "Institution",
    "Issue",
    "Line",
    "Objective",
    "Observation",
    "Parts",
    "Quarter",
    "Rating",
    "Report",
    "Text",
    "parse_issue",
    "parse_snapshot",
    "parse_structure",
]
