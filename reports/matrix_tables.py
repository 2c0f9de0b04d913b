"""The matrix as rows of a file: one for each institution and quarter that is shown."""

from django.utils.translation import gettext_lazy as _

from common.tables import Table, TableColumn


class MatrixTable(Table):
    """Both clocks as numbers, so that they can be counted."""

    title = _("Who owes what")
    columns = (
        TableColumn(_("Institution code"), "institution.code"),
        TableColumn(_("Institution"), "institution"),
        TableColumn(_("Quarter"), "period"),
        TableColumn(_("State"), "standing"),
        TableColumn(_("Due"), "report.due_on", "date"),
        TableColumn(_("Date of the state"), "day", "date"),
        TableColumn(_("Timing"), "timing"),
        TableColumn(_("Days late"), "days_late", "integer"),
        TableColumn(_("Days with the coalition"), "days_with_coalition", "integer"),
        TableColumn(_("Answers given"), "far.answered", "integer"),
        TableColumn(_("Answers owed"), "far.owed", "integer"),
    )
