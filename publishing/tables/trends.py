"""Indicators with a small line each: to look where a list of figures would have to be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from common.tables import TableColumn
from publishing.pictures import trend_of
from publishing.tables.lists import IndicatorTable, page


def _with_trend() -> Sequence[TableColumn]:
    """The columns of the list, the line between the figures and the status."""
    columns = list(IndicatorTable.columns)
    place = next(n for n, column in enumerate(columns) if column.on_page and column.in_export)
    return (*columns[:place], page(_("Trend"), trend_of), *columns[place:])


@dataclass
class TrendTable(IndicatorTable):
    """Indicators with where they stand and how they came there."""

    columns: ClassVar[Sequence[TableColumn]] = _with_trend()
