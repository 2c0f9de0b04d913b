"""Imports of earlier figures and the figures themselves, as tables."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.cells import Value
from common.tables import Table, TableColumn
from indicators.cells import cells_of
from reports.history.preview import cell_label
from reports.history.spans import Span
from reports.models import HistoricValue, ImportBatch


def _batch_url(batch: ImportBatch) -> str:
    return reverse("history_batch", args=[batch.pk])


class BatchTable(Table):
    """Every table that was sent, newest first."""

    title = _("Imports of earlier figures")
    empty_title = _("No table was sent yet")
    empty_text = _("Choose a file above. You see what would happen before anything is stored.")
    columns = (
        TableColumn(_("File"), "name", link=_batch_url, sort="name"),
        TableColumn(_("Plan"), "plan.code", sort="plan__code"),
        TableColumn(_("State"), "standing", sort="state"),
        TableColumn(_("Rows"), "rows", "integer"),
        TableColumn(_("Sent"), "at", "datetime", sort="at"),
        TableColumn(_("By"), "by"),
    )


def _period(row: HistoricValue) -> str:
    return str(Span(row.starts_on, row.ends_on))


def _part(row: HistoricValue) -> str:
    known = {cell.key: cell.label for cell in cells_of(row.indicator)}
    return known.get(row.cell) or cell_label(row.indicator, row.cell)


def _plain(row: HistoricValue) -> Value:
    return None if row.is_share or row.indicator.is_share else row.value


def _percent(row: HistoricValue) -> Value:
    return row.value if row.is_share or row.indicator.is_share else None


class FiguresTable(Table):
    """Earlier figures, each with its source."""

    title = _("Earlier figures")
    caption = _("Figures")
    empty_title = _("No figure")
    empty_text = _("Nothing was stored.")
    columns = (
        TableColumn(_("Row"), "row", "integer", sort="row"),
        TableColumn(_("Indicator"), "indicator.code", sort="indicator__code"),
        TableColumn(_("Title"), "indicator.title", on_page=False, width=40),
        TableColumn(_("Period"), _period, sort="starts_on"),
        TableColumn(_("Part"), _part, width=24),
        TableColumn(_("Institution"), lambda row: row.institution.code if row.institution else ""),
        TableColumn(_("Value"), _plain, "number"),
        TableColumn(_("Numerator"), "numerator", "number"),
        TableColumn(_("Denominator"), "denominator", "number"),
        TableColumn(_("Percent"), _percent, "percent"),
        TableColumn(_("In force"), "in_force"),
        TableColumn(_("Source"), "source", on_page=False, width=40),
        TableColumn(_("Note"), "note", on_page=False, width=40),
    )


def figures_of(batches: Iterable[ImportBatch]) -> "FiguresTable":
    """The figures of some imports. Queries: a few, whatever the number of rows."""
    rows = HistoricValue.objects.filter(batch__in=batches).order_by("batch", "row", "pk")
    named = rows.select_related("indicator", "institution")
    return FiguresTable(named.prefetch_related("indicator__splits__dimension__categories"))
