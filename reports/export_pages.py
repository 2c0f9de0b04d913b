"""What the page of one export says: how far it is, what was asked, whether the file is hers."""

import json
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from common.numbers import show_decimal
from common.templatetags.ui import moment
from reports.choices import ExportState
from reports.consolidated.asked import Asked, in_words, read
from reports.consolidated.keeping import path_of
from reports.consolidated.rights import is_still_hers
from reports.forms.consolidated import initial_from
from reports.models import ExportJob


@dataclass(frozen=True)
class ExportPage:
    """One export as the person who asked for it sees it now."""

    job: ExportJob
    user: User

    @cached_property
    def asked(self) -> Asked:
        return read(self.job.plan, json.loads(self.job.asked))

    @property
    def is_unfinished(self) -> bool:
        return self.job.stands.is_unfinished

    @property
    def is_waiting(self) -> bool:
        return self.job.stands is ExportState.WAITING

    @property
    def is_failed(self) -> bool:
        return self.job.stands is ExportState.FAILED

    @property
    def is_done(self) -> bool:
        return self.job.stands is ExportState.DONE

    @cached_property
    def is_gone(self) -> bool:
        """Whether its time is over, or somebody removed the file."""
        return self.is_done and (self.job.is_expired or not path_of(self.job).exists())

    @cached_property
    def is_other(self) -> bool:
        """Whether the person may read other things now than when the file was made."""
        return self.is_done and not is_still_hers(self.job, self.user)

    @property
    def is_ready(self) -> bool:
        return self.is_done and not self.is_gone and not self.is_other

    @property
    def again_url(self) -> str:
        """The form with the same question."""
        return reverse("quarters_data") + "?" + urlencode(initial_from(self.asked), doseq=True)

    @property
    def how_far(self) -> str:
        """Rows written, of those expected; nothing before anything is known."""
        if not self.job.total:
            return ""
        told = {"done": show_decimal(self.job.done), "total": show_decimal(self.job.total)}
        return _("%(done)s of %(total)s rows") % told

    @property
    def entries(self) -> list[tuple[str, str]]:
        """What was asked, and of a finished file what it is."""
        asked = [*in_words(self.asked), (_("File"), str(self.asked.kind.label))]
        asked.append((_("Asked on"), moment(self.job.asked_at)))
        return [*asked, *(self._file() if self.is_done else [])]

    def _file(self) -> list[tuple[str, str]]:
        job = self.job
        return [
            (_("Name"), job.filename),
            (_("Rows"), show_decimal(job.done)),
            (_("Size"), filesizeformat(job.size)),
            ("SHA-256", job.sha256),
            (_("Can be downloaded until"), moment(job.expires_at)),
        ]
