"""Where the three lights differ, for the download; the page shows cards of the same rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from common.tables import TableColumn
from publishing.reading.lights import Lights
from publishing.tables.lists import PlanTable, file


def _pairs(lights: Lights) -> str:
    return ", ".join(str(pair.label) for pair in lights.pairs)


@dataclass
class LightsTable(PlanTable):
    """One row for each indicator in one institution's report in which lights differ."""

    title = _("Differences")
    empty_title = _("No difference fits")
    empty_text = _("The three views agree here, or the filter leaves nothing over.")
    page_size = 30
    columns: ClassVar[Sequence[TableColumn]] = (
        file(_("Code"), "indicator.code", width=9),
        file(_("Indicator"), lambda r: str(r.indicator.title), width=48),
        file(_("Objective"), "indicator.objective.code", width=10),
        file(_("Institution"), lambda r: str(r.line.institution), width=30),
        file(_("Quarter"), lambda r: str(r.line.quarter), width=10),
        file(_("Computed, national"), "computed", width=16),
        file(_("Ministry"), "line.ministry.value", width=14),
        file(_("Reason of the ministry"), "line.ministry.reason", width=44),
        file(_("Coalition"), "line.coalition.value", width=14),
        file(_("Reason of the coalition"), "line.coalition.reason", width=44),
        file(_("Reply of the ministry"), "line.reply.text", width=44),
        file(_("They differ"), _pairs, width=30),
    )
