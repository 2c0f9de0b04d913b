"""The lights of a quarter as tables: the rows of the page are the rows of the file."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.tables import Table, TableColumn
from reports.lights import Light


def _official(row: Light) -> str:
    """How much of the quarter stands behind the computed status."""
    if row.computed.status is None:
        return gettext("not yours to read: others report on it too")
    told = {"official": row.computed.official, "owed": row.computed.owed}
    return gettext("%(official)d of %(owed)d reports validated") % told


def _marks(row: Light) -> str:
    return ", ".join(str(mark.label) for mark in row.computed.cautions)


def _replied(row: Light) -> Any:
    return row.reply.saved_at if row.reply else None


LIGHTS = (
    TableColumn(_("Indicator"), "indicator.code"),
    TableColumn(_("Title"), "indicator.title"),
    TableColumn(_("Objective"), "indicator.objective.code"),
    TableColumn(_("Institution code"), "report.institution.code"),
    TableColumn(_("Institution"), "report.institution"),
    TableColumn(_("State of the report"), "report.state"),
    TableColumn(_("Computed"), "computed.status"),
    TableColumn(_("Marks"), _marks),
    TableColumn(_("Stands on"), _official),
    TableColumn(_("Ministry"), "ministry"),
    TableColumn(_("The ministry’s reason"), "rated.ministry_reason"),
    TableColumn(_("Coalition"), "coalition"),
    TableColumn(_("The coalition’s reason"), "rated.coalition_reason"),
    TableColumn(_("What differs"), "differ_in_words"),
    TableColumn(_("Reply of the ministry"), "rated.reply_text"),
    TableColumn(_("Replied on"), _replied, "date"),
)


class LightsTable(Table):
    """A row for each indicator and report."""

    title = _("Three lights")
    columns = LIGHTS
    page_size = 10_000


class DifferencesTable(Table):
    """A row for each indicator and report in which lights differ."""

    title = _("Differences")
    columns = LIGHTS
    page_size = 25
