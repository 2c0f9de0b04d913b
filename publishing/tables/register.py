"""The data-gap register as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.tables import TableColumn
from publishing.reading.register import Hole
from publishing.tables.lists import PlanTable, file, page


def _since(hole: Hole) -> str:
    """The quarter, and how many in a row where it is not the first."""
    told = {"quarter": hole.quarter, "number": hole.running}
    if hole.running and hole.running > 1:
        return gettext("%(quarter)s, %(number)s in a row") % told
    return str(hole.quarter or "")


@dataclass
class RegisterTable(PlanTable):
    """What is missing, of whom, since when and why."""

    title = _("Missing figures")
    empty_title = _("No gap fits")
    empty_text = _("Nothing is missing here, or the filter leaves nothing over.")
    page_size = 100
    columns: ClassVar[Sequence[TableColumn]] = (
        page(_("Indicator"), lambda h: f"{h.indicator.code} {h.indicator.title}"),
        file(_("Code"), "indicator.code", width=9),
        file(_("Indicator"), lambda h: str(h.indicator.title), width=48),
        file(_("Objective"), "indicator.objective.code", width=10),
        TableColumn(_("Institution"), lambda h: str(h.institution or ""), width=30),
        page(_("Quarter"), _since),
        file(_("Quarter"), lambda h: str(h.quarter or ""), width=10),
        TableColumn(_("What is missing"), "kind", width=24),
        file(_("Quarters in a row"), "running", "integer", 10),
        TableColumn(_("Reason"), "reason", width=60),
    )

    def __post_init__(self) -> None:
        name, *others = self.columns
        name = self.linked(name, "indicator", lambda hole: hole.indicator.code)
        self.columns = (name, *others)  # type: ignore[misc]
