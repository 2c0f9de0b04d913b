"""The quarterly cycle."""

from reports.models.assessment import Assessment
from reports.models.content import (
    ActionProgress,
    Evidence,
    Line,
    Narrative,
    Observation,
    Rating,
    SourceMoney,
)
from reports.models.cycle import Performed, Period, Report, Revision
from reports.models.exchange import Upload
from reports.models.exports import ExportJob
from reports.models.history import HistoricValue, ImportBatch, ImportMapping
from reports.models.review import LightReply, Remark, Review

__all__ = [
    "ActionProgress",
    "Assessment",
    "Evidence",
    "ExportJob",
    "HistoricValue",
    "ImportBatch",
    "ImportMapping",
    "LightReply",
    "Line",
    "Narrative",
    "Observation",
    "Performed",
    "Period",
    "Rating",
    "Remark",
    "Report",
    "Review",
    "Revision",
    "SourceMoney",
    "Upload",
]
