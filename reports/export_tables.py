"""The exports of one person, as a table."""

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.tables import Table, TableColumn
from reports.choices import ExportState
from reports.models import ExportJob


def _url(job: ExportJob) -> str:
    return reverse("export", args=[job.key])


def _name(job: ExportJob) -> str:
    return job.filename or gettext("Export of %(plan)s") % {"plan": job.plan.code}


def _size(job: ExportJob) -> str:
    return filesizeformat(job.size) if job.stands is ExportState.DONE else ""


def _until(job: ExportJob) -> object:
    return gettext("Expired") if job.is_expired else job.expires_at


class ExportsTable(Table):
    """The newest first, as they were asked for."""

    title = _("My exports")
    empty_title = _("No export yet")
    empty_text = _("What you ask for is listed here until its time is over.")
    can_export = False
    columns = (
        TableColumn(_("File"), _name, link=_url),
        TableColumn(_("State"), "stands"),
        TableColumn(_("Asked on"), "asked_at", "datetime"),
        TableColumn(_("Size"), _size),
        TableColumn(_("Can be downloaded until"), _until, "datetime"),
    )
