"""The crosswalk for the download: one row for each item of a framework."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from common.tables import TableColumn
from indicators.choices import Status
from publishing.reading.crosswalk import Crossing
from publishing.reading.insight import action_counts, counts, statuses
from publishing.tables.lists import PlanTable, file
from reports.choices import ActionStatus


def _codes(rows: Iterable[Any]) -> str:
    return ", ".join(row.code for row in rows)


def _of_status(status: Status) -> Callable[[Crossing], int]:
    return lambda row: dict(counts(statuses(row.indicators)))[status]


def _of_action(status: ActionStatus) -> Callable[[Crossing], int]:
    return lambda row: dict(action_counts(row.actions))[status]


@dataclass
class CrosswalkTable(PlanTable):
    """Items of the frameworks with what the plan does about each, and how far it is."""

    title = _("Frameworks")
    empty_title = _("No item fits")
    empty_text = _("Clear the filter to see all items of the frameworks the plan answers to.")
    page_size = 40
    columns: ClassVar[Sequence[TableColumn]] = (
        file(_("Framework"), lambda r: str(r.item.framework), width=40),
        file(_("Code"), "item.own_code", width=9),
        file(_("Item"), lambda r: str(r.item.title), width=50),
        file(_("Pillar"), "item.pillar", width=18),
        file(_("In the plan"), "reach", width=26),
        file(_("Objectives"), lambda r: _codes(r.objectives), width=18),
        file(_("Indicators"), lambda r: _codes(r.indicators), width=30),
        file(_("Actions"), lambda r: _codes(r.actions), width=24),
        *(file(status.label, _of_status(status), "integer", 12) for status in Status),
        *(file(status.label, _of_action(status), "integer", 12) for status in ActionStatus),
    )
